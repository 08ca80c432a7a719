//! The terminal that screens stand on: set up, drawn on, and put back however it ends.

use std::sync::atomic::Ordering;

use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::layout::Rect;

use super::room::IS_SHOWING;
use crate::machine::tty::{self, RawMode};
use crate::ui::app::App;
use crate::ui::terminal::{Cells, Look};

/// The terminal in its raw mode with the screens on it; put back on drop.
pub(super) struct ScreenTerminal {
    /// It is that of the kernel.
    pub is_console: bool,
    terminal: Terminal<Cells<tty::ScreenOutput>>,
    _raw: RawMode,
}

impl ScreenTerminal {
    pub fn set(look: Look) -> std::io::Result<Self> {
        let raw = RawMode::enter()?;
        IS_SHOWING.store(true, Ordering::SeqCst);
        let is_console = look.is_console;
        let mut stage =
            Self { is_console, terminal: Terminal::new(Cells::new(tty::ScreenOutput, look, tty::size()))?, _raw: raw };
        stage.terminal.backend_mut().enter()?;
        Ok(stage)
    }

    /// Draws `app` in a window of that size.
    pub fn draw(&mut self, app: &App, size: (u16, u16)) -> std::io::Result<()> {
        if self.terminal.backend_mut().size()? != size.into() {
            self.overwrite();
            self.terminal.backend_mut().set_size(size);
        }
        let drawn = self.terminal.draw(|frame| {
            let area = frame.area();
            if let Some(cursor) = app.draw(area, frame.buffer_mut()) {
                frame.set_cursor_position(cursor);
            }
        });
        drawn.map(|_| ())
    }

    /// Overwrites both buffers in memory: when they grow or go, what was drawn must not stay behind.
    fn overwrite(&mut self) {
        for _ in 0..2 {
            for cell in &mut self.terminal.current_buffer_mut().content {
                cell.set_symbol(" ");
            }
            self.terminal.swap_buffers();
        }
    }

    /// Empties both buffers, so that every cell is drawn anew. `Terminal::clear` would ask the terminal for its cursor.
    pub fn forget(&mut self) -> std::io::Result<()> {
        let size = self.terminal.backend_mut().size()?;
        self.terminal.resize(Rect::new(0, 0, size.width, size.height))
    }
}

impl Drop for ScreenTerminal {
    fn drop(&mut self) {
        self.overwrite();
        // On a line that is gone nothing more can be done.
        let _ = self.terminal.backend_mut().leave();
        IS_SHOWING.store(false, Ordering::SeqCst);
    }
}
