//! What goes into a backup: documents and tables as people write them, and new master keys.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use conclave::derivation::Keyring;
use conclave::domain::inventory::{Agreed, Collection, Contents, Counts, Document, Fields, vaults};
use conclave::domain::kind::Kind;
use conclave::domain::people::people;
use conclave::domain::proof::{AddressCheck, KeyStanding};
use conclave::session::gathered::{self, Gathered};

use crate::support::{CheapKdf, Seeded, backup, cases, contents, found, open_with, plan, project, text};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

fn gathered(paths: &[&Path]) -> Gathered {
    let mut gathered = Gathered::default();
    for path in paths {
        gathered.add(&path.to_path_buf().into()).unwrap();
    }
    gathered
}

fn refusal(gathered: &mut Gathered, path: &Path) -> String {
    let before = gathered.facts().clone();
    let trouble = gathered.add(&path.to_path_buf().into()).unwrap_err();
    assert_eq!(*gathered.facts(), before, "nothing of a refused file is kept");
    assert!(trouble.hint.starts_with("Nothing of it was added. ") && trouble.hint.ends_with('.'), "{}", trouble.hint);
    trouble.what
}

/// Sealed, opened, and given out again.
fn through_a_backup(records: Vec<Fields>) -> String {
    let (snapshot, phrases) = found(plan(2, 2), records, &CheapKdf, &mut Seeded::new("inventory"));
    let opened = open_with(&backup(&[&snapshot]), &phrases, &[1, 2], &CheapKdf).unwrap();
    assert_eq!(opened.findings.iter().filter(|finding| finding.is_red()).count(), 0);
    contents(&opened)
}

const DOCUMENT: &str = r#"{"format":"conclave-contents","version":1,"organization":"Example Cellar","keys":[],"vaults":[
    {"id":"v1","name":"Rent","chain":"bitcoin"}],"accounts":[]}"#;

#[test]
fn the_example_of_the_documentation_is_sealed_and_comes_back() {
    let page = std::fs::read_to_string(project("docs/inventory.md")).unwrap();
    let example = page.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let folder = Folder::new();
    let mut gathered = gathered(&[&folder.file("example.json", example)]);
    let facts = gathered.facts().clone();
    assert_eq!(facts.counts, Counts { keys: 1, vaults: 1, accounts: 1, codes: 2 });
    assert_eq!((facts.organization, facts.is_production), (Some(text("Example Cellar")), false));
    assert_eq!(facts.remarks.len(), 1, "its vault has no address yet: {:?}", facts.remarks);
    let records = gathered.records(&text("Example Cellar"), &mut Seeded::new("none")).unwrap();
    let back: serde_json::Value = serde_json::from_str(&through_a_backup(records)).unwrap();
    let mut expected: serde_json::Value = serde_json::from_str(example).unwrap();
    expected.as_object_mut().unwrap().remove("purpose");
    assert_eq!(back, expected);
}

#[test]
fn what_recovery_gives_is_sealed_again_without_a_difference() {
    for name in ["2-of-3", "3-of-5"] {
        let expected = std::fs::read(project(&format!("assets/training/{name}/expected.json"))).unwrap();
        let path = project(&format!("assets/training/{name}/expected.json"));
        let mut gathered = gathered(&[&path]);
        let organization = gathered.facts().organization.clone().unwrap();
        let records = gathered.records(&organization, &mut Seeded::new("none")).unwrap();
        assert_eq!(through_a_backup(records).as_bytes(), expected);
    }
}

#[test]
fn files_add_up_and_what_does_not_fit_together_is_refused() {
    let folder = Folder::new();
    let document = folder.file("a.json", DOCUMENT);
    let table = folder.file("b.csv", "id;name;chain\nv2;Travel;ethereum\n");
    let mut all = gathered(&[&document, &table]);
    assert_eq!((all.facts().counts.vaults, all.files().len()), (2, 2));
    assert!(refusal(&mut all, &document).ends_with("a.json was added already."));
    let again = folder.file("c.csv", "id,name,chain\nv9,New,bitcoin\nv1,Rent,bitcoin\n");
    let said = refusal(&mut all, &again);
    assert!(
        said.starts_with("the vault v1 is in ") && said.contains("a.json and in ") && said.contains("c.csv"),
        "{said}"
    );
    let other = folder.file("d.json", DOCUMENT.replace("Cellar", "Attic").replace("v1", "v3"));
    assert!(
        refusal(&mut all, &other)
            .contains("d.json is of Example Attic, and what was added before is of Example Cellar")
    );
    let wrong = folder.file("e.json", DOCUMENT.replace("\"Rent\"", "7"));
    assert!(refusal(&mut all, &wrong).contains("number 1 of vaults (line 2): name is not a text"), "line and member");
    let snapshot = project("assets/training/2-of-3/snapshot.json");
    assert!(refusal(&mut all, &snapshot).contains("so it is a backup already"));
    let secret = folder.file("f.csv", "name,chain,private_key\nx,bitcoin,5555555555\n");
    let said = refusal(&mut all, &secret);
    assert!(said.contains("line 2: something stands in the column private_key") && !said.contains("5555"), "{said}");
    assert!(refusal(&mut all, folder.0.path()).contains("is a folder"));
    // The name that people decide on is sealed, and all that was added.
    let records = all.records(&text("Another name"), &mut Seeded::new("none")).unwrap();
    let back: serde_json::Value = serde_json::from_str(&through_a_backup(records)).unwrap();
    assert_eq!((back["organization"].as_str(), back["vaults"].as_array().unwrap().len()), (Some("Another name"), 2));
}

#[test]
fn new_master_keys_derive_what_is_sealed_of_their_vaults() {
    let folder = Folder::new();
    let table = folder.file(
        "vaults.csv",
        "id,name,chain,address,derivation_path\n\
         e,Evm,ethereum,,m/44/60/0/0/0\nb,Bitcoin,bitcoin,,m/44/0/0/0/1\ns,Solana,solana,,m/44/501/0/0/0\n\
         p,Dot,polkadot:0,,m/44/354/0/0/2\nn,No path,tron,,\nh,Hardened,sui,,m/44'/784'/0'\nx,Unknown,moonbase,,m/1\n\
         o,Old,bitcoin,1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH,\n",
    );
    let mut gathered = gathered(&[&table]);
    gathered.create_keys(true);
    let remarks = gathered.facts().remarks.join("\n");
    for said in [
        "\"No path\": it gets a new key",
        "\"Hardened\": its path",
        "moonbase is not known",
        "\"Old\": it names no key",
    ] {
        assert!(remarks.contains(said), "{said} is not in\n{remarks}");
    }
    let mut entropy = Seeded::new("new keys");
    let records = gathered.records(&text("Cellar"), &mut entropy).unwrap();
    let again = gathered.records(&text("Cellar"), &mut entropy).unwrap();
    assert!(records.len() == again.len() && records.iter().zip(&again).all(|(one, other)| one.same_as(other)));

    let (snapshot, phrases) = found(plan(2, 2), records, &CheapKdf, &mut Seeded::new("x"));
    let opened = open_with(&backup(&[&snapshot]), &phrases, &[1, 2], &CheapKdf).unwrap();
    let keyring = Keyring::of(&opened.inventory);
    let keys: Vec<_> = opened.inventory.items(Collection::Keys).map(|key| &key.item).collect();
    assert_eq!(keys.len(), 2);
    assert!(keys.iter().all(|key| keyring.standing(key.id()) == Some(&KeyStanding::Proven)));
    assert!(keys.iter().all(|key| key.title().starts_with("Master key (")));
    for vault in opened.inventory.items(Collection::Vaults) {
        let check = keyring.derive(&vault.item).check;
        let is_match = matches!(check.address, AddressCheck::Match { .. });
        assert_eq!(is_match, ["e", "b", "s", "p"].contains(&vault.item.id()), "{}: {check}", vault.item.id());
        let has_key = vault.item.fields().text("key_id").is_some();
        assert_eq!(has_key, ["e", "b", "s", "p", "n"].contains(&vault.item.id()));
    }
    // Without the wish they stay away, also after they were made.
    gathered.create_keys(false);
    assert_eq!(gathered.records(&text("Cellar"), &mut entropy).unwrap().len(), 1 + 8);
    // Another entropy gives other keys.
    let key = |seed: &str| {
        let mut other = Gathered::default();
        other.add(&table.clone().into()).unwrap();
        other.create_keys(true);
        through_a_backup(other.records(&text("Cellar"), &mut Seeded::new(seed)).unwrap())
    };
    assert_ne!(key("one"), key("two"));
}

#[test]
fn what_does_not_check_is_remarked_and_sealed_all_the_same() {
    let folder = Folder::new();
    let digits = |digit: &str| digit.repeat(64);
    let json = format!(
        r#"{{"format":"conclave-contents","version":1,"organization":"A","purpose":"production","accounts":[],
        "keys":[{{"id":"k1","name":"First","key_type":"ECDSA_SECP256K1","public_key":"02{}","private_key":"{}1","chain_code":"{}"}}],
        "vaults":[{{"id":"1","name":"Lost","chain":"bitcoin","key_id":"k9","adress":"x"}},
                  {{"id":"2","name":"Other","chain":"ethereum","key_id":"k1","path":"m/44/60/0/0/0","address":"0x0000000000000000000000000000000000000001"}}]}}"#,
        digits("1"),
        "0".repeat(63),
        digits("0")
    );
    let all = gathered(&[&folder.file("a.json", json)]);
    assert!(all.facts().is_production);
    let remarks = all.facts().remarks.join("\n");
    for said in [
        "Key \"First\": the private key gives another public key",
        "Vault \"Lost\": cannot check, because the key k9 is not in this backup",
        "Vault \"Other\": MISMATCH",
        "a member that this version does not know: adress",
    ] {
        assert!(remarks.contains(said), "{said} is not in\n{remarks}");
    }
}

#[test]
fn a_hundred_thousand_vaults_are_read_in_seconds_and_too_much_is_refused() {
    let folder = Folder::new();
    let rows: String =
        (0..100_000).map(|n| format!("Vault {n},ethereum,m/44/60/0/0/{n}")).collect::<Vec<_>>().join("\n");
    let table = folder.file("many.csv", format!("name,chain,derivation_path\n{rows}"));
    let begun = Instant::now();
    let mut all = gathered(&[&table]);
    assert_eq!(all.facts().counts.vaults, 100_000);
    let vaults: Vec<String> = (0..50_000).map(|n| format!(r#"{{"id":"d{n}","name":"n","chain":"xrp"}}"#)).collect();
    let document = DOCUMENT.replace(r#"{"id":"v1","name":"Rent","chain":"bitcoin"}"#, &vaults.join(",\n"));
    all.add(&folder.file("many.json", document).into()).unwrap();
    let took = begun.elapsed();
    eprintln!("150,000 vaults in {took:?}");
    assert!(took < Duration::from_secs(80), "{took:?}");
    assert!(all.facts().remarks.len() <= 22);

    let large = folder.file("large.json", vec![b' '; (44 << 20) + 1]);
    assert!(refusal(&mut all, &large).contains("larger than 44 MiB"));
    // Characters that take six times their bytes when they are sealed.
    let note = "\u{e9}".repeat(4096);
    let account = |n: usize| {
        format!(
            r#"{{"service":"s{n}","login":"l","owners":[],"kind":"none","codes":[],"used":[],"saved":"2026-01-01T00:00:00Z","note":"{note}"}}"#
        )
    };
    let accounts: Vec<String> = (0..2_000).map(account).collect();
    let wide = DOCUMENT.replace("\"accounts\":[]", &format!("\"accounts\":[{}]", accounts.join(",")));
    assert!(wide.len() < 40 << 20);
    assert!(refusal(&mut gathered(&[]), &folder.file("wide.json", wide)).contains("more than the 44 MiB"));
    let deep = DOCUMENT.replace(
        "\"chain\":\"bitcoin\"",
        &format!("\"chain\":\"bitcoin\",\"x\":{}{}", "[".repeat(9000), "]".repeat(9000)),
    );
    assert!(refusal(&mut gathered(&[]), &folder.file("deep.json", deep)).contains("at most 16 levels"));
}

#[test]
fn records_of_later_versions_change_nothing_when_all_is_sealed_anew() {
    // A record that was understood in part and decided on since: it must not come back.
    let extra = r#"{"record":"put","collection":"vaults","more":1,"item":{"id":"ID","name":"Old","chain":"bitcoin"}}"#;
    let json = DOCUMENT.replace(
        "\"accounts\":[]",
        &format!(
            r#""accounts":[],"unknown_records":[{},{},{{"record":"organization","name":"Old","more":1}},{{"record":"teleport"}}]"#,
            extra.replace("ID", "v1"),
            extra.replace("ID", "gone")
        ),
    );
    let back = through_a_backup(Contents::read(Kind::Organization, json.as_bytes()).unwrap());
    let (back, given): (serde_json::Value, serde_json::Value) =
        (serde_json::from_str(&back).unwrap(), serde_json::from_str(&json).unwrap());
    assert_eq!(back, given);
}

#[test]
fn no_mutation_of_a_file_is_a_panic_and_what_is_taken_comes_back_equal() {
    let mut random = Seeded::new("mutations");
    let table = "id,name,chain,derivation_path\nv1,Rent,bitcoin,m/44/0/0/0/1\n\"v,2\",\"T \"\"x\"\"\",solana,\n";
    let list = "name,email\nJane Doe,jane@example.org\nJoe,\n";
    let document = String::from_utf8(std::fs::read(project("assets/training/3-of-5/expected.json")).unwrap()).unwrap();
    let pieces: [&[u8]; 14] = [
        b"\"",
        b",",
        b";",
        b"\n",
        b"\r",
        b"{",
        b"}",
        b"[",
        b"]",
        b"\xef\xbb\xbf",
        b"\xff",
        b"\\u0000",
        b"\xe2\x80\xae",
        b"null",
    ];
    let mut mutated = |from: &str| {
        let mut bytes = from.as_bytes().to_vec();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => bytes.truncate(at),
                1 => drop(bytes.remove(at)),
                2 => bytes[at] = u8::try_from(random.below(256)).unwrap(),
                _ => drop(bytes.splice(at..at, pieces[random.below(pieces.len())].iter().copied())),
            }
            if bytes.is_empty() {
                bytes.push(b'x');
            }
        }
        bytes
    };
    let (mut documents, mut tables, mut lists) = (0, 0, 0);
    for _ in 0..cases(20_000) {
        let json = mutated(&document);
        if let Ok(read) = Document::read(Kind::Organization, &json) {
            documents += 1;
            // Sealing everything each time would take long; the derivation is cheap, the rest is not.
            if documents % 5 == 0 {
                let sealed: serde_json::Value = serde_json::from_str(&through_a_backup(read.into_records())).unwrap();
                let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&json);
                let mut given: serde_json::Value = serde_json::from_slice(json).unwrap();
                for collection in ["accounts", "keys", "vaults"] {
                    sort(&mut given[collection], collection);
                }
                // Where nothing is said of used codes, none was used.
                for account in given["accounts"].as_array_mut().unwrap() {
                    account.as_object_mut().unwrap().entry("used").or_insert_with(|| serde_json::json!([]));
                }
                assert_eq!(sealed, given);
            }
        }
        tables += usize::from(vaults(&mutated(table), &Agreed::default()).is_ok());
        lists += usize::from(people(&mutated(list)).is_ok());
    }
    eprintln!("taken: {documents} documents, {tables} tables, {lists} lists");
    assert!(documents > 20 && tables > 20 && lists > 20);
}

/// As contents are written: by id.
fn sort(list: &mut serde_json::Value, collection: &str) {
    let id = |item: &serde_json::Value| match collection {
        "accounts" => {
            conclave::domain::inventory::account_id(item["service"].as_str().unwrap(), item["login"].as_str().unwrap())
        }
        _ => item["id"].as_str().unwrap().to_owned(),
    };
    list.as_array_mut().unwrap().sort_by_key(id);
}

#[test]
fn a_list_of_people_is_read_from_a_file() {
    let folder = Folder::new();
    let list = folder.file("people.csv", "Jane Doe,jane@example.org\nJoe\n");
    assert_eq!(gathered::people(&list).unwrap().len(), 2);
    let wrong = gathered::people(&folder.file("wrong.csv", "Jane,\u{1b}[2J@")).unwrap_err();
    assert!(wrong.what.contains("line 1, column email: <U+001B>[2J@ is not an e-mail address"), "{}", wrong.what);
    assert!(gathered::people(&folder.0.path().join("none")).unwrap_err().what.contains("does not exist"));
}
