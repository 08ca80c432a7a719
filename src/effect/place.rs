//! Places where files may be, and what is to be known of them before something is written there.

use std::fmt;
use std::path::PathBuf;

use super::Trouble;
use crate::domain::file_name::{fitting_name, limits_names, name_fault};
use crate::domain::text::Safe;
use crate::domain::time::Timestamp;

/// A place where files may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub kind: PlaceKind,
    /// For people: the label of a medium, or the command that mounts one. Empty where the path says it all.
    pub title: String,
    pub path: PathBuf,
    /// `vfat`, `ext4`; safe to show.
    pub file_system: Option<String>,
    /// Bytes that may be written there.
    pub free: Option<u64>,
    /// It can be pulled out.
    pub is_removable: bool,
    /// What is worth knowing, in the order in which it matters.
    pub remarks: Vec<Remark>,
    /// Whether this run may write there.
    pub is_writable: bool,
    /// What an earlier run left there half-written.
    pub left: Vec<LeftDraft>,
}

/// A file that a run did not come to finish or remove: it may hold part of what was being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftDraft {
    pub path: PathBuf,
    pub size: u64,
    /// When it was last changed, if its medium says so.
    pub changed: Option<Timestamp>,
    /// Which file it was when it was found.
    pub device: u64,
    pub inode: u64,
}

impl fmt::Display for LeftDraft {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}, {}", Safe(&self.path.to_string_lossy()), size(self.size))?;
        self.changed.map_or(Ok(()), |changed| write!(out, ", {changed}"))
    }
}

impl Place {
    /// A place of which no more is known.
    pub fn new(kind: PlaceKind, path: impl Into<PathBuf>, is_writable: bool) -> Self {
        Self {
            kind,
            title: String::new(),
            path: path.into(),
            file_system: None,
            free: None,
            is_removable: false,
            remarks: Vec::new(),
            is_writable,
            left: Vec::new(),
        }
    }

    /// In a few words: `removable, vfat, 29 GiB free`. Empty when nothing is known.
    pub fn facts(&self) -> String {
        let removable = self.is_removable.then(|| "removable".to_owned());
        let free = self.free.map(|free| format!("{} free", size(free)));
        [removable, self.file_system.clone(), free].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// What is said of a name that nothing can have here, and a name that fits.
    pub fn refusal_of(&self, name: &str) -> Option<Trouble> {
        let file_system = self.file_system.as_deref().filter(|file_system| limits_names(file_system))?;
        let fault = name_fault(name)?;
        let what = format_args!("That name cannot stand there: on this medium ({file_system}) {fault}.");
        Some(Trouble::new(what, format_args!("Take {}, or another place.", Safe(&fitting_name(name)))))
    }

    /// The places that may be written to, the best for an export first: the folder that was named for exports, then media that can
    /// be taken away and locked up, then other folders; behind them all what has a remark against it. Where a file is read the
    /// order is that of the list, with the current folder before media.
    pub fn for_exports(places: &[Self]) -> Vec<&Self> {
        let rank = |place: &&Self| match place.kind {
            PlaceKind::Named => 0,
            _ if place.remarks.iter().any(|remark| remark.is_against()) => 3,
            _ if place.is_removable => 1,
            _ => 2,
        };
        let mut writable: Vec<&Self> = places.iter().filter(|place| place.is_writable).collect();
        writable.sort_by_key(rank);
        writable
    }
}

/// Something to know before a file is written to a place. Its `Display` is a sentence without its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark {
    HoldsTheSnapshot,
    ReadOnly,
    NoPermission,
    NearlyFull,
    InMemory,
    OnNetwork,
    KeepsNoPermissions,
}

impl Remark {
    /// Whether another place is better, where there is one.
    pub fn is_against(self) -> bool {
        self != Self::KeepsNoPermissions
    }

    /// Whether others than the owner of a file can read it there, whatever its mode is.
    pub fn lets_others_read(self) -> bool {
        matches!(self, Self::KeepsNoPermissions | Self::OnNetwork)
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::HoldsTheSnapshot => "the snapshot came from this medium; better use another one",
            Self::ReadOnly => "read-only",
            Self::NoPermission => "you have no permission to write here",
            Self::NearlyFull => "nearly full",
            Self::InMemory => "kept in memory: gone when the machine is switched off",
            Self::OnNetwork => "on another machine: what is written here goes over the network",
            Self::KeepsNoPermissions => "keeps no permissions: whoever has the medium can read the file",
        })
    }
}

/// Bytes for people, rounded down: `812 B`, `29 GiB`.
fn size(bytes: u64) -> String {
    let units = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match units.into_iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{} {name}", bytes / unit),
        None => format!("{bytes} B"),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    /// The folder that the program was started in.
    Current,
    /// A folder that the command line names for exports.
    Named,
    Home,
    /// A mounted removable medium.
    Medium,
    /// A medium that is plugged in but not mounted; `path` is the device, and `title` holds the command that mounts it.
    Unmounted,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_goes_to_the_named_folder_else_to_a_medium_that_nothing_speaks_against() {
        let place = |kind, path: &str, is_removable, remarks: &[Remark]| Place {
            is_removable,
            remarks: remarks.to_vec(),
            ..Place::new(kind, path, true)
        };
        let places = [
            place(PlaceKind::Current, "here", false, &[]),
            place(PlaceKind::Medium, "source", true, &[Remark::KeepsNoPermissions, Remark::HoldsTheSnapshot]),
            place(PlaceKind::Medium, "full", true, &[Remark::NearlyFull]),
            place(PlaceKind::Medium, "stick", true, &[Remark::KeepsNoPermissions]),
            Place::new(PlaceKind::Home, "home", false),
            place(PlaceKind::Named, "named", false, &[Remark::InMemory]),
        ];
        let order: Vec<_> = Place::for_exports(&places).iter().map(|place| place.path.to_str().unwrap()).collect();
        assert_eq!(order, ["named", "stick", "here", "source", "full"]);
    }

    #[test]
    fn a_name_that_a_place_cannot_hold_is_refused_and_one_that_fits_is_proposed() {
        let mut place = Place::new(PlaceKind::Medium, "stick", true);
        for file_system in [None, Some("ext4"), Some("tmpfs")] {
            place.file_system = file_system.map(str::to_owned);
            assert!(place.refusal_of("backup 10:30").is_none(), "{file_system:?}");
        }
        place.file_system = Some("exfat".to_owned());
        let refusal = place.refusal_of("backup 10:30").unwrap();
        assert_eq!(
            (refusal.what.as_str(), refusal.hint.as_str()),
            (
                "That name cannot stand there: on this medium (exfat) no name has : in it.",
                "Take backup 10_30, or another place."
            )
        );
        assert!(place.refusal_of("backup 10_30").is_none());
    }

    #[test]
    fn the_facts_of_a_place_are_a_few_words() {
        let mut place = Place::new(PlaceKind::Current, "here", true);
        assert_eq!(place.facts(), "");
        (place.file_system, place.free) = (Some("ext4".to_owned()), Some((29 << 30) + (1 << 29)));
        assert_eq!(place.facts(), "ext4, 29 GiB free");
        (place.is_removable, place.free) = (true, Some(1023));
        assert_eq!(place.facts(), "removable, ext4, 1023 B free");
    }
}
