//! Backups in the making, through the real session: whatever people and media do, nothing is called a backup before everybody has
//! typed the phrase twice and all shares are proved. The same when the process is killed at any call of the disk.
#![allow(clippy::too_many_lines)]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use conclave::domain::ceremony::{CeremonyStage, PhraseState, Plan};
use conclave::domain::inventory::review::ReviewPurpose;
use conclave::domain::phrase::{Phrase, PhraseForm, WordCount};
use conclave::domain::wordlist::WordList;
use conclave::effect::{Act, Answer, Confirmation, Effect, Issued, Medium, Said};
use conclave::machine::disk::{Called, Disk, Identity, System};
use conclave::snapshot::backup::Judged;
use conclave::snapshot::v1::read::read;
use conclave::snapshot::v1::verdict::Verdict;
use rustix::io::Errno;

use crate::support::ceremony::{Bench, NoMedia, Stick, finish_left, opens, plan, plan_of, typed};
use crate::support::disk::{Fault, Faulty, KINDS, Kind, When};
use crate::support::*;

fn bench(seed: &str) -> Bench {
    Bench::new(Box::new(System), Box::new(NoMedia), Box::new(Seeded::new(seed)))
}

/// From the confirmed phrases to the backup, without a medium.
fn finish(bench: &mut Bench, phrases: &[Phrase]) -> Box<Issued> {
    assert!(matches!(bench.act(Act::Seal), Said::Sealed(Ok(_))));
    assert!(matches!(bench.act(Act::ReadAgain { skips_medium: true }), Said::ReadAgain(Ok(()))));
    for (number, phrase) in (1..).zip(phrases) {
        match bench.act(Act::Verify { phrase: phrase.duplicate() }) {
            Said::Verified(Ok(Answer::Verified { number: found, who })) => {
                assert_eq!((found, who), (number, format!("shareholder {number} (Holder {number})")));
            }
            said => panic!("{said:?}"),
        }
    }
    match bench.act(Act::Issue) {
        Said::Issued(Ok(issued)) => issued,
        said => panic!("{said:?}"),
    }
}

/// All sets of `m` of 1 to `n`.
fn subsets(m: usize, n: usize) -> Vec<Vec<usize>> {
    let masks = (0_u32..1 << n).filter(|mask| mask.count_ones() as usize == m);
    masks.map(|mask| (1..=n).filter(|number| mask >> (number - 1) & 1 == 1).collect()).collect()
}

#[test]
fn every_quorum_of_every_size_opens_what_was_sealed() {
    let expected = sealed_contents();
    let mut opened = 0;
    for (threshold, count) in [(2, 2), (2, 3), (3, 3), (3, 5), (5, 5), (4, 7), (5, 16), (16, 16), (2, 16)] {
        let mut bench = bench("quorums");
        let phrases = bench.begin(plan(threshold, count)).gather(count);
        finish(&mut bench, &phrases);
        let file = bench.path("backup/snapshot.json");
        let mut all = subsets(usize::from(threshold), usize::from(count));
        let step = (all.len() / cases(4000).clamp(1, all.len())).max(1);
        all = all.into_iter().step_by(step).collect();
        for numbers in all {
            assert_eq!(opens(&file, &phrases, &numbers), expected, "{threshold} of {count}: {numbers:?}");
            opened += 1;
        }
    }
    println!("{opened} quorums opened");
}

#[test]
fn phrases_of_every_length_and_list_make_a_backup() {
    for (place, language) in WordList::ALL.into_iter().enumerate() {
        let words = [12, 15, 18, 21, 24][place % 5];
        let form = PhraseForm { language, words: WordCount::new(words).unwrap() };
        let mut bench = bench(&format!("{language:?}"));
        let phrases = bench.begin(plan_of(2, 3, form)).gather(3);
        finish(&mut bench, &phrases);
        assert_eq!(opens(&bench.path("backup/snapshot.json"), &phrases, &[3, 1]), sealed_contents());
    }
}

#[test]
fn a_wrong_word_is_named_and_the_phrase_can_be_seen_again_until_it_is_confirmed() {
    let mut bench = bench("wrong");
    bench.begin(plan(2, 2));
    let phrase = bench.show(1);
    let mut words = typed(&phrase).reveal().to_vec();
    words[6] = (words[6] + 1) % 2048;
    words.swap(2, 3);
    let typed_wrong = conclave::effect::TypedWords::new(zeroize::Zeroizing::new(words));
    match bench.act(Act::Confirm { number: 1, typed: typed_wrong }) {
        Said::Confirmed { result: Ok(Confirmation::Differs { numbers }), .. } => assert_eq!(numbers, [3, 4, 7]),
        said => panic!("{said:?}"),
    }
    assert_eq!(bench.progress.state(1), PhraseState::Shown);
    assert_eq!(bench.show(1).reveal_entropy(), phrase.reveal_entropy(), "the same one");
    assert!(matches!(bench.confirm(1, &phrase), Said::Confirmed { result: Ok(Confirmation::Same), .. }));
    match bench.act(Act::Show { number: 1, anew: false }) {
        Said::Phrase { phrase: Err(trouble), .. } => assert!(trouble.what.contains("not held any more")),
        said => panic!("{said:?}"),
    }
    // Another shareholder's phrase is not theirs.
    bench.show(2);
    assert!(matches!(bench.confirm(2, &phrase), Said::Confirmed { result: Ok(Confirmation::Differs { .. }), .. }));
    match bench.act(Act::Seal) {
        Said::Sealed(Err(trouble)) => assert!(trouble.what.contains("Not every phrase"), "{trouble:?}"),
        said => panic!("{said:?}"),
    }
    assert!(!bench.path("backup/UNCONFIRMED-snapshot.json").exists());
}

#[test]
fn a_derivation_that_was_given_up_does_not_count() {
    let mut bench = bench("given up");
    bench.begin(plan(2, 2));
    let phrase = bench.show(1);
    let said = bench.act_unless(Act::Confirm { number: 1, typed: typed(&phrase) }, true);
    assert!(matches!(said, Said::Confirmed { result: Err(_), .. }));
    assert_eq!(bench.progress.state(1), PhraseState::Shown);
    assert!(matches!(bench.confirm(1, &phrase), Said::Confirmed { result: Ok(Confirmation::Same), .. }));
}

#[test]
fn a_lost_paper_costs_one_new_phrase_and_the_file_is_written_anew() {
    let mut bench = bench("lost paper");
    let mut phrases = bench.begin(plan(2, 3)).gather(3);
    assert!(matches!(bench.act(Act::Seal), Said::Sealed(Ok(_))));
    let first = fs::read(bench.path("backup/UNCONFIRMED-snapshot.json")).unwrap();
    bench.act(Act::ReadAgain { skips_medium: true });
    bench.act(Act::Verify { phrase: phrases[0].duplicate() });
    let Said::Phrase { phrase: Ok(new), .. } = bench.act(Act::Show { number: 2, anew: true }) else { panic!() };
    assert_eq!((bench.progress.stage(), bench.progress.state(1)), (CeremonyStage::Asking, PhraseState::Confirmed));
    assert!(matches!(bench.act(Act::Issue), Said::Issued(Err(_))));
    assert!(matches!(bench.act(Act::Verify { phrase: phrases[0].duplicate() }), Said::Verified(Err(_))));
    bench.confirm(2, &new);
    let old = std::mem::replace(&mut phrases[1], new);
    finish(&mut bench, &phrases);
    let file = bench.path("backup/snapshot.json");
    assert_ne!(fs::read(&file).unwrap(), first);
    assert!(!bench.path("backup/UNCONFIRMED-snapshot.json").exists());
    assert_eq!(opens(&file, &phrases, &[1, 2]), sealed_contents());
    let (backup, _) =
        conclave::snapshot::backup::Backup::unite(vec![read(&fs::read(&file).unwrap()).unwrap()]).unwrap();
    assert!(matches!(backup.recognise(&old, &CheapKdf).unwrap(), Judged::NotOfThisBackup));
}

#[test]
fn the_medium_has_to_go_and_come_back_and_may_come_back_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let stick = Stick::at(&folder.path().join("stick"));
    fs::create_dir(folder.path().join("stick")).unwrap();
    let mut bench = Bench::within(folder, Box::new(System), Box::new(stick.clone()), Box::new(Seeded::new("medium")));
    let phrases = bench.begin_in(plan(2, 2), "stick/backup", None).gather(2);
    assert!(
        matches!(bench.act(Act::Seal), Said::Sealed(Ok(sealed)) if matches!(sealed.medium, Medium::Present { .. }))
    );
    let not_yet = |bench: &mut Bench| {
        assert!(matches!(bench.act(Act::ReadAgain { skips_medium: false }), Said::ReadAgain(Err(_))));
    };
    not_yet(&mut bench);
    assert!(matches!(bench.act(Act::LookForMedium), Said::Medium(Medium::Present { .. })));
    stick.pull();
    fs::rename(bench.path("stick"), bench.path("away")).unwrap();
    assert!(matches!(bench.act(Act::LookForMedium), Said::Medium(Medium::Gone { .. })));
    not_yet(&mut bench);
    fs::rename(bench.path("away"), bench.path("other")).unwrap();
    stick.put_back(&bench.path("other"));
    assert!(matches!(bench.act(Act::LookForMedium), Said::Medium(Medium::Back { .. })));
    assert!(matches!(bench.act(Act::ReadAgain { skips_medium: false }), Said::ReadAgain(Ok(()))));
    for phrase in &phrases {
        bench.act(Act::Verify { phrase: phrase.duplicate() });
    }
    let Said::Issued(Ok(issued)) = bench.act(Act::Issue) else { panic!() };
    assert!(issued.missing.is_none() && issued.paths.iter().all(|path| path.starts_with(bench.path("other/backup"))));
    assert_eq!(opens(&bench.path("other/backup/snapshot.json"), &phrases, &[1, 2]), sealed_contents());
    let record = fs::read_to_string(bench.path("other/backup/record.jsonl")).unwrap();
    assert!(record.contains("\"state\":\"pulled\"") && record.contains("proved"), "{record}");
}

#[test]
fn a_file_that_changed_on_its_medium_is_no_backup() {
    for moment in 0..2 {
        let mut bench = bench("changed");
        let phrases = bench.begin(plan(2, 2)).gather(2);
        bench.act(Act::Seal);
        let file = bench.path("backup/UNCONFIRMED-snapshot.json");
        let bytes = fs::read(&file).unwrap();
        let mut changed = bytes.clone();
        changed[1000] ^= 1;
        if moment == 0 {
            fs::write(&file, &changed).unwrap();
            assert!(matches!(bench.act(Act::ReadAgain { skips_medium: true }), Said::ReadAgain(Err(_))));
            fs::write(&file, &bytes).unwrap();
        }
        assert!(matches!(bench.act(Act::ReadAgain { skips_medium: true }), Said::ReadAgain(Ok(()))));
        for phrase in &phrases {
            bench.act(Act::Verify { phrase: phrase.duplicate() });
        }
        if moment == 1 {
            fs::write(&file, &changed).unwrap();
            assert!(matches!(bench.act(Act::Issue), Said::Issued(Err(_))));
            assert!(!bench.path("backup/snapshot.json").exists());
            fs::write(&file, &bytes).unwrap();
        }
        assert!(matches!(bench.act(Act::Issue), Said::Issued(Ok(_))), "nothing confirmed was lost");
    }
}

#[test]
fn the_mark_that_a_file_is_unconfirmed_goes_with_the_last_phrase_and_nothing_else_changes() {
    let mut bench = bench("the mark");
    let phrases = bench.begin(plan(2, 3)).gather(3);
    bench.act(Act::Seal);
    let snapshot = |bytes: Vec<u8>| read(&bytes).unwrap().snapshot().unwrap();
    let before = snapshot(fs::read(bench.path("backup/UNCONFIRMED-snapshot.json")).unwrap());
    assert!(before.anchor.unconfirmed);
    let opened = open_with(&backup(&[&before]), &phrases, &[1, 3], &CheapKdf).unwrap();
    assert!(opened.findings.iter().any(|finding| finding.to_string().contains("never confirmed")));
    bench.act(Act::ReadAgain { skips_medium: true });
    for phrase in &phrases {
        bench.act(Act::Verify { phrase: phrase.duplicate() });
    }
    assert!(matches!(bench.act(Act::Issue), Said::Issued(Ok(_))));
    let after = snapshot(fs::read(bench.path("backup/snapshot.json")).unwrap());
    assert!(!after.anchor.unconfirmed && !bench.path("backup/UNCONFIRMED-snapshot.json").exists());
    assert_eq!((&before.core, &before.envelopes, &before.labels), (&after.core, &after.envelopes, &after.labels));
    assert_eq!(before.boxes, after.boxes);
    assert_eq!((before.section.sequence, before.section.created), (after.section.sequence, after.section.created));
    let opened = open_with(&backup(&[&after]), &phrases, &[2, 3], &CheapKdf).unwrap();
    assert!(opened.findings.is_empty(), "{:?}", opened.findings);
    // Taken out by somebody else it is missed.
    let mut forged = before.clone();
    forged.anchor.unconfirmed = false;
    let opened = open_with(&backup(&[&forged]), &phrases, &[1, 2], &CheapKdf).unwrap();
    assert!(opened.findings.iter().any(conclave::snapshot::finding::Finding::is_red));
}

/// At every step at which something was written the medium can fail: the rest goes on another one, and nobody types again.
#[test]
fn another_medium_takes_over_at_every_step_and_what_was_typed_counts() {
    for step in 0..4 {
        let mut bench = bench(&format!("another medium {step}"));
        let phrases = bench.begin(plan(2, 3)).gather(3);
        let other = bench.path("other");
        let first = bench.path("backup");
        if step >= 1 {
            bench.act(Act::Seal);
        }
        if step >= 2 {
            bench.act(Act::ReadAgain { skips_medium: true });
            bench.act(Act::Verify { phrase: phrases[0].duplicate() });
        }
        if step >= 3 {
            for phrase in &phrases[1..] {
                bench.act(Act::Verify { phrase: phrase.duplicate() });
            }
            // The medium dies in the very moment in which it becomes a backup.
            fs::rename(&first, bench.path("gone")).unwrap();
            assert!(matches!(bench.act(Act::Issue), Said::Issued(Err(_))));
        }
        let Said::Moved(Ok(moved)) = bench.act(Act::Move { folder: other.clone() }) else { panic!("{step}") };
        assert_eq!((moved.folder, moved.sealed.is_some()), (other.clone(), step >= 1), "{step}");
        assert_eq!(other.join("UNCONFIRMED-snapshot.json").exists(), step >= 1);
        if step == 0 {
            assert!(!first.exists(), "an empty folder goes");
            bench.act(Act::Seal);
        }
        assert!(matches!(bench.act(Act::ReadAgain { skips_medium: false }), Said::ReadAgain(Err(_))), "the same check");
        assert!(matches!(bench.act(Act::ReadAgain { skips_medium: true }), Said::ReadAgain(Ok(()))), "{step}");
        let verified = [0, 0, 1, 3][step];
        assert_eq!(bench.progress.count(PhraseState::Verified), verified, "{step}");
        for phrase in &phrases[verified..] {
            assert!(matches!(bench.act(Act::Verify { phrase: phrase.duplicate() }), Said::Verified(Ok(_))));
        }
        let Said::Issued(Ok(issued)) = bench.act(Act::Issue) else { panic!("{step}") };
        assert!(issued.missing.is_none() && issued.paths[0] == other.join("snapshot.json"), "{step}");
        let snapshot = read(&fs::read(other.join("snapshot.json")).unwrap()).unwrap().snapshot().unwrap();
        open_with(&backup(&[&snapshot]), &phrases, &[3, 1], &CheapKdf).unwrap();
        assert!(matches!(bench.act(Act::Move { folder: bench.path("late") }), Said::Moved(Err(_))), "it is a backup");
        let record = fs::read_to_string(other.join("record.jsonl")).unwrap();
        assert!(record.contains("\"event\":\"medium changed\""));
    }
}

#[test]
fn a_plan_that_is_changed_keeps_whose_it_is_and_what_it_is_for() {
    let mut bench = bench("replan");
    bench.begin(plan(2, 2));
    let changes: [fn(&mut Plan); 3] = [
        |plan| plan.is_training = false,
        |plan| plan.organization = text("Another Cellar"),
        |plan| plan.form.language = WordList::French,
    ];
    for change in changes {
        let mut other = plan(2, 3);
        change(&mut other);
        assert!(matches!(bench.act(Act::Replan(Box::new(other.clone()))), Said::Begun(Err(_))), "{other:?}");
    }
    assert!(matches!(bench.act(Act::Replan(Box::new(plan(2, 3)))), Said::Begun(Ok(_))));
}

#[test]
fn a_second_copy_is_all_that_was_issued_and_ends_what_was_missing() {
    let disk = Faulty::new(Kind::Normal);
    let mut bench = Bench::new(Box::new(disk.clone()), Box::new(NoMedia), Box::new(Seeded::new("second copy")));
    let copy = bench.path("copy");
    assert!(matches!(bench.act(Act::Copy { folder: copy.clone() }), Said::Copied(Err(_))));
    let phrases = bench.begin(plan(2, 2)).gather(2);
    bench.act(Act::Seal);
    bench.act(Act::ReadAgain { skips_medium: true });
    for phrase in &phrases {
        bench.act(Act::Verify { phrase: phrase.duplicate() });
    }
    assert!(matches!(bench.act(Act::Copy { folder: copy.clone() }), Said::Copied(Err(_))), "nothing is issued yet");
    let is_issued = (1..60).any(|at| {
        disk.set_fault(Some(Fault { at, errno: Errno::NOSPC, when: When::Gone }));
        matches!(bench.act(Act::Issue), Said::Issued(Ok(_)))
    });
    assert!(is_issued && !bench.path("backup/snapshot.eml").exists());
    for at in [2, 6, 12] {
        disk.set_fault(Some(Fault { at, errno: Errno::NOSPC, when: When::Before }));
        assert!(matches!(bench.act(Act::Copy { folder: copy.clone() }), Said::Copied(Err(_))), "call {at} failed");
        assert!(!copy.exists(), "call {at} failed");
    }
    disk.set_fault(None);
    assert!(matches!(bench.act(Act::Copy { folder: bench.path("backup") }), Said::Copied(Err(_))), "not over another");
    let Said::Copied(Ok(sealed)) = bench.act(Act::Copy { folder: copy.clone() }) else { panic!() };
    assert_eq!(sealed.path, copy.join("snapshot.json"));
    for name in ["snapshot.eml", "record.jsonl", "fingerprint.txt", "cards/1.txt"] {
        assert!(copy.join(name).exists(), "{name}");
    }
    let same = |name: &str| fs::read(bench.path("backup").join(name)).unwrap() == fs::read(copy.join(name)).unwrap();
    assert!(same("snapshot.json"));
    let bytes = fs::read(&sealed.path).unwrap();
    fs::write(&sealed.path, "x").unwrap();
    let Said::ReadAgain(Err(trouble)) = bench.act(Act::ReadAgain { skips_medium: true }) else { panic!("compared") };
    assert!(trouble.what.contains("not the copy") && !trouble.hint.contains("(w)"), "{trouble:?}");
    fs::write(&sealed.path, bytes).unwrap();
    assert!(matches!(bench.act(Act::ReadAgain { skips_medium: true }), Said::ReadAgain(Ok(()))));
}

#[test]
fn what_goes_with_a_backup_can_be_written_later() {
    let disk = Faulty::new(Kind::Normal);
    let mut bench = Bench::new(Box::new(disk.clone()), Box::new(NoMedia), Box::new(Seeded::new("later")));
    let phrases = bench.begin(plan(2, 2)).gather(2);
    bench.act(Act::Seal);
    bench.act(Act::ReadAgain { skips_medium: true });
    for phrase in &phrases {
        bench.act(Act::Verify { phrase: phrase.duplicate() });
    }
    // The first call that fails after the file became a backup.
    let issued = (1..60).find_map(|at| {
        disk.set_fault(Some(Fault { at, errno: Errno::NOSPC, when: When::Gone }));
        match bench.act(Act::Issue) {
            Said::Issued(Ok(issued)) => Some(issued),
            _ => None,
        }
    });
    let issued = issued.unwrap();
    assert!(issued.missing.is_some() && bench.path("backup/snapshot.json").exists());
    assert!(!bench.path("backup/snapshot.eml").exists());
    disk.set_fault(None);
    let Said::Issued(Ok(issued)) = bench.act(Act::Issue) else { panic!() };
    assert!(issued.missing.is_none() && bench.path("backup/snapshot.eml").exists());
    let Said::Deleted(Ok(deleted)) = bench.act(Act::DeleteInventory) else { panic!() };
    assert_eq!(deleted, [bench.path("inventory.json")]);
    assert!(!bench.path("inventory.json").exists());
}

#[test]
fn a_backup_that_is_there_is_not_voided_by_another_phrase() {
    let mut bench = bench("issued");
    let phrases = ready(&mut bench);
    assert!(matches!(bench.act(Act::Issue), Said::Issued(Ok(_))));
    for act in [Act::Show { number: 2, anew: true }, Act::Seal, Act::ReadAgain { skips_medium: true }] {
        let said = bench.act(act);
        let is_refused =
            matches!(said, Said::Phrase { phrase: Err(_), .. } | Said::Sealed(Err(_)) | Said::ReadAgain(Err(_)));
        assert!(is_refused, "{said:?}");
        assert_eq!(opens(&bench.path("backup/snapshot.json"), &phrases, &[1, 2]), sealed_contents());
    }
}

#[test]
fn what_cannot_begin_or_be_written_leaves_no_new_folders() {
    let disk = Faulty::new(Kind::Normal);
    let mut bench = Bench::new(Box::new(disk.clone()), Box::new(NoMedia), Box::new(Seeded::new("folders")));
    // The last of three new folders has a name that no disk takes.
    let folder = bench.path("a/b").join("x".repeat(300));
    let beginning = conclave::effect::Beginning { plan: plan(2, 2), folder, rotation: None };
    let said = bench.act(Act::Begin(Box::new(beginning)));
    assert!(matches!(said, Said::Begun(Err(_))) && !bench.path("a").exists(), "{said:?}");
    bench.begin(plan(2, 2));
    disk.set_fault(Some(Fault { at: 1, errno: Errno::NOSPC, when: When::Before }));
    assert!(matches!(bench.act(Act::WriteSheets), Said::Written(Err(_))));
    assert!(bench.path("backup").exists() && !bench.path("backup/sheets").exists());
    disk.set_fault(None);
    assert!(matches!(bench.act(Act::WriteSheets), Said::Written(Ok(_))));
}

#[test]
fn a_folder_with_something_in_it_and_an_unwanted_inventory_are_refused() {
    let mut bench = bench("refused");
    fs::create_dir(bench.path("full")).unwrap();
    fs::write(bench.path("full/.hidden"), "x").unwrap();
    bench.act(Act::AddInventory { file: bench.path("inventory.json").into() });
    let mut begin = |folder: &str, plan| {
        let folder = bench.path(folder);
        let beginning = conclave::effect::Beginning { plan, folder, rotation: None };
        bench.act(Act::Begin(Box::new(beginning)))
    };
    assert!(matches!(begin("full", plan(2, 2)), Said::Begun(Err(_))));
    assert!(matches!(begin("new", plan(1, 2)), Said::Begun(Err(_))), "one of two");
    assert!(matches!(begin("new", plan(2, 1)), Said::Begun(Err(_))), "two of one");
    assert!(matches!(begin("new", plan(2, 17)), Said::Begun(Err(_))));
    assert!(matches!(begin("new", plan(2, 2)), Said::Begun(Ok(_))));
    assert!(matches!(bench.act(Act::DeleteInventory), Said::Deleted(Err(_))), "not before it is a backup");
    assert!(bench.path("inventory.json").exists());
}

/// A ceremony of two people, ready to be issued.
fn ready(bench: &mut Bench) -> Vec<Phrase> {
    let phrases = bench.begin(plan(2, 2)).gather(2);
    bench.act(Act::Seal);
    bench.act(Act::ReadAgain { skips_medium: true });
    for phrase in &phrases {
        bench.act(Act::Verify { phrase: phrase.duplicate() });
    }
    phrases
}

#[test]
fn whatever_call_fails_while_it_is_named_it_is_issued_later_or_voided_as_a_whole() {
    let (mut tried, mut left, mut perhaps) = (0, 0, 0);
    for kind in KINDS {
        for at in 1..14 {
            let all = [When::Before, When::After, When::Gone].into_iter();
            for (when, anew) in all.flat_map(|when| [(when, false), (when, true)]) {
                let disk = Faulty::new(kind);
                let mut bench = Bench::new(Box::new(disk.clone()), Box::new(NoMedia), Box::new(Seeded::new("named")));
                let mut phrases = ready(&mut bench);
                disk.set_fault(Some(Fault { at, errno: Errno::IO, when }));
                let said = bench.act(Act::Issue);
                disk.set_fault(None);
                let name = bench.path("backup/snapshot.json");
                let is_left = bench.path("backup/UNCONFIRMED-snapshot.json").exists();
                match &said {
                    // What cannot be deleted beside a backup is said, and is no failure.
                    Said::Issued(Ok(issued)) => {
                        let is_said = issued.notes.iter().any(|note| note.starts_with("UNCONFIRMED"));
                        assert_eq!(is_said, is_left, "{kind:?} {at} {when:?}");
                        left += usize::from(is_left);
                    }
                    Said::Issued(Err(not)) => {
                        assert_eq!(not.may_be_there, name.exists(), "{kind:?} {at} {when:?}");
                        perhaps += usize::from(not.may_be_there);
                    }
                    said => panic!("{said:?}"),
                }
                if anew && matches!(said, Said::Issued(Err(_))) {
                    // Somebody gets a new phrase instead: nothing may keep the name.
                    let Said::Phrase { phrase: Ok(new), .. } = bench.act(Act::Show { number: 2, anew: true }) else {
                        panic!()
                    };
                    assert!(!name.exists(), "{kind:?} {at} {when:?}");
                    bench.confirm(2, &new);
                    phrases[1] = new;
                    finish(&mut bench, &phrases);
                } else {
                    let Said::Issued(Ok(issued)) = bench.act(Act::Issue) else { panic!("{kind:?} {at} {when:?}") };
                    assert_eq!(issued.missing, None, "{kind:?} {at} {when:?} {said:?}");
                }
                assert!(!bench.path("backup/UNCONFIRMED-snapshot.json").exists(), "{kind:?} {at} {when:?}");
                assert_eq!(opens(&name, &phrases, &[1, 2]), sealed_contents());
                tried += 1;
            }
        }
    }
    assert!(left > 0 && perhaps > 0, "no fault met the deleting or the name");
    println!("{tried} faults while a backup was named");
}

#[test]
fn a_file_that_cannot_be_removed_at_once_is_written_anew_later() {
    let disk = Faulty::new(Kind::Normal);
    let mut bench = Bench::new(Box::new(disk.clone()), Box::new(NoMedia), Box::new(Seeded::new("remove")));
    let phrases = ready(&mut bench);
    for at in 1..4 {
        disk.set_fault(Some(Fault { at, errno: Errno::IO, when: When::Before }));
        bench.act(Act::Seal);
    }
    disk.set_fault(None);
    finish(&mut bench, &phrases);
}

#[test]
fn a_stick_that_is_mounted_elsewhere_is_followed_and_a_link_in_the_place_of_the_file_is_none() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("stick")).unwrap();
    let stick = Stick::at(&folder.path().join("stick"));
    let mut bench = Bench::within(folder, Box::new(System), Box::new(stick.clone()), Box::new(Seeded::new("moved")));
    let phrases = bench.begin_in(plan(2, 2), "stick/backup", None).gather(2);
    let move_to = |bench: &Bench, from: &str, to: &str| {
        fs::rename(bench.path(from), bench.path(to)).unwrap();
        stick.put_back(&bench.path(to));
    };
    move_to(&bench, "stick", "a");
    assert!(matches!(bench.act(Act::Seal), Said::Sealed(Ok(sealed)) if sealed.path.starts_with(bench.path("a"))));
    stick.pull();
    bench.act(Act::LookForMedium);
    move_to(&bench, "a", "b");
    assert!(matches!(bench.act(Act::LookForMedium), Said::Medium(Medium::Back { .. })));
    // Only a link to a copy elsewhere came back.
    let file = bench.path("b/backup/UNCONFIRMED-snapshot.json");
    fs::rename(&file, bench.path("copy.json")).unwrap();
    std::os::unix::fs::symlink(bench.path("copy.json"), &file).unwrap();
    assert!(matches!(bench.act(Act::ReadAgain { skips_medium: false }), Said::ReadAgain(Err(_))));
    fs::remove_file(&file).unwrap();
    fs::rename(bench.path("copy.json"), &file).unwrap();
    assert!(matches!(bench.act(Act::ReadAgain { skips_medium: false }), Said::ReadAgain(Ok(()))));
    for phrase in &phrases {
        bench.act(Act::Verify { phrase: phrase.duplicate() });
    }
    move_to(&bench, "b", "c");
    assert!(matches!(bench.act(Act::Issue), Said::Issued(Ok(issued)) if issued.missing.is_none()));
    assert!(bench.path("c/backup/snapshot.eml").exists());
}

#[test]
fn an_inventory_behind_a_link_is_deleted_with_it_and_one_failure_stops_no_other_file() {
    let disk = Faulty::new(Kind::Normal);
    let mut bench = Bench::new(Box::new(disk.clone()), Box::new(NoMedia), Box::new(Seeded::new("delete")));
    let (real, link) = (bench.path("real.csv"), bench.path("link.csv"));
    fs::write(&real, "name,chain\nSpare,bitcoin\n").unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    assert!(matches!(bench.act(Act::AddInventory { file: link.clone().into() }), Said::Inventory(Ok(_))));
    ready(&mut bench);
    assert!(matches!(bench.act(Act::Issue), Said::Issued(Ok(_))));
    disk.set_fault(Some(Fault { at: 2, errno: Errno::IO, when: When::Before }));
    assert!(matches!(bench.act(Act::DeleteInventory), Said::Deleted(Err(_))));
    disk.set_fault(None);
    assert!(!bench.path("inventory.json").exists(), "the other file is deleted all the same");
    let Said::Deleted(Ok(deleted)) = bench.act(Act::DeleteInventory) else { panic!() };
    assert_eq!(deleted.len(), 2);
    assert!(!real.exists() && fs::symlink_metadata(&link).is_err());
}

#[test]
fn records_that_are_not_understood_block_no_rotation() {
    let (first, phrases) = small(2, 2, "malformed");
    let malformed =
        conclave::domain::inventory::Fields::default().with_text("record", "remove").with_text("collection", "vaults");
    let issue = conclave::snapshot::refresh::Issue {
        created: time("2026-05-05T00:00:00Z"),
        issuer: None,
        entropy: &mut Seeded::new("more"),
    };
    let records = vec![malformed, put_vault("n", "Added")];
    let second = conclave::snapshot::refresh::append_public(&first, records, issue).unwrap();
    for accepts in [false, true] {
        let mut bench = bench("rotation");
        let old = bench.path("old.json");
        fs::write(&old, conclave::snapshot::v1::layout::to_bytes(&second)).unwrap();
        let source = conclave::effect::Source::Files(vec![old]);
        bench.session.perform(Effect::Load { source, is_drill: false, keeps_device: false }, &|| false);
        for phrase in &phrases {
            bench.session.perform(Effect::Check { phrase: phrase.duplicate() }, &|| false);
        }
        let opened = bench.session.perform(Effect::Open, &|| false);
        assert!(matches!(opened, conclave::effect::Outcome::Opened(Ok(_))));
        let Said::Review(Ok(records)) = bench.act(Act::Review(ReviewPurpose::Rotation)) else { panic!() };
        assert!(records.len() >= 2, "{records:?}");
        let accepted = if accepts { (0..records.len()).collect() } else { Vec::new() };
        let mut new = plan(2, 2);
        new.organization = text("New Name");
        bench.begin_in(new, "backup", Some(conclave::effect::Rotation { accepted }));
        // The first one keeps the phrase, which nobody else can.
        let keep = |number, phrase: &Phrase| Act::Keep { number, phrase: phrase.duplicate() };
        let foreign = Phrase::generate(ENGLISH, &mut Seeded::new("nobody")).unwrap();
        assert!(matches!(bench.act(keep(1, &foreign)), Said::Confirmed { result: Ok(Confirmation::NotTheirs), .. }));
        assert!(matches!(
            bench.act(keep(1, &phrases[0])),
            Said::Confirmed { result: Ok(Confirmation::Kept { .. }), .. }
        ));
        assert!(matches!(bench.act(keep(2, &phrases[0])), Said::Confirmed { result: Err(_), .. }));
        let given_up = bench.act_unless(keep(2, &phrases[1]), true);
        assert!(matches!(given_up, Said::Confirmed { result: Err(_), .. }));
        assert_eq!((bench.progress.state(1), bench.progress.state(2)), (PhraseState::Confirmed, PhraseState::Waiting));
        bench.act(keep(2, &phrases[1]));
        // Whoever takes the old phrase once more when the file is written voids it, as a new phrase would.
        let unconfirmed = bench.path("backup/UNCONFIRMED-snapshot.json");
        bench.act(Act::Seal);
        assert!(unconfirmed.exists());
        bench.act(keep(2, &phrases[1]));
        assert_eq!((unconfirmed.exists(), bench.progress.stage()), (false, CeremonyStage::Asking));
        finish(&mut bench, &phrases);
        let file = fs::read(bench.path("backup/snapshot.json")).unwrap();
        let rotated = read(&file).unwrap().snapshot().unwrap();
        let opened = open_with(&backup(&[&rotated]), &phrases, &[1, 2], &CheapKdf).unwrap();
        assert_eq!(opened.inventory.organization(), "New Name");
        assert!(contents(&opened).contains("Added"));
    }
}

#[test]
fn sheets_that_are_asked_for_twice_are_where_they_were() {
    let mut bench = bench("sheets");
    bench.begin(plan(2, 2));
    let Said::Written(Ok(first)) = bench.act(Act::WriteSheets) else { panic!() };
    let Said::Written(Ok(again)) = bench.act(Act::WriteSheets) else { panic!() };
    assert!(first == again && first.len() == 3 && first.iter().all(|path| path.exists()));
}

#[test]
fn leaving_voids_everything() {
    let mut bench = bench("void");
    let phrases = bench.begin(plan(2, 2)).gather(2);
    bench.act(Act::Seal);
    bench.session.perform(Effect::Forget, &|| false);
    for act in [Act::Seal, Act::ReadAgain { skips_medium: true }, Act::Issue] {
        let said = format!("{:?}", bench.act(act));
        assert!(said.contains("No ceremony has begun"), "{said}");
    }
    assert!(matches!(bench.confirm(1, &phrases[0]), Said::Confirmed { result: Err(_), .. }));
    assert!(!bench.path("backup/snapshot.json").exists());
}

/// What the people did, told apart from the program: whose current phrase was typed back, and whose against the current file.
#[derive(Default)]
struct People {
    papers: BTreeMap<u8, Phrase>,
    confirmed: BTreeSet<u8>,
    verified: BTreeSet<u8>,
    /// The file was read again since it was written.
    is_read: bool,
}

#[test]
fn no_path_calls_something_a_backup_before_all_typed_twice_and_all_shares_are_proved() {
    let sequences = cases(100_000);
    let walks = on_all_cores(sequences, |sequence| walk(&mut Seeded::new(format!("sequence {sequence}"))));
    let issued = walks.into_iter().filter(|is_issued| *is_issued).count();
    let refused = sequences - issued;
    println!("{sequences} sequences: {issued} ended as a backup, {refused} did not");
    assert!(issued > sequences / 10 && refused > sequences / 10, "{issued} of {sequences}");
}

/// A random course of a ceremony; says whether it ended as a backup.
fn walk(random: &mut Seeded) -> bool {
    let count = u8::try_from(2 + random.below(3)).unwrap();
    let threshold = u8::try_from(2 + random.below(usize::from(count) - 1)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("stick")).unwrap();
    let (disk, stick) = (Faulty::new(Kind::Normal), Stick::at(&folder.path().join("stick")));
    let seed = random.next_u64();
    let entropy = Seeded::new(format!("walk {seed}"));
    let mut bench = Bench::within(folder, Box::new(disk.clone()), Box::new(stick.clone()), Box::new(entropy));
    let mut people = People::default();
    let mut mount = "stick";
    bench.begin_in(plan(threshold, count), "stick/backup", None);
    let haste = 2 + random.below(20);
    for _ in 0..14 * usize::from(count) + 30 {
        let number = u8::try_from(1 + random.below(usize::from(count))).unwrap();
        let is_right = random.below(haste) != 0;
        let act = if is_right { next(&bench, number, &people) } else { random.below(12) };
        match act {
            // A phrase is made, or seen again.
            0 => {
                let anew = !is_right && random.below(2) == 0;
                let before = people.papers.get(&number).map(|phrase| phrase.reveal_entropy().to_vec());
                if let Said::Phrase { phrase: Ok(phrase), .. } = bench.act(Act::Show { number, anew }) {
                    if before.as_deref() != Some(phrase.reveal_entropy()) {
                        people.confirmed.remove(&number);
                        people.verified.clear();
                        people.is_read = false;
                    }
                    people.papers.insert(number, phrase);
                }
            }
            // Typed back: from the right paper, from another one, with a slip, given up.
            1 | 2 => {
                let whose = if is_right { number } else { u8::try_from(1 + random.below(usize::from(count))).unwrap() };
                let Some(paper) = people.papers.get(&whose) else { continue };
                let mut words = typed(paper).reveal().to_vec();
                let slips = !is_right && random.below(3) == 0;
                if slips {
                    words[random.below(12)] ^= 1 + u16::try_from(random.below(2047)).unwrap();
                }
                let gives_up = !is_right && random.below(3) == 0;
                let typed = conclave::effect::TypedWords::new(zeroize::Zeroizing::new(words));
                let said = bench.act_unless(Act::Confirm { number, typed }, gives_up);
                if matches!(said, Said::Confirmed { result: Ok(Confirmation::Same), .. }) {
                    assert!(whose == number && !slips && !gives_up, "confirmed what was not typed right");
                    people.confirmed.insert(number);
                }
            }
            3 => {
                if let Said::Sealed(Ok(_)) = bench.act(Act::Seal) {
                    assert_eq!(people.confirmed.len(), usize::from(count));
                    people.verified.clear();
                    people.is_read = false;
                }
            }
            4 => {
                let is_in = stick.is_in();
                match bench.act(Act::LookForMedium) {
                    Said::Medium(Medium::Gone { .. }) => assert!(!is_in),
                    Said::Medium(Medium::Back { .. } | Medium::Present { .. }) => assert!(is_in),
                    _ => {}
                }
            }
            5 if stick.is_in() => {
                stick.pull();
                fs::rename(bench.path(mount), bench.path("away")).unwrap();
            }
            5 => {
                mount = if random.below(2) == 0 { "stick" } else { "stick-1" };
                fs::rename(bench.path("away"), bench.path(mount)).unwrap();
                stick.put_back(&bench.path(mount));
            }
            6 => {
                let skips_medium = random.below(3) == 0;
                if let Said::ReadAgain(Ok(())) = bench.act(Act::ReadAgain { skips_medium }) {
                    assert!(stick.is_in());
                    people.is_read = true;
                }
            }
            7 | 8 => {
                let whose = if is_right { number } else { u8::try_from(1 + random.below(usize::from(count))).unwrap() };
                let Some(paper) = people.papers.get(&whose) else { continue };
                let phrase = paper.duplicate();
                let gives_up = !is_right && random.below(2) == 0;
                let said = bench.act_unless(Act::Verify { phrase }, gives_up);
                if let Said::Verified(Ok(Answer::Verified { number, .. })) = said {
                    assert!(number == whose && people.is_read && !gives_up && people.confirmed.contains(&number));
                    people.verified.insert(number);
                }
            }
            9 => {
                if let Said::Issued(Ok(_)) = bench.act(Act::Issue) {
                    check(&bench, &people, count);
                }
            }
            // The disk fails at one of the next calls, or from then on; or works again.
            10 => {
                let errno = [Errno::NOSPC, Errno::IO, Errno::ROFS, Errno::NODEV][random.below(4)];
                let when = [When::Before, When::After, When::Gone][random.below(3)];
                let fault = Fault { at: 1 + random.below(40), errno, when };
                disk.set_fault((random.below(2) == 0).then_some(fault));
            }
            // Somebody changes the file, or the sheets are written, or everybody leaves.
            _ => match random.below(40) {
                0..20 => {
                    bench.act(Act::WriteSheets);
                }
                20..39 => {
                    let file = bench.path(mount).join("backup/UNCONFIRMED-snapshot.json");
                    if let Ok(mut bytes) = fs::read(&file) {
                        let at = random.below(bytes.len());
                        bytes[at] ^= 1 << random.below(8);
                        fs::write(&file, bytes).unwrap();
                    }
                }
                _ => {
                    bench.session.perform(Effect::Forget, &|| false);
                    bench.progress = conclave::domain::ceremony::Progress::default();
                }
            },
        }
        let named = [bench.path(mount), bench.path("away")].map(|folder| folder.join("backup/snapshot.json"));
        if named.iter().any(|file| file.exists()) || bench.progress.stage() == CeremonyStage::Issued {
            check(&bench, &people, count);
        }
        if bench.progress.stage() == CeremonyStage::Issued {
            break;
        }
    }
    no_phrase_in(bench.folder.path(), &people.papers.values().collect::<Vec<_>>());
    assert_eq!(fs::read_to_string(bench.path("inventory.json")).unwrap(), INVENTORY);
    if bench.progress.stage() == CeremonyStage::Issued && stick.is_in() {
        let phrases: Vec<Phrase> = people.papers.values().map(Phrase::duplicate).collect();
        let file = bench.path(mount).join("backup/snapshot.json");
        let numbers: Vec<usize> = (1..=usize::from(threshold)).collect();
        assert_eq!(opens(&file, &phrases, &numbers).len(), sealed_length());
        return true;
    }
    false
}

fn sealed_length() -> usize {
    static LENGTH: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
    *LENGTH.get_or_init(|| sealed_contents().len())
}

fn check(_bench: &Bench, people: &People, count: u8) {
    assert_eq!(people.confirmed.len(), usize::from(count), "a backup before all were confirmed");
    assert_eq!(people.verified.len(), usize::from(count), "a backup before all were verified");
    assert!(people.is_read, "a backup before the file was read again");
}

/// What a person does who does it right.
fn next(bench: &Bench, number: u8, people: &People) -> usize {
    let progress = &bench.progress;
    match progress.stage() {
        CeremonyStage::Asking if progress.is_all(PhraseState::Confirmed) => 3,
        CeremonyStage::Asking => match progress.state(number) {
            PhraseState::Waiting => 0,
            _ if people.papers.contains_key(&number) => 1,
            _ => 0,
        },
        // Pull, look, put back, look, read: in some order.
        CeremonyStage::Sealed => [4, 5, 4, 6][usize::from(number) % 4],
        CeremonyStage::Proving if progress.is_all(PhraseState::Verified) => 9,
        CeremonyStage::Proving => 7,
        CeremonyStage::Issued => 9,
    }
}

/// The real disk, and the end of the process at one of its calls.
struct Killing {
    calls: AtomicUsize,
    at: usize,
    /// After the call instead of before it.
    after: bool,
}

impl Killing {
    fn call<T>(&self, work: impl FnOnce() -> T) -> T {
        let is_now = self.calls.fetch_add(1, Ordering::SeqCst) + 1 == self.at;
        let done = if is_now && !self.after { None } else { Some(work()) };
        if is_now {
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL).unwrap();
        }
        done.expect("killed")
    }
}

impl Disk for Killing {
    fn open_folder(&self, path: &Path) -> Called<OwnedFd> {
        self.call(|| System.open_folder(path))
    }
    fn look(&self, folder: &OwnedFd, name: &OsStr) -> Called<Option<Identity>> {
        self.call(|| System.look(folder, name))
    }
    fn identity(&self, file: &OwnedFd) -> Called<Identity> {
        self.call(|| System.identity(file))
    }
    fn open_unnamed(&self, folder: &OwnedFd) -> Called<OwnedFd> {
        self.call(|| System.open_unnamed(folder))
    }
    fn open_draft(&self, folder: &OwnedFd, name: &OsStr) -> Called<OwnedFd> {
        self.call(|| System.open_draft(folder, name))
    }
    fn write(&self, file: &OwnedFd, bytes: &[u8]) -> Called<usize> {
        self.call(|| System.write(file, bytes))
    }
    fn sync(&self, _file: &OwnedFd) -> Called<()> {
        self.call(|| Ok(()))
    }
    fn drop_cache(&self, file: &OwnedFd) -> Called<()> {
        self.call(|| System.drop_cache(file))
    }
    fn read_back(&self, file: &OwnedFd, out: &mut [u8], offset: u64) -> Called<usize> {
        self.call(|| System.read_back(file, out, offset))
    }
    fn link_unnamed(&self, file: &OwnedFd, folder: &OwnedFd, name: &OsStr) -> Called<()> {
        self.call(|| System.link_unnamed(file, folder, name))
    }
    fn link(&self, folder: &OwnedFd, from: &OsStr, to: &OsStr) -> Called<()> {
        self.call(|| System.link(folder, from, to))
    }
    fn rename_new(&self, folder: &OwnedFd, from: &OsStr, to: &OsStr) -> Called<()> {
        self.call(|| System.rename_new(folder, from, to))
    }
    fn rename(&self, folder: &OwnedFd, from: &OsStr, to: &OsStr) -> Called<()> {
        self.call(|| System.rename(folder, from, to))
    }
    fn remove(&self, folder: &OwnedFd, name: &OsStr) -> Called<()> {
        self.call(|| System.remove(folder, name))
    }
    fn sync_folder(&self, _folder: &OwnedFd) -> Called<()> {
        self.call(|| Ok(()))
    }
    fn is_gone(&self, folder: &OwnedFd) -> bool {
        System.is_gone(folder)
    }
}

const KILL_FOLDER: &str = "CONCLAVE_TEST_KILL_FOLDER";
const KILL_AT: &str = "CONCLAVE_TEST_KILL_AT";
const KILL_AFTER: &str = "CONCLAVE_TEST_KILL_AFTER";

/// The process that is killed: a whole ceremony with a phrase that is made anew. Says on its output how far it came.
#[test]
fn a_ceremony_that_is_killed() {
    let Some(folder) = std::env::var_os(KILL_FOLDER) else { return };
    let number = |name: &str| std::env::var(name).unwrap().parse::<usize>().unwrap();
    let killing = Killing { calls: AtomicUsize::new(0), at: number(KILL_AT), after: number(KILL_AFTER) == 1 };
    // The folder is the parent's: it is not removed here, however this ends.
    let mut temporary = tempfile::Builder::new().tempdir_in(folder).unwrap();
    temporary.disable_cleanup(true);
    let mut bench = Bench::within(temporary, Box::new(killing), Box::new(NoMedia), Box::new(Seeded::new("killed")));
    let say = |line: &str| {
        let mut out = std::io::stdout();
        writeln!(out, "\n{line}").unwrap();
        out.flush().unwrap();
    };
    bench.begin(plan(2, 3));
    bench.act(Act::WriteSheets);
    let mut phrases = bench.gather(3);
    bench.act(Act::Seal);
    let Said::Phrase { phrase: Ok(new), .. } = bench.act(Act::Show { number: 3, anew: true }) else { panic!() };
    bench.confirm(3, &new);
    phrases[2] = new;
    bench.act(Act::Seal);
    bench.act(Act::ReadAgain { skips_medium: true });
    for phrase in &phrases {
        bench.act(Act::Verify { phrase: phrase.duplicate() });
    }
    say("ALL VERIFIED");
    let Said::Issued(Ok(issued)) = bench.act(Act::Issue) else { panic!() };
    assert!(issued.missing.is_none());
    say("ISSUED");
}

#[test]
fn a_ceremony_that_is_killed_at_any_call_leaves_nothing_that_looks_finished() {
    // The same phrases as the child has.
    let phrases = {
        let mut bench = bench("killed");
        let mut phrases = bench.begin(plan(2, 3)).gather(3);
        bench.act(Act::Seal);
        let Said::Phrase { phrase: Ok(new), .. } = bench.act(Act::Show { number: 3, anew: true }) else { panic!() };
        phrases.push(new);
        phrases
    };
    let last = [0, 1, 3].map(|index| phrases[index].duplicate());
    let first = [0, 1, 2].map(|index| phrases[index].duplicate());
    let opens_to = |file: &Path, phrase: &Phrase| {
        let snapshot = read(&fs::read(file).unwrap()).unwrap().snapshot().unwrap();
        !matches!(backup(&[&snapshot]).recognise(phrase, &CheapKdf).unwrap(), Judged::NotOfThisBackup)
    };
    let (mut points, mut early, mut late, mut finished) = (0, 0, 0, 0);
    for after in ["0", "1"] {
        for at in 1.. {
            let folder = tempfile::tempdir().unwrap();
            let child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "ceremony::a_ceremony_that_is_killed", "--nocapture", "--test-threads=1"])
                .env(KILL_FOLDER, folder.path())
                .env(KILL_AT, at.to_string())
                .env(KILL_AFTER, after)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&child.stdout).into_owned();
            no_phrase_in(folder.path(), &phrases.iter().collect::<Vec<_>>());
            if said.contains("ISSUED") {
                assert!(child.status.success(), "{said}");
                break;
            }
            assert_eq!(std::os::unix::process::ExitStatusExt::signal(&child.status), Some(9), "call {at}: {said}");
            points += 1;
            let files = files_below(folder.path());
            let of_name = |name: &str| files.iter().find(|file| file.ends_with(name));
            assert_eq!(fs::read_to_string(of_name("inventory.json").unwrap()).unwrap(), INVENTORY);
            let is_draft = |file: &&PathBuf| file.extension().is_some_and(|end| end == "part");
            assert_eq!(files.iter().find(is_draft), None, "call {at}");
            if let Some(file) = of_name("backup/snapshot.json") {
                assert!(said.contains("ALL VERIFIED"), "call {at}: a file looks finished");
                assert_eq!(opens(file, &last, &[1, 3]), sealed_contents());
                late += 1;
            } else {
                for name in ["snapshot.eml", "fingerprint.txt", "record.jsonl", "cards/1.txt"] {
                    assert!(of_name(name).is_none(), "call {at}: {name} without a backup");
                }
                early += 1;
            }
            if let Some(file) = of_name("backup/UNCONFIRMED-snapshot.json") {
                assert_eq!(read(&fs::read(file).unwrap()).unwrap().verdict, Verdict::Intact, "call {at}");
                // Whatever phrases it is of: they finish it.
                let of_file = if opens_to(file, &last[2]) { &last } else { &first };
                let done = finish_left(file, of_file);
                assert_eq!(opens(&done, of_file, &[2, 3]), sealed_contents(), "call {at}");
                finished += 1;
            }
        }
    }
    println!("{points} points: {early} before it was a backup, {late} after, {finished} finished later");
    assert!(points >= 200 && early > 100 && late > 20 && finished > 50, "{points}: {early}, {late}, {finished}");
}

#[test]
fn a_file_for_codes_counts_only_when_what_was_typed_back_opens_what_was_read_again() {
    let mut bench = bench("codes");
    let plan =
        conclave::domain::ceremony::Plan { kind: conclave::domain::kind::Kind::Codes, threshold: 1, ..plan(2, 3) };
    let folder = bench.path("backup");
    let begun = bench.act(Act::Begin(Box::new(conclave::effect::Beginning { plan, folder, rotation: None })));
    assert!(matches!(begun, Said::Begun(Ok(_))));
    let phrases = bench.gather(2);
    assert!(matches!(bench.act(Act::Seal), Said::Sealed(Err(_))), "one has not typed it back");
    let third = bench.show(3);
    assert!(matches!(bench.confirm(3, &phrases[0]), Said::Confirmed { result: Ok(Confirmation::Differs { .. }), .. }));
    bench.confirm(3, &third);
    assert!(matches!(bench.act(Act::Seal), Said::Sealed(Ok(_))));
    assert!(matches!(bench.act(Act::Issue), Said::Issued(Err(_))), "it was not read again");
    let file = bench.path("backup/UNCONFIRMED-snapshot.json");
    let bytes = fs::read(&file).unwrap();
    let mut other = bytes.clone();
    other[bytes.len() / 2] ^= 1;
    fs::write(&file, &other).unwrap();
    assert!(matches!(bench.act(Act::ReadAgain { skips_medium: true }), Said::ReadAgain(Err(_))));
    assert_eq!(bench.progress.stage(), CeremonyStage::Sealed);
    assert!(matches!(bench.act(Act::Issue), Said::Issued(Err(_))));
    fs::write(&file, &bytes).unwrap();
    assert!(matches!(bench.act(Act::ReadAgain { skips_medium: true }), Said::ReadAgain(Ok(()))));
    assert!(bench.progress.is_all(PhraseState::Verified), "nobody types once more");
    assert!(matches!(bench.act(Act::Issue), Said::Issued(Ok(_))));
    let phrases: Vec<Phrase> = phrases.into_iter().chain([third]).collect();
    for number in 1..=3 {
        opens(&bench.path("backup/snapshot.json"), &phrases, &[number]);
    }
}
