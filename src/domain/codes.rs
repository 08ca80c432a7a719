//! The codes of an account for those who use them: how many are left, which comes next, and what should be done soon.

use std::fmt;

use super::inventory::{CodeKind, CodeSet, Collection, Fields, Inventory, Item, account_id, sets, sets_of};
use super::natural::NaturalKey;
use super::text::{Safe, counted};
use super::time::Timestamp;

/// So few codes of an account are soon gone.
pub const FEW: usize = 2;
/// Days after which codes are old: services change how they give them out, and lists are lost.
pub const OLD_DAYS: u64 = 730;
/// Days before the last one on which codes count.
const SOON_DAYS: u64 = 30;

/// Something that should be done for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodesDue {
    /// Codes were used up.
    NoneLeft,
    FewLeft(usize),
    /// The service said a last day, and it is over, or soon will be.
    Expired(String),
    ExpiresSoon(String),
    /// Saved so many days ago.
    Old(u64),
}

impl fmt::Display for CodesDue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoneLeft => out.write_str("no code is left: have the service make new ones"),
            Self::FewLeft(left) => {
                let is = if *left == 1 { "is" } else { "are" };
                write!(out, "only {} {is} left: have the service make new ones", counted(*left, "code"))
            }
            Self::Expired(day) => write!(out, "the codes counted until {day}: have the service make new ones"),
            Self::ExpiresSoon(day) => write!(out, "the codes count until {day}: have the service make new ones soon"),
            Self::Old(days) => write!(out, "the codes were saved {days} days ago: look whether they still count"),
        }
    }
}

/// A set whose codes can still be used on a day: no other one was saved in its place, and its last day is not over.
fn is_usable(set: CodeSet<'_>, today: &str) -> bool {
    !set.is_retired() && set.expires().is_none_or(|last| last >= today)
}

/// How many codes of an account can still be used.
pub fn left(account: &Item, today: Timestamp) -> usize {
    let today = today.date();
    sets(account).into_iter().filter(|set| is_usable(*set, &today)).map(CodeSet::left).sum()
}

/// The code that is used next, with its set and its place in it: the first unused one of the set that was saved first.
pub fn next(account: &Item, today: Timestamp) -> Option<(CodeSet<'_>, usize, &str)> {
    let today = today.date();
    sets(account).into_iter().filter(|set| is_usable(*set, &today)).find_map(|set| {
        let unused = set.codes().enumerate().find(|(_, (_, is_used))| !is_used);
        unused.map(|(place, (code, _))| (set, place, code))
    })
}

/// What is to be known of a code beside the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeMark {
    Used,
    /// The first that was not used, of the set that was saved first.
    Next,
    Unused,
    /// Another set was saved in the place of its own.
    Retired,
}

impl CodeMark {
    /// In a word; nothing where nothing is to be said.
    pub fn name(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Next => "next",
            Self::Unused => "",
            Self::Retired => "retired",
        }
    }

    /// Whether it counts as one that is left.
    pub fn is_left(self) -> bool {
        matches!(self, Self::Next | Self::Unused)
    }
}

/// All codes of an account, by its sets, and what is to be known of each. Last days are not looked at.
pub fn marked(account: &Fields) -> Vec<(CodeSet<'_>, Vec<(&str, CodeMark)>)> {
    let mut is_next_found = false;
    let mut mark = |set: CodeSet<'_>, is_used: bool| match (set.is_retired(), is_used) {
        (true, _) => CodeMark::Retired,
        (false, true) => CodeMark::Used,
        (false, false) if std::mem::replace(&mut is_next_found, true) => CodeMark::Unused,
        (false, false) => CodeMark::Next,
    };
    let sets = sets_of(account).into_iter();
    sets.map(|set| (set, set.codes().map(|(code, is_used)| (code, mark(set, is_used))).collect())).collect()
}

/// What is done when somebody no longer owns a file of codes: at each of these accounts the service makes new ones. A line each, in
/// the order of their names.
pub fn checklist(inventory: &Inventory) -> Vec<String> {
    let accounts = inventory.items(Collection::Accounts).map(|version| &version.item);
    let mut accounts: Vec<(String, usize)> = accounts
        .filter(|account| !has_none(account))
        .map(|account| {
            let usable = sets(account).into_iter().filter(|set| !set.is_retired());
            (Safe(&account.title()).to_string(), usable.map(CodeSet::left).sum())
        })
        .collect();
    accounts.sort_by_cached_key(|(title, _)| NaturalKey::of(title));
    accounts.into_iter().map(|(title, left)| format!("[ ] {title}: {} to be replaced", counted(left, "code"))).collect()
}

/// What is said above it.
pub const WHO_LEFT: &str = "Whoever left still has the old file and phrase, and reads what was saved before. Have these services make new codes, and save them in the place of the earlier ones.";

/// Whether people who name a service, and the login where they name one, mean this account.
pub fn is_called(account: &Item, service: &str, login: Option<&str>) -> bool {
    let text = |member| account.fields().text(member).unwrap_or("");
    account_id(text("service"), "") == account_id(service, "")
        && login.is_none_or(|login| account_id("", text("login")) == account_id("", login))
}

/// Whether two accounts that are not the same may have been meant as one: `Github` and `Git Hub`, `GitHub` and `github.com`,
/// `GitHub` and `GitHup`, with the same login.
pub fn is_alike((service, login): (&str, &str), (other_service, other_login): (&str, &str)) -> bool {
    if account_id(service, login) == account_id(other_service, other_login) || plain(login) != plain(other_login) {
        return false;
    }
    let (one, other) = (plain(host(service)), plain(host(other_service)));
    one == other || (one.len().min(other.len()) >= 4 && is_one_sign_apart(&one, &other))
}

/// The name that people know a host by: `github.com` is `github`.
fn host(service: &str) -> &str {
    let service = service.trim();
    let name = service.rsplit_once('.').filter(|(name, end)| !name.contains(' ') && (2..=3).contains(&end.len()));
    name.map_or(service, |(name, _)| name.strip_prefix("www.").unwrap_or(name))
}

fn plain(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// One sign was left out, added or replaced.
fn is_one_sign_apart(one: &[char], other: &[char]) -> bool {
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let rest = |of: &[char], skipped: usize| of.get(same + skipped..).map(<[char]>::to_vec);
    let ends = [(1, 1), (0, 1), (1, 0)];
    ends.into_iter().any(|(left, right)| rest(one, left).is_some_and(|rest_of| Some(rest_of) == rest(other, right)))
}

/// Whether the service gives none.
pub fn has_none(account: &Item) -> bool {
    sets(account).last().is_some_and(|set| set.kind() == CodeKind::None)
}

/// Whether a code is gone once it was used.
pub fn is_spent_by_use(set: CodeSet<'_>) -> bool {
    set.kind() != CodeKind::Reusable
}

/// What should be done for an account soon.
pub fn due(account: &Item, today: Timestamp) -> Vec<CodesDue> {
    if has_none(account) {
        return Vec::new();
    }
    let mut due = Vec::new();
    let sets = sets(account);
    let day = today.date();
    let counting = || sets.iter().copied().filter(|set| !set.is_retired());
    let left = left(account, today);
    let last_days = counting().filter(|set| set.left() > 0).filter_map(CodeSet::expires);
    let (over, ahead): (Vec<&str>, Vec<&str>) = last_days.partition(|last| *last < day.as_str());
    match (left, over.last()) {
        (0, Some(last)) => due.push(CodesDue::Expired((*last).to_owned())),
        (0, None) => due.push(CodesDue::NoneLeft),
        (1..=FEW, _) if counting().any(|set| set.kind() == CodeKind::SingleUse) => due.push(CodesDue::FewLeft(left)),
        _ => {}
    }
    let is_soon = |last: &&str| Timestamp::of_day(last).is_some_and(|last| last.days_since(today) <= SOON_DAYS);
    due.extend(ahead.into_iter().find(is_soon).map(|last| CodesDue::ExpiresSoon(last.to_owned())));
    let newest = counting().filter_map(CodeSet::saved).max();
    if let Some(days) = newest.map(|saved| today.days_since(saved)).filter(|days| *days > OLD_DAYS) {
        due.push(CodesDue::Old(days));
    }
    due
}

#[cfg(test)]
mod tests {
    use super::super::inventory::{Collection, Fields};
    use super::*;

    fn account(codes: &str, used: &str, more: &str) -> Item {
        let list = |codes: &str| codes.chars().map(|code| format!("\"{code}\"")).collect::<Vec<_>>().join(",");
        let json = format!(
            r#"{{"service":"S","login":"l","owners":[],"kind":"single-use","codes":[{}],"used":[{}],"saved":"2026-01-01T00:00:00Z"{more}}}"#,
            list(codes),
            list(used)
        );
        Item::new(Collection::Accounts, Fields::parse(json.as_bytes()).unwrap()).map_err(|(why, _)| why).unwrap()
    }

    fn day(text: &str) -> Timestamp {
        Timestamp::of_day(text).unwrap()
    }

    const EARLIER: &str =
        r#","sets":[{"kind":"single-use","codes":["x","y"],"used":["x"],"saved":"2025-01-01T00:00:00Z"MORE}]"#;

    fn said(account: &Item, today: &str) -> (usize, Option<String>, Vec<CodesDue>) {
        let today = day(today);
        (left(account, today), next(account, today).map(|(_, _, code)| code.to_owned()), due(account, today))
    }

    #[test]
    fn the_next_code_is_the_first_unused_one_of_the_oldest_set_that_counts() {
        let next = |code: &str| Some(code.to_owned());
        let today = "2026-02-01";
        assert_eq!(said(&account("abcd", "a", ""), today), (3, next("b"), Vec::new()));
        assert_eq!(said(&account("abcd", "ab", ""), today), (2, next("c"), vec![CodesDue::FewLeft(2)]));
        assert_eq!(said(&account("ab", "ab", ""), today), (0, None, vec![CodesDue::NoneLeft]));
        assert_eq!(said(&account("abcd", "", &EARLIER.replace("MORE", "")), today), (5, next("y"), Vec::new()));
        let retired = EARLIER.replace("MORE", r#","retired":"2026-01-01T00:00:00Z""#);
        assert_eq!(said(&account("abcd", "", &retired), today), (4, next("a"), Vec::new()));
        let expired = EARLIER.replace("MORE", r#","expires":"2026-01-31""#);
        assert_eq!(said(&account("abcd", "", &expired), today), (4, next("a"), Vec::new()));
        assert_eq!(said(&account("abcd", "", &expired), "2026-01-31").0, 5);
    }

    #[test]
    fn what_is_due_is_said() {
        let expires = r#","expires":"2026-03-01""#;
        let of = |account: Item, today: &str| said(&account, today).2;
        assert_eq!(of(account("abcd", "", expires), "2026-01-15"), []);
        assert_eq!(of(account("abcd", "", expires), "2026-02-01"), [CodesDue::ExpiresSoon("2026-03-01".to_owned())]);
        assert_eq!(of(account("abcd", "", expires), "2026-03-02"), [CodesDue::Expired("2026-03-01".to_owned())]);
        assert_eq!(of(account("abcd", "", ""), "2028-02-01"), [CodesDue::Old(761)]);
        let none = Item::new(
            Collection::Accounts,
            Fields::parse(br#"{"service":"S","login":"l","owners":[],"kind":"none","codes":[],"used":[],"saved":"2020-01-01T00:00:00Z"}"#).unwrap(),
        );
        assert_eq!(of(none.map_err(|(why, _)| why).unwrap(), "2026-01-01"), []);
    }

    #[test]
    fn accounts_that_may_be_one_are_known() {
        let alike = |one: &str, other: &str| is_alike((one, "ops@example.org"), (other, "ops@example.org"));
        for (one, other) in [
            ("GitHub", "Git Hub"),
            ("GitHub", "github.com"),
            ("GitHub", "Githup"),
            ("GitHub", "GitHubb"),
            ("Git-Hub", "itHub"),
        ] {
            assert!(alike(one, other) && alike(other, one), "{one} {other}");
        }
        // The same account, or another one.
        for (one, other) in
            [("GitHub", "github "), ("GitHub", "GitLab"), ("AWS", "AWX"), ("X", "Y"), ("Mail", "Mailbox")]
        {
            assert!(!alike(one, other), "{one} {other}");
        }
        assert!(!is_alike(("GitHub", "ann"), ("Git Hub", "ben")) && is_alike(("GitHub", "ann b"), ("GitHub", "ann.b")));
    }
}
