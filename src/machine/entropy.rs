//! Random bytes from the operating system.

use crate::domain::entropy::{Entropy, EntropyFailed};

/// getrandom(2) and its like; never a generator of our own.
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyFailed> {
        getrandom::fill(out).map_err(|_| EntropyFailed)
    }
}
