//! The people of a list: those who can become shareholders (`docs/inventory.md`, "People").

use std::collections::HashMap;

use super::ceremony::Person;
use super::explain::Explain;
use super::table::{Row, TableError, TableRows};
use super::text::{Safe, Text, address_in};

/// The most people of a list.
pub const PEOPLE_LIMIT: usize = 1_000;

/// Why a list of people cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeopleError {
    #[error(transparent)]
    Table(#[from] TableError),
    #[error("line {line}, column name: it is not a text of 1 to 256 characters")]
    Name { line: usize },
    #[error("line {line}, column email: {} is not an e-mail address", Safe(.email))]
    Email { line: usize, email: String },
    #[error("line {line}: a person has a name and an e-mail address, and here is more")]
    TooMany { line: usize },
    #[error("line {line}, column {column}: {} stands on line {before} already", Safe(.what))]
    Twice { line: usize, column: &'static str, what: String, before: usize },
    #[error("the header has no column name")]
    NoName,
    #[error("the header names the column {}, which a list of people does not have", Safe(.column))]
    Column { column: String },
    #[error("nobody is in it")]
    Empty,
    #[error("more than {PEOPLE_LIMIT} people are in it")]
    Long,
}

impl Explain for PeopleError {
    fn hint(&self) -> String {
        match self {
            Self::Table(TableError::NotText) => "Save it as CSV in UTF-8: one person a line, name and e-mail address.",
            Self::Twice { .. } => "Take one of them away, or tell two people of one name apart by their addresses.",
            _ => "Write one person a line: name,email. The e-mail address may be left out.",
        }
        .to_owned()
    }
}

/// Where a list has its columns.
struct Columns {
    name: usize,
    email: Option<usize>,
}

/// Reads a list: `name,email` a line. The first line may name its columns.
pub fn people(bytes: &[u8]) -> Result<Vec<Person>, PeopleError> {
    let mut rows = TableRows::of(bytes)?.peekable();
    let first = match rows.peek() {
        None => return Err(PeopleError::Empty),
        Some(first) => first.clone()?,
    };
    let columns = match header(&first)? {
        Some(columns) => {
            rows.next();
            columns
        }
        None => Columns { name: 0, email: Some(1) },
    };
    let mut found = Vec::new();
    let mut seen = SeenPeople::default();
    for row in rows {
        let row = row?;
        let person = person(&row, &columns)?;
        seen.take(&person, row.line)?;
        found.push(person);
        if found.len() > PEOPLE_LIMIT {
            return Err(PeopleError::Long);
        }
    }
    if found.is_empty() { Err(PeopleError::Empty) } else { Ok(found) }
}

/// A first row is a header when one of its cells is a word that only a header has.
fn header(row: &Row) -> Result<Option<Columns>, PeopleError> {
    let word = |cell: &String| match cell.to_lowercase().replace(['-', '_', ' '], "").as_str() {
        "name" => Some("name"),
        "email" | "mail" | "emailaddress" => Some("email"),
        _ => None,
    };
    if row.cells.iter().all(|cell| word(cell).is_none()) {
        return Ok(None);
    }
    if let Some(column) = row.cells.iter().find(|cell| !cell.is_empty() && word(cell).is_none()) {
        return Err(PeopleError::Column { column: column.clone() });
    }
    let place = |wanted| row.cells.iter().position(|cell| word(cell) == Some(wanted));
    Ok(Some(Columns { name: place("name").ok_or(PeopleError::NoName)?, email: place("email") }))
}

fn person(row: &Row, columns: &Columns) -> Result<Person, PeopleError> {
    let line = row.line;
    let cell = |place: usize| row.cells.get(place).map_or("", String::as_str);
    let is_known = |place: usize| place == columns.name || Some(place) == columns.email;
    if row.cells.iter().enumerate().any(|(place, cell)| !is_known(place) && !cell.is_empty()) {
        return Err(PeopleError::TooMany { line });
    }
    let email = match columns.email.map_or("", cell) {
        "" => None,
        email => Some(address_in(email).ok_or_else(|| PeopleError::Email { line, email: email.to_owned() })?),
    };
    let name = cell(columns.name);
    // Without a cell of its own an address may stand behind the name.
    let both = Person::parse(name).filter(|_| email.is_none());
    match (both, Text::new(name)) {
        (Some(person), _) => Ok(person),
        (None, Some(name)) => Ok(Person { name, email }),
        (None, None) => Err(PeopleError::Name { line }),
    }
}

/// Who was read already. Two people may have one name when their addresses tell them apart.
#[derive(Default)]
struct SeenPeople {
    names: HashMap<String, (usize, bool)>,
    emails: HashMap<String, usize>,
}

impl SeenPeople {
    fn take(&mut self, person: &Person, line: usize) -> Result<(), PeopleError> {
        let twice =
            |column, what: &Text, before| Err(PeopleError::Twice { line, column, what: what.raw().to_owned(), before });
        if let Some(email) = &person.email
            && let Some(before) = self.emails.insert(email.raw().to_lowercase(), line)
        {
            return twice("email", email, before);
        }
        match self.names.insert(person.name.raw().to_lowercase(), (line, person.email.is_some())) {
            Some((before, is_told_apart)) if !is_told_apart || person.email.is_none() => {
                twice("name", &person.name, before)
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        people(text.as_bytes()).map_or_else(
            |error| format!("{error}"),
            |people| {
                let one = |person: &Person| match &person.email {
                    Some(email) => format!("{} <{email}>", person.name),
                    None => person.name.to_string(),
                };
                people.iter().map(one).collect::<Vec<_>>().join(" | ")
            },
        )
    }

    #[test]
    fn people_are_read_with_and_without_a_header() {
        let both = "Jane Doe <jane@example.org> | Joe";
        for text in [
            "Jane Doe,jane@example.org\nJoe\n",
            "name,email\r\nJane Doe,jane@example.org\r\nJoe,\r\n",
            "\u{feff}E-Mail;Name\njane@example.org;Jane Doe\n;Joe",
            "Name\tMail\nJane Doe\tjane@example.org\n\n Joe ",
        ] {
            assert_eq!(said(text), both, "{text:?}");
        }
        assert_eq!(said("Jane\nJoe"), "Jane | Joe");
        assert_eq!(said("Jane Doe <jane@example.org>\nJoe"), both);
        assert_eq!(said("name,email\n\"Jane Doe <jane@example.org>\",\nJoe"), both);
        assert_eq!(said("Jane Doe,Jane Doe <jane@example.org>\nJoe"), both);
        assert_eq!(said("Ann,a@x\nAnn,b@x"), "Ann <a@x> | Ann <b@x>");
    }

    #[test]
    fn what_is_wrong_is_told_with_line_and_column() {
        let long = format!("a\n{}", "é".repeat(257));
        let many: String = (0..=PEOPLE_LIMIT).map(|number| format!("Person {number}")).collect::<Vec<_>>().join("\n");
        for (text, error) in [
            ("", "nobody is in it"),
            ("name,email\n", "nobody is in it"),
            ("a\n,x@y", "line 2, column name: it is not a text of 1 to 256 characters"),
            (&long, "line 2, column name: it is not a text of 1 to 256 characters"),
            ("a\nb,x@@y", "line 2, column email: x@@y is not an e-mail address"),
            ("a,b@c,d", "line 1: a person has a name and an e-mail address, and here is more"),
            ("Doe, Jane;jane@x", "line 1, column email: Jane;jane@x is not an e-mail address"),
            ("a,x@y\nb,X@Y", "line 2, column email: X@Y stands on line 1 already"),
            ("Ann\nann", "line 2, column name: ann stands on line 1 already"),
            ("Ann,a@x\nAnn", "line 2, column name: Ann stands on line 1 already"),
            ("email\nx@y", "the header has no column name"),
            ("name,phone\na,1", "the header names the column phone, which a list of people does not have"),
            (&many, "more than 1000 people are in it"),
        ] {
            assert_eq!(said(text), error);
        }
    }
}
