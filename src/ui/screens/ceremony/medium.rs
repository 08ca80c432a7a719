//! The file is written as unconfirmed. Its medium is pulled out and put back, so that what is read is what lies on the medium, and
//! not what the machine still remembers of it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{said, say_on_board};
use crate::domain::ceremony::CeremonyStage;
use crate::domain::text::Safe;
use crate::effect::{Act, Effect, Medium, Outcome, Said, Sealed, Trouble};
use crate::journey::Route;
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::wrapped;

#[derive(Default)]
pub struct PullOut {
    /// It was looked for, and was not where it should be by then.
    is_in_vain: bool,
    /// When it was looked for last, it was as before.
    is_unchanged: bool,
    /// The skip was asked for once.
    is_skipping: bool,
    trouble: Option<Trouble>,
}

impl PullOut {
    fn medium(console: &Console) -> Option<&Medium> {
        Self::sealed(console).map(|sealed| &sealed.medium)
    }

    fn sealed(console: &Console) -> Option<&Sealed> {
        console.journey.making.as_ref()?.sealed.as_ref()
    }

    /// What was written is a second copy of a backup.
    fn is_copy(console: &Console) -> bool {
        console.journey.making.as_ref().is_some_and(|making| making.progress.stage() == CeremonyStage::Issued)
    }

    fn can_skip(&self, console: &Console) -> bool {
        match Self::medium(console) {
            Some(Medium::None) => true,
            // It is back: what is read comes from it.
            Some(Medium::Back { .. }) => false,
            Some(Medium::Present { .. } | Medium::Gone { .. }) | None => self.is_in_vain,
        }
    }

    fn read(skips_medium: bool) -> Reaction {
        Reaction::Perform(Effect::Ceremony(Act::ReadAgain { skips_medium }), "Reading the file again")
    }
}

impl Screen for PullOut {
    fn title(&self) -> &'static str {
        super::TITLE
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        let enter = match Self::medium(console) {
            Some(Medium::Present { .. }) => "pulled out",
            Some(Medium::Gone { .. }) => "back and mounted",
            Some(Medium::Back { .. }) => "read the file again",
            Some(Medium::None) | None => "look again",
        };
        let mut keys = vec![("Enter", enter)];
        if self.can_skip(console) {
            keys.push(("k", if self.is_skipping { "yes, skip it" } else { "skip this" }));
        }
        keys.push(("p", "another medium"));
        keys.push(("Esc", if Self::is_copy(console) { "leave it unread" } else { "back to the board" }));
        keys
    }

    fn help(&self) -> &'static str {
        "The machine may still hold the file in its memory and show it although the stick is bad. Pulled out and put back, it is read from the stick itself.\nUnmount it first: umount, or the symbol in the file manager. Nothing that was confirmed is lost here, as long as somebody presses a key now and then: after about an hour without one everything is wiped."
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.trouble = None;
        let was_skipping = std::mem::take(&mut self.is_skipping);
        let stage = console.journey.making.as_ref().map(|making| making.progress.stage());
        if !matches!(stage, Some(CeremonyStage::Sealed | CeremonyStage::Issued)) {
            // It was read again after all, when nobody waited for it any more.
            return Reaction::Back;
        }
        match (key, Self::medium(console)) {
            (Key::Enter, Some(Medium::Back { .. })) => return Self::read(false),
            (Key::Enter, _) => {
                return Reaction::Perform(Effect::Ceremony(Act::LookForMedium), "Looking for the medium");
            }
            (Key::Char('k' | 'K'), _) if self.can_skip(console) => {
                if was_skipping {
                    return Self::read(true);
                }
                self.is_skipping = true;
            }
            (Key::Char('p' | 'P'), _) => return Reaction::Replace(Route::AnotherPlace),
            (Key::Esc, _) => return Reaction::Back,
            _ => {}
        }
        Reaction::Stay
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        let before = Self::medium(console).cloned();
        match said(outcome, console) {
            Some(Said::Medium(Medium::Back { .. })) => return Self::read(false),
            Some(Said::Medium(medium)) => {
                self.is_unchanged = before.as_ref() == Some(&medium);
                self.is_in_vain |= self.is_unchanged;
            }
            Some(Said::ReadAgain(Ok(()))) if Self::is_copy(console) => return Reaction::Back,
            Some(Said::ReadAgain(Ok(()))) => {
                let is_resumed = console.journey.making.as_ref().is_some_and(|making| making.progress.is_resumed());
                let now = if is_resumed { "from paper" } else { "once more" };
                let text = format!(
                    "The file was read again, and it is the one that was written. Now everybody types the phrase {now}."
                );
                say_on_board(text, console);
                return Reaction::Back;
            }
            Some(Said::ReadAgain(Err(trouble))) => {
                self.is_in_vain = true;
                self.trouble = Some(trouble);
            }
            _ => {}
        }
        Reaction::Stay
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let sealed = Self::sealed(console)?;
        let path = Safe(&sealed.path.to_string_lossy()).to_string();
        let head = if Self::is_copy(console) {
            "The copy is written. Pulled out and put back, it is read from the medium itself."
        } else {
            "The file is written. It is UNCONFIRMED: no backup yet."
        };
        let mut y = wrapped(area, 0, head, theme::STRONG, buffer);
        y = wrapped(area, y, &path, theme::PLAIN, buffer);
        if let Some(answer) = console.journey.making.as_ref().and_then(|making| making.last_answer.as_deref()) {
            y = wrapped(area, y, answer, theme::CARE, buffer);
        }
        y += 1;
        let ask = match &sealed.medium {
            Medium::None => {
                let record = if Self::is_copy(console) { "." } else { "; the record says so." };
                format!(
                    "This folder is on no medium that can be pulled out. So it cannot be shown that the file lies on the medium, and not only in the memory of this machine. That can be skipped{record}"
                )
            }
            Medium::Present { title } => {
                format!("Unmount {} and pull it out. Then press Enter.", Safe(title))
            }
            Medium::Gone { title } => {
                format!("ok  {} is out. Put it back, mount it, and press Enter.", Safe(title))
            }
            Medium::Back { title } => format!("ok  {} is back. Enter reads the file from it.", Safe(title)),
        };
        y = wrapped(area, y, &ask, theme::STRONG, buffer);
        if self.is_unchanged && self.trouble.is_none() {
            let still = match &sealed.medium {
                Medium::Present { .. } => "! It is still there.",
                Medium::Gone { .. } => "! It is not back yet: is it mounted?",
                Medium::None | Medium::Back { .. } => "! There is still no such medium.",
            };
            y = wrapped(area, y + 1, still, theme::CARE, buffer);
        }
        if let Some(trouble) = &self.trouble {
            y = super::trouble(trouble, area, y + 1, buffer);
            let kept = if Self::is_copy(console) {
                "The backup itself is as it was. Try it again, or take another medium (p)."
            } else {
                "What was typed is kept. Try it again, or take another medium (p): nobody has to type anything again."
            };
            y = wrapped(area, y, kept, theme::PLAIN, buffer);
        }
        if self.is_skipping {
            let record =
                if Self::is_copy(console) { "" } else { " The record says that the medium was not pulled out." };
            wrapped(area, y + 1, &format!("! k once more skips this.{record}"), theme::CARE, buffer);
        }
        None
    }
}
