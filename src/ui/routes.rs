//! Which screen a route leads to. Nothing else names screens.

use super::console::Console;
use super::screen::Screen;
use super::screens::ceremony::{
    AnotherPlace, ByHand, CeremonyBoard, Done, Planning, PullOut, Resume, Review, ShowNewPhrase, ShowRequest,
};
use super::screens::chooser::Chooser;
use super::screens::codes::AskCodes;
use super::screens::codes::menu::CodesMenu;
use super::screens::device::AskDevice;
use super::screens::device::menu::DeviceMenu;
use super::screens::export::AskExport;
use super::screens::hand_over::HandOver;
use super::screens::home::Home;
use super::screens::item::ShowItem;
use super::screens::left::ShowLeft;
use super::screens::open::OpenBackup;
use super::screens::phrase::EnterPhrase;
use super::screens::qr::ShowQr;
use super::screens::quorum::Quorum;
use super::screens::record::ShowRecord;
use super::screens::recovered::Recovered;
use super::screens::refresh::AskRefresh;
use super::screens::repair::FindSlip;
use super::screens::unlisted::AskUnlisted;
use super::screens::wall::Wall;
use crate::journey::Route;

/// The screen that `route` leads to.
pub fn screen(route: Route, console: &mut Console) -> Box<dyn Screen> {
    match route {
        Route::Home => Box::new(Home::default()),
        Route::Choose => Box::new(Chooser::default()),
        Route::Read(source) => Box::new(Chooser::loading(source)),
        Route::Pick(wanted) => Box::new(Chooser::picking(wanted)),
        Route::Open => Box::new(OpenBackup::of(console)),
        Route::People => Box::new(HandOver::default()),
        Route::Wall(behind) => Box::new(Wall::before(behind)),
        Route::Phrase => Box::new(EnterPhrase::of(console)),
        Route::Slip => Box::new(FindSlip::default()),
        Route::Quorum => Box::new(Quorum::of(console)),
        Route::Recovered => Box::new(Recovered::default()),
        Route::Item { collection, id } => Box::new(ShowItem::new(collection, id)),
        Route::QrCode { label, value, is_secret } => Box::new(ShowQr::new(label, value, is_secret)),
        Route::Export => Box::new(AskExport::default()),
        Route::Left => Box::new(ShowLeft::default()),
        Route::Unlisted => Box::new(AskUnlisted::default()),
        Route::Refresh => Box::new(AskRefresh::of(console)),
        Route::Compact => Box::new(AskRefresh::compacting(console)),
        Route::Confirm(confirmed) => Box::new(AskRefresh::confirming(confirmed, console)),
        Route::DeviceMenu => Box::new(DeviceMenu::default()),
        Route::Device => Box::new(AskDevice::default()),
        Route::DevicePhrase(phrase) => Box::new(ShowNewPhrase::of_device(phrase, console)),
        Route::CodesMenu => Box::new(CodesMenu::default()),
        Route::Codes => Box::new(AskCodes::default()),
        Route::SealChange => Box::new(AskRefresh::sealing(console)),
        Route::Review => Box::new(Review::of(console)),
        Route::Plan { kind } => Box::new(Planning::of(kind, std::mem::take(&mut console.journey.proposed))),
        Route::Replan { number } => Box::new(Planning::again(number, console)),
        Route::Rotate { accepted } => Box::new(Planning::for_rotation(console, accepted)),
        Route::Board => Box::new(CeremonyBoard::default()),
        Route::Request { number, is_another } => Box::new(ShowRequest::new(number, is_another)),
        Route::NewPhrase { number, phrase } => Box::new(ShowNewPhrase::of(number, phrase, console)),
        Route::Sheet { number } => Box::new(ByHand::sheet(number, console)),
        Route::Cards => Box::new(ByHand::cards(console)),
        Route::Resume(path) => Box::new(Resume::of(path, std::mem::take(&mut console.journey.proposed))),
        Route::AnotherPlace => Box::new(AnotherPlace::default()),
        Route::Medium => Box::new(PullOut::default()),
        Route::Made => Box::new(Done::of(console)),
        Route::Record => Box::new(ShowRecord::default()),
    }
}
