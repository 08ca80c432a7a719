//! What comes out is proven: the keys of the training backup are those that independent programs derive, in every form that other
//! programs read; and what was planted wrong is named on screen, in the export, and by the exit code.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use conclave::domain::inventory::Contents;
use conclave::domain::kind::Kind;
use conclave::snapshot::v1::layout;
use conclave::ui::key::Key;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use serde_json::Value;

use crate::support::desk::Desk;
use crate::support::*;

const SAMPLE: &str = "3-of-5";

fn expected_contents() -> Value {
    serde_json::from_slice(&fs::read(project("assets/training").join(SAMPLE).join("expected.json")).unwrap()).unwrap()
}

/// What independent programs derived: of each vault its private key and its address (`tests/independent/make_training_keys.py`).
fn independent() -> BTreeMap<String, (String, String)> {
    let keys: Value = serde_json::from_slice(&fs::read(project("tests/vectors/training-keys.json")).unwrap()).unwrap();
    let of = |vault: &Value, name: &str| vault[name].as_str().unwrap().to_owned();
    let vaults = keys[SAMPLE].as_object().unwrap();
    let vaults = vaults.iter().map(|(id, vault)| (id.clone(), (of(vault, "private_key"), of(vault, "address"))));
    let vaults: BTreeMap<_, _> = vaults.collect();
    assert_eq!(vaults.len(), 40);
    vaults
}

/// The training backup in a form, written by the real program.
fn exported(folder: &Path, form: &str) -> PathBuf {
    let sample = project("assets/training").join(SAMPLE);
    let out = folder.join(form);
    let mut command = conclave();
    command.arg("recover").arg(sample.join("snapshot.json")).arg("--phrases").arg(sample.join("phrases.txt"));
    command.arg("--out").arg(&out).args(["--format", form]);
    if form == "kdbx" {
        fs::write(folder.join("passphrase"), "a passphrase on paper\n").unwrap();
        command.arg("--passphrase").arg(folder.join("passphrase"));
    } else {
        command.arg("--plaintext");
    }
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    // Two records of it were added without the quorum and contradict nothing.
    assert_eq!(output.status.code(), Some(0), "{said}");
    let notes: Vec<&str> = said.lines().filter(|line| line.starts_with("Note: ")).collect();
    let added = "added 2026-11-21 by somebody who had the file.";
    assert_eq!(
        notes,
        [
            format!("Note: Account \"Newsletter Service / press@example.org\": no quorum has confirmed it; {added}"),
            format!("Note: Vault \"展覧会 fund\": its address proves it: a key that a quorum sealed gives it; {added}"),
        ]
    );
    assert!(said.contains("compared with the record: 40 of 40 match."), "{said}");
    out
}

#[test]
fn every_vault_of_the_training_backup_has_the_key_that_independent_programs_derive() {
    let folder = tempfile::tempdir().unwrap();
    let independent = independent();

    let table = fs::read(exported(folder.path(), "csv")).unwrap();
    let mut rows = csv::Reader::from_reader(table.as_slice());
    assert_eq!(
        rows.headers().unwrap().iter().collect::<Vec<_>>().join(","),
        "Vault Name,Chain,Address,Key Type,Bip Path,Public Key,Private Key,Address Check"
    );
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), independent.len());
    // Before an address that a spreadsheet would take for a number or a day stands an apostrophe.
    let without = |cell: &str| cell.strip_prefix('\'').unwrap_or(cell).to_owned();
    let mut written: Vec<(String, String)> = rows.iter().map(|row| (without(&row[6]), without(&row[2]))).collect();
    let mut expected: Vec<(String, String)> = independent.values().cloned().collect();
    written.sort();
    expected.sort();
    assert_eq!(written, expected);
    for row in &rows {
        assert!(row[7].starts_with("match"), "{}: {}", &row[0], &row[7]);
    }

    let keys: Value = serde_json::from_slice(&fs::read(exported(folder.path(), "keys")).unwrap()).unwrap();
    for vault in keys["vaults"].as_array().unwrap() {
        let (private, address) = &independent[vault["id"].as_str().unwrap()];
        assert_eq!(
            (vault["private_key"].as_str(), vault["address"].as_str()),
            (Some(private.as_str()), Some(address.as_str()))
        );
    }
    assert_eq!(keys["vaults"].as_array().unwrap().len(), independent.len());
    for key in keys["keys"].as_array().unwrap() {
        assert!(key["check"].as_str().unwrap().starts_with("proven"), "{key}");
    }

    let database = exported(folder.path(), "kdbx");
    let Some(mut keepassxc) = program("keepassxc-cli") else { return };
    keepassxc.args(["export", "--quiet", "--format", "xml"]).arg(database);
    let xml = piped(&mut keepassxc, "a passphrase on paper\n");
    let mut found = 0;
    for entry in xml.split("<Entry>").skip(1) {
        let Some((private, address)) = field(entry, "Vault ID").and_then(|id| independent.get(&id)) else { continue };
        assert_eq!(
            (field(entry, "Private Key"), field(entry, "Address")),
            (Some(private.clone()), Some(address.clone()))
        );
        found += 1;
    }
    assert_eq!(found, independent.len());
}

/// The value of a field in an entry of a `KeePass` file as XML.
fn field(entry: &str, name: &str) -> Option<String> {
    let (_, rest) = entry.split_once(&format!("<Key>{name}</Key>"))?;
    let (_, rest) = rest.split_once("<Value")?;
    Some(rest.split_once('>')?.1.split_once("</Value>")?.0.to_owned())
}

// --- Planted faults ---

/// A fault: what it is called, what is changed, and what has to be said about which item.
type Planted = (&'static str, fn(&mut Value), &'static str, &'static str);

/// Changes the last character of a text to another one of the same kind.
fn change(value: &mut Value, member: &str) {
    let text = value[member].as_str().unwrap();
    let other = if text.ends_with('2') { "3" } else { "2" };
    value[member] = format!("{}{other}", &text[..text.len() - 1]).into();
}

const PLANTED: &[Planted] = &[
    ("address", |contents| change(&mut contents["vaults"][2], "address"), "Vault \"Reserve\"", "MISMATCH"),
    (
        "address of an ed25519 key",
        |contents| change(&mut contents["vaults"][28], "address"),
        "Vault \"Endowment\"",
        "MISMATCH",
    ),
    (
        "public key of a vault",
        |contents| change(&mut contents["vaults"][2], "public_key"),
        "Vault \"Reserve\"",
        "PUBLIC KEY MISMATCH",
    ),
    ("public key", |contents| change(&mut contents["keys"][0], "public_key"), "Key \"Treasury\"", "another public key"),
    ("chain code", |contents| change(&mut contents["keys"][0], "chain_code"), "Vault \"Reserve\"", "MISMATCH"),
    (
        "share",
        |contents| change(&mut contents["keys"][0]["shares"][1], "value"),
        "Key \"Treasury\"",
        "another public key",
    ),
    (
        "key that is missing",
        |contents| contents["vaults"][2]["key_id"] = "key-09".into(),
        "Vault \"Reserve\"",
        "key-09 is not in this backup",
    ),
];

#[test]
fn what_was_planted_wrong_is_named_on_screen_in_the_export_and_by_the_exit_code() {
    for (name, plant, item, said) in PLANTED {
        let mut contents = expected_contents();
        plant(&mut contents);
        assert_ne!(contents, expected_contents(), "{name}");
        let records = Contents::read(Kind::Organization, contents.to_string().as_bytes()).unwrap();
        let (snapshot, phrases) = found(plan(2, 2), records, &CachedArgon2::default(), &mut Seeded::new(*name));
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("snapshot.json"), layout::to_bytes(&snapshot)).unwrap();
        let lines: Vec<String> = phrases.iter().map(|phrase| phrase.reveal_words().join(" ") + "\n").collect();
        fs::write(path("phrases.txt"), lines.concat()).unwrap();

        // By the exit code and in words, also where nothing derived is written.
        let output = recover(&path("snapshot.json"), &path("phrases.txt"), &path("out.json"));
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(7), "{name}: {text}");
        let line = text
            .lines()
            .find(|line| line.starts_with(&format!("CHECK: {item}")))
            .unwrap_or_else(|| panic!("{name}: {text}"));
        assert!(line.contains(said), "{name}: {line}");

        // In every form that holds what is derived, and the recorded values are all still there.
        for form in ["keys", "csv", "text"] {
            let out = path(form);
            let mut command = conclave();
            command.arg("recover").arg(path("snapshot.json")).arg("--phrases").arg(path("phrases.txt"));
            let output = command.arg("--out").arg(&out).args(["--format", form, "--plaintext"]).output().unwrap();
            assert_eq!(output.status.code(), Some(7), "{name} {form}");
            let written: String = fs::read_to_string(&out).unwrap().split_whitespace().collect();
            let is_of_a_key = item.starts_with("Key");
            let said: String = said.split_whitespace().collect();
            // The table is of vaults only.
            assert!(written.contains(&said) || form == "csv" && is_of_a_key, "{name}: {form}");
        }

        // On screen (with a cheap derivation): counted, listed first when sorted, and said inside.
        let records = Contents::read(Kind::Organization, contents.to_string().as_bytes()).unwrap();
        let (snapshot, phrases) = found(plan(2, 2), records, &CheapKdf, &mut Seeded::new(*name));
        let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
        desk.begin().open_with(&phrases, &[1, 2]).is("Recovered", "do not check: see About");
        desk.key(Key::Left).is("Recovered", item).key(Key::Right);
        if item.starts_with("Vault") {
            desk.key(Key::Right);
        }
        desk.press("ooo").is("Recovered", "the worst first").key(Key::Enter);
        let screen = desk.screen();
        assert!(screen.contains("! ") && screen.contains(said), "{name}:\n{screen}");
    }
}

#[test]
fn a_key_that_no_quorum_sealed_proves_nothing() {
    use conclave::snapshot::refresh::{Issue, append_public};
    // Somebody who has the file adds a key of his own and a vault whose address fits it.
    let contents = expected_contents();
    let mut key = contents["keys"][0].clone();
    key["id"] = "key-99".into();
    let mut vault = contents["vaults"][2].clone();
    (vault["id"], vault["key_id"], vault["name"]) = ("vault-999".into(), "key-99".into(), "Planted".into());
    let mut given = contents.clone();
    given["keys"] = serde_json::json!([key]);
    given["vaults"] = serde_json::json!([vault]);
    given["accounts"] = serde_json::json!([]);
    let records = |contents: &Value| Contents::read(Kind::Organization, contents.to_string().as_bytes()).unwrap();
    let (snapshot, phrases) = found(plan(2, 2), records(&contents), &CheapKdf, &mut Seeded::new("authority"));
    let issue = Issue { created: time("2026-05-05T05:05:05Z"), issuer: None, entropy: &mut Seeded::new("later") };
    let forged = append_public(&snapshot, records(&given), issue).unwrap();
    let mut desk = Desk::new(&[("snapshot.json", &forged)], false);
    desk.begin().open_with(&phrases, &[1, 2]).keys(&[Key::Right, Key::End]).is("Recovered", "!Planted");
    assert!(
        desk.screen().lines().any(|line| line.contains("!Planted") && line.ends_with("cannot check")),
        "{}",
        desk.screen()
    );
    desk.key(Key::Enter).is("Recovered", "no quorum has confirmed its key");
}

// --- Vaults that are not in the backup ---

#[test]
fn a_vault_that_is_not_in_the_backup_is_derived_by_its_path_and_found_by_its_address() {
    let contents = expected_contents();
    let listed = |id: usize| {
        let vault = &contents["vaults"][id];
        let text = |name: &str| vault[name].as_str().unwrap().to_owned();
        (text("address"), text("path"), text("id"))
    };
    let records = Contents::read(Kind::Organization, contents.to_string().as_bytes()).unwrap();
    let (snapshot, phrases) = found(plan(2, 2), records, &CheapKdf, &mut Seeded::new("unlisted"));
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().open_with(&phrases, &[1, 2]);
    // Of the first key, by its path: `Reserve`, at index 2.
    let (address, path, id) = listed(2);
    desk.press("n").key(Key::Enter).press("bitcoin").keys(&[Key::Enter, Key::Enter]).is("Recovered", "coin: Bitcoin");
    desk.key(Key::Ctrl('u')).press(&path).key(Key::Enter).is("Recovered", &address);
    let private = &independent()[&id].0;
    assert!(!desk.screen().contains(&private[..8]), "hidden");
    let screen = desk.screen();
    let rows: Vec<&str> = screen.lines().skip_while(|line| !line.contains("> ")).collect();
    let down = rows.iter().position(|line| line.contains("derived private key")).unwrap();
    desk.keys(&vec![Key::Down; down]).is("Recovered", "(hidden: y shows it)").press("y");
    desk.is("Recovered", &private[..8]);
    // A path that is none is named, and a hardened one of an ed25519 key too; Esc leads back.
    desk.key(Key::Esc).is("Recovered", "Path: ").press("/x").key(Key::Enter).is("Recovered", "Not derived");
    desk.keys(&[Key::Esc; 4]).is("Recovered", "[Keys");
    // Of the third key, by an address that is known: `Endowment, yearly draw`, at index 1.
    let (address, path, _) = listed(29);
    desk.press("n").keys(&[Key::Down, Key::Down, Key::Enter]).press("solana").key(Key::Enter);
    desk.keys(&[Key::Down, Key::Enter])
        .press(&address)
        .keys(&[Key::Enter; 3])
        .is("Recovered", &format!("Found as Solana address at {path}"));
    // Where it is not, that is said; what cannot be an address is not searched for.
    desk.keys(&[Key::Esc; 2]).key(Key::Down).key(Key::Enter).key(Key::Ctrl('u')).press(&listed(30).0);
    desk.keys(&[Key::Enter; 3]).is("Recovered", "Not searched");
}

// --- Codes for cameras ---

/// What a camera sees of a screen: four by eight points a cell, light on dark.
fn picture(desk: &mut Desk, columns: u16, rows: u16) -> Vec<u8> {
    desk.app.on_resize(columns, rows);
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    desk.app.draw(area, &mut buffer);
    let mut picture = format!("P5 {} {} 255\n", columns * 4, rows * 8).into_bytes();
    for y in 0..rows * 8 {
        for x in 0..columns * 4 {
            let cell = &buffer[(x / 4, y / 8)];
            let is_upper = y % 8 < 4;
            let is_lit = match cell.symbol() {
                "█" => true,
                "▀" => is_upper,
                "▄" => !is_upper,
                _ => cell.modifier.contains(Modifier::REVERSED),
            };
            picture.push(if is_lit { 255 } else { 0 });
        }
    }
    picture
}

#[test]
fn the_codes_on_the_screen_are_read_by_a_camera_program() {
    if program("zbarimg").is_none() {
        return;
    }
    let contents = expected_contents();
    let records = Contents::read(Kind::Organization, contents.to_string().as_bytes()).unwrap();
    let (snapshot, phrases) = found(plan(2, 2), records, &CheapKdf, &mut Seeded::new("camera"));
    let read = |picture: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("screen.pgm");
        fs::write(&path, picture).unwrap();
        let output = Command::new("zbarimg").args(["--raw", "--quiet"]).arg(&path).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    };
    for (is_ascii, columns, rows) in [(false, 80, 24), (false, 120, 40), (true, 120, 60)] {
        let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
        desk.app.console.options.is_ascii = is_ascii;
        desk.begin().open_with(&phrases, &[1, 2]).key(Key::Right);
        let mut codes = 0;
        for vault in contents["vaults"].as_array().unwrap().iter().take(30).step_by(3) {
            // Name, chain and address come first.
            desk.key(Key::Enter).keys(&[Key::Down, Key::Down]).press("q");
            assert_eq!(read(&picture(&mut desk, columns, rows)), vault["address"].as_str().unwrap());
            desk.keys(&[Key::Esc, Key::Esc, Key::Down, Key::Down, Key::Down]);
            codes += 1;
        }
        assert_eq!(codes, 10);
        // A private key only after a question.
        desk.keys(&[Key::Home, Key::Enter, Key::Home]).press("q").is("Recovered", "any camera");
        assert_eq!(read(&picture(&mut desk, columns, rows)), "");
        desk.press("y");
        let (private, _) = &independent()["vault-001"];
        let seen = read(&picture(&mut desk, columns, rows));
        assert!(!seen.is_empty(), "{private}");
        desk.keys(&[Key::Esc, Key::Esc]);
    }
}
