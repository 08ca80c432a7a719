//! A file that cannot be used, as a failure of a command.

use super::{Exit, Failure};
use crate::session::load::LoadError;

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self::new(Exit::Refused, format_args!("{error}."), error.hint())
    }
}
