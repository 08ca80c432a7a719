//! Where a ceremony writes: the medium, pulled out and put back; another one when it fails; a second copy of what was issued.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::file::not_written_yet;
use super::written::Awaits;
use super::{Bench, CeremonyWork, not_written, write_all};
use crate::effect::{Medium, Moved, Sealed, Trouble};
use crate::machine::files::{self, NewFolders, is_empty_folder, shown};
use crate::machine::medium::{Media, WatchedMedium};
use crate::session::papers::{self, UNCONFIRMED};
use crate::snapshot::delivery;
use crate::snapshot::v1::layout;
use crate::snapshot::v1::limits;

/// Whether a medium was away.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MediumSeen {
    /// Whenever it was looked for it was there.
    Always,
    Gone,
    /// It was away, and is back.
    Back,
}

/// All that was issued, written once more.
pub(super) struct SecondCopy {
    folder: PathBuf,
    medium: Option<WatchedMedium>,
    seen: MediumSeen,
    bytes: Vec<u8>,
}

impl CeremonyWork {
    /// A medium that was taken away leaves the folder that it was mounted on, which is on another disk.
    pub(super) fn is_here(&mut self, bench: &Bench<'_>) -> Result<(), Trouble> {
        self.follow_medium(bench);
        let now = bench.media.of(&self.folder).map(|medium| medium.identity);
        if files::is_folder(&self.folder) && now.as_ref() == self.medium.as_ref().map(|medium| &medium.identity) {
            return Ok(());
        }
        Err(Trouble::new(
            format_args!("{} is not there: its medium was taken away.", shown(&self.folder)),
            "Put it back and mount it, or take another one (p). Nothing confirmed was lost.",
        ))
    }

    /// Looks whether the medium left and came back: that of the copy that was written last, else that of the file.
    pub(super) fn look_for_medium(&mut self, bench: &Bench<'_>) -> Result<Medium, Trouble> {
        if let Some(copy) = &mut self.copy {
            let looked = look(copy.medium.as_ref(), &mut copy.seen, bench.media);
            if let Medium::Back { .. } = looked
                && let Some((medium, mount)) = moved_mount(copy.medium.as_mut(), bench.media)
            {
                copy.folder = below(&copy.folder, &medium.mount, &mount);
                medium.mount = mount;
            }
            return Ok(looked);
        }
        let medium = self.medium.as_ref();
        let seen = self.written.as_mut().and_then(|written| written.seen()).ok_or_else(not_written_yet)?;
        let looked = look(medium, seen, bench.media);
        if let Medium::Back { .. } = looked {
            self.follow_medium(bench);
        }
        Ok(looked)
    }

    /// The medium may be mounted elsewhere now.
    pub(super) fn follow_medium(&mut self, bench: &Bench<'_>) {
        let Some((medium, mount)) = moved_mount(self.medium.as_mut(), bench.media) else { return };
        let folder = below(&self.folder, &medium.mount, &mount);
        medium.mount = mount;
        if let Some(written) = &mut self.written
            && let Ok(name) = written.path.strip_prefix(&self.folder)
        {
            written.path = folder.join(name);
        }
        self.folder = folder;
    }

    /// Goes on in another folder. What was written before lies where it was, and is no backup.
    pub(super) fn move_to(&mut self, folder: PathBuf, bench: &Bench<'_>) -> Result<Moved, Trouble> {
        self.check_open()?;
        let made = new_folder(&folder, bench)?;
        let medium = bench.media.of(&folder);
        let mut sealed = None;
        if let Some(written) = &mut self.written {
            let path = folder.join(UNCONFIRMED);
            files::write_new(bench.disk, &path, &written.bytes, bench.folders).map_err(|error| not_written(&error))?;
            written.path.clone_from(&path);
            written.unconfirmed = UNCONFIRMED.into();
            written.awaits = Awaits::Reading(MediumSeen::Always);
            sealed = Some(Sealed { path, medium: present(medium.as_ref()) });
        }
        self.progress.move_file();
        self.note("medium changed", json!({"file": sealed.is_some()}));
        self.medium = medium;
        // The folder before goes where nothing was written into it.
        drop(std::mem::replace(&mut self.made, made));
        self.folder.clone_from(&folder);
        Ok(Moved { folder, sealed })
    }

    /// Writes snapshot, e-mail, cards, fingerprint and record into another folder, all or nothing. Where they could not all be written
    /// before, they are now.
    pub(super) fn copy_to(&mut self, folder: PathBuf, bench: &Bench<'_>) -> Result<Sealed, Trouble> {
        let written = self.written.as_mut().filter(|written| written.is_backup()).ok_or_else(not_written_yet)?;
        let made = new_folder(&folder, bench)?;
        let (path, bytes) = (folder.join(delivery::FILE_NAME), layout::to_bytes(&written.snapshot));
        let mut all = papers::companions(&written.snapshot, &self.plan, false, &folder);
        all.extend(papers::record(&self.transcript, &self.plan, false, &folder));
        all.push((path.clone(), bytes.clone()));
        write_all(&folder, &all, bench)
            .map_err(|error| Trouble::of(&error).and("The backup is where it was written."))?;
        made.keep();
        written.awaits = Awaits::Nothing;
        let medium = bench.media.of(&folder);
        let present = present(medium.as_ref());
        self.copy = Some(SecondCopy { folder, medium, seen: MediumSeen::Always, bytes });
        Ok(Sealed { path, medium: present })
    }

    /// Reads the copy again, best after its medium was away. `None` where there is none to be read.
    pub(super) fn read_copy(&mut self, skips_medium: bool) -> Option<Result<(), Trouble>> {
        let copy = self.copy.as_ref()?;
        if !skips_medium && copy.seen != MediumSeen::Back {
            return Some(Err(not_pulled("")));
        }
        let read = files::read_from_medium(&copy.folder.join(delivery::FILE_NAME), limits::CONTAINER);
        let is_same = read.map(|bytes| bytes == copy.bytes);
        Some(match is_same {
            Ok(true) => {
                self.copy = None;
                Ok(())
            }
            Ok(false) => Err(Trouble::new(
                "What was read is not the copy that was written: its medium may be failing, or it is another one.",
                "Put the right medium back, or write another copy.",
            )),
            Err(error) => Err(Trouble::of(&error)),
        })
    }
}

/// What is said when a medium should have been away.
pub(super) fn not_pulled(is_said: &str) -> Trouble {
    Trouble::new(
        "The medium was not seen to leave and to come back.",
        format_args!("Pull it out and look, put it back and look again; or skip that{is_said}."),
    )
}

/// A folder that is new, or empty; what is made of it goes again where nothing is written into it.
pub(super) fn new_folder(folder: &Path, bench: &Bench<'_>) -> Result<NewFolders, Trouble> {
    let mut made = NewFolders::default();
    made.make(folder, bench.folders).map_err(|error| not_written(&error))?;
    if is_empty_folder(folder) {
        return Ok(made);
    }
    Err(Trouble::new(
        format_args!("{} is not empty.", shown(folder)),
        "Nothing was written. Choose the name of a new folder.",
    ))
}

/// A medium that was just written to.
pub(super) fn present(medium: Option<&WatchedMedium>) -> Medium {
    medium.map_or(Medium::None, |medium| Medium::Present { title: title_of(medium) })
}

fn look(medium: Option<&WatchedMedium>, seen: &mut MediumSeen, media: &dyn Media) -> Medium {
    let Some(medium) = medium else { return Medium::None };
    let title = title_of(medium);
    let is_mounted = media.find(&medium.identity).is_some();
    match (*seen, is_mounted) {
        (MediumSeen::Always, true) => Medium::Present { title },
        (MediumSeen::Always, false) if media.is_plugged(&medium.identity) => Medium::Present { title },
        (MediumSeen::Always | MediumSeen::Gone | MediumSeen::Back, false) => {
            *seen = MediumSeen::Gone;
            Medium::Gone { title }
        }
        (MediumSeen::Gone | MediumSeen::Back, true) => {
            *seen = MediumSeen::Back;
            Medium::Back { title }
        }
    }
}

/// A medium that is mounted elsewhere now, and where.
fn moved_mount<'a>(
    medium: Option<&'a mut WatchedMedium>,
    media: &dyn Media,
) -> Option<(&'a mut WatchedMedium, PathBuf)> {
    let medium = medium?;
    let mount = media.find(&medium.identity).filter(|mount| *mount != medium.mount)?;
    Some((medium, mount))
}

/// The same folder below another mount.
fn below(folder: &Path, before: &Path, now: &Path) -> PathBuf {
    folder.strip_prefix(before).map_or_else(|_| folder.to_owned(), |rest| now.join(rest))
}

/// As it stands in a sentence.
fn title_of(medium: &WatchedMedium) -> String {
    format!("the medium {}", medium.title)
}
