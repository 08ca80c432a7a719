//! The making of a backup: what is planned, and how far each shareholder is. Nothing is called a backup before every one of them
//! has typed the phrase from paper twice, the second time against the file that was read again.

mod person;
mod plan;
mod progress;
mod unconfirmed;

pub use person::{NameStyle, Person};
pub use plan::{Plan, ProposedPlan, Threshold};
pub use progress::{CeremonyStage, PhraseState, Progress};
pub use unconfirmed::{NEVER_CONFIRMED, UNCONFIRMED_PREFIX, UnconfirmedFile, has_unconfirmed_name};

/// What each shareholder agrees to before the phrase is typed back.
pub const SENTENCES: [&str; 3] = [
    "I have written down all words, in the right order.",
    "I will store the paper safely.",
    "I share the phrase with nobody.",
];
