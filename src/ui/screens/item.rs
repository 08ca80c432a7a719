//! Recovered, one item: its lines, of which at most one secret is shown at a time, and only until the next key; what its key
//! gives; and its other versions.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::lines::Lines;
use crate::domain::codes::CodeMark;
use crate::domain::inventory::{Collection, Standing, Version, VersionKind};
use crate::domain::secret::SecretText;
use crate::domain::text::{Safe, Text};
use crate::effect::{DerivedKey, Effect, Outcome, Trouble, WantedKey};
use crate::journey::Goal;
use crate::journey::items::{self, ItemLine, derived_lines, lines_of, origin, proposed};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{put, wrapped};

pub struct ShowItem {
    collection: Collection,
    id: String,
    /// Which version; 0 is what counts, or else what came last.
    version: usize,
    lines: Lines,
    /// What its key gives, once that is known.
    derived: Option<Result<Box<DerivedKey>, Trouble>>,
}

impl ShowItem {
    pub fn new(collection: Collection, id: String) -> Self {
        Self { collection, id, version: 0, lines: Lines::default(), derived: None }
    }

    fn standing<'a>(&self, console: &'a Console) -> Option<&'a Standing> {
        console.journey.inventory()?.standing(self.collection, &self.id)
    }

    fn version<'a>(&self, console: &'a Console) -> Option<(VersionKind, &'a Version)> {
        self.standing(console)?.versions().nth(self.version)
    }

    /// What people came for first, whether recorded or derived.
    fn lines<'a>(&'a self, console: &'a Console) -> Vec<ItemLine<'a>> {
        let Some((_, version)) = self.version(console) else { return Vec::new() };
        let fields = version.item.fields();
        let mut lines = lines_of(self.collection, fields);
        if let Some(inventory) = console.journey.inventory() {
            items::say_who_marked(&mut lines, inventory, &self.id);
        }
        if let Some(Ok(derived)) = &self.derived {
            lines.extend(derived_lines(derived, Some(fields)));
        }
        items::in_order(&mut lines);
        lines
    }

    fn turn(&mut self, by: isize, console: &Console) -> Reaction {
        let count = self.standing(console).map_or(0, |standing| standing.versions().count());
        let version = self.version.saturating_add_signed(by).min(count.saturating_sub(1));
        if version == self.version {
            return Reaction::Stay;
        }
        self.version = version;
        self.derived = None;
        self.lines = Lines::default();
        self.derive()
    }

    /// Codes are added to the account that counts, whatever version is in view.
    fn add_codes(&self, console: &mut Console) -> Reaction {
        let current = self.standing(console).and_then(|standing| standing.current.as_ref());
        let named = |member| current.and_then(|version| Text::new(version.item.fields().text(member)?));
        match (named("service"), named("login")) {
            (Some(service), Some(login)) => Reaction::Open(console.journey.save_for(service, login)),
            _ => Reaction::Stay,
        }
    }

    /// The code that is in view was used.
    fn mark_used(&self, console: &mut Console) -> Reaction {
        let lines = self.lines(console);
        let code = self.lines.shown_code(&lines).map(|line| SecretText::copy_of(line.value));
        let title = self.version(console).map(|(_, version)| version.item.title());
        drop(lines);
        match (code, title) {
            (Some(code), Some(title)) => Reaction::Open(console.journey.mark_used(&self.id, title, code.reveal())),
            _ => Reaction::Stay,
        }
    }

    /// Whether codes of it can be saved and marked from here: not while a quorum decides on it.
    fn takes_codes(&self, console: &Console) -> bool {
        self.collection == Collection::Accounts && !matches!(console.journey.goal(), Goal::Rotate | Goal::Confirm)
    }

    fn derive(&self) -> Reaction {
        if self.derived.is_some() || !matches!(self.collection, Collection::Keys | Collection::Vaults) {
            return Reaction::Stay;
        }
        let (collection, id, version) = (self.collection, self.id.clone(), self.version);
        Reaction::Perform(Effect::Derive { wanted: WantedKey::Item { collection, id, version } }, "Rebuilding the key")
    }
}

impl Screen for ShowItem {
    fn title(&self) -> &'static str {
        "Recovered"
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        let mut keys = self.lines.keys(&self.lines(console));
        if self.standing(console).is_some_and(|standing| standing.versions().nth(1).is_some()) {
            keys.push(("Left/Right", "other version"));
        }
        if self.takes_codes(console) {
            keys.push(("a", "add codes"));
        } else {
            keys.retain(|(key, _)| *key != "u");
        }
        keys.push(("Esc", "back to the list"));
        keys
    }

    fn help(&self) -> &'static str {
        "Lines marked hidden are secret. y shows the chosen one below; it is hidden again with the next key, and after a while without a key.\nImport forms say where a key can be used, and where not. q shows a line as a QR code, a secret one after a question.\nThe codes of an account are for one use each: next is the first one that is not marked as used. u marks the one that is shown, in a new file; a adds further codes."
    }

    fn on_show(&mut self, console: &mut Console) -> Reaction {
        // The cursor stands at the code that comes next; after one was marked, at the one behind it.
        if self.collection == Collection::Accounts {
            let next = self.lines(console).iter().position(|line| line.mark == CodeMark::Next.name());
            self.lines = next.map_or_else(Lines::default, Lines::at);
        }
        self.derive()
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        match key {
            Key::Esc => return Reaction::Back,
            Key::Left => return self.turn(-1, console),
            Key::Right => return self.turn(1, console),
            Key::Char('a' | 'A') if self.takes_codes(console) => return self.add_codes(console),
            Key::Char('u' | 'U') if self.takes_codes(console) => return self.mark_used(console),
            _ => {}
        }
        // The lines borrow all else of it; the record is put back at once.
        let mut record = std::mem::take(&mut console.journey.history);
        let mut view = std::mem::take(&mut self.lines);
        let reaction = view.on_key(key, &self.lines(console), &mut record);
        (self.lines, console.journey.history) = (view, record);
        reaction
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        if let Outcome::Derived(derived) = outcome {
            // Whoever looks at a line goes on looking at it, wherever it stands now.
            let before = self.lines(console);
            let chosen =
                self.lines.chosen(&before).map(|line| (line.label.to_string(), SecretText::copy_of(line.value)));
            drop(before);
            self.derived = Some(derived);
            let is_chosen = |line: &ItemLine<'_>| {
                chosen.as_ref().is_some_and(|(label, value)| *label == line.label && value.reveal() == line.value)
            };
            match self.lines(console).iter().position(is_chosen) {
                Some(place) => self.lines.move_to(place),
                None => self.lines.hide(),
            }
        }
        Reaction::Stay
    }

    fn hide(&mut self) {
        self.lines.hide();
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let standing = self.standing(console)?;
        let (kind, version) = self.version(console)?;
        let title = format!("{}: {}", version.item.collection().noun(), Safe(&version.item.title()));
        put(area, 0, 0, &title, theme::STRONG, buffer);
        let counts = kind == VersionKind::Current && version.is_trusted();
        let (mark, style) = if counts { ("", theme::PLAIN) } else { ("! ", theme::CARE) };
        let count = standing.versions().count();
        let place = if count > 1 { format!("Version {} of {count}. ", self.version + 1) } else { String::new() };
        let mut y = wrapped(
            area,
            1,
            &format!("{mark}{place}{}", origin(kind, version, console.journey.holder())),
            style,
            buffer,
        );
        if self.collection == Collection::Accounts && kind == VersionKind::Current {
            y = wrapped(area, y, &Safe(&items::what(&version.item)).to_string(), theme::STRONG, buffer);
        }
        if kind == VersionKind::Current {
            let holder = console.journey.holder();
            for said in proposed(standing, holder) {
                y = wrapped(area, y, &format!("! {said}"), theme::CARE, buffer);
            }
            let checks = console.journey.opening.as_ref().map(|opening| &opening.comparison.checks);
            let weighed = checks.and_then(|checks| items::weighed(checks, version, holder));
            for said in weighed.into_iter().chain(standing.by_others(holder)) {
                y = wrapped(area, y, &said, theme::PLAIN, buffer);
            }
        }
        match &self.derived {
            Some(Ok(derived)) if derived.is_red => {
                let check = derived.check.as_deref().unwrap_or("");
                y = wrapped(area, y, &format!("! {}", Safe(check)), theme::BAD, buffer);
            }
            Some(Err(trouble)) if kind == VersionKind::Current => {
                y = wrapped(area, y, &format!("! {} {}", trouble.what, trouble.hint), theme::CARE, buffer);
            }
            _ => {}
        }
        let below = Rect { y: area.y + y + 1, height: area.height.saturating_sub(y + 1), ..area };
        self.lines.draw(&self.lines(console), below, buffer);
        None
    }
}
