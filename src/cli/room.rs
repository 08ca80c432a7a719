//! The locked room: screens on this terminal, the session behind them, and everything put back when it ends.
//!
//! One loop on one channel. A thread reads keys, one hears signals, one does what screens ask; only the loop draws.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use zeroize::{Zeroize, Zeroizing};

pub use super::look::ScreenArguments;
use super::look::is_terminal;
use super::stage::ScreenTerminal;
use super::{Exit, Failure};
use crate::domain::completeness::Extent;
use crate::domain::secret::without_trace;
use crate::effect::{Effect, Outcome, Source};
use crate::journey::{Goal, History, Journey, Route};
use crate::machine::clock::{self, since_boot};
use crate::machine::disk::System;
use crate::machine::ending;
use crate::machine::entropy::OsEntropy;
use crate::machine::output::OutputFolders;
use crate::machine::tty::{self, Input, Signal};
use crate::session::{Session, ThisMachine};
use crate::ui::app::{App, Ending, Request};
use crate::ui::console::Console;
use crate::ui::key::{Decoder, Key};
use crate::ui::routes::screen;
use crate::ui::terminal::Look;
use crate::ui::widgets::broken;

/// Whether screens are up: then nothing else may write to the terminal.
pub(super) static IS_SHOWING: AtomicBool = AtomicBool::new(false);

/// For the hook of panics: what it would print must wait until the terminal is put back.
pub fn is_showing() -> bool {
    IS_SHOWING.load(Ordering::SeqCst)
}

/// What a conversation begins with that does the same; `None` where there is none.
fn line_by_line(first: &Route, goal: Goal) -> Option<(Option<Source>, bool)> {
    match (first, goal) {
        (_, Goal::Make | Goal::Rotate | Goal::Compact | Goal::Confirm | Goal::Refresh) => None,
        (Route::Read(source), _) => Some((Some(source.clone()), false)),
        (Route::Home | Route::CodesMenu, _) => Some((None, true)),
        (Route::DeviceMenu | Route::Device | Route::Choose, _) => Some((None, false)),
        _ => None,
    }
}

/// Shows screens until somebody leaves. `first` is the first one.
pub fn show(
    journey: Journey,
    first: Route,
    arguments: &ScreenArguments,
    folders: &OutputFolders,
) -> Result<Exit, Failure> {
    if tty::is_there()
        && is_terminal("dumb")
        && let Some((source, offers_drill)) = line_by_line(&first, journey.goal())
    {
        eprintln!("This terminal draws no screens (TERM=dumb): line by line instead.");
        let journey = if matches!(first, Route::DeviceMenu) { Journey::new(Goal::Device) } else { journey };
        return super::plain::converse(journey, source, offers_drill, arguments, folders);
    }
    if !tty::is_there() || is_terminal("dumb") {
        return Err(Failure::new(
            Exit::Usage,
            "screens need a terminal, and this is none.",
            "Line by line: --plain (a recovery or drill). Without a terminal the options decide, as --phrases and --out for recover: see --help of the command.",
        ));
    }
    let mut console = Console::new(journey, arguments.options());
    // What the first screen asks for begins now: keys that are pressed meanwhile count.
    console.journey.now = since_boot();
    let first = screen(first, &mut console);
    let app = App::new(console, first);
    run(app, session(arguments, folders)?, arguments.look())
}

/// The session behind screens or prompts.
pub(super) fn session(arguments: &ScreenArguments, folders: &OutputFolders) -> Result<Session, Failure> {
    if let Some(folder) = &arguments.export_dir
        && !crate::machine::files::is_folder(folder)
    {
        let shown = crate::machine::files::shown(folder);
        return Err(Failure::new(
            Exit::Usage,
            format_args!("{shown} is not a folder."),
            "Make it first, or name another one.",
        ));
    }
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let (kdf, entropy) = (Box::new(ThisMachine), Box::new(OsEntropy));
    Ok(Session::new(kdf, entropy, Box::new(System), folders.clone(), arguments.export_dir.clone(), home))
}

/// Catches signals, and starts the thread that does what is asked. Before anything is written: a terminal that takes no output must
/// not hold up a signal.
pub(super) fn begin(session: Session) -> Result<(Worker, Sender<Event>, Receiver<Event>), Failure> {
    let signals = tty::catch_signals().map_err(|error| failed(&error))?;
    let (events, heard) = mpsc::channel();
    let worker = Worker::start(session, events.clone());
    thread::spawn({
        let events = events.clone();
        move || tty::on_signals(signals, |signal| hear(signal, &events))
    });
    Ok((worker, events, heard))
}

/// Runs screens on the terminal of this process, and puts it back however they end.
pub fn run(app: App, session: Session, look: Look) -> Result<Exit, Failure> {
    let (worker, events, heard) = begin(session)?;
    let mut stage = ScreenTerminal::set(look).map_err(|error| failed(&error))?;
    thread::spawn(move || read_keys(&events));
    let mut last_words = Vec::new();
    let ended = catch_unwind(AssertUnwindSafe(|| play(app, &mut stage, &worker, &heard, &mut last_words)));
    drop(stage);
    // Before anything is printed: a terminal that takes no output holds up no wiping.
    let dismissed = worker.dismiss();
    let exit = ended.unwrap_or_else(|_| {
        last_words.insert(0, super::DEFECT.to_owned());
        Exit::Defect
    });
    // The terminal may be gone.
    let mut terminal = std::io::stderr().lock();
    let width = usize::from(tty::size().0).clamp(20, 120);
    let mut lines = last_words.iter().flat_map(|text| broken(text, width));
    let _ = lines.try_for_each(|line| writeln!(terminal, "{line}"));
    drop(terminal);
    dismissed.wait();
    Ok(exit)
}

pub(super) fn failed(error: &std::io::Error) -> Failure {
    Failure::new(Exit::Machine, format_args!("the terminal could not be set up: {error}."), "Try another terminal.")
}

pub(super) enum Event {
    /// What one read brought, and when. In a place of its own, which is wiped: the queue keeps what went through it.
    Keys(Zeroizing<Vec<Key>>, Duration),
    Outcome(u64, Box<Outcome>),
    Signal(Signal),
    /// The terminal was hung up.
    Gone,
}

/// `last_words`: what is said on the plain terminal when it ends, however that is.
fn play(
    mut app: App,
    stage: &mut ScreenTerminal,
    worker: &Worker,
    heard: &Receiver<Event>,
    last_words: &mut Vec<String>,
) -> Exit {
    app.on_time(since_boot());
    let mut slept = clock::slept();
    let mut scribbled = Scribbled::default();
    loop {
        let size = tty::size();
        app.on_resize(size.0, size.1);
        *last_words = app.console.journey.last_words();
        if let Some(exit) = serve(&mut app, stage, worker) {
            return exit;
        }
        if scribbled.is_due(&app) && stage.is_console {
            let _ = stage.forget();
        }
        if without_trace(|| stage.draw(&app, size)).is_err() {
            return Exit::HungUp;
        }
        let wait = app.deadline().map_or(LONGEST_WAIT, |deadline| deadline.saturating_sub(since_boot()));
        let event = match heard.recv_timeout(wait.min(LONGEST_WAIT)) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return Exit::HungUp,
        };
        if clock::slept().saturating_sub(slept) > LONGEST_NAP {
            slept = clock::slept();
            app.on_wake();
        }
        scribbled.hear(event.as_ref());
        // A key says when it was pressed: a letter must not stand alone because the loop was late.
        if !matches!(event, Some(Event::Keys(..))) {
            app.on_time(since_boot());
        }
        let exit = without_trace(|| answer(&mut app, stage, worker, event, heard));
        *last_words = app.console.journey.last_words();
        if let Some(exit) = exit {
            return exit;
        }
    }
}

/// Messages of the kernel scribble over its console: when all is to be drawn anew there.
#[derive(Default)]
struct Scribbled {
    page: Option<(usize, &'static str)>,
    last_key: Duration,
    is_due: bool,
}

/// The keys rested that long: somebody looked, or was away.
const RESTED: Duration = Duration::from_secs(1);

impl Scribbled {
    /// What was done is over, or a key came after a rest.
    fn hear(&mut self, event: Option<&Event>) {
        match event {
            Some(Event::Keys(_, at)) => {
                self.is_due |= at.saturating_sub(self.last_key) >= RESTED;
                self.last_key = *at;
            }
            Some(Event::Outcome(..)) => self.is_due = true,
            _ => {}
        }
    }

    /// Whether it is time, also because another page came up.
    fn is_due(&mut self, app: &App) -> bool {
        let page = Some(app.page());
        let is_other = std::mem::replace(&mut self.page, page) != page;
        std::mem::take(&mut self.is_due) || is_other
    }
}

/// Answers an event and all that came meanwhile, before the next drawing; says how it ends, if it does.
fn answer(
    app: &mut App,
    stage: &mut ScreenTerminal,
    worker: &Worker,
    mut event: Option<Event>,
    heard: &Receiver<Event>,
) -> Option<Exit> {
    while let Some(next) = event {
        match next {
            Event::Keys(keys, at) => keys.iter().for_each(|key| app.on_key(*key, at)),
            Event::Outcome(ticket, outcome) => app.on_outcome(ticket, *outcome, since_boot()),
            Event::Signal(Signal::Resized) => {}
            Event::Signal(Signal::End(code)) => return Some(Exit::of_signal(code)),
            Event::Gone => return Some(Exit::HungUp),
        }
        if let Some(exit) = serve(app, stage, worker) {
            return Some(exit);
        }
        event = heard.try_recv().ok();
    }
    None
}

/// The loop looks that often whether the machine was asleep.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// What is no sleep: the two clocks are not read at the same moment.
const LONGEST_NAP: Duration = Duration::from_millis(500);

/// Does what the screens asked for; says how it ends, if it does.
fn serve(app: &mut App, stage: &mut ScreenTerminal, worker: &Worker) -> Option<Exit> {
    for request in app.take_requests() {
        match request {
            Request::Perform(ticket, effect) => worker.ask(ticket, effect),
            Request::GiveUp(ticket) => worker.given_up.store(ticket, Ordering::SeqCst),
            Request::Repaint => {
                let _ = stage.forget();
            }
            Request::Leave(Ending::Interrupted) => return Some(Exit::Interrupted),
            Request::Leave(Ending::Left) => return Some(exit_of(&app.console.journey.history)),
        }
    }
    None
}

/// How far things went, as an exit code.
pub(super) fn exit_of(record: &History) -> Exit {
    match (record.opened, &record.file) {
        _ if record.made.as_ref().is_some_and(|made| !made.is_complete()) => Exit::NotWritten,
        (None, None) if record.made.is_some() => Exit::Done,
        _ if record.is_unwritten => Exit::NotWritten,
        (None, None) if record.wrong > 0 && record.backed_up.is_empty() => Exit::Phrases,
        (None, _) if !record.refreshed.is_empty() || !record.backed_up.is_empty() => Exit::Done,
        (Some(opened), _)
            if opened.red > 0 || opened.extent != Extent::Whole || !opened.is_compared || record.altered > 0 =>
        {
            Exit::DoneWithFindings
        }
        (None, _) if record.is_refused => Exit::Refused,
        (None, Some(_)) => Exit::Phrases,
        (Some(_), _) | (None, None) => Exit::Done,
    }
}

pub(super) fn read_keys(events: &Sender<Event>) {
    /// However this thread ends, nobody can type any more.
    struct Goodbye<'a>(&'a Sender<Event>);
    impl Drop for Goodbye<'_> {
        fn drop(&mut self) {
            let _ = self.0.send(Event::Gone);
        }
    }
    let goodbye = Goodbye(events);
    let mut decoder = Decoder::default();
    let mut bytes = Zeroizing::new([0; 256]);
    loop {
        let wait = decoder.deadline().map(|deadline| deadline.saturating_sub(since_boot()));
        let input = tty::read(bytes.as_mut(), wait);
        let now = since_boot();
        // A byte gives two keys at most: it never grows.
        let mut keys = Zeroizing::new(Vec::with_capacity(2 * bytes.len() + 2));
        let mut give = |key| keys.push(key);
        match input {
            Input::Bytes(count) => bytes.iter().take(count).for_each(|byte| decoder.feed(*byte, now, &mut give)),
            Input::Quiet => decoder.expire(now, &mut give),
            Input::Gone => return,
        }
        bytes.zeroize();
        if !keys.is_empty() && goodbye.0.send(Event::Keys(keys, now)).is_err() {
            return;
        }
    }
}

/// Passes a signal on. If the loop does not end in time (a terminal that takes no more output), the process does.
pub(super) fn hear(signal: Signal, events: &Sender<Event>) -> bool {
    // What is being written is undone meanwhile.
    if let Signal::End(code) = signal {
        ending::tell(code);
    }
    let is_heard = events.send(Event::Signal(signal)).is_ok();
    if let Signal::End(code) = signal {
        thread::sleep(LONGEST_END);
        ending::end_writing(Duration::ZERO);
        tty::restore();
        std::process::exit(i32::from(code));
    }
    is_heard
}

/// A hang-up or signal ends the process within a second.
const LONGEST_END: Duration = Duration::from_millis(800);
/// How long the work that runs is waited for when the program ends.
const LONGEST_WORK: Duration = Duration::from_millis(500);
/// How long, after that, what is being written may take to be undone.
const LONGEST_UNDOING: Duration = Duration::from_millis(100);

/// The thread that does what screens ask, one thing after the other.
pub(super) struct Worker {
    effects: Sender<(u64, Effect)>,
    /// Nobody waits for this ticket and those before it.
    pub(super) given_up: Arc<AtomicU64>,
    done: Receiver<()>,
}

impl Worker {
    pub(super) fn start(mut session: Session, events: Sender<Event>) -> Self {
        let (effects, asked) = mpsc::channel::<(u64, Effect)>();
        let (finished, done) = mpsc::channel();
        let given_up = Arc::new(AtomicU64::new(0));
        let stopped = Arc::clone(&given_up);
        thread::spawn(move || {
            for (ticket, effect) in asked {
                let is_stopped = || stopped.load(Ordering::SeqCst) >= ticket;
                // The text of a panic may quote a secret: it is dropped.
                let outcome = catch_unwind(AssertUnwindSafe(|| session.perform(effect, &is_stopped)));
                let _ = events.send(Event::Outcome(ticket, Box::new(outcome.unwrap_or(Outcome::Died))));
            }
            drop(session);
            let _ = finished.send(());
        });
        Self { effects, given_up, done }
    }

    pub(super) fn ask(&self, ticket: u64, effect: Effect) {
        // A worker that is gone is heard of as an outcome that never comes; Esc gives it up.
        let _ = self.effects.send((ticket, effect));
    }

    /// Nothing more is asked of it: it stops what it does, and drops the session.
    pub(super) fn dismiss(self) -> DismissedWorker {
        self.given_up.store(u64::MAX, Ordering::SeqCst);
        DismissedWorker(self.done)
    }
}

/// A worker that was dismissed.
#[must_use]
pub(super) struct DismissedWorker(Receiver<()>);

impl DismissedWorker {
    /// Waits until the session is dropped, and so wiped, but not long for a derivation that still runs: its memory is left to
    /// the kernel.
    pub(super) fn wait(self) {
        if self.0.recv_timeout(LONGEST_WORK).is_err() {
            ending::end_writing(LONGEST_UNDOING);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fingerprint::Fingerprint;
    use crate::effect::{Issued, Refreshed, Trouble};
    use crate::journey::{HowMade, HowOpened};

    #[test]
    fn how_far_things_went_is_the_exit_code() {
        let file = || Some("snapshot.json".to_owned());
        let opened = |red| Some(HowOpened { red, is_compared: true, ..HowOpened::default() });
        let early = Some(HowOpened::default());
        let made = |is_missing: bool| {
            let issued = Issued {
                paths: Vec::new(),
                fingerprint: Fingerprint::of(&[0; 32]),
                digest_words: String::new(),
                record_words: String::new(),
                cards: Vec::new(),
                to_sign: String::new(),
                notes: Vec::new(),
                missing: is_missing.then(|| Trouble::new("no room", "")),
                is_compared: true,
            };
            Some(HowMade { issued: Some(issued), ..HowMade::default() })
        };
        let refreshed = Refreshed {
            path: "new.json".into(),
            mail: None,
            sequence: 2,
            digest_words: String::new(),
            did: Vec::new(),
            notes: Vec::new(),
        };
        for (record, exit) in [
            (History::default(), Exit::Done),
            (History { is_refused: true, ..History::default() }, Exit::Refused),
            (History { file: file(), ..History::default() }, Exit::Phrases),
            (History { file: file(), is_refused: true, ..History::default() }, Exit::Refused),
            (History { file: file(), opened: opened(0), wrong: 3, ..History::default() }, Exit::Done),
            (History { file: file(), opened: opened(1), ..History::default() }, Exit::DoneWithFindings),
            (History { file: file(), opened: early, ..History::default() }, Exit::DoneWithFindings),
            (History { file: file(), opened: opened(0), altered: 1, ..History::default() }, Exit::DoneWithFindings),
            (History { file: file(), opened: opened(0), is_unwritten: true, ..History::default() }, Exit::NotWritten),
            (History { made: Some(HowMade::default()), ..History::default() }, Exit::NotWritten),
            (History { made: made(true), ..History::default() }, Exit::NotWritten),
            (History { made: made(false), is_refused: true, ..History::default() }, Exit::Done),
            (
                History { made: made(false), file: file(), opened: opened(1), ..History::default() },
                Exit::DoneWithFindings,
            ),
            (History { file: file(), is_unwritten: true, ..History::default() }, Exit::NotWritten),
            (History { file: file(), refreshed: vec![refreshed], ..History::default() }, Exit::Done),
        ] {
            assert_eq!(exit_of(&record), exit, "{record:?}");
        }
    }
}
