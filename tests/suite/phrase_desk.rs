//! The phrase desk by key scripts: how many keys a phrase takes, that nothing typed is lost, and that nothing is in view that should
//! not be. Through the real screens and the real session, with a cheap derivation.

use conclave::domain::phrase::{Phrase, PhraseForm, WordCount};
use conclave::domain::phrase_entry::{PhraseEntry, Taken};
use conclave::domain::wordlist::{WordList, letters};
use conclave::effect::{Effect, Outcome};
use conclave::snapshot::v1::model::Snapshot;
use conclave::ui::app::Request;
use conclave::ui::key::Key;

use crate::support::desk::Desk;
use crate::support::*;

const LATIN: [WordList; 6] =
    [WordList::English, WordList::Spanish, WordList::French, WordList::Italian, WordList::Portuguese, WordList::Czech];

/// The first four letters; a shorter word and the space that ends it.
fn four(word: &str) -> String {
    let first: String = letters(word).take(4).collect();
    if letters(word).count() < 4 { first + " " } else { first }
}

/// Types `keys` into the words; where the program cannot tell one word from two, the answer is `are_two`.
fn type_into(entry: &mut PhraseEntry, keys: &str, are_two: bool) {
    for c in keys.chars() {
        if c != ' ' {
            assert!(entry.push(c), "{c:?} was not used");
        } else if entry.take() == Taken::OneOrTwo {
            entry.resolve(are_two);
        }
    }
}

#[test]
fn random_phrases_arrive_unchanged_however_they_are_typed() {
    let mut random = Seeded::new("phrases");
    for case in 0..cases(10_000) {
        let words = WordCount::new([12, 15, 18, 21, 24][case % 5]).unwrap();
        let form = PhraseForm { language: LATIN[case / 5 % LATIN.len()], words };
        let phrase = Phrase::generate(form, &mut random).unwrap();
        let expected = phrase.reveal_words();
        let ways = [
            (true, expected.iter().map(|word| four(word)).collect::<String>() + " ", true),
            (true, expected.join(" ") + " ", false),
            (false, expected.iter().map(|word| four(word).trim_end().to_owned() + " ").collect(), false),
            (false, expected.join(" ").to_uppercase() + " ", false),
            (
                false,
                expected
                    .iter()
                    .map(|word| letters(word).collect::<String>() + ",")
                    .collect::<String>()
                    .replace(',', " "),
                false,
            ),
        ];
        for (is_card, keys, are_two) in ways {
            let mut entry = PhraseEntry::new(form);
            entry.set_card(is_card);
            type_into(&mut entry, &keys, are_two);
            let read = entry.phrase().unwrap_or_else(|error| panic!("{error}: {form:?}, card mode {is_card}"));
            assert_eq!(read.reveal_entropy(), phrase.reveal_entropy(), "{form:?}, card mode {is_card}");
        }
    }
}

/// A phrase that is typed with these keys, without the Enter that derives.
fn keys_for(phrase: &Phrase, is_card: bool) -> String {
    let words = phrase.reveal_words();
    if is_card {
        words.iter().map(|word| four(word)).collect::<String>().trim_end().to_owned()
    } else {
        words.iter().map(|word| four(word).trim_end().to_owned() + " ").collect()
    }
}

#[test]
fn twelve_words_take_at_most_48_keys_in_card_mode_and_60_with_separators() {
    let (snapshot, phrases) = small(2, 5, "keys");
    for phrase in &phrases {
        for (is_card, most) in [(true, 48), (false, 60)] {
            let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
            desk.begin().sit_down().is("Phrase", "");
            if is_card {
                desk.key(Key::F(5)).is("Phrase", "Card mode");
            }
            let keys = keys_for(phrase, is_card);
            assert!(keys.chars().count() <= most, "{}", keys.len());
            desk.press(&keys).key(Key::Enter).is("Hand-over", "verified: shareholder");
        }
    }
}

#[test]
fn a_recovery_takes_three_keys_a_person_besides_the_words() {
    let (snapshot, phrases) = small(2, 3, "budget");
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin();
    let before = desk.pressed;
    let mut words = 0;
    for phrase in &phrases[..2] {
        words += phrase.reveal_words().join(" ").chars().count();
        desk.sit_down().type_phrase(phrase);
    }
    // y and Enter of the one who sits down, and the Enter that checks.
    assert_eq!(desk.is("Quorum", "").pressed - before - words, 2 * 3);
    desk.key(Key::Enter).is("Recovered", "Genuine");
    assert_eq!(desk.pressed - before - words, 2 * 3 + 1);
}

#[test]
fn a_misspelt_word_takes_at_most_six_keys_more() {
    let (snapshot, phrases) = small(2, 3, "misspelt");
    let words = phrases[0].reveal_words();
    let mut mended = 0;
    for place in 0..12 {
        // A slip that nobody sees while typing: a neighbour key, in a word that is typed whole.
        let slip = |word: &str| word.replace('e', "r").replace('a', "s").replace('o', "p");
        if slip(words[place]) == words[place] || WordList::English.find(&slip(words[place])).is_some() {
            continue;
        }
        let mut typed: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        typed[place] = slip(words[place]);
        let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
        desk.begin().sit_down().press(&(typed[..=place].join(" ") + " ")).is("Phrase", "is not in the English list");
        let screen = desk.screen();
        let near = screen.lines().find(|line| line.contains("Near:")).unwrap_or("");
        let number = near
            .split_whitespace()
            .collect::<Vec<_>>()
            .windows(2)
            .find(|pair| pair[1] == words[place])
            .map(|pair| pair[0].to_owned());
        // A digit; or back to the word, and its first four letters with a space.
        let extra = if let Some(number) = number {
            desk.press(&number).press(" ").is("Phrase", "was replaced");
            2
        } else {
            desk.key(Key::Up).press(four(words[place]).trim_end()).press(" ");
            6
        };
        assert!(extra <= 6);
        desk.press(&typed[place + 1..].join(" ")).key(Key::Enter).is("Hand-over", "verified: shareholder 1");
        mended += 1;
    }
    assert!(mended >= 6, "{mended}");
}

#[test]
fn one_wrong_word_found_at_the_end_is_replaced_without_retyping_any_other() {
    let (snapshot, phrases) = small(2, 3, "one wrong");
    let words = phrases[1].reveal_words();
    for place in 0..12 {
        let mut typed = words.clone();
        typed[place] = if words[place] == "zebra" { "zoo" } else { "zebra" };
        let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
        desk.begin().sit_down().press(&typed.join(" ")).key(Key::Enter);
        assert!(desk.screen().contains("wrong checksum") || desk.screen().contains("not a phrase of this backup"));
        desk.press(&format!("{} {}", place + 1, words[place])).key(Key::Enter);
        desk.is("Hand-over", "verified: shareholder 2");
    }
}

#[test]
fn a_forgotten_word_is_put_in_where_it_belongs() {
    let (snapshot, phrases) = small(2, 3, "forgotten");
    let words = phrases[2].reveal_words();
    for place in [0, 5, 10] {
        let mut typed = words.clone();
        typed.remove(place);
        let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
        desk.begin().sit_down().press(&(typed.join(" ") + " ")).key(Key::Enter).is("Phrase", "11 of 12 are typed");
        desk.press(&format!("{} ", place + 1))
            .key(Key::F(6))
            .is("Phrase", "is empty now")
            .press(words[place])
            .press(" ");
        desk.key(Key::End).key(Key::Enter).is("Hand-over", "verified: shareholder 3");
        // Without knowing which one: the search finds it.
        if place == 10 {
            let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
            desk.begin().sit_down().press(&(typed.join(" ") + " ")).key(Key::F(9)).is("Repair", "a word left out");
            desk.key(Key::Enter);
            if desk.screen().contains("takes long") {
                desk.press("y");
            }
            desk.is("Repair", "verified: shareholder 3").key(Key::Enter).is("Hand-over", "1 of 2");
        }
    }
}

#[test]
fn a_numbered_list_pasted_after_consent_is_taken_and_a_refused_one_is_not() {
    let (snapshot, phrases) = small(2, 3, "pasted");
    let list: String = (1..)
        .zip(phrases[0].reveal_words())
        .map(|(number, word)| format!("{number}. {word}\n"))
        .collect::<Vec<_>>()
        .concat();
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().sit_down().paste(&list).is("Phrase", "Something was pasted").press("n").is("Phrase", "is wiped");
    assert!(desk.screen().contains("Word 1 of 12") && !desk.screen().contains("****"));
    desk.paste(&list)
        .press("y")
        .is("Phrase", "Pasted words in the list: 12")
        .key(Key::Enter)
        .is("Hand-over", "verified: shareholder 1");
    // Asked once.
    let other = phrases[1].reveal_words().join(" ");
    desk.sit_down()
        .paste(&other)
        .is("Phrase", "Pasted words in the list: 12")
        .key(Key::Enter)
        .is("Quorum", "shareholder 2");
    // Where letters are commands nothing is pasted: `e` would export.
    desk.key(Key::Enter).is("Recovered", "").paste("e").is("Recovered", "Opened");
    // What a search or a field takes is typed, up to the end of the line.
    desk.key(Key::Right).press("/").paste("Rent\nTravel").is("Recovered", "Rent");
    assert!(!desk.screen().contains("Travel"));
}

#[test]
fn keys_with_other_labels_are_noticed_chosen_and_found_by_three_presses() {
    let (snapshot, phrases) = small(2, 3, "labels");
    // What an American machine makes of a phrase typed by the labels of German keys.
    let german = |text: &str| -> String {
        text.chars()
            .map(|c| match c {
                'y' => 'z',
                'z' => 'y',
                c => c,
            })
            .collect()
    };
    let typed = german(&phrases[0].reveal_words().join(" "));
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin()
        .sit_down()
        .press("yebra ")
        .is("Phrase", "German (QWERTZ)")
        .key(Key::Ctrl('k'))
        .is("Phrase", "What is printed");
    desk.keys(&[Key::Home, Key::Enter]).press("aym").is("Phrase", "read again").is("Phrase", "keys: DE");
    desk.key(Key::Home).press(&typed).key(Key::Enter).is("Hand-over", "verified: shareholder 1");
    // On every field, and off again.
    desk.key(Key::Esc).is("Open", "keys: DE").keys(&[Key::F(8), Key::Home, Key::Down, Key::Enter]);
    assert!(!desk.screen().contains("keys: DE"));
    desk.key(Key::F(8)).key(Key::Esc).is("Open", "");
}

#[test]
fn a_verified_phrase_is_forgotten_and_typed_again() {
    let (snapshot, phrases) = small(2, 3, "redo");
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().sit_down().type_phrase(&phrases[0]).sit_down().type_phrase(&phrases[1]);
    desk.is("Quorum", "verified just now").key(Key::Esc).wait(125).is("Hand-over", "verified 2 min ago");
    desk.key(Key::Delete).is("Hand-over", "Del once more").key(Key::Up).key(Key::Delete).key(Key::Up);
    desk.is("Hand-over", "2 of 2")
        .keys(&[Key::Down, Key::Delete, Key::Delete])
        .is("Hand-over", "1 of 2 phrases verified");
    // The share is gone from the session too: with it and one phrase more it does not open.
    desk.sit_down().type_phrase(&phrases[0]).is("Hand-over", "already entered");
    desk.sit_down().type_phrase(&phrases[1]).is("Quorum", "2 of 2").key(Key::Enter).is("Recovered", "Genuine");
}

#[test]
fn after_a_sleep_nothing_secret_is_in_the_next_frame() {
    let (snapshot, _) = small(2, 3, "sleep");
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().sit_down().press("zebra abandin ").is("Phrase", "abandon").press("ability zo");
    desk.is("Phrase", "zo").key(Key::F(3)).is("Phrase", "zebra").is("Phrase", "ability");
    desk.app.on_wake();
    let screen = desk.screen();
    for word in ["zebra", "abandin", "abandon", "ability", " zo"] {
        assert!(!screen.contains(word), "{word}:\n{screen}");
    }
    desk.press("o").is("Phrase", "zoo");
}

/// At the phrase of the first shareholder.
fn at_phrase(seed: &str) -> (Desk, Vec<Phrase>) {
    let (snapshot, phrases) = small(2, 3, seed);
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().sit_down().is("Phrase", "");
    (desk, phrases)
}

/// The words with one of them unreadable.
fn with_a_gap(phrase: &Phrase, place: usize) -> String {
    let mut words = phrase.reveal_words();
    words[place] = "?";
    words.join(" ") + " "
}

#[test]
fn a_search_that_is_given_up_skips_nothing_and_keeps_nothing() {
    let (mut desk, phrases) = at_phrase("given up");
    desk.press(&with_a_gap(&phrases[0], 11));
    for _ in 0..200 {
        desk.key(Key::F(9));
        desk.app.on_key(Key::Enter, desk.now);
        assert!(matches!(desk.app.take_requests()[..], [Request::Perform(_, Effect::Try { .. })]));
        desk.app.on_key(Key::Esc, desk.now);
        desk.app.on_key(Key::Esc, desk.now);
        desk.app.take_requests();
    }
    desk.is("Phrase", "").key(Key::F(9)).key(Key::Enter).is("Repair", "verified: shareholder 1");
    // Given up in the very moment in which the share was accepted: it does not count, and can be typed.
    let (mut desk, phrases) = at_phrase("race");
    desk.press(&with_a_gap(&phrases[0], 11)).key(Key::F(9));
    desk.app.on_key(Key::Enter, desk.now);
    let mut was_found = false;
    while let Some(Request::Perform(ticket, effect)) = desk.app.take_requests().pop() {
        let outcome = desk.session.perform(effect, &|| false);
        if matches!(outcome, Outcome::Tried { found: Ok(Some(_)), .. }) {
            was_found = true;
            desk.app.on_key(Key::Esc, desk.now);
            desk.app.take_requests();
        }
        desk.app.on_outcome(ticket, outcome, desk.now);
    }
    assert!(was_found);
    desk.keys(&[Key::Esc, Key::Esc]).is("Hand-over", "0 of 2").wipe_words().sit_down().type_phrase(&phrases[0]);
    desk.is("Hand-over", "verified: shareholder 1");
}

#[test]
fn a_search_in_a_file_that_cannot_judge_says_so() {
    let (mut snapshot, phrases) = small(2, 3, "cannot judge");
    snapshot.core.phrase_commitments[0].0[0] ^= 1;
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().sit_down().type_phrase(&phrases[0]).is("Phrase", "cannot be judged").key(Key::Home);
    desk.press(&with_a_gap(&phrases[0], 11))
        .key(Key::F(9))
        .key(Key::Enter)
        .is("Repair", "core of this file is damaged");
    assert!(!desk.screen().contains("None of these"));
}

#[test]
fn a_mask_lasts_until_f2_whatever_lies_between() {
    let (mut desk, phrases) = at_phrase("mask");
    desk.key(Key::F(2)).press(&with_a_gap(&phrases[0], 11)).key(Key::F(9)).key(Key::Esc).is("Phrase", "Masked");
    desk.key(Key::F(2)).press("1 zeb").is("Phrase", "zeb").key(Key::F(2)).press("r").is("Phrase", "Masked");
    // Behind the wall nobody knows who asks.
    desk.key(Key::Esc).is("Hand-over", "I typed the kept words").sit_down().key(Key::F(2)).is("Phrase", "stay hidden");
    assert!(!desk.screen().contains("zeb"));
}

#[test]
fn digits_pick_a_near_word_only_where_they_can_mean_nothing_else() {
    let picked = |keys: &str| {
        let (mut desk, _) = at_phrase("digits");
        for c in keys.chars() {
            desk.key(if c == '\n' { Key::Enter } else { Key::Char(c) });
        }
        desk.key(Key::F(3)).screen().contains("1 abandon")
    };
    for keys in ["abandin 1 ", "abandin\n1\n", "abandin zoo"] {
        assert_eq!(picked(keys), keys != "abandin zoo", "{keys:?}");
    }
    for keys in ["1. abandin 2. zebra 1. ", "1\nabandin\n2\nzebra\n", "abandin 12 zoo ", "abandin 1. ", "abandin 5 "] {
        assert!(!picked(keys), "{keys:?}");
    }
}

#[test]
fn labels_of_keys_are_not_set_while_something_is_done() {
    let (snapshot, phrases) = small(2, 3, "f8");
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().open_with(&phrases, &[1, 2]).at_name(1, "contents.json");
    let digits = desk.digits();
    desk.press(&digits);
    desk.app.on_key(Key::Enter, desk.now);
    for key in [Key::F(8), Key::Home, Key::Down, Key::Enter] {
        desk.app.on_key(key, desk.now);
    }
    desk.serve();
    desk.is("Export", "Written and read back");
}

#[test]
fn a_paste_over_typed_words_asks_again() {
    let (mut desk, phrases) = at_phrase("paste over");
    desk.paste("zebra").press("y").key(Key::Ctrl('n')).key(Key::Home).press(&phrases[0].reveal_words()[..11].join(" "));
    desk.paste(&phrases[1].reveal_words().join(" ")).is("Phrase", "over words that are there").paste(" ");
    desk.is("Phrase", "Something was pasted")
        .press("n")
        .is("Phrase", "is wiped")
        .press(" ")
        .press(phrases[0].reveal_words()[11]);
    desk.key(Key::Enter).is("Hand-over", "verified: shareholder 1").key(Key::Up).key(Key::Delete).key(Key::Delete);
    desk.sit_down();
    desk.type_phrase(&phrases[0]);
    assert_eq!(desk.app.console.journey.history.verified.len(), 1, "once in the record");
}

#[test]
fn phrases_of_every_list_and_length_open_a_backup_by_words_and_by_their_numbers() {
    for (index, language) in WordList::ALL.into_iter().enumerate() {
        let form = PhraseForm { language, words: WordCount::new([12, 15, 18, 21, 24][index % 5]).unwrap() };
        let mut plan = plan(2, 3);
        plan.form = form;
        let seed = &mut Seeded::new(format!("{language:?}"));
        let (snapshot, phrases) = found(plan, small_records(), &CheapKdf, seed);
        let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
        desk.begin().sit_down().type_phrase(&phrases[2]).is("Hand-over", "verified: shareholder 3").sit_down();
        for word in phrases[0].reveal_words() {
            desk.press(&format!("={} ", language.position(word).unwrap() + 1));
        }
        desk.key(Key::Enter).is("Quorum", "verified: shareholder 1").key(Key::Enter).is("Recovered", "Genuine");
    }
}

/// The desk after these words were typed and checked.
fn checked(snapshot: &Snapshot, words: &[&str]) -> Desk {
    let mut desk = Desk::new(&[("snapshot.json", snapshot)], false);
    desk.begin().sit_down().press(&words.join(" ")).key(Key::Enter);
    desk
}

/// In whatever rows it stands.
#[track_caller]
fn says(desk: &mut Desk, what: &str) {
    let said = flowing(desk);
    assert!(said.contains(what), "no {what:?} in:\n{said}");
}

#[test]
fn the_likeliest_causes_are_named_with_the_key_that_cures_each() {
    let (snapshot, phrases) = small(2, 3, "causes");
    let words = phrases[0].reveal_words();
    for place in [0, 6, 10] {
        // One word was typed twice, and the last one found no room.
        let mut typed = words.clone();
        typed.insert(place, words[place]);
        typed.pop();
        let mut desk = checked(&snapshot, &typed);
        says(&mut desk, &format!("Word {} is the same as word {}: if the paper", place + 2, place + 1));
        let before = desk.pressed;
        desk.key(Key::F(7)).press(four(words[11]).trim_end()).key(Key::Enter);
        desk.is("Hand-over", "verified: shareholder 1");
        assert!(desk.pressed - before <= 12, "{} keys", desk.pressed - before);
        // All thirteen were typed.
        let mut typed = words.clone();
        typed.insert(place, words[place]);
        let mut desk = checked(&snapshot, &typed);
        says(&mut desk, &format!("Word {} is the same as word {}: F7 takes it out", place + 2, place + 1));
        let before = desk.pressed;
        desk.key(Key::F(7)).key(Key::Enter).is("Hand-over", "verified: shareholder 1");
        assert!(desk.pressed - before <= 12);
    }
    // One left out.
    let mut typed = words.clone();
    typed.remove(4);
    let mut desk = checked(&snapshot, &typed);
    let before = desk.key(Key::Enter).is("Phrase", "11 of 12 are typed.").pressed;
    desk.press("5 ").key(Key::F(6)).press(&four(words[4])).key(Key::Enter).is("Hand-over", "verified: shareholder 1");
    assert!(desk.pressed - before <= 12, "{} keys", desk.pressed - before);
    // One misread: where somebody is unsure a question mark costs little.
    let mut typed = words.clone();
    typed[4] = if words[4] == "zebra" { "zoo" } else { "zebra" };
    let mut desk = checked(&snapshot, &typed);
    says(&mut desk, "Compare with F3; a number and a space goes to a word.");
    says(&mut desk, "With ? in place of an unsure one F9 tries 128 phrases, not 1536.");
    let before = desk.pressed;
    desk.press("5 ").press("? ").key(Key::F(9)).is("Repair", "about 128").key(Key::Enter);
    desk.is("Repair", "Word 5 was not known; it is found.").key(Key::Enter).is("Hand-over", "1 of 2");
    assert!(desk.pressed - before <= 12, "{} keys", desk.pressed - before);
}

#[test]
fn a_word_typed_twice_is_found_by_the_search_before_anything_that_takes_long() {
    let (snapshot, phrases) = small(2, 3, "twice");
    let words = phrases[1].reveal_words();
    let mut typed = words.clone();
    typed.insert(3, words[3]);
    let mut desk = checked(&snapshot, &typed);
    desk.key(Key::F(9)).is("Repair", "> one word too many").key(Key::Enter);
    desk.is("Repair", "Word 4 was one too many.").key(Key::Enter).is("Hand-over", "1 of 2");
    typed.pop();
    let mut desk = checked(&snapshot, &typed);
    desk.key(Key::F(9)).is("Repair", "> one word twice").key(Key::Enter);
    desk.is("Repair", "Word 5 was typed twice; word 12 is found.").key(Key::Enter).is("Hand-over", "1 of 2");
}

#[test]
fn when_near_words_are_out_of_view_nothing_says_that_a_digit_picks_one() {
    for end in [" ", "\r"] {
        let (mut desk, _) = at_phrase("near words");
        desk.press("abandom");
        if end == " " {
            desk.key(Key::Char(' '))
        } else {
            desk.key(Key::Enter)
        };
        desk.is("Phrase", "Pick a near word by its digit");
        let screen = desk.wait(70).screen();
        assert!(screen.contains("is not in the English list") && !screen.contains("by its digit"), "{screen}");
    }
}

#[test]
fn words_that_begin_so_are_listed_and_a_digit_takes_one() {
    let (mut desk, _) = at_phrase("begin so");
    desk.press("clo").is("Phrase", "1 clock  2 clog  3 close  4 cloth  5 cloud  6 clown").press("4");
    assert_eq!(accepted(&desk)[0].as_deref(), Some("cloth"));
    // A space out of habit moves nothing, and a number goes to its cell as ever.
    desk.press(" ").is("Phrase", "Word 2 of 12").press("5 ").is("Phrase", "Word 5 of 12");
    // Too many are not listed, a digit that picks none does nothing, and nothing is shown while it is masked.
    desk.press("c").is("Phrase", "words begin so.").press("lo9");
    assert!(accepted(&desk)[4].is_none());
    let screen = desk.key(Key::F(2)).screen();
    assert!(!screen.contains("clock"), "{screen}");
    desk.press("4");
    assert!(accepted(&desk)[4].is_none());
}

#[test]
fn what_enter_does_and_how_to_come_back_is_said() {
    let (mut desk, phrases) = at_phrase("said");
    desk.press(&(phrases[0].reveal_words().join(" ") + " ")).is("Phrase", "All 12 words are there: Enter checks them.");
    desk.key(Key::F(4)).is("Phrase", "F4 shows all cells again").key(Key::F(4));
    desk.key(Key::F(5)).is("Phrase", "F5 ends it");
}

#[test]
fn a_word_too_many_is_told_and_what_is_wrong_is_named_by_its_number() {
    let (mut desk, phrases) = at_phrase("thirteen");
    let words = phrases[0].reveal_words();
    desk.press(&(words.join(" ") + " ")).press("zebra ").is("Phrase", "Was one typed twice?").key(Key::Ctrl('u'));
    // That was the thirteenth one.
    assert!(!desk.screen().contains("one too many"));
    desk.is("Phrase", "Word 12 of 12").press("2 qqqq 5 qqqq 12 ").press(words[11]);
    desk.key(Key::Enter).is("Phrase", "Not in the list: 2, 5.");
    desk.press("3 abandin").key(Key::Enter).is("Phrase", "Look at the paper and type it again");
    // Gone to on purpose, near words are offered, also to somebody who types numbers.
    desk.press("3 abandin 3 ").is("Phrase", "Near:  1 abandon").press("1 ").is("Phrase", "replaced by near word 1");
}

/// The words in the cells; behind the last one a word too many.
fn accepted(desk: &Desk) -> Vec<Option<String>> {
    let entry = desk.app.console.journey.desk.entry.as_ref().unwrap();
    let word = |index: usize| entry.reveal_position(index).map(|_| entry.reveal(index).to_owned());
    (0..=entry.len()).map(word).collect()
}

/// Which cells hold text that is in no list.
fn marked(desk: &Desk) -> Vec<usize> {
    let entry = desk.app.console.journey.desk.entry.as_ref().unwrap();
    (0..=entry.len()).filter(|index| entry.is_unknown(*index)).collect()
}

/// The cells whose words are in no cell any more, from 0.
fn lost(before: &[Option<String>], after: &[Option<String>]) -> Vec<usize> {
    let mut left: Vec<&String> = after.iter().flatten().collect();
    let mut lost = Vec::new();
    for (index, word) in before.iter().enumerate().filter_map(|(index, word)| Some((index, word.as_ref()?))) {
        match left.iter().position(|kept| *kept == word) {
            Some(at) => drop(left.remove(at)),
            None => lost.push(index),
        }
    }
    lost
}

/// The screen in one line, in which no sentence is broken.
fn flowing(desk: &mut Desk) -> String {
    desk.screen_of(80, 24).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is typed, pasted and pressed in any order.
const TYPED: [&str; 27] = [
    "1gathr ",
    "4bambo ",
    "99bamboo ",
    "zebra ",
    "abandin ",
    "gather ",
    "bamboo ",
    "zoo\n",
    "abilty\n",
    "1gather ",
    "4bamboo ",
    "1",
    "2 ",
    "3.",
    "12 ",
    "5) ",
    "0 ",
    "13 ",
    "99999 ",
    "? ",
    "=7 ",
    "=9999 ",
    " ",
    "\n",
    "ability",
    "qqqq ",
    "mushroom ",
];
const PASTED: [&str; 3] = ["zebra", "1. zoo 2. abandin 12. ability", "7 gather bamboo zebra zoo able about above"];
const KEYS: [Key; 17] = [
    Key::Delete,
    Key::Ctrl('u'),
    Key::F(9),
    Key::Up,
    Key::Down,
    Key::Left,
    Key::Right,
    Key::Home,
    Key::End,
    Key::Tab,
    Key::F(2),
    Key::F(3),
    Key::F(4),
    Key::F(5),
    Key::F(6),
    Key::F(7),
    Key::Backspace,
];

#[test]
fn no_accepted_word_disappears_without_a_key_of_its_own_or_a_sentence() {
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |limit: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % limit as u64).unwrap()
    };
    let (snapshot, _) = small(2, 3, "nothing unseen");
    let (mut said, mut whole) = (0, 0);
    for _ in 0..cases(2_000) {
        let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
        desk.begin().sit_down();
        for _ in 0..40 {
            if below(40) == 0 {
                let before = accepted(&desk);
                desk.paste(PASTED[below(PASTED.len())]).key(Key::Char('y'));
                let lost = lost(&before, &accepted(&desk)).len();
                let screen = flowing(&mut desk);
                let said_of = |count: usize| screen.contains(&format!("took the place of others: {count}."));
                assert!(lost == 0 || (lost..13).any(said_of), "{lost} {before:?}\n{screen}");
                continue;
            }
            let keys: Vec<Key> = match below(4) {
                0 => vec![KEYS[below(KEYS.len())]],
                _ => TYPED[below(TYPED.len())]
                    .chars()
                    .map(|c| if c == '\n' { Key::Enter } else { Key::Char(c) })
                    .collect(),
            };
            for key in keys {
                let (before, was_marked) = (accepted(&desk), marked(&desk));
                desk.hurried(key);
                if !desk.screen_of(80, 24).starts_with(" Phrase") {
                    break;
                }
                let after = accepted(&desk);
                let lost = lost(&before, &after);
                let has_own_key = matches!(key, Key::F(7) | Key::Backspace | Key::Delete | Key::Ctrl('u'));
                let screen = flowing(&mut desk);
                // Also a near word that was picked by what turns out to be a number of a list.
                let is_said = |index: &usize| {
                    let number = index + 1;
                    screen.contains(&format!("Word {number} was replaced"))
                        || screen.contains(&format!("word {number} is as it was"))
                };
                let is_any_said = (0..13).filter(|index| before[*index] != after[*index]).any(|index| is_said(&index));
                assert!(
                    lost.len() <= 1 && (lost.is_empty() || has_own_key || is_any_said),
                    "{key:?} {before:?} {after:?}\n{screen}"
                );
                // A digit that gives a marked cell a near word names it.
                let is_digit = matches!(key, Key::Char('1'..='5'));
                let mut picked = was_marked.iter().filter(|index| is_digit && after[**index].is_some());
                assert!(picked.all(is_said), "{key:?} {was_marked:?} {after:?}\n{screen}");
                said += usize::from(lost.len() == 1 && is_any_said);
                whole += usize::from(lost.is_empty());
            }
            if !desk.screen_of(80, 24).starts_with(" Phrase") {
                break;
            }
        }
    }
    assert!(said > 50 && whole > 1_000, "{said} {whole}");
}

#[test]
fn numbers_glued_to_words_go_to_their_cells_and_replace_no_marked_word() {
    let (mut desk, _) = at_phrase("glued");
    desk.press("1gathr 2bamboo ").key(Key::F(3)).is("Phrase", "1 gathr (?)").is("Phrase", "2 bamboo");
    // Where nothing says that digits are such numbers one picks, and that stays in view while the word is typed.
    let (mut desk, _) = at_phrase("glued later");
    desk.press("zebra abandin ").press("1gat").is("Phrase", "Word 2 was replaced by near word 1.");
    let (mut desk, _) = at_phrase("no cell");
    desk.press("99bam").is("Phrase", "The number was left out: there are words 1 to 12.").press("boo ");
    desk.key(Key::F(3)).is("Phrase", "1 bamboo");
}

#[test]
fn what_is_said_behind_the_last_word_is_true_of_the_words_before_it() {
    let (mut desk, phrases) = at_phrase("behind");
    let words = phrases[0].reveal_words();
    desk.key(Key::End).press(" ").is("Phrase", "Word 1 is still empty.").is("Phrase", "Word 1 of 12");
    desk.key(Key::End).press("zebra ").is("Phrase", "That stands behind word 12, and word 1 is still empty.");
    desk.key(Key::F(7)).press(&(words.join(" ") + " ")).press(" ");
    desk.is("Phrase", "All 12 words are there. Enter checks them.").key(Key::Enter).is("Hand-over", "shareholder 1");
    // The word list in card mode ends with the fourth letter; what is typed of it besides is no word more.
    let (mut desk, phrases) = at_phrase("card");
    let words = phrases[1].reveal_words();
    desk.key(Key::F(5)).press(&keys_for(&phrases[1], true));
    if letters(words[11]).count() > 4 {
        desk.press(&letters(words[11]).skip(4).collect::<String>());
    }
    desk.press(" ").press(" ");
    assert!(!desk.screen().contains("typed twice"), "{}", desk.screen());
    desk.key(Key::Enter).is("Hand-over", "shareholder 2");
    // What a pasted list has besides is counted.
    let (mut desk, _) = at_phrase("too much");
    desk.paste(&"zebra ".repeat(15)).press("y").is("Phrase", "One word more than 12 is kept");
    desk.is("Phrase", "left out: 2.");
    // Nothing was taken out of an empty cell.
    let (mut desk, _) = at_phrase("empty first");
    desk.key(Key::Down).press("zebra ").key(Key::Home).key(Key::F(7));
    desk.is("Phrase", "Word 1 was empty; those behind it moved back.").key(Key::F(3)).is("Phrase", "1 zebra");
}

#[test]
fn a_digit_picks_at_once_and_the_number_of_a_list_takes_that_back() {
    // The pick, and what is typed right behind it.
    let (mut desk, _) = at_phrase("picks");
    desk.press("zebra abandin ").is("Phrase", "Near:  1 abandon").press("1").is("Phrase", "replaced by near word 1");
    desk.press("gather ").key(Key::F(3)).is("Phrase", "2 abandon").is("Phrase", "3 gather");
    // A number whose cell holds a word moves nothing, and takes no word.
    let (mut desk, _) = at_phrase("numbers");
    desk.press("zebra zoo ability able ").press("4bam").is("Phrase", "The number was left out");
    desk.press("boo ");
    desk.key(Key::F(3)).is("Phrase", "4 able").is("Phrase", "5 bamboo");
    for (typed, is) in [("12", "Word 12"), ("1.", "Word 1"), ("1)", "Word 1")] {
        let (mut desk, _) = at_phrase("lists");
        desk.press("zebra abandin ").press(typed).is("Phrase", "That was a number: word 2 is as it was.");
        desk.press(" ").is("Phrase", is).key(Key::F(3)).is("Phrase", "2 abandin (?)").is("Phrase", "1 zebra");
    }
}

#[test]
fn the_cursor_goes_where_a_word_is_missing_and_a_word_too_many_is_kept() {
    let (mut desk, phrases) = at_phrase("late");
    let words = phrases[0].reveal_words();
    // Begun one cell too late: it is seen, and nothing is dropped.
    desk.key(Key::Down).press(&(words[..11].join(" ") + " "));
    desk.is("Phrase", "Word 1 is empty: it is typed next. Were all words typed one cell too late?");
    desk.key(Key::F(7)).is("Phrase", "Word 12 is empty: it is typed next.").press(words[11]).key(Key::Enter);
    desk.is("Hand-over", "verified: shareholder 1");
    // One typed twice, and all twelve: the thirteenth is kept, and moves in when that one is taken out.
    let (mut desk, phrases) = at_phrase("twice");
    let words = phrases[0].reveal_words();
    desk.press(&format!("{} {} ", words[..4].join(" "), words[3..].join(" ")));
    desk.is("Phrase", "That is word 13, and the phrase has 12. It is kept.").is("Phrase", "one too many");
    desk.key(Key::Enter).is("Phrase", "It is kept").press("4 ").key(Key::F(7));
    desk.is("Phrase", "All words are there.").key(Key::Enter).is("Hand-over", "verified: shareholder 1");
    // Taken out by mistake: the next word goes where one is missing, over none.
    let (mut desk, phrases) = at_phrase("taken out");
    let words = phrases[0].reveal_words();
    desk.press(&(words.join(" ") + " ")).press("12 ").key(Key::F(7)).is("Phrase", "Word 12 of 12");
    desk.press(words[11]).key(Key::Enter).is("Hand-over", "verified: shareholder 1");
    // Nothing moved, and that is what is said.
    let (mut desk, _) = at_phrase("empty");
    desk.press("zebra ").key(Key::F(6)).is("Phrase", "Word 2 is empty already: type it here. Nothing moved.");
    desk.key(Key::Home)
        .press("zo")
        .is("Phrase", "This replaces word 1.")
        .press("o ")
        .is("Phrase", "Word 1 was replaced.");
    desk.key(Key::F(2)).key(Key::Home).press("ze").is("Phrase", "This replaces word 1.");
    assert!(!desk.screen().contains("zoo"), "{}", desk.screen());
}

/// A wrong phrase looks like the seed of another wallet once in some hundred times: whoever mistyped one gets the same help.
#[test]
fn what_looks_like_an_electrum_seed_is_named_and_its_slip_can_be_looked_for() {
    let (mut desk, _) = at_phrase("electrum");
    let seeds = std::fs::read_to_string(project("tests/vectors/phrases/electrum_seeds.txt")).unwrap();
    desk.press(seeds.lines().next().unwrap()).key(Key::Enter);
    for said in ["wrong checksum", "perhaps the seed of an Electrum wallet", "F9 looks for the slip."] {
        says(&mut desk, said);
    }
    desk.key(Key::F(9)).is("Repair", "Look for the slip in what was typed?");
}
