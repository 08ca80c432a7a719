//! An address that somebody types: whether it can be one of its chain at all, before a long search for it.

use bs58::Alphabet;
use data_encoding::BASE32_NOPAD;

use super::{aptos, evm, polkadot, stellar};
use crate::derivation::text::checksum;
use crate::domain::chain::Chain;

const MISTYPED: &str = "the address is mistyped: its checksum is wrong";
const NO_ADDRESS: &str = "this is no address of that chain";

/// What is wrong with `text`, which has no white space around it. Completes "cannot search, because …". Solana, Aptos and Sui have
/// no checksum: of their addresses only the length and the letters are looked at.
pub fn mistake(chain: &Chain, text: &str) -> Option<&'static str> {
    match chain {
        Chain::Bitcoin => bitcoin(text, Some("bc")),
        Chain::BitcoinTestnet => bitcoin(text, Some("tb")),
        Chain::Litecoin => bitcoin(text, Some("ltc")),
        Chain::Dogecoin => bitcoin(text, None),
        Chain::Evm(_) => {
            evm::mistake(text).then_some("the address is mistyped: a digit or a capital letter is wrong (EIP-55)")
        }
        Chain::Tron if text.len() == 42 => {
            data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).err().map(|_| NO_ADDRESS)
        }
        Chain::Tron => base58(text, Alphabet::BITCOIN),
        Chain::Xrp => base58(text, Alphabet::RIPPLE),
        Chain::Cosmos(prefix) => match bech32::decode(text) {
            Ok((hrp, _)) if hrp.to_lowercase() == prefix.as_str() => None,
            Ok(_) => Some(NO_ADDRESS),
            Err(_) => Some(MISTYPED),
        },
        Chain::Solana => {
            let is_key = bs58::decode(text).into_vec().is_ok_and(|bytes| bytes.len() == 32);
            (!is_key).then_some(NO_ADDRESS)
        }
        Chain::Stellar => {
            let bytes = BASE32_NOPAD.decode(text.as_bytes()).unwrap_or_default();
            let key = bytes.get(1..33).and_then(|key| key.try_into().ok());
            (key.map(stellar::address).as_deref() != Some(text)).then_some(MISTYPED)
        }
        Chain::Aptos | Chain::Sui => (!aptos::is_same(text, text)).then_some(NO_ADDRESS),
        Chain::Polkadot(prefix) => {
            let bytes = bs58::decode(text).into_vec().unwrap_or_default();
            let key = bytes.get(if *prefix < 64 { 1..33 } else { 2..34 }).and_then(|key| key.try_into().ok());
            (key.map(|key| polkadot::address(*prefix, key)).as_deref() != Some(text)).then_some(MISTYPED)
        }
    }
}

fn bitcoin(text: &str, hrp: Option<&str>) -> Option<&'static str> {
    let is_segwit = hrp.is_some_and(|hrp| text.to_ascii_lowercase().starts_with(&format!("{hrp}1")));
    if is_segwit { bech32::segwit::decode(text).err().map(|_| MISTYPED) } else { base58(text, Alphabet::BITCOIN) }
}

/// 21 bytes and their checksum.
fn base58(text: &str, alphabet: &Alphabet) -> Option<&'static str> {
    let bytes = bs58::decode(text).with_alphabet(alphabet).into_vec().unwrap_or_default();
    let Some((payload, sum)) = bytes.split_last_chunk::<4>().filter(|(payload, _)| payload.len() == 21) else {
        return Some(NO_ADDRESS);
    };
    (checksum(payload) != *sum).then_some(MISTYPED)
}

#[cfg(test)]
mod tests {
    use super::super::forms;
    use super::*;
    use crate::derivation::MasterKey;

    #[test]
    fn one_wrong_letter_is_noticed_wherever_there_is_a_checksum() {
        for word in Chain::WORDS {
            let chain = Chain::parse(word).unwrap();
            let key = MasterKey::of_private_key(chain.key_type(), &[5; 32], None).unwrap();
            for form in forms(&chain, key.public_key()) {
                assert_eq!(mistake(&chain, &form.address), None, "{word}");
                let last = form.address.chars().next_back().unwrap();
                let other = if last == 'a' { 'c' } else { 'a' };
                let mut wrong = form.address.clone();
                wrong.pop();
                assert!(
                    mistake(&chain, &wrong).is_some() || matches!(chain, Chain::Solana | Chain::Aptos | Chain::Sui),
                    "{word}"
                );
                wrong.push(other);
                let has_checksum = !matches!(chain, Chain::Evm(_) | Chain::Solana | Chain::Aptos | Chain::Sui);
                assert!(mistake(&chain, &wrong).is_some() || !has_checksum, "{word}: {wrong}");
            }
            for wrong in ["", "é", "0x", "hello"] {
                assert!(mistake(&chain, wrong).is_some(), "{word}: {wrong}");
            }
        }
    }

    #[test]
    fn capitals_of_an_evm_address_are_its_checksum() {
        let ethereum = Chain::parse("ethereum").unwrap();
        assert_eq!(mistake(&ethereum, "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"), None);
        assert_eq!(mistake(&ethereum, "7e5f4552091a69125d5dfcb7b8c2659029395bdf"), None);
        assert!(mistake(&ethereum, "0x7e5F4552091A69125d5DfCb7b8C2659029395Bdf").is_some());
        assert!(mistake(&ethereum, "0x7E5F4552091A69125d5DfCb7b8C2659029395Bde").is_some());
    }
}
