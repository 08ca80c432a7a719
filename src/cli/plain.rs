//! Prompts instead of screens: a conversation on this terminal, line by line, with an echo of our own. Sends text and line ends,
//! and no escape sequence at all.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use ratatui::text::Span;
use zeroize::{Zeroize, Zeroizing};

use super::room::{
    Event, IS_SHOWING, LONGEST_WAIT, ScreenArguments, Worker, begin, exit_of, failed, read_keys, session,
};
use super::{Exit, Failure};
use crate::domain::secret::without_trace;
use crate::domain::text::Safe;
use crate::effect::{Effect, Outcome, Source};
use crate::journey::Journey;
use crate::machine::clock::since_boot;
use crate::machine::network;
use crate::machine::output::OutputFolders;
use crate::machine::tty::{self, RawMode, Signal};
use crate::ui::app::{Ending, Request};
use crate::ui::key::Key;
use crate::ui::pace::REST;
use crate::ui::plain::{Conversation, Prompt};

/// Talks until somebody leaves. Where nothing was named on the command line the practice is offered beside a path.
pub fn converse(
    mut journey: Journey,
    source: Option<Source>,
    offers_drill: bool,
    arguments: &ScreenArguments,
    folders: &OutputFolders,
) -> Result<Exit, Failure> {
    if !tty::is_there() {
        return Err(Failure::new(
            Exit::Usage,
            "prompts need a terminal, and this is none.",
            "Without prompts: conclave recover FILE --phrases FILE --out PATH --format json --plaintext",
        ));
    }
    let mut session = session(arguments, folders)?;
    // With what an earlier run left in them: that is said before anything else.
    if let Outcome::Places(places) = session.perform(Effect::FindPlaces, &|| false) {
        journey.places = places;
    }
    journey.network = Some(network::look());
    let talk = Conversation::new(journey, arguments.options(), source, offers_drill);
    let (worker, events, heard) = begin(session)?;
    let line = TypedLine::set().map_err(|error| failed(&error))?;
    thread::spawn(move || read_keys(&events));
    // The text of a panic may quote a secret: it is dropped, and the line is put back on the way.
    let ended = catch_unwind(AssertUnwindSafe(|| talk_on(talk, line, &worker, &heard)));
    worker.dismiss().wait();
    Ok(ended.unwrap_or_else(|_| {
        eprintln!("{}", super::DEFECT);
        Exit::Defect
    }))
}

fn talk_on(mut talk: Conversation, mut line: TypedLine, worker: &Worker, heard: &Receiver<Event>) -> Exit {
    let mut last_key = since_boot();
    loop {
        let ended = serve(&mut talk, worker);
        if without_trace(|| line.show(&mut talk)).is_err() {
            return Exit::HungUp;
        }
        if let Some(exit) = ended {
            return exit;
        }
        let limit = talk.wipe_after(line.is_typing());
        let until = limit.map(|limit| last_key + limit).into_iter().chain(line.asks_at(&talk)).min();
        let event = match until {
            // Not longer: while the machine sleeps, waiting stands still, and the time goes on.
            Some(until) => heard.recv_timeout(until.saturating_sub(since_boot()).min(LONGEST_WAIT)),
            None => heard.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        if limit.is_some_and(|limit| is_idle(last_key, limit)) {
            // What came so late was meant for something that is gone.
            if let Ok(Event::Keys(..)) | Err(RecvTimeoutError::Timeout) = event {
                line.typed.clear();
                last_key = since_boot();
                talk.on_idle();
                continue;
            }
        }
        match event {
            Ok(Event::Keys(keys, at)) => {
                last_key = at;
                talk.journey.now = last_key;
                if let Some(exit) = without_trace(|| type_keys(&keys, at, &mut line, &mut talk, worker)) {
                    return exit;
                }
            }
            Ok(Event::Outcome(ticket, outcome)) => {
                // Work is not idleness.
                last_key = since_boot();
                talk.journey.now = last_key;
                without_trace(|| talk.on_outcome(ticket, *outcome));
            }
            Ok(Event::Signal(Signal::End(code))) => return Exit::of_signal(code),
            Ok(Event::Signal(Signal::Resized)) | Err(RecvTimeoutError::Timeout) => {}
            Ok(Event::Gone) | Err(RecvTimeoutError::Disconnected) => return Exit::HungUp,
        }
    }
}

/// Takes keys, one after the other; says how it ends, if it does.
fn type_keys(
    keys: &[Key],
    at: Duration,
    line: &mut TypedLine,
    talk: &mut Conversation,
    worker: &Worker,
) -> Option<Exit> {
    for key in keys {
        if line.on_key(*key, at, talk).is_err() {
            return Some(Exit::HungUp);
        }
        if let Some(exit) = serve(talk, worker) {
            let _ = line.show(talk);
            return Some(exit);
        }
    }
    None
}

fn is_idle(last_key: Duration, limit: Duration) -> bool {
    since_boot().saturating_sub(last_key) >= limit
}

/// Does what the conversation asked for; says how it ends, if it does.
fn serve(talk: &mut Conversation, worker: &Worker) -> Option<Exit> {
    for request in talk.take_requests() {
        match request {
            Request::Perform(ticket, effect) => worker.ask(ticket, effect),
            Request::GiveUp(ticket) => worker.given_up.store(ticket, Ordering::SeqCst),
            Request::Repaint => {}
            Request::Leave(Ending::Interrupted) => return Some(Exit::Interrupted),
            Request::Leave(Ending::Left) => return Some(exit_of(&talk.journey.history)),
        }
    }
    None
}

/// The terminal in its raw mode, and the line that is typed on it.
struct TypedLine {
    typed: Typed,
    /// The prompt that stands on the terminal, with the cursor behind it.
    prompt: Option<Prompt>,
    /// When the last key came.
    last_key: Duration,
    _raw: RawMode,
}

impl TypedLine {
    fn set() -> io::Result<Self> {
        let raw = RawMode::enter()?;
        IS_SHOWING.store(true, Ordering::SeqCst);
        Ok(Self { typed: Typed::default(), prompt: None, last_key: Duration::ZERO, _raw: raw })
    }

    /// When a prompt that waits for the keys to rest is due.
    fn asks_at(&self, talk: &Conversation) -> Option<Duration> {
        let waits = self.prompt.is_none() && talk.prompt().is_some_and(|prompt| prompt.is_rested);
        waits.then(|| self.last_key + REST)
    }

    /// Says what is to be said, and asks what is asked.
    fn show(&mut self, talk: &mut Conversation) -> io::Result<()> {
        let said = talk.take_said();
        let prompt = talk.prompt();
        if !said.is_empty() || self.prompt != prompt {
            self.leave_prompt()?;
        }
        let (width, _) = tty::size();
        for line in &said {
            for row in rows(line, width.into()) {
                write_safe(row)?;
                end_line()?;
            }
        }
        if self.prompt.is_none()
            && let Some(prompt) = prompt
            && (!prompt.is_rested || since_boot().saturating_sub(self.last_key) >= REST)
        {
            write_safe(&prompt.text)?;
            write_safe(" ")?;
            if !prompt.is_secret {
                write_safe(self.typed.text())?;
            }
            self.prompt = Some(prompt);
        }
        Ok(())
    }

    /// Whether something is typed that is not echoed.
    fn is_typing(&self) -> bool {
        self.prompt.as_ref().is_some_and(|prompt| prompt.is_secret) && !self.typed.text().is_empty()
    }

    /// Ends the line that a prompt stands on.
    fn leave_prompt(&mut self) -> io::Result<()> {
        if self.prompt.take().is_some() { end_line() } else { Ok(()) }
    }

    fn type_char(&mut self, c: char, is_shown: bool) -> io::Result<()> {
        if self.typed.push(c) && is_shown { write_safe(c.encode_utf8(&mut [0; 4])) } else { Ok(()) }
    }

    fn on_key(&mut self, key: Key, at: Duration, talk: &mut Conversation) -> io::Result<()> {
        // Keys of one read: what the last of them did is asked anew before the next.
        self.show(talk)?;
        self.last_key = at;
        match (key, &self.prompt) {
            (Key::Ctrl('c'), _) => {
                self.typed.clear();
                self.leave_prompt()?;
                talk.on_interrupt();
            }
            // It stops what can be stopped, and opens nothing.
            (Key::Enter, None) => talk.stop(),
            // Pressed out of impatience: forgotten.
            (_, None) => {}
            (Key::Ctrl('d'), _) if self.typed.text().is_empty() => {
                self.leave_prompt()?;
                talk.on_end();
            }
            (Key::Enter, _) => {
                let line = std::mem::take(&mut self.typed);
                self.leave_prompt()?;
                talk.on_line(line.text());
            }
            (Key::Backspace, Some(prompt)) => {
                if let Some(c) = self.typed.pop()
                    && !prompt.is_secret
                {
                    for _ in 0..columns(c) {
                        write_all(b"\x08 \x08")?;
                    }
                }
            }
            (Key::Ctrl('u'), _) => {
                self.typed.clear();
                self.leave_prompt()?;
            }
            (Key::Char(c), Some(prompt)) => {
                let is_shown = !prompt.is_secret;
                self.type_char(c, is_shown)?;
            }
            // Between a number and a word of a list that is pasted.
            (Key::Tab, Some(prompt)) => {
                let is_shown = !prompt.is_secret;
                self.type_char(' ', is_shown)?;
            }
            _ => {}
        }
        self.show(talk)
    }
}

impl Drop for TypedLine {
    fn drop(&mut self) {
        // On a line that is gone nothing more can be done.
        let _ = self.leave_prompt();
        IS_SHOWING.store(false, Ordering::SeqCst);
    }
}

/// A line broken between words where it is longer than the terminal is wide. A word that is longer, as an address or a secret, stays
/// whole: the terminal goes on with it in the next row, and it can be copied.
fn rows(line: &str, width: usize) -> Vec<&str> {
    let mut rows = Vec::new();
    let (mut begin, mut end, mut used) = (0, 0, 0);
    let (mut at, mut has_word) = (0, false);
    for word in line.split_inclusive(' ') {
        let bare = word.trim_end_matches(' ');
        let columns =
            if bare.is_ascii() { bare.len() } else { Span::raw(&*Zeroizing::new(Safe(bare).to_string())).width() };
        // Spaces at the beginning stay with their word.
        if has_word && used + columns > width {
            rows.push(line.get(begin..end).unwrap_or_default());
            (begin, used, has_word) = (at, 0, false);
        }
        has_word |= columns > 0;
        used += columns + (word.len() - bare.len());
        end = at + bare.len();
        at += word.len();
    }
    rows.push(line.get(begin..).unwrap_or_default());
    rows
}

/// How many columns a character took as it was echoed.
fn columns(c: char) -> usize {
    Span::raw(Safe(c.encode_utf8(&mut [0; 4])).to_string()).width()
}

/// What is typed, in one place of fixed size that is wiped.
struct Typed(Zeroizing<String>);

/// More bytes than a numbered list of 24 words in any script, or a path.
const ROOM: usize = 4096;

impl Default for Typed {
    fn default() -> Self {
        Self(Zeroizing::new(String::with_capacity(ROOM)))
    }
}

impl Typed {
    fn text(&self) -> &str {
        &self.0
    }

    /// Says whether there was room: it never grows.
    fn push(&mut self, c: char) -> bool {
        let has_room = self.0.len() + c.len_utf8() <= ROOM;
        if has_room {
            self.0.push(c);
        }
        has_room
    }

    fn pop(&mut self) -> Option<char> {
        self.0.pop()
    }

    fn clear(&mut self) {
        self.0.zeroize();
        *self = Self::default();
    }
}

/// Text without anything that could steer the terminal, wherever it came from. Nothing of it is kept.
fn write_safe(text: &str) -> io::Result<()> {
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_control()) {
        return write_all(text.as_bytes());
    }
    // At most ten characters for one.
    let mut safe = Zeroizing::new(Vec::with_capacity(text.len().saturating_mul(10)));
    write!(safe, "{}", Safe(text))?;
    write_all(&safe)
}

/// In raw mode a line feed alone would not go back to the first column.
fn end_line() -> io::Result<()> {
    write_all(b"\r\n")
}

fn write_all(bytes: &[u8]) -> io::Result<()> {
    tty::ScreenOutput.write_all(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_a_long_one_stays_whole() {
        assert_eq!(rows("one two three", 7), ["one two", "three"]);
        assert_eq!(rows("one two three", 13), ["one two three"]);
        assert_eq!(rows("see bc1qexampleexample now", 8), ["see", "bc1qexampleexample", "now"]);
        assert_eq!(rows("  bc1qexampleexample now", 8), ["  bc1qexampleexample", "now"]);
        assert_eq!((rows("", 5), rows("a  b", 80)), (vec![""], vec!["a  b"]));
        assert_eq!(rows("佐藤 花子", 5), ["佐藤", "花子"]);
    }

    #[test]
    fn what_is_typed_has_a_room_of_its_own_that_never_grows() {
        let mut typed = Typed::default();
        let place = typed.text().as_ptr();
        assert_eq!((0..5000).filter(|_| typed.push('é')).count(), ROOM / 2);
        assert_eq!(typed.text().as_ptr(), place);
        assert_eq!(typed.pop(), Some('é'));
        typed.clear();
        assert!(typed.text().is_empty() && typed.pop().is_none());
    }

    #[test]
    fn a_character_is_taken_back_in_as_many_columns_as_it_took() {
        assert_eq!((columns('a'), columns('é'), columns('鍵'), columns('\u{202e}')), (1, 1, 2, 8));
    }
}
