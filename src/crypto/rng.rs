//! Lends an injected entropy source to libraries that want a generator which cannot fail.

use std::convert::Infallible;

use hpke::rand_core::{TryCryptoRng, TryRng};

use crate::domain::entropy::{Entropy, EntropyFailed};

/// Remembers that the source failed: what was made meanwhile must be thrown away. So always end with [`Latched::check`].
pub struct Latched<'a> {
    source: &'a mut dyn Entropy,
    failed: bool,
}

impl<'a> Latched<'a> {
    pub fn new(source: &'a mut dyn Entropy) -> Self {
        Self { source, failed: false }
    }

    pub fn check(self) -> Result<(), EntropyFailed> {
        if self.failed { Err(EntropyFailed) } else { Ok(()) }
    }
}

impl TryRng for Latched<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.failed |= self.source.fill(out).is_err();
        Ok(())
    }
}

impl TryCryptoRng for Latched<'_> {}
