//! What is agreed to about the columns of tables, on the command line.

use std::path::PathBuf;

use clap::Args;

use crate::domain::inventory::Agreed;
use crate::effect::ContentsFile;

#[derive(Debug, Args)]
pub struct ColumnArguments {
    /// Take a table whose columns have other names as it is understood (without this it is said how)
    #[arg(long)]
    columns_as_guessed: bool,
    /// Leave out this column, which is not known, instead of keeping it in the notes; can be given several times
    #[arg(long, value_name = "COLUMN", requires = "columns_as_guessed")]
    leave_out: Vec<String>,
}

impl ColumnArguments {
    pub(super) fn agreed(&self) -> Agreed {
        Agreed { guesses: self.columns_as_guessed, left_out: self.leave_out.iter().cloned().collect() }
    }

    pub(super) fn files(&self, paths: &[PathBuf]) -> Vec<ContentsFile> {
        paths.iter().map(|path| ContentsFile { path: path.clone(), agreed: self.agreed() }).collect()
    }
}
