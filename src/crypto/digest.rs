//! Digests of sections: they find accidents, and anybody can recompute them (`docs/format.md`, section 4).

use std::io;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::domain::canonical;
use crate::domain::encoding::Hex;

/// SHA-256("conclave/v1/digest/" || name || 00 || canonical(value))
pub fn digest(name: &str, value: &impl Serialize) -> Hex<32> {
    let mut hash = HashWriter(Sha256::new_with_prefix(format!("conclave/v1/digest/{name}\0")));
    let written = canonical::write(value, &mut hash);
    debug_assert!(written.is_ok(), "hashing does not fail");
    Hex(hash.0.finalize().into())
}

struct HashWriter(Sha256);

impl io::Write for HashWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
