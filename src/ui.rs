//! The console: screens, and what they are drawn with. Nothing here touches the machine: what a screen wants done it says as an
//! effect, and time is told to it.

pub mod app;
pub mod console;
pub mod key;
pub mod pace;
pub mod plain;
pub mod routes;
pub mod screen;
pub mod screens;
pub mod terminal;
pub mod theme;
pub mod widgets;
