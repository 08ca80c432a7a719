//! A search for secrets in the memory of another process, in every form in which a program may keep them.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};

/// As many bytes of a secret are looked for as the first words of a freed chunk cannot hide.
pub const WINDOW: usize = 8;

/// Something that must not be found, by name.
pub struct Secret {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Secret {
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}

/// A key of the suite as it stands, as the numbers of 32 bits that a hash works on, and as HMAC keeps it in its two blocks.
pub fn of_key(name: &str, bytes: &[u8]) -> Vec<Secret> {
    let numbers: Vec<u8> = bytes.chunks_exact(4).flat_map(|number| number.iter().rev().copied()).collect();
    let masked = |mask: u8| bytes.iter().map(|byte| byte ^ mask).collect::<Vec<u8>>();
    vec![
        Secret::new(name, bytes),
        Secret::new(format!("{name}, as numbers,"), numbers),
        Secret::new(format!("{name}, in the inner block of a mac,"), masked(0x36)),
        Secret::new(format!("{name}, in the outer block of a mac,"), masked(0x5c)),
    ]
}

/// Memory of a process that it can write to. `None` where the system does not let us look.
pub fn memory(process: u32) -> Option<Vec<Vec<u8>>> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).ok()?;
    let mut memory = File::open(format!("/proc/{process}/mem")).ok()?;
    let mut regions = Vec::new();
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (from, to) = fields.next()?.split_once('-')?;
        if !fields.next()?.starts_with("rw") {
            continue;
        }
        let from = u64::from_str_radix(from, 16).ok()?;
        let length = u64::from_str_radix(to, 16).ok()? - from;
        let mut bytes = vec![0; usize::try_from(length).ok()?];
        memory.seek(SeekFrom::Start(from)).ok()?;
        if memory.read_exact(&mut bytes).is_ok() {
            regions.push(bytes);
        }
    }
    (!regions.is_empty()).then_some(regions)
}

/// Names of the windows that are in memory, as they stand and a screen cell apart.
pub fn found(regions: &[Vec<u8>], secrets: &[Secret]) -> Vec<String> {
    let mut wanted: HashMap<[u8; WINDOW], Vec<(usize, usize)>> = HashMap::new();
    let mut begins = vec![false; 1 << 16];
    for (index, secret) in secrets.iter().enumerate() {
        let is_phrase = secret.name.starts_with("phrase");
        let windows = secret.bytes.windows(WINDOW).enumerate();
        for (at, window) in windows.filter(|(_, window)| !is_phrase || window.contains(&b' ')) {
            begins[usize::from(window[0]) | usize::from(window[1]) << 8] = true;
            wanted.entry(window.try_into().unwrap()).or_default().push((index, at));
        }
    }
    let mut found = BTreeSet::new();
    for (apart, how) in [(1, ""), (size_of::<ratatui::buffer::Cell>(), " over cells")] {
        for region in regions {
            for start in 0..region.len().saturating_sub((WINDOW - 1) * apart) {
                if begins[usize::from(region[start]) | usize::from(region[start + apart]) << 8] {
                    let window: [u8; WINDOW] = std::array::from_fn(|index| region[start + index * apart]);
                    found.extend(wanted.get(&window).into_iter().flatten().map(|(index, at)| (*index, *at, how)));
                }
            }
        }
    }
    found.into_iter().map(|(index, at, how)| format!("{} from byte {at}{how}", secrets[index].name)).collect()
}

/// The names alone, each once.
pub fn names(found: &[String]) -> BTreeSet<&str> {
    found.iter().filter_map(|found| found.split(" from byte").next()).collect()
}

/// Where eight characters of `typed` in a row stand in memory as keys do: four bytes each, some distance apart. The cells of a screen
/// look the same, so of a phrase only what spans two words counts (a word alone may be one of a fingerprint), and nothing that `texts`
/// have in them.
pub fn found_keys(regions: &[Vec<u8>], typed: &str, texts: &str) -> Vec<String> {
    let at = |region: &[u8], place: usize| match region.get(place..place + 4) {
        Some([letter, 0, 0, 0]) => Some(*letter),
        _ => None,
    };
    let is_meant = |window: &str| window.contains(' ') == typed.contains(' ') && !texts.contains(window);
    let windows = (0..=typed.len() - WINDOW).step_by(5).map(|from| (from, &typed[from..from + WINDOW]));
    let mut found = Vec::new();
    for (from, window) in windows.filter(|(_, window)| is_meant(window)) {
        let window = window.as_bytes();
        for region in regions {
            for start in (0..region.len()).step_by(4).filter(|start| at(region, *start) == Some(window[0])) {
                let is_there = |apart: &usize| {
                    window.iter().enumerate().all(|(index, letter)| at(region, start + index * apart) == Some(*letter))
                };
                found.extend(
                    (4..=256)
                        .step_by(4)
                        .find(is_there)
                        .map(|apart| format!("characters {} to {}, {apart} bytes apart", from + 1, from + WINDOW)),
                );
            }
        }
    }
    found
}
