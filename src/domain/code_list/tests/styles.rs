//! How services print codes, and people copy them: each is read as a person means it.

use super::*;

#[test]
fn columns_are_read_in_order() {
    check(&[
        ("0318 4471    5563 0098\n7720 1934    0045 6612\n", FOUR),
        ("0318 4471\t5563 0098\r\n7720 1934\t0045 6612\r\n", FOUR),
        ("0318 4471 | 5563 0098\n7720 1934 | 0045 6612", FOUR),
        ("0318 4471; 5563 0098; 7720 1934; 0045 6612", FOUR),
        ("0318 4471, 5563 0098,\n7720 1934, 0045 6612.", FOUR),
        ("0318 4471 · 5563 0098 · 7720 1934 · 0045 6612", FOUR),
        ("\u{feff}0318\u{a0}4471\u{3000}5563\u{a0}0098\r7720\u{2009}1934\u{2003}0045\u{202f}6612", FOUR),
        (
            "SAVE YOUR BACKUP CODES\nKeep these backup codes somewhere safe but accessible.\n\n1. 0318 4471          3. 7720 1934\n\
             2. 5563 0098          4. 0045 6612\n(ops@example.org)\n\n* You can only use each backup code once.\n* Need more? Visit \
             https://g.co/2sv\n* These codes were generated on: Nov 28, 2026.",
            FOUR,
        ),
    ]);
}

#[test]
fn numbers_are_no_part_of_a_code_but_its_order() {
    check(&[
        ("1. 0318 4471\n2. 5563 0098\n3. 7720 1934\n4. 0045 6612", FOUR),
        ("1) 0318 4471\n2) 5563 0098\n3) 7720 1934\n4) 0045 6612", FOUR),
        ("1)0318 4471\n2)5563 0098\n3)7720 1934\n4)0045 6612", FOUR),
        ("1: 0318 4471\n2: 5563 0098\n3: 7720 1934\n4: 0045 6612", FOUR),
        ("1 - 0318 4471\n2 - 5563 0098\n3 – 7720 1934\n4 — 0045 6612", FOUR),
        ("(1) 0318 4471\n(2) 5563 0098\n(3) 7720 1934\n(4) 0045 6612", FOUR),
        ("[1] 0318 4471\n[2] 5563 0098\n[3] 7720 1934\n[4] 0045 6612", FOUR),
        ("#1 0318 4471\n#2 5563 0098\n#3 7720 1934\n#4 0045 6612", FOUR),
        ("01. 0318 4471\n02. 5563 0098\n03. 7720 1934\n04. 0045 6612", FOUR),
        ("①0318 4471\n② 5563 0098\n③ 7720 1934\n④\u{a0}0045 6612", FOUR),
        ("1️⃣ 0318 4471\n2️⃣ 5563 0098\n3️⃣ 7720 1934\n4️⃣ 0045 6612", FOUR),
        ("１．０３１８ ４４７１\n２．５５６３ ００９８\n３．７７２０ １９３４\n４．００４５ ６６１２", FOUR),
        ("١. 0318 4471\n٢. 5563 0098\n٣. 7720 1934\n٤. 0045 6612", FOUR),
        ("१) 0318 4471 २) 5563 0098 ३) 7720 1934 ४) 0045 6612", FOUR),
        ("1 03184471\n2 55630098\n3 77201934", "03184471 | 55630098 | 77201934"),
        ("1\t0318 4471\n2\t5563 0098\n3\t7720 1934\n4\t0045 6612", FOUR),
        ("4. 0045 6612\n2. 5563 0098\n1. 0318 4471\n3. 7720 1934", FOUR),
        ("1. 1a2b3c4d\n2. 2b3c4d5e\n3. 3c4d5e6f", "1a2b3c4d | 2b3c4d5e | 3c4d5e6f"),
        ("1.1a2b3c4d\n2.2b3c4d5e\n3.3c4d5e6f", "1a2b3c4d | 2b3c4d5e | 3c4d5e6f"),
        ("1-03184471\n2-55630098\n3-77201934", "03184471 | 55630098 | 77201934"),
        ("Code 1: 0318 4471\nCode 2: 5563 0098\nCode 3: 7720 1934\nCode 4: 0045 6612", FOUR),
        ("Backup code #1 0318 4471\nBackup code #2 5563 0098", "0318 4471 | 5563 0098"),
        ("1) 0318 4471  2) 5563 OO98  3.) 772O 1934✓", "0318 4471 | 5563 OO98 | 772O 1934*"),
        ("1. ABCD EFGH", "ABCD EFGH"),
        ("1 0318 4471 2 5563 0098 3 7720 1934 4 0045 6612", FOUR),
        ("1\n0318-4471\n2\n5563-0098", "0318-4471 | 5563-0098"),
        ("1.0318 4471", "0318 4471"),
        ("2. 0318 4471", "0318 4471"),
        ("1 a1b2c-d3e4f\n2 0f9e8-7d6c5\n4 0e123-45678", "a1b2c-d3e4f | 0f9e8-7d6c5 | 0e123-45678 ? missing [3]"),
        (
            "1st code: a1b2c-d3e4f\n2nd code: 0f9e8-7d6c5\n3rd code: 0e123-45678",
            "a1b2c-d3e4f | 0f9e8-7d6c5 | 0e123-45678",
        ),
        ("Code 1: 0318-4471, Code 2: 5563-0098 ✓, Code 3: 7720-1934", "0318-4471 | 5563-0098* | 7720-1934"),
        ("a) a1b2c-d3e4f\nb) 0f9e8-7d6c5\nc) 0e123-45678", "a1b2c-d3e4f | 0f9e8-7d6c5 | 0e123-45678"),
        ("[1/2] a1b2c-d3e4f\n[2/2] 0f9e8-7d6c5", "a1b2c-d3e4f | 0f9e8-7d6c5"),
    ]);
}

#[test]
fn bullets_and_boxes_are_left_away() {
    check(&[
        ("•\u{a0}a1b2c-d3e4f\n•\u{a0}0f9e8-7d6c5\n• 0e123-45678\n• 9a8b7-c6d5e", HEX),
        ("- a1b2c-d3e4f\n- 0f9e8-7d6c5\n- 0e123-45678\n- 9a8b7-c6d5e", HEX),
        ("* a1b2c-d3e4f\n* 0f9e8-7d6c5\n* 0e123-45678\n* 9a8b7-c6d5e", HEX),
        ("– a1b2c‑d3e4f\n– 0f9e8–7d6c5\n– 0e123−45678\n– 9a8b7—c6d5e", HEX),
        ("□ 0318 4471   □ 5563 0098\n□ 7720 1934   □ 0045 6612", FOUR),
        ("0318 4471 □\n5563 0098 □\n7720 1934 □\n0045 6612 □", FOUR),
        (
            "[ ] 0318 4471\n[x] 5563 0098\n[ ] 7720 1934\n[ ] 0045 6612",
            "0318 4471 | 5563 0098* | 7720 1934 | 0045 6612",
        ),
        ("- [ ] 0318 4471\n- [X] 5563 0098\n", "0318 4471 | 5563 0098*"),
        ("○ a1b2c-d3e4f\n● 0f9e8-7d6c5\n○ 0e123-45678", "a1b2c-d3e4f | 0f9e8-7d6c5* | 0e123-45678"),
        ("● a1b2c-d3e4f\n● 0f9e8-7d6c5\n● 0e123-45678", "a1b2c-d3e4f | 0f9e8-7d6c5 | 0e123-45678"),
    ]);
}

#[test]
fn marks_of_use_are_seen() {
    check(&[
        ("used\n12345678\n23456789", "12345678* | 23456789*"),
        ("12345678\n23456789\nUsed:\n34567890", "12345678 | 23456789 | 34567890*"),
        ("12345678 used\n23456789 used", "12345678* | 23456789*"),
        ("12345678✓23456789✓34567890", "12345678* | 23456789* | 34567890"),
        (
            "a1b2c-d3e4f ✓\n0f9e8-7d6c5\n0e123-45678 ✗\n9a8b7-c6d5e",
            "a1b2c-d3e4f* | 0f9e8-7d6c5 | 0e123-45678* | 9a8b7-c6d5e",
        ),
        (
            "✔ a1b2c-d3e4f\n0f9e8-7d6c5\n❌ 0e123-45678\n9a8b7-c6d5e",
            "a1b2c-d3e4f* | 0f9e8-7d6c5 | 0e123-45678* | 9a8b7-c6d5e",
        ),
        (
            "a̶1̶b̶2̶c̶-̶d̶3̶e̶4̶f̶\n~~0f9e8-7d6c5~~\n<s>0e123-45678</s>\n9a8b7-c6d5e",
            "a1b2c-d3e4f* | 0f9e8-7d6c5* | 0e123-45678* | 9a8b7-c6d5e",
        ),
        (
            "1. 0318 4471 used\n2. 5563 0098\n3. 7720 1934 (verbraucht am 3.4.)\n4. 0045 6612",
            "0318 4471* | 5563 0098 | 7720 1934* | 0045 6612",
        ),
        (
            "a1b2c-d3e4f использован\n0f9e8-7d6c5 utilisé\n0e123-45678\n9a8b7-c6d5e已使用",
            "a1b2c-d3e4f* | 0f9e8-7d6c5* | 0e123-45678 | 9a8b7-c6d5e*",
        ),
        (
            "a1b2c-d3e4f - used\n0f9e8-7d6c5 - unused\n0e123-45678 (not used)",
            "a1b2c-d3e4f* | 0f9e8-7d6c5 | 0e123-45678",
        ),
        ("USED: a1b2c-d3e4f\n0f9e8-7d6c5\n0e123-45678", "a1b2c-d3e4f* | 0f9e8-7d6c5 | 0e123-45678"),
        (
            "Not used:\na1b2c-d3e4f\n0f9e8-7d6c5\n\nUsed:\n0e123-45678\n9a8b7-c6d5e",
            "a1b2c-d3e4f | 0f9e8-7d6c5 | 0e123-45678* | 9a8b7-c6d5e*",
        ),
        ("x a1b2c-d3e4f\n  0f9e8-7d6c5\n  0e123-45678", "a1b2c-d3e4f* | 0f9e8-7d6c5 | 0e123-45678"),
        ("12345678\tused\t2026-03-01\n23456789\t\t\n34567890\tused\t2026-03-09", "12345678* | 23456789 | 34567890*"),
        ("a1b2c-d3e4f # used 3.4.\n0f9e8-7d6c5", "a1b2c-d3e4f* | 0f9e8-7d6c5"),
        ("✅ a1b2c-d3e4f\n⬜ 0f9e8-7d6c5", "a1b2c-d3e4f* | 0f9e8-7d6c5"),
        (
            "a1b2c-d3e4f, 0f9e8-7d6c5 (used by Tom on the train), 0e123-45678",
            "a1b2c-d3e4f | 0f9e8-7d6c5* | 0e123-45678",
        ),
    ]);
}

#[test]
fn codes_of_any_shape_stay_as_they_are() {
    let apple = "ABCD-EFGH-12JK-LM34-NPQR-56ST-UV78";
    let hex64 = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9";
    let npm = format!("{hex64}\n1{0}\n2{0}", hex64.get(1..).unwrap());
    let npm_read = npm.replace('\n', " | ");
    check(&[
        ("a1b2c-d3e4f\n0f9e8-7d6c5\n0e123-45678\n9a8b7-c6d5e\n", HEX),
        (
            "3f9c1a7be04d5526\n4471093318206655\n00ff00ff00ff00ff",
            "3f9c1a7be04d5526 | 4471093318206655 | 00ff00ff00ff00ff",
        ),
        ("ABCDE-12FGH-34JKL-56MNP-78QRS", "ABCDE-12FGH-34JKL-56MNP-78QRS"),
        (apple, apple),
        ("Recovery key:\nABCD-EFGH-12JK-LM34-\nNPQR-56ST-UV78\n", apple),
        ("abcd-efgh-ijkl-mnop-qrst", "abcd-efgh-ijkl-mnop-qrst"),
        ("123456", "123456"),
        ("R12345", "R12345"),
        ("A3-ABCDEF-GHIJKL-MNOPQ-RSTUV-WXYZ2-34567", "A3-ABCDEF-GHIJKL-MNOPQ-RSTUV-WXYZ2-34567"),
        ("1: ABCD-EFGH-JKLM\n2: N2PQ-R3ST-U4VW\n3: ABCD-3FGH-JKLM", "ABCD-EFGH-JKLM | N2PQ-R3ST-U4VW | ABCD-3FGH-JKLM"),
        ("a1B2c3D4e5-F6g7H8i9J0\nK1l2M3n4O5-P6q7R8s9T0", "a1B2c3D4e5-F6g7H8i9J0 | K1l2M3n4O5-P6q7R8s9T0"),
        (
            "abcDefgh2Jkmnpqr\nZbcDefgh2Jkmnpqs\nabcDefghKJkmnpqt",
            "abcDefgh2Jkmnpqr | ZbcDefgh2Jkmnpqs | abcDefghKJkmnpqt",
        ),
        ("123 456 789\n987 654 321\n012 345 678", "123 456 789 | 987 654 321 | 012 345 678"),
        ("k3m9-p2x7-q8w1-e5r4\na3m9-p2x7-q8w1-e5r4", "k3m9-p2x7-q8w1-e5r4 | a3m9-p2x7-q8w1-e5r4"),
        ("abcd2ef3\nxyzw7654\nqqqqwwww\n2345abcd", "abcd2ef3 | xyzw7654 | qqqqwwww | 2345abcd"),
        ("1. abcd2345\n2. efghijkl\n3. mnop6723", "abcd2345 | efghijkl | mnop6723"),
        ("00000001\n01234567\n12345678", "00000001 | 01234567 | 12345678"),
        (&npm, &npm_read),
        ("123456789012345\n000000000000001", "123456789012345 | 000000000000001"),
        ("abcd-e2gh-ij\nklmn-0pqr-st\nabcd-efgh-ij", "abcd-e2gh-ij | klmn-0pqr-st | abcd-efgh-ij"),
        ("correct-horse-battery-staple", "correct-horse-battery-staple"),
        ("q83vEjRWeJA=\nAQIDBAUGBwg=\nAwAB+gID/AU=", "q83vEjRWeJA= | AQIDBAUGBwg= | AwAB+gID/AU="),
    ]);
}

#[test]
fn what_is_around_a_list_is_left_aside() {
    check(&[
        (
            "Secret Key: A3-ABCDEF-GHIJKL-MNOPQ-RSTUV-WXYZ2-34567\nPassword: ________",
            "A3-ABCDEF-GHIJKL-MNOPQ-RSTUV-WXYZ2-34567",
        ),
        ("Here's your key: ABCD-EFGH-IJKL-MNOP\nA new code will be issued after use.", "ABCD-EFGH-IJKL-MNOP"),
        (
            "Keycloak recovery codes\nGenerated: 2026-11-28 12:30:00\n\na1b2c-d3e4f\n0f9e8-7d6c5\n0e123-45678\n9a8b7-c6d5e\n\nSupport: \
             +49 30 1234567, help@example.org",
            HEX,
        ),
        ("> 1. a1b2c-d3e4f\n> 2. 0f9e8-7d6c5\n>> 3. 0e123-45678\n> > 4. 9a8b7-c6d5e", HEX),
        ("```\na1b2c-d3e4f\n0f9e8-7d6c5\n0e123-45678\n9a8b7-c6d5e\n```", HEX),
        ("- `a1b2c-d3e4f`\n- `0f9e8-7d6c5`\n- `0e123-45678`\n- `9a8b7-c6d5e`", HEX),
        (
            "| # | Code |\n|---|---|\n| 1 | a1b2c-d3e4f |\n| 2 | 0f9e8-7d6c5 |\n| 3 | 0e123-45678 |\n| 4 | 9a8b7-c6d5e |",
            HEX,
        ),
        (
            "<ul><li>a1b2c-d3e4f</li><li>0f9e8-7d6c5&nbsp;</li>\n<li>0e123&#45;45678</li><li><code>9a8b7-c6d5e</code></li></ul>",
            HEX,
        ),
        ("a1b2c-d3e4f<br>0f9e8-7d6c5<br/>0e123-45678<BR />9a8b7-c6d5e", HEX),
        ("[\"0318 4471\",\"5563 0098\", \"7720 1934\",\n\"0045 6612\"]", FOUR),
        ("{\"codes\": [\"0318 4471\", \"5563 0098\", \"7720 1934\", \"0045 6612\"]}", FOUR),
        (
            "[{\"code\": \"0318 4471\", \"used\": false}, {\"code\": \"5563 0098\", \"used\": true}]",
            "0318 4471 | 5563 0098*",
        ),
        (
            "[\n {\n  \"code\": \"a1b2c-d3e4f\",\n  \"used\": true\n },\n {\n  \"code\": \"0f9e8-7d6c5\",\n  \"used\": false\n }\n]",
            "a1b2c-d3e4f* | 0f9e8-7d6c5",
        ),
        ("code\n\"0318 4471\"\n\"5563 0098\"\n\"7720 1934\"\n\"0045 6612\"", FOUR),
        ("code,used\n0318 4471,no\n5563 0098,yes\n7720 1934,", "0318 4471 | 5563 0098* | 7720 1934"),
        (
            "Date | Code | Used?\n2026-11-28 | 0318 4471 | no\n2026-11-28 | 5563 0098 | 2026-12-01",
            "0318 4471 | 5563 0098*",
        ),
        (
            "(a1b2c-d3e4f), <0f9e8-7d6c5>, [0e123-45678], 'a1b2c-d3e4a'.",
            "a1b2c-d3e4f | 0f9e8-7d6c5 | 0e123-45678 | a1b2c-d3e4a",
        ),
        ("a1b2c-d3e4f 0f9e8-7d6c5 0e123-45678 9a8b7-c6d5e", HEX),
        ("**1.** a1b2c-d3e4f\n**2.** 0f9e8-7d6c5", "a1b2c-d3e4f | 0f9e8-7d6c5"),
        ("a1b2\u{200b}c-d3\u{ad}e4f\n\u{200e}0f9e8-7d6c5", "a1b2c-d3e4f | 0f9e8-7d6c5"),
        ("Your codes: a1b2c-d3e4f, 0f9e8-7d6c5 and 0e123-45678.", "a1b2c-d3e4f | 0f9e8-7d6c5 | 0e123-45678"),
        (
            "Your recovery code is ABCDE-12FGH-34JKL-56MNP-78QRS. Keep it safe; it was made on 28 November 2026.",
            "ABCDE-12FGH-34JKL-56MNP-78QRS",
        ),
        ("Revocation code: R12345", "R12345"),
        (
            "1. ABCD-EFGH-2345\n   6JKL-MNPQ-RSTU\n2. BBCD-EFGH-2345\n   7JKL-MNPQ-RSTU",
            "ABCD-EFGH-2345-6JKL-MNPQ-RSTU | BBCD-EFGH-2345-7JKL-MNPQ-RSTU",
        ),
        ("バックアップ コード（各コードは1回のみ）\na1b2c-d3e4f\t0f9e8-7d6c5\n0e123-45678\t9a8b7-c6d5e", HEX),
        ("Service: Forge\nPassword: correcthorse9\nCodes: a1b2c-d3e4f, 0f9e8-7d6c5, 0e123-45678, 9a8b7-c6d5e", HEX),
        ("name,code,used\nforge,a1b2c-d3e4f,false\nforge,0f9e8-7d6c5,true", "a1b2c-d3e4f | 0f9e8-7d6c5*"),
        (
            "<html><head><style>.a{color:#123456}</style><script>var x=12345678;</script></head><body><h1>Codes</h1><table><tr>\
             <td>a1b2c-d3e4f</td><td>0f9e8-7d6c5</td></tr><tr><td>0e123-45678</td><td>9a8b7-c6d5e</td></tr></table></body></html>",
            HEX,
        ),
        ("a1b2c-d3e4f/0f9e8-7d6c5/0e123-45678/9a8b7-c6d5e", HEX),
        ("Bypass codes: 123456789, 234567890. They expire on 2026-12-31 at 23:59.", "123456789 | 234567890"),
    ]);
}

#[test]
fn what_else_stands_there_says_what_a_space_means() {
    check(&[
        ("0318 4471\n5563 0098\n77201934", "0318 4471 | 5563 0098 | 77201934"),
        ("12345678 87654321\n11112222 33334444\n55556666", "12345678 | 87654321 | 11112222 | 33334444 | 55556666"),
        ("0318-4471\n0318 4471\n5563 0098", "0318-4471 | 0318 4471 | 5563 0098 = [(0, 1)]"),
        ("a1b2c-d3e4f\nA1B2C-D3E4F\n0f9e8-7d6c5", "a1b2c-d3e4f | A1B2C-D3E4F | 0f9e8-7d6c5 = [(0, 1)]"),
        ("a7kp w2m4\n9bcd 1f3g\n9bcd-1f3g", "a7kp w2m4 | 9bcd 1f3g | 9bcd-1f3g = [(1, 2)]"),
        ("k3m9-p2x7-q8w1-e5r4 k3m9-p2x7-q8w1-e5r5", "k3m9-p2x7-q8w1-e5r4 | k3m9-p2x7-q8w1-e5r5"),
        ("3f9c1a7be04d5526 4471093318206655", "3f9c1a7be04d5526 | 4471093318206655"),
        ("ABCDE-12FGH-\n34JKL-56MNP-\n78QRS", "ABCDE-12FGH-34JKL-56MNP-78QRS"),
    ]);
}
