//! The same account in other notations, as other programs write them (`tests/independent/make_notation_vectors.*`); other accounts in
//! the same notations; addresses that are mistyped. And an inventory whose addresses are in many notations.

use std::collections::{BTreeMap, BTreeSet};

use conclave::derivation::address::Recorded;
use conclave::derivation::{Keyring, PublicKey};
use conclave::domain::chain::Chain;
use conclave::domain::inventory::{Collection, SealedBy};
use conclave::domain::proof::AddressCheck;
use data_encoding::HEXLOWER;
use serde_json::Value;

use crate::derivation::{files_in, inventory_of, key_type_of};

/// The public keys that other programs derived, by the word of their type.
struct Keys(BTreeMap<String, Vec<PublicKey>>);

impl Keys {
    fn read() -> Self {
        let mut keys = BTreeMap::new();
        for file in files_in("derivation").iter().filter(|file| file.text("kind").starts_with("keys ")) {
            let word = file.text("kind").trim_start_matches("keys ").to_owned();
            let key = |case: &Value| {
                let bytes = HEXLOWER.decode(case["child_public_key"].as_str().unwrap().as_bytes()).unwrap();
                PublicKey::parse(key_type_of(&word), &bytes).unwrap()
            };
            keys.insert(word.clone(), file.cases().iter().map(key).collect());
        }
        Self(keys)
    }

    fn get(&self, word: &str, place: usize) -> &PublicKey {
        &self.0[word][place]
    }
}

/// One address in some notation, the key that it is of, and another key.
struct Noted<'a> {
    chain: Chain,
    notation: String,
    text: String,
    key: PublicKey,
    other: &'a PublicKey,
}

fn noted(keys: &Keys) -> Vec<Noted<'_>> {
    let mut all = Vec::new();
    for file in files_in("notations").iter().filter(|file| file.text("kind") == "notations") {
        let chain = Chain::parse(file.text("chain")).unwrap();
        let key_type = file.text("key_type");
        let mut push = |notation: &str, text: &Value, key: &PublicKey, place: usize| {
            let (notation, text) = (notation.to_owned(), text.as_str().unwrap().to_owned());
            all.push(Noted { chain: chain.clone(), notation, text, key: *key, other: keys.get(key_type, place + 1) });
        };
        for (notation, cases) in file.json["notations"].as_object().unwrap() {
            for (place, text) in cases.as_array().unwrap().iter().enumerate().take(20) {
                push(notation, text, keys.get(key_type, place), place);
            }
        }
        for (notation, cases) in file.json["small"].as_object().unwrap() {
            for case in cases.as_array().unwrap() {
                let bytes = HEXLOWER.decode(case["public_key"].as_str().unwrap().as_bytes()).unwrap();
                let key = PublicKey::parse(key_type_of(key_type), &bytes).unwrap();
                push(notation, &case["text"], &key, 0);
                push(notation, &case["address"], &key, 0);
            }
        }
    }
    all
}

fn cases(name: &str) -> Vec<Value> {
    let file = files_in("notations").into_iter().find(|file| file.name == name).unwrap();
    file.json["cases"].as_array().unwrap().clone()
}

#[test]
fn the_same_account_in_another_notation_is_a_match() {
    let keys = Keys::read();
    let (mut failures, mut notations) = (Vec::new(), BTreeSet::new());
    let all = noted(&keys);
    for Noted { chain, notation, text, key, other } in &all {
        let recorded = Recorded::read(chain, text);
        let mut fail = |what: String| failures.push(format!("{} {notation}: {text}: {what}", chain.word()));
        let check = recorded.check(key);
        // The key gives these, but the chain does not make them.
        let unspendable =
            ["the key gives it as accounts are made on", "the address of a script (P2SH-P2WPKH) that Dogecoin"];
        let is_unspendable = unspendable.iter().any(|because| check.to_string().contains(because));
        let ways = ["Cosmos account", "Ethereum account", "bech32 inj", "P2SH-P2WPKH"];
        let may_be = ways.iter().any(|way| notation.starts_with(way));
        if !(matches!(check, AddressCheck::Match { .. }) || is_unspendable && may_be) {
            fail(check.to_string());
        }
        if let Some(mistake) = recorded.mistake() {
            fail(format!("cannot be looked for: {mistake}"));
        }
        // Another key is another account, in whatever notation.
        let check = recorded.check(other);
        let is_undecided = chain.word() == "aptos" && check.to_string().contains("can change its key");
        if !matches!(check, AddressCheck::Mismatch { .. }) && !is_undecided {
            fail(format!("of another key: {check}"));
        }
        notations.insert((chain.word().to_owned(), notation.clone()));
    }
    eprintln!("{} addresses in {} notations", all.len(), notations.len());
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), all.len(), failures.join("\n"));
    assert!(notations.len() >= 229 && all.len() >= 1_400, "{} in {}", all.len(), notations.len());
}

#[test]
fn another_account_stays_a_mismatch_in_every_notation() {
    let keys = Keys::read();
    let cases = cases("others.json");
    for case in &cases {
        let chain = Chain::parse(case["chain"].as_str().unwrap()).unwrap();
        let key = keys.get(case["key_type"].as_str().unwrap(), usize::try_from(case["key"].as_u64().unwrap()).unwrap());
        let check = Recorded::read(&chain, case["text"].as_str().unwrap()).check(key);
        let is_undecided = chain.word() == "aptos" && check.to_string().contains("can change its key");
        assert!(matches!(check, AddressCheck::Mismatch { .. }) || is_undecided, "{case}: {check}");
    }
    assert!(cases.len() >= 40, "{}", cases.len());
}

/// The search says only what was looked at.
#[test]
fn a_wrong_checksum_is_told_from_what_is_no_address() {
    let cases = cases("broken.json");
    let text = |case: &Value, member: &str| case[member].as_str().unwrap().to_owned();
    let named = |case: &Value| (text(case, "chain"), text(case, "notation"));
    let with_checksum: BTreeSet<_> = cases.iter().filter(|case| case["fault"] == "checksum").map(named).collect();
    for case in &cases {
        let chain = Chain::parse(&text(case, "chain")).unwrap();
        let said = Recorded::read(&chain, &text(case, "text")).mistake();
        // Zeros at the front of a number may be missing, so that fewer digits are no mistake there.
        let is_short = ["aptos", "sui"].contains(&chain.word()) && text(case, "text").len() < 66;
        let said = said.unwrap_or_else(|| if is_short { String::new() } else { panic!("{case}: nothing is said") });
        let names_checksum = said.contains("checksum is wrong") || said.contains("(EIP-55)");
        // What was cut off or added to has a wrong checksum as well.
        let is_right = if case["fault"] == "checksum" {
            names_checksum
        } else {
            !names_checksum || with_checksum.contains(&named(case))
        };
        assert!(is_right, "{case}: {said}");
    }
    assert!(cases.len() >= 100 && with_checksum.len() >= 20, "{}", cases.len());
}

#[test]
fn an_inventory_in_many_notations_has_no_mismatch_but_the_real_one() {
    let file = |name: &str| files_in("notations").into_iter().find(|file| file.name == name).unwrap().json;
    let (contents, expected) = (file("inventory.json"), file("inventory.expected.json"));
    let inventory = inventory_of(&contents, SealedBy::Quorum);
    let keyring = Keyring::of(&inventory);
    let mut count = 0;
    for version in inventory.items(Collection::Vaults) {
        let said = keyring.derive(&version.item).check.to_string();
        let expected = expected[version.item.id()].as_str().unwrap();
        let is_right = if expected == "match" { said == expected } else { said.starts_with(expected) };
        assert!(is_right, "{}: {said}\nnot {expected}", version.item.title());
        count += 1;
    }
    assert_eq!(count, expected.as_object().unwrap().len());
}
