//! A person at the screens with the real session behind them, in one process with a cheap derivation.

use std::path::{Path, PathBuf};
use std::time::Duration;

use conclave::domain::phrase::Phrase;
use conclave::effect::Source;
use conclave::journey::{Goal, Journey};
use conclave::machine::disk::{Disk, System};
use conclave::machine::output::{Output, OutputFolders};
use conclave::session::Session;
use conclave::snapshot::v1::layout;
use conclave::snapshot::v1::model::Snapshot;
use conclave::ui::app::{App, Ending, Request};
use conclave::ui::console::{Console, Options};
use conclave::ui::key::Key;
use conclave::ui::screens::chooser::Chooser;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::support::{CheapKdf, Seeded};

/// A folder with these files.
pub fn folder_with(files: &[(&str, &Snapshot)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, snapshot) in files {
        std::fs::write(folder.path().join(name), layout::to_bytes(snapshot)).unwrap();
    }
    folder
}

/// The session of somebody who works in that folder.
pub fn session_in(folder: &Path, writes_to: Box<dyn Disk + Send>) -> Session {
    let (kdf, entropy) = (Box::new(CheapKdf), Box::new(Seeded::new("desk")));
    let folders = OutputFolders::resolve(&[Output::Folder(folder)]);
    Session::new(kdf, entropy, writes_to, folders, Some(folder.to_owned()), None)
}

/// A room in a folder of its own: what a person sees, and what the session behind it does.
pub struct Desk {
    pub folder: tempfile::TempDir,
    pub app: App,
    pub session: Session,
    pub ended: Option<Ending>,
    pub now: Duration,
    /// How many keys were pressed.
    pub pressed: usize,
    buffer: Buffer,
}

impl Desk {
    /// A folder with these files, of which the first is opened.
    pub fn new(files: &[(&str, &Snapshot)], is_drill: bool) -> Self {
        Self::on(Box::new(System), files, is_drill)
    }

    /// Screens and a session, with what the first screen asks for.
    pub fn of(folder: tempfile::TempDir, app: App, session: Session) -> Self {
        let buffer = Buffer::default();
        let mut desk = Self { folder, app, session, ended: None, now: Duration::ZERO, pressed: 0, buffer };
        desk.serve();
        desk
    }

    /// The same on a disk that may fail.
    pub fn on(writes_to: Box<dyn Disk + Send>, files: &[(&str, &Snapshot)], is_drill: bool) -> Self {
        let folder = folder_with(files);
        let session = session_in(folder.path(), writes_to);
        let source = Source::Files(vec![folder.path().join(files[0].0)]);
        let journey = Journey::new(if is_drill { Goal::Practise } else { Goal::Recover });
        let app = App::new(Console::new(journey, Options::default()), Box::new(Chooser::loading(source)));
        let mut desk = Self::of(folder, app, session);
        // Whoever sits down looks first.
        desk.rest();
        desk
    }

    /// Does what the screens asked for, as the worker would.
    pub fn serve(&mut self) {
        loop {
            let requests = self.app.take_requests();
            if requests.is_empty() {
                return;
            }
            for request in requests {
                match request {
                    Request::Perform(ticket, effect) => {
                        let outcome = self.session.perform(effect, &|| false);
                        self.app.on_outcome(ticket, outcome, self.now);
                    }
                    Request::Leave(ending) => self.ended = Some(ending),
                    Request::GiveUp(_) | Request::Repaint => {}
                }
            }
        }
    }

    /// A key, and then the hands rest.
    pub fn key(&mut self, key: Key) -> &mut Self {
        self.hurried(key).rest();
        // What a lone letter brought comes up when it is known to be alone.
        if matches!(key, Key::Char(_)) { self.rest() } else { self }
    }

    /// A key, and nothing is waited for.
    pub fn hurried(&mut self, key: Key) -> &mut Self {
        self.pressed += 1;
        self.app.on_key(key, self.now);
        self.serve();
        self
    }

    /// As much time as between two keys of somebody who does not think.
    pub fn after(&mut self, milliseconds: u64) -> &mut Self {
        self.now += Duration::from_millis(milliseconds);
        self.app.on_time(self.now);
        self.serve();
        self
    }

    pub fn rest(&mut self) -> &mut Self {
        self.after(500)
    }

    /// Kept words are wiped, at the second press.
    pub fn wipe_words(&mut self) -> &mut Self {
        self.key(Key::Ctrl('n')).key(Key::Ctrl('n'))
    }

    /// The one whom the wall is for sits down.
    pub fn sit_down(&mut self) -> &mut Self {
        self.press("y").key(Key::Enter)
    }

    pub fn keys(&mut self, keys: &[Key]) -> &mut Self {
        for key in keys {
            self.key(*key);
        }
        self
    }

    pub fn press(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.key(Key::Char(c));
        }
        self
    }

    pub fn wait(&mut self, seconds: u64) -> &mut Self {
        self.now += Duration::from_secs(seconds);
        self.app.on_time(self.now);
        self.serve();
        self
    }

    pub fn type_phrase(&mut self, phrase: &Phrase) -> &mut Self {
        self.is("Phrase", "").press(&phrase.reveal_words().join(" ")).key(Key::Enter)
    }

    pub fn screen(&mut self) -> String {
        self.screen_of(100, 40)
    }

    pub fn screen_of(&mut self, columns: u16, rows: u16) -> String {
        let mut text = String::new();
        self.write_screen_of(columns, rows, &mut text);
        text.lines().map(|row| row.trim_end().to_owned() + "\n").collect()
    }

    /// Puts a screen in the place of `text`, with the blanks at the ends of its rows.
    pub fn write_screen_of(&mut self, columns: u16, rows: u16, text: &mut String) {
        self.app.on_resize(columns, rows);
        let area = Rect::new(0, 0, columns, rows);
        if self.buffer.area == area {
            self.buffer.reset();
        } else {
            self.buffer = Buffer::empty(area);
        }
        self.app.draw(area, &mut self.buffer);
        text.clear();
        for row in self.buffer.content.chunks(usize::from(columns.max(1))) {
            for cell in row {
                text.push_str(cell.symbol());
            }
            text.push('\n');
        }
    }

    /// The screen has this name and shows this text.
    #[track_caller]
    pub fn is(&mut self, name: &str, text: &str) -> &mut Self {
        let screen = self.screen();
        assert!(screen.starts_with(&format!(" {name}")), "not {name}:\n{screen}");
        assert!(screen.contains(text), "no {text:?} in:\n{screen}");
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.key(Key::PasteStart).press(text).key(Key::PasteEnd)
    }

    /// Picks a file of the folder, where places are listed.
    pub fn choose_file(&mut self, name: &str) -> &mut Self {
        for _ in 0..10 {
            if self.screen().contains("> Exports") {
                break;
            }
            self.key(Key::Down);
        }
        self.key(Key::Enter).press(name).key(Key::Enter)
    }

    /// From the open file to the hand-over.
    pub fn begin(&mut self) -> &mut Self {
        // What a damaged file can still give is said before.
        if self.screen().contains("go on all the same") {
            self.key(Key::Enter);
        }
        if self.screen().contains("No card can be compared") {
            return self.key(Key::Enter).is("Hand-over", "");
        }
        self.is("Open", "Fingerprint word").press("none").key(Key::Enter).is("Hand-over", "")
    }

    /// From the hand-over to what was recovered, with the phrases of these shareholders in that order.
    pub fn open_with(&mut self, phrases: &[Phrase], order: &[usize]) -> &mut Self {
        for number in order {
            self.sit_down().type_phrase(&phrases[number - 1]);
        }
        self.is("Quorum", "").key(Key::Enter).is("Recovered", "Opened")
    }

    /// From what was recovered to a written file.
    pub fn export(&mut self, name: &str) -> &mut Self {
        self.at_name(1, name);
        let digits = self.digits();
        self.press(&digits).key(Key::Enter)
    }

    /// From what was recovered to the name of an export in that form (0 is encrypted, 1 the contents), and Enter.
    pub fn at_name(&mut self, form: usize, name: &str) -> &mut Self {
        self.press("e").is("Export", "What is to be written").key(Key::Enter).is("Export", "In which form");
        self.keys(&vec![Key::Down; form]).key(Key::Enter).is("Export", "Where").key(Key::Enter);
        self.key(Key::Ctrl('u')).press(name).key(Key::Enter)
    }

    /// The digits that agree to a file without encryption.
    pub fn digits(&mut self) -> String {
        self.screen().split_once("Type ").unwrap().1[..4].to_owned()
    }

    pub fn written(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.path(name)).ok()
    }
}
