//! Where files may be: the folder named for exports, the current folder, mounted removable media, the home folder; and media
//! that are plugged in but not mounted. Only looks; mounts nothing and opens no device.
//!
//! Sources: `proc_pid_mountinfo(5)`, `sysfs(5)` (`/sys/class/block`). Where they do not exist only the folders are known.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use super::files::shown;
use super::output::OutputFolders;
use crate::effect::{Place, PlaceKind};

/// Below these folders everything that is mounted counts as a medium.
const MEDIA_FOLDERS: [&str; 2] = ["/media", "/run/media"];
/// Somebody may mount a stick here after the program started.
const MOUNT_FOLDERS: [&str; 3] = ["/media", "/run/media", "/mnt"];

/// All places, the ones that matter most first. `is_writable` says whether this run may write there, by `folders`.
pub fn places(folders: &OutputFolders, export_dir: Option<&Path>, home: Option<&Path>) -> Vec<Place> {
    let mut places = Vec::new();
    let mut add = |kind, path: PathBuf, title: String, remark, is_read_only: bool| {
        if !places.iter().any(|place: &Place| place.path == path) {
            let is_writable = !is_read_only && folders.check(&path.join("x")).is_ok();
            places.push(Place { kind, title, path, remark, is_writable });
        }
    };
    for (kind, path) in
        [(PlaceKind::Named, export_dir.and_then(absolute)), (PlaceKind::Current, absolute(Path::new(".")))]
    {
        if let Some(path) = path {
            add(kind, path, String::new(), None, false);
        }
    }
    let (mounts, sys) = (mounts(), Path::new("/sys"));
    for mount in media(&mounts, sys) {
        let name = mount.path.file_name().map_or_else(|| shown(&mount.path), |name| shown(Path::new(name)));
        let title = format!("{name} ({})", shown(Path::new(&mount.file_system)));
        add(PlaceKind::Medium, mount.path.clone(), title, remark(mount), mount.is_read_only);
    }
    if let Some(path) = home.and_then(absolute) {
        add(PlaceKind::Home, path, String::new(), None, false);
    }
    for name in unmounted(&mounts, sys) {
        let device = format!("/dev/{name}");
        let title = format!("{device} is plugged in but not mounted: udisksctl mount -b {device}");
        places.push(Place { kind: PlaceKind::Unmounted, title, path: device.into(), remark: None, is_writable: false });
    }
    places
}

/// The folders below which removable media are, or will be, mounted.
pub fn media_roots() -> Vec<PathBuf> {
    let mounts = mounts();
    let mounted = media(&mounts, Path::new("/sys")).map(|mount| mount.path.clone());
    MOUNT_FOLDERS.iter().map(PathBuf::from).filter(|folder| folder.is_dir()).chain(mounted).collect()
}

/// Whether two paths are on one removable medium. A path that does not exist counts by the nearest folder that does.
pub fn is_same_medium(a: &Path, b: &Path) -> bool {
    let device = |path: &Path| {
        let status = std::path::absolute(path).ok()?.ancestors().find_map(|path| rustix::fs::stat(path).ok())?;
        Some(format!("{}:{}", rustix::fs::major(status.st_dev), rustix::fs::minor(status.st_dev)))
    };
    let (Some(a), Some(b)) = (device(a), device(b)) else { return false };
    let mounts = mounts();
    a == b && root_device(&mounts) != Some(&a) && media(&mounts, Path::new("/sys")).any(|mount| mount.device == a)
}

fn absolute(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok()
}

/// A line of mountinfo.
struct Mount {
    /// `major:minor`
    device: String,
    path: PathBuf,
    file_system: OsString,
    source: OsString,
    is_read_only: bool,
}

fn mounts() -> Vec<Mount> {
    fs::read("/proc/self/mountinfo").map_or_else(|_| Vec::new(), |text| parse(&text))
}

fn parse(text: &[u8]) -> Vec<Mount> {
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

/// The device of the root file system. On a system that runs from a stick it is no medium: all of the system would count as one.
fn root_device(mounts: &[Mount]) -> Option<&str> {
    mounts.iter().rfind(|mount| mount.path == Path::new("/")).map(|mount| mount.device.as_str())
}

/// Its name below `/sys/class/block`. Btrfs mounts under a number that is no device, so the source counts too.
fn block_name(mount: &Mount) -> Option<&Path> {
    Path::new(&mount.source).strip_prefix("/dev").ok()
}

fn media<'a>(mounts: &'a [Mount], sys: &'a Path) -> impl Iterator<Item = &'a Mount> {
    let root = root_device(mounts);
    mounts.iter().filter(move |mount| {
        let device = block_name(mount).filter(|_| root != Some(&mount.device));
        let is_below =
            MEDIA_FOLDERS.iter().any(|folder| mount.path.starts_with(folder) && mount.path != Path::new(folder));
        is_below
            || device.is_some_and(|name| {
                is_removable(&sys.join("dev/block").join(&mount.device), 0)
                    || is_removable(&sys.join("class/block").join(name), 0)
            })
    })
}

fn remark(mount: &Mount) -> Option<&'static str> {
    let keeps_no_permissions =
        matches!(mount.file_system.to_str(), Some("vfat" | "exfat" | "msdos" | "fuseblk" | "ntfs" | "ntfs3"));
    if mount.is_read_only {
        Some("read-only")
    } else if keeps_no_permissions {
        Some("keeps no permissions: whoever has the medium can read the file")
    } else {
        None
    }
}

/// Whether a block device can be pulled out: its disk says so, or it hangs on USB, or what it is made of does (LUKS).
fn is_removable(device: &Path, depth: u8) -> bool {
    let Ok(device) = device.canonicalize() else { return false };
    let says_so = |folder: Option<&Path>| {
        folder
            .and_then(|folder| fs::read_to_string(folder.join("removable")).ok())
            .is_some_and(|text| text.trim() == "1")
    };
    let is_usb = device.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"usb"));
    let parts = || fs::read_dir(device.join("slaves")).into_iter().flatten().flatten();
    is_usb
        || says_so(Some(&device))
        || says_so(device.parent())
        || (depth < 4 && parts().any(|part| is_removable(&part.path(), depth + 1)))
}

/// Names of removable devices that hold something and are not mounted, in order.
fn unmounted(mounts: &[Mount], sys: &Path) -> Vec<String> {
    let is_free = |device: &Path| {
        let read = |name: &str| fs::read_to_string(device.join(name)).unwrap_or_default();
        let number = read("dev");
        let has_entries =
            |name: &str| fs::read_dir(device.join(name)).is_ok_and(|mut entries| entries.next().is_some());
        let mut children = fs::read_dir(device).into_iter().flatten().flatten();
        read("size").trim().parse::<u64>().is_ok_and(|sectors| sectors > 0)
            && !mounts.iter().any(|mount| {
                mount.device == number.trim() || block_name(mount).is_some_and(|name| device.ends_with(name))
            })
            && !children.any(|child| child.path().join("partition").exists())
            && !has_entries("holders")
            && is_removable(device, 0)
    };
    let devices = fs::read_dir(sys.join("class/block")).into_iter().flatten().flatten();
    let mut names: Vec<String> = devices
        .filter(|device| is_free(&device.path()))
        .filter_map(|device| device.file_name().into_string().ok())
        .filter(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '!')))
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::super::output::Output;
    use super::*;
    use std::os::unix::fs::symlink;

    const MOUNTS: &[u8] = b"\
21 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n\
22 21 0:20 / /proc rw,nosuid shared:5 - proc proc rw\n\
23 21 0:31 / /run rw,nosuid - tmpfs tmpfs rw,size=1g\n\
40 21 8:17 / /run/media/ann/BACK\\040UP rw,nosuid shared:9 master:2 - vfat /dev/sdb1 rw,fmask=0022\n\
41 21 8:33 / /mnt ro,relatime - ext4 /dev/sdc1 ro\n\
42 21 253:0 / /vault rw - ext4 /dev/mapper/luks-1 rw\n\
43 21 7:0 / /snap/core ro - squashfs /dev/loop0 ro\n\
44 21 0:50 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw\n\
broken line\n";

    /// A system with an inner disk sda, a stick sdb with one partition, a stick sdc, an opened LUKS stick sdd, a new stick sde.
    fn sys() -> tempfile::TempDir {
        let sys = tempfile::tempdir().unwrap();
        let devices = sys.path().join("devices");
        for (path, number, size, removable) in [
            ("pci0/ata1/sda", "8:0", "100", "0"),
            ("pci0/ata1/sda/sda2", "8:2", "90", ""),
            ("pci0/usb1/1-1/sdb", "8:16", "100", "1"),
            ("pci0/usb1/1-1/sdb/sdb1", "8:17", "90", ""),
            ("pci0/ahci/sdc", "8:32", "100", "1"),
            ("pci0/ahci/sdc/sdc1", "8:33", "90", ""),
            ("pci0/usb2/2-1/sdd", "8:48", "100", "1"),
            ("pci0/usb3/3-1/sde", "8:64", "100", "0"),
            ("pci0/usb3/3-1/sde/sde1", "8:65", "90", ""),
            ("pci0/usb4/4-1/sdf", "8:80", "0", "1"),
            ("virtual/dm-0", "253:0", "80", "0"),
        ] {
            let folder = devices.join(path);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("dev"), format!("{number}\n")).unwrap();
            fs::write(folder.join("size"), format!("{size}\n")).unwrap();
            match removable {
                "" => fs::write(folder.join("partition"), "1\n").unwrap(),
                removable => fs::write(folder.join("removable"), format!("{removable}\n")).unwrap(),
            }
            for (links, name) in [("dev/block", number), ("class/block", path.rsplit('/').next().unwrap())] {
                fs::create_dir_all(sys.path().join(links)).unwrap();
                symlink(&folder, sys.path().join(links).join(name)).unwrap();
            }
        }
        for (device, list, other) in
            [("virtual/dm-0", "slaves", "pci0/usb2/2-1/sdd"), ("pci0/usb2/2-1/sdd", "holders", "virtual/dm-0")]
        {
            fs::create_dir(devices.join(device).join(list)).unwrap();
            symlink(devices.join(other), devices.join(device).join(list).join("x")).unwrap();
        }
        sys
    }

    #[test]
    fn mounted_media_are_found_by_their_disk_and_by_where_they_are_mounted() {
        let (mounts, sys) = (parse(MOUNTS), sys());
        let found: Vec<_> =
            media(&mounts, sys.path()).map(|mount| (mount.path.to_str().unwrap(), remark(mount))).collect();
        let fat = "keeps no permissions: whoever has the medium can read the file";
        assert_eq!(found, [("/run/media/ann/BACK UP", Some(fat)), ("/mnt", Some("read-only")), ("/vault", None)]);
        let without_sys: Vec<_> = media(&mounts, Path::new("/nowhere")).map(|mount| mount.path.clone()).collect();
        assert_eq!(without_sys, [Path::new("/run/media/ann/BACK UP")]);
    }

    #[test]
    fn a_stick_that_the_system_runs_from_does_not_make_the_whole_system_a_medium() {
        let (sys, mounts) = (
            sys(),
            parse(
                b"21 1 8:17 / / rw - ext4 /dev/sdb1 rw\n\
            22 21 8:17 /srv /bound rw - ext4 /dev/sdb1 rw\n\
            23 21 8:33 / /mnt rw - exfat /dev/sdc1 rw\n",
            ),
        );
        let found: Vec<_> = media(&mounts, sys.path()).map(|mount| mount.path.clone()).collect();
        assert_eq!(found, [Path::new("/mnt")]);
    }

    #[test]
    fn btrfs_which_has_a_number_of_its_own_and_ntfs_are_media_and_an_image_is_where_it_is_mounted() {
        let (sys, mounts) = (
            sys(),
            parse(
                b"21 1 8:2 / / rw - ext4 /dev/sda2 rw\n\
            22 21 0:44 / /mnt/b rw - btrfs /dev/sde1 rw,subvol=/\n\
            23 21 8:33 / /mnt/n rw - fuseblk /dev/sdc1 rw,user_id=0\n\
            24 21 7:1 / /mnt/image rw - vfat /dev/loop1 rw\n\
            25 21 7:2 / /media/image ro - iso9660 /dev/loop2 ro\n",
            ),
        );
        let found: Vec<_> =
            media(&mounts, sys.path()).map(|mount| (mount.path.to_str().unwrap(), remark(mount))).collect();
        let fat = "keeps no permissions: whoever has the medium can read the file";
        assert_eq!(found, [("/mnt/b", None), ("/mnt/n", Some(fat)), ("/media/image", Some("read-only"))]);
        assert_eq!(unmounted(&mounts, sys.path()), ["dm-0", "sdb1"]);
    }

    #[test]
    fn a_stick_that_is_not_mounted_is_named() {
        assert_eq!(unmounted(&parse(MOUNTS), sys().path()), ["sde1"]);
        assert_eq!(unmounted(&[], sys().path()), ["dm-0", "sdb1", "sdc1", "sde1"]);
        assert_eq!(unmounted(&[], Path::new("/nowhere")), Vec::<String>::new());
    }

    #[test]
    fn a_path_of_any_bytes_is_read_back() {
        for (escaped, raw) in
            [(&b"/a\\040b"[..], &b"/a b"[..]), (b"/a\\134b", b"/a\\b"), (b"/a\\0", b"/a\\0"), (b"/\xff", b"/\xff")]
        {
            assert_eq!(unescaped(escaped).as_encoded_bytes(), raw);
        }
    }

    #[test]
    fn the_folders_that_may_be_written_to_are_marked() {
        let folder = tempfile::tempdir().unwrap();
        let folders = OutputFolders::resolve(&[Output::Folder(folder.path())]);
        let places = places(&folders, Some(folder.path()), Some(Path::new("/")));
        let kinds: Vec<_> = places.iter().map(|place| (place.kind, place.is_writable)).collect();
        assert_eq!(kinds[..2], [(PlaceKind::Named, true), (PlaceKind::Current, false)]);
        assert!(kinds.contains(&(PlaceKind::Home, false)));
        assert!(!is_same_medium(folder.path(), folder.path()), "a folder of the inner disk is no medium");
    }
}
