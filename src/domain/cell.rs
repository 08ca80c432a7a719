//! What spreadsheets make of the cells of a table (CSV) that they open, and the apostrophe that keeps them from it.
//!
//! A spreadsheet takes a cell for a number, a date, a time, an amount, a word for true or false, or a formula where it can, and shows
//! that instead: `0012` as 12, `1E5` as 100000, sixteen digits with a 0 at their end, `1-2` and `MARCH1` as days. Which cells depends
//! on the program and the language of its user. So the rule here names what is text in all of them, and an apostrophe stands before
//! everything else, as OWASP advises for formulas ("CSV Injection"). Every cell comes back by taking one apostrophe away.

/// An unbroken run of so many letters and digits, with a letter that stands in no number, is no number, date or time.
const LONG_RUN: usize = 24;
/// A date, a time or an amount has at most so many words, the longest in sentences (`miércoles, 5 de enero de 2026`).
const WORDS: usize = 6;
/// A date has at most so many slashes; a derivation path has more.
const SLASHES: usize = 2;
/// Signs that stand in no number, date, time or amount that begins with a letter.
const OF_NO_NUMBER: &str = "_@;|<>=&*\"#?!~^\\{}[]";
/// True and false, as spreadsheets of Western languages and of Russian call them; and numbers that are written as words.
const VALUES: [&str; 38] = [
    "true",
    "false",
    "wahr",
    "falsch",
    "vrai",
    "faux",
    "verdadero",
    "falso",
    "vero",
    "verdadeiro",
    "waar",
    "onwaar",
    "sant",
    "falskt",
    "sand",
    "falsk",
    "sann",
    "usann",
    "tosi",
    "epätosi",
    "prawda",
    "fałsz",
    "pravda",
    "nepravda",
    "igaz",
    "hamis",
    "doğru",
    "yanlış",
    "adevărat",
    "fals",
    "tõene",
    "väär",
    "истина",
    "ложь",
    "cert",
    "inf",
    "infinity",
    "nan",
];

/// Whether a spreadsheet may show something else than this text, or takes an apostrophe from it. When in doubt it may.
pub fn is_changed_by_spreadsheets(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    if first.is_alphanumeric() && has_long_run(text) {
        return false;
    }
    if !first.is_alphabetic() {
        return true;
    }
    if !text.contains(char::is_numeric) {
        return VALUES.contains(&text.trim().to_lowercase().as_str());
    }
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).count();
    words <= WORDS && text.matches('/').count() <= SLASHES && !text.contains(|c| OF_NO_NUMBER.contains(c))
}

/// Letters of hexadecimal numbers and of exponents count for none: `1e5`, `1d5`, `0x15`.
fn has_long_run(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|run| run.len() >= LONG_RUN && run.contains(|c: char| c.is_alphabetic() && !"dDeExX".contains(c)))
}

/// What stood in a cell before an apostrophe was put before it. One that nobody had to put there is part of the text.
pub fn without_mark(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_changed_by_spreadsheets(text)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Excel, `LibreOffice` or Gnumeric were seen or are documented to change, in one language or another.
    const CHANGED: [&str; 62] = [
        "0012",
        "1E5",
        "1e5",
        "2310009E13",
        "0e123-45678",
        "1234567890123456",
        "12345678901234567890",
        "1-2",
        "1/2",
        "1.2",
        "12.5.2026",
        "2026-01-01",
        "2026-01-01T00:00:00Z",
        "12:30",
        "12:30 PM",
        "5 p",
        "5jan2026",
        "MARCH1",
        "SEPT2",
        "Jan 5",
        "May 2026",
        "mai-12",
        "Dez 1",
        "Mon, 5 January 2026",
        "miércoles, 5 de enero de 2026",
        "Mittwoch, den 5. Januar 2026, 12:30",
        "R5",
        "kr12345678",
        "EUR 12345678901234567890",
        "€5",
        "$5",
        "5 €",
        "5%",
        "1,234",
        "1'000",
        "(5)",
        ".5",
        ",5",
        "1 1/2",
        "１２３",
        "٣٤",
        "TRUE",
        "false",
        "true ",
        "Wahr",
        "ИСТИНА",
        "NaN",
        "#N/A",
        "#REF!",
        "=1+1",
        "+41",
        "-1",
        "@SUM(A1)",
        "＝1",
        "'x",
        "' x",
        "''",
        "\"=1\"",
        " 12",
        " =1",
        "000000000000000000000000000000e5",
        "0x00000000000000000000000000000000000012",
    ];
    const KEPT: [&str; 23] = [
        "",
        "Rent",
        "bitcoin",
        "match",
        "code-one",
        "ab cd-ef",
        "Größe & <Söhne>",
        "鍵",
        "ops@example.org",
        "ops2@example.org",
        "ECDSA_SECP256K1",
        "m/44/60/0/0/0",
        "m/44'/0'/0'/0/1",
        "Wallet #1",
        "single-use",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
        "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
        "code-<U+0000>three",
        "Trueman",
        "match; NOT CONFIRMED by a quorum of this backup, but its address proves it; added 2026-01-02",
    ];

    #[test]
    fn what_a_spreadsheet_changes_is_known_and_comes_back() {
        for text in CHANGED {
            assert!(is_changed_by_spreadsheets(text), "{text:?}");
            assert_eq!(without_mark(&format!("'{text}")), text);
        }
        for text in KEPT {
            assert!(!is_changed_by_spreadsheets(text), "{text:?}");
            assert_eq!(without_mark(text), text);
        }
        // As people write them.
        for text in ["'s-Hertogenbosch", "'t Hof"] {
            assert_eq!(without_mark(text), text);
            assert_eq!(without_mark(&format!("'{text}")), text);
        }
    }
}
