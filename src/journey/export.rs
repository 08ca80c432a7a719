//! An export: what of the contents is written, and in which form.

mod choices;

pub use self::choices::{
    NOTHING, PASSPHRASES, afterwards, choices, forms, is_empty, is_name, title, warning, with_ending,
};
