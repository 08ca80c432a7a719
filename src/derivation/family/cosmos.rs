//! Cosmos chains: bech32 of the digest of the compressed key (ADR-028, secp256k1), or of Ethereum's digest where a chain is a relative
//! of Ethereum as well.

use bech32::{Bech32, Hrp};

use super::{Account, ChildKey, Form, PublicKey, Unread, Usage, Wallets, Written, bech, evm, form, hash160, with_0x};
use crate::domain::chain::{AccountKeys, CosmosPrefix};
use crate::domain::import_form::ImportForm;

const COSMOS_WAY: &str = "Cosmos address";
const ETHEREUM_WAY: &str = "Cosmos address of an Ethereum key";
/// What an operator of a validator has behind the letters of the chain.
const OPERATOR: &str = "valoper";
/// What Amino writes before a compressed key on secp256k1: its type, and 33 for its length.
const AMINO_SECP256K1: [u8; 5] = [0xEB, 0x5A, 0xE9, 0x87, 33];
/// Has addresses of this kind, and programs of its own.
const HARMONY: &str = "one";

impl Wallets for CosmosPrefix {
    /// Empty, too, when bech32 cannot hold the prefix. What chains of this kind do not make stands last.
    fn forms(&self, key: &PublicKey, _like: Option<&Account>) -> Vec<Form> {
        let (PublicKey::Secp256k1 { x, y }, Ok(hrp)) = (key, Hrp::parse(self.as_str())) else { return Vec::new() };
        let form = |name, account: [u8; 20]| {
            let address = bech32::encode::<Bech32>(hrp, &account).ok()?;
            Some(Form::new(name, address, Account::of(account)))
        };
        let mut forms = vec![form(COSMOS_WAY, hash160(&key.bytes())), form(ETHEREUM_WAY, evm::account(x, y))];
        if self.account_keys() == AccountKeys::Ethereum {
            forms.reverse();
        }
        let [usual, Some(other)] = forms.as_slice() else { return forms.into_iter().flatten().collect() };
        let (made, not) = match self.account_keys() {
            AccountKeys::Cosmos => ("Ethereum", "Cosmos"),
            AccountKeys::Ethereum => ("Cosmos", "Ethereum"),
            AccountKeys::Unknown => return forms.into_iter().flatten().collect(),
        };
        let because = format!(
            "the key gives it as accounts are made on {made}, but {} makes them as {not} does, so the key may not spend it there",
            self.as_str()
        );
        usual.clone().into_iter().chain([other.clone().used(Usage::Never(because))]).collect()
    }

    fn read(&self, text: &str) -> Result<Written, Unread> {
        if let Some(bytes) = super::hexadecimal(text) {
            let account = <[u8; 20]>::try_from(bytes).map_err(|_| Unread::NoAddress)?;
            return Ok(Written::noted(account, "as Ethereum writes it"));
        }
        let (prefix, bytes) = bech::read(text)?;
        if let Some(key) = bytes.strip_prefix(&AMINO_SECP256K1).filter(|key| key.len() == 33) {
            return Ok(Written::noted(hash160(key), "public key"));
        }
        let Ok(account) = <[u8; 20]>::try_from(bytes.as_slice()) else {
            let is_long = bytes.len() == 32 && prefix == self.as_str();
            let because = "it is the address of a contract or of a group of keys, and not of one key";
            return Err(if is_long { Unread::Undecidable(because.into()) } else { Unread::NoAddress });
        };
        Ok(match prefix.strip_prefix(self.as_str()) {
            Some("") => Written::usual(account),
            Some(OPERATOR) => Written::noted(account, "of an operator"),
            _ => Written::noted(account, format!("prefix {prefix}")),
        })
    }

    fn imports(&self, key: &ChildKey, address_form: Option<&'static str>) -> Vec<ImportForm> {
        let is_ethereum = match self.account_keys() {
            AccountKeys::Cosmos => false,
            AccountKeys::Ethereum => true,
            AccountKeys::Unknown => address_form == Some(ETHEREUM_WAY),
        };
        if is_ethereum {
            let metamask = "MetaMask: Add account, Private key; it shows the same account as 0x….";
            let command = if self.as_str() == HARMONY {
                "Command line: hmy keys import-private-key KEY."
            } else {
                "Command line: keys unsafe-import-eth-key NAME KEY. With import-hex and secp256k1 it would be another account."
            };
            return vec![
                form("Hexadecimal, 0x", with_0x(key), metamask),
                form("Hexadecimal", key.private_key_hex(), command),
            ];
        }
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
