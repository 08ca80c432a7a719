//! From a phrase to a key: Argon2id (RFC 9106), bounded before any memory is reserved.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::domain::encoding::{Hex, words};
use crate::domain::secret::SecretBytes;

/// The Argon2id numbers of a core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KdfNumbers {
    pub lanes: u64,
    pub memory_kib: u64,
    pub name: KdfName,
    pub passes: u64,
    /// One for all shareholders of a backup.
    pub salt: Hex<32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KdfName {
    Argon2id,
}

words!(KdfName: "argon2id", Argon2id = "argon2id");

/// What new backups cost: memory in KiB, passes, lanes.
pub const STANDARD: (u64, u64, u64) = (256 * 1024, 3, 4);
/// The least that is accepted.
pub const FLOOR: (u64, u64, u64) = (19 * 1024, 1, 1);
const CEILING_MEMORY_KIB: u64 = 1024 * 1024;
const CEILING_PASSES: u64 = 10;
const CEILING_LANES: u64 = 8;
/// Weaker production backups get a red note.
const ADVISED_MEMORY_KIB: u64 = 64 * 1024;
const ADVISED_PASSES: u64 = 3;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KdfError {
    #[error(
        "the file asks for a key derivation outside the limits: {number} is {value}, allowed are {least} to {most}"
    )]
    OutOfBounds { number: &'static str, value: u64, least: u64, most: u64 },
    #[error(
        "this machine has {available_mib} MiB of free memory; the derivation of this backup takes {needed_mib} MiB, and at most 60 % of what is free is used"
    )]
    TooLittleMemory { needed_mib: u64, available_mib: u64 },
    #[error("the machine did not give the {needed_mib} MiB of memory that the derivation of this backup takes")]
    MemoryRefused { needed_mib: u64 },
}

impl KdfNumbers {
    pub fn new((memory_kib, passes, lanes): (u64, u64, u64), salt: Hex<32>) -> Self {
        Self { lanes, memory_kib, name: KdfName::Argon2id, passes, salt }
    }

    /// Whether this version derives with such numbers at all, on any machine.
    pub fn check_bounds(&self) -> Result<(), KdfError> {
        let within = |number, value, least, most| {
            if (least..=most).contains(&value) {
                Ok(())
            } else {
                Err(KdfError::OutOfBounds { number, value, least, most })
            }
        };
        within("passes", self.passes, FLOOR.1, CEILING_PASSES)?;
        within("lanes", self.lanes, FLOOR.2, CEILING_LANES)?;
        within("memory_kib", self.memory_kib, FLOOR.0.max(8 * self.lanes), CEILING_MEMORY_KIB)
    }

    /// Whether one derivation takes more memory or more work than that of new backups. Lanes are computed one after the other.
    pub fn is_above_standard(&self) -> bool {
        let (memory_kib, passes, _) = STANDARD;
        self.memory_kib > memory_kib || self.memory_kib.saturating_mul(self.passes) > memory_kib * passes
    }

    /// Below what is advised for something that protects secrets.
    pub fn is_weak(&self) -> bool {
        self.memory_kib < ADVISED_MEMORY_KIB || self.passes < ADVISED_PASSES
    }
}

/// Derives keys. Injected, so that tests of everything else need not wait.
pub trait Kdf {
    /// 32 bytes from `secret` and the numbers. Checks the bounds first.
    fn derive(&self, secret: &[u8], numbers: &KdfNumbers) -> Result<SecretBytes<32>, KdfError>;
}

/// The real one. Lanes are computed one after the other: the feature `parallel` of the crate would bring a pool of threads.
pub struct Argon2id {
    /// Bytes of memory that the machine has free.
    pub available_memory: u64,
}

impl Kdf for Argon2id {
    fn derive(&self, secret: &[u8], numbers: &KdfNumbers) -> Result<SecretBytes<32>, KdfError> {
        numbers.check_bounds()?;
        let needed_mib = numbers.memory_kib.div_ceil(1024);
        if numbers.memory_kib > self.available_memory / 1024 / 10 * 6 {
            return Err(KdfError::TooLittleMemory { needed_mib, available_mib: self.available_memory / 1024 / 1024 });
        }
        let refused = || KdfError::MemoryRefused { needed_mib };
        let number = |value: u64| u32::try_from(value).map_err(|_| refused());
        let parameters =
            Params::new(number(numbers.memory_kib)?, number(numbers.passes)?, number(numbers.lanes)?, Some(32))
                .map_err(|_| refused())?;
        let mut memory = Arena::reserve(parameters.block_count()).ok_or_else(refused)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
        SecretBytes::try_init(|key| {
            argon2
                .hash_password_into_with_memory(secret, &numbers.salt.0, key, memory.0.as_mut_slice())
                .map_err(|_| refused())
        })
    }
}

/// Memory for one derivation: reserved so that a refusal is an error and not an abort, wiped on drop.
struct Arena(Vec<Block>);

impl Arena {
    fn reserve(blocks: usize) -> Option<Self> {
        let mut memory = Vec::new();
        memory.try_reserve_exact(blocks).ok()?;
        memory.resize(blocks, Block::new());
        Some(Self(memory))
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(Block::zeroize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;

    fn numbers(memory_kib: u64, passes: u64, lanes: u64) -> KdfNumbers {
        KdfNumbers::new((memory_kib, passes, lanes), Hex([7; 32]))
    }

    #[test]
    fn the_derivation_is_argon2id() {
        // printf 'sixteen bytes ..' | argon2 "$(printf '\007%.0s' $(seq 32))" -id -v 13 -k 19456 -t 2 -p 3 -l 32 -r
        let machine = Argon2id { available_memory: 1 << 30 };
        let key = machine.derive(b"sixteen bytes ..", &numbers(19456, 2, 3)).unwrap();
        assert_eq!(HEXLOWER.encode(key.reveal()), "a415ad3658bf2f8b0e5ef6ef855008ac50c4f58219a03d1460d1a1b65ffd9046");
    }

    #[test]
    fn every_number_outside_the_limits_is_refused_before_memory_is_reserved() {
        let most = u64::from(u32::MAX);
        for memory in [0, 7, 19455, 19456, 1_048_576, 1_048_577, most, u64::MAX] {
            for passes in [0, 1, 10, 11, most, u64::MAX] {
                for lanes in [0, 1, 8, 9, most, u64::MAX] {
                    let allowed =
                        (19456..=1_048_576).contains(&memory) && (1..=10).contains(&passes) && (1..=8).contains(&lanes);
                    let checked = numbers(memory, passes, lanes).check_bounds();
                    assert_eq!(checked.is_ok(), allowed, "{memory} {passes} {lanes}");
                    if !allowed {
                        let derived =
                            Argon2id { available_memory: u64::MAX }.derive(b"", &numbers(memory, passes, lanes));
                        assert_eq!(derived.unwrap_err(), checked.unwrap_err());
                    }
                }
            }
        }
    }

    #[test]
    fn a_derivation_takes_at_most_60_percent_of_the_free_memory() {
        let with = |available_memory| Argon2id { available_memory }.derive(b"x", &numbers(19456, 1, 1)).map(|_| ());
        assert_eq!(with(19 << 20), Err(KdfError::TooLittleMemory { needed_mib: 19, available_mib: 19 }));
        assert_eq!(with(32 << 20), Ok(()));
    }
}
