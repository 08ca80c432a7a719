//! The console: screens, and what they are drawn with. Nothing here touches the machine: what a screen wants done it says as an
//! effect, and time is told to it.

pub mod app;
mod items;
pub mod key;
pub mod orders;
pub mod pace;
pub mod plain;
pub mod room;
pub mod screen;
pub mod screens;
pub mod search;
pub mod terminal;
pub mod theme;
pub mod widgets;
