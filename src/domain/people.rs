//! The people of a list: those who can become shareholders (`docs/inventory.md`, "People").

use std::collections::HashMap;

use super::ceremony::Person;
use super::email::address_in;
use super::explain::Explain;
use super::table::{Row, TableError, TableRows, table_text};
use super::text::{Safe, Text};

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

/// What a column of a list holds. Address books have many other columns, which are passed over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PersonColumn {
    Name,
    /// The first of these that is filled is taken for the address, in their order here; a login may be one.
    Email,
    OtherEmail,
    Login,
    Given,
    Family,
}

/// The words of headers, without case, spaces and signs, and what stands in brackets. Those of Google Workspace and Contacts, Okta,
/// Microsoft Entra, Microsoft 365 and Outlook are among them.
const WORDS: [(&str, PersonColumn); 38] = [
    ("name", PersonColumn::Name),
    ("fullname", PersonColumn::Name),
    ("displayname", PersonColumn::Name),
    ("shareholder", PersonColumn::Name),
    ("person", PersonColumn::Name),
    ("anzeigename", PersonColumn::Name),
    ("nom", PersonColumn::Name),
    ("nombre", PersonColumn::Name),
    ("prénom", PersonColumn::Given),
    ("prenom", PersonColumn::Given),
    ("apellido", PersonColumn::Family),
    ("apellidos", PersonColumn::Family),
    ("courriel", PersonColumn::Email),
    ("adresseemail", PersonColumn::Email),
    ("correo", PersonColumn::Email),
    ("correoelectrónico", PersonColumn::Email),
    ("email", PersonColumn::Email),
    ("mail", PersonColumn::Email),
    ("emailaddress", PersonColumn::Email),
    ("primaryemail", PersonColumn::Email),
    ("primaryemailaddress", PersonColumn::Email),
    ("primarysmtpaddress", PersonColumn::Email),
    ("workemail", PersonColumn::Email),
    ("email1value", PersonColumn::Email),
    ("email1address", PersonColumn::Email),
    ("emailadresse", PersonColumn::Email),
    ("email2value", PersonColumn::OtherEmail),
    ("email2address", PersonColumn::OtherEmail),
    ("secondaryemail", PersonColumn::OtherEmail),
    ("login", PersonColumn::Login),
    ("username", PersonColumn::Login),
    ("userprincipalname", PersonColumn::Login),
    ("firstname", PersonColumn::Given),
    ("givenname", PersonColumn::Given),
    ("vorname", PersonColumn::Given),
    ("lastname", PersonColumn::Family),
    ("surname", PersonColumn::Family),
    ("nachname", PersonColumn::Family),
];
/// Titles may stand above a header.
const ROWS_BEFORE_HEADER: usize = 5;

/// Where a list has its columns.
struct Columns(Vec<Option<PersonColumn>>);

impl Columns {
    /// Without a header.
    fn usual() -> Self {
        Self(vec![Some(PersonColumn::Name), Some(PersonColumn::Email)])
    }

    /// The cells of a row in such columns that hold something.
    fn cells<'a>(&'a self, row: &'a Row, wanted: PersonColumn) -> impl Iterator<Item = &'a str> {
        let columns = self.0.iter().zip(&row.cells);
        columns
            .filter(move |(column, cell)| **column == Some(wanted) && !cell.is_empty())
            .map(|(_, cell)| cell.as_str())
    }

    /// Whether there are columns that nobody asked for: it is the export of an address book.
    fn passes_over(&self) -> bool {
        self.0.contains(&None)
    }

    fn has(&self, wanted: PersonColumn) -> bool {
        self.0.contains(&Some(wanted))
    }
}

/// Reads a list: `name,email` a line, or as an address book or a directory of users exports it. A first line may name its columns.
pub fn people(bytes: &[u8]) -> Result<Vec<Person>, PeopleError> {
    let text = table_text(bytes)?;
    let rows: Vec<Row> = TableRows::of(&text).collect::<Result<_, _>>()?;
    if rows.is_empty() {
        return Err(PeopleError::Empty);
    }
    let header = rows.iter().take(ROWS_BEFORE_HEADER).position(is_header);
    let (columns, rows) = match header {
        Some(place) => {
            let (before, rows) = rows.split_at_checked(place + 1).unwrap_or((&rows, &[]));
            (before.last().map_or_else(|| Ok(Columns::usual()), |header| columns(header, rows))?, rows)
        }
        None => (Columns::usual(), rows.as_slice()),
    };
    let mut found = Vec::new();
    let mut seen = SeenPeople::default();
    for row in rows {
        for person in persons(row, &columns, header.is_some())? {
            seen.take(&person, row.line)?;
            found.push(person);
        }
        if found.len() > PEOPLE_LIMIT {
            return Err(PeopleError::Long);
        }
    }
    if found.is_empty() { Err(PeopleError::Empty) } else { Ok(found) }
}

fn column(cell: &str) -> Option<PersonColumn> {
    let named = cell.split(['[', '(']).next().unwrap_or("");
    let word: String = named.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    WORDS.into_iter().find(|(name, _)| *name == word).map(|(_, column)| column)
}

/// A row is a header when one of its cells is a word that only a header has, and none is an address.
fn is_header(row: &Row) -> bool {
    row.cells.iter().any(|cell| column(cell).is_some()) && !row.cells.iter().any(|cell| cell.contains('@'))
}

/// Other columns are passed over, but for one with addresses where no column is known to have them.
fn columns(header: &Row, rows: &[Row]) -> Result<Columns, PeopleError> {
    let columns = Columns(header.cells.iter().map(|cell| column(cell)).collect());
    let has_name =
        [PersonColumn::Name, PersonColumn::Given, PersonColumn::Family].iter().any(|name| columns.has(*name));
    if !has_name {
        return Err(PeopleError::NoName);
    }
    let has_email = columns.has(PersonColumn::Email) || columns.has(PersonColumn::Login);
    let others = columns.0.iter().enumerate().filter(|(_, column)| column.is_none() && !has_email);
    for (place, _) in others {
        let holds_address = |row: &Row| row.cells.get(place).is_some_and(|cell| address_in(cell).is_some());
        if let (true, Some(column)) = (rows.iter().any(holds_address), header.cells.get(place)) {
            return Err(PeopleError::Column { column: column.clone() });
        }
    }
    Ok(columns)
}

/// One person a row; without a header also several, as they stand behind one another in the head of an e-mail.
fn persons(row: &Row, columns: &Columns, has_header: bool) -> Result<Vec<Person>, PeopleError> {
    let line = row.line;
    let filled: Vec<&str> = row.cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
    let bracketed = |cell: &&str| Person::parse(cell).filter(|person| person.email.is_some());
    if !has_header
        && filled.len() > 1
        && let Some(all) = filled.iter().map(bracketed).collect()
    {
        return Ok(all);
    }
    if !has_header && row.cells.iter().skip(2).any(|cell| !cell.is_empty()) {
        return Err(PeopleError::TooMany { line });
    }
    let mut email = None;
    for wanted in [PersonColumn::Email, PersonColumn::OtherEmail] {
        if let (None, Some(cell)) = (&email, columns.cells(row, wanted).next()) {
            // Google writes several behind one another.
            let first = cell.split(":::").next().unwrap_or(cell);
            let address = address_in(first);
            email = Some(address.ok_or_else(|| PeopleError::Email { line, email: cell.to_owned() })?);
        }
    }
    // The login of a guest of Entra is no address, though it looks like one.
    let logins = || columns.cells(row, PersonColumn::Login).filter(|login| !login.contains("#EXT#"));
    let email = email.or_else(|| logins().find_map(address_in));
    let name = name(row, columns, has_header);
    if name.is_empty() && columns.passes_over() && email.is_none() {
        return Ok(Vec::new());
    }
    // Without a cell of its own an address may stand behind the name, or alone.
    let both = if email.is_some() { None } else { with_address(&name) };
    // An address book has entries without a name.
    let named = if name.is_empty() && columns.passes_over() { email.clone() } else { Text::new(&name) };
    match (both, named) {
        (Some(person), _) => Ok(vec![person]),
        (None, Some(name)) => Ok(vec![Person { name, email }]),
        (None, None) => Err(PeopleError::Name { line }),
    }
}

/// Somebody whose address stands behind the name, in brackets of either kind, or is all that is known.
fn with_address(text: &str) -> Option<Person> {
    let in_brackets = Person::parse(text).filter(|person| person.email.is_some());
    in_brackets.or_else(|| {
        let (name, address) = match text.strip_suffix(')').and_then(|open| open.rsplit_once('(')) {
            Some((name, address)) => (Text::new(name.trim()), address_in(address)?),
            None => (None, address_in(text)?),
        };
        Some(Person { name: name.unwrap_or_else(|| address.clone()), email: Some(address) })
    })
}

/// The name of a row: of one column, or put together. Beside a given name alone, or a family name alone, what is called the name is the
/// other part. Without a header `Lee, Ann <ann@…>` is Ann Lee.
fn name(row: &Row, columns: &Columns, has_header: bool) -> String {
    let part = |wanted| columns.cells(row, wanted).next().unwrap_or("");
    let (whole, given, family) = (part(PersonColumn::Name), part(PersonColumn::Given), part(PersonColumn::Family));
    let has = |wanted| columns.has(wanted);
    let joined = |one: &str, other: &str| format!("{one} {other}").trim().to_owned();
    if !has_header {
        let before =
            part(PersonColumn::Email).split_once('<').map_or("", |(before, _)| before.trim().trim_matches('"'));
        let is_given = !before.is_empty() && !before.eq_ignore_ascii_case(whole);
        return if is_given { joined(before, whole) } else { whole.to_owned() };
    }
    match (whole.is_empty(), has(PersonColumn::Given), has(PersonColumn::Family)) {
        (false, true, false) => joined(given, whole),
        (false, false, true) => joined(whole, family),
        (false, ..) => whole.to_owned(),
        (true, ..) => joined(given, family),
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
        // As it stands in the head of an e-mail.
        assert_eq!(said("Jane Doe <jane@example.org>; \"Ann\" <ann@x>"), "Jane Doe <jane@example.org> | Ann <ann@x>");
        assert_eq!(said("Jane Doe <jane@example.org>, Ann <ann@x>\n"), "Jane Doe <jane@example.org> | Ann <ann@x>");
    }

    #[test]
    fn directories_and_address_books_are_read_as_they_export() {
        let both = "Jane Doe <jane@example.org> | Joe Ray <joe@example.org>";
        for text in [
            // Google Workspace, Admin console.
            "First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Status [READ ONLY]\nJane,Doe,jane@example.org,****,Active\nJoe,Ray,joe@example.org,,Active",
            // Google Contacts.
            "First Name,Middle Name,Last Name,Phonetic First Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value\nJane,,Doe,,Work,jane@example.org,1\nJoe,,Ray,,Home,joe@example.org,",
            // Okta.
            "login,email,firstName,lastName,status\njane,jane@example.org,Jane,Doe,ACTIVE\njoe@example.org,,Joe,Ray,ACTIVE",
            // Microsoft Entra.
            "userPrincipalName,displayName,surname,mail,givenName,id,userType\njane@example.org,Jane Doe,Doe,,Jane,1,Member\njoe_x#EXT#@y.onmicrosoft.com,Joe Ray,Ray,joe@example.org,Joe,2,Guest",
            // Microsoft 365, with a title.
            "\u{feff}Active users\n\nDisplay name,User principal name,Licenses\nJane Doe,jane@example.org,E3\nJoe Ray,joe@example.org,E3",
            // In German and French: what is called the name is the family name.
            "Name;Vorname;E-Mail\nDoe;Jane;jane@example.org\nRay;Joe;joe@example.org",
            "Nom;Pr\u{e9}nom;Courriel\nDoe;Jane;jane@example.org\nRay;Joe;joe@example.org",
            // Without a header, family name first.
            "Doe, Jane <jane@example.org>\nRay, Joe <joe@example.org>",
            // An entry of a company, and several addresses.
            "First Name,Last Name,Organization,E-mail 1 - Value,Notes\nJane,Doe,,jane@example.org ::: j@x,\"a\nb\"\n,,Bank,,\nJoe,Ray,,joe@example.org,",
            // Outlook, in German.
            "Anrede;Vorname;Nachname;E-Mail-Adresse\n;Jane;Doe;jane@example.org\n;Joe;Ray;joe@example.org",
        ] {
            assert_eq!(said(text), both, "{text}");
        }
        for alone in ["ann@x", "<ann@x>", "name,phone\n<ann@x>,1"] {
            assert_eq!(said(alone), "ann@x <ann@x>", "{alone}");
        }
        assert_eq!(said("Ann Lee (ann@x)"), "Ann Lee <ann@x>");
        // What is no address of the guest is not taken for one.
        assert_eq!(said("displayName,userPrincipalName\nAnn,ann_x#EXT#@y.onmicrosoft.com"), "Ann");
        assert_eq!(
            said("EmailAddresses,Name\nSMTP:ann@x,Ann"),
            "the header names the column EmailAddresses, which a list of people does not have"
        );
        let unicode: Vec<u8> = "Name\tMail\r\nZoë\tzoe@x".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(people(&unicode).unwrap()[0].name.raw(), "Zoë");
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
            ("Doe, Jane;jane@x", "Doe, Jane <jane@x>"),
            ("a,x@y\nb,X@Y", "line 2, column email: X@Y stands on line 1 already"),
            ("Ann\nann", "line 2, column name: ann stands on line 1 already"),
            ("Ann,a@x\nAnn", "line 2, column name: Ann stands on line 1 already"),
            ("email\nx@y", "the header has no column name"),
            ("name,emial\na,x@y", "the header names the column emial, which a list of people does not have"),
            ("name,email\na,x@y..z", "line 2, column email: x@y..z is not an e-mail address"),
            (&many, "more than 1000 people are in it"),
        ] {
            assert_eq!(said(text), error);
        }
    }
}
