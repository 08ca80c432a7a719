//! A disk over the real one that fails at the call it is told to, lies when it is read back, or knows less than others. It only says
//! that it synced and dropped its cache: thousands of exports shall not wait for a real one.

use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::{Arc, Mutex};

use conclave::machine::disk::{Called, Disk, Identity, System};
use rustix::io::Errno;

/// What the file system knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Normal,
    /// No files without a name.
    NoUnnamed,
    /// Files without a name, which get none: no /proc.
    NoProc,
    /// Neither, and renames always replace.
    OldRename,
    /// And no links.
    Fat,
}

pub const KINDS: [Kind; 5] = [Kind::Normal, Kind::NoUnnamed, Kind::NoProc, Kind::OldRename, Kind::Fat];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The call is not done.
    Before,
    /// The call is done, and said to have failed.
    After,
    /// Neither it nor any later one is done: the stick was pulled out.
    Gone,
}

#[derive(Debug, Clone, Copy)]
pub struct Fault {
    /// Which call, from 1.
    pub at: usize,
    pub errno: Errno,
    pub when: When,
}

#[derive(Debug, Default)]
struct State {
    faults: Vec<Fault>,
    calls: Vec<&'static str>,
    has_fired: bool,
    /// The most bytes that one write takes.
    most: Option<usize>,
    /// How many bytes fit.
    room: Option<usize>,
    /// Which of the bytes that are read back is another.
    flipped: Option<u64>,
}

/// A clone is the same disk.
#[derive(Debug, Clone)]
pub struct Faulty {
    kind: Kind,
    state: Arc<Mutex<State>>,
}

impl Faulty {
    pub fn new(kind: Kind) -> Self {
        Self { kind, state: Arc::default() }
    }

    pub fn failing(kind: Kind, fault: Fault) -> Self {
        let disk = Self::new(kind);
        disk.state.lock().unwrap().faults.push(fault);
        disk
    }

    /// One fault more.
    pub fn and(self, fault: Fault) -> Self {
        self.state.lock().unwrap().faults.push(fault);
        self
    }

    pub fn set_fault(&self, fault: Option<Fault>) {
        *self.state.lock().unwrap() = State { faults: fault.into_iter().collect(), ..State::default() };
    }

    pub fn with_short_writes(self, most: usize) -> Self {
        self.state.lock().unwrap().most = Some(most);
        self
    }

    pub fn with_room(self, bytes: usize) -> Self {
        self.state.lock().unwrap().room = Some(bytes);
        self
    }

    pub fn with_flipped(self, offset: u64) -> Self {
        self.state.lock().unwrap().flipped = Some(offset);
        self
    }

    pub fn calls(&self) -> Vec<&'static str> {
        self.state.lock().unwrap().calls.clone()
    }

    pub fn has_fired(&self) -> bool {
        self.state.lock().unwrap().has_fired
    }

    fn call<T>(&self, name: &'static str, work: impl FnOnce() -> Called<T>) -> Called<T> {
        let mut state = self.state.lock().unwrap();
        state.calls.push(name);
        let number = state.calls.len();
        let is_now = |fault: &&Fault| number == fault.at || (fault.when == When::Gone && number > fault.at);
        match state.faults.iter().find(is_now).copied() {
            Some(fault) => {
                state.has_fired = true;
                if fault.when == When::After {
                    work()?;
                }
                Err(fault.errno)
            }
            None => work(),
        }
    }

    /// What this kind of file system answers instead.
    fn unless<T>(&self, kinds: &[Kind], errno: Errno, work: impl FnOnce() -> Called<T>) -> Called<T> {
        if kinds.contains(&self.kind) { Err(errno) } else { work() }
    }
}

/// The name of what is in the folder and differs in capitals at most.
fn alike(folder: &OwnedFd, name: &OsStr) -> Option<OsString> {
    let entries = rustix::fs::Dir::read_from(folder).unwrap();
    let names = entries.map(|entry| OsStr::from_bytes(entry.unwrap().file_name().to_bytes()).to_owned());
    let wanted = name.to_string_lossy().to_lowercase();
    names.into_iter().find(|other| other.to_string_lossy().to_lowercase() == wanted)
}

impl Disk for Faulty {
    fn open_folder(&self, path: &Path) -> Called<OwnedFd> {
        self.call("open_folder", || System.open_folder(path))
    }

    fn look(&self, folder: &OwnedFd, name: &OsStr) -> Called<Option<Identity>> {
        self.call("look", || match self.kind {
            Kind::Fat => System.look(folder, &alike(folder, name).unwrap_or_else(|| name.to_owned())),
            _ => System.look(folder, name),
        })
    }

    fn file_system(&self, folder: &OwnedFd) -> Option<String> {
        if self.kind == Kind::Fat { Some("vfat".to_owned()) } else { System.file_system(folder) }
    }

    fn identity(&self, file: &OwnedFd) -> Called<Identity> {
        self.call("identity", || System.identity(file))
    }

    fn open_unnamed(&self, folder: &OwnedFd) -> Called<OwnedFd> {
        self.call("open_unnamed", || {
            let without = [Kind::NoUnnamed, Kind::OldRename, Kind::Fat];
            self.unless(&without, Errno::OPNOTSUPP, || System.open_unnamed(folder))
        })
    }

    fn open_draft(&self, folder: &OwnedFd, name: &OsStr) -> Called<OwnedFd> {
        self.call("open_draft", || System.open_draft(folder, name))
    }

    fn write(&self, file: &OwnedFd, bytes: &[u8]) -> Called<usize> {
        let (most, room) = {
            let state = self.state.lock().unwrap();
            (state.most.unwrap_or(usize::MAX), state.room.unwrap_or(usize::MAX))
        };
        self.call("write", || match bytes.len().min(most).min(room) {
            0 => Err(Errno::NOSPC),
            count => System.write(file, &bytes[..count]),
        })
        .inspect(|written| {
            if let Some(room) = &mut self.state.lock().unwrap().room {
                *room -= written;
            }
        })
    }

    fn sync(&self, _file: &OwnedFd) -> Called<()> {
        self.call("sync", || Ok(()))
    }

    fn drop_cache(&self, _file: &OwnedFd) -> Called<()> {
        self.call("drop_cache", || Ok(()))
    }

    fn read_back(&self, file: &OwnedFd, out: &mut [u8], offset: u64) -> Called<usize> {
        let flipped = self.state.lock().unwrap().flipped.and_then(|at| at.checked_sub(offset));
        self.call("read_back", || {
            let length = System.read_back(file, out, offset)?;
            if let Some(byte) = flipped.and_then(|at| out[..length].get_mut(usize::try_from(at).unwrap())) {
                *byte ^= 1;
            }
            Ok(length)
        })
    }

    fn link_unnamed(&self, file: &OwnedFd, folder: &OwnedFd, name: &OsStr) -> Called<()> {
        self.call("link_unnamed", || {
            self.unless(&[Kind::NoProc], Errno::NOENT, || System.link_unnamed(file, folder, name))
        })
    }

    fn link(&self, folder: &OwnedFd, from: &OsStr, to: &OsStr) -> Called<()> {
        self.call("link", || self.unless(&[Kind::Fat], Errno::PERM, || System.link(folder, from, to)))
    }

    fn rename_new(&self, folder: &OwnedFd, from: &OsStr, to: &OsStr) -> Called<()> {
        self.call("rename_new", || {
            self.unless(&[Kind::OldRename, Kind::Fat], Errno::INVAL, || System.rename_new(folder, from, to))
        })
    }

    fn rename(&self, folder: &OwnedFd, from: &OsStr, to: &OsStr) -> Called<()> {
        self.call("rename", || System.rename(folder, from, to))
    }

    fn remove(&self, folder: &OwnedFd, name: &OsStr) -> Called<()> {
        self.call("remove", || System.remove(folder, name))
    }

    fn remove_folder(&self, path: &Path) -> Called<()> {
        self.call("remove_folder", || System.remove_folder(path))
    }

    fn sync_folder(&self, _folder: &OwnedFd) -> Called<()> {
        self.call("sync_folder", || Ok(()))
    }

    fn is_gone(&self, _folder: &OwnedFd) -> bool {
        let state = self.state.lock().unwrap();
        state.has_fired && state.faults.iter().any(|fault| fault.when == When::Gone)
    }
}
