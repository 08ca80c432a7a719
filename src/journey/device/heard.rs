//! What became of what was asked of the machine for a device, and what comes next.

use std::time::Duration;

use super::{DeviceAsked, DeviceRefusal, Job, NewPhrase, READING};
use crate::domain::kind::{Kind, Method};
use crate::effect::{Answer, Confirmation, DeviceAct, DeviceSaid, Effect, Source, Summary, Trouble};
use crate::journey::{Journey, Reply};

impl Journey {
    /// What opens the backup was right.
    pub(super) fn go_on_opened(&mut self) -> Reply<DeviceRefusal> {
        self.desk.clear();
        let Some(device) = &mut self.device else { return Reply::Left };
        match &device.job {
            Some(Job::Join(_)) => {
                if let Some(backup) = &mut self.backup {
                    backup.last_answer = None;
                }
                device.write(true)
            }
            Some(Job::Reset) => device.turn(DeviceAsked::Method),
            Some(Job::Restore) => {
                // It goes on elsewhere; from there this page may come up again.
                if device.is_managed {
                    device.drop_job();
                    device.asked = DeviceAsked::Status;
                }
                Reply::Left
            }
            Some(Job::New(_)) | None => Reply::Left,
        }
    }

    /// Hears whether cloud key and PIN are right.
    pub fn hear_pin(&mut self, answer: Result<Answer, Trouble>, took: Duration) -> Reply<DeviceRefusal> {
        match answer {
            Ok(answer) if self.hear_checked(&answer, took) => self.go_on_opened(),
            Ok(answer) => Reply::Refused(DeviceRefusal::NotOpened(answer)),
            Err(trouble) => Reply::Refused(DeviceRefusal::Failed(trouble)),
        }
    }

    /// A backup was read for the device.
    pub fn hear_device_loaded(&mut self, result: Result<Box<Summary>, Trouble>) -> Reply<DeviceRefusal> {
        let mut summary = match result {
            Ok(summary) => *summary,
            Err(trouble) => {
                self.history.is_refused = self.history.backed_up.is_empty();
                return Reply::Refused(DeviceRefusal::Failed(trouble));
            }
        };
        if summary.kind != Kind::Device {
            return Reply::Refused(DeviceRefusal::OtherKind(summary.kind));
        }
        // What was refused before it is made good.
        self.history.is_refused = false;
        let (mut device, history) = (self.device.take(), std::mem::take(&mut self.history));
        if let Some(device) = device.as_mut().filter(|device| device.is_practice) {
            device.sheet = summary.sheets.or(device.sheet);
            summary.sheets = device.sheet;
        }
        self.load(summary);
        // What happened stays in the record; no recovery was begun.
        (self.device, self.history) = (device, history);
        if let Some(backup) = &mut self.backup {
            backup.question = None;
        }
        let Some(device) = &mut self.device else { return Reply::Left };
        device.is_managed = true;
        // What somebody came for.
        if device.is_reset() {
            return device.turn(DeviceAsked::Reset);
        }
        device.turn(if device.asked == DeviceAsked::Done { DeviceAsked::Done } else { DeviceAsked::Status })
    }

    /// Hears what became of a step.
    pub fn hear_device(&mut self, said: DeviceSaid) -> Reply<DeviceRefusal> {
        if let DeviceSaid::Written(result) = &said {
            self.history.back_up(result);
        }
        let has_backup = self.backup.is_some();
        let Some(device) = &mut self.device else { return Reply::Left };
        match said {
            DeviceSaid::Shares(Ok(facts)) => {
                (device.shares, device.is_managed) = (Some(facts), true);
                if device.is_practice && !has_backup {
                    let source = Source::BuiltInDevice(device.method.take().unwrap_or(Method::Phrase));
                    return Reply::Do(self.read_for_device(source), READING);
                }
                if let Some(effect) = self.read_named_backup() {
                    return Reply::Do(effect, READING);
                }
                let Some(device) = &mut self.device else { return Reply::Left };
                device.turn(if has_backup { DeviceAsked::Status } else { DeviceAsked::HasBackup })
            }
            DeviceSaid::Names(Ok(())) => match (&device.job, device.method) {
                _ if device.is_confirmed() => {
                    device.asked = DeviceAsked::Shown;
                    device.write(has_backup)
                }
                (Some(Job::Join(_)), _) => self.ask_for_opener(),
                (_, Some(Method::CloudPin)) if device.asked == DeviceAsked::Name => {
                    device.look_for_places(DeviceAsked::KeyPlace)
                }
                (_, Some(Method::CloudPin)) => device.turn(DeviceAsked::Sure),
                _ => {
                    device.phrase = NewPhrase::Made;
                    device.asked = DeviceAsked::Shown;
                    Reply::Do(Effect::Device(DeviceAct::Show), "Making a phrase")
                }
            },
            DeviceSaid::Key(Ok(())) => device.turn(DeviceAsked::OldPin),
            DeviceSaid::Written(Ok(written)) => {
                if !matches!(device.job, Some(Job::Join(_))) {
                    // Something else opens it from now on.
                    device.sheet = None;
                }
                if device.method == Some(Method::Phrase) {
                    device.phrase = NewPhrase::None;
                }
                device.drop_job();
                let path = written.path.clone();
                // Whatever comes of reading it once more.
                device.asked = DeviceAsked::Done;
                device.written = Some(written);
                Reply::Do(self.read_for_device(Source::Files(vec![path])), READING)
            }
            DeviceSaid::Dropped | DeviceSaid::Phrase(Ok(_)) | DeviceSaid::Confirmed(Ok(_)) => Reply::Ask,
            DeviceSaid::Shares(Err(trouble)) => {
                self.history.is_refused = true;
                Reply::Refused(DeviceRefusal::Failed(trouble))
            }
            DeviceSaid::Phrase(Err(trouble)) => {
                // Nobody saw one.
                if device.phrase == NewPhrase::Made {
                    device.phrase = NewPhrase::None;
                }
                Reply::Refused(DeviceRefusal::Failed(trouble))
            }
            DeviceSaid::Names(Err(trouble))
            | DeviceSaid::Confirmed(Err(trouble))
            | DeviceSaid::Key(Err(trouble))
            | DeviceSaid::Written(Err(trouble)) => Reply::Refused(DeviceRefusal::Failed(trouble)),
        }
    }

    /// The phrase was typed back, and its words are dropped. The page writes the backup when it comes up again.
    pub fn confirm_device(&mut self, said: DeviceSaid) {
        if let (Some(device), DeviceSaid::Confirmed(Ok(Confirmation::Same))) = (&mut self.device, said) {
            device.phrase = NewPhrase::TypedBack;
        }
        self.desk.clear();
    }
}
