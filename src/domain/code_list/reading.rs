//! What a list can be read as: how many lines and groups make one code, and which codes carry a mark.

use std::ops::Range;

use zeroize::Zeroizing;

use super::list::{Fate, ListEntries, ListEntry, most_common, reads_like_word};
use super::marks::{self, HeadingMeaning, MarkMeaning};
use super::pieces::PieceKind;
use super::runs::Run;
use super::{Answers, ListPart, ListedCode};
use crate::domain::secret::SecretText;

/// One way to read a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ListChoice {
    pub part: ListPart,
    pub has_others: bool,
    /// Runs on lines of their own that make one code.
    pub lines: usize,
    /// Groups with a space between that make one code, when `lines` is 1.
    pub groups: usize,
    pub codes: usize,
}

/// What stands beside a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum UseMark {
    Nothing,
    Used,
    /// A tick or a cross, by its sign.
    Tick(u64),
    /// Other text, by its hash.
    Text(u64),
}

impl ListEntries<'_> {
    /// All ways that the answers leave, the likeliest first. The count is not looked at.
    pub fn choices(&self, answers: &Answers) -> Vec<ListChoice> {
        let parts =
            self.entries.iter().filter(|entry| entry.fate == Fate::Code).map(|entry| entry.part).max().unwrap_or(0);
        let mut choices = Vec::new();
        let only = (0..=parts).filter(|_| parts > 0).map(ListPart::Only);
        for part in std::iter::once(ListPart::All).chain(only) {
            let of_part = self.chosen(part, true);
            let others = of_part.iter().filter(|entry| entry.fate == Fate::Other).count();
            let is_all = others == of_part.len();
            for has_others in [is_all, !is_all].into_iter().take(1 + usize::from(others > 0)) {
                let entries = self.chosen(part, has_others);
                for (lines, groups) in self.splits(&entries, answers.groups) {
                    let codes = count(&entries, lines, groups);
                    choices.push(ListChoice { part, has_others, lines, groups, codes });
                }
            }
        }
        let mut keep = |is_answer: &dyn Fn(&ListChoice) -> bool| {
            if choices.iter().any(is_answer) {
                choices.retain(is_answer);
            }
        };
        if let Some(part) = answers.part {
            keep(&|choice| choice.part == part);
        }
        if let Some(others) = answers.others {
            keep(&|choice| choice.has_others == others);
        }
        if let Some(lines) = answers.lines {
            keep(&|choice| choice.lines == lines);
        }
        if let Some(groups) = answers.groups {
            keep(&|choice| choice.groups == groups);
        }
        choices
    }

    /// The entries of a choice, in the order in which the service means them.
    fn chosen(&self, part: ListPart, has_others: bool) -> Vec<&ListEntry> {
        let is_chosen = |entry: &&ListEntry| {
            let is_of_part = match part {
                ListPart::All => true,
                ListPart::Only(part) => entry.part == part,
            };
            is_of_part && (entry.fate == Fate::Code || (has_others && entry.fate == Fate::Other))
        };
        let mut chosen: Vec<&ListEntry> = self.entries.iter().filter(is_chosen).collect();
        if chosen.iter().all(|entry| entry.run.label.is_some()) {
            chosen.sort_by_key(|entry| (entry.part, entry.run.label));
        }
        chosen
    }

    /// How many lines make one code, and how many groups: what is plausible, the likeliest first.
    fn splits(&self, entries: &[&ListEntry], answered: Option<usize>) -> Vec<(usize, usize)> {
        let runs: Vec<&Run> = entries.iter().map(|entry| &entry.run).collect();
        let most = runs.iter().filter(|run| !run.is_whole).map(|run| run.groups.len()).max().unwrap_or(1);
        let mut splits: Vec<(usize, usize)> =
            self.groups(&runs, most, answered).into_iter().map(|groups| (1, groups)).collect();
        let (lines, are_sure) = self.lines(&runs);
        if are_sure {
            splits.clear();
        }
        let is_likelier = self.wrapped.is_some();
        let joined = lines.into_iter().map(|lines| (lines, most));
        splits.splice(if is_likelier { 0..0 } else { splits.len()..splits.len() }, joined);
        splits
    }

    /// Numbers of lines, more than one, that may make one code; and whether it is sure.
    fn lines(&self, runs: &[&Run]) -> (Vec<usize>, bool) {
        let count = runs.len();
        if let Some(wrapped) = self.wrapped.filter(|lines| count.is_multiple_of(*lines)) {
            return (vec![wrapped], false);
        }
        let is_row = runs.iter().zip(runs.iter().skip(1)).all(|(run, next)| run.line + 1 == next.line);
        if count < 2 || !is_row || runs.iter().any(|run| run.shares) {
            return (Vec::new(), false);
        }
        // A number on the first line of each code only.
        let numbered = runs.iter().filter(|run| run.label.is_some()).count();
        if numbered > 0 && numbered < count && count.is_multiple_of(numbered) {
            let lines = count / numbered;
            let is_so = runs.chunks(lines).all(|code| code.iter().skip(1).all(|run| run.label.is_none()))
                && runs.iter().step_by(lines).all(|run| run.label.is_some());
            return if is_so { (vec![lines], numbered > 1) } else { (Vec::new(), false) };
        }
        if numbered > 0 || runs.iter().any(|run| run.is_framed || !run.notes.is_empty()) {
            return (Vec::new(), false);
        }
        // Two rows of many short groups.
        let is_short = |run: &&Run| run.length <= 5 && run.groups.len() == 1;
        if count == 2 && runs.iter().all(|run| run.groups.len() > 3 && run.shape.starts_with("4*")) {
            return (vec![count], false);
        }
        if !runs.iter().all(is_short) {
            return (Vec::new(), false);
        }
        let pairs = count > 2 && count.is_multiple_of(2) && runs.iter().all(|run| run.length == 4);
        let whole = count <= 8;
        (pairs.then_some(2).into_iter().chain(whole.then_some(count)).collect(), false)
    }

    /// Numbers of groups with a space between that may make one code.
    fn groups(&self, runs: &[&Run], most: usize, answered: Option<usize>) -> Vec<usize> {
        /// Shorter is no code, longer no group of one, and more no code that is written in groups.
        const SHORT: usize = 4;
        const LONG: usize = 16;
        const WHOLE: usize = 64;
        let spaced = || runs.iter().filter(|run| run.groups.len() > 1 && !run.is_whole);
        let fits = |groups: usize| spaced().all(|run| run.groups.len().is_multiple_of(groups));
        if let Some(groups) =
            answered.filter(|groups| *groups == most || (*groups > 0 && *groups < most && fits(*groups)))
        {
            return vec![groups];
        }
        if most == 1 {
            return vec![1];
        }
        let lengths: Vec<usize> =
            spaced().flat_map(|run| &run.groups).map(|index| self.pieces.letters(*index).length()).collect();
        let group = most_common(lengths.iter().copied()).unwrap_or(0);
        let is_uneven = lengths.iter().filter(|length| **length == group).count() * 3 < lengths.len() * 2;
        let is_joined = spaced().flat_map(|run| &run.groups).any(|index| self.pieces.text_at(*index).contains('-'));
        // Two halves of a long code that was typed wrong may still be two codes.
        if group < SHORT || (is_uneven && (runs.len() > 1 || lengths.iter().any(|length| *length < 6))) {
            return vec![most];
        }
        let alone = |length: usize| runs.iter().any(|run| run.groups.len() == 1 && run.length == length);
        let marked = spaced()
            .filter(|run| {
                run.label.is_some() || run.is_framed || run.shares || run.in_cell || self.has_kind(run, PieceKind::Box)
            })
            .count();
        let is_inside = marked * 2 > spaced().count() || alone(group * most);
        let is_between = is_joined || group >= LONG || (group >= 6 && alone(group));
        match (is_inside, is_between) {
            (true, false) => return vec![most],
            (false, true) => return vec![1],
            (true, true) | (false, false) => {}
        }
        let mut all: Vec<usize> = (1..=most)
            .rev()
            .filter(|groups| *groups == 1 || *groups * group <= WHOLE)
            .filter(|groups| fits(*groups) || *groups == most)
            .collect();
        if group >= 8 {
            all.reverse();
        }
        all
    }

    /// The codes of a choice, and how many of them have a note that may be a mark of use.
    pub fn codes(&self, choice: &ListChoice, notes: Option<bool>) -> (Vec<ListedCode>, usize) {
        let entries = self.chosen(choice.part, choice.has_others);
        let marks = self.marks(&entries);
        let mut codes = Vec::with_capacity(choice.codes);
        let mut asked = 0;
        let marked: Vec<(&ListEntry, UseMark)> = entries.into_iter().zip(marks).collect();
        for of_code in marked.chunks(choice.lines.max(1)) {
            let groups: Vec<usize> = of_code.iter().flat_map(|(entry, _)| &entry.run.groups).copied().collect();
            let is_whole = choice.lines > 1 || of_code.iter().any(|(entry, _)| entry.run.is_whole);
            let size = if is_whole { groups.len() } else { choice.groups };
            let is_one = groups.len() <= size;
            for groups in groups.chunks(size.max(1)) {
                let is_struck = groups.iter().any(|index| {
                    self.pieces.all.get(*index).is_some_and(|piece| self.pieces.plain.is_struck(&piece.range))
                });
                let is_sure = is_struck || of_code.iter().any(|(_, mark)| is_one && *mark == UseMark::Used);
                let has_note = of_code.iter().any(|(_, mark)| *mark != UseMark::Nothing) && !is_sure;
                asked += usize::from(has_note);
                let is_used = is_sure || (has_note && notes == Some(true));
                codes.push(ListedCode { text: self.text(groups), is_used });
            }
        }
        (codes, asked)
    }

    /// The mark beside each entry. What stands beside all of them is none.
    fn marks(&self, entries: &[&ListEntry]) -> Vec<UseMark> {
        let has_boxes = entries.iter().any(|entry| self.has_kind(&entry.run, PieceKind::Box));
        let of_lists = marks::used_lists(&self.pieces.plain.text);
        if !of_lists.is_empty() {
            return entries.iter().map(|entry| self.mark_of_lists(entry, &of_lists)).collect();
        }
        let own: Vec<UseMark> = entries.iter().map(|entry| self.own_mark(entry, has_boxes)).collect();
        // Where some have a mark of their own, a heading over all of them only says what the marks are.
        let is_headed =
            |entry: &&ListEntry| matches!(entry.heading, Some(HeadingMeaning::Used | HeadingMeaning::PerhapsUsed));
        let says_marks =
            entries.iter().all(is_headed) && own.contains(&UseMark::Used) && own.contains(&UseMark::Nothing);
        let mark = |(entry, own): (&&ListEntry, UseMark)| match entry.heading {
            Some(HeadingMeaning::Used) if !says_marks => UseMark::Used,
            Some(HeadingMeaning::PerhapsUsed) if !says_marks && own == UseMark::Nothing => UseMark::Text(0),
            Some(_) | None => own,
        };
        let mut marks: Vec<UseMark> = entries.iter().zip(own).map(mark).collect();
        // Words before some codes, and not before others.
        let leads: Vec<bool> =
            entries.iter().filter(|entry| !entry.run.follows).map(|entry| !entry.run.lead.is_empty()).collect();
        let some_lead = leads.iter().skip(1).any(|leads| *leads) && leads.contains(&false);
        for (mark, entry) in marks.iter_mut().zip(entries).filter(|(_, entry)| some_lead && !entry.run.lead.is_empty())
        {
            if *mark == UseMark::Nothing {
                *mark = UseMark::Text(self.hash(&entry.run.lead));
            }
        }
        let usual = most_common(marks.iter().copied());
        let all_text = marks.iter().all(|mark| matches!(mark, UseMark::Text(_)));
        let are_same = marks.iter().all(|mark| Some(*mark) == usual);
        let all_ticked = marks.iter().all(|mark| matches!(mark, UseMark::Tick(_)));
        // A sentence around a single code goes on behind it.
        let is_alone = matches!(entries, [entry] if entry.run.lead.is_empty());
        for mark in &mut marks {
            match mark {
                UseMark::Text(hash) if all_text && are_same && !is_alone && *hash != 0 => *mark = UseMark::Nothing,
                // Where all are ticked, the other sign may be the mark.
                UseMark::Tick(_) if all_ticked && !are_same && Some(*mark) == usual => *mark = UseMark::Nothing,
                UseMark::Tick(_) if !all_ticked => *mark = UseMark::Used,
                UseMark::Text(_) | UseMark::Tick(_) | UseMark::Nothing | UseMark::Used => {}
            }
        }
        // A column that has something in every row may have another meaning than its name.
        if self.used_cell.is_some() && marks.len() > 1 && marks.iter().all(|mark| *mark == UseMark::Used) {
            marks.fill(UseMark::Text(0));
        }
        marks
    }

    /// By the list that it stands in, where a program wrote a list of used codes beside others.
    fn mark_of_lists(&self, entry: &ListEntry, used: &[Range<usize>]) -> UseMark {
        let first = entry.run.groups.first().and_then(|index| self.pieces.all.get(*index));
        let is_within = first.is_some_and(|piece| used.iter().any(|range| range.contains(&piece.range.start)));
        if is_within { UseMark::Used } else { UseMark::Nothing }
    }

    fn has_kind(&self, run: &Run, kind: PieceKind) -> bool {
        run.notes.iter().any(|index| self.pieces.all.get(*index).is_some_and(|piece| piece.kind == kind))
    }

    fn own_mark(&self, entry: &ListEntry, has_boxes: bool) -> UseMark {
        let in_cell =
            |index: &usize| self.pieces.all.get(*index).is_some_and(|piece| Some(piece.cell) == self.used_cell);
        let cell: Vec<usize> = entry.run.notes.iter().filter(|index| in_cell(index)).copied().collect();
        if self.used_cell.is_some() {
            let is_no = |index: &usize| {
                let is_box = self.pieces.all.get(*index).is_some_and(|piece| piece.kind == PieceKind::Box);
                is_box
                    || matches!(
                        marks::meaning(self.pieces.text_at(*index)),
                        Some(MarkMeaning::No | MarkMeaning::Not | MarkMeaning::Unused)
                    )
            };
            return if cell.iter().any(is_no) || cell.is_empty() { UseMark::Nothing } else { UseMark::Used };
        }
        let (mut used, mut is_not, mut tick) = (None, false, None);
        let mut text = Vec::new();
        for index in &entry.run.notes {
            let Some(piece) = self.pieces.all.get(*index) else { continue };
            let word = self.pieces.text(piece);
            match piece.kind {
                PieceKind::Tick => tick = Some(*index),
                PieceKind::Filled => tick = tick.or(has_boxes.then_some(*index)),
                PieceKind::Box | PieceKind::Bullet | PieceKind::Colon | PieceKind::Label(_) => {}
                PieceKind::Part | PieceKind::Word | PieceKind::Sign => match marks::meaning(word) {
                    Some(MarkMeaning::Used) => used = Some(!is_not),
                    Some(MarkMeaning::Unused) => used = Some(false),
                    Some(MarkMeaning::Not) => is_not = true,
                    Some(MarkMeaning::No) if used.is_some() || entry.run.notes.len() == 1 => used = Some(false),
                    Some(MarkMeaning::Yes) if used.is_some() => {}
                    Some(MarkMeaning::Yes | MarkMeaning::No) | None => text.push(*index),
                },
            }
        }
        if entry.is_marked_below && used.is_none() {
            return UseMark::Text(0);
        }
        match (used, tick) {
            (Some(true), _) => UseMark::Used,
            (Some(false), _) => UseMark::Nothing,
            (None, Some(tick)) => UseMark::Tick(self.hash(&[tick])),
            (None, None) if text.is_empty() => UseMark::Nothing,
            (None, None) => UseMark::Text(self.hash(&text)),
        }
    }

    /// A code as it is printed. Over a line end its parts are joined by what joins them elsewhere.
    fn text(&self, groups: &[usize]) -> SecretText {
        let all: Vec<_> = groups.iter().filter_map(|index| self.pieces.all.get(*index)).collect();
        let capacity = all.iter().map(|piece| piece.range.len() + 4).sum();
        let mut text = Zeroizing::new(String::with_capacity(capacity));
        let has_hyphens = all.iter().any(|piece| self.pieces.text(piece).contains('-'));
        let has_spaces = all.iter().zip(all.iter().skip(1)).any(|(piece, next)| piece.line == next.line);
        let lengths = all.iter().flat_map(|piece| self.pieces.text(piece).split('-').map(str::len));
        let group = most_common(lengths).unwrap_or(0);
        for (at, piece) in all.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| all.get(before));
            let joint = before.map_or("", |before| {
                let is_whole = self.pieces.text(before).rsplit('-').next().is_some_and(|last| last.len() == group);
                if before.line == piece.line && piece.is_wide {
                    " "
                } else if before.line == piece.line {
                    self.pieces.plain.text.get(before.range.end..piece.range.start).unwrap_or_default()
                } else if before.goes_on == Some('=') {
                    ""
                } else if has_hyphens {
                    if before.goes_on == Some('-') || is_whole { "-" } else { "" }
                } else if has_spaces || before.range.len().max(piece.range.len()) <= 5 {
                    " "
                } else {
                    ""
                }
            });
            text.push_str(joint);
            text.push_str(self.pieces.text(piece));
        }
        SecretText::copy_of(&text)
    }

    /// Whether letters only make the codes, and few of them or letters that can be spoken.
    pub fn may_be_words(&self) -> bool {
        let codes: Vec<&Run> =
            self.entries.iter().filter(|entry| entry.fate == Fate::Code).map(|entry| &entry.run).collect();
        let reads_like_words =
            |run: &&&Run| run.groups.iter().all(|index| reads_like_word(self.pieces.text_at(*index)));
        let is_item = |run: &&Run| run.label.is_some() && run.groups.len() > 1;
        let are_words = codes.len() < 5 || codes.iter().filter(reads_like_words).count() * 2 > codes.len();
        self.is_lettered && are_words && !codes.iter().all(is_item)
    }

    /// Lines that hold something, and none of the chosen codes.
    pub fn aside(&self, choice: &ListChoice) -> usize {
        let entries = self.chosen(choice.part, choice.has_others);
        let mut lines: Vec<usize> = entries
            .iter()
            .flat_map(|entry| &entry.run.groups)
            .filter_map(|index| self.pieces.all.get(*index))
            .map(|piece| piece.line)
            .collect();
        lines.sort_unstable();
        lines.dedup();
        self.pieces.lines.iter().filter(|line| !line.is_empty()).count() - lines.len()
    }
}

fn count(entries: &[&ListEntry], lines: usize, groups: usize) -> usize {
    if lines > 1 {
        entries.len().div_ceil(lines)
    } else {
        let of = |run: &Run| if run.is_whole { 1 } else { run.groups.len().div_ceil(groups.max(1)) };
        entries.iter().map(|entry| of(&entry.run)).sum()
    }
}
