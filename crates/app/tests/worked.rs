//! To Dos that agents work: whichever way their runs end, webhooks hear of it, once.

use app::messages::{self, MessageEntry};
use app::webhooks::{self, PostFilter};
use app::{to_dos, work_queue};
use domain::HookKind;
use domain::to_do::RunState;
use domain::webhook::{Guard, WebhookEntry};
use testkit::{AtWork, Tenancy, World};

#[tokio::test]
async fn webhooks_hear_of_each_run_that_ends_once() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let (app, agent) = (&world.app, &office.agent);
    let entry = WebhookEntry {
        url: "https://crm.example/".to_owned(),
        description: String::new(),
        kinds: vec![HookKind::ToDoRun.as_str().to_owned()],
    };
    let (law, guard) = (office.law.id, Guard::default());
    let hook = webhooks::create(app, &office.owner, law, &entry, &guard).await.expect("a webhook");
    let heard = async || {
        let (id, all) = (hook.webhook.id, PostFilter::default());
        let log = webhooks::page(app, &office.owner, id, &all, 10).await.expect("a log");
        log.into_iter().map(|logged| logged.event).collect::<Vec<_>>()
    };

    let ends = [RunState::Worked, RunState::Worked, RunState::Failed, RunState::Cancelled];
    for (n, state) in ends.into_iter().enumerate() {
        let work = world.at_work(&office, agent, &format!("c{n}")).await;
        assert_eq!(heard().await.len(), n, "it waits for an agent: nothing has ended");
        match n {
            0 => save(&world, &office, work).await,
            1 => drop(work_queue::finish(app, agent, work.item, "Done.").await.expect("done")),
            2 => drop(work_queue::give_up(app, agent, work.item, "Nobody.").await.expect("over")),
            _ => to_dos::delete(app, &office.client, work.to_do).await.expect("gone"),
        }
        let events = heard().await;
        assert_eq!(events.len(), n + 1, "once");
        let said = format!(r#""state":"{}""#, state.as_str());
        assert!(events[0].body.contains(&said), "{said}: {}", events[0].body);
        assert_eq!(events[0].kind, HookKind::ToDoRun);
    }
}

/// Saves a message that was taken while working a To Do.
async fn save(world: &World, office: &Tenancy, work: AtWork) {
    let answers = [("first_name", "Maria"), ("phone", "1"), ("content", "Hello")];
    let entry = MessageEntry {
        uuid: world.app.entropy().uuid(),
        form_id: office.form.id,
        answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
        item_id: Some(work.item),
        ..MessageEntry::default()
    };
    messages::take(&world.app, &office.agent, office.law.id, entry).await.expect("a message");
}
