//! The file of a ceremony as it lies at its path: unconfirmed, read again, proved, named. What comes next with it, and whether what is
//! read is what was written.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Bench;
use super::place::MediumSeen;
use crate::domain::ceremony::has_unconfirmed_name;
use crate::domain::text::Safe;
use crate::effect::Trouble;
use crate::machine::files;
use crate::session::phrase_judge::PhraseJudge;
use crate::snapshot::founding::is_same_beside_the_mark;
use crate::snapshot::v1::limits;
use crate::snapshot::v1::model::Snapshot;
use crate::snapshot::v1::read::read;

/// The file of a ceremony, as it lies at its path.
pub(super) struct WrittenSnapshot {
    pub(super) snapshot: Snapshot,
    pub(super) bytes: Vec<u8>,
    pub(super) path: PathBuf,
    /// The name of its file until it is a backup.
    pub(super) unconfirmed: OsString,
    /// An earlier ceremony wrote it, and it is not written anew.
    is_resumed: bool,
    /// What is in it was compared with what was to be sealed.
    pub(super) is_compared: bool,
    /// What it becomes, once all is proved: the same without the mark that it is unconfirmed.
    pub(super) proved: Option<(Snapshot, Vec<u8>)>,
    /// Where phrases are judged against what was read again; it stays when the same bytes go to another medium.
    pub(super) judge: Option<Box<PhraseJudge>>,
    pub(super) awaits: Awaits,
}

/// What the file is, by what has to come next.
pub(super) enum Awaits {
    /// It is unconfirmed: it has to be read again, best after its medium was away.
    Reading(MediumSeen),
    /// It was read again: every phrase has to be typed against it.
    Phrases,
    /// It is proved: it has to become a backup, and may be one if that was tried and failed.
    Name { is_tried: bool },
    /// It is a backup: what goes with it has to be written.
    Companions,
    /// All is written.
    Nothing,
}

impl WrittenSnapshot {
    /// An unconfirmed file, of this ceremony or of an earlier one.
    pub(super) fn of(snapshot: Snapshot, bytes: Vec<u8>, path: PathBuf, is_resumed: bool) -> Self {
        let awaits = Awaits::Reading(MediumSeen::Always);
        let unconfirmed = path.file_name().unwrap_or_default().to_owned();
        let is_compared = false;
        Self { snapshot, bytes, path, unconfirmed, is_resumed, is_compared, proved: None, judge: None, awaits }
    }

    pub(super) fn is_proved(&self) -> bool {
        match self.awaits {
            Awaits::Reading(_) | Awaits::Phrases => false,
            Awaits::Name { .. } | Awaits::Companions | Awaits::Nothing => true,
        }
    }

    pub(super) fn is_backup(&self) -> bool {
        match self.awaits {
            Awaits::Reading(_) | Awaits::Phrases | Awaits::Name { .. } => false,
            Awaits::Companions | Awaits::Nothing => true,
        }
    }

    /// Whether the file of that name is what this one becomes: an attempt to write it may have failed when that was done.
    pub(super) fn is_named(&self, name: &Path) -> bool {
        let wanted = self.proved.as_ref().map_or(&self.bytes, |(_, bytes)| bytes);
        self.is_proved() && files::read_from_medium(name, limits::CONTAINER).is_ok_and(|bytes| bytes == *wanted)
    }

    /// What lies under that name now is what it becomes, and differs from what was typed against in nothing but the mark.
    pub(super) fn check_named(&self, name: &Path) -> Result<(), Trouble> {
        let bytes = files::read_from_medium(name, limits::CONTAINER).map_err(|error| Trouble::of(&error))?;
        let again = read(&bytes).ok().and_then(|reading| reading.snapshot()).ok_or_else(|| self.altered())?;
        let is_meant = self.proved.as_ref().is_some_and(|(_, wanted)| bytes == *wanted);
        let is_same = is_same_beside_the_mark(&again, &self.snapshot) && !again.anchor.unconfirmed;
        if is_meant && is_same { Ok(()) } else { Err(self.altered()) }
    }

    /// The file as it is on the medium now, if it is the one that was written.
    pub(super) fn compare(&self) -> Result<Vec<u8>, Trouble> {
        let bytes = files::read_from_medium(&self.path, limits::CONTAINER)
            .map_err(|error| Trouble::of(&error).and("Nothing confirmed was lost."))?;
        if bytes == self.bytes { Ok(bytes) } else { Err(self.altered()) }
    }

    pub(super) fn altered(&self) -> Trouble {
        let anew = if self.is_resumed { "" } else { ", or write the file anew (w)" };
        Trouble::new(
            "What was read is not what was written: the medium may be failing, or it is another file.",
            format_args!("Nothing confirmed was lost. Put the right medium back; or take another one (p){anew}."),
        )
    }

    /// What was seen of its medium, while it has to be read again.
    pub(super) fn seen(&mut self) -> Option<&mut MediumSeen> {
        match &mut self.awaits {
            Awaits::Reading(seen) => Some(seen),
            Awaits::Phrases | Awaits::Name { .. } | Awaits::Companions | Awaits::Nothing => None,
        }
    }

    /// The backup is there: beside it the unconfirmed file would only mislead. One of another name says by itself what it is. Says what
    /// has to be known if it stays.
    pub(super) fn remove_unconfirmed(&self, folder: &Path, bench: &Bench<'_>) -> Option<String> {
        let name = self.unconfirmed.to_string_lossy();
        let path = folder.join(&self.unconfirmed);
        if has_unconfirmed_name(&name) && files::is_there(&path) {
            let _ = files::remove_file(bench.disk, &path, bench.folders);
        }
        files::is_there(&path)
            .then(|| format!("{} is still there. It is no backup: delete it, and send it to nobody.", Safe(&name)))
    }

    /// Where phrases are judged against what was read again.
    pub(super) fn judge(&mut self) -> Option<&mut PhraseJudge> {
        let is_asked = matches!(self.awaits, Awaits::Phrases);
        self.judge.as_deref_mut().filter(|_| is_asked)
    }
}
