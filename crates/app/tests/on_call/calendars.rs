//! Links under which calendar programs read shifts.

use domain::on_call::Subject;

use super::*;

#[tokio::test]
async fn a_link_shows_shifts_until_it_is_made_anew_or_revoked() {
    let story = Story::new().await;
    let nights = story.make(story.weekly()).await;
    let (app, client, law) = (&story.world.app, &story.office.client, story.office.law.id);
    let tenant = story.office.tenant.id;
    let all = Subject::Rotation(nights.id);
    let first = on_call::make_link(app, client, law, all).await.expect("a link");
    let feed = on_call::open_link(app, tenant, &first).await.expect("asked").expect("a feed");
    assert_eq!(feed.name, "On call: Nights");
    // From yesterday to eight weeks ahead: nine weeks are touched.
    assert_eq!(feed.shifts.len(), 9);
    let names: Vec<&str> = feed.shifts.iter().map(|shift| shift.person.as_str()).collect();
    assert_eq!(names[..3], ["Jane Hart", "Paul Lowe", "Jane Hart"]);
    let own = Subject::Contact(story.paul.id);
    let pauls = on_call::make_link(app, client, law, own).await.expect("a link");
    let feed = on_call::open_link(app, tenant, &pauls).await.expect("asked").expect("a feed");
    assert_eq!((feed.name.as_str(), feed.shifts.len()), ("On call: Paul Lowe", 4));
    // A new link ends the old one; another tenant, a wrong and an empty token open nothing.
    let second = on_call::make_link(app, client, law, all).await.expect("anew");
    let other = story.world.tenancy("other").await.tenant.id;
    for (tenant, token) in [(tenant, first.as_str()), (other, &second), (tenant, ""), (tenant, "x")]
    {
        assert_eq!(on_call::open_link(app, tenant, token).await.expect("asked"), None, "{token}");
    }
    assert_eq!(on_call::links(app, client, law).await.expect("links").len(), 2);
    on_call::revoke_link(app, client, law, all).await.expect("revoked");
    assert_eq!(on_call::open_link(app, tenant, &second).await.expect("asked"), None);
    assert!(is_hidden(on_call::revoke_link(app, client, law, all).await));
    for stranger in strangers(&story) {
        assert!(is_hidden(on_call::make_link(app, stranger, law, all).await));
        assert!(is_hidden(on_call::make_link(app, stranger, story.office.dental.id, all).await));
        assert!(is_hidden(on_call::make_link(app, stranger, law, own).await));
        assert!(is_hidden(on_call::revoke_link(app, stranger, law, own).await));
        assert!(is_hidden(on_call::links(app, stranger, law).await));
    }
    assert!(is_forbidden(on_call::make_link(app, &story.office.agent, law, all).await));
    // Paul leaves: his calendar is no more.
    let supervisor = &story.office.supervisor;
    app::accounts::remove_contact(app, supervisor, law, story.paul.id).await.expect("removed");
    assert_eq!(on_call::open_link(app, tenant, &pauls).await.expect("asked"), None);
}
