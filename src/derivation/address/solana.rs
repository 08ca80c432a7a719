//! Solana: the public key itself, in base58.

pub fn address(key: &[u8; 32]) -> String {
    bs58::encode(key).into_string()
}
