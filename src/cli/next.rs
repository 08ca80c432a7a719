//! The next snapshot as commands write it: the file, and beside it the e-mail for the backup address. Both or none.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::Failure;
use crate::machine::disk::System;
use crate::machine::files::{look_at_names, shown, write_all_new};
use crate::machine::output::OutputFolders;
use crate::session::papers::mail_notes;
use crate::session::refresh::{files_of, mail_beside};
use crate::snapshot::delivery::digest_words;
use crate::snapshot::v1::model::Snapshot;

/// What is written beside a new snapshot.
#[derive(Debug, Args)]
pub struct MailArguments {
    /// Leave out the e-mail, which else is written beside the new file (NEW.eml)
    #[arg(long)]
    pub(super) no_mail: bool,
}

/// What was written beside a new snapshot, and what has to be said of it.
pub struct WrittenMail {
    pub path: Option<PathBuf>,
    pub notes: Vec<String>,
}

impl MailArguments {
    fn beside(&self, out: &Path) -> Option<PathBuf> {
        if self.no_mail { None } else { mail_beside(out) }
    }

    /// Whether the names can be taken, before any work.
    pub fn look(&self, out: &Path, folders: &OutputFolders) -> Result<(), Failure> {
        let mail = self.beside(out);
        let names: Vec<&Path> = std::iter::once(out).chain(mail.as_deref()).collect();
        Ok(look_at_names(&System, &names, folders)?)
    }

    pub fn write(&self, out: &Path, snapshot: &Snapshot, folders: &OutputFolders) -> Result<WrittenMail, Failure> {
        let path = self.beside(out);
        let files = files_of(out, path.as_deref(), snapshot);
        let all: Vec<(&Path, &[u8])> = files.iter().map(|(path, bytes)| (path.as_path(), bytes.as_slice())).collect();
        write_all_new(&System, &all, folders)?;
        Ok(WrittenMail { path, notes: mail_notes(&files) })
    }
}

impl WrittenMail {
    pub fn said(&self) -> Option<String> {
        let path = self.path.as_ref()?;
        Some(format!("The e-mail with it is {}: send it to the backup address.", shown(path)))
    }

    /// What every command says of the new snapshot as JSON, and `others` that only this one says.
    pub fn facts(&self, out: &Path, snapshot: &Snapshot, others: Value) -> Value {
        let section = &snapshot.section;
        let mut facts = json!({
            "file": out.display().to_string(),
            "mail": self.path.as_ref().map(|path| path.display().to_string()),
            "backup_id": snapshot.core.backup_id,
            "sequence": section.sequence,
            "digest": section.digest(),
            "digest_words": digest_words(snapshot),
            "boxes": snapshot.boxes.len(),
            "signed": section.signature.is_some(),
        });
        if let (Value::Object(facts), Value::Object(others)) = (&mut facts, others) {
            facts.extend(others);
        }
        facts
    }
}

/// Which of two files: A is the one that is named first.
pub fn keep(value: &str) -> Result<usize, String> {
    match value {
        "A" | "a" => Ok(0),
        "B" | "b" => Ok(1),
        _ => Err("it is A, the first file, or B, the other one".to_owned()),
    }
}
