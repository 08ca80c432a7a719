//! The request to one shareholder, who sits alone at the console: what it is about, and that a phrase is about to be shown.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::{meaning, said, show};
use crate::domain::ceremony::{CeremonyStage, PhraseState};
use crate::domain::inventory::Counts;
use crate::domain::text::{Safe, counted};
use crate::effect::{Act, Effect, Outcome, Said, Trouble};
use crate::journey::Route;
use crate::journey::{Goal, Making, Task};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{Scroll, wrapped};

pub struct ShowRequest {
    number: u8,
    /// A new phrase was asked for once; it is made when it is asked for again.
    is_another: bool,
    /// It was declined once; that counts when it comes again.
    is_declining: bool,
    scroll: Scroll,
    trouble: Option<Trouble>,
}

impl ShowRequest {
    /// `is_another`: for somebody who has a phrase already and needs another one.
    pub fn new(number: u8, is_another: bool) -> Self {
        Self { number, is_another, is_declining: false, scroll: Scroll::default(), trouble: None }
    }

    fn state(&self, console: &Console) -> PhraseState {
        console.journey.making.as_ref().map_or(PhraseState::Waiting, |making| making.progress.state(self.number))
    }

    /// In a rotation the phrase of the backup before can be kept, where it has the form of the new ones.
    fn can_keep(&self, console: &Console) -> bool {
        let old = console
            .journey
            .backup
            .as_ref()
            .filter(|_| console.journey.goal() == Goal::Rotate)
            .and_then(|backup| backup.summary.form);
        let is_same = console.journey.making.as_ref().is_some_and(|making| Some(making.plan.form) == old);
        is_same && self.state(console) < PhraseState::Confirmed
    }

    /// Nobody has to hold a phrase, as long as the file is not written.
    fn can_decline(&self, console: &Console) -> bool {
        let stage = console.journey.making.as_ref().map(|making| making.progress.stage());
        !self.is_another && stage == Some(CeremonyStage::Asking)
    }

    fn type_phrase(task: Task, console: &mut Console) -> Reaction {
        console.journey.begin_phrase(task).map_or(Reaction::Back, Reaction::Replace)
    }

    fn make(&self, is_anew: bool) -> Reaction {
        let what = if is_anew { "Making a phrase" } else { "Taking out the phrase" };
        Reaction::Perform(show(self.number, is_anew), what)
    }
}

impl Screen for ShowRequest {
    fn title(&self) -> &'static str {
        super::TITLE
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        if self.is_declining {
            return vec![("Enter", "back to the request"), ("n", "yes, decline")];
        }
        let mut keys = match (self.is_another, self.state(console)) {
            (true, _) => vec![("Enter", "back, change nothing"), ("Del", "void it, make a new phrase")],
            (false, PhraseState::Waiting) => vec![("Enter", "create your key")],
            (false, PhraseState::Shown) => {
                vec![("Enter", "type it back"), ("v", "see the phrase again"), ("Del", "another phrase")]
            }
            (false, PhraseState::Confirmed | PhraseState::Verified) => {
                vec![("Enter", "back"), ("Del", "another phrase")]
            }
        };
        if self.can_keep(console) && !self.is_another {
            keys.push(("k", "keep the phrase you have"));
        }
        if self.can_decline(console) {
            keys.push(("n", "decline"));
        }
        keys.extend([("Up/Down", "scroll"), ("Esc", "back")]);
        keys
    }

    fn help(&self) -> &'static str {
        "You alone look at this screen. Your phrase is made at random, shown until you have written it down, and not kept by the program once you have typed it back.\nIt is your key, or your part of one: nobody asks for it but this program, when the backup is opened. Store the paper where nobody else finds it, and where you find it in years."
    }

    fn intake(&self, _room: &Console) -> Intake {
        Intake::Rested
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.trouble = None;
        let (number, state) = (self.number, self.state(console));
        let was_another = std::mem::take(&mut self.is_another);
        let was_declining = std::mem::take(&mut self.is_declining);
        match (key, state) {
            (Key::Char('n' | 'N'), _) if was_declining => {
                return Reaction::Perform(Effect::Ceremony(Act::Decline { number }), "Noting it in the record");
            }
            _ if was_declining => {}
            (Key::Esc, _) | (Key::Enter, PhraseState::Confirmed | PhraseState::Verified) => return Reaction::Back,
            (Key::Delete | Key::F(7), PhraseState::Shown | PhraseState::Confirmed | PhraseState::Verified) => {
                if was_another {
                    return self.make(true);
                }
                self.is_another = true;
                self.scroll = Scroll::default();
            }
            (Key::Enter, _) if was_another => return Reaction::Back,
            (Key::Char('n' | 'N'), _) if self.can_decline(console) => {
                self.is_declining = true;
                self.scroll = Scroll::default();
            }
            (Key::Enter, PhraseState::Waiting) | (Key::Char('v' | 'V'), PhraseState::Shown) => return self.make(false),
            (Key::Enter, PhraseState::Shown) => return Self::type_phrase(Task::Confirm { number }, console),
            (Key::Char('k' | 'K'), _) if self.can_keep(console) => {
                return Self::type_phrase(Task::Keep { number }, console);
            }
            (key, _) => drop(self.scroll.on_key(key)),
        }
        Reaction::Stay
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        match said(outcome, console) {
            Some(Said::Phrase { number, phrase: Ok(phrase) }) if number == self.number => {
                Reaction::Replace(Route::NewPhrase { number, phrase })
            }
            Some(Said::Declined(Ok(number))) => Reaction::Replace(Route::Replan { number }),
            Some(Said::Phrase { phrase: Err(trouble), .. } | Said::Declined(Err(trouble))) => {
                self.trouble = Some(trouble);
                Reaction::Stay
            }
            _ => Reaction::Stay,
        }
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let making = console.journey.making.as_ref()?;
        let head = format!("Request to {}", making.plan.title(self.number));
        let mut y = wrapped(area, 0, &head, theme::STRONG, buffer);
        if let Some(trouble) = &self.trouble {
            y = super::trouble(trouble, area, y, buffer);
        }
        let below = Rect { y: area.y + y + 1, height: area.height.saturating_sub(y + 1), ..area };
        self.scroll.draw(&self.lines(making, console), below, buffer);
        None
    }
}

impl ShowRequest {
    fn lines(&self, making: &Making, console: &Console) -> Vec<(Style, String)> {
        if self.is_another {
            let is_kept = console.journey.history.made.as_ref().is_some_and(|made| made.kept.contains(&self.number));
            return another(making, is_kept);
        }
        let plan = &making.plan;
        if self.is_declining {
            return declining(making.progress.state(self.number));
        }
        let mut lines = vec![(theme::STRONG, self.what_now(making, console)), (theme::PLAIN, String::new())];
        let mut say = |text: String| lines.push((theme::PLAIN, text));
        let rules = plan.kind.rules();
        let what = if rules.is_opened_alone() { "a key to the recovery codes" } else { "a part of the key" };
        say(format!("{} asks you to hold {what} of {}.", plan.conductor, plan.organization));
        // As wide as the longest label: `Shareholder 16`.
        let fact = |label: &str, value: &str| format!("{label:<15}{value}");
        say(fact("Date", &making.date));
        say(meaning(making));
        let Counts { keys, vaults, accounts, codes } = making.holds.counts;
        if rules.begins_empty && accounts == 0 {
            say(fact("Backed up", "no codes yet: they are added later"));
        } else {
            let counts = format!("keys {keys}, vaults {vaults}, accounts {accounts}, codes {codes}");
            say(fact("Backed up", &counts));
        }
        for key in making.holds.keys.iter().take(KEYS_NAMED) {
            say(format!("  on {}: {}", Safe(&key.title), Safe(&key.names(VAULTS_NAMED))));
        }
        if making.holds.keys.len() > KEYS_NAMED {
            say(format!("  and {} more", counted(making.holds.keys.len() - KEYS_NAMED, "key")));
        }
        say(fact("Backup mail", &plan.delivery.to_string()));
        for (number, person) in (1..).zip(&plan.shareholders) {
            let you = if number == usize::from(self.number) { "  (you)" } else { "" };
            say(fact(&format!("{} {number}", rules.holder.label), &format!("{}{you}", person.name)));
        }
        lines
    }

    fn what_now(&self, making: &Making, console: &Console) -> String {
        let words = making.plan.form.words.words();
        match making.progress.state(self.number) {
            PhraseState::Waiting if self.can_keep(console) => format!(
                "Have paper and pen ready. Enter makes {words} words and shows them to you alone; k keeps the phrase that you have."
            ),
            PhraseState::Waiting => {
                format!("Have paper and pen ready. Enter makes {words} words and shows them, to you alone.")
            }
            PhraseState::Shown => "Your phrase was shown. Type it back from your paper, or see it again.".to_owned(),
            PhraseState::Confirmed => "You have typed your phrase back, and it was right.".to_owned(),
            PhraseState::Verified => "Your phrase was verified against the file.".to_owned(),
        }
    }
}

/// So many master keys are named in a request, and of each so many vaults.
const KEYS_NAMED: usize = 4;
const VAULTS_NAMED: usize = 6;

/// What declining means.
fn declining(state: PhraseState) -> Vec<(Style, String)> {
    let mut lines = vec![
        (theme::CARE, "! n once more declines: you hold no part of this backup.".to_owned()),
        (theme::PLAIN, "The plan is opened to be changed. What the others confirmed stays. The record says that somebody declined.".to_owned()),
    ];
    if state > PhraseState::Waiting {
        lines.push((theme::CARE, "! A phrase was shown to you: write VOID on its paper.".to_owned()));
    }
    lines.push((theme::PLAIN, "Any other key goes back to the request.".to_owned()));
    lines
}

/// What another phrase means.
fn another(making: &Making, is_kept: bool) -> Vec<(Style, String)> {
    let (what, paper) = if is_kept {
        ("! Del once more makes a new phrase for the new backup.", "Keep the old paper: it opens the old backup.")
    } else {
        (
            "! Del once more makes another phrase. The one before is void then.",
            "Write VOID on the paper before, so that nobody takes it for the right one.",
        )
    };
    let mut lines = vec![
        (theme::CARE, what.to_owned()),
        (theme::PLAIN, paper.to_owned()),
        (theme::PLAIN, "The others keep theirs.".to_owned()),
    ];
    if making.progress.stage() >= CeremonyStage::Sealed {
        let again = if making.plan.kind.rules().is_verified_again() {
            "The file that was written is of no use then: it is written anew, and everybody types the phrase once more against it."
        } else {
            "The file that was written is of no use then: it is written anew."
        };
        lines.push((theme::CARE, format!("! {again}")));
    }
    lines
}
