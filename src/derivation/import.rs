//! The forms in which keys enter other programs, and plain words about where they can be used. What a program refuses or takes for
//! another key is said before what it takes.

use super::family::{form, wallets};
use super::{ChildKey, MasterKey, address};
use crate::domain::chain::Chain;
use crate::domain::import_form::ImportForm;
use crate::domain::key_type::KeyType;

/// A key derived as these keys are is a number, and never the seed from which ordinary wallets make their number (RFC 8032, 5.1.5).
const NO_SEED: &str = "This key is a number (a scalar), not a seed. Wallets that ask for a seed, a phrase or a secret key refuse it, \
or make another key of it and show another address. What can be done: with software that signs with an Ed25519 scalar, \
sign one transfer of everything to a new wallet.";

/// The forms of a vault's key on `chain` (a word of the record). `address` decides where a chain has several.
pub fn of_vault(chain: &str, address: Option<&str>, key: &ChildKey) -> Vec<ImportForm> {
    let known = Chain::parse(chain).filter(|chain| chain.key_type() == key.key_type());
    let of_chain = known.as_ref().map(|chain| {
        let form = address.and_then(|recorded| address::form_of(chain, recorded, key.public_key()));
        wallets(chain).imports(key, form)
    });
    match key.key_type() {
        KeyType::Eddsa => {
            let number = form("Scalar, hexadecimal", key.private_key_hex(), NO_SEED);
            std::iter::once(number).chain(of_chain.into_iter().flatten()).collect()
        }
        KeyType::Ecdsa => of_chain.unwrap_or_else(|| {
            let hint =
                "The private key on secp256k1. This program does not know the chain: look up what its wallets take.";
            vec![form("Hexadecimal", key.private_key_hex(), hint)]
        }),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::derivation_path::DerivationPath;
    use crate::domain::secret::SecretText;

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
        let taproot = of_vault(
            "bitcoin",
            address::forms(&Chain::parse("bitcoin").unwrap(), key.public_key()).get(1).map(|f| &*f.address),
            &key,
        );
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
    fn a_cosmos_key_is_given_as_its_chain_makes_accounts() {
        let key = child(KeyType::Ecdsa, one());
        let hints = |chain: &str, address: Option<&str>| -> String {
            of_vault(chain, address, &key).iter().map(|form| form.hint).collect::<Vec<_>>().join(" ")
        };
        let ethereum = |hints: &str| hints.contains("MetaMask") && !hints.contains("--key-type secp256k1");
        assert!(ethereum(&hints("cosmos:inj", None)) && hints("cosmos:inj", None).contains("unsafe-import-eth-key"));
        assert!(ethereum(&hints("cosmos:one", None)) && hints("cosmos:one", None).contains("hmy keys"));
        assert!(!ethereum(&hints("cosmos:osmo", None)) && hints("cosmos:osmo", None).contains("import-hex"));
        // Of a chain of which nothing is known the address decides.
        let forms = address::forms(&Chain::parse("cosmos:sei").unwrap(), key.public_key());
        let of = |place: usize| hints("cosmos:sei", Some(&forms[place].address));
        assert!(!ethereum(&of(0)) && ethereum(&of(1)));
    }

    #[test]
    fn a_key_of_an_old_or_a_taproot_address_is_given_for_it() {
        let key = child(KeyType::Ecdsa, one());
        // The uncompressed key 1, as many documents have it.
        let old = of_vault("bitcoin", Some("1EHNa6Q4Jz2uvNExL497mE43ikXhwF6kZm"), &key);
        let old = values(&old);
        assert_eq!(old[0].1, "5HpHagT65TZzG1PH3CSu63k8DbpvD8s5ip4nEB3kEsreAnchuDf");
        assert!(old[1].1.starts_with("pkh(5Hp") && old[2].1.starts_with("p2pkh:5Hp"));
        let taproot = &address::forms(&Chain::parse("bitcoin").unwrap(), key.public_key())[1].address;
        let forms = of_vault("litecoin", Some(taproot), &key);
        assert!(forms[1].value.is_none() && forms[1].hint.contains("Litecoin Core"), "{forms:?}");
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
        for chain in Chain::offered() {
            let word = chain.word();
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
