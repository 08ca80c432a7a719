//! `docs/requirements.md` names for each sentence of what was asked a test: every sentence is there once, and every test exists.

use std::collections::BTreeMap;
use std::fs;

use crate::support::*;

/// The first cell of each row that is numbered, and the tests in its last one.
fn rows(page: &str) -> BTreeMap<String, Vec<String>> {
    let mut rows = BTreeMap::new();
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let number = cells[0];
        if !number.starts_with(['C', 'O', 'D', 'M']) || number[1..].parse::<u8>().is_err() {
            continue;
        }
        let tests = cells[cells.len() - 1].split('`').filter(|part| part.contains("::")).map(str::to_owned).collect();
        assert!(rows.insert(number.to_owned(), tests).is_none(), "{number} stands twice");
    }
    rows
}

#[test]
fn every_sentence_has_a_test_that_exists() {
    let rows = rows(&fs::read_to_string(project("docs/requirements.md")).unwrap());
    let wanted = [("C", 11), ("O", 12), ("D", 11), ("M", 10)];
    let wanted =
        wanted.into_iter().flat_map(|(letter, count)| (1..=count).map(move |number| format!("{letter}{number}")));
    let mut wanted: Vec<String> = wanted.collect();
    wanted.sort();
    assert_eq!(rows.keys().cloned().collect::<Vec<_>>(), wanted);
    for (number, tests) in rows {
        assert!(!tests.is_empty(), "{number} names no test");
        for test in tests {
            let (file, name) = test.split_once("::").unwrap();
            let path = if file == "layers" { "tests/layers.rs".to_owned() } else { format!("tests/suite/{file}.rs") };
            let source = fs::read_to_string(project(&path)).unwrap_or_else(|_| panic!("{number}: there is no {path}"));
            assert!(source.contains(&format!("#[test]\nfn {name}()")), "{number}: there is no test {test}");
        }
    }
}
