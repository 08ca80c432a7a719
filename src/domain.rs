//! The trade, pure: no terminal, files, threads, clock or randomness of its own, and nothing else of this crate.

pub mod canonical;
pub mod encoding;
pub mod entropy;
pub mod fingerprint;
pub mod inventory;
pub mod keyboard;
pub mod near_words;
pub mod phrase;
pub mod phrase_entry;
pub mod phrase_list;
pub mod recovery;
pub mod repair;
pub mod secret;
pub mod text;
pub mod time;
pub mod wordlist;
