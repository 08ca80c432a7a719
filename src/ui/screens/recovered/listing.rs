//! What is listed of a collection: which items a search leaves, in which order, and the row of each.

use crate::domain::inventory::{Collection, Standing};
use crate::domain::natural::NaturalKey;
use crate::domain::proof::Checks;
use crate::domain::text::Safe;
use crate::effect::Opening;
use crate::journey::items::{check_word, heads, holds, kind_and_more, what};
use crate::ui::console::Console;
use crate::ui::widgets::{columns, fit, fit_middle};

/// In which order items are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ListingOrder {
    #[default]
    Id,
    Name,
    /// Key type, chain, or number of codes left.
    Kind,
    /// What does not check comes first.
    Check,
}

impl ListingOrder {
    pub fn next(self) -> Self {
        match self {
            Self::Id => Self::Name,
            Self::Name => Self::Kind,
            Self::Kind => Self::Check,
            Self::Check => Self::Id,
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Kind => "kind",
            Self::Check => "check, the worst first",
        }
    }
}

/// The ids of the items that people know by something that holds `wanted`; removed ones last.
pub fn ids(opening: &Opening, collection: Collection, wanted: &str, order: ListingOrder) -> Vec<String> {
    let latest = |standing: &'_ Standing| standing.versions().next().is_some();
    let mut found: Vec<(bool, NaturalKey, &str)> = opening
        .inventory
        .standings(collection)
        .filter(|(_, standing)| latest(standing))
        .filter(|(_, standing)| {
            wanted.is_empty() || standing.versions().next().is_some_and(|(_, version)| holds(version, wanted))
        })
        .map(|(id, standing)| {
            let version = standing.versions().next().map(|(_, version)| version);
            let key = version.map_or_else(String::new, |version| match order {
                // The id of an account is nothing that people know.
                ListingOrder::Id if collection != Collection::Accounts => String::new(),
                ListingOrder::Id | ListingOrder::Name => version.item.title(),
                ListingOrder::Kind => what(&version.item),
                ListingOrder::Check => {
                    let is_confirmed = version.is_trusted() && standing.proposals().is_empty();
                    rank(&opening.comparison.checks, collection, id, is_confirmed).to_string()
                }
            });
            (standing.current.is_none(), NaturalKey::of(&key), id)
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, _, id)| id.to_owned()).collect()
}

/// The worst first.
fn rank(checks: &Checks, collection: Collection, id: &str, is_confirmed: bool) -> u8 {
    match check_word(checks, collection, id) {
        "MISMATCH" | "NO KEY" | "NOT PROVEN" => 0,
        _ if !is_confirmed => 1,
        "cannot check" => 2,
        "" => 3,
        _ => 4,
    }
}

/// Marks, name, what it is, and what came of comparing it: `*` marked for an export; `!` when no quorum has confirmed it, `+` when
/// changes of it were proposed, `~` when others added codes to it or marked some, `-` when it was removed.
pub fn row(console: &Console, opening: &Opening, collection: Collection, id: &str, width: usize) -> String {
    let Some(standing) = opening.inventory.standing(collection, id) else { return String::new() };
    let Some((_, version)) = standing.versions().next() else { return String::new() };
    let item = &version.item;
    let marked = if console.journey.marked.contains(&(collection, id.to_owned())) { '*' } else { ' ' };
    let mark = match (&standing.current, version.is_trusted(), standing.proposals().is_empty()) {
        (None, _, _) => '-',
        (_, false, _) => '!',
        (_, true, false) => '+',
        (_, true, true) if standing.has_more_by_others() => '~',
        (_, true, true) => ' ',
    };
    let check =
        if standing.current.is_none() { "removed" } else { check_word(&opening.comparison.checks, collection, id) };
    let [kind, more] = kind_and_more(item);
    let name = Safe(&item.title()).to_string();
    let (kind, more) = (Safe(&kind).to_string(), Safe(&more).to_string());
    laid_out(collection, &format!("{marked}{mark}{name}"), [&kind, &more], check, width)
}

/// What stands above the rows.
pub fn head(collection: Collection, width: usize) -> String {
    let [name, kind, more] = heads(collection);
    let check = if matches!(collection, Collection::Keys | Collection::Vaults) { "Check" } else { "" };
    laid_out(collection, &format!("  {name}"), [kind, more], check, width)
}

/// Columns of what came of comparing it.
const CHECK: usize = 14;

/// In aligned columns. Of what is long the end is left out; of an address the middle, because people compare both ends.
fn laid_out(collection: Collection, name: &str, [kind, more]: [&str; 2], check: &str, width: usize) -> String {
    let right = if matches!(collection, Collection::Keys | Collection::Vaults) { CHECK } else { 0 };
    let left = width.saturating_sub(right);
    let column = |text: &str, width: usize| {
        let text = fit(text, width);
        format!("{text}{}", " ".repeat(width.saturating_sub(columns(&text))))
    };
    // An address needs the room more.
    let of_name = if collection == Collection::Vaults { left / 3 } else { left * 2 / 5 };
    let name = column(name, of_name + 2);
    let rest = left.saturating_sub(columns(&name) + 2);
    // What of the rest the kind takes.
    let of_kind = match collection {
        Collection::Keys => rest,
        Collection::Vaults => 10.min(rest),
        Collection::Shares => 9.min(rest),
        Collection::Accounts => 22.min(rest),
    };
    let more_width = rest.saturating_sub(of_kind + 2);
    let more = if collection == Collection::Vaults { fit_middle(more, more_width) } else { fit(more, more_width) };
    let text = if more_width == 0 {
        format!("{name}  {}", column(kind, of_kind))
    } else {
        format!("{name}  {}  {}", column(kind, of_kind), column(&more, more_width))
    };
    if right == 0 { text.trim_end().to_owned() } else { format!("{text}{check:>right$}") }
}
