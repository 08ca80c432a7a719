//! How screens and prompts look, by options and by what the terminal says of itself.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::ui::console::Options;
use crate::ui::terminal::Look;

/// How the screens look and how long they wait, for every command that has screens.
#[derive(Debug, Args)]
#[command(next_help_heading = "Screens")]
pub struct ScreenArguments {
    /// Draw with ASCII only (serial lines, old terminals)
    #[arg(long, global = true)]
    ascii: bool,
    /// Draw without colours; so does the variable `NO_COLOR`
    #[arg(long, global = true)]
    mono: bool,
    /// Prompts line by line instead of screens (screen readers)
    #[arg(long, global = true)]
    pub(super) plain: bool,
    /// The only folder that exports may go to; without it the current folder and mounted media
    #[arg(long, value_name = "DIR", global = true)]
    pub(super) export_dir: Option<PathBuf>,
    /// Secrets hide after so many seconds without a key
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600), global = true)]
    hide_after: u64,
    /// An open backup is wiped after so many seconds without a key; verified phrases after six times as long
    #[arg(long, value_name = "S", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86400), global = true)]
    wipe_after: u64,
}

impl ScreenArguments {
    pub fn options(&self) -> Options {
        Options {
            hide_after: Duration::from_secs(self.hide_after),
            wipe_after: Duration::from_secs(self.wipe_after),
            is_ascii: self.is_ascii(),
            is_console: is_terminal("linux"),
        }
    }

    /// Asked for, or what the locale or the terminal says of itself: where nothing does, UTF-8 is meant.
    fn is_ascii(&self) -> bool {
        let set = |name: &&str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(set);
        self.ascii || locale.is_some_and(|locale| !is_utf8(&locale)) || is_video_terminal()
    }

    pub(super) fn look(&self) -> Look {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        Look {
            is_mono: self.mono || is_set("NO_COLOR") || is_video_terminal(),
            is_ascii: self.is_ascii(),
            is_console: is_terminal("linux"),
        }
    }
}

/// Whether the characters of a locale are UTF-8 (`locale(7)`).
fn is_utf8(locale: &str) -> bool {
    // `UTF-8` alone is one, too.
    let encoding = locale.split_once('.').map_or(locale, |(_, encoding)| encoding);
    let encoding = encoding.split('@').next().unwrap_or("").replace('-', "");
    encoding.eq_ignore_ascii_case("utf8")
}

/// Whether the terminal is of that kind, by its name.
pub(super) fn is_terminal(kind: &str) -> bool {
    std::env::var("TERM").is_ok_and(|term| term.starts_with(kind))
}

/// Whether it is one of DEC's (`vt100`, `vt220`), which know no UTF-8.
fn is_video_terminal() -> bool {
    std::env::var("TERM").is_ok_and(|term| {
        term.strip_prefix("vt").is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
    })
}
