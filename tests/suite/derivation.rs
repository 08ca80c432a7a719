//! Keys, paths and addresses against values that other programs computed (`tests/independent/make_derivation_vectors.*`), the vaults
//! of the training backups, and faults that are planted in them.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::PathBuf;

use conclave::derivation::{DeriveError, Derived, Keyring, MasterKey, PublicKey, address, import};
use conclave::domain::chain::Chain;
use conclave::domain::derivation_path::DerivationPath;
use conclave::domain::inventory::{BoxSource, Collection, Contents, Fields, Inventory, Item, SealedBy};
use conclave::domain::inventory::{read_records, write_records};
use conclave::domain::key_type::KeyType;
use conclave::domain::kind::Kind;
use conclave::domain::proof::{AddressCheck, KeyFault, KeyStanding, PublicKeyCheck};
use conclave::domain::secret::SecretBytes;
use conclave::domain::time::Timestamp;
use conclave::training::SAMPLES;
use data_encoding::HEXLOWER;
use serde_json::Value;

// ---- the vectors

/// Every form of address that this program gives, and the least number of cases of each.
const FORMS: &[(&str, &str)] = &[
    ("bitcoin", "P2PKH"),
    ("bitcoin", "P2SH-P2WPKH"),
    ("bitcoin", "P2WPKH"),
    ("bitcoin", "P2TR"),
    ("bitcoin-testnet", "P2PKH"),
    ("bitcoin-testnet", "P2SH-P2WPKH"),
    ("bitcoin-testnet", "P2WPKH"),
    ("bitcoin-testnet", "P2TR"),
    ("litecoin", "P2PKH"),
    ("litecoin", "P2SH-P2WPKH"),
    ("litecoin", "P2SH-P2WPKH, old prefix"),
    ("litecoin", "P2WPKH"),
    ("dogecoin", "P2PKH"),
    ("ethereum", "EVM address"),
    ("polygon", "EVM address"),
    ("arbitrum", "EVM address"),
    ("optimism", "EVM address"),
    ("base", "EVM address"),
    ("avalanche", "EVM address"),
    ("bnb", "EVM address"),
    ("tron", "Tron address"),
    ("xrp", "classic address"),
    ("cosmos:cosmos", "Cosmos address"),
    ("cosmos:osmo", "Cosmos address"),
    ("solana", "Solana address"),
    ("stellar", "account id"),
    ("aptos", "Aptos address"),
    ("sui", "Sui address"),
    ("polkadot:0", "SS58 address"),
    ("polkadot:63", "SS58 address"),
    ("polkadot:64", "SS58 address"),
    ("polkadot:16383", "SS58 address"),
    ("bitcoin", "WIF"),
    ("bitcoin-testnet", "WIF"),
    ("litecoin", "WIF"),
    ("dogecoin", "WIF"),
    ("", "bip32"),
    ("", "keys ecdsa"),
    ("", "keys eddsa"),
];
const LEAST: usize = 20;

pub struct File {
    pub name: String,
    pub json: Value,
}

impl File {
    pub fn text(&self, member: &str) -> &str {
        self.json[member].as_str().unwrap_or("")
    }

    pub fn cases(&self) -> &[Value] {
        self.json["cases"].as_array().unwrap()
    }
}

pub fn files_in(folder: &str) -> Vec<File> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &PathBuf| File {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        json: serde_json::from_slice(&fs::read(path).unwrap()).unwrap(),
    };
    paths.iter().map(read).collect()
}

#[test]
fn keys_and_addresses_are_those_of_the_independent_programs() {
    let files = files_in("derivation");
    let keys: BTreeMap<&str, &[Value]> = files
        .iter()
        .filter(|file| file.text("kind").starts_with("keys "))
        .map(|file| (file.text("kind"), file.cases()))
        .collect();
    let (mut count, mut failures) = (0, Vec::new());
    let mut sources: BTreeMap<(String, String), (BTreeSet<String>, usize)> = BTreeMap::new();
    for file in &files {
        let mut cases = 0;
        for (place, case) in file.cases().iter().enumerate() {
            let (kind, key_type) = file.text("kind").split_once(' ').unwrap_or((file.text("kind"), ""));
            let key = keys.get(format!("keys {key_type}").as_str()).and_then(|keys| keys.get(place));
            let (ran, failure) = match (kind, key) {
                ("keys", _) => (1, judge_key(key_type, case)),
                ("bip32", _) => judge_bip32(case),
                ("addresses", Some(key)) => (1, judge_address(file, key, case)),
                ("wif", Some(key)) => (1, judge_wif(file, key, case)),
                (other, _) => (1, Err(format!("no vector of kind {other} is known here"))),
            };
            cases += ran;
            failures.extend(failure.err().map(|failure| format!("{}, case {place}: {failure}", file.name)));
        }
        count += cases;
        let form = if file.text("form").is_empty() { file.text("kind") } else { file.text("form") };
        let entry = sources.entry((file.text("chain").to_owned(), form.to_owned())).or_default();
        entry.0.insert(file.text("source").to_owned());
        entry.1 += cases;
    }
    eprintln!("{count} vectors of {} forms in {} files, {} failures", sources.len(), files.len(), failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    for (chain, form) in FORMS {
        let (programs, cases) = sources.get(&((*chain).to_owned(), (*form).to_owned())).cloned().unwrap_or_default();
        assert!(programs.len() >= 2, "{chain} {form} has the sources {programs:?}");
        assert!(cases >= 2 * LEAST || *form == "bip32" && cases == 2 * 17, "{chain} {form} has {cases} vectors");
    }
}

fn expect(what: &str, found: &str, expected: &Value) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("{what} is {found}, not {expected}")) }
}

fn bytes32(value: &Value) -> [u8; 32] {
    HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap().try_into().unwrap()
}

pub fn key_type_of(word: &str) -> KeyType {
    if word == "ecdsa" { KeyType::Ecdsa } else { KeyType::Eddsa }
}

fn judge_key(key_type: &str, case: &Value) -> Result<(), String> {
    let chain_code = SecretBytes::copy_of(&bytes32(&case["chain_code"]));
    let master = MasterKey::of_private_key(key_type_of(key_type), &bytes32(&case["private_key"]), chain_code)
        .map_err(|error| format!("{error:?}"))?;
    let path = DerivationPath::parse(case["path"].as_str().unwrap()).unwrap();
    let child = master.child(&path).map_err(|error| error.to_string())?;
    expect("the public key", &master.public_key_hex(), &case["public_key"])?;
    expect("the child's private key", child.private_key_hex().reveal(), &case["child_private_key"])?;
    expect("the child's public key", &child.public_key_hex(), &case["child_public_key"])?;
    if key_type == "ecdsa" {
        expect("xprv", master.extended_private_key().unwrap().reveal(), &case["xprv"])?;
        expect("xpub", master.extended_public_key().unwrap().reveal(), &case["xpub"])?;
    }
    Ok(())
}

/// The keys of BIP-32, from the one at m.
fn judge_bip32(case: &Value) -> (usize, Result<(), String>) {
    let chain = case["chain"].as_array().unwrap();
    let bytes = bs58::decode(chain[0]["xprv"].as_str().unwrap()).into_vec().unwrap();
    let private: [u8; 32] = bytes[46..78].try_into().unwrap();
    let master = MasterKey::of_private_key(KeyType::Ecdsa, &private, SecretBytes::copy_of(&bytes[13..45])).unwrap();
    let judge = |key: &Value| {
        let path = DerivationPath::parse(key["path"].as_str().unwrap()).unwrap();
        let child = master.child(&path).map_err(|error| error.to_string())?;
        let last = |name: &str, length: usize| {
            let bytes = bs58::decode(key[name].as_str().unwrap()).into_vec().unwrap();
            Value::from(HEXLOWER.encode(&bytes[78 - length..78]))
        };
        expect("the private key", child.private_key_hex().reveal(), &last("xprv", 32))?;
        expect("the public key", &child.public_key_hex(), &last("xpub", 33))
    };
    (chain.len(), chain.iter().try_for_each(judge))
}

fn judge_address(file: &File, key: &Value, address: &Value) -> Result<(), String> {
    let chain = Chain::parse(file.text("chain")).ok_or("the chain is not known")?;
    let public = HEXLOWER.decode(key["child_public_key"].as_str().unwrap().as_bytes()).unwrap();
    let public = PublicKey::parse(chain.key_type(), &public).ok_or("the public key is not read")?;
    let forms = address::forms(&chain, &public);
    let form = forms.iter().find(|form| form.name == file.text("form")).ok_or("the form is not given")?;
    expect("the address", &form.address, address)?;
    match address::check(&chain, address.as_str().unwrap(), &public) {
        AddressCheck::Match { form, .. } => expect("the form", form, &file.json["form"]),
        other => Err(other.to_string()),
    }
}

fn judge_wif(file: &File, key: &Value, wif: &Value) -> Result<(), String> {
    let master = MasterKey::of_private_key(KeyType::Ecdsa, &bytes32(&key["child_private_key"]), None).unwrap();
    let forms = import::of_vault(file.text("chain"), None, &master.child(&DerivationPath::MASTER).unwrap());
    let form = forms.iter().find(|form| form.name == "WIF").ok_or("no WIF is given")?;
    expect("the WIF", form.value.as_ref().unwrap().reveal(), wif)
}

// ---- the training backups

/// An inventory of contents that a quorum (or anybody) sealed.
pub fn inventory_of(contents: &Value, sealed_by: SealedBy) -> Inventory {
    let plaintext = write_records(Contents::read(Kind::Organization, contents.to_string().as_bytes()).unwrap());
    let entries = read_records(Kind::Organization, plaintext.reveal()).unwrap();
    let mut inventory = Inventory::of(Kind::Organization);
    let created = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    inventory.apply(BoxSource { sealed_by, position: 1, created, issuer: None }, entries);
    inventory.finish();
    inventory
}

fn contents(sample: usize) -> Value {
    serde_json::from_slice(SAMPLES[sample].expected).unwrap()
}

/// What is known of each key.
fn standings<'a>(keyring: &'a Keyring, inventory: &'a Inventory) -> impl Iterator<Item = &'a KeyStanding> {
    inventory.items(Collection::Keys).map(|key| keyring.standing(key.item.id()).unwrap())
}

#[test]
fn every_vault_of_the_training_backups_matches() {
    let mut chains = BTreeSet::new();
    for sample in 0..2 {
        let inventory = inventory_of(&contents(sample), SealedBy::Quorum);
        let keyring = Keyring::of(&inventory);
        assert!(standings(&keyring, &inventory).all(|standing| *standing == KeyStanding::Proven));
        for version in inventory.items(Collection::Vaults) {
            let Derived { check, child } = keyring.derive(&version.item);
            let title = version.item.title();
            assert!(matches!(check.address, AddressCheck::Match { .. }), "{title}: {check}");
            assert_eq!(check.public_key, PublicKeyCheck::Match, "{title}");
            assert!(!check.is_red() && child.is_some());
            chains.insert(version.item.fields().text("chain").unwrap().to_owned());
        }
    }
    assert!(chains.len() >= 22, "{chains:?}");
}

/// The standing of `key-01` and what becomes of `vault-001` after a change of the contents of the first sample.
fn planted(change: impl FnOnce(&mut Value)) -> (KeyStanding, Derived) {
    planted_in(0, SealedBy::Quorum, change)
}

fn planted_in(sample: usize, sealed_by: SealedBy, change: impl FnOnce(&mut Value)) -> (KeyStanding, Derived) {
    let mut contents = contents(sample);
    change(&mut contents);
    let inventory = inventory_of(&contents, sealed_by);
    let keyring = Keyring::of(&inventory);
    let standing = keyring.standing("key-01").cloned().unwrap_or(KeyStanding::NotProven(KeyFault::Unreadable));
    let vault = inventory.standing(Collection::Vaults, "vault-001").unwrap().current.as_ref().unwrap();
    (standing, keyring.derive(&vault.item))
}

fn remove(value: &mut Value, member: &str) {
    value.as_object_mut().unwrap().remove(member);
}

/// Another hexadecimal digit at `place`.
fn flipped(text: &Value, place: usize) -> Value {
    let mut text = text.as_str().unwrap().to_owned();
    let other = if &text[place..=place] == "0" { "1" } else { "0" };
    text.replace_range(place..=place, other);
    Value::String(text)
}

#[test]
fn a_wrong_address_is_a_mismatch_and_the_right_one_is_said() {
    let right = contents(0)["vaults"][0]["address"].as_str().unwrap().to_owned();
    // Of another key, mistyped, of another network, and of another chain altogether.
    for wrong in [
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        &right.replace("bc1q", "bc1qq"),
        &(right.clone() + "x"),
        &right.replacen("bc1", "tb1", 1),
        "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045",
        "\u{202e}\n",
    ] {
        let (standing, derived) = planted(|contents| contents["vaults"][0]["address"] = wrong.into());
        assert_eq!(standing, KeyStanding::Proven);
        let AddressCheck::Mismatch { derived: addresses } = &derived.check.address else {
            panic!("{wrong}: {}", derived.check)
        };
        assert!(addresses.contains(&right), "{wrong}");
        assert!(derived.check.is_red() && derived.check.public_key == PublicKeyCheck::Match);
    }
}

#[test]
fn a_wrong_public_key_is_named_at_the_key_and_at_the_vault() {
    let right = contents(0)["keys"][0]["public_key"].as_str().unwrap().to_owned();
    let (standing, derived) = planted(|contents| {
        contents["keys"][0]["public_key"] = flipped(&contents["keys"][0]["public_key"], 40);
    });
    assert_eq!(standing, KeyStanding::NotProven(KeyFault::OtherPublicKey { derived: right }));
    // What can be computed is still given, and the address speaks for itself.
    assert!(derived.child.is_some() && matches!(derived.check.address, AddressCheck::Match { .. }));

    let right = contents(0)["vaults"][0]["public_key"].as_str().unwrap().to_owned();
    for wrong in [flipped(&right.clone().into(), 40), "none".into()] {
        let (_, derived) = planted(|contents| contents["vaults"][0]["public_key"] = wrong);
        assert_eq!(derived.check.public_key, PublicKeyCheck::Mismatch { derived: right.clone() });
        assert!(derived.check.is_red());
    }
    let key = PublicKey::parse(KeyType::Ecdsa, &HEXLOWER.decode(right.as_bytes()).unwrap()).unwrap();
    let whole = HEXLOWER.encode(&key.uncompressed().unwrap());
    let base64 = data_encoding::BASE64.encode(&key.bytes());
    let colons: Vec<&str> = right.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap()).collect();
    // As `openssl ec -pubout` and others write a key of this curve.
    let info = format!("3056301006072a8648ce3d020106052b8104000a034200{whole}");
    let others = [right[2..].to_owned(), colons.join(":"), format!("{right} (compressed)"), info];
    let usual = [right.to_uppercase(), format!("0x{right}"), format!("0x{whole}"), whole[2..].to_owned(), base64];
    for same in usual.into_iter().chain(others) {
        let (_, derived) = planted(|contents| contents["vaults"][0]["public_key"] = same.into());
        assert_eq!(derived.check.public_key, PublicKeyCheck::Match);
    }
}

#[test]
fn a_wrong_chain_code_shows_at_every_vault_and_not_at_the_key() {
    let (standing, derived) = planted(|contents| {
        contents["keys"][0]["chain_code"] = flipped(&contents["keys"][0]["chain_code"], 0);
    });
    assert_eq!(standing, KeyStanding::Proven);
    assert!(matches!(derived.check.address, AddressCheck::Mismatch { .. }));
    assert!(matches!(derived.check.public_key, PublicKeyCheck::Mismatch { .. }));
}

#[test]
fn one_wrong_share_makes_a_key_that_is_not_proven() {
    for share in 0..3 {
        let (standing, derived) = planted_in(1, SealedBy::Quorum, |contents| {
            let value = &mut contents["keys"][0]["shares"][share]["value"];
            *value = flipped(value, 63);
        });
        assert!(matches!(standing, KeyStanding::NotProven(KeyFault::OtherPublicKey { .. })), "{standing}");
        assert!(matches!(derived.check.address, AddressCheck::Mismatch { .. }) && derived.child.is_some());
    }
}

#[test]
fn a_number_that_is_no_key_is_named_and_nothing_is_derived() {
    let order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    for private in ["0".repeat(64), order.to_owned(), "f".repeat(64)] {
        let (standing, derived) = planted(|contents| contents["keys"][0]["private_key"] = private.into());
        assert_eq!(standing, KeyStanding::NotProven(KeyFault::OutOfRange));
        assert!(derived.child.is_none());
        assert_eq!(
            derived.check.to_string(),
            "cannot check, because its key key-01 cannot be used: the private key is no number that this curve allows"
        );
    }
}

#[test]
fn what_a_record_leaves_out_is_said_in_words() {
    let check = |change: fn(&mut Value)| {
        let (_, derived) = planted(change);
        assert!(!matches!(derived.check.address, AddressCheck::Match { .. }));
        derived.check.to_string()
    };
    assert_eq!(
        check(|contents| remove(&mut contents["vaults"][0], "key_id")),
        "cannot check, because the record does not say which key it belongs to"
    );
    assert_eq!(
        check(|contents| contents["vaults"][0]["key_id"] = "gone".into()),
        "cannot check, because the key gone is not in this backup"
    );
    assert_eq!(
        check(|contents| remove(&mut contents["vaults"][0], "path")),
        "cannot check, because the record has no derivation path"
    );
    assert_eq!(
        check(|contents| remove(&mut contents["keys"][0], "chain_code")),
        "cannot check, because the key has no chain code"
    );
    assert_eq!(
        check(|contents| remove(&mut contents["vaults"][0], "address")),
        "cannot check, because the record has no address; the public key matches"
    );
    assert_eq!(
        check(|contents| contents["vaults"][0]["chain"] = "zcash\u{1b}[2J".into()),
        "cannot check, because the chain zcash<U+001B>[2J is not known to this program; the public key matches"
    );
    assert_eq!(
        check(|contents| contents["vaults"][0]["chain"] = "solana".into()),
        "cannot check, because Solana needs a key of type EDDSA_ED25519, and its key is ECDSA_SECP256K1; the public key matches"
    );
    assert_eq!(
        check(|contents| contents["vaults"][0]["path"] = "44/0/0".into()),
        "cannot check, because a derivation path begins with m"
    );
    assert_eq!(
        check(|contents| {
            contents["vaults"][0]["key_id"] = "key-02".into();
            contents["vaults"][0]["path"] = "m/44'/501'".into();
        }),
        "cannot check, because 44' in its derivation path is hardened, and keys on Ed25519 that were shared between parties have no \
         hardened children"
    );
}

#[test]
fn a_key_that_no_quorum_sealed_confirms_no_address() {
    let (standing, derived) = planted_in(0, SealedBy::Public, |_| {});
    assert_eq!(standing, KeyStanding::Proven);
    assert_eq!(derived.check.to_string(), "cannot check, because no quorum has confirmed its key key-01");
    assert!(derived.child.is_some());
}

#[test]
fn without_a_path_the_master_key_itself_may_be_the_vault() {
    let contents = contents(0);
    let public = HEXLOWER.decode(contents["keys"][0]["public_key"].as_str().unwrap().as_bytes()).unwrap();
    let public = PublicKey::parse(KeyType::Ecdsa, &public).unwrap();
    let address = &address::forms(&Chain::parse("bitcoin").unwrap(), &public)[3].address;
    for path in [None, Some("m"), Some("m/44/0/0/0/0")] {
        let (_, derived) = planted(|contents| {
            remove(&mut contents["keys"][0], "chain_code");
            let vault = &mut contents["vaults"][0];
            remove(vault, "public_key");
            vault["address"] = address.clone().into();
            remove(vault, "path");
            if let Some(path) = path {
                vault["path"] = path.into();
            }
        });
        assert!(matches!(derived.check.address, AddressCheck::Match { .. }), "{path:?}: {}", derived.check);
        assert_eq!(derived.child.unwrap().public_key_hex(), contents["keys"][0]["public_key"]);
    }
}

#[test]
fn a_key_that_no_record_speaks_of_is_derived_by_its_path() {
    let contents = contents(1);
    let keyring = Keyring::of(&inventory_of(&contents, SealedBy::Quorum));
    let path = |text: &str| DerivationPath::parse(text).unwrap();
    let child = keyring.child("key-01", &path("m/44/60/0/0/0")).unwrap();
    let vaults = contents["vaults"].as_array().unwrap();
    let vault = vaults.iter().find(|vault| vault["chain"] == "ethereum" && vault["key_id"] == "key-01").unwrap();
    assert_eq!(address::forms(&Chain::parse("ethereum").unwrap(), child.public_key())[0].address, vault["address"]);
    assert_eq!(keyring.child("gone", &path("m")).unwrap_err(), DeriveError::NoKey);
    assert!(matches!(keyring.child("key-03", &path("m/0'")).unwrap_err(), DeriveError::Hardened { .. }));
    is_shared_by_threads(&keyring);
}

/// Does not compile for anything else.
fn is_shared_by_threads<T: Send + Sync>(_: &T) {}

// ---- hostile texts

/// Numbers that look random and are the same in every run (xorshift).
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// A text of pieces, cut and glued anywhere.
    fn text(&mut self, pieces: &[&str]) -> String {
        let mut text = String::new();
        for _ in 0..=self.below(4) {
            let piece: Vec<char> = self.pick(pieces).chars().collect();
            let (from, to) = (self.below(piece.len() + 1), self.below(piece.len() + 1));
            text.extend(if self.below(2) == 0 { &piece[..] } else { &piece[from.min(to)..from.max(to)] });
        }
        text.chars().take(256).collect()
    }
}

#[test]
fn no_text_of_a_record_stops_the_keyring() {
    let mut draw = Draw(0x9E37_79B9_7F4A_7C15);
    let sample = contents(1);
    let keyring = Keyring::of(&inventory_of(&sample, SealedBy::Quorum));
    let words: Vec<&str> = Chain::offered()
        .iter()
        .map(Chain::word)
        .chain(["cosmos:é", "polkadot:99999", "cosmos:", "COSMOS:INJ", "x", "\0"])
        .collect();
    let recorded = sample["vaults"].as_array().unwrap().iter().map(|vault| vault["address"].as_str().unwrap());
    let mut addresses: Vec<&str> = recorded.collect();
    let long = "é".repeat(256);
    addresses.extend([
        "0x",
        "0X",
        "x-",
        "bnb1",
        "M",
        "bc1",
        "bc1p",
        "ltcmweb1",
        "lţcmweb1",
        "1",
        "",
        "é",
        "𝔘",
        &long,
        "\u{202e}",
        "\n",
    ]);
    addresses.push("bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3");
    let paths =
        ["m", "/", "44", "/0", "'", "2147483648", "/4294967296", "h", "m/44/0/0/0/0", "é", "-1", " ", "/1/1/1/1/1/1"];
    let mut reached = HashSet::new();
    for _ in 0..20_000 {
        let mut fields = Fields::default().with_text("id", "v").with_text("name", "n");
        fields = fields.with_text("chain", draw.pick(&words));
        for (member, pieces) in [("address", &addresses[..]), ("path", &paths[..]), ("public_key", &addresses[..])] {
            let text = if draw.below(3) == 0 { draw.pick(pieces).to_owned() } else { draw.text(pieces) };
            if draw.below(8) > 0 && !text.is_empty() {
                fields = fields.with_text(member, &text);
            }
        }
        fields = fields.with_text("key_id", draw.pick(&["key-01", "key-02", "key-03", "key-04", "é"]));
        let Ok(item) = Item::new(Collection::Vaults, fields) else { continue };
        let derived = keyring.derive(&item);
        if let Some(child) = &derived.child {
            let (chain, address) = (item.fields().text("chain").unwrap(), item.fields().text("address"));
            assert!(!import::of_vault(chain, address, child).is_empty());
        }
        reached.insert(std::mem::discriminant(&derived.check.address));
        assert!(!derived.check.to_string().contains('\u{1b}'));
    }
    assert!(reached.len() >= 3);
}

#[test]
fn no_key_of_a_record_stops_the_keyring() {
    let mut draw = Draw(0xD1B5_4A32_D192_ED03);
    let numbers: [String; 6] = [
        "0".repeat(64),
        "f".repeat(64),
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141".to_owned(),
        "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010".to_owned(),
        "0".repeat(63) + "1",
        "7".repeat(64),
    ];
    let mut seen = HashSet::new();
    for _ in 0..500 {
        let mut contents = contents(draw.below(2));
        for key in contents["keys"].as_array_mut().unwrap() {
            let mut number = || Value::String(numbers[draw.below(numbers.len())].clone());
            let public = if key["key_type"] == "ECDSA_SECP256K1" { "02" } else { "" }.to_owned();
            key["public_key"] = (public + number().as_str().unwrap()).into();
            key["chain_code"] = number();
            if key["private_key"].is_string() {
                key["private_key"] = number();
            } else {
                (0..3).for_each(|share| key["shares"][share]["value"] = number());
            }
        }
        let inventory = inventory_of(&contents, SealedBy::Quorum);
        let keyring = Keyring::of(&inventory);
        seen.extend(standings(&keyring, &inventory).map(std::mem::discriminant));
        for version in inventory.items(Collection::Vaults) {
            assert!(!keyring.derive(&version.item).check.to_string().is_empty());
        }
        for key in inventory.items(Collection::Keys) {
            assert!(keyring.master(key.item.id()).is_none_or(|master| !import::of_master(master).is_empty()));
        }
    }
    assert!(!seen.is_empty());
}

#[test]
#[ignore = "a measurement, for a release build: cargo test --release --test suite -- --ignored --nocapture derivation::"]
fn how_long_vaults_take_on_one_core() {
    let keyring = Keyring::of(&inventory_of(&contents(1), SealedBy::Quorum));
    for (word, key_id, form) in [
        ("ethereum", "key-01", 0),
        ("bitcoin", "key-01", 0),
        ("bitcoin", "key-01", 1),
        ("xrp", "key-01", 0),
        ("solana", "key-03", 0),
        ("aptos", "key-03", 0),
    ] {
        let chain = Chain::parse(word).unwrap();
        let vaults: Vec<Item> = (0..2_000_u32)
            .map(|account| {
                let path = DerivationPath::of_vault(chain.coin(), account, 0).unwrap().to_string();
                let child = keyring.child(key_id, &DerivationPath::parse(&path).unwrap()).unwrap();
                let address = address::forms(&chain, child.public_key()).remove(form).address;
                let texts = [
                    ("id", "v"),
                    ("name", "n"),
                    ("chain", word),
                    ("key_id", key_id),
                    ("path", &path),
                    ("address", &address),
                ];
                let fields =
                    texts.into_iter().fold(Fields::default(), |fields, (name, text)| fields.with_text(name, text));
                Item::new(Collection::Vaults, fields).unwrap()
            })
            .collect();
        let start = std::time::Instant::now();
        let is_match = |vault: &Item| matches!(keyring.derive(vault).check.address, AddressCheck::Match { .. });
        assert!(vaults.iter().all(is_match));
        eprintln!("{word}, form {form}: {:?} a vault of its own account", start.elapsed() / 2_000);
    }
}
