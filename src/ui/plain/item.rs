//! One item: its public parts, whether recorded or derived, in any of its versions; and one secret at a time, after a question.

use std::fmt::Write;

use zeroize::Zeroizing;

use super::{Conversation, Sought, TalkStep, capital, picked};
use crate::domain::codes::CodeMark;
use crate::domain::inventory::{Collection, Standing, Version, VersionKind};
use crate::domain::secret::SecretText;
use crate::domain::text::{Safe, Text};
use crate::effect::{DerivedKey, Effect, Trouble, WantedKey};
use crate::journey::items::{ItemLine, derived_lines, in_order, lines_of, origin, proposed, say_who_marked, weighed};

pub(super) const REVEAL_HELP: &str =
    "The secret is written here as text, and stays on this terminal and in what can be scrolled back until you clear it.
y says it, n does not.";

/// An item in one of its versions, and what its key gives.
pub(super) struct ShownItem {
    collection: Collection,
    id: String,
    version: usize,
    derived: Option<Result<Box<DerivedKey>, Trouble>>,
    /// What is done as soon as its key is rebuilt.
    then: Then,
}

enum Then {
    /// Its public parts are said. The number in the list, for a hint.
    Say(String),
    /// It is asked whether to say the secret part of this name.
    Ask(String),
}

/// A secret that somebody asked for: the place of its line.
pub(super) struct AskedSecret {
    index: usize,
    /// It is one of a vault that the backup does not hold.
    of: Option<Box<Sought>>,
}

impl Conversation {
    pub(super) fn say_item(&mut self, number: &str, version: Option<&str>) {
        self.turn_to(number, version, Then::Say(number.trim_end_matches('.').to_owned()));
    }

    /// Codes of the account with that number are to be saved.
    pub(super) fn save_codes_of(&mut self, number: &str) {
        let named = |account: &Version| {
            let fields = account.item.fields();
            Some((Text::new(fields.text("service")?)?, Text::new(fields.text("login")?)?))
        };
        match self.account_listed(number).map(named) {
            Ok(Some((service, login))) => {
                self.journey.save_for(service, login);
                self.begin_saving();
            }
            Ok(None) => self.say("That account has no name that codes can be saved for."),
            Err(why) => self.say(why),
        }
    }

    /// A code of the account with that number was used: the next one, or the one of that name.
    pub(super) fn mark_code_used(&mut self, number: &str, name: &[&str]) {
        let found = self.account_listed(number).and_then(|account| {
            let lines = lines_of(Collection::Accounts, account.item.fields());
            let is_next = |line: &&ItemLine<'_>| line.mark == CodeMark::Next.name();
            let line = match name {
                [] => lines.iter().find(is_next).ok_or("No code of it is left."),
                name => part(&lines, &name.join(" ")).map(|(_, line)| line),
            }?;
            let text = || SecretText::copy_of(line.value);
            line.can_be_marked
                .then(|| (account.item.id().to_owned(), account.item.title(), line.label.to_string(), text()))
                .ok_or("That one is marked already, or stays usable.")
        });
        match found {
            Ok((id, title, label, code)) => {
                self.say(format!("{label} of {} is marked as used, in a new file.", Safe(&title)));
                self.journey.mark_used(&id, title, code.reveal());
                self.begin_sealing();
            }
            Err(why) => self.say(why),
        }
    }

    /// What counts of the account of the last list with that number.
    fn account_listed(&self, number: &str) -> Result<&Version, &'static str> {
        let (collection, id) = self.listed(number)?;
        let standing = self.journey.inventory().and_then(|inventory| inventory.standing(*collection, id));
        let current = standing.and_then(|standing| standing.current.as_ref());
        current.filter(|_| *collection == Collection::Accounts).ok_or("That is no account. a lists them.")
    }

    /// The version that was said last; another one where its number stands before the name.
    pub(super) fn ask_to_reveal(&mut self, number: &str, name: &[&str]) {
        match name {
            [version, name @ ..] if !name.is_empty() && version.parse::<usize>().is_ok() => {
                self.turn_to(number, Some(version), Then::Ask(name.join(" ")));
            }
            name => {
                let listed = self.listed(number).ok();
                let last = self.shown.as_ref().filter(|shown| {
                    listed.is_some_and(|(collection, id)| *collection == shown.collection && *id == shown.id)
                });
                let version = last.map(|shown| (shown.version + 1).to_string());
                self.turn_to(number, version.as_deref(), Then::Ask(name.join(" ")));
            }
        }
    }

    /// Rebuilds the key of an item, if it has one and that is not known, and then does what was asked.
    fn turn_to(&mut self, number: &str, version: Option<&str>, then: Then) {
        let (collection, id) = match self.listed(number) {
            Ok(listed) => listed.clone(),
            Err(why) => {
                self.say(why);
                return;
            }
        };
        let standing = self.journey.inventory().and_then(|inventory| inventory.standing(collection, &id));
        let count = standing.map_or(0, |standing| standing.versions().count());
        let Some(version) = picked(version.unwrap_or(""), count) else {
            let versions = if count == 1 { "one version".to_owned() } else { format!("{count} versions") };
            self.say(format!("It has {versions}. s, its number and the number of a version says that one."));
            return;
        };
        let is_same =
            |shown: &&mut ShownItem| (shown.collection, &shown.id, shown.version) == (collection, &id, version);
        if let Some(shown) = self.shown.as_mut().filter(is_same) {
            shown.then = then;
            self.go_on_with_item();
            return;
        }
        self.shown = Some(ShownItem { collection, id: id.clone(), version, derived: None, then });
        if matches!(collection, Collection::Keys | Collection::Vaults) {
            self.perform(Effect::Derive { wanted: WantedKey::Item { collection, id, version } });
        } else {
            self.go_on_with_item();
        }
    }

    pub(super) fn on_derived(&mut self, result: Result<Box<DerivedKey>, Trouble>) {
        if matches!(self.step, TalkStep::Unlisted(_)) {
            self.on_derived_path(result);
        } else if let Some(shown) = &mut self.shown {
            shown.derived = Some(result);
            self.go_on_with_item();
        }
    }

    fn go_on_with_item(&mut self) {
        let Some(shown) = &self.shown else { return };
        match &shown.then {
            Then::Say(number) => {
                let number = number.clone();
                let said = self.said_of(shown, &number);
                self.say_lines(said);
            }
            Then::Ask(name) => {
                let name = name.clone();
                self.ask_for_part(&name, None);
            }
        }
    }

    /// Asks whether the secret of that name is said; without a name, the only one.
    pub(super) fn ask_for_part(&mut self, name: &str, of: Option<Box<Sought>>) {
        let lines = of.as_ref().map_or_else(|| self.lines(), |vault| vault.lines());
        let said = part(&lines, name).map(|(index, line)| {
            let mut said = Vec::new();
            if !line.hint.is_empty() {
                said.push(line.hint.to_owned());
            }
            if line.mark.starts_with(CodeMark::Used.name()) {
                said.push("It is marked as used.".to_owned());
            }
            said.push(format!("{}: it will stand on this terminal until you clear it.", Safe(&line.label)));
            (index, said)
        });
        drop(lines);
        match (said, of) {
            (Ok((index, mut said)), of) => {
                if of.is_none() && self.kind().is_some_and(|kind| kind != VersionKind::Current) {
                    said.insert(0, "This is of a version that does not count.".to_owned());
                }
                self.say_lines(said);
                self.step = TalkStep::Reveal(AskedSecret { index, of });
            }
            (Err(why), of) => {
                self.say(why);
                if let Some(vault) = of {
                    self.step = TalkStep::Unlisted(vault);
                }
            }
        }
    }

    pub(super) fn on_reveal(&mut self, line: &str) {
        let TalkStep::Reveal(asked) = &self.step else { return };
        if matches!(line, "y" | "Y") {
            let lines = asked.of.as_ref().map_or_else(|| self.lines(), |vault| vault.lines());
            let line = lines.get(asked.index).filter(|line| line.is_secret);
            let said = line.map(|line| secret_line(&line.label, line.value));
            drop(lines);
            self.journey.history.revealed += usize::from(said.is_some());
            self.said.extend(said);
        } else if matches!(line, "n" | "N" | "" | "<") {
            self.say("It was not said.");
        } else {
            self.say("Type y to have it said, or n.");
            return;
        }
        if let TalkStep::Reveal(asked) = std::mem::replace(&mut self.step, TalkStep::Recovered)
            && let Some(vault) = asked.of
        {
            self.step = TalkStep::Unlisted(vault);
        }
    }

    fn version(&self, shown: &ShownItem) -> Option<(&Standing, VersionKind, &Version)> {
        let standing = self.journey.inventory()?.standing(shown.collection, &shown.id)?;
        standing.versions().nth(shown.version).map(|(kind, version)| (standing, kind, version))
    }

    fn kind(&self) -> Option<VersionKind> {
        self.version(self.shown.as_ref()?).map(|(_, kind, _)| kind)
    }

    /// What the item holds that was turned to, recorded and derived.
    fn lines(&self) -> Vec<ItemLine<'_>> {
        self.shown.as_ref().map_or_else(Vec::new, |shown| self.lines_of_shown(shown))
    }

    fn lines_of_shown<'a>(&'a self, shown: &'a ShownItem) -> Vec<ItemLine<'a>> {
        let Some((_, _, version)) = self.version(shown) else { return Vec::new() };
        let fields = version.item.fields();
        let mut lines = lines_of(shown.collection, fields);
        if let Some(inventory) = self.journey.inventory() {
            say_who_marked(&mut lines, inventory, &shown.id);
        }
        if let Some(Ok(derived)) = &shown.derived {
            lines.extend(derived_lines(derived, Some(fields)));
        }
        in_order(&mut lines);
        lines
    }

    /// Who sealed it and whether it counts, its public parts, and the names of its secret ones.
    fn said_of(&self, shown: &ShownItem, number: &str) -> Vec<String> {
        let Some((standing, kind, version)) = self.version(shown) else { return Vec::new() };
        let mut said = vec![format!("{}: {}.", capital(shown.collection.noun()), Safe(&version.item.title()))];
        if standing.current.is_none() {
            said.push("It was removed: no version of it counts.".to_owned());
        }
        let count = standing.versions().count();
        if count > 1 {
            let counts = match (kind, version.is_trusted()) {
                (VersionKind::Current, true) => " This one counts.",
                (VersionKind::Current, false) => " This one counts, unconfirmed.",
                _ => "",
            };
            said.push(format!("Version {} of {count}.{counts}", shown.version + 1));
        }
        said.push(origin(kind, version, self.journey.holder()));
        if kind == VersionKind::Current {
            let holder = self.journey.holder();
            said.extend(proposed(standing, holder));
            let checks = self.journey.opening.as_ref().map(|opening| &opening.comparison.checks);
            said.extend(checks.and_then(|checks| weighed(checks, version, holder)));
            said.extend(standing.by_others(holder));
        }
        match &shown.derived {
            Some(Err(trouble)) if kind == VersionKind::Current => {
                said.extend([trouble.what.clone(), trouble.hint.clone()]);
            }
            Some(Ok(derived)) if derived.is_red => said.push("It does not check.".to_owned()),
            _ => {}
        }
        if count > 1 && shown.version == 0 {
            said.push(format!("s {number} 2 says version 2."));
        }
        said.extend(said_lines(&self.lines_of_shown(shown), &format!("r {number} and the name")));
        said
    }
}

/// Public lines, then the names of the secret ones and how one of them is heard.
pub(super) fn said_lines(lines: &[ItemLine<'_>], how: &str) -> Vec<String> {
    let public = lines.iter().filter(|line| !line.is_secret);
    let mut said: Vec<String> = public.map(|line| format!("{}: {}", Safe(&line.label), Safe(line.value))).collect();
    let secret: Vec<String> = lines
        .iter()
        .filter(|line| line.is_secret)
        .map(|line| {
            let mark = if line.mark.is_empty() { String::new() } else { format!(" ({})", line.mark) };
            format!("{}{mark}", Safe(&line.label))
        })
        .collect();
    said.push(if secret.is_empty() {
        "It has no secret parts.".to_owned()
    } else {
        format!("Secret parts: {}. {how} says one.", secret.join("; "))
    });
    said
}

/// The secret line of that name, else the only one whose name begins so, or holds it.
fn part<'a, 'b>(lines: &'a [ItemLine<'b>], name: &str) -> Result<(usize, &'a ItemLine<'b>), &'static str> {
    let secret = || lines.iter().enumerate().filter(|(_, line)| line.is_secret);
    // As in the record, too.
    let name = name.to_lowercase().replace('_', " ");
    let called = |line: &ItemLine<'_>| line.label.to_lowercase().replace('_', " ");
    if let Some(found) = secret().find(|(_, line)| called(line) == name) {
        return Ok(found);
    }
    let begins = |line: &ItemLine<'_>| called(line).starts_with(&name);
    let is_begun = secret().any(|(_, line)| begins(line));
    let mut fitting = secret().filter(|(_, line)| if is_begun { begins(line) } else { called(line).contains(&name) });
    match (fitting.next(), fitting.next()) {
        (Some(found), None) => Ok(found),
        (Some(_), Some(_)) if name.is_empty() => Err("It has several secret parts. Type the name of one after it."),
        (Some(_), Some(_)) => Err("Several secret parts are called so. Type the whole name."),
        (None, _) => Err("It has no secret part of that name. s and its number names them."),
    }
}

/// A secret with its name, without a copy of it on the way: `Safe` writes at most ten characters for one, so nothing grows.
fn secret_line(label: &str, value: &str) -> Zeroizing<String> {
    let mut line = Zeroizing::new(String::with_capacity((label.len() + value.len()).saturating_mul(10) + 2));
    let _ = write!(line, "{}: {}", Safe(label), Safe(value));
    line
}

#[cfg(test)]
mod tests {
    use super::super::tests::{PRIVATE, Talking, derived};
    use super::*;
    use crate::effect::Outcome;
    use crate::ui::app::Request;

    fn give(talking: &mut Talking) -> String {
        talking.hear(Outcome::Derived(Ok(Box::new(derived()))))
    }

    #[test]
    fn what_is_derived_is_said_with_what_is_recorded() {
        let mut talking = Talking::at_recovered();
        talking.line("k");
        assert_eq!(talking.line("s 1"), "");
        assert!(talking.0.prompt().is_none(), "the key is being rebuilt");
        let said = give(&mut talking);
        let expected = [
            "Key: Main.",
            "public key: 0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
            "check: match",
            "derived public key: 03ffee",
            "Ledger: A Ledger cannot take it.",
        ];
        for line in expected {
            assert!(said.lines().any(|said| said == line), "{line} in {said}");
        }
        assert!(
            said.ends_with("Secret parts: WIF; private key; derived private key. r 1 and the name says one."),
            "{said}"
        );
        assert!(
            !said.contains("Version") && !said.contains("Kwif") && !said.contains("77aa55") && !said.contains(PRIVATE)
        );
        // The second time nothing has to be rebuilt.
        assert!(talking.line("s 1").contains("check: match"));
    }

    #[test]
    fn versions_are_counted_and_say_whether_they_count() {
        let mut talking = Talking::at_recovered();
        talking.line("v");
        talking.line("s 1");
        let said = give(&mut talking);
        assert!(said.contains("Version 1 of 3. This one counts.") && said.contains("s 1 2 says version 2."), "{said}");
        assert!(said.contains("A change was proposed on"), "{said}");
        talking.line("s 1 2");
        let requests = talking.0.take_requests();
        assert!(requests.iter().any(|request| matches!(
            request,
            Request::Perform(_, Effect::Derive { wanted: WantedKey::Item { version: 1, .. } })
        )));
        let said = give(&mut talking);
        assert!(
            said.contains("Vault: Rent of mine.\nVersion 2 of 3.\nProposed on") && said.contains("does not count"),
            "{said}"
        );
        // A secret part is that of the version that was said last, or of the one that is named.
        assert!(
            talking
                .line("r 1 wif")
                .contains("This is of a version that does not count.\nElectrum takes it.\nWIF: it will")
        );
        talking.line("n");
        talking.line("r 1 1 wif");
        assert!(!give(&mut talking).contains("does not count"));
        talking.line("n");
        talking.line("s 1 3");
        assert!(give(&mut talking).contains("An earlier version"));
        for wrong in ["s 1 4", "s 1 0", "s 1 x"] {
            assert!(talking.line(wrong).contains("It has 3 versions."), "{wrong}");
        }
        assert!(talking.line("s 9").contains("no item with that number"));
        talking.line("s 3");
        let trouble = Trouble::new("Nothing can be derived of this.", "Look at the other versions of it.");
        let said = talking.hear(Outcome::Derived(Err(trouble)));
        assert!(
            said.contains("It was removed: no version of it counts.") && !said.contains("Nothing can be"),
            "{said}"
        );
    }

    #[test]
    fn a_secret_is_said_after_its_hint_and_a_question_only() {
        let mut talking = Talking::at_recovered();
        talking.line("k");
        talking.line("r 1");
        assert!(give(&mut talking).contains("several secret parts"));
        assert!(talking.line("r 1 nothing").contains("no secret part of that name"));
        assert!(talking.line("r 1 DERIVED").contains("derived private key: it will stand on this terminal"));
        assert_eq!(talking.prompt(), "Say it here? y or n:");
        assert!(talking.line("maybe").contains("Type y"));
        assert!(talking.line("<").contains("It was not said."));
        assert_eq!(talking.0.journey.history.revealed, 0);
        talking.line("r 1 private_key");
        assert_eq!(talking.line("y"), format!("private key: {PRIVATE}"));
        assert_eq!((talking.prompt().as_str(), talking.0.journey.history.revealed), ("What next:", 1));
        talking.line("a");
        let said = talking.line("s 1");
        assert!(said.contains("code 1 (used); code 2 (next)"), "{said}");
        assert!(talking.line("r 1 code").contains("Several secret parts are called so."));
        assert!(talking.line("r 1 code 1").contains("It is marked as used.\ncode 1: it will"));
        assert_eq!(talking.line("y"), "code 1: 1111-2222");
    }

    #[test]
    fn what_ended_by_a_defect_is_asked_for_again() {
        let mut talking = Talking::at_recovered();
        talking.line("k");
        talking.line("s 1");
        assert!(talking.hear(Outcome::Died).contains("can be tried again"));
        talking.line("s 1");
        assert!(give(&mut talking).contains("check: match"));
    }
}
