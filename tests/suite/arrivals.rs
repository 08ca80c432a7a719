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

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Expected {
    Verdict(String),
    Named(String),
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
        match (&expected[name], load(&path)) {
            (Expected::Verdict(verdict), Ok(loaded)) => {
                assert_eq!(loaded.reading.verdict.name(), verdict, "{name}: {}", loaded.reading.verdict);
                // Never called whole with other contents.
                assert_eq!(loaded.reading.core.as_ref().unwrap(), &right.core, "{name}");
                let remarks = loaded.reading.remarks.join("; ");
                assert_eq!(remarks.contains("a part of the e-mail"), read_as_mail(name), "{name}: {remarks}");
                assert_eq!(remarks.contains("was left out"), name == "trailing_text.json.gz", "{name}: {remarks}");
                if verdict != "DAMAGED" {
                    assert_eq!(loaded.reading.snapshot().unwrap(), right, "{name}");
                }
            }
            (Expected::Named(what), Err(error)) => {
                assert!(error.to_string().contains(what) && !error.hint().is_empty(), "{name}: {error}");
            }
            (_, Ok(loaded)) => panic!("{name}: {}", loaded.reading.verdict),
            (_, Err(error)) => panic!("{name}: {error}"),
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
