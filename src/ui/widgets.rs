//! Pieces that several screens draw. They know text and cells, nothing of the trade.

mod field;
mod gauge;
mod large;
mod qr;
mod rows;
mod scroll;
mod secret;
mod words;

pub use field::Field;
pub use gauge::gauge;
pub use large::large;
pub use qr::{Needed, qr};
pub use rows::ChosenRow;
pub use scroll::Scroll;
pub use secret::{in_fours, secret};
pub use words::{beside, broken, columns, fit, fit_end, fit_middle, put, rows_of, signs, wrapped};
