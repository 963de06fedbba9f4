//! Ctrl+K finds what somebody may see, and nothing else.

use app::messages;
use app::messages::MessageEntry;

use super::support::House;

/// A message of the law firm of a tenant.
async fn taken(house: &House, of: &testkit::Tenancy, content: &str) -> i64 {
    let answers = [("first_name", "Maria"), ("phone", "1"), ("content", content)];
    let entry = MessageEntry {
        uuid: house.world.app.entropy().uuid(),
        form_id: of.form.id,
        answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
        did_id: None,
        contact_id: None,
        caller_id: String::new(),
        is_emergency: false,
        ..MessageEntry::default()
    };
    let taken = messages::take(&house.world.app, &of.agent, of.law.id, entry).await;
    taken.expect("a message").message.id.0
}

#[tokio::test]
async fn everybody_finds_their_own() {
    let house = House::new().await;
    let mine = taken(&house, &house.one, "The boiler leaks").await;
    let theirs = taken(&house, &house.two, "The boiler is theirs").await;
    let one = &house.one;
    let law = one.law.id;
    let finds = async |actor: &app::Actor, query: &str| {
        let visitor = house.enters(actor).await;
        house.get(&visitor, &format!("/find?q={query}")).await
    };
    let message = format!("href=\"/messages/{mine}\"");
    for actor in [&one.owner, &one.supervisor, &one.agent, &one.client] {
        let page = finds(actor, "boiler").await;
        assert!(page.html.contains(&message), "{}", actor.name);
        assert!(!page.says("is theirs"), "{}", actor.name);
        assert!(finds(actor, &mine.to_string()).await.html.contains(&message), "by its number");
        assert!(!finds(actor, &theirs.to_string()).await.says("is theirs"), "{}", actor.name);
    }
    assert!(!finds(&one.other_client, "boiler").await.html.contains(&message));
    assert!(!finds(&one.other_client, &mine.to_string()).await.html.contains(&message));

    let page = finds(&one.agent, "hart").await;
    assert!(page.html.contains(&format!("href=\"/console/accounts/{law}\"")));
    let page = finds(&one.supervisor, "hart").await;
    assert!(page.html.contains(&format!("href=\"/accounts/{law}\"")));
    let page = finds(&one.client, "hart").await;
    assert!(page.html.contains("href=\"/messages?account_number=W0411\""));
    assert!(!finds(&one.other_client, "hart").await.html.contains("W0411"));

    let carl = format!("href=\"/people/{}\"", one.client.user_id);
    assert!(finds(&one.supervisor, "carl").await.html.contains(&carl));
    for actor in [&one.agent, &one.client] {
        assert!(!finds(actor, "carl").await.html.contains("href=\"/people/"), "{}", actor.name);
    }
    let pages = finds(&one.client, "").await;
    let found = pages.html.split("id=\"finds\"").nth(1).expect("the finds");
    assert!(found.contains("href=\"/messages\"") && !found.contains("href=\"/console\""));
}
