//! A file that cannot be used or written, as a failure of a command.

use super::{Exit, Failure};
use crate::machine::files::WriteError;
use crate::session::load::LoadError;

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self::of(Exit::Refused, &error)
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::of(Exit::NotWritten, &error)
    }
}
