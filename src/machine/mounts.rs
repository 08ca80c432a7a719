//! The table of mounts (`proc_pid_mountinfo(5)`): what is mounted where. Where there is none, nothing is known to be.

use std::ffi::OsString;
use std::fs;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

/// A line of mountinfo.
pub(super) struct Mount {
    /// `major:minor`
    pub device: String,
    pub path: PathBuf,
    pub file_system: OsString,
    pub source: OsString,
    pub is_read_only: bool,
}

pub(super) fn mounts() -> Vec<Mount> {
    fs::read("/proc/self/mountinfo").map_or_else(|_| Vec::new(), |text| parse(&text))
}

pub(super) fn parse(text: &[u8]) -> Vec<Mount> {
    let line = |line: &[u8]| {
        let fields: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
        // Optional fields stand before a lone hyphen.
        let after = fields.iter().position(|field| *field == b"-")?;
        let field = |index: usize| fields.get(index).map(|field| unescaped(field));
        let is_read_only =
            |index: usize| Some(fields.get(index)?.split(|byte| *byte == b',').any(|option| option == b"ro"));
        Some(Mount {
            device: field(2)?.into_string().ok()?,
            path: field(4)?.into(),
            file_system: field(after + 1)?,
            source: field(after + 2)?,
            is_read_only: is_read_only(5)? || is_read_only(after + 3).unwrap_or(false),
        })
    };
    text.split(|byte| *byte == b'\n').filter_map(line).collect()
}

/// Spaces, tabs, line ends and backslashes stand as `\040` and the like.
fn unescaped(field: &[u8]) -> OsString {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((first, after)) = rest.split_first() {
        let octal = after.get(..3).filter(|_| *first == b'\\');
        let byte = octal.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(3..).unwrap_or_default() } else { after };
    }
    OsString::from_vec(bytes)
}

/// How the file system of an open file or folder is called there (`vfat`), where that is known.
pub(super) fn file_system(file: impl AsFd) -> Option<String> {
    let device = device_of(&rustix::fs::fstat(file).ok()?);
    let mounts = mounts();
    let mount = mounts.iter().rfind(|mount| mount.device == device)?;
    mount.file_system.to_str().map(str::to_owned)
}

/// `major:minor` of what something is on.
pub(super) fn device_of(status: &rustix::fs::Stat) -> String {
    format!("{}:{}", rustix::fs::major(status.st_dev), rustix::fs::minor(status.st_dev))
}

/// The mount that a folder (absolute, without links) lies on. A later mount hides earlier ones, and `device` (`major:minor`, of the
/// folder) tells where a longer path was hidden; Btrfs mounts under a number of its own, so that it may be none of them.
pub(super) fn mount_of<'a>(mounts: &'a [Mount], folder: &Path, device: Option<&str>) -> Option<&'a Mount> {
    let depth = |mount: &&Mount| mount.path.components().count();
    let above = || mounts.iter().filter(|mount| folder.starts_with(&mount.path));
    let same = above().filter(|mount| Some(mount.device.as_str()) == device).max_by_key(depth);
    same.or_else(|| above().max_by_key(depth))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_any_bytes_is_read_back() {
        for (escaped, raw) in
            [(&b"/a\\040b"[..], &b"/a b"[..]), (b"/a\\134b", b"/a\\b"), (b"/a\\0", b"/a\\0"), (b"/\xff", b"/\xff")]
        {
            assert_eq!(unescaped(escaped).as_encoded_bytes(), raw);
        }
    }

    #[test]
    fn a_folder_lies_on_the_mount_nearest_above_it_and_not_on_one_that_is_hidden() {
        let mounts = parse(
            b"1 0 8:2 / / rw - ext4 /dev/sda2 rw\n2 1 8:17 / /mnt rw - vfat /dev/sdb1 rw\n3 1 8:18 / /mnt ro - xfs /dev/sdb2 ro\n4 1 0:9 / /b rw - btrfs /dev/sdc rw\n",
        );
        let of = |folder: &str, device| mount_of(&mounts, Path::new(folder), device).unwrap().source.clone();
        assert_eq!(of("/mnt/a", Some("8:18")), "/dev/sdb2");
        assert_eq!(of("/mnt/a", None), "/dev/sdb2");
        assert_eq!(of("/mnt/a", Some("8:2")), "/dev/sda2");
        assert_eq!(of("/mntx", Some("8:2")), "/dev/sda2");
        assert_eq!(of("/b/c", Some("0:77")), "/dev/sdc");
        assert!(mount_of(&[], Path::new("/"), None).is_none());
    }
}
