//! Drafts that a run left behind: `kill -9` or a power cut came while it wrote to a file system without unnamed files (`writing`).
//! They may hold part of what was being written. Only regular files with exactly such a name count, of whoever runs this; a link
//! is never followed, and what another process is writing just now (it holds the lock of `Disk::open_draft`) is none.

use std::ffi::OsStr;
use std::fs::ReadDir;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::fs::{FileType, FlockOperation, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::disk::{Disk, Identity, System, identity_of};
use super::output::{OutputFolders, parent};
use super::write_error::{RemoveError, Why};
use super::writing::{DRAFT_BEGIN, DRAFT_END, remove_file};
use crate::domain::time::Timestamp;
use crate::effect::LeftDraft;

/// The most names that are looked at for one place, its folders included.
const NAMES: usize = 1 << 17;
/// The most folders of a place that are looked into.
const FOLDERS: usize = 1 << 10;
/// The most drafts that are named; more are found when these are gone.
const MOST: usize = 20;
/// Where a file system knows no locks, a draft that changed since counts as one that is being written.
const RECENT: Duration = Duration::from_secs(60 * 60);

/// The drafts in a folder and in the folders in it, on the same file system. Nothing is said of what cannot be looked at.
pub fn find(place: &Path) -> Vec<LeftDraft> {
    let mut search = Looking { names: NAMES, found: Vec::new() };
    let Some((folder, below)) = search.look_into(place, None) else { return search.found };
    for name in below {
        search.look_into(&place.join(name), Some(identity_of(&folder).device));
    }
    search.found
}

/// The drafts in all folders that this run may write to.
pub fn find_in(folders: &OutputFolders) -> Vec<LeftDraft> {
    let mut all: Vec<LeftDraft> = Vec::new();
    for draft in folders.roots().iter().flat_map(|root| find(root)) {
        add_new(&mut all, draft);
    }
    all
}

/// Adds a draft that is not there under another name of its folder.
pub fn add_new(all: &mut Vec<LeftDraft>, draft: LeftDraft) {
    let is_known = |other: &LeftDraft| (other.device, other.inode) == (draft.device, draft.inode);
    if !all.iter().any(is_known) {
        all.push(draft);
    }
}

struct Looking {
    /// How many more names are looked at.
    names: usize,
    found: Vec<LeftDraft>,
}

impl Looking {
    /// Adds the drafts of one folder, of this device if one is given; and what the folder is, with the names of those in it.
    fn look_into(&mut self, path: &Path, device: Option<u64>) -> Option<(Stat, Vec<std::ffi::OsString>)> {
        if self.names == 0 || self.found.len() >= MOST {
            return None;
        }
        // The place itself may be a link that somebody named; those below are not followed.
        let follow = if device.is_none() { OFlags::empty() } else { OFlags::NOFOLLOW };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NONBLOCK | follow;
        let folder = rustix::fs::open(path, flags, Mode::empty()).ok()?;
        let status = rustix::fs::fstat(&folder).ok()?;
        if device.is_some_and(|device| device != identity_of(&status).device) {
            return None;
        }
        let mut below = Vec::new();
        for entry in entries(path)?.flatten() {
            if self.names == 0 || self.found.len() >= MOST {
                break;
            }
            self.names -= 1;
            let name = entry.file_name();
            if is_draft_name(&name) {
                self.found.extend(left_draft(&folder, path, &name));
            } else if below.len() < FOLDERS && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                below.push(name);
            }
        }
        Some((status, below))
    }
}

fn entries(path: &Path) -> Option<ReadDir> {
    std::fs::read_dir(path).ok()
}

/// Exactly as `writing` makes them.
fn is_draft_name(name: &OsStr) -> bool {
    let number = name.as_bytes().strip_prefix(DRAFT_BEGIN.as_bytes());
    let number = number.and_then(|number| number.strip_suffix(DRAFT_END.as_bytes()));
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    number.is_some_and(|number| number.len() == 16 && number.iter().all(is_digit))
}

fn left_draft(folder: &OwnedFd, path: &Path, name: &OsStr) -> Option<LeftDraft> {
    let (file, status) = open_own(folder, name)?;
    if is_being_written(&file, &status) {
        return None;
    }
    let Identity { device, inode } = identity_of(&status);
    let seconds = u64::try_from(status.st_mtime).ok();
    Some(LeftDraft {
        path: path.join(name),
        size: u64::try_from(status.st_size).unwrap_or(0),
        changed: seconds.and_then(Timestamp::from_unix_seconds),
        device,
        inode,
    })
}

/// Opens a regular file of this user, or for root of anybody.
fn open_own(folder: &OwnedFd, name: &OsStr) -> Option<(OwnedFd, Stat)> {
    // What waits when it is opened, as a pipe does, is not opened at all.
    let status = rustix::fs::statat(folder, name, rustix::fs::AtFlags::SYMLINK_NOFOLLOW).ok()?;
    let own = rustix::process::geteuid();
    let is_own = |status: &Stat| own.is_root() || status.st_uid == own.as_raw();
    let is_file = |status: &Stat| FileType::from_raw_mode(status.st_mode) == FileType::RegularFile;
    if !is_file(&status) || !is_own(&status) {
        return None;
    }
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW;
    let file = rustix::fs::openat(folder, name, flags, Mode::empty()).ok()?;
    // Another may have come in its place.
    let status = rustix::fs::fstat(&file).ok().filter(|status| is_file(status) && is_own(status))?;
    Some((file, status))
}

fn is_being_written(file: &OwnedFd, status: &Stat) -> bool {
    match rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => false,
        Err(Errno::WOULDBLOCK) => true,
        Err(_) => is_recent(status),
    }
}

fn is_recent(status: &Stat) -> bool {
    let changed = UNIX_EPOCH + Duration::from_secs(u64::try_from(status.st_mtime).unwrap_or(0));
    // A clock that stands before it says nothing of how long ago it was.
    SystemTime::now().duration_since(changed).map_or(true, |ago| ago < RECENT)
}

/// Removes a draft, if it is still the one that was found and nobody writes it.
pub fn remove(disk: &dyn Disk, draft: &LeftDraft, allowed: &OutputFolders) -> Result<(), RemoveError> {
    let failed = |why| RemoveError { path: draft.path.clone(), why };
    let name = draft.path.file_name().filter(|name| is_draft_name(name)).ok_or(Why::NoName).map_err(failed)?;
    let folder = disk.open_folder(parent(&draft.path)).map_err(|errno| failed(Why::Io(errno)))?;
    match System.look(&folder, name) {
        Ok(None) => return Ok(()),
        Ok(Some(there)) if (there.device, there.inode) == (draft.device, draft.inode) => {}
        Ok(Some(_)) => return Err(failed(Why::Exists)),
        Err(errno) => return Err(failed(Why::Io(errno))),
    }
    // Held until it is gone.
    let opened = open_own(&folder, name);
    match &opened {
        Some((file, status)) if is_being_written(file, status) => Err(failed(Why::Written)),
        Some(_) => remove_file(disk, &draft.path, allowed),
        None => Err(failed(Why::Exists)),
    }
}

/// How somebody removes it with a shell, where a command without screens removes nothing.
pub fn removal_command(draft: &LeftDraft) -> Option<String> {
    let path: PathBuf = std::path::absolute(&draft.path).ok()?;
    let path = path.to_str().filter(|path| !path.chars().any(char::is_control))?;
    Some(format!("rm -- '{}'", path.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::super::output::Output;
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    const NAME: &str = ".conclave-0123456789abcdef.part";

    fn names(folder: &Path) -> Vec<PathBuf> {
        let mut names: Vec<_> =
            find(folder).iter().map(|draft| draft.path.strip_prefix(folder).unwrap().to_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn only_regular_files_with_exactly_such_a_name_are_found_and_no_link_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in [
            ".conclave-0123456789abcdeF.part",
            ".conclave-0123456789abcde.part",
            ".conclave-0123456789abcdef.part.txt",
            "x.conclave-0123456789abcdef.part",
            ".conclave-x.part",
        ] {
            fs::write(path(name), "mine").unwrap();
        }
        assert!(find(folder.path()).is_empty());
        fs::create_dir(path(".conclave-0000000000000001.part")).unwrap();
        symlink("/etc/passwd", path(".conclave-0000000000000002.part")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            path(".conclave-0000000000000003.part"),
            FileType::Fifo,
            Mode::RUSR | Mode::WUSR,
            0,
        )
        .unwrap();
        symlink(folder.path(), path("round")).unwrap();
        assert!(find(folder.path()).is_empty(), "a folder, a link and a pipe are no drafts");
        fs::write(path(NAME), "four").unwrap();
        fs::create_dir_all(path("below/deeper")).unwrap();
        fs::write(path("below").join(NAME), "").unwrap();
        fs::write(path("below/deeper").join(NAME), "").unwrap();
        assert_eq!(names(folder.path()), [Path::new(NAME), &Path::new("below").join(NAME)]);
        let size = find(folder.path()).iter().map(|draft| draft.size).max();
        assert_eq!(size, Some(4));
        assert!(find(&path("nowhere")).is_empty());
    }

    #[test]
    fn what_is_being_written_is_not_offered_and_not_removed() {
        let temporary = tempfile::tempdir().unwrap();
        let allowed = OutputFolders::resolve(&[Output::Folder(temporary.path())]);
        let folder = System.open_folder(temporary.path()).unwrap();
        let writer = System.open_draft(&folder, OsStr::new(NAME)).unwrap();
        assert!(find(temporary.path()).is_empty());
        drop(writer);
        let [draft] = &find(temporary.path())[..] else { panic!("it is found") };
        let reader = open_own(&folder, OsStr::new(NAME)).unwrap().0;
        rustix::fs::flock(&reader, FlockOperation::LockShared).unwrap();
        let refused = remove(&System, draft, &allowed).unwrap_err();
        assert!(refused.to_string().contains("another program is writing it"), "{refused}");
        drop(reader);
        assert!(remove(&System, draft, &OutputFolders::default()).is_err());
        // Another file of the name is not the one that was offered.
        let other = LeftDraft { inode: draft.inode + 1, ..draft.clone() };
        assert!(remove(&System, &other, &allowed).is_err());
        remove(&System, draft, &allowed).unwrap();
        assert!(!draft.path.exists());
        remove(&System, draft, &allowed).unwrap();
    }

    #[test]
    fn a_folder_of_a_hundred_thousand_names_is_looked_at_and_few_drafts_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let original = folder.path().join("0");
        fs::write(&original, "").unwrap();
        fs::write(folder.path().join(NAME), "").unwrap();
        let mut original = original;
        for number in 1..100_000 {
            // A file has no more names than 65,000 on ext4.
            let name = folder.path().join(number.to_string());
            if number % 30_000 == 0 || fs::hard_link(&original, &name).is_err() {
                fs::write(&name, "").unwrap();
                original = name;
            }
        }
        assert_eq!(names(folder.path()), [Path::new(NAME)]);
        for number in 0..50 {
            fs::write(folder.path().join(format!(".conclave-00000000000000{number:02x}.part")), "").unwrap();
        }
        assert_eq!(find(folder.path()).len(), MOST);
    }

    #[test]
    fn a_command_that_removes_it_takes_any_path() {
        let draft = |path: &str| LeftDraft { path: path.into(), size: 0, changed: None, device: 0, inode: 0 };
        assert_eq!(removal_command(&draft("/a b/it's")).as_deref(), Some(r"rm -- '/a b/it'\''s'"));
        assert_eq!(removal_command(&draft("/a\u{1b}b/x")), None);
    }
}
