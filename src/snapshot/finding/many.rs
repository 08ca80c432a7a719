//! Findings as they are gathered: whoever writes a file shall not decide how much is said of it.

use std::collections::BTreeMap;

use super::{Finding, FindingWords};
use crate::domain::tally::Tally;

/// What was found so far: of each kind the first by name, the rest by number.
#[derive(Debug, Default)]
pub struct Findings {
    named: Vec<Finding>,
    tally: Tally<FindingWords>,
    next: BTreeMap<FindingWords, Finding>,
}

impl Findings {
    pub fn push(&mut self, finding: Finding) {
        let Some(kind) = finding.kind() else {
            self.named.push(finding);
            return;
        };
        if self.tally.names(kind) {
            self.named.push(finding);
        } else {
            self.next.entry(kind).or_insert(finding);
        }
    }

    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }

    /// All that is said, the numbers at the end.
    pub fn into_list(mut self) -> Vec<Finding> {
        let more = self.tally.rest().filter_map(|(kind, count)| {
            let like = Box::new(self.next.remove(&kind)?);
            Some(Finding::More { like, count })
        });
        self.named.extend(more);
        self.named
    }
}
