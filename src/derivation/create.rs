//! New master keys.

use super::curve;
use super::key::MasterKey;
use crate::domain::entropy::{Entropy, EntropyFailed};
use crate::domain::key_type::KeyType;
use crate::domain::secret::SecretBytes;

/// A number is drawn again when the curve does not have it. Half of all draws are refused on Ed25519: with true randomness the
/// last one of these is never reached.
const DRAWS: usize = 512;

/// A master key of random bytes, with a random chain code. Every key of the curve is equally likely.
pub fn create(key_type: KeyType, entropy: &mut dyn Entropy) -> Result<MasterKey, EntropyFailed> {
    let chain_code = SecretBytes::try_init(|bytes| entropy.fill(bytes))?;
    let private = draw(key_type, entropy)?;
    MasterKey::of_private_key(key_type, private.reveal(), Some(chain_code)).map_err(|_| EntropyFailed)
}

/// A number from 1 to the order of the curve less 1: big-endian for ECDSA, little-endian for `EdDSA`.
fn draw(key_type: KeyType, entropy: &mut dyn Entropy) -> Result<SecretBytes<32>, EntropyFailed> {
    for _ in 0..DRAWS {
        let drawn = SecretBytes::try_init(|bytes| {
            entropy.fill(bytes)?;
            // The order of Ed25519 has 253 bits.
            if let (KeyType::Eddsa, Some(highest)) = (key_type, bytes.last_mut()) {
                *highest &= 0x1f;
            }
            Ok(())
        })?;
        // A number beyond the order is reduced on Ed25519, and then it is another one; on secp256k1 it is none.
        if curve::private_key(key_type, drawn.reveal()).is_ok_and(|kept| kept.equals(drawn.reveal())) {
            return Ok(drawn);
        }
    }
    Err(EntropyFailed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives these bytes, one after the other, the last for ever.
    struct Given(Vec<[u8; 32]>);

    impl Entropy for Given {
        fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyFailed> {
            let next = if self.0.len() > 1 { self.0.remove(0) } else { self.0[0] };
            out.copy_from_slice(&next);
            Ok(())
        }
    }

    #[test]
    fn a_number_that_the_curve_does_not_have_is_drawn_again() {
        let one = {
            let mut one = [0; 32];
            one[31] = 1;
            one
        };
        let key = create(KeyType::Ecdsa, &mut Given(vec![[7; 32], [0xff; 32], [0; 32], one])).unwrap();
        assert_eq!(key.public_key_hex(), "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
        assert_eq!(key.chain_code_hex().unwrap().reveal(), "07".repeat(32));
        // The order of Ed25519 (RFC 8032, section 5.1), little-endian, and what is one less.
        let mut order = [0; 32];
        data_encoding::HEXLOWER
            .decode_mut(b"edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", &mut order)
            .unwrap();
        let mut last = order;
        last[0] -= 1;
        last[31] |= 0xe0;
        let key = create(KeyType::Eddsa, &mut Given(vec![[7; 32], [0xff; 32], order, [0; 32], last])).unwrap();
        assert!(
            key.private_key_hex().reveal().starts_with("ecd3f55c") && key.private_key_hex().reveal().ends_with("0010")
        );
        for key_type in [KeyType::Ecdsa, KeyType::Eddsa] {
            assert!(create(key_type, &mut Given(vec![[0; 32]])).is_err());
        }
    }
}
