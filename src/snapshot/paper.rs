//! A paper that is printed or copied by hand, as text and as a part of an HTML page. Both come from the same parts, so that they say the same.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::domain::text::Safe;

/// Columns of the text form.
const COLUMNS: usize = 76;
/// Words of a fingerprint in a line.
const WORDS: usize = 4;
/// More blank lines than this stand in two columns, so that any sheet fits on one page.
const ROWS: usize = 12;
/// What is written on by hand, in the text form.
const BLANK: &str = "______________________";
const DATE: &str = "____________";

#[derive(Debug)]
pub struct Paper {
    pub title: &'static str,
    pub parts: Vec<PaperPart>,
}

#[derive(Debug)]
pub enum PaperPart {
    /// What must not be overlooked.
    Warning(Cow<'static, str>),
    Paragraph(Cow<'static, str>),
    /// Names, and what they are.
    Facts(Vec<(&'static str, String)>),
    /// Words with their numbers.
    Words(Vec<&'static str>),
    /// So many numbered lines to write on.
    Blanks(usize),
    /// A line to be filled in by hand.
    Fill(&'static str),
    /// What is typed to a shell.
    Command(&'static str),
    /// Where somebody signs, with the date.
    Signature(String),
}

impl Paper {
    /// Lines of at most 76 columns, but for long names.
    pub fn to_text(&self) -> String {
        let parts = self.parts.iter().map(PaperPart::to_text);
        let blocks: Vec<String> = std::iter::once(format!("{}\n", self.title)).chain(parts).collect();
        blocks.join("\n")
    }
}

impl PaperPart {
    pub fn to_text(&self) -> String {
        match self {
            Self::Warning(text) | Self::Paragraph(text) => wrapped(text),
            Self::Facts(facts) => {
                let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
                // What is long goes on below its own beginning.
                let indent = " ".repeat(width + 2);
                let value = |value: &str| {
                    wrapped_to(value, COLUMNS.saturating_sub(indent.len()))
                        .trim_end()
                        .replace('\n', &format!("\n{indent}"))
                };
                lines(
                    facts.iter().map(|(name, text)| format!("{:<1$} {2}", format!("{name}:"), width + 1, value(text))),
                )
            }
            Self::Words(words) => {
                let widest =
                    |column| words.iter().skip(column).step_by(WORDS).map(|word| word.len()).max().unwrap_or(0);
                let widths: Vec<usize> = (0..WORDS).map(widest).collect();
                lines(words.chunks(WORDS).enumerate().map(|(line, words)| {
                    let words = (line * WORDS + 1..).zip(words).zip(&widths);
                    let words = words.map(|((number, word), width)| format!("{number:>2} {word:<width$}"));
                    format!("  {}", words.collect::<Vec<_>>().join(" ").trim_end())
                }))
            }
            Self::Blanks(count) => {
                let rows = rows(*count);
                lines((1..=rows).map(|row| {
                    let cells = (row..=*count).step_by(rows).map(|number| format!("{number:>2}. {BLANK}"));
                    format!("  {}", cells.collect::<Vec<_>>().join("     "))
                }))
            }
            Self::Fill(name) => format!("{name}: {BLANK}\n"),
            Self::Command(command) => format!("  {command}\n"),
            Self::Signature(who) => format!("{who}\n\n  Signature: {BLANK}   Date: {DATE}\n"),
        }
    }

    fn to_html(&self) -> String {
        match self {
            Self::Warning(text) => format!("<p class=\"warning\">{}</p>\n", escaped(text)),
            Self::Paragraph(text) => format!("<p>{}</p>\n", escaped(text)),
            Self::Facts(facts) => {
                let rows = facts.iter().map(|(name, value)| {
                    format!("<tr><th>{}</th><td><bdi>{}</bdi></td></tr>", escaped(name), escaped(value))
                });
                format!("<table>\n{}</table>\n", lines(rows))
            }
            Self::Words(words) => {
                let items = words.iter().map(|word| format!("<li>{}</li>", escaped(word)));
                format!("<ol class=\"words\">\n{}</ol>\n", lines(items))
            }
            Self::Blanks(count) => {
                let items = (0..*count).map(|_| "<li></li>".to_owned());
                let columns = count.div_ceil(rows(*count).max(1));
                format!("<ol class=\"blanks columns{columns}\">\n{}</ol>\n", lines(items))
            }
            Self::Fill(name) => format!("<p class=\"fill\"><span>{}:</span></p>\n", escaped(name)),
            Self::Command(command) => format!("<p class=\"command\">{}</p>\n", escaped(command)),
            Self::Signature(who) => format!(
                "<p class=\"signature\"><bdi>{}</bdi><span class=\"wide\">Signature:</span><span>Date:</span></p>\n",
                escaped(who)
            ),
        }
    }
}

fn rows(count: usize) -> usize {
    if count <= ROWS { count } else { count.div_ceil(2) }
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.fold(String::new(), |mut all, line| {
        let _ = writeln!(all, "{line}");
        all
    })
}

fn wrapped(text: &str) -> String {
    wrapped_to(text, COLUMNS)
}

/// Rows of so many columns, broken between words.
fn wrapped_to(text: &str, columns: usize) -> String {
    let mut all = String::new();
    let mut column = 0;
    for word in text.split(' ') {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > columns {
            all.push('\n');
            column = 0;
        }
        if column > 0 {
            all.push(' ');
            column += 1;
        }
        all.push_str(word);
        column += width;
    }
    all.push('\n');
    all
}

/// Sizes are those that A4 and Letter have in common.
const STYLE: &str = "\
@page { margin: 15mm; }
body { font: 12pt/1.4 serif; color: #000; background: #fff; margin: 0 auto; max-width: 178mm; }
section { break-after: page; break-inside: avoid; margin-bottom: 15mm; }
section:last-of-type { break-after: auto; }
h1 { font: bold 18pt sans-serif; border-bottom: 2pt solid #000; margin: 0 0 6mm; padding-bottom: 2mm; }
.warning { border: 2pt solid #000; padding: 3mm; font-weight: bold; }
table { border-collapse: collapse; margin: 5mm 0; max-width: 100%; }
th { text-align: left; font-weight: normal; padding: 1mm 8mm 1mm 0; vertical-align: top; white-space: nowrap; }
td { font-weight: bold; padding: 1mm 0; overflow-wrap: anywhere; }
ol { margin: 5mm 0; padding: 0 0 0 10mm; }
.words { display: grid; grid-template-columns: repeat(4, 1fr); font: 11pt/1.7 monospace; }
.blanks li { height: 10mm; border-bottom: 0.5pt solid #000; margin-right: 10mm; break-inside: avoid; }
.columns1 { max-width: 110mm; }
.columns2 { columns: 2; }
.fill { border-bottom: 0.5pt solid #000; height: 10mm; }
.command { font: 11pt monospace; margin-left: 10mm; }
.signature { display: flex; flex-wrap: wrap; gap: 0 8mm; margin: 5mm 0 0; break-inside: avoid; }
.signature bdi { flex: 1 0 100%; font-weight: bold; overflow-wrap: anywhere; }
.signature span { flex: 1; border-bottom: 0.5pt solid #000; padding-top: 6mm; }
.signature .wide { flex: 2; }
";

/// One page of HTML for all papers, each on a sheet of its own. Nothing is fetched and nothing runs.
pub fn page(title: &str, papers: &[Paper]) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        escaped(title)
    );
    for paper in papers {
        let _ = write!(page, "<section>\n<h1>{}</h1>\n", escaped(paper.title));
        paper.parts.iter().for_each(|part| page.push_str(&part.to_html()));
        page.push_str("</section>\n");
    }
    page.push_str("</body>\n</html>\n");
    page
}

/// Text that stays text, whatever is in it.
fn escaped(text: &str) -> String {
    Safe(text).to_string().chars().fold(String::new(), |mut all, c| {
        match c {
            '&' => all.push_str("&amp;"),
            '<' => all.push_str("&lt;"),
            '>' => all.push_str("&gt;"),
            '"' => all.push_str("&quot;"),
            '\'' => all.push_str("&#39;"),
            c => all.push(c),
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper() -> Paper {
        let name = "</td><script>alert('\"&')</script>\u{202e}\u{1b}[2J".to_owned();
        Paper {
            title: "A PAPER",
            parts: vec![
                PaperPart::Warning("Look.".into()),
                PaperPart::Facts(vec![("Name", Safe(&name).to_string()), ("Number", "2".to_owned())]),
                PaperPart::Words(vec!["one", "two", "three", "four", "five"]),
                PaperPart::Blanks(15),
                PaperPart::Fill("Where"),
                PaperPart::Command("conclave --help"),
                PaperPart::Signature(Safe(&name).to_string()),
            ],
        }
    }

    #[test]
    fn a_name_full_of_markup_stays_text() {
        let page = page("<b>", &[paper(), paper()]);
        assert!(page.contains("&lt;/td&gt;&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;&lt;U+202E&gt;"));
        assert!(page.contains("<title>&lt;b&gt;</title>"));
        for never in ["<script", "\u{202e}", "\u{1b}", "http:", "https:", "url(", "@import", "src=", "href="] {
            assert!(!page.contains(never), "{never}");
        }
        let numbers = page.matches("<li></li>").count();
        assert_eq!((page.matches("<section>").count(), numbers), (2, 30));
    }

    #[test]
    fn the_text_has_the_same_parts_in_narrow_lines() {
        let text = paper().to_text();
        assert!(text.starts_with("A PAPER\n\nLook.\n\nName:   </td>"), "{text}");
        assert!(text.contains("   1 one   2 two  3 three  4 four\n   5 five\n"), "{text}");
        assert!(text.contains("   8. ______________________\n") && text.contains("_      9. ___"), "{text}");
        assert_eq!(text.matches(BLANK).count(), 17);
        assert!(text.contains(&format!("\n\n  Signature: {BLANK}   Date: {DATE}\n")), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= COLUMNS), "{text}");
    }

    #[test]
    fn a_fingerprint_fits_the_narrowest_window_that_it_is_copied_from() {
        let words = ["cellulose", "conservator", "breakaway", "corporation"].repeat(4);
        let text = PaperPart::Words(words).to_text();
        assert!(text.lines().count() == 4 && text.lines().all(|line| line.len() <= 58), "{text}");
    }

    #[test]
    fn a_long_fact_goes_on_below_its_beginning() {
        let facts = vec![("Name", "x".to_owned()), ("Fingerprint", "sixteen words ".repeat(8).trim_end().to_owned())];
        let text = PaperPart::Facts(facts).to_text();
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!((rows.len(), rows[0]), (3, "Name:        x"), "{text}");
        assert!(
            rows[2].starts_with(&format!("{}words", " ".repeat(13))) && rows.iter().all(|row| row.len() <= COLUMNS),
            "{text}"
        );
    }

    #[test]
    fn lines_are_wrapped_between_words() {
        let text = wrapped(&"word ".repeat(40));
        assert!(text.lines().count() == 3 && text.lines().all(|line| line.len() <= COLUMNS));
    }
}
