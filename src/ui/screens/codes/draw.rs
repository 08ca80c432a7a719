//! How the questions about codes look.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::AskCodes;
use crate::domain::inventory::{CodeKind, SetMode};
use crate::domain::kind::Kind;
use crate::domain::secret::SecretText;
use crate::domain::text::{Safe, capital, counted};
use crate::effect::Trouble;
use crate::journey::Saving;
use crate::journey::saving::SavingAsked;
use crate::ui::console::Console;
use crate::ui::screens::places::list;
use crate::ui::theme;
use crate::ui::widgets::{fit, put, secret, wrapped};

/// Said in the place of a code that is not in view.
const HIDDEN: &str = "(hidden: F3 shows it)";

impl AskCodes {
    pub(super) fn draw_asked(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let saving = &console.journey.saving;
        let mut y = 0;
        if let Some(account) = saving.account() {
            put(area, 0, 0, &fit(&account, usize::from(area.width)), theme::STRONG, buffer);
            y = 1;
        }
        let said = self.trouble.as_ref().map_or(0, |trouble| u16::from(!trouble.hint.is_empty()) * 2 + 2);
        let below = below(area, y, said);
        let cursor = match saving.asked() {
            SavingAsked::Service => self.text.draw("Service: ", explained(SERVICE, below, buffer), 0, buffer).0,
            SavingAsked::Login => self.text.draw("Login: ", explained(LOGIN, below, buffer), 0, buffer).0,
            SavingAsked::Expires => self.text.draw("Last day: ", explained(EXPIRES, below, buffer), 0, buffer).0,
            SavingAsked::Alike => {
                let alike = saving.alike().iter().map(|(service, login)| format!("{service} / {login}"));
                let rows: Vec<String> = alike.chain(["Another account, spelled as above".to_owned()]).collect();
                list(
                    "The backup holds an account that may be the same. Which is meant?",
                    self.rows,
                    &rows,
                    Clone::clone,
                    below,
                    buffer,
                );
                None
            }
            SavingAsked::Way => {
                let row = |(what, more): &(String, &str)| format!("{what:<9} {more}");
                list("How do the codes come here?", self.rows, &saving.ways(), row, below, buffer);
                None
            }
            SavingAsked::Paste => Some(self.draw_paste(below, buffer)),
            SavingAsked::Type => Some(self.draw_lines(saving, below, buffer)),
            SavingAsked::Doubt => {
                self.draw_doubt(saving, below, buffer);
                None
            }
            SavingAsked::Look => {
                self.draw_look(console, below, buffer);
                None
            }
            SavingAsked::File => None,
        };
        if let Some(Trouble { what, hint }) = &self.trouble {
            let foot = Rect { y: area.bottom().saturating_sub(said), height: said.min(area.height), ..area };
            let y = wrapped(foot, 0, &format!("! {}", capital(what)), theme::BAD, buffer);
            wrapped(foot, y, hint, theme::PLAIN, buffer);
        }
        cursor
    }

    fn draw_paste(&self, area: Rect, buffer: &mut Buffer) -> Position {
        let text = "Paste the list here, as the service shows it. Nothing of it is shown before it is understood.";
        let y = wrapped(area, 1, text, theme::PLAIN, buffer);
        let lines = self.gathered.as_ref().map_or(0, |text| text.lines().count());
        if lines > 0 {
            let text = format!("Lines so far: {lines}. An empty line ends the list.");
            wrapped(area, y + 1, &text, theme::STRONG, buffer);
        }
        Position::new(area.x, area.y + y + 1)
    }

    fn draw_lines(&self, saving: &Saving, area: Rect, buffer: &mut Buffer) -> Position {
        let y = wrapped(area, 1, "One code a line, as it is shown. An empty line ends the list.", theme::PLAIN, buffer);
        let rows = area.height.saturating_sub(y + 1);
        let area = Rect { y: area.y + y + 1, height: rows, ..area };
        let odd = saving.lines().odd_ones();
        let widest = (0..saving.lines().len()).map(|place| saving.lines().reveal(place).chars().count()).max();
        let remark = u16::try_from(widest.unwrap_or(0).clamp(12, 40)).unwrap_or(40) + 8;
        let first = (self.line + 2).saturating_sub(usize::from(rows));
        for (y, place) in (0..rows).zip(first..=saving.lines().len().max(self.line)) {
            let style = if place == self.line { theme::FIELD } else { theme::PLAIN };
            let x = put(area, 0, y, &format!("{:>4}  ", place + 1), theme::LABEL, buffer);
            let text = saving.lines().reveal(place);
            let row = Rect { x: area.x + x, y: area.y + y, width: area.width.saturating_sub(x).min(40), height: 1 };
            if self.is_hidden && place != self.line && !text.is_empty() {
                put(row, 0, 0, HIDDEN, theme::LABEL, buffer);
            } else {
                secret(row, text, style, buffer);
            }
            if let Some((_, oddity)) = odd.iter().find(|(at, _)| *at == place) {
                put(area, remark, y, &format!("! {oddity}"), theme::CARE, buffer);
            }
        }
        let column = Safe(saving.lines().reveal(self.line)).to_string().chars().count();
        let y = u16::try_from(self.line - first.min(self.line)).unwrap_or(0);
        let x = u16::try_from(column).unwrap_or(0).saturating_add(6).min(area.width.saturating_sub(1));
        Position::new(area.x + x, area.y + y)
    }

    fn draw_doubt(&self, saving: &Saving, area: Rect, buffer: &mut Buffer) {
        let Some(doubt) = saving.doubt() else { return };
        let y = wrapped(area, 1, &format!("{}. Which is right?", capital(&doubt.to_string())), theme::STRONG, buffer);
        let answers = saving.doubt_answers();
        let rows = u16::try_from(answers.len()).unwrap_or(u16::MAX).min(area.height.saturating_sub(y + 4));
        let of_list = Rect { y: area.y + y, height: rows, ..area };
        let row = |index: usize| answers.get(index).map_or_else(String::new, |answer| answer.said.clone());
        self.rows.draw(of_list, answers.len(), row, buffer);
        let below = below(area, y + rows + 1, 0);
        let chosen = self.rows.chosen(answers.len()).and_then(|row| answers.get(row));
        let codes = chosen.map_or_else(Vec::new, |answer| saving.understood_with(answer));
        if codes.is_empty() {
            return;
        }
        put(below, 0, 0, "Then these are the codes:", theme::LABEL, buffer);
        self.draw_codes(&codes, None, Rect { y: below.y + 1, height: below.height.saturating_sub(1), ..below }, buffer);
    }

    fn draw_look(&self, console: &Console, area: Rect, buffer: &mut Buffer) {
        let saving = &console.journey.saving;
        if saving.kind() == CodeKind::None {
            let text = "It is noted that this service gives no codes, so that a list of accounts is complete.";
            wrapped(area, 1, text, theme::PLAIN, buffer);
            return;
        }
        let lead = format!("{}. Compare them with the page of the service.", counted(saving.codes().len(), "code"));
        let mut y = wrapped(area, 1, &lead, theme::STRONG, buffer);
        let mode = match saving.mode() {
            SetMode::Add => "earlier codes of the account stay usable",
            SetMode::Replace => "earlier codes of the account are history",
        };
        let last = saving.expires().map_or_else(String::new, |day| format!(", until {day}"));
        let facts = format!("Kind: {}{last}. {}.", saving.kind().name(), capital(mode));
        y = wrapped(area, y, &facts, theme::PLAIN, buffer);
        let who = console.journey.kind() == Kind::Codes;
        let who = if who { "Every owner of the file reads them alone." } else { "A quorum of the backup reads them." };
        y = wrapped(area, y, who, theme::PLAIN, buffer);
        for remark in saving.remarks() {
            y = wrapped(area, y, &format!("! {remark}"), theme::CARE, buffer);
        }
        let chosen = self.rows.chosen(saving.codes().len());
        self.draw_codes(saving.codes(), chosen, below(area, y + 1, 0), buffer);
    }

    /// Numbered, with what is known to be used; as many as there is room for, the chosen one among them.
    fn draw_codes(&self, codes: &[(SecretText, bool)], chosen: Option<usize>, area: Rect, buffer: &mut Buffer) {
        let height = usize::from(area.height);
        let first = chosen.unwrap_or(0).saturating_sub(height / 2).min(codes.len().saturating_sub(height));
        for (y, (place, (code, is_used))) in (0..area.height).zip(codes.iter().enumerate().skip(first)) {
            let mark = if chosen == Some(place) { ">" } else { " " };
            let x = put(area, 0, y, &format!("{mark}{:>3}  ", place + 1), theme::LABEL, buffer);
            let row = Rect { x: area.x + x, y: area.y + y, width: area.width.saturating_sub(x + 8), height: 1 };
            if self.is_hidden {
                put(row, 0, 0, HIDDEN, theme::LABEL, buffer);
            } else {
                secret(row, code.reveal(), theme::SECRET, buffer);
            }
            if *is_used {
                put(area, area.width.saturating_sub(7).min(50), y, "used", theme::LABEL, buffer);
            }
        }
        if first + height < codes.len() {
            put(area, area.width.saturating_sub(6), area.height.saturating_sub(1), "v more", theme::LABEL, buffer);
        }
    }
}

const SERVICE: &str = "Whose codes are these? The service, as it is called where you log in: GitHub";
const LOGIN: &str = "The login there: a name or an e-mail address. The codes belong to this account.";
const EXPIRES: &str =
    "The last day on which the codes count, if the service names one: YYYY-MM-DD. Enter alone names none.";

/// A question above its field; says where the field goes.
fn explained(text: &str, area: Rect, buffer: &mut Buffer) -> Rect {
    let y = wrapped(area, u16::from(area.y > 0), text, theme::PLAIN, buffer);
    below(area, y + 1, 0)
}

/// What is left of `area` below row `y`, but for `kept` rows at its foot.
fn below(area: Rect, y: u16, kept: u16) -> Rect {
    let y = y.min(area.height);
    Rect { y: area.y + y, height: area.height.saturating_sub(y + kept), ..area }
}
