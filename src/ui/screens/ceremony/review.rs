//! What no quorum has confirmed, one row each, before a rotation is planned or to be confirmed. The quorum that opened the backup
//! looks into each of them, at what is there now and what it would become, and decides: what nobody looked into is not accepted.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::{said, trouble};
use crate::domain::inventory::review::ReviewPurpose;
use crate::effect::{Act, Effect, Outcome, Said, Trouble};
use crate::journey::Route;
use crate::journey::review::{Decision, Decisions, MemberChange, ReviewedMember, heading, members};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, Scroll, fit, put, rows_of, wrapped};

pub struct Review {
    purpose: ReviewPurpose,
    /// `None` until it was looked up.
    decisions: Option<Decisions>,
    /// Below the last one a row goes on.
    rows: ChosenRow,
    /// Through the one that is looked into.
    inside: Option<Scroll>,
    /// Why a key did nothing.
    remark: Option<&'static str>,
    trouble: Option<Trouble>,
}

const READ_ON: &str = "Read on to its end before you accept it: press Down.";
const NOTHING: &str =
    "You accept nothing, so nothing is written. Look into what you want to confirm, and press Space there.";

impl Review {
    pub fn of(console: &Console) -> Self {
        Self {
            purpose: console.journey.review_purpose(),
            decisions: None,
            rows: ChosenRow::default(),
            inside: None,
            remark: None,
            trouble: None,
        }
    }

    fn count(&self) -> usize {
        self.decisions.as_ref().map_or(0, Decisions::count)
    }

    /// The chosen question; `None` on the row that goes on.
    fn chosen(&self) -> Option<usize> {
        self.rows.chosen(self.count() + 1).filter(|chosen| *chosen < self.count())
    }

    fn look_inside(&mut self) -> Reaction {
        self.inside = Some(Scroll::default());
        Reaction::Stay
    }

    /// What is looked into was in view as a whole.
    fn see(&mut self) {
        if let (Some(scroll), Some(chosen), Some(decisions)) = (&self.inside, self.chosen(), &mut self.decisions)
            && scroll.is_at_end()
        {
            decisions.see(chosen);
        }
    }

    /// Accepts the chosen one, or declines it again; looks into it first.
    fn turn(&mut self) -> Reaction {
        let (Some(chosen), Some(decisions)) = (self.chosen(), &mut self.decisions) else { return Reaction::Stay };
        if decisions.turn(chosen) {
            return Reaction::Stay;
        }
        if self.inside.is_none() {
            return self.look_inside();
        }
        self.remark = Some(READ_ON);
        Reaction::Stay
    }

    /// Looks into the next one, or the one before.
    fn move_inside(&mut self, key: Key) -> Reaction {
        let count = self.count();
        self.rows.on_key(key, count);
        self.look_inside()
    }

    fn on_key_inside(&mut self, key: Key, console: &Console) -> Reaction {
        self.see();
        match key {
            Key::Esc => self.inside = None,
            // On to the next row.
            Key::Enter => {
                self.inside = None;
                let count = self.count() + 1;
                self.rows.on_key(Key::Down, count);
            }
            Key::Char(' ') => return self.turn(),
            Key::Left => return self.move_inside(Key::Up),
            Key::Right => return self.move_inside(Key::Down),
            Key::Char('i' | 'I') => {
                if let Some((collection, id)) = self.item(console) {
                    return Reaction::Open(Route::Item { collection, id });
                }
            }
            _ => {
                if let Some(scroll) = &mut self.inside {
                    scroll.on_key(key);
                }
            }
        }
        Reaction::Stay
    }

    /// The item that is asked about, where there is one to be shown.
    fn item(&self, console: &Console) -> Option<(crate::domain::inventory::Collection, String)> {
        let (asked, _) = self.decisions.as_ref()?.get(self.chosen()?)?;
        let (collection, id) = asked.question.item()?;
        console.journey.inventory()?.standing(collection, id)?;
        Some((collection, id.to_owned()))
    }

    fn go_on(&mut self) -> Reaction {
        let Some(decisions) = &self.decisions else { return Reaction::Stay };
        match self.purpose {
            ReviewPurpose::Rotation => Reaction::Open(Route::Rotate { accepted: decisions.accepted() }),
            ReviewPurpose::Confirmation if decisions.count() == 0 => Reaction::Back,
            ReviewPurpose::Confirmation if decisions.accepted().is_empty() => {
                self.remark = Some(NOTHING);
                Reaction::Stay
            }
            ReviewPurpose::Confirmation => Reaction::Open(Route::Confirm(decisions.confirmed())),
        }
    }

    /// What Space does with the chosen one.
    fn space(&self) -> &'static str {
        let chosen = self.chosen().zip(self.decisions.as_ref());
        match chosen.and_then(|(chosen, decisions)| decisions.get(chosen)) {
            Some((_, Decision::Accepted)) => "decline",
            Some((_, Decision::Declined | Decision::Unseen)) | None => "accept",
        }
    }

    /// What the row below the last question does.
    fn on(&self) -> &'static str {
        match self.purpose {
            ReviewPurpose::Rotation => "plan the new backup",
            ReviewPurpose::Confirmation => "seal what you accept",
        }
    }

    fn look_up(&self) -> Reaction {
        Reaction::Perform(Effect::Ceremony(Act::Review(self.purpose)), "Looking for what no quorum has confirmed")
    }
}

impl Screen for Review {
    fn title(&self) -> &'static str {
        match self.purpose {
            ReviewPurpose::Rotation => super::TITLE,
            ReviewPurpose::Confirmation => "Refresh",
        }
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        if self.inside.is_some() {
            let mut keys = vec![("Enter", "on"), ("Space", self.space()), ("Left/Right", "other one")];
            keys.push(("Esc", "to the list"));
            if self.item(console).is_some() {
                keys.push(("i", "the item"));
            }
            return keys;
        }
        match (&self.decisions, self.chosen()) {
            (None, _) => vec![("Enter", "look again"), ("Esc", "back")],
            (Some(decisions), _) if decisions.count() == 0 && self.purpose == ReviewPurpose::Confirmation => {
                vec![("Enter", "back")]
            }
            (Some(decisions), _) if decisions.count() == 0 => vec![("Enter", self.on()), ("Esc", "back")],
            (Some(_), None) => vec![("Enter", self.on()), ("Up/Down", "choose"), ("Esc", "back")],
            (Some(_), Some(_)) => vec![
                ("Enter", "look inside"),
                ("Space", self.space()),
                ("End", "go on"),
                ("Esc", "back"),
                ("a", "all looked into"),
            ],
        }
    }

    fn further_keys(&self, _room: &Console) -> Vec<KeyHint> {
        if self.inside.is_some() { vec![("Up/Down", "scroll")] } else { vec![("Up/Down", "choose")] }
    }

    fn help(&self) -> &'static str {
        match self.purpose {
            ReviewPurpose::Rotation => {
                "Whoever has the file can add records to it. They were shown as not confirmed, and they replaced nothing that a quorum sealed.\nIn the new backup you decide on each. [x] accepted: the new quorum confirms it; a change is made. [ ] not accepted: it is carried over and stays marked, with the day on which it was added. [?] nobody looked inside yet: it cannot be accepted. Accept only what somebody of you knows to be right.\nOf secrets it is said whether they change. i shows the item, one secret at a time."
            }
            ReviewPurpose::Confirmation => {
                "Whoever has the file can add records to it. They are shown as not confirmed, and they replace nothing that a quorum sealed.\nYou are a quorum, and decide on each. [x] accepted: it is sealed into the next snapshot, and a change is made. [ ] not accepted: it stays where it is, with its mark. [?] nobody looked inside yet: it cannot be accepted. Accept only what somebody of you knows to be right.\nOf secrets it is said whether they change. i shows the item, one secret at a time."
            }
        }
    }

    fn on_show(&mut self, _room: &mut Console) -> Reaction {
        if self.decisions.is_none() && self.trouble.is_none() { self.look_up() } else { Reaction::Stay }
    }

    fn intake(&self, _room: &Console) -> Intake {
        Intake::Rested
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.remark = None;
        if self.inside.is_some() {
            return self.on_key_inside(key, console);
        }
        match (key, self.chosen()) {
            (Key::Esc, _) => Reaction::Back,
            (Key::Enter, _) if self.decisions.is_none() => self.look_up(),
            (Key::Enter, None) => self.go_on(),
            (Key::Enter, Some(_)) => self.look_inside(),
            (Key::Char(' '), _) => self.turn(),
            (Key::Char('a' | 'A'), _) => {
                if let Some(decisions) = &mut self.decisions {
                    decisions.turn_all();
                }
                Reaction::Stay
            }
            (key, _) => {
                let count = self.count() + 1;
                self.rows.on_key(key, count);
                Reaction::Stay
            }
        }
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        match said(outcome, console) {
            Some(Said::Review(Ok(asked))) => {
                self.trouble = None;
                self.decisions = Some(Decisions::of(asked));
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
        let decisions = self.decisions.as_ref()?;
        let mut area = area;
        let missing = console.journey.opening.as_ref().and_then(|opening| opening.completeness.verdict());
        if let Some(missing) = missing.as_ref().filter(|_| self.inside.is_none()) {
            let text = format!("! {missing} What is missing does not go into the new backup.");
            area = below(area, wrapped(area, 0, &text, theme::BAD, buffer) + 1);
        }
        if decisions.count() == 0 {
            self.draw_none(missing.is_some(), console, area, buffer);
        } else if let Some(scroll) = &self.inside {
            self.draw_inside(scroll, decisions, console, area, buffer);
        } else {
            self.draw_list(decisions, console, area, buffer);
        }
        None
    }
}

impl Review {
    fn draw_none(&self, is_missing: bool, console: &Console, area: Rect, buffer: &mut Buffer) {
        let decider = console.journey.holder().decider;
        let (what, goes) = match (self.purpose, is_missing) {
            (ReviewPurpose::Confirmation, _) => (
                format!("Nothing in this backup waits for a {decider} to confirm it."),
                "Nothing is written. What this version does not understand is not asked about.",
            ),
            (ReviewPurpose::Rotation, true) => {
                (format!("A {decider} has confirmed what came out of this backup."), "It goes into the new one.")
            }
            (ReviewPurpose::Rotation, false) => {
                (format!("A {decider} has confirmed everything in this backup."), "All of it goes into the new one.")
            }
        };
        let y = wrapped(area, 0, &what, theme::STRONG, buffer);
        wrapped(area, y + 1, goes, theme::PLAIN, buffer);
    }

    fn draw_list(&self, decisions: &Decisions, console: &Console, area: Rect, buffer: &mut Buffer) {
        let (count, accepted) = (decisions.count(), decisions.number(Decision::Accepted));
        let unseen = match decisions.number(Decision::Unseen) {
            0 => String::new(),
            unseen => format!(" [?] nobody looked into yet: {unseen}."),
        };
        let decider = console.journey.holder().decider;
        let head = format!("No {decider} has confirmed these: {count}. You accept {accepted} of them.");
        let y = wrapped(area, 0, &head, theme::STRONG, buffer);
        let why = match self.purpose {
            ReviewPurpose::Rotation => "What you do not accept goes into the new backup with its mark.",
            ReviewPurpose::Confirmation => "What you do not accept stays where it is, with its mark.",
        };
        let why = format!("{why} ! would change what was sealed.{unseen}");
        let mut y = wrapped(area, y, &why, theme::PLAIN, buffer);
        if let Some(remark) = self.remark {
            y = wrapped(area, y, &format!("! {remark}"), theme::CARE, buffer);
        }
        let area = below(area, y + 1);
        // Below the list the chosen one is told, as far as there is room.
        let pane = (area.height / 2).max(4);
        let rows = u16::try_from(count + 1).unwrap_or(u16::MAX).min(area.height.saturating_sub(pane + 1));
        let list = Rect { height: rows, ..area };
        let columns = ChosenRow::columns(list, count + 1);
        let row = |index: usize| match decisions.get(index) {
            None => fit(&format!("    Go on: {}", self.on()), columns),
            Some((asked, decision)) => {
                let change = if asked.is_change { "!" } else { " " };
                fit(&format!("{} {change} {}", mark(*decision), asked.what), columns)
            }
        };
        self.rows.draw(list, count + 1, row, buffer);
        if let Some((asked, _)) = self.chosen().and_then(|chosen| decisions.get(chosen)) {
            let pane = below(area, rows + 1);
            let y = wrapped(pane, 0, &format!("{}.", asked.what), theme::STRONG, buffer);
            if let Some(inventory) = console.journey.inventory() {
                draw_briefly(&members(&asked.question, inventory), below(pane, y), buffer);
            }
        }
    }

    fn draw_inside(&self, scroll: &Scroll, decisions: &Decisions, console: &Console, area: Rect, buffer: &mut Buffer) {
        let Some(chosen) = self.chosen() else { return };
        let Some((asked, decision)) = decisions.get(chosen) else { return };
        let y = wrapped(area, 0, &format!("{}.", asked.what), theme::STRONG, buffer);
        let state = match decision {
            Decision::Accepted => "[x] You accept this.",
            Decision::Declined | Decision::Unseen => "[ ] You do not accept this. Space accepts it.",
        };
        let state = format!("{} of {}   {state}", chosen + 1, decisions.count());
        let mut y = wrapped(area, y, &state, theme::PLAIN, buffer);
        if let Some(remark) = self.remark {
            y = wrapped(area, y, &format!("! {remark}"), theme::CARE, buffer);
        }
        let mut lines: Vec<(Style, String)> = Vec::new();
        if let Some(inventory) = console.journey.inventory() {
            lines.push((theme::LABEL, heading(&asked.question, inventory).to_owned()));
            lines.extend(members(&asked.question, inventory).iter().flat_map(told));
        }
        scroll.draw(&lines, below(area, y + 1), buffer);
    }
}

fn mark(decision: Decision) -> &'static str {
    match decision {
        Decision::Unseen => "[?]",
        Decision::Declined => "[ ]",
        Decision::Accepted => "[x]",
    }
}

/// A member in full: of what changes, both sides below one another.
fn told(member: &ReviewedMember) -> Vec<(Style, String)> {
    match &member.change {
        MemberChange::Becomes { now, then } => vec![
            (theme::STRONG, format!("{}:", member.label)),
            (theme::PLAIN, format!("  now   {now}")),
            (theme::PLAIN, format!("  then  {then}")),
        ],
        MemberChange::Secret(_) if member.is_change() => vec![(theme::STRONG, member.to_string())],
        MemberChange::Same(_)
        | MemberChange::New(_)
        | MemberChange::Gone(_)
        | MemberChange::Only(_)
        | MemberChange::Secret(_) => vec![(theme::PLAIN, member.to_string())],
    }
}

/// What changes, as far as there is room.
fn draw_briefly(members: &[ReviewedMember], area: Rect, buffer: &mut Buffer) {
    let (mut y, mut left) = (0, members.iter().filter(|member| member.is_change()).peekable());
    while let Some(member) = left.next() {
        let text = member.to_string();
        let room = area.height.saturating_sub(u16::from(left.peek().is_some()));
        if y + rows_of(&text, area.width) > room {
            put(area, 0, y, "(more: Enter looks inside)", theme::LABEL, buffer);
            return;
        }
        y = wrapped(area, y, &text, theme::PLAIN, buffer);
    }
}

fn below(area: Rect, y: u16) -> Rect {
    Rect { y: area.y + y.min(area.height), height: area.height.saturating_sub(y), ..area }
}
