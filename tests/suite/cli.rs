//! The program as scripts and people meet it: exit codes, messages for bad input, no panic, nothing lost, no secret shown.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use clap::{CommandFactory, Parser};
use conclave::cli::Arguments;
use conclave::training::SAMPLES;

use crate::support::*;

struct Room {
    folder: tempfile::TempDir,
}

impl Room {
    fn new() -> Self {
        let room = Self { folder: tempfile::tempdir().unwrap() };
        for name in ["snapshot.json", "phrases.txt", "expected.json"] {
            fs::copy(project("docs/worked-example").join(name), room.path(name)).unwrap();
        }
        room
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    fn phrases(&self) -> Vec<String> {
        fs::read_to_string(self.path("phrases.txt")).unwrap().lines().map(str::to_owned).collect()
    }

    /// Recovers from `files` with phrases written to a file, into `out.json`, which is removed before.
    fn recover(&self, files: &[&Path], phrases: &str) -> Answer {
        let phrases = self.write("typed.txt", phrases);
        let _ = fs::remove_file(self.path("out.json"));
        let mut command = conclave();
        command.arg("recover").args(files).arg("--phrases").arg(phrases).arg("--out").arg(self.path("out.json"));
        Answer::of(command.args(["--format", "json", "--plaintext"]).output().unwrap(), self.path("out.json"))
    }

    fn recover_default(&self, phrases: &str) -> Answer {
        self.recover(&[&self.path("snapshot.json")], phrases)
    }
}

struct Answer {
    code: i32,
    text: String,
    out: Option<Vec<u8>>,
}

impl Answer {
    fn of(output: Output, out: PathBuf) -> Self {
        let text = [output.stdout, output.stderr].concat();
        Self { code: output.status.code().unwrap(), text: String::from_utf8(text).unwrap(), out: fs::read(out).ok() }
    }

    #[track_caller]
    fn is(&self, code: i32, says: &[&str]) {
        assert_eq!(self.code, code, "{}", self.text);
        for part in says {
            assert!(self.text.contains(part), "no \"{part}\" in:\n{}", self.text);
        }
        assert_eq!(self.out.is_some(), matches!(code, 0 | 7), "{}", self.text);
    }
}

#[test]
fn enough_phrases_recover_and_more_are_checked_too() {
    let room = Room::new();
    let [one, two, three] = &room.phrases()[..] else { panic!() };
    let expected = fs::read(room.path("expected.json")).unwrap();
    for phrases in
        [format!("{one}\n{three}\n"), format!("\n  {}\r\n\r\nAnn: {}\n", &two[3..], &one[3..].to_uppercase())]
    {
        let answer = room.recover_default(&phrases);
        answer.is(0, &["verified: shareholder 1", "no quorum has confirmed"]);
        assert!(answer.out.unwrap() == expected);
    }
    room.recover_default(&room.phrases().join("\n")).is(0, &["shareholder 1", "shareholder 2", "shareholder 3"]);
}

#[test]
fn genuine_is_said_only_when_every_mark_checks() {
    let room = Room::new();
    let (good, phrases) = found(plan(2, 2), small_records(), &CachedArgon2::default(), &mut Seeded::new("genuine"));
    let typed = phrases.iter().map(|phrase| phrase.reveal_words().join(" ")).collect::<Vec<_>>().join("\n");
    let path = room.write("good.json", conclave::snapshot::v1::layout::to_bytes(&good));
    let answer = room.recover(&[&path], &typed);
    answer.is(0, &["Genuine", "Organization as it was sealed: Example Cellar"]);
    let mut cut = good.clone();
    cut.anchor.sequence = 2;
    let path = room.write("cut-anchor.json", conclave::snapshot::v1::layout::to_bytes(&cut));
    let answer = room.recover(&[&path], &typed);
    answer.is(7, &["CHECK:"]);
    assert!(!answer.text.contains("Genuine"), "{}", answer.text);
}

#[test]
fn each_slip_is_named_and_nothing_of_a_phrase_is_shown() {
    let room = Room::new();
    let [one, two, three] = &room.phrases()[..] else { panic!() };
    let words: Vec<&str> = two[3..].split(' ').collect();
    let swapped = [&words[1..], &words[..1]].concat().join(" ");
    let cases: [(String, i32, &[&str]); 8] = [
        (
            format!("{one}\n{}", two.replacen(words[6], "zzzzz", 1)),
            4,
            &["Line 2: not a phrase: word 7 is not in the English list"],
        ),
        (format!("{one}\n{}", words[1..].join(" ")), 4, &["has 11 words; the phrases of this backup have 12"]),
        (format!("{one}\n{swapped}"), 4, &["Line 2: not a phrase"]),
        (format!("{one}\n{one}"), 4, &["Line 2: already entered: shareholder 1", "1 of the 2 phrases that are needed"]),
        (format!("{one}\n{one}\n{three}"), 0, &["already entered"]),
        (one.replacen("1.", "3.", 1), 4, &["verified: shareholder 1 (named Holder 1 in this file) (the line says 3)"]),
        (String::new(), 4, &["0 of the 2 phrases"]),
        (format!("{one}\nzzz\n{three}"), 7, &["Line 2: not a phrase"]),
    ];
    for (phrases, code, says) in cases {
        let answer = room.recover_default(&phrases);
        answer.is(code, says);
        let shown: Vec<&str> = answer.text.split_whitespace().collect();
        let typed: Vec<&str> = phrases.split_whitespace().filter(|word| word.len() > 3).collect();
        for pair in typed.windows(2) {
            assert!(!shown.windows(2).any(|shown| shown == pair), "{pair:?} in {}", answer.text);
        }
    }
}

#[test]
fn a_phrase_of_another_backup_is_nobodys_here_and_named_when_that_file_is_at_hand() {
    let room = Room::new();
    let (other, phrases) =
        found(plan(2, 2), small_records(), &CachedArgon2::default(), &mut Seeded::new("other backup"));
    let other = room.write("other.json", conclave::snapshot::v1::layout::to_bytes(&other));
    let theirs = phrases[1].reveal_words().join(" ");
    let ours = room.phrases()[0].clone();
    room.recover_default(&theirs).is(4, &["Line 1: not a phrase of this backup. Compare"]);
    let answer = room.recover(&[&room.path("snapshot.json"), &other], &format!("{theirs}\n{ours}"));
    answer.is(4, &["other.json is of another backup", "not a phrase of this backup, but of another", "fingerprint"]);
}

#[test]
fn two_failing_phrases_look_the_same() {
    let room = Room::new();
    let zeros = "abandon ".repeat(11) + "about";
    let ones = "zoo ".repeat(11) + "wrong";
    let (one, other) = (room.recover_default(&zeros), room.recover_default(&ones));
    assert_eq!((one.code, &one.text), (4, &other.text));
    assert_eq!(other.code, 4);
}

#[test]
fn what_is_no_snapshot_is_named_with_what_to_do() {
    let room = Room::new();
    let snapshot = fs::read_to_string(room.path("snapshot.json")).unwrap();
    fs::create_dir(room.path("folder")).unwrap();
    let cases: Vec<(PathBuf, &str)> = vec![
        (room.path("none.json"), "does not exist"),
        (room.path("folder"), "is a folder"),
        (PathBuf::from("/dev/zero"), "is not a regular file"),
        (room.write("empty", ""), "this is empty"),
        (room.write("letter.txt", "hello"), "there is no Conclave snapshot in this file"),
        (room.write("message.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "Outlook"),
        (room.write("expected.json", "{\"format\": \"conclave-contents\"}"), "is not encrypted"),
        (room.write("v2.json", snapshot.replace("\"version\":1", "\"version\":2")), "format version 2"),
        (room.write("suite.json", snapshot.replace("\"suite\":1", "\"suite\":2")), "newer version"),
        (
            room.write("kdf.json", snapshot.replace("\"memory_kib\":19456", "\"memory_kib\":4294967295")),
            "memory_kib is 4294967295",
        ),
        (
            room.write("kdf2.json", snapshot.replace("\"memory_kib\":19456", "\"memory_kib\":7")),
            "allowed are 19456 to 1048576",
        ),
        (room.write("cut.json", &snapshot[..32]), "leaves nothing to read"),
        (room.write("short.json", &snapshot[..400]), "\"core\" is damaged"),
        (
            room.write(
                "indented.json",
                serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&snapshot).unwrap())
                    .unwrap()
                    .replacen("\"lanes\"", "lanes", 1),
            ),
            "Ask for the original attachment",
        ),
    ];
    for (path, says) in cases {
        let answer = room.recover(&[&path], "x");
        answer.is(3, &[says]);
        assert!(answer.text.lines().count() >= 2, "{}", answer.text);
        let inspected = conclave().arg("inspect").arg(&path).output().unwrap();
        assert_eq!(inspected.status.code(), Some(3), "{}", path.display());
        assert_eq!(conclave().arg("verify").arg(&path).output().unwrap().status.code(), Some(3), "{}", path.display());
    }
}

#[test]
fn an_unreadable_file_is_named() {
    let room = Room::new();
    let path = room.write("locked.json", "x");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0);
    fs::set_permissions(&path, permissions).unwrap();
    if fs::read(&path).is_ok() {
        // For root every file is readable; nobody else's rights are needed for what is tested here.
        let dropped = Command::new("setpriv").args(["--reuid=65534", "--clear-groups", "true"]).output();
        if !dropped.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: running as root without setpriv");
            return;
        }
        fs::set_permissions(room.folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let binary = room.path("conclave");
        copy_program(&binary);
        let output = Command::new("setpriv")
            .args(["--reuid=65534", "--clear-groups"])
            .arg(binary)
            .arg("inspect")
            .arg(&path)
            .output()
            .unwrap();
        Answer::of(output, room.path("none")).is(3, &["you have no permission"]);
        return;
    }
    let output = conclave().arg("inspect").arg(&path).output().unwrap();
    Answer::of(output, room.path("none")).is(3, &["you have no permission"]);
}

#[test]
fn the_folder_that_is_named_for_exports_is_the_only_one() {
    let room = Room::new();
    let sample = project("assets/training/2-of-3");
    let run = |out: &Path| {
        let mut command = conclave();
        command.arg("recover").arg(sample.join("snapshot.json")).arg("--phrases").arg(sample.join("phrases.txt"));
        command.arg("--export-dir").arg(room.path("exports")).arg("--out").arg(out);
        command.args(["--format", "json", "--plaintext"]).output().unwrap()
    };
    fs::create_dir(room.path("exports")).unwrap();
    let refused = run(&room.path("elsewhere.json"));
    assert_eq!(refused.status.code(), Some(5), "{refused:?}");
    assert!(!room.path("elsewhere.json").exists());
    assert_eq!(run(&room.path("exports/here.json")).status.code(), Some(0));
    assert!(room.path("exports/here.json").exists());
}

#[test]
fn unencrypted_output_is_agreed_to_and_never_written_over_anything() {
    let room = Room::new();
    let typed = room.phrases().join("\n");
    let phrases = room.write("typed.txt", &typed);
    let run = |out: &Path, arguments: &[&str]| {
        let mut command = conclave();
        command.arg("recover").arg(room.path("snapshot.json")).arg("--phrases").arg(&phrases).arg("--out").arg(out);
        command.args(arguments).output().unwrap()
    };
    let code = |output: Output| output.status.code().unwrap();
    assert_eq!(code(run(&room.path("a"), &["--format", "json"])), 2, "without --plaintext");
    assert_eq!(code(run(&room.path("a"), &["--plaintext"])), 2, "without --format");
    let passphrase = room.write("passphrase.txt", "twelve letters\n");
    let passphrase = passphrase.to_str().unwrap();
    assert_eq!(code(run(&room.path("a"), &["--format", "kdbx", "--plaintext"])), 2, "without a passphrase");
    assert_eq!(code(run(&room.path("a"), &["--format", "json", "--plaintext", "--passphrase", passphrase])), 2);
    let short = room.write("short.txt", "short\n");
    assert_eq!(code(run(&room.path("a"), &["--format", "kdbx", "--passphrase", short.to_str().unwrap()])), 2);
    assert!(!room.path("a").exists());
    let snapshot = fs::read(room.path("snapshot.json")).unwrap();
    assert_eq!(code(run(&room.path("snapshot.json"), &["--format", "json", "--plaintext"])), 5, "the input itself");
    assert_eq!(fs::read(room.path("snapshot.json")).unwrap(), snapshot);
    assert_eq!(code(run(&room.path("none/a"), &["--format", "json", "--plaintext"])), 5);
    assert_eq!(code(run(Path::new("/proc/a"), &["--format", "json", "--plaintext"])), 5);
    assert_eq!(code(run(&room.path("a"), &["--format", "json", "--plaintext"])), 0);
    let taken = run(&room.path("a"), &["--format", "json", "--plaintext"]);
    assert!(!String::from_utf8(taken.stdout.clone()).unwrap().contains("Line 1"), "said before anything is derived");
    assert_eq!(code(taken), 5, "it exists now");
    // Phrases from standard input.
    let mut child = conclave()
        .arg("recover")
        .arg(room.path("snapshot.json"))
        .args(["--phrases", "-", "--format", "json", "--plaintext", "--out"])
        .arg(room.path("b"))
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(fs::read(room.path("b")).unwrap(), fs::read(room.path("expected.json")).unwrap());
}

#[test]
fn inspect_and_verify_say_the_same_to_scripts() {
    let room = Room::new();
    let path = room.path("snapshot.json");
    let json = |arguments: &[&str], files: &[&Path]| -> (i32, serde_json::Value) {
        let output = conclave().args(arguments).args(files).output().unwrap();
        (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
    };
    let (code, found) = json(&["inspect", "--json"], &[&path]);
    assert_eq!((code, &found["verdict"], &found["damaged"]), (0, &"INTACT".into(), &serde_json::json!([])));
    assert_eq!(found["fingerprint"].as_array().unwrap().len(), 16);
    assert_eq!(found["shareholders"][2], serde_json::json!({"number": 3, "name": "Holder 3"}));
    assert_eq!((&found["threshold"], &found["sequence"], &found["boxes"]), (&2.into(), &2.into(), &2.into()));
    assert_eq!(found["counts"], serde_json::json!({"accounts": 1, "codes": 2, "vaults": 3}));
    assert_eq!((&found["kind"], &found["purpose"]), (&"organization".into(), &"training".into()));
    assert_eq!(found["created"], "2026-02-03T04:05:06Z");

    let text = fs::read_to_string(&path).unwrap();
    let damaged = room.write("damaged.json", text.replacen("Holder 2", "Holder 7", 1));
    let (code, found) = json(&["inspect", "--json"], &[&damaged]);
    assert_eq!((code, &found["verdict"], &found["damaged"]), (3, &"DAMAGED".into(), &serde_json::json!(["labels"])));
    let (code, found) = json(&["verify", "--json"], &[&path, &damaged]);
    assert_eq!(code, 3);
    assert_eq!(found[0]["verdict"], "INTACT");
    assert_eq!(found[1]["verdict"], "DAMAGED");
    let (code, found) = json(&["verify", "--json"], &[&path]);
    assert_eq!((code, &found[0]["relation"]), (0, &"only".into()));
    assert_eq!(found[0]["backup_id"].as_str().unwrap().len(), 32);

    let mut entropy = Seeded::new("fork for verify");
    let model = conclave::snapshot::v1::read::read(text.as_bytes()).unwrap().snapshot().unwrap();
    let mut fork = |name: &str| {
        let issue = conclave::snapshot::refresh::Issue {
            created: time("2026-03-01T00:00:00Z"),
            issuer: None,
            entropy: &mut entropy,
        };
        let next = conclave::snapshot::refresh::append_public(&model, vec![put_vault(name, name)], issue).unwrap();
        room.write(name, conclave::snapshot::v1::layout::to_bytes(&next))
    };
    let (one, other) = (fork("one.json"), fork("other.json"));
    let (code, found) = json(&["verify", "--json"], &[&path, &one, &other]);
    let relations: Vec<_> = found.as_array().unwrap().iter().map(|file| file["relation"].as_str().unwrap()).collect();
    assert_eq!((code, relations), (7, vec!["older", "fork", "fork"]));
    room.recover(&[&one, &path, &other], &room.phrases().join("\n")).is(7, &["a fork"]);
}

#[test]
fn nothing_in_a_label_reaches_the_terminal_as_a_command() {
    let room = Room::new();
    let text = fs::read_to_string(room.path("snapshot.json")).unwrap();
    let evil = room.write("evil.json", text.replacen("Holder 2", "\\u001b]0;x\\u0007\\u202e", 1));
    for command in ["inspect", "verify"] {
        let output = conclave().arg(command).arg(&evil).output().unwrap();
        assert!(!output.stdout.contains(&0x1b) && !output.stdout.contains(&7));
    }
    // In JSON names stand as they are, but in ASCII.
    let evil_8_bit = room.write("evil\u{9b}31m.json", text.replacen("Holder 2", "\\u009b31m\\u202e", 1));
    for command in ["inspect", "verify"] {
        let output = conclave().arg(command).arg(&evil_8_bit).arg("--json").output().unwrap();
        assert!(!output.stdout.is_empty() && output.stdout.is_ascii(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    // File names hold anything too.
    let named = room.write("bad\u{1b}[2J.json", &text);
    let other = conclave::snapshot::v1::layout::to_bytes(&small(2, 2, "other for names").0);
    let foreign = room.write("foreign\u{1b}[2J.json", other);
    let hello = room.write("hello\u{1b}[2J.json", "hello");
    let missing = room.path("missing\u{1b}[2J.json");
    for files in [&[&*named, &*foreign][..], &[&*foreign, &*named], &[&*hello], &[&*missing]] {
        let answer = room.recover(files, &room.phrases().join("\n"));
        assert!(answer.text.contains("<U+001B>[2J") && !answer.text.contains('\u{1b}'), "{}", answer.text);
    }
    let answer = room.recover(&[&evil], &room.phrases().join("\n"));
    assert!(answer.text.contains("<U+001B>]0;x<U+0007><U+202E>"), "{}", answer.text);
}

#[test]
fn a_training_backup_says_so() {
    let room = Room::new();
    room.recover_default(&room.phrases().join("\n")).is(0, &["TRAINING"]);
    let output = conclave().arg("inspect").arg(room.path("snapshot.json")).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("TRAINING"));
}

/// Runs a recovery of the frozen 2 of 3 (256 MiB a derivation) under a limit of address space.
fn recover_within(kib: u32, room: &Room) -> Output {
    let snapshot = room.write("frozen.json", SAMPLES[0].snapshot);
    let phrases = room.write("frozen.txt", SAMPLES[0].phrases);
    let out = room.path(&format!("within-{kib}"));
    Command::new("sh")
        .args(["-c", &format!("ulimit -v {kib}; exec \"$@\""), "sh", PROGRAM, "recover"])
        .arg(snapshot)
        .arg("--phrases")
        .arg(phrases)
        .arg("--out")
        .arg(out)
        .args(["--format", "json", "--plaintext"])
        .output()
        .unwrap()
}

#[test]
fn the_derivation_takes_its_256_mib_and_too_little_memory_is_an_error_and_no_abort() {
    let room = Room::new();
    let refused = recover_within(256 * 1024, &room);
    assert_eq!(refused.status.code(), Some(6), "{}", String::from_utf8_lossy(&refused.stderr));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("256 MiB of memory"));
    let done = recover_within(256 * 1024 + 40 * 1024, &room);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn a_whole_recovery_opens_no_socket_but_the_pair_that_signals_come_through() {
    if !has_tool("strace", Command::new("strace").args(["-f", "-e", "trace=%network", "true"])) {
        return;
    }
    let room = Room::new();
    let log = room.path("strace.log");
    let status = Command::new("strace")
        .args(["-f", "-e", "trace=%network", "-o"])
        .arg(&log)
        .arg(PROGRAM)
        .arg("recover")
        .arg(room.path("snapshot.json"))
        .arg("--phrases")
        .arg(room.path("phrases.txt"))
        .arg("--out")
        .arg(room.path("out.json"))
        .args(["--format", "json", "--plaintext"])
        .output()
        .unwrap()
        .status;
    assert_eq!(status.code(), Some(0));
    let log = fs::read_to_string(log).unwrap();
    assert!(log.contains("exited with 0"), "the trace is that of the recovery");
    let is_known = |line: &&str| {
        ["socketpair(AF_UNIX", "recvfrom(", "recvfrom resumed", "+++"].iter().any(|known| line.contains(known))
    };
    let others: Vec<&str> = log.lines().filter(|line| !is_known(line)).collect();
    assert!(others.is_empty(), "{others:?}");
    assert!(log.matches("socketpair(").count() <= 1, "{log}");
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let room = Room::new();
    let output = Command::new("sh")
        .args(["-c", "\"$0\" verify \"$1\" | true", PROGRAM])
        .arg(room.path("snapshot.json"))
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn an_answer_that_found_no_room_is_an_error() {
    let Ok(full) = fs::File::options().write(true).open("/dev/full") else { return };
    let room = Room::new();
    let output = conclave().arg("verify").arg(room.path("snapshot.json")).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_training_backup_is_written_whole_or_not_at_all() {
    let room = Room::new();
    let folder = room.path("practice/2-of-3");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("expected.json"), "mine").unwrap();
    let output = conclave().arg("sample").arg(room.path("practice")).output().unwrap();
    assert_ne!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["expected.json"]);
}

#[test]
fn wrong_usage_ends_with_2_and_help_names_only_what_works() {
    for arguments in
        [&["recover"][..], &["teleport"], &["recover", "x", "--phrase", "y"], &["recover", "x", "--out", "y"], &[]]
    {
        assert_eq!(conclave().args(arguments).output().unwrap().status.code(), Some(2), "{arguments:?}");
    }
    let never = conclave().args(["drill", "--hide-after", "0"]).output().unwrap();
    assert_eq!(never.status.code(), Some(2));
    let help = String::from_utf8(conclave().arg("--help").output().unwrap().stdout).unwrap();
    for command in
        ["recover", "drill", "backup", "rotate", "inspect", "verify", "sample", "codes", "device", "transcript"]
    {
        assert!(help.contains(&format!("  {command} ")), "{command}");
    }
    for later in ["completions", "doctor"] {
        assert!(!help.contains(&format!("  {later}")), "{later} is not built yet");
    }
}

/// A command and all below it, as they are called.
fn all_commands(command: &clap::Command, called: &[String], all: &mut Vec<(Vec<String>, clap::Command)>) {
    let called = [called, &[command.get_name().to_owned()]].concat();
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        all_commands(below, &called, all);
    }
    all.push((called, command.clone()));
}

#[test]
fn each_help_fits_80_columns_and_ends_with_an_example_that_can_be_typed() {
    let mut all = Vec::new();
    let mut root = Arguments::command();
    root.build();
    all_commands(&root, &[], &mut all);
    assert!(all.len() > 20, "{}", all.len());
    for (called, mut command) in all {
        for help in [command.render_help(), command.render_long_help()].map(|help| help.to_string()) {
            let wide: Vec<&str> = help.lines().filter(|line| line.chars().count() > 80).collect();
            assert!(wide.is_empty(), "{called:?}: {wide:?}");
            let (_, example) =
                help.trim_end().rsplit_once("Example:\n  ").unwrap_or_else(|| panic!("{called:?}: {help}"));
            let words: Vec<&str> = example.split(' ').collect();
            assert!(called.iter().zip(&words).all(|(called, word)| called == word), "{called:?}: {example}");
            assert!(Arguments::try_parse_from(&words).is_ok(), "{example}");
        }
    }
}

#[test]
fn a_slip_in_a_command_or_an_option_gets_a_suggestion() {
    for (typed, meant) in
        [("recovr x", "recover"), ("recover --formt json x", "--format"), ("device statu x", "status")]
    {
        let output = conclave().args(typed.split(' ')).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains(&format!("'{meant}'")), "{}", said(&output));
    }
}
