//! The main job on both training backups: every container, every order of people, exactly the expected contents; and the
//! emergency reader beside it.

use std::collections::BTreeSet;
use std::fs;

use conclave::domain::phrase::Phrase;
use conclave::domain::phrase_list::practice;
use conclave::machine::entropy::OsEntropy;
use conclave::snapshot::backup::Backup;
use conclave::snapshot::container::unpack;
use conclave::snapshot::opening::OpeningError;
use conclave::snapshot::v1::layout;
use conclave::snapshot::v1::read::read;
use conclave::snapshot::v1::verdict::Verdict;
use conclave::training::{DERIVATION, SAMPLES, Sample};

use crate::support::*;

fn phrases(sample: &Sample) -> Vec<Phrase> {
    practice(sample.phrases).iter().map(|line| Phrase::of_words(&line.words, ENGLISH).unwrap()).collect()
}

#[test]
fn every_container_and_every_order_of_people_gives_the_expected_contents() {
    for sample in &SAMPLES {
        let kdf = CachedArgon2::default();
        let phrases = phrases(sample);
        for (name, bytes, is_intact) in containers::all(sample.snapshot) {
            let reading = read(&unpack(bytes, name).unwrap().text).unwrap();
            let verdict = if is_intact { Verdict::Intact } else { Verdict::Reformatted };
            assert_eq!(reading.verdict, verdict, "{name}");
            let (backup, _) = Backup::unite(vec![reading]).unwrap();
            let threshold = usize::from(sample.threshold);
            for order in orders(phrases.len(), threshold).into_iter().chain([(1..=phrases.len()).collect()]) {
                let opened = open_with(&backup, &phrases, &order, &kdf).unwrap();
                assert!(contents(&opened).as_bytes() == sample.expected, "{} {name} {order:?}", sample.name);
            }
        }
    }
}

#[test]
fn one_person_too_few_opens_nothing() {
    for sample in &SAMPLES {
        let kdf = CachedArgon2::default();
        let (backup, _) = Backup::unite(vec![read(sample.snapshot).unwrap()]).unwrap();
        let phrases = phrases(sample);
        let usable = usize::from(sample.threshold) - 1;
        for order in orders(phrases.len(), usable) {
            let error = open_with(&backup, &phrases, &order, &kdf).err();
            assert_eq!(error, Some(OpeningError::NotEnough { usable, threshold: sample.threshold }));
        }
    }
}

#[test]
fn the_program_gives_the_expected_file_and_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let sampled = folder.path().join("samples");
    assert!(conclave().arg("sample").arg(&sampled).output().unwrap().status.success());
    for (sample, exit) in SAMPLES.iter().zip([0, 0, 0]) {
        let of = |name: &str| sampled.join(sample.name).join(name);
        assert_eq!(fs::read(of("snapshot.json")).unwrap(), sample.snapshot, "the frozen bytes");
        assert_eq!(fs::read_to_string(of("phrases.txt")).unwrap(), sample.phrases);
        assert_eq!(fs::read(of("expected.json")).unwrap(), sample.expected);
        for file in ["snapshot.json", "snapshot.eml", "snapshot.zip"] {
            let out = folder.path().join(format!("{}-{file}.out", sample.name));
            let output = recover(&of(file), &of("phrases.txt"), &out);
            assert_eq!(output.status.code(), Some(exit), "{}", String::from_utf8_lossy(&output.stderr));
            assert!(fs::read(&out).unwrap() == sample.expected, "{} {file}", sample.name);
        }
        let card = fs::read_to_string(of("cards/2.txt")).unwrap();
        let snapshot = conclave::snapshot::v1::read::read(sample.snapshot).unwrap().snapshot().unwrap();
        let (id, address) = (snapshot.core.backup_id, snapshot.labels.delivery().unwrap());
        for fact in [format!("Backup id:    {id}\n"), format!("E-mailed to:  {address}\n")] {
            assert!(card.contains(&fact), "{fact} is not in\n{card}");
        }
        let words: Vec<&str> = sample.phrases.split_whitespace().filter(|word| word.len() > 3).collect();
        assert!(words.windows(2).all(|pair| !card.contains(&pair.join(" "))), "a card holds no phrase");
    }
}

#[test]
fn the_emergency_reader_gives_the_same_from_frozen_and_fresh_samples() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let frozen = folder.path().join("frozen");
    let fresh = folder.path().join("fresh");
    assert!(conclave().arg("sample").arg(&frozen).output().unwrap().status.success());
    assert!(conclave().arg("sample").arg(&fresh).arg("--fresh").output().unwrap().status.success());
    for samples in [&frozen, &fresh] {
        for (sample, exit) in SAMPLES.iter().zip([0, 0, 0]) {
            let of = |name: &str| samples.join(sample.name).join(name);
            for file in
                if samples.ends_with("fresh") { vec!["snapshot.eml"] } else { vec!["snapshot.json", "snapshot.zip"] }
            {
                let output = std::process::Command::new(python.get_program())
                    .arg(project("docs/emergency_reader.py"))
                    .arg(of(file))
                    .arg(of("phrases.txt"))
                    .output()
                    .unwrap();
                assert!(output.stdout == sample.expected, "{file}: {}", String::from_utf8_lossy(&output.stderr));
                assert_eq!(output.status.code(), Some(exit), "{file}: {}", String::from_utf8_lossy(&output.stderr));
            }
            let out = folder.path().join(format!("{}-{}.out", sample.name, samples.ends_with("fresh")));
            let output = recover(&of("snapshot.eml"), &of("phrases.txt"), &out);
            assert_eq!(output.status.code(), Some(exit), "{}", String::from_utf8_lossy(&output.stderr));
            assert!(fs::read(out).unwrap() == sample.expected);
        }
    }
}

#[test]
fn the_emergency_reader_opens_the_worked_example() {
    let Some(mut python) = python() else { return };
    let of = |name: &str| project("docs/worked-example").join(name);
    let output = python
        .arg(project("docs/emergency_reader.py"))
        .arg(of("snapshot.json"))
        .arg(of("phrases.txt"))
        .output()
        .unwrap();
    assert!(output.stdout == fs::read(of("expected.json")).unwrap(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn two_fresh_backups_share_no_random_value() {
    let texts = |sample: &Sample| {
        let made = sample.fresh(DERIVATION, time("2026-01-01T00:00:00Z"), &CheapKdf, &mut OsEntropy).unwrap();
        let mut found = BTreeSet::new();
        collect(&serde_json::from_slice(&layout::to_bytes(&made.0)).unwrap(), &mut found);
        found.extend(made.1.iter().map(|phrase| phrase.reveal_words().join(" ")));
        found
    };
    for sample in &SAMPLES {
        let (one, other) = (texts(sample), texts(sample));
        let shared: Vec<&String> = one.intersection(&other).filter(|text| text.len() >= 16).collect();
        let names = read(sample.snapshot).unwrap().labels.unwrap();
        let names: Vec<String> = names.shareholders().iter().map(|label| label.name.raw().to_owned()).collect();
        let is_public = |text: &str| {
            text.ends_with("(training)")
                || text.contains("@northwind.example")
                || text.starts_with("backup@")
                || text == "2026-01-01T00:00:00Z"
                || text == "conclave-snapshot"
                || names.contains(&text.to_owned())
                || text.bytes().all(|byte| byte == b'0')
        };
        assert!(shared.iter().all(|text| is_public(text)), "{shared:?}");
        assert!(one.difference(&other).count() > 15);
    }
}

fn collect(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::String(text) => {
            found.insert(text.clone());
        }
        serde_json::Value::Array(list) => list.iter().for_each(|value| collect(value, found)),
        serde_json::Value::Object(members) => members.values().for_each(|value| collect(value, found)),
        _ => {}
    }
}

#[test]
fn every_prefix_of_an_emailed_file_is_read_or_refused_and_never_called_whole() {
    let sample = &SAMPLES[0];
    let mut recoverable = 0;
    for length in 0..sample.snapshot.len() {
        let prefix = &sample.snapshot[..length];
        if let Ok(reading) = read(prefix) {
            // Without the last line end alone, the contents are whole.
            let is_whole = length == sample.snapshot.len() - 1;
            assert_eq!(reading.verdict.is_damaged(), !is_whole, "{length}");
            recoverable += usize::from(Backup::unite(vec![reading]).is_ok());
        }
    }
    assert!(recoverable > sample.snapshot.len() / 4, "most of a cut file still opens: {recoverable}");
}
