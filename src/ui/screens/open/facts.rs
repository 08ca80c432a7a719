//! What is known of a backup without any phrase, as it stands on the screen: its files, what of them is damaged, the facts, and a
//! practice card.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::condition::Condition;
use crate::domain::text::{brief, listed};
use crate::effect::Summary;
use crate::journey::Recovery;
use crate::journey::device::{device_facts, device_holds};
use crate::ui::theme;
use crate::ui::widgets::{Scroll, fit, put, rows_of, wrapped};

/// The most columns of a file's name, and of the list of what is damaged: more would push the question away.
const NAME: usize = 60;
const VERDICT: usize = 150;

/// The files and what is known of each, in a row each where the rest is said elsewhere. As many as fit into a third of the rows:
/// what is said and asked below matters more.
pub(super) fn files(summary: &Summary, area: Rect, is_short: bool, buffer: &mut Buffer) -> u16 {
    let mut y = 0;
    for (index, file) in summary.files.iter().enumerate() {
        let rest = summary.files.get(index..).unwrap_or_default();
        if rest.len() > 1 && y + 1 >= area.height / 3 && y > 0 {
            let damaged = rest.iter().filter(|file| file.is_damaged).count();
            let text = format!("And {} more files, {damaged} of them damaged", rest.len());
            let style = if damaged > 0 { theme::BAD } else { theme::GOOD };
            return wrapped(area, y, &fit(&text, usize::from(area.width)), style, buffer);
        }
        let style = if file.is_damaged { theme::BAD } else { theme::GOOD };
        let text = format!("{}: {}", brief(file_name(&file.name), NAME), brief(&file.verdict, VERDICT));
        let text = if is_short { fit(&text, usize::from(area.width)) } else { text };
        y = wrapped(area, y, &text, style, buffer);
        if let Some(warning) = file.warning() {
            y = wrapped(area, y, &format!("! {warning}"), theme::CARE, buffer);
        }
    }
    y
}

pub(super) fn facts(backup: &Recovery, area: Rect, is_small: bool, buffer: &mut Buffer) -> u16 {
    let summary = &backup.summary;
    let headline = summary.condition.headline();
    let mut y = files(summary, area, headline.is_some(), buffer);
    if let Some(headline) = headline {
        y = wrapped(area, y, &format!("! {headline}"), theme::BAD, buffer);
    }
    for other in summary.others.iter().map(|other| brief(other, NAME)) {
        y = wrapped(
            area,
            y,
            &format!("! {other} is of another backup; used only to recognise phrases."),
            theme::CARE,
            buffer,
        );
    }
    let value_width = area.width.saturating_sub(14);
    let made = summary.created.as_deref().unwrap_or("unknown");
    let holds = summary.holds().unwrap_or_else(|| "unknown".to_owned());
    let made = ("Made", format!("{made}, sequence {}", summary.sequence));
    let facts = if summary.device.is_some() {
        let opens = device_facts(summary);
        // Room for what it is, which is said below.
        let rows = area.height.saturating_sub(y + u16::try_from(opens.len()).unwrap_or(0) + 7).max(2);
        let holds = device_holds(summary, |text| rows_of(text, value_width) <= rows);
        [made].into_iter().chain(opens).chain([("Shares of", holds)]).collect()
    } else {
        let holder = &summary.kind.rules().holder;
        let names: Vec<String> =
            summary.shareholders.iter().map(|holder| format!("{} {}", holder.number, holder.title())).collect();
        let phrases = summary.form.map(|form| format!("{} words, {}", form.words.words(), form.language.title()));
        vec![
            ("Organization", super::super::unverified(backup, 72)),
            made,
            ("Opens with", summary.kind.rules().quorum_text(summary.threshold, summary.shareholders.len())),
            (holder.heading, listed(&names, ", ", |text| rows_of(text, value_width) <= 2)),
            ("Phrases", phrases.unwrap_or_default()),
            ("Holds", holds),
        ]
    };
    for (label, value) in facts {
        // In a small window the practice card matters more.
        if backup.summary.sheets.is_some() && is_small && matches!(label, "Phrases" | "Holds") {
            continue;
        }
        put(area, 0, y, label, theme::LABEL, buffer);
        // Two rows at most: what is long must not push the question away.
        let rows = if label == "Shares of" { area.height } else { 2 };
        let value_area =
            Rect { x: area.x + 14, width: value_width, height: area.height.min(y.saturating_add(rows)), ..area };
        y = wrapped(value_area, y, &value, theme::PLAIN, buffer).max(y + 1);
    }
    y
}

/// The last part of a path.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The public card of the built-in training backup: as much of it as there is room for, the word that is asked for first of all.
pub(super) fn card(words: &[&str], asked: usize, area: Rect, y: u16, buffer: &mut Buffer) {
    put(area, 0, y, "Practice card", theme::LABEL, buffer);
    let lines: Vec<(usize, &[&str])> = words.chunks(4).enumerate().collect();
    let console = usize::from(area.height.saturating_sub(y + 1));
    let first = if console < lines.len() { asked / 4 } else { 0 };
    for (row, (line, words)) in (y + 1..).zip(lines.into_iter().skip(first)) {
        let numbered: Vec<String> =
            words.iter().enumerate().map(|(column, word)| format!("{:>2} {word:<11}", line * 4 + column + 1)).collect();
        put(area, 0, row, numbered.join(" ").trim_end(), theme::PLAIN, buffer);
    }
}

/// What is damaged, before anybody types.
pub fn harm(condition: &Condition, scroll: &Scroll, area: Rect, buffer: &mut Buffer) {
    let said = condition.sentences().into_iter().enumerate().map(|(index, sentence)| match index {
        0 => (theme::BAD, format!("! {sentence}")),
        1 => (theme::STRONG, sentence),
        _ => (theme::PLAIN, sentence),
    });
    scroll.draw(&said.collect::<Vec<_>>(), area, buffer);
}
