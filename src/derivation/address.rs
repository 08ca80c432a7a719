//! Public keys to addresses, and addresses compared by what they mean.
//!
//! The rule for all of them: an address that the key does not give is a mismatch, also a mistyped one. Only where the text says
//! itself that one key alone does not decide it (the address of a script, another notation with things in it that are not checked)
//! is it "cannot check", with the reason.

use super::family::{Form, wallets};
use super::public_key::PublicKey;
use crate::domain::chain::Chain;
use crate::domain::proof::AddressCheck;

/// All addresses of a key on a chain, the usual form first; empty for a key of the other curve.
pub fn forms(chain: &Chain, key: &PublicKey) -> Vec<Form> {
    wallets(chain).forms(key, None)
}

/// What the key says about `recorded`.
pub fn check(chain: &Chain, recorded: &str, key: &PublicKey) -> AddressCheck {
    let recorded = recorded.trim();
    let (needs, has) = (chain.key_type(), key.key_type());
    if needs != has {
        let because = format!("{} needs a key of type {}, and its key is {}", chain.title(), needs.name(), has.name());
        return AddressCheck::CannotCheck { because: because.into() };
    }
    let forms = wallets(chain).forms(key, Some(recorded));
    if let Some(form) = forms.iter().find(|form| wallets(chain).is_same(recorded, &form.address)) {
        return AddressCheck::Match { form: form.name };
    }
    let derived: Vec<String> = forms.into_iter().map(|form| form.address).collect();
    match wallets(chain).obstacle(recorded, &derived) {
        Some(because) => AddressCheck::CannotCheck { because: because.into() },
        None => AddressCheck::Mismatch { derived },
    }
}

/// The form of `recorded`, when it is an address of the key.
pub fn form_of(chain: &Chain, recorded: &str, key: &PublicKey) -> Option<&'static str> {
    let recorded = recorded.trim();
    let forms = wallets(chain).forms(key, Some(recorded));
    forms.into_iter().find(|form| wallets(chain).is_same(recorded, &form.address)).map(|form| form.name)
}

/// What is wrong with an address that somebody typed: no key has it. Completes "cannot search, because …".
pub fn mistake(chain: &Chain, typed: &str) -> Option<&'static str> {
    wallets(chain).mistake(typed.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derivation::MasterKey;
    use crate::domain::chain::Family;
    use crate::domain::key_type::KeyType;
    use data_encoding::HEXLOWER;

    /// The public key of the private key 1, of either curve: the base points.
    fn base(key_type: KeyType) -> PublicKey {
        let hex = match key_type {
            KeyType::Ecdsa => "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
            KeyType::Eddsa => "5866666666666666666666666666666666666666666666666666666666666666",
        };
        PublicKey::parse(key_type, &HEXLOWER.decode(hex.as_bytes()).unwrap()).unwrap()
    }

    fn say(word: &str, recorded: &str) -> String {
        let chain = Chain::parse(word).unwrap();
        check(&chain, recorded, &base(chain.key_type())).to_string()
    }

    #[test]
    fn an_evm_address_has_three_spellings_and_a_fourth_is_mistyped() {
        let right = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";
        let digits = right.trim_start_matches("0x");
        let upper = format!("0x{}", digits.to_uppercase());
        for same in [
            right,
            &right.to_lowercase(),
            &upper,
            &right.to_uppercase(),
            digits,
            " 0x7e5f4552091a69125d5dfcb7b8c2659029395bdf\n",
        ] {
            assert_eq!(say("polygon", same), "match", "{same}");
        }
        let mistyped = right.replace("7E5F", "7e5F");
        assert_eq!(
            say("ethereum", &mistyped),
            format!(
                "cannot check, because it is mistyped: the digits are those that the key gives, the capital letters are wrong \
                 (EIP-55); it is written {right}"
            )
        );
        for other in
            [right.replace("7E5F", "7E5E"), right.replace("Bdf", "Bd"), format!("{right}0"), format!("0x{right}")]
        {
            assert_eq!(say("ethereum", &other), format!("MISMATCH: the key gives {right}"));
        }
        assert!(
            say("avalanche", "X-avax1tzdcgj4ehsvhhgpl7zylwpw0gl2rxcg4r5afk5")
                .starts_with("cannot check, because it is an address of Avalanche's")
        );
        assert!(
            say("bnb", "bnb1grpf0955h0ykzq3ar5nmum7y6gdfl6lxfn46h2")
                .starts_with("cannot check, because it is an address of the BNB")
        );
    }

    #[test]
    fn a_bitcoin_address_is_compared_in_its_form() {
        let segwit = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
        for same in
            [segwit, &segwit.to_uppercase(), "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH", "3JvL6Ymt8MVWiCNHC7oWU6nLeHNJKLZGLN"]
        {
            assert_eq!(say("bitcoin", same), "match", "{same}");
        }
        // Mixed case is no bech32, and base58 means its case.
        assert_eq!(say("bitcoin", &segwit.replacen("bc1q", "bc1Q", 1)), format!("MISMATCH: the key gives {segwit}"));
        assert!(say("bitcoin", "1BGGZ9TCN4RM9KBZDN7KPRQZ87SZ26SAMH").starts_with("MISMATCH"));
        let all = say("bitcoin", "nothing like it");
        assert_eq!(all.matches(" or ").count(), 3, "{all}");
        assert_eq!(
            say("bitcoin", "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3"),
            "cannot check, because it is the address of a script (P2WSH), and not of one key"
        );
        // BIP-350, test vectors: version 16.
        assert_eq!(
            say("bitcoin", "BC1SW50QGDZ25J"),
            "cannot check, because segwit addresses of version 16 are not known to this program"
        );
        assert_eq!(say("litecoin", "3JvL6Ymt8MVWiCNHC7oWU6nLeHNJKLZGLN"), "match");
        assert!(say("litecoin", "ltcmweb1qqxyz").starts_with("cannot check, because MimbleWimble"));
        assert_eq!(say("bitcoin-testnet", segwit).matches(" or ").count(), 3);
    }

    #[test]
    fn other_chains_are_compared_by_what_an_address_means() {
        let given = |word: &str| {
            let chain = Chain::parse(word).unwrap();
            forms(&chain, &base(chain.key_type())).remove(0).address
        };
        assert_eq!(say("tron", "417e5f4552091a69125d5dfcb7b8c2659029395bdf"), "match");
        assert!(say("xrp", "X7AcgcsBL6XDcUb289X4mJ8djcdyKaB5hJDWMArnXr61cqZ").contains("X-address"));
        assert!(
            say("stellar", "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK").contains("muxed")
        );
        for word in ["aptos", "sui"] {
            let address = given(word);
            assert_eq!(say(word, &address.to_uppercase()), "match");
            assert!(
                say(word, address.trim_start_matches("0x")).starts_with("MISMATCH")
                    && say(word, "0x").starts_with("MISMATCH")
            );
        }
        assert_eq!(say("cosmos:cosmos", &given("cosmos:cosmos").to_uppercase()), "match");
        assert_eq!(say("cosmos:inj", &given("cosmos:inj")), "match");
        assert!(say("cosmos:inj", "inj1x").starts_with("cannot check, because accounts of inj"));
        assert!(say("cosmos:osmo", &given("cosmos:cosmos")).starts_with("MISMATCH"));
        assert!(say("polkadot:2", &given("polkadot:0")).starts_with("MISMATCH"));
        assert!(say("solana", &given("solana").to_lowercase()).starts_with("MISMATCH"));
    }

    #[test]
    fn a_key_of_the_other_curve_has_no_address() {
        for chain in Chain::offered() {
            let other = if chain.key_type() == KeyType::Ecdsa { KeyType::Eddsa } else { KeyType::Ecdsa };
            assert!(forms(chain, &base(other)).is_empty() && !forms(chain, &base(chain.key_type())).is_empty());
        }
    }

    #[test]
    fn one_wrong_letter_is_noticed_wherever_there_is_a_checksum() {
        for chain in Chain::offered() {
            let word = chain.word();
            let is_bare = matches!(chain.family(), Family::Solana | Family::Aptos | Family::Sui);
            let key = MasterKey::of_private_key(chain.key_type(), &[5; 32], None).unwrap();
            for form in forms(chain, key.public_key()) {
                assert_eq!(mistake(chain, &form.address), None, "{word}");
                let last = form.address.chars().next_back().unwrap();
                let other = if last == 'a' { 'c' } else { 'a' };
                let mut wrong = form.address.clone();
                wrong.pop();
                assert!(mistake(chain, &wrong).is_some() || is_bare, "{word}");
                wrong.push(other);
                let has_checksum = !is_bare && !matches!(chain.family(), Family::Evm(_));
                assert!(mistake(chain, &wrong).is_some() || !has_checksum, "{word}: {wrong}");
            }
            for wrong in ["", "é", "0x", "hello"] {
                assert!(mistake(chain, wrong).is_some(), "{word}: {wrong}");
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
