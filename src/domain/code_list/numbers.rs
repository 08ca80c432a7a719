//! The numbers of items: with a sign, or in a column of their own that goes up by one.

use std::ops::Range;

use super::pieces::{PieceKind, Pieces};
use super::runs::{Run, RunLook, SHORTEST};

impl Pieces<'_> {
    /// `1 0318 4471 2 5563 0098`: numbers in equal steps along a line, each one more than the one before.
    pub(super) fn take_numbers_of_row(&mut self, line: Range<usize>) {
        let number = |index: usize| {
            self.all
                .get(index)
                .filter(|piece| piece.kind == PieceKind::Part)
                .and_then(|piece| number_of(self.text(piece)))
        };
        let Some(first) = number(line.start) else { return };
        let at = |index: usize| u32::try_from(index).ok().and_then(|index| first.checked_add(index));
        let Some(step) = (line.start + 2..line.end).find(|index| number(*index).is_some() && number(*index) == at(1))
        else {
            return;
        };
        let places: Vec<usize> = line.clone().step_by(step - line.start).collect();
        let is_row =
            places.iter().enumerate().all(|(index, place)| number(*place).is_some() && number(*place) == at(index));
        let is_group = |index: usize| places.contains(&index) || self.letters(index).length() >= SHORTEST;
        // A row of two may be groups of one code.
        if !is_row || (places.len() == 2 && first > 1) || !line.clone().take(2 * places.len()).all(is_group) {
            return;
        }
        for (number, place) in (first..).zip(places) {
            if let Some(piece) = self.all.get_mut(place) {
                piece.kind = PieceKind::Label(number);
            }
        }
    }

    /// Takes numbers without a sign of their own from before the codes: a column that goes up by one.
    pub(super) fn take_numbers(&mut self, runs: &mut [Run]) {
        let all = || 0..runs.len();
        let is_asked =
            |index: &usize| runs.get(*index).is_some_and(|run| run.look != RunLook::Letters && run.label.is_none());
        let asked = all().filter(is_asked).count();
        for form in [MarkForm::Cell, MarkForm::Group, MarkForm::Joined] {
            let number = |index: &usize| runs.get(*index).and_then(|run| self.number(run, form));
            let found: Vec<(usize, LabelNumber)> =
                all().filter(is_asked).filter_map(|index| Some((index, number(&index)?))).collect();
            let mut numbers: Vec<u32> = found.iter().map(|(_, number)| number.value).collect();
            numbers.sort_unstable();
            let steps =
                numbers.iter().zip(numbers.iter().skip(1)).filter(|(before, after)| *before + 1 == **after).count();
            let is_counting = match (numbers.as_slice(), form) {
                ([1], _) => found.iter().all(|(_, number)| number.is_sure),
                ([] | [_], _) => false,
                ([first, _], _) => steps == 1 && *first < 2,
                // Items may be missing where the order shows that it is one.
                (all, MarkForm::Cell | MarkForm::Group) if steps * 10 < (all.len() - 1) * 8 => {
                    let values = || found.iter().map(|(_, number)| number.value);
                    steps * 2 + 1 >= all.len() && values().zip(values().skip(1)).all(|(before, after)| before < after)
                }
                (all, _) => steps * 10 >= (all.len() - 1) * 8,
            };
            if !is_counting || found.len() * 10 < asked * 8 {
                continue;
            }
            for (index, number) in found {
                let Some(run) = runs.get_mut(index) else { continue };
                run.label = Some(number.value);
                match form {
                    MarkForm::Cell => {
                        run.number = None;
                    }
                    MarkForm::Group => {
                        run.groups.remove(0);
                    }
                    MarkForm::Joined => {
                        if let Some(first) = run.groups.first().and_then(|first| self.all.get_mut(*first)) {
                            first.range.start += number.length;
                        }
                    }
                }
                self.measure(run);
            }
            return;
        }
    }

    /// Where codes are words joined by hyphens, their number is the shape.
    pub(super) fn count_words(&self, runs: &mut [Run]) {
        let is_words =
            |run: &Run| run.look == RunLook::Letters || run.groups.iter().all(|index| self.letters(*index).digits == 0);
        if !runs.iter().all(is_words) {
            return;
        }
        for run in runs {
            let groups = run.groups.iter().flat_map(|index| self.text_at(*index).split('-')).count();
            if groups > 2 && run.groups.len() == 1 {
                run.shape = format!("{groups} words");
            }
        }
    }

    fn number(&self, run: &Run, form: MarkForm) -> Option<LabelNumber> {
        let first = self.text_at(*run.groups.first()?);
        let digits = first.bytes().take_while(u8::is_ascii_digit).count();
        let value = || first.get(..digits).filter(|_| (1..=3).contains(&digits))?.parse().ok();
        match form {
            MarkForm::Cell => Some(LabelNumber { value: run.number?, length: 0, is_sure: true }),
            MarkForm::Group => {
                let rest = run.groups.get(1..).filter(|_| digits == first.len())?;
                let lengths = || rest.iter().map(|index| self.letters(*index).length());
                let is_enough = lengths().sum::<usize>() >= SHORTEST;
                let is_sure = lengths().all(|length| length >= SHORTEST);
                value().filter(|_| is_enough).map(|value| LabelNumber { value, length: 0, is_sure })
            }
            MarkForm::Joined => {
                let is_joined =
                    first.get(digits..).is_some_and(|rest| rest.starts_with(['-', '.']) && rest.len() > SHORTEST);
                let is_sure = first.get(digits..).is_some_and(|rest| rest.starts_with('.'));
                value().filter(|_| is_joined).map(|value| LabelNumber { value, length: digits + 1, is_sure })
            }
        }
    }
}

/// How a number without a sign stands before a code: in a cell of its own, as a first group, or joined by a hyphen or full stop.
#[derive(Clone, Copy)]
enum MarkForm {
    Cell,
    Group,
    Joined,
}

struct LabelNumber {
    value: u32,
    length: usize,
    /// What is left looks like a code also when it is the only one.
    is_sure: bool,
}

/// A number of up to three digits.
pub(super) fn number_of(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit()))
}
