//! Told to end while something is written. What is being written is then undone by who writes it; what is not undone in time, on a
//! medium that answers slowly, loses its name here, so that no draft outlives the process. Nothing can be done against `kill -9`
//! and a power cut: what these leave is looked for in `left`.
//!
//! Signals are heard by a thread of their own, never in a handler.

use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use rustix::io::Errno;

use super::disk::{Disk, System};
use super::tty::{self, Signal};

/// How long is waited, after a signal, until what is being written is undone: the process ends within a second.
const LONGEST_UNDOING: Duration = Duration::from_millis(600);
/// How long the names of drafts may take to go when it was not.
const LONGEST_REMOVAL: Duration = Duration::from_millis(150);
/// What a command without screens may take to say how it ended.
const LAST_WORDS: Duration = Duration::from_millis(150);

/// What is being written by this process.
struct State {
    /// The exit code of the signal that came.
    code: Option<u8>,
    /// Nothing is begun any more.
    is_ending: bool,
    /// Somebody hears signals.
    is_heard: bool,
    writing: usize,
    last: u64,
    drafts: Vec<(u64, OwnedFd, OsString)>,
}

static STATE: Mutex<State> =
    Mutex::new(State { code: None, is_ending: false, is_heard: false, writing: 0, last: 0, drafts: Vec::new() });
static IS_OVER: Condvar = Condvar::new();

fn state() -> MutexGuard<'static, State> {
    // Every change of it is whole.
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From here on signals are heard by who calls this.
pub(super) fn hears_signals() {
    state().is_heard = true;
}

/// The exit code of a signal that told this process to end, if one did.
pub fn code() -> Option<u8> {
    state().code
}

/// A signal came that ends the process with this code: what is being written is not gone on with.
pub fn tell(code: u8) {
    let mut state = state();
    state.code = state.code.or(Some(code));
    state.is_ending = true;
}

/// The process ends, whatever the reason: waits that long for what is being written to be undone, and takes the names of drafts
/// that are still there.
pub fn end_writing(longest: Duration) {
    let mut state = state();
    state.is_ending = true;
    let waited = IS_OVER.wait_timeout_while(state, longest, |state| state.writing > 0);
    let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
    let drafts = std::mem::take(&mut state.drafts);
    drop(state);
    if drafts.is_empty() {
        return;
    }
    let (finished, removed) = mpsc::channel();
    // A medium that does not answer must not hold up the end.
    thread::spawn(move || {
        for (_, folder, name) in &drafts {
            let _ = System.remove(folder, name);
        }
        let _ = finished.send(());
    });
    let _ = removed.recv_timeout(LONGEST_REMOVAL);
}

pub(super) fn is_told() -> bool {
    state().is_ending
}

/// Something is being written, until it is dropped.
#[derive(Debug)]
pub(super) struct Writing(());

impl Writing {
    /// Where nobody hears signals they are heard from here on: a command without screens hears none before it writes.
    pub fn begin() -> Self {
        let mut state = state();
        state.writing += 1;
        let is_heard = std::mem::replace(&mut state.is_heard, true);
        drop(state);
        if !is_heard && let Ok(signals) = tty::catch_endings() {
            thread::spawn(move || tty::on_signals(signals, end));
        }
        Self(())
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        let mut state = state();
        state.writing = state.writing.saturating_sub(1);
        drop(state);
        IS_OVER.notify_all();
    }
}

/// Ends a command without screens, which may say before why it wrote nothing.
fn end(signal: Signal) -> bool {
    let Signal::End(code) = signal else { return true };
    let was_writing = state().writing > 0;
    tell(code);
    end_writing(LONGEST_UNDOING);
    if was_writing {
        thread::sleep(LAST_WORDS);
    }
    tty::restore();
    std::process::exit(i32::from(code));
}

/// The name of a draft. One that this process makes loses its name when the process is told to end, and when it is dropped before
/// anybody said what became of it: a panic came between.
#[derive(Debug)]
pub(super) struct DraftName {
    name: OsString,
    /// Until it is settled.
    number: Option<u64>,
}

impl DraftName {
    /// Of one that is made next.
    pub fn announce(folder: &OwnedFd, name: OsString) -> Result<Self, Errno> {
        let folder = folder.try_clone().map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::MFILE))?;
        let mut state = state();
        if state.is_ending {
            return Err(Errno::CANCELED);
        }
        state.last += 1;
        let number = state.last;
        state.drafts.push((number, folder, name.clone()));
        Ok(Self { name, number: Some(number) })
    }

    pub fn name(&self) -> &OsStr {
        &self.name
    }

    /// It has its own name now, or was removed, or could not be: that is said to people.
    pub fn settle(mut self) {
        self.take();
    }

    fn take(&mut self) -> Option<(OwnedFd, OsString)> {
        let number = self.number.take()?;
        let drafts = &mut state().drafts;
        let at = drafts.iter().position(|(other, ..)| *other == number)?;
        let (_, folder, name) = drafts.swap_remove(at);
        Some((folder, name))
    }
}

impl Drop for DraftName {
    fn drop(&mut self) {
        if let Some((folder, name)) = self.take() {
            let _ = System.remove(&folder, &name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_of_which_nobody_said_what_became_of_it_is_removed_and_others_stay() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = System.open_folder(temporary.path()).unwrap();
        let make = |name: &str| {
            let draft = DraftName::announce(&folder, name.into()).unwrap();
            System.open_draft(&folder, draft.name()).unwrap();
            draft
        };
        make("settled").settle();
        let panicked = std::panic::catch_unwind(|| {
            let _draft = make("dropped");
            std::panic::resume_unwind(Box::new(()));
        });
        assert!(panicked.is_err());
        let mut there: Vec<_> =
            std::fs::read_dir(temporary.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        there.sort();
        assert_eq!(there, ["settled"]);
    }
}
