//! `backup` without screens: what it makes opens to the same contents, says what it is, and is all there or not at all.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use conclave::domain::ceremony::{NameStyle, Person};
use conclave::domain::phrase::Phrase;
use conclave::domain::phrase_list::phrases_in;
use conclave::session::papers;
use conclave::snapshot::v1::read::read;
use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest, Sha256};

use crate::support::hostile::hostile_labels;
use crate::support::*;

const ISSUER: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

struct Room {
    folder: tempfile::TempDir,
}

impl Room {
    fn new() -> Self {
        let room = Self { folder: tempfile::tempdir().unwrap() };
        room.people(3);
        room
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    fn people(&self, count: usize) {
        let lines: Vec<String> = (1..=count).map(|n| format!("Jane{n} Doe{n},jane{n}@example.org\n")).collect();
        self.write("people.csv", format!("name,email\n{}", lines.concat()));
    }

    /// A training backup of 2 of 3; `options` come last.
    fn order(&self, inventory: &Path, options: &[&str]) -> Command {
        let mut command = conclave();
        command.current_dir(self.folder.path()).arg("backup").arg("--inventory").arg(inventory);
        command.args(["--shareholders", "people.csv", "--threshold", "2", "--email", "backup@example.org"]);
        command.args(["--out", "out", "--phrases-out", "phrases.txt"]).args(options);
        command
    }

    #[track_caller]
    fn make(&self, inventory: &Path, options: &[&str]) -> String {
        let output = self.order(inventory, options).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(0), "{text}");
        text
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The files below a folder by their names within it.
    fn files(&self, folder: &str) -> Vec<String> {
        fn walk(folder: &Path, all: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { walk(&path, all) } else { all.push(path) }
            }
        }
        let mut all = Vec::new();
        walk(&self.path(folder), &mut all);
        let name = |path: &PathBuf| path.strip_prefix(self.path(folder)).unwrap().to_str().unwrap().to_owned();
        let mut names: Vec<String> = all.iter().map(name).collect();
        names.sort();
        names
    }

    /// A file with some lines of the phrases.
    fn some_phrases(&self, numbers: &[usize]) -> PathBuf {
        let all = self.read("phrases.txt");
        let lines: Vec<&str> = numbers.iter().map(|number| all.lines().nth(number - 1).unwrap()).collect();
        self.write("some.txt", lines.join("\n"))
    }
}

fn expected(sample: &str) -> PathBuf {
    project("assets/training").join(sample).join("expected.json")
}

#[test]
fn what_is_backed_up_comes_back_equal() {
    for (sample, numbers) in [("2-of-3", [3, 1]), ("3-of-5", [2, 3])] {
        let room = Room::new();
        let inventory = expected(sample);
        room.make(&inventory, &["--purpose", "training"]);
        let phrases = room.some_phrases(&numbers);
        let answer = recover(&room.path("out/snapshot.json"), &phrases, &room.path("back.json"));
        assert_eq!(answer.status.code(), Some(0), "{}", String::from_utf8_lossy(&answer.stdout));
        assert!(fs::read(room.path("back.json")).unwrap() == fs::read(&inventory).unwrap());
        if let Some(mut python) = python() {
            let reader = project("docs/emergency_reader.py");
            let read = python.arg(reader).arg(room.path("out/snapshot.eml")).arg(&phrases).output().unwrap();
            assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
            assert!(read.stdout == fs::read(&inventory).unwrap());
        }
    }
}

#[test]
fn all_that_is_issued_is_there_and_nothing_of_it_is_a_secret() {
    let room = Room::new();
    let text = room.make(&expected("2-of-3"), &["--purpose", "training", "--words", "24", "--names", "full"]);
    assert_eq!(
        room.files("out"),
        [
            "cards/1.txt",
            "cards/2.txt",
            "cards/3.txt",
            "cards/cards.html",
            "fingerprint.txt",
            "record-to-sign.html",
            "record-to-sign.txt",
            "record.jsonl",
            "sheets/1.txt",
            "sheets/2.txt",
            "sheets/3.txt",
            "sheets/sheets.html",
            "snapshot.eml",
            "snapshot.json"
        ]
    );
    let bytes = fs::read(room.path("out/snapshot.json")).unwrap();
    let snapshot = read(&bytes).unwrap().snapshot().unwrap();
    assert_eq!(snapshot.labels.shareholders()[1].name.raw(), "Jane2 Doe2");
    assert!(snapshot.labels.shareholders().iter().all(|person| person.email.is_none()), "names alone");
    // What is written is the owner's alone.
    for name in room.files("out").into_iter().map(|name| format!("out/{name}")).chain(["phrases.txt".to_owned()]) {
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&room.path(&name)), 0o600, "{name}");
        if name.starts_with("out/") {
            assert_eq!(mode(room.path(&name).parent().unwrap()), 0o700, "{name}");
        }
    }
    // The phrases are in their file, and nowhere else in any form.
    let phrases = room.read("phrases.txt");
    let form = snapshot.core.phrase.unwrap();
    let lines = phrases_in(&phrases, form);
    assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
    let mut secrets = Vec::new();
    for line in &lines {
        let phrase = Phrase::of_words(&line.words, form).unwrap();
        let entropy = phrase.reveal_entropy();
        secrets.extend([HEXLOWER.encode(entropy), BASE64.encode(entropy)[..40].to_owned()]);
        let words = phrase.reveal_words();
        assert_eq!(words.len(), 24);
        secrets.extend(words.windows(2).map(|pair| pair.join(" ")));
    }
    let written = room.files("out").into_iter().map(|name| room.read(&format!("out/{name}")));
    for text in written.chain([text]) {
        let text = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        for secret in &secrets {
            assert!(!text.contains(&secret.to_lowercase()), "a secret is in what was written");
        }
    }
    let words = room.read("out/fingerprint.txt").lines().next().unwrap().to_owned();
    assert_eq!(words.split(' ').count(), 16);
    for number in 1..=3 {
        let card = room.read(&format!("out/cards/{number}.txt"));
        let shown: Vec<&str> = card.split_whitespace().collect();
        for (place, word) in (1..).zip(words.split(' ')) {
            assert!(shown.windows(2).any(|pair| pair == [place.to_string().as_str(), word]), "{card}");
        }
        let says = ["Northwind", "any 2 of 3", "To recover:", "are kept at", "can be changed later"];
        let flat = shown.join(" ");
        assert!(says.iter().all(|said| flat.contains(said)), "{card}");
        assert!(card.contains("E-mailed to:  backup@example.org\n") && !card.contains("replaces"), "{card}");
        assert!(card.contains(&format!("Backup id:    {}\n", snapshot.core.backup_id)), "{card}");
        assert!(card.lines().all(|line| line.chars().count() <= 76), "{card}");
        assert!(card.contains(&format!("{number} (Jane{number} Doe{number})")), "{card}");
        let sheet = room.read(&format!("out/sheets/{number}.txt"));
        assert!(!sheet.contains("Jane") && !sheet.contains("Northwind"), "{sheet}");
        assert!(sheet.contains("24. ____") && sheet.contains("never a photograph"), "{sheet}");
        let date = snapshot.section.created.date();
        assert!(sheet.contains(&date) && card.contains(&date));
    }
}

#[test]
fn the_record_is_a_chain_of_facts() {
    let room = Room::new();
    room.make(&expected("2-of-3"), &["--purpose", "training", "--conductor", "Ann Archer"]);
    let record = room.read("out/record.jsonl");
    let mut previous = [0; 32];
    let mut events = Vec::new();
    for (number, line) in (1..).zip(record.lines()) {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(value["previous"], HEXLOWER.encode(&previous), "{line}");
        assert_eq!(value["line"], number);
        events.push(value["event"].as_str().unwrap().to_owned());
        previous = Sha256::digest(line).into();
    }
    assert_eq!(events, ["begun", "phrases made", "proved", "issued", "companions written"]);
    let lines: Vec<serde_json::Value> = record.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["shareholders"][2]["name"], "J. D.", "as the file names them");
    assert_eq!((&lines[0]["conductor"], &lines[0]["screens"]), (&"Ann Archer".into(), &false.into()));
    assert_eq!(lines[3]["confirmed"], false);
    let mail = room.read("out/snapshot.eml");
    assert!(mail.contains(&format!("Digest words: {}\r\n", lines[3]["digest_words"].as_str().unwrap())));
}

#[test]
fn a_production_backup_without_screens_is_called_unconfirmed_everywhere() {
    let room = Room::new();
    let inventory = expected("2-of-3");
    let refused = room.order(&inventory, &["--purpose", "production"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--i-know-this-writes-phrases"));
    assert_eq!(room.files("."), ["people.csv"]);
    let said = room.make(
        &inventory,
        &["--purpose", "production", "--i-know-this-writes-phrases", "--names", "email", "--issuer-public", ISSUER],
    );
    assert!(said.contains("an unconfirmed snapshot") && said.contains("not signed yet"), "{said}");
    let files = room.files("out");
    assert!(files.contains(&"UNCONFIRMED-snapshot.json".to_owned()), "{files:?}");
    assert!(!files.iter().any(|name| name.starts_with("snapshot")), "{files:?}");
    let mail = room.read("out/UNCONFIRMED-snapshot.eml");
    assert!(
        mail.contains("Subject: UNCONFIRMED: Conclave snapshot 1\r\n") && mail.contains("\r\nUNCONFIRMED: no share")
    );
    assert!(mail.contains("filename=\"UNCONFIRMED-snapshot.json\""));
    for name in ["cards/1.txt", "cards/cards.html", "fingerprint.txt", "record-to-sign.txt", "record-to-sign.html"] {
        assert!(room.read(&format!("out/{name}")).contains("UNCONFIRMED"), "{name}");
    }
    let path = room.path("out/UNCONFIRMED-snapshot.json");
    let snapshot = read(&fs::read(&path).unwrap()).unwrap().snapshot().unwrap();
    assert_eq!(snapshot.labels.shareholders()[0].email.as_ref().unwrap().raw(), "jane1@example.org");
    assert_eq!(snapshot.core.issuer.unwrap().to_string(), ISSUER);
    // It opens, with a warning; the signature of the issuer that it names is missing.
    let answer = recover(&path, &room.some_phrases(&[1, 2]), &room.path("back.json"));
    let errors = String::from_utf8_lossy(&answer.stderr);
    assert!(errors.contains("UNCONFIRMED-snapshot.json: This file was never confirmed"), "{errors}");
    assert_eq!(answer.status.code(), Some(7), "the issuer has not signed: {}", String::from_utf8_lossy(&answer.stdout));
    assert!(fs::read(room.path("back.json")).unwrap() == fs::read(&inventory).unwrap());
    // A name gets lost: the file says it too, under the quorum's mark.
    let renamed = room.path("snapshot.json");
    fs::copy(&path, &renamed).unwrap();
    for (command, path) in ["inspect", "verify"].into_iter().flat_map(|command| [(command, &path), (command, &renamed)])
    {
        let answer = conclave().arg(command).arg(path).output().unwrap();
        assert_eq!(answer.status.code(), Some(0));
        assert!(String::from_utf8_lossy(&answer.stderr).contains("never confirmed"), "{command}");
        let named = conclave().arg(command).arg(expected("2-of-3").with_file_name("snapshot.json")).output().unwrap();
        assert!(named.stderr.is_empty(), "{command}");
    }
    let answer = recover(&renamed, &room.some_phrases(&[1, 2]), &room.path("again.json"));
    let (said, errors) = (String::from_utf8_lossy(&answer.stdout), String::from_utf8_lossy(&answer.stderr));
    assert!(errors.contains("snapshot.json: This file was never confirmed"), "{errors}");
    assert!(said.contains("never confirmed"), "the quorum's mark says it: {said}");
}

#[test]
fn a_file_that_is_unconfirmed_stays_so_in_every_later_one_whatever_its_name_is() {
    let room = Room::new();
    room.make(&expected("2-of-3"), &["--purpose", "production", "--i-know-this-writes-phrases"]);
    fs::copy(room.path("out/UNCONFIRMED-snapshot.json"), room.path("a.json")).unwrap();
    let sealed = |out: &str| {
        let mut command = conclave();
        command.args(["seal", "a.json", "--email", "new@example.org", "--out", out]).current_dir(room.path("."));
        command.args(["--fingerprint-file", "out/fingerprint.txt"]);
        command.output().unwrap()
    };
    let refused = sealed("b.json");
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("UNCONFIRMED-"));
    assert_eq!(sealed("UNCONFIRMED-b.json").status.code(), Some(0));
    let phrases = room.some_phrases(&[1, 2]);
    let mut compact = conclave();
    compact.args(["rotate", "a.json", "--compact", "--phrases"]).arg(&phrases).current_dir(room.path("."));
    assert_eq!(compact.args(["--out", "c.json"]).output().unwrap().status.code(), Some(2));
    let mut compact = conclave();
    compact.args(["rotate", "a.json", "--compact", "--phrases"]).arg(&phrases).current_dir(room.path("."));
    assert_eq!(compact.args(["--out", "UNCONFIRMED-c.json"]).output().unwrap().status.code(), Some(0));
    for name in ["UNCONFIRMED-b.json", "UNCONFIRMED-c.json"] {
        let snapshot = read(&fs::read(room.path(name)).unwrap()).unwrap().snapshot().unwrap();
        assert!(snapshot.anchor.unconfirmed, "{name}");
    }
}

#[test]
fn what_is_not_possible_is_refused_and_leaves_nothing() {
    let room = Room::new();
    let inventory = expected("2-of-3");
    room.write("taken.txt", "mine");
    fs::create_dir_all(room.path("full")).unwrap();
    room.write("full/mine", "mine");
    room.write(
        "seventeen.csv",
        format!("name,email\n{}", (1..18).map(|n| format!("P{n},\n")).collect::<Vec<_>>().concat()),
    );
    room.write("one.csv", "name,email\nAnn,\n");
    let production = fs::read_to_string(&inventory).unwrap().replacen("{\n", "{\n \"purpose\": \"production\",\n", 1);
    room.write("production.json", production);
    room.write("wallets.csv", "Wallet,Network\nPay,ETH\n");
    let before = room.files(".");
    let cases: &[(&[&str], i32, &str)] = &[
        (&["--threshold", "1"], 2, "one person alone"),
        (&["--threshold", "0"], 2, "choose 2 to 3"),
        (&["--threshold", "4"], 2, "4 of 3"),
        (&["--threshold", "300"], 2, "300"),
        (&["--shareholders", "seventeen.csv"], 2, "17 shareholders"),
        (&["--shareholders", "one.csv"], 2, "1 shareholder is not possible"),
        (&["--shareholders", "none.csv"], 3, "does not exist"),
        (&["--email", "nobody"], 2, "NAME@DOMAIN"),
        (&["--email", "a@b\nBcc: c@d"], 2, "NAME@DOMAIN"),
        (&["--email", "a@b,c@d"], 2, "NAME@DOMAIN"),
        (&["--organization", "Another"], 2, "the inventory is of Northwind"),
        (&["--words", "13"], 2, "12, 15, 18, 21 or 24"),
        (&["--language", "latin"], 2, "english"),
        (&["--names", "none"], 2, "initials"),
        (&["--issuer-public", "D75A"], 2, "64 lower-case"),
        (&["--purpose", "play"], 2, "training and production"),
        (&["--inventory", "production.json"], 3, "does not go into a training backup"),
        (&["--inventory", "none.json"], 3, "does not exist"),
        (&["--inventory", "wallets.csv"], 3, "\"Wallet\" is the name"),
        (&["--inventory", "wallets.csv"], 3, "--columns-as-guessed"),
        (&["--leave-out", "Colour"], 2, "--columns-as-guessed"),
        (&["--out", "full"], 5, "is not empty"),
        (&["--out", "taken.txt"], 5, "taken.txt"),
        (&["--phrases-out", "taken.txt"], 5, "exists already"),
        (&["--phrases-out", "out"], 2, "among the files that are given away"),
        (&["--phrases-out", "./out/../out/p.txt"], 2, "among the files that are given away"),
        (&["--phrases-out", "none/p.txt"], 5, "none/p.txt"),
        (&["--out", "/proc/none"], 5, "/proc/none"),
        (&["--plain", "--out", "full"], 5, "is not empty"),
    ];
    for (options, code, says) in cases {
        let mut command = conclave();
        command.current_dir(room.folder.path()).arg("backup");
        let mut all = vec![
            ("--inventory", inventory.to_str().unwrap()),
            ("--shareholders", "people.csv"),
            ("--threshold", "2"),
            ("--email", "backup@example.org"),
            ("--purpose", "training"),
            ("--out", "out"),
            ("--phrases-out", "phrases.txt"),
        ];
        // An option of the case takes the place of the right one.
        all.retain(|(name, _)| !options.contains(name));
        command.args(all.iter().flat_map(|(name, value)| [name, value])).args(*options);
        let output = command.output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(*code), "{options:?}: {text}");
        assert!(text.contains(says), "{options:?}: {text}");
        assert_eq!(room.files("."), before, "{options:?}");
        assert!(!room.path("out").exists(), "{options:?}");
    }
    let command = room.order(&inventory, &["--purpose", "training"]);
    let without: Vec<_> =
        command.get_args().filter(|argument| *argument != "--inventory" && *argument != inventory).collect();
    let output = conclave().current_dir(room.folder.path()).args(without).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing to back up"));
    for missing in ["--shareholders", "--threshold", "--email", "--purpose", "--out", "--phrases-out"] {
        let whole = room.order(&inventory, &["--purpose", "training"]);
        let mut arguments: Vec<_> = whole.get_args().map(std::ffi::OsStr::to_owned).collect();
        let place = arguments.iter().position(|argument| argument == missing).unwrap();
        arguments.drain(place..place + 2);
        let output = conclave().current_dir(room.folder.path()).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{missing}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(&format!("{missing} ")), "{missing}");
        assert_eq!(room.files("."), before, "{missing}");
    }
}

#[test]
fn a_backup_is_not_made_line_by_line() {
    let output = conclave().args(["--plain", "backup"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("stay on this terminal"));
}

#[test]
fn an_unconfirmed_file_is_finished_on_screens_and_says_itself_what_it_is() {
    let room = Room::new();
    let file = room.write("UNCONFIRMED-snapshot.json", "{}");
    let file = file.to_str().unwrap();
    for (options, says) in [
        (&["--threshold", "2"][..], "--threshold"),
        (&["--organization", "A"], "--organization"),
        (&["--email", "a@b"], "--email"),
        (&["--purpose", "training"], "--purpose"),
        (&["--words", "12"], "--words"),
        (&["--phrases-out", "p.txt"], "--phrases-out"),
        (&["--issuer-public", "00"], "--issuer-public"),
        (&["--plain"], "not finished line by line"),
    ] {
        let output = conclave().args(["backup", "--resume", file]).args(options).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{options:?}: {text}");
        assert!(text.contains(says), "{options:?}: {text}");
    }
    // What the papers need not say is taken; then a terminal is wanted.
    let output = conclave().args(["backup", "--resume", file, "--conductor", "Ann", "--out", "new"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && text.contains("terminal"), "{text}");
    assert!(!room.path("new").exists());
}

#[test]
fn folders_that_were_made_are_removed_where_the_files_do_not_fit() {
    let room = Room::new();
    fs::create_dir(room.path("small")).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=16k,nr_inodes=64 none {0}/small && {1} backup --inventory {2} --shareholders {0}/people.csv \
         --threshold 2 --email a@b --purpose training --out {0}/small/a/b --phrases-out {0}/phrases.txt 2>&1; echo \"code $?\"; ls -A {0}/small",
        room.folder.path().display(),
        PROGRAM,
        expected("2-of-3").display(),
    );
    let mut unshare = Command::new("unshare");
    if !has_tool("unshare -m with mounts", Command::new("unshare").args(["-m", "mount", "-t", "tmpfs", "none", "/mnt"]))
    {
        return;
    }
    let output = unshare.args(["-m", "sh", "-c", &script]).output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(text.contains("there is no room left"), "{text}");
    assert!(text.ends_with("code 5\n"), "nothing is left: {text}");
    assert_eq!(room.files("."), ["people.csv"]);
}

/// Every element of a page, and its text.
const READ_PAGE: &str = r"
import html.parser, sys
class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = set(), ''
    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        assert all(name in ('lang', 'charset', 'class', 'http-equiv', 'content') for name, _ in attributes), attributes
    def handle_data(self, data):
        self.text += data
page = Page()
page.feed(open(sys.argv[1], encoding='utf-8', newline='').read())
allowed = set('html head meta title style body section h1 p table tr th td bdi ol li span'.split())
assert page.tags <= allowed, page.tags - allowed
for name in open(sys.argv[2], encoding='utf-8', newline='').read().split('\n'):
    assert name in page.text, name
assert not any(ord(c) < 32 and c != '\n' for c in page.text)
";

#[test]
fn a_hostile_name_is_only_a_name_on_papers() {
    let room = Room::new();
    let (snapshot, _) = small(2, 16, "papers");
    for names in hostile_labels().chunks(16).filter(|names| names.len() == 16).step_by(4) {
        let plan = conclave::domain::ceremony::Plan {
            kind: conclave::domain::kind::Kind::Organization,
            conductor: text("Ann"),
            organization: text("Example Cellar"),
            is_training: true,
            shareholders: names.iter().map(|name| Person { name: text(name), email: None }).collect(),
            names: NameStyle::Initials,
            threshold: 2,
            delivery: text("backup@example.org"),
            form: ENGLISH,
        };
        let files = papers::companions(&snapshot, &plan, true, Path::new(""));
        for (path, bytes) in files.iter().chain(&papers::sheets(&plan, "2026-01-01", Path::new(""))) {
            let text = std::str::from_utf8(bytes).unwrap();
            let is_mail = path.extension().is_some_and(|end| end == "eml");
            let hazards = |c: char| (c.is_control() && c != '\n' && !(is_mail && c == '\r')) || c == '\u{202e}';
            assert!(!text.contains(hazards), "{}", path.display());
        }
        let (_, cards) = files.iter().find(|(path, _)| path.ends_with("cards.html")).unwrap();
        let Some(mut python) = bare_python() else { continue };
        let page = room.write("cards.html", cards);
        let names: Vec<String> = names.iter().map(|name| text(name).to_string()).collect();
        let shown = room.write("names.txt", names.join("\n"));
        let output = python.args(["-c", READ_PAGE]).arg(page).arg(shown).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// What programs for mail make of the e-mail.
const READ_MAIL: &str = r"
import email, email.policy, sys
for policy in (email.policy.default, email.policy.SMTP, email.policy.strict):
    message = email.message_from_bytes(open(sys.argv[1], 'rb').read(), policy=policy)
    assert not message.defects, message.defects
    assert [a.addr_spec for a in message['To'].addresses] == ['backup@example.org'], message['To']
    assert message['Subject'].startswith('TRAINING: Conclave snapshot 1 of backup '), message['Subject']
    body = message.get_body(('plain',)).get_content()
    assert 'Digest words: ' + sys.argv[3] in body.splitlines(), body
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == 'snapshot.json'
    assert attachment.get_content_type() == 'application/json'
    assert not attachment.defects and not message.get_body(('plain',)).defects
    assert attachment.get_payload(decode=True) == open(sys.argv[2], 'rb').read()
raw = open(sys.argv[1], 'rb').read()
assert all(len(line) <= 76 for line in raw.split(b'\r\n')), max(raw.split(b'\r\n'), key=len)
assert b'\n' not in raw.replace(b'\r\n', b'') and raw.isascii()
";

#[test]
fn programs_for_mail_read_the_mail() {
    let room = Room::new();
    let (snapshot, _) = small(2, 3, "mail");
    let bytes = conclave::snapshot::v1::layout::to_bytes(&snapshot);
    let json = room.write("snapshot.json", &bytes);
    let mail = room.write("snapshot.eml", conclave::snapshot::delivery::mail(&snapshot));
    if let Some(mut python) = bare_python() {
        let words = conclave::snapshot::delivery::digest_words(&snapshot);
        let output = python.args(["-c", READ_MAIL]).arg(&mail).arg(&json).arg(words).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    if has_tool("mutt", Command::new("mutt").arg("-v")) {
        // A mailbox with the one message; mutt saves its last part.
        let mbox = [b"From a@b Thu Jan  1 00:00:00 1970\n".to_vec(), fs::read(&mail).unwrap(), b"\n".to_vec()].concat();
        room.write("mbox", mbox.into_iter().filter(|byte| *byte != b'\r').collect::<Vec<u8>>());
        let keys = "<view-attachments><last-entry><save-entry><kill-line>saved.json<enter>qq";
        room.write("muttrc", format!("set folder=. mbox_type=mbox move=no quit=yes\npush \"{keys}\"\n"));
        let typed = "stty rows 40 cols 120; mutt -n -R -F muttrc -f mbox";
        let mut mutt = Command::new("timeout");
        mutt.args(["30", "script", "-qec", typed, "/dev/null"]).stdin(std::process::Stdio::null());
        mutt.current_dir(room.folder.path()).env("HOME", room.folder.path()).env("TERM", "vt100");
        let output = mutt.output().unwrap();
        let saved = room.path("saved.json");
        let shown = String::from_utf8_lossy(&output.stdout);
        assert!(fs::read(&saved).is_ok_and(|saved| saved == bytes), "mutt saved something else: {shown}");
    }
}
