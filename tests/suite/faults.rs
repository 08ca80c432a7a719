//! Exports on a disk that fails: at every call, with every kind of error, on file systems that know much and little. After each
//! of them a file is complete or absent, and what the message says of what is left is true.
#![allow(clippy::similar_names)]

use conclave::domain::explain::Explain;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use conclave::machine::disk::{Disk, System};
use conclave::machine::files::{WriteError, look_at_names, write_all_new, write_new};
use conclave::machine::output::{Output, OutputFolders};
use conclave::ui::key::Key;
use rustix::io::Errno;

use crate::support::desk::Desk;
use crate::support::disk::{Fault, Faulty, KINDS, Kind, When};
use crate::support::small;

const ERRORS: [Errno; 9] = [
    Errno::IO,
    Errno::NOSPC,
    Errno::ROFS,
    Errno::NODEV,
    Errno::ACCESS,
    Errno::INVAL,
    Errno::NOENT,
    Errno::EXIST,
    Errno::INTR,
];

/// A folder with what one export shall write into it.
struct Case {
    folder: tempfile::TempDir,
    allowed: OutputFolders,
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Case {
    fn new(lengths: &[usize]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let allowed = OutputFolders::resolve(&[Output::Folder(folder.path())]);
        let files = (1..).zip(lengths).map(|(number, length)| {
            let bytes = (0..*length).map(|at| u8::try_from((at * number) % 251).unwrap()).collect();
            (folder.path().join(format!("{number}.csv")), bytes)
        });
        Self { files: files.collect(), folder, allowed }
    }

    fn write(&self, disk: &dyn Disk) -> Result<(), WriteError> {
        let files: Vec<(&Path, &[u8])> =
            self.files.iter().map(|(path, bytes)| (path.as_path(), bytes.as_slice())).collect();
        write_all_new(disk, &files, &self.allowed)
    }

    fn there(&self) -> BTreeSet<PathBuf> {
        fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    fn is_complete(&self) -> bool {
        self.files.iter().all(|(path, bytes)| fs::read(path).is_ok_and(|read| read == *bytes))
    }

    /// What is left is what the message names, and not said where there is none; then everything goes well elsewhere.
    #[track_caller]
    fn is_absent(&self, error: &WriteError, about: &str) {
        let there = self.there();
        let said: BTreeSet<PathBuf> = error.left().iter().map(|left| left.path.clone()).collect();
        let text = error.to_string();
        assert!(there.is_subset(&said), "{about}: {there:?} is left and not said: {text}");
        assert_eq!(said.is_empty(), !text.contains("may still be there"), "{about}: {text}");
        for left in error.left() {
            assert!(text.contains(left.path.file_name().unwrap().to_str().unwrap()), "{about}: {text}");
            let is_empty = fs::read(&left.path).map_or(true, |bytes| bytes.is_empty());
            assert!(!left.is_empty || is_empty, "{about}: {} is not empty: {text}", left.path.display());
        }
        assert!(!error.hint().is_empty() && !text.ends_with('.'), "{about}: {text}");
        for path in said {
            let _ = fs::remove_file(path);
        }
    }
}

/// Every fault of a kind at every call, until one does not happen because the export is done before. How many there were.
fn at_every_call(lengths: &[usize], kind: Kind, errno: Errno, when: When) -> usize {
    for at in 1.. {
        let case = Case::new(lengths);
        let disk = Faulty::failing(kind, Fault { at, errno, when });
        let written = case.write(&disk);
        let call = disk.calls().get(at - 1).copied().unwrap_or("none");
        let about = format!("{kind:?}, {} files, call {at} ({call}): {errno:?} {when:?}", lengths.len());
        match &written {
            Ok(()) => {
                assert!(case.is_complete(), "{about}");
                assert_eq!(case.there().len(), lengths.len(), "{about}: a draft is left");
            }
            Err(error) => {
                assert!(disk.has_fired(), "{about}: {error}");
                case.is_absent(error, &about);
                if when == When::Before {
                    assert!(error.left().is_empty(), "{about}: one fault leaves nothing: {error}");
                }
                case.write(&Faulty::new(kind)).unwrap_or_else(|error| panic!("{about}: not again: {error}"));
                assert!(case.is_complete(), "{about}");
            }
        }
        if !disk.has_fired() {
            assert!(written.is_ok());
            return at - 1;
        }
    }
    unreachable!()
}

#[test]
fn whatever_call_fails_a_file_is_complete_or_absent_and_what_is_left_is_said() {
    let mut tried = 0;
    for kind in KINDS {
        for lengths in [&[3000][..], &[3000, 70], &[0], &[(2 << 20) + 5, 10]] {
            for errno in ERRORS {
                for when in [When::Before, When::After, When::Gone] {
                    // A call that is interrupted is done once more: that every one is, for ever, is no fault of a disk, and one that
                    // was done before it was interrupted has no file to give.
                    // Nor does a disk that is gone say of what is there that it is not.
                    if matches!(errno, Errno::INTR | Errno::NOENT) && when != When::Before {
                        continue;
                    }
                    let is_large = lengths.iter().any(|length| *length > 1 << 20);
                    if is_large && !matches!(errno, Errno::IO | Errno::NOSPC) {
                        continue;
                    }
                    tried += at_every_call(lengths, kind, errno, when);
                }
            }
        }
    }
    eprintln!("{tried} faults");
    assert!(tried >= 200);
}

#[test]
fn two_faults_in_one_export_leave_nothing_that_is_not_said() {
    let mut tried = 0;
    for kind in KINDS {
        let calls = {
            let disk = Faulty::new(kind);
            Case::new(&[300, 70]).write(&disk).unwrap();
            disk.calls().len()
        };
        for first in 1..=calls {
            for second in first + 1..first + 8 {
                let case = Case::new(&[300, 70]);
                let faults = [first, second].map(|at| Fault { at, errno: Errno::IO, when: When::Before });
                let disk = Faulty::failing(kind, faults[0]).and(faults[1]);
                let about = format!("{kind:?}, calls {first} and {second}: {:?}", disk.calls());
                match case.write(&disk) {
                    Ok(()) => assert!(case.is_complete(), "{about}"),
                    Err(error) => case.is_absent(&error, &about),
                }
                tried += 1;
            }
        }
    }
    eprintln!("{tried} pairs of faults");
}

#[test]
fn the_calls_are_these_and_in_this_order() {
    let calls = |kind, lengths: &[usize]| {
        let (case, disk) = (Case::new(lengths), Faulty::new(kind));
        case.write(&disk).unwrap();
        disk.calls().join(" ")
    };
    let body = "write sync drop_cache read_back read_back";
    let normal = format!("open_folder look open_unnamed {body} link_unnamed sync_folder");
    assert_eq!(calls(Kind::Normal, &[9]), normal);
    let fat = format!("open_folder look open_unnamed open_draft {body} rename_new link look rename sync_folder");
    assert_eq!(calls(Kind::Fat, &[9]), fat);
    // All are looked at before the first is written, and all are written before the first has its name.
    let two = format!(
        "open_folder look open_folder look open_unnamed {body} open_unnamed {body} link_unnamed link_unnamed sync_folder sync_folder"
    );
    assert_eq!(calls(Kind::Normal, &[9, 9]), two);
    assert_eq!(calls(Kind::Normal, &[(5 << 20) + 1]).matches("write").count(), 6, "in pieces of 1 MiB");
}

#[test]
fn short_writes_are_gone_on_with_and_a_disk_that_fills_up_in_the_middle_keeps_nothing() {
    for kind in KINDS {
        let case = Case::new(&[5000, 5000]);
        case.write(&Faulty::new(kind).with_short_writes(7)).unwrap();
        assert!(case.is_complete());
        for room in [0, 1, 4999, 5000, 5001, 9999] {
            let case = Case::new(&[5000, 5000]);
            let error = case.write(&Faulty::new(kind).with_room(room)).unwrap_err();
            assert!(error.to_string().ends_with("there is no room left. Nothing of it is left"), "{error}");
            case.is_absent(&error, "full");
            assert!(case.there().is_empty());
            // Without /proc the first one is written twice before that is known.
            let room = if kind == Kind::NoProc { 20_000 } else { 10_000 };
            case.write(&Faulty::new(kind).with_room(room)).unwrap();
        }
    }
}

#[test]
fn a_byte_that_reads_back_otherwise_is_noticed_wherever_it_is() {
    for kind in KINDS {
        for offset in [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 99] {
            let case = Case::new(&[20, (1 << 20) + 100]);
            let error = case.write(&Faulty::new(kind).with_flipped(offset)).unwrap_err();
            assert!(error.to_string().contains("did not read back as it was written"), "{error}");
            case.is_absent(&error, "flipped");
            assert!(case.there().is_empty());
        }
    }
}

#[test]
fn nothing_is_written_when_one_of_several_names_is_taken_or_named_twice() {
    for kind in KINDS {
        let case = Case::new(&[10, 10]);
        fs::write(&case.files[1].0, "mine").unwrap();
        let disk = Faulty::new(kind);
        let error = case.write(&disk).unwrap_err();
        assert!(error.to_string().ends_with("2.csv exists already"), "{error}");
        assert_eq!(disk.calls(), ["open_folder", "look", "open_folder", "look"]);
        assert_eq!(fs::read(&case.files[1].0).unwrap(), b"mine");
        assert_eq!(case.there().len(), 1);

        let mut case = Case::new(&[10, 10]);
        case.files[1].0 = case.files[0].0.clone();
        assert!(case.write(&Faulty::new(kind)).unwrap_err().to_string().ends_with("is named twice"));
        // The same under another name is noticed when it is named.
        case.files[1].0 = case.folder.path().join("./../").join(case.folder.path().file_name().unwrap()).join("1.csv");
        let error = case.write(&Faulty::new(kind)).unwrap_err();
        let said = if kind == Kind::Fat { "1.csv is named twice" } else { "exists already. Nothing of it is left" };
        assert!(error.to_string().ends_with(said), "{error}");
        assert!(case.there().is_empty());
    }
}

/// On a real stick the last call but one would say so, or write under another name: after everything was typed.
#[test]
fn a_name_that_a_stick_cannot_hold_is_refused_before_anything_is_made() {
    for (name, fact, proposed) in [
        ("10:30.csv", "no name has : in it", "10_30.csv"),
        ("what?.csv", "no name has ? in it", "what_.csv"),
        ("a\nb.csv", "no name has a control character in it", "a_b.csv"),
        ("1.csv.", "no name ends with a dot or a space", "1.csv"),
        ("1.csv ", "no name ends with a dot or a space", "1.csv"),
        ("nul.csv", "no file is called as a device of Windows is", "_nul.csv"),
    ] {
        for kind in KINDS {
            let mut case = Case::new(&[10, 10]);
            case.files[1].0 = case.folder.path().join(name);
            let disk = Faulty::new(kind);
            let paths: Vec<&Path> = case.files.iter().map(|(path, _)| path.as_path()).collect();
            let looked = look_at_names(&disk, &paths, &case.allowed);
            if kind != Kind::Fat {
                // Names that other disks hold are taken there.
                assert!(looked.is_ok() && case.write(&disk).is_ok(), "{name:?} {kind:?}");
                continue;
            }
            for error in [looked.unwrap_err(), case.write(&disk).unwrap_err()] {
                assert!(error.to_string().contains(fact), "{error}");
                assert_eq!(error.hint(), format!("Take the name {proposed}, or another medium."));
                assert!(error.left().is_empty() && case.there().is_empty());
            }
            case.files[1].0 = case.folder.path().join(proposed);
            let is_free = case.files[1].0 != case.files[0].0;
            assert!(!is_free || case.write(&Faulty::new(kind)).is_ok(), "{proposed}");
        }
    }
}

#[test]
fn screens_refuse_such_a_name_before_they_ask_for_digits_or_a_passphrase() {
    let (snapshot, phrases) = small(2, 3, "names");
    let mut desk = Desk::on(Box::new(Faulty::new(Kind::Fat)), &[("snapshot.json", &snapshot)], false);
    desk.begin().open_with(&phrases, &[1, 3]);
    for form in [0, 1] {
        desk.at_name(form, "10:30.x").is("Export", "Not written: ").is("Export", "10_30.x");
        assert!(!desk.screen().contains("to agree") && !desk.screen().contains("Made at random"), "{}", desk.screen());
        desk.keys(&[Key::Esc; 4]).is("Recovered", "");
    }
    desk.at_name(1, "10_30.x").is("Export", "to agree");
}

#[test]
fn on_a_stick_a_name_that_differs_in_capitals_is_taken() {
    for kind in KINDS {
        let mut case = Case::new(&[10, 10]);
        case.files[0].0 = case.folder.path().join("Contents.json");
        case.files[1].0 = case.folder.path().join("contents.JSON");
        let disk = Faulty::new(kind);
        let written = case.write(&disk);
        if kind != Kind::Fat {
            assert!(written.is_ok() && case.is_complete());
            continue;
        }
        assert!(written.unwrap_err().to_string().ends_with("contents.JSON is named twice"));
        assert!(
            disk.calls().iter().all(|call| ["open_folder", "look", "identity"].contains(call)),
            "{:?}",
            disk.calls()
        );
        fs::write(&case.files[0].0, "mine").unwrap();
        case.files.remove(0);
        let paths = [case.files[0].0.as_path()];
        let error = look_at_names(&disk, &paths, &case.allowed).unwrap_err();
        assert!(error.to_string().ends_with("contents.JSON exists already"), "{error}");
        assert_eq!(fs::read(case.folder.path().join("Contents.json")).unwrap(), b"mine");
    }
}

/// Somebody else makes a file of that name after it was looked at: theirs stays.
struct Rival(Faulty, PathBuf);

macro_rules! forwarded {
    ($($name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {
        $(fn $name(&self, $($argument: $type),*) -> conclave::machine::disk::Called<$result> {
            self.0.$name($($argument),*)
        })*
    };
}

use std::ffi::OsStr;
use std::os::fd::OwnedFd;

impl Disk for Rival {
    forwarded! {
        open_folder(path: &Path) -> OwnedFd;
        look(folder: &OwnedFd, name: &OsStr) -> Option<conclave::machine::disk::Identity>;
        identity(file: &OwnedFd) -> conclave::machine::disk::Identity;
        open_unnamed(folder: &OwnedFd) -> OwnedFd;
        open_draft(folder: &OwnedFd, name: &OsStr) -> OwnedFd;
        write(file: &OwnedFd, bytes: &[u8]) -> usize;
        drop_cache(file: &OwnedFd) -> ();
        read_back(file: &OwnedFd, out: &mut [u8], offset: u64) -> usize;
        link_unnamed(file: &OwnedFd, folder: &OwnedFd, name: &OsStr) -> ();
        link(folder: &OwnedFd, from: &OsStr, to: &OsStr) -> ();
        rename_new(folder: &OwnedFd, from: &OsStr, to: &OsStr) -> ();
        rename(folder: &OwnedFd, from: &OsStr, to: &OsStr) -> ();
        remove(folder: &OwnedFd, name: &OsStr) -> ();
        sync_folder(folder: &OwnedFd) -> ();
    }

    fn is_gone(&self, folder: &OwnedFd) -> bool {
        self.0.is_gone(folder)
    }

    fn sync(&self, file: &OwnedFd) -> conclave::machine::disk::Called<()> {
        fs::write(&self.1, "theirs").unwrap();
        self.0.sync(file)
    }
}

#[test]
fn a_file_that_somebody_else_makes_meanwhile_is_theirs_and_stays() {
    for kind in KINDS {
        let case = Case::new(&[10, 10]);
        let theirs = case.files[1].0.clone();
        let error = case.write(&Rival(Faulty::new(kind), theirs.clone())).unwrap_err();
        assert!(error.to_string().ends_with("2.csv exists already. Nothing of it is left"), "{kind:?}: {error}");
        assert_eq!(fs::read(&theirs).unwrap(), b"theirs", "{kind:?}");
        assert_eq!(case.there(), BTreeSet::from([theirs]), "{kind:?}");
    }
}

#[test]
fn what_is_said_names_the_fact_what_is_left_and_the_next_step() {
    let of = |kind, at, errno, when| {
        let case = Case::new(&[10]);
        let error = case.write(&Faulty::failing(kind, Fault { at, errno, when })).unwrap_err();
        let folder = format!("{}/", case.folder.path().display());
        format!("{error}. {}", error.hint()).replace(&folder, "")
    };
    assert_eq!(
        of(Kind::Normal, 4, Errno::NOSPC, When::Before),
        "1.csv could not be written: there is no room left. Nothing of it is left. Make room, or use another medium."
    );
    assert_eq!(
        of(Kind::Normal, 10, Errno::IO, When::Gone),
        "1.csv could not be written: its medium is gone. Removing it failed too: 1.csv may still be there, with secrets in it. Look for it once the medium is back, delete it, and destroy the medium when you are done. Put the medium back, or choose another place, and start again."
    );
    assert_eq!(
        of(Kind::Normal, 4, Errno::IO, When::Before),
        "1.csv could not be written: the medium failed or was pulled out. Nothing of it is left. Use another medium."
    );
    // Whatever was said first: nobody makes room on a medium that is gone.
    let pulled = of(Kind::Fat, 6, Errno::NOSPC, When::Gone);
    assert!(
        pulled.starts_with("1.csv could not be written: its medium is gone") && !pulled.contains("room"),
        "{pulled}"
    );
    let draft = of(Kind::Fat, 6, Errno::NODEV, When::Gone);
    let (before, after) = draft.split_once(".conclave-").unwrap();
    assert_eq!(before, "1.csv could not be written: its medium is gone. Removing it failed too: ");
    assert!(after[16..].starts_with(".part may still be there, with secrets in it. Look for it"), "{draft}");
    assert!(
        of(Kind::Fat, 4, Errno::NODEV, When::Gone)
            .contains("may still be there, without contents. Put the medium back")
    );
}

/// From the name of the file: agrees by the digits, or by a passphrase typed back.
fn agree(desk: &mut Desk, form: usize) {
    if desk.screen().contains("Not written") {
        // The fault came when the name was looked at.
        return;
    }
    let typed = if form == 0 {
        let screen = desk.is("Export", "Made at random").key(Key::Enter).press("y").screen();
        desk.key(Key::Enter);
        screen.split_once("back from there:").unwrap().1.split_whitespace().next().unwrap().to_owned()
    } else {
        desk.digits()
    };
    desk.press(&typed).key(Key::Enter);
}

/// What lies beside the snapshot.
fn written(desk: &Desk) -> Vec<PathBuf> {
    let there = fs::read_dir(desk.folder.path()).unwrap().map(|entry| entry.unwrap().path());
    there.filter(|path| !path.ends_with("snapshot.json")).collect()
}

#[test]
fn an_export_on_screens_survives_a_fault_at_every_call() {
    let (snapshot, phrases) = small(2, 3, "faults");
    let mut tried = 0;
    // Every form on every kind of file system; the encrypted one, which takes a second each time, on one of them.
    let plain = (1..5).flat_map(|form| KINDS.map(|kind| (form, kind)));
    for (form, kind) in plain.chain([(0, KINDS[0])]) {
        for when in [When::Before, When::Gone] {
            let disk = Faulty::new(kind);
            let mut desk = Desk::on(Box::new(disk.clone()), &[("snapshot.json", &snapshot)], false);
            desk.begin().open_with(&phrases, &[1, 3]);
            for at in 1.. {
                disk.set_fault(Some(Fault { at, errno: Errno::IO, when }));
                desk.at_name(form, "out.file");
                agree(&mut desk, form);
                if desk.screen().contains("Written and read back") {
                    break;
                }
                desk.is("Export", "Not written: ").is("Export", "What was recovered is still here");
                let screen = desk.screen().split_whitespace().collect::<Vec<_>>().join(" ");
                let left = written(&desk);
                assert!(left.is_empty() || screen.contains("may still be there"), "{kind:?} {at}: {left:?}\n{screen}");
                for path in left {
                    fs::remove_file(path).unwrap();
                }
                tried += 1;
                // The same name once more, by the keys that lead there; then the fault is elsewhere.
                desk.keys(&[Key::Esc; 4]).is("Recovered", "");
            }
            // A table has its codes beside it.
            assert_eq!(written(&desk).len(), if form == 3 { 2 } else { 1 }, "{form}");
            let bytes = fs::read(desk.path("out.file")).unwrap();
            let is_whole = match form {
                0 => bytes.starts_with(&[0x03, 0xd9, 0xa2, 0x9a, 0x67, 0xfb, 0x4b, 0xb5]),
                1 | 2 => bytes.ends_with(b"}\n"),
                _ => String::from_utf8(bytes).unwrap().contains("Travel"),
            };
            assert!(is_whole, "{form}");
        }
    }
    eprintln!("{tried} faults on screens");
}

#[test]
fn one_file_is_an_export_of_one() {
    let case = Case::new(&[10]);
    write_new(&System, &case.files[0].0, &case.files[0].1, &case.allowed).unwrap();
    assert!(case.is_complete());
}
