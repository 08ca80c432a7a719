//! Which runs of a text are its codes: those of the shape that dominates, and what stands in line with them.

use std::collections::HashMap;
use std::ops::Range;

use super::marks::{self, HeadingMeaning, MarkMeaning};
use super::pieces::{PieceGap, Pieces};
use super::runs::{Run, RunLetters, RunLook};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Code,
    /// It may be one: the owner decides.
    Other,
    Aside,
}

pub(super) struct ListEntry {
    pub run: Run,
    pub fate: Fate,
    /// Which of several lists.
    pub part: usize,
    /// The line below says only that something was used: this code, or those that follow.
    pub is_marked_below: bool,
    /// What the heading over its list says of all codes in it.
    pub heading: Option<HeadingMeaning>,
}

pub(super) struct ListEntries<'a> {
    pub pieces: Pieces<'a>,
    pub entries: Vec<ListEntry>,
    /// Lines of one code that was broken into several, when it looks so.
    pub wrapped: Option<usize>,
    /// All codes are letters only: words look the same.
    pub is_lettered: bool,
    /// The column that says whether a code was used.
    pub used_cell: Option<usize>,
}

/// The shape that dominates, and what is usual for it.
struct Usual {
    shape: String,
    length: usize,
    letters: RunLetters,
    is_hex: bool,
    /// Lines from one to the next.
    step: usize,
    is_numbered: bool,
    is_framed: bool,
    /// A hash of the words before most of them, when there are any.
    lead: Option<u64>,
}

impl<'a> ListEntries<'a> {
    pub fn of(mut pieces: Pieces<'a>) -> Self {
        let mut runs = pieces.runs();
        if has_narrow_columns(&pieces, &runs) {
            pieces.all.iter_mut().filter(|piece| piece.is_wide).for_each(|piece| piece.gap = PieceGap::Space);
            runs = pieces.runs();
        }
        let entries = runs
            .into_iter()
            .map(|run| ListEntry { run, fate: Fate::Aside, part: 0, is_marked_below: false, heading: None })
            .collect();
        let mut list = Self { pieces, entries, wrapped: None, is_lettered: false, used_cell: None };
        list.wrapped = list.wrapped_lines();
        if list.wrapped.is_some() {
            let whole = list.entries.iter_mut().filter(|entry| is_fragment(&list.pieces, &entry.run));
            whole.for_each(|entry| entry.fate = Fate::Code);
        } else if let Some(usual) = list.usual() {
            list.decide(&usual);
            list.take_second_list();
        }
        list.settle();
        list.take_lines_of_marks();
        list.part();
        list
    }

    /// Text that is the same but for numbers and single letters has the same hash.
    pub fn hash(&self, pieces: &[usize]) -> u64 {
        let mut hash = 0xCBF2_9CE4_8422_2325_u64;
        let mut add = |c: char| hash = (hash ^ u64::from(c)).wrapping_mul(0x100_0000_01B3);
        for index in pieces {
            let mut was_digit = false;
            let text = self.pieces.text_at(*index);
            let text = if text.len() == 1 { "0" } else { text };
            for c in text.chars() {
                if !(c.is_ascii_digit() && was_digit) {
                    add(if c.is_ascii_digit() { '0' } else { c });
                }
                was_digit = c.is_ascii_digit();
            }
            add(' ');
        }
        hash
    }

    /// The last word before a code: `code` of `My second code:`.
    fn hash_of_lead(&self, run: &Run) -> u64 {
        self.hash(run.lead.get(run.lead.len().saturating_sub(1)..).unwrap_or_default())
    }

    fn usual(&mut self) -> Option<Usual> {
        let mut scores: HashMap<&str, (usize, usize)> = HashMap::new();
        for ListEntry { run, .. } in &self.entries {
            let score = score(run);
            let (sum, length) = scores.entry(run.shape.as_str()).or_default();
            *sum += score;
            *length = run.length.max(*length);
        }
        let best =
            scores.into_iter().filter(|(_, (score, _))| *score > 0).max_by_key(|(shape, score)| (*score, *shape));
        let shape = best?.0.to_owned();
        let of_shape =
            || self.entries.iter().map(|entry| &entry.run).filter(|run| run.shape == shape && score(run) > 0);
        self.is_lettered = of_shape().all(|run| run.look == RunLook::Letters);
        let is_lettered = self.is_lettered;
        let sure = || of_shape().filter(move |run| is_lettered || run.look != RunLook::Letters);
        let count = sure().count();
        let mut letters = RunLetters::default();
        let mut is_hex = true;
        for run in sure() {
            for index in &run.groups {
                let part = self.pieces.letters(*index);
                letters.digits += part.digits;
                letters.lower += part.lower;
                letters.upper += part.upper;
                is_hex &= self.pieces.text_at(*index).bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
            }
        }
        let lines = || sure().map(|run| run.line);
        let steps = lines().zip(lines().skip(1)).map(|(line, next)| next - line).filter(|step| *step > 0);
        Some(Usual {
            length: most_common(sure().map(|run| run.length))?,
            letters,
            is_hex: is_hex && count > 3,
            step: steps.min().unwrap_or(1).min(3),
            is_numbered: self.is_numbering(),
            is_framed: count > 2 && sure().filter(|run| run.label.is_some() || run.is_framed).count() * 2 > count,
            lead: most_common(sure().map(|run| self.hash_of_lead(run)))
                .filter(|lead| sure().filter(|run| self.hash_of_lead(run) == *lead).count() * 2 >= count),
            shape,
        })
    }

    /// Whether the numbers of items go up, as those of a list do; some may be missing.
    fn is_numbering(&self) -> bool {
        let labels = self.pieces.all.iter().filter_map(|piece| piece.kind.number());
        let mut numbers: Vec<u32> = labels.chain(self.entries.iter().filter_map(|entry| entry.run.label)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let steps = numbers.iter().zip(numbers.iter().skip(1)).filter(|(before, after)| *before + 1 == **after).count();
        match numbers.as_slice() {
            [] => false,
            // One item alone is rarely far down a list.
            [only] => *only <= 20,
            [first, .., last] => {
                let is_short = *first < 3 && usize::try_from(*last).is_ok_and(|last| last <= 2 * numbers.len() + 1);
                is_short || steps * 2 >= numbers.len() - 1
            }
        }
    }

    fn decide(&mut self, usual: &Usual) {
        let of_shape = |run: &Run| run.shape == usual.shape;
        let sure: Vec<usize> = (self.entries.iter())
            .filter(|entry| of_shape(&entry.run) && score(&entry.run) > 0)
            .filter(|entry| self.is_lettered || entry.run.look != RunLook::Letters)
            .map(|entry| entry.run.line)
            .collect();
        let before =
            |at: usize| at.checked_sub(1).and_then(|before| self.entries.get(before)).map(|before| before.run.line);
        let is_first = |at: usize, run: &Run| before(at) != Some(run.line);
        let mut fates: Vec<Fate> = (self.entries.iter().enumerate())
            .map(|(at, ListEntry { run, .. })| self.fate(run, usual, &sure, is_first(at, run)))
            .collect();
        // A single code of digits in a sentence may be any number.
        let is_weak = |(fate, entry): (&Fate, &ListEntry)| {
            let digits = entry.run.groups.iter().map(|index| self.pieces.letters(*index).digits).sum::<usize>();
            let is_item = entry.run.is_framed || entry.run.label.is_some() || (entry.run.is_named && sure.len() > 1);
            let is_bare = !entry.run.is_clean && !is_item && !entry.run.lead.is_empty();
            *fate != Fate::Code || (is_bare && digits == entry.run.length)
        };
        // Neither is a shape usual that most do not have.
        let codes = fates.iter().zip(&self.entries).filter(|(fate, _)| **fate == Fate::Code);
        let (alike, other): (Vec<_>, Vec<_>) =
            codes.partition(|(_, entry)| of_shape(&entry.run) || entry.run.label.is_some());
        if fates.iter().zip(&self.entries).all(is_weak) || other.len() >= alike.len() {
            fates.iter_mut().filter(|fate| **fate == Fate::Code).for_each(|fate| *fate = Fate::Other);
        }
        self.entries.iter_mut().zip(fates).for_each(|(entry, fate)| entry.fate = fate);
    }

    fn fate(&self, run: &Run, usual: &Usual, sure: &[usize], is_first: bool) -> Fate {
        let is_of_shape = run.shape == usual.shape;
        let is_digits =
            run.groups.iter().all(|index| self.pieces.letters(*index).digits == self.pieces.letters(*index).length());
        let is_unlike = is_digits && (usual.letters.lower + usual.letters.upper) * 5 > usual.letters.digits;
        let is_alike = is_of_shape || (run.length == usual.length && !is_unlike);
        let is_numbered = usual.is_numbered && run.label.is_some();
        let leads = run.lead.is_empty() || Some(self.hash_of_lead(run)) == usual.lead || run.follows;
        let is_start = is_first && sure.first().is_none_or(|first| run.line <= *first);
        let starts_row = run.is_named && is_start && is_of_shape && (run.shares || has_line(sure, run.line + 1));
        let is_in_place = leads || starts_row;
        let is_beside = self.is_beside(run.line, sure, usual.step);
        let is_in_line = is_numbered || (usual.is_framed && run.is_framed);
        if run.look == RunLook::Letters && !self.is_lettered {
            return self.fate_of_letters(run, usual, sure, is_in_place && is_of_shape, is_in_line);
        }
        if self.is_lettered {
            let is_title = |index: &usize| {
                let part = self.pieces.letters(*index);
                part.upper == 1 && part.lower > 0
            };
            let is_word = run.groups.iter().any(is_title) || (sure.len() == 1 && run.length < 8);
            let is_marked = run.label.is_some() || run.is_framed || self.has_used(run);
            let is_code = is_alike && (run.is_clean || is_marked) && !run.is_heading && !is_word;
            return if is_code { Fate::Code } else { Fate::Aside };
        }
        if run.lead.iter().any(|index| self.pieces.text_at(*index).starts_with('+')) {
            return Fate::Aside;
        }
        let is_last_word = run.lead.len() <= 3 && run.notes.is_empty();
        if is_in_place && run.label.is_some() && !is_numbered {
            // `(030) 1234567`: what stands before it is no number of an item.
            return Fate::Other;
        }
        // With a sign too few or too many it is still one of them.
        let is_near = run.is_clean && is_beside && !is_unlike && run.length.abs_diff(usual.length) <= 2;
        if is_in_place && (is_in_line || is_alike || is_near) {
            Fate::Code
        } else if (run.is_clean && is_in_place)
            || (is_alike && (is_last_word || run.shares))
            || (is_in_place && is_beside && run.notes.len() < 3)
            // Codes of several accounts, each with its name.
            || (sure.len() < 3 && is_last_word && run.look == RunLook::Strong && (!is_digits || run.lead.len() < 3))
        {
            Fate::Other
        } else {
            Fate::Aside
        }
    }

    fn has_used(&self, run: &Run) -> bool {
        run.notes.iter().any(|index| marks::meaning(self.pieces.text_at(*index)) == Some(MarkMeaning::Used))
    }

    /// Whether the line before or after holds a code; with the blank lines that stand between all of them.
    fn is_beside(&self, line: usize, sure: &[usize], step: usize) -> bool {
        let is_blank = |line: usize| self.pieces.lines.get(line).is_some_and(Range::is_empty);
        let near = (line.saturating_sub(step)..=line + step)
            .filter(|near| near.abs_diff(line) <= 1 || near.abs_diff(line) == step);
        let between = |near: usize| (line.min(near) + 1..line.max(near)).all(is_blank);
        near.into_iter().any(|near| has_line(sure, near) && between(near))
    }

    /// Only letters among codes that have digits: one of them by chance, or a word.
    fn fate_of_letters(&self, run: &Run, usual: &Usual, sure: &[usize], is_alike: bool, is_in_line: bool) -> Fate {
        let has = |of: fn(&RunLetters) -> usize| run.groups.iter().any(|index| of(&self.pieces.letters(*index)) > 0);
        let is_of_case = (usual.letters.lower > 0 || !has(|part| part.lower))
            && (usual.letters.upper > 0 || !has(|part| part.upper));
        let is_hex = || {
            run.groups
                .iter()
                .all(|index| self.pieces.text_at(*index).bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'))
        };
        let is_of_alphabet = is_of_case && (!usual.is_hex || is_hex());
        if !is_alike || !is_of_alphabet || run.is_heading {
            return Fate::Aside;
        }
        if is_in_line {
            return Fate::Code;
        }
        if usual.is_framed {
            return Fate::Aside;
        }
        let is_within = sure.first() <= Some(&run.line) && sure.last() >= Some(&run.line);
        let is_beside = self.is_beside(run.line, sure, usual.step);
        let reads_like_words = run.groups.iter().any(|index| reads_like_word(self.pieces.text_at(*index)));
        let is_joined = run.groups.iter().any(|index| self.pieces.text_at(*index).contains('-'));
        // On a line with words that stand beside another code it is as clean.
        if !(run.is_clean || run.notes.is_empty() && run.lead.is_empty()) {
            return match (is_within || is_beside, self.has_used(run)) {
                (true, true) => Fate::Code,
                (true, false) | (false, true) => Fate::Other,
                (false, false) => Fate::Aside,
            };
        }
        if is_within || (is_beside && (is_joined || run.length <= 5 || !reads_like_words)) {
            Fate::Code
        } else {
            Fate::Other
        }
    }
}

/// Whether all that may be codes is too short for one, in columns: the columns may be groups.
fn has_narrow_columns(pieces: &Pieces<'_>, runs: &[Run]) -> bool {
    let first = |run: &Run| run.groups.first().and_then(|first| pieces.all.get(*first));
    let is_column = |run: &&Run| first(run).is_some_and(|first| first.is_wide) && run.label.is_none();
    let narrow = runs.iter().filter(|run| run.look == RunLook::Short && run.groups.len() == 1 && run.shares).count();
    narrow > 1 && narrow == runs.len() && runs.iter().filter(is_column).count() * 2 >= narrow
}

/// Whether a run can be a line of a code that takes several.
pub(super) fn is_fragment(pieces: &Pieces<'_>, run: &Run) -> bool {
    let is_part = |text: &str| text.contains('-') || text.bytes().all(|byte| byte.is_ascii_hexdigit());
    run.is_clean && (run.look != RunLook::Letters || run.groups.iter().any(|index| is_part(pieces.text_at(*index))))
}

pub(super) fn has_line(lines: &[usize], line: usize) -> bool {
    lines.binary_search(&line).is_ok()
}

/// How much a run says about the shape of the codes.
fn score(run: &Run) -> usize {
    match (run.look, run.is_clean) {
        (RunLook::Strong, true) => 8,
        (RunLook::Strong, false) => 2,
        (RunLook::Short, true) => 3,
        (RunLook::Letters, true) => 1,
        (RunLook::Short | RunLook::Letters, false) => 0,
    }
}

/// The most common one; of several the one that comes first.
pub(super) fn most_common<T: PartialEq + Eq + std::hash::Hash + Copy>(all: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: HashMap<T, (usize, usize)> = HashMap::new();
    for (at, one) in all.enumerate() {
        counts.entry(one).or_insert((0, usize::MAX - at)).0 += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(one, _)| one)
}

/// Whether letters can be spoken: vowels among them, and no more than three other letters in a row.
pub(super) fn reads_like_word(text: &str) -> bool {
    let is_vowel = |c: char| "aeiouy".contains(c.to_ascii_lowercase());
    let vowels = text.chars().filter(|c| is_vowel(*c)).count();
    let longest = text.split(is_vowel).map(str::len).max().unwrap_or(0);
    vowels * 5 >= text.len() && longest <= 3
}
