//! With what a plan begins: with nothing, with what the command line says, with the backup that is open, or with a plan that is to be
//! changed.

use std::path::PathBuf;

use super::draft::{Draft, WORDS};
use super::people::People;
use super::question::PlanQuestion;
use super::{PlanOf, Planning, Waiting};
use crate::domain::ceremony::{Person, ProposedPlan};
use crate::domain::kind::Kind;
use crate::domain::text::Text;
use crate::domain::wordlist::WordList;
use crate::effect::{ContentsFile, Rotation, Trouble};
use crate::ui::console::Console;
use crate::ui::widgets::{ChosenRow, Field};

impl Planning {
    /// Of a first backup of that kind, with what is known of it.
    pub fn of(kind: Kind, proposed: ProposedPlan) -> Self {
        let mut planning = Self { draft: Draft { kind, ..Draft::default() }, ..Self::default() };
        planning.waiting.push_back(Waiting::Nothing);
        planning.propose(proposed);
        planning.question = planning.questions().first().copied().unwrap_or_default();
        planning
    }

    /// Takes over what the command line says; it can be answered otherwise.
    fn propose(&mut self, proposed: ProposedPlan) {
        let file = |path: &PathBuf| ContentsFile { path: path.clone(), agreed: proposed.agreed.clone() };
        self.waiting.extend(proposed.contents.iter().map(file).map(Waiting::Contents));
        self.waiting.extend(proposed.creates_keys.then_some(Waiting::NewKeys));
        self.waiting.extend(proposed.people.clone().map(Waiting::People));
        self.draft.propose(proposed);
    }

    /// A new backup of the contents of the one that is open: what is known of it is proposed. `accepted` are the records that the
    /// quorum takes over although none sealed them.
    pub fn for_rotation(console: &mut Console, accepted: Vec<usize>) -> Self {
        let mut draft = Draft::default();
        if let Some(backup) = &console.journey.backup {
            let summary = &backup.summary;
            draft.kind = summary.kind;
            let people = summary.shareholders.iter().filter_map(|holder| holder.name.clone());
            draft.people = People::of(people.map(|name| Person { name, email: None }).collect());
            // As it was sealed: what the file says of it anybody can change.
            let sealed = console.journey.inventory().and_then(|inventory| Text::new(inventory.organization()));
            draft.organization = sealed.map_or_else(Field::default, |name| Field::with(name.raw()));
            draft.threshold = Field::with(&summary.threshold.to_string());
            draft.purpose = ChosenRow::at(usize::from(summary.is_training));
            let form = summary.form;
            let words = form.and_then(|form| WORDS.iter().position(|words| usize::from(*words) == form.words.words()));
            let language = form.and_then(|form| WordList::ALL.iter().position(|list| *list == form.language));
            draft.words = ChosenRow::at(words.unwrap_or(0));
            draft.language = ChosenRow::at(language.unwrap_or(0));
        }
        let of = PlanOf::Rotation(Rotation { accepted });
        let mut planning = Self { question: PlanQuestion::Organization, draft, of, ..Self::default() };
        planning.propose(std::mem::take(&mut console.journey.proposed));
        planning
    }

    /// Somebody declined after the ceremony had begun: the plan is changed, and what the others confirmed stays.
    pub fn again(declined: u8, console: &Console) -> Self {
        let mut draft = Draft::default();
        let mut message = None;
        if let Some(making) = &console.journey.making {
            draft = Draft::again(&making.plan, declined);
            message = Some(Trouble::new(
                format_args!("Declined: {}.", making.plan.title(declined)),
                "A name that is typed now takes that place; Enter goes on without. What the others confirmed stays.",
            ));
        }
        Self { question: PlanQuestion::People, draft, of: PlanOf::Again, message, ..Self::default() }
    }
}
