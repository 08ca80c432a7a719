//! The search for the slip in a phrase that is nobody's, in pieces of one derivation a core: what is tried next, what it takes, what
//! was found. Screens and prompts only tell of it.

use std::time::Duration;

use zeroize::Zeroizing;

use super::desk::Unfinished;
use super::{Journey, Route};
use crate::domain::phrase::Phrase;
use crate::domain::phrase_entry::PhraseEntry;
use crate::domain::repair::{Candidate, Class, Repair, SearchProgress, Slip};
use crate::effect::{Answer, Effect, Trouble};

/// How far a search is. It lies beside the words, so that it can be gone on with.
pub struct Search {
    pub repair: Repair,
    /// What the derivations took so far, and how many there were.
    took: Duration,
    derived: u64,
    /// The candidates that are being derived, and how far the search was before them.
    trying: Vec<(Slip, Zeroizing<Vec<u16>>)>,
    before: Option<SearchProgress>,
}

/// What is asked, or done, about a slip.
pub enum Hunt {
    /// What would be tried is told; nothing is, before somebody agrees.
    Plan,
    /// The next step takes long: somebody has to agree to that.
    LongStep,
    /// It runs, or was stopped and can be gone on with.
    Trying,
    Found(FoundPhrase),
    /// All was tried.
    Nothing,
}

/// The phrase that was meant. Its words stand in the cells now.
pub struct FoundPhrase {
    /// The answer to it and what to do next, for people.
    pub answer: String,
    /// It was accepted; else the file was altered.
    pub is_accepted: bool,
    pub slip: Slip,
}

/// A step that takes longer asks first.
const LONG: Duration = Duration::from_secs(600);

impl Search {
    /// How long the derivations took so far.
    pub fn took(&self) -> Duration {
        self.took
    }

    /// A search for what stands in the cells; `None` where there can be none. The one before is gone on with, if it is for the same
    /// words.
    pub(super) fn of(entry: &PhraseEntry, before: Option<Self>) -> Option<Self> {
        let repair = Repair::of(entry)?;
        let is_same = before.as_ref().is_some_and(|search| search.repair.is_for_the_words_of(&repair));
        let (took, derived) = (Duration::ZERO, 0);
        before.filter(|_| is_same).or(Some(Self { repair, took, derived, trying: Vec::new(), before: None }))
    }

    fn batch(&mut self, at_once: usize) -> Vec<Phrase> {
        // What was given up was not tried.
        if let Some(before) = self.before.take() {
            self.repair.resume(before);
        }
        self.trying.clear();
        let before = self.repair.progress();
        let mut phrases = Vec::with_capacity(at_once);
        while phrases.len() < at_once {
            let Some(candidate) = self.repair.next_candidate() else { break };
            self.trying.push((candidate.slip.clone(), Zeroizing::new(candidate.reveal_positions().to_vec())));
            let Candidate { phrase, .. } = candidate;
            phrases.push(phrase);
        }
        self.before = (!phrases.is_empty()).then_some(before);
        phrases
    }
}

impl std::fmt::Debug for Hunt {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Plan => "Plan",
            Self::LongStep => "LongStep",
            Self::Trying => "Trying",
            Self::Found(_) => "Found(..)",
            Self::Nothing => "Nothing",
        })
    }
}

impl std::fmt::Debug for Search {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Search({:?})", self.repair)
    }
}

impl Journey {
    /// Tells what would be tried, for what stands in the cells. Says whether a slip can be looked for.
    pub fn plan_hunt(&mut self) -> bool {
        let can = self.desk.begin_search();
        let plan = if self.is_long() { Hunt::LongStep } else { Hunt::Plan };
        self.desk.hunt = can.then_some(plan);
        can
    }

    /// Somebody agreed to go on: as many candidates as this machine derives at the same time, of the step that is gone through or the
    /// next one. `None` where something is to be said before.
    pub fn go_on_hunting(&mut self) -> Option<Effect> {
        let at_once = self.at_once();
        let next = loop {
            let Some(Unfinished { search: Some(search), .. }) = &mut self.desk.entry else { break Hunt::Nothing };
            let phrases = search.batch(at_once);
            if !phrases.is_empty() {
                self.desk.hunt = Some(Hunt::Trying);
                return Some(Effect::Try { phrases });
            }
            if !search.repair.next_step() {
                break Hunt::Nothing;
            }
            if self.is_long() {
                break Hunt::LongStep;
            }
        };
        self.desk.hunt = Some(next);
        None
    }

    /// Hears what became of the candidates: what is done next, if there is something. What was found is put into the cells, and
    /// counts.
    pub fn hear_tried(
        &mut self,
        found: Result<Option<(usize, Answer)>, Trouble>,
        took: Duration,
    ) -> Result<Option<Effect>, Trouble> {
        let Some(Unfinished { entry, search: beside, .. }) = &mut self.desk.entry else { return Ok(None) };
        let Some(search) = beside else { return Ok(None) };
        let Some((index, answer)) = found? else {
            search.before = None;
            search.took += took;
            search.derived += search.trying.len() as u64;
            return Ok(self.go_on_hunting());
        };
        let Some((slip, positions)) = search.trying.drain(..).nth(index) else { return Ok(self.go_on_hunting()) };
        *beside = None;
        entry.drop_extra();
        (0..).zip(positions.iter()).for_each(|(place, position)| entry.pick(place, *position));
        let is_accepted = match &answer {
            Answer::Verified { number, who } | Answer::AlreadyEntered { number, who } => {
                self.verify(*number, who);
                true
            }
            Answer::AlteredFile { .. } | Answer::NotOfThisBackup { .. } | Answer::CannotBeJudged => {
                self.history.altered += 1;
                false
            }
        };
        let hint = answer.hint().map_or_else(String::new, |hint| format!(". {hint}."));
        self.desk.hunt = Some(Hunt::Found(FoundPhrase { answer: format!("{answer}{hint}"), is_accepted, slip }));
        Ok(None)
    }

    /// It is done with what was found, or left: says where things go on. The words stay unless they are accepted.
    pub fn leave_hunt(&mut self) -> Route {
        let Some(Hunt::Found(FoundPhrase { answer, is_accepted: true, .. })) = self.desk.hunt.take() else {
            return Route::Phrase;
        };
        self.desk.clear();
        if let Some(backup) = &mut self.backup {
            backup.last_answer = Some(answer);
        }
        self.next()
    }

    /// Whether the step that comes takes so long that somebody has to agree to it.
    fn is_long(&self) -> bool {
        self.takes(self.desk.search().map_or(0, |search| search.repair.left())) > LONG
    }

    /// What so many candidates take: as they did so far, else by the last derivation.
    pub fn takes(&self, candidates: u64) -> Duration {
        let one = if let Some(Search { took, derived: derived @ 1.., .. }) = self.desk.search() {
            *took / u32::try_from(*derived).unwrap_or(u32::MAX)
        } else {
            let last = self.backup.as_ref().map_or(Duration::ZERO, |backup| backup.derivation);
            last / u32::try_from(self.at_once()).unwrap_or(1)
        };
        one.saturating_mul(u32::try_from(candidates).unwrap_or(u32::MAX))
    }

    fn at_once(&self) -> usize {
        self.backup.as_ref().map_or(1, |backup| backup.summary.at_once).max(1)
    }
}

/// A time for people.
pub fn long(time: Duration) -> String {
    match time.as_secs() {
        0..=59 => format!("{} s", time.as_secs().max(1)),
        60..=3599 => format!("{} min", time.as_secs().div_ceil(60)),
        seconds => format!("{} HOURS", seconds.div_ceil(3600)),
    }
}

/// Which words were wrong, without saying them.
pub fn said(slip: &Slip) -> String {
    match (slip.class, slip.places.as_slice()) {
        (Class::Neighbours | Class::Swapped, [first, second]) => {
            format!("Words {} and {} had changed places.", first + 1, second + 1)
        }
        (Class::Moved, [from, to]) => {
            format!("The word that was typed as number {} is number {}; those between moved.", from + 1, to + 1)
        }
        (Class::TooMany, [place]) => format!("Word {} was one too many.", place + 1),
        (Class::Twice | Class::TwiceAndLeftOut, [twice, found]) => {
            format!("Word {} was typed twice; word {} is found.", twice + 1, found + 1)
        }
        (Class::LeftOut, [place]) => format!("Word {} had been left out.", place + 1),
        (Class::Unknown, [place]) => format!("Word {} was not known; it is found.", place + 1),
        (_, [place]) => format!("Word {} was another one.", place + 1),
        (_, places) => {
            let numbers: Vec<String> = places.iter().map(|place| (place + 1).to_string()).collect();
            let (last, before) = numbers.split_last().map_or(("", &[][..]), |(last, before)| (last, before));
            format!("Words {} and {last} were others.", before.join(", "))
        }
    }
}

/// The places whose words tell what the slip was.
pub fn right_places(slip: &Slip) -> impl Iterator<Item = usize> {
    let skipped = match slip.class {
        // What was too many is gone.
        Class::TooMany | Class::Moved | Class::Twice | Class::TwiceAndLeftOut => 1,
        Class::Misspelt
        | Class::Near
        | Class::Neighbours
        | Class::Swapped
        | Class::Unknown
        | Class::LeftOut
        | Class::Other
        | Class::Mixed
        | Class::Several => 0,
    };
    slip.places.iter().copied().skip(skipped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journey::Task;
    use crate::journey::samples::loaded;

    const WORDS: &str = "abandon ability able about above absent absorb abstract absurd abuse access accident";

    /// Twelve words with a wrong checksum, on a machine that derives so long.
    fn typed(derivation: Duration) -> Journey {
        let mut journey = loaded();
        journey.compare("none");
        journey.backup.as_mut().unwrap().derivation = derivation;
        journey.begin_phrase(Task::Recovery);
        journey.desk.entry.as_mut().unwrap().paste(WORDS);
        assert!(journey.plan_hunt());
        journey
    }

    #[test]
    fn a_long_first_step_is_agreed_to_once() {
        let mut journey = typed(Duration::from_secs(3600));
        assert!(matches!(journey.desk.hunt, Some(Hunt::LongStep)));
        assert!(matches!(journey.go_on_hunting(), Some(Effect::Try { .. })));
        assert!(matches!(journey.desk.hunt, Some(Hunt::Trying)));
        assert!(matches!(typed(Duration::from_secs(1)).desk.hunt, Some(Hunt::Plan)));
    }

    #[test]
    fn what_is_found_counts_and_leads_on_and_what_is_not_leads_back_to_the_words() {
        let mut journey = typed(Duration::from_secs(1));
        journey.go_on_hunting();
        let answer = Answer::Verified { number: 2, who: "shareholder 2".to_owned() };
        assert!(matches!(journey.hear_tried(Ok(Some((0, answer))), Duration::from_secs(1)), Ok(None)));
        assert!(matches!(journey.desk.hunt, Some(Hunt::Found(FoundPhrase { is_accepted: true, .. }))));
        assert!(matches!(journey.leave_hunt(), Route::People));
        assert!(journey.desk.entry.is_none() && journey.backup.as_ref().unwrap().board.is_verified(2));
        let mut journey = typed(Duration::from_secs(1));
        assert!(matches!(journey.leave_hunt(), Route::Phrase) && journey.desk.is_holding());
    }
}
