//! Keys of Bitcoin and its relatives as wallets take them: WIF alone, in a descriptor, and with the prefix of Electrum.

use super::super::{advice, form};
use super::{ChildKey, ImportForm, descriptor};
use crate::derivation::text::{SecretLine, secret_base58_check};
use crate::domain::secret::SecretText;

const SWEEP: &str = "Sparrow (Tools, Sweep private key), BlueWallet and many others sweep it to another wallet, which is the safest use. \
A WIF says nothing of the form of the address: programs that ask want the one of this vault.";
const DESCRIPTOR: &str = "Bitcoin Core, in a new wallet: importdescriptors with this text as desc and timestamp 0. It begins with the form of the vault's address and ends with its checksum (BIP-380).";
const ANY_DESCRIPTOR: &str = "Bitcoin Core, in a new wallet: importdescriptors with this text. The form of the address is not known; combo \
covers all but taproot (for that, tr instead of combo and a new checksum by getdescriptorinfo).";
const ELECTRUM: &str = "Electrum: New wallet, Import addresses or private keys; or Wallet, Private keys, Sweep.";

/// The form of addresses that are made of the uncompressed public key.
pub(super) const UNCOMPRESSED_P2PKH: &str = "P2PKH, uncompressed key";

/// How the wallets of a network take a key.
pub(super) struct Wif {
    /// The byte before a private key.
    version: u8,
    /// Where the WIF alone can be used.
    hint: &'static str,
    /// Whether its core program reads descriptors.
    has_descriptors: bool,
    electrum: Electrum,
}

/// Which program of that name the network has.
enum Electrum {
    Bitcoin,
    Litecoin,
    Nothing,
}

pub(super) const BITCOIN: Wif = Wif { version: 0x80, hint: SWEEP, has_descriptors: true, electrum: Electrum::Bitcoin };
pub(super) const TESTNET: Wif = Wif { version: 0xEF, hint: SWEEP, has_descriptors: true, electrum: Electrum::Bitcoin };
pub(super) const LITECOIN: Wif = Wif {
    version: 0xB0,
    hint: "Litecoin Core: importprivkey, with the WIF alone. Wallets of Bitcoin do not take it.",
    has_descriptors: false,
    electrum: Electrum::Litecoin,
};
pub(super) const DOGECOIN: Wif = Wif {
    version: 0x9E,
    hint: "Dogecoin Core: importprivkey, with the WIF and a name for it. Wallets of Bitcoin do not take it.",
    has_descriptors: false,
    electrum: Electrum::Nothing,
};

impl Wif {
    /// `form_name` is that of the vault's address, where it is known.
    pub(super) fn forms(&self, form_name: Option<&'static str>, key: &ChildKey) -> Vec<ImportForm> {
        let wif = written(self.version, key, form_name != Some(UNCOMPRESSED_P2PKH));
        let script = form_name.and_then(script_of);
        let mut forms = vec![form("WIF", SecretLine::new().with(wif.reveal()).finish(), self.hint)];
        if self.has_descriptors {
            let (open, close) = script.map_or(("combo(", ")"), |script| (script.open, script.close));
            let hint = if script.is_some() { DESCRIPTOR } else { ANY_DESCRIPTOR };
            let whole = SecretLine::new().with(open).with(wif.reveal()).with(close);
            forms.push(form("Descriptor", descriptor::with_checksum(whole), hint));
        }
        forms.extend(match (&self.electrum, script) {
            (Electrum::Nothing, _) => None,
            (Electrum::Litecoin, Some(script)) if script.electrum.is_empty() => {
                Some(advice("Electrum-LTC", "It knows no imported taproot keys: use Litecoin Core."))
            }
            (Electrum::Litecoin, Some(script)) => Some(form(
                "Electrum-LTC",
                electrum(&script, &wif),
                "Electrum-LTC: New wallet, Import addresses or private keys.",
            )),
            (Electrum::Bitcoin, Some(script)) if script.electrum.is_empty() => {
                Some(advice("Electrum", "It knows no imported taproot keys: use Bitcoin Core or Sparrow."))
            }
            (Electrum::Bitcoin, Some(script)) => Some(form("Electrum", electrum(&script, &wif), ELECTRUM)),
            (Electrum::Bitcoin | Electrum::Litecoin, None) => Some(advice(
                "Electrum",
                "Write p2wpkh:, p2wpkh-p2sh: or p2pkh: before the WIF, whichever gives the address that is looked for.",
            )),
        });
        forms
    }
}

/// How a form of address is written in descriptors and in Electrum.
#[derive(Clone, Copy)]
struct Script {
    open: &'static str,
    close: &'static str,
    /// Empty where there is none.
    electrum: &'static str,
}

fn script_of(form_name: &'static str) -> Option<Script> {
    Some(match form_name {
        "P2PKH" | UNCOMPRESSED_P2PKH => Script { open: "pkh(", close: ")", electrum: "p2pkh:" },
        "P2WPKH" => Script { open: "wpkh(", close: ")", electrum: "p2wpkh:" },
        "P2TR" => Script { open: "tr(", close: ")", electrum: "" },
        name if name.starts_with("P2SH-P2WPKH") => Script { open: "sh(wpkh(", close: "))", electrum: "p2wpkh-p2sh:" },
        _ => return None,
    })
}

fn electrum(script: &Script, wif: &SecretLine) -> SecretText {
    SecretLine::new().with(script.electrum).with(wif.reveal()).finish()
}

/// Wallet import format: the version, 32 bytes, 01 for "its public key is compressed", and a checksum, in base58.
fn written(version: u8, key: &ChildKey, is_compressed: bool) -> SecretLine {
    let mark: &[u8] = if is_compressed { &[1] } else { &[] };
    secret_base58_check(&[&[version], key.private().reveal(), mark])
}
