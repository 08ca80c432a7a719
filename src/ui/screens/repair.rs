//! Repair: looks for the slip in a phrase that is nobody's. Nothing is guessed: a candidate counts only when the file itself
//! commits to it.

use std::cmp::Ordering;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::phrase::STAY_HIDDEN;
use crate::domain::repair::SearchStep;
use crate::domain::text::counted;
use crate::effect::{Effect, Outcome, Trouble};
use crate::journey::desk::Unfinished;
use crate::journey::slip::{FoundPhrase, Hunt, Search, long, right_places, said};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{gauge, put, secret, wrapped};

/// The search for a slip.
#[derive(Default)]
pub struct FindSlip {
    trouble: Option<Trouble>,
    shown_until: Option<Duration>,
}

/// Signs of the bar that says how much of a step is done.
const GAUGE: usize = 30;
/// How long the right word is shown.
const SHOWN_FOR: Duration = Duration::from_secs(10);

fn hunt(console: &Console) -> Option<&Hunt> {
    console.journey.desk.hunt.as_ref()
}

fn try_next(effect: Option<Effect>) -> Reaction {
    effect.map_or(Reaction::Stay, |effect| Reaction::Perform(effect, "Trying"))
}

/// To whom comes next, or back to the words.
fn leave(console: &mut Console) -> Reaction {
    let next = console.journey.leave_hunt();
    super::back_or(next, console)
}

/// Whether the words were typed before, perhaps by somebody else: none of them is shown.
fn is_kept(console: &Console) -> bool {
    console.journey.desk.entry.as_ref().is_some_and(Unfinished::is_kept)
}

impl Screen for FindSlip {
    fn title(&self) -> &'static str {
        "Repair"
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        let mut keys = match hunt(console) {
            Some(Hunt::Plan) => vec![("Enter", "begin"), ("Esc", "back to the words")],
            Some(Hunt::Trying) => vec![("Enter", "go on"), ("Esc", "back to the words")],
            Some(Hunt::LongStep) => vec![("y", "go on with that"), ("n or Esc", "back to the words")],
            Some(Hunt::Found(FoundPhrase { is_accepted: true, .. })) => {
                vec![("Enter", "go on"), ("F3", "show the right word")]
            }
            Some(Hunt::Found(_)) => vec![("Esc", "back to the words"), ("F3", "show the right word")],
            Some(Hunt::Nothing) | None => vec![("Esc", "back to the words")],
        };
        keys.retain(|(key, _)| *key != "F3" || !is_kept(console));
        keys
    }

    fn help(&self) -> &'static str {
        "Phrases that differ from the typed one by one slip are tried, the likeliest first. Only what the file itself commits to is taken as right: no other phrase is ever accepted.\nEsc stops it; it can be gone on with where it was. Nothing is lost, and the words stay."
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        let is_agreed = match hunt(console) {
            Some(Hunt::Found(_)) if key == Key::F(3) && !is_kept(console) => {
                self.shown_until = self.shown_until.is_none().then(|| console.journey.now + SHOWN_FOR);
                return Reaction::Stay;
            }
            Some(Hunt::Found(FoundPhrase { is_accepted: true, .. })) if key == Key::Enter => return leave(console),
            Some(Hunt::LongStep) if matches!(key, Key::Char('n' | 'N')) => return leave(console),
            Some(Hunt::LongStep) => matches!(key, Key::Char('y' | 'Y')),
            Some(Hunt::Plan | Hunt::Trying) => key == Key::Enter,
            Some(Hunt::Found(_) | Hunt::Nothing) | None => false,
        };
        if key == Key::Esc {
            return leave(console);
        }
        if !is_agreed {
            return Reaction::Stay;
        }
        self.trouble = None;
        try_next(console.journey.go_on_hunting())
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        let Outcome::Tried { found, took } = outcome else { return Reaction::Stay };
        match console.journey.hear_tried(found, took) {
            Ok(next) => try_next(next),
            Err(trouble) => {
                self.trouble = Some(trouble);
                Reaction::Stay
            }
        }
    }

    fn hide(&mut self) {
        self.shown_until = None;
    }

    fn until(&self) -> Option<Duration> {
        self.shown_until
    }

    fn expire(&mut self) {
        self.shown_until = None;
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        match hunt(console) {
            Some(Hunt::Found(found)) => self.draw_found(found, console, area, buffer),
            Some(Hunt::Nothing) => {
                let y = wrapped(area, 0, "! None of these is a phrase of this backup.", theme::BAD, buffer);
                wrapped(
                    area,
                    y + 1,
                    "So it is more than one slip, or a phrase of another backup. Compare each word with the paper once more, look which backup the paper names, and mark with ? what cannot be read. The words are kept.",
                    theme::PLAIN,
                    buffer,
                );
            }
            Some(hunt @ (Hunt::Plan | Hunt::LongStep | Hunt::Trying)) => self.draw_plan(hunt, console, area, buffer),
            None => {}
        }
        None
    }
}

impl FindSlip {
    fn draw_plan(&self, hunt: &Hunt, console: &Console, area: Rect, buffer: &mut Buffer) {
        let Some(Search { repair, .. }) = console.journey.desk.search() else { return };
        let mut y = match hunt {
            Hunt::LongStep => {
                let y = wrapped(area, 0, "! The next step takes long. y goes on with it.", theme::CARE, buffer);
                let quicker = "Quicker where somebody doubts a word: Esc, and ? in the place of that word.";
                wrapped(area, y, quicker, theme::PLAIN, buffer)
            }
            Hunt::Trying => wrapped(area, 0, &format!("Tried so far: {}", repair.tried()), theme::STRONG, buffer),
            _ => wrapped(area, 0, "Look for the slip in what was typed?", theme::STRONG, buffer),
        };
        if matches!(hunt, Hunt::Trying) {
            let left = long(console.journey.takes(repair.left()));
            let text = format!("This step {} about {left} more", gauge(repair.done(), 1000, GAUGE));
            y = wrapped(area, y, &text, theme::PLAIN, buffer);
        }
        y += 1;
        let now = repair.step().map_or(repair.steps().len(), |(step, _)| step);
        for (index, step) in repair.steps().iter().enumerate() {
            let left = if index == now { repair.left() } else { repair.candidates(step) };
            put(area, 0, y, &row(step, left, index.cmp(&now), console), theme::PLAIN, buffer);
            y += 1;
        }
        if let Some(Trouble { what, hint }) = &self.trouble {
            wrapped(area, y + 1, &format!("! {what} {hint} Enter goes on where it stopped."), theme::BAD, buffer);
            return;
        }
        wrapped(
            area,
            y + 1,
            "Only what the file itself commits to is taken as right. It can be stopped and gone on with; the words stay.",
            theme::PLAIN,
            buffer,
        );
    }

    fn draw_found(
        &self,
        FoundPhrase { answer, is_accepted, slip }: &FoundPhrase,
        console: &Console,
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let (mark, style) = if *is_accepted { ("ok  ", theme::GOOD) } else { ("! ", theme::BAD) };
        let mut y = wrapped(area, 0, &format!("{mark}{answer}"), style, buffer);
        y = wrapped(area, y + 1, &said(slip), theme::STRONG, buffer);
        let look = if is_kept(console) {
            format!("{STAY_HIDDEN} Compare that with the paper.")
        } else {
            "F3 shows what belongs there. Compare it with the paper, and correct the paper only if it says something else."
                .to_owned()
        };
        y = wrapped(area, y, &look, theme::PLAIN, buffer);
        let Some(entry) = console.journey.desk.entry.as_ref().filter(|_| self.shown_until.is_some()) else { return };
        y += 1;
        let rows = area.height.saturating_sub(y).max(1);
        for (index, place) in (0_u16..).zip(right_places(slip)) {
            let cell =
                Rect { x: area.x + index / rows * COLUMN, y: area.y + y + index % rows, width: COLUMN, height: 1 };
            let cell = cell.intersection(area);
            let x = put(cell, 0, 0, &format!("{:>2} ", place + 1), theme::PLAIN, buffer);
            let word = Rect { x: cell.x + x.min(cell.width), width: cell.width.saturating_sub(x), ..cell };
            secret(word, entry.reveal(place), theme::SECRET, buffer);
        }
    }
}

/// Columns of a number and its word.
const COLUMN: u16 = 18;

/// A step, how many candidates it has and how long they take.
fn row(step: &SearchStep, left: u64, order: Ordering, console: &Console) -> String {
    let what = match order {
        Ordering::Less => "tried".to_owned(),
        _ => format!("about {}, {}", counted(left, "phrase"), long(console.journey.takes(left))),
    };
    let mark = if order.is_eq() { ">" } else { " " };
    format!("{mark} {:<30} {what}", step.class.title())
}
