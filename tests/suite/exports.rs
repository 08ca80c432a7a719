//! Exports as other programs read them, and exports of an inventory in which every text is hostile.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use conclave::derivation::{Derived, Keyring};
use conclave::domain::export_form::{ExportForm, Selection};
use conclave::domain::inventory::{
    BoxSource, Collection, Contents, Fields, Inventory, Kept, SealedBy, read_records, write_records,
};
use conclave::domain::kind::Kind;
use conclave::domain::proof::{AddressCheck, PublicKeyCheck, VaultCheck};
use conclave::domain::secret::SecretText;
use conclave::export::{ENTRIES_LIMIT, ExportError, ExportFile, Report, documents, vaults_of};
use keepass::{Database, DatabaseKey};

use crate::support::hostile::{hostile_labels, hostile_notes, is_unwanted};
use crate::support::{bare_python, piped, program, small_records, time};

const PASSPHRASE: &str = "abcde-fghij-kmnpq-rstuv-wxyz2";
const DIGITS: &str = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

// --- An inventory ---

fn put(collection: Collection, item: Fields) -> Fields {
    Fields::default()
        .with_text("record", "put")
        .with_text("collection", collection.name())
        .with("item", Kept::Object(item))
}

fn texts(texts: &[&str]) -> Kept {
    Kept::List(texts.iter().map(|text| Kept::text(text)).collect())
}

fn account(service: &str, login: &str, codes: &[&str], used: &[&str]) -> Fields {
    Fields::default()
        .with_text("service", service)
        .with_text("login", login)
        .with("owners", texts(&[service, login]))
        .with_text("kind", "single-use")
        .with("codes", texts(codes))
        .with("used", texts(used))
        .with_text("saved", "2026-01-01T00:00:00Z")
}

fn apply(inventory: &mut Inventory, sealed_by: SealedBy, position: u32, records: Vec<Fields>) {
    let plaintext = write_records(records);
    let entries = read_records(Kind::Organization, plaintext.reveal()).unwrap();
    assert!(entries.iter().all(|entry| entry.fault.is_none()));
    inventory.apply(BoxSource { sealed_by, position, created: time("2026-01-02T03:04:05Z"), issuer: None }, entries);
}

fn organization(name: &str) -> Fields {
    Fields::default().with_text("record", "organization").with_text("name", name)
}

/// Every label in every field of a key, a vault and an account; then a change of each proposed without the quorum.
fn hostile_inventory(labels: &[String]) -> Inventory {
    let notes = hostile_notes();
    let (mut sealed, mut proposed) = (vec![organization(&labels[1])], Vec::new());
    for (place, label) in labels.iter().enumerate() {
        let other = labels[(place + 1) % labels.len()].as_str();
        let zero = "0".repeat(64);
        let share = Fields::default().with_text("party", label).with_text("value", &zero);
        let key = Fields::default()
            .with_text("id", label)
            .with_text("name", other)
            .with_text("key_type", "ECDSA_SECP256K1")
            .with_text("public_key", DIGITS)
            .with("shares", Kept::List(vec![Kept::Object(share)]))
            .with_text(other, label);
        // An unknown member must not take the place of one that is known.
        let key = if KNOWN.contains(&other) { put_nothing() } else { put(Collection::Keys, key) };
        let vault = |name: &str| {
            let members = ["chain", "address", "key_id", "path", "public_key"];
            let vault = Fields::default().with_text("id", label).with_text("name", name);
            put(Collection::Vaults, members.iter().fold(vault, |vault, member| vault.with_text(member, other)))
        };
        let note = notes.get(place).map_or(label.as_str(), String::as_str);
        let account = account(label, other, &[label, other], &[label]).with_text("note", note);
        sealed.extend([key, vault(label), put(Collection::Accounts, account)]);
        if place % 10 == 0 {
            proposed.push(vault(other));
            proposed.push(Fields::default().with_text("record", label).with_text("x", other));
        }
    }
    let mut inventory = Inventory::of(Kind::Organization);
    apply(&mut inventory, SealedBy::Quorum, 1, sealed);
    apply(&mut inventory, SealedBy::Public, 2, proposed);
    inventory.finish();
    inventory
}

const KNOWN: &[&str] = &["id", "name", "key_type", "public_key", "chain_code", "private_key", "shares"];

fn put_nothing() -> Fields {
    organization("Example Cellar")
}

/// A check whose texts are hostile too.
fn derived(inventory: &Inventory, selection: &Selection, labels: &[String]) -> Vec<Derived> {
    let vaults = vaults_of(inventory, selection).into_iter().zip(labels.iter().cycle()).enumerate();
    let check = |(place, (_, label)): (usize, (_, &String))| VaultCheck {
        address: match place % 3 {
            0 => AddressCheck::Mismatch { derived: vec![label.clone()] },
            1 => AddressCheck::KeyMissing { key_id: label.clone() },
            _ => AddressCheck::CannotCheck { because: label.clone().into() },
        },
        public_key: PublicKeyCheck::NotCompared,
    };
    vaults.map(check).map(|check| Derived { check, child: None }).collect()
}

fn export(form: ExportForm, inventory: &Inventory, selection: &Selection, labels: &[String]) -> Vec<ExportFile> {
    let keyring = Keyring::of(inventory);
    let derived = derived(inventory, selection, labels);
    let report =
        Report { inventory, keyring: &keyring, selection, derived, is_training: true, red: labels, notes: labels };
    documents(form, &report, Some(&SecretText::copy_of(PASSPHRASE))).unwrap()
}

fn utf8(document: &ExportFile) -> &str {
    std::str::from_utf8(document.bytes.reveal()).unwrap()
}

fn open(document: &ExportFile) -> Database {
    Database::open(&mut document.bytes.reveal(), DatabaseKey::new().with_password(PASSPHRASE)).unwrap()
}

// --- Hostile texts ---

#[test]
fn no_label_breaks_a_table_or_begins_a_formula() {
    let labels = hostile_labels();
    let inventory = hostile_inventory(&labels);
    for selection in [Selection::default(), Selection { marked: None, is_public_only: true }] {
        let files = export(ExportForm::Csv, &inventory, &selection, &labels);
        assert_eq!(files.len(), if selection.is_public_only { 1 } else { 2 });
        let codes: usize = inventory.items(Collection::Accounts).map(|version| version.item.code_count()).sum();
        for (file, rows) in files.iter().zip([inventory.items(Collection::Vaults).count(), codes]) {
            assert_table(utf8(file), rows);
        }
    }
}

fn begins_formula(text: &str) -> bool {
    text.trim_start_matches(|c: char| c.is_whitespace() || c == '"').starts_with(|c| "=+-@＝＋－＠\t\r".contains(c))
}

fn assert_table(table: &str, rows: usize) {
    let table = table.strip_prefix('\u{feff}').expect("spreadsheets are told that it is UTF-8");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
    let records: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), rows + 1);
    for cell in records.iter().flat_map(|record| {
        assert_eq!(record.len(), 8);
        record.iter()
    }) {
        assert!(!begins_formula(cell), "{cell:?}");
    }
    assert_eq!(table.lines().count(), rows + 1, "a row is a line");
    // A program that separates by something else sees other cells.
    for separator in [';', '\t', '|'] {
        let cells = table.split("\r\n").flat_map(|line| line.split(separator));
        cells.for_each(|cell| assert!(!begins_formula(cell), "{cell:?}"));
    }
    let unwanted: BTreeSet<char> = table.chars().filter(|c| is_unwanted(*c) && !"\r\n".contains(*c)).collect();
    assert!(unwanted.is_empty(), "{unwanted:?}");
}

#[test]
fn no_label_leaves_its_sheet() {
    let labels = hostile_labels();
    let inventory = hostile_inventory(&labels);
    let files = export(ExportForm::Text, &inventory, &Selection::default(), &labels);
    let sheets = utf8(&files[0]);
    assert_sheets(sheets);
    assert!(sheets.split('\u{c}').count() > 6000);
    for label in labels.iter().step_by(4) {
        let mut small = Inventory::of(Kind::Organization);
        apply(
            &mut small,
            SealedBy::Public,
            1,
            vec![organization(label), put(Collection::Accounts, account("s", label, &[label], &[]))],
        );
        small.finish();
        assert_sheets(utf8(&export(ExportForm::Text, &small, &Selection::default(), std::slice::from_ref(label))[0]));
    }
}

fn assert_sheets(sheets: &str) {
    let pages: Vec<&str> = sheets.split('\u{c}').collect();
    for (number, page) in (1..).zip(&pages) {
        assert!(page.contains(&format!("page {number} of {}\n", pages.len())), "{page}");
        assert!(page.matches('\n').count() <= 66, "{page}");
        for line in page.split('\n') {
            let columns: usize = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
            assert!(columns <= 80, "{line}");
        }
    }
    let unwanted: BTreeSet<char> = sheets.chars().filter(|c| is_unwanted(*c) && !"\n\u{c}".contains(*c)).collect();
    assert!(unwanted.is_empty(), "{unwanted:?}");
}

#[test]
fn every_label_stands_in_json_as_it_was_sealed() {
    let labels = hostile_labels();
    let inventory = hostile_inventory(&labels);
    let all = Selection::default();
    let keys = export(ExportForm::Keys, &inventory, &all, &labels);
    assert!(utf8(&keys[0]).is_ascii());
    let json: serde_json::Value = serde_json::from_str(utf8(&keys[0])).unwrap();
    let names: BTreeSet<&str> =
        json["vaults"].as_array().unwrap().iter().map(|vault| vault["name"].as_str().unwrap()).collect();
    assert_eq!(names, labels.iter().map(String::as_str).collect());
    assert_eq!(json["checks"].as_array().unwrap().len(), labels.len());
    let contents = export(ExportForm::Json, &inventory, &all, &labels);
    assert_eq!(contents[0].bytes.reveal(), Contents::of(&inventory).to_json().reveal());
    assert!(Contents::read(Kind::Organization, contents[0].bytes.reveal()).is_ok());
}

#[test]
fn no_label_breaks_a_database_and_every_code_comes_back_as_it_is() {
    let labels = hostile_labels();
    let inventory = hostile_inventory(&labels);
    let files = export(ExportForm::Kdbx, &inventory, &Selection::default(), &labels);
    let database = open(&files[0]);
    let codes: BTreeSet<String> = database
        .iter_all_entries()
        .flat_map(|entry| entry.fields.clone())
        .filter(|(label, _)| label.starts_with("Code ") && !label.ends_with("written out"))
        .map(|(_, value)| value.get().clone())
        .collect();
    let sealed: BTreeSet<String> = inventory
        .items(Collection::Accounts)
        .flat_map(|version| version.item.fields().list("codes").unwrap().iter().filter_map(Kept::as_text))
        .map(str::to_owned)
        .collect();
    assert!(codes.is_superset(&sealed), "{:?}", sealed.difference(&codes).next());
    let standings = inventory.collections().flat_map(|collection| inventory.standings(collection));
    let entries: usize = standings
        .map(|(_, known)| usize::from(known.current.is_some()) + known.proposals().len() + known.earlier().len())
        .sum();
    assert_eq!(database.num_entries(), entries + 3);
    let names = database.iter_all_groups().map(|group| group.name.clone());
    let titles = database.iter_all_entries().map(|entry| entry.get_title().unwrap_or_default().to_owned());
    for text in names.chain(titles) {
        assert!(!text.contains(is_unwanted), "{text:?}");
    }

    let Some(mut keepassxc) = program("keepassxc-cli") else { return };
    let folder = tempfile::tempdir().unwrap();
    let xml = keepassxc_export(&mut keepassxc, &write(folder.path(), &files[0]), "xml");
    let Some(mut python) = bare_python() else { return };
    let script = "import json, sys, xml.etree.ElementTree as tree\n\
                  fields = tree.parse(sys.stdin.buffer).iterfind('.//Entry/String')\n\
                  json.dump([f.findtext('Value') for f in fields if f.findtext('Key').startswith('Code ')], sys.stdout)";
    let read: BTreeSet<String> = serde_json::from_str(&piped(python.args(["-c", script]), &xml)).unwrap();
    // What the XML of KeePassXC cannot hold it leaves out: these codes are whole in the database alone.
    let is_xml = |c: char| matches!(c, '\n' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..);
    // It takes U+FEFF at the beginning of any text for a byte order mark.
    let is_held = |code: &&String| code.chars().all(is_xml) && !code.starts_with('\u{feff}');
    let held: Vec<&String> = sealed.iter().filter(is_held).collect();
    assert!(held.len() > 800, "{}", held.len());
    for code in held {
        assert!(read.contains(code), "{code:?}");
    }
}

// --- Other programs ---

fn small_inventory() -> Inventory {
    let mut inventory = Inventory::of(Kind::Organization);
    let mut records = small_records();
    records.push(put(
        Collection::Accounts,
        account("Größe & <Söhne>", "ops", &["a b  c", "\"quoted\"", "=x", " edge "], &["a b  c"]),
    ));
    apply(&mut inventory, SealedBy::Quorum, 1, records);
    inventory.finish();
    inventory
}

fn write(folder: &Path, document: &ExportFile) -> PathBuf {
    let path = folder.join("export");
    std::fs::write(&path, document.bytes.reveal()).unwrap();
    path
}

fn keepassxc_export(keepassxc: &mut Command, path: &Path, format: &str) -> String {
    piped(keepassxc.args(["export", "--quiet", "--format", format]).arg(path), &format!("{PASSPHRASE}\n"))
}

#[test]
fn keepassxc_opens_the_database_and_finds_the_same() {
    if program("keepassxc-cli").is_none() {
        return;
    }
    let files = export(ExportForm::Kdbx, &small_inventory(), &Selection::default(), &["a remark".to_owned()]);
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), &files[0]);
    let run = |arguments: &[&str], rest: &[&str]| {
        let mut command = Command::new("keepassxc-cli");
        piped(command.args(arguments).arg(&path).args(rest), &format!("{PASSPHRASE}\n"))
    };
    let show = |entry: &str, label: &str| run(&["show", "--quiet", "-s", "-a", label], &[entry]);
    assert_eq!(show("/Accounts/Mail", "Code 1 (next)"), "1111-2222\n");
    assert_eq!(show("/Accounts/Größe & <Söhne>", "Code 1 (used)"), "a b  c\n");
    assert_eq!(show("/Accounts/Größe & <Söhne>", "Code 2 (next)"), "\"quoted\"\n");
    assert_eq!(show("/Accounts/Größe & <Söhne>", "Code 4"), " edge \n");
    assert_eq!(show("/Vaults/bitcoin/Rent", "Chain"), "bitcoin\n");
    assert!(show("/READ THIS FIRST: something in the backup does not check", "Notes").contains("a remark"));
    assert!(show("/To be known", "Notes").contains("a remark"));
    let table = keepassxc_export(&mut Command::new("keepassxc-cli"), &path, "csv");
    assert_eq!(table.lines().count(), 1 + 7, "{table}");
    let list = run(&["ls", "--quiet", "-R", "-f"], &[]);
    assert!(list.contains("Vaults/ethereum/Travel") && list.contains("Keys/k"), "{list}");
    let info = run(&["db-info", "--quiet"], &[]);
    assert!(info.contains("Example Cellar (TRAINING)") && info.contains("KDF: Argon2d (8 rounds, 65536 KB)"), "{info}");
}

#[test]
fn keepassxc_keeps_what_it_saves_again() {
    if program("keepassxc-cli").is_none() {
        return;
    }
    let files = export(ExportForm::Kdbx, &small_inventory(), &Selection::default(), &[]);
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), &files[0]);
    let mut command = Command::new("keepassxc-cli");
    piped(
        command.args(["edit", "--quiet", "-u", "other"]).arg(&path).arg("/Accounts/Mail"),
        &format!("{PASSPHRASE}\n"),
    );
    let saved = std::fs::read(&path).unwrap();
    let database = Database::open(&mut saved.as_slice(), DatabaseKey::new().with_password(PASSPHRASE)).unwrap();
    let root = database.root();
    let accounts = root.group_by_path(&["Accounts"]).unwrap();
    let mail = accounts.entry_by_name("Mail").unwrap();
    assert_eq!((mail.get_username(), mail.get("Code 1 (next)")), (Some("other"), Some("1111-2222")));
}

#[test]
fn python_reads_the_tables_back() {
    let Some(python) = bare_python() else { return };
    let labels = hostile_labels();
    let inventory = hostile_inventory(&labels);
    let name = python.get_program().to_owned();
    let script = "import csv, json, sys\n\
                  json.dump(list(csv.reader(open(0, encoding='utf-8-sig', newline=''), strict=True)), sys.stdout)";
    for file in export(ExportForm::Csv, &inventory, &Selection::default(), &labels) {
        let read: Vec<Vec<String>> =
            serde_json::from_str(&piped(Command::new(&name).args(["-c", script]), utf8(&file))).unwrap();
        assert_eq!(read, cells(file.bytes.reveal()));
    }
}

/// The cells of a table; the reader takes the mark at the start away.
fn cells(table: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table);
    reader.deserialize().map(Result::unwrap).collect()
}

/// What spreadsheets make numbers, days, times, truths and formulas of, and what begins with the apostrophe itself.
const CHANGED_BY_SPREADSHEETS: [&str; 30] = [
    "0012",
    "1E5",
    "1e5",
    "2310009E13",
    "0e123-45678",
    "1234567890123450",
    "12345678901234567890",
    "1-2",
    "1/2",
    "1.2",
    "12.5.2026",
    "2026-01-01",
    "12:30",
    "MARCH1",
    "Jan 5",
    "sep-12",
    "5%",
    "1,234",
    "€5",
    "１２３",
    "TRUE",
    "true ",
    "#N/A",
    "=1+1",
    "+41",
    "-1",
    "@SUM(A1)",
    "'x",
    "''0012",
    " 12",
];

/// Not what some program is known to do with a sample, but one that really opens the tables, keeps them in its own form, and
/// writes them again.
#[test]
fn a_spreadsheet_gives_every_cell_back_as_it_was_sealed() {
    if program("ssconvert").is_none() {
        return;
    }
    let mut inventory = Inventory::of(Kind::Organization);
    let mut records = small_records();
    records.push(put(Collection::Accounts, account("Größe", "0049", &CHANGED_BY_SPREADSHEETS, &["1E5"])));
    for (number, name) in CHANGED_BY_SPREADSHEETS.iter().enumerate() {
        let vault = Fields::default().with_text("id", &number.to_string()).with_text("name", name);
        let vault = vault.with_text("chain", "hedera").with_text("address", &format!("0.0.{number}"));
        records.push(put(Collection::Vaults, vault));
    }
    apply(&mut inventory, SealedBy::Quorum, 1, records);
    inventory.finish();
    let files = export(ExportForm::Csv, &inventory, &Selection::default(), &["a check".to_owned()]);
    let [vaults, codes] = files.as_slice() else { panic!("two tables") };
    let back = by_spreadsheet(codes);
    // Some programs take the apostrophe away themselves. Whether one did shows in the column of times.
    let is_taken = !back[1][6].starts_with('\'');
    let taken = |cell: &str| if is_taken { cell.to_owned() } else { without_apostrophe(cell) };
    for (file, back) in [(codes, &back), (vaults, &by_spreadsheet(vaults))] {
        let written = cells(file.bytes.reveal());
        assert_eq!(written.len(), back.len());
        for (written, back) in written.iter().zip(back) {
            let sealed: Vec<String> = written.iter().map(|cell| without_apostrophe(cell)).collect();
            assert_eq!(back.iter().map(|cell| taken(cell)).collect::<Vec<_>>(), sealed);
        }
    }
    let of = |service: &str, place: usize| -> Vec<String> {
        back.iter().filter(|row| row[0] == service).map(|row| taken(&row[place])).collect()
    };
    assert_eq!(of("Größe", 4), CHANGED_BY_SPREADSHEETS);
    assert!(of("Größe", 1).iter().all(|login| login == "0049"));
    let names = by_spreadsheet(vaults).into_iter().map(|row| taken(&row[0]));
    let names: BTreeSet<String> = names.collect();
    assert!(CHANGED_BY_SPREADSHEETS.iter().all(|name| names.contains(*name)), "{names:?}");
}

fn without_apostrophe(cell: &str) -> String {
    cell.strip_prefix('\'').unwrap_or(cell).to_owned()
}

/// Through the form of a spreadsheet and back.
fn by_spreadsheet(table: &ExportFile) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let [ours, sheet, theirs] = ["ours.csv", "sheet.xlsx", "theirs.csv"].map(|name| folder.path().join(name));
    std::fs::write(&ours, table.bytes.reveal()).unwrap();
    for (from, to) in [(&ours, &sheet), (&sheet, &theirs)] {
        let output = Command::new("ssconvert").args([from, to]).env("HOME", folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    cells(&std::fs::read(theirs).unwrap())
}

#[test]
fn a_database_of_too_many_entries_is_refused() {
    let vault = |number: usize| {
        let vault =
            Fields::default().with_text("id", &number.to_string()).with_text("name", "n").with_text("chain", "c");
        put(Collection::Vaults, vault)
    };
    let mut inventory = Inventory::of(Kind::Organization);
    apply(&mut inventory, SealedBy::Quorum, 1, (0..=ENTRIES_LIMIT).map(vault).collect());
    inventory.finish();
    let (keyring, selection) = (Keyring::of(&inventory), Selection::default());
    let derived = derived(&inventory, &selection, &["x".to_owned()]);
    let report = Report {
        inventory: &inventory,
        keyring: &keyring,
        selection: &selection,
        derived,
        is_training: false,
        red: &[],
        notes: &[],
    };
    let error = documents(ExportForm::Kdbx, &report, Some(&SecretText::copy_of(PASSPHRASE))).unwrap_err();
    assert_eq!(error, ExportError::TooManyEntries { entries: ENTRIES_LIMIT + 1, limit: ENTRIES_LIMIT });
    assert_eq!(documents(ExportForm::Kdbx, &report, None).unwrap_err(), ExportError::Passphrase);
}
