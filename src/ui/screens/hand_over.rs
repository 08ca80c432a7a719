//! Hand-over: whose phrases are verified, whose are still needed. Nothing of the last phrase is in view.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::wall;
use crate::domain::phrase_entry::PhraseEntry;
use crate::domain::recovery::{Board, RecoveryStage};
use crate::effect::{Effect, Outcome};
use crate::journey::{Behind, CardCheck, Route, Task};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, fit, put, wrapped};

#[derive(Default)]
pub struct HandOver {
    rows: ChosenRow,
    /// Whose verified phrase is about to be forgotten, if the key comes again.
    forgetting: Option<u8>,
    /// Kept words are about to be wiped, if the key comes again.
    is_wiping: bool,
}

impl HandOver {
    fn is_unfinished(console: &Console) -> bool {
        console.journey.desk.entry.as_ref().is_some_and(|entry| !entry.is_empty())
    }

    fn stage(console: &Console) -> RecoveryStage {
        console.journey.backup.as_ref().map_or(RecoveryStage::Gathering, |backup| backup.board.stage())
    }

    /// The shareholder in the chosen row.
    fn chosen(&self, board: &Board) -> Option<u8> {
        let holders = board.shareholders();
        self.rows.chosen(holders.len()).and_then(|row| holders.get(row)).map(|holder| holder.number)
    }
}

impl HandOver {
    /// From a row of somebody who is done, or not here, to one who is needed yet.
    fn go_to_needed(&mut self, console: &Console) {
        let Some(backup) = &console.journey.backup else { return };
        let board = &backup.board;
        let is_done = |number| board.is_verified(number) || board.is_absent(number);
        let next = board.next().filter(|_| self.chosen(board).is_none_or(is_done));
        let row = next.and_then(|next| board.shareholders().iter().position(|holder| holder.number == next));
        self.rows = row.map_or(self.rows, ChosenRow::at);
    }
}

impl Screen for HandOver {
    fn title(&self) -> &'static str {
        "Hand-over"
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        let mut keys = match (Self::stage(console), Self::is_unfinished(console)) {
            (RecoveryStage::Quorum, false) => vec![("Enter", "open the backup"), ("^N", "a further phrase")],
            (RecoveryStage::Quorum, true) => vec![("Enter", "open the backup"), ("^N", "the kept words")],
            (RecoveryStage::Gathering, true) => {
                vec![wall::agree(console, "go on with the kept words"), ("^N", "wipe these words")]
            }
            (RecoveryStage::Gathering, false) => vec![wall::agree(console, "type a phrase")],
        };
        let is_verified =
            console.journey.backup.as_ref().is_some_and(|backup| {
                self.chosen(&backup.board).is_some_and(|number| backup.board.is_verified(number))
            });
        keys.push(if is_verified { ("Del", "forget this phrase") } else { ("h", "not here / here") });
        keys.push(("Esc", "back"));
        keys
    }

    fn help(&self) -> &'static str {
        "The next {one} sits down with the paper; the others look away. The order does not matter, and nobody has to say who they are: the program recognises each phrase.\nMark who is not here with h: it says whether the recovery is possible without them.\nLet go of the keys, then press y and Enter to begin. Words that are typed too early are neither kept nor shown.\nVerified phrases are kept until you leave or nobody types for long; Del forgets one, so that it can be typed again. The words themselves are not kept."
    }

    fn on_show(&mut self, console: &mut Console) -> Reaction {
        if console.journey.desk.entry.as_deref().is_some_and(PhraseEntry::is_empty) {
            // With the search that may still have its words; how words are shown stays.
            console.journey.desk.entry = None;
        }
        self.go_to_needed(console);
        Reaction::Stay
    }

    fn intake(&self, console: &Console) -> Intake {
        match Self::stage(console) {
            RecoveryStage::Gathering => Intake::Wall { command: Some('h') },
            RecoveryStage::Quorum => Intake::Rested,
        }
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        let is_unfinished = Self::is_unfinished(console);
        let was_wiping = std::mem::take(&mut self.is_wiping);
        let Some(backup) = &mut console.journey.backup else { return Reaction::Back };
        let count = backup.board.shareholders().len();
        let forgetting = self.forgetting.take();
        match key {
            Key::Enter if backup.board.stage() == RecoveryStage::Quorum => Reaction::Open(Route::Quorum),
            Key::Ctrl('n') if backup.board.stage() == RecoveryStage::Quorum => {
                backup.last_answer = None;
                Reaction::Open(Route::Wall(Behind::Further))
            }
            Key::Ctrl('n') if is_unfinished => {
                if was_wiping {
                    console.journey.desk.clear();
                }
                self.is_wiping = !was_wiping;
                Reaction::Stay
            }
            Key::Enter => console.journey.begin_phrase(Task::Recovery).map_or(Reaction::Back, Reaction::Open),
            Key::Char('h' | 'H') => {
                if let Some(number) = self.chosen(&backup.board) {
                    backup.board.toggle_absent(number);
                }
                Reaction::Stay
            }
            Key::Delete | Key::F(7) => {
                let number = self.chosen(&backup.board).filter(|number| backup.board.is_verified(*number));
                if let Some(number) = number.filter(|_| forgetting == number) {
                    return Reaction::Perform(Effect::Remove { number }, "Forgetting that phrase");
                }
                self.forgetting = number;
                Reaction::Stay
            }
            Key::Esc => Reaction::Back,
            key => {
                self.rows.on_key(key, count);
                Reaction::Stay
            }
        }
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        if let Outcome::Removed { number } = outcome {
            console.journey.forget(number);
            self.go_to_needed(console);
        }
        Reaction::Stay
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let backup = console.journey.backup.as_ref()?;
        let board = &backup.board;
        let x = put(area, 0, 0, &board.progress(), theme::STRONG, buffer);
        put(
            area,
            x + 3,
            0,
            &super::unverified(backup, usize::from(area.width.saturating_sub(x + 3))),
            theme::PLAIN,
            buffer,
        );
        let mut y = 1;
        if let Some(answer) = &backup.last_answer {
            y = wrapped(area, y, &format!("ok  {answer}"), theme::GOOD, buffer);
        }
        let holders = board.shareholders();
        let height = u16::try_from(holders.len()).unwrap_or(u16::MAX).min(area.height.saturating_sub(y + 9));
        let list = Rect { y: area.y + y + 1, height, ..area };
        let row = |index: usize| {
            holders.get(index).map_or_else(String::new, |holder| {
                format!(
                    "{:>2}  {}  {}",
                    holder.number,
                    super::when(board, holder.number, console.journey.now),
                    holder.title()
                )
            })
        };
        self.rows.draw(list, holders.len(), row, buffer);
        y = y + 1 + height + 1;
        let holder = console.journey.holder().one;
        y = wrapped(area, y, &board.prospect(), theme::STRONG, buffer);
        let next = match (board.stage(), Self::is_unfinished(console)) {
            (RecoveryStage::Quorum, false) => "Enter goes on to open the backup.".to_owned(),
            (_, true) => {
                let filled = console.journey.desk.entry.as_deref().map_or(0, PhraseEntry::filled);
                let wipes = match board.stage() {
                    // The question is below.
                    _ if self.is_wiping => "",
                    RecoveryStage::Gathering => wall::KEPT,
                    RecoveryStage::Quorum => "^N goes to them.",
                };
                format!("Words of an unfinished phrase are kept, masked: {filled}. {wipes}")
            }
            (RecoveryStage::Gathering, false) => {
                format!("The next {holder} sits down with the paper. The others look away.")
            }
        };
        y = wrapped(area, y, &next, theme::PLAIN, buffer);
        if self.is_wiping {
            y = wrapped(area, y, wall::WIPES, theme::CARE, buffer);
        }
        let mut cursor = None;
        if board.stage() == RecoveryStage::Gathering {
            let sentence = if Self::is_unfinished(console) { wall::TYPED_THEM } else { wall::NEXT };
            (y, cursor) = wall::ask(console, &console.journey.holder().said(sentence), area, y, buffer);
        }
        if let Some(number) = self.forgetting {
            let ask =
                format!("! Del once more forgets the phrase of {holder} {number}; it would have to be typed again.");
            y = wrapped(area, y, &ask, theme::CARE, buffer);
        }
        if backup.compared == Some(CardCheck::Not) {
            let note = fit("! The fingerprint was not compared with a card.", usize::from(area.width));
            put(area, 0, y, &note, theme::CARE, buffer);
        }
        cursor
    }
}
