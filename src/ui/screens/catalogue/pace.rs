//! People in a hurry, and phrases typed at the wrong place: over every state.

use super::ceremony::{board, plan_of, progress, proving};
use super::golden::{frame, shown};
use super::stage::Stage;
use super::states;
use crate::domain::ceremony::Plan;
use crate::effect::{Confirmation, Said};
use crate::ui::app::App;
use crate::ui::key::Key;

fn text(app: &mut App) -> String {
    shown(&frame(app, 80, 24).0)
}

fn two() -> Plan {
    plan_of(&["Jane Doe", "Joe"], 2)
}

/// Where a walk begins, and what it is called or has to end with.
type Start = (&'static str, fn() -> Stage);

/// Words are being typed, and the keys that lead back to the wall before them.
type ToTheWall = (fn() -> Stage, &'static [Key]);

/// As many of them as somebody presses who waits for nothing, so many milliseconds apart.
fn impatient(stage: Stage, key: Key, count: usize, apart: u64) -> Stage {
    (0..count).fold(stage, |stage, _| stage.hurried(key).wait_milliseconds(apart))
}

#[test]
fn enter_pressed_out_of_impatience_or_held_opens_nothing_of_the_next_person() {
    let confirmed = || {
        let stage = board(two(), progress(2, &[1], &[])).next_person().key(Key::Enter).all_words();
        stage.say(Said::Confirmed { number: 1, result: Ok(Confirmation::Same) }, progress(2, &[], &[1]))
    };
    let verified = || {
        let stage = board(two(), proving(2, &[])).next_person().all_words();
        let answer = Ok(crate::effect::Answer::Verified { number: 2, who: "shareholder 2".to_owned() });
        stage.say(Said::Verified(answer), proving(2, &[2]))
    };
    let recovered = || Stage::at_phrase(super::samples::summary()).phrase_of(1);
    for (apart, count) in [(1_200, 3), (1_200, 9), (30, 200), (300, 9), (600, 9)] {
        let starts: [Start; 3] = [
            ("I am shareholder 2 (Joe)", confirmed),
            ("I am the next shareholder", verified),
            ("I am the next shareholder", recovered),
        ];
        for (said, start) in starts {
            let stage = start();
            let mut stage = impatient(stage, Key::Enter, count, apart);
            assert!(stage.act().is_none() && stage.0.console.journey.desk.entry.is_none(), "{said}: {apart} ms");
            // Let go of, it asks who is there.
            stage = stage.wait(1);
            assert!(text(&mut stage.0).contains(said), "{said}, {apart} ms: {}", text(&mut stage.0));
        }
    }
    let mut stage = confirmed().next_person();
    assert!(text(&mut stage.0).contains("Request to shareholder 2 (Joe)"));
}

#[test]
fn enter_held_or_pressed_again_and_again_shows_no_secret() {
    let secrets = [super::samples::CODE, super::samples::NOTE, "k7wqm", "4d1f8e2a", "77aa55bb", "9e8d7c6b", "KwDiBf89"];
    for apart in [30, 300, 1_200] {
        let starts: [Start; 8] = [
            ("quorum", Stage::at_quorum),
            ("recovered", || Stage::at_recovered(super::samples::opening())),
            ("vault", || Stage::at_vault(false)),
            ("vault, its secret", || Stage::at_vault(false).key(Key::End)),
            ("account", || Stage::at_recovered(super::samples::opening()).keys(&[Key::Right; 2]).key(Key::Enter)),
            ("code as a square", || Stage::at_vault(false).key(Key::End).press("q")),
            ("export", || Stage::at_recovered(super::samples::opening()).press("e")),
            ("passphrase", Stage::at_passphrase),
        ];
        for (name, start) in starts {
            let mut stage = start();
            for _ in 0..40 {
                stage = stage.hurried(Key::Enter).wait_milliseconds(apart);
                for request in stage.0.take_requests() {
                    let crate::ui::app::Request::Perform(ticket, effect) = request else { continue };
                    let outcome = match effect {
                        crate::effect::Effect::Open => crate::effect::Outcome::Opened(Ok(super::samples::opening())),
                        crate::effect::Effect::Derive { .. } => super::samples::derived(false),
                        crate::effect::Effect::FindPlaces => crate::effect::Outcome::Places(super::samples::places()),
                        crate::effect::Effect::CheckName { .. } => crate::effect::Outcome::NameChecked(Ok(())),
                        crate::effect::Effect::MakePassphrase => crate::effect::Outcome::Passphrase(Ok(
                            crate::domain::secret::SecretText::copy_of(super::samples::PASSPHRASE),
                        )),
                        _ => continue,
                    };
                    let now = stage.0.console.journey.now;
                    stage.0.on_outcome(ticket, outcome, now);
                }
                let seen = text(&mut stage.0);
                assert!(secrets.iter().all(|secret| !seen.contains(*secret)), "{name}, {apart} ms: {seen}");
            }
        }
    }
    // One who looks at what is asked sees it.
    let mut stage = Stage::at_vault(false).key(Key::Home).press("y");
    assert!(secrets.iter().any(|secret| text(&mut stage.0).contains(*secret)), "{}", text(&mut stage.0));
}

#[test]
fn a_phrase_typed_where_letters_are_commands_triggers_nothing_and_shows_nothing() {
    const PHRASE: &str = "yellow happy ability enemy onion math\nsweet wall couple drum nest hotel\n";
    let mut seen = Vec::new();
    for apart in [5, 90, 250, 450] {
        for sample in states() {
            // What hides by itself meanwhile cannot be compared.
            let is_text = sample.app.intake() == crate::ui::pace::Intake::Text;
            if is_text || sample.app.is_working() || sample.name == "repair-found-shown" {
                continue;
            }
            let mut stage = Stage(sample.app).wait(3);
            let title = stage.0.title();
            let before = body(&mut stage.0);
            stage.0.take_requests();
            for c in PHRASE.chars() {
                let key = if c == '\n' { Key::Enter } else { Key::Char(c) };
                stage = stage.hurried(key).wait_milliseconds(apart);
                let text = text(&mut stage.0);
                let shows = |word: &str| text.contains(word) && !before.contains(word);
                assert!(!["yellow", "ability", "sweet", "hotel"].into_iter().any(shows), "{}: {text}", sample.name);
            }
            assert!(text(&mut stage.0).contains("none was kept or shown"), "{}: {}", sample.name, text(&mut stage.0));
            stage = stage.wait(3);
            assert_eq!(stage.0.title(), title, "{}", sample.name);
            let asked = stage.0.take_requests();
            assert!(asked.is_empty(), "{}: {asked:?}", sample.name);
            assert_eq!(body(&mut stage.0), before, "{}, {apart} ms", sample.name);
            seen.push(sample.name);
        }
    }
    assert!(seen.len() > 200, "{}", seen.len());
}

#[test]
fn who_leaves_while_words_are_typed_is_asked_once_and_heard() {
    for mut sample in states() {
        // Where it is asked already, ^C is the second one.
        if sample.app.is_working() || text(&mut sample.app).contains("^C twice at once") {
            continue;
        }
        let stage = "onion ma".chars().fold(Stage(sample.app), |stage, c| stage.hurried(Key::Char(c)));
        let mut stage = stage.hurried(Key::Ctrl('c'));
        assert!(text(&mut stage.0).contains("y wipe and leave"), "{}: {}", sample.name, text(&mut stage.0));
        stage.0.take_requests();
        let yes = ('a'..='z').find(|c| stage.0.console.read_key(*c) == 'y').unwrap();
        stage = stage.wait_milliseconds(200).hurried(Key::Char(yes)).wait(1);
        let asked = stage.0.take_requests();
        let is_left = stage.0.title() == "Record" || format!("{asked:?}").contains("Leave");
        assert!(is_left, "{}: {asked:?} {}", sample.name, text(&mut stage.0));
    }
}

#[test]
fn words_that_somebody_typed_before_are_shown_to_nobody_and_go_on_with_that_one_alone() {
    let further = || Stage::at_quorum().key(Key::Ctrl('n')).sit_down();
    let verifying = || board(two(), proving(2, &[])).next_person();
    let starts: [ToTheWall; 3] = [
        (|| Stage::at_phrase(super::samples::summary()), &[]),
        (further, &[Key::Ctrl('n')]),
        (verifying, &[Key::Enter]),
    ];
    for (start, to_the_wall) in starts {
        let mut stage = start().press("yellow zebra happ").key(Key::Esc).keys(to_the_wall);
        let asked = text(&mut stage.0);
        assert!(asked.contains("say: I typed the kept words.") && asked.contains("^N wipe these words"), "{asked}");
        assert!(!asked.contains("next shareholder"), "{asked}");
        stage = stage.sit_down();
        for key in [Key::F(2), Key::F(3), Key::F(4), Key::Home, Key::F(9), Key::Esc, Key::F(3), Key::F(2), Key::F(5)] {
            stage = stage.key(key);
            let seen = text(&mut stage.0);
            assert!(["yellow", "zebra", "happ"].iter().all(|word| !seen.contains(word)), "{key:?} {seen}");
        }
    }
    // Anybody else wipes them, and is asked as the next one.
    for (start, to_the_wall) in starts {
        let mut stage = start().press("yellow zebra happ").key(Key::Esc).keys(to_the_wall);
        stage = stage.keys(&[Key::Ctrl('n'), Key::Ctrl('n')]);
        assert!(text(&mut stage.0).contains("say: I am the next shareholder."), "{}", text(&mut stage.0));
        assert!(stage.0.console.journey.desk.entry.is_none());
        stage = stage.sit_down().press("ab");
        assert!(text(&mut stage.0).contains("1 ab"), "{}", text(&mut stage.0));
    }
    // Nor does the search for a slip show them.
    let wrong = Stage::at_phrase(super::samples::summary()).press(super::samples::WORDS).press("zebra").key(Key::Esc);
    let answer = crate::effect::Answer::Verified { number: 2, who: "shareholder 2".to_owned() };
    let found = crate::effect::Outcome::Tried { found: Ok(Some((0, answer))), took: std::time::Duration::ZERO };
    let mut stage = wrong.sit_down().keys(&[Key::F(9), Key::Enter]).hear(found).key(Key::F(3));
    let seen = text(&mut stage.0);
    assert!(seen.contains("Repair") && seen.contains("they stay hidden") && !seen.contains("F3"), "{seen}");
}

#[test]
fn a_held_enter_goes_past_nothing_that_has_to_be_read_before_a_file_is_used() {
    use super::damaged::{damaged_core, damaged_long};
    let starts: [Start; 4] = [
        ("go on all the same", || Stage::open(damaged_long()).key(Key::F(5))),
        ("Fingerprint word", || Stage::open(damaged_long())),
        ("No card can be compared", || Stage::open(damaged_core())),
        ("Hand-over", || Stage::open(damaged_core()).key(Key::Enter)),
    ];
    for (next, start) in starts {
        // The first one counts where the keys rested before it, and none behind it.
        let mut stage = impatient(start(), Key::Enter, 200, 30).wait(1);
        assert!(text(&mut stage.0).contains(next), "{next}: {}", text(&mut stage.0));
        let mut stage = impatient(start().wait_milliseconds(0).hurried(Key::F(6)), Key::Enter, 200, 30).wait(1);
        let seen = text(&mut stage.0);
        assert!(seen.contains("go on all the same"), "{next}: {seen}");
    }
}

#[test]
fn y_and_then_another_key_agrees_to_nothing() {
    for mut sample in states() {
        if sample.app.is_working() || text(&mut sample.app).contains("^C twice at once") {
            continue;
        }
        let mut stage = Stage(sample.app).wait(3).hurried(Key::Ctrl('c')).wait(1);
        let title = stage.0.title();
        stage.0.take_requests();
        let yes = ('a'..='z').find(|c| stage.0.console.read_key(*c) == 'y').unwrap();
        stage = stage.hurried(Key::Char(yes)).wait_milliseconds(100).hurried(Key::Esc).wait(1);
        assert_eq!(stage.0.title(), title, "{}", sample.name);
        let asked = stage.0.take_requests();
        assert!(asked.is_empty(), "{}: {asked:?}", sample.name);
        // Another letter stays, and the key behind it is not meant for what lies below.
        stage = stage.hurried(Key::Ctrl('c')).wait(1).hurried(Key::Char('x')).wait_milliseconds(100);
        stage = stage.hurried(Key::Esc).wait(1);
        assert_eq!(stage.0.title(), title, "{}", sample.name);
    }
    let pasted = || Stage::at_phrase(super::samples::summary()).paste("abandon zebra");
    let mut stage = pasted().hurried(Key::Char('y')).wait_milliseconds(100).hurried(Key::Esc).wait(1);
    assert!(stage.0.console.journey.desk.entry.as_ref().unwrap().is_empty(), "{}", text(&mut stage.0));
}

#[test]
fn who_asked_for_a_secret_while_the_key_was_rebuilt_sees_that_one() {
    use super::samples::{DERIVED, PRIVATE, WIF, derived, opening};
    let stage = Stage::at_recovered(opening()).hurried(Key::Enter).wait_milliseconds(20).hurried(Key::Char('y'));
    let mut stage = stage.wait_milliseconds(20).hear(derived(false)).wait(1);
    let seen = text(&mut stage.0).replace(' ', "");
    assert!(seen.contains(PRIVATE) && !seen.contains(DERIVED) && !seen.contains(WIF), "{seen}");
}

#[test]
fn keys_pressed_during_brief_work_count_as_they_were_pressed() {
    use super::samples::{derived, opening};
    let derive = || Stage::at_recovered(opening()).key(Key::Right).hurried(Key::Enter);
    let mut stage = derive();
    assert!(stage.0.is_working());
    stage = stage.hurried(Key::Down).hurried(Key::Down).wait_milliseconds(150).hurried(Key::Char('q'));
    let mut stage = stage.wait_milliseconds(20).hear(derived(false)).wait(1);
    assert!(text(&mut stage.0).contains("Enter or Esc back"), "{}", text(&mut stage.0));
    // The letter on the key is read once.
    let mut stage = Stage::at_recovered(opening());
    stage.0.console.keyboard = crate::domain::keyboard::Keyboard::that_reads(
        crate::domain::wordlist::WordList::English,
        &["yebra"].into_iter(),
    )
    .unwrap();
    let stage = stage.keys(&[Key::Right, Key::Enter]).hurried(Key::Home).hurried(Key::Char('z'));
    let mut stage = stage.wait_milliseconds(20).hear(derived(false)).wait(1);
    assert!(stage.0.console.journey.history.revealed == 1, "{}", text(&mut stage.0));
    // A phrase is none, also where the work took longer than its first letters.
    let mut stage = derive();
    for c in "equally onion".chars() {
        stage = stage.hurried(Key::Char(c)).wait_milliseconds(100);
    }
    let mut stage = stage.hear(derived(false)).wait(3);
    assert!(text(&mut stage.0).contains("none was kept or shown"), "{}", text(&mut stage.0));
    assert!(text(&mut stage.0).contains("vault: Fund 1"), "{}", text(&mut stage.0));
    // What ends a text ends it: the letter behind it is a command.
    let mut stage = Stage::at_recovered(opening()).key(Key::Right);
    for key in "/fund".chars().map(Key::Char).chain([Key::Enter, Key::Char('e')]) {
        stage = stage.hurried(key).wait_milliseconds(100);
    }
    assert_eq!(stage.wait(1).0.title(), "Export");
}

#[test]
fn what_is_not_taken_of_letters_and_the_enter_behind_them_is_said() {
    let recovered = || Stage::at_recovered(super::samples::opening()).key(Key::Right);
    let pressed = |keys: &[Key]| {
        let mut stage = keys.iter().fold(recovered(), |stage, key| stage.hurried(*key).wait_milliseconds(100)).wait(1);
        text(&mut stage.0)
    };
    let once = pressed(&[Key::Char('o')]);
    assert!(
        pressed(&[Key::Char('o'); 2]) == text(&mut recovered().press("oo").0) && once != recovered_text(recovered())
    );
    assert!(pressed(&[Key::Char('m'); 2]).contains("counts once"));
    assert!(pressed(&[Key::Char('m'), Key::Enter]).contains("Enter came too soon"));
    // A mark agrees to nothing.
    let seen = impatient(recovered().hurried(Key::Char(' ')).wait_milliseconds(100), Key::Enter, 1, 100);
    assert!(seen.0.is_working(), "the vault is opened");
}

fn recovered_text(mut stage: Stage) -> String {
    text(&mut stage.0)
}

#[test]
fn a_phrase_pasted_where_one_word_of_a_card_is_asked_for_is_not_taken() {
    let refresh =
        Stage::at_refresh(super::samples::summary()).keys(&[Key::Down, Key::Down, Key::Enter]).press("a@b.example");
    for stage in [Stage::open(super::samples::summary()), refresh.key(Key::Enter)] {
        let mut stage = stage.paste("yellow happy ability");
        let seen = text(&mut stage.0);
        assert!(seen.contains("One word of the card is asked for here") && !seen.contains('*'), "{seen}");
    }
}

/// What is on the screen but for clocks and the row of notices.
fn body(app: &mut App) -> String {
    let text = text(app);
    let rows = text
        .lines()
        .take(21)
        .filter(|row| !row.contains("hides in") && !row.contains(" ago") && !row.contains("Your answer"));
    rows.map(|row| row.to_owned() + "\n").collect()
}
