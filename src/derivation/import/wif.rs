//! Keys of Bitcoin and its relatives as wallets take them: WIF alone, in a descriptor, and with the prefix of Electrum.

use super::super::text::{SecretLine, secret_base58_check};
use super::{ChildKey, advice, descriptor, form};
use crate::domain::chain::Chain;
use crate::domain::import_form::ImportForm;

const SWEEP: &str = "Sparrow (Tools, Sweep private key), BlueWallet and many others sweep it to another wallet, which is the safest use. \
A WIF says nothing of the form of the address: programs that ask want the one of this vault.";
const DESCRIPTOR: &str = "Bitcoin Core, in a new wallet: importdescriptors with this text as desc and timestamp 0. It begins with the form of the vault's address and ends with its checksum (BIP-380).";
const ANY_DESCRIPTOR: &str = "Bitcoin Core, in a new wallet: importdescriptors with this text. The form of the address is not known; combo \
covers all but taproot (for that, tr instead of combo and a new checksum by getdescriptorinfo).";
const ELECTRUM: &str = "Electrum: New wallet, Import addresses or private keys; or Wallet, Private keys, Sweep.";

/// `form_name` is that of the vault's address, where it is known.
pub(super) fn forms(chain: &Chain, form_name: Option<&'static str>, key: &ChildKey) -> Vec<ImportForm> {
    let wif = written(version(chain), key);
    let script = form_name.and_then(script_of);
    let sweep = match chain {
        Chain::Litecoin => "Litecoin Core: importprivkey, with the WIF alone. Wallets of Bitcoin do not take it.",
        Chain::Dogecoin => {
            "Dogecoin Core: importprivkey, with the WIF and a name for it. Wallets of Bitcoin do not take it."
        }
        _ => SWEEP,
    };
    let mut forms = vec![form("WIF", SecretLine::new().with(wif.reveal()).finish(), sweep)];
    if matches!(chain, Chain::Bitcoin | Chain::BitcoinTestnet) {
        let (open, close) = script.map_or(("combo(", ")"), |script| (script.open, script.close));
        let hint = if script.is_some() { DESCRIPTOR } else { ANY_DESCRIPTOR };
        let whole = SecretLine::new().with(open).with(wif.reveal()).with(close);
        forms.push(form("Descriptor", descriptor::with_checksum(whole), hint));
    }
    match (chain, script) {
        (Chain::Dogecoin, _) => {}
        (Chain::Litecoin, Some(script)) => forms.push(form(
            "Electrum-LTC",
            electrum(&script, &wif),
            "Electrum-LTC: New wallet, Import addresses or private keys.",
        )),
        (_, Some(script)) if script.electrum.is_empty() => {
            forms.push(advice("Electrum", "It knows no imported taproot keys: use Bitcoin Core or Sparrow."));
        }
        (_, Some(script)) => forms.push(form("Electrum", electrum(&script, &wif), ELECTRUM)),
        (_, None) => forms.push(advice(
            "Electrum",
            "Write p2wpkh:, p2wpkh-p2sh: or p2pkh: before the WIF, whichever gives the address that is looked for.",
        )),
    }
    forms
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
        "P2PKH" => Script { open: "pkh(", close: ")", electrum: "p2pkh:" },
        "P2WPKH" => Script { open: "wpkh(", close: ")", electrum: "p2wpkh:" },
        "P2TR" => Script { open: "tr(", close: ")", electrum: "" },
        name if name.starts_with("P2SH-P2WPKH") => Script { open: "sh(wpkh(", close: "))", electrum: "p2wpkh-p2sh:" },
        _ => return None,
    })
}

fn electrum(script: &Script, wif: &SecretLine) -> crate::domain::secret::SecretText {
    SecretLine::new().with(script.electrum).with(wif.reveal()).finish()
}

/// The byte before a private key.
fn version(chain: &Chain) -> u8 {
    match chain {
        Chain::BitcoinTestnet => 0xEF,
        Chain::Litecoin => 0xB0,
        Chain::Dogecoin => 0x9E,
        _ => 0x80,
    }
}

/// Wallet import format: the version, 32 bytes, 01 for "its public key is compressed", and a checksum, in base58.
fn written(version: u8, key: &ChildKey) -> SecretLine {
    secret_base58_check(&[&[version], key.private().reveal(), &[1]])
}
