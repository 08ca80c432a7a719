//! Words beside a code that say whether it was used. No list of languages is complete: a word that is not here is asked about.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroizing;

use super::plain::BOX;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkMeaning {
    Used,
    Unused,
    Not,
    Yes,
    No,
}

/// What a heading says of the codes below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeadingMeaning {
    Used,
    /// A word for it stands in it, and others that may turn it: "Tick when used", "Used for: …".
    PerhapsUsed,
    Unused,
}

/// Lower case, without the marks on letters.
const USED: &[&str] = &[
    "used",
    "spent",
    "redeemed",
    "consumed", // en
    "benutzt",
    "gebraucht",
    "verbraucht",
    "verwendet",
    "eingelost", // de
    "utilise",
    "utilisee",
    "utilises",
    "utilisees", // fr
    "usado",
    "usada",
    "usados",
    "usadas",
    "utilizado",
    "utilizada",
    "utilizados",
    "utilizadas", // es, pt
    "usato",
    "usata",
    "usati",
    "usate",
    "utilizzato",
    "utilizzata", // it
    "gebruikt",
    "verbruikt", // nl
    "uzyty",
    "uzyte",
    "uzyto",
    "zuzyty",
    "wykorzystany",
    "wykorzystane",
    "wykorzystano", // pl
    "pouzito",
    "pouzity",
    "pouzite", // cs, sk
    "anvand",
    "anvant",
    "anvanda",
    "brukt",
    "brugt",
    "kaytetty", // sv, no, da, fi
    "kullanildi",
    "kullanıldı",
    "folosit",
    "hasznalt",
    "felhasznalt", // tr, ro, hu
];
/// Beginnings of words.
const USED_STEMS: &[&str] = &["использов", "використ", "χρησιμοποιημ"];
/// Parts of text without spaces.
const USED_PARTS: &[&str] = &["使用", "已用", "用過", "用过", "사용", "مستخدم", "استخدم", "נוצל", "ใช้แล้ว", "प्रयुक्त"];
/// Such words that say nothing else.
const USED_ALONE: &[&str] = &[
    "已使用",
    "使用済み",
    "使用済",
    "已用",
    "用過",
    "用过",
    "사용됨",
    "사용함",
    "مستخدم",
    "استخدم",
    "נוצל",
    "ใช้แล้ว",
    "प्रयुक्त",
];
const UNUSED: &[&str] = &[
    "unused",
    "unbenutzt",
    "ungebraucht",
    "unverbraucht",
    "inutilise",
    "ongebruikt",
    "неиспользован",
    "available",
    "open",
    "未使用",
    "未用",
    "미사용",
];
const NOT: &[&str] =
    &["not", "never", "nicht", "nie", "pas", "jamais", "nao", "niet", "не", "inte", "ikke", "nunca", "mai", "ne"];
const YES: &[&str] = &["yes", "true", "y", "1", "ja", "oui", "si", "sim", "да", "tak", "是", "はい", "예"];
const NO: &[&str] = &[
    "no",
    "false",
    "n",
    "0",
    "nein",
    "non",
    "nee",
    "нет",
    "nej",
    "nei",
    "否",
    "未",
    "いいえ",
    "아니요",
    "null",
    "none",
    "nil",
    "na",
    "n/a",
];

pub(super) fn meaning(word: &str) -> Option<MarkMeaning> {
    /// No word of the lists is longer.
    const LONGEST: usize = 64;
    /// In scripts without spaces a whole sentence is one word: "each code can be used once" marks none.
    const LONGEST_PART: usize = 8;
    if word.len() > LONGEST {
        return None;
    }
    let folded = folded(word);
    let is_in = |words: &[&str]| words.contains(&folded.as_str());
    if is_in(UNUSED) || UNUSED.iter().any(|other| !other.is_ascii() && folded.starts_with(other)) {
        Some(MarkMeaning::Unused)
    } else if is_in(USED)
        || USED_STEMS.iter().any(|stem| folded.starts_with(stem))
        || (word.chars().count() <= LONGEST_PART
            && USED_PARTS.iter().any(|part| folded.contains(part) || word.contains(part)))
    {
        Some(MarkMeaning::Used)
    } else if is_in(NOT) {
        Some(MarkMeaning::Not)
    } else if is_in(YES) {
        Some(MarkMeaning::Yes)
    } else if is_in(NO) {
        Some(MarkMeaning::No)
    } else {
        None
    }
}

/// Whether a word says that something was used, and nothing else.
pub(super) fn says_used(word: &str) -> bool {
    meaning(word) == Some(MarkMeaning::Used)
        && (USED_ALONE.contains(&word) || !USED_PARTS.iter().any(|part| word.contains(part)))
}

/// Where a program wrote a list of used codes: what stands between the brackets of `"used": [...]`.
pub(super) fn used_lists(text: &str) -> Vec<Range<usize>> {
    // An empty list looks as an empty box does.
    let names = text.match_indices(['[', BOX]).filter_map(|(open, _)| {
        let name = text.get(..open)?.trim_end().strip_suffix(':')?.trim_end().strip_suffix('"')?;
        let name = name.get(name.rfind('"')? + 1..)?;
        let meanings: Vec<_> = name.split(|c: char| !c.is_alphanumeric()).filter_map(meaning).collect();
        let rest = text.get(open..)?;
        let length = if rest.starts_with(BOX) { 0 } else { rest.find(']').unwrap_or(rest.len()) };
        (meanings == [MarkMeaning::Used]).then_some(open..open + length)
    });
    names.collect()
}

/// Lower case, without the marks on letters of scripts that have capitals; other scripts would lose letters.
fn folded(word: &str) -> Zeroizing<String> {
    let mut folded = Zeroizing::new(String::with_capacity(word.len() * 4));
    if word.is_ascii() || word.chars().any(char::is_lowercase) || word.chars().any(char::is_uppercase) {
        folded.extend(word.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase));
    } else {
        folded.push_str(word);
    }
    folded
}
