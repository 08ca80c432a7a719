//! The screens of a ceremony: a plan, a board of requests, each shareholder alone with a new phrase, the file that is read again, and
//! at the end a backup.

mod another_place;
mod board;
mod by_hand;
mod done;
mod medium;
mod planning;
mod request;
mod resume;
mod review;
mod shown;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::effect::{Act, Effect, Outcome, Said, Trouble};
use crate::journey::Making;
use crate::ui::console::Console;
use crate::ui::theme;
use crate::ui::widgets::wrapped;

pub use self::another_place::AnotherPlace;
pub use self::board::CeremonyBoard;
pub use self::by_hand::ByHand;
pub use self::done::Done;
pub use self::medium::PullOut;
pub use self::planning::Planning;
pub use self::request::ShowRequest;
pub use self::resume::Resume;
pub use self::review::Review;
pub use self::shown::ShowNewPhrase;

/// The name of all of them in the first row.
const TITLE: &str = "Ceremony";

/// What was said to a screen of a ceremony; the journey knows by then how far things are. `None` for what is of no ceremony.
fn said(outcome: Outcome, console: &mut Console) -> Option<Said> {
    match outcome {
        Outcome::Ceremony(outcome) => Some(console.journey.hear_ceremony(*outcome)),
        _ => None,
    }
}

/// Has the phrase of a shareholder made, or shown once more.
pub(super) fn show(number: u8, is_anew: bool) -> Effect {
    Effect::Ceremony(Act::Show { number, anew: is_anew })
}

/// `shareholder 2 (Jane Doe)`, for the screens of one person.
pub(super) fn title_of(number: u8, console: &Console) -> String {
    console
        .journey
        .making
        .as_ref()
        .map_or_else(|| format!("{} {number}", console.journey.holder().one), |making| making.plan.title(number))
}

/// What is said once on the board.
pub(super) fn say_on_board(text: String, console: &mut Console) {
    if let Some(making) = &mut console.journey.making {
        making.last_answer = Some(text);
    }
}

/// What a threshold means, in a sentence.
fn meaning(making: &Making) -> String {
    let (threshold, count) = (making.plan.threshold, making.plan.shareholders.len());
    planning::meaning(making.plan.kind.rules(), threshold, count)
}

/// What did not work and what to do; says the row behind it.
fn trouble(trouble: &Trouble, area: Rect, y: u16, buffer: &mut Buffer) -> u16 {
    let y = wrapped(area, y, &format!("! {}", trouble.what), theme::BAD, buffer);
    if trouble.hint.is_empty() { y } else { wrapped(area, y, &trouble.hint, theme::PLAIN, buffer) }
}
