//! What is in a folder, for choosing a file. Only looks: opens nothing but the folder.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::files::shown;
use super::output::parent;
use crate::effect::{EntryKind, FolderEntry, Trouble};

/// The most entries of one folder that are looked at; nobody chooses from more.
const ENTRIES: usize = 5_000;
/// How names of snapshots, and of what holds one, end.
const ENDINGS: [&str; 6] = [".json", ".json.txt", ".json.gz", ".gz", ".zip", ".eml"];

/// Folders, then what may be a snapshot, then other files; each sorted by name. Hidden entries, broken links, devices and pipes
/// are left out. Of a folder with more than 5,000 entries the rest is not looked at, in the order of the file system.
pub fn list(folder: &Path) -> Result<Vec<FolderEntry>, Trouble> {
    let refused = |error: std::io::Error| {
        let hint = match error.kind() {
            ErrorKind::NotFound => "It may have been on a stick that is gone. Look again from the places.",
            ErrorKind::PermissionDenied => "You have no permission. Copy the file to a folder of yours.",
            ErrorKind::NotADirectory => "It is not a folder. Choose the folder it is in.",
            _ => "Choose another place.",
        };
        Trouble::new(format_args!("{} cannot be looked into: {error}.", shown(folder)), hint)
    };
    let found = fs::read_dir(folder).map_err(refused)?;
    let mut entries: Vec<FolderEntry> =
        found.flatten().take(ENTRIES).filter_map(|entry| entry_of(entry.path())).collect();
    entries.sort_by_cached_key(|entry| (entry.kind, entry.name.to_lowercase()));
    Ok(entries)
}

fn entry_of(path: PathBuf) -> Option<FolderEntry> {
    let name = shown(Path::new(path.file_name()?));
    // Follows links: what matters is what would be opened.
    let status = fs::metadata(&path).ok().filter(|_| !name.starts_with('.'))?;
    let kind = if status.is_dir() {
        EntryKind::Folder
    } else if !status.is_file() {
        return None;
    } else if is_candidate(&name) {
        EntryKind::Candidate
    } else {
        EntryKind::Other
    };
    let size = if kind == EntryKind::Folder { 0 } else { status.len() };
    Some(FolderEntry { path, name, kind, size })
}

fn is_candidate(name: &str) -> bool {
    let name = name.to_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// At most `most` files in the folder of the first of `given`, sorted by name, that may be snapshots; none of those given, under
/// any name.
pub fn candidates_beside(given: &[PathBuf], most: usize) -> Vec<PathBuf> {
    let Some(first) = given.first() else { return Vec::new() };
    let identity = |path: &Path| fs::metadata(path).ok().map(|status| (status.dev(), status.ino()));
    let known: Vec<_> = given.iter().map(|path| identity(path)).collect();
    let beside = list(parent(first)).unwrap_or_default();
    let candidates = beside.into_iter().filter(|entry| entry.kind == EntryKind::Candidate).map(|entry| entry.path);
    candidates.filter(|path| !known.contains(&identity(path))).take(most).collect()
}

/// At most `most` files of a folder, sorted by name, that may be snapshots; or the path itself, where it is no folder.
pub fn candidates_at(path: &Path, most: usize) -> Result<Vec<PathBuf>, Trouble> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let candidates = list(path)?.into_iter().filter(|entry| entry.kind == EntryKind::Candidate);
    Ok(candidates.map(|entry| entry.path).take(most).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_snapshot_comes_first_and_what_is_no_file_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["b.JSON", "a.eml", "note.txt", "c.json.gz", ".hidden.json", "odd\u{1b}[2J.zip"] {
            fs::write(path(name), "four").unwrap();
        }
        fs::create_dir(path("Zoo")).unwrap();
        fs::create_dir(path("attic")).unwrap();
        std::os::unix::fs::symlink("nowhere", path("broken.json")).unwrap();
        std::os::unix::fs::symlink("a.eml", path("same.eml")).unwrap();
        let found = list(folder.path()).unwrap();
        let names: Vec<_> = found.iter().map(|entry| (entry.name.as_str(), entry.size)).collect();
        let expected = [
            ("attic", 0),
            ("Zoo", 0),
            ("a.eml", 4),
            ("b.JSON", 4),
            ("c.json.gz", 4),
            ("odd<U+001B>[2J.zip", 4),
            ("same.eml", 4),
            ("note.txt", 4),
        ];
        assert_eq!(names, expected);
        let beside: Vec<_> = candidates_beside(&[path("a.eml"), folder.path().join("./b.JSON")], 2)
            .iter()
            .map(|path| path.file_name().unwrap().to_owned())
            .collect();
        assert_eq!(beside, ["c.json.gz", "odd\u{1b}[2J.zip"], "the same file under another name is not beside itself");
    }

    #[test]
    fn a_folder_that_cannot_be_looked_into_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let trouble = list(&folder.path().join("gone")).unwrap_err();
        assert!(trouble.what.contains("gone") && !trouble.hint.is_empty());
        fs::write(folder.path().join("file"), "").unwrap();
        assert!(list(&folder.path().join("file")).unwrap_err().hint.contains("not a folder"));
        assert!(candidates_beside(&["/nowhere/x.json".into()], 9).is_empty());
    }
}
