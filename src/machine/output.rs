//! The folders that this run may write to. `main` makes this one value from the arguments before anything else happens, so
//! that the process can be confined to them before its first thread starts.

use std::path::{Component, Path, PathBuf};

use super::disk::{Disk, Identity, System};

#[derive(Debug, Clone, Default)]
pub struct OutputFolders {
    roots: Vec<PathBuf>,
    /// The folders of files that the command line names, and which ones they were then: a medium that is taken away leaves the
    /// folder that it was mounted on, which is another.
    fixed: Vec<(PathBuf, Identity)>,
}

impl OutputFolders {
    /// From the files and folders that the command line names as output: each with its folder as it is on disk now.
    /// A folder that does not exist yet counts by the nearest one above it that does.
    pub fn resolve(outputs: &[Output<'_>]) -> Self {
        let mut folders = Self::default();
        for output in outputs {
            match output {
                Output::File(path) => {
                    let root = existing(parent(path));
                    folders.fixed.extend(root.clone().and_then(|root| Some((root.clone(), identity(&root)?))));
                    folders.roots.extend(root);
                }
                Output::Folder(path) => folders.roots.extend(existing(path)),
            }
        }
        folders
    }

    /// The folders themselves, as they are on disk.
    pub fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// Refuses a path whose folder is not one of these or below one.
    pub fn check(&self, path: &Path) -> Result<(), NotAllowed> {
        let folder = existing(parent(path)).ok_or(NotAllowed::FolderMissing)?;
        if !self.roots.iter().any(|root| folder.starts_with(root)) {
            let meant = std::path::absolute(parent(path)).unwrap_or_default();
            let is_gone = self.roots.iter().any(|root| meant.starts_with(root) && !root.exists());
            return Err(if is_gone { NotAllowed::FolderMissing } else { NotAllowed::Outside });
        }
        let is_same = |(root, then): &(PathBuf, Identity)| !folder.starts_with(root) || identity(root) == Some(*then);
        if self.fixed.iter().all(is_same) { Ok(()) } else { Err(NotAllowed::Moved) }
    }
}

/// Why a path is not written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAllowed {
    FolderMissing,
    Outside,
    /// Another folder has its name now.
    Moved,
}

/// An output that the command line names.
#[derive(Debug, Clone, Copy)]
pub enum Output<'a> {
    File(&'a Path),
    Folder(&'a Path),
}

/// The folder of a path; the current one when it names none.
pub fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn identity(folder: &Path) -> Option<Identity> {
    let disk = System;
    disk.open_folder(folder).and_then(|folder| disk.identity(&folder)).ok()
}

/// The nearest folder that exists, without symbolic links.
fn existing(folder: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(folder).ok()?;
    let (depth, existing) =
        absolute.ancestors().enumerate().find_map(|(depth, ancestor)| Some((depth, ancestor.canonicalize().ok()?)))?;
    // `..` behind what is not there yet could lead anywhere once it is.
    let climbs = absolute.components().rev().take(depth).any(|part| part == Component::ParentDir);
    (!climbs).then_some(existing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_outside_the_named_folders() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("a/b/c.json");
        let folders = OutputFolders::resolve(&[Output::Folder(&folder.path().join("a"))]);
        assert_eq!(folders.roots, [folder.path().canonicalize().unwrap()]);
        assert!(folders.check(&inside).is_ok());
        assert!(folders.check(Path::new("/etc/passwd")).is_err());
        assert!(OutputFolders::default().check(&inside).is_err());
        assert!(folders.check(&folder.path().join("none/../../../etc/x")).is_err());
        std::os::unix::fs::symlink("/etc", folder.path().join("link")).unwrap();
        assert!(folders.check(&folder.path().join("link/x")).is_err());
    }
    #[test]
    fn a_folder_that_another_one_took_the_place_of_is_refused_and_one_that_is_gone_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let (named, old) = (folder.path().join("named"), folder.path().join("old"));
        let path = named.join("out.json");
        std::fs::create_dir(&named).unwrap();
        let folders = OutputFolders::resolve(&[Output::File(&path)]);
        assert_eq!(folders.check(&path), Ok(()));
        std::fs::rename(&named, &old).unwrap();
        assert_eq!(folders.check(&path), Err(NotAllowed::FolderMissing));
        std::fs::create_dir(&named).unwrap();
        assert_eq!(folders.check(&path), Err(NotAllowed::Moved));
        std::fs::remove_dir(&named).unwrap();
        std::fs::rename(&old, &named).unwrap();
        assert_eq!(folders.check(&path), Ok(()));
    }
}
