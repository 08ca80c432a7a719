//! Before a rotation is planned: what no quorum has confirmed, one row each. The quorum that opened the backup decides on each of
//! them; what it does not accept is carried over with its mark.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{said, trouble};
use crate::effect::{Act, Effect, Outcome, Said, Trouble, Unconfirmed};
use crate::journey::Route;
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, fit, wrapped};

/// Rows for the chosen record, and one before them.
const TOLD: u16 = 4;

#[derive(Default)]
pub struct Review {
    /// What is not confirmed, and whether it is accepted; `None` until it was looked up.
    records: Option<Vec<(Unconfirmed, bool)>>,
    rows: ChosenRow,
    trouble: Option<Trouble>,
}

impl Review {
    fn count(&self) -> usize {
        self.records.as_ref().map_or(0, Vec::len)
    }

    fn accepted(&self) -> Vec<usize> {
        let records = self.records.iter().flatten().enumerate();
        records.filter(|(_, (_, is_accepted))| *is_accepted).map(|(place, _)| place).collect()
    }

    /// Accepts the chosen record, or declines it again.
    fn turn(&mut self) {
        let chosen = self.rows.chosen(self.count());
        if let (Some(records), Some(chosen)) = (&mut self.records, chosen)
            && let Some((_, is_accepted)) = records.get_mut(chosen)
        {
            *is_accepted = !*is_accepted;
        }
    }

    /// Accepts all, or declines all when all are accepted.
    fn turn_all(&mut self) {
        let accepts = self.accepted().len() < self.count();
        for (_, is_accepted) in self.records.iter_mut().flatten() {
            *is_accepted = accepts;
        }
    }
}

fn look_up() -> Reaction {
    Reaction::Perform(Effect::Ceremony(Act::Review), "Looking for what no quorum has confirmed")
}

impl Screen for Review {
    fn title(&self) -> &'static str {
        super::TITLE
    }

    fn keys(&self, _room: &Console) -> Vec<KeyHint> {
        match self.records.as_ref().map(Vec::is_empty) {
            None => vec![("Enter", "look again"), ("Esc", "back")],
            Some(true) => vec![("Enter", "plan the new backup"), ("Esc", "back")],
            Some(false) => vec![
                ("Enter", "plan the new backup"),
                ("Space", "accept, decline"),
                ("a", "all"),
                ("Up/Down", "choose"),
                ("Esc", "back"),
            ],
        }
    }

    fn help(&self) -> &'static str {
        "Whoever has the file can add records to it. They were shown as not confirmed, and they replaced nothing that a quorum sealed.\nIn the new backup you decide on each. [x] accepted: the new quorum confirms it; a change is made. [ ] not accepted: it is carried over and stays marked, with the day on which it was added. Accept only what somebody of you knows to be right."
    }

    fn on_show(&mut self, _room: &mut Console) -> Reaction {
        if self.records.is_none() && self.trouble.is_none() { look_up() } else { Reaction::Stay }
    }

    fn intake(&self, _room: &Console) -> Intake {
        Intake::Rested
    }

    fn on_key(&mut self, key: Key, _console: &mut Console) -> Reaction {
        match key {
            Key::Esc => return Reaction::Back,
            Key::Enter if self.records.is_none() => return look_up(),
            Key::Enter => return Reaction::Open(Route::Rotate { accepted: self.accepted() }),
            Key::Char(' ') => self.turn(),
            Key::Char('a') => self.turn_all(),
            _ => {
                self.rows.on_key(key, self.count());
            }
        }
        Reaction::Stay
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        match said(outcome, console) {
            Some(Said::Review(Ok(records))) => {
                self.trouble = None;
                self.records = Some(records.into_iter().map(|record| (record, false)).collect());
            }
            Some(Said::Review(Err(trouble))) => self.trouble = Some(trouble),
            _ => {}
        }
        Reaction::Stay
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        if let Some(told) = &self.trouble {
            trouble(told, area, 0, buffer);
            return None;
        }
        let Some(records) = &self.records else { return None };
        let missing = console.journey.opening.as_ref().and_then(|opening| opening.completeness.verdict());
        let mut area = area;
        if let Some(missing) = &missing {
            let text = format!("! {missing} What is missing does not go into the new backup.");
            let y = wrapped(area, 0, &text, theme::BAD, buffer) + 1;
            area = Rect { y: area.y + y.min(area.height), height: area.height.saturating_sub(y), ..area };
        }
        if records.is_empty() {
            let (what, goes) = if missing.is_some() {
                ("A quorum has confirmed what came out of this backup.", "It goes into the new one.")
            } else {
                ("A quorum has confirmed everything in this backup.", "All of it goes into the new one.")
            };
            let y = wrapped(area, 0, what, theme::STRONG, buffer);
            wrapped(area, y + 1, goes, theme::PLAIN, buffer);
            return None;
        }
        let (count, accepted) = (records.len(), self.accepted().len());
        let head = format!("No quorum has confirmed these: {count}. You accept {accepted} of them.");
        let y = wrapped(area, 0, &head, theme::STRONG, buffer);
        let why = "What you do not accept goes into the new backup with its mark. ! would change what a quorum sealed.";
        let y = wrapped(area, y, why, theme::PLAIN, buffer) + 1;
        // Below the list the chosen one is told in full.
        let height = area.height.saturating_sub(y + TOLD);
        let list = Rect { y: area.y + y.min(area.height), height, ..area };
        let columns = ChosenRow::columns(list, count);
        let row = |index: usize| {
            records.get(index).map_or_else(String::new, |(record, is_accepted)| {
                let mark = if *is_accepted { "[x]" } else { "[ ]" };
                let change = if record.is_change { "!" } else { " " };
                fit(&format!("{mark} {change} {}", record.what), columns)
            })
        };
        self.rows.draw(list, count, row, buffer);
        if let Some((record, _)) = self.rows.chosen(count).and_then(|chosen| records.get(chosen)) {
            let below = y + height.min(u16::try_from(count).unwrap_or(u16::MAX)) + 1;
            wrapped(area, below, &format!("{}.", record.what), theme::PLAIN, buffer);
        }
        None
    }
}
