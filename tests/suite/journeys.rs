//! Key scripts through the real screens and the real session, in one process with a cheap derivation.

use std::path::Path;
use std::time::Duration;

use conclave::crypto::kdf::{Kdf, KdfError, KdfNumbers};
use conclave::crypto::label::Purpose;
use conclave::domain::encoding::Hex;
use conclave::domain::secret::SecretBytes;
use conclave::effect::Answer;
use conclave::journey::Journey;
use conclave::machine::disk::System;
use conclave::snapshot::refresh::{Issue, append_public};
use conclave::ui::app::{App, Ending, Request};
use conclave::ui::console::{Console, Options};
use conclave::ui::key::Key;
use conclave::ui::screens::home::Home;

use crate::support::desk::{Desk, session_in};
use crate::support::*;

#[test]
fn people_in_any_order_recover_the_same_contents() {
    for (threshold, count) in [(2, 3), (3, 5), (5, 5)] {
        let (snapshot, phrases) = small(threshold, count, "orders");
        let mut opened = 0;
        let orders = orders(usize::from(threshold), usize::from(count));
        for order in orders.iter().step_by(if orders.len() > 20 { 7 } else { 1 }) {
            let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
            desk.begin().open_with(&phrases, order).is("Recovered", "Genuine").export("out.json");
            desk.is("Export", "Written and read back");
            assert_eq!(desk.written("out.json").unwrap(), expected(&snapshot, &phrases, order));
            desk.key(Key::F(10)).is("Export", "Wipe and leave?").press("y").is("Record", "Wiped.").key(Key::Enter);
            assert_eq!(desk.ended, Some(Ending::Left));
            opened += 1;
        }
        assert!(opened >= 6, "{opened}");
    }
}

#[test]
fn a_word_of_the_card_is_compared_and_a_wrong_one_goes_no_further() {
    let (snapshot, _) = small(2, 3, "card");
    let words = backup(&[&snapshot]).fingerprint().words();
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    let screen = desk.screen();
    let asked: usize = screen.split_once("Fingerprint word ").unwrap().1.split(' ').next().unwrap().parse().unwrap();
    assert!(!screen.contains(words[asked - 1]), "the answer is not on the screen");
    desk.key(Key::Enter).is("Open", "Type that word");
    desk.press("zebra abandon ").is("Open", "Recovery phrases come later");
    assert!(!desk.screen().contains("zebra") && !desk.screen().contains("abandon"));
    desk.press("rebirthx").key(Key::Enter).is("Open", "is another one").key(Key::Enter).is("Open", "");
    desk.press(&words[asked - 1].to_uppercase()).key(Key::Enter).is("Hand-over", "0 of 2");
    assert!(!desk.screen().contains("not compared"));
}

#[test]
fn a_newer_file_beside_the_chosen_one_is_offered_and_united() {
    let (first, phrases) = small(2, 3, "newer");
    let issue = Issue { created: time("2026-05-05T05:05:05Z"), issuer: None, entropy: &mut Seeded::new("newer") };
    let second = append_public(&first, vec![put_vault("v9", "Added later")], issue).unwrap();
    let (foreign, _) = small(2, 3, "foreign");
    let files = [("a.json", &first), ("b.json", &second), ("c.json", &foreign), ("copy.json", &first)];
    let mut desk = Desk::new(&files, false);
    desk.is("Open", "NEWER").is("Open", "[x] NEWER   sequence 2   b.json").is("Open", "[ ] same");
    assert!(!desk.screen().contains("c.json"), "a file of another backup is not offered");
    desk.key(Key::Enter).is("Open", "sequence 2").is("Open", "a.json: INTACT").is("Open", "b.json: INTACT");
    desk.begin().open_with(&phrases, &[2, 3]).key(Key::Right).is("Recovered", "!Added later");
    // Left out, it is not read.
    let mut desk = Desk::new(&files, false);
    desk.press(" ").key(Key::Enter).begin().open_with(&phrases, &[2, 3]).key(Key::Right).is("Recovered", "Rent");
    assert!(!desk.screen().contains("Added later"));
}

#[test]
fn a_fork_is_called_a_fork_and_what_both_hold_is_counted_as_more() {
    let (first, phrases) = small(2, 3, "forked");
    let sealed = |title: &str, seed: &str| {
        let issue = Issue { created: time("2026-05-05T05:05:05Z"), issuer: None, entropy: &mut Seeded::new(seed) };
        append_public(&first, vec![put_vault(title, title)], issue).unwrap()
    };
    let files = [("a.json", &sealed("v8", "one side")), ("b.json", &sealed("v9", "other side"))];
    let mut desk = Desk::new(&files, false);
    desk.is("Open", "(a fork) is here").key(Key::Enter).is("Open", "a fork: it was made side by side");
    let said = desk.screen_of(100, 30).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("at least, by what the files claim; together they may hold more"), "{said}");
    desk.begin().open_with(&phrases, &[1, 2]).key(Key::Left).is("Recovered", "side by side from one snapshot (a fork)");
}

#[test]
fn training_is_said_of_nothing_any_more_once_it_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let session = session_in(folder.path(), Box::new(System));
    let app = App::new(Console::new(Journey::default(), Options::default()), Box::new(Home::default()));
    let mut desk = Desk::of(folder, app, session);
    desk.key(Key::Down).key(Key::Enter).is("Open", "TRAINING").key(Key::Esc);
    assert!(!desk.is("Open", "Where is the snapshot?").screen().contains("TRAINING"));
    desk.key(Key::Esc).is("Home", "Practise");
    assert!(!desk.screen().contains("TRAINING"), "{}", desk.screen());
    // The same of the device that is practised on.
    desk.keys(&[Key::Home, Key::Down, Key::Down, Key::Down, Key::Down, Key::Enter]);
    desk.keys(&[Key::Down, Key::Down, Key::Enter]).is("Device", "TRAINING").key(Key::Esc);
    assert!(!desk.is("Device", "cannot rebuild").screen().contains("TRAINING"), "{}", desk.screen());
}

#[test]
fn a_phrase_of_another_backup_or_typed_twice_changes_nothing_that_was_accepted() {
    let (snapshot, phrases) = small(2, 3, "one");
    let (_, foreign) = small(2, 3, "two");
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().sit_down().type_phrase(&phrases[0]).is("Hand-over", "verified: shareholder 1");
    desk.sit_down().type_phrase(&phrases[0]).is("Hand-over", "already entered: shareholder 1");
    desk.sit_down().type_phrase(&foreign[0]).is("Phrase", "not a phrase of this backup");
    desk.key(Key::Esc).is("Hand-over", "unfinished phrase are kept, masked: 12").is("Hand-over", "1 of 2");
    desk.wipe_words().sit_down().type_phrase(&phrases[2]).is("Quorum", "verified: shareholder 3");
    // A further phrase first.
    desk.wipe_words()
        .sit_down()
        .type_phrase(&phrases[1])
        .is("Quorum", "3 phrases verified, 2 needed")
        .key(Key::Enter)
        .is("Recovered", "Genuine");
}

#[test]
fn a_phrase_of_another_backup_that_lies_beside_is_recognised() {
    let (snapshot, phrases) = small(2, 3, "beside one");
    let (other, foreign) = small(2, 3, "beside two");
    let mut desk = Desk::new(&[("snapshot.json", &snapshot), ("other.json", &other)], false);
    assert!(!desk.screen().contains("other.json"), "it is not part of this backup");
    desk.begin()
        .sit_down()
        .type_phrase(&foreign[1])
        .is("Phrase", "but that of shareholder 2")
        .is("Phrase", "other.json");
    desk.key(Key::Home)
        .press(&phrases[1].reveal_words().join(" "))
        .key(Key::Enter)
        .is("Hand-over", "verified: shareholder 2");
    desk.sit_down().type_phrase(&phrases[0]).key(Key::Enter).is("Recovered", "Genuine");
}

#[test]
fn a_right_phrase_for_an_altered_file_is_called_so_and_the_words_are_kept() {
    let (mut snapshot, phrases) = small(2, 3, "altered");
    let mut sealed = snapshot.envelopes[1].sealed.0.clone();
    sealed[20] ^= 1;
    snapshot.envelopes[1].sealed.0 = sealed;
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.is("Open", "DAMAGED").begin().sit_down().type_phrase(&phrases[1]);
    desk.is("Phrase", "right phrase, altered file: shareholder 2")
        .key(Key::Esc)
        .wipe_words()
        .sit_down()
        .type_phrase(&phrases[0]);
    desk.sit_down().type_phrase(&phrases[2]).is("Quorum", "").key(Key::Enter).is("Recovered", "do not check");
}

#[test]
fn a_drill_on_a_production_backup_shows_and_writes_nothing() {
    let mut plan = plan(2, 3);
    plan.purpose = Purpose::Production;
    let (snapshot, phrases) = found(plan, small_records(), &CheapKdf, &mut Seeded::new("production"));
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], true);
    assert!(desk.screen().contains("DRILL") && !desk.screen().contains("TRAINING"));
    desk.begin().sit_down().type_phrase(&phrases[0]).sit_down().type_phrase(&phrases[1]);
    // Nothing is promised, or feared, that a drill does not do.
    let screen = desk.is("Quorum", "In this drill nothing of it is shown or written").screen();
    assert!(!screen.contains("secrets can be shown"), "{screen}");
    desk.key(Key::Enter).is("Recovered", "It holds 2 vaults and 1 account with 2 codes");
    for hidden in ["Rent", "Travel", "Mail", "1111-2222"] {
        assert!(!desk.screen().contains(hidden), "{hidden}");
    }
    desk.press("e").keys(&[Key::Right, Key::Down]).is("Recovered", "").key(Key::Enter).press("y");
    desk.is("Record", "nothing of it was shown or written").is("Record", "DRILL");
    assert_eq!(std::fs::read_dir(desk.folder.path()).unwrap().count(), 1, "nothing was written");
    // Not even the name of an item that does not check.
    let issue = Issue { created: time("2026-05-05T05:05:05Z"), issuer: None, entropy: &mut Seeded::new("later") };
    let later = append_public(&snapshot, vec![put_vault("v9", "Added later")], issue).unwrap();
    let mut desk = Desk::new(&[("snapshot.json", &later)], true);
    desk.begin().open_with(&phrases, &[1, 2]).is("Recovered", "does not name");
    assert!(!desk.screen().contains("Added later"));
    // The same file in earnest.
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin()
        .open_with(&phrases, &[1, 2])
        .key(Key::Right)
        .is("Recovered", "Rent")
        .export("out.json")
        .is("Export", "Written");
}

#[test]
fn an_export_that_fails_loses_nothing_and_can_be_tried_again() {
    let (snapshot, phrases) = small(2, 3, "export");
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().open_with(&phrases, &[3, 1]);
    let before = std::fs::read(desk.path("snapshot.json")).unwrap();
    // Said before anything else is asked.
    desk.at_name(1, "snapshot.json").is("Export", "exists already").is("Export", "still here");
    desk.key(Key::Ctrl('u')).press("a/b").key(Key::Enter).is("Export", "no name for a file");
    desk.key(Key::Ctrl('u'))
        .press("out.json")
        .key(Key::Enter)
        .press("xxxx")
        .key(Key::Enter)
        .is("Export", "not the four digits");
    assert_eq!(std::fs::read_dir(desk.folder.path()).unwrap().count(), 1, "nothing was written yet");
    let digits = desk.digits();
    desk.press(&digits).key(Key::Enter).is("Export", "Written and read back");
    assert_eq!(desk.written("out.json").unwrap(), expected(&snapshot, &phrases, &[3, 1]));
    assert_eq!(std::fs::read(desk.path("snapshot.json")).unwrap(), before);
    desk.key(Key::Enter).is("Recovered", "");
}

#[test]
fn nobody_at_the_keys_hides_and_then_wipes() {
    let (snapshot, phrases) = small(2, 3, "idle");
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().sit_down().press("zebra zeb").is("Phrase", "zebra");
    desk.wait(58).is("Phrase", "zebra").wait(1).is("Phrase", "(typing)").press("r").is("Phrase", "zebr").key(Key::F(1));
    desk.is("Phrase", "any key").key(Key::Enter).is("Phrase", "(typing)").press("a").is("Phrase", "zebra");
    desk.key(Key::Esc).wipe_words().sit_down().type_phrase(&phrases[0]).wait(3_599).is("Hand-over", "1 of 2");
    desk.sit_down().type_phrase(&phrases[1]).key(Key::Enter).is("Recovered", "");
    desk.keys(&[Key::Enter, Key::Home]).press("y").is("Recovered", "00000000 00000000").wait(60);
    assert!(!desk.screen().contains("00000000 00000000"));
    desk.wait(538).is("Recovered", "").wait(1).is("Record", "because no key was pressed");
    // Who types on does not leave with the first Enter: the rest would go to the shell.
    desk.press("zebra").key(Key::Enter).press("zoo").key(Key::Esc).key(Key::Enter).is("Record", "Wiped");
    desk.key(Key::Enter);
    assert_eq!(desk.ended, Some(Ending::Left));
    // Verified phrases are wiped too, later.
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().sit_down().type_phrase(&phrases[0]).wait(3_600).is("Record", "because no key was pressed");
}

#[test]
fn a_check_that_is_given_up_accepts_nothing_and_keeps_the_words() {
    let (snapshot, phrases) = small(2, 3, "given up");
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().sit_down().press(&phrases[0].reveal_words().join(" "));
    desk.app.on_key(Key::Enter, desk.now);
    let Some(Request::Perform(ticket, effect)) = desk.app.take_requests().pop() else { panic!("no check") };
    desk.app.on_key(Key::Esc, desk.now);
    assert!(matches!(desk.app.take_requests()[..], [Request::GiveUp(given_up)] if given_up == ticket));
    let outcome = desk.session.perform(effect, &|| true);
    desk.app.on_outcome(ticket, outcome, desk.now);
    desk.is("Phrase", "Stopped").key(Key::Enter).is("Hand-over", "verified: shareholder 1");
}

#[test]
fn a_file_that_only_helps_to_recognise_phrases_stops_nothing() {
    /// Refuses to derive for one backup, as a machine with too little memory for it would.
    struct Refusing(Hex<32>);
    impl Kdf for Refusing {
        fn derive(&self, secret: &[u8], numbers: &KdfNumbers) -> Result<SecretBytes<32>, KdfError> {
            if numbers.salt == self.0 {
                Err(KdfError::MemoryRefused { needed_mib: 1024 })
            } else {
                CheapKdf.derive(secret, numbers)
            }
        }
    }
    let (snapshot, phrases) = small(2, 3, "one");
    let (heavy, foreign) = small(2, 3, "two");
    let kdf = Refusing(heavy.core.kdf.salt);
    let readings = vec![named(&snapshot, "one"), named(&heavy, "two")];
    let mut desk = conclave::session::phrase_judge::PhraseJudge::unite(readings, Path::new("one")).unwrap();
    let mut take = |phrase| desk.take(phrase, &kdf, &|| false).unwrap();
    assert_eq!(take(&foreign[0]), Answer::NotOfThisBackup { elsewhere: None });
    assert!(matches!(take(&phrases[0]), Answer::Verified { number: 1, .. }));
}

#[test]
fn writing_a_file_is_not_given_up_and_impatient_keys_do_nothing_later() {
    let (snapshot, phrases) = small(2, 3, "impatient");
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().open_with(&phrases, &[1, 2]).at_name(1, "contents.json");
    let digits = desk.digits();
    desk.press(&digits);
    desk.app.on_key(Key::Enter, desk.now);
    for key in [Key::Esc, Key::Enter, Key::F(10), Key::Esc] {
        desk.app.on_key(key, desk.now);
    }
    desk.is("Export", "Writing").serve();
    desk.is("Export", "Written and read back");
    // A key that waited for a folder on a slow stick is forgotten with the waiting.
    desk.key(Key::Enter).is("Recovered", "");
    desk.press("e").key(Key::Enter);
    desk.app.on_key(Key::Enter, desk.now);
    desk.app.on_key(Key::Enter, desk.now);
    desk.now += Duration::from_secs(2);
    desk.app.on_key(Key::Esc, desk.now);
    let _ = desk.app.take_requests();
    desk.is("Export", "Stopped")
        .keys(&[Key::Esc; 2])
        .key(Key::F(10))
        .press("y")
        .is("Record", "Wiped.")
        .is("Record", "contents.json");
    assert_eq!(desk.ended, None, "nothing leaves the record unseen");
    desk.key(Key::Ctrl('c')).press("y");
    assert_eq!(desk.ended, Some(Ending::Left));
}

#[test]
fn an_undamaged_copy_beside_a_damaged_file_is_offered() {
    let (snapshot, phrases) = small(2, 3, "copy");
    let mut damaged = snapshot.clone();
    damaged.envelopes[1].sealed.0[20] ^= 1;
    let mut desk = Desk::new(&[("damaged.json", &damaged), ("good.json", &snapshot)], false);
    desk.is("Open", "DAMAGED").is("Open", "[x] INTACT").key(Key::Enter).is("Open", "good.json: INTACT").begin();
    desk.sit_down().type_phrase(&phrases[1]).is("Hand-over", "verified: shareholder 2");
    // Nothing is lost by looking at older or equal ones either.
    let mut desk = Desk::new(&[("a.json", &snapshot), ("b.json", &snapshot)], false);
    desk.key(Key::F(5)).is("Open", "They add nothing").is("Open", "[ ] same").key(Key::Enter).begin();
}

#[test]
fn kept_words_of_one_shareholder_are_not_shown_to_the_next() {
    let (snapshot, phrases) = small(2, 3, "kept");
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().sit_down().press("zebra zeb").key(Key::Esc).sit_down().is("Phrase", "(typing)");
    desk.key(Key::Ctrl('u'))
        .key(Key::Esc)
        .wipe_words()
        .sit_down()
        .type_phrase(&phrases[0])
        .sit_down()
        .type_phrase(&phrases[1]);
    desk.is("Quorum", "")
        .key(Key::Ctrl('n'))
        .sit_down()
        .press("zebra abandon ")
        .key(Key::Esc)
        .is("Hand-over", "2 of 2")
        .key(Key::Enter);
    // Kept here as well, and shown to nobody, whoever goes on with them.
    desk.is("Quorum", "").key(Key::Ctrl('n')).is("Hand-over", "I typed the kept words").sit_down();
    desk.is("Phrase", "Word 3 of 12").keys(&[Key::F(2), Key::F(3)]).press("zeb").is("Phrase", "(typing)");
    assert!(!desk.screen().contains("zeb") && !desk.screen().contains("abandon"));
}

#[test]
fn too_many_enters_skip_no_cell_and_stray_words_wipe_nothing() {
    let (snapshot, _) = small(2, 3, "stray");
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().keys(&[Key::Enter; 6]).is("Hand-over", "Press y and Enter").sit_down();
    desk.keys(&[Key::Enter; 6]).is("Phrase", "Word 1 of 12").is("Phrase", "Word 1 is empty");
    desk.press("zebra zoo ability").keys(&[Key::Enter; 4]).is("Phrase", "Word 4 of 12");
    desk.press("zebra").key(Key::Esc).is("Hand-over", "masked: 4").press("paddle in nothing ");
    desk.wait(2).is("Hand-over", "masked: 4").sit_down().press(&" abandon".repeat(6)).press(" abandon").key(Key::Enter);
    desk.key(Key::Enter).is("Phrase", "11 of 12 are typed");
}

#[test]
fn what_is_no_snapshot_is_refused_with_what_to_do_and_another_can_be_chosen() {
    let (snapshot, _) = small(2, 3, "refused");
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    std::fs::write(desk.path("kit.json"), "{\"a\":1}").unwrap();
    desk.key(Key::Esc).is("Open", "Where is the snapshot?").key(Key::Enter).is("Open", "kit.json");
    desk.press("kit").key(Key::Enter).is("Open", "no Conclave snapshot").is("Open", "Choose the snapshot.json");
    desk.key(Key::Esc).press("snap").key(Key::Enter).is("Open", "INTACT");
    assert!(Path::new(&desk.path("kit.json")).exists());
}

/// Enter as a held key gives it, or as somebody presses it who waits for nothing.
fn enters(desk: &mut Desk, count: usize, apart: u64) {
    for _ in 0..count {
        desk.hurried(Key::Enter).after(apart);
    }
}

#[test]
fn an_enter_too_many_hands_nothing_over_and_shows_no_private_key() {
    let (snapshot, phrases) = small(2, 3, "held");
    for apart in [30, 300, 1_200] {
        let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
        desk.begin().sit_down().is("Phrase", "").press(&phrases[0].reveal_words().join(" "));
        enters(&mut desk, 12, apart);
        desk.is("Hand-over", "verified: shareholder 1").rest();
        assert!(desk.app.console.journey.desk.entry.is_none(), "{apart} ms");
        desk.sit_down().is("Phrase", "").press(&phrases[1].reveal_words().join(" "));
        for _ in 0..60 {
            desk.hurried(Key::Enter).after(apart);
            assert!(!desk.screen().contains("00000000 00000000"), "{apart} ms:\n{}", desk.screen());
        }
        assert_eq!((desk.app.console.journey.history.revealed, desk.ended), (0, None), "{apart} ms");
    }
}

#[test]
fn a_phrase_typed_at_the_wrong_place_is_swallowed_and_that_is_said() {
    let (snapshot, phrases) = small(2, 3, "wrong place");
    let words = phrases[2].reveal_words().join(" ");
    let typed = |desk: &mut Desk, name: &str, end: &str| {
        for c in words.chars().chain(end.chars()) {
            desk.hurried(if c == '\n' { Key::Enter } else { Key::Char(c) }).after(120);
        }
        let screen = desk.screen();
        assert!(screen.starts_with(&format!(" {name}")), "{name}:\n{screen}");
        let said = screen.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("none was kept or shown"), "{screen}");
        assert!(!words.split(' ').any(|word| word.len() > 5 && screen.contains(word)), "{screen}");
        desk.after(2_500);
    };
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    typed(&mut desk, "Open", "");
    desk.key(Key::Ctrl('u')).begin();
    typed(&mut desk, "Hand-over", "\n");
    desk.is("Hand-over", "any 2 of Holder 1, Holder 2 or Holder 3");
    assert!(!desk.screen().contains("not here\n"), "nobody is marked as absent");
    desk.press("h").is("Hand-over", "not here").press("h");
    desk.paste(&words).is("Hand-over", "none was kept or shown").after(2_500);
    desk.sit_down().type_phrase(&phrases[0]).sit_down().type_phrase(&phrases[1]);
    typed(&mut desk, "Quorum", "\n");
    desk.key(Key::Enter).is("Recovered", "Opened");
    typed(&mut desk, "Recovered", "\n");
    desk.is("Recovered", "[Keys 1]");
    assert!(!desk.screen().contains("marked"));
    desk.press("e").is("Export", "What is to be written");
    typed(&mut desk, "Export", "\n");
    desk.is("Export", "What is to be written").key(Key::Esc).key(Key::F(10)).is("Recovered", "Wipe and leave?");
    typed(&mut desk, "Recovered", "");
    desk.is("Recovered", "Wipe and leave?").press("y").is("Record", "Wiped.");
    typed(&mut desk, "Record", "\n");
    assert_eq!(desk.ended, None);
}

#[test]
fn wiping_asks_whatever_was_written_and_says_what_was_not() {
    let (snapshot, phrases) = small(2, 3, "wiping");
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().open_with(&phrases, &[1, 2]).key(Key::F(10));
    desk.is("Recovered", "Nothing was written to a file.");
    desk.is("Recovered", "In no export: keys 1 of 1, accounts with their codes 1 of 1.").key(Key::Enter);
    // A table holds no master key.
    desk.at_name(3, "table.csv");
    let digits = desk.digits();
    desk.press(&digits).key(Key::Enter).is("Export", "Written and read back").key(Key::F(10));
    desk.is("Export", "Written, NOT encrypted")
        .is("Export", "table.csv")
        .is("Export", "keys 1 of 1, accounts with their codes 0 of 1");
    assert!(desk.app.console.journey.opening.is_some());
    desk.key(Key::Enter).key(Key::Enter).export("all.json").key(Key::F(10));
    desk.is("Export", "All keys and codes of it stand in an export.");
    assert!(desk.app.console.journey.opening.is_some(), "one key wipes nothing");
    desk.press("y").is("Record", "Wiped.");
    // Kept words go at the second press.
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().sit_down().press("zebra ").key(Key::Esc).key(Key::Ctrl('n'));
    desk.is("Hand-over", "^N once more wipes these words").key(Key::Up).is("Hand-over", "masked: 1").wipe_words();
    assert!(desk.app.console.journey.desk.entry.is_none());
}
