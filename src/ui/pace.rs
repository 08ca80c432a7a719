//! The pace of the keys: whether they rest, and whether a letter stands alone. What must not happen because a key was held, pressed
//! out of impatience, or was part of a phrase that is typed at the wrong place asks here. Holds no clock: time is told to it.
//!
//! A wall stands wherever the person changes, and a screen that shows what is next takes Enter only after a rest. No Enter shows
//! a secret: y does. Where letters are commands one acts half a second late, once no other followed. The limit is a slow typist,
//! to whom each letter stands alone: one who takes longer for each than [`REST`], at a wall longer than two seconds.

use std::fmt;
use std::time::Duration;

use super::key::Key;

/// How long no key has to come until they rest, and how far from another letter one stands alone.
pub const REST: Duration = Duration::from_millis(500);
/// The same after letters where none are typed: somebody may look at a paper, and type on slowly.
const LONG_REST: Duration = Duration::from_secs(2);

/// What a screen takes keys for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intake {
    /// Letters are text. Every key counts at once.
    Text,
    /// Letters are commands, each of them alone.
    Commands,
    /// The same, and Enter counts only after a rest since the screen came up.
    Rested,
    /// No key counts before a rest; then y and Enter say that somebody is there. One letter may be a command besides.
    Wall { command: Option<char> },
}

/// What a key came to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It counts.
    Now,
    /// It counts, after the letter that waited before it.
    After(char),
    /// The letter that waited counts, and it does not.
    Only(char),
    /// It is kept or waits for what follows.
    Waits,
    /// It came before the keys rested.
    TooSoon,
    /// It was Enter alone, where y and Enter are asked for.
    NotAgreed,
    /// Letters come one after the other where none are typed: nothing of them counts.
    Words,
}

/// When which keys came last.
#[derive(Default)]
pub struct Pace {
    letter: Option<Duration>,
    /// Letters came one after the other.
    is_words: bool,
    /// A letter that may be a command, how often it was pressed, and when.
    waiting: Option<(char, usize, Duration)>,
    /// Since when a rest is waited for, where one is, and how long it has to be.
    unrested: Option<(Duration, Duration)>,
    /// y was typed at a wall.
    is_agreed: bool,
    /// A letter at a wall that was no answer, or a command there: when it came, and which of the two it was.
    stray: Option<(Duration, bool)>,
}

/// A letter that waits may be one of a phrase.
impl fmt::Debug for Pace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Pace")
    }
}

impl Pace {
    /// Something else is in view: what was pressed before was not meant for it.
    pub fn begin(&mut self, now: Duration) {
        // A longer rest goes on all the same.
        let ends = |(since, rest): (Duration, Duration)| since.saturating_add(rest);
        self.unrested = self.unrested.filter(|longer| ends(*longer) > ends((now, REST))).or(Some((now, REST)));
        (self.waiting, self.stray) = (None, None);
        self.is_agreed = false;
    }

    /// A key that no phrase has in it, wherever it was pressed: the letter after it is near to none before it.
    pub fn interrupt(&mut self) {
        (self.letter, self.is_words, self.stray) = (None, false, None);
    }

    /// Whether a rest came since something else came into view.
    pub fn is_rested(&self, now: Duration) -> bool {
        self.unrested.is_none_or(|(since, rest)| now.saturating_sub(since) >= rest)
    }

    /// Whether y was typed at a wall, and Enter goes on.
    pub fn is_agreed(&self) -> bool {
        self.is_agreed
    }

    /// When something changes by time alone.
    pub fn until(&self) -> Option<Duration> {
        let waiting = self.waiting.map(|(_, _, at)| (at, REST));
        waiting.into_iter().chain(self.unrested).map(|(since, rest)| since.saturating_add(rest)).min()
    }

    /// Takes note of a key that came at `now`, and says what it comes to.
    pub fn press(&mut self, key: Key, intake: Intake, now: Duration) -> Heard {
        let heard = match key {
            Key::Char(c) => self.letter(c, intake, now),
            key => self.other(key, intake, now),
        };
        if heard == Heard::Words {
            self.waiting = None;
            self.is_agreed = false;
            self.unrested = Some((now, LONG_REST));
        }
        heard
    }

    /// The letter that stood alone, and how often it was pressed, once no other came for so long.
    pub fn ripe(&mut self, now: Duration) -> Option<(char, usize)> {
        if self.is_rested(now) {
            self.unrested = None;
        }
        let (c, count, _) = self.waiting.filter(|(_, _, at)| now.saturating_sub(*at) >= REST)?;
        self.waiting = None;
        Some((c, count))
    }

    /// The rest begins anew. Not earlier than it did: a key may have come before the screen that it is counted on.
    fn hold_off(&mut self, now: Duration) {
        let (since, rest) = self.unrested.unwrap_or((now, REST));
        self.unrested = Some((since.max(now), rest));
    }

    fn letter(&mut self, c: char, intake: Intake, now: Duration) -> Heard {
        let is_alone = self.letter.is_none_or(|at| now.saturating_sub(at) >= REST);
        self.letter = Some(now);
        let command = match intake {
            Intake::Text => {
                self.is_words = false;
                return Heard::Now;
            }
            // It begins a search, and is part of no phrase: what is typed behind it is looked for.
            Intake::Commands | Intake::Rested if c == '/' => return Heard::Now,
            Intake::Commands | Intake::Rested => Some(c),
            Intake::Wall { command } => command.filter(|command| c.eq_ignore_ascii_case(command)),
        };
        let is_wall = matches!(intake, Intake::Wall { .. });
        let is_yes = is_wall && matches!(c, 'y' | 'Y');
        if !is_alone {
            let is_again = self.waiting.is_some_and(|(waiting, _, _)| waiting == c) || (is_yes && self.is_agreed);
            if let (true, Some((_, count, at))) = (is_again, &mut self.waiting) {
                (*count, *at) = (*count + 1, now);
            }
            self.is_words |= !is_again;
            return if is_again { Heard::Waits } else { Heard::Words };
        }
        self.is_words = false;
        if is_wall && !self.is_rested(now) {
            self.hold_off(now);
            return Heard::TooSoon;
        }
        if is_wall && !is_yes && self.is_second(command.is_some(), now) {
            return Heard::Words;
        }
        match command {
            _ if is_yes => self.is_agreed = true,
            Some(c) => self.waiting = Some((c, 1, now)),
            // An answer, though not the one that is asked for: not yet a phrase.
            None => {
                self.is_agreed = false;
                return Heard::NotAgreed;
            }
        }
        Heard::Waits
    }

    /// Whether a letter at a wall follows another one there so closely that somebody may be typing words, however slowly.
    fn is_second(&mut self, is_command: bool, now: Duration) -> bool {
        let before = self.stray.replace((now, is_command));
        before.is_some_and(|(at, was_command)| now.saturating_sub(at) < LONG_REST && !(is_command && was_command))
    }

    fn other(&mut self, key: Key, intake: Intake, now: Duration) -> Heard {
        // y agrees to something, and another key than Enter behind it says that it was not meant.
        let waiting = self.waiting.take().map(|(c, _, _)| c);
        let waiting = waiting.filter(|c| key == Key::Enter || !matches!(c, 'y' | 'Y'));
        if !matches!(key, Key::Enter | Key::Backspace) {
            self.interrupt();
        }
        let is_after_words = self.is_words && self.letter.is_some_and(|at| now.saturating_sub(at) < REST);
        match (intake, waiting) {
            (Intake::Text, _) => {
                if key == Key::Enter {
                    // The end of what was typed: a letter behind it may be a command. One of a word has others behind it.
                    self.letter = None;
                }
                Heard::Now
            }
            // A mark agrees to nothing, so that Enter behind it is no haste.
            (Intake::Commands | Intake::Rested, Some(' '))
                if key == Key::Enter && (intake == Intake::Commands || self.is_rested(now)) =>
            {
                self.unrested = None;
                Heard::After(' ')
            }
            (_, Some(c)) if key == Key::Enter => Heard::Only(c),
            // The end of a word, or of a line of them.
            (_, None) if key == Key::Enter && is_after_words => {
                self.letter = Some(now);
                Heard::Words
            }
            (Intake::Rested, None) if key == Key::Enter && !self.is_rested(now) => {
                self.hold_off(now);
                Heard::TooSoon
            }
            (Intake::Wall { .. }, None) if !self.is_rested(now) => {
                self.hold_off(now);
                Heard::TooSoon
            }
            (Intake::Wall { .. }, None) if key == Key::Enter => {
                self.unrested = None;
                if !std::mem::take(&mut self.is_agreed) {
                    return Heard::NotAgreed;
                }
                // That y was an answer: it is near to no letter.
                self.letter = None;
                Heard::Now
            }
            (Intake::Wall { .. }, waiting) => {
                self.unrested = None;
                self.is_agreed = false;
                waiting.map_or(Heard::Now, Heard::After)
            }
            (Intake::Commands | Intake::Rested, waiting) => {
                if key == Key::Enter {
                    self.unrested = None;
                }
                waiting.map_or(Heard::Now, Heard::After)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WALL: Intake = Intake::Wall { command: Some('h') };

    /// Keys as text (`\n` is Enter, `\x1b` Esc, `_` none), each so many milliseconds after the one before; what of them counted.
    fn counted(intake: Intake, presses: &[(u64, &str)]) -> String {
        let mut pace = Pace::default();
        pace.begin(Duration::ZERO);
        let mut now = Duration::ZERO;
        let mut all = String::new();
        let keys = presses.iter().flat_map(|(apart, text)| text.chars().map(move |key| (*apart, key)));
        for (apart, key) in keys.chain([(2_000, '\0')]) {
            now += Duration::from_millis(apart);
            all.extend(pace.ripe(now).map(|(c, count)| c.to_string().repeat(count)));
            let is_enter = key == '\n';
            let key_pressed = match key {
                '\0' | '_' => continue,
                '\n' => Key::Enter,
                '\x1b' => Key::Esc,
                c => Key::Char(c),
            };
            match pace.press(key_pressed, intake, now) {
                Heard::Now => all.push(if is_enter { '!' } else { key }),
                Heard::After(c) => all.extend([c, if is_enter { '!' } else { key }]),
                Heard::Only(c) => all.push(c),
                Heard::Waits | Heard::TooSoon | Heard::NotAgreed | Heard::Words => {}
            }
        }
        all
    }

    #[test]
    fn a_wall_takes_y_and_enter_after_a_rest_and_nothing_else() {
        for (presses, expected) in [
            (&[(600, "y\n")][..], "!"),
            (&[(600, "y"), (100, "\n")], "!"),
            (&[(100, "y\n")], ""),
            (&[(1_200, "\n\n\n")], ""),
            // Held: the keys rest when they are let go.
            (&[(30, "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"), (30, "y\n")], ""),
            (&[(30, "\n\n\n\n"), (600, "y\n")], "!"),
            // A held y agrees once.
            (&[(600, "y"), (30, "yyyyyyyy"), (600, "\n")], "!"),
            (&[(600, "n\n")], ""),
            // Another letter is only another answer, however much later the right one comes.
            (&[(600, "n"), (700, "y\n")], "!"),
            (&[(600, "n"), (100, "\x1b")], "\x1b"),
            (&[(600, "y"), (700, "n\n")], ""),
            (&[(600, "\x1b")], "\x1b"),
            (&[(100, "\x1b")], ""),
        ] {
            assert_eq!(counted(WALL, presses), expected, "{presses:?}");
        }
    }

    #[test]
    fn a_phrase_typed_at_a_wall_counts_for_nothing_however_fast() {
        for apart in [1, 30, 120, 300, 499, 501, 700, 1_500] {
            let phrases = [
                "ability yellow happy\n",
                "y ability\n",
                "1. happy\n2. day\n",
                "yard\nyear\n",
                "happy\n\n",
                "hay\nwhy\n",
            ];
            for phrase in phrases {
                let counted = counted(WALL, &[(600, "_"), (apart, phrase)]);
                assert!(!counted.contains('!'), "{apart} {phrase:?}: {counted:?}");
                assert!(apart > 500 || counted.is_empty(), "{apart} {phrase:?}: {counted:?}");
            }
        }
        // Then a longer rest is needed.
        assert_eq!(counted(WALL, &[(600, "_"), (80, "ability"), (700, "y\n")]), "");
        assert_eq!(counted(WALL, &[(600, "_"), (80, "ability"), (2_100, "y"), (100, "\n")]), "!");
    }

    #[test]
    fn a_letter_is_a_command_only_where_it_stands_alone() {
        for (presses, expected) in [
            (&[(600, "h")][..], "h"),
            (&[(600, "hh")], "hh"),
            (&[(600, "h"), (200, "a")], ""),
            (&[(600, "a"), (200, "h")], ""),
            (&[(600, "h"), (200, "\x1b")], "h\x1b"),
            (&[(600, "h"), (200, "\n")], "h"),
            (&[(600, " "), (200, "\n")], " !"),
            // What agrees to something is taken back by the next key.
            (&[(600, "y"), (200, "\x1b")], "\x1b"),
            (&[(600, "y"), (200, "\n")], "y"),
        ] {
            assert_eq!(counted(Intake::Commands, presses), expected, "{presses:?}");
        }
        assert_eq!(counted(Intake::Rested, &[(100, " "), (100, "\n")]), " ", "and only after a rest");
        assert_eq!(counted(WALL, &[(600, "h"), (600, "y\n")]), "h!", "a command at a wall spoils nothing");
        assert_eq!(counted(Intake::Commands, &[(600, "_"), (90, "e ability about\n"), (600, "\n")]), "!");
        assert_eq!(counted(Intake::Text, &[(0, "abandon\n")]), "abandon!");
    }

    #[test]
    fn a_held_enter_goes_no_further_than_the_screen_that_it_was_pressed_on() {
        assert_eq!(counted(Intake::Rested, &[(30, "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n")]), "");
        assert_eq!(counted(Intake::Rested, &[(30, "\n\n"), (600, "\n")]), "!");
        assert_eq!(counted(Intake::Commands, &[(30, "\n\n")]), "!!");
    }

    #[test]
    fn a_long_rest_is_not_made_shorter_by_what_comes_into_view() {
        let mut pace = Pace::default();
        let at = Duration::from_millis;
        for (key, now) in [('a', 600), ('b', 700)] {
            pace.press(Key::Char(key), WALL, at(now));
        }
        pace.begin(at(900));
        assert!(!pace.is_rested(at(2_600)) && pace.is_rested(at(2_700)));
        pace.begin(at(2_500));
        assert!(!pace.is_rested(at(2_900)) && pace.is_rested(at(3_000)));
    }

    #[test]
    fn letters_behind_the_end_of_a_text_are_commands_and_words_are_not() {
        let mut pace = Pace::default();
        let at = Duration::from_millis;
        pace.press(Key::Char('c'), Intake::Text, at(0));
        pace.press(Key::Enter, Intake::Text, at(100));
        assert!(pace.press(Key::Char('e'), Intake::Rested, at(200)) == Heard::Waits);
        assert!(pace.press(Key::Char('n'), Intake::Rested, at(300)) == Heard::Words);
        assert_eq!(pace.ripe(at(5_000)), None);
    }

    #[test]
    fn what_waits_is_not_printed() {
        let mut pace = Pace::default();
        pace.press(Key::Char('e'), Intake::Commands, Duration::ZERO);
        assert_eq!(format!("{pace:?}"), "Pace");
    }
}
