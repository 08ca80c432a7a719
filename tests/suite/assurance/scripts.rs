//! Random key scripts through every screen, in windows from 1x1 to 500x200: two phrases are typed between all that a nervous person may
//! press, and arrive; no frame shows two of their words, or one that was accepted.

use conclave::domain::phrase::Phrase;
use conclave::ui::key::Key;

use crate::support::desk::Desk;
use crate::support::*;

struct Script {
    desk: Desk,
    random: Seeded,
    /// The words of the phrase that is typed, and how many of them were accepted.
    words: Vec<&'static str>,
    accepted: usize,
    /// All words are shown, because F3 was pressed.
    is_shown: bool,
    log: String,
    /// What was drawn last.
    text: String,
}

impl Script {
    /// Draws in a window of any size and looks for words in it.
    fn look(&mut self) {
        let (columns, rows) = match self.random.below(64) {
            0..32 => (60, 20),
            32..56 => (80, 24),
            56..63 => (1 + self.random.below(130), 1 + self.random.below(50)),
            _ => (1 + self.random.below(500), 1 + self.random.below(200)),
        };
        self.desk.write_screen_of(u16::try_from(columns).unwrap(), u16::try_from(rows).unwrap(), &mut self.text);
        // In a window that is too small keys do nothing.
        self.desk.app.on_resize(80, 24);
        if self.is_shown {
            return;
        }
        let text = &self.text;
        let is_in = |word: &&&str| is_in(text, word);
        let seen: Vec<_> = self.words.iter().filter(is_in).collect();
        let accepted = self.words[..self.accepted].iter().filter(is_in).count();
        assert!(seen.len() <= 1 && accepted == 0, "{seen:?} of {:?} after {}:\n{text}", self.words, self.log);
    }

    fn key(&mut self, key: Key) {
        self.desk.key(key);
        self.look();
    }

    fn keys(&mut self, keys: &[Key]) {
        for key in keys {
            self.key(*key);
        }
    }

    fn press(&mut self, text: &str) {
        for c in text.chars() {
            self.key(Key::Char(c));
        }
    }

    /// Back to the cell that is next. A half-typed word is not there: this happens between words only.
    fn go_back(&mut self) {
        let next = self.accepted + 1;
        if next <= 12 {
            self.press(&format!("{next} "));
        } else {
            self.key(Key::End);
        }
    }

    /// Something that a person presses and that must lose nothing.
    fn disturb(&mut self) {
        let what = self.random.below(22);
        self.log = format!("{}{what} ", self.log);
        match what {
            0 => self.look(),
            1 => self.keys(&[Key::F(1), Key::Char('z')]),
            2 => self.keys(&[Key::F(2), Key::F(2)]),
            3 => {
                self.is_shown = true;
                self.key(Key::F(3));
                self.desk.wait(5);
                self.is_shown = false;
                self.look();
            }
            4 => self.key(Key::F(4)),
            5 => {
                self.key(Key::Esc);
                self.press("y");
                self.key(Key::Enter);
            }
            6 => {
                self.keys(&[Key::Up, Key::Left, Key::Home, Key::Right, Key::Down, Key::BackTab]);
            }
            7 => self.key(Key::Ctrl('l')),
            8 => self.keys(&[Key::F(8), Key::Down, Key::Esc]),
            9 => {
                self.desk.wait(61);
                self.look();
            }
            10 => {
                self.desk.paste("zebra zoo zone");
                self.press("n");
            }
            11 => self.press("13 "),
            12 => self.press("=9999 "),
            13 => self.press("'\"/\\"),
            14 => {
                self.key(Key::F(9));
                if self.desk.app.title() == "Repair" {
                    self.key(Key::Esc);
                }
            }
            15 => self.keys(&[Key::PageDown, Key::PageUp, Key::F(12)]),
            16 => self.keys(&[Key::Ctrl('c'), Key::Enter]),
            17 => {
                self.desk.app.on_wake();
                self.look();
            }
            // A letter too many, and back.
            18 if self.accepted < 12 => {
                self.press("q");
                self.key(Key::Backspace);
            }
            // A word of no list, and then the right one over it.
            19 if self.accepted < 12 => {
                self.press("qqqqq ");
                let next = self.accepted + 1;
                self.press(&format!("{next} "));
                self.key(Key::Ctrl('u'));
            }
            20 => self.keys(&[Key::F(5), Key::F(5)]),
            // Room for a word, and away again: nothing moved in the end.
            21 if self.accepted < 12 => self.keys(&[Key::F(6), Key::F(7)]),
            _ => {}
        }
        // Off the last cell only digits and arrows are typed; the next word begins in its own cell.
        self.go_back();
    }

    fn type_phrase(&mut self, phrase: &Phrase) {
        self.words = phrase.reveal_words();
        self.accepted = 0;
        self.desk.is("Phrase", "");
        for word in self.words.clone() {
            if self.random.below(3) == 0 {
                self.disturb();
            }
            let typed = match self.random.below(3) {
                0 => word.to_owned(),
                1 => word.chars().take(4).collect(),
                _ => word.to_uppercase(),
            };
            self.press(&typed);
            self.accepted += 1;
            let separator = [Key::Char(' '), Key::Enter, Key::Tab, Key::Char(','), Key::Down][self.random.below(5)];
            self.desk.key(separator);
            if separator == Key::Enter && self.accepted == 12 {
                break;
            }
            self.look();
        }
        let screen = self.desk.screen();
        if screen.starts_with(" Phrase") {
            self.disturb();
            self.key(Key::Enter);
        }
        self.accepted = 0;
        self.words.clear();
    }
}

/// Whether a word stands in a text, not as a part of another word.
fn is_in(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + word.len()..].chars().next();
        !before.into_iter().chain(behind).any(char::is_alphabetic)
    })
}

#[test]
fn nothing_that_is_pressed_loses_a_word_or_shows_two() {
    let mut random = Seeded::new("scripts");
    let phrases = phrases_of_no_text(3, &mut random);
    let snapshot = found_for(plan(2, 3), small_records(), &phrases, &CheapKdf, &mut random);
    on_all_cores(cases(20_000), |script| {
        let mut random = Seeded::new(format!("script {script}"));
        let order = [[0, 1], [1, 0], [2, 0], [0, 2]][random.below(4)];
        let desk = Desk::new(&[("snapshot.json", &snapshot)], false);
        let mut script = Script {
            desk,
            random,
            words: Vec::new(),
            accepted: 0,
            is_shown: false,
            log: format!("script {script}: "),
            text: String::new(),
        };
        script.desk.begin();
        for number in order {
            script.desk.sit_down();
            script.type_phrase(&phrases[number]);
        }
        let log = script.log.clone();
        let screen = script.desk.screen();
        assert!(screen.starts_with(" Quorum"), "{log}:\n{screen}");
        script.key(Key::Enter);
        // Anything at all over what was recovered.
        for _ in 0..12 {
            let key = [
                Key::Enter,
                Key::Esc,
                Key::Down,
                Key::Right,
                Key::Left,
                Key::Char('e'),
                Key::Char('/'),
                Key::Char('z'),
                Key::F(1),
                Key::F(5),
                Key::F(8),
                Key::F(9),
                Key::Tab,
                Key::End,
            ][script.random.below(14)];
            script.key(key);
        }
        script.desk.key(Key::Ctrl('c')).key(Key::Ctrl('c'));
        assert!(script.desk.ended.is_some(), "{log}");
    });
}
