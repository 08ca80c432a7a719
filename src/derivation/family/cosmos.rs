//! Cosmos chains: bech32 of the digest of the compressed key (ADR-028, secp256k1).

use bech32::{Bech32, Hrp};

use super::{ChildKey, Form, MISTYPED, NO_ADDRESS, PublicKey, Wallets, bech, form, hash160, one, with_0x};
use crate::domain::chain::CosmosPrefix;
use crate::domain::import_form::ImportForm;

impl Wallets for CosmosPrefix {
    /// Empty, too, when bech32 cannot hold the prefix.
    fn forms(&self, key: &PublicKey, _recorded: Option<&str>) -> Vec<Form> {
        let (PublicKey::Secp256k1 { .. }, Ok(hrp)) = (key, Hrp::parse(self.as_str())) else { return Vec::new() };
        let address = bech32::encode::<Bech32>(hrp, &hash160(&key.bytes()));
        address.map_or_else(|_| Vec::new(), |address| one("Cosmos address", address))
    }

    fn is_same(&self, recorded: &str, derived: &str) -> bool {
        bech::is_same(recorded, derived)
    }

    /// Some chains take Ethereum's digest of the key for new accounts, so that another address is no fault.
    fn obstacle(&self, _recorded: &str, _derived: &[String]) -> Option<String> {
        let because = || {
            format!(
                "accounts of {} are usually made as Ethereum makes them, which is not known to this program",
                self.as_str()
            )
        };
        self.has_ethereum_keys().then(because)
    }

    fn mistake(&self, typed: &str) -> Option<&'static str> {
        match bech32::decode(typed) {
            Ok((hrp, _)) if hrp.to_lowercase() == self.as_str() => None,
            Ok(_) => Some(NO_ADDRESS),
            Err(_) => Some(MISTYPED),
        }
    }

    fn imports(&self, key: &ChildKey, _form: Option<&'static str>) -> Vec<ImportForm> {
        vec![
            form(
                "Hexadecimal",
                key.private_key_hex(),
                "Keplr: Import an existing wallet, private key. Command line: keys import-hex NAME KEY --key-type secp256k1.",
            ),
            form("Hexadecimal, 0x", with_0x(key), "The same for programs that want 0x before it."),
        ]
    }
}
