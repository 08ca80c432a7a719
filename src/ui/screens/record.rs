//! Record: what happened, and what was wiped. The last screen; nothing secret is left when it is drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::completeness::{Extent, KEEP};
use crate::domain::export_form::Protection;
use crate::domain::kind::Method;
use crate::domain::text::Safe;
use crate::effect::{DeviceWritten, Refreshed, Trouble};
use crate::journey::{self, CardCheck, HowMade, HowOpened};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{Scroll, wrapped};

/// Said when the session holds nothing any more.
pub const WHAT_WAS_WIPED: &str = "Conclave has overwritten the words, shares, wrapping key and contents that it held. It cannot speak for the system below it: switch the machine off.";

#[derive(Default)]
pub struct ShowRecord {
    /// Enter was the last key.
    is_armed: bool,
    scroll: Scroll,
}

impl Screen for ShowRecord {
    fn title(&self) -> &'static str {
        "Record"
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        let enter =
            if console.journey.history.why_wiped.is_some() { ("Enter twice", "leave") } else { ("Enter", "leave") };
        vec![enter, ("Up/Down", "scroll")]
    }

    fn help(&self) -> &'static str {
        "What happened, for your own notes; it is not stored anywhere. Leaving clears the screen and what could be scrolled back."
    }

    fn intake(&self, _room: &Console) -> Intake {
        Intake::Rested
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        // Who was typing when the time ran out types on: what follows a single Enter must not go to the shell behind.
        self.scroll.on_key(key);
        let is_meant = console.journey.history.why_wiped.is_none() || self.is_armed;
        self.is_armed = key == Key::Enter;
        if self.is_armed && is_meant { Reaction::Quit } else { Reaction::Stay }
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let history = &console.journey.history;
        let mut y = 0;
        let wiped = match (history.is_wiped, history.why_wiped) {
            (false, _) => "Overwriting ...".to_owned(),
            (true, None) => "Wiped.".to_owned(),
            (true, Some(why)) => format!("Wiped {why}."),
        };
        y = wrapped(area, y, &wiped, theme::STRONG, buffer);
        if history.is_wiped {
            y = wrapped(area, y, WHAT_WAS_WIPED, theme::PLAIN, buffer);
        }
        y += 1;
        let said = |(tone, fact)| {
            let (mark, style) = match tone {
                Tone::Plain => ("", theme::PLAIN),
                Tone::Good => ("ok  ", theme::GOOD),
                Tone::Care => ("! ", theme::CARE),
                Tone::Bad => ("! ", theme::BAD),
            };
            (style, format!("{mark}{fact}"))
        };
        let below = Rect { y: area.y + y, height: area.height.saturating_sub(y), ..area };
        self.scroll.draw(&facts(history).into_iter().map(said).collect::<Vec<_>>(), below, buffer);
        None
    }
}

/// How a fact of the record is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Care,
    Bad,
}

/// What happened, a sentence each.
pub fn facts(history: &journey::History) -> Vec<(Tone, String)> {
    let mut facts = history.made.as_ref().map(of_ceremony).unwrap_or_default();
    for DeviceWritten { path, key, names, .. } in &history.backed_up {
        let (path, names) = (Safe(&path.to_string_lossy()).to_string(), Safe(&names.join(", ")).to_string());
        facts.push((Tone::Good, format!("Backup of this device, with {names}: {path}")));
        facts.extend(key.as_ref().map(|(path, account)| {
            let path = Safe(&path.to_string_lossy()).to_string();
            (Tone::Care, format!("Its cloud key, to be uploaded to {account} and deleted here: {path}"))
        }));
    }
    facts.extend(history.void.map(|void| (Tone::Bad, void.trim_end_matches('.').to_owned())));
    if history.file.is_none() {
        if history.is_blank() {
            facts.push((Tone::Plain, "Nothing was opened, and no backup was made".to_owned()));
        }
        return facts;
    }
    let mut say = |tone, fact: String| facts.push((tone, fact));
    say(Tone::Plain, format!("Backup: {}", history.file.as_deref().unwrap_or_default()));
    match history.compared {
        Some(CardCheck::Word) => say(Tone::Plain, "Fingerprint: a word of a public card matched".to_owned()),
        Some(CardCheck::Not) => say(Tone::Care, "Fingerprint: not compared with a card".to_owned()),
        None => {}
    }
    let verified = if history.verified.is_empty() { "nobody".to_owned() } else { listed(&history.verified) };
    for Refreshed { path, mail, sequence, digest_words, did, notes: _ } in &history.refreshed {
        let shown = |path: &std::path::Path| Safe(&path.to_string_lossy()).to_string();
        let path = shown(path);
        say(Tone::Good, format!("New snapshot, sequence {sequence}, digest words \"{digest_words}\": {path}"));
        for line in did {
            say(Tone::Plain, line.clone());
        }
        if let Some(mail) = mail {
            say(Tone::Good, format!("The e-mail with it: {}", shown(mail)));
        }
    }
    let (typed, wrong) = match history.method {
        Some(Method::CloudPin) => {
            ("Verified cloud key and PIN", "Checks of a cloud key and a PIN that did not open it")
        }
        Some(Method::Phrase) | None => ("Verified phrases", "Checks of a phrase that was not of this backup"),
    };
    if history.refreshed.is_empty() || !history.verified.is_empty() {
        say(Tone::Plain, format!("{typed}: {verified}"));
    }
    if history.wrong > 0 {
        say(Tone::Plain, format!("{wrong}: {}", history.wrong));
    }
    if history.altered > 0 {
        say(Tone::Bad, format!("Right phrases for an altered file: {}", history.altered));
    }
    match history.opened {
        None if !history.refreshed.is_empty() => {}
        None => say(Tone::Care, "Not opened".to_owned()),
        Some(HowOpened { is_withheld: true, .. }) => {
            say(Tone::Good, "Opened in a drill; nothing of it was shown or written".to_owned());
        }
        Some(HowOpened { red: 0, extent: Extent::Whole, is_compared: true, notes, matches, vaults, .. }) => {
            let said = match notes {
                0 if vaults > 0 && matches == vaults => "Opened; everything checks".to_owned(),
                0 => "Opened; nothing was found that does not check".to_owned(),
                count => format!("Opened; nothing was found that does not check; notes: {count}"),
            };
            say(Tone::Good, said);
        }
        Some(HowOpened { red, .. }) => say(Tone::Bad, format!("Opened; things that do not check: {red}")),
    }
    match history.opened.map(|opened| opened.extent) {
        Some(Extent::Incomplete) => say(Tone::Bad, format!("INCOMPLETE: not the whole backup came out. {}", keep())),
        Some(Extent::Uncertain) => {
            say(
                Tone::Bad,
                format!("Perhaps INCOMPLETE: nobody can tell whether the whole backup came out. {}", keep()),
            );
        }
        Some(Extent::Whole) | None => {}
    }
    if let Some(HowOpened { matches, compared, vaults, is_compared, .. }) = history.opened {
        let (tone, rest) = if is_compared { (Tone::Plain, "") } else { (Tone::Bad, "; not all were compared") };
        let fact = format!("Addresses that their keys give: {matches} of {compared} compared, {vaults} in all{rest}");
        say(if compared > matches { Tone::Care } else { tone }, fact);
    }
    if history.opened.is_some_and(|opened| !opened.is_withheld) {
        say(Tone::Plain, format!("Secrets shown: {}", history.revealed));
        for written in &history.exported {
            let tone = if written.protection == Protection::Nothing { Tone::Care } else { Tone::Plain };
            for path in &written.paths {
                say(tone, format!("Written, {}: {}", written.kind(), Safe(&path.to_string_lossy())));
            }
        }
        if history.exported.is_empty() && history.refreshed.is_empty() && history.backed_up.is_empty() {
            say(Tone::Plain, "Written: nothing".to_owned());
        }
    }
    facts
}

/// With it a line begins that is to be typed, as it stands.
const COMMAND: &str = "conclave ";

/// What came of making a backup.
fn of_ceremony(made: &HowMade) -> Vec<(Tone, String)> {
    let Some(issued) = &made.issued else {
        let tone = |void: &str| if void.starts_with(COMMAND) { Tone::Plain } else { Tone::Bad };
        return made.void().into_iter().map(|void| (tone(&void), void)).collect();
    };
    let how = if made.is_resumed() {
        "A backup was made of a file of an earlier ceremony: everybody typed the phrase from paper."
    } else {
        "A backup was made: everybody typed the phrase from paper twice."
    };
    let mut facts = vec![(Tone::Good, how.to_owned())];
    let mut say = |tone, fact: String| facts.push((tone, fact));
    if made.is_resumed() && !issued.is_compared {
        say(Tone::Care, "What is in it was not compared with an inventory".to_owned());
    }
    if let Some(Trouble { what, .. }) = &issued.missing {
        say(Tone::Bad, format!("Not everything that goes with it was written: {what}"));
    }
    if made.has_skipped {
        say(Tone::Care, "The medium was not pulled out before the file was read again".to_owned());
    }
    say(Tone::Plain, format!("Fingerprint: {}", issued.fingerprint));
    say(Tone::Plain, format!("Words of the snapshot: {}", Safe(&issued.digest_words)));
    say(Tone::Plain, format!("Words of the record, to be signed on paper: {}", Safe(&issued.record_words)));
    for path in &issued.paths {
        say(Tone::Plain, format!("Written: {}", Safe(&path.to_string_lossy())));
    }
    facts
}

/// Without the full stop that a fact gets where it is said.
fn keep() -> &'static str {
    KEEP.trim_end_matches('.')
}

fn listed(verified: &[(u8, String)]) -> String {
    verified.iter().map(|(_, who)| who.as_str()).collect::<Vec<_>>().join(", ")
}
