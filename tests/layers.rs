//! The law of imports, and the rules of the house that a compiler does not keep.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// A layer, what of this crate it may name, and what of the outside it may not.
const LAW: &[(&str, &[&str])] = &[
    ("domain", &["domain"]),
    ("crypto", &["crypto", "domain"]),
    ("snapshot", &["snapshot", "crypto", "domain"]),
    ("derivation", &["derivation", "crypto", "domain"]),
    ("export", &["export", "derivation", "crypto", "domain"]),
    ("training", &["training", "snapshot", "crypto", "domain"]),
    ("effect", &["effect", "domain"]),
    ("machine", &["machine", "effect", "crypto", "domain"]),
    ("journey", &["journey", "effect", "domain"]),
    ("ui", &["ui", "journey", "effect", "domain"]),
    ("session", &["session", "machine", "training", "effect", "export", "derivation", "snapshot", "crypto", "domain"]),
    (
        "cli",
        &[
            "cli",
            "session",
            "ui",
            "journey",
            "machine",
            "training",
            "effect",
            "export",
            "derivation",
            "snapshot",
            "crypto",
            "domain",
        ],
    ),
];

/// Files, handles and randomness of the system: only `machine` names them.
const MACHINE: &[&str] = &["std::fs", "rustix", "getrandom", "signal_hook"];
/// The terminal: only `ui`, where screens are drawn; `machine`, where the device is; and `cli`, which puts them together.
const TERMINAL: &[&str] = &["ratatui", "crossterm"];
/// What `cli` and `main` may name beside `machine`; no other layer does.
const PROCESS: &[&str] = &["std::thread", "std::process", "std::env", "SystemTime", "Instant"];
/// Nobody.
const NETWORK: &[&str] = &["std::net", "os::unix::net", "UnixStream", "UnixListener", "TcpStream", "UdpSocket"];

#[test]
fn imports_point_one_way() {
    let mut breaches = Vec::new();
    for (path, code) in sources() {
        breaches.extend(breaches_of(&path, &code).into_iter().map(|breach| format!("src/{path}: {breach}")));
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn a_breach_is_noticed() {
    for (path, code) in [
        ("domain/a.rs", "use crate::crypto::kdf;\n"),
        ("domain/a.rs", "use crate::{domain::text, crypto::{kdf, seal}};\n"),
        ("domain/a.rs", "use super::super::crypto::kdf;\n"),
        ("domain.rs", "pub use super::crypto;\n"),
        ("snapshot/a.rs", "fn f() { crate::machine::files::read() }"),
        ("snapshot/a.rs", "use std::time::{Duration, Instant};\n"),
        ("training.rs", "use crate::cli::Exit;\n"),
        ("machine/a.rs", "use crate::snapshot::container;\n"),
        ("crypto/a.rs", "use std::fs;\n"),
        ("crypto/a.rs", "use std::{\n    env,\n    io::{self, Read},\n};\n"),
        ("cli/a.rs", "use std::fs::File;\n"),
        ("cli/a.rs", "use std::{fs, io};\n"),
        ("main.rs", "use rustix::fs;\n"),
        ("machine/a.rs", "use std::net::Ipv4Addr;\n"),
        ("cli/a.rs", "use std::{io, net::Ipv4Addr};\n"),
        ("ui/screens/a.rs", "use crate::machine::files;\n"),
        ("ui/screens/a.rs", "use crate::snapshot::backup::Backup;\n"),
        ("ui/app.rs", "use std::time::{Duration, Instant};\n"),
        ("ui/app.rs", "use std::thread;\n"),
        ("session.rs", "use crate::ui::key::Key;\n"),
        ("session.rs", "use ratatui::Terminal;\n"),
        ("machine/tty.rs", "use crate::ui::key::Key;\n"),
        ("effect.rs", "use crate::crypto::kdf::Kdf;\n"),
        ("effect/key.rs", "use crate::journey::Journey;\n"),
        ("journey.rs", "use crate::ui::pace::Pace;\n"),
        ("journey/desk.rs", "use crate::crypto::kdf::Kdf;\n"),
        ("journey/export.rs", "use crate::machine::files;\n"),
        ("journey/export.rs", "use std::fs;\n"),
        ("journey/recovery.rs", "use ratatui::layout::Rect;\n"),
        ("journey/recovery.rs", "use std::time::{Duration, Instant};\n"),
        ("session.rs", "use crate::journey::Journey;\n"),
        ("domain/a.rs", "use crossterm::event;\n"),
        ("unheard-of.rs", ""),
    ] {
        assert!(!breaches_of(path, code).is_empty(), "{path}: {code}");
    }
    for (path, code) in [
        ("crypto/a.rs", "use std::io;\nuse crate::domain::secret;\n// crate::cli is above\n"),
        ("snapshot/v1/a.rs", "use super::super::sealing;\nuse crate::{crypto::kdf, domain::text};\n"),
        ("machine/a.rs", "use std::{fs::File, io};\nuse rustix::io::Errno;\n"),
        ("cli/a.rs", "use std::process::ExitCode;\nuse crate::machine::files;\n"),
        ("journey/a.rs", "use crate::effect::Effect;\nuse super::desk::Desk;\nuse std::time::Duration;\n"),
        ("ui/screens/a.rs", "use crate::effect::Effect;\nuse crate::journey::Journey;\nuse std::time::Duration;\n"),
        ("machine/folder.rs", "use crate::effect::Entry;\n"),
        ("main.rs", "use conclave::cli::run;\n"),
    ] {
        assert_eq!(breaches_of(path, code), Vec::<String>::new(), "{path}: {code}");
    }
}

/// What the file at `path` (below `src/`) names against the law. Looks at `use` trees and at paths anywhere in the code; a
/// name that a macro would put together is not seen.
fn breaches_of(path: &str, code: &str) -> Vec<String> {
    let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let code = imports(&code).join("\n") + "\n" + &code;
    let modules: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    let layer = modules[0];
    let mut breaches = Vec::new();
    let mut never = |names: &[&str]| {
        breaches.extend(names.iter().filter(|name| code.contains(**name)).map(|name| format!("{layer} names {name}")));
    };
    never(NETWORK);
    if layer != "machine" {
        never(MACHINE);
    }
    if !matches!(layer, "machine" | "cli" | "main") {
        never(PROCESS);
    }
    if !matches!(layer, "ui" | "machine" | "cli") {
        never(TERMINAL);
    }
    if matches!(layer, "main" | "lib") {
        return breaches;
    }
    let Some((_, allowed)) = LAW.iter().find(|(name, _)| *name == layer) else {
        return vec![format!("{layer} is no layer that the law knows")];
    };
    for (at, _) in code.match_indices("crate::") {
        let named: String = code[at + 7..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        // Without a name it is the start of a group, which `imports` has written out.
        if !named.is_empty() && !allowed.contains(&named.as_str()) {
            breaches.push(format!("{layer} names crate::{named}"));
        }
    }
    if code.contains(&"super::".repeat(modules.len())) {
        breaches.push(format!("{layer} climbs out of its layer with super"));
    }
    breaches
}

/// Every path of the `use` statements with its groups written out: `use a::{b, c::d};` is `a::b` and `a::c::d`.
fn imports(code: &str) -> Vec<String> {
    let is_start = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let uses = code.match_indices("use ").filter(|(at, _)| is_start(*at));
    let trees = uses.filter_map(|(at, _)| code[at + 4..].split(';').next());
    trees.flat_map(|tree| written_out(&tree.split_whitespace().collect::<Vec<_>>().join(" "))).collect()
}

fn written_out(tree: &str) -> Vec<String> {
    let Some((prefix, group)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let mut branches = vec![String::new()];
    let mut depth = 0;
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => branches.push(String::new()),
            _ => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                branches.last_mut().unwrap().push(c);
            }
        }
    }
    let prefix = prefix.trim();
    branches.iter().flat_map(|branch| written_out(branch)).map(|branch| format!("{prefix}{branch}")).collect()
}

/// Names that several modules declare, and why each may: there it means the same.
const SHARED_NAMES: &[(&str, &[&str], &str)] = &[
    (
        "Asked",
        &["journey/export.rs", "journey/refresh.rs", "journey/unlisted.rs"],
        "what a journey asks next; named behind its module",
    ),
    (
        "Refusal",
        &["journey/export.rs", "journey/refresh.rs", "journey/unlisted.rs"],
        "why a journey does not take an answer; named behind its module",
    ),
];

#[test]
fn a_type_has_a_name_of_its_own() {
    let sources = sources();
    let twice = declared_twice(&sources);
    assert!(twice.is_empty(), "{}", twice.join("\n"));
    for (name, files, why) in SHARED_NAMES {
        for file in *files {
            let is_there = sources.iter().any(|(path, code)| path == file && declared(code).contains(name));
            assert!(is_there, "src/{file} declares no {name} any more, of which is said: {why}");
        }
    }
}

#[test]
fn a_second_thing_of_one_name_is_noticed() {
    let twice = |first: (&str, &str), second: (&str, &str)| {
        declared_twice(&[first, second].map(|(path, code)| (path.to_owned(), code.to_owned())))
    };
    for code in [
        "pub struct Share {",
        "struct Share(u8);",
        "pub(super) enum Share<'a> {",
        "pub(in crate::a) trait Share: Sized {",
        "type Share = u8;",
    ] {
        assert_eq!(twice(("crypto/a.rs", "pub struct Share;\n"), ("ui/b.rs", code)).len(), 1, "{code}");
    }
    let asked = "pub enum Asked {\n";
    assert!(!twice(("journey/export.rs", asked), ("journey/ceremony.rs", asked)).is_empty());
    assert!(twice(("journey/export.rs", asked), ("journey/refresh.rs", asked)).is_empty());
    for code in ["pub struct Shares;\n", "/// struct Share {\n", "fn f() {\n    struct Share;\n}\n", "use a::Share;\n"]
    {
        assert!(twice(("crypto/a.rs", "pub struct Share;\n"), ("ui/b.rs", code)).is_empty(), "{code}");
    }
}

/// Each name that more than one of these files declares, with the files, but for [`SHARED_NAMES`] where they are shared.
fn declared_twice(sources: &[(String, String)]) -> Vec<String> {
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, code) in sources {
        for name in declared(code) {
            places.entry(name).or_default().push(path);
        }
    }
    let may_share =
        |name: &str, path: &str| SHARED_NAMES.iter().any(|(shared, files, _)| *shared == name && files.contains(&path));
    let twice =
        places.into_iter().filter(|(name, files)| files.len() > 1 && !files.iter().all(|file| may_share(name, file)));
    twice.map(|(name, files)| format!("{name} is declared in {}", files.join(" and "))).collect()
}

/// The structs, enums, traits and aliases that a file declares. What stands inside a function is named nowhere else.
fn declared(code: &str) -> Vec<&str> {
    let names = code.lines().filter_map(|line| {
        let line = match line.strip_prefix("pub") {
            Some(line) if line.starts_with('(') => line.split_once(") ")?.1,
            Some(line) => line.trim_start(),
            None => line,
        };
        let (what, rest) = line.split_once(' ')?;
        let is_type = matches!(what, "struct" | "enum" | "trait" | "type");
        rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().filter(|name| is_type && !name.is_empty())
    });
    names.collect()
}

#[test]
fn every_source_file_says_what_it_is_for_and_stays_readable() {
    for (path, code) in sources() {
        assert!(code.starts_with("//!"), "src/{path} does not begin with what it is for");
        assert!(code.lines().count() <= 420, "src/{path} is too long for one idea");
    }
}

/// What follows `1 ` in a text and is no thing of which there is one.
const NO_PLURALS: &[&str] = &["is", "was", "has", "stays", "says", "this", "its", "opens"];

/// `1 files`, `1 more codes`: a number and a noun that do not go together.
fn wrong_plurals(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_noun = |word: &str| word.len() > 2 && word.ends_with('s') && word.chars().all(|c| c.is_ascii_lowercase());
    let bare = |word: &str| word.trim_end_matches(['.', ',', ':', ';', '!', ')']).to_owned();
    let after = |place: usize| match words.get(place + 1).map(|word| bare(word)) {
        Some(more) if ["more", "other", "new"].contains(&more.as_str()) => words.get(place + 2).map(|word| bare(word)),
        next => next,
    };
    let ones = words.iter().enumerate().filter(|(_, word)| word.trim_start_matches('(') == "1");
    ones.filter_map(|(place, _)| after(place))
        .filter(|next| is_noun(next) && !NO_PLURALS.contains(&next.as_str()))
        .map(|next| format!("1 {next}"))
        .collect()
}

#[test]
fn no_frame_counts_one_of_several() {
    assert_eq!(wrong_plurals("about 1 phrases, 1 s"), ["1 phrases"]);
    assert_eq!(wrong_plurals("of (1 more codes)."), ["1 codes"]);
    assert!(wrong_plurals("1 is, word 1 was, 11 files, 1 file, 1 s").is_empty());
    let frames = root().join("src/ui/screens/catalogue/snapshots");
    let mut read = 0;
    for frame in fs::read_dir(frames).unwrap().map(|entry| entry.unwrap().path()) {
        let text = fs::read_to_string(&frame).unwrap();
        assert_eq!(wrong_plurals(&text), [""; 0], "{}", frame.display());
        read += 1;
    }
    assert!(read > 100, "{read}");
}

#[test]
fn no_crate_brings_c_code_a_network_or_a_runtime() {
    const BANNED: &[&str] = &[
        "async-std",
        "bindgen",
        "cc",
        "cmake",
        "curl",
        "hyper",
        "mio",
        "native-tls",
        "openssl",
        "reqwest",
        "ring",
        "rustls",
        "socket2",
        "tokio",
        "ureq",
    ];
    /// Declarations only, for platforms; they build no C.
    const DECLARATIONS: &[&str] = &["js-sys", "linux-raw-sys", "web-sys", "windows-sys"];
    /// Crates that the lock file names for other systems only, and what alone may ask for them.
    const ELSEWHERE: &[(&str, &str)] = &[("cc", "iana-time-zone-haiku"), ("core-foundation-sys", "iana-time-zone")];
    let crates = locked();
    for name in crates.keys() {
        let builds_c = name.ends_with("-sys") && !DECLARATIONS.contains(&name.as_str());
        let asking = dependents(name);
        let is_elsewhere = ELSEWHERE.iter().any(|(of, by)| of == name && asking == [*by]);
        assert!((!BANNED.contains(&name.as_str()) && !builds_c) || is_elsewhere, "{name} is in Cargo.lock: {asking:?}");
    }
    // One generation of the primitives: two would mean that something is not checked as we check it.
    for name in ["aead", "aes", "aes-gcm", "argon2", "digest", "hkdf", "hmac", "sha2", "subtle", "zeroize"] {
        assert_eq!(crates.get(name), Some(&1), "{name}");
    }
}

/// The crates in Cargo.lock that depend on this one.
fn dependents(name: &str) -> Vec<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let packages = lock.split("[[package]]").filter(|package| {
        let mut needed = package.lines().map(|line| line.trim().trim_end_matches(',').trim_matches('"'));
        needed.any(|needed| needed.split(' ').next() == Some(name) && !needed.starts_with("name = "))
    });
    packages.filter_map(|package| Some(package.split("name = \"").nth(1)?.split('"').next()?.to_owned())).collect()
}

/// Names in Cargo.lock and how many versions of each.
fn locked() -> BTreeMap<String, usize> {
    let mut crates = BTreeMap::new();
    for line in fs::read_to_string(root().join("Cargo.lock")).unwrap().lines() {
        if let Some(name) = line.strip_prefix("name = ") {
            *crates.entry(name.trim_matches('"').to_owned()).or_insert(0) += 1;
        }
    }
    assert!(crates.len() > 50);
    crates
}

/// Every source file by its path below `src/`, with its text up to its tests.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
                let below = path.strip_prefix(root().join("src")).unwrap();
                found.push((below.to_str().unwrap().to_owned(), code));
            }
        }
    }
    assert!(found.len() > 30);
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
