//! Saved messages that are put right: what is kept, what the log says, and who hears of it.

use app::Error;
use app::messages::{self, CorrectionEntry, MessageEntry};
use app::webhooks::{self, PostFilter};
use domain::message::Update;
use domain::webhook::{Guard, WebhookEntry};
use domain::{HookKind, UserId};
use testkit::World;

#[tokio::test]
async fn webhooks_hear_of_a_correction_and_each_version_is_kept() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let (app, agent, law) = (&world.app, &office.agent, office.law.id);
    let entry = WebhookEntry {
        url: "https://crm.example/".to_owned(),
        description: String::new(),
        kinds: vec![HookKind::MessageCorrected.as_str().to_owned()],
    };
    let guard = Guard::default();
    let hook = webhooks::create(app, &office.owner, law, &entry, &guard).await.expect("a webhook");
    let heard = async || {
        let (id, all) = (hook.webhook.id, PostFilter::default());
        webhooks::page(app, &office.owner, id, &all, 10).await.expect("a log").len()
    };
    let answers = [("first_name", "Maria"), ("phone", "1"), ("content", "Hello")];
    let entry = MessageEntry {
        uuid: app.entropy().uuid(),
        form_id: office.form.id,
        answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
        ..MessageEntry::default()
    };
    let taken = messages::take(app, agent, law, entry).await.expect("a message").message;

    let said = |text: &str| CorrectionEntry {
        answers: vec![("content".to_owned(), text.to_owned())],
        contact_id: None,
    };
    let correct = |entry, revision| messages::correct(app, agent, taken.id, entry, revision);
    let entry = said("Hello!");
    let right = correct(&entry, Some(taken.revision)).await.expect("corrected");
    assert_eq!((right.revision, heard().await), (taken.revision + 1, 1));
    let again = correct(&entry, None).await.expect("as it was");
    assert_eq!((again.revision, heard().await), (right.revision, 1), "nothing changed");
    let stale = correct(&said("Late."), Some(taken.revision)).await;
    assert!(matches!(stale, Err(Error::Changed)));

    let tags = Update { klass_names: Some("VIP".to_owned()), ..Update::default() };
    messages::update(app, agent, taken.id, &tags, None).await.expect("tagged");
    assert_eq!(heard().await, 2);
    let nobody = Update { user_id: Some(Some(UserId(999))), ..Update::default() };
    let refused = messages::update(app, agent, taken.id, &nobody, None).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));

    let kept = messages::corrections(app, agent, taken.id).await.expect("versions");
    let kept: Vec<_> = kept.into_iter().map(|kept| (kept.version, kept.replaced.0)).collect();
    let was = |name: &str, text: &str| vec![(name.to_owned(), text.to_owned())];
    assert_eq!(kept, [(1, was("content", "Hello")), (2, was("klass_names", ""))]);
    let stranger = messages::corrections(app, &office.other_client, taken.id).await;
    assert!(matches!(stranger, Err(Error::NotFound)));
}
