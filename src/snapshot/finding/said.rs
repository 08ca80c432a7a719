//! Findings in sentences, in the words for backups of a kind.

use std::fmt;

use super::Finding;
use crate::crypto::sharing::ShareFault;
use crate::domain::ceremony::NEVER_CONFIRMED;
use crate::domain::inventory::{BoxSource, Collection, SealedBy};
use crate::domain::kind::{HolderWords, Kind};
use crate::domain::text::{Safe, capital, counted};

/// As of a backup of an organization.
impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(&Kind::Organization.rules().holder, out)
    }
}

impl Finding {
    /// In the words for backups of that kind.
    pub fn said(&self, kind: Kind) -> String {
        let mut said = String::new();
        // A text takes whatever is written.
        let _ = self.write(&kind.rules().holder, &mut said);
        said
    }

    fn write(&self, holder: &HolderWords, out: &mut impl fmt::Write) -> fmt::Result {
        let HolderWords { decider, sealer, sealers, .. } = holder;
        match self {
            Self::Damaged { file, what } => {
                write!(out, "{} is damaged: {what}. What could be read was used.", Safe(file))
            }
            Self::Reformatted { file } => {
                write!(out, "{} was reformatted on its way; its contents are the same.", Safe(file))
            }
            Self::AnchorMissing { file } => write!(out, "{}: the mark of {sealers} (anchor) is missing.", Safe(file)),
            Self::AnchorForged { file } => {
                write!(out, "{}: the mark of {sealers} (anchor) is not one that this backup's {decider} made.", Safe(file))
            }
            Self::AnchorOlder { position } => write!(
                out,
                "Box {position} was sealed by {sealer}, but the mark of {sealers} (anchor) is older than it: somebody put an older mark back, or two files were united."
            ),
            Self::BoxesMissing => {
                write!(out, "Boxes that were there when {sealer} last marked the backup are missing. Look for other copies of it.")
            }
            Self::EnvelopesChanged { file } => {
                write!(out, "{}: the envelopes are not those that {sealers} marked.", Safe(file))
            }
            Self::SignatureMissing { file } => write!(out, "{}: the issuer's signature is missing.", Safe(file)),
            Self::SignatureWrong { file } => {
                write!(out, "{}: the issuer's signature is wrong. Somebody else wrote this file.", Safe(file))
            }
            Self::SignatureUnexpected { file } => {
                write!(out, "{}: it is signed, but this backup names no issuer.", Safe(file))
            }
            Self::PublicKeyChanged => out.write_str(
                "The public key in the file is not that of the wrapping key: records added later may have been sealed to somebody else.",
            ),
            Self::BoxClosed { position } => {
                write!(out, "Box {position} does not open: it was altered. What it held is not in the output.")
            }
            Self::BoxUnreadable { position, what } => write!(out, "Box {position} opened, but {what}."),
            Self::BoxUnread { position } => write_unread(*position, out),
            Self::PublicOnly { collection, title, source } => write_addition(*collection, title, source, decider, out),
            Self::SetsAdded { title, codes, retires, source } => {
                write_sets(title, (*codes, *retires), source, holder, out)
            }
            Self::PublicOrganization { source } => {
                write!(out, "The organization's name was not sealed by {sealer}; {}.", source.added())
            }
            Self::ProposedOrganization { created } => write!(
                out,
                "Another name of the organization was proposed on {} without {sealers}. The output has the one that {sealers} sealed.",
                created.date()
            ),
            Self::ProposedPut { collection, title, created } => write!(
                out,
                "{} \"{}\": a change was proposed on {} without {sealers}. The output has what {sealers} sealed.",
                capital(collection.noun()),
                Safe(title),
                created.date()
            ),
            Self::ProposedRemoval { collection, title, created } => write!(
                out,
                "{} \"{}\": its removal was proposed on {} without {sealers}. It is still in the output.",
                capital(collection.noun()),
                Safe(title),
                created.date()
            ),
            Self::MalformedRecords { position, what, records, .. } => {
                write!(out, "Box {position} holds {} ({what}), kept under unknown_records as in the box.", counted(*records, "malformed record"))
            }
            Self::ShareFault(fault) => write_fault(*fault, holder.one, out),
            Self::WeakDerivation => out.write_str(
                "The key derivation of this backup is weaker than 64 MiB x 3 passes: move its contents to a new backup.",
            ),
            Self::Fork => out.write_str(
                "Two of the files were made side by side from one snapshot (a fork). Both were united; nothing was left out.",
            ),
            Self::LabelsAltered => out.write_str(
                "The list of organizations that stands in the file before it is opened was altered by somebody. What came out is what was sealed.",
            ),
            Self::LabelsChanged { names } => write_labels(*names, out),
            Self::Unconfirmed => out.write_str(NEVER_CONFIRMED),
            Self::MoreThanClaimed => out.write_str("The backup holds more than the file claims before it is opened."),
            Self::NotUnderstood { records, sealed_by } => write_not_understood(*records, *sealed_by, decider, out),
            Self::UnknownMembers { collection, title } => write!(
                out,
                "{} \"{}\" has members that this version does not know; they are kept as they are.",
                capital(collection.noun()),
                Safe(title)
            ),
            Self::CarriedOver { collection, title, created } => write!(
                out,
                "{} \"{}\" was carried over from an earlier backup, where it was added on {}.",
                capital(collection.noun()),
                Safe(title),
                created.date()
            ),
            Self::More { like, count } => write_more(like, *count, holder, out),
        }
    }
}

fn write_addition(
    collection: Collection,
    title: &str,
    source: &BoxSource,
    decider: &str,
    out: &mut impl fmt::Write,
) -> fmt::Result {
    let (noun, added) = (capital(collection.noun()), source.added());
    let weight = match collection {
        Collection::Vaults => " Its address was not compared.",
        Collection::Keys => " It proves nothing.",
        Collection::Accounts | Collection::Shares => "",
    };
    write!(out, "{noun} \"{}\": no {decider} has confirmed it; {added}.{weight}", Safe(title))
}

fn write_sets(
    title: &str,
    (codes, retires): (usize, bool),
    source: &BoxSource,
    holder: &HolderWords,
    out: &mut impl fmt::Write,
) -> fmt::Result {
    let decider = holder.decider;
    let were = if codes == 1 { "was" } else { "were" };
    let (title, codes, added) = (Safe(title), counted(codes, "code"), source.added());
    let retires = if retires { ", in the place of those before, which are kept as retired" } else { "" };
    write!(out, "Account \"{title}\": {codes} {were} {added}{retires}; no {decider} has confirmed that.")
}

fn write_more(like: &Finding, count: usize, holder: &HolderWords, out: &mut impl fmt::Write) -> fmt::Result {
    let said = |words: &str| holder.said(words);
    match like.kind() {
        Some((one, _, Some(collection))) => {
            write!(out, "And {} {}.", counted(count, &format!("more {}", collection.noun())), said(one))
        }
        Some((one, _, None)) if count == 1 => write!(out, "And 1 more {}.", said(one)),
        Some((_, several, None)) => write!(out, "And {count} more {}.", said(several)),
        None => {
            write!(out, "And {count} more of this kind: ")?;
            like.write(holder, out)
        }
    }
}

fn write_not_understood(records: usize, sealed_by: SealedBy, decider: &str, out: &mut impl fmt::Write) -> fmt::Result {
    let whose = match sealed_by {
        SealedBy::Quorum => "made by a newer version".to_owned(),
        SealedBy::Public => format!("that no {decider} has confirmed"),
    };
    let records = counted(records, "record");
    write!(out, "Not understood, and kept as they are under unknown_records: {records} {whose}.")
}

fn write_unread(position: u32, out: &mut impl fmt::Write) -> fmt::Result {
    write!(
        out,
        "Box {position}, which anybody could have added, was not read: boxes of this kind hold more than is read of them. What it holds is not in the output. Look for a copy without the others."
    )
}

fn write_fault(fault: ShareFault, one: &str, out: &mut impl fmt::Write) -> fmt::Result {
    match fault {
        ShareFault::NoShareholder { number } => write!(out, "A share names {one} {number}, who does not exist."),
        ShareFault::Duplicate { number } => write!(out, "The share of {one} {number} was there twice."),
        ShareFault::NotCommitted { number } => {
            write!(out, "The share of {one} {number} is not the one that the ceremony made.")
        }
        ShareFault::Off { number } => write!(
            out,
            "The share of {one} {number} does not fit the others: the ceremony that made it was faulty or dishonest."
        ),
    }
}

fn write_labels(names: Option<bool>, out: &mut impl fmt::Write) -> fmt::Result {
    let what = match names {
        Some(true) => "The names in the file were changed since the ceremony.",
        Some(false) => "The address for e-mails in the file was changed since the ceremony; the names were not.",
        None => "The names in the file were changed since the ceremony, or the address for e-mails.",
    };
    write!(out, "{what} A refresh may do that.")
}
