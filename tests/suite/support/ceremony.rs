//! A ceremony through the real session, without screens: a folder, a stick that can be pulled, a disk that may fail.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use conclave::domain::ceremony::{NameStyle, Person, Plan, Progress};
use conclave::domain::entropy::Entropy;
use conclave::domain::phrase::{Phrase, PhraseForm};
use conclave::effect::{
    Act, Answer, Beginning, CeremonyOutcome, Effect, Issued, Outcome, Resumption, Rotation, Said, TypedWords,
};
use conclave::machine::disk::{Disk, System};
use conclave::machine::medium::{Media, WatchedMedium};
use conclave::machine::output::{Output, OutputFolders};
use conclave::session::Session;
use conclave::snapshot::backup::Backup;
use conclave::snapshot::v1::read::read;
use conclave::snapshot::v1::verdict::Verdict;
use zeroize::Zeroizing;

use crate::support::{CheapKdf, ENGLISH, INVENTORY, Seeded, contents, has_red, open_with, text};

/// A stick that is mounted at a folder, or is not. A clone is the same stick.
#[derive(Debug, Clone)]
pub struct Stick(Arc<Mutex<Option<PathBuf>>>);

impl Stick {
    pub fn at(mount: &Path) -> Self {
        Self(Arc::new(Mutex::new(Some(mount.to_owned()))))
    }

    pub fn pull(&self) {
        *self.0.lock().unwrap() = None;
    }

    pub fn put_back(&self, mount: &Path) {
        *self.0.lock().unwrap() = Some(mount.to_owned());
    }

    pub fn is_in(&self) -> bool {
        self.0.lock().unwrap().is_some()
    }
}

impl Media for Stick {
    fn of(&self, folder: &Path) -> Option<WatchedMedium> {
        let mount = self.0.lock().unwrap().clone()?;
        folder.starts_with(&mount).then(|| WatchedMedium {
            title: "STICK".to_owned(),
            identity: "stick".to_owned(),
            mount,
        })
    }

    fn find(&self, identity: &str) -> Option<PathBuf> {
        self.0.lock().unwrap().clone().filter(|_| identity == "stick")
    }

    fn is_plugged(&self, identity: &str) -> bool {
        self.find(identity).is_some()
    }
}

/// No medium at all.
pub struct NoMedia;

impl Media for NoMedia {
    fn of(&self, _folder: &Path) -> Option<WatchedMedium> {
        None
    }

    fn find(&self, _identity: &str) -> Option<PathBuf> {
        None
    }

    fn is_plugged(&self, _identity: &str) -> bool {
        false
    }
}

pub fn plan(threshold: u8, count: u8) -> Plan {
    plan_of(threshold, count, ENGLISH)
}

pub fn plan_of(threshold: u8, count: u8, form: PhraseForm) -> Plan {
    let person = |number| Person { name: text(&format!("Holder {number}")), email: None };
    Plan {
        kind: conclave::domain::kind::Kind::Organization,
        conductor: text("Connie Conductor"),
        organization: text("Example Cellar"),
        is_training: true,
        shareholders: (1..=count).map(person).collect(),
        names: NameStyle::Full,
        threshold,
        delivery: text("backup@example.org"),
        form,
    }
}

/// A session in a folder of its own.
pub struct Bench {
    pub folder: tempfile::TempDir,
    pub session: Session,
    pub progress: Progress,
}

impl Bench {
    pub fn new(disk: Box<dyn Disk + Send>, media: Box<dyn Media + Send>, entropy: Box<dyn Entropy + Send>) -> Self {
        Self::within(tempfile::tempdir().unwrap(), disk, media, entropy)
    }

    pub fn within(
        folder: tempfile::TempDir,
        disk: Box<dyn Disk + Send>,
        media: Box<dyn Media + Send>,
        entropy: Box<dyn Entropy + Send>,
    ) -> Self {
        std::fs::write(folder.path().join("inventory.json"), INVENTORY).unwrap();
        let folders = OutputFolders::resolve(&[Output::Folder(folder.path())]);
        let session = Session::new(Box::new(CheapKdf), entropy, disk, folders, None, None).with_media(media);
        Self { folder, session, progress: Progress::default() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn act(&mut self, act: Act) -> Said {
        self.act_unless(act, false)
    }

    /// The same; whoever waited gave it up meanwhile.
    pub fn act_unless(&mut self, act: Act, is_stopped: bool) -> Said {
        let Outcome::Ceremony(outcome) = self.session.perform(Effect::Ceremony(act), &|| is_stopped) else {
            panic!("no ceremony")
        };
        let CeremonyOutcome { said, progress } = *outcome;
        self.progress = progress;
        said
    }

    /// From an inventory to the board, in the folder `backup`.
    pub fn begin(&mut self, plan: Plan) -> &mut Self {
        self.begin_in(plan, "backup", None)
    }

    pub fn begin_in(&mut self, plan: Plan, folder: &str, rotation: Option<Rotation>) -> &mut Self {
        if rotation.is_none() {
            let path = self.path("inventory.json");
            let Said::Inventory(Ok(_)) = self.act(Act::AddInventory { file: path.into() }) else {
                panic!("no inventory")
            };
        }
        let folder = self.path(folder);
        match self.act(Act::Begin(Box::new(Beginning { plan, folder, rotation }))) {
            Said::Begun(Ok(_)) => self,
            said => panic!("{said:?}"),
        }
    }

    /// Goes on with a file that an earlier ceremony left.
    pub fn resume(&mut self, file: &Path, count: usize) -> Said {
        let names = (1..=count).map(|number| text(&format!("Holder {number}"))).collect();
        let path = file.to_owned();
        self.act(Act::Resume(Box::new(Resumption { path, conductor: text("Rita"), names, folder: None })))
    }

    /// From the file that is to be read again to the backup, without a medium.
    #[track_caller]
    pub fn issue_with(&mut self, phrases: &[Phrase]) -> Issued {
        assert!(matches!(self.act(Act::ReadAgain { skips_medium: true }), Said::ReadAgain(Ok(()))));
        self.verify(phrases);
        match self.act(Act::Issue) {
            Said::Issued(Ok(issued)) => *issued,
            said => panic!("{said:?}"),
        }
    }

    /// They all type.
    #[track_caller]
    pub fn verify(&mut self, phrases: &[Phrase]) {
        for phrase in phrases {
            let said = self.act(Act::Verify { phrase: phrase.duplicate() });
            assert!(matches!(said, Said::Verified(Ok(Answer::Verified { .. }))), "{said:?}");
        }
    }

    pub fn show(&mut self, number: u8) -> Phrase {
        match self.act(Act::Show { number, anew: false }) {
            Said::Phrase { phrase: Ok(phrase), .. } => phrase,
            said => panic!("{said:?}"),
        }
    }

    pub fn confirm(&mut self, number: u8, phrase: &Phrase) -> Said {
        self.act(Act::Confirm { number, typed: typed(phrase) })
    }

    /// Everybody writes down and types back.
    pub fn gather(&mut self, count: u8) -> Vec<Phrase> {
        (1..=count)
            .map(|number| {
                let phrase = self.show(number);
                self.confirm(number, &phrase);
                phrase
            })
            .collect()
    }
}

/// The places of its words, as typed.
pub fn typed(phrase: &Phrase) -> TypedWords {
    let language = phrase.form().language;
    TypedWords::new(Zeroizing::new(phrase.reveal_words().iter().map(|word| language.position(word).unwrap()).collect()))
}

/// What some of its phrases open in that file, which has nothing red in it.
pub fn opens(file: &Path, phrases: &[Phrase], numbers: &[usize]) -> String {
    let reading = read(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(reading.verdict, Verdict::Intact);
    let (backup, _) = Backup::unite(vec![reading]).unwrap();
    let opened = open_with(&backup, phrases, numbers, &CheapKdf).unwrap();
    assert!(!has_red(&opened), "{:?}", opened.findings);
    contents(&opened)
}

/// A ceremony that goes on with the unconfirmed file that was left at that path, in another process as it were: with all phrases from
/// paper, and compared with the inventory. Says where the backup is.
pub fn finish_left(file: &Path, phrases: &[Phrase]) -> PathBuf {
    let mut bench = Bench::new(Box::new(System), Box::new(NoMedia), Box::new(Seeded::new("finishing")));
    let folders = OutputFolders::resolve(&[
        Output::Folder(file.parent().unwrap().parent().unwrap()),
        Output::Folder(bench.folder.path()),
    ]);
    bench.session =
        Session::new(Box::new(CheapKdf), Box::new(Seeded::new("finishing")), Box::new(System), folders, None, None)
            .with_media(Box::new(NoMedia));
    let Said::Begun(Ok(begun)) = bench.resume(file, phrases.len()) else { panic!("not begun") };
    if begun.going_on.unwrap().needs_place {
        let folder = file.parent().unwrap().with_file_name("finished");
        assert!(matches!(bench.act(Act::Move { folder }), Said::Moved(Ok(_))));
    }
    let inventory = bench.path("inventory.json");
    assert!(matches!(bench.act(Act::AddInventory { file: inventory.into() }), Said::Inventory(Ok(_))));
    bench.issue_with(phrases).paths[0].clone()
}
