//! Strict reading: a text becomes sections and a verdict. What is well formed is used, what is not is named.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;

use super::layout::Sections;
use super::limits;
use super::model::{Anchor, BoxPlace, Core, Envelope, Labels, Placed, SealedBox, Section, Snapshot, VERSION};
use super::parts::{self, Excess, Fold, TextParts, without_breaks_in_quotes, without_folds};
use super::rules::{
    follow_one_another, is_well_formed_anchor, is_well_formed_box, is_well_formed_envelope, is_well_formed_labels,
    is_well_formed_section, plaintext_length, read_core,
};
use super::strict::Object;
use super::verdict::{Damage, FileRefusal, Verdict};
use crate::crypto::digest::digest;
use crate::domain::encoding::Hex;
use crate::domain::inventory::{MEMBERS_LIMIT, NESTING_LIMIT};
use crate::domain::kind::Kind;

/// All that could be read of one text.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What the file is called, for people. Set by the caller.
    pub name: String,
    /// Without a core nothing opens; another file of the same backup may lend one.
    pub core: Result<Core, FileRefusal>,
    /// Whether the core is known to be as it was written.
    pub core_is_whole: bool,
    /// The well-formed ones, in the order of the file.
    pub envelopes: Vec<Envelope>,
    pub labels: Option<Labels>,
    pub anchor: Option<Anchor>,
    pub section: Option<Section>,
    /// The well-formed ones, in the order of the file.
    pub boxes: Vec<Placed>,
    pub verdict: Verdict,
    /// How it came, where that has to be known: from which part of an e-mail, and what was left out. Safe to show; set by the caller.
    pub remarks: Vec<String>,
}

impl Reading {
    /// 0 when the section cannot be read.
    pub fn sequence(&self) -> u32 {
        self.section.as_ref().map_or(0, |section| section.sequence)
    }

    /// Whether its anchor says that nobody has shown that the papers open it. Only the quorum's phrases tell whether that is so.
    pub fn is_unconfirmed(&self) -> bool {
        self.anchor.as_ref().is_some_and(|anchor| anchor.unconfirmed)
    }

    /// The whole snapshot, when nothing of it is damaged.
    pub fn snapshot(&self) -> Option<Snapshot> {
        if self.verdict.is_damaged() {
            return None;
        }
        Some(Snapshot {
            core: self.core.as_ref().ok()?.clone(),
            envelopes: self.envelopes.clone(),
            labels: self.labels.clone()?,
            anchor: self.anchor.clone()?,
            section: self.section.clone()?,
            boxes: self.boxes.iter().map(|placed| Arc::clone(&placed.sealed)).collect(),
        })
    }

    /// Everything there is, when nothing is missing.
    fn sections(&self) -> Option<Sections<'_>> {
        Some(Sections {
            core: self.core.as_ref().ok()?,
            envelopes: &self.envelopes,
            labels: self.labels.as_ref()?,
            anchor: self.anchor.as_ref()?,
            section: self.section.as_ref()?,
            boxes: self.boxes.iter().map(|placed| &*placed.sealed).collect(),
        })
    }
}

/// Reads the text of a snapshot. Refuses only what leaves nothing to use, and what exceeds a limit; a core that cannot be
/// used is an `Err` inside the reading.
pub fn read(bytes: &[u8]) -> Result<Reading, FileRefusal> {
    if bytes.len() > limits::TEXT {
        return Err(FileRefusal::Limit { what: format!("the text is larger than {} MiB", limits::TEXT >> 20) });
    }
    let bare = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = text_of(bare);
    let read = read_text(&text, bytes);
    let is_whole = read.as_ref().is_ok_and(|reading| !reading.verdict.is_damaged());
    if is_whole || text.len() > UNFOLDED {
        return read;
    }
    // What a mail server did to long lines, only the digests tell from what stood there.
    for fold in Fold::ALL {
        if let Some(unfolded) = without_folds(&text, fold)
            && let Ok(reading) = read_text(&unfolded, bytes)
            && !reading.verdict.is_damaged()
        {
            return Ok(reading);
        }
    }
    read
}

/// Of larger texts it is not tried whether a mail server broke their lines: it takes the memory of a second reading.
const UNFOLDED: usize = 24 << 20;

/// `bytes`: as the file came, for the verdict.
fn read_text(text: &str, bytes: &[u8]) -> Result<Reading, FileRefusal> {
    let joined = without_breaks_in_quotes(text);
    let by_line;
    let parts = if let Some(parts) = TextParts::of_json(&joined) {
        parts
    } else if parts::is_json(&joined) {
        return Err(FileRefusal::NotASnapshot);
    } else {
        by_line = parts::without_breaks_in_lines(text);
        TextParts::of_lines(&by_line)
    };
    check_format(&parts, text)?;
    Judge::new(&parts)?.judge(bytes)
}

/// The text of the file. Where it is not UTF-8 stands U+0001, which no JSON may hold as it is: so that place, and only it, is broken.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    // A chunk never grows: what is not UTF-8 has a byte at least.
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(if chunk.invalid().is_empty() { "" } else { "\u{1}" });
    }
    text.into()
}

fn check_format(parts: &TextParts<'_>, text: &str) -> Result<(), FileRefusal> {
    if let Some(excess) = parts.excess {
        let what = match excess {
            Excess::Levels => format!("it is nested deeper than {NESTING_LIMIT} levels"),
            Excess::Members => format!("it has more than {MEMBERS_LIMIT} members"),
        };
        return Err(FileRefusal::Limit { what });
    }
    let broken =
        if text.contains(super::model::FORMAT) { FileRefusal::NothingReadable } else { FileRefusal::NotASnapshot };
    match parts.format.as_slice() {
        [format] if is_string(format, super::model::FORMAT) => {}
        [_] => return Err(FileRefusal::NotASnapshot),
        [] => return Err(broken),
        _ => return Err(FileRefusal::Twice { member: "format" }),
    }
    match parts.version.as_slice() {
        [version] => match serde_json::from_str::<u64>(version) {
            Ok(VERSION) => Ok(()),
            Ok(version) => Err(FileRefusal::Version { version }),
            Err(_) => Err(FileRefusal::Malformed { member: "version", what: "it is not an integer".to_owned() }),
        },
        [] => Err(FileRefusal::Missing { member: "version" }),
        _ => Err(FileRefusal::Twice { member: "version" }),
    }
}

fn is_string(json: &str, expected: &str) -> bool {
    serde_json::from_str::<String>(json).is_ok_and(|found| found == expected)
}

/// Collects what is damaged while it reads.
struct Judge<'a> {
    parts: &'a TextParts<'a>,
    damages: BTreeSet<Damage>,
    section: Option<Section>,
    /// The section's own checksum is right: a digest in it that differs accuses the other.
    may_accuse: bool,
}

impl<'a> Judge<'a> {
    fn new(parts: &'a TextParts<'a>) -> Result<Self, FileRefusal> {
        if let [Some(boxes)] = parts.boxes.as_slice()
            && boxes.len() > limits::BOXES
        {
            return Err(FileRefusal::Limit { what: format!("it has more than {} boxes", limits::BOXES) });
        }
        if let [Some(envelopes)] = parts.envelopes.as_slice()
            && envelopes.len() > limits::ENVELOPES
        {
            return Err(FileRefusal::Limit { what: format!("it has more than {} envelopes", limits::ENVELOPES) });
        }
        let mut damages = BTreeSet::new();
        damages.extend(parts.has_unknown.then_some(Damage::Unknown));
        damages.extend(parts.is_salvaged.then_some(Damage::Layout));
        Ok(Self { parts, damages, section: None, may_accuse: false })
    }

    fn judge(mut self, original: &[u8]) -> Result<Reading, FileRefusal> {
        let section = |json: &str| parse(json).filter(is_well_formed_section);
        self.section = self.one(&self.parts.snapshot, Damage::Snapshot, section);
        self.may_accuse =
            self.section.as_ref().is_some_and(|section| section.checksum == Some(section.right_checksum()));
        if !self.may_accuse {
            self.damages.insert(Damage::Snapshot);
        }
        let core = read_core(&self.parts.core);
        let listed = self.section.as_ref().map(|section| section.digests.core);
        let core_is_whole = core.as_ref().is_ok_and(|core| Some(digest("core", core)) == listed);
        if !core_is_whole && (self.may_accuse || core.is_err()) {
            self.damages.insert(Damage::Core);
        }
        let count = core.as_ref().ok().map(|core| core.shareholder_count);
        let kind = core.as_ref().ok().map(|core| core.kind);
        let labels = self.section_of(
            &self.parts.labels,
            Damage::Labels,
            "labels",
            |digests| digests.labels,
            |json| labels_of(json, kind).filter(|labels| is_well_formed_labels(labels, count)),
        );
        let anchor = self.section_of(
            &self.parts.anchor,
            Damage::Anchor,
            "anchor",
            |digests| digests.anchor,
            |json| parse(json).filter(is_well_formed_anchor),
        );
        let envelopes = self.envelopes(count);
        let boxes = self.boxes(kind)?;
        self.order(anchor.as_ref(), &boxes);
        let mut reading = Reading {
            name: String::new(),
            core,
            core_is_whole,
            envelopes,
            labels,
            anchor,
            section: self.section,
            boxes,
            verdict: Verdict::Reformatted,
            remarks: Vec::new(),
        };
        if !self.damages.is_empty() {
            reading.verdict = Verdict::Damaged(self.damages.into_iter().collect());
        } else if reading.sections().is_some_and(|sections| sections.are_laid_out_as(original)) {
            reading.verdict = Verdict::Intact;
        }
        Ok(reading)
    }

    /// The one value of a section. Missing, twice or malformed is damage.
    fn one<T>(&mut self, values: &[&str], damage: Damage, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = match values {
            [value] => parse(value),
            _ => None,
        };
        if value.is_none() {
            self.damages.insert(damage);
        }
        value
    }

    /// The same, well formed, and with the digest that the snapshot section lists.
    fn section_of<T: serde::Serialize>(
        &mut self,
        values: &[&str],
        damage: Damage,
        name: &str,
        listed: impl Fn(&super::model::Digests) -> Hex<32>,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.one(values, damage, parse);
        let is_listed = |value: &T| {
            self.section.as_ref().is_none_or(|section| digest(name, value) == listed(&section.digests))
                || !self.may_accuse
        };
        if !value.as_ref().is_some_and(is_listed) {
            self.damages.insert(damage);
        }
        value
    }

    fn envelopes(&mut self, count: Option<u8>) -> Vec<Envelope> {
        let [Some(elements)] = self.parts.envelopes.as_slice() else {
            self.damages.insert(Damage::Envelopes);
            return Vec::new();
        };
        let listed = self.accusing_digests().map(|digests| digests.envelopes.clone());
        if count.is_some_and(|count| elements.len() != usize::from(count))
            || listed.as_ref().is_some_and(|listed| listed.len() != elements.len())
        {
            self.damages.insert(Damage::Envelopes);
        }
        let mut envelopes = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let number = index + 1;
            let envelope: Option<Envelope> = parse(element).filter(is_well_formed_envelope);
            let is_right = envelope.as_ref().is_some_and(|envelope| {
                usize::from(envelope.number) == number
                    && listed.as_ref().is_none_or(|listed| listed.get(index) == Some(&digest("envelope", envelope)))
            });
            if !is_right {
                self.damages.insert(Damage::Envelope(number));
            }
            envelopes.extend(envelope);
        }
        envelopes
    }

    fn boxes(&mut self, kind: Option<Kind>) -> Result<Vec<Placed>, FileRefusal> {
        let [Some(elements)] = self.parts.boxes.as_slice() else {
            self.damages.insert(Damage::Boxes);
            return Ok(Vec::new());
        };
        let listed = self.accusing_digests().map(|digests| digests.boxes.clone());
        let known: Option<BTreeSet<Hex<32>>> = listed.as_ref().map(|listed| listed.iter().copied().collect());
        let mut boxes: Vec<Placed> = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let sealed: Option<SealedBox> = parse(element).filter(|sealed| is_well_formed_box(sealed, kind));
            let placed = sealed.map(Placed::new);
            let is_listed = |place: &BoxPlace| known.as_ref().is_none_or(|known| known.contains(&place.digest));
            if !placed.as_ref().is_some_and(|placed| is_listed(&placed.place)) {
                self.damages.insert(Damage::Box(index + 1));
            }
            if let Some(placed) = &placed
                && plaintext_length(&placed.sealed) > limits::BOX_PLAINTEXT
            {
                return Err(FileRefusal::Limit {
                    what: format!("a box is larger than {} MiB", limits::BOX_PLAINTEXT >> 20),
                });
            }
            boxes.extend(placed);
        }
        if let Some(listed) = listed {
            let all_listed = !self.damages.iter().any(|damage| matches!(damage, Damage::Box(_)));
            let same_order = listed.iter().eq(boxes.iter().map(|placed| &placed.place.digest));
            if listed.len() != elements.len() || (all_listed && !same_order) {
                self.damages.insert(Damage::Boxes);
            }
        }
        Ok(boxes)
    }

    /// Judged only where every box is there: a lost one is named already.
    fn order(&mut self, anchor: Option<&Anchor>, boxes: &[Placed]) {
        if self.damages.iter().any(|damage| matches!(damage, Damage::Box(_))) {
            return;
        }
        let base = anchor.map_or(BoxPlace::START, |anchor| anchor.base);
        let is_ascending = boxes.is_sorted_by(|one, next| one.place < next.place);
        let sealed: Vec<(BoxPlace, &SealedBox)> = boxes.iter().map(|placed| (placed.place, &*placed.sealed)).collect();
        if !is_ascending || !follow_one_another(&sealed, base) {
            self.damages.insert(Damage::Order);
        }
    }

    fn accusing_digests(&self) -> Option<&super::model::Digests> {
        self.section.as_ref().filter(|_| self.may_accuse).map(|section| &section.digests)
    }
}

/// Where the core does not say of which kind they are, their members do.
fn labels_of(json: &str, kind: Option<Kind>) -> Option<Labels> {
    let of_holders = || parse(json).map(Labels::Holders);
    let of_device = || parse(json).map(Labels::Device);
    match kind {
        Some(Kind::Device) => of_device(),
        Some(Kind::Organization | Kind::Codes) => of_holders(),
        None => of_holders().or_else(of_device),
    }
}

fn parse<T: for<'de> Deserialize<'de>>(json: &str) -> Option<T> {
    serde_json::from_str::<Object<T>>(json).ok().map(|Object(value)| value)
}
