//! Snapshots as they arrive (`tests/vectors/arrivals`, with what each must give): what mail servers, gateways and programs did to the
//! training backup `2-of-3` is read, with the verdict that the digests give, or named for what it is.

use std::collections::BTreeMap;
use std::fs;

use conclave::domain::explain::Explain;
use conclave::session::load::load;
use conclave::training::SAMPLES;
use serde::Deserialize;

use crate::support::*;

const FOLDER: &str = "tests/vectors/arrivals";

/// What a file must give.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// Of what is read.
    verdict: Option<String>,
    /// A part of what is said of what is not.
    named: Option<String>,
    /// A part of what is said of how it came, and how far it was read.
    says: Option<String>,
}

/// Whether it is an e-mail, whatever it is called.
fn read_as_mail(name: &str) -> bool {
    ["eml", "emlx"].iter().any(|end| name.rsplit('.').next() == Some(end)) || name == "mbox_of_one"
}

#[test]
fn what_arrives_is_read_as_far_as_it_goes_or_named() {
    let folder = project(FOLDER);
    let expected: BTreeMap<String, Expected> =
        serde_json::from_str(&fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
    let right = conclave::snapshot::v1::read::read(SAMPLES[0].snapshot).unwrap().snapshot().unwrap();
    let mut looked_at = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name == "expected.json" {
            continue;
        }
        let expected = &expected[name];
        match (&expected.verdict, &expected.named, load(&path)) {
            (Some(verdict), None, Ok(loaded)) => {
                assert_eq!(loaded.reading.verdict.name(), verdict, "{name}: {}", loaded.reading.verdict);
                // Never called whole with other contents.
                assert_eq!(loaded.reading.core.as_ref().unwrap(), &right.core, "{name}");
                let remarks = loaded.reading.remarks.join("; ");
                assert!(!read_as_mail(name) || remarks.contains("the e-mail"), "{name}: {remarks}");
                let has_more =
                    ["trailing_text.json.gz", "text_behind_the_snapshot.json", "zeros_behind_the_snapshot.json"];
                assert_eq!(remarks.contains("was left out"), has_more.contains(&name), "{name}: {remarks}");
                let says = expected.says.as_deref().unwrap_or_default();
                assert!(remarks.contains(says), "{name}: {remarks}");
                if verdict != "DAMAGED" {
                    assert_eq!(loaded.reading.snapshot().unwrap(), right, "{name}");
                }
            }
            (None, Some(what), Err(error)) => {
                let (said, hint) = (error.to_string(), error.hint());
                assert!(said.contains(what) && !hint.is_empty(), "{name}: {said}");
                // A name is no reason to call it damaged, and who has the e-mail is not sent to it.
                assert!(!said.contains("damaged") && !hint.contains("Take another copy"), "{name}: {said} {hint}");
                assert!(!read_as_mail(name) || !hint.contains("the e-mail it came with"), "{name}: {hint}");
                assert!(!read_as_mail(name) || !hint.contains("the e-mail that it came with"), "{name}: {hint}");
            }
            (.., Ok(loaded)) => panic!("{name}: {}", loaded.reading.verdict),
            (.., Err(error)) => panic!("{name}: {error}"),
        }
        looked_at += 1;
    }
    assert_eq!(looked_at, expected.len());
}

#[test]
fn the_emergency_reader_undoes_what_mail_servers_did_to_long_lines() {
    for name in ["postfix_998_8bit.eml", "sendmail_990.json"] {
        let folder = tempfile::tempdir().unwrap();
        let phrases = folder.path().join("phrases.txt");
        fs::write(&phrases, SAMPLES[0].phrases).unwrap();
        let Some(mut python) = python() else { return };
        let file = project(FOLDER).join(name);
        let read = python.arg(project("docs/emergency_reader.py")).arg(file).arg(&phrases).output().unwrap();
        let said = String::from_utf8_lossy(&read.stderr);
        assert!(read.status.success() && said.contains("REFORMATTED") && !said.contains("DAMAGED"), "{name}: {said}");
        assert!(read.stdout == SAMPLES[0].expected, "{name}");
    }
}
