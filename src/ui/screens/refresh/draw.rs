//! How the steps of a refresh look.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::{AskRefresh, described};
use crate::domain::text::Safe;
use crate::effect::{NO_MARK_CHECKED, Summary, Trouble, WHICH_IS_KEPT};
use crate::journey::refresh::{Asked, CHOICES, Choice, saved};
use crate::ui::console::Console;
use crate::ui::screens::places::list;
use crate::ui::theme;
use crate::ui::widgets::{Field, fit_end, put, wrapped};

/// How many files are listed where they differ.
const LISTED: u16 = 4;

impl AskRefresh {
    pub(super) fn draw_step(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let backup = console.journey.backup.as_ref()?;
        let y = self.draw_decided(console, area, buffer);
        let below = Rect { y: area.y + y, height: area.height.saturating_sub(y), ..area };
        let (cursor, y) = match self.refresh.asked() {
            Asked::What => {
                let row = |(_, what, more): &(Choice, &str, &str)| format!("{what:<19} {more}");
                let question = format!("What is to be done with sequence {}?", backup.summary.sequence);
                (None, list(&question, self.what, &CHOICES, row, below, buffer))
            }
            Asked::Who => {
                let holders = backup.board.shareholders();
                let row =
                    |holder: &crate::domain::recovery::Holder| format!("{:>2}  {}", holder.number, holder.title());
                (None, list("Who gets another name?", self.who, holders, row, below, buffer))
            }
            Asked::Text if self.refresh.choice() == Choice::Rename => self.text.draw("New name: ", below, 0, buffer),
            Asked::Text => self.text.draw("New address: ", below, 0, buffer),
            Asked::Card => self.draw_card(&backup.summary, console, below, buffer),
            Asked::Place => (None, self.place.draw(console, below, buffer)),
            Asked::Name => self.name.draw("Name    ", below, 0, buffer),
            Asked::Keep => (None, self.draw_differences(below, buffer)),
            Asked::File | Asked::Done => (None, self.draw_done(below, buffer)),
        };
        if let Some(Trouble { what, hint }) = &self.trouble {
            let mark = if matches!(self.refresh.asked(), Asked::Name | Asked::Keep) { "! Not written:" } else { "!" };
            let y = wrapped(below, y + 1, &format!("{mark} {what}"), theme::BAD, buffer);
            wrapped(below, y, hint, theme::PLAIN, buffer);
        }
        cursor
    }

    /// What was decided before this step; says in which row the step begins.
    fn draw_decided(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> u16 {
        let Some(change) = self.refresh.change() else { return 0 };
        let width = usize::from(area.width).saturating_sub(8);
        let mut line = |label: &str, value: &str, y: u16| {
            put(area, 0, y, label, theme::LABEL, buffer);
            put(area, 8, y, value, theme::PLAIN, buffer);
        };
        line("What", &fit_end(&described(change, console.journey.holder()), width), 0);
        let mut y = 1;
        if matches!(self.refresh.asked(), Asked::Name)
            && let Some(place) = self.place.chosen(console)
        {
            line("Where", &fit_end(&Safe(&place.path.to_string_lossy()).to_string(), width), y);
            y += 1;
        }
        if self.refresh.is_compaction() && self.refresh.asked() != Asked::Done {
            let red = console.journey.opening.as_ref().map_or(0, |opening| opening.red.len());
            let text = "It confirms nothing: what was added or proposed without the quorum keeps its mark. Confirm or Rotate decides that.";
            y = wrapped(area, y, text, theme::PLAIN, buffer);
            if red > 0 {
                let text = format!("! Things that do not check: {red}. Look at them with Recover before you compact.");
                y = wrapped(area, y, &text, theme::CARE, buffer);
            }
        } else if self.refresh.is_not_compared(&console.journey)
            && matches!(self.refresh.asked(), Asked::Place | Asked::Name)
        {
            y = wrapped(area, y, "! The fingerprint was not compared with a card.", theme::CARE, buffer);
        }
        y + 1
    }

    fn draw_card(
        &self,
        summary: &Summary,
        console: &Console,
        area: Rect,
        buffer: &mut Buffer,
    ) -> (Option<Position>, u16) {
        let mut y = wrapped(
            area,
            0,
            "Take a public card of this backup: from your own papers, not from where the file came from.",
            theme::PLAIN,
            buffer,
        );
        if summary.is_training && self.refresh.words().is_empty() {
            y = wrapped(area, y, "In training Enter alone goes on without it.", theme::PLAIN, buffer);
        }
        y += 1;
        for (place, word) in summary.asked_four.iter().zip(self.refresh.words()) {
            put(area, 0, y, &format!("ok  Word {} of the card: {word}", place + 1), theme::GOOD, buffer);
            y += 1;
        }
        match self.refresh.word_asked(&console.journey) {
            // Not in clear: somebody may type the first word of a phrase.
            Some(asked) => {
                let label = format!("    Word {} of the card: ", asked + 1);
                Field::with(&self.word.stars()).draw(&label, area, y, buffer)
            }
            None => (None, y),
        }
    }

    /// What the files say differently, and which of them is kept.
    fn draw_differences(&self, area: Rect, buffer: &mut Buffer) -> u16 {
        let differences = self.refresh.differences();
        let rows = differences.rows();
        let mut y = wrapped(area, 0, WHICH_IS_KEPT, theme::STRONG, buffer);
        let row = |place: usize| {
            rows.get(place).map_or_else(String::new, |row| fit_end(row, usize::from(area.width).saturating_sub(2)))
        };
        let list = Rect { y: area.y + y, height: area.height.saturating_sub(y).min(LISTED), ..area };
        self.keep.draw(list, rows.len(), row, buffer);
        y += u16::try_from(rows.len()).unwrap_or(LISTED).min(LISTED) + 1;
        // Why it was not written comes in their place: a small window has no room for both.
        if self.trouble.is_some() {
            return y;
        }
        for line in differences.lines() {
            y = wrapped(area, y, &line, theme::PLAIN, buffer);
        }
        wrapped(area, y, &format!("! {NO_MARK_CHECKED}"), theme::CARE, buffer)
    }

    fn draw_done(&self, area: Rect, buffer: &mut Buffer) -> u16 {
        let Some(done) = self.refresh.done() else { return 0 };
        let path = Safe(&done.path.to_string_lossy()).to_string();
        let saved = self.refresh.change().and_then(saved).map(|saved| (theme::GOOD, format!("ok  {saved}.")));
        let mut lines: Vec<(Style, String)> = saved.into_iter().collect();
        lines.push((theme::GOOD, format!("ok  Written and read back: {path}")));
        lines.push((theme::PLAIN, format!("Sequence {}, digest words: {}", done.sequence, done.digest_words)));
        lines.extend(done.did.iter().map(|did| (theme::PLAIN, format!("{did}."))));
        lines.extend(done.notes.iter().map(|note| (theme::CARE, format!("! {note}"))));
        let next = match &done.mail {
            Some(mail) => {
                let name = Safe(&mail.file_name().unwrap_or_default().to_string_lossy()).to_string();
                format!(
                    "The old file is unchanged. Send the e-mail beside the new one ({name}) to the backup address; the next refresh goes on from the new file."
                )
            }
            None => "The old file is unchanged. The next refresh goes on from the new one.".to_owned(),
        };
        lines.extend([(theme::PLAIN, String::new()), (theme::STRONG, next)]);
        self.scroll.draw(&lines, area, buffer)
    }
}
