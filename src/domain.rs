//! The trade, pure: no terminal, files, threads, clock or randomness of its own, and nothing else of this crate.

pub mod canonical;
pub mod ceremony;
pub mod chain;
pub mod derivation_path;
pub mod encoding;
pub mod entropy;
pub mod export_form;
pub mod fingerprint;
pub mod import_form;
pub mod inventory;
pub mod key_type;
pub mod keyboard;
pub mod near_words;
pub mod passphrase;
pub mod people;
pub mod phrase;
pub mod phrase_entry;
pub mod phrase_list;
pub mod proof;
pub mod recovery;
pub mod repair;
pub mod secret;
pub mod table;
pub mod text;
pub mod time;
pub mod wordlist;
