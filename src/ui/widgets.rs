//! Pieces that several screens draw. They know text and cells, nothing of the trade.

mod field;
mod large;
mod rows;
mod secret;
mod words;

pub use field::Field;
pub use large::large;
pub use rows::Rows;
pub use secret::secret;
pub use words::{fit, fit_end, put, wrapped};
