//! A medium that can be pulled out: which one a folder is on, and where it is mounted after it was put back.

use std::path::{Path, PathBuf};

use super::files::shown;
use super::media::{block_name, device, link_to, media};
use super::mounts::{Mount, mount_of, mounts};

/// A medium as it is known again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedMedium {
    /// For people: its label, or where it is mounted.
    pub title: String,
    /// The UUID of its file system, else its label, else its device: what is known first.
    pub identity: String,
    /// Where it is mounted.
    pub mount: PathBuf,
}

/// Finds media; a test has its own.
pub trait Media {
    /// The medium that a folder is on, if it is one that can be pulled out.
    fn of(&self, folder: &Path) -> Option<WatchedMedium>;
    /// Where the medium with this identity is mounted now.
    fn find(&self, identity: &str) -> Option<PathBuf>;
    /// Whether it is plugged in, mounted or not.
    fn is_plugged(&self, identity: &str) -> bool;
}

/// The media of this machine, by the table of mounts and the links that the system makes (`udev(7)`).
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemMedia;

impl Media for SystemMedia {
    fn of(&self, folder: &Path) -> Option<WatchedMedium> {
        let folder = folder.canonicalize().ok()?;
        let mounts = mounts();
        let mount = mount_of(&mounts, &folder, device(&folder).as_deref())?;
        let is_medium = media(&mounts, Path::new("/sys")).any(|medium| medium.path == mount.path);
        is_medium.then(|| WatchedMedium {
            title: link_to(mount, Path::new("/dev/disk/by-label")).unwrap_or_else(|| shown(&mount.path)),
            identity: identity(mount),
            mount: mount.path.clone(),
        })
    }

    fn find(&self, wanted: &str) -> Option<PathBuf> {
        // A later mount hides an earlier one.
        mounts().iter().rfind(|mount| identity(mount) == wanted).map(|mount| mount.path.clone())
    }

    fn is_plugged(&self, identity: &str) -> bool {
        Path::new(identity).exists()
    }
}

/// The device of an identity that is no link.
const BLOCK: &str = "/sys/class/block";

fn identity(mount: &Mount) -> String {
    let known = |folder: &str| link_to(mount, Path::new(folder)).map(|name| format!("{folder}/{name}"));
    known("/dev/disk/by-uuid").or_else(|| known("/dev/disk/by-label")).unwrap_or_else(|| {
        let name = block_name(mount).unwrap_or(Path::new(&mount.source));
        format!("{BLOCK}/{}", name.display())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_on_the_system_disk_is_on_no_medium() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(SystemMedia.of(folder.path()), None);
        assert_eq!(SystemMedia.of(Path::new("/no/such/folder")), None);
        assert_eq!(SystemMedia.find("/dev/disk/by-uuid/none"), None);
    }

    #[test]
    fn what_is_mounted_is_found_again() {
        let Some(mount) = mounts().into_iter().rfind(|mount| mount.path == Path::new("/")) else { return };
        assert!(SystemMedia.find(&identity(&mount)).is_some());
    }
}
