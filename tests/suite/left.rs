//! A process that ends in the middle of writing, on a file system without unnamed files (FAT, as most sticks have): a signal leaves
//! no draft, `kill -9` leaves one, and the next run names it and removes it when somebody says so.

use std::ffi::OsStr;
use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use conclave::domain::explain::Explain;
use conclave::machine::disk::{Called, Disk, Identity};
use conclave::machine::files::{write_all_below, write_all_new};
use conclave::machine::left;
use conclave::machine::output::{Output as Named, OutputFolders};
use conclave::snapshot::v1::layout;
use conclave::ui::key::Key;
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::desk::Desk;
use crate::support::disk::{Fault, Faulty, Kind, When};
use crate::support::*;

const FOLDER: &str = "CONCLAVE_TEST_LEFT_FOLDER";
const SLOW: &str = "CONCLAVE_TEST_LEFT_SLOW";

/// A FAT file system that takes its time to sync: while it does, its process is told to end.
struct SlowFat {
    fat: Faulty,
    takes: Duration,
}

impl Disk for SlowFat {
    fn open_folder(&self, path: &Path) -> Called<OwnedFd> {
        self.fat.open_folder(path)
    }
    fn look(&self, folder: &OwnedFd, name: &OsStr) -> Called<Option<Identity>> {
        self.fat.look(folder, name)
    }
    fn identity(&self, file: &OwnedFd) -> Called<Identity> {
        self.fat.identity(file)
    }
    fn open_unnamed(&self, folder: &OwnedFd) -> Called<OwnedFd> {
        self.fat.open_unnamed(folder)
    }
    fn open_draft(&self, folder: &OwnedFd, name: &OsStr) -> Called<OwnedFd> {
        self.fat.open_draft(folder, name)
    }
    fn write(&self, file: &OwnedFd, bytes: &[u8]) -> Called<usize> {
        self.fat.write(file, bytes)
    }
    fn sync(&self, file: &OwnedFd) -> Called<()> {
        thread::sleep(self.takes);
        self.fat.sync(file)
    }
    fn drop_cache(&self, file: &OwnedFd) -> Called<()> {
        self.fat.drop_cache(file)
    }
    fn read_back(&self, file: &OwnedFd, out: &mut [u8], offset: u64) -> Called<usize> {
        self.fat.read_back(file, out, offset)
    }
    fn link_unnamed(&self, file: &OwnedFd, folder: &OwnedFd, name: &OsStr) -> Called<()> {
        self.fat.link_unnamed(file, folder, name)
    }
    fn link(&self, folder: &OwnedFd, from: &OsStr, to: &OsStr) -> Called<()> {
        self.fat.link(folder, from, to)
    }
    fn rename_new(&self, folder: &OwnedFd, from: &OsStr, to: &OsStr) -> Called<()> {
        self.fat.rename_new(folder, from, to)
    }
    fn rename(&self, folder: &OwnedFd, from: &OsStr, to: &OsStr) -> Called<()> {
        self.fat.rename(folder, from, to)
    }
    fn remove(&self, folder: &OwnedFd, name: &OsStr) -> Called<()> {
        self.fat.remove(folder, name)
    }
    fn sync_folder(&self, folder: &OwnedFd) -> Called<()> {
        self.fat.sync_folder(folder)
    }
    fn is_gone(&self, folder: &OwnedFd) -> bool {
        self.fat.is_gone(folder)
    }
}

/// The process that is told to end: it writes two files. Does nothing unless it is started by the tests below.
#[test]
fn a_process_that_writes() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let milliseconds = std::env::var(SLOW).unwrap().parse().unwrap();
    let disk = SlowFat { fat: Faulty::new(Kind::Fat), takes: Duration::from_millis(milliseconds) };
    let allowed = OutputFolders::resolve(&[Named::Folder(&folder)]);
    let (one, other) = (folder.join("one"), folder.join("other"));
    let written = write_all_new(&disk, &[(&one, b"secret one"), (&other, b"secret other")], &allowed);
    println!("\n{}", written.map_or_else(|error| format!("{error}. {}", error.hint()), |()| "WRITTEN".to_owned()));
    // What a command would do afterwards does not matter: the process is over within a second.
    thread::sleep(Duration::from_secs(20));
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn is_draft(name: &str) -> bool {
    name.strip_prefix(".conclave-").is_some_and(|rest| rest.strip_suffix(".part").is_some())
}

/// Waits until the process has a draft in the folder; `None` where it ended without.
fn when_writing(folder: &Path, child: &mut Child) -> Option<()> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        if names(folder).iter().any(|name| is_draft(name)) {
            return Some(());
        }
        if child.try_wait().unwrap().is_some() {
            return None;
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("it never writes");
}

/// Starts the process above, has it told to end when it writes, and says how it ended and how long that took.
fn told(signal: Signal, folder: &Path, milliseconds: u64) -> (Output, Duration) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "left::a_process_that_writes", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(SLOW, milliseconds.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    when_writing(folder, &mut child).unwrap();
    let begun = Instant::now();
    kill_process(Pid::from_child(&child), signal).unwrap();
    let output = child.wait_with_output().unwrap();
    (output, begun.elapsed())
}

#[test]
fn a_signal_while_a_draft_is_written_leaves_none_however_slow_the_medium_is() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129), (Signal::QUIT, 131)] {
        let folder = tempfile::tempdir().unwrap();
        // In time to undo it, and to say so.
        let (output, _) = told(signal, folder.path(), 200);
        assert_eq!(output.status.code(), Some(code), "{signal:?}");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("was told to end meanwhile. Nothing of it is left"), "{signal:?}: {said}");
        assert_eq!(names(folder.path()), <[String; 0]>::default(), "{signal:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    let (output, took) = told(Signal::TERM, folder.path(), 30_000);
    assert_eq!(output.status.code(), Some(143));
    assert!(took < Duration::from_millis(2500), "{took:?}");
    assert_eq!(names(folder.path()), <[String; 0]>::default());
}

#[test]
fn a_draft_of_a_process_that_lives_is_not_offered_and_of_one_that_was_killed_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "left::a_process_that_writes", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder.path())
        .env(SLOW, "30000")
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    when_writing(folder.path(), &mut child).unwrap();
    thread::sleep(Duration::from_millis(100));
    assert!(left::find(folder.path()).is_empty(), "it is being written");
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    let found = left::find(folder.path());
    assert_eq!(found.len(), 1);
    assert_eq!(fs::read(&found[0].path).unwrap(), b"secret one");
}

#[test]
fn screens_name_what_was_left_and_delete_it_at_the_second_key() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(told(Signal::KILL, folder.path(), 30_000).0.status.signal(), Some(9));
    let name = names(folder.path()).into_iter().find(|name| is_draft(name)).unwrap();
    let small = small(2, 2, "left");
    let mut desk = Desk::new(&[("snapshot.json", &small.0)], false);
    let path = desk.path(&name);
    fs::copy(folder.path().join(&name), &path).unwrap();
    desk.begin().open_with(&small.1, &[1, 2]);
    desk.press("e").keys(&[Key::Enter, Key::Enter]).is("Export", "perhaps with secrets: F9 shows it");
    desk.key(Key::F(9)).is("Left behind", &name).is("Left behind", "10 B");
    desk.press("d").is("Left behind", "Press y to delete it");
    desk.press("n");
    assert!(path.exists());
    desk.press("d").press("y").is("Left behind", "That does not erase what stood in it");
    assert!(!path.exists());
    desk.key(Key::Esc).is("Export", "Where");
    assert!(!desk.screen().contains("F9"));
}

/// The real program under strace, on a disk that refuses files without names and takes its time to sync. The process that is
/// started is the program itself.
fn on_a_slow_fat(arguments: &[String]) -> Option<Command> {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let traced = |log: &Path, more: &[String]| {
        let mut strace = Command::new("strace");
        strace.args(["-D", "-o"]).arg(log).args(["-e", "trace=openat,fsync"]).args(more).arg(PROGRAM).args(arguments);
        strace
    };
    if !has_tool("strace", Command::new("strace").args(["-o", "/dev/null", "true"])) {
        return None;
    }
    let refuse = |number: usize| format!("inject=openat:error=EOPNOTSUPP:when={number}");
    // Nothing is written by this run: it only says which call asks for such a file.
    let output = traced(&log, &["-e".to_owned(), "inject=fsync:error=EIO".to_owned()]).output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", String::from_utf8_lossy(&output.stderr));
    let mut number = None;
    for _ in 0..100 {
        let lines = fs::read_to_string(&log).unwrap();
        let mut calls = lines.lines().filter(|line| line.starts_with("openat("));
        number = calls.position(|line| line.contains("O_TMPFILE")).map(|at| at + 1);
        if number.is_some() {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    let slow = "inject=fsync:delay_enter=20000000:when=1".to_owned();
    let mut command = traced(Path::new("/dev/null"), &["-e".to_owned(), refuse(number?), "-e".to_owned(), slow]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    Some(command)
}

#[test]
fn a_command_that_is_killed_leaves_a_draft_which_the_next_one_names_with_how_to_delete_it() {
    let desk = tempfile::tempdir().unwrap();
    let kdf = CachedArgon2::default();
    let (snapshot, phrases) = found(plan(2, 2), small_records(), &kdf, &mut Seeded::new("left"));
    let lines: Vec<String> = phrases.iter().map(|phrase| phrase.reveal_words().join(" ") + "\n").collect();
    let path = |name: &str| desk.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("snapshot.json"), layout::to_bytes(&snapshot)).unwrap();
    fs::write(path("phrases.txt"), lines.concat()).unwrap();
    fs::create_dir(path("it's a place")).unwrap();
    let (place, out) = (PathBuf::from(path("it's a place")), path("it's a place/out.json"));
    let arguments: Vec<String> = [
        "recover",
        &path("snapshot.json"),
        "--phrases",
        &path("phrases.txt"),
        "--out",
        &out,
        "--format",
        "json",
        "--plaintext",
    ]
    .map(str::to_owned)
    .to_vec();
    for (signal, is_left) in [(Signal::TERM, false), (Signal::KILL, true)] {
        let Some(mut command) = on_a_slow_fat(&arguments) else { return };
        let mut child = command.spawn().unwrap();
        when_writing(&place, &mut child).unwrap();
        thread::sleep(Duration::from_millis(100));
        kill_process(Pid::from_child(&child), signal).unwrap();
        let status = child.wait().unwrap();
        if is_left {
            assert_eq!(status.signal(), Some(9));
        } else {
            assert_eq!(status.code(), Some(143));
        }
        assert_eq!(names(&place).iter().filter(|name| is_draft(name)).count(), usize::from(is_left), "{signal:?}");
    }
    let name = names(&place).pop().unwrap();
    let second = conclave().args(&arguments).output().unwrap();
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!(second.status.code(), Some(0), "{said}");
    assert!(said.contains(&name) && said.contains("perhaps secrets"), "{said}");
    assert!(place.join(&name).exists(), "a command removes nothing by itself");
    let how = said.lines().find_map(|line| line.strip_prefix("To delete it: ")).unwrap();
    assert!(Command::new("sh").args(["-c", how]).status().unwrap().success());
    assert_eq!(names(&place), ["out.json"]);
    let third = conclave().args(&arguments).output().unwrap();
    assert!(!String::from_utf8_lossy(&third.stderr).contains("perhaps secrets"));
}

#[test]
fn a_folder_that_could_not_be_removed_again_is_named() {
    for is_full in [false, true] {
        let temporary = tempfile::tempdir().unwrap();
        let allowed = OutputFolders::resolve(&[Named::Folder(temporary.path())]);
        let folder = temporary.path().join("backup");
        let path = folder.join("snapshot.json");
        let write = |disk: &Faulty| write_all_below(disk, &folder, &[(&path, b"secret")], &allowed);
        let calls = {
            let disk = Faulty::new(Kind::Fat).with_room(3);
            let error = write(&disk).unwrap_err();
            assert!(error.to_string().ends_with("Nothing of it is left") && !folder.exists(), "{error}");
            disk.calls()
        };
        let of = |name: &str| calls.iter().rposition(|call| *call == name).unwrap() + 1;
        let fault = |at| Fault { at, errno: Errno::IO, when: When::Before };
        let disk = Faulty::failing(Kind::Fat, fault(of("remove_folder"))).with_room(3);
        // A draft that cannot be removed is in it, or none.
        let disk = if is_full { disk.and(fault(of("remove"))) } else { disk };
        let error = write(&disk).unwrap_err();
        let said = error.to_string();
        assert!(said.contains("may still be there") && !said.contains("Nothing of it is left"), "{said}");
        let left: Vec<&Path> = error.left().iter().map(|left| left.path.as_path()).collect();
        if is_full {
            assert!(said.contains(".part") && said.ends_with("with secrets in it"), "{said}");
            assert_eq!(left, [folder.join(names(&folder).pop().unwrap())]);
        } else {
            assert_eq!(left, [folder.as_path()]);
            assert!(said.ends_with("without contents"), "{said}");
        }
    }
}
