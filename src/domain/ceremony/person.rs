//! People who can become shareholders, and how the file names them.

use crate::domain::email::address_in;
use crate::domain::text::Text;

/// Somebody who can be chosen as a shareholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: Text,
    pub email: Option<Text>,
}

impl Person {
    /// A name, or a name and an e-mail address as address books write them: `Jane Doe <jane@example.org>`, `"Doe, Jane" <jane@…>`.
    /// `None` where the name is none, or where brackets hold no address.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        let Some((name, rest)) = typed.split_once('<') else {
            return Some(Self { name: Text::new(typed)?, email: None });
        };
        let address = address_in(rest.strip_suffix('>')?)?;
        let name = name.trim();
        let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name).trim();
        Some(Self { name: Text::new(name)?, email: Some(address) })
    }

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

    /// How a file names those who stand in it so. Letters with full stops may be somebody's full name: that makes no difference then.
    pub fn of_labels(labels: &[Person]) -> Self {
        let is_short = |label: &Person| label.initials() == label.name.raw();
        match labels {
            labels if labels.iter().any(|label| label.email.is_some()) => Self::FullWithEmail,
            labels if labels.iter().all(is_short) => Self::Initials,
            _ => Self::Full,
        }
    }

    /// Whether somebody of that full name can stand in the file as `label`.
    pub fn fits(self, name: &Text, label: &Text) -> bool {
        match self {
            Self::Initials => Person { name: name.clone(), email: None }.initials() == label.raw(),
            Self::Full | Self::FullWithEmail => name == label,
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

    #[test]
    fn the_form_of_names_is_known_by_those_in_the_file() {
        let person = |name: &str, email: Option<&str>| Person {
            name: Text::new(name).unwrap(),
            email: email.map(|email| Text::new(email).unwrap()),
        };
        let style =
            |names: &[&str]| NameStyle::of_labels(&names.iter().map(|name| person(name, None)).collect::<Vec<_>>());
        assert_eq!(style(&["J. D.", "?", "A."]), NameStyle::Initials);
        assert_eq!(style(&["J. D.", "Ann"]), NameStyle::Full);
        assert_eq!(NameStyle::of_labels(&[person("J. D.", None), person("A.", Some("a@b"))]), NameStyle::FullWithEmail);
        let fits = |style: NameStyle, name, label| style.fits(&Text::new(name).unwrap(), &Text::new(label).unwrap());
        for (name, is_fit) in
            [("Jane Doe", true), ("J. D.", true), ("jane-dora", true), ("Ann", false), ("Jane", false)]
        {
            assert_eq!(fits(NameStyle::Initials, name, "J. D."), is_fit, "{name}");
        }
        assert!(fits(NameStyle::Full, "Jane Doe", "Jane Doe") && !fits(NameStyle::Full, "Jane A. Doe", "Jane Doe"));
    }

    #[test]
    fn a_person_is_written_as_address_books_write_one() {
        let of = |typed: &str| Person::parse(typed).map(|person| (person.name, person.email));
        let text = |text: &str| Text::new(text).unwrap();
        let jane = Some((text("Jane Doe"), Some(text("jane@example.org"))));
        for typed in
            ["Jane Doe <jane@example.org>", "  Jane Doe<jane@example.org> ", "\"Jane Doe\" < jane@example.org >"]
        {
            assert_eq!(of(typed), jane, "{typed}");
        }
        assert_eq!(of("\"Doe, Jane\" <j@x>"), Some((text("Doe, Jane"), Some(text("j@x")))));
        assert_eq!(of(" Ann "), Some((text("Ann"), None)));
        for typed in ["", " ", "<a@b>", "Joe <joe>", "Joe <joe@x", "Joe <a@b> x", "\"\" <a@b>"] {
            assert_eq!(of(typed), None, "{typed}");
        }
    }
}
