//! The terminal as a device: raw mode, size, bytes in, bytes out, signals. Knows nothing of keys and screens.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::time::Duration;

use nix::sys::signal::SigSet;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::time::Timespec;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;

use super::ending;

/// Whether standard input and output are a terminal, so that screens can be shown.
pub fn is_there() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// A conversation on the terminal of this process, whatever its input and output are: what is said, and the lines that are typed.
#[derive(Debug)]
pub struct LineTerminal {
    reader: io::BufReader<std::fs::File>,
    writer: std::fs::File,
}

impl LineTerminal {
    /// `None` where there is no terminal.
    pub fn begin() -> Option<Self> {
        let terminal = std::fs::File::options().read(true).write(true).open("/dev/tty").ok()?;
        let writer = terminal.try_clone().ok()?;
        Some(Self { reader: io::BufReader::new(terminal), writer })
    }

    /// Asks, and hears a line; `None` at the end of the input. For what is no secret: it is echoed.
    pub fn ask(&mut self, question: &str) -> Option<String> {
        self.writer.write_all(question.as_bytes()).and_then(|()| self.writer.flush()).ok()?;
        let mut line = String::new();
        let length = self.reader.by_ref().take(LINE_LIMIT).read_line(&mut line).ok()?;
        (length > 0).then(|| line.trim().to_owned())
    }
}

/// The longest line that is heard.
const LINE_LIMIT: u64 = 1 << 10;

/// Columns and rows. A terminal that does not say (0x0, as serial lines do) counts as 80x24.
pub fn size() -> (u16, u16) {
    match rustix::termios::tcgetwinsize(io::stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col, size.ws_row),
        _ => (80, 24),
    }
}

/// Raw mode until it is dropped.
#[derive(Debug)]
pub struct RawMode(());

impl RawMode {
    pub fn enter() -> io::Result<Self> {
        crossterm::terminal::enable_raw_mode().map(|()| Self(()))
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        restore();
    }
}

/// Puts the settings back that were there before raw mode. On a line that is gone there is nothing to put back.
pub fn restore() {
    let _ = crossterm::terminal::disable_raw_mode();
}

/// What came from the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// So many bytes were read.
    Bytes(usize),
    /// Nothing came in the time given.
    Quiet,
    /// The line was hung up; nothing will ever come.
    Gone,
}

/// Waits for bytes, at most `wait`, for ever when there is no limit. Looks first whether the line is still there: reading on
/// after a hang-up would spin.
pub fn read(out: &mut [u8], wait: Option<Duration>) -> Input {
    let stdin = io::stdin();
    let timeout = wait.and_then(|wait| Timespec::try_from(wait).ok());
    let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
    match poll(&mut fds, timeout.as_ref()) {
        Ok(0) | Err(Errno::INTR | Errno::AGAIN) => return Input::Quiet,
        Ok(_) => {}
        Err(_) => return Input::Gone,
    }
    let [polled] = &fds;
    if polled.revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
        return Input::Gone;
    }
    match rustix::io::read(stdin.as_fd(), out) {
        Ok(0) => Input::Gone,
        Ok(count) => Input::Bytes(count),
        Err(Errno::INTR | Errno::AGAIN) => Input::Quiet,
        Err(_) => Input::Gone,
    }
}

/// Standard output without a buffer that keeps what was shown.
#[derive(Debug)]
pub struct ScreenOutput;

impl Write for ScreenOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let stdout = io::stdout();
        loop {
            match rustix::io::write(stdout.as_fd(), bytes) {
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => {
                    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
                    let _ = poll(&mut fds, None);
                }
                written => return written.map_err(io::Error::from),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the system told the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The window has another size.
    Resized,
    /// To end, with the exit code for it: 129, 130, 131 or 143.
    End(u8),
}

/// Hands every signal to `hear`, on the thread that calls it, until `hear` says that it was enough. A request to suspend is
/// left unanswered: it would leave secrets on a screen that nobody watches.
pub fn on_signals(mut signals: Registered, mut hear: impl FnMut(Signal) -> bool) {
    // It fails for no set of signals. Were it to, none would be heard.
    let _ = set_of(signals.numbers).thread_unblock();
    for signal in signals.signals.forever() {
        let heard = match signal {
            SIGWINCH => Signal::Resized,
            SIGTSTP => continue,
            number => Signal::End(u8::try_from(128 + number).unwrap_or(143)),
        };
        if !hear(heard) {
            return;
        }
    }
}

/// Signals are caught from here on.
#[derive(Debug)]
pub struct Registered {
    signals: Signals,
    numbers: &'static [i32],
}

const CAUGHT: [i32; 6] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH];
/// Those that end a command without screens.
const ENDINGS: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];

fn set_of(numbers: &[i32]) -> SigSet {
    numbers.iter().filter_map(|number| nix::sys::signal::Signal::try_from(*number).ok()).collect()
}

/// Signals are caught from here on, and reach no thread but the one of [`on_signals`]: this thread and those that it starts later are
/// not interrupted by any. For the time of a signal the system lays all registers of the thread that it interrupts onto its stack,
/// below everything; in a thread that handled words of a phrase they stayed there until it worked again.
pub fn catch_signals() -> io::Result<Registered> {
    ending::hears_signals();
    catch(&CAUGHT, &CAUGHT)
}

/// The same of the signals that end a process, for one that suspends like any other. What it was started to ignore (`nohup`, a
/// job in the background) stays ignored.
pub(super) fn catch_endings() -> io::Result<Registered> {
    let ignored = ignored();
    let heard: Vec<i32> = ENDINGS.into_iter().filter(|number| ignored >> (number - 1) & 1 == 0).collect();
    catch(&ENDINGS, &heard)
}

fn catch(numbers: &'static [i32], heard: &[i32]) -> io::Result<Registered> {
    set_of(numbers).thread_block()?;
    Ok(Registered { signals: Signals::new(heard)?, numbers })
}

/// The signals that this process ignores, a bit each (`proc_pid_status(5)`). None where the system does not say.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}
