//! Damaged files: what is said before anybody types, what afterwards, and that nothing comforts where something is missing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use conclave::domain::completeness::Extent;
use conclave::domain::condition::CoreState;
use conclave::domain::inventory::review;
use conclave::domain::phrase::Phrase;
use conclave::snapshot::backup::{Backup, Judged};
use conclave::snapshot::completeness;
use conclave::snapshot::founding::Founding;
use conclave::snapshot::refresh::{append_public, append_quorum, compact};
use conclave::snapshot::v1::layout;
use conclave::snapshot::v1::model::Snapshot;
use conclave::snapshot::v1::read::{Reading, read};
use conclave::ui::key::Key;

use crate::support::desk::Desk;
use crate::support::*;

/// The frozen training backup, damaged by `change`.
fn training(folder: &Path, change: impl Fn(&str) -> String) -> PathBuf {
    let path = folder.join("snapshot.json");
    let text = std::fs::read_to_string(project("assets/training/2-of-3/snapshot.json")).unwrap();
    std::fs::write(&path, change(&text)).unwrap();
    path
}

/// Another character behind `after`.
fn altered(text: &str, after: &str) -> String {
    let place = text.find(after).unwrap() + after.len();
    let other = if &text[place..=place] == "0" { "1" } else { "0" };
    format!("{}{other}{}", &text[..place], &text[place + 1..])
}

fn half(text: &str) -> String {
    text[..text.len() / 2].to_owned()
}

struct Said {
    code: i32,
    out: String,
    err: String,
}

fn run(arguments: &[&str]) -> Said {
    let output = conclave().args(arguments).output().unwrap();
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn recovered(file: &Path, more: &[&str]) -> (Said, PathBuf) {
    let out = file.with_file_name("out.json");
    let phrases = project("assets/training/2-of-3/phrases.txt");
    let mut arguments = vec!["recover", file.to_str().unwrap(), "--phrases", phrases.to_str().unwrap()];
    arguments.extend(["--out", out.to_str().unwrap(), "--format", "json", "--plaintext"]);
    arguments.extend(more);
    (run(&arguments), out)
}

#[test]
fn a_file_cut_in_half_says_what_it_gives_before_and_after() {
    let folder = tempfile::tempdir().unwrap();
    let file = training(folder.path(), half);
    for command in ["inspect", "verify"] {
        let said = run(&[command, file.to_str().unwrap()]);
        assert_eq!(said.code, 3);
        for part in
            ["0 of 1 box can be read", "nothing can come out of it", "e-mail itself at backup@northwind.example"]
        {
            assert!(said.out.contains(part), "{command}: {part}\n{}", said.out);
        }
    }
    let (said, out) = recovered(&file, &[]);
    assert_eq!((said.code, out.exists()), (5, false), "{}", said.err);
    assert!(said.err.contains("0 of 1 box can be read") && said.err.contains("--even-if-empty"), "{}", said.err);
    assert!(said.out.contains("INCOMPLETE: 0 of 1 box could be read. Keep all other copies"), "{}", said.out);
    assert!(said.out.contains("0 vaults (claimed: 3), 0 accounts (2), 0 codes (18)"), "{}", said.out);
    assert!(!said.out.contains("sealed: \n") && !said.out.contains("Genuine"), "{}", said.out);
    let (said, out) = recovered(&file, &["--even-if-empty"]);
    assert_eq!((said.code, out.exists()), (7, true), "{}", said.err);
    assert!(said.out.contains("INCOMPLETE: recovered 0 keys"), "{}", said.out);
}

#[test]
fn with_a_damaged_core_no_phrase_is_called_right_or_wrong() {
    let folder = tempfile::tempdir().unwrap();
    for after in ["\"labels_digest\":\"", "\"phrase_commitments\":[\"", "\"salt\":\"", "\"wrapping_key_commitment\":\""]
    {
        let file = training(folder.path(), |text| altered(text, after));
        let seen = run(&["inspect", file.to_str().unwrap()]);
        assert!(seen.code == 3 && seen.out.contains("DAMAGED (core)"), "{after}: {}", seen.out);
        assert!(seen.out.contains("no phrase can be judged"), "{}", seen.out);
        assert!(!seen.out.contains("compare it with a public card"), "{}", seen.out);
        let (said, out) = recovered(&file, &[]);
        assert_eq!((said.code, out.exists()), (4, false), "{after}: {}", said.err);
        assert!(said.err.contains("CAREFUL: The core is damaged"), "{}", said.err);
        assert_eq!(said.out.matches(": cannot be judged").count(), 3, "{after}: {}", said.out);
        for wrong in ["altered file", "not a phrase", ": verified"] {
            assert!(!said.out.contains(wrong), "{after}: {wrong}: {}", said.out);
        }
        // The section still says of which backup it is.
        let whole = project("assets/training/2-of-3/snapshot.json");
        let both = run(&["verify", file.to_str().unwrap(), whole.to_str().unwrap()]);
        assert!(!both.out.contains("among the files given: other"), "{}", both.out);
    }
}

#[test]
fn a_missing_core_says_that_no_phrase_can_be_judged() {
    let folder = tempfile::tempdir().unwrap();
    let without = |text: &str| text.split_inclusive('\n').filter(|line| !line.starts_with("\"core\"")).collect();
    let file = training(folder.path(), without);
    let (said, _) = recovered(&file, &[]);
    assert_eq!(said.code, 3);
    assert!(said.err.contains("no phrase can be judged") && said.err.contains("e-mail itself"), "{}", said.err);
}

/// What a person at the screens reads before the question for the card.
fn harm(desk: &mut Desk) -> String {
    desk.is("Open", "look for another copy");
    let seen = desk.screen();
    assert!(!seen.contains("Fingerprint word"), "{seen}");
    seen
}

#[test]
fn on_screens_a_file_without_its_box_comforts_nobody() {
    let (mut snapshot, phrases) = small(2, 3, "without its box");
    snapshot.boxes.clear();
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    assert!(harm(&mut desk).contains("0 of 1 box can be read"));
    desk.begin().open_with(&phrases, &[1, 2]);
    desk.is("Recovered", "INCOMPLETE: 0 of 1 box could be read. Keep all other copies");
    assert!(!desk.screen().contains("lost"));
    desk.press("e").is("Recovered", "There is nothing to write");
    desk.keys(&[Key::F(10), Key::Char('y')]).is("Record", "INCOMPLETE: not the whole backup came out");
}

#[test]
fn on_screens_a_damaged_core_asks_for_no_card_and_judges_nobody() {
    let (mut snapshot, phrases) = small(2, 3, "damaged core");
    snapshot.core.labels_digest.0[0] ^= 1;
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    assert!(harm(&mut desk).contains("no phrase can be judged with this file"));
    desk.key(Key::Enter).is("Open", "No card can be compared").key(Key::Enter).is("Hand-over", "");
    desk.sit_down().type_phrase(&phrases[0]).is("Phrase", "annot be judged");
    let seen = desk.screen();
    assert!(!seen.contains("altered file") && !seen.contains("not a phrase"), "{seen}");
}

#[test]
fn an_undamaged_copy_beside_it_heals_a_damaged_file() {
    let (whole, phrases) = small(2, 3, "healed");
    let ways: [fn(&mut Snapshot); 3] = [
        |snapshot| snapshot.core.labels_digest.0[0] ^= 1,
        |snapshot| snapshot.boxes.clear(),
        |snapshot| Arc::make_mut(&mut snapshot.boxes[0]).ciphertext.0[0] ^= 1,
    ];
    for damage in ways {
        let mut damaged = whole.clone();
        damage(&mut damaged);
        let mut desk = Desk::new(&[("snapshot.json", &damaged), ("copy.json", &whole)], false);
        desk.is("Open", "an undamaged copy lies beside it").key(Key::Enter);
        desk.begin().open_with(&phrases, &[3, 1]).is("Recovered", "every box was read");
        desk.export("out.json").is("Export", "Written and read back");
        assert!(desk.written("out.json").unwrap().contains("Rent"));
    }
}

/// A ceremony's box, a public one, and one of a quorum that marked all three.
fn three_boxes() -> (Snapshot, Vec<Phrase>, Snapshot) {
    let mut entropy = Seeded::new("boxes to lose");
    let (first, phrases) = small(2, 3, "boxes to lose of");
    let second = append_public(&first, vec![put_vault("p1", "Public")], issue(&mut entropy)).unwrap();
    let opened = open_with(&backup(&[&second]), &phrases, &[1, 2], &CheapKdf).unwrap();
    let third = append_quorum(&second, &opened.wrapping_key, vec![put_vault("q1", "Q")], issue(&mut entropy)).unwrap();
    let fourth = append_public(&third, vec![put_vault("p2", "Last")], issue(&mut entropy)).unwrap();
    (fourth, phrases, third)
}

fn extent(readings: Vec<Reading>, phrases: &[Phrase]) -> (Extent, String) {
    let (backup, _) = Backup::unite(readings).unwrap();
    let opened = open_with(&backup, phrases, &[1, 2, 3], &CheapKdf).unwrap();
    let completeness = completeness::of(&backup, &opened);
    (completeness.extent(), completeness.boxes.counted())
}

#[test]
fn whether_it_is_all_is_decided_from_what_is_there() {
    let (whole, phrases, _) = three_boxes();
    let of = |change: fn(&mut Snapshot)| {
        let mut snapshot = whole.clone();
        change(&mut snapshot);
        extent(vec![reading(&snapshot)], &phrases)
    };
    let counted = |boxes: &str| boxes.to_owned();
    assert_eq!(of(|_| {}), (Extent::Whole, counted("4 of 4 boxes")));
    assert_eq!(
        of(|snapshot| holder_labels(&mut snapshot.labels).salt.0[0] ^= 1),
        (Extent::Whole, counted("4 of 4 boxes"))
    );
    assert_eq!(of(|snapshot| snapshot.envelopes[2].sealed.0[0] ^= 1), (Extent::Whole, counted("4 of 4 boxes")));
    // An anchor that is not the quorum's no longer tells what is missing.
    assert_eq!(of(|snapshot| snapshot.anchor.sequence += 1).0, Extent::Uncertain);
    assert_eq!(of(|snapshot| snapshot.section.sequence += 1).0, Extent::Uncertain, "its list of digests is broken");
    for index in 0..4 {
        let mut lost = whole.clone();
        lost.boxes.remove(index);
        assert_eq!(extent(vec![reading(&lost)], &phrases), (Extent::Incomplete, counted("3 of 4 boxes")), "{index}");
        let mut closed = whole.clone();
        Arc::make_mut(&mut closed.boxes[index]).ciphertext.0[0] ^= 1;
        assert_eq!(extent(vec![reading(&closed)], &phrases), (Extent::Incomplete, counted("3 of 4 boxes")), "{index}");
        // Beside a whole copy nothing is missing, whichever came first.
        for damaged in [&lost, &closed] {
            for pair in [[damaged, &whole], [&whole, damaged]] {
                let both = pair.map(reading).to_vec();
                assert_eq!(extent(both, &phrases), (Extent::Whole, counted("4 of 4 boxes")), "{index}");
            }
        }
    }
}

#[test]
fn a_compacted_backup_is_all_there_and_so_is_a_union_with_the_older_file() {
    let (fourth, phrases, third) = three_boxes();
    let opened = open_with(&backup(&[&fourth]), &phrases, &[1, 2], &CheapKdf).unwrap();
    let compacted = compact(&fourth, &opened, issue(&mut Seeded::new("compacted"))).unwrap();
    for files in [vec![&compacted], vec![&compacted, &fourth], vec![&third, &compacted], vec![&third, &fourth]] {
        let (extent, boxes) = extent(files.into_iter().map(reading).collect(), &phrases);
        assert_eq!(extent, Extent::Whole, "{boxes}");
    }
    // The older one has lost a box, which the compaction had.
    for index in 0..4 {
        let mut older = fourth.clone();
        older.boxes.remove(index);
        for files in [vec![&compacted, &older], vec![&older, &compacted]] {
            let readings = || files.iter().copied().map(reading).collect();
            let boxes = Backup::unite(readings()).unwrap().0.condition().boxes;
            assert_eq!(boxes.known, boxes.readable, "{index}");
            assert_eq!(extent(readings(), &phrases).0, Extent::Whole, "{index}");
        }
    }
}

#[test]
fn a_box_that_is_damaged_where_it_stands_and_where_it_is_listed_is_one() {
    let (whole, _) = small(2, 3, "one box");
    let text = String::from_utf8(layout::to_bytes(&whole)).unwrap();
    let damaged = text.replacen("\"sealed_by\":\"quorum\"", "\"sealed_by\":\"quorun\"", 1).replacen(
        "\"sequence\":1",
        "\"sequence\":2",
        1,
    );
    let reading = read(damaged.as_bytes()).unwrap();
    let condition = backup_of(reading).condition();
    assert_eq!((condition.boxes.known, condition.boxes.readable), (1, 0), "{condition:?}");
}

fn backup_of(reading: Reading) -> Backup {
    Backup::unite(vec![reading]).unwrap().0
}

#[test]
fn a_claim_that_is_damaged_is_none() {
    let (whole, phrases) = small(2, 3, "claim");
    let text = String::from_utf8(layout::to_bytes(&whole)).unwrap();
    let vaults = format!("\"vaults\":{}", whole.section.counts.vaults);
    let backup = backup_of(read(text.replacen(&vaults, "\"vaults\":7", 1).as_bytes()).unwrap());
    let opened = open_with(&backup, &phrases, &[1, 2], &CheapKdf).unwrap();
    assert!(completeness::of(&backup, &opened).claimed.is_none());
}

#[test]
fn a_rotation_claims_each_item_once() {
    let (first, phrases) = small(2, 3, "claimed once");
    let changed = append_public(&first, vec![put_vault("v1", "Other")], issue(&mut Seeded::new("changed"))).unwrap();
    let opened = open_with(&backup(&[&changed]), &phrases, &[1, 2], &CheapKdf).unwrap();
    let sealable = review::records(&opened.inventory, changed.core.backup_id, &[]);
    assert!(!sealable.carried.is_empty());
    let mut entropy = Seeded::new("rotated");
    let mut founding = Founding::begin(plan(2, 3), &mut entropy).unwrap();
    for (number, phrase) in (1..).zip(&phrases) {
        founding.accept(number, phrase, &CheapKdf).unwrap();
    }
    let rotated = founding.seal(sealable, time("2026-03-04T05:06:07Z"), None, &mut entropy).unwrap();
    let (extent, boxes) = extent(vec![reading(&rotated)], &phrases);
    assert_eq!(extent, Extent::Whole, "{boxes}");
}

#[test]
fn every_line_that_is_cut_or_garbled_is_said_before_anybody_types() {
    let (whole, phrases, _) = three_boxes();
    let text = String::from_utf8(layout::to_bytes(&whole)).unwrap();
    let mut judged = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let garbled = text.replacen(line, &line.replacen(['1', '2', '3', '4', '5'], "6", 1), 1);
        for damaged in [text.replacen(line, "", 1), text[..text.find(line).unwrap()].to_owned(), garbled] {
            let Ok(reading) = read(damaged.as_bytes()) else { continue };
            if !reading.verdict.is_damaged() {
                continue;
            }
            let Ok((backup, _)) = Backup::unite(vec![reading]) else { continue };
            judged += 1;
            let condition = backup.condition();
            assert!(!condition.is_whole() && condition.headline().is_some(), "line {number}: {condition:?}");
            for phrase in &phrases {
                let answer = backup.recognise(phrase, &CheapKdf).unwrap();
                let may_accuse = condition.core == CoreState::Whole;
                assert!(may_accuse || !matches!(answer, Judged::NotOfThisBackup), "line {number}");
                let is_core = condition.core == CoreState::Damaged;
                assert!(!is_core || matches!(answer, Judged::CannotBeJudged), "line {number}: {answer:?}");
            }
            let numbers: Vec<usize> = (1..=phrases.len()).collect();
            let Ok(opened) = open_with(&backup, &phrases, &numbers, &CheapKdf) else { continue };
            let completeness = completeness::of(&backup, &opened);
            let has_it_all = contents(&opened).contains("Last") && contents(&opened).contains("Rent");
            assert!(has_it_all || !completeness.is_whole(), "line {number}: {completeness:?}");
        }
    }
    assert!(judged > 10, "{judged}");
}
