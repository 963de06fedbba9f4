//! What somebody may change about a message, and the activities that say so.

use crate::activity::ActivityKind;
use crate::message::{Message, Status, check_text};
use crate::user::check_line;
use crate::{Instant, Invalid, UserId};

/// What somebody may change about a message; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Update {
    /// The customer has read it, or has not.
    pub read: Option<bool>,
    /// `acknowledged`, `closed`, or the status that it had before.
    pub status: Option<Status>,
    /// How it was settled, in the customer's words; `Some(None)` clears it.
    pub disposition: Option<Option<String>>,
    /// A note of the customer's.
    pub note: Option<String>,
    /// True: picked up now by whoever asks. False: not picked up any more.
    pub pickup: Option<bool>,
    /// The phone number that was given besides the others, as it was said.
    pub phone_number: Option<String>,
    /// Its extension.
    pub extension: Option<String>,
    /// The subject of the mail that it came by, or goes out with.
    pub email_subject: Option<String>,
    /// The portal user that it is for; `Some(None)`: the office.
    pub user_id: Option<Option<UserId>>,
    /// The sale that it belongs to, in the account's own books.
    pub sale_id: Option<Option<i64>>,
    /// The account's own tags, with commas between.
    pub klass_names: Option<String>,
}

impl Update {
    /// Checks the details that it gives.
    pub fn check_details(&self, invalid: &mut Invalid) {
        let lines = [
            ("phone_number", &self.phone_number),
            ("extension", &self.extension),
            ("email_subject", &self.email_subject),
            ("klass_names", &self.klass_names),
        ];
        for (path, line) in lines {
            check_line(invalid, path, line.as_deref().unwrap_or_default());
        }
    }
}

impl Message {
    /// Applies what `user` asks for at `now`, and answers with the activities that say so: one for
    /// each thing that really changed, none for what was so already.
    pub fn update(
        &mut self,
        update: &Update,
        user: UserId,
        now: Instant,
    ) -> Result<Vec<ActivityKind>, Invalid> {
        self.check(update)?;
        let mut done = Vec::new();
        if let Some(read) = update.read
            && read != self.read
        {
            self.read = read;
            done.push(if read { ActivityKind::Read } else { ActivityKind::Unread });
        }
        if let Some(pickup) = update.pickup
            && pickup != self.pickup_date.is_some()
        {
            self.pickup_date = pickup.then_some(now);
            self.pickup_user_id = pickup.then_some(user);
            done.push(if pickup { ActivityKind::PickedUp } else { ActivityKind::PutBack });
        }
        if let Some(status) = update.status
            && status != self.status
        {
            self.status = status;
            done.push(match status {
                Status::Acknowledged => ActivityKind::Acknowledged,
                Status::Closed => ActivityKind::Closed,
                _ => ActivityKind::Reopened,
            });
        }
        if let Some(disposition) = &update.disposition
            && *disposition != self.disposition
        {
            self.disposition.clone_from(disposition);
            done.push(ActivityKind::Disposed);
        }
        if let Some(note) = &update.note
            && *note != self.note
        {
            self.note.clone_from(note);
            done.push(ActivityKind::Noted);
        }
        if self.note_details(update) {
            done.push(ActivityKind::Corrected);
        }
        if !done.is_empty() {
            self.touch(now);
        }
        Ok(done)
    }

    fn check(&self, update: &Update) -> Result<(), Invalid> {
        let mut invalid = Invalid::new();
        if let Some(status) = update.status {
            let back = self.status_unsettled();
            let allowed = status.is_settled() || status == self.status || status == back;
            invalid.require(
                allowed,
                "status",
                &format!("must be acknowledged, closed, or {} to reopen it", back.as_str()),
            );
        }
        let texts = [
            ("note", update.note.as_deref()),
            ("disposition", update.disposition.as_ref().and_then(Option::as_deref)),
        ];
        for (path, text) in texts {
            if let Some(text) = text {
                check_text(&mut invalid, path, text);
            }
        }
        update.check_details(&mut invalid);
        invalid.or(())
    }

    /// Takes over the details that an update gives; answers whether any of them changed.
    pub fn note_details(&mut self, update: &Update) -> bool {
        let line = |text: &Option<String>| text.as_ref().map(|text| text.trim().to_owned());
        let tags = update.klass_names.as_deref().map(tidy_tags);
        [
            set(&mut self.phone_number, line(&update.phone_number)),
            set(&mut self.extension, line(&update.extension)),
            set(&mut self.email_subject, line(&update.email_subject)),
            set(&mut self.klass_names, tags),
            set(&mut self.user_id, update.user_id),
            set(&mut self.sale_id, update.sale_id),
        ]
        .contains(&true)
    }
}

fn set<T: PartialEq>(to: &mut T, given: Option<T>) -> bool {
    let changed = given.filter(|given| given != to);
    changed.map(|given| *to = given).is_some()
}

/// Tags as they are kept: without empty ones and repetitions, with a comma and a space between.
fn tidy_tags(text: &str) -> String {
    let mut tags: Vec<&str> = Vec::new();
    for tag in text.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        if !tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
            tags.push(tag);
        }
    }
    tags.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountId, TenantId, limits};

    const NOW: i64 = 1_737_497_300_671;

    fn message() -> Message {
        let now = Instant::from_ms(NOW);
        Message::blank(TenantId(1), AccountId(4), "uuid".to_owned(), now)
    }

    fn check(before: Status, delivered: bool, asked: Status) -> Option<Status> {
        let mut message = Message { status: before, ..message() };
        message.delivered_at = delivered.then(|| Instant::from_ms(NOW));
        let update = Update { status: Some(asked), ..Update::default() };
        let done = message.update(&update, UserId(3), Instant::from_ms(NOW + 1));
        done.is_ok().then_some(message.status)
    }

    #[test]
    fn every_step_between_statuses_is_allowed_or_refused() {
        for before in Status::ALL {
            for delivered in [false, true] {
                for asked in Status::ALL {
                    let back = if delivered { Status::Delivered } else { Status::Pending };
                    let allowed = asked.is_settled() || asked == before || asked == back;
                    let after = check(before, delivered, asked);
                    assert_eq!(after, allowed.then_some(asked), "{before:?} {delivered} {asked:?}");
                }
            }
        }
    }

    #[test]
    fn an_update_says_what_it_did_and_no_more() {
        let mut message = message();
        let later = Instant::from_ms(NOW + 5);
        let update = Update {
            read: Some(true),
            pickup: Some(true),
            note: Some(String::new()),
            disposition: Some(Some("called back".to_owned())),
            ..Update::default()
        };
        let done = message.update(&update, UserId(8), later).expect("sound");
        assert_eq!(done, [ActivityKind::Read, ActivityKind::PickedUp, ActivityKind::Disposed]);
        assert_eq!((message.pickup_date, message.pickup_user_id), (Some(later), Some(UserId(8))));
        assert_eq!((message.updated_at, message.revision), (later, 2));

        let again = message.update(&update, UserId(9), Instant::from_ms(NOW + 9)).expect("sound");
        assert_eq!(again, []);
        assert_eq!((message.updated_at, message.revision), (later, 2));
    }

    #[test]
    fn a_fault_changes_nothing() {
        let mut changed = message();
        let update = Update {
            read: Some(true),
            note: Some("x".repeat(limits::TEXT_BYTES + 1)),
            status: Some(Status::Failed),
            ..Update::default()
        };
        let invalid = changed.update(&update, UserId(1), Instant::from_ms(NOW)).expect_err("bad");
        let paths: Vec<&str> = invalid.faults().map(|(path, _)| path).collect();
        assert_eq!(paths, ["status", "note"]);
        assert_eq!(changed, message());
    }

    #[test]
    fn details_are_taken_over_and_said() {
        let mut message = message();
        let update = Update {
            phone_number: Some(" 555 0100 ".to_owned()),
            extension: Some(String::new()),
            user_id: Some(Some(UserId(8))),
            sale_id: Some(None),
            klass_names: Some("VIP,, Billing , vip".to_owned()),
            ..Update::default()
        };
        let later = Instant::from_ms(NOW + 5);
        let done = message.update(&update, UserId(8), later).expect("sound");
        assert_eq!(done, [ActivityKind::Corrected]);
        assert_eq!((message.phone_number.as_str(), message.user_id), ("555 0100", Some(UserId(8))));
        assert_eq!((message.klass_names.as_str(), message.sale_id), ("VIP, Billing", None));
        assert!(!message.note_details(&update), "it stands so already");
        let away = Update { user_id: Some(None), sale_id: Some(Some(7)), ..Update::default() };
        let before = message.clone();
        assert!(message.note_details(&away));
        let was = [("user_id", "8"), ("sale_id", "")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(message.replaced(&before).0, was);
        let bad = Update { klass_names: Some("a\nb".to_owned()), ..Update::default() };
        assert!(message.update(&bad, UserId(8), later).is_err());
    }
}
