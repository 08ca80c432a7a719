//! What holds for every state.

use ratatui::buffer::Buffer;

use super::damaged::{
    cut, damaged_core, damaged_envelopes, damaged_long, damaged_many, damaged_parts, damaged_section, empty,
    incomplete, incomplete_withheld, uncertain,
};
use super::golden::{frame, golden, row, runs, shown};
use super::samples::{PASSPHRASE, SECRETS, file, holders, opening, summary, text, training};
use super::stage::Stage;
use super::states;
use crate::domain::export_form::{ExportForm, Selection};
use crate::domain::inventory::Collection;
use crate::domain::secret::SecretText;
use crate::domain::text::Safe;
use crate::effect::{Answer, FileFacts, Outcome, Summary};
use crate::ui::key::Key;

#[test]
fn every_state_looks_as_it_was_read_by_a_person() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for mut sample in states() {
            insta::assert_snapshot!(sample.name, golden(&mut sample.app, 80, 24));
            insta::assert_snapshot!(format!("{}-60x20", sample.name), shown(&frame(&mut sample.app, 60, 20).0));
        }
    });
}

#[test]
fn a_larger_window_shows_all_that_a_smaller_one_shows() {
    // What says that something is cut or lies further down is not there, where nothing is.
    let says_more = |row: &str| row.contains('…') || row.contains("more");
    let words = |buffer: &Buffer, is_wanted: &dyn Fn(&str) -> bool| -> Vec<String> {
        let rows = (0..buffer.area.height).map(|y| row(buffer, y)).filter(|row| is_wanted(row));
        let mut words: Vec<String> =
            rows.flat_map(|row| row.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect();
        words.sort_unstable();
        words
    };
    for mut sample in states() {
        let small = words(&frame(&mut sample.app, 80, 24).0, &|row| !says_more(row));
        let large = frame(&mut sample.app, 120, 40).0;
        let all = words(&large, &|_| true);
        let mut rest = all.iter();
        let missing = small.iter().find(|word| !rest.any(|other| other == *word));
        assert!(missing.is_none(), "{}: {missing:?} is not in\n{}", sample.name, shown(&large));
    }
}

#[test]
fn every_state_fits_with_its_name_in_the_first_row_and_all_its_keys_in_the_last_ones() {
    for mut sample in states() {
        for (columns, rows) in [(60, 20), (80, 24), (120, 40), (500, 200)] {
            let (buffer, cursor) = frame(&mut sample.app, columns, rows);
            let name = sample.name;
            let is_help = name.starts_with("help-");
            assert!(!is_help || shown(&buffer).contains("^C leave"), "{name} at {columns}: keys are cut");
            let title = format!(" {}", sample.app.title());
            assert!(row(&buffer, 0).starts_with(&title), "{name}: {}", row(&buffer, 0));
            assert!(cursor.is_none_or(|(x, y)| x < columns && y < rows), "{name}: the cursor");
            let footer = row(&buffer, rows - 2) + " " + &row(&buffer, rows - 1);
            let last_key = if footer.contains("any key") {
                "back to the screen"
            } else if footer.contains("it is") {
                "leave it as it is"
            } else if footer.contains("stay") {
                "at once"
            } else {
                "^C leave"
            };
            assert!(footer.contains(last_key), "{name} at {columns}: the footer is cut: {footer}");
            assert!(
                footer.trim_start().starts_with(if sample.app.is_working() { "E" } else { "" }),
                "{name}: {footer}"
            );
        }
    }
}

#[test]
fn the_practice_card_and_its_question_are_in_view_in_the_smallest_window() {
    for asked in 0..16 {
        let file = vec![crate::effect::FileFacts {
            name: "the built-in training backup (2-of-3)".to_owned(),
            verdict: "INTACT (unchanged since it was written)".to_owned(),
            is_damaged: false,
            is_unconfirmed: false,
        }];
        let mut stage = Stage::open(Summary { asked, files: file, ..training() }).press("wrong").key(Key::Enter);
        let text = shown(&frame(&mut stage.0, 60, 20).0);
        assert!(text.contains("Fingerprint word") && text.contains("is another one"), "{text}");
        let word = format!("{:>2} {}", asked + 1, training().fingerprint.words()[asked]);
        assert!(text.contains(&word), "{word}: {text}");
    }
}

#[test]
fn what_was_said_of_a_wrong_word_goes_with_the_right_one() {
    let wrong = Stage::open(summary()).press("wrong").key(Key::Enter);
    let Stage(mut app) = wrong.press("none").key(Key::Enter).key(Key::Esc);
    let text = shown(&frame(&mut app, 80, 24).0);
    assert!(text.contains("was not compared with a card") && !text.contains("is another one"), "{text}");
}

#[test]
fn training_is_on_every_frame_of_a_training_file() {
    // The built-in one in a drill, and a training file in a recovery.
    for file in [training, || Summary { sheets: None, ..training() }] {
        let opened = || Stage::at_phrase(file()).phrase_of(1).sit_down().phrase_of(2).key(Key::Enter);
        let states = vec![
            Stage::open(file()),
            Stage::at_hand_over(file()),
            Stage::at_phrase(file()),
            Stage::at_phrase(file()).phrase_of(1).sit_down().phrase_of(2),
            opened().hear(Outcome::Opened(Ok(opening()))),
            opened().hear(Outcome::Opened(Ok(opening()))).press("e"),
            Stage::at_phrase(file()).phrase_of(1).key(Key::Ctrl('c')),
            Stage::at_phrase(file()).key(Key::F(1)),
            Stage::at_phrase(file()).keys(&[Key::Ctrl('c'), Key::Char('y')]).hear(Outcome::Forgotten),
        ];
        for Stage(mut app) in states {
            for (columns, rows) in [(60, 20), (80, 24), (30, 10)] {
                let text = shown(&frame(&mut app, columns, rows).0);
                assert!(text.contains("TRAINING"), "{text}");
            }
        }
    }
}

#[test]
fn a_window_that_is_too_small_says_so_and_loses_nothing() {
    // A key ends the warning that all is wiped soon, in any window.
    for mut sample in states().into_iter().filter(|sample| sample.name != "hand-over-soon-wiped") {
        let before = golden(&mut sample.app, 80, 24);
        for (columns, rows) in [(59, 20), (60, 19), (30, 8), (1, 1), (0, 0), (500, 1), (1, 200)] {
            let text = shown(&frame(&mut sample.app, columns, rows).0);
            assert!(columns < 30 || rows < 8 || text.contains("60x20"), "{}: {text}", sample.name);
            let now = sample.app.console.journey.now;
            for key in [Key::Char('z'), Key::Esc, Key::Enter] {
                sample.app.on_key(key, now);
            }
        }
        assert_eq!(golden(&mut sample.app, 80, 24), before, "{}", sample.name);
    }
}

#[test]
fn no_state_shows_a_secret_unless_somebody_asked() {
    for mut sample in states() {
        for (columns, rows) in [(60, 20), (80, 24), (120, 40)] {
            let text = shown(&frame(&mut sample.app, columns, rows).0);
            let found: Vec<_> = SECRETS.iter().filter(|secret| text.contains(**secret)).collect();
            assert_eq!(found.is_empty(), !sample.is_asked, "{}: {found:?}\n{text}", sample.name);
            assert!(
                found.len() <= 1
                    || [
                        "phrase-shown",
                        "phrase-practice",
                        "phrase-practice-large",
                        "phrase-practice-wrong",
                        "repair-found-shown"
                    ]
                    .contains(&sample.name),
                "{}: {found:?}",
                sample.name
            );
        }
    }
}

#[test]
fn one_word_of_a_phrase_at_most_is_in_view_while_it_is_typed() {
    let mut stage = Stage::at_phrase(summary());
    for c in "zebra abandon about ability ".chars() {
        stage = stage.key(Key::Char(c));
        let text = shown(&frame(&mut stage.0, 80, 24).0);
        let words = ["zebra", "abandon", "about", "ability"].iter().filter(|word| text.contains(**word)).count();
        assert!(words <= 1, "{text}");
    }
}

/// What is said of a backup only where all of it came out.
const COMFORT: &[&str] = &[
    "nothing is lost",
    "nothing was lost",
    "everything",
    "genuine",
    "all of it",
    "all boxes",
    "all keys",
    "every box",
    "all checks",
    "backup is complete",
];

/// The rows as one text in small letters, in which no phrase is torn apart.
fn flowing(text: &str) -> String {
    // INTACT is explained by what it does not mean.
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().replace("not that it is genuine", "")
}

#[test]
fn no_state_comforts_where_something_is_or_may_be_missing() {
    let mut harmed = 0;
    for (condition, opened) in [(cut().condition, empty()), (damaged_section().condition, uncertain())] {
        for mut sample in states() {
            let console = &mut sample.app.console;
            // A file of a ceremony that is going on was made just now.
            if console.journey.making.is_some() || console.journey.history.made.is_some() {
                continue;
            }
            if let Some(backup) = &mut console.journey.backup {
                backup.summary.condition = condition.clone();
            }
            if let Some(opening) = &mut console.journey.opening {
                opening.completeness = opened.completeness;
                opening.red.extend(opened.completeness.finding());
            }
            if let Some(how) = &mut console.journey.history.opened {
                how.extent = opened.completeness.extent();
            }
            if console.journey.backup.is_none()
                && console.journey.opening.is_none()
                && console.journey.history.opened.is_none()
            {
                continue;
            }
            harmed += 1;
            let now = sample.app.console.journey.now;
            for key in [None, Some(Key::F(1))] {
                if let Some(key) = key {
                    sample.app.on_key(key, now);
                }
                for (columns, rows) in [(60, 20), (80, 24), (120, 40), (30, 10)] {
                    let text = shown(&frame(&mut sample.app, columns, rows).0);
                    let found: Vec<_> = COMFORT.iter().filter(|comfort| flowing(&text).contains(**comfort)).collect();
                    assert!(found.is_empty(), "{}: {found:?}\n{text}", sample.name);
                }
            }
        }
    }
    assert!(harmed > 200, "{harmed}");
}

#[test]
fn only_y_shows_a_made_passphrase_also_on_the_way_back_to_it() {
    let made = Outcome::Passphrase(Ok(SecretText::copy_of(PASSPHRASE)));
    let mut stage = Stage::at_passphrase().key(Key::Enter).hear(made);
    let is_shown = |mut stage: Stage| {
        let text = shown(&frame(&mut stage.0, 80, 24).0);
        (stage, text.contains(PASSPHRASE))
    };
    for (key, expected) in [
        (Key::Enter, false),
        (Key::Char('y'), true),
        (Key::Enter, false),
        (Key::Esc, false),
        (Key::Enter, false),
        (Key::Char('y'), true),
    ] {
        let (next, is_in_view) = is_shown(stage.key(key));
        assert_eq!(is_in_view, expected, "{key:?}");
        stage = next;
    }
    assert_eq!(stage.0.console.journey.history.revealed, 2);
}

#[test]
fn leaving_tells_which_keys_stand_in_an_export() {
    for (form, is_brought) in ExportForm::ALL.into_iter().map(|form| (form, form == ExportForm::Json)) {
        let mut stage = Stage::at_recovered(opening()).key(Key::Right).press(" ");
        let selection = Selection { marked: Some(stage.0.console.journey.marked.clone()), is_public_only: false };
        let (before, all) = stage.0.console.journey.unwritten(Collection::Keys);
        assert!(before == all && all > 0 && selection.marked.as_ref().is_some_and(|marked| marked.len() == 1));
        stage.0.console.journey.wrote(form, &selection);
        assert_eq!(
            stage.0.console.journey.unwritten(Collection::Keys),
            (all - usize::from(is_brought), all),
            "{form:?}"
        );
    }
}

#[test]
fn what_is_missing_is_said_on_every_list_of_what_came_out_and_in_the_record() {
    for opened in [empty, incomplete, uncertain, incomplete_withheld] {
        for keys in [&[][..], &[Key::Right], &[Key::Left], &[Key::F(10), Key::Char('y')]] {
            let mut stage = Stage::at_recovered(opened()).keys(keys);
            for (columns, rows) in [(60, 20), (80, 24)] {
                let text = flowing(&shown(&frame(&mut stage.0, columns, rows).0));
                assert!(text.contains("incomplete") && text.contains("keep all other copies"), "{text}");
            }
        }
    }
}

#[test]
fn what_is_damaged_is_said_before_the_card_and_leaves_its_question_in_the_smallest_window() {
    let many = damaged_many();
    for file in [cut(), damaged_parts(), damaged_core(), damaged_section(), damaged_envelopes(), damaged_long(), many] {
        let can_judge = file.condition.can_judge();
        let sentences = file.condition.sentences();
        let mut stage = Stage::open(file);
        for size in [(60, 20), (80, 24)] {
            let seen = flowing(&shown(&frame(&mut stage.0, size.0, size.1).0));
            for said in sentences.iter().take(2) {
                assert!(seen.contains(&flowing(said)), "{said}\n{seen}");
            }
            assert!(!seen.contains("fingerprint word"), "{seen}");
        }
        // Down shows the rest, row by row.
        let mut all = vec![flowing(&shown(&frame(&mut stage.0, 60, 20).0))];
        for _ in 0..40 {
            stage = stage.key(Key::Down);
            all.push(flowing(&shown(&frame(&mut stage.0, 60, 20).0)));
        }
        for said in &sentences {
            assert!(all.iter().any(|seen| seen.contains(&flowing(said))), "{said}\n{all:?}");
        }
        stage = stage.key(Key::Enter);
        let seen = shown(&frame(&mut stage.0, 60, 20).0);
        let asked = if can_judge { "Fingerprint word" } else { "No card can be compared" };
        assert!(seen.contains(asked), "{seen}");
        stage = stage.key(Key::F(6));
        let seen = flowing(&shown(&frame(&mut stage.0, 60, 20).0));
        assert!(seen.contains(&flowing(&sentences[0])), "{seen}");
    }
}

#[test]
fn nothing_is_said_by_colour_alone() {
    /// What text says beside the colour.
    const SAID: &[&str] = &[
        "ok",
        "!",
        "****",
        "????",
        "INTACT",
        "DAMAGED",
        "SHOWN",
        "Masked",
        "Wipe and leave?",
        "Enough phrases",
        "Not opened",
        "Stopped",
        "A defect",
        "█",
        "The keys are read",
    ];
    for mut sample in states() {
        let (buffer, _) = frame(&mut sample.app, 80, 24);
        let mut above: Vec<(String, String)> = Vec::new();
        for y in 0..24 {
            let mut here = Vec::new();
            for (x, style, text) in runs(&buffer, y) {
                let start = x.split("..").next().unwrap_or_default().to_owned();
                let is_coloured = ["red", "green", "yellow"].iter().any(|colour| style.starts_with(colour));
                let is_continued = above.contains(&(start.clone(), style.clone()));
                let is_said =
                    SAID.iter().any(|said| text.contains(said)) || is_continued || sample.name == "phrase-shown";
                assert!(!is_coloured || is_said, "{}: {style} {text:?}", sample.name);
                here.push((start, style));
            }
            above = here;
        }
    }
}

/// Names as somebody might seal them who wants a screen to be of no use: the sentences and keys beside them stay in view.
#[test]
fn sixteen_names_of_256_wide_or_hidden_letters_push_nothing_out_of_the_smallest_window() {
    for letter in ["鍵", "…", "\u{e000}", "\u{1100}", "x", "\u{301}", "🇩", "y ", "\u{a0}"] {
        let name: String = letter.repeat(256).chars().take(256).collect();
        let long = || Summary {
            threshold: 9,
            shareholders: holders(&[name.as_str(); 16]),
            organization: text(&name),
            files: vec![FileFacts { name: Safe(&name).to_string(), ..file("INTACT", false) }],
            ..summary()
        };
        let who = || format!("shareholder 1 ({})", Safe(&name));
        let answers = [
            Answer::Verified { number: 1, who: who() },
            Answer::AlreadyEntered { number: 1, who: who() },
            Answer::AlteredFile { number: 1, who: who() },
        ];
        let answered = |answer: &Answer| Stage::at_phrase(long()).checked(answer.clone());
        let states = vec![
            (Stage::open(long()), "Fingerprint word"),
            (Stage::at_hand_over(long()), "Still needed"),
            (answered(&answers[0]), "Still needed"),
            (answered(&answers[1]), "already entered"),
            (answered(&answers[2]), "altered file"),
        ];
        for (mut stage, said) in states {
            for (columns, rows) in [(60, 20), (80, 24)] {
                let shown = shown(&frame(&mut stage.0, columns, rows).0);
                assert!(shown.contains(said) && shown.contains("^C leave"), "{letter:?}: {said}\n{shown}");
            }
        }
    }
}
