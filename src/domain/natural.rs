//! Names in the order in which people look for them: capitals and small letters alike, `Vault 9` before `Vault 10`.

/// What a name is sorted by. Names that differ only in capitals or in leading zeros are told apart by how they are written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NaturalKey {
    parts: Vec<NamePart>,
    written: String,
}

/// A number of any length, or what stands between numbers, in small letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum NamePart {
    /// How many digits it has without leading zeros, and these.
    Number(usize, String),
    Letters(String),
}

impl NaturalKey {
    pub fn of(name: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = name;
        while let Some(first) = rest.chars().next() {
            let is_number = first.is_ascii_digit();
            let end = rest.find(|c: char| c.is_ascii_digit() != is_number).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            parts.push(if is_number {
                let digits = part.trim_start_matches('0');
                NamePart::Number(digits.len(), digits.to_owned())
            } else {
                NamePart::Letters(part.to_lowercase())
            });
            rest = after;
        }
        Self { parts, written: name.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_as_numbers_and_capitals_do_not_count() {
        let sorted = [
            "",
            "2nd",
            "10th",
            "alpha",
            "Beta",
            "beta",
            "vault",
            "vault 9",
            "Vault 010",
            "Vault 10",
            "vault 10b",
            "Vault 18446744073709551616",
            "Vault 99999999999999999999",
            "Öl",
        ];
        for turn in 0..sorted.len() {
            let mut names = sorted;
            names.reverse();
            names.rotate_left(turn);
            names.sort_by_cached_key(|name| NaturalKey::of(name));
            assert_eq!(names, sorted);
        }
    }
}
