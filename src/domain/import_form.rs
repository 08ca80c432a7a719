//! A form in which a private key enters another program, and what has to be known about it.

use crate::domain::secret::SecretText;

/// One form of a private key.
#[derive(Debug)]
pub struct ImportForm {
    /// `Hexadecimal`, `WIF`, `Extended private key`.
    pub name: &'static str,
    /// `None` where there is only advice: no such form of this key exists.
    pub value: Option<SecretText>,
    /// Where it can be used, and where not. Short and plain.
    pub hint: &'static str,
}
