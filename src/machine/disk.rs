//! The calls of the system that writing an export uses, one by one, so that a test can let any of them fail. Decides nothing:
//! the order of the calls is in `writing`.

use std::ffi::OsStr;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use super::mounts;

pub type Called<T> = Result<T, Errno>;

/// Device and inode: which file it is, for as long as somebody holds it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    pub device: u64,
    pub inode: u64,
}

/// A name is always one in an open folder, and never followed where it is a symbolic link.
pub trait Disk {
    fn open_folder(&self, path: &Path) -> Called<OwnedFd>;
    /// What has this name; `None` when nothing has.
    fn look(&self, folder: &OwnedFd, name: &OsStr) -> Called<Option<Identity>>;
    fn identity(&self, file: &OwnedFd) -> Called<Identity>;
    /// A new file without a name, of mode 0600, for reading and writing (`open(2)`, `O_TMPFILE`).
    fn open_unnamed(&self, folder: &OwnedFd) -> Called<OwnedFd>;
    /// A new file of mode 0600 under a name that nothing had; locked (`flock(2)`) where that can be, for as long as somebody holds
    /// it open, so that others see that it is being written.
    fn open_draft(&self, folder: &OwnedFd, name: &OsStr) -> Called<OwnedFd>;
    /// Appends some of the bytes and says how many.
    fn write(&self, file: &OwnedFd, bytes: &[u8]) -> Called<usize>;
    fn sync(&self, file: &OwnedFd) -> Called<()>;
    /// Lets the system forget what it has of the file in memory, so that it is read from the medium.
    fn drop_cache(&self, file: &OwnedFd) -> Called<()>;
    /// Reads some bytes at an offset and says how many; none at the end of the file.
    fn read_back(&self, file: &OwnedFd, out: &mut [u8], offset: u64) -> Called<usize>;
    /// Gives a file without a name one that nothing had.
    fn link_unnamed(&self, file: &OwnedFd, folder: &OwnedFd, name: &OsStr) -> Called<()>;
    /// A second name, which nothing had.
    fn link(&self, folder: &OwnedFd, from: &OsStr, to: &OsStr) -> Called<()>;
    /// Another name, which nothing had (`RENAME_NOREPLACE`).
    fn rename_new(&self, folder: &OwnedFd, from: &OsStr, to: &OsStr) -> Called<()>;
    /// Another name. Replaces what has it.
    fn rename(&self, folder: &OwnedFd, from: &OsStr, to: &OsStr) -> Called<()>;
    fn remove(&self, folder: &OwnedFd, name: &OsStr) -> Called<()>;
    /// Removes a folder in which nothing is.
    fn remove_folder(&self, path: &Path) -> Called<()> {
        rustix::fs::rmdir(path)
    }
    /// Makes the names of a folder last.
    fn sync_folder(&self, folder: &OwnedFd) -> Called<()>;
    /// How the table of mounts calls the file system that a folder lies on (`vfat`), where that is known.
    fn file_system(&self, folder: &OwnedFd) -> Option<String> {
        mounts::file_system(folder)
    }
    /// Whether the device that a folder lies on is no longer in the system. Asked once something failed.
    fn is_gone(&self, folder: &OwnedFd) -> bool;
}

/// The system that this program runs on.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

const PRIVATE: Mode = Mode::RUSR.union(Mode::WUSR);

/// The types of these numbers differ between platforms.
pub(super) fn identity_of(status: &rustix::fs::Stat) -> Identity {
    #[allow(clippy::unnecessary_cast, clippy::cast_sign_loss)]
    Identity { device: status.st_dev as u64, inode: status.st_ino as u64 }
}

/// Whether a block device is no longer in the system (`sysfs(5)`, `dev/block`). Numbers with the major 0 are of no device.
pub(super) fn is_device_gone(major: u32, minor: u32, sys: &Path) -> bool {
    let devices = sys.join("dev/block");
    major != 0 && devices.is_dir() && !devices.join(format!("{major}:{minor}")).exists()
}

impl Disk for System {
    fn open_folder(&self, path: &Path) -> Called<OwnedFd> {
        rustix::fs::open(path, OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::RDONLY, Mode::empty())
    }

    fn look(&self, folder: &OwnedFd, name: &OsStr) -> Called<Option<Identity>> {
        match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(status) => Ok(Some(identity_of(&status))),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(errno),
        }
    }

    fn identity(&self, file: &OwnedFd) -> Called<Identity> {
        rustix::fs::fstat(file).map(|status| identity_of(&status))
    }

    #[cfg(target_os = "linux")]
    fn open_unnamed(&self, folder: &OwnedFd) -> Called<OwnedFd> {
        rustix::fs::openat(folder, ".", OFlags::RDWR | OFlags::TMPFILE | OFlags::CLOEXEC, PRIVATE)
    }

    #[cfg(not(target_os = "linux"))]
    fn open_unnamed(&self, _folder: &OwnedFd) -> Called<OwnedFd> {
        Err(Errno::OPNOTSUPP)
    }

    fn open_draft(&self, folder: &OwnedFd, name: &OsStr) -> Called<OwnedFd> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = rustix::fs::openat(folder, name, flags, PRIVATE)?;
        let _ = rustix::fs::flock(&file, FlockOperation::NonBlockingLockShared);
        Ok(file)
    }

    fn write(&self, file: &OwnedFd, bytes: &[u8]) -> Called<usize> {
        rustix::io::write(file, bytes)
    }

    fn sync(&self, file: &OwnedFd) -> Called<()> {
        rustix::fs::fsync(file)
    }

    fn drop_cache(&self, file: &OwnedFd) -> Called<()> {
        rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed)
    }

    fn read_back(&self, file: &OwnedFd, out: &mut [u8], offset: u64) -> Called<usize> {
        rustix::io::pread(file, out, offset)
    }

    fn link_unnamed(&self, file: &OwnedFd, folder: &OwnedFd, name: &OsStr) -> Called<()> {
        let itself = format!("/proc/self/fd/{}", file.as_raw_fd());
        rustix::fs::linkat(rustix::fs::CWD, itself, folder, name, AtFlags::SYMLINK_FOLLOW)
    }

    fn link(&self, folder: &OwnedFd, from: &OsStr, to: &OsStr) -> Called<()> {
        rustix::fs::linkat(folder, from, folder, to, AtFlags::empty())
    }

    fn rename_new(&self, folder: &OwnedFd, from: &OsStr, to: &OsStr) -> Called<()> {
        rustix::fs::renameat_with(folder, from, folder, to, RenameFlags::NOREPLACE)
    }

    fn rename(&self, folder: &OwnedFd, from: &OsStr, to: &OsStr) -> Called<()> {
        rustix::fs::renameat(folder, from, folder, to)
    }

    fn remove(&self, folder: &OwnedFd, name: &OsStr) -> Called<()> {
        rustix::fs::unlinkat(folder, name, AtFlags::empty())
    }

    fn sync_folder(&self, folder: &OwnedFd) -> Called<()> {
        rustix::fs::fsync(folder)
    }

    fn is_gone(&self, folder: &OwnedFd) -> bool {
        rustix::fs::fstat(folder).is_ok_and(|status| {
            is_device_gone(rustix::fs::major(status.st_dev), rustix::fs::minor(status.st_dev), Path::new("/sys"))
        })
    }
}
