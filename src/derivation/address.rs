//! Public keys to addresses, and addresses compared by the account that they name.
//!
//! The rule for all of them: an address of another account is a mismatch, also a mistyped one; another notation of the same account
//! is none. Only where one key alone does not decide (the address of a script, a name, an account whose key can change) is it "cannot
//! check", with the reason.

use super::family::{Account, Form, Unread, Written, wallets};
use super::notation;
use super::public_key::PublicKey;
use crate::domain::chain::Chain;
use crate::domain::proof::AddressCheck;

/// An address as a record or a person has it, read once and compared with many keys.
pub struct Recorded<'a> {
    chain: &'a Chain,
    written: Result<Written, Unread>,
    /// What the text is when it is a public key.
    key: Option<PublicKey>,
}

/// All addresses of a key that are usual on a chain, the most usual form first; empty for a key of the other curve.
pub fn forms(chain: &Chain, key: &PublicKey) -> Vec<Form> {
    wallets(chain).forms(key, None).into_iter().filter(Form::is_usual).collect()
}

/// What the key says about `recorded`.
pub fn check(chain: &Chain, recorded: &str, key: &PublicKey) -> AddressCheck {
    Recorded::read(chain, recorded).check(key)
}

/// The form of `recorded`, when it is an address of the key.
pub fn form_of(chain: &Chain, recorded: &str, key: &PublicKey) -> Option<&'static str> {
    Recorded::read(chain, recorded).form_of(key)
}

/// Why a key has no address on a chain. Completes "cannot check, because …" and "cannot search, because …".
pub fn other_curve(chain: &Chain, key: &PublicKey) -> Option<String> {
    let (needs, has) = (chain.key_type(), key.key_type());
    (needs != has)
        .then(|| format!("{} needs a key of type {}, and its key is {}", chain.title(), needs.name(), has.name()))
}

impl<'a> Recorded<'a> {
    pub fn read(chain: &'a Chain, text: &str) -> Self {
        let written = notation::read(wallets(chain), text);
        Self { chain, written, key: PublicKey::read(chain.key_type(), text) }
    }

    /// The form of the address, when it is one of `key`.
    pub fn form_of(&self, key: &PublicKey) -> Option<&'static str> {
        self.form(key).map(|form| form.name)
    }

    fn form(&self, key: &PublicKey) -> Option<Form> {
        let wallets = wallets(self.chain);
        let of_account = self.written.as_ref().ok().and_then(|written| {
            wallets.forms(key, Some(written.account())).into_iter().find(|form| form.is_of(written))
        });
        of_account.or_else(|| (self.key.as_ref() == Some(key)).then(|| forms(self.chain, key).into_iter().next())?)
    }

    /// What the key says about it.
    pub fn check(&self, key: &PublicKey) -> AddressCheck {
        let cannot = |because: String| AddressCheck::CannotCheck { because: because.into() };
        if let Some(because) = other_curve(self.chain, key) {
            return cannot(because);
        }
        if let Some(form) = self.form(key) {
            return match (form.obstacle(), &self.written) {
                (Some(because), _) => cannot(because.to_owned()),
                (None, Ok(Written { fault: Some(fault), .. })) => {
                    cannot(format!("{fault}; the other digits are those that the key gives: {}", form.address))
                }
                (None, Ok(written)) if form.is_of(written) => {
                    AddressCheck::Match { form: form.name, notation: written.notation.as_deref().map(str::to_owned) }
                }
                (None, _) => AddressCheck::Match { form: form.name, notation: Some("public key".to_owned()) },
            };
        }
        match (&self.written, wallets(self.chain).doubt()) {
            (Err(Unread::Undecidable(because)), _) => cannot(because.clone().into_owned()),
            (Ok(_), Some(doubt)) => {
                cannot(format!("{doubt} (while it was not changed, the key gives {})", self.derived(key).join(" or ")))
            }
            (Ok(_) | Err(_), _) => AddressCheck::Mismatch { derived: self.derived(key) },
        }
    }

    /// What the key gives in the form of this address; in all usual forms where it has none of them.
    fn derived(&self, key: &PublicKey) -> Vec<String> {
        let of = |like: Option<&Account>| -> Vec<String> {
            let forms = wallets(self.chain).forms(key, like).into_iter().filter(Form::is_usual);
            forms.map(|form| form.address).collect()
        };
        let like = of(self.written.as_ref().ok().map(Written::account));
        if like.is_empty() { of(None) } else { like }
    }

    /// Why it cannot be looked for, whatever the key: what is wrong with it, or that one key does not decide on it. Completes "cannot
    /// search, because …".
    pub fn mistake(&self) -> Option<String> {
        match &self.written {
            _ if self.key.is_some() => None,
            Ok(written) => written.fault.map(str::to_owned),
            Err(Unread::Undecidable(because)) => Some(because.clone().into_owned()),
            Err(Unread::Checksum) => Some("the address is mistyped: its checksum is wrong".to_owned()),
            Err(Unread::NoAddress) => Some(format!(
                "this is no address of {}: its length, its beginning or a character of it is another",
                self.chain.title()
            )),
        }
    }
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

    /// Whether it is said to be of the key, in another notation.
    fn is_noted(said: &str) -> bool {
        said.starts_with("match: same account, another notation (")
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
            "\u{a0}0x7e5f4552091a69125d5dfcb7b8c2659029395bdf\u{200b}",
        ] {
            assert_eq!(say("polygon", same), "match", "{same}");
        }
        let mistyped = right.replace("7E5F", "7e5F");
        assert_eq!(
            say("ethereum", &mistyped),
            format!(
                "cannot check, because it is mistyped: its capital letters are wrong (EIP-55); the other digits are those that the \
                 key gives: {right}"
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
        assert!(say("bitcoin", &segwit.replacen("bc1q", "bc1Q", 1)).starts_with("MISMATCH"));
        assert!(say("bitcoin", "1BGGZ9TCN4RM9KBZDN7KPRQZ87SZ26SAMH").starts_with("MISMATCH"));
        let all = say("bitcoin", "nothing like it");
        assert_eq!(all.matches(" or ").count(), 3, "{all}");
        // Another account in one form is answered in that form.
        assert_eq!(
            say("bitcoin", "1BitcoinEaterAddressDontSendf59kuE"),
            "MISMATCH: the key gives 1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH"
        );
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
        assert_eq!(say("bitcoin-testnet", segwit), "match: same account, another notation (written for Bitcoin)");
        // The address of the uncompressed key 1, as many documents have it.
        assert_eq!(say("bitcoin", "1EHNa6Q4Jz2uvNExL497mE43ikXhwF6kZm"), "match");
        // Dogecoin has no witnesses.
        assert!(
            say("dogecoin", "3JvL6Ymt8MVWiCNHC7oWU6nLeHNJKLZGLN")
                .starts_with("cannot check, because it is the address of a script")
        );
    }

    #[test]
    fn what_stands_around_an_address_is_taken_off() {
        let evm = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";
        let segwit = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
        let classic = forms(&Chain::parse("xrp").unwrap(), &base(KeyType::Ecdsa)).remove(0).address;
        for (chain, text, named) in [
            ("ethereum", format!("eth:{evm}"), "chain prefix"),
            ("ethereum", format!("eip155:1:{evm}"), "CAIP-10"),
            ("ethereum", format!("ethereum:{evm}@1?value=2.014e18"), "payment link"),
            ("ethereum", format!("ethereum:pay-{evm}@1"), "payment link"),
            (
                "ethereum",
                format!("ethereum:0x89205a3a3b2a69de6dbf7f01ed13b2108b2c43e7/transfer?address={evm}&uint256=1"),
                "payment link",
            ),
            ("ethereum", format!("https://etherscan.io/address/{evm}#tokentxns"), "page of an explorer"),
            ("ethereum", format!("{evm} (old Ledger)"), "with text behind it"),
            ("ethereum", format!("Ledger {evm}"), "with text before it"),
            ("ethereum", format!("ops.eth ({evm})"), "with text before it"),
            ("ethereum", format!("({evm})"), "with text before it"),
            ("ethereum", format!("\u{201c}{evm}\u{201d}"), "with text before it"),
            ("ethereum", format!("{evm}, {evm}"), "with text behind it"),
            ("ethereum", format!("etherscan.io/address/{evm}/tokens"), "page of an explorer"),
            ("ethereum", format!("https://app.example/#/accounts/{evm}"), "page of an explorer"),
            ("xrp", format!("{classic}, tag 12345"), "with text behind it"),
            ("xrp", format!("xrp:{classic}:12345"), "payment link"),
            ("bitcoin", format!("bitcoin:{segwit}?amount=0.1&label=x"), "payment link"),
            ("bitcoin", format!("BITCOIN:{}", segwit.to_uppercase()), "payment link"),
            ("bitcoin", "bc1q w508 d6qe jxtd g4y5 r3za rvar y0c5 xw7k v8f3 t4".to_owned(), "in groups"),
            ("xrp", format!("{classic}:12345"), "with a tag or memo"),
            ("xrp", format!("{classic}?dt=12345"), "with parameters"),
            ("xrp", format!("{classic} tag 12345"), "with text behind it"),
        ] {
            assert_eq!(say(chain, &text), format!("match: same account, another notation ({named})"), "{text}");
            assert_eq!(Recorded::read(&Chain::parse(chain).unwrap(), &text).mistake(), None, "{text}");
        }
        for (chain, text) in [
            ("ethereum", format!("eth:{}", evm.replace("7E5F", "7E5E"))),
            ("ethereum", format!("ethereum:{evm}/transfer?address=0x89205a3a3b2a69de6dbf7f01ed13b2108b2c43e7")),
            ("xrp", format!("12345:{}", classic.replace('r', "R"))),
        ] {
            assert!(say(chain, &text).starts_with("MISMATCH"), "{text}");
        }
        for name in ["ops.eth", "ops*northwind.example", "ops.eth (Treasury)", "@northwind", "northwind.888"] {
            assert!(say("stellar", name).starts_with("cannot check, because it is a name"), "{name}");
        }
        for short in ["0x7E5F...5Bdf", "0x7E5F\u{2026}5Bdf", "bc1q...v8f3t4"] {
            assert!(say("ethereum", short).starts_with("cannot check, because it is shortened"), "{short}");
        }
        // Which one is meant only people know.
        let other = "0x89205a3a3b2a69de6dbf7f01ed13b2108b2c43e7";
        for two in [
            format!("{evm} moved to {other}"),
            format!("{other}:{evm}"),
            format!("{evm}@{other}"),
            format!("etherscan.io/token/{evm}?a={other}"),
        ] {
            assert_eq!(say("ethereum", &two), "cannot check, because two addresses stand in it", "{two}");
        }
        assert_eq!(say("bitcoin", &segwit.replacen('b', "B", 1)), "match");
    }

    #[test]
    fn other_chains_are_compared_by_the_account() {
        let given = |word: &str| {
            let chain = Chain::parse(word).unwrap();
            forms(&chain, &base(chain.key_type())).remove(0).address
        };
        assert!(is_noted(&say("tron", "417e5f4552091a69125d5dfcb7b8c2659029395bdf")));
        for word in ["aptos", "sui"] {
            let address = given(word);
            assert_eq!(say(word, &address.to_uppercase()), "match");
            assert_eq!(say(word, address.trim_start_matches("0x")), "match");
            assert!(say(word, "0x").starts_with("MISMATCH"));
        }
        assert!(say("sui", "0x1").starts_with("MISMATCH"));
        assert!(say("aptos", "0x1").contains("an Aptos account can change its key"));
        assert_eq!(say("cosmos:cosmos", &given("cosmos:cosmos").to_uppercase()), "match");
        assert_eq!(say("cosmos:inj", &given("cosmos:inj")), "match");
        assert!(say("cosmos:inj", "inj1x").starts_with("MISMATCH"));
        assert!(is_noted(&say("cosmos:osmo", &given("cosmos:cosmos"))));
        assert!(is_noted(&say("polkadot:2", &given("polkadot:0"))));
        assert!(say("solana", &given("solana").to_lowercase()).starts_with("MISMATCH"));
        assert!(is_noted(&say("stellar", &given("stellar").to_lowercase())));
    }

    #[test]
    fn accounts_of_ethereum_keys_are_made_as_the_chain_makes_them() {
        let key = base(KeyType::Ecdsa);
        let of = |word: &str| forms(&Chain::parse(word).unwrap(), &key);
        for (word, name) in [("cosmos:inj", "Cosmos address of an Ethereum key"), ("cosmos:osmo", "Cosmos address")] {
            assert_eq!(of(word).iter().map(|form| form.name).collect::<Vec<_>>(), [name], "{word}");
        }
        // Of a chain of which nothing is known either way is taken.
        let both = of("cosmos:sei");
        assert_eq!(both.len(), 2);
        assert!(both.iter().all(|form| say("cosmos:sei", &form.address) == "match"));
        let digests: Vec<String> = both
            .iter()
            .map(|form| bech32::decode(&form.address).unwrap().1)
            .map(|bytes| HEXLOWER.encode(&bytes))
            .collect();
        assert!(is_noted(&say("cosmos:inj", &format!("0x{}", digests[1]))));
        for (word, digest, way) in [("cosmos:inj", 0, "Cosmos"), ("cosmos:osmo", 1, "Ethereum")] {
            let said = say(word, &digests[digest]);
            assert!(
                said.starts_with(&format!("cannot check, because the key gives it as accounts are made on {way}")),
                "{said}"
            );
        }
    }

    #[test]
    fn a_public_key_is_its_account() {
        for chain in Chain::offered() {
            let key = base(chain.key_type());
            let word = chain.word();
            let mut texts = vec![key.hex(), format!("0x{}", key.hex()), key.hex().to_uppercase()];
            texts.extend(key.uncompressed().iter().flat_map(|bytes| {
                let whole = HEXLOWER.encode(bytes);
                [whole.trim_start_matches("04").to_owned(), format!("0x{whole}"), whole]
            }));
            for text in &texts {
                assert!(is_noted(&say(word, text)), "{word}: {}", say(word, text));
                assert_eq!(Recorded::read(chain, text).mistake(), None, "{word}: {text}");
                let mut other = text.clone();
                let last = other.pop();
                other.push(if last == Some('0') { '1' } else { '0' });
                assert!(!say(word, &other).starts_with("match"), "{word}: {other}");
            }
        }
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
            let mistake = |text: &str| Recorded::read(chain, text).mistake();
            for form in forms(chain, key.public_key()) {
                assert_eq!(mistake(&form.address), None, "{word}");
                let last = form.address.chars().next_back().unwrap();
                let other = if last == 'a' { 'c' } else { 'a' };
                let mut wrong = form.address.clone();
                wrong.pop();
                assert!(mistake(&wrong).is_some() || is_bare, "{word}");
                wrong.push(other);
                let has_checksum = !is_bare && !matches!(chain.family(), Family::Evm(_));
                let said = mistake(&wrong);
                assert_eq!(
                    said.as_deref().is_some_and(|said| said.contains("checksum")),
                    has_checksum,
                    "{word}: {said:?}"
                );
            }
            for wrong in ["", "é", "0x", "hello", "0xg0", "0x7e5f4552091a69125d5dfcb7b8c2659029395"] {
                if let Some(said) = mistake(wrong) {
                    assert!(said.starts_with("this is no address of") && !said.contains("checksum"), "{word}: {said}");
                } else {
                    assert!(is_bare && wrong.len() > 30, "{word}: {wrong}");
                }
            }
        }
    }

    #[test]
    fn capitals_of_an_evm_address_are_its_checksum() {
        let ethereum = Chain::parse("ethereum").unwrap();
        let mistake = |text| Recorded::read(&ethereum, text).mistake();
        assert_eq!(mistake("0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"), None);
        assert_eq!(mistake("7e5f4552091a69125d5dfcb7b8c2659029395bdf"), None);
        for wrong in ["0x7e5F4552091A69125d5DfCb7b8C2659029395Bdf", "0x7E5F4552091A69125d5DfCb7b8C2659029395Bde"] {
            assert!(mistake(wrong).unwrap().contains("capital letters are wrong (EIP-55)"));
        }
    }
}
