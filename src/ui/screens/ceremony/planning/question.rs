//! What a plan asks, and on which page. A page holds what belongs together; one of its questions is answered at a time, and the answers
//! of the others stand around it.

use crate::domain::kind::Rules;

/// A page of the plan. An ordinary backup turns five; what hardly anybody changes lies behind the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanPage {
    What,
    Who,
    Threshold,
    Where,
    Review,
    More,
}

/// One question.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PlanQuestion {
    #[default]
    Contents,
    Organization,
    Purpose,
    Conductor,
    People,
    Threshold,
    Email,
    Place,
    Folder,
    Review,
    Names,
    Words,
    Language,
}

impl PlanQuestion {
    /// In the order in which they are asked; behind the review those that are asked on demand.
    const ALL: [Self; 13] = [
        Self::Contents,
        Self::Organization,
        Self::Purpose,
        Self::Conductor,
        Self::People,
        Self::Threshold,
        Self::Email,
        Self::Place,
        Self::Folder,
        Self::Review,
        Self::Names,
        Self::Words,
        Self::Language,
    ];

    pub fn page(self) -> PlanPage {
        match self {
            Self::Contents | Self::Organization | Self::Purpose => PlanPage::What,
            Self::Conductor | Self::People => PlanPage::Who,
            Self::Threshold => PlanPage::Threshold,
            Self::Email | Self::Place | Self::Folder => PlanPage::Where,
            Self::Review => PlanPage::Review,
            Self::Names | Self::Words | Self::Language => PlanPage::More,
        }
    }

    /// The questions of a plan. In a rotation contents and purpose are those of the backup that is open; what its kind decides is not
    /// asked.
    pub fn of(rules: &Rules, is_rotation: bool) -> Vec<Self> {
        let is_asked = |question: &Self| match question {
            Self::Contents => !is_rotation && !rules.begins_empty,
            Self::Purpose => !is_rotation,
            Self::Threshold | Self::Words => !rules.is_opened_alone(),
            Self::Organization
            | Self::Conductor
            | Self::People
            | Self::Email
            | Self::Place
            | Self::Folder
            | Self::Review
            | Self::Names
            | Self::Language => true,
        };
        Self::ALL.into_iter().filter(is_asked).collect()
    }

    /// Whether it can be answered otherwise when phrases were made already.
    pub fn can_change(self) -> bool {
        match self {
            Self::People | Self::Threshold | Self::Email | Self::Review | Self::Names => true,
            Self::Contents
            | Self::Organization
            | Self::Purpose
            | Self::Conductor
            | Self::Place
            | Self::Folder
            | Self::Words
            | Self::Language => false,
        }
    }

    /// Whether a line of text is typed for it.
    pub fn is_typed(self) -> bool {
        match self {
            Self::Organization | Self::Conductor | Self::People | Self::Threshold | Self::Email | Self::Folder => true,
            Self::Contents
            | Self::Purpose
            | Self::Place
            | Self::Review
            | Self::Names
            | Self::Words
            | Self::Language => false,
        }
    }

    /// As it is asked; `{many}` are those who get a phrase.
    pub fn text(self) -> &'static str {
        match self {
            Self::Contents => "What is to be backed up?",
            Self::Organization => "Whose backup is it?",
            Self::Conductor => "Who asks the {many}?",
            Self::Purpose => "What is it for?",
            Self::People => "Who are the {many}?",
            Self::Names => "How are they named in the file?",
            Self::Threshold => "How many {many} are needed to open it?",
            Self::Email => "Which address is the backup e-mailed to?",
            Self::Words => "How many words has a phrase?",
            Self::Language => "From which list are the words?",
            Self::Place => "Where is it written?",
            Self::Folder => "In which new folder?",
            Self::Review => "Is all of this right?",
        }
    }

    pub fn why(self) -> &'static str {
        match self {
            Self::Contents => {
                "A contents file (JSON) or a table of vaults (CSV) is read here, or the program creates new master keys. Such a file holds secrets: destroy it afterwards."
            }
            Self::Organization => "The name stands on every request and card, and in the file.",
            Self::Conductor => "Your name, if you lead this ceremony. It stands on every request.",
            Self::Purpose => "A training backup says TRAINING on every screen and paper. Never put real keys into one.",
            Self::People => {
                "Each gets a phrase of their own. A name, or: Jane Doe <jane@example.org>. The order gives the numbers."
            }
            Self::Names => "The file is e-mailed: whoever reads it sees these names. The cards have the full names.",
            Self::Threshold => "So many of them together open everything, whoever they are. Fewer learn nothing.",
            Self::Email => {
                "The file is safe to e-mail: without the phrases it opens nothing. Take a mailbox that will last."
            }
            Self::Words => {
                "Twelve are enough: nobody guesses them. More words are more to write, and more to go wrong."
            }
            Self::Language => "The {many} write these words by hand: take the language that they write best.",
            Self::Place => "A stick that can be pulled out is best: the file is read again from it before it counts.",
            Self::Folder => "It must not exist yet, or be empty. Nothing is ever overwritten.",
            Self::Review => "From here on phrases are made. Esc changes something; m has more choices.",
        }
    }

    /// What its answer is called where it stands beside others.
    pub fn label(self) -> &'static str {
        match self {
            Self::Contents => "Contents",
            Self::Organization => "Organization",
            Self::Purpose => "Purpose",
            Self::Conductor => "Asked by",
            Self::People => "People",
            Self::Threshold => "Needed",
            Self::Email => "E-mail to",
            Self::Place => "Place",
            Self::Folder => "Folder",
            Self::Review => "",
            Self::Names => "In the file",
            Self::Words => "Words",
            Self::Language => "List",
        }
    }
}
