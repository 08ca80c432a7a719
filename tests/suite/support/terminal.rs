//! The real program on a real pseudo-terminal, with an emulator in front of it. Waits for text, never for time.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::PROGRAM;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::termios::{Action, Termios, tcflow, tcgetattr};

/// Nothing takes so long, whatever the machine does besides: only a hang does.
pub const HANG: Duration = Duration::from_secs(120);

/// Keys as a terminal sends them.
pub const UP: &str = "\x1b[A";
pub const DOWN: &str = "\x1b[B";
pub const HOME: &str = "\x1b[H";
pub const END: &str = "\x1b[F";
pub const F10: &str = "\x1b[21~";

/// The rows of a screen in which keys stand.
fn footer(screen: &str) -> String {
    let rows: Vec<&str> = screen.lines().collect();
    rows[rows.len().saturating_sub(2)..].join("\n")
}

pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
    emulator: vt100::Parser,
    master: Box<dyn MasterPty + Send>,
    /// Kept open, so that the settings can be read when the program is gone.
    line: File,
    settings: Termios,
    /// All that the program wrote.
    pub log: Vec<u8>,
}

impl Terminal {
    /// The program in a folder, on a terminal with colours.
    pub fn of_program(
        folder: &Path,
        arguments: &[&str],
        variables: &[(&str, &str)],
        (columns, rows): (u16, u16),
    ) -> Self {
        let mut command = CommandBuilder::new(PROGRAM);
        command.cwd(folder);
        command.args(arguments);
        command.env_remove("NO_COLOR");
        command.env("TERM", "xterm");
        command.env("LC_ALL", "C.UTF-8");
        for (name, value) in variables {
            command.env(name, value);
        }
        Self::start(command, columns, rows)
    }

    pub fn start(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let line = File::options().read(true).write(true).open(pair.master.tty_name().unwrap()).unwrap();
        let settings = tcgetattr(&line).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let (sender, bytes) = channel();
        thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                if sender.send(chunk[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let emulator = vt100::Parser::new(rows, columns, 10_000);
        Self { child, keys, bytes, emulator, master: pair.master, line, settings, log: Vec::new() }
    }

    pub fn press(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self
    }

    /// As a slow serial line sends it: byte by byte, a millisecond apart.
    pub fn press_slowly(&mut self, keys: &[u8]) -> &mut Self {
        for byte in keys {
            self.keys.write_all(&[*byte]).unwrap();
            thread::sleep(Duration::from_micros(1_042));
        }
        self
    }

    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.emulator.screen_mut().set_size(rows, columns);
        self.master.resize(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).unwrap();
        self
    }

    pub fn process_id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    pub fn text(&self) -> String {
        self.emulator.screen().contents()
    }

    #[track_caller]
    pub fn wait(&mut self, text: &str) -> &mut Self {
        self.wait_until(text, |screen| screen.contains(text))
    }

    /// Waits for a screen by the name in its first row.
    #[track_caller]
    pub fn wait_screen(&mut self, name: &str) -> &mut Self {
        let start = format!(" {name} ");
        self.wait_until(name, |screen| screen.starts_with(&start))
    }

    #[track_caller]
    pub fn wait_until(&mut self, what: &str, is_there: impl Fn(&str) -> bool) -> &mut Self {
        let deadline = Instant::now() + HANG;
        while !is_there(&self.text()) {
            match self.bytes.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(chunk) => self.hear(&chunk),
                Err(error) => panic!("never saw {what:?} ({error}); the screen was:\n{}", self.text()),
            }
        }
        self
    }

    fn hear(&mut self, chunk: &[u8]) {
        self.emulator.process(chunk);
        self.log.extend_from_slice(chunk);
    }

    /// Where Enter counts only when the keys rest: waits until it is named, and presses it.
    #[track_caller]
    pub fn enter(&mut self) -> &mut Self {
        self.wait_until("Enter in the footer", |screen| footer(screen).contains(" Enter ")).press("\r")
    }

    /// At a wall: waits until it asks who is there, and says so.
    #[track_caller]
    pub fn sit_down(&mut self) -> &mut Self {
        self.wait_until("y Enter in the footer", |screen| footer(screen).contains(" y Enter ")).press("y\r")
    }

    /// Where a cloud key is asked for: takes the one that pages wrote into a folder of its own here.
    #[track_caller]
    pub fn take_cloud_key(&mut self) -> &mut Self {
        self.wait("Where is the cloud key file").wait("> Here").press("\r").wait("cloud-key-to-upload");
        self.press("upload").wait("Search: upload").press("\r").wait("cloud-key.json").press("\r")
    }

    /// From a quorum: opens, lets the addresses be compared, wipes, and leaves.
    #[track_caller]
    pub fn open_wipe_and_leave(&mut self) -> &mut Self {
        self.wait_screen("Quorum").enter().wait_screen("Recovered").wait("match the record");
        self.press(F10).wait("Wipe and leave?").press("y").wait_screen("Record").wait("Wiped.").enter()
    }

    /// In a list of lines: goes down to the one with this label.
    #[track_caller]
    pub fn choose(&mut self, label: &str) -> &mut Self {
        let text = self.text();
        let chosen = text.lines().position(|line| line.trim_start().starts_with('>'));
        let wanted = text.lines().position(|line| line.trim_start_matches([' ', '>']).starts_with(label));
        let (Some(chosen), Some(wanted)) = (chosen, wanted) else { panic!("no {label} in:\n{text}") };
        let key = if wanted < chosen { UP } else { DOWN };
        self.press(&key.repeat(wanted.abs_diff(chosen))).wait(&format!("{label}:"))
    }

    /// The characters behind `before` up to the next space or line end.
    #[track_caller]
    pub fn after(&self, before: &str) -> String {
        let text = self.text();
        let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before:?} in:\n{text}"));
        rest.split([' ', '\n', ':']).next().unwrap().to_owned()
    }

    pub fn signal(&mut self, name: &str) -> &mut Self {
        let id = self.process_id();
        let killed = std::process::Command::new("sh").args(["-c", &format!("kill -{name} {id}")]).status().unwrap();
        assert!(killed.success());
        self
    }

    /// From now on (or no longer) the line takes no output, as after Ctrl-S or behind a dead serial cable.
    pub fn stop_output(&mut self, is_stopped: bool) -> &mut Self {
        let action = if is_stopped { Action::OOff } else { Action::OOn };
        tcflow(&self.line, action).unwrap();
        self
    }

    /// Waits for the end and says the exit code.
    pub fn end(&mut self) -> u32 {
        let code = self.exit_code();
        // A mark behind everything that the program wrote.
        self.line.write_all(b"\x1b[0m<end>").unwrap();
        self.wait("<end>");
        code
    }

    pub fn exit_code(&mut self) -> u32 {
        let deadline = Instant::now() + HANG;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(Instant::now() < deadline, "it never ended; the screen was:\n{}", self.text());
            if let Ok(chunk) = self.bytes.recv_timeout(Duration::from_millis(20)) {
                self.hear(&chunk);
            }
        }
    }

    /// What an emulator still has after the end: screen, other screen, scrollback. Without the mark of [`Terminal::end`].
    pub fn remains(&mut self) -> String {
        let mut remains = String::new();
        let screen = self.emulator.screen_mut();
        screen.set_scrollback(10_000);
        remains.push_str(&screen.contents());
        screen.set_scrollback(0);
        remains.push_str(&screen.contents());
        self.emulator.process(b"\x1b[?47h");
        remains.push_str(&self.emulator.screen().contents());
        remains.replace("<end>", "")
    }

    #[track_caller]
    pub fn is_as_before(&self) {
        self.is_as_it_was_set();
        assert!(!self.emulator.screen().hide_cursor(), "the cursor");
        assert!(!self.emulator.screen().alternate_screen(), "the screen");
    }

    /// Only the settings of the line.
    #[track_caller]
    pub fn is_as_it_was_set(&self) {
        let now = tcgetattr(&self.line).unwrap();
        let of = |settings: &Termios| {
            (settings.input_modes, settings.output_modes, settings.control_modes, settings.local_modes)
        };
        assert_eq!(of(&now), of(&self.settings), "the settings of the terminal");
    }
}
