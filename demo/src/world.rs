//! What the founding program takes from outside: `random`, `os.urandom` and `print`.
//!
//! In Python these are modules and builtins, which every function can reach. Here one value
//! holds them and is passed along, so that two runs in one process (a test, a view of a run)
//! can't disturb each other's random numbers or mix their lines.

use std::cell::RefCell;
use std::fmt;

use crate::random::Random;
use crate::urandom::Urandom;

/// The three things from outside, for one run. The tasks share it as `Rc<World>`.
pub struct World {
    random: RefCell<Random>,
    urandom: RefCell<Urandom>,
    print: Box<dyn Fn(&str)>,
}

impl World {
    /// `print` is called once for each line, at the moment when Python would print it.
    pub fn new(random: Random, urandom: Urandom, print: impl Fn(&str) + 'static) -> World {
        World {
            random: RefCell::new(random),
            urandom: RefCell::new(urandom),
            print: Box::new(print),
        }
    }

    /// `random.randint(low, high)`
    pub fn randint(&self, low: u32, high: u32) -> u32 {
        self.random.borrow_mut().randint(low, high)
    }

    /// `os.urandom(size)`
    pub fn urandom(&self, size: usize) -> Vec<u8> {
        self.urandom.borrow_mut().bytes(size)
    }

    /// `print(line)`
    pub fn print(&self, line: &str) {
        (self.print)(line);
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}
