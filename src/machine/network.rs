//! Which network interfaces are up, read from `/sys/class/net` (`sysfs-class-net` of the kernel's documentation). No socket is
//! opened, and nothing is changed.

use std::fs;
use std::path::Path;

use crate::domain::text::{Safe, brief};
use crate::effect::Network;

const INTERFACES: &str = "/sys/class/net";
/// More are not looked at.
const LIMIT: usize = 256;
/// The most columns of a name; Linux allows 15 bytes.
const NAME: usize = 20;

/// `IFF_UP` and `IFF_LOOPBACK` of `netdevice(7)`.
const UP: u32 = 0x1;
const LOOPBACK: u32 = 0x8;

/// Looks at the interfaces of this machine.
pub fn look() -> Network {
    look_into(Path::new(INTERFACES))
}

fn look_into(folder: &Path) -> Network {
    let Ok(entries) = fs::read_dir(folder) else { return Network::default() };
    let mut network = Network { is_known: true, ..Network::default() };
    for (count, entry) in entries.enumerate() {
        if count == LIMIT {
            network.unknown.push("more".to_owned());
            break;
        }
        let Ok(entry) = entry else {
            network.unknown.push("one without a name".to_owned());
            continue;
        };
        let name = entry.file_name();
        let name = brief(&Safe(&name.to_string_lossy()).to_string(), NAME);
        match state(&entry.path()) {
            LinkState::Up => network.up.push(name),
            LinkState::Unknown if name != "lo" => network.unknown.push(name),
            // A folder holds more than interfaces: `bonding_masters` is a file.
            LinkState::Unknown | LinkState::Down => {}
        }
    }
    network.up.sort();
    network.unknown.sort();
    network
}

enum LinkState {
    Up,
    /// Or the loopback, which leads nowhere.
    Down,
    Unknown,
}

fn state(interface: &Path) -> LinkState {
    match fs::metadata(interface) {
        Ok(found) if found.is_dir() => {}
        Ok(_) => return LinkState::Down,
        Err(_) => return LinkState::Unknown,
    }
    let text = |file: &str| fs::read_to_string(interface.join(file)).ok().map(|text| text.trim().to_owned());
    let flags = text("flags").and_then(|flags| u32::from_str_radix(flags.trim_start_matches("0x"), 16).ok());
    if flags.is_some_and(|flags| flags & LOOPBACK != 0) {
        return LinkState::Down;
    }
    match text("operstate").as_deref() {
        Some("up" | "dormant" | "testing") => LinkState::Up,
        Some("down" | "notpresent" | "lowerlayerdown") => LinkState::Down,
        // Tunnels and some drivers do not tell: what is switched on and has a carrier is up.
        _ => match (flags.map(|flags| flags & UP != 0), text("carrier").as_deref()) {
            (Some(false), _) | (_, Some("0")) => LinkState::Down,
            (Some(true), Some("1")) => LinkState::Up,
            _ => LinkState::Unknown,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_are_up_down_or_unknown_and_the_loopback_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let interface = |name: &str, files: &[(&str, &str)]| {
            let path = folder.path().join(name);
            fs::create_dir(&path).unwrap();
            for (file, text) in files {
                fs::write(path.join(file), text).unwrap();
            }
        };
        interface("lo", &[("operstate", "unknown\n"), ("flags", "0x9\n"), ("carrier", "1\n")]);
        interface("eth0", &[("operstate", "up\n"), ("flags", "0x1003\n"), ("carrier", "1\n")]);
        interface("eth1", &[("operstate", "down\n"), ("flags", "0x1002\n")]);
        interface("wg0", &[("operstate", "unknown\n"), ("flags", "0x91\n"), ("carrier", "1\n")]);
        interface("tun0", &[("operstate", "unknown\n"), ("flags", "0x90\n")]);
        interface("dark", &[]);
        interface("\u{1b}[2J\u{202e}", &[("operstate", "up\n")]);
        fs::write(folder.path().join("bonding_masters"), "").unwrap();
        let found = look_into(folder.path());
        assert_eq!(found.up, ["<U+001B>[2J<U+202E>", "eth0", "wg0"]);
        assert_eq!((found.unknown, found.is_known), (vec!["dark".to_owned()], true));
        assert_eq!(look_into(&folder.path().join("missing")), Network::default());
        let empty = tempfile::tempdir().unwrap();
        assert_eq!(look_into(empty.path()), Network { is_known: true, ..Network::default() });
    }

    #[test]
    fn names_are_bounded_in_number_and_length() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..300 {
            let path = folder.path().join(format!("{number:03}{}", "x".repeat(200)));
            fs::create_dir(&path).unwrap();
            fs::write(path.join("operstate"), "up").unwrap();
        }
        let found = look_into(folder.path());
        assert!(found.up.len() == LIMIT && found.up.iter().all(|name| name.chars().count() <= NAME));
        assert!(found.to_string().len() < 240, "{found}");
    }
}
