//! Key scripts through the screens of a ceremony, with a session that is played.

use super::ceremony::{board, person, phrase, plan_of, progress, proving, show};
use super::golden::{frame, shown};
use super::samples::WORDS;
use super::stage::Stage;
use super::states;
use crate::domain::ceremony::{CeremonyStage, Progress, ProposedPlan, SENTENCES};
use crate::domain::kind::Kind;
use crate::domain::phrase::{PhraseForm, WordCount};
use crate::domain::wordlist::WordList;
use crate::effect::{Act, Confirmation, InventoryFacts, Medium, NotIssued, Said};
use crate::ui::app::App;
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::screens::ceremony::Planning;

const TWELVE: PhraseForm = PhraseForm { language: WordList::English, words: WordCount::TWELVE };

fn text(app: &mut App) -> String {
    shown(&frame(app, 80, 24).0)
}

/// The same, however its rows are broken.
fn words(app: &mut App) -> String {
    text(app).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn two() -> crate::domain::ceremony::Plan {
    plan_of(&["Jane Doe", "Joe"], 2)
}

#[test]
fn every_page_keeps_what_was_typed_when_somebody_goes_back() {
    let nothing = InventoryFacts { creates_keys: true, ..InventoryFacts::default() };
    let start = Stage::of(Console::default(), Planning::of(Kind::Organization, ProposedPlan::default()));
    let stage = start.say(Said::Inventory(Ok(nothing)), Progress::default()).key(Key::Enter);
    let stage = stage.press("Museum").keys(&[Key::Enter, Key::Enter]).press("Ann").key(Key::Enter);
    let stage = ["Jane <j@x.org>", "Joe", "Mia"].iter().fold(stage, |stage, name| stage.press(name).key(Key::Enter));
    let stage = stage.keys(&[Key::Enter, Key::Enter]).press("Backups <backup@x.org>").key(Key::Enter);
    let stage = stage.hear(crate::effect::Outcome::Places(super::samples::places()));
    let mut stage = stage.keys(&[Key::Enter, Key::Enter]);
    assert!(text(&mut stage.0).contains("Is all of this right?"));
    // All the way back, and forward again.
    let mut stage = (0..12).fold(stage, |stage, _| stage.key(Key::Esc));
    assert!(text(&mut stage.0).contains("What is to be backed up?"));
    let stage = (0..7).fold(stage, |stage, _| stage.key(Key::Enter));
    let stage = stage.hear(crate::effect::Outcome::Places(super::samples::places())).keys(&[Key::Enter, Key::Enter]);
    let mut stage = stage.key(Key::Enter);
    let Some(Act::Begin(beginning)) = stage.act() else { panic!("{}", text(&mut stage.0)) };
    assert!(beginning.rotation.is_none() && beginning.folder.ends_with("EMPTY/conclave-backup"));
    let plan = beginning.plan;
    let names: Vec<_> = plan.shareholders.iter().map(|person| person.name.raw()).collect();
    assert_eq!((names, plan.threshold), (vec!["Jane", "Joe", "Mia"], 2));
    assert_eq!((plan.organization.raw(), plan.conductor.raw()), ("Museum", "Ann"));
    assert_eq!((plan.delivery.raw(), plan.form, plan.is_training), ("backup@x.org", TWELVE, false));
    assert_eq!(plan.shareholders[1], person("Joe"));
}

#[test]
fn all_of_all_is_taken_at_the_second_enter_only_and_one_never() {
    let threshold = || {
        let start = Stage::of(Console::default(), Planning::of(Kind::Organization, ProposedPlan::default()));
        let keys = InventoryFacts { creates_keys: true, ..InventoryFacts::default() };
        let stage = start.say(Said::Inventory(Ok(keys)), Progress::default()).key(Key::Enter);
        let stage = stage.press("M").keys(&[Key::Enter, Key::Enter]).press("A").key(Key::Enter);
        let stage = stage.press("Jane").key(Key::Enter).press("Joe").key(Key::Enter);
        stage.keys(&[Key::Enter, Key::Backspace])
    };
    for refused in ["1", "3", "0", "x", ""] {
        let mut stage = threshold().press(refused).keys(&[Key::Enter, Key::Enter]);
        assert!(text(&mut stage.0).contains("How many shareholders are needed"), "{refused}");
    }
    let mut stage = threshold().press("2").key(Key::Enter);
    assert!(text(&mut stage.0).contains("one lost paper loses everything"));
    assert!(text(&mut stage.key(Key::Enter).0).contains("Which address"));
}

#[test]
fn three_sentences_are_agreed_to_one_by_one_and_only_then_the_phrase_goes_and_is_typed_back() {
    let mut stage = show(TWELVE).press("yyyy");
    assert!(text(&mut stage.0).contains("Write all words"), "not before it was written down");
    stage = stage.key(Key::Enter);
    for sentence in SENTENCES {
        let seen = text(&mut stage.0);
        assert!(seen.contains(sentence) && seen.contains("abandon"), "{seen}");
        let mut other = stage.keys(&[Key::Enter, Key::Char('n'), Key::Char(' ')]);
        assert!(text(&mut other.0).contains(sentence), "only y agrees");
        stage = other.press("y");
    }
    let seen = text(&mut stage.0);
    assert!(seen.starts_with(" Phrase") && !seen.contains("abandon") && !seen.contains("about"), "{seen}");
    // Typed back, it is compared as it stands, whatever its checksum is.
    stage = stage.press(WORDS).press("zebra").key(Key::Enter);
    let Some(Act::Confirm { number: 1, typed }) = stage.act() else { panic!() };
    assert_eq!((typed.reveal().len(), typed.reveal()[0]), (12, 0));
    assert!(TWELVE.language.word(typed.reveal()[11]) == Some("zebra"));
}

#[test]
fn a_wrong_word_is_named_the_words_stay_and_the_phrase_can_be_seen_again() {
    let wrong = || {
        let stage = board(two(), progress(2, &[1], &[])).next_person().key(Key::Enter);
        let stage = stage.press(WORDS).press("zebra").key(Key::Enter);
        let result = Ok(Confirmation::Differs { numbers: vec![12] });
        stage.say(Said::Confirmed { number: 1, result }, progress(2, &[1], &[]))
    };
    let mut stage = wrong();
    assert!(text(&mut stage.0).contains("Word 12 is not what was shown. Look at your paper: correct the paper only"));
    // It is corrected in its place.
    stage = stage.press("about").key(Key::Enter);
    let Some(Act::Confirm { typed, .. }) = stage.act() else { panic!("{}", text(&mut stage.0)) };
    assert!(TWELVE.language.word(typed.reveal()[11]) == Some("about") && typed.reveal().len() == 12);
    let mut stage = wrong().key(Key::F(9));
    assert!(stage.act().is_none() && text(&mut stage.0).contains("Words that are wiped then: 12."));
    stage = stage.key(Key::F(9));
    let Some(Act::Show { number: 1, anew: false }) = stage.act() else { panic!() };
    let again = wrong()
        .keys(&[Key::F(9), Key::F(9)])
        .say(Said::Phrase { number: 1, phrase: Ok(phrase()) }, progress(2, &[1], &[]));
    assert!(again.0.console.journey.desk.entry.is_none(), "what was typed is wiped");
    let mut back = again.key(Key::Enter).press("yyy");
    assert!(text(&mut back.0).contains("> 1 --------"));
}

#[test]
fn a_phrase_stays_while_somebody_writes_but_not_under_anything_nor_for_ever() {
    let is_shown = |stage: &mut Stage| text(&mut stage.0).contains("abandon");
    assert!(is_shown(&mut show(TWELVE).wait(120).wait(120).wait(120)), "no key is needed");
    let mut stage = show(TWELVE).wait(500).key(Key::Left).wait(500);
    assert!(is_shown(&mut stage) && text(&mut stage.0).contains("hides in 1:39"), "a key gives ten more");
    assert!(!is_shown(&mut show(TWELVE).wait(600)));
    for cover in [Key::F(1), Key::F(8), Key::Ctrl('c')] {
        let mut stage = show(TWELVE).key(cover);
        assert!(!is_shown(&mut stage));
        let mut stage = stage.key(Key::Esc);
        assert!(!is_shown(&mut stage) && text(&mut stage.0).contains("The phrase is hidden"));
        let mut stage = stage.keys(&[Key::Enter, Key::Enter, Key::Char(' ')]).key(Key::Enter).wait(2);
        assert!(stage.act().is_none(), "somebody else may sit there by now");
        let mut asked = stage.sit_down();
        let Some(Act::Show { number: 1, anew: false }) = asked.act() else { panic!() };
    }
    let Stage(mut app) = show(TWELVE);
    app.on_wake();
    assert!(!text(&mut app).contains("abandon"), "after a sleep");
}

#[test]
fn going_back_from_a_phrase_loses_nothing_and_leaves_none_in_view() {
    let mut stage = show(TWELVE).key(Key::Esc);
    let seen = text(&mut stage.0);
    assert!(seen.contains("1  shown") && !seen.contains("abandon"), "{seen}");
    let stage = stage.next_person().key(Key::Enter).press("abandon zebra ").key(Key::Esc);
    assert_eq!(
        stage.0.console.journey.desk.entry.as_deref().map(crate::domain::phrase_entry::PhraseEntry::filled),
        Some(2)
    );
    // Somebody else's words are not for the next one.
    let said = Said::Phrase { number: 2, phrase: Ok(phrase()) };
    let stage = stage.key(Key::Down).next_person().key(Key::Enter).say(said, progress(3, &[1, 2], &[]));
    assert!(stage.0.console.journey.desk.entry.is_none());
}

#[test]
fn another_phrase_takes_two_presses_and_says_that_the_paper_is_void() {
    for stage in [
        board(two(), progress(2, &[], &[1])).next_person().key(Key::Delete),
        board(two(), proving(2, &[1])).key(Key::Delete).sit_down(),
    ] {
        let mut stage = stage;
        assert!(stage.act().is_none());
        assert!(text(&mut stage.0).contains("Write VOID on the paper before"));
        let mut made = stage.key(Key::Delete);
        let Some(Act::Show { number: 1, anew: true }) = made.act() else { panic!() };
    }
    let mut stage = board(two(), proving(2, &[1])).key(Key::Delete).sit_down().key(Key::Enter);
    assert!(stage.act().is_none() && text(&mut stage.0).contains("1 of 2 verified"), "Enter changes nothing");
}

#[test]
fn a_skip_of_the_medium_is_offered_after_looking_in_vain_and_asked_twice() {
    let sealed = || {
        let mut sealed = progress(2, &[], &[1, 2]);
        assert!(sealed.seal());
        sealed
    };
    let all = |medium| {
        let stage = board(two(), progress(2, &[], &[1, 2])).key(Key::Enter);
        stage.say(super::ceremony::sealed(medium), sealed())
    };
    let present = || Medium::Present { title: "the stick".to_owned() };
    let mut stage = all(present()).press("kk");
    assert!(stage.act().is_none(), "not before it was looked for");
    let mut stage = stage.key(Key::Enter).say(Said::Medium(present()), sealed()).press("k");
    assert!(stage.act().is_none());
    let mut stage = stage.press("k");
    assert!(matches!(stage.act(), Some(Act::ReadAgain { skips_medium: true })));
    let read = all(Medium::None).press("kk").say(Said::ReadAgain(Ok(())), proving(2, &[]));
    assert!(read.0.console.journey.history.made.as_ref().unwrap().has_skipped);
    let back = Medium::Back { title: "the stick".to_owned() };
    let mut stage = all(present()).key(Key::Enter).say(Said::Medium(back), sealed());
    assert!(matches!(stage.act(), Some(Act::ReadAgain { skips_medium: false })));
}

#[test]
fn a_check_that_was_given_up_counts_when_the_session_did_it() {
    let typed = board(two(), progress(2, &[1], &[])).next_person().key(Key::Enter).all_words();
    let given_up = typed.wait(1).key(Key::Esc);
    let said = Said::Confirmed { number: 1, result: Ok(Confirmation::Same) };
    let mut stage = given_up.say(said, progress(2, &[], &[1]));
    assert_eq!(stage.0.console.journey.making.as_ref().unwrap().progress, progress(2, &[], &[1]));
    assert!(text(&mut stage.0).contains("Confirmed: shareholder 1"));
}

#[test]
fn nothing_is_called_a_backup_before_it_is_one() {
    let mut seen = 0;
    for mut sample in states().into_iter().filter(|sample| sample.name.starts_with("ceremony-")) {
        let is_issued = sample.app.console.journey.history.made.as_ref().is_some_and(|made| made.issued.is_some());
        for overlay in [None, Some(Key::F(1)), Some(Key::Ctrl('c'))] {
            let now = sample.app.console.journey.now;
            if let Some(key) = overlay {
                sample.app.on_key(key, now);
            }
            let text =
                words(&mut sample.app).replace("Only then it is a backup", "").replace("It is a backup only when", "");
            let claims = ["is a backup", "A backup was made", "The backup is made", "part of the backup"];
            assert!(is_issued || claims.iter().all(|claim| !text.contains(claim)), "{}: {text}", sample.name);
            sample.app.on_key(Key::Esc, now);
        }
        seen += 1;
    }
    assert!(seen > 70, "{seen}");
}

#[test]
fn leaving_a_ceremony_says_that_papers_are_void_and_a_wipe_does_too() {
    let mut stage = board(two(), progress(2, &[1], &[])).key(Key::Esc);
    assert!(text(&mut stage.0).contains("VOID on each"));
    let mut stage = stage.key(Key::Enter);
    assert!(text(&mut stage.0).contains("0 of 2 confirmed"), "Esc destroys nothing");
    let Stage(mut app) = stage.keys(&[Key::Esc, Key::Char('y')]).hear(crate::effect::Outcome::Forgotten);
    assert!(app.console.journey.making.is_none() && text(&mut app).contains("VOID on each"));
    let mut idle = board(two(), progress(2, &[1], &[])).wait(3_599);
    assert!(
        idle.0.console.journey.making.as_ref().is_some_and(|making| making.progress.stage() == CeremonyStage::Asking)
    );
    idle = idle.wait(1);
    assert!(idle.0.console.journey.making.is_none() && text(&mut idle.0).contains("VOID"));
}

#[test]
fn training_is_on_every_frame_of_a_training_ceremony() {
    let plan = || crate::domain::ceremony::Plan { is_training: true, ..two() };
    let check = |Stage(mut app): Stage| {
        for (columns, rows) in [(60, 20), (80, 24), (30, 10)] {
            let text = shown(&frame(&mut app, columns, rows).0);
            assert!(text.contains("TRAINING"), "{text}");
        }
    };
    check(board(plan(), Progress::new(2)));
    check(board(plan(), Progress::new(2)).key(Key::Enter));
    check(board(plan(), progress(2, &[1], &[])).next_person().key(Key::Enter));
    check(board(plan(), proving(2, &[])).key(Key::Esc));
    check(board(plan(), Progress::new(2)).press("c"));
}

#[test]
fn every_phrase_is_whole_in_the_smallest_window_with_the_sentence_below() {
    struct Counting(u8);
    impl crate::domain::entropy::Entropy for Counting {
        fn fill(&mut self, bytes: &mut [u8]) -> Result<(), crate::domain::entropy::EntropyFailed> {
            for byte in bytes {
                self.0 = self.0.wrapping_mul(29).wrapping_add(71);
                *byte = self.0;
            }
            Ok(())
        }
    }
    for language in WordList::ALL {
        for words in [12, 15, 18, 21, 24].map(|words| WordCount::new(words).unwrap()) {
            let form = PhraseForm { language, words };
            let phrase = crate::domain::phrase::Phrase::generate(form, &mut Counting(7)).unwrap();
            let expected = phrase.reveal_words();
            let plan = crate::domain::ceremony::Plan { form, ..two() };
            let said = Said::Phrase { number: 1, phrase: Ok(phrase) };
            let shown_one = board(plan, Progress::new(2)).next_person().key(Key::Enter);
            let mut stage = shown_one.say(said, progress(2, &[1], &[])).key(Key::Enter);
            let seen = shown(&frame(&mut stage.0, 60, 20).0);
            assert!(seen.contains("1. I have written down all words, in the right order. y?"), "{seen}");
            for (number, word) in (1..).zip(expected) {
                assert!(seen.contains(&format!("{number:>2}. {word}")), "{number} {word}: {seen}");
            }
        }
    }
}

#[test]
fn a_production_file_goes_into_no_training_backup() {
    let facts = InventoryFacts { is_production: true, ..super::ceremony::facts() };
    let start = Stage::of(Console::default(), Planning::of(Kind::Organization, ProposedPlan::default()));
    let stage = start.say(Said::Inventory(Ok(facts)), Progress::default());
    let mut stage = stage.keys(&[Key::Enter, Key::Enter, Key::Down, Key::Enter]);
    assert!(text(&mut stage.0).contains("cannot go into a training backup"));
    assert!(text(&mut stage.keys(&[Key::Up, Key::Enter]).0).contains("Who asks the shareholders?"));
}

#[test]
fn home_leads_to_a_plan_that_holds_nothing_of_an_earlier_one() {
    let mut stage = Stage::home().keys(&[Key::Down, Key::Down, Key::Enter]);
    assert!(matches!(stage.act(), Some(Act::ClearInventory(Kind::Organization))));
    assert!(text(&mut stage.0).contains("What is to be backed up?"));
}

#[test]
fn a_kept_phrase_is_offered_in_a_rotation_alone_and_checked_as_one() {
    let stage = board(two(), Progress::new(2)).next_person().press("k");
    assert!(stage.0.console.journey.desk.entry.is_none(), "in a new backup there is none to keep");
    let mut stage = super::ceremony::rotating().next_person().press("k").all_words();
    assert!(matches!(stage.act(), Some(Act::Keep { number: 1, .. })));
    let mut stage = super::ceremony::rotating().next_person().press("k").press(WORDS).press("zebra");
    stage = stage.key(Key::Enter);
    assert!(stage.act().is_none() && !text(&mut stage.0).contains("F9"), "no slip is looked for here");
}

#[test]
fn what_was_read_for_a_plan_is_wiped_when_nobody_is_there() {
    let start = Stage::of(Console::default(), Planning::of(Kind::Organization, ProposedPlan::default()));
    let stage = start.say(Said::Inventory(Ok(super::ceremony::facts())), Progress::default());
    let mut stage = stage.wait(3_600).hear(crate::effect::Outcome::Forgotten);
    assert!(stage.0.console.journey.to_seal.files.is_empty());
    assert!(text(&mut stage.0).contains("no backup was made"));
}

#[test]
fn an_end_while_the_file_is_named_calls_nothing_void() {
    let before = board(two(), super::ceremony::proving(2, &[1, 2]));
    assert!(before.0.console.journey.last_words()[0].contains("void"));
    let mut console = before.0.console;
    if let Some(made) = &mut console.journey.history.made {
        made.unconfirmed = Some("/media/stick/new/UNCONFIRMED-snapshot.json".into());
    }
    let naming = Stage::of(console, crate::ui::screens::ceremony::CeremonyBoard::default()).key(Key::Enter);
    let said = naming.0.console.journey.last_words().join("\n");
    assert!(said.contains("conclave verify /media/stick/new/snapshot.json") && !said.contains("VOID"), "{said}");
    // The medium went away in that very act: nobody knows. Then it is seen that it was not named after all.
    let not = |may_be_there| Said::Issued(Err(NotIssued { trouble: super::samples::trouble(), may_be_there }));
    let failed = naming.say(not(true), super::ceremony::proving(2, &[1, 2]));
    let said = failed.0.console.journey.last_words().join("\n");
    assert!(said.contains("Keep the papers") && !said.contains("VOID"), "{said}");
    let refused = failed.key(Key::Enter).say(not(false), super::ceremony::proving(2, &[1, 2]));
    let said = refused.0.console.journey.last_words().join("\n");
    assert!(
        said.contains("backup --resume /media/stick/new/UNCONFIRMED-snapshot.json") && said.contains("VOID"),
        "{said}"
    );
}
