//! Who the shareholders are: typed, or picked from a list that was read.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::answers::not_a_name;
use crate::domain::ceremony::Person;
use crate::domain::kind::Rules;
use crate::effect::Trouble;
use crate::ui::key::Key;
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, Field, fit, put, wrapped};

/// The shareholders in the order of their numbers, and the list that they may be picked from.
#[derive(Default)]
pub struct People {
    chosen: Vec<Person>,
    rows: ChosenRow,
    typed: Field,
    /// People that were read from a file.
    list: Vec<Person>,
    list_rows: ChosenRow,
    filter: Field,
    /// The list is in view.
    is_picking: bool,
    /// Who is typed takes the place of who was taken out, because numbers stand on papers already.
    keeps_places: bool,
    gap: Option<usize>,
}

/// What comes of a key.
pub enum PeopleOutcome {
    Nothing,
    /// A list is to be read.
    List,
    /// The next page.
    Next,
    Back,
    Refused(Trouble),
}

impl People {
    pub fn of(chosen: Vec<Person>) -> Self {
        Self { chosen, ..Self::default() }
    }

    /// Those of a plan that is changed: without who stood in that row. Who is typed next stands there.
    pub fn without(mut chosen: Vec<Person>, row: usize) -> Self {
        if row < chosen.len() {
            chosen.remove(row);
        }
        Self { chosen, rows: ChosenRow::at(row), keeps_places: true, gap: Some(row), ..Self::default() }
    }

    pub fn chosen(&self) -> &[Person] {
        &self.chosen
    }

    pub fn is_picking(&self) -> bool {
        self.is_picking
    }

    /// A list was read.
    pub fn hear(&mut self, list: Vec<Person>) {
        self.list = list;
        self.list_rows = ChosenRow::default();
        self.filter.clear();
        self.is_picking = true;
    }

    pub fn on_key(&mut self, key: Key, rules: &Rules) -> PeopleOutcome {
        if self.is_picking {
            return self.on_list_key(key, rules);
        }
        match key {
            Key::Enter if self.typed.text().trim().is_empty() => return PeopleOutcome::Next,
            Key::Enter => return self.take_typed(rules),
            Key::Esc => return PeopleOutcome::Back,
            Key::F(6) if self.list.is_empty() => return PeopleOutcome::List,
            Key::F(6) => self.is_picking = true,
            Key::Delete | Key::F(7) if !self.typed.text().is_empty() => self.typed.clear(),
            Key::Delete | Key::F(7) => {
                if let Some(index) = self.rows.chosen(self.chosen.len()) {
                    self.chosen.remove(index);
                    self.gap = self.keeps_places.then_some(index);
                }
            }
            key => {
                let _ = self.rows.on_key(key, self.chosen.len()) || self.typed.on_key(key);
            }
        }
        PeopleOutcome::Nothing
    }

    fn on_list_key(&mut self, key: Key, rules: &Rules) -> PeopleOutcome {
        let shown = self.shown();
        match key {
            Key::Esc if !self.filter.text().is_empty() => self.filter.clear(),
            Key::Enter | Key::Esc => self.is_picking = false,
            Key::F(6) => return PeopleOutcome::List,
            Key::Char(' ') => {
                let person = self.list_rows.chosen(shown.len()).and_then(|row| shown.get(row).copied()).cloned();
                return person.map_or(PeopleOutcome::Nothing, |person| self.toggle(person, rules));
            }
            key => {
                if !self.list_rows.on_key(key, shown.len()) && self.filter.on_key(key) {
                    self.list_rows = ChosenRow::default();
                }
            }
        }
        PeopleOutcome::Nothing
    }

    /// The people of the list that the search leaves.
    fn shown(&self) -> Vec<&Person> {
        let wanted = self.filter.text().to_lowercase();
        self.list.iter().filter(|person| line(person).to_lowercase().contains(&wanted)).collect()
    }

    fn toggle(&mut self, person: Person, rules: &Rules) -> PeopleOutcome {
        match self.chosen.iter().position(|chosen| *chosen == person) {
            Some(index) => {
                self.chosen.remove(index);
                PeopleOutcome::Nothing
            }
            None => self.add(person, rules),
        }
    }

    fn take_typed(&mut self, rules: &Rules) -> PeopleOutcome {
        let Some(person) = Person::parse(self.typed.text()) else {
            return PeopleOutcome::Refused(not_a_name());
        };
        let asked = self.add(person, rules);
        if matches!(asked, PeopleOutcome::Nothing) {
            self.typed.clear();
        }
        asked
    }

    /// Somebody more, where that is possible.
    pub fn add(&mut self, person: Person, rules: &Rules) -> PeopleOutcome {
        let address = |person: &Person| person.email.as_ref().map(|address| address.raw().to_lowercase());
        let is_same = |chosen: &Person| {
            chosen.name.raw().to_lowercase() == person.name.raw().to_lowercase()
                || (chosen.email.is_some() && address(chosen) == address(&person))
        };
        if let Some(index) = self.chosen.iter().position(is_same) {
            return PeopleOutcome::Refused(Trouble::new(
                format_args!("{} is {} {} already, by name or by address.", line(&person), rules.holder.one, index + 1),
                "One person holds one phrase. For two people of the same name add something that tells them apart.",
            ));
        }
        let most = *rules.count.end();
        if self.chosen.len() >= most.into() {
            let what = format_args!("There are {most} {} already: that is the most.", rules.holder.many);
            return PeopleOutcome::Refused(Trouble::new(what, ""));
        }
        let place = self.gap.take().unwrap_or(self.chosen.len()).min(self.chosen.len());
        self.chosen.insert(place, person);
        self.rows = ChosenRow::at(place);
        PeopleOutcome::Nothing
    }

    pub fn draw(&self, area: Rect, buffer: &mut Buffer) -> (Option<Position>, u16) {
        if self.is_picking {
            return self.draw_list(area, buffer);
        }
        let (cursor, y) = self.typed.draw("Name: ", area, 0, buffer);
        let height = rows_in(self.chosen.len(), area, y);
        let list = Rect { y: area.y + y, height, ..area };
        let width = ChosenRow::columns(list, self.chosen.len());
        let row = |index: usize| {
            self.chosen
                .get(index)
                .map_or_else(String::new, |person| fit(&format!("{:>2}  {}", index + 1, line(person)), width))
        };
        self.rows.draw(list, self.chosen.len(), row, buffer);
        (cursor, y + height)
    }

    fn draw_list(&self, area: Rect, buffer: &mut Buffer) -> (Option<Position>, u16) {
        let shown = self.shown();
        let (cursor, y) = self.filter.draw("Search: ", area, 0, buffer);
        let height = rows_in(shown.len(), area, y);
        let list = Rect { y: area.y + y, height, ..area };
        let width = ChosenRow::columns(list, shown.len());
        let row = |index: usize| {
            shown.get(index).map_or_else(String::new, |person| {
                let number = self.chosen.iter().position(|chosen| chosen == *person);
                let mark = number.map_or_else(|| "[  ]".to_owned(), |number| format!("[{:>2}]", number + 1));
                fit(&format!("{mark} {}", line(person)), width)
            })
        };
        self.list_rows.draw(list, shown.len(), row, buffer);
        if shown.is_empty() {
            return (cursor, wrapped(area, y, "Nobody in the list is named so.", theme::PLAIN, buffer));
        }
        let y = y + height;
        put(area, 0, y, &format!("Picked: {}", self.chosen.len()), theme::LABEL, buffer);
        (cursor, y + 1)
    }
}

/// Rows for a list below `y`, with room for the line below it.
fn rows_in(count: usize, area: Rect, y: u16) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX).min(area.height.saturating_sub(y + 1))
}

/// `Jane Doe <jane@example.org>`
pub fn line(person: &Person) -> String {
    person.email.as_ref().map_or_else(|| person.name.to_string(), |email| format!("{} <{email}>", person.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kind::Kind;

    fn rules() -> &'static Rules {
        Kind::Organization.rules()
    }

    fn typed(people: &mut People, text: &str) -> PeopleOutcome {
        text.chars().for_each(|c| {
            people.on_key(Key::Char(c), rules());
        });
        people.on_key(Key::Enter, rules())
    }

    fn names(people: &People) -> Vec<&str> {
        people.chosen().iter().map(|person| person.name.raw()).collect()
    }

    #[test]
    fn people_are_typed_numbered_by_order_and_taken_out() {
        let mut people = People::default();
        for name in ["Jane Doe <jane@example.org>", "Ann", " Joe "] {
            assert!(matches!(typed(&mut people, name), PeopleOutcome::Nothing));
        }
        assert_eq!(names(&people), ["Jane Doe", "Ann", "Joe"]);
        assert_eq!(line(&people.chosen()[0]), "Jane Doe <jane@example.org>");
        people.on_key(Key::Home, rules());
        people.on_key(Key::Delete, rules());
        assert_eq!(names(&people), ["Ann", "Joe"]);
        assert!(matches!(people.on_key(Key::Enter, rules()), PeopleOutcome::Next), "an empty line goes on");
    }

    #[test]
    fn a_name_twice_a_wrong_address_and_a_seventeenth_are_refused_and_what_was_typed_stays() {
        let mut people = People::default();
        typed(&mut people, "Ann");
        for refused in ["ANN", "Joe <joe>", "Joe <joe@x.org", "<a@b>"] {
            assert!(matches!(typed(&mut people, refused), PeopleOutcome::Refused(_)), "{refused}");
            assert_eq!(people.typed.text(), refused);
            people.on_key(Key::Ctrl('u'), rules());
        }
        for index in 2..=16 {
            typed(&mut people, &format!("P{index}"));
        }
        assert!(matches!(typed(&mut people, "P17"), PeopleOutcome::Refused(_)));
        assert_eq!(people.chosen().len(), 16);
    }

    #[test]
    fn people_are_picked_from_a_list_and_searched_in_it() {
        let mut people = People::default();
        people.hear(["Ann", "Joe", "Mia"].iter().filter_map(|name| Person::parse(name)).collect());
        people.on_key(Key::Char('j'), rules());
        people.on_key(Key::Char(' '), rules());
        people.on_key(Key::Esc, rules());
        people.on_key(Key::Char(' '), rules());
        assert_eq!(names(&people), ["Joe", "Ann"]);
        people.on_key(Key::Char(' '), rules());
        assert_eq!(names(&people), ["Joe"], "once more takes back");
        people.on_key(Key::Enter, rules());
        assert!(!people.is_picking());
    }
}
