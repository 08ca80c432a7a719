//! The folders that this run may write to. `main` makes this one value from the arguments before anything else happens, so
//! that the process can be confined to them before its first thread starts.

use std::path::{Component, Path, PathBuf};

#[derive(Debug, Clone, Default)]
pub struct OutputFolders {
    roots: Vec<PathBuf>,
}

impl OutputFolders {
    /// From the files and folders that the command line names as output: each with its folder as it is on disk now.
    /// A folder that does not exist yet counts by the nearest one above it that does.
    pub fn resolve(outputs: &[Output<'_>]) -> Self {
        let roots = outputs.iter().filter_map(|output| match output {
            Output::File(path) => existing(parent(path)),
            Output::Folder(path) => existing(path),
        });
        Self { roots: roots.collect() }
    }

    pub fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// Refuses a path whose folder is not one of these or below one.
    pub fn check(&self, path: &Path) -> Result<(), NotAllowed> {
        let folder = existing(parent(path)).ok_or(NotAllowed::FolderMissing)?;
        if self.roots.iter().any(|root| folder.starts_with(root)) { Ok(()) } else { Err(NotAllowed::Outside) }
    }
}

/// Why a path is not written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAllowed {
    FolderMissing,
    Outside,
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
        assert_eq!(folders.roots(), [folder.path().canonicalize().unwrap()]);
        assert!(folders.check(&inside).is_ok());
        assert!(folders.check(Path::new("/etc/passwd")).is_err());
        assert!(OutputFolders::default().check(&inside).is_err());
        assert!(folders.check(&folder.path().join("none/../../../etc/x")).is_err());
        std::os::unix::fs::symlink("/etc", folder.path().join("link")).unwrap();
        assert!(folders.check(&folder.path().join("link/x")).is_err());
    }
}
