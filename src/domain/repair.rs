//! Which phrases somebody may have meant who typed one that is nobody's: single slips, the likeliest first. Knows nothing of keys: who
//! judges a candidate is the commitment behind a derivation, and nothing else.

mod class;

use zeroize::Zeroizing;

pub use self::class::Class;
use super::near_words::{ONE_SLIP, TWO_SLIPS, near};
use super::phrase::{Phrase, PhraseForm};
use super::phrase_entry::{CellState, PhraseEntry};

/// All slips of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchStep {
    pub class: Class,
    /// Phrases that have to be looked at; about one in 16 (12 words) to 256 (24 words) has a right checksum.
    phrases: u64,
}

/// What one slip was: its class, and the places (from 0) of the words that were wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    pub class: Class,
    pub places: Vec<usize>,
}

/// A phrase with a right checksum that may be the one that was meant.
pub struct Candidate {
    pub phrase: Phrase,
    pub slip: Slip,
    positions: Zeroizing<Vec<u16>>,
}

impl Candidate {
    /// The places of its words in the list.
    pub fn reveal_positions(&self) -> &[u16] {
        &self.positions
    }
}

/// How far the search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SearchProgress {
    step: usize,
    /// The next phrase of that step.
    at: u64,
    /// Candidates that were given out so far.
    tried: u64,
}

/// The search: in steps, each to be begun on its own. Everything in it is wiped on drop.
pub struct Repair {
    form: PhraseForm,
    /// The words as typed; at open places a word that is replaced.
    typed: Zeroizing<Vec<u16>>,
    /// Places without a word of the list, and what may stand there.
    open: Vec<OpenCell>,
    /// The word behind the last one.
    extra: Zeroizing<Option<u16>>,
    /// Places of words that are the same as the one before them.
    doubled: Vec<usize>,
    /// A place and a word that is near to the one that stands there, the nearest first.
    near: Zeroizing<Vec<(u16, u16)>>,
    steps: Vec<SearchStep>,
    progress: SearchProgress,
}

struct OpenCell {
    place: usize,
    /// Words near to what was typed; empty when nothing was.
    near: Zeroizing<Vec<u16>>,
}

/// The words of a list.
const WORDS: u64 = 2048;
/// More phrases than two unknown words give are not looked at: with a derivation for one in 16 of them that is hours already.
const MOST: u64 = WORDS * WORDS;

impl Repair {
    /// What can be tried for what stands in the cells; `None` when too many words are missing.
    pub fn of(entry: &PhraseEntry) -> Option<Self> {
        let form = entry.form();
        let places = 0..entry.len();
        let typed: Zeroizing<Vec<u16>> =
            Zeroizing::new(places.clone().map(|place| entry.reveal_position(place).unwrap_or(0)).collect());
        let is_open = |place: &usize| entry.reveal_position(*place).is_none();
        let open: Vec<OpenCell> =
            places.filter(is_open).map(|place| OpenCell { place, near: entry.reveal_near(place) }).collect();
        let mut repair = Self {
            form,
            typed,
            open,
            extra: Zeroizing::new(entry.reveal_position(entry.len())),
            doubled: Vec::new(),
            near: Zeroizing::default(),
            steps: Vec::new(),
            progress: SearchProgress::default(),
        };
        if repair.open.is_empty() {
            repair.near = repair.near_words();
            let is_same = |place: usize| place > 0 && repair.typed.get(place) == repair.typed.get(place - 1);
            // Of more than two that are the same it is one which.
            let is_second = |place: &usize| is_same(*place) && !is_same(place - 1);
            repair.doubled = (1..repair.typed.len()).filter(is_second).collect();
        }
        let is_gap = repair.open.first().is_some_and(|open| entry.state(open.place) == CellState::Empty);
        repair.steps = repair.planned(is_gap);
        (!repair.steps.is_empty()).then_some(repair)
    }

    /// Whether `other` begins with the same words, so that this one can go on in its place.
    pub fn is_for_the_words_of(&self, other: &Self) -> bool {
        let is_same = |(a, b): (&OpenCell, &OpenCell)| a.place == b.place && a.near == b.near;
        self.typed == other.typed
            && self.extra == other.extra
            && self.steps == other.steps
            && self.open.iter().zip(&other.open).all(is_same)
    }

    pub fn steps(&self) -> &[SearchStep] {
        &self.steps
    }

    /// About how many candidates a step has.
    pub fn candidates(&self, step: &SearchStep) -> u64 {
        step.phrases.div_ceil(1 << self.checksum_bits())
    }

    /// The step that is being gone through; `None` after the last one.
    pub fn step(&self) -> Option<(usize, SearchStep)> {
        Some((self.progress.step, *self.steps.get(self.progress.step)?))
    }

    /// About how many candidates are left in this step.
    pub fn left(&self) -> u64 {
        let left = self.step().map_or(0, |(_, step)| step.phrases.saturating_sub(self.progress.at));
        left.div_ceil(1 << self.checksum_bits())
    }

    /// How much of this step is done, in thousandths.
    pub fn done(&self) -> u64 {
        let (at, all) = (self.progress.at, self.step().map_or(0, |(_, step)| step.phrases));
        at.saturating_mul(1000).checked_div(all).unwrap_or(1000)
    }

    /// How many candidates were given out.
    pub fn tried(&self) -> u64 {
        self.progress.tried
    }

    pub fn progress(&self) -> SearchProgress {
        self.progress
    }

    /// Goes back to where `progress` was noted: what came after it was not tried.
    pub fn resume(&mut self, progress: SearchProgress) {
        self.progress = progress;
    }

    /// The next candidate of this step; `None` at its end.
    pub fn next_candidate(&mut self) -> Option<Candidate> {
        let (_, step) = self.step()?;
        let mut positions = Zeroizing::new(Vec::with_capacity(self.typed.len() + 1));
        while self.progress.at < step.phrases {
            let at = self.progress.at;
            self.progress.at += 1;
            positions.clear();
            positions.extend_from_slice(&self.typed);
            let Some(places) = self.change(step.class, at, &mut positions) else { continue };
            if let Some(phrase) = Phrase::of_positions(&positions, self.form) {
                self.progress.tried += 1;
                return Some(Candidate { phrase, slip: Slip { class: step.class, places }, positions });
            }
        }
        None
    }

    /// Goes on to the next step; says whether there is one.
    pub fn next_step(&mut self) -> bool {
        self.progress.step = (self.progress.step + 1).min(self.steps.len());
        self.progress.at = 0;
        self.progress.step < self.steps.len()
    }

    fn checksum_bits(&self) -> u32 {
        u32::try_from(self.form.words.words() / 3).unwrap_or(0)
    }

    fn planned(&self, is_gap: bool) -> Vec<SearchStep> {
        let words = self.typed.len() as u64;
        let pairs = words * words.saturating_sub(1) / 2;
        let step = |class, phrases| SearchStep { class, phrases };
        let doubled = self.doubled.len() as u64;
        let likely = self.open.iter().try_fold(1_u64, |all, open| all.checked_mul(choices(open)));
        let mut steps = match self.open.as_slice() {
            [] => vec![
                step(Class::TooMany, if self.extra.is_some() { words + 1 } else { 0 }),
                step(Class::Twice, doubled * WORDS),
                step(Class::Near, self.near.len() as u64),
                step(Class::Neighbours, words.saturating_sub(1)),
                step(Class::Swapped, pairs),
                step(Class::Moved, words * words),
                step(Class::TwiceAndLeftOut, doubled * words.saturating_sub(1) * WORDS),
                step(Class::Other, words * WORDS),
            ],
            [open] => vec![
                step(Class::Misspelt, open.near.len() as u64),
                step(Class::Unknown, WORDS),
                step(Class::LeftOut, if is_gap { words * WORDS } else { 0 }),
            ],
            several => {
                let has_near = several.iter().any(|open| !open.near.is_empty());
                let all = if several.len() == 2 { MOST } else { 0 };
                let class =
                    if several.iter().all(|open| !open.near.is_empty()) { Class::Misspelt } else { Class::Mixed };
                vec![
                    step(class, likely.filter(|count| has_near && *count < MOST).unwrap_or(0)),
                    step(Class::Several, all),
                ]
            }
        };
        steps.retain(|step| step.phrases > 0);
        steps
    }

    /// All near words of all places: one slip away first.
    fn near_words(&self) -> Zeroizing<Vec<(u16, u16)>> {
        let list = self.form.language;
        let mut found = Zeroizing::new(Vec::with_capacity(self.typed.len() * 2048));
        let words = || (0_u16..).zip(self.typed.iter()).filter_map(|(place, word)| Some((place, list.word(*word)?)));
        for (place, word) in words() {
            found.extend(near(list, word, ONE_SLIP).iter().map(|near| (place, *near)));
        }
        let nearest = found.len();
        for (place, word) in words() {
            let further = near(list, word, TWO_SLIPS);
            let is_new = |near: &&u16| !found.get(..nearest).unwrap_or_default().contains(&(place, **near));
            let mut new = Zeroizing::new(Vec::with_capacity(further.len()));
            new.extend(further.iter().filter(is_new).map(|near| (place, *near)));
            found.extend_from_slice(&new);
        }
        found
    }

    /// Changes the typed words into phrase number `at` of a class, and says which places are others then; `None` where that is a
    /// phrase of an earlier class.
    fn change(&self, class: Class, at: u64, words: &mut Vec<u16>) -> Option<Vec<usize>> {
        let count = words.len() as u64;
        let last = words.len().checked_sub(1)?;
        match class {
            Class::TooMany => {
                let place = usize::try_from(at).ok()?;
                words.push((*self.extra)?);
                // Of two that are the same it is one which.
                let is_first = place == 0 || words.get(place) != words.get(place - 1);
                words.remove(place);
                is_first.then(|| vec![place])
            }
            Class::Twice => {
                let (pair, word) = split(at)?;
                let twice = *self.doubled.get(pair)?;
                words.remove(twice);
                words.push(word);
                Some(vec![twice, last])
            }
            Class::TwiceAndLeftOut => {
                let (rest, word) = split(at)?;
                let (twice, place) = (*self.doubled.get(rest / last)?, rest % last);
                words.remove(twice);
                words.insert(place, word);
                Some(vec![twice, place])
            }
            Class::Near => {
                let (place, word) = *self.near.get(usize::try_from(at).ok()?)?;
                put(words, place.into(), word)?;
                Some(vec![place.into()])
            }
            Class::Neighbours => {
                let first = usize::try_from(at).ok()?;
                swap(words, first, first + 1)
            }
            Class::Swapped => {
                let (first, second) = pair(at)?;
                (second > first + 1).then(|| swap(words, first, second)).flatten()
            }
            Class::Moved => {
                let (from, to) = (usize::try_from(at / count).ok()?, usize::try_from(at % count).ok()?);
                if from.abs_diff(to) < 2 {
                    return None;
                }
                let word = words.remove(from);
                words.insert(to, word);
                Some(vec![from, to])
            }
            Class::Other => {
                let (place, word) = split(at)?;
                let is_new = words.get(place) != Some(&word)
                    && !self.near.contains(&(u16::try_from(place).unwrap_or(u16::MAX), word));
                put(words, place, word).filter(|()| is_new)?;
                Some(vec![place])
            }
            Class::Unknown | Class::Misspelt | Class::Mixed => {
                let is_alone = class == Class::Unknown && self.open.len() == 1;
                let mut at = at;
                for open in &self.open {
                    let choices = if is_alone { WORDS } else { choices(open) };
                    let choice = usize::try_from(at % choices).ok()?;
                    at /= choices;
                    let near = if is_alone { None } else { open.near.get(choice).copied() };
                    let word = near.or_else(|| u16::try_from(choice).ok())?;
                    if is_alone && open.near.contains(&word) {
                        return None;
                    }
                    put(words, open.place, word)?;
                }
                Some(self.open.iter().map(|open| open.place).collect())
            }
            Class::LeftOut => {
                let [open] = self.open.as_slice() else { return None };
                let (place, word) = split(at)?;
                if place == open.place {
                    return None;
                }
                words.remove(open.place);
                words.insert(place, word);
                Some(vec![place])
            }
            Class::Several => {
                let (first, second) = split(at)?;
                let [a, b] = self.open.as_slice() else { return None };
                put(words, a.place, u16::try_from(first).ok()?)?;
                put(words, b.place, second)?;
                Some(vec![a.place, b.place])
            }
        }
    }
}

impl std::fmt::Debug for Candidate {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Candidate({:?})", self.slip.class)
    }
}

impl std::fmt::Debug for Repair {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Repair({} steps)", self.steps.len())
    }
}

/// How many words may stand in an open place: the near ones, or all.
fn choices(open: &OpenCell) -> u64 {
    if open.near.is_empty() { WORDS } else { open.near.len() as u64 }
}

fn put(words: &mut [u16], place: usize, word: u16) -> Option<()> {
    *words.get_mut(place)? = word;
    Some(())
}

fn swap(words: &mut [u16], first: usize, second: usize) -> Option<Vec<usize>> {
    // Two equal words change nothing.
    (words.get(first)? != words.get(second)?).then(|| words.swap(first, second))?;
    Some(vec![first, second])
}

/// Number `at` of all pairs of places, the first of each the smaller one.
fn pair(at: u64) -> Option<(usize, usize)> {
    let mut first_of = 0;
    for second in 1_u64.. {
        if at < first_of + second {
            return Some((usize::try_from(at - first_of).ok()?, usize::try_from(second).ok()?));
        }
        first_of += second;
    }
    None
}

/// A place and a word out of one number.
fn split(at: u64) -> Option<(usize, u16)> {
    Some((usize::try_from(at / WORDS).ok()?, u16::try_from(at % WORDS).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::WordCount;
    use crate::domain::wordlist::WordList;
    use Class::{
        LeftOut, Misspelt, Mixed, Moved, Near, Neighbours, Other, Several, Swapped, TooMany, Twice, TwiceAndLeftOut,
        Unknown,
    };
    use std::collections::BTreeSet;

    const FORM: PhraseForm = PhraseForm { language: WordList::English, words: WordCount::TWELVE };

    fn entry(text: &str) -> PhraseEntry {
        let mut entry = PhraseEntry::new(FORM);
        entry.paste(text);
        entry
    }

    /// All candidates of a class, and how many phrases it looked at.
    fn all(repair: &mut Repair, class: Class) -> Vec<Vec<u16>> {
        while repair.step().unwrap().1.class != class {
            assert!(repair.next_step());
        }
        std::iter::from_fn(|| repair.next_candidate()).map(|found| found.reveal_positions().to_vec()).collect()
    }

    const WORDS_OF: &str = "legal winner thank year wave sausage worth useful legal winner thank zebra";

    #[test]
    fn steps_come_in_the_order_of_likelihood_and_fit_what_stands_in_the_cells() {
        let classes = |text: &str| {
            Repair::of(&entry(text)).map_or(Vec::new(), |repair| repair.steps().iter().map(|step| step.class).collect())
        };
        assert_eq!(classes(WORDS_OF), [Near, Neighbours, Swapped, Moved, Other]);
        let twice = WORDS_OF.replace("wave", "year");
        assert_eq!(classes(&twice), [Twice, Near, Neighbours, Swapped, Moved, TwiceAndLeftOut, Other]);
        assert_eq!(classes(&WORDS_OF.replace("zebra", "yebra")), [Misspelt, Unknown]);
        assert_eq!(classes(&WORDS_OF.replace("zebra", "?")), [Unknown]);
        assert_eq!(classes(&WORDS_OF.replace("zebra", "")), [Unknown, LeftOut]);
        assert_eq!(classes(&WORDS_OF.replace("zebra", "? ").replace("wave", "?")), [Several]);
        assert_eq!(classes(&WORDS_OF.replace("zebra", "yebra").replace("wave", "wavq")), [Misspelt, Several]);
        assert_eq!(classes(&WORDS_OF.replace("zebra", "yebra").replace("wave", "?")), [Mixed, Several]);
        assert_eq!(classes("legal winner thank"), []);
        assert_eq!(classes(""), []);
    }

    #[test]
    fn a_word_too_many_is_the_first_thing_that_is_tried() {
        let mut entry = entry("");
        for word in format!("{WORDS_OF} zoo").split(' ') {
            assert!(word.chars().all(|c| entry.push(c)));
            entry.take();
        }
        let mut repair = Repair::of(&entry).unwrap();
        assert_eq!(repair.steps()[0].class, TooMany);
        assert!(repair.candidates(&repair.steps()[0]) <= 1, "thirteen phrases, and a checksum");
        let found = all(&mut repair, TooMany);
        assert!(found.len() <= 4 && found.iter().all(|positions| positions.len() == 12));
        entry.drop_extra();
        assert_ne!(Repair::of(&entry).unwrap().steps()[0].class, TooMany);
    }

    #[test]
    fn the_counts_are_those_that_a_checksum_leaves() {
        let mut repair = Repair::of(&entry(WORDS_OF)).unwrap();
        for (class, least, most) in [
            (Class::Near, 3, 20),
            (Class::Neighbours, 0, 4),
            (Class::Swapped, 1, 9),
            (Class::Moved, 2, 16),
            (Class::Other, 1_300, 1_700),
        ] {
            let found = all(&mut repair, class).len();
            assert!((least..=most).contains(&found), "{class:?}: {found}");
        }
        assert!(!repair.next_step() && repair.next_candidate().is_none());
        let mut repair = Repair::of(&entry(&WORDS_OF.replace("zebra", "?"))).unwrap();
        assert_eq!(all(&mut repair, Class::Unknown).len(), 128);
        assert_eq!(repair.tried(), 128);
        let step = Repair::of(&entry(&WORDS_OF.replace("zebra", "?").replace("year", "?"))).unwrap();
        assert_eq!(step.candidates(&step.steps()[0]), 262_144);
    }

    #[test]
    fn no_phrase_is_tried_twice_within_what_single_slips_have_in_common() {
        let mut repair = Repair::of(&entry(WORDS_OF)).unwrap();
        let mut seen = BTreeSet::new();
        let mut twice = 0;
        for class in [Class::Near, Class::Neighbours, Class::Swapped, Class::Moved, Class::Other] {
            for positions in all(&mut repair, class) {
                twice += usize::from(!seen.insert(positions));
            }
        }
        // Words that occur twice (here three of them) can be swapped and moved to the same effect.
        assert!(twice <= 6, "{twice}");
    }

    #[test]
    fn it_goes_on_where_it_was_stopped() {
        let candidates = |repair: &mut Repair, count: usize| {
            (0..count).map(|_| repair.next_candidate().unwrap().reveal_positions().to_vec()).collect::<Vec<_>>()
        };
        let text = WORDS_OF.replace("zebra", "?");
        let mut straight = Repair::of(&entry(&text)).unwrap();
        let expected = candidates(&mut straight, 20);
        let mut stopped = Repair::of(&entry(&text)).unwrap();
        assert_eq!(candidates(&mut stopped, 7), expected[..7]);
        let noted = stopped.progress();
        candidates(&mut stopped, 2);
        stopped.resume(noted);
        assert_eq!(candidates(&mut stopped, 13), expected[7..]);
        assert_eq!(stopped.tried(), 20);
        let printed = format!("{stopped:?} {:?}", stopped.next_candidate().unwrap());
        assert_eq!(printed, "Repair(1 steps) Candidate(Unknown)");
    }

    #[test]
    fn pairs_are_all_pairs() {
        let pairs: BTreeSet<_> = (0..66).map(|at| pair(at).unwrap()).collect();
        assert!(pairs.len() == 66 && pairs.iter().all(|(first, second)| first < second && *second < 12));
    }
}
