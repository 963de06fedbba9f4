//! Forms: drafts, versions, those of lines, and messages that keep the version they began with.

use app::messages::MessageEntry;
use app::{Error, forms};
use domain::form::{Condition, Section};
use domain::{AccountId, DidId, Field, FieldKind};
use testkit::{Tenancy, World};

fn yes_no(label: &str) -> Field {
    Field::new(label, FieldKind::Radio(vec!["Yes".to_owned(), "No".to_owned()]), true)
}

/// "Cold?" opens "how long".
fn branched() -> Vec<Section> {
    let any_of = vec!["Yes".to_owned()];
    let condition = Condition { field: "cold".to_owned(), any_of };
    let how_long = Section::of(vec![Field::new("How long", FieldKind::Text, true)]);
    let branch = Section { title: "No heat".to_owned(), opens_when: Some(condition), ..how_long };
    vec![Section::of(vec![yes_no("Cold?")]), branch]
}

async fn audited(world: &World, one: &Tenancy) -> Vec<String> {
    let mut reader = world.db.read().await.expect("a connection");
    let entries = store::audit::list(reader.link(), one.tenant.id).await.expect("entries");
    let forms = entries.into_iter().filter(|entry| entry.action.starts_with("form."));
    forms.map(|entry| format!("{} {} {}", entry.actor_name, entry.action, entry.subject)).collect()
}

#[tokio::test]
async fn a_draft_becomes_the_next_version_and_an_old_one_comes_back() {
    let world = World::new().await;
    let one = world.tenancy("one").await;
    let (app, sam, law) = (&world.app, &one.supervisor, one.law.id);
    let bench = forms::bench(app, sam, law, None).await.expect("a bench");
    assert_eq!((bench.revision(), bench.sections().len()), (0, 1));
    // Half built: kept, but not to be published.
    let half = vec![Section::of(vec![Field::new("", FieldKind::Text, false)])];
    let draft = forms::save_draft(app, sam, law, None, half, 0).await.expect("a draft");
    let refused = forms::publish_draft(app, sam, law, None, draft.revision).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    let stale = forms::save_draft(app, sam, law, None, branched(), 0).await;
    assert!(matches!(stale, Err(Error::Changed)), "{stale:?}");
    let draft = forms::save_draft(app, sam, law, None, branched(), 1).await.expect("a draft");
    let before = forms::of_line(app, &one.agent, law, None).await.expect("a form");
    assert_eq!(before, one.form, "a draft changes nothing for agents");

    let stale = forms::publish_draft(app, sam, law, None, 1).await;
    assert!(matches!(stale, Err(Error::Changed)), "{stale:?}");
    let second = forms::publish_draft(app, sam, law, None, draft.revision).await.expect("it");
    assert_eq!((second.version, second.published_by.as_str()), (2, "Sam"));
    let now = forms::of_line(app, &one.agent, law, None).await.expect("a form");
    assert_eq!(now, second);
    assert_eq!(forms::bench(app, sam, law, None).await.expect("a bench").draft, None);

    let third = forms::restore(app, sam, law, None, 1).await.expect("restored");
    assert_eq!((third.version, &third.sections), (3, &one.form.sections));
    let versions = forms::versions(app, sam, law, None).await.expect("all");
    assert_eq!(versions.iter().map(|form| form.version).collect::<Vec<_>>(), [3, 2, 1]);
    for unknown in [0, 4] {
        let refused = forms::restore(app, sam, law, None, unknown).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    }
    let id = one.law.id;
    let entries = [
        format!("command line form.publish account {id}, version 1"),
        format!("Sam form.publish account {id}, version 2"),
        format!("Sam form.publish account {id}, version 3"),
    ];
    assert_eq!(audited(&world, &one).await, entries);
}

#[tokio::test]
async fn a_line_may_have_a_form_of_its_own_and_give_it_back() {
    let world = World::new().await;
    let one = world.tenancy("one").await;
    let (app, sam, law) = (&world.app, &one.supervisor, one.law.id);
    let line = Some(one.line.id);
    let bench = forms::bench(app, sam, law, line).await.expect("a bench");
    assert!(!bench.has_own && bench.form == one.form, "it begins as the account's");
    let draft = forms::save_draft(app, sam, law, line, branched(), 0).await.expect("a draft");
    forms::publish_draft(app, sam, law, line, draft.revision).await.expect("published");
    let of_line = forms::of_line(app, &one.agent, law, line).await.expect("a form");
    assert_eq!((of_line.did_id, of_line.version), (line, 2));
    let of_account = forms::of_line(app, &one.agent, law, None).await.expect("a form");
    assert_eq!(of_account, one.form);
    let bench = forms::bench(app, sam, law, None).await.expect("a bench");
    assert_eq!(bench.lines_with_own, [one.line.id]);
    let foreign = forms::restore(app, sam, law, line, 1).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "a version of the account's, not the line's");

    forms::retire(app, sam, law, one.line.id).await.expect("retired");
    forms::retire(app, sam, law, one.line.id).await.expect("and again, which changes nothing");
    assert_eq!(forms::of_line(app, &one.agent, law, line).await.expect("a form"), one.form);
    let entries = audited(&world, &one).await;
    let retired = format!("Sam form.retire account {law}, line 5617819977");
    assert_eq!(entries.last(), Some(&retired));
    assert_eq!(entries.len(), 3);
}

#[tokio::test]
async fn only_who_manages_accounts_builds_forms_and_only_its_own() {
    let world = World::new().await;
    let (one, two) = (world.tenancy("one").await, world.tenancy("two").await);
    let app = &world.app;
    for who in [&one.agent, &one.client] {
        let refused = forms::bench(app, who, one.law.id, None).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
        let refused = forms::restore(app, who, one.law.id, None, 1).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
        let tenant = one.tenant.id;
        let refused = forms::publish(app, tenant, Some(who), one.law.id, None, branched()).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    }
    let strange = [
        (two.law.id, None),
        (one.law.id, Some(two.line.id)),
        (one.dental.id, Some(one.line.id)),
        (AccountId(999), None),
        (one.law.id, Some(DidId(0))),
    ];
    for (account, line) in strange {
        let sam = &one.supervisor;
        let saved = forms::save_draft(app, sam, account, line, branched(), 0).await;
        assert!(matches!(saved, Err(Error::NotFound)), "{account} {line:?}: {saved:?}");
        let tenant = one.tenant.id;
        let made = forms::publish(app, tenant, Some(sam), account, line, branched()).await;
        assert!(matches!(made, Err(Error::NotFound)), "{account} {line:?}: {made:?}");
    }
}

#[tokio::test]
async fn a_message_keeps_the_version_that_it_was_taken_with() {
    let world = World::new().await;
    let one = world.tenancy("one").await;
    let (app, law) = (&world.app, one.law.id);
    let form = forms::publish(app, one.tenant.id, None, law, None, branched()).await.expect("it");
    let take = |cold: &'static str, how_long: &'static str| {
        let answers = [("cold", cold), ("how_long", how_long)];
        let entry = MessageEntry {
            uuid: app.entropy().uuid(),
            form_id: form.id,
            answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
            ..MessageEntry::default()
        };
        app::messages::take(app, &one.agent, law, entry)
    };
    let message = take("No", "left over").await.expect("a message").message;
    assert_eq!(message.answers.of("how_long"), Some(""), "its section was not open");
    assert!(matches!(take("Yes", "").await, Err(Error::Invalid(_))));
    let message = take("Yes", "Two days").await.expect("a message").message;
    app::forms::publish_form(app, one.tenant.id, None, law, vec![yes_no("Warm?")])
        .await
        .expect("another");
    let detail = app::messages::detail(app, &one.agent, message.id).await.expect("it");
    assert_eq!(detail.form.expect("its form").label("how_long").as_deref(), Some("How long"));
}

#[tokio::test]
async fn the_form_may_ask_whom_the_message_is_for() {
    let world = World::new().await;
    let one = world.tenancy("one").await;
    let (app, law) = (&world.app, one.law.id);
    let fields = vec![Field::new("For whom?", FieldKind::Recipient, false)];
    let form = forms::publish_form(app, one.tenant.id, None, law, fields).await.expect("it");
    let take = |contact: String| {
        let entry = MessageEntry {
            uuid: app.entropy().uuid(),
            form_id: form.id,
            answers: vec![("receiver_name".to_owned(), contact)],
            contact_id: Some(domain::ContactId(1)),
            ..MessageEntry::default()
        };
        app::messages::take(app, &one.agent, law, entry)
    };
    let message = take(one.jane.id.to_string()).await.expect("a message").message;
    assert_eq!(message.receiver_name, "Jane Hart");
    assert_eq!(message.answers.of("receiver_name"), Some("Jane Hart"));
    assert_eq!(message.contact_id, Some(one.jane.id));
    let message = take(String::new()).await.expect("a message").message;
    assert_eq!((message.contact_id, message.receiver_name.as_str()), (None, ""));
    for wrong in ["999999", "Jane"] {
        let refused = take(wrong.to_owned()).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{wrong}: {refused:?}");
    }
}
