//! What is listed of a collection: which items a search leaves, in which order, and the row of each.

use crate::domain::inventory::{Collection, Standing};
use crate::domain::proof::Checks;
use crate::domain::text::Safe;
use crate::effect::Opening;
use crate::journey::items::{check_word, holds, what};
use crate::ui::console::Console;
use crate::ui::widgets::{columns, fit};

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
    let mut found: Vec<(bool, String, &str)> = opening
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
                ListingOrder::Id | ListingOrder::Name => version.item.title().to_lowercase(),
                ListingOrder::Kind => what(&version.item).to_lowercase(),
                ListingOrder::Check => {
                    let is_confirmed = version.is_trusted() && standing.proposals().is_empty();
                    rank(&opening.comparison.checks, collection, id, is_confirmed).to_string()
                }
            });
            (standing.current.is_none(), key, id)
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
/// changes of it were proposed, `-` when it was removed.
pub fn row(console: &Console, opening: &Opening, collection: Collection, id: &str, width: usize) -> String {
    let Some(standing) = opening.inventory.standing(collection, id) else { return String::new() };
    let Some((_, version)) = standing.versions().next() else { return String::new() };
    let item = &version.item;
    let marked = if console.journey.marked.contains(&(collection, id.to_owned())) { '*' } else { ' ' };
    let mark = match (&standing.current, version.is_trusted(), standing.proposals().is_empty()) {
        (None, _, _) => '-',
        (_, false, _) => '!',
        (_, true, false) => '+',
        (_, true, true) => ' ',
    };
    let check =
        if standing.current.is_none() { "removed" } else { check_word(&opening.comparison.checks, collection, id) };
    let right = if check.is_empty() { 0 } else { 14 };
    let left = width.saturating_sub(right);
    let title = fit(&Safe(&item.title()).to_string(), left * 2 / 5);
    let gap = (left * 2 / 5).saturating_sub(columns(&title));
    let text = fit(&format!("{marked}{mark}{title}{}  {}", " ".repeat(gap), Safe(&what(item))), left);
    if check.is_empty() {
        return text;
    }
    let gap = left.saturating_sub(columns(&text));
    format!("{text}{}{:>right$}", " ".repeat(gap), check)
}
