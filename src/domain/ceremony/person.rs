//! People who can become shareholders, and how the file names them.

use crate::domain::text::Text;

/// Somebody who can be chosen as a shareholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: Text,
    pub email: Option<Text>,
}

impl Person {
    /// The first letter of each part of the name: `J. D.`
    pub fn initials(&self) -> String {
        let parts = self.name.raw().split(|c: char| c.is_whitespace() || c == '-').filter(|part| !part.is_empty());
        let first = |part: &str| part.chars().find(|c| c.is_alphanumeric()).map(|c| format!("{}.", c.to_uppercase()));
        let letters: Vec<String> = parts.filter_map(first).collect();
        if letters.is_empty() { "?".to_owned() } else { letters.join(" ") }
    }
}

/// How shareholders are named in the file, which is e-mailed: in initials, unless somebody chooses otherwise. Cards have full
/// names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NameStyle {
    #[default]
    Initials,
    Full,
    FullWithEmail,
}

impl NameStyle {
    pub const ALL: [Self; 3] = [Self::Initials, Self::Full, Self::FullWithEmail];

    /// Its word on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Initials => "initials",
            Self::Full => "full",
            Self::FullWithEmail => "email",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Initials => "initials only",
            Self::Full => "full names",
            Self::FullWithEmail => "full names and e-mail addresses",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_letters_of_the_name() {
        let of = |name: &str| Person { name: Text::new(name).unwrap(), email: None }.initials();
        assert_eq!(of("Jane Doe"), "J. D.");
        assert_eq!(of("chloé  Durand-Łuczak"), "C. D. Ł.");
        assert_eq!(of("..."), "?");
    }
}
