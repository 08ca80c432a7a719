//! Files of known answers: snapshots with one failure each (`tests/vectors/make_snapshots.py` says what a vector is),
//! and Shamir's sharing as other programs do it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use conclave::crypto::sharing::{Combined, Share, ShareFault, SharingError, combine, split};
use conclave::domain::entropy::Entropy;
use conclave::domain::secret::SecretBytes;
use data_encoding::HEXLOWER;
use serde_json::Value;

use crate::support::*;

/// A file that nobody else may read, as a PIN has to be.
fn write_private(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

const SNAPSHOTS: &str = "tests/vectors/snapshots";
const EXAMPLE: &str = "docs/worked-example";
/// A phrase whose words are in order, of no backup.
const NONE_OF_THESE: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

/// A vector, taken apart.
struct Vector {
    headers: Vec<(String, String)>,
    snapshot: Vec<u8>,
}

impl Vector {
    fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap();
        let end = bytes.windows(2).position(|pair| pair == b"\n\n").expect("an empty line ends the headers");
        let headers = std::str::from_utf8(&bytes[..end]).unwrap().lines();
        let headers: Vec<(String, String)> = headers
            .map(|line| line.split_once(": ").unwrap_or_else(|| panic!("{line}")))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let known =
            ["about", "expect", "verdict", "damaged", "says", "contents", "holds", "phrases", "cloud-key", "pin"];
        assert!(
            headers.iter().all(|(name, _)| known.contains(&name.as_str())),
            "{} has another header",
            path.display()
        );
        Self { headers, snapshot: bytes[end + 2..].to_vec() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    fn phrases(&self) -> String {
        let all = fs::read_to_string(project(EXAMPLE).join("phrases.txt")).unwrap();
        let lines: Vec<&str> = all.lines().collect();
        let chosen = self.header("phrases").unwrap_or("1,3").split(',');
        chosen
            .map(|which| which.parse::<usize>().map_or(NONE_OF_THESE, |number| lines[number - 1]).to_owned() + "\n")
            .collect()
    }

    /// What is otherwise than the headers say.
    /// Restores the backup of a device, with what the headers give.
    fn restore(&self, folder: &Path, file: &Path, phrases: &Path, out: &Path) -> Output {
        let mut command = conclave();
        command.args(["device", "restore"]).arg(file).arg("--out").arg(out).args(["--format", "json", "--plaintext"]);
        let given = ["cloud-key", "pin"].into_iter().filter_map(|name| Some((name, self.header(name)?)));
        let given: Vec<_> = given.collect();
        for (name, text) in &given {
            let path = folder.join(name);
            write_private(&path, text);
            command.arg(format!("--{name}")).arg(path);
        }
        if given.is_empty() {
            command.arg("--phrases").arg(phrases);
        }
        command.output().unwrap()
    }

    fn failures(&self, name: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let [file, phrases, out] =
            ["snapshot.json", "phrases.txt", "contents.json"].map(|name| folder.path().join(name));
        fs::write(&file, &self.snapshot).unwrap();
        fs::write(&phrases, self.phrases()).unwrap();
        let recovered = if name.starts_with("device-") {
            self.restore(folder.path(), &file, &phrases, &out)
        } else {
            recover(&file, &phrases, &out)
        };
        let contents = fs::read(&out).ok();
        let inspected = conclave().arg("inspect").arg(&file).arg("--json").output().unwrap();
        let mut failures = self.failures_of_recover(&recovered, contents.as_deref());
        failures.extend(self.failures_of_inspect(&inspected));
        if !failures.is_empty() {
            failures.push(format!("recover said:\n{}", said(&recovered)));
        }
        failures
    }

    fn failures_of_recover(&self, output: &Output, contents: Option<&[u8]>) -> Vec<String> {
        let mut failures = Vec::new();
        let exit = output.status.code();
        if exit.map(|code| code.to_string()).as_deref() != self.header("expect") {
            failures.push(format!("recover ended with {exit:?}"));
        }
        if let Some(says) = self.header("says").filter(|says| !said(output).contains(says)) {
            failures.push(format!("recover does not say \"{says}\""));
        }
        let is_written = matches!(exit, Some(0 | 7));
        let same = fs::read(project(EXAMPLE).join("expected.json")).unwrap();
        let first = fs::read(project(SNAPSHOTS).join("first.json")).unwrap();
        let found = match contents {
            None => "no",
            Some(contents) if contents == same => "same",
            Some(contents) if contents == first => "first",
            Some(_) => "different",
        };
        let expected = if is_written { self.header("contents").unwrap_or("same") } else { "no" };
        if found != expected {
            failures.push(format!("{found} contents were written, not {expected}"));
        }
        let text = String::from_utf8_lossy(contents.unwrap_or_default());
        if let Some(holds) = self.header("holds").filter(|holds| !text.contains(holds)) {
            failures.push(format!("the contents do not hold {holds}"));
        }
        failures
    }

    fn failures_of_inspect(&self, output: &Output) -> Vec<String> {
        let Some(verdict) = self.header("verdict") else { return Vec::new() };
        let exit = if verdict == "DAMAGED" { 3 } else { 0 };
        let mut failures = Vec::new();
        if output.status.code() != Some(exit) {
            failures.push(format!("inspect ended with {:?}, not {exit}: {}", output.status.code(), said(output)));
        }
        let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let damaged: BTreeSet<&str> =
            json["damaged"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let expected = self.header("damaged").map(|names| names.split(", ").collect()).unwrap_or_default();
        if json["verdict"] != verdict || damaged != expected {
            failures.push(format!("inspect finds {} {damaged:?}", json["verdict"]));
        }
        failures
    }
}

#[test]
fn a_file_with_one_failure_ends_as_its_vector_says() {
    let folder = fs::read_dir(project(SNAPSHOTS)).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = folder.filter(|path| path.extension().is_some_and(|end| end == "vector")).collect();
    paths.sort();
    assert!(paths.len() >= 80, "only {} vectors", paths.len());
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(4);
    let failures: Vec<String> = std::thread::scope(|scope| {
        let shares: Vec<_> = paths
            .chunks(paths.len().div_ceil(workers))
            .map(|share| scope.spawn(|| share.iter().filter_map(|path| judge(path)).collect::<Vec<_>>()))
            .collect();
        shares.into_iter().flat_map(|share| share.join().unwrap()).collect()
    });
    eprintln!("{} vectors, {} failures", paths.len(), failures.len());
    assert!(failures.is_empty(), "{} of {} vectors fail:\n\n{}", failures.len(), paths.len(), failures.join("\n\n"));
}

fn judge(path: &Path) -> Option<String> {
    let vector = Vector::read(path);
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let failures = vector.failures(&name);
    (!failures.is_empty())
        .then(|| format!("{name}: {}\n{}", vector.header("about").unwrap_or_default(), failures.join("\n")))
}

// Shamir's sharing

fn bytes(hexadecimal: &Value) -> Vec<u8> {
    HEXLOWER.decode(hexadecimal.as_str().unwrap().as_bytes()).unwrap()
}

fn list(shares: &Value) -> Vec<Vec<u8>> {
    shares.as_array().unwrap().iter().map(bytes).collect()
}

/// The first, the last, and scattered ones; at threshold 3 never 1, 2 and 3: their XOR is the secret in any field.
fn subsets(shares: &[Vec<u8>], threshold: usize) -> Vec<Vec<Vec<u8>>> {
    let first = shares[..threshold].to_vec();
    let last: Vec<Vec<u8>> = shares.iter().rev().take(threshold).cloned().collect();
    let step = (shares.len() - 1).checked_div(threshold - 1).unwrap_or(1);
    let scattered: Vec<Vec<u8>> = shares.iter().step_by(step).take(threshold).cloned().collect();
    let mut all = vec![first, last, scattered];
    all.retain(|subset| subset.iter().map(|share| share[0]).collect::<BTreeSet<u8>>() != BTreeSet::from([1, 2, 3]));
    assert!(all.len() >= 2 && all.iter().all(|subset| subset.len() == threshold));
    all
}

fn by_sharks(threshold: u8, shares: &[Vec<u8>]) -> Vec<u8> {
    let shares: Vec<sharks::Share> =
        shares.iter().map(|share| sharks::Share::try_from(share.as_slice()).unwrap()).collect();
    sharks::Sharks(threshold).recover(&shares).unwrap()
}

fn by_sharks_original(threshold: u8, shares: &[Vec<u8>]) -> Vec<u8> {
    let shares: Vec<sharks_original::Share> =
        shares.iter().map(|share| sharks_original::Share::try_from(share.as_slice()).unwrap()).collect();
    sharks_original::Sharks(threshold).recover(&shares).unwrap()
}

/// Shares of 32 bytes; `None` for one of another length.
fn ours(shares: &[Vec<u8>]) -> Option<Vec<Share>> {
    let share = |share: &Vec<u8>| Some(Share { number: share[0], value: SecretBytes::copy_of(&share[1..])? });
    shares.iter().map(share).collect()
}

fn by_ours(threshold: u8, shares: &[Vec<u8>], secret: &[u8]) -> Result<Combined, SharingError> {
    combine(&ours(shares).unwrap(), threshold, 255, |_| true, |key| key.reveal().as_slice() == secret)
}

fn shamir() -> Value {
    serde_json::from_slice(&fs::read(project("tests/vectors/shamir-gf256-11d.json")).unwrap()).unwrap()
}

#[test]
fn the_emergency_reader_ends_as_every_vector_says() {
    let Some(mut python) = python() else { return };
    let output = python.arg(project("tests/vectors/read_snapshots.py")).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
}

/// Sets of codes are united by rules of their own: both readers give the same bytes.
#[test]
fn sets_of_codes_are_the_same_for_both_readers() {
    let folder = fs::read_dir(project(SNAPSHOTS)).unwrap().map(|entry| entry.unwrap().path());
    let is_of_codes = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("codes-") || name.starts_with("sets-")
    };
    let paths: Vec<PathBuf> = folder.filter(is_of_codes).collect();
    assert!(paths.len() > 25, "only {} vectors", paths.len());
    on_all_cores(paths.len(), |index| {
        let vector = Vector::read(&paths[index]);
        let folder = tempfile::tempdir().unwrap();
        let [file, phrases, out] =
            ["snapshot.json", "phrases.txt", "contents.json"].map(|name| folder.path().join(name));
        fs::write(&file, &vector.snapshot).unwrap();
        fs::write(&phrases, vector.phrases()).unwrap();
        let recovered = recover(&file, &phrases, &out);
        let Some(mut python) = python() else { return };
        let read = python.arg(project("docs/emergency_reader.py")).arg(&file).arg(&phrases).output().unwrap();
        let name = paths[index].display();
        assert_eq!(read.status.code(), recovered.status.code(), "{name}: {}", said(&read));
        assert!(read.stdout == fs::read(&out).unwrap_or_default(), "{name}: {}", said(&read));
    });
}

#[test]
fn shamir_known_answers() {
    let vectors = shamir();
    let cases = vectors["cases"].as_array().unwrap();
    let mut through_ours = 0;
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let threshold = u8::try_from(case["threshold"].as_u64().unwrap()).unwrap();
        let (secret, shares) = (bytes(&case["secret"]), list(&case["shares"]));
        for subset in subsets(&shares, usize::from(threshold)) {
            assert_eq!(by_sharks(threshold, &subset), secret, "{name}");
            assert_eq!(by_sharks_original(threshold, &subset), secret, "{name}");
            if secret.len() == 32 {
                let combined = by_ours(threshold, &subset, &secret).unwrap();
                assert_eq!((combined.key.reveal().as_slice(), combined.faults), (secret.as_slice(), vec![]), "{name}");
                through_ours += 1;
            }
        }
        if secret.len() == 32 {
            assert_eq!(by_ours(threshold, &shares, &secret).unwrap().faults, [], "{name}: all shares");
        }
    }
    assert_eq!((cases.len(), through_ours), (10, 11));
}

#[test]
fn shamir_shares_that_do_not_belong_are_refused_or_named() {
    let vectors = shamir();
    let cases = vectors["negative"].as_array().unwrap();
    let of_five = |case: &&Value| case["name"] == "3of5-32";
    let truth = list(&vectors["cases"].as_array().unwrap().iter().find(of_five).unwrap()["shares"]);
    let is_true =
        |share: &Share| truth.iter().any(|known| known[0] == share.number && known[1..] == *share.value.reveal());
    assert_eq!(cases.len(), 9);
    for case in cases {
        let (name, must) = (case["name"].as_str().unwrap(), case["must"].as_str().unwrap());
        let secret = bytes(&case["secret"]);
        let Some(shares) = ours(&list(&case["shares"])) else {
            assert_eq!(name, "lengths differ");
            continue;
        };
        let is_the_key = |key: &SecretBytes<32>| key.reveal().as_slice() == secret;
        let unchecked = combine(&shares, 3, 5, |_| true, is_the_key);
        let committed = combine(&shares, 3, 5, is_true, is_the_key);
        match must {
            // With or without commitments nothing comes out, or the right key from the true ones among the shares.
            "refuse" if name == "same index, different value" => {
                assert_eq!(unchecked.unwrap().faults, [ShareFault::Duplicate { number: 3 }], "{name}");
                assert_eq!(committed.unwrap().faults, [ShareFault::NotCommitted { number: 3 }], "{name}");
                let mut turned = shares;
                turned.reverse();
                assert_eq!(combine(&turned, 3, 5, is_true, is_the_key).unwrap().faults.len(), 1, "{name}");
                assert!(combine(&turned, 3, 5, |_| true, is_the_key).is_err(), "{name}");
            }
            "refuse" => assert!(unchecked.is_err() && committed.is_err(), "{name}"),
            "refuse or give the right secret" => {
                assert_eq!(unchecked.unwrap().faults, [ShareFault::Duplicate { number: 1 }], "{name}");
                assert_eq!(committed.unwrap().faults, [ShareFault::Duplicate { number: 1 }], "{name}");
            }
            "be caught by a check outside Shamir" | "be caught by a set identifier" => {
                let faults = vec![ShareFault::NotCommitted { number: 3 }];
                assert_eq!(
                    committed.unwrap_err(),
                    SharingError::NotEnough { usable: 2, threshold: 3, faults },
                    "{name}"
                );
                assert!(unchecked.is_err(), "{name}");
            }
            "name share 3 and still recover" => {
                assert_eq!(committed.unwrap().faults, [ShareFault::NotCommitted { number: 3 }], "{name}");
                assert_eq!(unchecked.unwrap().faults, [ShareFault::Off { number: 3 }], "{name}");
            }
            other => panic!("{name}: {other}"),
        }
    }
}

#[test]
fn shares_of_sharks_open_here_and_ours_open_there() {
    let mut entropy = Seeded::new("shares across programs");
    for (threshold, count) in [(1, 1), (2, 2), (2, 3), (3, 5), (5, 8), (16, 16)] {
        let mut secret = [0; 32];
        entropy.fill(&mut secret).unwrap();
        let key = SecretBytes::copy_of(&secret).unwrap();
        let split = split(&key, threshold, count, &mut entropy).unwrap();
        let made: Vec<Vec<u8>> =
            split.iter().map(|share| [&[share.number], share.value.reveal().as_slice()].concat()).collect();
        let theirs = sharks_original::Sharks(threshold).dealer(&secret).take(usize::from(count));
        let theirs: Vec<Vec<u8>> = theirs.map(|share| Vec::from(&share)).collect();
        let last = usize::from(count - threshold);
        assert_eq!(by_sharks_original(threshold, &made[last..]), secret, "{threshold} of {count}");
        assert_eq!(by_sharks(threshold, &theirs[last..]), secret, "{threshold} of {count}");
        assert_eq!(by_ours(threshold, &theirs[last..], &secret).unwrap().faults, [], "{threshold} of {count}");
        assert_eq!(by_ours(threshold, &theirs, &secret).unwrap().faults, [], "{threshold} of {count}");
    }
}
