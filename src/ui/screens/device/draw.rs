//! How the questions about the backup of a device look.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::AskDevice;
use crate::domain::condition::Condition;
use crate::domain::inventory::{BackupStatus, IN_DAMAGED_BACKUP, OrganizationLabel};
use crate::domain::kind::Method;
use crate::domain::phrase_list::practice;
use crate::domain::text::{Safe, counted};
use crate::effect::{CloudAccount, Trouble};
use crate::journey::device::{DeviceAsked, METHODS, RESETS, VOID, account_rows};
use crate::journey::{Device, Journey};
use crate::ui::console::Console;
use crate::ui::screens::open::harm;
use crate::ui::screens::places::list;
use crate::ui::theme;
use crate::ui::widgets::{beside, columns, fit, put, rows_of, wrapped};

/// Said of what is not opened.
pub const CLAIMED: &str = "The status is what the file of the backup claims; only opening it shows what it holds.";
/// Said before a reset.
pub const RESET_STOPS: [&str; 2] = [
    "A reset makes a new backup that is opened in another way. All organizations move together.",
    "What opens the backup now does not open the new one. It still opens the old file: destroy that one afterwards.",
];
/// Said after a reset.
pub const MOVED: &str =
    "The shares are those of the old backup: what was outdated still is. The old file opens as before: destroy it.";
/// Said of the file that a new one goes on from.
pub fn superseded(before: &str) -> String {
    let name = before.rsplit('/').next().unwrap_or(before);
    format!("{name} is superseded: it opens as before, and lacks what is new.")
}
/// Said where backup and cloud key go to the same place.
pub const ONE_PLACE: &str = "! Both are in one place, each in a folder of its own. Upload the key and delete it here before anybody else can get at that place.";
/// What an offline file means for a PIN.
pub const NO_COUNT: &str =
    "A file cannot count wrong PINs: whoever has both the backup and the cloud key can try them all. Keep them apart.";

/// The device and whose it is.
pub fn device_line(device: &Device) -> Option<String> {
    let shares = device.shares()?;
    Some(format!("{} of {}", shares.device, shares.user))
}

/// The backup that is loaded, in a line.
pub fn backup_line(journey: &Journey) -> String {
    let Some(backup) = &journey.backup else { return "Backup: none yet".to_owned() };
    let name = backup.summary.files.first().map_or("", |file| file.name.rsplit('/').next().unwrap_or(&file.name));
    let opens = match backup.summary.method() {
        Method::Phrase => "a phrase".to_owned(),
        Method::CloudPin => {
            let account = journey.claims().and_then(|claims| claims.account.as_ref());
            account.map_or_else(
                || "a cloud key and a PIN".to_owned(),
                |account| format!("a PIN and a cloud key, kept at {account}"),
            )
        }
    };
    format!("Backup: {name}, opens with {opens}")
}

/// How an organization stands, in words. `is_harmed`: perhaps nothing comes out of the backup.
pub fn status_word(status: Option<BackupStatus>, is_harmed: bool) -> &'static str {
    match status {
        Some(status) => status.claimed(is_harmed),
        None if is_harmed => IN_DAMAGED_BACKUP,
        None => "In the backup",
    }
}

/// That the phrase of the backup is asked for.
pub fn phrase_wanted(device: &Device) -> &'static str {
    if device.is_restore() {
        "The phrase of this backup opens it."
    } else {
        "The phrase of this backup is needed once more."
    }
}

/// The practice PIN, where there is one.
pub fn practice_pin(journey: &Journey) -> Option<&'static str> {
    let sheet = journey.backup.as_ref()?.summary.sheets?;
    Some(sheet.trim())
}

impl AskDevice {
    pub(super) fn draw_asked(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let device = console.journey.device.as_ref()?;
        let asked = device.asked();
        let y = draw_head(device, console, area, buffer);
        let below = Rect { y: area.y + y, height: area.height.saturating_sub(y), ..area };
        let (cursor, y) = match asked {
            DeviceAsked::HasBackup => {
                let rows = ["There is one: choose its file", "There is none yet"];
                (
                    None,
                    list("Is there a backup of this device?", self.rows, &rows, |row| (*row).to_owned(), below, buffer),
                )
            }
            DeviceAsked::Status => match console.journey.device_harm().filter(|_| self.shows_harm) {
                Some(condition) => {
                    harm(condition, &self.scroll, below, buffer);
                    return None;
                }
                None => (None, self.draw_status(console, below, buffer)),
            },
            DeviceAsked::Reset => {
                let y = RESET_STOPS.iter().fold(0, |y, text| wrapped(below, y, text, theme::PLAIN, buffer));
                let only = console.journey.only_in_backup();
                let y = only.map_or(y, |only| wrapped(below, y, &format!("! {only}"), theme::CARE, buffer));
                let rest = Rect { y: below.y + y + 1, height: below.height.saturating_sub(y + 1), ..below };
                let row = |row: &&str| (*row).to_owned();
                (None, y + 1 + list("From what does it go on?", self.rows, &RESETS, row, rest, buffer))
            }
            DeviceAsked::Method => {
                let row = |(_, what, more): &(Method, &str, &str)| format!("{what:<22} {more}");
                let y = list("How shall the backup be opened?", self.rows, &METHODS, row, below, buffer);
                let text = "One way at a time, for all organizations of the device. Changing it later is a reset.";
                (None, wrapped(below, y + 1, text, theme::PLAIN, buffer))
            }
            DeviceAsked::Account => {
                let rows = account_rows(console.journey.claims());
                let row = |(said, _): &(String, CloudAccount)| said.clone();
                let y = list("Where will the cloud key be kept?", self.rows, &rows, row, below, buffer);
                let text = "This program uses no network: it writes the key to a file, and you upload that yourself.";
                (None, wrapped(below, y + 1, text, theme::PLAIN, buffer))
            }
            DeviceAsked::Label => {
                let (cursor, y) = self.text.draw("Account there, or nothing: ", below, 0, buffer);
                let text =
                    "A note in the backup, so that you find the key again. Anybody who has the file can read it.";
                (cursor, wrapped(below, y + 1, text, theme::PLAIN, buffer))
            }
            DeviceAsked::Pin | DeviceAsked::PinAgain | DeviceAsked::OldPin => {
                self.draw_pin(asked, console, below, buffer)
            }
            DeviceAsked::Place | DeviceAsked::KeyPlace => {
                let text = if asked == DeviceAsked::Place {
                    "The file of the backup."
                } else {
                    "The file of the cloud key, for the upload. Another place than that of the backup is best."
                };
                let y = wrapped(below, 0, text, theme::PLAIN, buffer);
                let rest = Rect { y: below.y + y, height: below.height.saturating_sub(y), ..below };
                (None, y + self.place.draw(console, rest, buffer))
            }
            DeviceAsked::Name => self.text.draw("Name of the backup file: ", below, 0, buffer),
            DeviceAsked::KeyName => self.text.draw("Name of the cloud key file: ", below, 0, buffer),
            DeviceAsked::Sure => (None, self.scroll.draw(&sure(device), self.above_trouble(below), buffer)),
            DeviceAsked::Shown => {
                let text = if device.is_confirmed() {
                    "The phrase was typed back. The backup is not written yet."
                } else {
                    "A phrase was made and is not typed back yet: there is no backup. Enter shows it again, for the user of this device alone."
                };
                (None, wrapped(below, 0, text, theme::STRONG, buffer))
            }
            DeviceAsked::OldPhrase => {
                let y = wrapped(below, 0, phrase_wanted(device), theme::STRONG, buffer);
                let text = "Sit down alone with your paper. Enter goes on to its twelve words.";
                let y = wrapped(below, y, text, theme::PLAIN, buffer);
                (None, draw_sheet(&console.journey, below, y, buffer))
            }
            DeviceAsked::OldKey => {
                let text = "The cloud key of this practice backup is built in. Enter takes it; in earnest you choose its file.";
                (None, wrapped(below, 0, text, theme::STRONG, buffer))
            }
            DeviceAsked::Done => (None, self.scroll.draw(&done(device, console), below, buffer)),
            DeviceAsked::Shares | DeviceAsked::Backup => (None, 0),
        };
        if let Some(Trouble { what, hint }) = &self.trouble {
            let y = wrapped(below, y + 1, &format!("! {what}"), theme::BAD, buffer);
            wrapped(below, y, hint, theme::PLAIN, buffer);
        }
        cursor
    }

    fn draw_status(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> u16 {
        let rows = console.journey.standings();
        let is_harmed = console.journey.device_harm().is_some();
        let widest = rows.iter().map(|(_, status, _)| columns(status_word(*status, is_harmed))).max().unwrap_or(0);
        // Two of one name are told apart by what nobody else has.
        let name = |label: &OrganizationLabel| {
            let has_namesake = label.has_namesake(rows.iter().map(|(other, ..)| other));
            // The id first: the end of what is long is cut.
            if has_namesake { format!("{}: {}", label.id, label.name) } else { label.name.to_string() }
        };
        // Shares, day and gaps.
        let most = rows.iter().map(|(label, ..)| columns(&name(label))).max().unwrap_or(0);
        let room = usize::from(area.width).saturating_sub(2 + 2 + 6 + 2 + 10 + 2 + widest).min(most.max(12));
        put(area, 2, 0, &status_row("Organization", "Shares", "Changed", "Status", room), theme::LABEL, buffer);
        let row = |(label, status, count): &(OrganizationLabel, Option<BackupStatus>, usize)| {
            let shares = if *count > 0 { count.to_string() } else { "-".to_owned() };
            status_row(&name(label), &shares, &label.changed.date(), status_word(*status, is_harmed), room)
        };
        let height = u16::try_from(rows.len()).unwrap_or(u16::MAX).min(area.height.saturating_sub(4));
        let list = Rect { y: area.y + 1, height, ..area };
        self.rows.draw(list, rows.len(), |index| rows.get(index).map_or_else(String::new, row), buffer);
        let mut y = height + 2;
        if let Some(headline) = console.journey.device_harm().and_then(Condition::headline) {
            y = wrapped(area, y, &format!("! {headline} F6 says more."), theme::BAD, buffer);
        }
        if console.journey.device.as_ref().is_some_and(|device| device.has_void_paper()) {
            y = wrapped(area, y, &format!("! {VOID}"), theme::CARE, buffer);
        }
        if console.journey.backup.is_some() {
            y = wrapped(area, y, CLAIMED, theme::PLAIN, buffer);
        }
        y
    }

    fn draw_pin(
        &self,
        asked: DeviceAsked,
        console: &Console,
        area: Rect,
        buffer: &mut Buffer,
    ) -> (Option<Position>, u16) {
        let label = match asked {
            DeviceAsked::Pin => "New PIN, 6 to 12 digits: ",
            DeviceAsked::PinAgain => "The same PIN again: ",
            _ => "PIN of this backup: ",
        };
        let x = put(area, 0, 0, label, theme::STRONG, buffer);
        let stars = "*".repeat(self.pin.reveal().chars().count());
        let x = put(area, x, 0, &stars, theme::FIELD, buffer);
        put(area, x, 0, "_", theme::PLAIN, buffer);
        let cursor = Position::new((area.x + x).min(area.right().saturating_sub(1)), area.y);
        let y = match asked {
            DeviceAsked::Pin => {
                let text = "Digits of no meaning to anybody, and no date. Nobody can tell it to you again: if it is forgotten, nothing opens the backup.";
                wrapped(area, 2, text, theme::PLAIN, buffer)
            }
            DeviceAsked::PinAgain => {
                let said = console.journey.device.as_deref().map(worth).unwrap_or_default();
                said.iter().fold(2, |y, text| wrapped(area, y, text, theme::PLAIN, buffer))
            }
            _ => match practice_pin(&console.journey) {
                Some(pin) => wrapped(area, 2, &format!("Practice PIN: {pin}"), theme::PLAIN, buffer),
                None => wrapped(
                    area,
                    2,
                    "It was chosen when the backup was made. Nobody else knows it.",
                    theme::PLAIN,
                    buffer,
                ),
            },
        };
        (Some(cursor), y)
    }

    /// Room is left for what did not work.
    fn above_trouble(&self, area: Rect) -> Rect {
        let rows = |text: &str| rows_of(text, area.width);
        let said = self.trouble.as_ref().map_or(0, |trouble| rows(&trouble.what) + 1 + rows(&trouble.hint) + 1);
        Rect { height: area.height.saturating_sub(said), ..area }
    }
}

/// The most organizations that are named one by one where they were backed up together.
const NAMED: usize = 4;

fn done(device: &Device, console: &Console) -> Vec<(Style, String)> {
    let Some(written) = device.written() else { return Vec::new() };
    let mut lines: Vec<(Style, String)> = Vec::new();
    let mut say = |style, text: String| lines.push((style, text));
    let said = |of: &str| format!("ok  Backup of {of} was successful.");
    if written.names.len() > NAMED {
        say(theme::GOOD, said(&counted(written.names.len(), "organization")));
    } else {
        written.names.iter().for_each(|name| say(theme::GOOD, said(&Safe(name).to_string())));
    }
    let path = Safe(&written.path.to_string_lossy()).to_string();
    say(theme::GOOD, format!("ok  Written, read back and opened: {path}"));
    if written.is_reset {
        say(theme::PLAIN, MOVED.to_owned());
    }
    if let Some(before) = &written.before {
        say(theme::PLAIN, superseded(before));
    }
    if let Some((path, account)) = &written.key {
        let path = Safe(&path.to_string_lossy()).to_string();
        say(theme::PLAIN, String::new());
        say(theme::CARE, format!("! The cloud key is in {path}"));
        let text = format!("Upload it to {account}, then delete it here. The backup goes somewhere else.");
        say(theme::STRONG, text);
    }
    if console.journey.backup.is_some() {
        say(theme::PLAIN, String::new());
        let rows = console.journey.standings();
        let is_harmed = console.journey.device_harm().is_some();
        for (label, status, _) in &rows {
            let name = label.told_apart(rows.iter().map(|(label, ..)| label));
            say(theme::PLAIN, format!("{name}: {}", status_word(*status, is_harmed)));
        }
        say(theme::PLAIN, CLAIMED.to_owned());
    }
    lines
}

/// What is worked on, above every question.
fn draw_head(device: &Device, console: &Console, area: Rect, buffer: &mut Buffer) -> u16 {
    let width = usize::from(area.width);
    let mut y = 0;
    let head = match device.asked() {
        DeviceAsked::Status | DeviceAsked::Done => "Manage backup".to_owned(),
        _ if device.is_restore() => "Restore the shares of a backup".to_owned(),
        _ if device.is_reset() => "Reset: another way of opening".to_owned(),
        _ => match device.names().as_slice() {
            [] => "Backup of a device".to_owned(),
            [name] => format!("Back up {}", Safe(name)),
            many => format!("Back up {}", counted(many.len(), "organization")),
        },
    };
    let of = device_line(device).unwrap_or_default();
    let of = fit(&of, width.saturating_sub(columns(&head) + 2));
    put(area, 0, y, &beside(&fit(&head, width), &of, width), theme::STRONG, buffer);
    y += 1;
    put(area, 0, y, &fit(&backup_line(&console.journey), width), theme::PLAIN, buffer);
    y + 2
}

fn sure(device: &Device) -> Vec<(Style, String)> {
    let path = Safe(&device.path().to_string_lossy()).to_string();
    let key = Safe(&device.key_path().to_string_lossy()).to_string();
    let account = device.account().map_or_else(String::new, ToString::to_string);
    let facts = [("Backup", path), ("Cloud key", key), ("Upload it to", account)];
    let facts = facts.map(|(label, value)| (theme::PLAIN, format!("{label:<14}{value}")));
    let mut lines = Vec::from(facts);
    let mut say = |style, text: &str| lines.push((style, text.to_owned()));
    if device.is_one_place() {
        say(theme::PLAIN, "");
        say(theme::CARE, ONE_PLACE);
    }
    say(theme::PLAIN, "");
    say(theme::STRONG, "All three are needed: the backup, the cloud key, and the PIN.");
    for text in worth(device) {
        say(theme::PLAIN, &text);
    }
    lines
}

/// What a PIN is worth against somebody who has the rest.
fn worth(device: &Device) -> Vec<String> {
    let all = device.worth().map(|worth| format!("All PINs of this length take {worth}."));
    all.map_or_else(Vec::new, |all| vec![NO_COUNT.to_owned(), all])
}

/// The practice phrase, where there is one.
fn draw_sheet(journey: &Journey, area: Rect, y: u16, buffer: &mut Buffer) -> u16 {
    let sheet = journey.backup.as_ref().and_then(|backup| backup.summary.sheets);
    let lines = sheet.map(practice).unwrap_or_default();
    match lines.first() {
        Some(_) => wrapped(area, y, "The practice sheet stands beside the entry.", theme::PLAIN, buffer),
        None => y,
    }
}

/// Aligned columns: the status stays whole, the name gets what is left.
fn status_row(name: &str, shares: &str, changed: &str, status: &str, room: usize) -> String {
    let name = fit(name, room);
    let gap = room.saturating_sub(columns(&name));
    format!("{name}{}  {shares:>6}  {changed:<10}  {status}", " ".repeat(gap))
}
