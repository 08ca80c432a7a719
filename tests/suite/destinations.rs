//! The real program writes to places that people choose by mistake or bad luck: full, read-only, gone, a link, a pipe, a device, a
//! folder. Each is refused with the fact and the next step, nothing is left, what is there stays, and another place works.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use conclave::snapshot::v1::layout;

use crate::support::*;

/// Every form that a file can be exported in.
const FORMATS: &[&str] = &["json", "keys", "csv", "text", "kdbx"];

/// A folder with a training backup, its phrases, and a place beside them.
struct Desk {
    folder: tempfile::TempDir,
    format: &'static str,
    expected: String,
}

impl Desk {
    fn new(format: &'static str) -> Self {
        // More than a page, so that a medium can be full in the middle of it; at the cheapest derivation.
        let mut records = small_records();
        let mut random = Seeded::new("names that no compression makes short");
        records.extend((0..40).map(|number| {
            let mut name = String::new();
            while name.len() < 240 {
                write!(name, "{:016x}", random.next_u64()).unwrap();
            }
            put_vault(&format!("more-{number}"), &name)
        }));
        let kdf = CachedArgon2::default();
        let (snapshot, phrases) = found(plan(2, 2), records, &kdf, &mut Seeded::new("destinations"));
        let lines: Vec<String> = phrases.iter().map(|phrase| phrase.reveal_words().join(" ") + "\n").collect();
        let expected = contents(&open_with(&backup(&[&snapshot]), &phrases, &[1, 2], &kdf).unwrap());
        assert!(expected.len() > 4096);
        let desk = Self { folder: tempfile::tempdir().unwrap(), format, expected };
        fs::write(desk.path("snapshot.json"), layout::to_bytes(&snapshot)).unwrap();
        fs::write(desk.path("phrases.txt"), lines.concat()).unwrap();
        fs::write(desk.path("passphrase.txt"), "a passphrase on paper\n").unwrap();
        fs::create_dir(desk.path("place")).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn arguments(&self, phrases: &str, out: &Path) -> Vec<String> {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let phrases = if phrases == "-" { phrases.to_owned() } else { text(&self.path(phrases)) };
        let mut arguments =
            vec!["recover".to_owned(), text(&self.path("snapshot.json")), "--phrases".to_owned(), phrases];
        arguments.extend(["--out".to_owned(), text(out), "--format".to_owned(), self.format.to_owned()]);
        if self.format == "kdbx" {
            arguments.extend(["--passphrase".to_owned(), text(&self.path("passphrase.txt"))]);
        } else {
            arguments.push("--plaintext".to_owned());
        }
        arguments
    }

    fn recover(&self, out: &Path) -> Output {
        conclave().args(self.arguments("phrases.txt", out)).output().unwrap()
    }

    /// Everything in the place and what it is, with its bytes.
    fn listing(&self) -> Vec<(String, String, Vec<u8>)> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.path("place")).unwrap() {
            let path = entry.unwrap().path();
            let status = fs::symlink_metadata(&path).unwrap();
            let what = if status.is_symlink() {
                format!("link to {}", fs::read_link(&path).unwrap().display())
            } else {
                format!("{:?} {:o}", status.file_type(), status.permissions().mode())
            };
            let bytes = if status.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
            found.push((path.file_name().unwrap().to_str().unwrap().to_owned(), what, bytes));
        }
        found.sort();
        found
    }

    /// The same export elsewhere is complete, and nobody but its owner can read it.
    #[track_caller]
    fn works_elsewhere(&self) {
        let out = self.path("elsewhere");
        let output = self.recover(&out);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o600);
        if self.format == "json" {
            assert!(fs::read_to_string(&out).unwrap() == self.expected);
        }
        fs::remove_file(out).unwrap();
        // A table has its codes beside it.
        let codes = self.path("elsewhere-codes");
        assert_eq!(codes.exists(), self.format == "csv");
        if codes.exists() {
            fs::remove_file(codes).unwrap();
        }
    }

    /// Refused with these words, the place is as it was before, and it works elsewhere.
    #[track_caller]
    fn refuses(&self, out: &Path, words: &[&str]) {
        let before = self.listing();
        refused(&self.recover(out), words);
        assert_eq!(self.listing(), before);
        self.works_elsewhere();
    }
}

#[track_caller]
fn refused(output: &Output, words: &[&str]) {
    let text = said(output);
    assert_eq!(output.status.code(), Some(5), "{text}");
    for word in words {
        assert!(text.contains(word), "no {word:?} in:\n{text}");
    }
    assert!(!text.contains("may still be there") && !text.contains("panicked"), "{text}");
}

#[test]
fn a_name_that_something_has_is_refused_whatever_it_is() {
    for format in FORMATS {
        let desk = Desk::new(format);
        let place = desk.path("place");
        fs::write(place.join("file"), "mine").unwrap();
        fs::create_dir(place.join("folder")).unwrap();
        symlink("file", place.join("link")).unwrap();
        symlink("nowhere", place.join("dangling")).unwrap();
        symlink("/dev/null", place.join("to-device")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            place.join("pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from(0o644),
            0,
        )
        .unwrap();
        for name in ["file", "folder", "link", "dangling", "to-device", "pipe"] {
            desk.refuses(&place.join(name), &["exists already", "nothing is ever overwritten"]);
        }
        desk.refuses(&place.join("folder/"), &["is no name for a file"]);
        // It is not written into, and not replaced.
        desk.refuses(Path::new("/dev/null"), &["/dev/null exists already"]);
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }
}

#[test]
fn a_folder_that_is_missing_or_a_file_is_named() {
    for format in FORMATS {
        let desk = Desk::new(format);
        let place = desk.path("place");
        fs::write(place.join("file"), "mine").unwrap();
        desk.refuses(&place.join("none/out"), &["the folder of", "does not exist", "a stick may have been pulled out"]);
        desk.refuses(&place.join("file/out"), &["folder is a file"]);
        desk.refuses(&place.join("x".repeat(300)), &["the name is too long", "Take the name xxx"]);
    }
}

/// Starts the program, changes something while it waits for the phrases, and lets it go on.
fn meanwhile(desk: &Desk, mut command: Command, change: impl FnOnce()) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // It has said what it read of the snapshot: it was started, and knows its folders.
    let mut first = [0];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut first).unwrap();
    change();
    let phrases = fs::read(desk.path("phrases.txt")).unwrap();
    child.stdin.take().unwrap().write_all(&phrases).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_folder_that_goes_away_or_becomes_another_while_people_type_is_not_written_to() {
    for format in FORMATS {
        let desk = Desk::new(format);
        let place = desk.path("place");
        let run = || {
            let mut command = conclave();
            command.args(desk.arguments("-", &place.join("out")));
            command
        };
        let output = meanwhile(&desk, run(), || fs::remove_dir(&place).unwrap());
        refused(&output, &["does not exist", "a stick may have been pulled out"]);
        fs::create_dir(&place).unwrap();
        let output = meanwhile(&desk, run(), || {
            fs::rename(&place, desk.path("away")).unwrap();
            fs::create_dir(&place).unwrap();
        });
        refused(&output, &["no longer the one it was", "Put the medium back"]);
        assert!(desk.listing().is_empty() && fs::read_dir(desk.path("away")).unwrap().count() == 0);
        desk.works_elsewhere();
    }
}

/// A shell of root with mounts of its own, where mounting is allowed.
fn can_mount() -> bool {
    let probe = "mount -t tmpfs -o size=64k none /mnt && umount /mnt";
    has_tool("mounting (root, unshare, mount)", Command::new("unshare").args(["-m", "sh", "-c", probe]))
}

/// Runs a script with mounts of its own. `$P` is the place, `"$@"` the program with its arguments.
fn in_own_mounts(desk: &Desk, script: &str, phrases: &str) -> Command {
    in_own_mounts_to(desk, script, phrases, "out")
}

/// The same with another name than `out`.
fn in_own_mounts_to(desk: &Desk, script: &str, phrases: &str, name: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-ec", script, "sh", PROGRAM]);
    command.args(desk.arguments(phrases, &desk.path("place").join(name))).env("P", desk.path("place"));
    command
}

/// A place that the table of mounts calls a FAT stick, whether this kernel knows FAT or not. The program reads that table under
/// its own number, which is that of the shell before it.
const STICK: &str = r#"
mount -t tmpfs none "$P"
sed "s| $P \(.*\) - tmpfs | $P \1 - vfat |" /proc/self/mountinfo > "$P/../mounts"
mount --bind "$P/../mounts" /proc/$$/mountinfo"#;

/// What is said before anybody types, and again when it is written.
const EXPOSED: &str = "keeps no permissions: whoever has the medium can read the file.";

#[test]
fn a_stick_is_said_to_keep_no_permissions_and_names_that_it_cannot_hold_are_refused_before_anything_is_typed() {
    if !can_mount() {
        return;
    }
    for format in FORMATS {
        let desk = Desk::new(format);
        // The phrases are nowhere: nobody gets to them.
        let script = format!("{STICK}\nexec \"$@\"");
        for (name, proposed) in [("10:30", "10_30"), ("out.", "out"), ("NUL.csv", "_NUL.csv"), ("new/out", "")] {
            let output = in_own_mounts_to(&desk, &script, "nowhere.txt", name).output().unwrap();
            let proposal = format!("Take the name {proposed}, or another medium.");
            let words = if proposed.is_empty() { "Make the folder first" } else { proposal.as_str() };
            refused(&output, &[words]);
        }
        let output = in_own_mounts(&desk, &script, "phrases.txt").output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let (before, after) = (String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
        for text in [before, after] {
            assert_eq!(text.matches(EXPOSED).count(), usize::from(*format != "kdbx"), "{format}: {text}");
        }
        assert_eq!(said(&output).contains("One apostrophe at the beginning of a cell"), *format == "csv");
    }
    // Elsewhere nothing is said of it.
    let desk = Desk::new("csv");
    assert!(!said(&desk.recover(&desk.path("place/10:30"))).contains(EXPOSED));
}

/// Ends with the exit code of the program, after saying what is in the place beyond what was.
const RUN: &str = r#"
ls -A "$P" > "$P/../before"; code=0; "$@" || code=$?; ls -A "$P" > "$P/../after"
cmp "$P/../before" "$P/../after" || { echo "may still be there: $(ls -A "$P")"; exit 99; }
exit $code"#;

#[test]
fn a_full_medium_and_a_read_only_one_keep_nothing() {
    if !can_mount() {
        return;
    }
    for format in FORMATS {
        let desk = Desk::new(format);
        let full = r#"mount -t tmpfs -o size=64k none "$P"; head -c 61440 /dev/zero > "$P/filled""#;
        let brim = r#"mount -t tmpfs -o size=64k none "$P"; cat /dev/zero > "$P/filled" 2>/dev/null || true"#;
        let inodes = r#"mount -t tmpfs -o nr_inodes=1 none "$P""#;
        for script in [full, brim, inodes] {
            let output = in_own_mounts(&desk, &format!("{script}\n{RUN}"), "phrases.txt").output().unwrap();
            refused(&output, &["there is no room left. Nothing of it is left", "Make room, or use another medium"]);
        }
        for script in [
            r#"mount -t tmpfs -o ro none "$P""#,
            r#"mount -t tmpfs none "$P"; echo mine > "$P/mine"; mount -o remount,ro "$P""#,
            r#"mount --bind "$P" "$P"; mount -o remount,bind,ro "$P""#,
        ] {
            let output = in_own_mounts(&desk, &format!("{script}\n{RUN}"), "phrases.txt").output().unwrap();
            refused(&output, &["the medium is read-only", "write protection"]);
        }
        assert!(desk.listing().is_empty());
        desk.works_elsewhere();
    }
}

#[test]
fn a_medium_that_is_unmounted_while_people_type_does_not_leave_the_export_on_the_inner_disk() {
    if !can_mount() {
        return;
    }
    for format in FORMATS {
        let desk = Desk::new(format);
        let script = r#"
mount -t tmpfs none "$P"
{ until [ -e "$P/../go" ]; do sleep 0.05; done; umount -l "$P"; cat "$P/../phrases.txt"; } | "$@""#;
        let mut command = in_own_mounts(&desk, script, "-");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut [0]).unwrap();
        fs::write(desk.path("go"), "").unwrap();
        refused(&child.wait_with_output().unwrap(), &["no longer the one it was", "its medium was taken away"]);
        assert!(desk.listing().is_empty(), "it went to the folder below the mount");
        desk.works_elsewhere();
    }
}

#[test]
fn a_real_fat_image_takes_the_export_and_refuses_it_when_full() {
    if !can_mount() || !has_tool("mkfs.vfat (dosfstools)", Command::new("mkfs.vfat").arg("--help")) {
        return;
    }
    // A kernel without vfat or loop devices is no tool that could be installed.
    let probe = r#"f=$(mktemp); truncate -s 1M "$f"; mkfs.vfat "$f" > /dev/null; mount -o loop "$f" /mnt; c=$?; rm "$f"; exit $c"#;
    if !Command::new("unshare").args(["-m", "sh", "-c", probe]).output().unwrap().status.success() {
        eprintln!("skipped: this kernel mounts no FAT image");
        return;
    }
    for format in FORMATS {
        let desk = Desk::new(format);
        let mount =
            r#"truncate -s 1M "$P/../image"; mkfs.vfat "$P/../image" > /dev/null; mount -o loop "$P/../image" "$P""#;
        let keep = r#"
"$@"; ls -A "$P"; cp "$P/out" "$P/../copy"; umount "$P"; fsck.vfat -n "$P/../image""#;
        let output = in_own_mounts(&desk, &format!("{mount}{keep}"), "phrases.txt").output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(!said(&output).contains(".part"), "{}", said(&output));
        assert_eq!(said(&output).contains(EXPOSED), *format != "kdbx", "{}", said(&output));
        let refusing = format!("{mount}\n{RUN}");
        let output = in_own_mounts_to(&desk, &refusing, "nowhere.txt", "10:30").output().unwrap();
        refused(&output, &["Take the name 10_30, or another medium."]);
        assert!(format != &"json" || fs::read_to_string(desk.path("copy")).unwrap() == desk.expected);
        let full = format!("{mount}\nhead -c 2000000 /dev/zero > \"$P/filled\" 2> /dev/null || true\n{RUN}");
        let output = in_own_mounts(&desk, &full, "phrases.txt").output().unwrap();
        refused(&output, &["there is no room left. Nothing of it is left"]);
        desk.works_elsewhere();
    }
}

#[test]
fn a_folder_without_permission_is_named_as_that() {
    let is_root = rustix::process::geteuid().is_root();
    let nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
    if is_root && !has_tool("setpriv", Command::new("setpriv").args(nobody).arg("true")) {
        return;
    }
    for format in FORMATS {
        let desk = Desk::new(format);
        // The program may be where only root gets to.
        let program = desk.path("program");
        copy_program(&program);
        let allow = |name: &str, mode| fs::set_permissions(desk.path(name), fs::Permissions::from_mode(mode)).unwrap();
        for (name, mode) in [("", 0o755), ("program", 0o755), ("phrases.txt", 0o644), ("snapshot.json", 0o644)] {
            allow(name, mode);
        }
        for mode in [0o555, 0o000] {
            allow("place", mode);
            let mut command = if is_root { Command::new("setpriv") } else { Command::new("env") };
            if is_root {
                command.args(nobody);
            }
            let output =
                command.arg(&program).args(desk.arguments("phrases.txt", &desk.path("place/out"))).output().unwrap();
            allow("place", 0o755);
            refused(&output, &["you have no permission", "Choose a folder that you may write to"]);
            assert!(desk.listing().is_empty());
        }
        desk.works_elsewhere();
    }
}
