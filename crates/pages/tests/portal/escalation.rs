//! What a message's page tells of its escalation, and what people do about it there.

use domain::closing::{Action, ClosingGroup, Timing, Usage};
use domain::escalation::{Level, Manner, Policy, Target, Telling};
use domain::limits::MINUTE_MS;
use domain::{Channel, ClosingGroupId, JobKind, LevelId, PolicyId};

use super::browser::House;

fn telling(targets: Vec<Target>, channels: &[Channel]) -> Telling {
    Telling { targets, channels: channels.to_vec(), manner: Manner::First }
}

impl House {
    /// Every message of the law firm escalates: a text to Jane, then a mail to her.
    async fn escalates(&self, name: &str, ack_expires_ms: Option<i64>) {
        let (app, one) = (&self.world.app, &self.one);
        let jane = vec![Target::Contact(one.jane.id)];
        let level = |minutes: i64, channel| Level {
            id: LevelId(0),
            delay_ms: minutes * MINUTE_MS,
            telling: telling(jane.clone(), &[channel]),
        };
        let policy = Policy {
            id: PolicyId(0),
            account_id: one.law.id,
            name: name.to_owned(),
            levels: vec![level(5, Channel::Sms), level(15, Channel::Email)],
            rounds: 1,
            ack_expires_ms,
        };
        let policy = app::playbooks::keep_policy(app, &one.owner, policy).await.expect("a policy");
        let group = ClosingGroup {
            id: ClosingGroupId(0),
            account_id: one.law.id,
            name: "Every message".to_owned(),
            usage: Usage::Usual,
            timing: Timing::AtOnce,
            actions: vec![Action::Escalate(policy.id)],
        };
        app::playbooks::keep_closing(app, &one.owner, group).await.expect("a group");
    }

    /// Minutes pass, and what is due escalates.
    async fn minutes_pass(&self, minutes: i64) {
        self.world.clock.advance(minutes * MINUTE_MS);
        let app = &self.world.app;
        let jobs = app::jobs::claim(app, JobKind::Escalate, 10).await.expect("jobs");
        app::escalations::climb_all(app, &jobs).await.expect("turns");
    }
}

#[tokio::test]
async fn the_page_of_a_message_says_where_it_stands_on_its_policy() {
    let house = House::new().await;
    house.escalates("Nights", None).await;
    let message = house.take().await;
    let path = format!("/messages/{}", message.id);
    let mut carl = house.signed_in(&house.one.client).await;
    let page = carl.get(&path).await;
    page.is(200)
        .shows("Escalation Nights")
        .shows("Waits for somebody to acknowledge it.")
        .shows("Stands at Level 1 of 2 Next step in 5 min.")
        .shows("Escalation, step 1")
        .hides("Escalate again");
    house.minutes_pass(5).await;
    let page = carl.get(&path).await;
    page.is(200).shows("Level 2 of 2 Next step in 15 min.").shows("Escalation, step 2");
    page.shows("It went up to level 2 of “Nights”.");

    house.minutes_pass(15).await;
    let page = carl.get(&path).await;
    page.is(200).shows("Nobody is left to be told.").hides("Escalate again");
    carl.post(&format!("{path}/escalate-again"), &[]).await.is(403);

    let mut ann = house.signed_in(&house.one.agent).await;
    ann.get(&path).await.is(200).shows("Escalate again");
    let again = ann.post(&format!("{path}/escalate-again"), &[]).await;
    let page = ann.follow(&again).await;
    page.is(200).shows("The message from Maria Lopez escalates again, from level 1.");
    house.minutes_pass(0).await;
    ann.get(&path).await.is(200).shows("Level 1 of 2 Next step in 5 min.");
}

#[tokio::test]
async fn acknowledging_stops_it_and_the_page_says_until_when() {
    let house = House::new().await;
    house.escalates("Nights", Some(120 * MINUTE_MS)).await;
    let message = house.take().await;
    let path = format!("/messages/{}", message.id);
    let mut carl = house.signed_in(&house.one.client).await;
    carl.post(&format!("{path}/acknowledge"), &[]).await.is(303);
    let page = carl.get(&path).await;
    page.is(200).shows("Stopped: somebody took charge.");
    page.shows("The acknowledgement holds until in 2 hr.");
    let mut ann = house.signed_in(&house.one.agent).await;
    let late = ann.post(&format!("{path}/escalate-again"), &[]).await;
    ann.follow(&late).await.is(200).shows("Somebody took charge of the message from Maria Lopez");
    carl.post(&format!("{path}/close"), &[]).await.is(303);
    carl.get(&path).await.is(200).shows("Stopped: the message is closed.");
    carl.post(&format!("{path}/reopen"), &[]).await.is(303);
    carl.get(&path).await.is(200).shows("Goes on: somebody is told once more.");
}

#[tokio::test]
async fn a_message_that_is_held_says_when_it_goes_out() {
    let house = House::new().await;
    let (app, one) = (&house.world.app, &house.one);
    let action = Action::Tell(telling(vec![Target::Contact(one.jane.id)], &[Channel::Email]));
    let group = ClosingGroup {
        id: ClosingGroupId(0),
        account_id: one.law.id,
        name: "Evening".to_owned(),
        usage: Usage::Usual,
        timing: Timing::Digest(vec![18 * 60]),
        actions: vec![action],
    };
    app::playbooks::keep_closing(app, &one.owner, group).await.expect("a group");
    let message = house.take().await;
    let mut carl = house.signed_in(&one.client).await;
    let page = carl.get(&format!("/messages/{}", message.id)).await;
    page.is(200).shows("Held. It goes out in 52 min. , Tue, Jan 21, 2025, 6:00:00 PM EST");
    page.shows("It is held until the digest “Evening”");
    let mut ann = house.signed_in(&one.agent).await;
    let none = ann.post(&format!("/messages/{}/escalate-again", message.id), &[]).await;
    ann.follow(&none).await.is(200).shows("goes by no escalation policy.");

    house.world.clock.advance(52 * MINUTE_MS);
    let jobs = app::jobs::claim(app, JobKind::Digest, 10).await.expect("jobs");
    app::closings::digest_all(app, &jobs).await.expect("digests");
    let page = carl.get(&format!("/messages/{}", message.id)).await;
    page.is(200).shows("It went out in a digest, together with others.");
    page.shows("It was let out in the digest “Evening”.").hides("Held.");
}
