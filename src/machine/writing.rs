//! Writing so that an export is complete or absent: one new file, or several as one.
//!
//! All names are looked at first. Then each file is written with mode 0600 in its folder, without a name (where the file system
//! knows no such files, under the name of a draft that nothing had), synced, dropped from the page cache, read back and compared.
//! When all of them are, they are named without replacing anything, and their folders synced. Where a step fails all that was made
//! is removed; what could not be is named in the error. So it is where a signal tells the process to end meanwhile (`ending`).
//! Whatever ends the process otherwise (`kill -9`, power) leaves a draft that has a name, for which `left` looks; and between the
//! names of two files the first ones: several names cannot be given at once.

use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::io::Errno;

use super::disk::{Called, Disk};
use super::ending::{DraftName, Writing, is_told};
use super::output::{OutputFolders, parent};
use super::write_error::{Left, RemoveError, Why, WriteError};
use crate::domain::file_name::{NameFault, limits_names, name_fault};
use crate::domain::secret::SecretBuffer;

/// The most bytes that one call writes or reads back.
const PIECE: usize = 1 << 20;
/// What a file system says that knows no files without a name, or a system without /proc.
const NO_UNNAMED: [Errno; 5] = [Errno::OPNOTSUPP, Errno::ISDIR, Errno::INVAL, Errno::NOENT, Errno::NOSYS];
/// What besides may be said where a file without a name cannot get one.
const NO_LINK: [Errno; 3] = [Errno::PERM, Errno::XDEV, Errno::ACCESS];

/// Before and behind the number that a draft has.
pub(super) const DRAFT_BEGIN: &str = ".conclave-";
pub(super) const DRAFT_END: &str = ".part";

fn draft_name(number: u64) -> OsString {
    format!("{DRAFT_BEGIN}{number:016x}{DRAFT_END}").into()
}

/// Writes a new file, complete or not at all.
pub fn write_new(disk: &dyn Disk, path: &Path, bytes: &[u8], allowed: &OutputFolders) -> Result<(), WriteError> {
    write_all_new(disk, &[(path, bytes)], allowed)
}

/// Whether these names can be given to new files as things are now. Nothing is written; when they are written it counts again.
pub fn look_at_names(disk: &dyn Disk, paths: &[&Path], allowed: &OutputFolders) -> Result<(), WriteError> {
    let files: Vec<(&Path, &[u8])> = paths.iter().map(|path| (*path, [].as_slice())).collect();
    look_at(disk, &files, allowed).map(drop)
}

fn look_at<'a>(
    disk: &dyn Disk,
    files: &[(&'a Path, &'a [u8])],
    allowed: &OutputFolders,
) -> Result<Vec<NewFile<'a>>, WriteError> {
    let mut export: Vec<NewFile<'_>> = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        let failed = |why| WriteError::before(path, why);
        if export.iter().any(|file| file.path == *path) {
            return Err(failed(Why::Twice));
        }
        allowed.check(path).map_err(|why| failed(why.into()))?;
        let file = NewFile::look(disk, path, bytes).map_err(failed)?;
        if export.iter().any(|other| other.has_name_of(&file, disk)) {
            return Err(failed(Why::Twice));
        }
        export.push(file);
    }
    Ok(export)
}

/// Writes several new files, all of them complete or none.
pub fn write_all_new(disk: &dyn Disk, files: &[(&Path, &[u8])], allowed: &OutputFolders) -> Result<(), WriteError> {
    let mut export = look_at(disk, files, allowed)?;
    let _writing = Writing::begin();
    for step in [NewFile::prepare, NewFile::give_name, NewFile::make_last] {
        let failure = export.iter_mut().find_map(|file| {
            let why = step(file, disk).err()?;
            // Whatever a medium says that was pulled out: that it is gone explains it.
            let is_gone = matches!(why, Why::Io(_) | Why::NotTheSame) && disk.is_gone(&file.folder);
            Some((file.path, if is_gone { Why::Gone } else { why }))
        });
        if let Some((path, why)) = failure {
            let left = export.iter_mut().rev().flat_map(|file| file.undo(disk)).collect();
            return Err(WriteError { path: path.to_owned(), why, was_begun: true, left });
        }
    }
    Ok(())
}

/// Removes a file, and makes that last.
pub fn remove_file(disk: &dyn Disk, path: &Path, allowed: &OutputFolders) -> Result<(), RemoveError> {
    let failed = |why| RemoveError { path: path.to_owned(), why };
    allowed.check(path).map_err(|why| failed(why.into()))?;
    let name = path.file_name().ok_or(Why::NoName).map_err(failed)?;
    let folder = again(|| disk.open_folder(parent(path))).map_err(|errno| failed(Why::Io(errno)))?;
    again(|| disk.remove(&folder, name)).map_err(|errno| failed(Why::Io(errno)))?;
    sync_folder(disk, &folder).map_err(|errno| failed(Why::Io(errno)))
}

/// What is known of the name that a file shall have in the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    No,
    /// A call that would give it failed; some do so after they did it.
    Perhaps,
    Yes,
}

/// A file on its way.
struct NewFile<'a> {
    path: &'a Path,
    name: &'a OsStr,
    bytes: &'a [u8],
    folder: OwnedFd,
    /// Capital and small letters are the same in names there, and some names nobody can have.
    is_limited: bool,
    /// Held open to the end, so that its inode is nobody else's.
    file: Option<OwnedFd>,
    /// A name that has to be removed, if it is there.
    draft: Option<DraftName>,
    named: Named,
    /// Whether a byte was written.
    has_content: bool,
}

impl<'a> NewFile<'a> {
    /// Nothing is written yet. What has the name now is refused here; the naming at the end is what really refuses.
    fn look(disk: &dyn Disk, path: &'a Path, bytes: &'a [u8]) -> Result<Self, Why> {
        let is_folder_name = path.as_os_str().as_encoded_bytes().ends_with(b"/");
        let name = path.file_name().filter(|_| !is_folder_name).ok_or(Why::NoName)?;
        let folder = again(|| disk.open_folder(parent(path))).map_err(|errno| match errno {
            Errno::NOENT => Why::FolderMissing,
            errno => Why::Io(errno),
        })?;
        let is_limited = disk.file_system(&folder).is_some_and(|file_system| limits_names(&file_system));
        if let Some(fault) = fault_of(name).filter(|_| is_limited) {
            return Err(Why::Unfit(fault));
        }
        if disk.look(&folder, name).map_err(Why::Io)?.is_some() {
            return Err(Why::Exists);
        }
        Ok(Self {
            path,
            name,
            bytes,
            folder,
            is_limited,
            file: None,
            draft: None,
            named: Named::No,
            has_content: false,
        })
    }

    /// Whether the other one could not be named beside it.
    fn has_name_of(&self, other: &Self, disk: &dyn Disk) -> bool {
        let lower = |file: &Self| file.name.to_string_lossy().to_lowercase();
        let is_same_name = self.is_limited && other.is_limited && lower(self) == lower(other);
        is_same_name && disk.identity(&self.folder) == disk.identity(&other.folder)
    }

    /// Everything but the name.
    fn prepare(&mut self, disk: &dyn Disk) -> Result<(), Why> {
        if is_told() {
            return Err(Why::Told);
        }
        match again(|| disk.open_unnamed(&self.folder)) {
            Ok(file) => self.fill(disk, file),
            Err(errno) if NO_UNNAMED.contains(&errno) => self.prepare_draft(disk),
            Err(errno) => Err(Why::Io(errno)),
        }
    }

    fn prepare_draft(&mut self, disk: &dyn Disk) -> Result<(), Why> {
        let number = getrandom::u64().map_err(|_| Why::NoRandom)?;
        let draft = DraftName::announce(&self.folder, draft_name(number)).map_err(Why::of)?;
        self.has_content = false;
        let opened = again(|| disk.open_draft(&self.folder, draft.name()));
        // Also where that failed, whatever was said: nobody else has a name of 64 random bits.
        self.draft = Some(draft);
        let file = opened.map_err(|errno| if errno == Errno::NOENT { Why::FolderMissing } else { Why::Io(errno) })?;
        self.fill(disk, file)
    }

    fn fill(&mut self, disk: &dyn Disk, file: OwnedFd) -> Result<(), Why> {
        let file = self.file.insert(file);
        self.has_content = true;
        let is_same = write_and_compare(disk, file, self.bytes).map_err(Why::of)?;
        if is_same { Ok(()) } else { Err(Why::NotTheSame) }
    }

    /// Only a name that nothing has.
    fn give_name(&mut self, disk: &dyn Disk) -> Result<(), Why> {
        if self.draft.is_none() {
            let Some(file) = &self.file else { return Err(Why::NoName) };
            match disk.link_unnamed(file, &self.folder, self.name) {
                Ok(()) => {
                    self.named = Named::Yes;
                    return Ok(());
                }
                Err(errno) if NO_UNNAMED.contains(&errno) || NO_LINK.contains(&errno) => {
                    if matches!(self.remove_own(disk), Gone::Unknown) {
                        return Err(self.not_named(errno));
                    }
                    // Its room is needed.
                    self.file = None;
                    self.prepare_draft(disk)?;
                }
                Err(errno) => return Err(self.not_named(errno)),
            }
        }
        let Some(draft) = self.draft.as_ref().map(|draft| draft.name().to_owned()) else { return Err(Why::NoName) };
        match disk.rename_new(&self.folder, &draft, self.name) {
            // A file system without this kind of rename.
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => return self.rename_the_old_way(disk, &draft),
            renamed => renamed.map_err(|errno| self.not_named(errno))?,
        }
        self.settle_draft();
        self.named = Named::Yes;
        Ok(())
    }

    fn settle_draft(&mut self) {
        self.draft.take().into_iter().for_each(DraftName::settle);
    }

    /// A second link refuses an existing name too. A file system without links (FAT) gets a last look before the rename.
    fn rename_the_old_way(&mut self, disk: &dyn Disk, draft: &OsStr) -> Result<(), Why> {
        match disk.link(&self.folder, draft, self.name) {
            Ok(()) => {
                self.named = Named::Yes;
                disk.remove(&self.folder, draft).map_err(Why::Io)?;
            }
            Err(Errno::PERM | Errno::NOSYS | Errno::OPNOTSUPP) => {
                if disk.look(&self.folder, self.name).map_err(Why::Io)?.is_some() {
                    return Err(Why::Exists);
                }
                disk.rename(&self.folder, draft, self.name).map_err(|errno| self.not_named(errno))?;
                self.named = Named::Yes;
            }
            Err(errno) => return Err(self.not_named(errno)),
        }
        self.settle_draft();
        Ok(())
    }

    fn not_named(&mut self, errno: Errno) -> Why {
        self.named = Named::Perhaps;
        if errno == Errno::EXIST { Why::Exists } else { Why::Io(errno) }
    }

    fn make_last(&mut self, disk: &dyn Disk) -> Result<(), Why> {
        sync_folder(disk, &self.folder).map_err(Why::Io)
    }

    /// Removes what was made of it, and says what may still be there.
    fn undo(&mut self, disk: &dyn Disk) -> Vec<Left> {
        let mut left = Vec::new();
        let mut removed = Vec::new();
        let is_empty = !self.has_content || self.bytes.is_empty();
        let mut went = |gone: Gone, path: PathBuf, is_empty: bool| match gone {
            Gone::NotThere => {}
            Gone::Removed => removed.push(Left { path, is_empty }),
            Gone::Unknown => left.push(Left { path, is_empty }),
        };
        if let Some(draft) = self.draft.take() {
            went(remove(disk, &self.folder, draft.name()), parent(self.path).join(draft.name()), is_empty);
            draft.settle();
        }
        let gone = match self.named {
            Named::No => Gone::NotThere,
            Named::Yes => remove(disk, &self.folder, self.name),
            Named::Perhaps => self.remove_own(disk),
        };
        went(gone, self.path.to_owned(), is_empty);
        // On a medium that is gone a name can be removed from memory alone.
        if !removed.is_empty() && sync_folder(disk, &self.folder).is_err() {
            left.append(&mut removed);
        }
        left
    }

    /// Removes what has the final name if it is this file, and not one that somebody else made meanwhile.
    fn remove_own(&self, disk: &dyn Disk) -> Gone {
        let own = self.file.as_ref().map(|file| disk.identity(file));
        match (disk.look(&self.folder, self.name), own) {
            (Ok(Some(there)), Some(Ok(own))) if there == own => remove(disk, &self.folder, self.name),
            (Ok(None), _) | (Ok(Some(_)), Some(Ok(_))) => Gone::NotThere,
            _ => Gone::Unknown,
        }
    }
}

/// What keeps a file or folder from having this name where names are limited.
pub(super) fn fault_of(name: &OsStr) -> Option<NameFault> {
    name.to_str().map_or(Some(NameFault::NotText), name_fault)
}

enum Gone {
    NotThere,
    Removed,
    Unknown,
}

fn remove(disk: &dyn Disk, folder: &OwnedFd, name: &OsStr) -> Gone {
    match disk.remove(folder, name) {
        Ok(()) => Gone::Removed,
        Err(Errno::NOENT) => Gone::NotThere,
        // Some calls fail after they did what they should.
        Err(_) if disk.look(folder, name) == Ok(None) => Gone::Removed,
        Err(_) => Gone::Unknown,
    }
}

/// Writes, and says whether what reads back is the same. Stops, cancelled, where the process is told to end.
fn write_and_compare(disk: &dyn Disk, file: &OwnedFd, bytes: &[u8]) -> Called<bool> {
    for mut piece in bytes.chunks(PIECE) {
        while !piece.is_empty() {
            if is_told() {
                return Err(Errno::CANCELED);
            }
            match again(|| disk.write(file, piece))? {
                0 => return Err(Errno::IO),
                count => piece = piece.get(count..).unwrap_or_default(),
            }
        }
    }
    again(|| disk.sync(file))?;
    if is_told() {
        return Err(Errno::CANCELED);
    }
    // Best effort: where the page cache cannot be dropped, what reads back is still compared.
    let _ = disk.drop_cache(file);
    let mut back = SecretBuffer::zeros(bytes.len().clamp(1, PIECE));
    let (mut rest, mut offset) = (bytes, 0);
    loop {
        let length = again(|| disk.read_back(file, back.reveal_mut(), offset))?;
        if length == 0 {
            return Ok(rest.is_empty());
        }
        let Some((read, after)) = rest.split_at_checked(length) else { return Ok(false) };
        if back.reveal().get(..length) != Some(read) {
            return Ok(false);
        }
        rest = after;
        offset += length as u64;
    }
}

fn sync_folder(disk: &dyn Disk, folder: &OwnedFd) -> Called<()> {
    match again(|| disk.sync_folder(folder)) {
        // Some file systems cannot sync a folder.
        Err(Errno::INVAL) => Ok(()),
        synced => synced,
    }
}

/// Once more where a signal came between.
fn again<T>(mut call: impl FnMut() -> Called<T>) -> Called<T> {
    loop {
        match call() {
            Err(Errno::INTR) => {}
            done => return done,
        }
    }
}
