//! The law of imports, and the rules of the house that a compiler does not keep.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A layer, what of this crate it may name, and what of the outside it may not.
const LAW: &[(&str, &[&str])] = &[
    ("domain", &["domain"]),
    ("crypto", &["crypto", "domain"]),
    ("snapshot", &["snapshot", "crypto", "domain"]),
    ("training", &["training", "snapshot", "crypto", "domain"]),
    ("machine", &["machine", "crypto", "domain"]),
    ("cli", &["cli", "machine", "training", "snapshot", "crypto", "domain"]),
];

/// Only the machine layer and the command line meet the machine, and nothing ever meets the network.
const MACHINE: &[&str] =
    &["std::fs", "std::thread", "std::process", "std::env", "SystemTime", "Instant", "rustix", "getrandom"];
const NETWORK: &[&str] = &["std::net", "UnixStream", "UnixListener", "TcpStream", "UdpSocket"];

#[test]
fn imports_point_one_way() {
    let mut breaches = Vec::new();
    for (path, code) in sources() {
        let layer = layer_of(&path);
        breaches.extend(breaches_of(&layer, &code).into_iter().map(|breach| format!("{}: {breach}", path.display())));
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn a_breach_is_noticed() {
    assert_eq!(breaches_of("domain", "use crate::crypto::kdf;\n").len(), 1);
    assert_eq!(breaches_of("snapshot", "fn f() { crate::machine::files::read() }").len(), 1);
    assert_eq!(breaches_of("crypto", "use std::fs;\n").len(), 1);
    assert_eq!(breaches_of("machine", "use std::net::TcpStream;\n").len(), 2);
    assert_eq!(breaches_of("unheard-of", "").len(), 1);
    assert_eq!(breaches_of("crypto", "use crate::domain::secret;\n// crate::cli is above\n"), Vec::<String>::new());
    assert_eq!(breaches_of("main", "use conclave::cli::run;\n"), Vec::<String>::new());
}

fn breaches_of(layer: &str, code: &str) -> Vec<String> {
    let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut breaches = Vec::new();
    if !matches!(layer, "main" | "lib") {
        let Some((_, allowed)) = LAW.iter().find(|(name, _)| *name == layer) else {
            return vec![format!("{layer} is no layer that the law knows")];
        };
        for (at, _) in code.match_indices("crate::") {
            let named: String = code[at + 7..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            if !allowed.contains(&named.as_str()) {
                breaches.push(format!("{layer} names crate::{named}"));
            }
        }
        if matches!(layer, "domain" | "crypto" | "snapshot" | "training") {
            breaches.extend(
                MACHINE.iter().filter(|name| code.contains(**name)).map(|name| format!("{layer} names {name}")),
            );
        }
    }
    breaches.extend(NETWORK.iter().filter(|name| code.contains(**name)).map(|name| format!("{layer} names {name}")));
    breaches
}

#[test]
fn every_source_file_says_what_it_is_for_and_stays_readable() {
    for (path, code) in sources() {
        assert!(code.starts_with("//!"), "{} does not begin with what it is for", path.display());
        assert!(code.lines().count() <= 420, "{} is too long for one idea", path.display());
    }
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
    let crates = locked();
    for name in crates.keys() {
        let builds_c = name.ends_with("-sys") && !DECLARATIONS.contains(&name.as_str());
        assert!(!BANNED.contains(&name.as_str()) && !builds_c, "{name} is in Cargo.lock");
    }
    // One generation of the primitives: two would mean that something is not checked as we check it.
    for name in ["aead", "aes", "aes-gcm", "argon2", "digest", "hkdf", "hmac", "sha2", "subtle", "zeroize"] {
        assert_eq!(crates.get(name), Some(&1), "{name}");
    }
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

/// Every source file with its text up to its tests.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
                found.push((path, code));
            }
        }
    }
    assert!(found.len() > 30);
    found
}

fn layer_of(path: &Path) -> String {
    let below = path.strip_prefix(root().join("src")).unwrap();
    let first = below.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
