//! The record of a ceremony, its page to sign, and what `transcript verify` makes of it: by the real program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use conclave::effect::{Act, Said};
use conclave::machine::disk::System;
use serde_json::Value;

use crate::support::ceremony::{Bench, NoMedia, plan};
use crate::support::*;

/// A training backup that was made without screens.
fn made() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("people.csv"), "name,email\nJane Doe,\nZo\u{eb} <b>\u{202e},\n").unwrap();
    let inventory = project("assets/training/2-of-3/expected.json");
    let mut command = conclave();
    command.current_dir(folder.path()).arg("backup").arg("--inventory").arg(inventory);
    command.args(["--shareholders", "people.csv", "--threshold", "2", "--email", "backup@example.org"]);
    command.args(["--purpose", "training", "--conductor", "Ann Archer", "--out", "out", "--phrases-out", "p.txt"]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    (folder, said(&output))
}

fn verify(record: &Path, options: &[&str]) -> (Option<i32>, String) {
    let output: Output = conclave().args(["transcript", "verify"]).arg(record).args(options).output().unwrap();
    (output.status.code(), said(&output))
}

fn words_of(record: &Path) -> String {
    let (_, said) = verify(record, &["--json"]);
    let answer: Value = serde_json::from_str(&said).unwrap();
    let words: Vec<&str> = answer["words"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    words.join(" ")
}

#[test]
fn a_record_is_authentic_with_the_words_of_the_page_that_was_signed() {
    let (folder, told) = made();
    let record = folder.path().join("out/record.jsonl");
    let (code, text) = verify(&record, &[]);
    assert_eq!(code, Some(0), "{text}");
    for says in [
        "record.jsonl: consistent\n",
        "5 lines, each with the digest of the line before",
        "Anybody can write such a file.",
        "a backup of an organization, for training",
        "Conductor:     Ann Archer",
        "any 2 of 2 shareholders",
        "0:00:00  Begun without screens",
        "Made without screens, and shown to nobody: 2 phrases.",
        "Issued without screens: nobody had typed a phrase back from paper.",
    ] {
        assert!(text.contains(says), "{says} is not in\n{text}");
    }
    assert!(!text.contains("does not understand"), "{text}");
    let words = words_of(&record);
    assert!(told.contains(&words), "they were said when it was made: {told}");
    // In any case, with numbers and signs between them, below a title.
    let numbered = words.split(' ').enumerate().map(|(n, word)| format!("{}. {}", n + 1, word.to_uppercase()));
    for given in [words.clone(), words.replace(' ', "-"), format!("Words: {}", numbered.collect::<Vec<_>>().join(", "))]
    {
        let (code, text) = verify(&record, &["--words", &given]);
        assert!(code == Some(0) && text.contains("record.jsonl: authentic\n"), "{given}: {text}");
        assert!(!text.contains("Anybody can write"), "{text}");
    }
    let mut others: Vec<&str> = words.split(' ').collect();
    others[2] = "zulu";
    let (code, text) = verify(&record, &["--words", &others.join(" ")]);
    assert!(code == Some(7) && text.contains("its words are not those that you gave"), "{text}");
    assert!(text.contains("Word 3 is ") && text.contains("you gave zulu.") && !text.contains("authentic"), "{text}");
    for few in ["", "one", &format!("{words} {words}")] {
        let (code, text) = verify(&record, &["--words", few]);
        assert!(code == Some(2) && text.contains("those of a record are eight"), "{few}: {text}");
    }
    let answer = |options: &[&str]| -> Value { serde_json::from_str(&verify(&record, options).1).unwrap() };
    let alone = answer(&["--json"]);
    assert_eq!((alone["verdict"].as_str(), &alone["differing"]), (Some("consistent"), &Value::Null));
    assert_eq!((alone["lines"].as_u64(), alone["events"][0]["conductor"].as_str()), (Some(5), Some("Ann Archer")));
    assert_eq!(answer(&["--json", "--words", &words])["verdict"], "authentic");
    assert_eq!(answer(&["--json", "--words", &others.join(" ")])["differing"], serde_json::json!([3]));

    // Its last line left out: only the words tell.
    let lines = fs::read_to_string(&record).unwrap();
    let short = lines.trim_end().rsplit_once('\n').unwrap().0.to_owned() + "\n";
    let short = write(&folder, "short.jsonl", short);
    assert_eq!((verify(&short, &[]).0, verify(&short, &["--words", &words]).0), (Some(0), Some(7)));
    let first = write(&folder, "first.jsonl", lines.lines().next().unwrap().to_owned() + "\n");
    assert!(verify(&first, &[]).1.contains("It does not say that a backup was made."));
}

fn write(folder: &tempfile::TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_broken_chain_names_the_first_line_that_does_not_follow() {
    let (folder, _) = made();
    let lines = fs::read_to_string(folder.path().join("out/record.jsonl")).unwrap();
    let changed = write(&folder, "changed.jsonl", lines.replacen("\"count\":2", "\"count\":3", 1));
    let (code, text) = verify(&changed, &["--words", "whatever"]);
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("changed.jsonl: broken") && text.contains("line 3 does not follow line 2"), "{text}");
    assert!(!text.contains("Ann Archer"), "nothing that it says can be relied on: {text}");
    let output = conclave().args(["transcript", "verify", "--json"]).arg(&changed).output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((answer["verdict"].as_str(), answer["broken_line"].as_u64()), (Some("broken"), Some(3)));
    let huge = folder.path().join("huge.jsonl");
    fs::File::create(&huge).unwrap().set_len(1 << 40).unwrap();
    for (path, says) in [
        (huge, "is larger than 4 MiB"),
        (write(&folder, "empty.jsonl", ""), "it is empty"),
        (write(&folder, "binary.jsonl", b"\xff\xfe\x00\n"), "line 1 is no line of a record"),
        (write(&folder, "million.jsonl", "{}\n".repeat(1_000_000)), "line 1 is no line of a record"),
        (write(&folder, "deep.jsonl", format!("{}\n", "[".repeat(1 << 20))), "line 1 is no line of a record"),
        (write(&folder, "cut.jsonl", &lines[..lines.len() - 5]), "line 5 has no end"),
        (folder.path().join("out/snapshot.json"), "line 1 is no line of a record"),
        (folder.path().join("none.jsonl"), "does not exist"),
        (folder.path().to_owned(), "is a folder"),
    ] {
        let (code, text) = verify(&path, &[]);
        assert!(code == Some(3) && text.contains(says), "{}: {text}", path.display());
    }
}

#[test]
fn the_page_to_sign_says_what_the_record_says_and_has_a_line_for_everybody() {
    let (folder, _) = made();
    let record = folder.path().join("out/record.jsonl");
    let snapshot = fs::read(folder.path().join("out/snapshot.json")).unwrap();
    let snapshot = conclave::snapshot::v1::read::read(&snapshot).unwrap().snapshot().unwrap();
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = fs::read_to_string(folder.path().join("out/record-to-sign.txt")).unwrap();
    let page = fs::read_to_string(folder.path().join("out/record-to-sign.html")).unwrap();
    assert!(text.lines().all(|line| line.chars().count() <= 76), "{text}");
    let fingerprint = conclave::domain::fingerprint::Fingerprint::of(&snapshot.core.core_digest().0).to_string();
    let numbered: Vec<String> =
        words_of(&record).split(' ').enumerate().map(|(n, word)| format!("{} {word}", n + 1)).collect();
    let digest_words = conclave::snapshot::delivery::digest_words(&snapshot);
    let created = snapshot.section.created.to_string();
    let id = snapshot.core.backup_id.to_string();
    for says in [
        "TRAINING RECORD",
        "Northwind",
        &fingerprint,
        &digest_words,
        &created,
        &id,
        "any 2 of 2 shareholders",
        "NO: it was made without screens",
        "conclave transcript verify record.jsonl --words",
        "Conductor (Ann Archer)",
        "Shareholder 1 (Jane Doe)",
    ] {
        assert!(flat(&text).contains(says), "{says} is not in\n{text}");
        let quoted = flat(&page).replace("&quot;", "\"");
        assert!(quoted.contains(says), "{says} is not in\n{page}");
    }
    assert!(numbered.iter().all(|word| flat(&text).contains(word)), "{text}");
    assert_eq!((text.matches("Signature: ____").count(), text.matches("Date: ____").count()), (3, 3));
    assert_eq!(page.matches("class=\"signature\"").count(), 3);
    assert!(text.contains("Shareholder 2 (Zo\u{eb} <b><U+202E>)"), "{text}");
    assert!(page.contains("Zo\u{eb} &lt;b&gt;&lt;U+202E&gt;") && !page.contains("<b>"), "{page}");
    for never in ["<script", "http:", "https:", "src=", "href=", "url("] {
        assert!(!page.contains(never), "{never}");
    }
}

#[test]
fn a_ceremony_on_screens_ends_with_a_record_that_all_can_check() {
    for (kind, threshold, says) in [
        (conclave::domain::kind::Kind::Organization, 2, "NOT pulled out before the file was read again"),
        (conclave::domain::kind::Kind::Codes, 1, "a file of recovery codes"),
    ] {
        let mut bench = Bench::new(Box::new(System), Box::new(NoMedia), Box::new(Seeded::new("record")));
        let plan = conclave::domain::ceremony::Plan { kind, threshold, ..plan(2, 2) };
        let folder = bench.path("backup");
        if kind == conclave::domain::kind::Kind::Organization {
            bench.begin(plan);
        } else {
            let beginning = conclave::effect::Beginning { plan, folder: folder.clone(), rotation: None };
            assert!(matches!(bench.act(Act::Begin(Box::new(beginning))), Said::Begun(Ok(_))));
        }
        assert!(matches!(bench.act(Act::WriteSheets), Said::Written(Ok(_))));
        let phrases = bench.gather(2);
        assert!(matches!(bench.act(Act::Seal), Said::Sealed(Ok(_))));
        assert!(matches!(bench.act(Act::ReadAgain { skips_medium: true }), Said::ReadAgain(Ok(()))));
        if kind == conclave::domain::kind::Kind::Organization {
            for phrase in &phrases {
                bench.act(Act::Verify { phrase: phrase.duplicate() });
            }
        }
        let Said::Issued(Ok(issued)) = bench.act(Act::Issue) else { panic!() };
        for name in ["record.jsonl", "record-to-sign.txt", "record-to-sign.html"] {
            assert!(issued.paths.contains(&folder.join(name)), "{name}");
        }
        let (code, text) = verify(&folder.join("record.jsonl"), &["--words", &issued.record_words]);
        assert_eq!(code, Some(0), "{text}");
        let holder = kind.rules().holder.label;
        let shown = format!("{holder} 2 (Holder 2) was shown a phrase.");
        for says in
            [says, "authentic", "Begun on screens", &shown, "Issued: from then on", "everybody typed the phrase back"]
        {
            assert!(text.contains(says), "{says} is not in\n{text}");
        }
        assert!(!text.contains("does not understand"), "{text}");
        let page = fs::read_to_string(folder.join("record-to-sign.txt")).unwrap();
        assert_eq!(page, issued.to_sign, "copied by hand it is the same");
        assert!(
            page.contains("Conductor (Connie Conductor)") && page.contains(&format!("{holder} 2 (Holder 2)")),
            "{page}"
        );
        assert!(page.contains("everybody typed the phrase back from paper"), "{page}");
        let secret = phrases[0].reveal_words().windows(2).map(|pair| pair.join(" ")).collect::<Vec<_>>();
        assert!(secret.iter().all(|pair| !page.contains(pair.as_str()) && !text.contains(pair.as_str())));
    }
}
