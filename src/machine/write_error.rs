//! Why nothing was written, and what is left of the attempt: for people, with the next step. Says only what is true.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use rustix::io::Errno;

use super::files::shown;
use super::output::NotAllowed;
use crate::domain::explain::Explain;
use crate::domain::file_name::{NameFault, fitting_name};
use crate::domain::text::Safe;

/// Why a file, or an export of several, was not written. Nothing was replaced; nothing is left but what [`Self::left`] names.
#[derive(Debug)]
pub struct WriteError {
    pub(super) path: PathBuf,
    pub(super) why: Why,
    /// Whether anything was made before it failed.
    pub(super) was_begun: bool,
    pub(super) left: Vec<Left>,
}

/// A file that could not be removed, or not for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    pub path: PathBuf,
    /// Nothing was written to it.
    pub is_empty: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Exists,
    /// It is a folder that holds something.
    NotEmpty,
    FolderMissing,
    Outside,
    Moved,
    NoName,
    /// Its medium cannot hold the name, or other systems cannot open it there.
    Unfit(NameFault),
    /// One export names it twice.
    Twice,
    NotTheSame,
    /// The device of its folder is not in the system any more.
    Gone,
    NoRandom,
    /// A signal came meanwhile.
    Told,
    /// Another process is writing it.
    Written,
    Io(Errno),
}

impl Why {
    pub(super) fn of(errno: Errno) -> Self {
        if errno == Errno::CANCELED { Self::Told } else { Self::Io(errno) }
    }
}

impl From<NotAllowed> for Why {
    fn from(why: NotAllowed) -> Self {
        match why {
            NotAllowed::FolderMissing => Self::FolderMissing,
            NotAllowed::Outside => Self::Outside,
            NotAllowed::Moved => Self::Moved,
        }
    }
}

impl WriteError {
    /// It failed before anything was made.
    pub(super) fn before(path: &Path, why: Why) -> Self {
        Self { path: path.to_owned(), why, was_begun: false, left: Vec::new() }
    }

    /// What may still be there.
    pub fn left(&self) -> &[Left] {
        &self.left
    }

    fn fitting_name(&self) -> String {
        fitting_name(&self.path.file_name().unwrap_or_default().to_string_lossy())
    }

    fn next(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self.why {
            Why::Unfit(_) => return format!("Take the name {}, or another medium.", Safe(&self.fitting_name())).into(),
            Why::Io(Errno::NAMETOOLONG) if Some(OsStr::new(&self.fitting_name())) != self.path.file_name() => {
                return format!("Take the name {}.", Safe(&self.fitting_name())).into();
            }
            Why::Exists => "Choose another name; nothing is ever overwritten.",
            Why::NotEmpty => "Name a new folder, or an empty one; nothing is put among other files.",
            Why::FolderMissing => "Make the folder first, or choose another one; a stick may have been pulled out.",
            Why::Outside => "Name the folder on the command line.",
            Why::Moved | Why::Gone => "Put the medium back, or choose another place, and start again.",
            Why::NoName => "End it with the name of a new file.",
            Why::Twice => "Give each file a name of its own.",
            Why::NotTheSame => "The medium may be failing. Use another one.",
            Why::NoRandom => "Restart the machine.",
            Why::Told => "Start again when you want to go on.",
            Why::Written => "Wait until it has ended.",
            Why::Io(Errno::NOSPC | Errno::DQUOT) => "Make room, or use another medium.",
            Why::Io(Errno::ROFS) => "Use another one, or switch off its write protection.",
            Why::Io(Errno::ACCESS | Errno::PERM) => "Choose a folder that you may write to.",
            Why::Io(Errno::NAMETOOLONG) => "Choose a shorter name.",
            Why::Io(Errno::INVAL) => "Choose a name of letters and digits, or another medium.",
            Why::Io(Errno::IO | Errno::NODEV | Errno::NXIO) => "Use another medium.",
            Why::Io(_) => "Use another folder or medium.",
        })
    }
}

impl Explain for WriteError {
    fn hint(&self) -> String {
        let next = self.next();
        if self.left.iter().all(|left| left.is_empty) {
            return next.into_owned();
        }
        format!("Look for it once the medium is back, delete it, and destroy the medium when you are done. {next}")
    }
}

impl std::error::Error for WriteError {}

impl fmt::Display for WriteError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = shown(&self.path);
        match self.why {
            Why::Exists => write!(out, "{path} exists already")?,
            Why::NotEmpty => write!(out, "{path} is not empty")?,
            Why::FolderMissing => write!(out, "the folder of {path} does not exist")?,
            Why::Outside => write!(out, "{path} is not in a folder that this run may write to")?,
            Why::Moved => write!(out, "the folder of {path} is no longer the one it was: its medium was taken away")?,
            Why::NoName => write!(out, "{path} is no name for a file")?,
            Why::Unfit(fault) => write!(out, "{path} cannot be written: on such a medium (FAT, exFAT, NTFS) {fault}")?,
            Why::Twice => write!(out, "{path} is named twice")?,
            Why::NotTheSame => write!(out, "{path} did not read back as it was written")?,
            Why::Gone => write!(out, "{path} could not be written: its medium is gone")?,
            Why::NoRandom => {
                write!(out, "{path} could not be written: the operating system gave no random bytes")?;
            }
            Why::Told => write!(out, "{path} was not written: the program was told to end meanwhile")?,
            Why::Written => write!(out, "another program is writing {path}")?,
            Why::Io(errno) => {
                write!(out, "{path} could not be written: ")?;
                match fact(errno) {
                    Some(fact) => out.write_str(fact)?,
                    None => write!(out, "{}", std::io::Error::from(errno))?,
                }
            }
        }
        if !self.left.is_empty() {
            let names: Vec<String> = self.left.iter().map(|left| shown(&left.path)).collect();
            let is_empty = self.left.iter().all(|left| left.is_empty);
            let danger = if is_empty { "without contents" } else { "with secrets in it" };
            write!(out, ". Removing it failed too: {} may still be there, {danger}", names.join(" and "))
        } else if self.was_begun {
            out.write_str(". Nothing of it is left")
        } else {
            Ok(())
        }
    }
}

/// Why a file may still be there.
#[derive(Debug)]
pub struct RemoveError {
    pub(super) path: PathBuf,
    pub(super) why: Why,
}

impl Explain for RemoveError {
    fn hint(&self) -> String {
        match self.why {
            Why::Outside => "Delete it yourself: this run may not write there.",
            Why::Written => "It is no draft that was left. Look again when that has ended.",
            Why::Exists => "Look again.",
            _ => "Look for it once the medium is back, and delete it yourself.",
        }
        .to_owned()
    }
}

impl std::error::Error for RemoveError {}

impl fmt::Display for RemoveError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} could not be deleted", shown(&self.path))?;
        match self.why {
            Why::Io(errno) => match fact(errno) {
                Some(fact) => write!(out, ": {fact}"),
                None => write!(out, ": {}", std::io::Error::from(errno)),
            },
            Why::Written => out.write_str(": another program is writing it just now"),
            Why::Exists => out.write_str(": it is another file than before"),
            Why::Outside => out.write_str(": it is not in a folder that this run may write to"),
            _ => out.write_str(": its folder is not there"),
        }
    }
}

/// What the error of the system means, where words are better than the system's.
fn fact(errno: Errno) -> Option<&'static str> {
    Some(match errno {
        Errno::NOSPC | Errno::DQUOT => "there is no room left",
        Errno::ROFS => "the medium is read-only",
        Errno::NODEV | Errno::NXIO => "the medium is gone",
        Errno::IO => "the medium failed or was pulled out",
        Errno::ACCESS | Errno::PERM => "you have no permission",
        Errno::NOTDIR => "what should be its folder is a file",
        Errno::NAMETOOLONG => "the name is too long",
        Errno::FBIG => "it is too large for this file system",
        _ => return None,
    })
}
