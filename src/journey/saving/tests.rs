//! Tests of the codes of an account on their way into a file.

use std::path::Path;

use super::*;
use crate::journey::history::losses;
use crate::journey::samples::{loaded, opened};
use crate::journey::{Goal, Route};

const LIST: &str = "1. 8811-5302\n2. 7431-9926\n3. 6650-1123\n";

/// At the question how the codes come.
fn at_way(journey: &mut Journey) {
    journey.begin_saving();
    for name in ["GitHub", "ops"] {
        assert!(matches!(journey.answer_saving(Given::Text(name)), Reply::Ask));
    }
    assert_eq!(journey.saving.asked(), SavingAsked::Way);
}

fn codes(journey: &Journey) -> Vec<&str> {
    journey.saving.codes().iter().map(|(code, _)| code.reveal()).collect()
}

#[test]
fn who_came_for_an_account_is_not_asked_for_it() {
    let mut journey = Journey::new(Goal::Save);
    let text = |text: &str| Text::new(text).unwrap();
    journey.wanted = Some(WantedAccount { service: text("GitHub"), login: Some(text("ops")), mode: SetMode::Replace });
    journey.begin_saving();
    assert_eq!((journey.saving.asked(), journey.saving.mode()), (SavingAsked::Way, SetMode::Replace));
    assert!(matches!(journey.saving.back(), Reply::Left), "there is nothing before it");
    journey.wanted = Some(WantedAccount { service: text("GitHub"), login: None, mode: SetMode::Add });
    journey.saving = Saving::default();
    journey.begin_saving();
    assert_eq!(journey.saving.asked(), SavingAsked::Login);
}

#[test]
fn nothing_that_was_read_or_typed_is_lost_by_going_back() {
    let mut journey = loaded();
    at_way(&mut journey);
    assert!(matches!(journey.answer_saving(Given::Text(LIST)), Reply::Ask));
    journey.saving.turn_used(1);
    journey.saving.back();
    assert_eq!((journey.saving.asked(), journey.saving.ways().len()), (SavingAsked::Way, WAYS.len() + 1));
    assert!(journey.is_holding());
    journey.answer_saving(Given::Row(0));
    assert_eq!((journey.saving.asked(), journey.saving.codes()[1].1), (SavingAsked::Look, true));
    // Another list takes its place only when there is one.
    journey.saving.back();
    journey.answer_saving(Given::Row(2));
    assert_eq!(journey.saving.asked(), SavingAsked::Type);
    for (place, code) in ["11111", "22222", "3333"].into_iter().enumerate() {
        let line = journey.saving.lines_mut().line(place).unwrap();
        assert!(code.chars().all(|c| line.push(c)));
    }
    journey.saving.back();
    journey.answer_saving(Given::Row(0));
    assert_eq!(codes(&journey), ["8811-5302", "7431-9926", "6650-1123"]);
    journey.saving.back();
    journey.answer_saving(Given::Row(2));
    // What is pasted beside typed codes stands behind them.
    assert!(matches!(journey.answer_saving(Given::Text("44444\r\n55555\n")), Reply::Ask));
    let long = "x".repeat(200);
    assert!(matches!(journey.answer_saving(Given::Text(&long)), Reply::Refused(SavingRefusal::NoLines)));
    assert!(matches!(journey.answer_saving(Given::Yes), Reply::Ask));
    assert_eq!(codes(&journey), ["11111", "22222", "3333", "44444", "55555"]);
    assert_eq!(journey.saving.remarks(), ["Code 3 is longer or shorter than the others: compare it."]);
    journey.wipe();
    assert!(!journey.saving.is_holding() && journey.saving.account().is_none());
}

#[test]
fn what_is_understood_is_saved_with_what_was_said_of_it() {
    let mut journey = loaded();
    at_way(&mut journey);
    journey.answer_saving(Given::Text("8811-5302\n7431-9926\n6650-1123\n7431-9926\n"));
    assert_eq!(journey.saving.remarks(), ["1 code stands there twice: it is saved once."]);
    journey.saving.turn_mode();
    journey.saving.turn_kind();
    journey.saving.ask_expires();
    assert!(matches!(journey.answer_saving(Given::Text("soon")), Reply::Refused(SavingRefusal::NoDay)));
    journey.answer_saving(Given::Text("2031-01-31"));
    assert!(matches!(journey.answer_saving(Given::Yes), Reply::Left));
    let Some(Change::Codes(set)) = journey.saving.change() else { panic!("nothing is sealed") };
    assert_eq!((set.codes.len(), set.mode, set.kind), (3, SetMode::Replace, CodeKind::Reusable));
    assert_eq!(set.expires.as_deref(), Some("2031-01-31"));
    // Asked about again, it is not what is sealed.
    journey.saving.back();
    assert!(journey.saving.change().is_none());
}

#[test]
fn doubts_are_asked_and_a_list_that_is_none_changes_nothing() {
    let mut journey = loaded();
    at_way(&mut journey);
    let phrase = "abandon ability able about above absent absorb abstract absurd abuse access accident";
    let reply = journey.answer_saving(Given::Text(phrase));
    assert!(matches!(reply, Reply::Refused(SavingRefusal::NoList(_))) && !journey.saving.is_holding());
    journey.answer_saving(Given::Text("12345678 87654321\n11223344 55667788\n"));
    assert_eq!(journey.saving.asked(), SavingAsked::Doubt);
    let answers = journey.saving.doubt_answers();
    let sizes: Vec<usize> = answers.iter().map(|answer| journey.saving.understood_with(answer).len()).collect();
    assert_eq!(sizes.iter().max(), Some(&4));
    assert!(matches!(journey.answer_saving(Given::Row(9)), Reply::Refused(SavingRefusal::NotListed)));
    let four = sizes.iter().position(|size| *size == 4).unwrap();
    journey.answer_saving(Given::Row(four));
    assert_eq!((journey.saving.asked(), codes(&journey).len()), (SavingAsked::Look, 4));
    // A service without codes drops what was read.
    journey.saving.back();
    journey.answer_saving(Given::Row(WAYS.len()));
    assert_eq!((journey.saving.kind(), codes(&journey).len()), (CodeKind::None, 0));
}

#[test]
fn an_account_that_is_spelled_otherwise_is_asked_about() {
    let mut journey = opened();
    assert!(matches!(journey.save_another(), Route::Codes));
    for name in ["Mail.com", "ops"] {
        journey.answer_saving(Given::Text(name));
    }
    assert_eq!((journey.saving.asked(), journey.saving.alike().len()), (SavingAsked::Alike, 1));
    journey.answer_saving(Given::Row(0));
    assert_eq!(journey.saving.account().as_deref(), Some("Mail / ops"));
    journey.saving.back();
    journey.saving.back();
    for name in ["Mail.com", "ops"] {
        journey.answer_saving(Given::Text(name));
    }
    journey.answer_saving(Given::Row(1));
    assert_eq!(journey.saving.account().as_deref(), Some("Mail.com / ops"));
}

#[test]
fn whatever_is_answered_nothing_panics_and_nothing_is_sealed_that_was_not_looked_at() {
    let givens = [
        Given::Row(0),
        Given::Row(1),
        Given::Row(4),
        Given::Row(usize::MAX),
        Given::Text(""),
        Given::Text("GitHub"),
        Given::Text(LIST),
        Given::Text("12345678 87654321\n11223344 55667788\n"),
        Given::File(Path::new("/x")),
        Given::Yes,
        Given::Again,
    ];
    let mut numbers = 7_usize;
    for _ in 0..2_000 {
        let mut journey = if numbers.is_multiple_of(2) { loaded() } else { opened() };
        journey.begin_saving();
        for _ in 0..12 {
            numbers = numbers.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let before = journey.saving.asked();
            match (numbers >> 33) % 13 {
                11 => drop(journey.saving.back()),
                12 => journey.saving.turn_used(numbers % 7),
                at => {
                    let reply = journey.answer_saving(givens[at]);
                    let is_left = matches!(reply, Reply::Left);
                    assert_eq!(is_left, journey.saving.change().is_some(), "{before:?}");
                    assert!(!is_left || before == SavingAsked::Look, "{before:?}");
                }
            }
            if journey.saving.change().is_some() {
                break;
            }
        }
    }
}

#[test]
fn codes_that_are_not_saved_survive_a_mark_and_another_account() {
    let text = |text: &str| Text::new(text).unwrap();
    let mut journey = opened();
    assert!(matches!(journey.save_for(text("GitHub"), text("ops")), Route::Codes));
    journey.answer_saving(Given::Text(LIST));
    // A code is marked: that is what is sealed next, without these.
    assert!(matches!(journey.mark_used("id", "GitHub / ops".into(), "8811-5302"), Route::SealChange));
    assert!(matches!(journey.saving.change(), Some(Change::Used { .. })));
    assert_eq!((journey.unsaved_codes(), journey.is_holding()), (3, true));
    journey.saving = Saving::default();
    // Codes of another account, of one that is asked for, then of the first one again.
    journey.save_for(text("GitLab"), text("ops"));
    assert_eq!((journey.saving.asked(), journey.saving.has_kept()), (SavingAsked::Way, false));
    journey.answer_saving(Given::Text("1. 12345678\n2. 87654321\n"));
    journey.save_another();
    assert_eq!((journey.saving.asked(), journey.unsaved_codes()), (SavingAsked::Service, 5));
    journey.save_for(text("GitHub"), text("ops"));
    assert_eq!(codes(&journey), ["8811-5302", "7431-9926", "6650-1123"]);
    assert_eq!(journey.saving.asked(), SavingAsked::Look);
    assert!(losses(&journey).iter().any(|loss| loss == "Codes that are not saved yet: 5. They are wiped."));
    journey.saving = Saving::default();
    assert!(journey.is_holding() && journey.unsaved_codes() == 2);
    journey.wipe();
    assert_eq!((journey.is_holding(), journey.unsaved_codes()), (false, 0));
}
