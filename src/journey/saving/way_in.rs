//! From where people come to the codes of accounts: a menu, an account that is looked at, one that the command line names.

use super::{CodesChoice, Saving, SavingRefusal, WantedAccount};
use crate::domain::codes::{is_alike, is_called};
use crate::domain::inventory::{Collection, SetMode, Version};
use crate::domain::kind::Kind;
use crate::domain::text::Text;
use crate::effect::Source;
use crate::journey::{Given, Goal, Journey, Reply, Route};

impl Journey {
    /// Somebody chose what to do with the codes of accounts.
    pub fn choose_codes(&mut self, choice: CodesChoice) -> Route {
        self.wanted = None;
        match choice {
            CodesChoice::Save => self.set_out(Goal::Save),
            CodesChoice::Read => self.set_out(Goal::Recover),
            CodesChoice::Practise => {
                self.set_out(Goal::Practise);
                Route::Read(Source::BuiltIn(Kind::Codes))
            }
            CodesChoice::Found => {
                self.set_out(Goal::Make);
                Route::Plan { kind: Kind::Codes }
            }
        }
    }

    /// Codes of an account are saved: of the one that is known, of the one that is wanted, else of one that is asked for.
    pub fn begin_saving(&mut self) {
        if self.saving.account().is_none() && !self.saving.is_holding() {
            self.saving = Saving::of(self.wanted.as_ref());
        }
    }

    /// Codes of this account are to be saved.
    pub fn save_for(&mut self, service: Text, login: Text) -> Route {
        self.wanted = None;
        self.turn_saving(Saving::of(Some(&WantedAccount { service, login: Some(login), mode: SetMode::Add })));
        Route::Codes
    }

    /// Codes of another account are to be saved.
    pub fn save_another(&mut self) -> Route {
        self.wanted = None;
        self.turn_saving(Saving::default());
        Route::Codes
    }

    /// The account that people came for, once it is open: its id. It is led to once.
    pub fn take_wanted(&mut self) -> Option<String> {
        let wanted = self.wanted.take()?;
        let accounts = self.inventory()?.items(Collection::Accounts).map(|version| &version.item);
        let login = wanted.login.as_ref().map(Text::raw);
        let mut found = accounts.filter(|account| is_called(account, wanted.service.raw(), login));
        let (first, second) = (found.next()?, found.next());
        second.is_none().then(|| first.id().to_owned())
    }

    /// Accounts of an open backup that may be meant by these names.
    pub(super) fn accounts_like(&self, service: &Text, login: &Text) -> Vec<(Text, Text)> {
        let Some(inventory) = self.inventory() else { return Vec::new() };
        let named = |version: &Version| {
            let fields = version.item.fields();
            Some((Text::new(fields.text("service")?)?, Text::new(fields.text("login")?)?))
        };
        let accounts = inventory.items(Collection::Accounts).filter_map(named);
        let is_meant = |(other, other_login): &(Text, Text)| {
            is_alike((service.raw(), login.raw()), (other.raw(), other_login.raw()))
        };
        accounts.filter(is_meant).collect()
    }

    /// A code of an open account was used: the mark is sealed next.
    pub fn mark_used(&mut self, account: &str, title: String, code: &str) -> Route {
        self.turn_saving(Saving::marking(account.to_owned(), title, code));
        Route::SealChange
    }

    /// An answer to what is asked of codes that are saved.
    pub fn answer_saving(&mut self, given: Given<'_>) -> Reply<SavingRefusal> {
        let mut saving = std::mem::take(&mut self.saving);
        let reply = saving.answer(given, self);
        self.saving = saving;
        reply
    }
}
