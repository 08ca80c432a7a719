//! Codes of accounts by the real program: saved without a phrase, read by each owner alone, used, united, refused.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use conclave::domain::inventory::{
    CodeKind, Collection, Counts, Item, NewSet, Record, SetMode, account_id, sets, used_record,
};
use conclave::domain::kind::Kind;
use conclave::domain::secret::SecretText;
use conclave::domain::time::Timestamp;
use conclave::snapshot::founding::SealingPlan;
use conclave::snapshot::refresh::{append_public, compact, is_compaction_advised};
use conclave::snapshot::v1::layout;

use crate::support::*;

const TEN: &str = "SAVE YOUR BACKUP CODES\nKeep them somewhere safe.\n\n1. 0318 4471   6. 7720 1934\n2. 5563 0098   7. 0045 6612\n\
3. 9012 3344   8. 1188 2299\n4. 4400 5511   9. 6677 8899\n5. 2233 0011  10. 3141 5926\n";

struct Circle {
    folder: tempfile::TempDir,
}

/// How a run ended: its exit code, what it answered, what it said beside that.
struct Ran(i32, String, String);

impl Ran {
    #[track_caller]
    fn is(&self, code: i32, answer: &str, says: &[&str]) {
        let Self(found, out, beside) = self;
        assert_eq!(*found, code, "{out}\n{beside}");
        assert_eq!(out, answer, "{beside}");
        for part in says {
            assert!(beside.contains(part), "no {part:?} in:\n{beside}");
        }
    }
}

impl Circle {
    /// Three owners, nothing saved yet.
    fn new() -> Self {
        let circle = Self { folder: tempfile::tempdir().unwrap() };
        circle.write("owners.csv", "Ann,ann@example.org\nBen,ben@example.org\nJoe,joe@example.org\n");
        let ran = circle.run("create --organization Cellar --owners owners.csv --email b@example.org --purpose training --out c --phrases-out all.txt", "");
        assert_eq!(ran.0, 0, "{}{}", ran.1, ran.2);
        let phrases = fs::read_to_string(circle.path("all.txt")).unwrap();
        for (number, line) in (1..).zip(phrases.lines()) {
            circle.write(&format!("{number}.txt"), line);
        }
        fs::copy(circle.path("c/snapshot.json"), circle.path("0.json")).unwrap();
        circle
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// `conclave codes` with these arguments, none of which holds a space, and this standard input.
    fn run(&self, arguments: &str, input: &str) -> Ran {
        let mut command = Command::new(PROGRAM);
        command.current_dir(self.folder.path()).arg("codes").args(arguments.split_whitespace());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A run that reads nothing may be gone already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran(output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn next(&self, file: &str, owner: u8) -> String {
        let ran = self.run(&format!("show {file} --phrases {owner}.txt --service github"), "");
        assert_eq!(ran.0, 0, "{}", ran.2);
        ran.1.trim().to_owned()
    }
}

#[test]
fn codes_are_saved_without_a_phrase_and_read_by_each_owner_alone() {
    let circle = Circle::new();
    circle.run("add 0.json --service GitHub --login ops@example.org --out 1.json", TEN).is(
        0,
        "Saved: 10 codes for GitHub / ops@example.org into 1.json. 0.json is unchanged.\n",
        &["The fingerprint was not compared"],
    );
    for owner in 1..=3 {
        circle.run(&format!("list 1.json --phrases {owner}.txt"), "").is(
            0,
            &format!(
                "Cellar: 3 owners, 1 account\n  GitHub / ops@example.org: 10 of 10 codes left, saved {}, single-use\n",
                today()
            ),
            &["verified"],
        );
        assert_eq!(circle.next("1.json", owner), "0318 4471");
    }
    // A file of codes says nothing of them to whoever has no phrase.
    let file = fs::read_to_string(circle.path("1.json")).unwrap();
    assert!(!file.contains("0318") && !file.contains("GitHub"));

    circle.run("use 1.json --phrases 2.txt --service GitHub --out 2.json", "").is(
        0,
        "0318 4471\n",
        &["marked as used in 2.json; 9 codes left. 1.json is unchanged."],
    );
    assert_eq!((circle.next("2.json", 3), circle.next("1.json", 3)), ("5563 0098".to_owned(), "0318 4471".to_owned()));
    circle.run("use 1.json --phrases 1.txt --service GitHub --out 2.json", "").is(5, "", &["2.json"]);
}

fn today() -> String {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    Timestamp::from_unix_seconds(seconds).unwrap().date()
}

#[test]
fn what_lies_in_a_folder_costs_no_more_than_one_file_and_is_named_where_it_is_left_out() {
    let circle = Circle::new();
    circle.run("add 0.json --service GitHub --login ops@example.org --out 1.json", TEN);
    fs::create_dir(circle.path("copies")).unwrap();
    fs::copy(circle.path("1.json"), circle.path("copies/a.json")).unwrap();
    // The most that a file may ask for, and files that swell to 1.5 GiB.
    let plan = SealingPlan { derivation: (1 << 20, 10, 8), ..plan(2, 3) };
    let (dear, _) = found(plan, small_records(), &CheapKdf, &mut Seeded::new("dear"));
    fs::write(circle.path("copies/b.json"), layout::to_bytes(&dear)).unwrap();
    let swelling = crate::support::containers::gzip(&vec![b' '; 24 << 20]);
    for number in 0..64 {
        fs::write(circle.path(&format!("copies/c{number:02}.json.gz")), &swelling).unwrap();
    }
    let ran = circle.run("list copies --phrases 1.txt", "");
    ran.is(
        0,
        &format!(
            "Cellar: 3 owners, 1 account\n  GitHub / ops@example.org: 10 of 10 codes left, saved {}, single-use\n",
            today()
        ),
        &["copies/b.json was left out: its derivation costs more", "copies/c63.json.gz was left out", "name the file"],
    );
    assert!(!ran.2.contains("copies/b.json, line 1") && !ran.2.contains("copies/c00.json.gz"), "{}", ran.2);
}

#[test]
fn two_copies_in_which_two_owners_used_codes_unite() {
    let circle = Circle::new();
    circle.run("add 0.json --service GitHub --login ops --out 1.json", TEN).is(
        0,
        "Saved: 10 codes for GitHub / ops into 1.json. 0.json is unchanged.\n",
        &[],
    );
    circle.run("use 1.json --phrases 1.txt --service GitHub --out a.json", "").is(0, "0318 4471\n", &[]);
    circle.run("use a.json --phrases 1.txt --service GitHub --out a2.json", "").is(0, "5563 0098\n", &[]);
    circle.run("use 1.json --phrases 2.txt --service GitHub --out b.json", "").is(0, "0318 4471\n", &[]);
    circle.run("add b.json --service GitHub --login ops --out b2.json", "aaaa-1111\nbbbb-2222\ncccc-3333\n").is(
        0,
        "Saved: 3 codes for GitHub / ops into b2.json. b.json is unchanged.\n",
        &[],
    );
    circle.run("merge a2.json b2.json --out all.json", "").is(
        0,
        "United into all.json. a2.json and b2.json are unchanged.\n",
        &[],
    );
    assert_eq!(circle.next("all.json", 3), "9012 3344");
    circle.run("list all.json --phrases 3.txt", "").is(
        0,
        &format!("Cellar: 3 owners, 1 account\n  GitHub / ops: 11 of 13 codes left, saved {}, single-use\n", today()),
        &[],
    );
    // Both copies together say the same, and nothing warns of a fork.
    let ran = circle.run("list a2.json b2.json --phrases 3.txt", "");
    assert!(ran.0 == 0 && ran.1.contains("11 of 13 codes left") && !ran.2.contains("CHECK"), "{}{}", ran.1, ran.2);
    circle.run("merge all.json a2.json --out again.json", "").is(2, "", &["nothing to merge"]);
}

#[test]
fn a_merge_of_codes_names_what_it_would_drop_and_takes_what_is_asked_for() {
    let circle = Circle::new();
    for (side, address) in [("a", "a@example.net"), ("b", "c@example.net")] {
        circle.run(&format!("add 0.json --service GitHub --login {side} --out {side}0.json"), TEN);
        let ran = conclave()
            .current_dir(circle.path(""))
            .args(["seal", &format!("{side}0.json"), "--out", &format!("{side}.json"), "--email", address])
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    }
    let named = ["Address: a@example.net (A) or c@example.net (B)", "--keep A or --keep B", "Nothing was written"];
    circle.run("merge a.json b.json --out x.json", "").is(2, "", &named);
    assert!(!circle.path("x.json").exists() && !circle.path("x.eml").exists());
    let dropped = ["c@example.net of b.json was kept, and a@example.net of a.json was dropped", "x.eml"];
    circle.run("merge a.json b.json --out x.json --keep B", "").is(
        0,
        "United into x.json. a.json and b.json are unchanged.\n",
        &dropped,
    );
    let mail = fs::read_to_string(circle.path("x.eml")).unwrap();
    assert!(mail.starts_with("To: c@example.net\r\n"), "{mail}");
    circle.run("merge a.json b.json --out y.json --keep a --no-mail", "").is(
        0,
        "United into y.json. a.json and b.json are unchanged.\n",
        &["a@example.net of a.json was kept"],
    );
    assert!(!circle.path("y.eml").exists());
}

#[test]
fn a_replaced_set_is_history_and_an_account_can_have_none() {
    let circle = Circle::new();
    circle.run("add 0.json --service GitHub --login ops --out 1.json", TEN);
    circle
        .run(
            "replace 1.json --service GITHUB --login ops --expires 2031-05-05 --out 2.json",
            "aaaa-1111\nbbbb-2222\ncccc-3333\n",
        )
        .is(
            0,
            "Saved: 3 codes for GITHUB / ops into 2.json, in the place of earlier ones. 1.json is unchanged.\n",
            &[],
        );
    let all = circle.run("show 2.json --phrases 1.txt --service GitHub --all", "").1;
    assert!(all.contains("single-use, retired: another set took its place\n   1. 0318 4471\n"), "{all}");
    assert!(all.contains("single-use, counts until 2031-05-05\n   1. aaaa-1111\n"), "{all}");
    circle.run("add 2.json --service AWS --login root --kind none --out 3.json", "").is(
        0,
        "Saved: AWS / root has no codes. Into 3.json. 2.json is unchanged.\n",
        &[],
    );
    let list = circle.run("list 3.json --phrases 1.txt --check", "");
    assert!(list.0 == 0 && list.1.contains("AWS / root: the service has no codes"), "{}{}", list.1, list.2);
    circle.run("remove 3.json --service AWS --login root --out 4.json", "").is(
        0,
        "The removal of AWS / root is in 4.json. 3.json is unchanged.\nWhere the account was sealed with phrases, it stays until whoever holds them agrees.\n",
        &[],
    );
    assert!(!circle.run("list 4.json --phrases 1.txt", "").1.contains("AWS"));
}

#[test]
fn what_is_due_ends_with_7() {
    let circle = Circle::new();
    circle.run("add 0.json --service GitHub --login ops --out 1.json", "aaaa-1111\nbbbb-2222\ncccc-3333\n");
    assert_eq!(circle.run("list 1.json --phrases 1.txt --check", "").0, 0);
    circle.run("use 1.json --phrases 1.txt --service GitHub --out 2.json", "").is(0, "aaaa-1111\n", &["Few are left"]);
    let list = circle.run("list 2.json --phrases 1.txt --check", "");
    assert!(list.0 == 7 && list.1.contains("DUE: only 2 codes are left"), "{}", list.1);
    let json = circle.run("list 2.json --phrases 1.txt --json", "");
    assert!(json.0 == 0 && json.1.contains("\"left\": 2") && !json.1.contains("aaaa"), "{}", json.1);
    circle.write("one.csv", "Ann\n");
    circle.run("create --organization Alone --owners one.csv --email b@example.org --purpose training --out alone --phrases-out one.txt", "");
    let list = circle.run("list alone --phrases one.txt --check", "");
    assert!(list.0 == 7 && list.1.contains("DUE: one person alone can open this file"), "{}{}", list.1, list.2);
}

#[test]
fn wrong_phrases_and_wrong_orders_are_refused() {
    let circle = Circle::new();
    circle.run("add 0.json --service GitHub --login ops --out 1.json", TEN);
    circle.write(
        "stranger.txt",
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
    );
    for order in ["list 1.json", "show 1.json --service GitHub", "use 1.json --service GitHub --out u.json"] {
        circle.run(&format!("{order} --phrases stranger.txt"), "").is(4, "", &["not"]);
    }
    assert!(!circle.path("u.json").exists());
    circle.run("show 1.json --phrases 1.txt --service GitLab", "").is(2, "", &["no account of GitLab is here"]);
    circle.run("add 1.json --service GitHub --login dev --out 2.json", "aaaa-1111\nbbbb-2222\ncccc-3333\n");
    circle.run("show 2.json --phrases 1.txt --service GitHub", "").is(2, "", &["2 accounts here: dev, ops", "--login"]);
    for (input, says) in [("", "nothing"), ("Dear all, see you on Monday.\n", "no code")] {
        let ran = circle.run("add 1.json --service X --login y --out 3.json", input);
        assert!(ran.0 == 2 && ran.2.to_lowercase().contains(says), "{}", ran.2);
    }
    // One space inside a code, or between two? The number decides; the program does not.
    let columns = "12345678 87654321\n11223344 55667788\n";
    circle.run("add 1.json --service Insta --login y --out 3.json", columns).is(2, "", &["--count"]);
    assert!(!circle.path("3.json").exists());
    circle.run("add 1.json --service Insta --login y --count 4 --out 3.json", columns).is(
        0,
        "Saved: 4 codes for Insta / y into 3.json. 1.json is unchanged.\n",
        &[],
    );
    circle.run("add 1.json --service Insta --login y --count 2 --out 4.json", columns).is(
        0,
        "Saved: 2 codes for Insta / y into 4.json. 1.json is unchanged.\n",
        &[],
    );
    circle.run("add 1.json --service Insta --login y --count 3 --out 5.json", columns).is(2, "", &["--count"]);
}

#[test]
fn what_looks_odd_or_stands_twice_is_named() {
    let circle = Circle::new();
    let list = "1) 0318 4471  2) 5563 OO98  3.) 7721 1934  4) 0318-4471\n";
    circle.run("add 0.json --service GitHub --login ops --out 1.json", list).is(
        0,
        "Saved: 3 codes for GitHub / ops into 1.json. 0.json is unchanged.\n",
        &["Code 2 has a letter where the others have none", "Codes 1 and 4 are the same"],
    );
    let used = "☐ abcd-1234\n☑ efgh-5678\n☐ ijkl-9012\n";
    circle.run("add 0.json --service GitHub --login ops --out 2.json", used).is(
        0,
        "Saved: 3 codes (1 of them marked as used) for GitHub / ops into 2.json. 0.json is unchanged.\n",
        &[],
    );
    // Nothing of a code is said beside the answer.
    let ran =
        circle.run("add 0.json --service GitHub --login ops --out 3.json", "abcd-1234 phone\nefgh-5678\nijkl-9012\n");
    assert!(ran.0 == 2 && ran.2.contains("--notes") && !ran.2.contains("abcd"), "{}", ran.2);
    circle.run("add 0.json --service Key --login k --out 4.json", "JBSWY3DPEHPK3PXP\n").is(2, "", &["--it-is-a-code"]);
}

#[test]
fn a_folder_of_circles_opens_with_one_phrase_where_it_opens_any() {
    let (one, other) = (Circle::new(), Circle::new());
    one.run("add 0.json --service GitHub --login ops --out 1.json", TEN);
    fs::create_dir(one.path("all")).unwrap();
    fs::copy(one.path("1.json"), one.path("all/1.json")).unwrap();
    fs::copy(other.path("0.json"), one.path("all/2.json")).unwrap();
    one.write("all/note.json", "{}");
    let list = one.run("list all --phrases 2.txt", "");
    assert!(list.0 == 0 && list.1.contains("GitHub / ops: 10 of 10"), "{}{}", list.1, list.2);
    one.write("empty.txt", "");
    fs::create_dir(one.path("empty")).unwrap();
    one.run("list empty --phrases 2.txt", "").is(3, "", &["no snapshot is in"]);
}

impl Circle {
    /// The contents as `recover` and the emergency reader give them: the same, and without anything that does not check.
    fn contents(&self, file: &str) -> serde_json::Value {
        let out = self.path("contents.json");
        let _ = fs::remove_file(&out);
        let (snapshot, phrases) = (self.path(file), self.path("1.txt"));
        let output = recover(&snapshot, &phrases, &out);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let contents = fs::read(&out).unwrap();
        if let Some(mut python) = python() {
            let read = python.arg(project("docs/emergency_reader.py")).arg(&snapshot).arg(&phrases).output().unwrap();
            let said = String::from_utf8_lossy(&read.stderr);
            assert_eq!(read.status.code(), Some(0), "{said}");
            assert!(read.stdout == contents, "the emergency reader differs: {said}");
        }
        serde_json::from_slice(&contents).unwrap()
    }
}

#[test]
fn sets_and_marks_are_the_same_for_recovery_emergency_reader_and_compaction() {
    let circle = Circle::new();
    circle.run("add 0.json --service GitHub --login ops --out 1.json", TEN);
    circle.run("use 1.json --phrases 2.txt --service GitHub --out 2.json", "").is(0, "0318 4471\n", &[]);
    circle.run("add 2.json --service GitHub --login ops --out 3.json", "aaaa-1111\nbbbb-2222\ncccc-3333\n");
    circle.run("replace 3.json --service github --login OPS --out 4.json", "dddd-4444 (used)\neeee-5555\nffff-6666\n");
    circle.run("add 4.json --service GitHub --login ops --kind reusable --expires 2032-01-01 --it-is-a-code --count 1 --out 5.json", "ABCDE-12FGH-34JKL\n");
    circle.run("use 5.json --phrases 3.txt --service GitHub --out 6.json", "").is(0, "eeee-5555\n", &[]);
    circle.run("remove 6.json --service GitHub --login nobody --out 7.json", "").is(
        0,
        "The removal of GitHub / nobody is in 7.json. 6.json is unchanged.\nWhere the account was sealed with phrases, it stays until whoever holds them agrees.\n",
        &[],
    );
    let contents = circle.contents("7.json");
    let account = &contents["accounts"][0];
    assert_eq!(
        (&account["codes"][0], &account["kind"], &account["expires"]),
        (&"ABCDE-12FGH-34JKL".into(), &"reusable".into(), &"2032-01-01".into())
    );
    assert_eq!(account["owners"], serde_json::json!(["A.", "B.", "J."]));
    let sets = account["sets"].as_array().unwrap();
    let said: Vec<(usize, usize, bool)> = sets
        .iter()
        .map(|set| {
            (set["codes"].as_array().unwrap().len(), set["used"].as_array().unwrap().len(), set["retired"].is_string())
        })
        .collect();
    assert_eq!(said, [(10, 1, true), (3, 0, true), (3, 2, false)]);

    // One owner seals all of it into one box: the same contents, no record of an addition any more, and the phrases stay.
    let mut compact = Command::new(PROGRAM);
    compact.current_dir(circle.folder.path()).args("rotate 7.json --compact --phrases 3.txt --out 8.json".split(' '));
    let output = compact.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(circle.contents("8.json"), contents);
    circle.run("use 8.json --phrases 1.txt --service GitHub --out 9.json", "").is(0, "ffff-6666\n", &[]);
    circle.run("replace 9.json --service GitHub --login ops --out 10.json", "gggg-7777\nhhhh-8888\niiii-9999\n");
    assert_eq!(circle.contents("10.json")["accounts"][0]["sets"].as_array().unwrap().len(), 4);
    // Not an owner's removal: it waits for one who agrees.
    circle.run("remove 10.json --service GitHub --login ops --out 11.json", "");
    let list = circle.run("list 11.json --phrases 1.txt", "");
    assert!(
        list.0 == 7 && list.1.contains("GitHub / ops: 3 of 3") && list.2.contains("its removal was proposed"),
        "{}{}",
        list.1,
        list.2
    );
}

#[test]
fn a_year_of_additions_and_marks_keeps_within_the_file() {
    const LOGINS: usize = 40;
    let mut entropy = Seeded::new("a year");
    let records = vec![Record::Organization { name: SecretText::copy_of("Cellar") }.into_fields()];
    let plan = SealingPlan { kind: Kind::Codes, ..plan(1, 3) };
    let (mut snapshot, phrases) = found(plan, records, &CheapKdf, &mut entropy);
    let code = |step: usize, place: usize| format!("{step:06}-{place:02}");
    let login = |step: usize| format!("login {}", step / 3 % LOGINS);
    let (steps, mut compactions, mut largest) = (cases(3_000), 0, 0);
    for step in 0..steps {
        // A set of ten codes, and two marks in it.
        let saved = step / 3 * 3;
        let record = if step == saved {
            NewSet {
                service: text("GitHub"),
                login: text(&login(step)),
                mode: if step % 2 == 0 { SetMode::Add } else { SetMode::Replace },
                kind: CodeKind::SingleUse,
                codes: (0..10).map(|place| (SecretText::copy_of(&code(step, place)), false)).collect(),
                expires: None,
            }
            .record(&[], time("2026-03-04T05:06:07Z"))
        } else {
            used_record(&account_id("GitHub", &login(step)), &code(saved, step - saved))
        };
        snapshot = append_public(&snapshot, vec![record], issue(&mut entropy)).unwrap();
        largest = largest.max(snapshot.boxes.len());
        if is_compaction_advised(&snapshot) {
            // Any of the owners.
            let owner = compactions % 3 + 1;
            let opened = open_with(&backup(&[&snapshot]), &phrases, &[owner], &CheapKdf).unwrap();
            snapshot = compact(&snapshot, &opened, issue(&mut entropy)).unwrap();
            assert_eq!(snapshot.boxes.len(), 1, "nothing of it is carried over");
            compactions += 1;
        }
    }
    let opened = open_with(&backup(&[&snapshot]), &phrases, &[2], &CheapKdf).unwrap();
    assert!(!has_red(&opened), "{:?}", opened.findings);
    let Counts { accounts, codes, .. } = opened.inventory.counts();
    assert_eq!((accounts, codes), (LOGINS.min(steps.div_ceil(3)), steps.div_ceil(3) * 10));
    let used =
        |account: &Item| sets(account).iter().flat_map(|set| set.codes()).filter(|(_, is_used)| *is_used).count();
    let marked: usize = opened.inventory.items(Collection::Accounts).map(|version| used(&version.item)).sum();
    assert_eq!(marked, steps - steps.div_ceil(3));
    let size = layout::to_bytes(&snapshot).len();
    eprintln!("{steps} steps, {compactions} compactions, at most {largest} boxes; {size} bytes at the end");
    assert!(compactions >= steps / 550 && largest < 550 && size < 4 << 20);
}

/// What the disk is asked for once the code was shown: the name of each call, and which of its name it is.
fn calls_after_the_code(log: &str) -> Vec<(String, usize)> {
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    let mut is_shown = false;
    let mut calls = Vec::new();
    for line in log.lines() {
        let Some(name) = line.split_whitespace().nth(1).and_then(|call| call.split_once('(')).map(|(name, _)| name)
        else {
            continue;
        };
        let count = seen.entry(name.to_owned()).or_default();
        *count += 1;
        is_shown |= line.contains("write(1, ");
        if is_shown {
            calls.push((name.to_owned(), *count));
        }
    }
    calls
}

#[test]
fn a_use_that_is_killed_at_any_call_of_the_disk_loses_no_code_and_marks_none_falsely() {
    const CALLS: &str =
        "openat,write,pwrite64,fsync,fdatasync,fadvise64,linkat,renameat2,unlinkat,fstat,pread64,ftruncate";
    if !has_tool("strace", Command::new("strace").arg("-V")) {
        return;
    }
    let circle = Circle::new();
    circle.run("add 0.json --service GitHub --login ops --out 1.json", TEN);
    let before = fs::read(circle.path("1.json")).unwrap();
    let traced = |options: &[&str]| {
        let mut command = Command::new("strace");
        command.current_dir(circle.folder.path()).args(["-f", "-qq", "-o", "log", "-e", &format!("trace={CALLS}")]);
        command
            .args(options)
            .arg(PROGRAM)
            .args("codes use 1.json --phrases 1.txt --service GitHub --out 2.json".split(' '));
        command.output().unwrap()
    };
    assert!(traced(&[]).status.success());
    let calls = calls_after_the_code(&fs::read_to_string(circle.path("log")).unwrap());
    assert!(calls.len() > 5 && calls.iter().any(|(name, _)| name == "linkat"), "{calls:?}");
    let (mut absent, mut complete) = (0, 0);
    for (name, number) in &calls {
        fs::remove_file(circle.path("2.json")).unwrap_or_default();
        let killed = traced(&["-e", &format!("inject={name}:signal=KILL:when={number}")]);
        assert!(!killed.status.success(), "{name} {number}");
        assert_eq!(fs::read(circle.path("1.json")).unwrap(), before, "{name} {number}: the old file");
        let shown = String::from_utf8(killed.stdout).unwrap();
        if circle.path("2.json").exists() {
            // All of it, and only the code that was shown is marked.
            assert_eq!(shown, "0318 4471\n", "{name} {number}");
            assert_eq!(circle.next("2.json", 2), "5563 0098", "{name} {number}");
            complete += 1;
        } else {
            absent += 1;
        }
        let there = fs::read_dir(circle.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let left: Vec<_> = there.filter(|name| name.to_string_lossy().ends_with(".json")).collect();
        assert_eq!(left.len(), 2 + usize::from(circle.path("2.json").exists()), "{name} {number}: {left:?}");
    }
    assert!(absent > 2 && complete > 0, "{absent} {complete}");
}

/// The accounts of a contents document that `is_wanted` takes, by service; nothing else of it.
fn accounts_alone(path: &std::path::Path, is_wanted: impl Fn(&str) -> bool) -> serde_json::Value {
    let mut contents: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    for other in ["keys", "vaults"] {
        contents[other] = serde_json::json!([]);
    }
    contents["accounts"].as_array_mut().unwrap().retain(|account| is_wanted(account["service"].as_str().unwrap()));
    contents
}

#[test]
fn codes_of_owners_go_into_the_backup_of_an_organization_and_out_of_it_with_their_sets() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    assert!(conclave().arg("sample").arg(path("s")).output().unwrap().status.success());
    let (circle, organization) = (path("s/codes"), path("s/2-of-3"));
    let of_circle = accounts_alone(&circle.join("expected.json"), |service| {
        ["Code Hosting", "Tide Bank", "Newsletter Service"].contains(&service)
    });
    fs::write(path("accounts.json"), of_circle.to_string()).unwrap();
    let seal = |file: &std::path::Path, add: &str, out: &str| {
        let mut command = conclave();
        command.arg("seal").arg(file).arg("--add").arg(path(add)).arg("--out").arg(path(out)).output().unwrap()
    };
    assert!(seal(&organization.join("snapshot.json"), "accounts.json", "o.json").status.success());
    let ran = recover(&path("o.json"), &organization.join("phrases.txt"), &path("all.json"));
    // No quorum has confirmed them there: a note.
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    let is_of_circle = |service: &str| !["Northwind Mail", "Parcel Register"].contains(&service);
    assert_eq!(accounts_alone(&path("all.json"), is_of_circle)["accounts"], of_circle["accounts"]);
    // And into another file of owners, with the sets and marks; what is no account is refused there.
    fs::write(path("owners.csv"), "Eve\nDan\n").unwrap();
    let mut create = conclave();
    create.current_dir(folder.path()).args([
        "codes",
        "create",
        "--organization",
        "Northwind Training Co-operative (training)",
        "--owners",
        "owners.csv",
        "--email",
        "b@example.org",
        "--purpose",
        "training",
        "--out",
        "c",
        "--phrases-out",
        "p.txt",
    ]);
    assert!(create.output().unwrap().status.success());
    let refused = seal(&path("c/snapshot.json"), "all.json", "no.json");
    assert!(refused.status.code() == Some(3) && !path("no.json").exists(), "{}", said(&refused));
    fs::write(path("out.json"), accounts_alone(&path("all.json"), |_| true).to_string()).unwrap();
    assert!(seal(&path("c/snapshot.json"), "out.json", "c2.json").status.success());
    let ran = recover(&path("c2.json"), &path("p.txt"), &path("again.json"));
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(accounts_alone(&path("again.json"), is_of_circle)["accounts"], of_circle["accounts"]);
}

#[test]
fn keepassxc_shows_the_codes_of_a_file_of_owners_with_what_is_to_be_known_of_each() {
    if program("keepassxc-cli").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    assert!(conclave().arg("sample").arg(path("s")).output().unwrap().status.success());
    fs::write(path("pass.txt"), "correct horse battery staple\n").unwrap();
    let mut command = conclave();
    command.arg("recover").arg(path("s/codes/snapshot.json")).arg("--phrases").arg(path("s/codes/phrases.txt"));
    command.arg("--out").arg(path("c.kdbx")).args(["--format", "kdbx", "--passphrase"]).arg(path("pass.txt"));
    assert!(command.output().unwrap().status.success());
    let expected: serde_json::Value =
        serde_json::from_slice(&fs::read(path("s/codes/expected.json")).unwrap()).unwrap();
    let mail =
        expected["accounts"].as_array().unwrap().iter().find(|account| account["service"] == "Northwind Mail").unwrap();
    let show = |label: &str| {
        let mut command = Command::new("keepassxc-cli");
        command.args(["show", "--quiet", "-s", "-a", label]).arg(path("c.kdbx")).arg("/Accounts/Northwind Mail");
        piped(&mut command, "correct horse battery staple\n")
    };
    for (label, code) in [
        ("Code 01 (retired)", &mail["sets"][0]["codes"][0]),
        ("Code 11 (used)", &mail["codes"][0]),
        ("Code 12 (next)", &mail["codes"][1]),
        ("Code 20", &mail["codes"][9]),
    ] {
        assert_eq!(show(label).trim_end(), code.as_str().unwrap(), "{label}");
    }
}
