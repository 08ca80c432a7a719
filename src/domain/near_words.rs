//! Words of a list that somebody may have meant: by how many slips of the hand or the eye lie between.

use std::sync::LazyLock;

use zeroize::Zeroizing;

use super::wordlist::{WordList, letters, normalised};

/// What slips cost, in thirds of a letter. Letters that lie side by side on a keyboard or look alike in handwriting are changed
/// more easily than others.
const ANY: u16 = 3;
const LIKELY: u16 = 2;
/// One slip of any kind.
pub const ONE_SLIP: u16 = ANY;
/// Two of them: beyond, a word is not near.
pub const TWO_SLIPS: u16 = 2 * ANY;

/// More letters than the longest word of any list has, in the form of the lists.
const LONGEST: usize = 24;

/// The places in `list` of words that are near to `typed`, the nearest first; what is no further than `limit`. The word itself
/// is not among them. Of text that is no word of the list beginnings are compared too.
pub fn near(list: WordList, typed: &str, limit: u16) -> Zeroizing<Vec<u16>> {
    let wanted = normalised(typed);
    let is_word = list.words().iter().any(|word| letters(word).eq(letters(&wanted)));
    let wanted = Letters::of(letters(&wanted));
    // Room for every word: it never grows.
    let mut found: Zeroizing<Vec<(u16, u16)>> = Zeroizing::new(Vec::with_capacity(list.words().len()));
    for (position, word) in (0..).zip(list.words()) {
        let word = Letters::of(letters(word));
        // So many letters more or less cost more than the limit. A beginning has no more than were typed.
        let missing = wanted.count.saturating_sub(word.count).max(if is_word {
            word.count.saturating_sub(wanted.count)
        } else {
            0
        });
        if missing * usize::from(LIKELY) > usize::from(limit) {
            continue;
        }
        let whole = distance(wanted.all(), word.all());
        let beginning = word.all().get(..wanted.all().len()).filter(|_| !is_word && wanted.all().len() >= 4);
        let cost = beginning.map_or(whole, |beginning| whole.min(distance(wanted.all(), beginning).max(1) + 2));
        // In a short word two slips leave too little of it.
        let length = u16::try_from(wanted.all().len()).unwrap_or(u16::MAX);
        if whole > 0 && cost <= limit.min(length) {
            found.push((cost, position));
        }
    }
    found.sort_unstable();
    Zeroizing::new(found.iter().map(|(_, position)| *position).collect())
}

/// A word as single letters, in a place of fixed size that is wiped.
struct Letters {
    letters: Zeroizing<[char; LONGEST]>,
    count: usize,
}

impl Letters {
    fn of(letters: impl Iterator<Item = char>) -> Self {
        let mut of = Self { letters: Zeroizing::new(['\0'; LONGEST]), count: 0 };
        for (place, c) in of.letters.iter_mut().zip(letters) {
            *place = c;
            of.count += 1;
        }
        of
    }

    fn all(&self) -> &[char] {
        self.letters.get(..self.count).unwrap_or_default()
    }
}

/// The cheapest way from one word to the other: letters changed, left out, added, and neighbours swapped (Damerau's distance in
/// its restricted form, with costs).
fn distance(typed: &[char], word: &[char]) -> u16 {
    // Three rows of the table: the one before the last, the last, this one.
    let mut rows = Zeroizing::new([[0_u16; LONGEST + 1]; 3]);
    let [before, last, this] = &mut *rows;
    for (cost, place) in (0_u16..).zip(last.iter_mut()) {
        *place = cost * ANY;
    }
    let mut previous = None;
    for (row, typed_letter) in (1_u16..).zip(typed) {
        this[0] = row * ANY;
        let mut left = None;
        for (column, letter) in word.iter().enumerate() {
            let at = |row: &[u16], column: usize| row.get(column).copied().unwrap_or(u16::MAX / 2);
            let same = if typed_letter == letter { 0 } else { changing(*typed_letter, *letter) };
            let doubled = |is_doubled: bool| if is_doubled { LIKELY } else { ANY };
            let mut cost = (at(last, column) + same)
                .min(at(last, column + 1) + doubled(previous == Some(typed_letter)))
                .min(at(this, column) + doubled(left == Some(letter)));
            if previous == Some(letter) && left == Some(typed_letter) && typed_letter != letter {
                cost = cost.min(at(before, column.saturating_sub(1)) + LIKELY);
            }
            if let Some(place) = this.get_mut(column + 1) {
                *place = cost;
            }
            left = Some(letter);
        }
        previous = Some(typed_letter);
        std::mem::swap(before, last);
        std::mem::swap(last, this);
    }
    last.get(word.len()).copied().unwrap_or(u16::MAX / 2)
}

fn changing(a: char, b: char) -> u16 {
    /// For each letter from a to z the others that it is easily changed into, as bits.
    static EASILY: LazyLock<[u32; 26]> = LazyLock::new(|| {
        let mut easily = [0; 26];
        for (bits, a) in easily.iter_mut().zip('a'..='z') {
            for (place, b) in (0..).zip('a'..='z') {
                let look_alike = LOOK_ALIKE.iter().any(|group| group.contains(a) && group.contains(b));
                *bits |= u32::from(look_alike || are_neighbours(a, b)) << place;
            }
        }
        easily
    });
    let place = |c: char| u32::from(c).wrapping_sub(u32::from('a'));
    let bits = EASILY.get(usize::try_from(place(a)).unwrap_or(usize::MAX)).copied().unwrap_or(0);
    let is_easy = place(b) < 26 && bits >> place(b) & 1 == 1;
    if is_easy { LIKELY } else { ANY }
}

/// Letters that are taken for each other in handwriting.
const LOOK_ALIKE: &[&str] = &["aou", "ce", "nmrhu", "uvwy", "ijl", "gqyj", "bhk", "tfl", "rsz", "dcl", "pg", "nv"];

/// Whether two keys lie side by side on the letter rows that English keyboards have.
pub(super) fn are_neighbours(a: char, b: char) -> bool {
    const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let place = |wanted: char| {
        (0_i32..).zip(ROWS).find_map(|(row, keys)| {
            (0_i32..).zip(keys.chars()).find(|(_, key)| *key == wanted).map(|(column, _)| (row, column))
        })
    };
    let (Some((row_a, column_a)), Some((row_b, column_b))) = (place(a), place(b)) else { return false };
    let (down, right) = (row_b - row_a, column_b - column_a);
    // Each row begins half a key further to the right.
    matches!((down, right), (0, -1 | 1) | (1, -1 | 0) | (-1, 0 | 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: WordList, typed: &str, limit: u16) -> Vec<&'static str> {
        near(list, typed, limit).iter().map(|position| list.words()[usize::from(*position)]).collect()
    }

    #[test]
    fn the_word_that_was_meant_is_the_first_or_among_the_first() {
        for (typed, meant, within) in [
            ("abandom", "abandon", 1),
            ("abandin", "abandon", 1),
            ("abilty", "ability", 1),
            ("abillity", "ability", 1),
            ("abiltiy", "ability", 1),
            ("abuse d", "abuse", 5),
            ("yebra", "zebra", 2),
            ("zrbra", "zebra", 1),
            ("tomorow", "tomorrow", 1),
            ("vaccum", "vacuum", 1),
            ("reciepe", "recipe", 5),
            ("abil t", "ability", 5),
            ("abqnd", "abandon", 2),
            ("watr", "water", 1),
            ("zooo", "zoo", 1),
        ] {
            let found = words(WordList::English, typed, TWO_SLIPS);
            let place = found.iter().position(|word| *word == meant);
            assert!(place.is_some_and(|place| place < within), "{typed}: {found:?}");
        }
        assert_eq!(words(WordList::Spanish, "abasco", TWO_SLIPS)[0], "a\u{301}baco");
        assert_eq!(words(WordList::English, "xqjzvk", TWO_SLIPS), Vec::<&str>::new());
        assert!(!words(WordList::English, "abandon", TWO_SLIPS).contains(&"abandon"));
    }

    #[test]
    fn a_word_of_one_sign_has_no_near_words() {
        assert!(words(WordList::ChineseSimplified, "的", TWO_SLIPS).is_empty());
        assert!(words(WordList::English, "", TWO_SLIPS).is_empty());
        // Longer than any word, and of any script: nothing panics.
        for typed in ["a".repeat(60), "佐藤花子\u{3099}".to_owned(), "\u{301}".to_owned()] {
            for list in WordList::ALL {
                words(list, &typed, TWO_SLIPS);
            }
        }
    }

    #[test]
    fn slips_cost_what_they_weigh_in_either_direction() {
        let cost = |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        for (a, b, expected) in [
            ("zoo", "zoo", 0),
            ("zoo", "xoo", LIKELY),
            ("zoo", "poo", ANY),
            ("zo", "zoo", LIKELY),
            ("zo", "zon", ANY),
            ("ozo", "zoo", LIKELY),
            ("", "zo", 2 * ANY),
        ] {
            assert_eq!((cost(a, b), cost(b, a)), (expected, expected), "{a} {b}");
        }
    }

    #[test]
    fn about_one_word_is_one_slip_away_and_about_eleven_in_sixteen_are_two() {
        let list = WordList::English;
        let mean = |limit| {
            let counts = list.words().iter().step_by(16).map(|word| near(list, word, limit).len());
            f64::from(u32::try_from(counts.sum::<usize>()).unwrap()) / 128.0
        };
        let (one, two) = (mean(ONE_SLIP), mean(TWO_SLIPS));
        assert!((0.5..1.6).contains(&one), "{one}");
        // Twelve places, one in sixteen with a right checksum.
        assert!((two * 12.0 / 16.0) < 11.0, "{two}");
    }
}
