//! Whether a code was used: said of it, of a heading over it, of a line behind it, or of something else.

use super::*;

const FOUR_CODES: &str = "a4xr-9tkq\n7hpm-2wzc\nk8vd-5ynj\n3qbt-r6fe";
const NONE_USED: &str = "a4xr-9tkq | 7hpm-2wzc | k8vd-5ynj | 3qbt-r6fe";

#[test]
fn a_heading_that_may_say_something_else_is_asked_about() {
    let headings = [
        "Tick when used",
        "Mark as used",
        "Expires when used",
        "Date used",
        "Used for: GitHub",
        "Benutzt von: Ann",
        "使用说明",
        "사용 방법",
    ];
    for heading in headings {
        assert_eq!(plainly(&format!("{heading}\n{FOUR_CODES}")), format!("{NONE_USED} ? notes 4"), "{heading}");
    }
    // A sentence of a script without spaces is no mark, and a heading of that word alone is one.
    for sentence in ["每个代码只能使用一次", "各コードは１回だけ使用できます。"] {
        assert_eq!(plainly(&format!("{sentence}\n{FOUR_CODES}")), NONE_USED, "{sentence}");
    }
    for heading in ["Used", "Used:", "已使用", "使用済み", "Benutzt"] {
        let used = NONE_USED.replace(" |", "* |") + "*";
        assert_eq!(plainly(&format!("{heading}\n{FOUR_CODES}")), used, "{heading}");
    }
    let both = "Code status used\na4xr-9tkq used\n7hpm-2wzc\nk8vd-5ynj used\n3qbt-r6fe";
    assert_eq!(plainly(both), "a4xr-9tkq* | 7hpm-2wzc | k8vd-5ynj* | 3qbt-r6fe");
}

#[test]
fn a_column_that_says_nothing_in_any_row_marks_none() {
    let table = |no: &str| format!("code,used\na4xr-9tkq,yes\n7hpm-2wzc,2026-01-02\nk8vd-5ynj,{no}\n3qbt-r6fe,{no}");
    for no in ["null", "NULL", "none", "N/A", "未", "open", "available", "no", ""] {
        assert_eq!(plainly(&table(no)), "a4xr-9tkq* | 7hpm-2wzc* | k8vd-5ynj | 3qbt-r6fe", "{no}");
    }
    let blanks = "Code          Used (date)\na4xr-9tkq     ________\n7hpm-2wzc     ________\nk8vd-5ynj     ________\n3qbt-r6fe     ________";
    assert!(!plainly(blanks).contains('*'), "{}", plainly(blanks));
}

#[test]
fn what_a_program_wrote_is_read_by_its_names() {
    let objects = |used: &str| {
        let one = |code: &str| format!("{{\"code\":\"{code}\",\"used\":{used}}}");
        format!("[{}]", FOUR_CODES.lines().map(one).collect::<Vec<_>>().join(","))
    };
    assert_eq!(plainly(&objects("null")), NONE_USED);
    assert_eq!(plainly(&objects("false")), NONE_USED);
    let lists = "{\"remaining\":[\"a4xr-9tkq\",\"7hpm-2wzc\"],\"used\":[\"k8vd-5ynj\",\"3qbt-r6fe\"]}";
    assert_eq!(plainly(lists), "a4xr-9tkq | 7hpm-2wzc | k8vd-5ynj* | 3qbt-r6fe*");
    let first = "{\"used\":[\"a4xr-9tkq\"],\"unused\":[\"7hpm-2wzc\",\"k8vd-5ynj\",\"3qbt-r6fe\"]}";
    assert_eq!(plainly(first), "a4xr-9tkq* | 7hpm-2wzc | k8vd-5ynj | 3qbt-r6fe");
    let none = "{\"codes\":[\"a4xr-9tkq\",\"7hpm-2wzc\",\"k8vd-5ynj\",\"3qbt-r6fe\"],\"used\":[]}";
    assert_eq!(plainly(none), NONE_USED);
}

#[test]
fn a_line_behind_each_code_speaks_of_that_code() {
    let records = |said: [&str; 3]| {
        let codes = FOUR_CODES.lines().zip(said);
        codes.map(|(code, said)| format!("Code: {code}\nStatus: {said}\n")).collect::<Vec<_>>().concat()
    };
    assert_eq!(plainly(&records(["used", "unused", "unused"])), "a4xr-9tkq* | 7hpm-2wzc | k8vd-5ynj");
    assert_eq!(plainly(&records(["unused", "unused", "used"])), "a4xr-9tkq | 7hpm-2wzc | k8vd-5ynj*");
}

#[test]
fn numbers_that_stand_nowhere_are_asked_about() {
    let numbered = |numbers: [u32; 4]| {
        let lines = numbers.iter().zip(FOUR_CODES.lines());
        lines.map(|(number, code)| format!("{number}. {code}\n")).collect::<Vec<_>>().concat()
    };
    assert_eq!(plainly(&numbered([1, 2, 3, 4])), NONE_USED);
    assert_eq!(plainly(&numbered([1, 2, 3, 6])), format!("{NONE_USED} ? missing [4, 5]"));
    assert_eq!(plainly(&numbered([3, 4, 5, 6])), format!("{NONE_USED} ? missing [1, 2]"));
    // That is no count of a list.
    assert_eq!(plainly(&numbered([101, 102, 103, 104])), NONE_USED);
}
