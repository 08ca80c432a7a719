//! All that the real program ever sent to its terminal, replayed: no frame shows two words of a phrase, and with F2 not even one went
//! over the line. And the end of that line ends the program.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use conclave::cli::Exit;
use conclave::crypto::kdf::Argon2id;
use conclave::domain::entropy::Entropy;
use conclave::domain::phrase::Phrase;
use conclave::machine::entropy::OsEntropy;
use conclave::snapshot::v1::layout;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::support::terminal::{HANG, Terminal};
use crate::support::*;

const MASK: &str = "\x14";
/// More letters than any English word has.
const WHOLE: usize = 9;

/// A folder with a snapshot whose phrases are of words that no text of the program has in it; another one in every run.
fn backup_on_disk() -> (tempfile::TempDir, Vec<Phrase>) {
    let mut seed = [0; 8];
    OsEntropy.fill(&mut seed).unwrap();
    let mut random = Seeded::new(format!("{seed:?}"));
    let phrases = phrases_of_no_text(3, &mut random);
    let kdf = Argon2id { available_memory: u64::MAX };
    let snapshot = found_for(plan(2, 3), small_records(), &phrases, &kdf, &mut random);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("snapshot.json"), layout::to_bytes(&snapshot)).unwrap();
    (folder, phrases)
}

fn start(folder: &tempfile::TempDir, variables: &[(&str, &str)], arguments: &[&str]) -> Terminal {
    let arguments = [&["recover", "snapshot.json"], arguments].concat();
    Terminal::of_program(folder.path(), &arguments, variables, (80, 24))
}

/// A whole recovery, word by word, so that every step is a frame of its own.
fn recover(console: &mut Terminal, phrases: &[Phrase], is_masked: bool) {
    console.wait("Fingerprint").press("none\r").wait_screen("Hand-over");
    for phrase in &phrases[..2] {
        console.sit_down().wait_screen("Phrase");
        if is_masked {
            console.press(MASK).wait("Masked");
        }
        for (index, word) in phrase.reveal_words().iter().enumerate() {
            console.wait(&format!("Word {} of 12", index + 1)).press(word);
            console.wait(if is_masked { "(typing)" } else { word });
            if index < 11 {
                console.press(" ");
            }
        }
        console.press("\r").wait("verified: ");
    }
    console.open_wipe_and_leave();
    assert_eq!(console.end(), Exit::Done as u32);
}

/// The most words of the phrases that any frame shows, whole or at least by their first `letters`.
fn most_words(log: &[u8], phrases: &[Phrase], letters: usize) -> usize {
    let words: Vec<&str> = phrases.iter().flat_map(Phrase::reveal_words).collect();
    let mut emulator = vt100::Parser::new(24, 80, 1000);
    let mut most = 0;
    for chunk in log.split_inclusive(|byte| *byte == b'm') {
        emulator.process(chunk);
        let text = emulator.screen().contents();
        let tokens: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
        let is_in = |word: &&&str| {
            let beginning = &word[..letters.min(word.len())];
            tokens.iter().any(|shown| shown.starts_with(beginning) && (letters < WHOLE || shown == *word))
        };
        let shown: BTreeSet<&&str> = words.iter().filter(is_in).collect();
        most = most.max(shown.len());
    }
    most
}

#[test]
fn no_frame_of_a_whole_recovery_shows_two_words_of_a_phrase() {
    for (variables, arguments) in
        [(&[("TERM", "linux")][..], &[][..]), (&[("TERM", "vt100")], &["--ascii"]), (&[("NO_COLOR", "1")], &["--mono"])]
    {
        let (folder, phrases) = backup_on_disk();
        let mut console = start(&folder, variables, arguments);
        recover(&mut console, &phrases, false);
        // One word at a time is in view; none at all would mean that nobody saw what they typed.
        assert_eq!(most_words(&console.log, &phrases, WHOLE), 1, "{variables:?}");
        console.is_as_before();
        let remains = console.remains();
        assert!(remains.trim().is_empty(), "{remains}");
        assert!(!arguments.contains(&"--ascii") || console.log.is_ascii());
    }
}

#[test]
fn with_everything_masked_no_word_goes_over_the_line() {
    let (folder, phrases) = backup_on_disk();
    let mut console = start(&folder, &[], &[]);
    recover(&mut console, &phrases, true);
    let log = String::from_utf8_lossy(&console.log).into_owned();
    for word in phrases[..2].iter().flat_map(Phrase::reveal_words) {
        assert!(!log.contains(word), "{word} went over the line");
    }
    // Nor did four letters of one stand there, one after the other.
    assert_eq!(most_words(&console.log, &phrases, 4), 0);
}

#[test]
fn a_line_that_is_hung_up_ends_the_program() {
    if !has_tool("setsid", Command::new("setsid").arg("--version")) {
        return;
    }
    let (folder, phrases) = backup_on_disk();
    for is_deriving in [false, true] {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let line = || File::options().read(true).write(true).open(&name).unwrap();
        let mut command = Command::new("setsid");
        command.args(["--ctty", "--wait", PROGRAM, "recover", "snapshot.json"]);
        command.current_dir(folder.path()).env("TERM", "xterm").env("LC_ALL", "C.UTF-8");
        command.stdin(Stdio::from(line())).stdout(Stdio::from(line())).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        drop(command);
        rustix::io::ioctl_fionbio(&master, true).unwrap();
        let mut master = File::from(master);
        let mut emulator = vt100::Parser::new(24, 80, 0);
        let mut press = |keys: &str, text: &str| {
            master.write_all(keys.as_bytes()).unwrap();
            let mut chunk = [0; 4096];
            let begun = Instant::now();
            while !emulator.screen().contents().contains(text) {
                assert!(begun.elapsed() < HANG, "never saw {text:?}:\n{}", emulator.screen().contents());
                match master.read(&mut chunk) {
                    Ok(count) => emulator.process(&chunk[..count]),
                    Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => std::thread::yield_now(),
                    Err(error) => panic!("{error}"),
                }
            }
        };
        press("", "Fingerprint");
        press("none\r", "Press y and Enter");
        press("y\r", "Word 1 of 12");
        if is_deriving {
            press(&(phrases[0].reveal_words().join(" ") + "\r"), "Checking the phrase");
        } else {
            press("zeb", "zebra");
        }
        let begun = Instant::now();
        drop(master);
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            assert!(begun.elapsed() < HANG, "it never ended");
            std::thread::yield_now();
        };
        eprintln!("ended {:?} after the hang-up", begun.elapsed());
        assert_eq!(status.code(), Some(Exit::HungUp as i32));
        // A second is promised; a busy machine is given twenty.
        assert!(begun.elapsed() < Duration::from_secs(20));
    }
}
