//! Runs: parts of a line that may be one code, or several with a space between, and what stands beside them.

use std::ops::Range;

use super::beside::TextBeside;
use super::marks::{self, MarkMeaning};
use super::numbers::number_of;
use super::pieces::{ListPiece, PieceGap, PieceKind, Pieces};
use super::scan::{is_even, shape_of};

/// Fewer letters and digits are no code, and more none that anybody types.
pub(super) const SHORTEST: usize = 4;
pub(super) const LONGEST: usize = 128;

/// How much a run looks like a code by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RunLook {
    Strong,
    /// Four or five letters and digits: as well a year.
    Short,
    /// Only letters: as well words.
    Letters,
}

#[allow(clippy::struct_excessive_bools)]
pub(super) struct Run {
    pub line: usize,
    /// Its pieces, one or more.
    pub groups: Vec<usize>,
    /// A hyphen at the end of a line joined it: it is one code.
    pub is_whole: bool,
    pub label: Option<u32>,
    /// A number in the cell before it, that may be one of a list.
    pub number: Option<u32>,
    /// A bullet, a box or a quote stands before it.
    pub is_framed: bool,
    /// Another run stands on the line, in another cell.
    pub shares: bool,
    /// Signs that end a cell stand on the line.
    pub in_cell: bool,
    /// Words before it in its cell.
    pub lead: Vec<usize>,
    /// A colon stands before it.
    pub is_named: bool,
    /// It goes on a row of codes in the same cell.
    pub follows: bool,
    /// A colon stands behind it: more likely a heading.
    pub is_heading: bool,
    /// All else beside it: words behind it, marks, other cells.
    pub notes: Vec<usize>,
    /// Its line holds nothing else than codes and marks.
    pub is_clean: bool,
    pub look: RunLook,
    /// Letters and digits.
    pub length: usize,
    /// Lengths of its groups: `4*` for one or more of four, `5-5`, `4 4 2`. Nothing secret.
    pub shape: String,
}

/// What a part is made of.
#[derive(Clone, Copy, Default)]
pub(super) struct RunLetters {
    pub digits: usize,
    pub lower: usize,
    pub upper: usize,
    /// Lower before upper: a word has one at most.
    pub humps: usize,
}

impl RunLetters {
    pub fn of(text: &str) -> Self {
        let mut found = Self::default();
        let mut before = ' ';
        for c in text.chars() {
            found.digits += usize::from(c.is_ascii_digit());
            found.lower += usize::from(c.is_ascii_lowercase());
            found.upper += usize::from(c.is_ascii_uppercase());
            found.humps += usize::from(before.is_ascii_lowercase() && c.is_ascii_uppercase());
            before = c;
        }
        found
    }

    pub fn length(self) -> usize {
        self.digits + self.lower + self.upper
    }
}

impl Pieces<'_> {
    pub fn letters(&self, index: usize) -> RunLetters {
        self.all.get(index).map_or_else(RunLetters::default, |piece| RunLetters::of(self.text(piece)))
    }

    pub fn text_at(&self, index: usize) -> &str {
        self.all.get(index).map_or("", |piece| self.text(piece))
    }

    /// Whether a piece is text that is no part of a code, and says nothing about its use.
    pub fn is_word(&self, index: usize) -> bool {
        self.all.get(index).is_some_and(|piece| {
            let text = self.text(piece);
            matches!(piece.kind, PieceKind::Word | PieceKind::Part | PieceKind::Sign)
                && (marks::meaning(text).is_none() || number_of(text).is_some())
        })
    }

    /// All runs of the text, in order.
    pub fn runs(&mut self) -> Vec<Run> {
        for line in self.lines.clone() {
            self.take_numbers_of_row(line);
        }
        let has_letters = self.codes_have_letters();
        let mut runs = Vec::new();
        for line in &self.lines {
            let first = runs.len();
            self.runs_of_line(line.clone(), has_letters, &mut runs);
            let of_line = runs.get_mut(first..).unwrap_or_default();
            let words = line.clone().filter(|index| self.is_word(*index)).count();
            let in_runs = of_line.iter().flat_map(|run| &run.groups).filter(|index| self.is_word(**index)).count();
            let is_clean = words == in_runs;
            for run in of_line {
                run.is_clean = is_clean;
            }
        }
        self.join_broken(&mut runs);
        self.take_numbers(&mut runs);
        self.count_words(&mut runs);
        runs
    }

    /// Whether there are letters beside digits in more than a few of what may be codes: else a word among digits is a word.
    fn codes_have_letters(&self) -> bool {
        let (mut mixed, mut digits) = (0, 0);
        for piece in self.all.iter().filter(|piece| piece.kind == PieceKind::Part && piece.range.len() >= SHORTEST) {
            let letters = RunLetters::of(self.text(piece));
            let is_mixed = letters.digits > 0 && letters.digits < letters.length();
            mixed += usize::from(is_mixed);
            digits += usize::from(letters.digits == letters.length());
        }
        mixed * 3 >= digits
    }

    fn runs_of_line(&self, line: Range<usize>, has_letters: bool, runs: &mut Vec<Run>) {
        let first = runs.len();
        let mut beside = TextBeside::default();
        let mut at = line.start;
        while at < line.end {
            let cell_end = (at + 1..line.end)
                .find(|index| self.all.get(*index).is_some_and(|piece| piece.gap == PieceGap::Cell))
                .unwrap_or(line.end);
            let found = self.sequences(at..cell_end, has_letters);
            let has_runs_before = runs.len() > first;
            if found.is_empty() && has_runs_before {
                if let Some(run) = runs.last_mut() {
                    run.notes.extend((at..cell_end).filter(|index| self.is_note(*index)));
                }
            } else if found.is_empty() {
                // A number, a box or a word in a cell before the code.
                beside.add(self, at..cell_end);
                beside.end_cell(self, at..cell_end);
            } else {
                self.runs_of_cell(at..cell_end, &found, &mut beside, runs);
            }
            at = cell_end;
        }
        let of_line = runs.get_mut(first..).unwrap_or_default();
        let shares = of_line.len() > 1;
        let in_cell = line.clone().next_back().and_then(|last| self.all.get(last)).is_some_and(|last| last.cell > 0);
        for run in of_line {
            run.shares = shares;
            run.in_cell = in_cell;
        }
    }

    fn runs_of_cell(&self, cell: Range<usize>, found: &[Range<usize>], beside: &mut TextBeside, runs: &mut Vec<Run>) {
        let mut at = cell.start;
        let mut marks_come_first = false;
        let mut name = None;
        for (number, groups) in found.iter().enumerate() {
            let between = at..groups.start;
            at = groups.end;
            let label = between
                .clone()
                .rev()
                .find(|index| self.all.get(*index).is_some_and(|piece| matches!(piece.kind, PieceKind::Label(_))));
            let mut follows = false;
            if number == 0 {
                name = between.clone().rev().find(|index| self.is_word(*index)).map(|index| self.text_at(index));
                marks_come_first = between.clone().any(|index| self.is_note(index) && !self.is_word(index));
                beside.add(self, between);
            } else if let Some(label) = label {
                // `Code 2:` behind a comma, or as it stood before the first code.
                let is_cut = |index: &usize| self.all.get(*index).is_some_and(|piece| piece.gap == PieceGap::Cut);
                let is_name = |index: &usize| self.is_word(*index) && Some(self.text_at(*index)) == name;
                let own = (between.start..=label)
                    .rev()
                    .find(is_cut)
                    .filter(|own| (*own..label).all(|index| self.is_word(index)));
                let own =
                    own.or_else(|| label.checked_sub(1).filter(|before| between.contains(before) && is_name(before)));
                let own = own.unwrap_or(label);
                let notes: Vec<usize> = (between.start..own).filter(|index| self.is_note(*index)).collect();
                runs.last_mut().into_iter().for_each(|run| run.notes.extend(&notes));
                beside.add(self, own..between.end);
            } else {
                // `and` between two codes says nothing about them.
                let notes: Vec<usize> = between.clone().filter(|index| self.is_note(*index)).collect();
                let words: Vec<usize> = notes.iter().filter(|index| self.is_word(**index)).copied().collect();
                let is_and = words.len() == 1 && notes.len() == 1;
                let own = notes.last().map_or(between.start, |last| last + 1);
                let is_cut = (own..=groups.start)
                    .any(|index| self.all.get(index).is_some_and(|piece| piece.gap == PieceGap::Cut));
                follows = is_cut || words.len() <= 1;
                if marks_come_first || notes.is_empty() {
                    beside.add(self, between);
                } else if !is_and {
                    runs.last_mut().into_iter().for_each(|run| run.notes.extend(&notes));
                    beside.lead.extend(words.iter().filter(|_| !is_cut));
                    beside.add(self, own..between.end);
                }
            }
            if let Some(first) = self.all.get(groups.start) {
                beside.is_framed |= first.is_quoted;
                let TextBeside { label, number, is_framed, is_named, lead, notes } = std::mem::take(beside);
                let mut run = Run {
                    line: first.line,
                    groups: groups.clone().collect(),
                    is_whole: false,
                    label,
                    number,
                    is_framed,
                    shares: false,
                    in_cell: false,
                    lead,
                    is_named,
                    follows,
                    is_heading: false,
                    notes,
                    is_clean: false,
                    look: RunLook::Letters,
                    length: 0,
                    shape: String::new(),
                };
                self.measure(&mut run);
                runs.push(run);
            }
        }
        if let Some(last) = runs.last_mut() {
            last.is_heading = self.all.get(at).is_some_and(|piece| at < cell.end && piece.kind == PieceKind::Colon);
            // A sentence behind it is no note.
            let sentence = (at..cell.end).find(|index| self.all.get(*index).is_some_and(|piece| piece.is_sentence));
            let end = sentence.filter(|start| cell.end - start > 2).unwrap_or(cell.end);
            last.notes.extend((at..end).filter(|index| self.is_note(*index)));
        }
    }

    fn is_note(&self, index: usize) -> bool {
        self.all.get(index).is_some_and(|piece| match piece.kind {
            PieceKind::Part
            | PieceKind::Word
            | PieceKind::Tick
            | PieceKind::Filled
            | PieceKind::Box
            | PieceKind::Sign => true,
            PieceKind::Label(_) | PieceKind::Bullet | PieceKind::Colon => false,
        })
    }

    /// Parts of a cell that stand close together, without the words among them.
    fn sequences(&self, cell: Range<usize>, has_letters: bool) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = cell.start;
        while at < cell.end {
            if self.all.get(at).is_none_or(|piece| piece.kind != PieceKind::Part) {
                at += 1;
                continue;
            }
            let end = (at + 1..cell.end).find(|index| !self.joins(*index)).unwrap_or(cell.end);
            self.without_words(at..end, has_letters, &mut found);
            at = end;
        }
        found.retain(|groups| self.may_be_codes(groups.clone()));
        self.drop_words(&cell, &mut found);
        found
    }

    /// Letters beside other text are words, unless signs set them off on both sides.
    fn drop_words(&self, cell: &Range<usize>, found: &mut Vec<Range<usize>>) {
        let is_apart = |piece: &ListPiece, gap: PieceGap| match piece.kind {
            PieceKind::Label(_) | PieceKind::Bullet | PieceKind::Tick | PieceKind::Filled | PieceKind::Box => true,
            PieceKind::Part | PieceKind::Word => gap > PieceGap::Dash || marks::meaning(self.text(piece)).is_some(),
            PieceKind::Sign => gap > PieceGap::Dash,
            PieceKind::Colon => false,
        };
        found.retain(|groups| {
            let before = groups
                .start
                .checked_sub(1)
                .filter(|before| *before >= cell.start)
                .and_then(|before| self.all.get(before));
            let after = self.all.get(groups.end).filter(|_| groups.end < cell.end);
            let gap = self.all.get(groups.start).map_or(PieceGap::Cell, |first| first.gap);
            // `Code` in `Code 2:` belongs to the number behind it.
            let is_item = before.is_some_and(|before| matches!(before.kind, PieceKind::Label(_)));
            let is_name = after.is_some_and(|after| matches!(after.kind, PieceKind::Label(_))) && !is_item;
            groups.clone().any(|index| self.is_code(index))
                || (!is_name
                    && before.is_none_or(|before| is_apart(before, gap))
                    && after.is_none_or(|after| is_apart(after, after.gap)))
        });
    }

    /// Whether a part belongs to the part before it.
    fn joins(&self, index: usize) -> bool {
        self.all.get(index).is_some_and(|piece| {
            let is_even = || self.letters(index).length() == self.letters(index - 1).length();
            piece.kind == PieceKind::Part && (piece.gap < PieceGap::Dash || (piece.gap == PieceGap::Dash && is_even()))
        })
    }

    fn without_words(&self, parts: Range<usize>, has_letters: bool, found: &mut Vec<Range<usize>>) {
        let is_used = |index: usize| marks::meaning(self.text_at(index)) == Some(MarkMeaning::Used);
        let all: Vec<RunLetters> =
            parts.clone().filter(|index| !is_used(*index)).map(|index| self.letters(index)).collect();
        let has_digits = all.iter().any(|part| part.digits > 0);
        let is_one_case = all.iter().all(|part| part.lower == 0) || all.iter().all(|part| part.upper == 0);
        let is_even = all.iter().all(|part| Some(part.length()) == all.first().map(|first| first.length()));
        let is_one = all.len() == 1 || (is_one_case && is_even && (has_letters || !has_digits));
        let is_word = |index: usize| is_used(index) || (!is_one && !self.is_code(index));
        let mut start = parts.start;
        for index in parts.clone() {
            if is_word(index) {
                found.push(start..index);
                start = index + 1;
            }
        }
        found.push(start..parts.end);
    }

    /// Whether a part is no plain word: it has digits, capitals inside, or groups of one length.
    fn is_code(&self, index: usize) -> bool {
        let letters = self.letters(index);
        letters.digits > 0 || letters.humps > 1 || is_even(self.text_at(index))
    }

    fn may_be_codes(&self, groups: Range<usize>) -> bool {
        let length: usize = groups.clone().map(|index| self.letters(index).length()).sum();
        let is_longer = groups.clone().any(|index| self.text_at(index).len() > LONGEST);
        // Single digits with spaces between.
        let is_apart = length == groups.len() && length < 6;
        length >= SHORTEST && !is_apart && !is_longer && !self.is_date(groups)
    }

    /// `28 2026` or `28 11 2026`: what is left of a date.
    fn is_date(&self, groups: Range<usize>) -> bool {
        let is_of = |index: usize, lengths: &[usize], values: Range<u32>| {
            let text = self.text_at(index);
            lengths.contains(&text.len()) && text.parse().is_ok_and(|value: u32| values.contains(&value))
        };
        let years = groups.clone().filter(|index| is_of(*index, &[4], 1970..2200)).count();
        let days = groups.clone().filter(|index| is_of(*index, &[1, 2], 1..32)).count();
        years == 1 && (1..=2).contains(&days) && years + days == groups.len()
    }

    pub fn measure(&self, run: &mut Run) {
        let parts: Vec<RunLetters> = run.groups.iter().map(|index| self.letters(*index)).collect();
        let sum = |of: fn(&RunLetters) -> usize| parts.iter().map(of).sum::<usize>();
        let (digits, humps) = (sum(|part| part.digits), sum(|part| part.humps));
        run.length = sum(|part| part.length());
        let is_joined = |index: &usize| {
            let text = self.text_at(*index);
            is_even(text) || text.split('-').count() > 3
        };
        run.look = if digits == 0 && humps < 2 && !run.groups.iter().any(is_joined) {
            RunLook::Letters
        } else if run.length < 6 {
            RunLook::Short
        } else {
            RunLook::Strong
        };
        let shapes: Vec<String> = run.groups.iter().map(|index| shape_of(self.text_at(*index))).collect();
        run.shape = match shapes.as_slice() {
            [first, rest @ ..] if rest.iter().all(|shape| shape == first) => format!("{first}*"),
            all => all.join(" "),
        };
    }

    /// Joins what a hyphen at the end of a line says goes on in the next one.
    fn join_broken(&self, runs: &mut Vec<Run>) {
        let last = |run: &Run| {
            run.groups.last().and_then(|index| self.all.get(*index)).map(|piece| (piece.line, piece.goes_on))
        };
        // When all end so, it is how they are printed.
        if runs.iter().all(|run| last(run).is_some_and(|(_, goes_on)| goes_on == Some('-'))) {
            return;
        }
        let mut joined: Vec<Run> = Vec::with_capacity(runs.len());
        for run in runs.drain(..) {
            let is_first = self.lines.get(run.line).is_some_and(|line| run.groups.first() == Some(&line.start));
            let follows = |before: &Run| {
                is_first && last(before).is_some_and(|(line, goes_on)| goes_on == Some('-') && line + 1 == run.line)
            };
            if let Some(before) = joined.last_mut().filter(|before| follows(before)) {
                before.groups.extend(run.groups);
                before.is_whole = true;
                before.notes.extend(run.notes);
                before.is_clean &= run.is_clean;
                self.measure(before);
            } else {
                joined.push(run);
            }
        }
        *runs = joined;
    }
}
