//! Lists as services, people and programs give them: what is asked about, refused, and settled by an answer.

mod styles;
mod used;
mod written;

use super::*;

/// What came of a text, in one line: codes with `*` behind used ones, and the doubt.
fn said(text: &str, answers: &Answers) -> String {
    let list = match read(text, answers) {
        Ok(list) => list,
        Err(error) => return format!("! {error}"),
    };
    let codes: Vec<String> = (list.codes.iter())
        .map(|code| format!("{}{}", code.text.reveal(), if code.is_used { "*" } else { "" }))
        .collect();
    let readings = |all: &[CountReading]| {
        all.iter().map(|reading| format!(" {}:{}", reading.size, reading.codes)).collect::<Vec<_>>().concat()
    };
    let doubt = list.doubt.as_ref().map_or_else(String::new, |doubt| match doubt {
        Doubt::Parts(sizes) => format!(" ? parts {sizes:?}"),
        Doubt::Others { without, with } => format!(" ? others {without} {with}"),
        Doubt::Lines(all) => format!(" ? lines{}", readings(all)),
        Doubt::Spaces(all) => format!(" ? spaces{}", readings(all)),
        Doubt::Missing { numbers } => format!(" ? missing {numbers:?}"),
        Doubt::Likeness(likeness) => format!(" ? {likeness:?}"),
        Doubt::Notes { noted } => format!(" ? notes {noted}"),
        Doubt::Count { named, found } => format!(" ? count {named} of {found:?}"),
    });
    let repeated = if list.repeated.is_empty() { String::new() } else { format!(" = {:?}", list.repeated) };
    format!("{}{doubt}{repeated}", codes.join(" | "))
}

fn plainly(text: &str) -> String {
    said(text, &Answers::default())
}

fn check(rows: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, expected) in rows {
        let found = plainly(text);
        if found != *expected {
            let text: String = text.chars().take(200).collect();
            wrong.push(format!("{text:?}\n    expected {expected}\n    found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

const FOUR: &str = "0318 4471 | 5563 0098 | 7720 1934 | 0045 6612";
const HEX: &str = "a1b2c-d3e4f | 0f9e8-7d6c5 | 0e123-45678 | 9a8b7-c6d5e";

#[test]
fn what_is_ambiguous_is_asked() {
    let hex64 = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9";
    let split = format!("{}\n{}", hex64.get(..40).unwrap(), hex64.get(40..).unwrap());
    check(&[
        ("ABCD EFGH 12JK LM34\nNPQR 56ST UV78", "ABCD EFGH 12JK LM34 NPQR 56ST UV78 ? lines 2:1 1:2"),
        ("0318 4471 5563 0098\n7720 1934", "0318 4471 5563 0098 | 7720 1934 ? spaces 4:2 2:3 1:6"),
        ("12345678\nused\n23456789", "12345678 | 23456789 ? notes 1"),
        ("12345678 87654321\n11112222 33334444", "12345678 | 87654321 | 11112222 | 33334444 ? spaces 1:4 2:2"),
        ("0318 4471\n5563 0098", "0318 4471 | 5563 0098 ? spaces 2:2 1:4"),
        ("ABCD EFGH 2345 6JKL\nABCD EFGH 2345 6JKM", "ABCD EFGH 2345 6JKL | ABCD EFGH 2345 6JKM ? spaces 4:2 2:4 1:8"),
        ("a1b2c d3e4f\n0f9e8 7d6c5", "a1b2c d3e4f | 0f9e8 7d6c5 ? spaces 2:2 1:4"),
        ("0318 4471 5563 0098 7720 1934", "0318 4471 5563 0098 7720 1934 ? spaces 6:1 3:2 2:3 1:6"),
        ("0318  4471\n5563  0098", "0318 4471 | 5563 0098 ? spaces 2:2 1:4"),
        ("ABCD-EFGH-12JK-LM34\nNPQR-56ST-UV78", "ABCD-EFGH-12JK-LM34-NPQR-56ST-UV78 ? lines 2:1 1:2"),
        ("ABCD-EFGH-12JK\nNPQR-56ST-UV78", "ABCD-EFGH-12JK | NPQR-56ST-UV78"),
        ("ABCD\nEFG2\n2345\n6JKL", "ABCD | EFG2 | 2345 | 6JKL ? lines 1:4 2:2 4:1"),
        (&split, &format!("{hex64} ? lines 2:1 1:2")),
        (hex64, &format!("{hex64} ? Key")),
        ("JBSWY3DPEHPK3PXP", "JBSWY3DPEHPK3PXP ? AuthenticatorKey"),
        ("rdav 5lff kfdv kfef abcd efgh 2345 6767", "rdav 5lff kfdv kfef abcd efgh 2345 6767 ? spaces 8:1 4:2 2:4 1:8"),
        ("a1b2c-d3e4f phone\n0f9e8-7d6c5\n0e123-45678", "a1b2c-d3e4f | 0f9e8-7d6c5 | 0e123-45678 ? notes 1"),
        ("a1b2c-d3e4f*\n0f9e8-7d6c5\n0e123-45678", "a1b2c-d3e4f | 0f9e8-7d6c5 | 0e123-45678 ? notes 1"),
        ("✓ a1b2c-d3e4f\n✓ 0f9e8-7d6c5\n✓ 0e123-45678", "a1b2c-d3e4f | 0f9e8-7d6c5 | 0e123-45678 ? notes 3"),
        ("✗ a1b2c-d3e4f\n✓ 0f9e8-7d6c5\n✓ 0e123-45678", "a1b2c-d3e4f | 0f9e8-7d6c5 | 0e123-45678 ? notes 1"),
        (
            "GitHub (anna):\na1b2c-d3e4f\n0f9e8-7d6c5\n\nGitHub (ben):\n0e123-45678\n9a8b7-c6d5e",
            "a1b2c-d3e4f | 0f9e8-7d6c5 | 0e123-45678 | 9a8b7-c6d5e ? parts [2, 2]",
        ),
        (
            "GitHub:\na1b2c-d3e4f\n0f9e8-7d6c5\n\nGoogle:\n1. 0318 4471\n2. 5563 0098",
            "a1b2c-d3e4f | 0f9e8-7d6c5 | 0318 4471 | 5563 0098 ? parts [2, 2]",
        ),
        (
            "1. a1b2c-d3e4f   1. 0e123-45678\n2. 0f9e8-7d6c5   2. 9a8b7-c6d5e",
            "a1b2c-d3e4f | 0f9e8-7d6c5 | 0e123-45678 | 9a8b7-c6d5e ? parts [2, 2]",
        ),
        ("facebook\n\nabcd2345\nefgh6723\n2345abcd", "abcd2345 | efgh6723 | 2345abcd ? others 3 4"),
        ("a1b2c-d3e4f\n0f9e8-7d6c5\n\n4471093318", "a1b2c-d3e4f | 0f9e8-7d6c5 ? others 2 3"),
        ("Your code is 123456.", "123456 ? others 0 1"),
        ("Call 555 0199 or use 12345678", "12345678 ? others 0 1"),
        ("ABCDEFGH\nQRSTUVWX", "ABCDEFGH | QRSTUVWX ? Words"),
        ("1. a1b2c-d3e4f\n2. crossed out\n3. 0f9e8-7d6c5", "a1b2c-d3e4f | 0f9e8-7d6c5 ? missing [2]"),
        ("a1b2 c3d4 e5f6 0718 293a 4b5c 6d7e 8f90", "a1b2 c3d4 e5f6 0718 293a 4b5c 6d7e 8f90 ? spaces 8:1 4:2 2:4 1:8"),
        ("old: a1b2c-d3e4f\nold: 0f9e8-7d6c5\n0e123-45678", "a1b2c-d3e4f | 0f9e8-7d6c5 | 0e123-45678 ? notes 2"),
        ("a1b2c-d3e4f  0f9e8-7d6c5\n(used)       (used)", "a1b2c-d3e4f | 0f9e8-7d6c5 ? notes 2"),
        ("0318-4471\n5563-00|98\n7720-1934", "0318-4471 | 7720-1934 ? others 2 3"),
        ("a1b2c-d3e4f\n0f9e8-7d6c5\n0e123-456$8\n9a8b7-c6d5e", "a1b2c-d3e4f | 0f9e8-7d6c5 | 9a8b7-c6d5e ? others 3 4"),
        ("(030) 1234567", "1234567 ? others 0 1"),
        ("12. 0318 4471\n07. 5563 0098\n55. 7720 1934", "5563 0098 | 0318 4471 | 7720 1934 ? others 0 3"),
        ("Forge a1b2c-d3e4f\nDepot 0318-4471", "a1b2c-d3e4f ? others 1 2"),
        ("{\"codes\":[\"a1b2c3d4\",\"b2c3d4e5\"],\"user_id\":48213377}", "a1b2c3d4 | b2c3d4e5 ? others 2 3"),
        ("0318 4471\n5563 0098\nSupport: 0800 1234", "0318 4471 | 5563 0098 ? others 2 3"),
    ]);
}

/// As `export/table.rs` writes them, with an apostrophe before what a spreadsheet would change.
#[test]
fn codes_of_our_own_table_are_read_without_the_apostrophe() {
    let row = |code: &str| format!("Mail,ops,Ann,single-use,{code},no,'2026-01-01T00:00:00Z,\r\n");
    let rows = ["'0318-4471", "'5563-0098", "'7720-1934", "'0045-6612"].map(row);
    let table = format!("\u{feff}Service,Login,Owners,Kind,Code,Used,Saved,Note\r\n{}", rows.concat());
    check(&[
        ("'0318-4471\n'5563-0098\n'7720-1934\n'0045-6612", "0318-4471 | 5563-0098 | 7720-1934 | 0045-6612"),
        ("'1E5-7a\n'0e1-4b\n'12c-3d", "1E5-7a | 0e1-4b | 12c-3d"),
        (&table, "0318-4471 | 5563-0098 | 7720-1934 | 0045-6612"),
    ]);
}

#[test]
fn what_is_no_list_is_refused() {
    let key = String::from(
        "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
    );
    let many = (0..6000).map(|number| format!("{number:08}\n")).collect::<Vec<_>>().concat();
    check(&[
        ("", "! nothing is in it"),
        (" \r\n\t\u{feff}\n", "! nothing is in it"),
        ("Keep these codes in a safe place. You can only use each of them once.", "! no codes were found in it"),
        ("Hello", "! no codes were found in it"),
        ("Hello\nWorld\n", "! no codes were found in it"),
        (
            "correct horse battery staple\nanother four words here\nzebra apple orange lemons",
            "! this looks like the recovery phrase of a wallet, not like codes",
        ),
        (
            "abandon ability able about above absent absorb abstract absurd abuse access accident",
            "! this looks like the recovery phrase of a wallet, not like codes",
        ),
        (
            "1. abandon\n2. ability\n3. able\n4. about\n5. above\n6. absent\n7. absorb\n8. abstract\n9. absurd\n10. abuse\n11. access\n12. accident",
            "! this looks like the recovery phrase of a wallet, not like codes",
        ),
        (
            "seed: abandon ability able about above absent absorb abstract absurd abuse access accident\na1b2c-d3e4f",
            "! this looks like the recovery phrase of a wallet, not like codes",
        ),
        (
            "otpauth://totp/Example:ops?secret=JBSWY3DPEHPK3PXP&issuer=Example",
            "! this is the key of an authenticator app, not a code",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----",
            "! this is a private key or a certificate, not a list of codes",
        ),
        (
            "a1b2c-d3e4f\n0f9e8\u{202e}-7d6c5",
            "! line 2 holds a sign that hides, steers, or cannot be told from another",
        ),
        ("a1b2c-d3e4f\r\r\n0f9e8\0-7d6c5", "! line 3 holds a sign that hides, steers, or cannot be told from another"),
        ("\u{1b}[31ma1b2c-d3e4f", "! line 1 holds a sign that hides, steers, or cannot be told from another"),
        (
            "1. АBCD-2345-EFGH\n2. ABCD-2345-EFGX",
            "! line 1 holds a sign that hides, steers, or cannot be told from another",
        ),
        ("1 2 3 4", "! no codes were found in it"),
        ("030 1234567\n0171 2345678", "030 1234567 | 0171 2345678 ? others 0 2"),
        ("+49 30 1234567", "! no codes were found in it"),
        ("2026-11-28 12:30\nhttps://example.org/a1b2c-d3e4f\nops@example.org", "! no codes were found in it"),
        (&many, "! it seems to hold 6000 codes; 200 are the most"),
        (&key, &format!("{key} ? Key")),
        (
            "<html><head><title>Security</title></head><body><p>Two-step verification is off.</p></body></html>",
            "! no codes were found in it",
        ),
    ]);
}

#[test]
fn a_count_settles_what_only_it_can() {
    let count = |count| Answers { count: Some(count), ..Answers::default() };
    let two = "12345678 87654321\n11112222 33334444";
    let groups = "0318 4471 5563 0098\n7720 1934 0045 6612";
    let rows = [
        (two, count(2), "12345678 87654321 | 11112222 33334444"),
        (two, count(4), "12345678 | 87654321 | 11112222 | 33334444"),
        (two, count(3), "12345678 | 87654321 | 11112222 | 33334444 ? count 3 of [2, 4]"),
        (two, Answers { groups: Some(2), ..Answers::default() }, "12345678 87654321 | 11112222 33334444"),
        (
            two,
            Answers { groups: Some(7), ..Answers::default() },
            "12345678 | 87654321 | 11112222 | 33334444 ? spaces 1:4 2:2",
        ),
        (groups, count(4), FOUR),
        ("a1b2c-d3e4f", count(2), "a1b2c-d3e4f ? count 2 of [1]"),
        ("ABCD-EFGH-12JK-LM34\nNPQR-56ST-UV78", count(1), "ABCD-EFGH-12JK-LM34-NPQR-56ST-UV78"),
        ("ABCD-EFGH-12JK-LM34\nNPQR-56ST-UV78", count(2), "ABCD-EFGH-12JK-LM34 | NPQR-56ST-UV78"),
        ("ABCD-EFGH-12JK-LM34-NP\nQR-56ST-UV78", count(1), "ABCD-EFGH-12JK-LM34-NPQR-56ST-UV78"),
        ("ABCD\nEFG2\n2345\n6JKL", count(1), "ABCD EFG2 2345 6JKL"),
        ("Your code is 123456.", count(1), "123456"),
        ("a1b2c-d3e4f\n0f9e8-7d6c5\n\n4471093318", count(2), "a1b2c-d3e4f | 0f9e8-7d6c5"),
        ("a1b2c-d3e4f\n0f9e8-7d6c5\n\n4471093318", count(3), "a1b2c-d3e4f | 0f9e8-7d6c5 | 4471093318"),
        ("JBSWY3DPEHPK3PXP", count(1), "JBSWY3DPEHPK3PXP"),
    ];
    for (text, answers, expected) in rows {
        assert_eq!(said(text, &answers), expected, "{text:?} {answers:?}");
    }
}

#[test]
fn each_doubt_is_settled_by_its_answer() {
    let none = Answers::default();
    let lists = "GitHub (anna):\na1b2c-d3e4f\n0f9e8-7d6c5\n\nGitHub (ben):\n0e123-45678\n9a8b7-c6d5e";
    let noted = "a1b2c-d3e4f phone\n0f9e8-7d6c5";
    let key = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9";
    let rows = [
        (lists, Answers { part: Some(ListPart::All), ..none }, HEX),
        (lists, Answers { part: Some(ListPart::Only(1)), ..none }, "0e123-45678 | 9a8b7-c6d5e"),
        (noted, Answers { notes: Some(true), ..none }, "a1b2c-d3e4f* | 0f9e8-7d6c5"),
        (noted, Answers { notes: Some(false), ..none }, "a1b2c-d3e4f | 0f9e8-7d6c5"),
        (key, Answers { is_code: Some(true), ..none }, key),
        (key, Answers { is_code: Some(false), ..none }, "! the owner says that it is no code"),
        (key, Answers { count: Some(1), ..none }, &format!("{key} ? Key")),
        ("Your code is 123456.", Answers { others: Some(true), ..none }, "123456"),
        ("Your code is 123456.", Answers { others: Some(false), ..none }, "! no codes were found in it"),
        ("ABCDEFGH\nQRSTUVWX", Answers { is_code: Some(true), ..none }, "ABCDEFGH | QRSTUVWX"),
        ("ABCD\nEFG2\n2345\n6JKL", Answers { lines: Some(2), ..none }, "ABCD EFG2 | 2345 6JKL"),
    ];
    for (text, answers, expected) in rows {
        assert_eq!(said(text, &answers), expected, "{text:?} {answers:?}");
    }
}

#[test]
fn what_is_left_aside_is_counted_and_nothing_prints_a_code() {
    let list = read("Codes of Anna\n\na1b2c-d3e4f\n0f9e8-7d6c5\n\nPrinted 2026-11-28\n", &Answers::default()).unwrap();
    assert_eq!((list.codes.len(), list.aside), (2, 2));
    let printed = format!("{list:?} {:?}", read("a1b2\u{1b}", &Answers::default()));
    assert!(!printed.contains("a1b2") && !printed.contains("0f9e8"), "{printed}");
}

#[test]
fn odd_codes_are_named() {
    for (codes, odd) in [
        (
            &["0318 4471", "5563 OO98", "7720 193", "0045-6612", "00112233"][..],
            vec![(1, Oddity::Letter), (2, Oddity::Length)],
        ),
        (&["a1b2c-d3e4f", "0f9e8-7d6c5", "O0123-45678", "0e123-45678"], vec![(2, Oddity::Letter)]),
        (&["abcd2ef3", "Abcd2ef4", "zbcd2ef5", "xbcd2e?5"], vec![(1, Oddity::Case), (3, Oddity::Length)]),
        (&["abcd2ef3", "zbcd2ef5", "xbcdy2e.5"], vec![(2, Oddity::Sign)]),
        (&["12345678", "1234567"], vec![]),
        (&["12345678"], vec![]),
        (&[], vec![]),
        (&["aB3", "Cd4", "eF5"], vec![]),
    ] {
        assert_eq!(odd_ones(codes), odd, "{codes:?}");
    }
}
