//! The snapshots seen so far in one container, and what is said when there is none.

use super::budget::Budget;
use super::{ContainerError, starts_like_json, unpack_within};
use crate::domain::text::{Safe, brief};

/// Columns of the name of a part in a sentence.
const PART_NAME: usize = 60;

/// An entry of an archive, or a part of an e-mail or text.
pub(super) struct Part<'a> {
    /// Empty when it has none.
    pub name: &'a str,
    /// Which one it is, in a sentence; safe to show.
    pub place: String,
    /// What is to be known of its bytes: how far they were read, what of them is wrong.
    pub known: Vec<String>,
}

impl<'a> Part<'a> {
    /// `number`: counted from 1.
    pub(super) fn of(container: &str, number: usize, name: &'a str, known: Vec<String>) -> Self {
        Self { name, place: format!("part {number} of the {container}"), known }
    }

    fn shown(&self) -> String {
        if self.name.is_empty() {
            return self.place.clone();
        }
        format!("{}, {}", brief(&Safe(self.name).to_string(), PART_NAME), self.place)
    }
}

/// The snapshots seen so far in one container.
pub(super) struct FoundSnapshots {
    container: &'static str,
    /// The first one that is JSON from its beginning.
    json: Option<FoundText>,
    /// The first other text that mentions one: an e-mail that speaks of its attachment, or a snapshot whose beginning is damaged.
    other: Option<FoundText>,
    /// Something of that kind stood there with other bytes.
    several_others: bool,
    /// Not all of the container could be read.
    pub is_broken: bool,
    /// The first thing that was at least recognised, for the message.
    pub problem: Option<ContainerError>,
}

/// What one part holds.
struct FoundText {
    text: Vec<u8>,
    remarks: Vec<String>,
}

impl FoundSnapshots {
    pub(super) fn new(container: &'static str) -> Self {
        Self { container, json: None, other: None, several_others: false, is_broken: false, problem: None }
    }

    pub(super) fn look_at(
        &mut self,
        bytes: Vec<u8>,
        part: Part<'_>,
        depth: usize,
        budget: &mut Budget,
    ) -> Result<(), ContainerError> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        let before = std::mem::take(&mut budget.remarks);
        let unpacked = unpack_within(bytes, part.name, depth + 1, budget);
        let mut remarks = std::mem::replace(&mut budget.remarks, before);
        let shown = part.shown();
        remarks.extend(part.known);
        let from = format!("read from {shown}");
        if !remarks.contains(&from) {
            remarks.push(from);
        }
        match unpacked {
            Ok(text) if starts_like_json(&text) => match &self.json {
                Some(known) if known.text != text => return Err(ContainerError::Several { container: self.container }),
                Some(_) => {}
                None => self.json = Some(FoundText { text, remarks }),
            },
            Ok(text) => match &self.other {
                Some(known) => self.several_others |= known.text != text,
                None => self.other = Some(FoundText { text, remarks }),
            },
            Err(refusal @ (ContainerError::Limit { .. } | ContainerError::Several { .. })) => return Err(refusal),
            Err(ContainerError::Nothing { .. }) => {}
            // A picture below a signature is no reason for anything.
            Err(ContainerError::Foreign(foreign)) if !foreign.may_hold => {}
            Err(ContainerError::Foreign(foreign)) => {
                let comma = if part.name.is_empty() { "" } else { "," };
                self.know(ContainerError::Inside { part: format!("{shown}{comma}"), foreign });
            }
            Err(problem) => self.know(problem),
        }
        Ok(())
    }

    /// Keeps the first reason why something in it could not be looked at.
    pub(super) fn know(&mut self, problem: ContainerError) {
        self.problem.get_or_insert(problem);
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.json.is_none() && self.other.is_none()
    }

    pub(super) fn one(self, budget: &mut Budget) -> Result<Vec<u8>, ContainerError> {
        let container = self.container;
        if self.json.is_none() && self.several_others {
            return Err(ContainerError::Several { container });
        }
        match self.json.or(self.other) {
            Some(FoundText { text, remarks }) => {
                budget.remarks.extend(remarks);
                Ok(text)
            }
            None if self.is_broken => Err(self.problem.unwrap_or(ContainerError::Broken { container })),
            None => Err(self.problem.unwrap_or(ContainerError::Nothing { container })),
        }
    }
}
