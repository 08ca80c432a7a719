//! An export: what, in which form, where, under which name; then a passphrase that is proven to stand on paper, or four digits that
//! agree to a file without encryption. Holds the passphrase from its making until it is dropped, which happens in one place.

mod choices;

use std::path::{Path, PathBuf};

use super::{Given, Journey, Reply};
use crate::domain::export_form::{ExportError, ExportForm, Protection, Selection};
use crate::domain::passphrase::{PassphraseError, check_own, matches, matches_generated};
use crate::domain::secret::SecretText;
use crate::effect::{Effect, ExportOrder, Place, Trouble, WrittenFiles};

pub use self::choices::{
    NOTHING, PASSPHRASES, afterwards, choices, forms, is_empty, is_name, warning, with_ending, with_extension,
};

/// What is decided of an export, and what is asked now.
pub struct Export {
    asked: Asked,
    selection: Selection,
    form: ExportForm,
    folder: PathBuf,
    name: String,
    passphrase: Passphrase,
    /// A passphrase that was shown does not count any more: it may stand on a paper.
    has_void_paper: bool,
    written: Option<WrittenFiles>,
}

/// What is asked. In the order of the questions; the last five are those of a passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A row of [`choices`].
    What,
    /// A row of [`forms`].
    Form,
    /// A row of [`Place::for_exports`]; or to look for places again.
    Place,
    /// The name of a new file in the chosen folder.
    Name,
    /// The four digits of [`crate::effect::Opening`], for a file that is not encrypted.
    Digits,
    /// A row of [`PASSPHRASES`].
    Which,
    /// Whether the made one, once it was shown, stands on paper.
    Made,
    TypedBack,
    Own,
    OwnAgain,
    /// Nothing any more: a file was written, or the export was left.
    Done,
}

/// Why an answer is not taken, or what was done failed.
#[derive(Debug)]
pub enum Refusal {
    /// The list has no such row.
    NotListed,
    /// That form cannot hold what is to be written.
    DoesNotFit(ExportError),
    /// There is no place that may be written to.
    NoPlace,
    /// It cannot be the name of a file in the chosen folder.
    NotAName,
    NotTheDigits,
    /// One's own passphrase is not taken.
    Unfit(PassphraseError),
    /// Nothing was typed where a passphrase is typed again.
    Nothing,
    /// It is not the passphrase that was shown, or typed first.
    /// `group`: of a generated one, the first group that differs, from 1.
    NotTheSame {
        group: Option<usize>,
    },
    /// No passphrase could be made.
    NotMade(Trouble),
    /// The name cannot be taken.
    NameRefused(Trouble),
    NotWritten(Trouble),
}

enum Passphrase {
    None,
    /// Made at random, and shown to nobody.
    Made(SecretText),
    /// Made, and shown.
    Seen(SecretText),
    /// One's own, typed once.
    Own(SecretText),
    /// Typed back from paper, or typed twice: it counts, and the file that it is for may be tried again.
    Agreed(SecretText),
}

impl Default for Export {
    fn default() -> Self {
        Self {
            asked: Asked::What,
            selection: Selection::default(),
            form: ExportForm::Kdbx,
            folder: PathBuf::new(),
            name: String::new(),
            passphrase: Passphrase::None,
            has_void_paper: false,
            written: None,
        }
    }
}

impl Export {
    pub fn asked(&self) -> Asked {
        self.asked
    }

    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    pub fn form(&self) -> ExportForm {
        self.form
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The name that was taken, with the ending of its form.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What was written, at the end.
    pub fn written(&self) -> Option<&WrittenFiles> {
        self.written.as_ref()
    }

    /// The made passphrase, once it was shown and while it is asked about.
    pub fn seen(&self) -> Option<&SecretText> {
        match &self.passphrase {
            Passphrase::Seen(passphrase) | Passphrase::Agreed(passphrase) if self.asked == Asked::Made => {
                Some(passphrase)
            }
            Passphrase::None
            | Passphrase::Made(_)
            | Passphrase::Seen(_)
            | Passphrase::Own(_)
            | Passphrase::Agreed(_) => None,
        }
    }

    /// Whether the passphrase that is asked about was made after another one was shown, which may stand on a paper.
    pub fn has_void_paper(&self) -> bool {
        self.has_void_paper
    }

    /// Whether a passphrase was agreed on that the next file of this form takes without being asked for.
    pub fn keeps_passphrase(&self) -> bool {
        matches!((self.protection(), &self.passphrase), (Protection::Passphrase, Passphrase::Agreed(_)))
    }

    /// Somebody wants to see the made passphrase: from now on [`Export::seen`] gives it. Each time counts.
    pub fn show(&mut self, journey: &mut Journey) {
        if self.asked != Asked::Made {
            return;
        }
        self.passphrase = match std::mem::replace(&mut self.passphrase, Passphrase::None) {
            Passphrase::Made(made) => Passphrase::Seen(made),
            other => other,
        };
        journey.history.revealed += 1;
    }

    /// An answer to what is asked.
    pub fn answer(&mut self, given: Given<'_>, journey: &Journey) -> Reply<Refusal> {
        match self.asked {
            Asked::What => match given.row().and_then(|row| choices(journey).into_iter().nth(row)) {
                Some((_, selection)) => {
                    self.selection = selection;
                    self.turn(Asked::Form)
                }
                None => Reply::Refused(Refusal::NotListed),
            },
            Asked::Form => match given.row().and_then(|row| forms(&self.selection, journey.kind()).get(row).copied()) {
                Some(form) => match check(form, &self.selection, journey) {
                    Ok(()) => {
                        self.form = form;
                        look_for_places()
                    }
                    Err(error) => Reply::Refused(Refusal::DoesNotFit(error)),
                },
                None => Reply::Refused(Refusal::NotListed),
            },
            Asked::Place if matches!(given, Given::Again) => look_for_places(),
            Asked::Place => {
                let places = Place::for_exports(&journey.places);
                match given.row().and_then(|row| places.get(row)) {
                    Some(place) => {
                        self.folder.clone_from(&place.path);
                        self.turn(Asked::Name)
                    }
                    None if places.is_empty() => Reply::Refused(Refusal::NoPlace),
                    None => Reply::Refused(Refusal::NotListed),
                }
            }
            Asked::Name if !is_name(given.text().trim()) => Reply::Refused(Refusal::NotAName),
            Asked::Name => {
                self.name = with_ending(given.text().trim(), self.form);
                Reply::Do(Effect::CheckName { form: self.form, path: self.path() }, "Looking at the name")
            }
            Asked::Digits => {
                let typed = given.text().trim();
                let digits = journey.opening.as_ref().map(|opening| opening.digits.as_str());
                if typed.is_empty() || digits != Some(typed) {
                    return Reply::Refused(Refusal::NotTheDigits);
                }
                self.write()
            }
            Asked::Which => match given.row() {
                Some(0) => Reply::Do(Effect::MakePassphrase, "Making a passphrase"),
                Some(1) => self.turn(Asked::Own),
                _ => Reply::Refused(Refusal::NotListed),
            },
            Asked::Made if matches!(given, Given::Yes) && self.seen().is_some() => self.turn(Asked::TypedBack),
            Asked::Own => match check_own(given.text()) {
                Ok(()) => {
                    self.passphrase = Passphrase::Own(SecretText::copy_of(given.text()));
                    self.turn(Asked::OwnAgain)
                }
                Err(error) => Reply::Refused(Refusal::Unfit(error)),
            },
            Asked::TypedBack | Asked::OwnAgain => self.agree(given.text()),
            Asked::Made | Asked::Done => Reply::Ask,
        }
    }

    /// One question back. A passphrase that nobody agreed on is forgotten before the question that it came from.
    pub fn back(&mut self) -> Reply<Refusal> {
        self.turn(match self.asked {
            Asked::What | Asked::Done => Asked::Done,
            Asked::Form => Asked::What,
            Asked::Place => Asked::Form,
            Asked::Name => Asked::Place,
            Asked::Digits | Asked::Which => Asked::Name,
            Asked::Made | Asked::Own => Asked::Which,
            // Nothing shows it again but being asked to.
            Asked::TypedBack => Asked::Made,
            Asked::OwnAgain => Asked::Own,
        })
    }

    /// Where files may be. Where that was given up the form is still asked for: an older list would be asked from.
    pub fn hear_places(&mut self, places: Vec<Place>, journey: &mut Journey) -> Reply<Refusal> {
        journey.places = places;
        if matches!(self.asked, Asked::Form | Asked::Place) { self.turn(Asked::Place) } else { Reply::Ask }
    }

    /// Whether the name can be taken: before a passphrase is written down for a file that cannot be made.
    pub fn hear_name(&mut self, checked: Result<(), Trouble>) -> Reply<Refusal> {
        if let Err(trouble) = checked {
            return Reply::Refused(Refusal::NameRefused(trouble));
        }
        if self.asked != Asked::Name {
            return Reply::Ask;
        }
        match self.protection() {
            Protection::Nothing => self.turn(Asked::Digits),
            // After a failed attempt the same passphrase stands on the paper already.
            Protection::Passphrase if !self.keeps_passphrase() => self.turn(Asked::Which),
            Protection::NoSecret | Protection::Passphrase => self.write(),
        }
    }

    pub fn hear_passphrase(&mut self, made: Result<SecretText, Trouble>) -> Reply<Refusal> {
        match made {
            Ok(passphrase) if self.asked == Asked::Which => {
                self.passphrase = Passphrase::Made(passphrase);
                self.turn(Asked::Made)
            }
            Ok(_) => Reply::Ask,
            Err(trouble) => Reply::Refused(Refusal::NotMade(trouble)),
        }
    }

    /// What became of the file. Where there is none, another name is asked for.
    pub fn hear_exported(&mut self, result: Result<WrittenFiles, Trouble>, journey: &mut Journey) -> Reply<Refusal> {
        journey.history.export(&result);
        match result {
            Ok(written) => {
                journey.wrote(written.form, &self.selection);
                self.written = Some(written);
                self.turn(Asked::Done);
                Reply::Ask
            }
            Err(trouble) => {
                self.turn(Asked::Name);
                Reply::Refused(Refusal::NotWritten(trouble))
            }
        }
    }

    /// Turns to another question, and drops the passphrase where it does not count there. Nothing else drops it.
    fn turn(&mut self, to: Asked) -> Reply<Refusal> {
        let is_kept = match to {
            Asked::What | Asked::Form | Asked::Place | Asked::Name | Asked::Digits => {
                matches!(self.passphrase, Passphrase::Agreed(_))
            }
            Asked::Made | Asked::TypedBack | Asked::OwnAgain => true,
            Asked::Which | Asked::Own | Asked::Done => false,
        };
        if !is_kept {
            self.has_void_paper |= self.seen().is_some();
            self.passphrase = Passphrase::None;
        }
        self.asked = to;
        if to == Asked::Done { Reply::Left } else { Reply::Ask }
    }

    /// A passphrase was typed again.
    fn agree(&mut self, typed: &str) -> Reply<Refusal> {
        if typed.trim().is_empty() {
            return Reply::Refused(Refusal::Nothing);
        }
        let is_made = self.asked == Asked::TypedBack;
        let wanted = match std::mem::replace(&mut self.passphrase, Passphrase::None) {
            Passphrase::Seen(wanted) | Passphrase::Own(wanted) | Passphrase::Agreed(wanted) => wanted,
            other @ (Passphrase::None | Passphrase::Made(_)) => {
                self.passphrase = other;
                return Reply::Refused(Refusal::NotTheSame { group: None });
            }
        };
        let group = match matches_generated(typed, &wanted) {
            Err(group) if is_made => Some(group),
            Ok(()) | Err(_) => None,
        };
        if group.is_some() || !is_made && !matches(typed, &wanted) {
            self.passphrase = if is_made { Passphrase::Seen(wanted) } else { Passphrase::Own(wanted) };
            return Reply::Refused(Refusal::NotTheSame { group });
        }
        self.passphrase = Passphrase::Agreed(wanted);
        self.write()
    }

    /// What the file takes before it is written: four digits where nothing protects it.
    pub fn protection(&self) -> Protection {
        self.selection.protection(self.form)
    }

    fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// Has the file written. What is asked stays until it is known what became of it.
    fn write(&self) -> Reply<Refusal> {
        let passphrase = match (self.protection(), &self.passphrase) {
            (Protection::Passphrase, Passphrase::Agreed(agreed)) => Some(SecretText::copy_of(agreed.reveal())),
            (Protection::Passphrase, _) => return Reply::Ask,
            (Protection::NoSecret | Protection::Nothing, _) => None,
        };
        let order = ExportOrder { form: self.form, selection: self.selection.clone(), path: self.path(), passphrase };
        Reply::Do(Effect::Export(Box::new(order)), "Writing, and reading back what was written")
    }
}

/// Whether a form can hold that: before anybody looks for a place, or writes down a passphrase.
fn check(form: ExportForm, selection: &Selection, journey: &Journey) -> Result<(), ExportError> {
    journey.opening.as_ref().map_or(Ok(()), |opening| form.check(&opening.inventory, selection))
}

fn look_for_places<R>() -> Reply<R> {
    Reply::Do(Effect::FindPlaces, "Looking for media")
}

#[cfg(test)]
mod tests {
    use super::super::samples::{DIGITS, opened};
    use super::*;
    use crate::domain::inventory::Collection;
    use crate::effect::PlaceKind;

    const MADE: &str = "abcde-fghjk";
    const OWN: &str = "my long passphrase";

    fn places() -> Vec<Place> {
        ["/one", "/two"].map(|path| Place::new(PlaceKind::Current, path, true)).into()
    }

    fn trouble() -> Trouble {
        Trouble::new("full.", "Make room.")
    }

    fn written(form: ExportForm) -> WrittenFiles {
        WrittenFiles {
            paths: vec!["/one/x".into()],
            form,
            protection: Selection::default().protection(form),
            exposure: None,
        }
    }

    fn made() -> SecretText {
        SecretText::copy_of(MADE)
    }

    #[test]
    fn what_a_form_cannot_hold_is_refused_where_it_is_chosen() {
        let mut journey = opened();
        // Marked are keys alone, which are in no table.
        let inventory = journey.opening.as_ref().unwrap().inventory.clone();
        let keys: Vec<_> =
            inventory.standings(Collection::Keys).map(|(id, _)| (Collection::Keys, id.to_owned())).collect();
        assert!(!keys.is_empty());
        journey.marked.extend(keys);
        let mut export = Export::default();
        export.answer(Given::Row(0), &journey);
        let offered = forms(export.selection(), journey.kind());
        let row = offered.iter().position(|form| *form == ExportForm::Csv).unwrap();
        let reply = export.answer(Given::Row(row), &journey);
        assert!(matches!(reply, Reply::Refused(Refusal::DoesNotFit(ExportError::Nothing { form: "csv" }))));
        assert_eq!(export.asked(), Asked::Form, "no place is looked for, and no passphrase asked");
        let row = offered.iter().position(|form| *form == ExportForm::Kdbx).unwrap();
        assert!(matches!(export.answer(Given::Row(row), &journey), Reply::Do(Effect::FindPlaces, _)));
    }

    /// What somebody does, or what is heard.
    enum Event {
        Row(usize),
        Text(&'static str),
        Yes,
        Again,
        Back,
        Show,
        Places(usize),
        Name(bool),
        Made(bool),
        Exported(bool),
    }
    use Event::*;

    /// An export with the journey that it belongs to, and what came of the last event.
    struct Tried {
        export: Export,
        journey: Journey,
        reply: Reply<Refusal>,
    }

    impl Tried {
        fn new() -> Self {
            Self { export: Export::default(), journey: opened(), reply: Reply::Ask }
        }

        fn tell(&mut self, event: &Event) {
            let Self { export, journey, .. } = self;
            self.reply = match *event {
                Row(row) => export.answer(Given::Row(row), journey),
                Text(text) => export.answer(Given::Text(text), journey),
                Yes => export.answer(Given::Yes, journey),
                Again => export.answer(Given::Again, journey),
                Back => export.back(),
                Show => {
                    export.show(journey);
                    Reply::Ask
                }
                Places(count) => export.hear_places(places().into_iter().take(count).collect(), journey),
                Name(true) => export.hear_name(Ok(())),
                Name(false) => export.hear_name(Err(trouble())),
                Made(true) => export.hear_passphrase(Ok(made())),
                Made(false) => export.hear_passphrase(Err(trouble())),
                Exported(true) => export.hear_exported(Ok(written(export.form)), journey),
                Exported(false) => export.hear_exported(Err(trouble()), journey),
            };
        }

        fn after(mut self, events: &[Event]) -> Self {
            for event in events {
                self.tell(event);
            }
            self
        }

        /// Behind a name that can be taken, for this form of everything.
        fn named(form: usize) -> Self {
            Self::new().after(&[Row(0), Row(form), Places(2), Row(0), Text("x"), Name(true)])
        }

        /// In front of the made passphrase, not shown yet.
        fn made() -> Self {
            Self::named(0).after(&[Row(0), Made(true)])
        }

        fn asked(&self) -> Asked {
            self.export.asked
        }

        fn holds(&self) -> bool {
            !matches!(self.export.passphrase, Passphrase::None)
        }

        fn order(&self) -> Option<&ExportOrder> {
            match &self.reply {
                Reply::Do(Effect::Export(order), _) => Some(order),
                _ => None,
            }
        }

        fn refused(&self) -> Option<&Refusal> {
            match &self.reply {
                Reply::Refused(why) => Some(why),
                _ => None,
            }
        }
    }

    #[test]
    fn each_answer_leads_to_the_next_question_and_back_to_the_one_before() {
        let expected = [
            (Row(0), Asked::Form),
            (Back, Asked::What),
            (Row(0), Asked::Form),
            (Row(0), Asked::Form),
            (Places(2), Asked::Place),
            (Back, Asked::Form),
            (Row(0), Asked::Form),
            (Places(2), Asked::Place),
            (Again, Asked::Place),
            (Row(1), Asked::Name),
            (Back, Asked::Place),
            (Row(1), Asked::Name),
            (Text("mine"), Asked::Name),
            (Name(true), Asked::Which),
            (Back, Asked::Name),
            (Text("mine"), Asked::Name),
            (Name(true), Asked::Which),
            (Row(1), Asked::Own),
            (Back, Asked::Which),
            (Row(1), Asked::Own),
            (Text(OWN), Asked::OwnAgain),
            (Back, Asked::Own),
            (Back, Asked::Which),
            (Row(0), Asked::Which),
            (Made(true), Asked::Made),
            (Back, Asked::Which),
            (Made(true), Asked::Made),
            (Show, Asked::Made),
            (Yes, Asked::TypedBack),
            (Back, Asked::Made),
            (Yes, Asked::TypedBack),
            (Text(MADE), Asked::TypedBack),
            (Exported(false), Asked::Name),
            (Text("mine"), Asked::Name),
            (Name(true), Asked::Name),
            (Exported(true), Asked::Done),
        ];
        let mut tried = Tried::new();
        for (number, (event, asked)) in expected.iter().enumerate() {
            tried.tell(event);
            assert_eq!(tried.asked(), *asked, "{number}");
        }
        assert!(matches!(tried.export.back(), Reply::Left));
        assert_eq!((tried.export.folder(), tried.export.name()), (Path::new("/two"), "mine.kdbx"));
    }

    #[test]
    fn what_is_not_encrypted_takes_the_four_digits_and_public_parts_take_nothing() {
        let json = Tried::named(1);
        assert_eq!(json.asked(), Asked::Digits);
        let json = json.after(&[Text(" 0471 ")]);
        let order = json.order().expect("it is written");
        assert!(order.form == ExportForm::Json && order.passphrase.is_none() && order.path == Path::new("/one/x.json"));
        assert_eq!(Tried::named(1).after(&[Back]).asked(), Asked::Name);
        let public = Tried::new().after(&[Row(1), Row(1), Places(1), Row(0), Text("x"), Name(true)]);
        let order = public.order().expect("it is written");
        assert!(order.form == ExportForm::Csv && order.selection.is_public_only && order.passphrase.is_none());
    }

    #[test]
    fn only_the_digits_as_they_stand_agree_and_nothing_agrees_where_there_are_none() {
        for wrong in ["", " ", "0 471", "471", "04711", "abandon"] {
            let tried = Tried::named(1).after(&[Text(wrong)]);
            assert!(matches!(tried.refused(), Some(Refusal::NotTheDigits)), "{wrong}");
        }
        let mut tried = Tried::named(1);
        if let Some(opening) = &mut tried.journey.opening {
            opening.digits.clear();
        }
        tried.tell(&Text(""));
        assert!(matches!(tried.refused(), Some(Refusal::NotTheDigits)));
        tried.journey.wipe();
        tried.tell(&Text(DIGITS));
        assert!(matches!(tried.refused(), Some(Refusal::NotTheDigits)));
    }

    #[test]
    fn a_row_that_is_not_listed_and_a_name_that_is_none_are_refused_where_they_were_given() {
        for (before, asked) in [
            (&[][..], Asked::What),
            (&[Row(0)], Asked::Form),
            (&[Row(0), Row(0), Places(2)], Asked::Place),
            (&[Row(0), Row(0), Places(2), Row(0), Text("x"), Name(true)], Asked::Which),
        ] {
            for wrong in [Row(9), Row(usize::MAX), Text("0"), Yes] {
                let tried = Tried::new().after(before).after(&[wrong]);
                assert!(matches!(tried.refused(), Some(Refusal::NotListed)) && tried.asked() == asked, "{asked:?}");
            }
        }
        let nowhere = Tried::new().after(&[Row(0), Row(0), Places(0), Row(0)]);
        assert!(matches!(nowhere.refused(), Some(Refusal::NoPlace)));
        for wrong in ["", "a/b", "/x", ".", ".."] {
            let tried = Tried::new().after(&[Row(0), Row(0), Places(2), Row(0), Text(wrong)]);
            assert!(matches!(tried.refused(), Some(Refusal::NotAName)) && tried.asked() == Asked::Name, "{wrong}");
        }
        let taken = Tried::new().after(&[Row(0), Row(0), Places(2), Row(0), Text("x"), Name(false)]);
        assert!(matches!(taken.refused(), Some(Refusal::NameRefused(_))) && taken.asked() == Asked::Name);
    }

    #[test]
    fn places_that_were_not_heard_of_are_not_asked_from() {
        let mut tried = Tried::new();
        tried.journey.places = places();
        let tried = tried.after(&[Row(0), Row(0)]);
        assert_eq!(tried.asked(), Asked::Form, "looking for them may have been given up");
        assert_eq!(tried.after(&[Row(1), Places(1)]).asked(), Asked::Place);
    }

    #[test]
    fn a_made_passphrase_counts_after_it_was_shown_and_typed_back() {
        let unseen = Tried::made().after(&[Yes]);
        assert!(unseen.asked() == Asked::Made && unseen.export.seen().is_none() && unseen.holds());
        let shown = unseen.after(&[Show]);
        assert_eq!(shown.export.seen().map(SecretText::reveal), Some(MADE));
        let typed = shown.after(&[Yes, Text("abcde-fghjl")]);
        assert!(matches!(typed.refused(), Some(Refusal::NotTheSame { .. })) && typed.asked() == Asked::TypedBack);
        let typed = typed.after(&[Text(" abcde-fghjk ")]);
        let passphrase = typed.order().and_then(|order| order.passphrase.as_ref());
        assert_eq!(passphrase.map(SecretText::reveal), Some(MADE));
        let failed = Tried::named(0).after(&[Row(0), Made(false)]);
        assert!(matches!(failed.refused(), Some(Refusal::NotMade(_))) && failed.asked() == Asked::Which);
    }

    #[test]
    fn a_passphrase_of_ones_own_counts_after_it_was_typed_twice() {
        let short = Tried::named(0).after(&[Row(1), Text("too short")]);
        assert!(matches!(short.refused(), Some(Refusal::Unfit(PassphraseError::TooShort { length: 9 }))));
        assert!(!short.holds());
        let wrong = short.after(&[Text(OWN), Text("my long passphrasf")]);
        assert!(matches!(wrong.refused(), Some(Refusal::NotTheSame { .. })) && wrong.asked() == Asked::OwnAgain);
        let right = wrong.after(&[Text(OWN)]);
        let passphrase = right.order().and_then(|order| order.passphrase.as_ref());
        assert_eq!(passphrase.map(SecretText::reveal), Some(OWN));
        assert_eq!(right.journey.history.revealed, 0);
    }

    #[test]
    fn enter_alone_is_no_wrong_passphrase() {
        for before in [&[Row(0), Made(true), Show, Yes][..], &[Row(1), Text(OWN)]] {
            for nothing in ["", "  "] {
                let tried = Tried::named(0).after(before).after(&[Text(nothing)]);
                assert!(matches!(tried.refused(), Some(Refusal::Nothing)) && tried.holds());
            }
        }
    }

    #[test]
    fn going_back_asks_about_the_made_passphrase_once_more_and_forgets_ones_own() {
        let back = Tried::made().after(&[Show, Yes, Back]);
        assert!(back.asked() == Asked::Made && back.holds());
        let own = Tried::named(0).after(&[Row(1), Text(OWN), Back]);
        assert!(own.asked() == Asked::Own && !own.holds(), "what was typed first is begun anew");
    }

    #[test]
    fn each_time_that_a_passphrase_is_shown_counts_and_making_one_does_not() {
        let made = Tried::made();
        assert_eq!(made.journey.history.revealed, 0);
        let shown = made.after(&[Show, Yes, Back, Show]);
        assert_eq!(shown.journey.history.revealed, 2);
        // Where none is asked about nothing is shown.
        let shown = shown.after(&[Yes, Show, Back, Back, Show]);
        assert_eq!(shown.journey.history.revealed, 2);
    }

    #[test]
    fn the_paper_of_a_passphrase_that_was_shown_and_forgotten_is_void() {
        let unseen = Tried::made().after(&[Back, Made(true), Show]);
        assert!(!unseen.export.has_void_paper(), "nobody wrote it");
        assert!(unseen.after(&[Back, Made(true)]).export.has_void_paper());
        // A defect ended the writing, and somebody goes back.
        let agreed = Tried::made().after(&[Show, Yes, Text(MADE), Back]);
        assert_eq!(agreed.export.seen().map(SecretText::reveal), Some(MADE));
        let agreed = agreed.after(&[Back]);
        assert!(agreed.export.has_void_paper() && !agreed.holds());
    }

    #[test]
    fn after_a_failed_write_the_passphrase_stands_whatever_name_place_or_form_is_taken_next() {
        let failed = Tried::made().after(&[Show, Yes, Text(MADE), Exported(false)]);
        assert!(matches!(failed.refused(), Some(Refusal::NotWritten(_))));
        assert!(
            failed.asked() == Asked::Name && failed.export.keeps_passphrase() && failed.journey.history.is_unwritten
        );
        let other = failed.after(&[Back, Back, Back, Row(0), Row(1), Places(2), Row(1), Text("y"), Name(true)]);
        assert!(other.asked() == Asked::Digits && !other.export.keeps_passphrase());
        let other = other.after(&[Back, Back, Back, Row(0), Places(2), Row(1), Text("y"), Name(true)]);
        let order = other.order().expect("it is written without a question");
        assert_eq!(order.path, Path::new("/two/y.kdbx"));
        assert_eq!(order.passphrase.as_ref().map(SecretText::reveal), Some(MADE));
        // A digit more of it agrees to nothing.
        let again = Tried::made().after(&[Show, Yes, Text(MADE), Text("abcde-fghjl")]);
        assert!(matches!(again.refused(), Some(Refusal::NotTheSame { .. })));
    }

    #[test]
    fn the_record_hears_what_was_written_and_what_of_it_stands_in_files() {
        let tried = Tried::named(1).after(&[Text(DIGITS), Exported(true)]);
        assert!(tried.asked() == Asked::Done && tried.export.written().is_some());
        assert_eq!(tried.journey.history.exported.len(), 1);
        assert_eq!(tried.journey.unwritten(Collection::Keys), (0, 2));
        let table = Tried::named(3).after(&[Text(DIGITS), Exported(true)]);
        assert_eq!(table.journey.unwritten(Collection::Keys), (2, 2));
    }

    #[test]
    fn whatever_is_answered_nothing_is_written_unagreed_and_nothing_held_after_leaving_or_success() {
        const EVENTS: &[Event] = &[
            Row(0),
            Row(0),
            Row(0),
            Row(1),
            Row(2),
            Row(7),
            Text(MADE),
            Text(MADE),
            Text(OWN),
            Text(OWN),
            Text(DIGITS),
            Text(""),
            Text("x"),
            Yes,
            Yes,
            Again,
            Back,
            Show,
            Show,
            Places(0),
            Places(2),
            Places(2),
            Name(true),
            Name(true),
            Name(false),
            Made(true),
            Made(false),
            Exported(true),
            Exported(false),
        ];
        // A small generator (xorshift), the same in every run.
        let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
        let mut any = |limit: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed % limit as u64).unwrap()
        };
        let (mut orders, mut ends) = ([0; 3], 0);
        for _ in 0..3_000 {
            let mut tried = Tried::new();
            // Whether the digits, or a passphrase after it was typed or shown, were the last thing that was answered; and whether
            // one was agreed on before.
            let mut agreed = false;
            for _ in 0..80 {
                let event = &EVENTS[any(EVENTS.len())];
                let before = tried.asked();
                // What is heard comes of what was asked for.
                let is_awaited = match event {
                    Places(_) => matches!(before, Asked::Form | Asked::Place),
                    Name(_) => before == Asked::Name && !tried.export.name.is_empty(),
                    Exported(_) => matches!(tried.reply, Reply::Do(Effect::Export(_), _)),
                    Made(_) => before == Asked::Which,
                    Row(_) | Text(_) | Yes | Again | Back | Show => true,
                };
                if !is_awaited {
                    continue;
                }
                tried.tell(event);
                let is_typed_again = matches!(before, Asked::TypedBack | Asked::OwnAgain);
                agreed |= is_typed_again && matches!(tried.reply, Reply::Do(..));
                if let Some(order) = tried.order() {
                    let is_public = order.selection.is_public_only;
                    assert_eq!(
                        order.passphrase.is_some(),
                        (order.form.rules().protection == Protection::Passphrase) && !is_public
                    );
                    match (is_public, &order.passphrase) {
                        (true, None) => orders[0] += 1,
                        (false, None) => {
                            orders[1] += 1;
                            assert!(before == Asked::Digits && matches!(event, Text(DIGITS)));
                        }
                        (_, Some(passphrase)) => {
                            orders[2] += 1;
                            assert!(agreed && [MADE, OWN].contains(&passphrase.reveal()));
                        }
                    }
                }
                if tried.asked() == Asked::Done || matches!(tried.reply, Reply::Left) {
                    assert!(!tried.holds() && tried.export.seen().is_none());
                    ends += 1;
                    break;
                }
            }
        }
        assert!(orders.iter().all(|count| *count > 10) && ends > 500, "{orders:?} {ends}");
    }
}
