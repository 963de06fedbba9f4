//! What a finished message sets off: at once, later or in a digest; and what the simulator foresees
//! of it, which is the engine's own decisions on an imagined clock.

use domain::playbook::{Foreseen, Foresight};
use domain::{Message, Zone};

use super::*;

fn message(book: &Playbook) -> Message {
    let account = &book.account;
    Message::blank(account.tenant_id, account.id, "u".to_owned(), at(NIGHT))
}

/// What would happen, each with its minute after the night began.
fn foreseen(book: &Playbook, message: Message, group: Option<&ClosingGroup>) -> Vec<String> {
    let line = |Foreseen { at: when, what }| {
        let minutes = when.ms_since(at(NIGHT)) / MINUTE_MS;
        let what = match what {
            Foresight::Held { until, in_digest } => {
                let until = until.ms_since(at(NIGHT)) / MINUTE_MS;
                format!("held until {until}, in a digest: {in_digest}")
            }
            Foresight::Logged(event) => {
                format!("{:?} {} {}", event.kind, event.subject, event.detail)
            }
            Foresight::Told(notice) => format!("{} {}", notice.name, notice.channel.as_str()),
            Foresight::Missing(why) => why,
        };
        format!("{minutes}: {what}")
    };
    book.foresee(message, group, at(NIGHT)).into_iter().map(line).collect()
}

#[test]
fn without_a_group_the_recipient_is_told_and_nobody_else() {
    let book = book();
    assert!(foreseen(&book, message(&book), None).is_empty());
    let for_jane = Message { contact_id: Some(JANE), ..message(&book) };
    assert_eq!(foreseen(&book, for_jane, None), ["0: Jane Hart sms"]);
}

#[test]
fn actions_are_done_in_their_order() {
    let book = book();
    let actions = vec![
        Action::Copy("office@hartlowe.example".to_owned()),
        Action::Tell(to(&[Target::Contact(PAUL)])),
        Action::Tell(to(&[Target::Recipient])),
    ];
    let group = closing(Usage::Usual, Timing::AtOnce, actions);
    let expected = [
        "0: the office email",
        "0: Paul Lowe email",
        "0: The message is for nobody in particular.",
    ];
    assert_eq!(foreseen(&book, message(&book), Some(&group)), expected);
}

#[test]
fn a_level_that_reaches_nobody_does_not_keep_the_next_one_waiting() {
    let mut book = book();
    let levels = [JANE, MARY, PAUL].map(|id| to(&[Target::Contact(id)]));
    book.policies = vec![policy(levels.to_vec())];
    let group = closing(Usage::Usual, Timing::AtOnce, vec![Action::Escalate(URGENT)]);
    let expected = [
        "0: EscalationBegun Urgent level 1",
        "0: Jane Hart sms",
        "5: Escalated Urgent level 2",
        "5: Mary Ash has no address for it in the directory.",
        "5: Escalated Urgent level 3",
        "5: Paul Lowe email",
        "10: Exhausted  Nobody acknowledged it in time.",
    ];
    assert_eq!(foreseen(&book, message(&book), Some(&group)), expected);
}

#[test]
fn all_levels_are_gone_through_as_often_as_the_policy_says() {
    let mut book = book();
    let levels = vec![to(&[Target::Contact(JANE)]), to(&[Target::Rotation(NIGHTS)])];
    book.policies = vec![Policy { rounds: 2, ..policy(levels) }];
    let group = closing(Usage::Usual, Timing::AtOnce, vec![Action::Escalate(URGENT)]);
    let expected = [
        "0: EscalationBegun Urgent level 1",
        "0: Jane Hart sms",
        "5: Escalated Urgent level 2",
        "5: Paul Lowe email",
        "10: Escalated Urgent level 1, round 2",
        "10: Jane Hart sms",
        "15: Escalated Urgent level 2, round 2",
        "15: Paul Lowe email",
        "20: Exhausted  Nobody acknowledged it in time.",
    ];
    assert_eq!(foreseen(&book, message(&book), Some(&group)), expected);
}

#[test]
fn a_digest_waits_for_its_hour_and_an_emergency_for_none() {
    let book = book();
    // Noon and five on the next day: 14 and 19 hours after the night began.
    let timing = Timing::Digest(vec![12 * 60, 17 * 60]);
    let group = closing(Usage::Usual, timing, vec![Action::Tell(to(&[Target::Contact(JANE)]))]);
    let waits = foreseen(&book, message(&book), Some(&group));
    assert_eq!(waits, ["0: held until 840, in a digest: true", "840: Jane Hart call"]);
    let emergency = Message { is_emergency: true, ..message(&book) };
    assert_eq!(foreseen(&book, emergency, Some(&group)), ["0: Jane Hart sms"]);
}

#[test]
fn what_an_agent_was_asked_goes_before_the_digest() {
    let book = book();
    let asked = at(NIGHT).plus_ms(30 * MINUTE_MS);
    let timing = Timing::Digest(vec![12 * 60]);
    let group = closing(Usage::Usual, timing, vec![Action::Tell(to(&[Target::Contact(JANE)]))]);
    let held = Message { send_at: Some(asked), is_emergency: true, ..message(&book) };
    let waits = foreseen(&book, held.clone(), Some(&group));
    assert_eq!(waits, ["0: held until 30, in a digest: false", "30: Jane Hart sms"]);
    // A time that is over holds nothing.
    let late = Message { send_at: Some(at(NIGHT)), ..held };
    assert_eq!(book.held_until(&late, None, at(NIGHT)), None);
}

#[test]
fn a_digest_is_at_the_accounts_own_noon() {
    let mut book = book();
    book.account.zone = Zone::named("Asia/Tokyo").expect("a zone");
    let group = closing(Usage::Usual, Timing::Digest(vec![12 * 60]), Vec::new());
    // The night in New York begins at noon in Tokyo: the next one is a day later.
    let next = book.held_until(&message(&book), Some(&group), at(NIGHT));
    assert_eq!(next, Some(at("2025-01-23T03:00:00Z")));
}

#[test]
fn of_several_escalations_one_goes_on_and_one_of_another_account_begins_none() {
    let book = book();
    let actions =
        vec![Action::Escalate(PolicyId(9)), Action::Escalate(URGENT), Action::Escalate(URGENT)];
    let group = closing(Usage::Usual, Timing::AtOnce, actions);
    let mut message = message(&book);
    let closed = book.close(&mut message, Some(&group), at(NIGHT));
    assert_eq!(closed.escalation.expect("one").policy_id, URGENT);
    assert_eq!(closed.moments.len(), 1);
    assert_eq!(message.escalation_level_id, Some(1));
    assert_eq!(message.next_escalation_at, Some(at(NIGHT).plus_ms(5 * MINUTE_MS)));
}
