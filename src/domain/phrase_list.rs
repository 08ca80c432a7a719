//! Phrases as people write them down, and programs copy them: one a line, one word a line, numbered lists of any style, columns. The one
//! reader of words for files, prompts, clipboards and keys.

mod foreign;

use unicode_normalization::char::is_combining_mark;

use super::phrase::PhraseForm;
use super::wordlist::WordList;

pub use self::foreign::ForeignPhrase;

/// What stands for a word that cannot be read.
pub const UNREADABLE: char = '?';
/// What begins the number of a word in its list.
pub const WORD_NUMBER: char = '=';

/// Words that somebody meant as a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhraseLine<'a> {
    /// The line that it begins in, from 1.
    pub line: usize,
    /// The number before the phrase, when there was one: whose phrase the writer thought it was.
    pub number: Option<u32>,
    /// In the order of their numbers where they have such, else as they stand.
    pub words: Vec<&'a str>,
}

/// A letter of any script, or a mark that follows one in decomposed forms.
pub fn is_letter(c: char) -> bool {
    c.is_alphabetic() || is_combining_mark(c)
}

/// Whether a character stands between words: everything that is neither letter, mark nor digit, and means nothing by itself.
pub fn is_separator(c: char) -> bool {
    !(is_letter(c) || c.is_ascii_digit() || matches!(c, UNREADABLE | WORD_NUMBER))
}

/// The same as far as people mean it: another sign within a word tears it, and is no space.
pub fn is_usual_separator(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, ',' | ';' | '.' | ':' | ')' | '(' | '-' | '_' | '|' | '、' | '。' | '，')
}

/// Words, numbers, and marks for words that cannot be read, in their order. `text` is [`visible`](super::typed::visible) alone.
pub fn tokens(text: &str, list: WordList, is_between: fn(char) -> bool) -> Vec<&str> {
    let pieces = text.split(is_between).flat_map(before_numbers).flat_map(number_and_word);
    let pieces = pieces.map(without_signs).filter(|piece| !piece.is_empty());
    let is_one_sign = matches!(list, WordList::ChineseSimplified | WordList::ChineseTraditional);
    pieces.flat_map(|piece| signs(piece, is_one_sign)).collect()
}

/// Whether a token is the number of a word in its phrase.
pub fn is_number(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit())
}

/// The place in the list of what a token means: a word, or the number of one, counted from 1 as the lines of the list are.
pub fn position_of(token: &str, list: WordList) -> Option<u16> {
    match token.strip_prefix(WORD_NUMBER) {
        Some(number) => number.parse::<u16>().ok()?.checked_sub(1).filter(|place| *place < 2048),
        None => list.position(token),
    }
}

/// The phrases of a text: `2. word word …`, `Jane: word word …`, lists of one or more words a line. `text` is
/// [`visible`](super::typed::visible) alone.
pub fn phrases_in(text: &str, form: PhraseForm) -> Vec<PhraseLine<'_>> {
    // Of old systems a line ends with a carriage return alone.
    let end = if text.contains('\n') { '\n' } else { '\r' };
    let lines: Vec<(usize, &str)> = (1..).zip(text.split(end).map(str::trim)).collect();
    let is_double_spaced = !lines.windows(2).any(|two| two.iter().all(|(_, line)| !line.is_empty()));
    let mut gathering = PhraseGathering { form, phrases: Vec::new(), open: None };
    for (line, content) in lines {
        if content.is_empty() {
            // Between two words of a list it means nothing.
            if !is_double_spaced {
                gathering.close();
            }
            continue;
        }
        gathering.take(line, content);
    }
    gathering.close();
    gathering.phrases
}

/// Those of practice sheets: 12 words of the English list, one phrase a line.
pub fn practice(sheets: &str) -> Vec<PhraseLine<'_>> {
    phrases_in(sheets, PhraseForm::OF_DEVICE)
}

fn is_one_word(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().all(is_letter)
}

/// What is gathered, line by line.
struct PhraseGathering<'a> {
    form: PhraseForm,
    phrases: Vec<PhraseLine<'a>>,
    open: Option<OpenPhrase<'a>>,
}

/// A phrase that may go on in the next line.
struct OpenPhrase<'a> {
    line: usize,
    number: Option<u32>,
    /// Each with the number before it.
    words: Vec<(Option<usize>, &'a str)>,
    /// A number whose word has not come yet.
    pending: Option<usize>,
}

impl<'a> PhraseGathering<'a> {
    fn take(&mut self, line: usize, content: &'a str) {
        let (has_name, rest) = match content.split_once(':') {
            // `Word 3: apple`
            Some((name, word)) if is_one_word(word) && name.ends_with(|c: char| c.is_ascii_digit()) => {
                let number = name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
                (false, content.get(number..).unwrap_or(content))
            }
            Some((name, rest)) if !is_number(name.trim()) => (true, rest),
            _ => (false, content),
        };
        let wanted = self.form.words.words();
        let mut found = tokens(rest, self.form.language, is_separator);
        let count = found.iter().filter(|token| !is_number(token)).count();
        let numbers = found.len() - count;
        let begins_with_number = found.first().is_some_and(|token| is_number(token));
        // A number before a whole phrase says whose it is, unless each word has one.
        let is_whose = begins_with_number && (numbers == 1 || numbers == count + 1) && count > 1;
        let number = if is_whose { found.remove(0).parse().ok() } else { None };
        let held = self.open.as_ref().map_or(0, |open| open.words.len());
        let first = found.first().filter(|token| is_number(token) && !is_whose).and_then(|token| token.parse().ok());
        let is_anew = held > 0 && first == Some(1);
        // A list that goes on behind the last word of a phrase is another phrase, and named for what it is.
        let is_more = held + count > wanted && (held == 0 || first != Some(held + 1));
        if has_name || is_whose || is_anew || count >= wanted || is_more {
            self.close();
        }
        let open = self.open.get_or_insert(OpenPhrase { line, number, words: Vec::new(), pending: None });
        for token in found {
            if is_number(token) {
                open.pending = token.parse().ok();
            } else {
                open.words.push((open.pending.take(), token));
            }
        }
    }

    fn close(&mut self) {
        let Some(OpenPhrase { line, number, mut words, .. }) = self.open.take() else { return };
        if words.is_empty() {
            return;
        }
        let mut numbers: Vec<usize> = words.iter().filter_map(|(number, _)| *number).collect();
        numbers.sort_unstable();
        if numbers.iter().copied().eq(1..=words.len()) {
            words.sort_by_key(|(number, _)| *number);
        }
        let words = words.into_iter().map(|(_, word)| word).collect();
        self.phrases.push(PhraseLine { line, number, words });
    }
}

/// What begins the number of a word in its list begins a token.
fn before_numbers(piece: &str) -> impl Iterator<Item = &str> {
    let mut ends: Vec<usize> = piece.match_indices(WORD_NUMBER).map(|(at, _)| at).chain([piece.len()]).collect();
    ends.dedup();
    let mut from = 0;
    ends.into_iter().filter_map(move |end| {
        let part = piece.get(from..end);
        from = end;
        part
    })
}

/// `7word` as somebody wrote it without a space: a number, and a word.
fn number_and_word(token: &str) -> [&str; 2] {
    let letters = token.find(|c: char| !c.is_ascii_digit()).unwrap_or(token.len());
    let (number, word) = token.split_at_checked(letters).unwrap_or((token, ""));
    [number, word]
}

/// A mark stands alone, and the sign before a number before a number; elsewhere they are part of no word.
fn without_signs(piece: &str) -> &str {
    if !piece.is_empty() && piece.chars().all(|c| c == UNREADABLE) {
        return piece;
    }
    let piece = piece.trim_matches(UNREADABLE);
    match piece.strip_prefix(WORD_NUMBER) {
        Some(number) if is_number(number) => piece,
        Some(_) | None => piece.trim_matches(WORD_NUMBER),
    }
}

/// In Chinese each sign is a word, with a space behind it or without.
fn signs(piece: &str, is_one_sign: bool) -> impl Iterator<Item = &str> {
    let is_split = is_one_sign && piece.starts_with(|c: char| !c.is_ascii() && is_letter(c));
    let whole = if is_split { None } else { Some(piece) };
    whole.into_iter().chain((if is_split { piece } else { "" }).split("").filter(|sign| !sign.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::WordCount;

    const WORDS: &str = "abandon ability able about above absent absorb abstract absurd abuse access accident";
    const FORM: PhraseForm = PhraseForm { language: WordList::English, words: WordCount::TWELVE };

    fn words() -> Vec<&'static str> {
        WORDS.split(' ').collect()
    }

    fn found(text: &str) -> Vec<(usize, Option<u32>, String)> {
        phrases_in(text, FORM).into_iter().map(|phrase| (phrase.line, phrase.number, phrase.words.join(" "))).collect()
    }

    fn whole(line: usize, number: Option<u32>) -> (usize, Option<u32>, String) {
        (line, number, WORDS.to_owned())
    }

    fn numbered(before: &str, after: &str) -> String {
        let items: Vec<String> =
            (1..).zip(words()).map(|(number, word)| format!("{number}{before}{word}{after}")).collect();
        items.concat()
    }

    #[test]
    fn a_phrase_is_found_however_it_was_written() {
        let row = |row: usize| format!("{}. {}\t{}. {}\n", row + 1, words()[row], row + 7, words()[row + 6]);
        let columns: Vec<String> = (0..6).map(row).collect();
        let hashed: Vec<String> = (1..).zip(words()).map(|(number, word)| format!("#{number} {word}\n")).collect();
        for text in [
            WORDS.to_owned(),
            WORDS.replace(' ', "\n"),
            WORDS.replace(' ', "\r\n\r\n"),
            WORDS.replace(' ', ", "),
            WORDS.replace(' ', " / "),
            WORDS.replace(' ', " → "),
            WORDS.replace(' ', "\u{a0}"),
            format!("\"{}\"", WORDS.replace(' ', "\" \"")),
            format!("[{}]", WORDS.replace(' ', "', '")),
            WORDS.replacen(" absorb", "\nabsorb", 1),
            numbered(". ", "\n"),
            numbered(") ", "\n\n"),
            numbered(" - ", "\n"),
            numbered("\n", "\n"),
            numbered(":", ";"),
            numbered(". ", " "),
            numbered("", " "),
            hashed.concat(),
            format!("* {}", WORDS.replace(' ', "\n* ")),
            columns.concat(),
        ] {
            assert_eq!(found(&text), [whole(1, None)], "{text:?}");
        }
    }

    #[test]
    fn numbers_and_names_before_a_phrase_are_split_off_and_phrases_are_told_apart() {
        let text = format!("1. {WORDS}\r\n\n  Jane Doe: {WORDS}\n{WORDS}\n 12 .{WORDS}\n");
        assert_eq!(found(&text), [whole(1, Some(1)), whole(3, None), whole(4, None), whole(5, Some(12))]);
        // Lists one below the other: by a blank line, by a name, or because the numbers begin anew.
        let list = numbered(". ", "\n");
        for between in ["\n", "", "Ann:\n", "Ann: "] {
            let second = if between == "Ann: " { list.replace('\n', " ") } else { list.clone() };
            let text = format!("{list}{between}{second}");
            assert_eq!(
                found(&text).iter().map(|(_, _, words)| words.as_str()).collect::<Vec<_>>(),
                [WORDS; 2],
                "{text}"
            );
        }
        // A word less is told of the phrase that lacks it, and of no other.
        let short = list.replace("7. absorb\n", "");
        let eleven = WORDS.replace(" absorb", "");
        assert_eq!(found(&format!("{short}{list}")), [(1, None, eleven.clone()), whole(12, None)]);
        assert_eq!(
            found(&format!("{eleven}\n{WORDS}\n{eleven}\n")),
            [(1, None, eleven.clone()), whole(2, None), (3, None, eleven.clone())]
        );
        let blank = format!("{}\n\n{}", eleven.replace(' ', "\n"), WORDS.replace(' ', "\n"));
        assert_eq!(found(&blank), [(1, None, eleven), whole(13, None)]);
        assert_eq!(found(&format!("{WORDS} zoo")), [(1, None, format!("{WORDS} zoo"))]);
        assert_eq!(found("\n 1. \nAnn:\n"), []);
        let longer: Vec<String> = (1..=20).map(|number| format!("{number}. zoo\n")).collect();
        assert_eq!(found(&longer.concat()), [(1, None, ["zoo"; 20].join(" "))]);
        assert_eq!(found(&"zoo\n".repeat(24)), [(1, None, ["zoo"; 12].join(" ")), (13, None, ["zoo"; 12].join(" "))]);
    }

    #[test]
    fn signs_that_mean_something_keep_their_meaning() {
        let of = |text, list| tokens(text, list, is_separator);
        assert_eq!(
            of("7word =12 ? able? =x ==3 a=b", WordList::English),
            ["7", "word", "=12", "?", "able", "x", "=3", "a", "b"]
        );
        assert_eq!(of("的一，是在=7 3.不", WordList::ChineseSimplified), ["的", "一", "是", "在", "=7", "3", "不"]);
        assert_eq!(of("あいこくしん\u{3000}あいさつ", WordList::Japanese), ["あいこくしん", "あいさつ"]);
    }
}
