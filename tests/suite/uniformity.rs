//! What is drawn at random is spread evenly: words of phrases, bytes of shares, and coefficients, among them zero.
//!
//! Each chi-square value is compared with a bound that an even source exceeds with a probability below 1e-9. The bound for k - 1 degrees
//! of freedom is Laurent and Massart's: P(X >= d + 2 sqrt(d t) + 2 t) <= exp(-t), with exp(-t) = 1e-9, t = 20.723.

use conclave::crypto::sharing::split;
use conclave::domain::entropy::{Entropy, EntropyFailed};
use conclave::domain::phrase::Phrase;
use conclave::domain::secret::SecretBytes;
use conclave::machine::entropy::OsEntropy;

use crate::support::*;

/// -ln(1e-9)
const T: f64 = 20.723;

#[derive(Clone)]
struct Counts(Vec<u64>);

impl Counts {
    fn of(kinds: usize) -> Self {
        Self(vec![0; kinds])
    }

    fn take(&mut self, kind: usize) {
        self.0[kind] += 1;
    }

    #[allow(clippy::cast_precision_loss)]
    fn chi_square(&self) -> f64 {
        let expected = self.0.iter().sum::<u64>() as f64 / self.0.len() as f64;
        self.0.iter().map(|count| (*count as f64 - expected).powi(2) / expected).sum()
    }

    #[allow(clippy::cast_precision_loss)]
    fn bound(&self) -> f64 {
        let degrees = self.0.len() as f64 - 1.0;
        degrees + 2.0 * (degrees * T).sqrt() + 2.0 * T
    }

    fn is_even(&self) -> bool {
        self.chi_square() < self.bound()
    }

    #[track_caller]
    fn are_even(&self, what: &str) {
        assert!(self.is_even(), "{what}: chi-square {} is not below {}", self.chi_square(), self.bound());
    }
}

/// Random bytes of the operating system, many at a time.
struct Buffered {
    bytes: Vec<u8>,
}

impl Entropy for Buffered {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyFailed> {
        if self.bytes.len() < out.len() {
            self.bytes = vec![0; 1 << 16];
            OsEntropy.fill(&mut self.bytes)?;
        }
        let rest = self.bytes.split_off(self.bytes.len() - out.len());
        out.copy_from_slice(&rest);
        Ok(())
    }
}

#[test]
fn words_of_new_phrases_are_spread_evenly_at_every_place() {
    let mut random = Buffered { bytes: Vec::new() };
    let mut all = Counts::of(2048);
    // 64 groups of the list at each place: the last word carries the checksum, and is spread evenly too.
    let mut places = vec![Counts::of(64); 12];
    for _ in 0..cases(4_000_000) {
        let phrase = Phrase::generate(ENGLISH, &mut random).unwrap();
        for (place, word) in phrase.reveal_words().into_iter().enumerate() {
            // The list is sorted.
            let position = ENGLISH.language.words().binary_search(&word).unwrap();
            all.take(position);
            places[place].take(position / 32);
        }
    }
    all.are_even("words");
    for (place, counts) in places.iter().enumerate() {
        counts.are_even(&format!("groups of words at place {}", place + 1));
    }
}

#[test]
fn bytes_of_shares_are_spread_evenly_and_no_coefficient_is_left_out() {
    let mut random = Buffered { bytes: Vec::new() };
    // All bytes of the secret are the same, so that only the coefficients are random.
    let secret = SecretBytes::<32>::copy_of(&[0x5A; 32]).unwrap();
    let mut shares = vec![Counts::of(256); 3];
    for _ in 0..cases(400_000) {
        for (index, share) in split(&secret, 2, 3, &mut random).unwrap().iter().enumerate() {
            for byte in share.value.reveal() {
                shares[index].take(usize::from(*byte));
            }
        }
    }
    for (index, counts) in shares.iter().enumerate() {
        counts.are_even(&format!("bytes of share {}", index + 1));
        // With a threshold of 2 a share is the secret itself exactly where the coefficient is zero: for 1 byte of 256.
        let (zero, all) = (counts.0[0x5A], counts.0.iter().sum::<u64>());
        assert!(zero > all / 512 && zero < all / 128, "coefficient 0: {zero} of {all}");
    }
}

#[test]
fn what_is_not_spread_evenly_is_noticed() {
    let mut random = Seeded::new("uneven");
    let mut without_zero = Counts::of(256);
    let mut even = Counts::of(256);
    for _ in 0..320_000 {
        without_zero.take(1 + random.below(255));
        even.take(random.below(256));
    }
    assert!(even.is_even());
    assert!(!without_zero.is_even(), "one value of 256 is left out");
    let mut modulo = Counts::of(2048);
    for _ in 0..400_000 {
        // A generator of 12,000 values taken modulo 2,048: the first words come a little oftener.
        modulo.take(random.below(12_000) % 2048);
    }
    assert!(!modulo.is_even());
}
