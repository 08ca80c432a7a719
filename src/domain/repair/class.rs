//! The slips that people make, by their kind.

/// What went wrong on paper or at the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// One word stands there that is on the paper once only, and all words of the paper do too.
    TooMany,
    /// One word was typed twice, and the last one found no room.
    Twice,
    /// The same, and another one was left out.
    TwiceAndLeftOut,
    /// Words that are in no list, for which near ones are tried.
    Misspelt,
    /// One word was taken for another that is near to it.
    Near,
    /// Two words that stand side by side changed places.
    Neighbours,
    /// Any two words changed places.
    Swapped,
    /// One word stands in a wrong place.
    Moved,
    /// One word is not known: any is tried.
    Unknown,
    /// One word was left out, and those behind it moved up.
    LeftOut,
    /// One word, wherever it stands, is any other one.
    Other,
    /// Several words: near ones where something was typed, any where nothing was.
    Mixed,
    /// Two words are not known.
    Several,
}

impl Class {
    /// What is tried, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::TooMany => "one word too many",
            Self::Twice => "one word twice",
            Self::TwiceAndLeftOut => "one twice, another left out",
            Self::Misspelt => "words near to what is typed",
            Self::Near => "a word taken for one like it",
            Self::Neighbours => "two neighbours swapped",
            Self::Swapped => "any two words swapped",
            Self::Moved => "one word in a wrong place",
            Self::Unknown => "any word for the unknown one",
            Self::LeftOut => "a word left out",
            Self::Other => "any word in any place",
            Self::Mixed => "near words, any for the others",
            Self::Several => "any words for the unknown ones",
        }
    }
}
