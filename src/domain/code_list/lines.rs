//! What lines around codes say: where a list ends and another begins, which column or heading marks codes as used, which lines go on.

use std::collections::HashMap;
use std::ops::Range;

use super::list::{Fate, ListEntries, ListEntry, has_line, is_fragment, most_common};
use super::marks::{self, HeadingMeaning, MarkMeaning};
use super::numbers::number_of;
use super::pieces::PieceKind;
use super::runs::Run;

impl ListEntries<'_> {
    /// What is no code beside one is a note, and no other code of the line.
    pub(super) fn settle(&mut self) {
        let kept: Vec<usize> =
            self.entries.iter().filter(|entry| entry.fate != Fate::Aside).map(|entry| entry.run.line).collect();
        let mut open: (usize, Vec<usize>) = (0, Vec::new());
        let mut last: Option<usize> = None;
        for at in 0..self.entries.len() {
            let before = last.and_then(|last| self.entries.get(last)).map(|before| before.run.line);
            let Some(entry) = self.entries.get_mut(at) else { continue };
            let line = entry.run.line;
            if entry.fate == Fate::Aside {
                let Run { lead, groups, notes, .. } = &mut entry.run;
                let beside: Vec<usize> = lead.drain(..).chain(groups.iter().copied()).chain(notes.drain(..)).collect();
                match last.filter(|_| before == Some(line)).and_then(|last| self.entries.get_mut(last)) {
                    Some(code) => code.run.notes.extend(beside),
                    None if open.0 == line => open.1.extend(beside),
                    None => open = (line, beside),
                }
            } else {
                let range = kept.partition_point(|other| *other < line)..kept.partition_point(|other| *other <= line);
                entry.run.shares = range.len() > 1;
                if open.0 == line {
                    entry.run.notes.splice(0..0, open.1.drain(..));
                }
                last = Some(at);
            }
        }
    }

    /// Codes of another shape under a heading of their own.
    pub(super) fn take_second_list(&mut self) {
        if self.entries.iter().all(|entry| entry.fate != Fate::Code) {
            return;
        }
        let blocks = self.blocks();
        let mut shapes: HashMap<usize, Option<Vec<&str>>> = HashMap::new();
        for (entry, block) in self.entries.iter().zip(&blocks) {
            let of_block = shapes.entry(*block).or_insert_with(|| Some(Vec::new()));
            match entry.fate {
                Fate::Code => *of_block = None,
                Fate::Other => of_block.iter_mut().for_each(|shapes| shapes.push(&entry.run.shape)),
                Fate::Aside => {}
            }
        }
        let is_list = |shapes: Vec<&str>| {
            let common = most_common(shapes.iter().copied());
            shapes.iter().filter(|shape| Some(**shape) == common).count() > 1
        };
        let second: Vec<usize> = shapes
            .into_iter()
            .filter(|(_, shapes)| shapes.clone().is_some_and(is_list))
            .map(|(block, _)| block)
            .collect();
        for (entry, block) in self.entries.iter_mut().zip(&blocks) {
            if entry.fate == Fate::Other && second.contains(block) {
                entry.fate = Fate::Code;
            }
        }
    }

    /// For each entry how many times words stood on lines between codes before it.
    pub(super) fn blocks(&self) -> Vec<usize> {
        let mut block = 0;
        let mut last: Option<usize> = None;
        let is_kept = |entry: &&ListEntry| entry.fate != Fate::Aside;
        let lines: Vec<usize> = self.entries.iter().filter(is_kept).map(|entry| entry.run.line).collect();
        let mut block_of = |entry: &ListEntry| {
            if entry.fate != Fate::Aside {
                let mut between = last.map_or(0..0, |last| last + 1..entry.run.line);
                block += usize::from(between.any(|line| !has_line(&lines, line) && self.has_words(line)));
                last = Some(entry.run.line);
            }
            block
        };
        self.entries.iter().map(&mut block_of).collect()
    }

    /// Words on a line, but not only a number, or whether the code before was used.
    pub(super) fn has_words(&self, line: usize) -> bool {
        let is_number = self.words(line).count() == 1
            && self.words(line).all(|index| number_of(self.pieces.text_at(index)).is_some());
        self.words(line).next().is_some()
            && !is_number
            && self.mark_of_line(line).is_none()
            && !self.is_line_of_marks(line)
    }

    /// Words on a line without anything that may be a code.
    pub(super) fn is_heading(&self, line: usize) -> bool {
        self.has_words(line) && !self.has_code(line)
    }

    pub(super) fn words(&self, line: usize) -> impl Iterator<Item = usize> {
        let pieces = self.pieces.lines.get(line).cloned().unwrap_or_default();
        pieces.filter(|index| {
            self.pieces.all.get(*index).is_some_and(|piece| matches!(piece.kind, PieceKind::Word | PieceKind::Part))
        })
    }

    /// `"used": true` on a line of its own, as programs write it.
    pub(super) fn mark_of_line(&self, line: usize) -> Option<[usize; 2]> {
        let mut words = self.words(line);
        let (first, second, more) = (words.next()?, words.next()?, words.next());
        let meaning = |index| marks::meaning(self.pieces.text_at(index));
        let is_mark = meaning(first) == Some(MarkMeaning::Used)
            && matches!(meaning(second), Some(MarkMeaning::Yes | MarkMeaning::No));
        (is_mark && more.is_none()).then_some([first, second])
    }

    /// Whether a line holds something that may be a code.
    fn has_code(&self, line: usize) -> bool {
        let from = self.entries.partition_point(|entry| entry.run.line < line);
        let mut of_line = self.entries.iter().skip(from).take_while(|entry| entry.run.line == line);
        of_line.any(|entry| entry.fate != Fate::Aside)
    }

    /// `used` alone on the line below a code, and no heading.
    pub(super) fn is_line_of_marks(&self, line: usize) -> bool {
        let is_used = |index| marks::meaning(self.pieces.text_at(index)) == Some(MarkMeaning::Used);
        let pieces = self.pieces.lines.get(line).cloned().unwrap_or_default();
        let is_named =
            pieces.clone().any(|index| self.pieces.all.get(index).is_some_and(|piece| piece.kind == PieceKind::Colon));
        let is_below = line.checked_sub(1).is_some_and(|above| self.has_code(above));
        is_below
            && !is_named
            && !pieces.is_empty()
            && self.words(line).count() == pieces.len()
            && self.words(line).all(is_used)
    }

    pub(super) fn take_lines_of_marks(&mut self) {
        let codes: Vec<(usize, usize)> = (self.entries.iter().enumerate())
            .filter(|(_, entry)| entry.fate == Fate::Code)
            .map(|(index, entry)| (index, entry.run.line))
            .collect();
        for (at, (index, line)) in codes.iter().enumerate() {
            let next = codes.get(at + 1).map_or(self.pieces.lines.len(), |(_, line)| *line);
            let is_marked_below = line + 1 != next && self.is_line_of_marks(line + 1);
            let marks: Vec<usize> = (line + 1..next).filter_map(|line| self.mark_of_line(line)).flatten().collect();
            if let Some(entry) = self.entries.get_mut(*index) {
                entry.run.notes.extend(&marks);
                entry.is_marked_below = is_marked_below;
            }
        }
    }

    /// Numbers of items between those of codes, on which no code was found.
    pub fn missing(&self) -> Vec<u32> {
        let codes = || self.entries.iter().filter(|entry| entry.fate == Fate::Code).map(|entry| &entry.run);
        let mut numbers: Vec<u32> =
            self.entries.iter().filter(|entry| entry.fate != Fate::Aside).filter_map(|entry| entry.run.label).collect();
        numbers.sort_unstable();
        let lines = codes().map(|run| run.line).min().unwrap_or(0)..=codes().map(|run| run.line).max().unwrap_or(0);
        let is_within = |number: &u32| numbers.first() < Some(number) && Some(number) < numbers.last();
        let mut missing: Vec<u32> = (self.pieces.all.iter())
            .filter(|piece| lines.contains(&piece.line))
            .filter_map(|piece| piece.kind.number())
            .filter(|number| is_within(number) && numbers.binary_search(number).is_err())
            .collect();
        // Numbers that stand nowhere, in a list that is numbered otherwise.
        numbers.dedup();
        if codes().all(|run| run.label.is_some()) && numbers.len() > 1 {
            let all = 1..numbers.last().copied().unwrap_or(0);
            let absent = all.filter(|number| numbers.binary_search(number).is_err());
            // Where more are absent than there, they count something else.
            let absent: Vec<u32> = absent.take(numbers.len() + 1).collect();
            missing.extend(absent.iter().filter(|_| absent.len() <= numbers.len()));
        }
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    /// Tells several lists apart: numbers that begin anew, or headings between. Headings can say that codes were used instead.
    pub(super) fn part(&mut self) {
        let blocks = self.blocks();
        let codes: Vec<usize> =
            (0..).zip(&self.entries).filter(|(_, entry)| entry.fate == Fate::Code).map(|(at, _)| at).collect();
        let entry = |at: &usize| self.entries.get(*at);
        let is_numbered = codes.iter().filter_map(entry).all(|entry| entry.run.label.is_some());
        let mut seen: HashMap<u32, usize> = HashMap::new();
        let mut parts = Vec::with_capacity(codes.len());
        let mut headings = Vec::with_capacity(codes.len());
        let mut last = None;
        for at in &codes {
            let (Some(entry), Some(block)) = (entry(at), blocks.get(*at)) else { continue };
            let times = seen.entry(entry.run.label.unwrap_or_default()).or_default();
            parts.push(if is_numbered { *times } else { *block });
            *times += 1;
            let heading = match (headings.last(), last) {
                (Some(before), Some((of, _))) if of == block => *before,
                (_, last) => self.heading(last.map_or(0, |(_, line)| line + 1)..entry.run.line),
            };
            headings.push(heading);
            last = Some((block, entry.run.line));
        }
        // Where each code has a line of its own behind it that says so, it is said of the code above.
        if headings.first() == Some(&None) && codes.len() > 1 {
            let lines: Vec<usize> = codes.iter().filter_map(entry).map(|entry| entry.run.line).collect();
            let ends = lines.iter().skip(1).copied().chain([self.pieces.lines.len()]);
            let mut behind: Vec<_> = lines.iter().zip(ends).map(|(line, end)| self.heading(line + 1..end)).collect();
            if behind.iter().all(Option::is_some) {
                // Beside one that was not used the others were.
                if behind.contains(&Some(HeadingMeaning::Unused)) {
                    let perhaps = behind.iter_mut().filter(|said| **said == Some(HeadingMeaning::PerhapsUsed));
                    perhaps.for_each(|said| *said = Some(HeadingMeaning::Used));
                }
                headings = behind;
            }
        }
        let mut sizes: HashMap<usize, usize> = HashMap::new();
        for part in &parts {
            *sizes.entry(*part).or_default() += 1;
        }
        // One code under each of many headings is a list with details.
        let is_one = (sizes.len() > 2 && sizes.values().all(|size| *size == 1)) || headings.iter().any(Option::is_some);
        let mut order: Vec<usize> = sizes.into_keys().collect();
        order.sort_unstable();
        for ((at, part), heading) in codes.iter().zip(parts).zip(headings) {
            let Some(entry) = self.entries.get_mut(*at) else { continue };
            entry.part = if is_one { 0 } else { order.binary_search(&part).unwrap_or(0) };
            entry.heading = heading;
        }
        let first = codes.first().and_then(|at| self.entries.get(*at)).map(|entry| entry.run.line);
        self.used_cell = first.and_then(|line| self.used_cell_above(line));
    }

    /// What a short heading on the last line of words says: `Used:`, `Not used`.
    pub(super) fn heading(&self, lines: Range<usize>) -> Option<HeadingMeaning> {
        let line = lines.rev().find(|line| self.is_heading(*line))?;
        if self.pieces.all.get(self.words(line).last()?)?.cell > 0 {
            return None;
        }
        let meanings: Vec<Option<MarkMeaning>> =
            self.words(line).take(4).map(|word| marks::meaning(self.pieces.text_at(word))).collect();
        let has = |meaning| meanings.contains(&Some(meaning));
        if meanings.len() > 3 {
            None
        } else if has(MarkMeaning::Unused) || (has(MarkMeaning::Used) && has(MarkMeaning::Not)) {
            Some(HeadingMeaning::Unused)
        } else if has(MarkMeaning::Used) {
            let is_plain = self.words(line).all(|word| marks::says_used(self.pieces.text_at(word)));
            Some(if is_plain { HeadingMeaning::Used } else { HeadingMeaning::PerhapsUsed })
        } else {
            None
        }
    }

    /// The column that the line of headings of a table names so.
    pub(super) fn used_cell_above(&self, first: usize) -> Option<usize> {
        let header = (0..first).rev().find(|line| self.is_heading(*line))?;
        let pieces = || self.words(header).filter_map(|index| self.pieces.all.get(index));
        let has_cells = pieces().any(|piece| piece.cell > pieces().next().map_or(0, |first| first.cell));
        let used = pieces().find(|piece| marks::meaning(self.pieces.text(piece)) == Some(MarkMeaning::Used))?;
        has_cells.then_some(used.cell)
    }

    /// How many lines one code takes, when lines of one length are each followed by a shorter one.
    pub(super) fn wrapped_lines(&self) -> Option<usize> {
        /// No code of this length is cut for its own sake.
        const LONG: usize = 16;
        let runs: Vec<&Run> =
            self.entries.iter().map(|entry| &entry.run).filter(|run| is_fragment(&self.pieces, run)).collect();
        let is_row = runs.iter().zip(runs.iter().skip(1)).all(|(run, next)| run.line + 1 == next.line);
        if !is_row || runs.iter().any(|run| run.label.is_some() || run.is_framed || run.shares) {
            return None;
        }
        // With spaces between groups only a single code, of short groups with letters.
        let spaced = || runs.iter().filter(|run| run.groups.len() > 1).flat_map(|run| &run.groups);
        let is_short = |index: &usize| self.pieces.text_at(*index).len() <= 6;
        let has_letters =
            spaced().any(|index| self.pieces.letters(*index).digits < self.pieces.letters(*index).length());
        let is_spaced = spaced().next().is_some();
        if is_spaced && !(has_letters && spaced().all(is_short)) {
            return None;
        }
        let lengths: Vec<usize> = runs.iter().map(|run| self.span(run)).collect();
        let first = *lengths.first().filter(|length| **length >= LONG)?;
        let is_period = |period: &usize| {
            let end = lengths.get(period - 1);
            lengths.len().is_multiple_of(*period)
                && lengths.chunks(*period).all(|lines| match lines.split_last() {
                    Some((last, before)) => {
                        before.iter().all(|length| *length == first) && Some(last) == end && last + 4 <= first
                    }
                    None => false,
                })
        };
        (2..=4).find(is_period).filter(|period| !is_spaced || *period == runs.len())
    }

    /// How many characters a run takes.
    pub(super) fn span(&self, run: &Run) -> usize {
        run.groups.iter().map(|index| self.pieces.text_at(*index).len() + 1).sum::<usize>().saturating_sub(1)
    }
}
