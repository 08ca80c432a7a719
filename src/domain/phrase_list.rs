//! A file of phrases, one a line, with an optional number or name before each: `2. word …` or `Jane: word …`.

/// One line that holds a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhraseLine<'a> {
    /// The line's number in the file, from 1.
    pub line: usize,
    /// The number before the phrase, when there was one: whose phrase the writer thought it was.
    pub number: Option<u32>,
    /// The words as typed.
    pub words: &'a str,
}

/// The lines of `text` that are not blank.
pub fn phrase_lines(text: &str) -> Vec<PhraseLine<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| {
            let (number, words) = split_label(line.trim());
            PhraseLine { line: index + 1, number, words }
        })
        .collect()
}

fn split_label(line: &str) -> (Option<u32>, &str) {
    if let Some((_name, words)) = line.split_once(':') {
        return (None, words);
    }
    if let Some((number, words)) = line.split_once('.')
        && let Ok(number) = number.trim().parse()
    {
        return (Some(number), words);
    }
    (None, line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_before_a_phrase_are_split_off() {
        let lines = phrase_lines("\u{feff}1. zoo act\r\n\n  Jane Doe: act zoo\nzoo zoo\n 12 .act\n");
        let found: Vec<_> = lines.iter().map(|line| (line.line, line.number, line.words.trim())).collect();
        assert_eq!(found, [(1, Some(1), "zoo act"), (3, None, "act zoo"), (4, None, "zoo zoo"), (5, Some(12), "act")]);
    }
}
