//! Names of files that FAT, exFAT and NTFS, as sticks have them, cannot hold or other systems cannot open there; and one that fits.
//!
//! Sources: Microsoft, "Naming Files, Paths, and Namespaces"; exFAT file system specification, section 7.7.3.

use std::fmt;

/// The most UTF-16 units of a name.
const LIMIT: usize = 255;
/// The most bytes of a name on the file systems of Linux.
const BYTES: usize = 255;
/// So many bytes of a stem that is too long are proposed: they leave room for an ending, and for `-codes` before it.
const PROPOSED_BYTES: usize = 200;
/// Signs that stand in no name.
const SIGNS: &str = "<>:\"/\\|?*";
/// Devices of Windows, whatever ending they have; those with a number beside them: COM1 to COM9, LPT1 to LPT9.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
const NUMBERED_DEVICES: [&str; 2] = ["COM", "LPT"];

/// Why a name cannot stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameFault {
    /// It holds a sign that has a meaning of its own.
    Sign(char),
    Control,
    /// It is no text in UTF-8.
    NotText,
    /// It ends with a dot or a space, which is dropped: it would be another name.
    End,
    /// Windows takes it for a device.
    Device,
    /// It is longer than 255 UTF-16 units.
    Long,
}

/// Continues "on such a medium": `no name has ":" in it`.
impl fmt::Display for NameFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sign(sign) => write!(out, "no name has {sign} in it"),
            Self::Control => out.write_str("no name has a control character in it"),
            Self::NotText => out.write_str("a name is text in UTF-8"),
            Self::End => out.write_str("no name ends with a dot or a space"),
            Self::Device => out.write_str("no file is called as a device of Windows is (CON, NUL, COM1)"),
            Self::Long => write!(out, "no name has more than {LIMIT} characters"),
        }
    }
}

/// Whether a file system, as the table of mounts calls it (`vfat`), is one of these. NTFS comes as `fuseblk` too.
pub fn limits_names(file_system: &str) -> bool {
    matches!(file_system, "vfat" | "exfat" | "msdos" | "ntfs" | "ntfs3" | "fuseblk")
}

/// What keeps a name from standing there, if anything does.
pub fn name_fault(name: &str) -> Option<NameFault> {
    let sign = name.chars().find(|c| c.is_control() || SIGNS.contains(*c));
    match sign {
        Some(c) if c.is_control() => Some(NameFault::Control),
        Some(sign) => Some(NameFault::Sign(sign)),
        None if name.ends_with(['.', ' ']) => Some(NameFault::End),
        None if is_device(name) => Some(NameFault::Device),
        None => (name.encode_utf16().count() > LIMIT).then_some(NameFault::Long),
    }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let is_numbered = |device: &str| {
        let mut number = stem.strip_prefix(device).unwrap_or_default().chars();
        matches!(number.next(), Some('1'..='9' | '¹' | '²' | '³')) && number.next().is_none()
    };
    DEVICES.contains(&stem.as_str()) || NUMBERED_DEVICES.iter().any(|device| is_numbered(device))
}

/// The nearest name that fits there and on the file systems of Linux, with the same ending. A name that fits stays as it is.
pub fn fitting_name(name: &str) -> String {
    if name_fault(name).is_none() && name.len() <= BYTES {
        return name.to_owned();
    }
    let fits = |c: char| if c.is_control() || SIGNS.contains(c) || c == char::REPLACEMENT_CHARACTER { '_' } else { c };
    let name: String = name.chars().map(fits).collect();
    let name = name.trim_end_matches(['.', ' ']);
    let (stem, ending) = name.rsplit_once('.').filter(|(_, ending)| ending.len() < 16).unwrap_or((name, ""));
    let mut bytes = 0;
    let is_within = |c: &char| {
        bytes += c.len_utf8();
        bytes <= PROPOSED_BYTES
    };
    let mut proposed = if is_device(name) || stem.is_empty() { "_".to_owned() } else { String::new() };
    proposed.extend(stem.chars().take_while(is_within));
    let stem = proposed.trim_end_matches(['.', ' ']);
    if ending.is_empty() { stem.to_owned() } else { format!("{stem}.{ending}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stick_cannot_hold_is_named_and_a_name_that_fits_is_proposed() {
        let long = format!("{}.json", "ä".repeat(251));
        let long_on_linux = format!("{}.json", "ä".repeat(126));
        let proposed_of_long = format!("{}.json", "ä".repeat(100));
        for (name, fault, proposed) in [
            ("backup 2026-01-01 10:30.json", NameFault::Sign(':'), "backup 2026-01-01 10_30.json"),
            ("what?.csv", NameFault::Sign('?'), "what_.csv"),
            ("<a>|\"b\"*.csv", NameFault::Sign('<'), "_a___b__.csv"),
            ("a\\b", NameFault::Sign('\\'), "a_b"),
            ("a\tb.txt", NameFault::Control, "a_b.txt"),
            ("contents.json.", NameFault::End, "contents.json"),
            ("contents. .", NameFault::End, "contents"),
            ("contents.json ", NameFault::End, "contents.json"),
            ("...", NameFault::End, "_"),
            ("con", NameFault::Device, "_con"),
            ("NUL.json", NameFault::Device, "_NUL.json"),
            ("Aux .tar.gz", NameFault::Device, "_Aux .tar.gz"),
            ("com1.csv", NameFault::Device, "_com1.csv"),
            ("LPT²", NameFault::Device, "_LPT²"),
            (&long, NameFault::Long, &proposed_of_long),
        ] {
            assert_eq!(name_fault(name), Some(fault), "{name:?}");
            assert_eq!(fitting_name(name), proposed, "{name:?}");
            assert_eq!(name_fault(&fitting_name(name)), None, "{name:?}");
        }
        let longest = format!("{}.json", "a".repeat(250));
        assert_eq!((name_fault(&long_on_linux), fitting_name(&long_on_linux)), (None, proposed_of_long));
        for name in [
            "contents.json",
            "vaults-codes.csv",
            "ünïcode 鍵.kdbx",
            "console.txt",
            "com.json",
            "com10.json",
            "COM0",
            "lpt",
            ".hidden",
            "a..b",
            &longest,
        ] {
            assert_eq!((name_fault(name), fitting_name(name).as_str()), (None, name));
        }
    }
}
