//! The forms in which keys enter other programs, and plain words about where they can be used. What a program refuses or takes for
//! another key is said before what it takes.

mod descriptor;
mod wif;

use super::text::SecretLine;
use super::{ChildKey, MasterKey, PublicKey, address};
use crate::domain::chain::Chain;
use crate::domain::import_form::ImportForm;
use crate::domain::key_type::KeyType;
use crate::domain::secret::{SecretBytes, SecretText};

/// A key derived as these keys are is a number, and never the seed from which ordinary wallets make their number (RFC 8032, 5.1.5).
const NO_SEED: &str = "This key is a number (a scalar), not a seed. Wallets that ask for a seed, a phrase or a secret key refuse it, \
or make another key of it and show another address. What can be done: with software that signs with an Ed25519 scalar, \
sign one transfer of everything to a new wallet.";

/// The forms of a vault's key on `chain` (a word of the record). `address` decides where a chain has several.
pub fn of_vault(chain: &str, address: Option<&str>, key: &ChildKey) -> Vec<ImportForm> {
    let known = Chain::parse(chain).filter(|chain| chain.key_type() == key.key_type());
    match (key.key_type(), known) {
        (KeyType::Eddsa, chain) => of_scalar(chain.as_ref(), key),
        (KeyType::Ecdsa, Some(chain)) => of_ecdsa(&chain, address, key),
        (KeyType::Ecdsa, None) => vec![form(
            "Hexadecimal",
            key.private_key_hex(),
            "The private key on secp256k1. This program does not know the chain: look up what its wallets take.",
        )],
    }
}

/// The forms of a key of the backup itself.
pub fn of_master(key: &MasterKey) -> Vec<ImportForm> {
    let mut forms = Vec::new();
    match key.key_type() {
        KeyType::Ecdsa => {
            forms.push(form("Hexadecimal", key.private_key_hex(), "The master private key on secp256k1, big-endian."));
            forms.extend(key.extended_private_key().map(|value| {
                form(
                    "Extended private key",
                    value,
                    "The master key with its chain code (BIP-32), for Sparrow, Electrum, Bitcoin Core and libraries. All \
                     vaults of the key are behind it. Their paths are not hardened (m/44/0/0/0/0, not m/44'/0'/0'/0/0): give \
                     the path by hand where the program can take it, or it shows other addresses.",
                )
            }));
            forms.extend(key.extended_public_key().map(|value| {
                form(
                    "Extended public key",
                    value,
                    "Spends nothing, but shows every address of the key to whoever has it: to watch vaults.",
                )
            }));
        }
        KeyType::Eddsa => {
            forms.push(form("Scalar, hexadecimal", key.private_key_hex(), NO_SEED));
            forms.extend(key.chain_code_hex().map(|value| {
                form(
                    "Chain code, hexadecimal",
                    value,
                    "Beside the scalar it gives the keys of all vaults; software that derives keys shared between parties takes both.",
                )
            }));
        }
    }
    forms
}

fn form(name: &'static str, value: SecretText, hint: &'static str) -> ImportForm {
    ImportForm { name, value: Some(value), hint }
}

fn advice(name: &'static str, hint: &'static str) -> ImportForm {
    ImportForm { name, value: None, hint }
}

fn with_0x(key: &ChildKey) -> SecretText {
    SecretLine::new().with("0x").with_hex(key.private().reveal()).finish()
}

fn of_ecdsa(chain: &Chain, recorded: Option<&str>, key: &ChildKey) -> Vec<ImportForm> {
    match chain {
        Chain::Bitcoin | Chain::BitcoinTestnet | Chain::Litecoin | Chain::Dogecoin => {
            wif::forms(chain, form_of(chain, recorded, key), key)
        }
        Chain::Evm(_) => vec![
            form(
                "Hexadecimal, 0x",
                with_0x(key),
                "MetaMask: Add account, Private key. Rabby, Frame and hardware-free tools such as cast take it too. A smart \
                 contract wallet (Safe) is not opened by it alone.",
            ),
            form("Hexadecimal", key.private_key_hex(), "The same without 0x, for programs that ask for 64 digits."),
        ],
        Chain::Tron => vec![form("Hexadecimal", key.private_key_hex(), "TronLink: Import wallet, Private key.")],
        Chain::Xrp => vec![
            form(
                "Hexadecimal",
                key.private_key_hex(),
                "For libraries that take a secp256k1 private key (xrpl.js wants 00 before it).",
            ),
            advice(
                "Family seed (s…)",
                "There is none: the key was not made from a seed, so wallets that ask for one (Xaman, rippled) cannot take it. Sign \
                 one transfer to a new wallet with xrpl.js or another library.",
            ),
        ],
        Chain::Cosmos(_) => vec![
            form(
                "Hexadecimal",
                key.private_key_hex(),
                "Keplr: Import an existing wallet, private key. Command line: keys import-hex NAME KEY --key-type secp256k1.",
            ),
            form("Hexadecimal, 0x", with_0x(key), "The same for programs that want 0x before it."),
        ],
        Chain::Solana | Chain::Stellar | Chain::Aptos | Chain::Sui | Chain::Polkadot(_) => Vec::new(),
    }
}

/// The form of the recorded address, when it is one of this key.
fn form_of(chain: &Chain, recorded: Option<&str>, key: &ChildKey) -> Option<&'static str> {
    address::form_of(chain, recorded?, key.public_key())
}

fn of_scalar(chain: Option<&Chain>, key: &ChildKey) -> Vec<ImportForm> {
    let mut forms = vec![form("Scalar, hexadecimal", key.private_key_hex(), NO_SEED)];
    let PublicKey::Ed25519(public) = key.public_key() else { return forms };
    match chain {
        Some(Chain::Solana) => {
            forms.push(form(
                "Scalar and public key, base58",
                solana_base58(key, public),
                "Looks like the secret key of a Solana wallet, but its first half is a scalar. Phantom, Solflare and solana-keygen refuse \
                 it or show another address: do not receive anything there. Only for software that signs with a scalar.",
            ));
            forms.push(form(
                "Scalar and public key, byte array",
                solana_array(key, public),
                "The same 64 bytes as a list of numbers, as key files of Solana have it. solana-keygen refuses it for the same reason.",
            ));
        }
        Some(Chain::Stellar) => forms.push(advice(
            "Secret seed (S…)",
            "There is none: S… holds a seed, and from this key no seed can be computed. Lobstr, Freighter and Stellar Laboratory \
             cannot take it.",
        )),
        Some(Chain::Aptos) => forms.push(advice(
            "Private key (ed25519-priv-…)",
            "There is none: Petra, Martian and the Aptos command line take a seed, and would make another account of this number.",
        )),
        Some(Chain::Sui) => forms.push(advice(
            "Private key (suiprivkey…)",
            "There is none: Sui Wallet and the Sui command line take a seed, and would make another address of this number.",
        )),
        Some(Chain::Polkadot(_)) => forms.push(advice(
            "Raw seed (0x…)",
            "There is none: Polkadot-JS, Talisman and subkey take a seed, and would make another account of this number.",
        )),
        _ => {}
    }
    forms
}

fn solana_base58(key: &ChildKey, public: &[u8; 32]) -> SecretText {
    let whole = SecretBytes::<64>::init(|bytes| {
        let halves = key.private().reveal().iter().chain(public);
        bytes.iter_mut().zip(halves).for_each(|(to, from)| *to = *from);
    });
    SecretLine::new().with_base58(whole.reveal()).finish()
}

fn solana_array(key: &ChildKey, public: &[u8; 32]) -> SecretText {
    let bytes = key.private().reveal().iter().chain(public);
    let line = bytes.enumerate().fold(SecretLine::new().with("["), |line, (place, byte)| {
        let line = if place == 0 { line } else { line.with(",") };
        line.with_number(*byte)
    });
    line.with("]").finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::derivation_path::DerivationPath;

    fn child(key_type: KeyType, private: [u8; 32]) -> ChildKey {
        MasterKey::of_private_key(key_type, &private, None).unwrap().child(&DerivationPath::MASTER).unwrap()
    }

    fn one() -> [u8; 32] {
        let mut one = [0; 32];
        one[31] = 1;
        one
    }

    fn values(forms: &[ImportForm]) -> Vec<(&str, &str)> {
        forms.iter().map(|form| (form.name, form.value.as_ref().map_or("", SecretText::reveal))).collect()
    }

    #[test]
    fn a_bitcoin_key_is_given_for_the_form_of_its_address() {
        let key = child(KeyType::Ecdsa, one());
        // The private key 1, as many documents have it.
        let wif = "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn";
        let segwit = of_vault("bitcoin", Some("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"), &key);
        let segwit = values(&segwit);
        assert_eq!(segwit[0], ("WIF", wif));
        assert!(segwit[1].1.starts_with(&format!("wpkh({wif})#")));
        assert_eq!(segwit[2], ("Electrum", format!("p2wpkh:{wif}").as_str()));
        let taproot =
            of_vault("bitcoin", address::forms(&Chain::Bitcoin, key.public_key()).get(1).map(|f| &*f.address), &key);
        assert!(values(&taproot)[1].1.starts_with("tr("));
        // An address that is not of this key decides nothing.
        let other = of_vault("bitcoin", Some("bc1qother"), &key);
        assert!(values(&other)[1].1.starts_with("combo("));
        assert_eq!(
            values(&of_vault("bitcoin-testnet", None, &key))[0].1,
            "cMahea7zqjxrtgAbB7LSGbcQUr1uX1ojuat9jZodMN87JcbXMTcA"
        );
        assert_eq!(
            values(&of_vault("dogecoin", None, &key))[0].1,
            "QNcdLVw8fHkixm6NNyN6nVwxKek4u7qrioRbQmjxac5TVoTtZuot"
        );
        assert_eq!(
            values(&of_vault("litecoin", None, &key))[0].1,
            "T33ydQRKp4FCW5LCLLUB7deioUMoveiwekdwUwyfRDeGZm76aUjV"
        );
    }

    #[test]
    fn a_scalar_is_never_given_as_a_seed() {
        let mut private = [0; 32];
        private[0] = 1;
        let key = child(KeyType::Eddsa, private);
        for chain in ["solana", "stellar", "aptos", "sui", "polkadot:0", "something else"] {
            let forms = of_vault(chain, None, &key);
            assert_eq!(forms[0].name, "Scalar, hexadecimal");
            assert!(forms[0].hint.contains("not a seed"));
            let has_seed = forms.iter().any(|form| form.value.is_some() && form.name.to_lowercase().contains("seed"));
            assert!(!has_seed, "{chain}");
        }
        let solana = of_vault("solana", None, &key);
        let array = solana[2].value.as_ref().unwrap().reveal();
        let bytes: Vec<u8> = array.trim_matches(['[', ']']).split(',').map(|number| number.parse().unwrap()).collect();
        assert_eq!(bytes[..32], private);
        assert_eq!(data_encoding::HEXLOWER.encode(&bytes[32..]), key.public_key_hex());
        assert_eq!(bs58::decode(solana[1].value.as_ref().unwrap().reveal()).into_vec().unwrap(), bytes);
    }

    #[test]
    fn every_chain_has_a_form_and_every_form_a_hint() {
        for word in Chain::WORDS {
            let chain = Chain::parse(word).unwrap();
            let key = child(chain.key_type(), one());
            let forms = of_vault(word, None, &key);
            assert!(forms.iter().any(|form| form.value.is_some()), "{word}");
            assert!(forms.iter().all(|form| form.hint.len() > 20 && form.hint.len() < 400), "{word}");
            assert!(
                forms.iter().all(|form| form.value.as_ref().is_none_or(|value| !value.reveal().is_empty())),
                "{word}"
            );
        }
        assert_eq!(values(&of_vault("ethereum", None, &child(KeyType::Ecdsa, one())))[0].1.len(), 66);
        // The record names a chain of the other curve: the key is given as what it is.
        assert_eq!(of_vault("solana", None, &child(KeyType::Ecdsa, one()))[0].name, "Hexadecimal");
    }
}
