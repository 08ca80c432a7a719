//! What lies around a screen: the title row, the status row, the footer; help and questions in its place; the notice where
//! the window is too small.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{App, Overlay};
use crate::effect::Stop;
use crate::journey::losses;
use crate::ui::console::Console;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Screen};
use crate::ui::theme;
use crate::ui::widgets::{self, put, wrapped};

/// The least window that screens are made for.
pub const LEAST_COLUMNS: u16 = 60;
pub const LEAST_ROWS: u16 = 20;
/// Rows of the footer.
const FOOTER: u16 = 2;

pub fn is_too_small((columns, rows): (u16, u16)) -> bool {
    columns < LEAST_COLUMNS || rows < LEAST_ROWS
}

pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let screen = app.stack.last()?;
    if is_too_small((area.width, area.height)) {
        too_small(app, area, buffer);
        return None;
    }
    let row = |y, height| Rect { y: area.y + y, height, ..area };
    title(screen.title(), app, row(0, 1), buffer);
    let body = Rect { x: area.x + 1, width: area.width - 2, ..row(2, area.height - 4 - FOOTER) };
    status(app, row(area.height - FOOTER - 1, 1), buffer);
    let footer = row(area.height - FOOTER, FOOTER);
    match app.overlay {
        Overlay::None => {
            let is_waiting = app.working.as_ref().is_some_and(|working| !working.is_unnoticed(app.console.journey.now));
            let can_give_up = app.working.as_ref().is_some_and(|working| working.nature.stop == Stop::Allowed);
            let mut keys = match (is_waiting, can_give_up) {
                (false, _) => keys_now(screen.as_ref(), &app.console),
                (true, true) => vec![("Esc", "stop waiting")],
                (true, false) => Vec::new(),
            };
            let labels = format!("keys: {}", app.console.keyboard.caps().short());
            let mut last = vec![("F1", "help"), ("^C", "leave")];
            if app.offers_left() {
                last.insert(0, ("F9", "what was left"));
            }
            if !app.console.keyboard.is_plain() {
                last.insert(0, ("F8", &labels));
            }
            // Where there is no room for all, the screen's last ones are in the help alone.
            while rows_of(keys.iter().chain(&last), footer.width) > FOOTER && keys.pop().is_some() {}
            keys.extend(last);
            draw_keys(&keys, footer, buffer);
            screen.draw(&app.console, body, buffer)
        }
        Overlay::Help => {
            help(screen.as_ref(), &app.console, body, buffer);
            draw_keys(&[("any key", "back to the screen")], footer, buffer);
            None
        }
        Overlay::Keycaps(keycaps) => {
            keycaps.draw(body, buffer);
            draw_keys(&keycaps.keys(), footer, buffer);
            None
        }
        Overlay::Leave(_) => {
            leave(app, body, buffer);
            let mut keys = vec![("Enter", "stay"), ("y", "wipe and leave"), ("^C twice", "at once")];
            if app.is_writing() {
                keys.remove(1);
            }
            draw_keys(&keys, footer, buffer);
            None
        }
    }
}

/// The keys that count now: those that wait for a rest are not named before it.
fn keys_now(screen: &dyn Screen, console: &Console) -> Vec<KeyHint> {
    let mut keys = screen.keys(console);
    if !console.pace.is_rested(console.journey.now) {
        match screen.intake(console) {
            Intake::Text | Intake::Commands => {}
            Intake::Rested => keys.retain(|(key, _)| !key.starts_with("Enter")),
            Intake::Wall { .. } => keys.clear(),
        }
    }
    keys
}

fn title(name: &str, app: &App, area: Rect, buffer: &mut Buffer) {
    let flags = flags(app);
    let width = usize::from(area.width);
    let row = format!(" {name:<left$}{flags} ", left = width.saturating_sub(flags.len() + 2));
    put(area, 0, 0, &row, theme::TITLE, buffer);
}

/// What has to be on every frame.
fn flags(app: &App) -> &'static str {
    let journey = &app.console.journey;
    let is_training = journey.is_training() || app.stack.iter().any(|screen| screen.plans_training());
    match (is_training, journey.is_drill()) {
        (true, true) => "TRAINING drill",
        (true, false) => "TRAINING",
        (false, true) => "DRILL",
        (false, false) => "",
    }
}

fn too_small(app: &App, area: Rect, buffer: &mut Buffer) {
    let size = format!(
        "{} This window has {}x{} characters, Conclave needs {LEAST_COLUMNS}x{LEAST_ROWS}. Keys do nothing here: make it larger, or the letters smaller.",
        flags(app),
        area.width,
        area.height
    );
    wrapped(area, 0, size.trim(), theme::STRONG, buffer);
}

/// Signs of the bar that says how long something takes.
const GAUGE: usize = 10;

fn status(app: &App, area: Rect, buffer: &mut Buffer) {
    let is_waiting = app.working.as_ref().is_some_and(|working| !working.is_unnoticed(app.console.journey.now));
    if let Some(notice) = app.notice.filter(|_| !is_waiting) {
        put(area, 1, 0, notice, theme::CARE, buffer);
    }
    if let Some(left) = app.wipes_in() {
        let text = format!("! Idle: all is wiped in {} s. Any key keeps it.", left.as_secs());
        put(area, 1, 0, &text, theme::CARE, buffer);
    }
    let Some(working) = app.working.as_ref().filter(|working| !working.is_unnoticed(app.console.journey.now)) else {
        return;
    };
    let elapsed = app.console.journey.now.saturating_sub(working.since).as_secs();
    let expected = working.expected.map_or(0, |expected| expected.as_secs() + u64::from(expected.subsec_nanos() > 0));
    let text = match expected {
        0 => format!("{}: {elapsed} s", working.what),
        // A forecast that was wrong is given up.
        _ if elapsed > expected => format!("{}: {elapsed} s, longer than expected; it goes on", working.what),
        _ => {
            let bar = widgets::gauge(elapsed, expected, GAUGE);
            format!("{} {bar} about {} s more", working.what, (expected - elapsed).max(1))
        }
    };
    put(area, 1, 0, &text, theme::STRONG, buffer);
}

/// Where each key stands in rows of that width: column and row.
fn places_of<'a>(keys: impl Iterator<Item = &'a (&'a str, &'a str)>, columns: u16) -> Vec<(u16, u16)> {
    let (mut x, mut y): (u16, u16) = (1, 0);
    keys.map(|(key, what)| {
        let width = u16::try_from(widgets::columns(key) + 1 + widgets::columns(what)).unwrap_or(u16::MAX);
        if x > 1 && x.saturating_add(width) > columns {
            (x, y) = (1, y + 1);
        }
        let place = (x, y);
        x = x.saturating_add(width).saturating_add(3);
        place
    })
    .collect()
}

fn rows_of<'a>(keys: impl Iterator<Item = &'a (&'a str, &'a str)>, columns: u16) -> u16 {
    places_of(keys, columns).last().map_or(0, |(_, y)| y + 1)
}

/// As many keys as fit into the rows of the footer, whole ones only, the first ones first.
fn draw_keys(keys: &[(&str, &str)], area: Rect, buffer: &mut Buffer) {
    for ((key, what), (x, y)) in keys.iter().zip(places_of(keys.iter(), area.width)) {
        if y < area.height {
            let after = put(area, x, y, key, theme::KEY, buffer);
            put(area, after + 1, y, what, theme::PLAIN, buffer);
        }
    }
}

fn help(screen: &dyn Screen, console: &Console, area: Rect, buffer: &mut Buffer) {
    let mut y = 0;
    for paragraph in console.journey.holder().said(screen.help()).split('\n') {
        y = wrapped(area, y, paragraph, theme::PLAIN, buffer);
    }
    let mut keys = screen.keys(console);
    keys.extend(screen.further_keys(console));
    keys.extend([
        ("F8 or ^K", "what is on the keys"),
        ("F1 or ^G", "this help"),
        ("^L", "draw again"),
        ("^C", "leave"),
    ]);
    let below = y.saturating_add(1).min(area.height);
    draw_keys(&keys, Rect { y: area.y + below, height: area.height - below, ..area }, buffer);
}

fn leave(app: &App, area: Rect, buffer: &mut Buffer) {
    let mut y = wrapped(area, 0, "Wipe and leave?", theme::CARE, buffer) + 1;
    if app.is_writing() {
        wrapped(
            area,
            y,
            "Wait: writing is not interrupted. When it has ended, this says what leaving would lose.",
            theme::CARE,
            buffer,
        );
        return;
    }
    for loss in losses(&app.console.journey) {
        y = wrapped(area, y, &loss, theme::PLAIN, buffer);
    }
    wrapped(area, y + 1, "Files are not changed by leaving.", theme::PLAIN, buffer);
}
