//! Ceremonies that go on with the unconfirmed file of one that did not end, through the real session and on the screens: the file and
//! all papers make it a backup, and nothing less does.

use std::fs;
use std::path::{Path, PathBuf};

use conclave::domain::ceremony::{CeremonyStage, NameStyle, PhraseState, Plan};
use conclave::domain::kind::Kind;
use conclave::domain::phrase::Phrase;
use conclave::effect::{Act, Answer, Medium, Resumption, Said, Trouble};
use conclave::machine::disk::System;
use conclave::snapshot::refresh::{Issue, append_public};
use conclave::snapshot::v1::layout;
use conclave::snapshot::v1::model::Snapshot;
use conclave::snapshot::v1::read::read;

use crate::support::ceremony::{Bench, NoMedia, Stick, finish_left, opens, plan};
use crate::support::*;

/// A ceremony that died with its file written, and the papers.
fn left(plan: Plan, seed: &str) -> (Bench, PathBuf, Vec<Phrase>) {
    let mut bench = Bench::new(Box::new(System), Box::new(NoMedia), Box::new(Seeded::new(seed)));
    let count = u8::try_from(plan.shareholders.len()).unwrap();
    let phrases = bench.begin(plan).gather(count);
    assert!(matches!(bench.act(Act::Seal), Said::Sealed(Ok(_))));
    let file = bench.path("backup/UNCONFIRMED-snapshot.json");
    (anew(bench, seed), file, phrases)
}

/// The machine was started again: nothing but the folder is left.
fn anew(bench: Bench, seed: &str) -> Bench {
    Bench::within(bench.folder, Box::new(System), Box::new(NoMedia), Box::new(Seeded::new(format!("{seed} again"))))
}

fn snapshot(file: &Path) -> Snapshot {
    read(&fs::read(file).unwrap()).unwrap().snapshot().unwrap()
}

fn compare(bench: &mut Bench, name: &str) {
    let path = bench.path(name);
    assert!(matches!(bench.act(Act::AddInventory { file: path.into() }), Said::Inventory(Ok(_))), "{name}");
}

#[track_caller]
fn refused(said: Said) -> Trouble {
    match said {
        Said::Begun(Err(trouble)) | Said::Unfinished(Err(trouble)) | Said::Verified(Err(trouble)) => trouble,
        Said::Issued(Err(not)) => not.trouble,
        said => panic!("{said:?}"),
    }
}

#[test]
fn the_file_and_all_papers_make_it_a_backup_and_the_record_says_how() {
    for is_compared in [true, false] {
        let (mut bench, file, phrases) = left(plan(2, 3), "compared");
        let before = snapshot(&file);
        let Said::Unfinished(Ok(facts)) = bench.act(Act::LookAtUnfinished { path: file.clone() }) else { panic!() };
        assert_eq!((facts.threshold, facts.shareholders.len(), facts.names), (2, 3, NameStyle::Full));
        assert!(facts.is_training && facts.organization.raw() == "Example Cellar");
        assert!(
            matches!(bench.resume(&file, 3), Said::Begun(Ok(begun)) if !begun.going_on.as_ref().unwrap().needs_place)
        );
        assert!(bench.progress.is_resumed());
        if is_compared {
            compare(&mut bench, "inventory.json");
        }
        // In any order; before everybody has typed nothing is issued.
        assert!(matches!(bench.act(Act::ReadAgain { skips_medium: true }), Said::ReadAgain(Ok(()))));
        let foreign = Phrase::generate(ENGLISH, &mut Seeded::new("nobody")).unwrap();
        let said = bench.act(Act::Verify { phrase: foreign });
        assert!(matches!(said, Said::Verified(Ok(Answer::NotOfThisBackup { .. }))), "{said:?}");
        for index in [2, 0] {
            bench.act(Act::Verify { phrase: phrases[index].duplicate() });
            assert!(refused(bench.act(Act::Issue)).what.contains("Not every phrase"));
        }
        assert!(!bench.path("backup/snapshot.json").exists());
        match bench.act(Act::Verify { phrase: phrases[1].duplicate() }) {
            Said::Verified(Ok(Answer::Verified { number, who })) => {
                assert_eq!((number, who.as_str()), (2, "shareholder 2 (Holder 2)"));
            }
            said => panic!("{said:?}"),
        }
        let Said::Issued(Ok(issued)) = bench.act(Act::Issue) else { panic!() };
        assert!(issued.is_compared == is_compared && issued.missing.is_none() && issued.notes.is_empty());
        let done = bench.path("backup/snapshot.json");
        assert_eq!(opens(&done, &phrases, &[3, 1]), sealed_contents());
        let after = snapshot(&done);
        assert!(!after.anchor.unconfirmed && !file.exists());
        assert_eq!((before.core, before.envelopes, before.boxes), (after.core, after.envelopes, after.boxes));
        for name in ["snapshot.eml", "cards/3.txt", "fingerprint.txt", "record-to-sign.html"] {
            assert!(bench.path("backup").join(name).exists(), "{name}");
        }
        let record = fs::read_to_string(bench.path("backup/record.jsonl")).unwrap();
        assert!(record.contains("\"event\":\"resumed\"") && record.contains("\"file\":\"UNCONFIRMED-snapshot.json\""));
        assert!(record.contains(&format!("\"compared\":{is_compared}")), "{record}");
        let page = fs::read_to_string(bench.path("backup/record-to-sign.txt")).unwrap();
        assert!(page.contains("an earlier ceremony") && page.contains("Conductor (Rita)"), "{page}");
        assert_eq!(page.contains("NOT compared with an inventory"), !is_compared, "{page}");
    }
}

#[test]
fn another_inventory_is_refused_and_costs_nobody_a_phrase() {
    let (mut bench, file, phrases) = left(plan(2, 2), "another inventory");
    fs::write(bench.path("other.json"), INVENTORY.replace("Rent", "Rend")).unwrap();
    bench.resume(&file, 2);
    compare(&mut bench, "other.json");
    bench.act(Act::ReadAgain { skips_medium: true });
    bench.verify(&phrases);
    for _ in 0..2 {
        let trouble = refused(bench.act(Act::Issue));
        assert!(trouble.what.contains("not what it is compared with (1 key, 2 vaults, 1 account)"), "{trouble:?}");
        assert!(trouble.hint.contains("nobody has to type again") && file.exists());
        assert!(!bench.path("backup/snapshot.json").exists());
    }
    // Master keys that nobody made are no reason either.
    bench.act(Act::ClearInventory(Kind::Organization));
    compare(&mut bench, "inventory.json");
    bench.act(Act::CreateKeys(true));
    assert!(refused(bench.act(Act::Issue)).what.contains("not what it is compared with"));
    bench.act(Act::CreateKeys(false));
    let Said::Issued(Ok(issued)) = bench.act(Act::Issue) else { panic!() };
    assert!(issued.is_compared);
    assert_eq!(opens(&bench.path("backup/snapshot.json"), &phrases, &[1, 2]), sealed_contents());
}

#[test]
fn master_keys_that_the_ceremony_made_are_told_from_those_of_the_inventory() {
    let mut bench = Bench::new(Box::new(System), Box::new(NoMedia), Box::new(Seeded::new("created")));
    let table = bench.path("vaults.csv");
    fs::write(&table, "name,chain,path\nRent,bitcoin,m/44/0/0/0/0\nFees,solana,\n").unwrap();
    bench.act(Act::AddInventory { file: table.into() });
    bench.act(Act::CreateKeys(true));
    let phrases = bench.begin(plan(2, 2)).gather(2);
    bench.act(Act::Seal);
    let file = bench.path("backup/UNCONFIRMED-snapshot.json");
    let mut bench = anew(bench, "created");
    bench.resume(&file, 2);
    compare(&mut bench, "vaults.csv");
    compare(&mut bench, "inventory.json");
    bench.act(Act::ReadAgain { skips_medium: true });
    bench.verify(&phrases);
    assert!(refused(bench.act(Act::Issue)).what.contains("not what it is compared with"), "the keys are not in it");
    bench.act(Act::CreateKeys(true));
    let Said::Issued(Ok(issued)) = bench.act(Act::Issue) else { panic!() };
    assert!(issued.is_compared);
}

#[test]
fn what_is_named_already_stays_as_it_is_and_what_only_looks_so_does_not() {
    // The machine died after the file had its name, before the unconfirmed one was gone.
    let (mut bench, file, phrases) = left(plan(2, 2), "named");
    let unconfirmed = fs::read(&file).unwrap();
    bench.resume(&file, 2);
    bench.issue_with(&phrases);
    let name = bench.path("backup/snapshot.json");
    let named = fs::read(&name).unwrap();
    let mut bench = anew(bench, "named");
    let written = || -> Vec<PathBuf> {
        fs::read_dir(file.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    for path in written().into_iter().filter(|path| *path != name) {
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }
    fs::write(&file, &unconfirmed).unwrap();
    let Said::Begun(Ok(begun)) = bench.resume(&file, 2) else { panic!() };
    assert!(!begun.going_on.unwrap().needs_place);
    bench.issue_with(&phrases);
    assert!(fs::read(&name).unwrap() == named && !file.exists() && bench.path("backup/record.jsonl").exists());

    // Somebody without the phrases took the mark out, and left that under the name: it is not taken for the backup.
    let (mut bench, file, phrases) = left(plan(2, 2), "forged");
    let mut forged = snapshot(&file);
    forged.anchor.unconfirmed = false;
    forged.section.digests.anchor = conclave::crypto::digest::digest("anchor", &forged.anchor);
    forged.section.checksum = Some(forged.section.right_checksum());
    let name = bench.path("backup/snapshot.json");
    fs::write(&name, layout::to_bytes(&forged)).unwrap();
    bench.resume(&file, 2);
    bench.act(Act::ReadAgain { skips_medium: true });
    bench.verify(&phrases);
    let trouble = refused(bench.act(Act::Issue));
    assert!(trouble.what.contains("snapshot.json"), "{trouble:?}");
    assert_eq!(fs::read(&name).unwrap(), layout::to_bytes(&forged), "what was there is left");
    // Another place, and nobody types again.
    let folder = bench.path("other");
    assert!(matches!(bench.act(Act::Move { folder }), Said::Moved(Ok(_))));
    bench.act(Act::ReadAgain { skips_medium: true });
    assert!(matches!(bench.act(Act::Issue), Said::Issued(Ok(_))));
    assert_eq!(opens(&bench.path("other/snapshot.json"), &phrases, &[1, 2]), sealed_contents());
}

#[test]
fn beside_what_a_finished_backup_writes_it_goes_to_another_place() {
    for name in ["snapshot.eml", "cards", "fingerprint.txt", "record.jsonl", "snapshot.json", "record-to-sign.txt"] {
        let (bench, file, phrases) = left(plan(2, 2), "taken");
        fs::write(bench.path("backup").join(name), "somebody's").unwrap();
        let done = finish_left(&file, &phrases);
        assert!(done.ends_with("finished/snapshot.json") && file.exists(), "{name}: the old file is left");
        assert_eq!(opens(&done, &phrases, &[1, 2]), sealed_contents());
    }
    // Named at once; sheets are no obstacle.
    let (mut bench, file, phrases) = left(plan(2, 2), "sheets");
    fs::create_dir(bench.path("backup/sheets")).unwrap();
    assert_eq!(finish_left(&file, &phrases), bench.path("backup/snapshot.json"));
    let (again, file, phrases) = left(plan(2, 2), "out");
    bench = again;
    let folder = bench.path("new");
    let names = vec![text("Holder 1"), text("Holder 2")];
    let order = Resumption { path: file, conductor: text("Rita"), names, folder: Some(folder.clone()) };
    let Said::Begun(Ok(begun)) = bench.act(Act::Resume(Box::new(order))) else { panic!() };
    assert_eq!(begun.going_on.unwrap().sealed.path, folder.join("UNCONFIRMED-snapshot.json"));
    assert_eq!(bench.issue_with(&phrases).paths[0], folder.join("snapshot.json"));
}

#[test]
fn the_medium_has_to_go_and_come_back_here_too() {
    let (bench, file, phrases) = left(plan(2, 2), "medium");
    let stick = Stick::at(&bench.path("backup"));
    let mut bench =
        Bench::within(bench.folder, Box::new(System), Box::new(stick.clone()), Box::new(Seeded::new("medium")));
    let Said::Begun(Ok(begun)) = bench.resume(&file, 2) else { panic!() };
    assert!(matches!(begun.going_on.unwrap().sealed.medium, Medium::Present { .. }));
    assert!(matches!(bench.act(Act::ReadAgain { skips_medium: false }), Said::ReadAgain(Err(_))));
    assert!(
        refused(bench.act(Act::Verify { phrase: phrases[0].duplicate() })).what.contains("not there to be checked")
    );
    stick.pull();
    fs::rename(bench.path("backup"), bench.path("away")).unwrap();
    assert!(matches!(bench.act(Act::LookForMedium), Said::Medium(Medium::Gone { .. })));
    fs::rename(bench.path("away"), bench.path("elsewhere")).unwrap();
    stick.put_back(&bench.path("elsewhere"));
    assert!(matches!(bench.act(Act::LookForMedium), Said::Medium(Medium::Back { .. })));
    // What came back is not what went away: nothing counts, and the right one does.
    let file = bench.path("elsewhere/UNCONFIRMED-snapshot.json");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, [&bytes[..], b" "].concat()).unwrap();
    match bench.act(Act::ReadAgain { skips_medium: false }) {
        Said::ReadAgain(Err(trouble)) => assert!(!trouble.hint.contains("(w)"), "{trouble:?}"),
        said => panic!("{said:?}"),
    }
    fs::write(&file, bytes).unwrap();
    assert!(matches!(bench.act(Act::ReadAgain { skips_medium: false }), Said::ReadAgain(Ok(()))));
    bench.verify(&phrases);
    let Said::Issued(Ok(issued)) = bench.act(Act::Issue) else { panic!() };
    assert_eq!(issued.paths[0], bench.path("elsewhere/snapshot.json"));
    assert!(fs::read_to_string(bench.path("elsewhere/record.jsonl")).unwrap().contains("\"state\":\"pulled\""));
}

#[test]
fn no_phrase_is_made_for_it_and_it_is_not_written_anew() {
    let (mut bench, file, phrases) = left(plan(2, 2), "no phrase");
    bench.resume(&file, 2);
    let bytes = fs::read(&file).unwrap();
    for _ in 0..2 {
        for anew in [false, true] {
            assert!(matches!(bench.act(Act::Show { number: 1, anew }), Said::Phrase { phrase: Err(_), .. }));
        }
        assert!(matches!(bench.act(Act::Seal), Said::Sealed(Err(_))));
        assert!(matches!(bench.act(Act::Decline { number: 1 }), Said::Declined(Err(_))));
        assert!(matches!(bench.act(Act::Replan(Box::new(plan(2, 2)))), Said::Begun(Err(_))));
        assert!(matches!(bench.confirm(1, &phrases[0]), Said::Confirmed { result: Err(_), .. }));
        let keep = Act::Keep { number: 1, phrase: phrases[0].duplicate() };
        assert!(matches!(bench.act(keep), Said::Confirmed { result: Err(_), .. }));
        assert_eq!(fs::read(&file).unwrap(), bytes, "and it stays where it is");
        bench.act(Act::ReadAgain { skips_medium: true });
        assert_eq!((bench.progress.stage(), bench.progress.state(2)), (CeremonyStage::Proving, PhraseState::Confirmed));
    }
}

#[test]
fn names_are_those_of_the_file() {
    let (mut bench, file, _) = left(Plan { names: NameStyle::Initials, ..plan(2, 2) }, "names");
    let resume = |bench: &mut Bench, names: &[&str]| {
        let names = names.iter().map(|name| text(name)).collect();
        bench.act(Act::Resume(Box::new(Resumption {
            path: file.clone(),
            conductor: text("Rita"),
            names,
            folder: None,
        })))
    };
    for names in [&["Holder 1"][..], &["Holder 1", "Holder 2", "Holder 3"], &["Holder 2", "Holder 1"], &["Ann", "Ben"]]
    {
        assert!(refused(resume(&mut bench, names)).what.contains("not those of this file"), "{names:?}");
    }
    let Said::Begun(Ok(begun)) = resume(&mut bench, &["Hanna 1", "H. 2."]) else { panic!() };
    assert_eq!(begun.plan.title(1), "shareholder 1 (Hanna 1)");
    assert_eq!(begun.plan.label(&begun.plan.shareholders[0]).raw(), "H. 1.");
}

#[test]
fn what_is_no_unconfirmed_file_is_named_for_what_it_is() {
    let (bench, file, phrases) = left(plan(2, 2), "refused");
    let whole = fs::read(&file).unwrap();
    let done = finish_left(&file, &phrases);
    let damaged = bench.path("damaged.json");
    let mut bytes = whole.clone();
    let at = bytes.windows(9).position(|window| window == b"\"sealed\":").unwrap() + 20;
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    fs::write(&damaged, &bytes).unwrap();
    let reformatted = bench.path("reformatted.json");
    let value: serde_json::Value = serde_json::from_slice(&whole).unwrap();
    fs::write(&reformatted, serde_json::to_vec(&value).unwrap()).unwrap();
    let device = bench.path("device.json");
    fs::copy(project("assets/training/device-phrase/snapshot.json"), &device).unwrap();
    let mut bench = anew(bench, "refused");
    for (path, said) in [
        (done, "does not say that it is unconfirmed"),
        (damaged, "DAMAGED"),
        (reformatted, "REFORMATTED"),
        (bench.path("inventory.json"), "inventory.json"),
        (bench.path("missing.json"), "missing.json"),
        (bench.path("backup"), "is a folder"),
        (device, "one person's device"),
    ] {
        let before = files_below(bench.folder.path());
        let trouble = refused(bench.act(Act::LookAtUnfinished { path: path.clone() }));
        assert!(trouble.what.contains(said), "{said}: {trouble:?}");
        let trouble = refused(bench.resume(&path, 2));
        assert!(trouble.what.contains(said) && !trouble.hint.is_empty(), "{said}: {trouble:?}");
        assert_eq!(files_below(bench.folder.path()), before);
    }
}

#[test]
fn what_was_added_without_a_quorum_stays_so_and_cannot_be_compared() {
    let (mut bench, file, phrases) = left(plan(2, 2), "added");
    let issue = Issue { created: time("2026-05-05T00:00:00Z"), issuer: None, entropy: &mut Seeded::new("more") };
    let added = append_public(&snapshot(&file), vec![put_vault("n", "Added")], issue).unwrap();
    fs::write(&file, layout::to_bytes(&added)).unwrap();
    bench.resume(&file, 2);
    compare(&mut bench, "inventory.json");
    bench.act(Act::ReadAgain { skips_medium: true });
    bench.verify(&phrases);
    let trouble = refused(bench.act(Act::Issue));
    assert!(trouble.what.contains("3 vaults"), "{trouble:?}");
    bench.act(Act::ClearInventory(Kind::Organization));
    let Said::Issued(Ok(issued)) = bench.act(Act::Issue) else { panic!() };
    assert!(!issued.is_compared);
    let after = snapshot(&bench.path("backup/snapshot.json"));
    assert_eq!((after.section.sequence, after.boxes.len()), (2, 2));
    let opened = open_with(&backup(&[&after]), &phrases, &[1, 2], &CheapKdf).unwrap();
    assert!(opened.findings.iter().any(conclave::snapshot::finding::Finding::is_by_others), "{:?}", opened.findings);
}

#[test]
fn a_file_for_codes_is_finished_by_its_owners() {
    let (mut bench, file, phrases) = left(Plan { kind: Kind::Codes, threshold: 1, ..plan(2, 2) }, "codes");
    bench.resume(&file, 2);
    // Nobody typed anything back here: each has to.
    assert!(matches!(bench.act(Act::ReadAgain { skips_medium: false }), Said::ReadAgain(Err(_))));
    bench.act(Act::ReadAgain { skips_medium: true });
    assert_eq!(bench.progress.count(PhraseState::Verified), 0);
    bench.act(Act::Verify { phrase: phrases[1].duplicate() });
    assert!(matches!(bench.act(Act::Issue), Said::Issued(Err(_))), "one alone opens it, and both have to show it");
    bench.act(Act::Verify { phrase: phrases[0].duplicate() });
    assert!(matches!(bench.act(Act::Issue), Said::Issued(Ok(_))));
    opens(&bench.path("backup/snapshot.json"), &phrases, &[2]);
}
