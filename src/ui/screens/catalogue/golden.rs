//! A frame as text: rows, then every run of cells that is not plain, then the cursor.

use std::fmt::Write;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use crate::ui::app::App;

pub(super) fn frame(app: &mut App, columns: u16, rows: u16) -> (Buffer, Option<(u16, u16)>) {
    app.on_resize(columns, rows);
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    let cursor = app.draw(area, &mut buffer);
    (buffer, cursor.map(|at| (at.x, at.y)))
}

pub(super) fn row(buffer: &Buffer, y: u16) -> String {
    let mut text = String::new();
    let mut skip = 0;
    for x in 0..buffer.area.width {
        if skip > 0 {
            skip -= 1;
            continue;
        }
        let symbol = buffer[(x, y)].symbol();
        skip = ratatui::text::Span::raw(symbol).width().saturating_sub(1);
        text.push_str(symbol);
    }
    text.trim_end().to_owned()
}

pub(super) fn shown(buffer: &Buffer) -> String {
    (0..buffer.area.height).map(|y| row(buffer, y) + "\n").collect()
}

/// Text, then every run of cells that is not plain, then the cursor.
pub(super) fn golden(app: &mut App, columns: u16, rows: u16) -> String {
    let (buffer, cursor) = frame(app, columns, rows);
    let mut golden = shown(&buffer);
    for y in 0..rows {
        for (x, style, _) in runs(&buffer, y) {
            let _ = writeln!(golden, "{y},{x} {style}");
        }
    }
    golden + &cursor.map_or("no cursor".to_owned(), |(x, y)| format!("cursor {y},{x}"))
}

/// Runs of one style in a row: their columns, the style, the text.
pub(super) fn runs(buffer: &Buffer, y: u16) -> Vec<(String, String, String)> {
    let style = |x: u16| {
        let cell = &buffer[(x, y)];
        let colour = if cell.fg == Color::Reset { String::new() } else { format!("{} ", cell.fg).to_lowercase() };
        let weight = if cell.modifier == Modifier::empty() { String::new() } else { format!("{:?}", cell.modifier) };
        (colour + &weight).trim().to_owned()
    };
    let mut runs: Vec<(u16, String)> = Vec::new();
    for x in 0..buffer.area.width {
        if runs.last().is_none_or(|(_, last)| *last != style(x)) {
            runs.push((x, style(x)));
        }
    }
    let ends = runs.iter().skip(1).map(|(x, _)| *x).chain([buffer.area.width]).collect::<Vec<_>>();
    let text = |from: u16, to: u16| (from..to).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    let found = runs.into_iter().zip(ends).filter(|((_, style), _)| !style.is_empty());
    found.map(|((from, style), to)| (format!("{from}..{to}"), style, text(from, to))).collect()
}
