//! What of an item, and of the contents that it belongs to, is said to people, whether on a screen or line by line.

use std::borrow::Cow;

use crate::domain::codes::{self, CodeMark};
use crate::domain::inventory::{
    Collection, Counts, Fields, Inventory, Item, Kept, Proposal, SealedBy, Standing, Version, VersionKind,
};
use crate::domain::kind::{HolderWords, Kind};
use crate::domain::proof::{AddressCheck, Checks, KeyStanding, PublicKeyCheck};
use crate::domain::secret::SecretText;
use crate::domain::text::counted;
use crate::domain::time::Timestamp;
use crate::effect::{DerivedKey, Opening};

fn holder(opening: &Opening) -> &'static HolderWords {
    &opening.inventory.kind().rules().holder
}

/// That all marks check, for people.
pub fn genuine(opening: &Opening) -> String {
    holder(opening).said("Genuine: every mark of {sealers} checks.")
}

/// The organization as it was sealed, for people.
pub fn organization(opening: &Opening) -> String {
    match (&opening.organization, opening.inventory.unsealed_name()) {
        (Some(name), None) => name.to_string(),
        (Some(name), Some(source)) => {
            format!("{name} (a name that no {} sealed; {})", holder(opening).decider, source.added())
        }
        (None, _) if opening.inventory.kind() == Kind::Device => {
            "Shares of one person's device, and of no organization.".to_owned()
        }
        (None, _) if opening.is_withheld => String::new(),
        (None, _) => "The organization's name did not come out.".to_owned(),
    }
}

/// The collections that are listed: those that such a backup is made for, and others that hold something.
pub fn listed(inventory: &Inventory) -> Vec<Collection> {
    let takes = inventory.kind().rules().takes;
    let is_listed =
        |collection: &Collection| takes.contains(collection) || inventory.items(*collection).next().is_some();
    inventory.collections().filter(is_listed).collect()
}

/// What a drill on a production backup says of its contents.
pub fn withheld(opening: &Opening) -> String {
    let Counts { vaults, accounts, codes, .. } = opening.completeness.recovered;
    let holds = if opening.completeness.is_whole() { "It holds" } else { "Of it came out" };
    let (vaults, accounts, codes) = (counted(vaults, "vault"), counted(accounts, "account"), counted(codes, "code"));
    format!(
        "This is a drill on a production backup: it opens. {holds} {vaults} and {accounts} with {codes}. Nothing of it is shown or written."
    )
}

/// What was checked of an open backup, beside the quorum's marks.
pub fn compared(opening: &Opening) -> Vec<String> {
    if !listed(&opening.inventory).contains(&Collection::Keys) {
        return Vec::new();
    }
    let comparison = &opening.comparison;
    let keys = &comparison.checks.keys;
    let proven = keys.values().filter(|standing| **standing == KeyStanding::Proven).count();
    let of_keys = format!("Keys whose private key gives the recorded public key: {proven} of {}.", keys.len());
    let of_vaults =
        format!("Vaults whose key gives the recorded address: {} of {}.", comparison.matches, comparison.total);
    vec![of_keys, of_vaults]
}

/// Who sealed a version and when, and whether it counts.
pub fn origin(kind: VersionKind, version: &Version, holder: &HolderWords) -> String {
    let date = version.source.created.date();
    let said = match (kind, version.source.sealed_by) {
        (VersionKind::Current, SealedBy::Quorum) => format!("Sealed by {}, {date}.", holder.sealer),
        (VersionKind::Current, SealedBy::Public) if version.is_trusted() => format!("Added {date}."),
        (VersionKind::Current, SealedBy::Public) => {
            format!("No {} has confirmed it; {}.", holder.decider, version.source.added())
        }
        (VersionKind::Proposed, _) => format!("Proposed on {date} without {}. It does not count.", holder.sealers),
        (VersionKind::Earlier, SealedBy::Quorum) => {
            format!("An earlier version, sealed by {}, {date}. It does not count any more.", holder.sealer)
        }
        (VersionKind::Earlier, SealedBy::Public) => {
            let unconfirmed = if version.is_trusted() { "" } else { "; no quorum had confirmed it" };
            format!("An earlier version, added {date}{unconfirmed}. It does not count any more.")
        }
    };
    match &version.origin {
        Some(origin) => {
            format!(
                "{said} It was carried over from an earlier backup, where it was added {}; no quorum has confirmed it.",
                origin.created.date()
            )
        }
        None => said,
    }
}

/// What proves an item that counts and that no quorum confirmed, or that nothing does; `None` where that is said otherwise.
pub fn weighed(checks: &Checks, version: &Version, holder: &HolderWords) -> Option<String> {
    let item = &version.item;
    let is_open = !version.is_trusted();
    match item.collection() {
        Collection::Vaults if is_open => match checks.vaults.get(item.id()) {
            Some(check) if check.is_match() => {
                Some(format!("Its address proves it: a key that {} sealed gives it.", holder.sealer))
            }
            Some(check) if check.is_red() => None,
            Some(_) => Some("Its address was not compared: nothing proves it.".to_owned()),
            None => Some("Its address was not compared yet.".to_owned()),
        },
        Collection::Keys if is_open => Some("It proves nothing, and nothing that it gives is proved.".to_owned()),
        Collection::Keys | Collection::Vaults | Collection::Accounts | Collection::Shares => None,
    }
}

/// What somebody without the quorum wants to become of an item that a quorum sealed.
pub fn proposed(standing: &Standing, holder: &HolderWords) -> Vec<String> {
    let sealers = holder.sealers;
    let said = |proposal: &Proposal| {
        let date = proposal.source().created.date();
        match proposal {
            Proposal::Put(_) => {
                format!("A change was proposed on {date} without {sealers}. This is what {sealers} sealed.")
            }
            Proposal::Remove(_) => format!("Its removal was proposed on {date} without {sealers}."),
        }
    };
    standing.proposals().iter().map(said).collect()
}

/// What it is, beside its name in a list.
pub fn what(item: &Item) -> String {
    let [kind, more] = kind_and_more(item);
    if more.is_empty() { kind } else { format!("{kind}  {more}") }
}

/// The heads of a list: of the name, and of [`kind_and_more`].
pub fn heads(collection: Collection) -> [&'static str; 3] {
    match collection {
        Collection::Keys => ["Name", "Key type", ""],
        Collection::Vaults => ["Name", "Chain", "Address"],
        Collection::Shares => ["Organization", "Shares", "Changed"],
        Collection::Accounts => ["Account", "Codes", "Owners"],
    }
}

/// The same in two columns.
pub fn kind_and_more(item: &Item) -> [String; 2] {
    let fields = item.fields();
    let text = |member| fields.text(member).unwrap_or("").to_owned();
    match item.collection() {
        Collection::Keys => [text("key_type"), String::new()],
        Collection::Vaults => {
            [text("chain"), fields.text("address").map_or_else(|| "no address recorded".to_owned(), str::to_owned)]
        }
        Collection::Shares => {
            let shares = fields.list("shares").map_or(0, <[Kept]>::len);
            let changed = fields.text("changed").and_then(Timestamp::parse).map(|changed| changed.date());
            [counted(shares, "share"), format!("changed {}", changed.unwrap_or_default())]
        }
        Collection::Accounts => {
            let all: Vec<CodeMark> =
                codes::marked(fields).into_iter().flat_map(|(_, codes)| codes).map(|(_, mark)| mark).collect();
            let left = all.iter().filter(|mark| mark.is_left()).count();
            let codes = match all.iter().filter(|mark| **mark != CodeMark::Retired).count() {
                0 => "no codes".to_owned(),
                codes if left <= codes::FEW && fields.text("kind") == Some("single-use") => {
                    format!("LOW: {left} of {} left", counted(codes, "code"))
                }
                codes => format!("{left} of {} left", counted(codes, "code")),
            };
            let owners = fields.list("owners").unwrap_or_default().iter().filter_map(Kept::as_text);
            let owners: Vec<&str> = owners.collect();
            [codes, owners.join(", ")]
        }
    }
}

/// Whether people know it by something that holds `wanted`, which is in small letters.
pub fn holds(version: &Version, wanted: &str) -> bool {
    let fields = version.item.fields();
    let known = ["id", "chain", "address", "key_type", "path"].iter().filter_map(|member| fields.text(member));
    let owners = fields.list("owners").unwrap_or_default().iter().filter_map(|owner| owner.as_text());
    version.item.title().to_lowercase().contains(wanted)
        || known.chain(owners).any(|text| text.to_lowercase().contains(wanted))
}

/// What came of comparing an item, in a word.
pub fn check_word(checks: &Checks, collection: Collection, id: &str) -> &'static str {
    match collection {
        Collection::Keys => match checks.keys.get(id) {
            Some(KeyStanding::Proven) => "proven",
            Some(KeyStanding::NotProven(_)) => "NOT PROVEN",
            None => "",
        },
        Collection::Vaults => match checks.vaults.get(id).map(|check| (&check.address, &check.public_key)) {
            Some((AddressCheck::Mismatch { .. }, _) | (_, PublicKeyCheck::Mismatch { .. })) => "MISMATCH",
            Some((AddressCheck::KeyMissing { .. }, _)) => "NO KEY",
            Some((AddressCheck::Match { .. }, _)) => "match",
            Some((AddressCheck::CannotCheck { .. }, _)) => "cannot check",
            None => "",
        },
        Collection::Accounts | Collection::Shares => "",
    }
}

/// How a line stands among those of an item: what people came for first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineRank {
    /// What a wallet takes.
    Form,
    /// The key itself, its shares, or the codes.
    Key,
    Public,
    OtherSecret,
}

/// One value of an item.
pub struct ItemLine<'a> {
    pub label: Cow<'a, str>,
    pub value: &'a str,
    pub is_secret: bool,
    /// What is to be known of it: a code that was used, and when that was marked.
    pub mark: Cow<'static, str>,
    /// Where it can be used, and where not.
    pub hint: &'static str,
    /// It is a recovery code.
    pub is_code: bool,
    /// It is one that was not used, and is spent by a use.
    pub can_be_marked: bool,
    pub rank: LineRank,
}

impl<'a> ItemLine<'a> {
    fn new(label: impl Into<Cow<'a, str>>, value: &'a str, is_secret: bool) -> Self {
        Self {
            label: label.into(),
            value,
            is_secret,
            mark: Cow::Borrowed(""),
            hint: "",
            is_code: false,
            can_be_marked: false,
            rank: if is_secret { LineRank::OtherSecret } else { LineRank::Public },
        }
    }
}

/// What a rebuilt key gives, beside what the record says already.
pub fn derived_lines<'a>(derived: &'a DerivedKey, recorded: Option<&Fields>) -> Vec<ItemLine<'a>> {
    let is_recorded = |member, value: &str| {
        recorded.and_then(|fields| fields.text(member)).is_some_and(|text| text.eq_ignore_ascii_case(value))
    };
    let mut lines = Vec::new();
    lines.extend(derived.check.as_deref().map(|check| ItemLine::new("check", check, false)));
    lines.extend(derived.addresses.iter().map(|(form, address)| ItemLine::new(*form, address, false)));
    let public = derived.public_key.as_deref().filter(|key| !is_recorded("public_key", key));
    lines.extend(public.map(|key| ItemLine::new("derived public key", key, false)));
    // A form that says more about the same digits stands for them.
    let is_a_form =
        |key: &str| derived.forms.iter().any(|form| form.value.as_ref().is_some_and(|value| value.reveal() == key));
    let private = derived.private_key.as_ref().map(SecretText::reveal);
    let private = private.filter(|key| !is_recorded("private_key", key) && !is_a_form(key));
    let wanted = |key| ItemLine { rank: LineRank::Key, ..ItemLine::new("derived private key", key, true) };
    lines.extend(private.map(wanted));
    for form in &derived.forms {
        lines.push(match &form.value {
            Some(value) => {
                ItemLine { hint: form.hint, rank: LineRank::Form, ..ItemLine::new(form.name, value.reveal(), true) }
            }
            None => ItemLine::new(form.name, form.hint, false),
        });
    }
    lines
}

/// What may stand on the screen without anybody asking.
pub(super) fn public_members(collection: Collection) -> &'static [&'static str] {
    match collection {
        Collection::Keys => &["name", "id", "key_type", "public_key"],
        Collection::Vaults => &["name", "chain", "address", "key_id", "path", "public_key", "id"],
        Collection::Accounts => &["service", "login", "owners", "kind", "saved"],
        Collection::Shares => &["name", "organization", "user", "device", "changed"],
    }
}

/// Public members in their order, then everything else, which counts as secret.
pub fn lines_of(collection: Collection, fields: &Fields) -> Vec<ItemLine<'_>> {
    let mut lines = Vec::new();
    let public = public_members(collection);
    for member in public {
        fields.value(member).into_iter().for_each(|value| push_lines(&mut lines, member, value, false));
    }
    let is_account = collection == Collection::Accounts;
    // Those of all sets are said with the codes.
    let is_hidden = |name: &&str| !(public.contains(name) || is_account && matches!(*name, "used" | "sets"));
    for member in fields.names().filter(is_hidden) {
        if is_account && member == "codes" {
            push_codes(&mut lines, fields);
        } else {
            fields.value(member).into_iter().for_each(|value| push_lines(&mut lines, member, value, true));
        }
    }
    lines
}

/// Says of used codes of an account when they were marked: a mark is a note of whoever made it.
pub fn say_who_marked(lines: &mut [ItemLine<'_>], inventory: &Inventory, account: &str) {
    for line in lines.iter_mut().filter(|line| line.is_code && line.mark == CodeMark::Used.name()) {
        if let Some(source) = inventory.marked_by(account, line.value) {
            line.mark = Cow::Owned(format!("used, marked {}", source.created.date()));
        }
    }
}

/// The codes of all sets. Where there are several each begins with a line of its own.
fn push_codes<'a>(lines: &mut Vec<ItemLine<'a>>, account: &'a Fields) {
    let sets = codes::marked(account);
    let is_one = sets.len() == 1;
    for (number, (set, codes)) in (1..).zip(sets) {
        if !is_one {
            let mut line = ItemLine::new(format!("set {number}"), set.saved_text(), false);
            line.mark = Cow::Borrowed(if set.is_retired() { CodeMark::Retired.name() } else { "" });
            // It stands before its codes.
            line.rank = LineRank::Key;
            lines.push(line);
        }
        for (place, (code, mark)) in (1..).zip(codes) {
            let label = if is_one { format!("code {place}") } else { format!("code {number}.{place}") };
            let mut line = ItemLine::new(label, code, true);
            line.mark = Cow::Borrowed(mark.name());
            (line.is_code, line.rank) = (true, LineRank::Key);
            line.can_be_marked = mark.is_left() && codes::is_spent_by_use(set);
            lines.push(line);
        }
    }
}

/// The name of a member as people say it.
pub(super) fn in_words(member: &str) -> Cow<'_, str> {
    match member {
        "private_key" | "public_key" | "chain_code" | "key_type" => Cow::Owned(member.replace('_', " ")),
        "key_id" => Cow::Borrowed("key"),
        member => Cow::Borrowed(member),
    }
}

/// What people came for is first.
pub fn in_order(lines: &mut [ItemLine<'_>]) {
    lines.sort_by_key(|line| line.rank);
}

fn push_lines<'a>(lines: &mut Vec<ItemLine<'a>>, label: &'a str, value: &'a Kept, is_secret: bool) {
    match value {
        Kept::Text(text) => {
            let mut line = ItemLine::new(in_words(label), text.reveal(), is_secret);
            if label == "private_key" {
                line.rank = LineRank::Key;
            }
            lines.push(line);
        }
        Kept::List(list) => {
            // One of the codes is a code.
            let one = label.strip_suffix('s').unwrap_or(label);
            for (index, element) in list.iter().enumerate() {
                let text = element.as_text().or_else(|| element.as_object()?.text("value"));
                let party = element.as_object().and_then(|share| share.text("party").or(share.text("id")));
                let label = match party {
                    Some(party) => format!("{one} of {party}"),
                    None => format!("{one} {}", index + 1),
                };
                if let Some(value) = text {
                    let mut line = ItemLine::new(label, value, is_secret);
                    if one == "share" {
                        line.rank = LineRank::Key;
                    }
                    lines.push(line);
                }
            }
        }
        // Numbers and nested objects of newer versions are in the export as they are.
        Kept::Boolean(_) | Kept::Integer(_) | Kept::Object(_) => {}
    }
}
