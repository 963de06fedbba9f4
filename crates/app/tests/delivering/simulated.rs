//! What the simulator foresees is what then happens.

use app::playbooks::ImaginedMessage;
use domain::playbook::Foresight;
use domain::way::WayEntry;

use super::*;

/// What was foreseen: when, over which channel, to whom.
fn told(foreseen: &[domain::playbook::Foreseen]) -> Vec<(Instant, Channel, String)> {
    let notice = |it: &domain::playbook::Foreseen| match &it.what {
        Foresight::Told(notice) => Some((it.at, notice.channel, notice.address.clone())),
        _ => None,
    };
    foreseen.iter().filter_map(notice).collect()
}

/// Lets all of it happen, and compares.
async fn check(story: &Story, imagined: ImaginedMessage) -> Vec<domain::playbook::Foreseen> {
    let (app, office) = (&story.world.app, &story.office);
    let foreseen = playbooks::foresee(app, &office.supervisor, office.law.id, imagined).await;
    let foreseen = foreseen.expect("a timetable");
    let begins = imagined.at.expect("an instant");
    story.pass_until(begins).await;
    let entry = MessageEntry {
        contact_id: imagined.contact_id,
        is_emergency: imagined.is_emergency,
        ..story.entry("The alarm rings.")
    };
    let id = story.take_entry(entry).await;
    story.pass(5 * 24 * 60).await;
    let got: Vec<Got> = story.air.lock().expect("the air").drain(..).collect();
    let happened: Vec<(Instant, Channel, String)> =
        got.into_iter().map(|got| (got.at, got.channel, got.to)).collect();
    assert_eq!(told(&foreseen), happened);
    let log = story.log(id).await;
    for it in &foreseen {
        if let Foresight::Logged(event) = &it.what {
            assert!(log.contains(&event.sentence()), "{} in {log}", event.sentence());
        }
    }
    foreseen
}

#[tokio::test]
async fn on_a_saturday_night_over_three_rounds() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    let manager = story.person("Mia", MANAGER).await;
    let ways = [("email", "bob@desk.example", "Mon-Fri 09:00-17:00"), ("call", BOB, "")];
    let ways = ways.map(|(channel, address, hours)| WayEntry {
        channel: channel.to_owned(),
        address: address.to_owned(),
        hours: hours.to_owned(),
    });
    let (app, office) = (&story.world.app, &story.office);
    playbooks::set_ways(app, &office.owner, office.law.id, bob.id, &ways).await.expect("ways");
    let levels: [(Target, &[Channel], i64); 2] =
        [(Target::Contact(bob.id), ANY, 17), (Target::Contact(manager.id), ANY, 1_440)];
    let policy = story.blank(&levels);
    let policy = story.keep_policy(Policy { rounds: 3, ..policy }).await;
    story
        .close_with(
            Timing::AtOnce,
            vec![Action::Copy("office@hartlowe.example".to_owned()), Action::Escalate(policy.id)],
        )
        .await;
    // Saturday, 02:10 in New York.
    let imagined =
        ImaginedMessage { at: Some(at("2025-01-25T07:10:00Z")), ..ImaginedMessage::default() };
    let foreseen = check(&story, imagined).await;
    let calls = told(&foreseen);
    assert_eq!(calls.len(), 7, "a copy, and two people three times");
    assert_eq!(calls[1], (at("2025-01-25T07:10:00Z"), Channel::Call, BOB.to_owned()));
    let sunday = (at("2025-01-26T07:27:00Z"), Channel::Call, BOB.to_owned());
    assert_eq!(calls[3], sunday, "it is still the weekend");
}

#[tokio::test]
async fn into_a_digest_and_for_nobody_in_particular() {
    let story = Story::new().await;
    let jane = Target::Contact(story.office.jane.id);
    story.close_with(Timing::Digest(vec![17 * 60]), vec![Action::Tell(telling(jane, ANY))]).await;
    let imagined =
        ImaginedMessage { at: Some(at("2025-01-25T07:10:00Z")), ..ImaginedMessage::default() };
    let foreseen = check(&story, imagined).await;
    let until = at("2025-01-25T22:00:00Z");
    assert_eq!(foreseen[0].what, Foresight::Held { until, in_digest: true });
    let urgent = ImaginedMessage {
        at: Some(at("2025-02-01T07:10:00Z")),
        is_emergency: true,
        ..ImaginedMessage::default()
    };
    check(&story, urgent).await;
    let none = Story::new().await;
    let imagined =
        ImaginedMessage { at: Some(at("2025-01-25T07:10:00Z")), ..ImaginedMessage::default() };
    assert!(check(&none, imagined).await.is_empty(), "nobody is told of what is for nobody");
}
