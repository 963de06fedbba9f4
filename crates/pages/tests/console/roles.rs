//! Every route of console, accounts, people and find, for every role and with foreign ids.

use app::Actor;
use axum::http::StatusCode;
use web::Route;

use super::playbook;
use super::support::{House, Visitor};

/// Who may ask for a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    Nothing,
    Takes,
    Manages,
}

/// The routes that are walked here.
fn routes() -> Vec<(Route, Needs)> {
    let ours = |route: &&Route| {
        ["/console", "/accounts", "/people", "/find"].iter().any(|at| route.path.starts_with(at))
    };
    let routes = pages::routes();
    let needs = |route: &Route| match (route.method, route.path) {
        (_, "/find") => Needs::Nothing,
        (_, "/console/floor") => Needs::Manages,
        (_, path) if path.starts_with("/console") => Needs::Takes,
        (
            "GET",
            "/accounts" | "/accounts.csv" | "/accounts/{id}" | "/accounts/{id}/contacts.csv",
        ) => Needs::Takes,
        // Whoever sees an account reads its playbook, clients too.
        ("GET", "/accounts/{id}/delivery" | "/accounts/{id}/simulator") => Needs::Nothing,
        _ => Needs::Manages,
    };
    routes.list().iter().filter(ours).map(|route| (*route, needs(route))).collect()
}

/// What stands for something of an account in a path.
const PARTS: [&str; 5] = ["{line}", "{contact}", "{group}", "{policy}", "{closing}"];

/// The path with ids in place of its braces.
fn filled(path: &str, id: &str, of_it: &str) -> String {
    let path = path.replace("{id}", id);
    PARTS.iter().fold(path, |path, part| path.replace(part, of_it))
}

async fn ask(house: &House, who: &Visitor, route: Route, path: &str) -> (StatusCode, String) {
    let reply = match route.method {
        "GET" => house.get(who, path).await,
        _ => house.post(who, path, &[("name", "first_name")]).await,
    };
    (reply.status, reply.html)
}

#[tokio::test]
async fn every_route_is_for_its_roles_only() {
    let house = House::new().await;
    // A stream ends after its first word, so that every answer has an end.
    house.streams.close();
    let one = &house.one;
    let people: [(&Actor, &[Needs]); 4] = [
        (&one.owner, &[Needs::Nothing, Needs::Takes, Needs::Manages]),
        (&one.supervisor, &[Needs::Nothing, Needs::Takes, Needs::Manages]),
        (&one.agent, &[Needs::Nothing, Needs::Takes]),
        (&one.client, &[Needs::Nothing]),
    ];
    assert_eq!(routes().len(), 75, "every route is walked");
    for (actor, may) in people {
        let visitor = house.enters(actor).await;
        for (route, needs) in routes() {
            // An id that nobody has: whoever may ask hears 404, 422 or sees a page; nothing changes.
            let path = filled(route.path, "999999", "999999");
            let (status, html) = ask(&house, &visitor, route, &path).await;
            if may.contains(&needs) {
                assert_ne!(status, StatusCode::FORBIDDEN, "{} {route:?}", actor.name);
                assert!(!status.is_server_error(), "{} {route:?}", actor.name);
            } else {
                assert_eq!(status, StatusCode::FORBIDDEN, "{} {route:?}", actor.name);
                assert!(html.contains("You may not do this"), "a page in words");
            }
        }
    }
}

#[tokio::test]
async fn a_foreign_id_is_answered_as_one_that_nobody_has() {
    let house = House::new().await;
    let (one, two) = (&house.one, &house.two);
    let owner = house.enters(&one.owner).await;
    let (world, ringing) = (&house.world, domain::live::Signal::Ringing);
    let call = world.tell(two, &two.law, "c1", ringing, "9548326297").await;
    let item = world.add_work_item(&two.law, domain::WorkKind::Dispatch, None, "Theirs").await;
    let theirs = playbook::kept(&house, two).await;
    for (route, _) in routes() {
        if !route.path.contains('{') {
            continue;
        }
        let foreign = match route.path {
            path if path.starts_with("/console/calls") => call.to_string(),
            path if path.starts_with("/console/items") => item.to_string(),
            path if path.starts_with("/people") => two.client.user_id.to_string(),
            _ => two.law.id.to_string(),
        };
        let of_it = match route.path {
            path if path.contains("{line}") => two.line.id.to_string(),
            path if path.contains("{group}") => theirs.0.to_string(),
            path if path.contains("{policy}") => theirs.1.to_string(),
            path if path.contains("{closing}") => theirs.2.to_string(),
            _ => two.jane.id.to_string(),
        };
        let of_theirs = filled(route.path, &foreign, &of_it);
        let unknown = filled(route.path, "999999", "999999");
        let mixed = filled(route.path, &one.law.id.to_string(), &of_it);
        let nonsense = filled(route.path, "nine", "9223372036854775808");
        let expected = ask(&house, &owner, route, &unknown).await;
        assert_eq!(expected.0, StatusCode::NOT_FOUND, "{route:?}");
        assert_eq!(ask(&house, &owner, route, &of_theirs).await, expected, "{route:?}");
        assert_eq!(ask(&house, &owner, route, &nonsense).await, expected, "{route:?}");
        if PARTS.iter().any(|part| route.path.contains(part)) {
            assert_eq!(ask(&house, &owner, route, &mixed).await, expected, "{route:?}");
        }
    }
    let (app, owner) = (&house.world.app, &two.owner);
    let book = app::playbooks::find(app, owner, two.law.id).await.expect("a playbook");
    assert_eq!((book.lines.len(), book.contacts.len()), (1, 1));
    let form = app::forms::of_line(app, owner, two.law.id, None).await.expect("a form");
    assert_eq!(form, two.form);
    assert_eq!(playbook::ids(&house, two).await, theirs, "they stand as before");
    let bench = app::forms::bench(&house.world.app, &two.owner, two.law.id, None).await;
    assert_eq!(bench.expect("a bench").draft, None);
    let queue = app::live::snapshot(&world.app, two.tenant.id).await.expect("a snapshot");
    assert_eq!(queue.calls[0].progress.agent_id, None, "nobody took their call");
    assert_eq!(queue.items[0].state, domain::WorkState::Open);
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let house = House::new().await;
    let one = &house.one;
    let owner = house.enters(&one.owner).await;
    let other = house.enters(&one.owner).await.csrf;
    let law = one.law.id.to_string();
    let (world, ringing) = (&house.world, domain::live::Signal::Ringing);
    let call = world.tell(one, &one.law, "c1", ringing, "9548326297").await;
    let item = world.add_work_item(&one.law, domain::WorkKind::Dispatch, None, "Ours").await;
    let stands = async || {
        let (app, owner) = (&house.world.app, &one.owner);
        let book = app::playbooks::find(app, owner, one.law.id).await.expect("a playbook");
        let form = app::forms::of_line(app, owner, one.law.id, None).await.expect("a form");
        (form, book.contacts.clone())
    };
    let before = stands().await;
    for (route, _) in routes().into_iter().filter(|(route, _)| route.method == "POST") {
        let id = match route.path {
            path if path.starts_with("/people") => one.client.user_id.to_string(),
            path if path.starts_with("/console/calls") => call.to_string(),
            path if path.starts_with("/console/items") => item.to_string(),
            _ => law.clone(),
        };
        let path = filled(route.path, &id, &one.jane.id.to_string());
        for token in [None, Some(""), Some("guessed"), Some(other.as_str())] {
            let token: Vec<(&str, &str)> = token.map(|token| ("csrf", token)).into_iter().collect();
            let sent = [&token[..], &[("name", "first_name"), ("label", "x")]].concat();
            let reply = house.post_bare(&owner, &path, &sent).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{route:?} {token:?}");
            assert!(reply.says("This form was open for too long"));
        }
    }
    assert_eq!(stands().await, before);
    assert_eq!(house.messages().await.len(), 0);
}

#[tokio::test]
async fn nobody_who_is_not_signed_in_sees_anything() {
    let house = House::new().await;
    let mut nobody = house.agent().await;
    let agent = nobody.clone();
    nobody.forget();
    for (route, _) in routes() {
        let path = filled(route.path, "1", "1");
        let reply = match route.method {
            "GET" => house.get(&nobody, &path).await,
            _ => house.post(&nobody, &path, &[]).await,
        };
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{route:?}");
        assert!(reply.to.starts_with("/sign-in?"), "{route:?}");
    }
    assert_eq!(house.get(&agent, "/console").await.status, StatusCode::OK);
}
