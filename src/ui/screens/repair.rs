//! Repair: looks for the slip in a phrase that is nobody's. Nothing is guessed: a candidate counts only when the file itself
//! commits to it.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use zeroize::Zeroizing;

use super::phrase::EnterPhrase;
use crate::domain::repair::{Candidate, Class, Progress, Slip, Step};
use crate::effect::{Answer, Effect, Outcome, Trouble};
use crate::ui::key::Key;
use crate::ui::room::{Room, Search};
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{put, secret, wrapped};

/// The search for a slip. How far it is stays in the room, so that it can be gone on with.
#[derive(Default)]
pub struct FindSlip {
    state: State,
    /// The candidates that are being derived, and how far the search was before them.
    trying: Vec<(Slip, Zeroizing<Vec<u16>>)>,
    before: Option<Progress>,
    trouble: Option<Trouble>,
    shown_until: Option<Duration>,
}

#[derive(Default)]
enum State {
    /// What would be tried; nothing is, before somebody agrees.
    #[default]
    Plan,
    Trying,
    /// The next step takes long: asks again.
    LongStep,
    Found {
        answer: String,
        /// The right phrase for a file that was altered: not accepted.
        is_accepted: bool,
        slip: Slip,
    },
    /// All was tried.
    Nothing,
}

/// A step that takes longer asks first.
const LONG: Duration = Duration::from_secs(600);
/// How long the right word is shown.
const SHOWN_FOR: Duration = Duration::from_secs(10);

impl FindSlip {
    /// Takes up the search: hands out as many candidates as this machine derives at the same time.
    fn go_on(&mut self, room: &mut Room) -> Reaction {
        let at_once = at_once(room);
        let Some(Search { repair, .. }) = &mut room.search else { return Reaction::Back };
        // What was given up was not tried.
        if let Some(before) = self.before.take() {
            repair.resume(before);
        }
        self.trouble = None;
        self.trying.clear();
        let before = repair.progress();
        let mut phrases = Vec::with_capacity(at_once);
        while phrases.len() < at_once {
            let Some(candidate) = repair.next_candidate() else { break };
            self.trying.push((candidate.slip.clone(), Zeroizing::new(candidate.reveal_positions().to_vec())));
            let Candidate { phrase, .. } = candidate;
            phrases.push(phrase);
        }
        if !phrases.is_empty() {
            self.before = Some(before);
            self.state = State::Trying;
            return Reaction::Perform(Effect::Try { phrases }, "Trying");
        }
        if !repair.next_step() {
            self.state = State::Nothing;
            return Reaction::Stay;
        }
        if is_long(room) {
            self.state = State::LongStep;
            return Reaction::Stay;
        }
        self.go_on(room)
    }

    fn tried(&mut self, found: Result<Option<(usize, Answer)>, Trouble>, took: Duration, room: &mut Room) -> Reaction {
        let count = self.trying.len();
        match found {
            Ok(None) => {
                self.before = None;
                if let Some(search) = &mut room.search {
                    search.took += took;
                    search.derived += count as u64;
                }
                self.go_on(room)
            }
            Ok(Some((index, answer))) => {
                let Some((slip, positions)) = self.trying.drain(..).nth(index) else { return Reaction::Stay };
                if let Some(entry) = &mut room.entry {
                    (0..).zip(positions.iter()).for_each(|(place, position)| entry.pick(place, *position));
                }
                let is_accepted = match &answer {
                    Answer::Verified { number, who } | Answer::AlreadyEntered { number, who } => {
                        room.verify(*number, who);
                        true
                    }
                    _ => {
                        room.record.altered += 1;
                        false
                    }
                };
                room.search = None;
                let hint = answer.hint().map_or_else(String::new, |hint| format!(". {hint}."));
                self.state = State::Found { answer: format!("{answer}{hint}"), is_accepted, slip };
                Reaction::Stay
            }
            Err(trouble) => {
                let backup = room.backup.as_mut().filter(|backup| backup.summary.at_once > 1);
                if let Some(backup) = backup {
                    // The memory was enough for one only.
                    backup.summary.at_once = 1;
                    return self.go_on(room);
                }
                self.trouble = Some(trouble);
                Reaction::Stay
            }
        }
    }

    /// Back to the words, which are kept.
    fn back(room: &mut Room) -> Reaction {
        Reaction::Replace(Box::new(EnterPhrase::of(room)))
    }
}

impl Screen for FindSlip {
    fn title(&self) -> &'static str {
        "Repair"
    }

    fn keys(&self, _room: &Room) -> Vec<KeyHint> {
        match &self.state {
            State::Plan => vec![("Enter", "begin"), ("Esc", "back to the words")],
            State::Trying => vec![("Enter", "go on"), ("Esc", "back to the words")],
            State::LongStep => vec![("y", "go on with that"), ("Esc", "back to the words")],
            State::Found { is_accepted: true, .. } => vec![("Enter", "go on"), ("F3", "show the right word")],
            State::Found { .. } => vec![("Esc", "back to the words"), ("F3", "show the right word")],
            State::Nothing => vec![("Esc", "back to the words")],
        }
    }

    fn help(&self) -> &'static str {
        "Phrases that differ from the typed one by one slip are tried, the likeliest first. Only what the file itself commits to is taken as right: no other phrase is ever accepted.\nEsc stops it; it can be gone on with where it was. Nothing is lost, and the words stay."
    }

    fn on_key(&mut self, key: Key, room: &mut Room) -> Reaction {
        match (&self.state, key) {
            (State::Found { .. }, Key::F(3)) => {
                self.shown_until = self.shown_until.is_none().then(|| room.now + SHOWN_FOR);
                Reaction::Stay
            }
            (State::Found { answer, is_accepted: true, .. }, Key::Enter | Key::Esc) => {
                if let Some(backup) = &mut room.backup {
                    backup.last_answer = Some(answer.clone());
                }
                super::after_phrase(room)
            }
            (_, Key::Esc) => Self::back(room),
            (State::Plan | State::Trying, Key::Enter) | (State::LongStep, Key::Char('y' | 'Y')) => {
                if matches!(self.state, State::Plan) && is_long(room) {
                    self.state = State::LongStep;
                    return Reaction::Stay;
                }
                self.go_on(room)
            }
            _ => Reaction::Stay,
        }
    }

    fn on_outcome(&mut self, outcome: Outcome, room: &mut Room) -> Reaction {
        match outcome {
            Outcome::Tried { found, took } => self.tried(found, took, room),
            _ => Reaction::Stay,
        }
    }

    fn hide(&mut self) {
        self.shown_until = None;
    }

    fn until(&self) -> Option<Duration> {
        self.shown_until
    }

    fn expire(&mut self) {
        self.shown_until = None;
    }

    fn draw(&self, room: &Room, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        match &self.state {
            State::Found { answer, is_accepted, slip } => {
                self.draw_found(answer, *is_accepted, slip, room, area, buffer);
            }
            State::Nothing => {
                let y = wrapped(area, 0, "! None of these is a phrase of this backup.", theme::BAD, buffer);
                wrapped(
                    area,
                    y + 1,
                    "So it is more than one slip, or a phrase of another backup. Compare each word with the paper once more, look which backup the paper names, and mark with ? what cannot be read. The words are kept.",
                    theme::PLAIN,
                    buffer,
                );
            }
            _ => self.draw_plan(room, area, buffer),
        }
        None
    }
}

impl FindSlip {
    fn draw_plan(&self, room: &Room, area: Rect, buffer: &mut Buffer) {
        let Some(Search { repair, .. }) = &room.search else { return };
        let rate = rate(room);
        let mut y = match self.state {
            State::LongStep => wrapped(area, 0, "! The next step takes long. Go on with it?", theme::CARE, buffer),
            State::Trying => wrapped(area, 0, &format!("Tried so far: {}", repair.tried()), theme::STRONG, buffer),
            _ => wrapped(area, 0, "Look for the slip in what was typed?", theme::STRONG, buffer),
        };
        y += 1;
        let now = repair.step().map_or(repair.steps().len(), |(step, _)| step);
        for (index, step) in repair.steps().iter().enumerate() {
            let left = if index == now { repair.left() } else { repair.candidates(step) };
            put(area, 0, y, &row(step, left, index.cmp(&now), rate), theme::PLAIN, buffer);
            y += 1;
        }
        if let Some(Trouble { what, hint }) = &self.trouble {
            wrapped(area, y + 1, &format!("! {what} {hint} Enter goes on where it stopped."), theme::BAD, buffer);
            return;
        }
        wrapped(
            area,
            y + 1,
            "Only what the file itself commits to is taken as right. It can be stopped and gone on with; the words stay.",
            theme::PLAIN,
            buffer,
        );
    }

    fn draw_found(&self, answer: &str, is_accepted: bool, slip: &Slip, room: &Room, area: Rect, buffer: &mut Buffer) {
        let (mark, style) = if is_accepted { ("ok  ", theme::GOOD) } else { ("! ", theme::BAD) };
        let mut y = wrapped(area, 0, &format!("{mark}{answer}"), style, buffer);
        y = wrapped(area, y + 1, &said(slip), theme::STRONG, buffer);
        y = wrapped(area, y, "Correct the paper now: F3 shows what belongs there.", theme::PLAIN, buffer);
        let Some(entry) = room.entry.as_ref().filter(|_| self.shown_until.is_some()) else { return };
        y += 1;
        for place in shown_places(slip) {
            let x = put(area, 0, y, &format!("{:>2} ", place + 1), theme::PLAIN, buffer);
            secret(
                Rect { x: area.x + x, y: area.y + y, width: area.width.saturating_sub(x), height: 1 },
                entry.reveal(place),
                theme::SECRET,
                buffer,
            );
            y += 1;
        }
    }
}

/// A step, how many candidates it has and how long they take.
fn row(step: &Step, left: u64, order: std::cmp::Ordering, rate: Duration) -> String {
    let what = match order {
        std::cmp::Ordering::Less => "tried".to_owned(),
        _ => format!("about {left}, {}", long(rate.saturating_mul(u32::try_from(left).unwrap_or(u32::MAX)))),
    };
    let mark = if order.is_eq() { ">" } else { " " };
    format!("{mark} {:<30} {what}", step.class.title())
}

fn long(time: Duration) -> String {
    match time.as_secs() {
        0..=59 => format!("{} s", time.as_secs().max(1)),
        60..=3599 => format!("{} min", time.as_secs().div_ceil(60)),
        seconds => format!("{} HOURS", seconds.div_ceil(3600)),
    }
}

/// Which words were wrong, without saying them.
fn said(slip: &Slip) -> String {
    let number = |place: &usize| (place + 1).to_string();
    match (slip.class, slip.places.as_slice()) {
        (Class::Neighbours | Class::Swapped, [first, second]) => {
            format!("Words {} and {} had changed places.", first + 1, second + 1)
        }
        (Class::Moved, [from, to]) => format!("The word that was typed as number {} is number {}.", from + 1, to + 1),
        (Class::LeftOut, [place]) => format!("Word {} had been left out.", place + 1),
        (_, [place]) => format!("Word {} was wrong.", place + 1),
        (_, places) => format!("Words {} were wrong.", places.iter().map(number).collect::<Vec<_>>().join(" and ")),
    }
}

/// The places whose words tell what the slip was.
fn shown_places(slip: &Slip) -> impl Iterator<Item = usize> {
    let skipped = usize::from(slip.class == Class::Moved);
    slip.places.iter().copied().skip(skipped)
}

fn at_once(room: &Room) -> usize {
    room.backup.as_ref().map_or(1, |backup| backup.summary.at_once).max(1)
}

/// Whether the step that comes takes so long that somebody has to agree to it.
fn is_long(room: &Room) -> bool {
    let left = room.search.as_ref().map_or(0, |search| search.repair.left());
    rate(room).saturating_mul(u32::try_from(left).unwrap_or(u32::MAX)) > LONG
}

/// What one candidate takes: as they did so far, else by the last derivation.
fn rate(room: &Room) -> Duration {
    if let Some(Search { took, derived: derived @ 1.., .. }) = &room.search {
        return *took / u32::try_from(*derived).unwrap_or(u32::MAX);
    }
    let one = room.backup.as_ref().map_or(Duration::ZERO, |backup| backup.derivation);
    one / u32::try_from(at_once(room)).unwrap_or(1)
}
