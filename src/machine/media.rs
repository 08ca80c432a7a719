//! Where files may be: the folder named for exports, the current folder, mounted removable media, the home folder; and media
//! that are plugged in but not mounted. Only looks; mounts nothing and opens no device.
//!
//! Sources: `proc_pid_mountinfo(5)`, `sysfs(5)` (`/sys/class/block`). Where they do not exist only the folders are known.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use super::disk::is_device_gone;
use super::files::shown;
use super::mounts::{Mount, device_of, mount_of, mounts};
use super::output::OutputFolders;
use crate::domain::file_name::limits_names;
use crate::effect::{Place, PlaceKind, Remark};

/// Below these folders everything that is mounted counts as a medium.
const MEDIA_FOLDERS: [&str; 2] = ["/media", "/run/media"];
/// Somebody may mount a stick here after the program started.
const MOUNT_FOLDERS: [&str; 3] = ["/media", "/run/media", "/mnt"];

/// With less than this an export may not fit.
const NEARLY_FULL: u64 = 4 << 20;

/// All places, the ones that matter most first. `is_writable` says whether this run may write there, by `folders` and by the system.
pub fn places(folders: &OutputFolders, export_dir: Option<&Path>, home: Option<&Path>) -> Vec<Place> {
    places_on(&mounts(), Path::new("/sys"), folders, export_dir, home)
}

fn places_on(
    mounts: &[Mount],
    sys: &Path,
    folders: &OutputFolders,
    export_dir: Option<&Path>,
    home: Option<&Path>,
) -> Vec<Place> {
    let labels = Path::new("/dev/disk/by-label");
    let media: Vec<&Mount> = media(mounts, sys).collect();
    let mut places: Vec<Place> = Vec::new();
    let mut add = |kind, path: PathBuf, title: String, mount: Option<&Mount>| {
        let is_gone = mount.is_some_and(|mount| is_gone(mount, sys));
        if !is_gone && !places.iter().any(|place| place.path == path) {
            let is_removable = mount.is_some_and(|mount| media.iter().any(|medium| medium.path == mount.path));
            let may_write = folders.check(&path.join("x")).is_ok();
            places.push(Place { title, ..place(kind, path, mount, is_removable, may_write) });
        }
    };
    let current = [(PlaceKind::Named, export_dir), (PlaceKind::Current, Some(Path::new(".")))];
    for (kind, path) in current.into_iter().filter_map(|(kind, path)| Some((kind, absolute(path?)?))) {
        let mount = mount_of(mounts, &path, device(&path).as_deref());
        add(kind, path, String::new(), mount);
    }
    for mount in &media {
        let folder = || mount.path.file_name().map_or_else(|| shown(&mount.path), |name| shown(Path::new(name)));
        add(PlaceKind::Medium, mount.path.clone(), link_to(mount, labels).unwrap_or_else(folder), Some(mount));
    }
    if let Some(path) = home.and_then(absolute) {
        let mount = mount_of(mounts, &path, device(&path).as_deref());
        add(PlaceKind::Home, path, String::new(), mount);
    }
    for name in unmounted(mounts, sys) {
        let device = format!("/dev/{name}");
        let title = format!("{device} is plugged in but not mounted: udisksctl mount -b {device}");
        places.push(Place { title, is_removable: true, ..Place::new(PlaceKind::Unmounted, device, false) });
    }
    places
}

/// What the system says of a folder, and what the mount table says of its medium.
fn place(kind: PlaceKind, path: PathBuf, mount: Option<&Mount>, is_removable: bool, may_write: bool) -> Place {
    let room = rustix::fs::statvfs(&path).ok();
    let free = room.as_ref().map(|room| room.f_bavail.saturating_mul(room.f_frsize));
    let is_read_only = mount.is_some_and(|mount| mount.is_read_only)
        || room.is_some_and(|room| room.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY));
    let is_permitted = is_read_only || rustix::fs::access(&path, rustix::fs::Access::WRITE_OK).is_ok();
    let mut remarks = Vec::new();
    remarks.extend(is_read_only.then_some(Remark::ReadOnly));
    remarks.extend((!is_permitted).then_some(Remark::NoPermission));
    remarks.extend((!is_read_only && free.is_some_and(|free| free < NEARLY_FULL)).then_some(Remark::NearlyFull));
    remarks.extend(mount.and_then(remark));
    Place {
        file_system: mount.map(|mount| shown(Path::new(&mount.file_system))),
        free,
        is_removable,
        remarks,
        is_writable: may_write && !is_read_only && is_permitted,
        ..Place::new(kind, path, false)
    }
}

/// Which places were shown, and what was mounted there then: a medium that is taken away leaves the folder that it was mounted on,
/// and what is written there goes to another disk than the one that was chosen.
#[derive(Debug, Default)]
pub struct SeenPlaces(Vec<(PathBuf, Option<String>)>);

impl SeenPlaces {
    pub fn of(places: &[Place]) -> Self {
        Self(places.iter().map(|place| (place.path.clone(), device(&place.path))).collect())
    }

    /// Whether the place that a new file at `path` lies in is still the same. So is one that was never shown.
    pub fn is_same(&self, path: &Path) -> bool {
        let Ok(path) = std::path::absolute(path) else { return true };
        let above = self.0.iter().filter(|(place, _)| path.starts_with(place));
        let place = above.max_by_key(|(place, _)| place.components().count());
        // What is gone altogether is said when it is written to.
        place.is_none_or(|(place, then)| device(place).is_none_or(|now| Some(now) == *then))
    }
}

/// The folders below which removable media are, or will be, mounted.
pub fn media_roots() -> Vec<PathBuf> {
    let mounts = mounts();
    let mounted = media(&mounts, Path::new("/sys")).map(|mount| mount.path.clone());
    MOUNT_FOLDERS.iter().map(PathBuf::from).filter(|folder| folder.is_dir()).chain(mounted).collect()
}

/// Whether two paths are on one removable medium. A path that does not exist counts by the nearest folder that does.
pub fn is_same_medium(a: &Path, b: &Path) -> bool {
    let nearest = |path: &Path| std::path::absolute(path).ok()?.ancestors().find_map(device);
    let (Some(a), Some(b)) = (nearest(a), nearest(b)) else { return false };
    let mounts = mounts();
    a == b && root_device(&mounts) != Some(&a) && media(&mounts, Path::new("/sys")).any(|mount| mount.device == a)
}

/// `major:minor` of what a path is on.
pub(super) fn device(path: &Path) -> Option<String> {
    rustix::fs::stat(path).ok().map(|status| device_of(&status))
}

fn absolute(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok()
}

/// The device of the root file system. On a system that runs from a stick it is no medium: all of the system would count as one.
fn root_device(mounts: &[Mount]) -> Option<&str> {
    mounts.iter().rfind(|mount| mount.path == Path::new("/")).map(|mount| mount.device.as_str())
}

/// Its name below `/sys/class/block`. Btrfs mounts under a number that is no device, so the source counts too.
pub(super) fn block_name(mount: &Mount) -> Option<&Path> {
    Path::new(&mount.source).strip_prefix("/dev").ok()
}

/// A medium that was pulled out stays mounted until somebody unmounts it.
fn is_gone(mount: &Mount, sys: &Path) -> bool {
    let number = |text: &str| text.parse().unwrap_or(0);
    mount.device.split_once(':').is_some_and(|(major, minor)| is_device_gone(number(major), number(minor), sys))
}

pub(super) fn media<'a>(mounts: &'a [Mount], sys: &'a Path) -> impl Iterator<Item = &'a Mount> {
    let root = root_device(mounts);
    mounts.iter().filter(move |mount| !is_gone(mount, sys)).filter(move |mount| {
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

/// What follows from the kind of file system.
fn remark(mount: &Mount) -> Option<Remark> {
    match mount.file_system.to_str()? {
        "hfs" => Some(Remark::KeepsNoPermissions),
        name if limits_names(name) => Some(Remark::KeepsNoPermissions),
        "tmpfs" | "ramfs" => Some(Remark::InMemory),
        "nfs" | "nfs4" | "cifs" | "smb3" | "9p" | "fuse.sshfs" | "virtiofs" | "ceph" | "afs" => Some(Remark::OnNetwork),
        _ => None,
    }
}

/// What lets others read a new file at `path`, although its mode is 0600.
pub fn lets_others_read(path: &Path) -> Option<Remark> {
    let folder = std::path::absolute(path).ok()?.ancestors().skip(1).find_map(|folder| folder.canonicalize().ok())?;
    let mounts = mounts();
    mount_of(&mounts, &folder, device(&folder).as_deref()).and_then(remark).filter(|remark| remark.lets_others_read())
}

/// The name of the link in `folder` that leads to the device of a mount, as the system makes them for labels and UUIDs
/// (`udev(7)`); safe to show.
pub(super) fn link_to(mount: &Mount, folder: &Path) -> Option<String> {
    let source = Path::new(&mount.source).canonicalize().ok()?;
    let mut links = fs::read_dir(folder).ok()?.flatten();
    let link = links.find(|link| link.path().canonicalize().is_ok_and(|device| device == source))?;
    Some(shown(Path::new(&unescaped(link.file_name().as_encoded_bytes()))))
}

/// What cannot stand in the name of a link stands there as `\x20` and the like.
fn unescaped(name: &[u8]) -> OsString {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((first, after)) = rest.split_first() {
        let digits = rest.strip_prefix(b"\\x").and_then(|digits| std::str::from_utf8(digits.get(..2)?).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { rest.get(4..).unwrap_or_default() } else { after };
    }
    OsString::from_vec(bytes)
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
    use super::super::mounts::parse;
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
            ("virtual/loop2", "7:2", "80", "0"),
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
        let fat = Some(Remark::KeepsNoPermissions);
        assert_eq!(found, [("/run/media/ann/BACK UP", fat), ("/mnt", None), ("/vault", None)]);
        assert_eq!(mounts.iter().map(|mount| mount.is_read_only).collect::<Vec<_>>()[3..5], [false, true]);
        // One that was pulled out stays mounted; it is no place any more.
        let pulled = parse(b"40 21 8:97 / /run/media/ann/GONE rw - vfat /dev/sdg1 rw\n");
        assert_eq!(media(&pulled, sys.path()).count(), 0);
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
        assert_eq!(found, [("/mnt/b", None), ("/mnt/n", Some(Remark::KeepsNoPermissions)), ("/media/image", None)]);
        assert_eq!(unmounted(&mounts, sys.path()), ["dm-0", "sdb1"]);
    }

    #[test]
    fn a_stick_that_is_not_mounted_is_named() {
        assert_eq!(unmounted(&parse(MOUNTS), sys().path()), ["sde1"]);
        assert_eq!(unmounted(&[], sys().path()), ["dm-0", "sdb1", "sdc1", "sde1"]);
        assert_eq!(unmounted(&[], Path::new("/nowhere")), Vec::<String>::new());
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

    #[test]
    fn a_place_whose_medium_was_pulled_out_while_it_was_mounted_is_none_whatever_it_is() {
        let (sys, folder) = (sys(), tempfile::tempdir().unwrap());
        let path = folder.path().canonicalize().unwrap();
        let folders = OutputFolders::resolve(&[Output::Folder(&path)]);
        let found = |device: &str| {
            let mounts = parse(format!("40 21 {device} / {} rw - vfat /dev/sdx1 rw\n", path.display()).as_bytes());
            let named = places_on(&mounts, sys.path(), &folders, Some(&path), None);
            let home = places_on(&mounts, sys.path(), &folders, None, Some(&path));
            [named, home].map(|places| places.iter().any(|place| place.path == path))
        };
        assert_eq!(found("8:17"), [true, true]);
        assert_eq!(found("8:97"), [false, false]);
    }

    #[test]
    fn what_a_file_system_keeps_is_said() {
        let of = |file_system: &str| {
            let line = format!("40 21 8:17 / /mnt rw - {file_system} /dev/sdb1 rw\n");
            parse(line.as_bytes()).first().and_then(remark)
        };
        for name in ["vfat", "exfat", "msdos", "ntfs3", "fuseblk"] {
            assert_eq!(of(name), Some(Remark::KeepsNoPermissions), "{name}");
        }
        assert_eq!(of("tmpfs"), Some(Remark::InMemory));
        assert_eq!(of("nfs4"), Some(Remark::OnNetwork));
        for name in ["ext4", "xfs", "btrfs", "f2fs", "iso9660"] {
            assert_eq!(of(name), None, "{name}");
        }
    }

    #[test]
    fn a_place_says_all_that_speaks_against_it() {
        let folder = tempfile::tempdir().unwrap();
        let mounts = parse(b"40 21 8:17 / /mnt ro - vfat /dev/sdb1 ro\n41 21 8:17 / /mnt rw - vfat /dev/sdb1 rw\n");
        let of = |mount, may_write| place(PlaceKind::Medium, folder.path().to_owned(), mount, true, may_write);
        let read_only = of(mounts.first(), true);
        assert_eq!(read_only.remarks, [Remark::ReadOnly, Remark::KeepsNoPermissions]);
        assert!(!read_only.is_writable && read_only.is_removable && read_only.free.is_some());
        let good = of(mounts.get(1), true);
        assert!(good.is_writable && good.remarks.ends_with(&[Remark::KeepsNoPermissions]), "{good:?}");
        assert_eq!(good.file_system.as_deref(), Some("vfat"));
        assert!(!of(mounts.get(1), false).is_writable && of(None, true).file_system.is_none());
        assert_eq!(place(PlaceKind::Home, "/nowhere".into(), None, false, true).remarks, [Remark::NoPermission]);
    }

    #[test]
    fn a_medium_has_the_name_of_its_label() {
        let folder = tempfile::tempdir().unwrap();
        let device = folder.path().canonicalize().unwrap().join("sdb1");
        let labels = folder.path().join("by-label");
        fs::write(&device, "").unwrap();
        fs::create_dir(&labels).unwrap();
        let line = format!("40 21 8:17 / /mnt rw - vfat {} rw\n", device.display());
        let mounts = parse(line.as_bytes());
        assert_eq!(link_to(&mounts[0], &labels), None);
        symlink("../sdb1", labels.join("BACK\\x20UP\\x1b")).unwrap();
        assert_eq!(link_to(&mounts[0], &labels).as_deref(), Some("BACK UP<U+001B>"));
        assert_eq!(link_to(&mounts[0], Path::new("/nowhere")), None);
    }

    #[test]
    fn a_place_whose_medium_was_taken_away_is_not_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.json");
        assert!(SeenPlaces::default().is_same(&path));
        let seen = SeenPlaces::of(&[Place::new(PlaceKind::Medium, folder.path(), true)]);
        assert!(seen.is_same(&path));
        let elsewhere =
            SeenPlaces(vec![("/".into(), device(folder.path())), (folder.path().into(), Some("8:17".to_owned()))]);
        assert!(!elsewhere.is_same(&path));
        let gone = SeenPlaces(vec![(folder.path().join("gone"), Some("8:17".to_owned()))]);
        assert!(gone.is_same(&folder.path().join("gone/x")));
    }
}
