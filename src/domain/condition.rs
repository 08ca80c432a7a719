//! How much of a backup its files still give, before anybody types: plain facts, and the sentences that say them. Which facts hold
//! is decided where files are read.

use super::kind::{Kind, Method};
use super::text::{Text, brief, counted};

/// What the files of a backup still give. All of it is known without any phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    pub core: CoreState,
    pub boxes: Boxes,
    /// Shareholders whose envelope is not as it was written, in ascending order: their phrases open nothing with these files.
    pub closed: Vec<u8>,
    pub threshold: u8,
    pub shareholder_count: u8,
    /// Of the backup.
    pub kind: Kind,
    pub method: Method,
    /// Other parts that no file has as they were written.
    pub harms: Vec<Harm>,
    /// Where the e-mails with the backup went, when that can be read.
    pub delivery: Option<Text>,
}

/// What is known of the part that every phrase is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoreState {
    Whole,
    /// Nothing is left to compare it with.
    Unproven,
    /// It is not as it was written.
    Damaged,
}

/// How many of the boxes that hold the contents are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Boxes {
    /// Boxes that anything in the files names.
    pub known: usize,
    /// Of these, those that can be read.
    pub readable: usize,
    /// Nothing can be missing that no file names.
    pub is_certain: bool,
}

impl Boxes {
    /// `0 of 1 box`.
    pub fn counted(&self) -> String {
        format!("{} of {}", self.readable, counted(self.known, "box"))
    }

    /// Every box is there, and no other one can be missing by accident.
    pub fn is_whole(&self) -> bool {
        self.is_certain && self.readable == self.known
    }
}

/// A part that is damaged beside core, envelopes and boxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Harm {
    EnvelopeList,
    Labels,
    Anchor,
    Snapshot,
    BoxList,
    Order,
    Unknown,
    Layout,
}

impl Harm {
    /// What that means for a recovery, with places for the words of a kind ([`super::kind::HolderWords::said`]).
    fn meaning(self) -> &'static str {
        match self {
            Self::EnvelopeList => "envelopes: the list of envelopes (the sealed shares) is cut or altered.",
            Self::Labels => "labels: names may be wrong or missing. Go by the number on each paper.",
            Self::Anchor => {
                "anchor: the mark of {sealers} cannot be used, so nobody can tell later whether boxes were taken away."
            }
            Self::Snapshot => {
                "snapshot: date, counts and the list of digests cannot be trusted, so nobody can tell which other part is damaged or missing."
            }
            Self::BoxList => "boxes: the list of boxes (they hold the contents) is cut or altered.",
            Self::Order => "order: the boxes do not follow one another: one may be missing. What opens is used.",
            Self::Unknown => "unknown: something in the file does not belong there; it is not used.",
            Self::Layout => {
                "layout: the file was cut off or its lines were broken; what could still be found in it is used."
            }
        }
    }
}

impl Condition {
    /// Nothing is known to be damaged or missing.
    pub fn is_whole(&self) -> bool {
        self.core == CoreState::Whole && self.boxes.is_whole() && self.closed.is_empty() && self.harms.is_empty()
    }

    /// Whether a phrase can be called right or wrong.
    pub fn can_judge(&self) -> bool {
        self.core != CoreState::Damaged
    }

    /// Envelopes that may open.
    fn usable(&self) -> usize {
        usize::from(self.shareholder_count).saturating_sub(self.closed.len())
    }

    fn envelopes_left(&self) -> String {
        match self.threshold {
            1 => "One is needed, and none of the envelopes can open".to_owned(),
            threshold => format!("{threshold} are needed, and only {} of the envelopes can open", self.usable()),
        }
    }

    /// What somebody types who opens it.
    fn typed(&self) -> &'static str {
        match self.method {
            Method::Phrase => "phrase",
            Method::CloudPin => "PIN",
        }
    }

    fn has_quorum(&self) -> bool {
        self.usable() >= usize::from(self.threshold)
    }

    /// What matters most, in a line; `None` for files that are whole.
    pub fn headline(&self) -> Option<String> {
        if self.is_whole() {
            return None;
        }
        Some(if !self.can_judge() {
            format!("The core is damaged: no {} can be judged with this file.", self.typed())
        } else if !self.has_quorum() {
            format!("{}: nothing opens with this file.", self.envelopes_left())
        } else if self.boxes.readable == 0 {
            format!("{} can be read: nothing can come out of this file.", self.boxes.counted())
        } else if self.boxes.readable < self.boxes.known {
            format!("{} can be read: not the whole backup can come out.", self.boxes.counted())
        } else if !self.boxes.is_certain {
            format!("{} can be read; there may have been more.", self.boxes.counted())
        } else {
            format!("{} can be read, but other parts are damaged.", self.boxes.counted())
        })
    }

    /// What is damaged and what that means, what can come out at best, and where other copies may be. A sentence or two each;
    /// nothing for files that are whole.
    pub fn sentences(&self) -> Vec<String> {
        if self.is_whole() {
            return Vec::new();
        }
        let mut said = vec![self.at_best(), self.elsewhere()];
        let typed = self.typed();
        match self.core {
            CoreState::Whole => {}
            CoreState::Unproven => said.push(format!(
                "core: nothing is left to compare it with. A {typed} that matches is right; one that does not cannot be judged."
            )),
            CoreState::Damaged => said.push(format!(
                "core: every {typed} and every card is compared with it, and it is not as it was written. Whatever is typed, this file can call it neither right nor wrong."
            )),
        }
        if !self.closed.is_empty() {
            let whose: Vec<String> = self.closed.iter().map(u8::to_string).collect();
            said.push(if let [only] = whose.as_slice() {
                let one = self.kind.rules().holder.one;
                format!("envelope {only}: even the right {typed} of that {one} opens nothing with this file.")
            } else {
                let (whose, many) = (whose.join(", "), self.kind.rules().holder.many);
                format!("envelopes {whose}: even right phrases of these {many} open nothing with this file.")
            });
        }
        if self.boxes.readable < self.boxes.known {
            let lost = self.boxes.known - self.boxes.readable;
            let boxes = format!("{} {}", counted(lost, "box"), if lost == 1 { "is" } else { "are" });
            said.push(format!("boxes: {boxes} damaged or missing. What was in there cannot come out of this file."));
        } else if !self.boxes.is_certain {
            said.push("boxes: how many there were cannot be read: some may be missing.".to_owned());
        }
        said.extend(self.harms.iter().map(|harm| self.kind.rules().holder.said(harm.meaning())));
        said
    }

    fn at_best(&self) -> String {
        let boxes = self.boxes.counted();
        if !self.can_judge() {
            format!(
                "The core is damaged: no {} can be judged with this file, and nothing opens with it ({boxes} can be read).",
                self.typed()
            )
        } else if !self.has_quorum() {
            format!("{}: nothing opens this file ({boxes} can be read).", self.envelopes_left())
        } else if self.boxes.readable == 0 {
            let right = if self.threshold == 1 {
                format!("The right {} opens", self.typed())
            } else {
                "Right phrases open".to_owned()
            };
            format!("{boxes} can be read. {right} this file, but nothing can come out of it.")
        } else if self.boxes.readable < self.boxes.known {
            format!("{boxes} can be read. At best, what these hold comes out: not the whole backup.")
        } else if !self.boxes.is_certain {
            format!("{boxes} can be read, and there may have been more. At best, what these hold comes out.")
        } else {
            format!("{boxes} can be read: at best, their whole contents come out.")
        }
    }

    fn elsewhere(&self) -> String {
        let mail = match (self.kind, &self.delivery) {
            // Nobody e-mails it.
            (Kind::Device, _) => String::new(),
            (Kind::Organization | Kind::Codes, None) => "the backup e-mail itself, ".to_owned(),
            (Kind::Organization | Kind::Codes, Some(delivery)) => {
                format!("the e-mail itself at {} (as the file says), ", brief(&delivery.to_string(), 48))
            }
        };
        let core = if self.can_judge() { "" } else { " Any other snapshot of the same backup has the same core." };
        format!("Before anybody types, look for another copy: {mail}other sticks, older snapshots.{core}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Condition {
        Condition {
            core: CoreState::Whole,
            boxes: Boxes { known: 2, readable: 2, is_certain: true },
            closed: Vec::new(),
            threshold: 2,
            shareholder_count: 3,
            kind: Kind::Organization,
            method: Method::Phrase,
            harms: Vec::new(),
            delivery: Text::new("backup@example.org"),
        }
    }

    fn said(condition: &Condition) -> String {
        format!("{}\n{}", condition.headline().unwrap_or_default(), condition.sentences().join("\n"))
    }

    #[test]
    fn of_whole_files_nothing_is_said() {
        assert!(whole().is_whole() && whole().can_judge());
        assert_eq!(said(&whole()), "\n");
    }

    #[test]
    fn of_the_backup_of_a_device_nothing_is_said_that_it_has_not() {
        let device = || Condition {
            kind: Kind::Device,
            method: Method::CloudPin,
            threshold: 1,
            shareholder_count: 1,
            delivery: None,
            ..whole()
        };
        let nothing = Boxes { known: 1, readable: 0, is_certain: true };
        let harmed = [
            Condition { core: CoreState::Damaged, ..device() },
            Condition { core: CoreState::Unproven, ..device() },
            Condition { closed: vec![1], ..device() },
            Condition { harms: vec![Harm::Anchor], ..device() },
            Condition { boxes: nothing, ..device() },
        ];
        for condition in harmed {
            let text = said(&condition);
            for word in ["quorum", "phrase", "e-mail", "shareholder", "1 are", "only 0"] {
                assert!(!text.contains(word), "{word}: {text}");
            }
        }
        let closed = Condition { closed: vec![1], ..device() };
        assert!(said(&closed).contains("the right PIN of that user opens nothing"), "{}", said(&closed));
    }

    #[test]
    fn each_harm_is_said_with_what_can_come_out_and_where_to_look() {
        let boxes = |known, readable, is_certain| Boxes { known, readable, is_certain };
        let harmed = [
            (Condition { boxes: boxes(1, 0, true), ..whole() }, "0 of 1 box can be read", "nothing can come out"),
            (Condition { boxes: boxes(3, 2, true), ..whole() }, "2 of 3 boxes can be read", "not the whole backup"),
            (Condition { boxes: boxes(1, 1, false), ..whole() }, "1 of 1 box", "there may have been more"),
            (Condition { core: CoreState::Damaged, ..whole() }, "no phrase can be judged", "same core"),
            (Condition { core: CoreState::Unproven, ..whole() }, "cannot be judged", "compare it with"),
            (
                Condition { closed: vec![1, 2], ..whole() },
                "2 are needed, and only 1 of the envelopes",
                "shareholders open nothing",
            ),
            (Condition { closed: vec![3], ..whole() }, "envelope 3", "2 of 2 boxes can be read"),
            (Condition { harms: vec![Harm::Labels], ..whole() }, "Go by the number", "2 of 2 boxes can be read"),
        ];
        for (condition, one, other) in harmed {
            let text = said(&condition);
            assert!(!condition.is_whole() && text.contains(one) && text.contains(other), "{text}");
            assert!(text.contains("e-mail itself at backup@example.org"), "{text}");
        }
    }
}
