//! Quorum: enough phrases are verified. Open the backup, or check further shareholders first.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::kind::Method;
use crate::effect::{Effect, Outcome, Trouble};
use crate::journey::{Behind, Journey, Recovery, Route};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{put, wrapped};

pub struct Quorum {
    trouble: Option<Trouble>,
    /// Whoever sits here opens it alone.
    is_alone: bool,
}

impl Quorum {
    pub fn of(console: &Console) -> Self {
        let backup = console.journey.backup.as_ref();
        let is_alone = backup.is_some_and(|backup| backup.summary.kind.rules().is_opened_alone());
        Self { trouble: None, is_alone }
    }
}

/// Nobody else has a phrase of it.
fn is_of_device(console: &Console) -> bool {
    console.journey.backup.as_ref().is_some_and(Recovery::is_of_device)
}

/// What Enter does, and what can be seen from then on.
pub fn opens(journey: &Journey) -> &'static str {
    if journey.withholds() {
        "Enter opens the backup, to see that it opens. In this drill nothing of it is shown or written."
    } else {
        "Enter opens the backup. Look around: from now on secrets can be shown here."
    }
}

impl Screen for Quorum {
    fn title(&self) -> &'static str {
        if self.is_alone { "Verified" } else { "Quorum" }
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        if is_of_device(console) {
            return vec![("Enter", "open the backup"), ("Esc", "back")];
        }
        vec![("Enter", "open the backup"), ("^N", "check a further phrase first"), ("Esc", "back to the board")]
    }

    fn help(&self) -> &'static str {
        if self.is_alone {
            return "What was typed is right: it gives the wrapping key. Enter rebuilds it and opens the backup. Until then nothing of what is in it can be shown.";
        }
        "Enough phrases are verified to rebuild the wrapping key. Enter does it and opens the backup.\nFurther phrases are not needed. Checking them shows that their holders could help another time; it changes nothing else."
    }

    fn intake(&self, _room: &Console) -> Intake {
        Intake::Rested
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        match key {
            Key::Enter => Reaction::Perform(Effect::Open, "Rebuilding the wrapping key and opening the boxes"),
            Key::Ctrl('n') if !is_of_device(console) => {
                let Some(backup) = &mut console.journey.backup else { return Reaction::Back };
                backup.last_answer = None;
                // The hand-over lies below.
                Reaction::Replace(Route::Wall(Behind::Further))
            }
            Key::Esc => Reaction::Back,
            _ => Reaction::Stay,
        }
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        match outcome {
            Outcome::Opened(Ok(opening)) => {
                console.journey.open(opening);
                Reaction::Restart(console.journey.next())
            }
            Outcome::Opened(Err(trouble)) => {
                console.journey.history.is_refused = true;
                self.trouble = Some(trouble);
                Reaction::Stay
            }
            _ => Reaction::Stay,
        }
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let backup = console.journey.backup.as_ref()?;
        let board = &backup.board;
        let total = board.shareholders().len();
        let enough = format!("ok  Enough: {}.", board.progress());
        let is_alone = backup.summary.kind.rules().is_opened_alone();
        let enough = match backup.summary.method() {
            Method::CloudPin => "ok  Cloud key and PIN open the backup.".to_owned(),
            Method::Phrase if is_alone => "ok  This phrase opens the file.".to_owned(),
            Method::Phrase => enough,
        };
        let mut y = wrapped(area, 0, &enough, theme::GOOD, buffer);
        if board.verified_count() < total && !is_alone {
            let not_all = format!(
                "That is not everybody: {} of {total} {}.",
                board.verified_count(),
                console.journey.holder().many
            );
            // What did not work and what to do needs the room.
            let not_needed = board.not_needed().filter(|_| self.trouble.is_none());
            let not_needed = not_needed.map_or_else(String::new, |said| format!(" {said}"));
            y = wrapped(area, y, &format!("{not_all}{not_needed}"), theme::PLAIN, buffer);
        }
        if let Some(answer) = &backup.last_answer {
            y = wrapped(area, y + 1, &format!("ok  {answer}"), theme::GOOD, buffer);
        }
        y += 1;
        let verified = board.shareholders().iter().filter(|holder| board.is_verified(holder.number));
        for holder in verified.filter(|_| !backup.is_of_device()) {
            let row = format!(
                "  {:>2}  {}  {}",
                holder.number,
                super::when(board, holder.number, console.journey.now),
                holder.title()
            );
            put(area, 0, y, &row, theme::PLAIN, buffer);
            y += 1;
        }
        if let Some(Trouble { what, hint }) = &self.trouble {
            y = wrapped(area, y + 1, &format!("Not opened: {what}"), theme::BAD, buffer);
            y = wrapped(area, y, hint, theme::PLAIN, buffer);
        }
        wrapped(area, y + 1, opens(&console.journey), theme::STRONG, buffer);
        None
    }
}
