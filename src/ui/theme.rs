//! Styles by what they mean. Colour only repeats what text or weight already says.

use ratatui::style::{Color, Modifier, Style};

pub const PLAIN: Style = Style::new();
/// The name of something, beside its value.
pub const LABEL: Style = Style::new().fg(Color::Cyan);
pub const STRONG: Style = Style::new().add_modifier(Modifier::BOLD);
/// The first row of every screen.
pub const TITLE: Style = Style::new().add_modifier(Modifier::REVERSED.union(Modifier::BOLD));
/// The row that keys act on.
pub const CHOSEN: Style = Style::new().add_modifier(Modifier::REVERSED);
/// Where typing goes.
pub const FIELD: Style = Style::new().add_modifier(Modifier::UNDERLINED);
/// Done, verified, right. The text says so too.
pub const GOOD: Style = Style::new().fg(Color::Green).add_modifier(Modifier::BOLD);
/// Wrong, damaged, refused. The text says so too.
pub const BAD: Style = Style::new().fg(Color::Red).add_modifier(Modifier::BOLD);
/// To be noticed before going on. The text says so too.
pub const CARE: Style = Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD);
/// A key in the footer.
pub const KEY: Style = Style::new().add_modifier(Modifier::BOLD);
/// A secret that is shown because somebody asked.
pub const SECRET: Style = Style::new().add_modifier(Modifier::BOLD);
