//! What is printed on the keys, when the machine takes them for those of another country: a live system mostly reads every keyboard
//! as American.

use super::near_words::are_neighbours;
use super::secret::SecretField;
use super::wordlist::WordList;

/// A keyboard, as its keys are labelled or as the machine reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    #[default]
    Us,
    Uk,
    De,
    Ch,
    Fr,
    Es,
    It,
    Dvorak,
}

/// Four rows of keys from the upper left, plain and with Shift. `\0` where a keyboard has no key or the label is no character. The
/// first key of the last row is the one beside the left Shift.
type KeyRows = [(&'static str, &'static str); 4];

const US: KeyRows = [
    ("`1234567890-=", "~!@#$%^&*()_+"),
    ("qwertyuiop[]\\", "QWERTYUIOP{}|"),
    ("asdfghjkl;'", "ASDFGHJKL:\""),
    ("\0zxcvbnm,./", "\0ZXCVBNM<>?"),
];
const UK: KeyRows = [
    ("`1234567890-=", "¬!\"£$%^&*()_+"),
    ("qwertyuiop[]#", "QWERTYUIOP{}~"),
    ("asdfghjkl;'", "ASDFGHJKL:@"),
    ("\\zxcvbnm,./", "|ZXCVBNM<>?"),
];
const DE: KeyRows = [
    ("^1234567890ß´", "°!\"§$%&/()=?`"),
    ("qwertzuiopü+#", "QWERTZUIOPÜ*'"),
    ("asdfghjklöä", "ASDFGHJKLÖÄ"),
    ("<yxcvbnm,.-", ">YXCVBNM;:_"),
];
const CH: KeyRows = [
    ("§1234567890'^", "°+\"*ç%&/()=?`"),
    ("qwertzuiopü¨$", "QWERTZUIOPè!£"),
    ("asdfghjklöä", "ASDFGHJKLéà"),
    ("<yxcvbnm,.-", ">YXCVBNM;:_"),
];
const FR: KeyRows = [
    ("²&é\"'(-è_çà)=", "\x001234567890°+"),
    ("azertyuiop^$*", "AZERTYUIOP¨£µ"),
    ("qsdfghjklmù", "QSDFGHJKLM%"),
    ("<wxcvbn,;:!", ">WXCVBN?./§"),
];
const ES: KeyRows = [
    ("º1234567890'¡", "ª!\"·$%&/()=?¿"),
    ("qwertyuiop`+ç", "QWERTYUIOP^*Ç"),
    ("asdfghjklñ´", "ASDFGHJKLÑ¨"),
    ("<zxcvbnm,.-", ">ZXCVBNM;:_"),
];
const IT: KeyRows = [
    ("\\1234567890'ì", "|!\"£$%&/()=?^"),
    ("qwertyuiopè+ù", "QWERTYUIOPé*§"),
    ("asdfghjklòà", "ASDFGHJKLç°"),
    ("<zxcvbnm,.-", ">ZXCVBNM;:_"),
];
const DVORAK: KeyRows = [
    ("`1234567890[]", "~!@#$%^&*(){}"),
    ("',.pyfgcrl/=\\", "\"<>PYFGCRL?+|"),
    ("aoeuidhtns-", "AOEUIDHTNS_"),
    ("\0;qjkxbmwvz", "\0:QJKXBMWVZ"),
];

impl Layout {
    pub const ALL: [Self; 8] = [Self::Us, Self::Uk, Self::De, Self::Ch, Self::Fr, Self::Es, Self::It, Self::Dvorak];

    /// For the footer.
    pub fn short(self) -> &'static str {
        match self {
            Self::Us => "US",
            Self::Uk => "UK",
            Self::De => "DE",
            Self::Ch => "CH",
            Self::Fr => "FR",
            Self::Es => "ES",
            Self::It => "IT",
            Self::Dvorak => "Dvorak",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Us => "American (QWERTY)",
            Self::Uk => "British (QWERTY)",
            Self::De => "German (QWERTZ)",
            Self::Ch => "Swiss (QWERTZ)",
            Self::Fr => "French (AZERTY)",
            Self::Es => "Spanish (QWERTY)",
            Self::It => "Italian (QWERTY)",
            Self::Dvorak => "Dvorak",
        }
    }

    fn keys(self) -> &'static KeyRows {
        match self {
            Self::Us => &US,
            Self::Uk => &UK,
            Self::De => &DE,
            Self::Ch => &CH,
            Self::Fr => &FR,
            Self::Es => &ES,
            Self::It => &IT,
            Self::Dvorak => &DVORAK,
        }
    }

    fn characters(self) -> impl Iterator<Item = char> {
        self.keys().iter().flat_map(|(plain, shifted)| plain.chars().chain(shifted.chars()))
    }

    /// Which key gives `c`, counted over all keys, those with Shift behind the plain ones of their row.
    fn place(self, c: char) -> Option<usize> {
        self.characters().position(|of_key| of_key == c)
    }

    fn at(self, place: usize) -> Option<char> {
        self.characters().nth(place).filter(|c| *c != '\0')
    }
}

/// How typed characters are read: the machine takes the keys for `machine`, and they are labelled as `caps`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keyboard {
    machine: Layout,
    caps: Layout,
}

/// The keys that somebody is asked to press, by their labels: together they tell the arrangements of letters apart.
pub const ASKED: [char; 3] = ['a', 'z', 'm'];

impl Keyboard {
    /// The keys are labelled so, and the machine takes them for American ones.
    pub fn labelled(caps: Layout) -> Self {
        Self { machine: Layout::Us, caps }
    }

    /// Characters are taken as they come.
    pub fn is_plain(self) -> bool {
        self.machine == self.caps
    }

    pub fn caps(self) -> Layout {
        self.caps
    }

    /// The character on the key that was pressed. What is on no key of either stays as it is.
    pub fn read(self, c: char) -> char {
        if self.is_plain() {
            return c;
        }
        self.machine.place(c).and_then(|place| self.caps.at(place)).unwrap_or(c)
    }

    /// What arrives when the key with the label `label` is pressed.
    fn arrives(self, label: char) -> Option<char> {
        self.machine.at(self.caps.place(label)?)
    }

    /// The keyboard with which pressing the keys labelled [`ASKED`] gives `pressed`: as it comes when that explains it, else
    /// one that the machine takes for an American one, else another pair.
    pub fn found(pressed: [char; 3]) -> Option<Self> {
        let explains = |keyboard: &Self| {
            ASKED.iter().zip(pressed).all(|(label, c)| keyboard.arrives(*label) == Some(c.to_ascii_lowercase()))
        };
        Self::all().find(explains)
    }

    /// The character that came from the keys when `read` gave `c`.
    pub fn unread(self, c: char) -> char {
        Self { machine: self.caps, caps: self.machine }.read(c)
    }

    /// The keys, if they are not American ones, by whose labels every one of `words` is a word of `list`. Not when that may as well
    /// be one slip to the next key.
    pub fn that_reads<'a>(list: WordList, words: &(impl Iterator<Item = &'a str> + Clone)) -> Option<Self> {
        let reads = |keyboard: &Self| {
            words.clone().all(|word| {
                let mut read = SecretField::default();
                word.chars().for_each(|c| {
                    read.push(keyboard.read(c));
                });
                list.position(read.reveal()).is_some()
            })
        };
        let is_slip = |keyboard: &Self| {
            let changed = |c: &char| keyboard.read(*c) != *c;
            let mut letters = words.clone().flat_map(str::chars).filter(changed);
            let first = letters.next();
            letters.next().is_none() && first.is_some_and(|c| are_neighbours(c, keyboard.read(c)))
        };
        let is_long = words.clone().all(|word| word.chars().count() >= 3);
        if words.clone().next().is_none() || !is_long {
            return None;
        }
        [Layout::De, Layout::Fr, Layout::Dvorak]
            .map(Self::labelled)
            .into_iter()
            .find(|keyboard| reads(keyboard) && !is_slip(keyboard))
    }

    /// All pairs, the likeliest first.
    fn all() -> impl Iterator<Item = Self> {
        let american = Layout::ALL.into_iter().map(Self::labelled);
        let pairs =
            Layout::ALL.into_iter().flat_map(|machine| Layout::ALL.into_iter().map(move |caps| Self { machine, caps }));
        american.chain(pairs.filter(|pair| pair.machine != Layout::Us && !pair.is_plain()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyboard_has_the_same_places_and_each_letter_once() {
        for layout in Layout::ALL {
            let lengths: Vec<_> =
                layout.keys().iter().map(|(plain, shifted)| (plain.chars().count(), shifted.chars().count())).collect();
            assert_eq!(lengths, [(13, 13), (13, 13), (11, 11), (11, 11)], "{layout:?}");
            for c in ('a'..='z').chain('A'..='Z').chain('0'..='9') {
                assert_eq!(layout.characters().filter(|of_key| *of_key == c).count(), 1, "{layout:?} {c}");
            }
        }
    }

    #[test]
    fn a_word_typed_by_its_labels_is_read_on_every_pair_of_keyboards() {
        for machine in Layout::ALL {
            for caps in Layout::ALL {
                let keyboard = Keyboard { machine, caps };
                for label in ('a'..='z').chain('A'..='Z') {
                    let arrives = keyboard.arrives(label).unwrap();
                    assert_eq!(keyboard.read(arrives), label, "{keyboard:?}");
                }
            }
        }
        let french = Keyboard::labelled(Layout::Fr);
        assert!("azertymo".chars().all(|c| french.read(french.unread(c)) == c));
        let read = |typed: &str| typed.chars().map(|c| french.read(c)).collect::<String>();
        assert_eq!(read("qwerty;o"), "azertymo");
        assert_eq!(read("!@#"), "123", "digits are with Shift there");
        assert_eq!(Keyboard::labelled(Layout::De).read('佐'), '佐');
        assert_eq!(Keyboard::default().read(';'), ';');
    }

    #[test]
    fn three_presses_find_a_keyboard_that_reads_every_letter() {
        for machine in Layout::ALL {
            for caps in Layout::ALL {
                let truth = Keyboard { machine, caps };
                let pressed = ASKED.map(|label| truth.arrives(label).unwrap());
                let found = Keyboard::found(pressed).unwrap();
                for letter in 'a'..='z' {
                    let typed = truth.arrives(letter).unwrap();
                    // Two exotic pairs may look alike on three keys; the machine as American, or the caps, never.
                    let is_common = machine == Layout::Us || caps == Layout::Us || machine == caps;
                    assert!(!is_common || found.read(typed) == letter, "{truth:?} {found:?} {letter}");
                }
            }
        }
        assert!(Keyboard::found(['a', 'z', 'm']).unwrap().is_plain());
        assert_eq!(Keyboard::found(['A', 'Y', 'M']).unwrap().caps(), Layout::De);
        assert_eq!(Keyboard::found(['1', '2', '3']), None);
    }

    #[test]
    fn words_that_make_sense_under_another_keyboard_are_noticed() {
        let of = |words: &[&'static str]| Keyboard::that_reads(WordList::English, &words.iter().copied());
        assert_eq!(of(&["yebra", "lazer"]).map(Keyboard::caps), Some(Layout::De));
        assert_eq!(of(&["yebra", "larz"]).map(Keyboard::caps), None);
        assert_eq!(of(&["yebra"]).map(Keyboard::caps), Some(Layout::De));
        assert_eq!(of(&["qbqndon", "wero"]).map(Keyboard::caps), Some(Layout::Fr));
        assert_eq!(of(&["xyzzy"]), None);
        // One slip to the next key says nothing of the keyboard; the same in two words does.
        assert_eq!(of(&["qbility"]), None);
        assert_eq!(of(&["qbility", "qbout"]).map(Keyboard::caps), Some(Layout::Fr));
        for slip in ["begim", "behimd", "beyomd"] {
            assert_eq!(of(&[slip]), None, "{slip}");
        }
        assert_eq!(of(&[]), None);
    }
}
