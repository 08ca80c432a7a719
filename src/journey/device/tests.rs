//! What is asked of a device, in which order, and the way back.

use std::path::Path;
use std::time::Duration;

use super::*;
use crate::domain::inventory::OrganizationLabel;
use crate::domain::kind::Kind;
use crate::domain::recovery::Holder;
use crate::domain::time::Timestamp;
use crate::effect::PlaceKind;
use crate::effect::{Answer, Confirmation, DeviceClaims, DeviceSaid, FileFacts, Place, Summary, Trouble};
use crate::journey::Given;
use crate::journey::samples::loaded;

fn label(id: &str, day: &str) -> OrganizationLabel {
    let changed = Timestamp::parse(&format!("{day}T00:00:00Z")).unwrap();
    OrganizationLabel { changed, id: Text::new(id).unwrap(), name: Text::new(id).unwrap() }
}

fn facts() -> DeviceFacts {
    DeviceFacts {
        device: Text::new("Phone").unwrap(),
        user: Text::new("Ann").unwrap(),
        is_training: false,
        organizations: vec![(label("acme", "2026-05-05"), 1), (label("bank", "2026-06-06"), 2)],
        derivation: Duration::from_secs(1),
    }
}

fn backup(has_phrase: bool) -> Box<Summary> {
    let summary = loaded().backup.unwrap().summary;
    Box::new(Summary {
        kind: Kind::Device,
        threshold: 1,
        shareholders: vec![Holder { kind: Kind::Device, number: 1, name: None }],
        form: summary.form.filter(|_| has_phrase),
        device: Some(DeviceClaims { organizations: vec![label("acme", "2026-05-05")], account: None }),
        files: vec![FileFacts {
            name: "/b".to_owned(),
            verdict: "INTACT".to_owned(),
            is_damaged: false,
            is_unconfirmed: false,
        }],
        ..summary
    })
}

/// A device with its status in view; `backup`: how it is backed up, if it is.
fn managing(has_phrase: Option<bool>) -> Journey {
    let mut journey = Journey { places: vec![Place::new(PlaceKind::Current, "/here", true)], ..Journey::default() };
    journey.choose_device(DeviceChoice::Manage);
    // Nothing that is still held of another one outlives this.
    assert!(matches!(journey.show_device(), Reply::Do(Effect::Device(DeviceAct::Drop { keeps_shares: false }), _)));
    assert!(matches!(journey.hear_device(DeviceSaid::Dropped), Reply::Ask));
    journey.hear_device(DeviceSaid::Shares(Ok(facts())));
    assert_eq!(asked(&journey), DeviceAsked::HasBackup);
    match has_phrase {
        None => journey.answer_device(Given::Row(1)),
        Some(has_phrase) => {
            journey.answer_device(Given::Row(0));
            assert!(matches!(journey.answer_device(Given::File(Path::new("/b"))), Reply::Do(Effect::Load { .. }, _)));
            assert!(journey.device.as_ref().unwrap().shares().is_some(), "what the device holds stays");
            journey.hear_device_loaded(Ok(backup(has_phrase)))
        }
    };
    assert_eq!(asked(&journey), DeviceAsked::Status);
    journey
}

fn asked(journey: &Journey) -> DeviceAsked {
    journey.device.as_ref().unwrap().asked()
}

/// Gives answers; after each of them this is asked.
#[track_caller]
fn answer(journey: &mut Journey, steps: &[(Given<'_>, DeviceAsked)]) {
    for (given, next) in steps {
        assert!(!matches!(journey.answer_device(*given), Reply::Refused(_)), "before {next:?}");
        assert_eq!(asked(journey), *next);
    }
}

fn verified() -> Answer {
    Answer::Verified { number: 1, who: "the user".to_owned() }
}

/// The first organization by a cloud key and a PIN, up to the confirmation.
fn sure() -> Journey {
    let mut journey = managing(None);
    answer(
        &mut journey,
        &[
            (Given::Row(0), DeviceAsked::Method),
            (Given::Row(0), DeviceAsked::Account),
            (Given::Row(2), DeviceAsked::Label),
            (Given::Text(""), DeviceAsked::Pin),
            (Given::Text("485163"), DeviceAsked::PinAgain),
            (Given::Text("485163"), DeviceAsked::Place),
            (Given::Row(0), DeviceAsked::Name),
            (Given::Text("b"), DeviceAsked::Name),
        ],
    );
    journey.hear_device(DeviceSaid::Names(Ok(())));
    assert_eq!(asked(&journey), DeviceAsked::KeyPlace);
    answer(&mut journey, &[(Given::Row(0), DeviceAsked::KeyName), (Given::Text("k"), DeviceAsked::KeyName)]);
    journey.hear_device(DeviceSaid::Names(Ok(())));
    assert_eq!(asked(&journey), DeviceAsked::Sure);
    journey
}

#[test]
fn a_backup_by_cloud_key_and_pin_is_asked_for_in_order_and_every_question_leads_back() {
    let mut journey = sure();
    let device = journey.device.as_ref().unwrap();
    assert_eq!(device.path(), Path::new("/here/device-backup/b.json"));
    assert_eq!(device.key_path(), Path::new("/here/cloud-key-to-upload/k.json"));
    let Reply::Do(Effect::Device(DeviceAct::Write(order)), _) = journey.answer_device(Given::Yes) else { panic!() };
    assert!(matches!(&order.contents, DeviceContents::OfDevice(ids) if ids.len() == 1 && ids[0].raw() == "acme"));
    assert!(matches!(&order.way, DeviceWay::Cloud { pin, .. } if pin.reveal() == "485163"));

    let mut journey = sure();
    for before in [
        DeviceAsked::KeyName,
        DeviceAsked::KeyPlace,
        DeviceAsked::Name,
        DeviceAsked::Place,
        DeviceAsked::Pin,
        DeviceAsked::Account,
        DeviceAsked::Method,
    ] {
        journey.back_from_device();
        assert_eq!(asked(&journey), before);
    }
    assert!(journey.device.as_ref().unwrap().pin.is_none(), "a PIN that is asked for again is forgotten");
    // Out of the whole: what was made for it is forgotten in the session too.
    assert!(matches!(journey.back_from_device(), Reply::Do(Effect::Device(DeviceAct::Drop { .. }), _)));
    assert_eq!(asked(&journey), DeviceAsked::Status);
    assert!(matches!(journey.back_from_device(), Reply::Left));
}

#[test]
fn a_phrase_is_written_with_only_once_it_was_typed_back() {
    let mut journey = managing(None);
    answer(
        &mut journey,
        &[
            (Given::Row(1), DeviceAsked::Method),
            (Given::Row(1), DeviceAsked::Place),
            (Given::Row(0), DeviceAsked::Name),
            (Given::Text("b"), DeviceAsked::Name),
        ],
    );
    assert!(matches!(journey.hear_device(DeviceSaid::Names(Ok(()))), Reply::Do(Effect::Device(DeviceAct::Show), _)));
    assert_eq!(journey.device.as_ref().unwrap().path(), Path::new("/here/b.json"));
    // Until then the page only shows it again.
    assert!(matches!(journey.answer_device(Given::Yes), Reply::Do(Effect::Device(DeviceAct::Show), _)));
    assert!(matches!(journey.show_device(), Reply::Ask));
    journey.confirm_device(DeviceSaid::Confirmed(Ok(Confirmation::Differs { numbers: vec![1] })));
    assert!(matches!(journey.show_device(), Reply::Ask));
    journey.confirm_device(DeviceSaid::Confirmed(Ok(Confirmation::Same)));
    let Reply::Do(Effect::Device(DeviceAct::Write(order)), _) = journey.show_device() else { panic!() };
    assert!(matches!(order.way, DeviceWay::Phrase));
    // What failed can be tried again; what is given up is void.
    journey.hear_device(DeviceSaid::Written(Err(Trouble::new("full", "make room"))));
    assert!(matches!(journey.answer_device(Given::Yes), Reply::Do(Effect::Device(DeviceAct::Write(_)), _)));
    assert!(journey.history.is_unwritten);
    // The paper is good for another place.
    journey.back_from_device();
    assert_eq!(asked(&journey), DeviceAsked::Place);
    answer(&mut journey, &[(Given::Row(0), DeviceAsked::Name), (Given::Text("c"), DeviceAsked::Name)]);
    let again = journey.hear_device(DeviceSaid::Names(Ok(())));
    assert!(
        matches!(again, Reply::Do(Effect::Device(DeviceAct::Write(order)), _) if order.path == Path::new("/here/c.json"))
    );
    for _ in 0..3 {
        journey.back_from_device();
    }
    assert!(journey.device.as_ref().unwrap().has_void_paper());
    assert!(journey.device.as_ref().unwrap().losses().iter().any(|loss| loss == VOID));
}

#[test]
fn what_opens_a_backup_is_asked_for_before_anything_goes_on_from_it() {
    for has_phrase in [true, false] {
        let mut journey = managing(Some(has_phrase));
        answer(
            &mut journey,
            &[
                (Given::Row(1), DeviceAsked::Place),
                (Given::Row(0), DeviceAsked::Name),
                (Given::Text("2"), DeviceAsked::Name),
            ],
        );
        journey.hear_device(DeviceSaid::Names(Ok(())));
        let reply = if has_phrase {
            assert_eq!(asked(&journey), DeviceAsked::OldPhrase);
            assert!(matches!(journey.show_device(), Reply::Ask));
            assert!(journey.hear_checked(&verified(), Duration::ZERO));
            journey.show_device()
        } else {
            assert_eq!(asked(&journey), DeviceAsked::OldKey);
            journey.hear_device(DeviceSaid::Key(Ok(())));
            assert_eq!(asked(&journey), DeviceAsked::OldPin);
            let refused = journey.answer_device(Given::Text("12"));
            assert!(matches!(refused, Reply::Refused(DeviceRefusal::Pin(_))));
            assert!(matches!(
                journey.answer_device(Given::Text("000000")),
                Reply::Do(Effect::Device(DeviceAct::CheckPin(_)), _)
            ));
            let nobody = journey.hear_pin(Ok(Answer::NotOfThisBackup { elsewhere: None }), Duration::ZERO);
            assert!(matches!(nobody, Reply::Refused(DeviceRefusal::NotOpened(_))));
            journey.hear_pin(Ok(verified()), Duration::ZERO)
        };
        let Reply::Do(Effect::Device(DeviceAct::Write(order)), _) = reply else { panic!("{has_phrase}") };
        assert!(matches!(order.way, DeviceWay::AsBefore));
        // A backup with a cloud key lies in a folder of its own.
        let name = if has_phrase { "/here/2.json" } else { "/here/device-backup/2.json" };
        assert_eq!(order.path, Path::new(name));
        // It is read again, and looked at.
        let written = DeviceWritten {
            path: order.path,
            key: None,
            names: vec!["bank".to_owned()],
            is_reset: false,
            before: None,
        };
        assert!(matches!(journey.hear_device(DeviceSaid::Written(Ok(written))), Reply::Do(Effect::Load { .. }, _)));
        journey.hear_device_loaded(Ok(backup(has_phrase)));
        assert_eq!((asked(&journey), journey.history.backed_up.len()), (DeviceAsked::Done, 1));
        assert_eq!(journey.backup.as_ref().unwrap().board.verified_count(), 0, "it is asked for again next time");
        journey.answer_device(Given::Yes);
        assert_eq!(asked(&journey), DeviceAsked::Status);
    }
}

#[test]
fn a_reset_goes_on_from_what_was_opened_or_from_the_device() {
    let mut journey = managing(None);
    assert!(matches!(journey.reset_device(), Reply::Refused(DeviceRefusal::NoBackup)));
    let mut journey = managing(Some(true));
    journey.reset_device();
    answer(&mut journey, &[(Given::Row(0), DeviceAsked::OldPhrase)]);
    journey.hear_checked(&verified(), Duration::ZERO);
    journey.show_device();
    assert_eq!(asked(&journey), DeviceAsked::Method);
    assert!(matches!(journey.device.as_ref().unwrap().contents(), DeviceContents::OfBackup));
    // Given up: what was opened is closed.
    assert!(matches!(journey.back_from_device(), Reply::Do(Effect::Device(DeviceAct::Drop { .. }), _)));
    assert_eq!(journey.backup.as_ref().unwrap().board.verified_count(), 0);
    journey.reset_device();
    answer(&mut journey, &[(Given::Row(1), DeviceAsked::Method)]);
    assert!(matches!(journey.device.as_ref().unwrap().contents(), DeviceContents::OfDevice(ids) if ids.len() == 2));
}

#[test]
fn what_only_the_backup_has_is_not_backed_up() {
    let mut journey = managing(Some(true));
    let claims = &mut journey.backup.as_mut().unwrap().summary.device.as_mut().unwrap().organizations;
    claims.push(label("old", "2025-01-01"));
    claims[0] = label("acme", "2027-01-01");
    assert!(matches!(journey.answer_device(Given::Row(2)), Reply::Refused(DeviceRefusal::NotOnDevice)));
    assert!(matches!(journey.answer_device(Given::Row(0)), Reply::Refused(DeviceRefusal::NewerInBackup)));
    assert!(matches!(journey.answer_device(Given::Row(9)), Reply::Refused(DeviceRefusal::NotListed)));
    let summary = loaded().backup.unwrap().summary;
    assert!(matches!(journey.hear_device_loaded(Ok(Box::new(summary))), Reply::Refused(DeviceRefusal::OtherKind(_))));
}

#[test]
fn a_backup_that_cannot_be_read_again_is_written_all_the_same() {
    let mut journey = sure();
    journey.answer_device(Given::Yes);
    let written = DeviceWritten {
        path: "/here/b.json".into(),
        key: None,
        names: vec!["acme".to_owned()],
        is_reset: false,
        before: None,
    };
    assert!(matches!(journey.hear_device(DeviceSaid::Written(Ok(written))), Reply::Do(Effect::Load { .. }, _)));
    let failed = journey.hear_device_loaded(Err(Trouble::new("gone", "put it back")));
    assert!(matches!(failed, Reply::Refused(DeviceRefusal::Failed(_))));
    assert_eq!(asked(&journey), DeviceAsked::Done);
    assert!(journey.device.as_ref().unwrap().pin.is_none(), "it is written once");
}

#[test]
fn practice_is_left_behind_and_a_device_is_gone_on_with() {
    let mut journey = Journey::default();
    journey.practise_device(Method::Phrase);
    assert!(matches!(journey.show_device(), Reply::Do(Effect::Device(DeviceAct::ReadShares(None)), _)));
    journey.hear_device(DeviceSaid::Shares(Ok(DeviceFacts { is_training: true, ..facts() })));
    assert!(journey.is_training());
    journey.choose_device(DeviceChoice::Manage);
    assert!(journey.device.is_none() && !journey.is_training());
    // One's own stays, until something else is read.
    let mut journey = managing(Some(true));
    journey.choose_device(DeviceChoice::Manage);
    assert_eq!(asked(&journey), DeviceAsked::Status);
    assert!(matches!(journey.read(Source::Files(Vec::new())), Effect::Load { keeps_device: false, .. }));
    assert!(journey.device.is_none());
}

#[test]
fn a_restore_that_was_begun_beside_the_device_leads_back_to_it() {
    for has_phrase in [true, false] {
        let mut journey = managing(Some(has_phrase));
        assert!(matches!(journey.restore_device(), Some(Route::Device)));
        let opener = if has_phrase { DeviceAsked::OldPhrase } else { DeviceAsked::OldKey };
        assert_eq!((asked(&journey), journey.goal()), (opener, Goal::Restore));
        assert!(matches!(journey.show_device(), Reply::Ask));
        assert!(matches!(journey.back_from_device(), Reply::Left));
        // What was accepted and read for it is forgotten.
        assert!(matches!(journey.show_device(), Reply::Do(Effect::Device(DeviceAct::Drop { keeps_shares: true }), _)));
        assert_eq!((asked(&journey), journey.goal()), (DeviceAsked::Status, Goal::Device));
    }
}

#[test]
fn a_restore_that_is_given_up_leaves_no_errand_behind() {
    let mut journey = managing(Some(true));
    assert!(journey.restore_device().is_some() && journey.history.file.is_some());
    assert!(matches!(journey.back_from_device(), Reply::Left));
    // The list comes up again.
    assert!(matches!(journey.show_device(), Reply::Do(Effect::Device(DeviceAct::Drop { keeps_shares: true }), _)));
    assert_eq!((journey.goal(), asked(&journey)), (Goal::Device, DeviceAsked::Status));
    assert!(journey.history.file.is_none(), "nothing was to be opened in the end");
}

#[test]
fn what_is_made_in_practice_has_names_of_its_own() {
    let mut journey = managing(None);
    assert_eq!(
        (journey.device_name_offered(), journey.key_name_offered()),
        names("device-backup.json", "cloud-key.json")
    );
    journey.practise_device(Method::Phrase);
    let practice = names("practice-device-backup.json", "practice-cloud-key.json");
    assert_eq!((journey.device_name_offered(), journey.key_name_offered()), practice);
}

fn names(backup: &str, key: &str) -> (String, String) {
    (backup.to_owned(), key.to_owned())
}

#[test]
fn a_phrase_that_is_given_up_stands_in_the_record() {
    let phrase = [
        (Given::Row(1), DeviceAsked::Method),
        (Given::Row(1), DeviceAsked::Place),
        (Given::Row(0), DeviceAsked::Name),
        (Given::Text("b"), DeviceAsked::Name),
    ];
    let shown = || {
        let mut journey = managing(None);
        answer(&mut journey, &phrase);
        journey.hear_device(DeviceSaid::Names(Ok(())));
        journey
    };
    let ends: [fn(&mut Journey); 3] = [
        |journey| drop(journey.back_from_device()),
        |journey| drop(journey.choose_device(DeviceChoice::Manage)),
        Journey::wipe,
    ];
    for end in ends {
        let mut journey = shown();
        assert!(journey.history.void.is_none());
        end(&mut journey);
        assert!(journey.history.void.is_some() && journey.history.is_unwritten && !journey.history.is_blank());
    }
    // With another way of opening it is void as well.
    let mut journey = shown();
    journey.confirm_device(DeviceSaid::Confirmed(Ok(Confirmation::Same)));
    journey.back_from_device();
    journey.back_from_device();
    assert_eq!(asked(&journey), DeviceAsked::Method);
    answer(&mut journey, &[(Given::Row(0), DeviceAsked::Account)]);
    assert!(journey.history.void.is_some() && !journey.device.as_ref().unwrap().is_confirmed());
}
