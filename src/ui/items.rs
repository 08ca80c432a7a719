//! What of an item is said to people, whether on a screen or line by line.

use std::borrow::Cow;

use crate::domain::inventory::{Collection, Fields, Item, Kept, SealedBy, Source};

/// Said of an item that a quorum sealed and somebody else wants changed.
pub const PROPOSED: &str = "A change was proposed without the quorum. This is what the quorum sealed";

/// Who sealed it, and when.
pub fn origin(source: Source) -> String {
    match source.sealed_by {
        SealedBy::Quorum => format!("Sealed by a quorum, {}.", source.created.date()),
        SealedBy::Public => format!("No quorum has confirmed it; added {}.", source.created.date()),
    }
}

/// What it is, beside its name in a list.
pub fn what(item: &Item) -> String {
    let fields = item.fields();
    match item.collection() {
        Collection::Keys => fields.text("key_type").unwrap_or("").to_owned(),
        Collection::Vaults => {
            format!(
                "{}  {}",
                fields.text("chain").unwrap_or(""),
                fields.text("address").unwrap_or("no address recorded")
            )
        }
        Collection::Accounts | Collection::Shares => {
            let used = fields.list("used").map_or(0, <[_]>::len);
            match item.code_count() {
                0 => "no codes".to_owned(),
                codes => format!("{} of {codes} codes left", codes.saturating_sub(used)),
            }
        }
    }
}

/// One value of an item.
pub struct Line<'a> {
    pub label: Cow<'a, str>,
    pub value: &'a str,
    pub is_secret: bool,
    /// What is to be known of it: a code that was used.
    pub mark: &'static str,
}

/// What may stand on the screen without anybody asking.
fn public_members(collection: Collection) -> &'static [&'static str] {
    match collection {
        Collection::Keys => &["name", "id", "key_type", "public_key"],
        Collection::Vaults => &["name", "chain", "address", "key_id", "path", "public_key", "id"],
        Collection::Accounts => &["service", "login", "owners", "kind", "saved"],
        Collection::Shares => &["organization", "user", "changed"],
    }
}

/// Public members in their order, then everything else, which counts as secret.
pub fn lines_of(collection: Collection, fields: &Fields) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let public = public_members(collection);
    for member in public {
        fields.value(member).into_iter().for_each(|value| push_lines(&mut lines, member, value, false));
    }
    let used: Vec<&str> = fields.list("used").unwrap_or_default().iter().filter_map(Kept::as_text).collect();
    let is_account = collection == Collection::Accounts;
    let is_hidden = |name: &&str| !(public.contains(name) || is_account && *name == "used");
    for member in fields.names().filter(is_hidden) {
        fields.value(member).into_iter().for_each(|value| push_lines(&mut lines, member, value, true));
    }
    if is_account {
        let mut is_next_found = false;
        for line in lines.iter_mut().filter(|line| line.label.starts_with("code ")) {
            if used.contains(&line.value) {
                line.mark = "used";
            } else if !is_next_found {
                line.mark = "next";
                is_next_found = true;
            }
        }
    }
    lines
}

fn push_lines<'a>(lines: &mut Vec<Line<'a>>, label: &'a str, value: &'a Kept, is_secret: bool) {
    match value {
        Kept::Text(text) => {
            lines.push(Line { label: Cow::Borrowed(label), value: text.reveal(), is_secret, mark: "" });
        }
        Kept::List(list) => {
            // One of the codes is a code.
            let one = label.strip_suffix('s').unwrap_or(label);
            for (index, element) in list.iter().enumerate() {
                let text = element.as_text().or_else(|| element.as_object()?.text("value"));
                let party = element.as_object().and_then(|share| share.text("party"));
                let label = match party {
                    Some(party) => format!("{one} of {party}"),
                    None => format!("{one} {}", index + 1),
                };
                if let Some(value) = text {
                    lines.push(Line { label: Cow::Owned(label), value, is_secret, mark: "" });
                }
            }
        }
        // Numbers and nested objects of newer versions are in the export as they are.
        Kept::Boolean(_) | Kept::Integer(_) | Kept::Object(_) => {}
    }
}
