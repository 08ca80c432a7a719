//! Phrases as people write them down and programs copy them (`tests/vectors/phrases`, with what each must give): the one reader gives
//! the same for files, clipboards and prompts.

use std::collections::BTreeMap;
use std::fs;

use conclave::domain::explain::Explain;
use conclave::domain::phrase::Phrase;
use conclave::domain::phrase_entry::PhraseEntry;
use conclave::domain::phrase_list::phrases_in;
use conclave::domain::typed::{has_invisible, visible};
use serde::Deserialize;

use crate::support::*;

const FOLDER: &str = "tests/vectors/phrases";

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Expected {
    /// The phrases of `right.txt`.
    Phrases(String),
    /// Each is refused, the first with these words.
    Says(String),
}

fn read(name: &str) -> String {
    fs::read_to_string(project(FOLDER).join(name)).unwrap()
}

fn entropies(text: &str) -> Vec<Vec<u8>> {
    let text = visible(text);
    let phrases = phrases_in(&text, ENGLISH);
    phrases.iter().map(|line| Phrase::of_words(&line.words, ENGLISH).unwrap().reveal_entropy().to_vec()).collect()
}

#[test]
fn every_way_to_write_a_phrase_is_read_or_named_for_what_it_is() {
    let expected: BTreeMap<String, Expected> = serde_json::from_str(&read("expected.json")).unwrap();
    let right = entropies(&read("right.txt"));
    let files = fs::read_dir(project(FOLDER)).unwrap().map(|entry| entry.unwrap().path());
    let texts = files.filter(|path| path.extension().is_some_and(|end| end == "txt") && !path.ends_with("right.txt"));
    let mut read_so = 0;
    for path in texts {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = read(&format!("{name}.txt"));
        match &expected[&name] {
            Expected::Phrases(file) => {
                assert_eq!(file, "right");
                assert_eq!(entropies(&text), right, "{name}");
                pasted(&name, &text, &right);
            }
            Expected::Says(said) => {
                let seen = visible(&text);
                let first = phrases_in(&seen, ENGLISH).swap_remove(0);
                let error = Phrase::of_words(&first.words, ENGLISH).unwrap_err();
                assert!(error.to_string().contains(said) && !error.hint().is_empty(), "{name}: {error}");
            }
        }
        read_so += 1;
    }
    assert_eq!(read_so, expected.len());
}

/// Where each phrase has a line of its own, the line is also pasted into the cells of the screen.
fn pasted(name: &str, text: &str, right: &[Vec<u8>]) {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.len() != right.len() {
        return;
    }
    for (line, right) in lines.iter().zip(right) {
        let mut entry = PhraseEntry::new(ENGLISH);
        let pasted = entry.paste(line);
        assert_eq!((pasted.in_list, pasted.has_invisible), (12, has_invisible(line)), "{name}: {pasted:?}");
        assert_eq!(entry.phrase().unwrap().reveal_entropy(), right.as_slice(), "{name}");
        // And typed, sign by sign.
        let mut entry = PhraseEntry::new(ENGLISH);
        for c in line.chars() {
            if conclave::domain::typed::is_invisible(c) {
                assert!(entry.push(c), "{name}");
            } else if conclave::domain::phrase_list::is_separator(conclave::domain::typed::plain(c)) {
                entry.take();
            } else {
                assert!(entry.push(c), "{name}: {c:?}");
            }
        }
        entry.take();
        assert_eq!(entry.phrase().unwrap().reveal_entropy(), right.as_slice(), "{name}, typed");
    }
}

#[test]
fn a_command_reads_them_and_says_what_was_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let recover = |name: &str| {
        let out = folder.path().join(format!("{name}.json"));
        let done = recover(&project(FOLDER).join("backup.json"), &project(FOLDER).join(format!("{name}.txt")), &out);
        let text = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
        (done.status.code(), text, out.exists())
    };
    let (code, text, is_written) = recover("zwsp_after_words");
    assert!(code == Some(0) && is_written && text.contains("signs that nobody can see were left out"), "{text}");
    let (code, text, is_written) = recover("two_columns");
    assert!(code == Some(0) && is_written && !text.contains("nobody can see"), "{text}");
    let (code, text, is_written) = recover("slip39_share");
    assert!(code == Some(4) && !is_written && text.contains("a share of SLIP-39"), "{text}");
    assert!(!text.contains("was a word left out"), "{text}");
}
