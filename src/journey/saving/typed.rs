//! Codes as they are typed, one a line: for those that only a phone shows. Each is what stands in its line.

use zeroize::Zeroizing;

use crate::domain::code_list::{self, Answers, CODES_LIMIT, ListError, Oddity};
use crate::domain::secret::{SecretField, SecretText};

#[derive(Debug, Default)]
pub struct TypedCodes(Vec<SecretField>);

impl TypedCodes {
    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is typed.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(SecretField::is_empty)
    }

    pub fn reveal(&self, place: usize) -> &str {
        self.0.get(place).map_or("", SecretField::reveal)
    }

    /// The line of that place; lines before it are made. At most as many as a list may have codes.
    pub fn line(&mut self, place: usize) -> Option<&mut SecretField> {
        while self.0.len() <= place && self.0.len() < CODES_LIMIT {
            self.0.push(SecretField::default());
        }
        self.0.get_mut(place)
    }

    /// Each line of a text, behind those that are typed. Nothing is taken where one of them is longer than a code, or there are too many.
    pub(super) fn push_all(&mut self, text: &str) -> bool {
        let lines = || text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
        let is_short = |line: &str| line.len() <= SecretField::CAPACITY && !line.chars().any(char::is_control);
        if !lines().all(is_short) || self.0.len() + lines().count() > CODES_LIMIT {
            return false;
        }
        for line in lines() {
            let mut field = SecretField::default();
            for c in line.chars() {
                field.push(c);
            }
            self.0.push(field);
        }
        true
    }

    /// Lines that are not empty, and their places.
    pub(super) fn typed(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.0.iter().enumerate().map(|(place, line)| (place, line.reveal().trim()));
        lines.filter(|(_, text)| !text.is_empty())
    }

    /// Which of the lines differ from most others, and how. An empty line is no code.
    pub fn odd_ones(&self) -> Vec<(usize, Oddity)> {
        let (places, texts): (Vec<usize>, Vec<&str>) = self.typed().unzip();
        let odd = code_list::odd_ones(&texts).into_iter();
        odd.filter_map(|(at, oddity)| places.get(at).map(|place| (*place, oddity))).collect()
    }

    /// Each line is a code, whatever it looks like, but each once; and how many were there again.
    ///
    /// # Errors
    /// What must not be taken for codes is refused here too.
    pub(super) fn codes(&self) -> Result<(Vec<(SecretText, bool)>, usize), ListError> {
        // It never grows.
        let mut all = Zeroizing::new(String::with_capacity(self.0.len() * (SecretField::CAPACITY + 1)));
        for (_, line) in self.typed() {
            all.push_str(line);
            all.push('\n');
        }
        match code_list::read(&all, &Answers { count: Some(self.typed().count()), ..Answers::default() }) {
            Err(
                error @ (ListError::Empty
                | ListError::Phrase
                | ListError::AuthenticatorKey
                | ListError::PrivateKey
                | ListError::Signs { .. }),
            ) => return Err(error),
            Ok(_) | Err(ListError::Long | ListError::Many { .. } | ListError::Denied | ListError::NoCodes) => {}
        }
        let mut codes: Vec<(SecretText, bool)> = Vec::new();
        let mut repeated = 0;
        for (_, line) in self.typed() {
            if codes.iter().any(|(code, _)| code.reveal() == line) {
                repeated += 1;
            } else {
                codes.push((SecretText::copy_of(line), false));
            }
        }
        Ok((codes, repeated))
    }
}
