//! Cosmos chains: bech32 of the digest of the compressed key (ADR-028, secp256k1).

use bech32::{Bech32, Hrp};

use super::hash160;
use crate::derivation::public_key::PublicKey;
use crate::domain::chain::CosmosPrefix;

/// `None` when bech32 cannot hold the prefix.
pub fn address(prefix: &CosmosPrefix, key: &PublicKey) -> Option<String> {
    bech32::encode::<Bech32>(Hrp::parse(prefix.as_str()).ok()?, &hash160(&key.bytes())).ok()
}

/// Some chains take Ethereum's digest of the key for new accounts, so that another address is no fault.
pub fn obstacle(prefix: &CosmosPrefix) -> Option<String> {
    let because = || {
        format!(
            "accounts of {} are usually made as Ethereum makes them, which is not known to this program",
            prefix.as_str()
        )
    };
    prefix.has_ethereum_keys().then(because)
}
