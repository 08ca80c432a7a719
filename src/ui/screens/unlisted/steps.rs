//! How each step towards a vault that is not in the backup is drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{AskUnlisted, said};
use crate::domain::derivation_path::DerivationPath;
use crate::domain::text::counted;
use crate::journey::unlisted::{Asked, WAYS, keys};
use crate::ui::console::Console;
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, fit, put, wrapped};

impl AskUnlisted {
    /// Says where the cursor is and in which row it ends.
    pub(super) fn draw_step(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> (Option<Position>, u16) {
        let width = usize::from(area.width).saturating_sub(2);
        let list = |rows: ChosenRow, items: &[String], y: u16, buffer: &mut Buffer| {
            let most = area.height.saturating_sub(y + 4);
            let height = u16::try_from(items.len()).unwrap_or(u16::MAX).min(most);
            let row = |index: usize| items.get(index).map_or_else(String::new, |item| fit(item, width));
            rows.draw(Rect { y: area.y + y, height, ..area }, items.len(), row, buffer);
            y + height
        };
        match self.vault.asked() {
            Asked::Key => {
                let listed: Vec<String> = keys(&console.journey).into_iter().map(said).collect();
                put(area, 0, 0, "Derived from which key", theme::STRONG, buffer);
                if listed.is_empty() {
                    return (None, wrapped(area, 1, "! No key is in this backup.", theme::CARE, buffer));
                }
                (None, list(self.keys, &listed, 1, buffer))
            }
            Asked::Chain => {
                let (cursor, y) = self.chain.draw("Chain: ", area, 0, buffer);
                let chains: Vec<String> = self.listed_chains().into_iter().map(str::to_owned).collect();
                (cursor, list(self.chains, &chains, y + 1, buffer))
            }
            Asked::Way => {
                let ways = WAYS.map(str::to_owned);
                (None, list(self.ways, &ways, 0, buffer))
            }
            Asked::Path => {
                let (cursor, mut y) = self.path.draw("Path: ", area, 0, buffer);
                match DerivationPath::parse(self.path.text()) {
                    Ok(path) => {
                        if path.hardened().is_some() {
                            let text = "! Vaults of such backups have no hardened parts: it may be another address.";
                            y = wrapped(area, y, text, theme::CARE, buffer);
                        }
                        for (part, meaning) in path.explain() {
                            y = wrapped(area, y, &format!("  {part}  {meaning}"), theme::PLAIN, buffer);
                        }
                    }
                    Err(error) => y = wrapped(area, y, &format!("! {error}"), theme::CARE, buffer),
                }
                (cursor, y)
            }
            Asked::Address => self.address.draw("Address: ", area, 0, buffer),
            Asked::Accounts => self.accounts.draw("How many accounts, from 0 on: ", area, 0, buffer),
            Asked::Indexes => self.indexes.draw("How many addresses of each account, from 0 on: ", area, 0, buffer),
            Asked::Search => {
                let (paths, tried) = (self.vault.paths(), self.vault.tried());
                let y = wrapped(
                    area,
                    0,
                    &format!(
                        "{tried} of {} {} tried.",
                        counted(paths, "path"),
                        if paths == 1 { "was" } else { "were" }
                    ),
                    theme::STRONG,
                    buffer,
                );
                let took = console.journey.now.saturating_sub(self.vault.begun()).as_secs();
                let left = took.saturating_mul(paths.saturating_sub(tried)).checked_div(tried).unwrap_or(0);
                let text = match (took, tried) {
                    (0..2, _) | (_, 0) => String::new(),
                    _ => format!("{took} s so far, about {left} s to go."),
                };
                (None, wrapped(area, y, &text, theme::PLAIN, buffer))
            }
            Asked::Nowhere => {
                let text = "The address is at none of these paths. Try another chain, key, or range; an address of a contract or of several keys is not found this way.";
                (None, wrapped(area, 0, &format!("! {text}"), theme::CARE, buffer))
            }
            Asked::Derived => {
                self.lines.draw(&self.vault.lines(), area, buffer);
                (None, area.height)
            }
        }
    }
}
