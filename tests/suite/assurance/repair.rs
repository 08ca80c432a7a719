//! The search for a slip: 1,000 seeded cases of each class are found with a cheap derivation, nothing is accepted falsely, and it
//! takes no more candidates than were promised. One case of each class with the real derivation at its floor.

use std::path::Path;

use conclave::crypto::kdf::{Argon2id, Kdf};
use conclave::domain::near_words::{ONE_SLIP, TWO_SLIPS, near};
use conclave::domain::phrase::Phrase;
use conclave::domain::phrase_entry::PhraseEntry;
use conclave::domain::repair::{Class, Repair, Slip};
use conclave::domain::wordlist::WordList;
use conclave::effect::Answer;
use conclave::session::phrase_judge::PhraseJudge;
use conclave::snapshot::backup::Judged;

use crate::support::*;

/// What somebody typed, and what the search shall say of it.
struct Case {
    typed: Vec<String>,
    places: Vec<usize>,
}

/// A slip of this class in a phrase; `None` where the dice gave none.
fn case(class: Class, words: &[&'static str], random: &mut Seeded) -> Option<Case> {
    let list = WordList::English;
    let mut typed: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let place = random.below(12);
    let other = random.below(12);
    let places = match class {
        Class::Near => {
            let near = near(list, words[place], TWO_SLIPS);
            let word = near.get(random.below(near.len().max(1)))?;
            // What the search will see from the other side.
            list.word(*word)?.clone_into(&mut typed[place]);
            let back = conclave::domain::near_words::near(list, &typed[place], TWO_SLIPS);
            back.contains(&list.position(words[place])?).then(|| vec![place])?
        }
        Class::Misspelt => {
            let mut letters: Vec<char> = words[place].chars().collect();
            let at = random.below(letters.len() - 1);
            match random.below(4) {
                0 => letters.swap(at, at + 1),
                1 => letters.insert(at, letters[at]),
                2 => drop(letters.remove(at)),
                _ => letters[at] = char::from(b'a' + u8::try_from(random.below(26)).unwrap()),
            }
            typed[place] = letters.into_iter().collect();
            let near = near(list, &typed[place], ONE_SLIP);
            let is_text = list.find(&typed[place]).is_none() && near.contains(&list.position(words[place])?);
            is_text.then(|| vec![place])?
        }
        Class::Neighbours => {
            let place = place.min(10);
            typed.swap(place, place + 1);
            vec![place, place + 1]
        }
        Class::Swapped => {
            let (first, second) = (place.min(other), place.max(other));
            typed.swap(first, second);
            (second > first + 1).then(|| vec![first, second])?
        }
        Class::Moved => {
            // The word of place `other` was written at `place`.
            let word = typed.remove(other);
            typed.insert(place, word);
            (place.abs_diff(other) > 1).then(|| vec![place, other])?
        }
        Class::Unknown => {
            "?".clone_into(&mut typed[place]);
            vec![place]
        }
        Class::LeftOut => {
            typed.remove(place);
            (place < 11).then(|| vec![place])?
        }
        Class::Other => {
            list.word(u16::try_from(random.below(2048)).unwrap())?.clone_into(&mut typed[place]);
            let is_near = near(list, &typed[place], TWO_SLIPS).contains(&list.position(words[place])?);
            (!is_near && typed[place] != words[place]).then(|| vec![place])?
        }
        Class::TooMany => {
            typed.insert(place, typed[place].clone());
            vec![place]
        }
        Class::Twice => {
            typed.insert(place, typed[place].clone());
            typed.pop();
            (place < 11).then(|| vec![place + 1, 11])?
        }
        Class::TwiceAndLeftOut => {
            let (place, other) = (random.below(11), random.below(11));
            typed.remove(other);
            typed.insert(place, typed[place].clone());
            vec![place + 1, other]
        }
        Class::Mixed | Class::Several => return None,
    };
    // Two words that are the same can be swapped without a slip.
    (typed != words).then_some(Case { typed, places })
}

fn entry(typed: &[String]) -> PhraseEntry {
    let mut entry = PhraseEntry::new(ENGLISH);
    // One by one: a paste takes no word more than there are cells.
    for word in typed {
        assert!(word.chars().all(|c| entry.push(c)));
        entry.take();
    }
    entry.go(0);
    entry
}

/// Searches as the screen does, two at a time; says what was found and how many candidates its own class took.
fn search(
    judge: &mut PhraseJudge,
    repair: &mut Repair,
    kdf: &(dyn Kdf + Sync),
) -> Option<(Answer, Slip, Vec<u16>, u64)> {
    loop {
        let before = repair.tried();
        loop {
            let batch: Vec<_> = std::iter::from_fn(|| repair.next_candidate()).take(2).collect();
            if batch.is_empty() {
                break;
            }
            let tried = repair.tried() - before;
            let (mut kept, mut phrases) = (Vec::new(), Vec::new());
            for candidate in batch {
                kept.push((candidate.slip.clone(), candidate.reveal_positions().to_vec()));
                phrases.push(candidate.phrase);
            }
            // A thread for each candidate would cost much more than the cheap derivation: the session looks where one is somebody's.
            let is_nobodys =
                |phrase: &Phrase| matches!(judge.backup.recognise(phrase, kdf), Ok(Judged::NotOfThisBackup));
            if phrases.iter().all(is_nobodys) {
                continue;
            }
            if let Some((index, answer)) = judge.find(&phrases, kdf, &|| false).unwrap() {
                let (slip, positions) = kept.swap_remove(index);
                return Some((answer, slip, positions, tried));
            }
        }
        if !repair.next_step() {
            return None;
        }
    }
}

/// The classes, and how many candidates one takes on the average at most.
const CLASSES: [(Class, f64); 11] = [
    (Class::TooMany, 1.8),
    (Class::Twice, 128.0),
    (Class::TwiceAndLeftOut, 1_410.0),
    (Class::Misspelt, 2.0),
    (Class::Near, 11.0),
    (Class::Neighbours, 1.8),
    (Class::Swapped, 3.6),
    (Class::Moved, 8.0),
    (Class::Unknown, 128.0),
    (Class::LeftOut, 1_540.0),
    (Class::Other, 1_540.0),
];

#[test]
fn every_slip_is_found_and_nothing_else_is_accepted() {
    on_all_cores(CLASSES.len(), |index| {
        let (class, most) = CLASSES[index];
        let mut random = Seeded::new(format!("repair {class:?}"));
        let (mut done, mut tried, full) = (0, 0, cases(1_000));
        while done < full {
            let (snapshot, phrases) = small(2, 3, &format!("repair {class:?} {done} {}", random.next_u64()));
            let mut judge = PhraseJudge::unite(vec![reading(&snapshot)], Path::new("x")).unwrap();
            for (number, phrase) in (1..).zip(&phrases) {
                let Some(case) = case(class, &phrase.reveal_words(), &mut random) else { continue };
                let entry = entry(&case.typed);
                let mut repair = Repair::of(&entry).unwrap();
                let (answer, slip, positions, count) = search(&mut judge, &mut repair, &CheapKdf).unwrap();
                assert!(
                    matches!(answer, Answer::Verified { number: found, .. } if found == number),
                    "{class:?}: {answer}"
                );
                let found = Phrase::of_positions(&positions, ENGLISH).unwrap();
                assert_eq!(found.reveal_entropy(), phrase.reveal_entropy(), "{class:?}");
                if slip.class == class
                    && phrase.reveal_words().iter().collect::<std::collections::BTreeSet<_>>().len() == 12
                {
                    assert_eq!(slip.places, case.places, "{class:?}");
                }
                tried += count;
                done += 1;
            }
        }
        let mean = f64::from(u32::try_from(tried).unwrap()) / f64::from(u32::try_from(done).unwrap());
        eprintln!("{class:?}: {done} found after {mean:.1} candidates of its class on the average");
        assert!(mean <= most, "{class:?}: {mean}");
    });
}

#[test]
fn a_phrase_of_nobody_is_not_made_one_of_somebody() {
    let mut random = Seeded::new("nobody");
    for index in 0..cases(200) {
        let (snapshot, _) = small(2, 3, &format!("nobody {index}"));
        let mut judge = PhraseJudge::unite(vec![reading(&snapshot)], Path::new("x")).unwrap();
        let foreign = Phrase::generate(ENGLISH, &mut random).unwrap();
        let mut typed: Vec<String> = foreign.reveal_words().iter().map(|word| (*word).to_owned()).collect();
        if index % 2 == 0 {
            "?".clone_into(&mut typed[index % 12]);
        }
        let mut repair = Repair::of(&entry(&typed)).unwrap();
        assert!(search(&mut judge, &mut repair, &CheapKdf).is_none());
        assert!(repair.tried() >= 80, "{}", repair.tried());
    }
}

#[test]
fn one_slip_of_each_class_is_found_with_the_real_derivation() {
    let kdf = Argon2id { available_memory: u64::MAX };
    let mut random = Seeded::new("real repair");
    let (snapshot, phrases) = found(plan(2, 3), small_records(), &kdf, &mut random);
    let is_full = cases(20) == 20;
    // Of those that take minutes some stand for all.
    let is_tried = |(class, most): &(Class, f64)| *most < 100.0 || is_full && *class != Class::TwiceAndLeftOut;
    for (class, most) in CLASSES.into_iter().filter(is_tried) {
        let words = phrases[1].reveal_words();
        let case = std::iter::repeat_with(|| case(class, &words, &mut random)).flatten().next().unwrap();
        let mut judge = PhraseJudge::unite(vec![reading(&snapshot)], Path::new("x")).unwrap();
        let mut repair = Repair::of(&entry(&case.typed)).unwrap();
        let begun = std::time::Instant::now();
        let (answer, slip, ..) = search(&mut judge, &mut repair, &kdf).unwrap();
        assert!(matches!(answer, Answer::Verified { number: 2, .. }), "{answer}");
        eprintln!(
            "{class:?} ({:?}, at most {most} on the average): {} candidates in {:?}",
            slip.class,
            repair.tried(),
            begun.elapsed()
        );
    }
}
