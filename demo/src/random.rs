//! Python's `random`: `seed(int)`, `randint` and `randbytes`, number for number.
//!
//! The founding program draws its sleeps from `random.seed(444)`. To sleep as long as it does
//! in Python, the same generator (MT19937, from the crate `rand_mt`) is not enough: the way from
//! a seed to its state, and from its 32-bit words to a number between `a` and `b`, must be
//! CPython's too. Both stand here. In CPython: `random_seed` and `getrandbits` in
//! `Modules/_randommodule.c`, `_randbelow_with_getrandbits` in `Lib/random.py`.

use rand_mt::Mt;

/// `random.Random`: one stream of numbers, decided by its seed.
#[derive(Debug)]
pub struct Random {
    twister: Mt,
}

impl Random {
    /// `random.seed(seed)`. The sign is dropped, as in Python: -444 and 444 are the same seed.
    pub fn seed(seed: i128) -> Random {
        let key = words(seed.unsigned_abs());
        Random { twister: Mt::new_with_key(key) }
    }

    /// `random.randint(low, high)`: both ends are possible.
    ///
    /// # Panics
    /// If `low` is above `high`, or if the range holds all 2³² values.
    pub fn randint(&mut self, low: u32, high: u32) -> u32 {
        assert!(low <= high, "randint: the range is empty");
        let range =
            (high - low).checked_add(1).expect("randint: the range holds fewer than 2^32 values");
        low + self.randbelow(range)
    }

    /// `random.randbytes(n)`: Python draws one number of `8 * n` bits and writes it in
    /// little-endian order.
    pub fn randbytes(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(4) {
            let word = self.getrandbits(8 * chunk.len() as u32);
            chunk.copy_from_slice(&word.to_le_bytes()[..chunk.len()]);
        }
    }

    /// A number below `range`, without the bias of a remainder: what does not fit is thrown
    /// away. How many words are thrown away decides what every later call returns, so this must
    /// be done as CPython does it. (It takes the bits of `range` itself, not of `range - 1`.)
    fn randbelow(&mut self, range: u32) -> u32 {
        let bits = u32::BITS - range.leading_zeros();
        loop {
            let number = self.getrandbits(bits);
            if number < range {
                return number;
            }
        }
    }

    /// The upper `bits` bits of the next word; 1 to 32.
    fn getrandbits(&mut self, bits: u32) -> u32 {
        self.twister.next_u32() >> (u32::BITS - bits)
    }
}

/// The seed as CPython hands it to `init_by_array`: 32-bit words, the lowest first, no leading
/// zeros, and one word for 0.
fn words(mut seed: u128) -> Vec<u32> {
    let mut words = vec![seed as u32];
    seed >>= 32;
    while seed != 0 {
        words.push(seed as u32);
        seed >>= 32;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Printed by CPython 3.11: `random.seed(seed); [random.randint(0, 10) for _ in range(16)]`.
    /// The seeds lie on both sides of where the key gets one word longer.
    const CPYTHON: [(i128, [u32; 16]); 12] = [
        (0, [6, 6, 0, 4, 8, 7, 6, 4, 7, 5, 9, 3, 8, 2, 4, 2]),
        (1, [2, 9, 1, 4, 1, 7, 7, 7, 10, 6, 3, 1, 7, 0, 6, 6]),
        (-1, [2, 9, 1, 4, 1, 7, 7, 7, 10, 6, 3, 1, 7, 0, 6, 6]),
        (-444, [4, 4, 0, 4, 7, 4, 4, 8, 10, 7, 8, 4, 7, 1, 6, 9]),
        (u32::MAX as i128, [10, 9, 3, 3, 9, 8, 4, 9, 5, 6, 10, 4, 5, 7, 6, 1]),
        (1 << 32, [1, 5, 6, 0, 0, 9, 5, 8, 7, 0, 2, 1, 6, 8, 5, 5]),
        ((1 << 32) + 5, [2, 7, 4, 9, 0, 5, 10, 2, 10, 7, 5, 3, 5, 10, 10, 3]),
        (-(1 << 40), [1, 5, 10, 1, 6, 0, 6, 6, 10, 8, 1, 10, 6, 8, 5, 6]),
        (1 << 63, [8, 6, 3, 3, 8, 1, 5, 5, 8, 4, 7, 10, 10, 3, 3, 0]),
        (u64::MAX as i128, [0, 3, 5, 9, 3, 7, 9, 1, 5, 0, 3, 8, 7, 10, 1, 5]),
        (1 << 64, [5, 1, 7, 9, 2, 9, 8, 1, 6, 5, 9, 0, 7, 3, 4, 3]),
        ((1 << 70) + 5, [7, 6, 7, 10, 5, 5, 5, 0, 9, 8, 6, 1, 8, 1, 1, 6]),
    ];

    #[test]
    fn sleeps_of_the_founding_program() {
        let mut random = Random::seed(444);
        let drawn: Vec<u32> = (0..50).map(|_| random.randint(0, 10)).collect();
        let cpython = [
            4, 4, 0, 4, 7, 4, 4, 8, 10, 7, 8, 4, 7, 1, 6, 9, 3, 9, 7, 10, 0, 1, 0, 1, 9, 0, 5, 10,
            5, 8, 2, 5, 5, 0, 3, 1, 5, 6, 10, 5, 6, 4, 10, 8, 10, 10, 7, 6, 8, 3,
        ];
        assert_eq!(drawn, cpython);
    }

    #[test]
    fn seeds_of_one_to_three_words_as_in_cpython() {
        for (seed, expected) in CPYTHON {
            let mut random = Random::seed(seed);
            let drawn: [u32; 16] = std::array::from_fn(|_| random.randint(0, 10));
            assert_eq!(drawn, expected, "seed {seed}");
        }
    }

    #[test]
    fn every_width_of_range_as_in_cpython() {
        let mut random = Random::seed(444);
        let highs = [0, 1, 2, 6, 7, 99, 1000, 1 << 31, u32::MAX - 1];
        let drawn = highs.map(|high| random.randint(0, high));
        assert_eq!(drawn, [0, 1, 0, 2, 7, 35, 882, 1296359138, 3189613171]);
    }

    #[test]
    fn the_words_themselves_over_a_second_twist() {
        let mut random = Random::seed(444);
        assert_eq!(random.getrandbits(32), 1326692461);
        for _ in 1..624 {
            random.getrandbits(32);
        }
        assert_eq!(random.getrandbits(32), 1761918868);
        assert_eq!(random.getrandbits(32), 1385389839);
    }

    #[test]
    fn bytes_as_in_cpython() {
        let mut random = Random::seed((1 << 64) + 444);
        let mut item = [0; 5];
        random.randbytes(&mut item);
        assert_eq!(item, [0x35, 0x1a, 0x94, 0x85, 0x0c]);
        random.randbytes(&mut item);
        assert_eq!(item, [0xe0, 0x6a, 0xbf, 0x70, 0x7b]);
    }
}
