//! `os.urandom`: where the bytes of the items come from.
//!
//! Python asks the operating system, and so does the demo on the system clock. On the virtual
//! clock the whole output shall be the same in every run, so there the bytes come from a seed.

use rand::TryRng;
use rand::rngs::SysRng;

use crate::random::Random;

/// A source of bytes.
#[derive(Debug)]
pub enum Urandom {
    /// The operating system's, different in every run.
    System,
    /// A stream of their own: if items and sleeps drew from one stream, making an item would
    /// change every later sleep, and the schedule would not be Python's any more.
    Seeded(Box<Random>),
}

impl Urandom {
    /// The bytes that go with the sleeps of `seed`.
    ///
    /// In Python: `random.Random(2**64 + abs(seed)).randbytes(n)`. The sleeps' seeds end below
    /// 2⁶⁴, so no run's items repeat another run's sleeps.
    pub fn seeded(seed: i128) -> Urandom {
        let random = Random::seed((1 << 64) + seed.abs());
        Urandom::Seeded(Box::new(random))
    }

    /// `os.urandom(size)`
    pub fn bytes(&mut self, size: usize) -> Vec<u8> {
        let mut bytes = vec![0; size];
        match self {
            Urandom::System => {
                SysRng.try_fill_bytes(&mut bytes).expect("the operating system gives random bytes")
            }
            Urandom::Seeded(random) => random.randbytes(&mut bytes),
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeded_bytes_repeat_and_the_systems_do_not() {
        assert_eq!(Urandom::seeded(444).bytes(5), hex::decode("351a94850c").unwrap());
        assert_eq!(Urandom::seeded(-444).bytes(5), Urandom::seeded(444).bytes(5));
        assert_ne!(Urandom::seeded(445).bytes(5), Urandom::seeded(444).bytes(5));
        assert_ne!(Urandom::System.bytes(16), Urandom::System.bytes(16));
    }
}
