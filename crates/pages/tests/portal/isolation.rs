//! S3 in the portal: every route, for every role, with every id that is not theirs. The cases are
//! walked from the router's own list: a route without a case fails here.

use domain::delivery::Outcome;
use domain::{Account, Role};
use testkit::{Tenancy, sound};
use web::Route;

use super::browser::{Answer, Browser, House};

const SECRET: &str = "for nobody else";

/// Ids of rows, one of each kind.
#[derive(Clone, Copy, Debug)]
struct Rows {
    message: i64,
    recording: i64,
    mail: i64,
    key: i64,
    to_do: i64,
    rotation: i64,
    account: i64,
    webhook: i64,
    hook_event: i64,
}

/// Ids that nobody has.
const NOBODYS: Rows = Rows {
    message: 424_242,
    recording: 424_242,
    mail: 424_242,
    key: 424_242,
    to_do: 424_242,
    rotation: 424_242,
    account: 424_242,
    webhook: 424_242,
    hook_event: 424_242,
};

/// What a route answers to whoever may not see the row behind its id.
enum Case {
    /// It has no id: it may answer anything that holds nobody else's row.
    Own,
    /// Open to all, signed in or not.
    Public,
    /// The page that it does not exist, with this id in the path; and what only some may see.
    ById(fn(Rows) -> i64, Option<&'static [Role]>),
    /// The same, with a second id of something within the first, or a form that must be whole.
    Within(fn(Rows) -> i64),
    /// Ids of accounts and people: `tests/console/roles.rs` walks all addresses that begin so.
    AtTheDesk,
}

const DESK: [&str; 4] = ["/console", "/accounts", "/people", "/find"];

fn case(route: Route) -> Option<Case> {
    const ALL: Option<&[Role]> = None;
    const STAFF: Option<&[Role]> = Some(&[Role::Owner, Role::Supervisor, Role::Agent]);
    const LEADERS: Option<&[Role]> = Some(&[Role::Owner, Role::Supervisor]);
    Some(match (route.method, route.path) {
        ("GET", "/assets/{build}/{*name}" | "/sign-in") | ("POST", "/sign-in") => Case::Public,
        // The documentation holds nobody's rows: it is for programs that are still to be written.
        ("GET", "/api" | "/api/reference" | "/llms.txt" | "/sitemap.xml") => Case::Public,
        ("GET", path) if path.starts_with("/docs") => Case::Public,
        // Known by its token alone: `acknowledge.rs` tries foreign ones.
        (_, "/a/{token}") => Case::Public,
        ("GET", "/" | "/messages" | "/messages.csv" | "/recordings" | "/outbox" | "/profile") => {
            Case::Own
        }
        ("POST", "/sign-out" | "/profile/keys") => Case::Own,
        ("GET", "/to-dos" | "/to-dos.csv" | "/to-dos/new" | "/opt-outs") => Case::Own,
        ("GET", "/on-call/calendar/{token}") => Case::Public,
        ("GET", "/on-call" | "/on-call.csv" | "/on-call/new") => Case::Own,
        ("GET", "/recordings.csv" | "/outbox.csv" | "/opt-outs.csv") => Case::Own,
        ("POST", "/on-call" | "/on-call/preview") => Case::Own,
        (_, path) if path.starts_with("/on-call/holidays/{id}/{of_it}") => {
            Case::Within(|rows| rows.account)
        }
        (_, path) if path.starts_with("/on-call/holidays/{id}") => {
            Case::ById(|rows| rows.account, ALL)
        }
        (_, path) if path.ends_with("/take") || path.contains("{of_it}") => {
            Case::Within(|rows| rows.rotation)
        }
        (_, path) if path.starts_with("/on-call/{id}") => Case::ById(|rows| rows.rotation, ALL),
        ("POST", "/to-dos" | "/to-dos/preview" | "/opt-outs" | "/opt-outs/remove") => Case::Own,
        (_, path) if path.starts_with("/to-dos/{id}") => Case::ById(|rows| rows.to_do, ALL),
        (_, path) if DESK.iter().any(|at| path.starts_with(at)) => match path.contains('{') {
            true => Case::AtTheDesk,
            false => Case::Own,
        },
        (_, path) if path.starts_with("/webhooks/events/{id}") => {
            Case::ById(|rows| rows.hook_event, LEADERS)
        }
        (_, path) if path.starts_with("/webhooks/{id}") => Case::ById(|rows| rows.webhook, LEADERS),
        ("POST", "/messages/{id}/escalate-again") => Case::ById(|rows| rows.message, STAFF),
        (_, path) if path.starts_with("/messages/{id}") => Case::ById(|rows| rows.message, ALL),
        ("GET", "/recordings/{id}") => Case::ById(|rows| rows.recording, ALL),
        ("GET", "/outbox/{id}") => Case::ById(|rows| rows.mail, LEADERS),
        ("POST", "/profile/keys/{id}/revoke") => Case::ById(|rows| rows.key, ALL),
        _ => return None,
    })
}

/// Rows of one account, each with a text that must never come out elsewhere.
async fn rows(house: &House, tenancy: &Tenancy, account: &Account, owner: &app::Actor) -> Rows {
    let (world, app) = (&house.world, &house.world.app);
    let contact = domain::account::ContactEntry {
        name: SECRET.to_owned(),
        title: String::new(),
        email: "secret@x.example".to_owned(),
        phone: String::new(),
        zone: String::new(),
    };
    let contact = app::accounts::add_contact(app, tenancy.tenant.id, None, account.id, contact);
    let answers = [("first_name", SECRET), ("phone", "5"), ("content", SECRET)];
    let form = app::forms::of_line(app, &tenancy.agent, account.id, None).await.expect("a form");
    let entry = app::messages::MessageEntry {
        uuid: app.entropy().uuid(),
        form_id: form.id,
        answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
        did_id: None,
        contact_id: Some(contact.await.expect("a contact").id),
        caller_id: SECRET.to_owned(),
        is_emergency: false,
        ..app::messages::MessageEntry::default()
    };
    let message = app::messages::take(app, &tenancy.agent, account.id, entry).await;
    let message = message.expect("a message").message;
    house.attempt(Outcome::Captured).await;
    let mail = app::deliveries::captured(app, &tenancy.owner, None, 1).await.expect("mail")[0].id;
    let sid = format!("{SECRET} {}", account.id);
    let recording = world.add_recording(tenancy, &account.number, &sid, sound::wav(20)).await;
    let key = app::keys::create(app, owner, SECRET, None).await.expect("a key").key;
    let to_do = to_do(house, tenancy, account).await;
    let ringing = domain::live::Signal::Ringing;
    world.tell(tenancy, account, &sid.replace(' ', "-"), ringing, SECRET).await;
    world.add_work_item(account, domain::WorkKind::Question, None, SECRET).await;
    let rotation = rotation(house, tenancy, account).await;
    let (webhook, hook_event) = webhook(house, tenancy, account).await;
    let (message, recording) = (message.id.0, recording.id.0);
    Rows {
        message,
        recording,
        mail: mail.0,
        key: key.id.0,
        to_do,
        rotation,
        account: account.id.0,
        webhook,
        hook_event,
    }
}

/// A rotation of an account and a holiday, secret in every text.
async fn rotation(house: &House, tenancy: &Tenancy, account: &Account) -> i64 {
    let secret = || SECRET.to_owned();
    let entry = domain::on_call::RotationEntry {
        name: secret(),
        turn: "weekly".to_owned(),
        hand_off: "09:00".to_owned(),
        starts_on: "2025-01-06".to_owned(),
        ..Default::default()
    };
    let (app, owner) = (&house.world.app, &tenancy.owner);
    let made = app::on_call::create(app, owner, account.id, entry).await.expect("a rotation");
    let over = domain::on_call::OverrideEntry {
        contact_id: None,
        from: Some(app.now()),
        until: Some(app.now().plus_ms(86_400_000)),
        reason: secret(),
    };
    app::on_call::add_override(app, owner, made.id, over).await.expect("an override");
    let day = domain::on_call::HolidayEntry {
        date: "2025-07-04".to_owned(),
        name: secret(),
        contact_id: None,
    };
    app::on_call::add_holiday(app, owner, account.id, day).await.expect("a holiday");
    made.id.0
}

/// A To Do of an account, secret in every text.
async fn to_do(house: &House, tenancy: &Tenancy, account: &Account) -> i64 {
    let secret = || SECRET.to_owned();
    let entry = domain::to_do::ToDoEntry {
        delivery_type: "email".to_owned(),
        contact: secret(),
        message_text: secret(),
        subject: secret(),
        sender_name: secret(),
        instructions: secret(),
        run_at: "2030-01-02T03:04:05Z".to_owned(),
        ..Default::default()
    };
    let app = &house.world.app;
    let made = app::to_dos::create(app, &tenancy.owner, &account.number, &entry, None).await;
    match made.expect("a To Do") {
        app::idempotency::Once::New(made) => made.to_do.id.0,
        app::idempotency::Once::Before(_) => unreachable!("no key was given"),
    }
}

/// A webhook of an account, and an event on its way to it.
async fn webhook(house: &House, tenancy: &Tenancy, account: &Account) -> (i64, i64) {
    let (app, owner) = (&house.world.app, &tenancy.owner);
    let entry = domain::webhook::WebhookEntry {
        url: "https://hooks.example/".to_owned(),
        description: SECRET.to_owned(),
        kinds: vec!["message.created".to_owned()],
    };
    let guard = domain::webhook::Guard::default();
    let made = app::webhooks::create(app, owner, account.id, &entry, &guard).await;
    let id = made.expect("a webhook").webhook.id;
    let event = app::webhooks::test(app, owner, id).await.expect("an event");
    (id.0, event.0)
}

async fn ask(browser: &mut Browser, route: Route, path: &str) -> Answer {
    match route.method {
        "GET" => browser.get(path).await,
        _ => {
            let csrf = browser.csrf().await;
            browser.post_raw(path, &[("csrf", &csrf)]).await
        }
    }
}

/// What tells one answer from another: all of it but the token of the session.
fn told(answer: &Answer) -> (u16, Vec<String>, String) {
    let names = answer.headers.keys().map(ToString::to_string).collect();
    (answer.status.as_u16(), names, answer.body.clone())
}

#[tokio::test]
async fn every_route_with_every_foreign_id_answers_as_if_it_did_not_exist() {
    let house = House::new().await;
    let (one, two) = (&house.one, &house.two);
    let of_law = rows(&house, one, &one.law, &one.client).await;
    let of_dental = rows(&house, one, &one.dental, &one.other_client).await;
    let of_two = rows(&house, two, &two.law, &two.client).await;
    let before = state(&house).await;

    // Who asks, and whose rows are not theirs.
    let strangers = [
        (&one.other_client, vec![of_law, of_two]),
        (&one.client, vec![of_dental, of_two]),
        (&one.agent, vec![of_two]),
        (&one.supervisor, vec![of_two]),
        (&one.owner, vec![of_two]),
        (&two.client, vec![of_law, of_dental]),
        (&two.owner, vec![of_law, of_dental]),
    ];
    let mut tried = 0;
    for (actor, foreign) in strangers {
        let mut browser = house.signed_in(actor).await;
        for route in pages::routes().list().iter().copied() {
            let case = case(route).unwrap_or_else(|| panic!("{route:?} has no case: add one"));
            let (of, allowed) = match case {
                Case::ById(of, allowed) => (of, allowed),
                Case::Within(of) => (of, None),
                _ => continue,
            };
            let at = |id: &str| route.path.replace("{id}", id).replace("{of_it}", "1");
            let nobodys = ask(&mut browser, route, &at(&of(NOBODYS).to_string())).await;
            let is_allowed = allowed.is_none_or(|roles| roles.contains(&actor.role));
            nobodys.is(if is_allowed { 404 } else { 403 });
            let foreign = foreign.iter().map(|rows| of(*rows).to_string());
            let odd = ["0", "-1", "9223372036854775807", "99999999999999999999", "x", "1%00"];
            for id in foreign.chain(odd.map(str::to_owned)) {
                let story = format!("{} {:?}: {route:?} {id}", actor.email, actor.role);
                let answer = ask(&mut browser, route, &at(&id)).await;
                // What is no number never gets as far as the role.
                let is_odd = !is_allowed && answer.status == 404;
                if !is_odd {
                    assert_eq!(told(&answer), told(&nobodys), "{story}");
                }
                assert!(!answer.body.contains(SECRET), "{story}");
                tried += 1;
            }
        }
    }
    assert_eq!(state(&house).await, before, "nothing was changed");
    assert!(tried > 500, "{tried}");
}

/// Revisions of all messages, and who holds how many keys.
async fn state(house: &House) -> Vec<String> {
    let app = &house.world.app;
    let mut all = Vec::new();
    for tenancy in [&house.one, &house.two] {
        let filter = app::messages::MessageFilter::default();
        let messages = app::messages::page(app, &tenancy.owner, &filter, None, 100).await;
        let filter = app::to_dos::ToDoFilter::default();
        let to_dos = app::to_dos::page(app, &tenancy.owner, &filter, None, 100).await;
        all.extend(to_dos.expect("To Dos").iter().map(|to_do| format!("{to_do:?}")));
        all.extend(messages.expect("messages").iter().map(|message| format!("{message:?}")));
        let rotations = app::on_call::list(app, &tenancy.owner, &[], app.now()).await;
        all.extend(rotations.expect("rotations").iter().map(|it| format!("{:?}", it.roster)));
        for account in [&tenancy.law, &tenancy.dental] {
            let webhooks = app::webhooks::list(app, &tenancy.owner, account.id).await;
            all.push(format!("{:?}", webhooks.expect("webhooks")));
        }
        for actor in [&tenancy.client, &tenancy.other_client] {
            let keys = app::keys::list(app, actor).await.expect("keys");
            all.extend(keys.iter().map(|key| format!("{} {:?}", key.id, key.revoked_at)));
        }
    }
    all
}

#[tokio::test]
async fn lists_hold_nobody_elses_rows() {
    let house = House::new().await;
    let (one, two) = (&house.one, &house.two);
    rows(&house, one, &one.law, &one.client).await;
    let mut asked = 0;
    for actor in [&one.other_client, &two.client, &two.agent, &two.supervisor, &two.owner] {
        let mut browser = house.signed_in(actor).await;
        for route in pages::routes().list().iter().copied() {
            let is_own = matches!(case(route), Some(Case::Own));
            if !is_own || route.path == "/sign-out" {
                continue;
            }
            for query in [
                "",
                "?account_number=W0411",
                "?q=nobody",
                "?cursor=9999999999999-9",
                "?before=9999",
            ] {
                let answer = ask(&mut browser, route, &format!("{}{query}", route.path)).await;
                let text = answer.body.replace("name=\"q\"", "");
                assert!(!text.contains(SECRET), "{} {route:?}{query}", actor.email);
                assert!(!answer.status.is_server_error(), "{route:?}{query}");
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "{asked}");
}

#[tokio::test]
async fn nobody_gets_in_without_a_session() {
    let house = House::new().await;
    let rows = rows(&house, &house.one, &house.one.law, &house.one.client).await;
    for route in pages::routes().list().iter().copied() {
        let path = match case(route).expect("a case") {
            Case::Public => continue,
            Case::Own => route.path.to_owned(),
            Case::ById(of, _) | Case::Within(of) => {
                route.path.replace("{id}", &of(rows).to_string()).replace("{of_it}", "1")
            }
            Case::AtTheDesk => ["{id}", "{line}", "{contact}", "{group}", "{policy}", "{closing}"]
                .iter()
                .fold(route.path.to_owned(), |path, name| path.replace(name, "1")),
        };
        let mut stranger = house.browser("one");
        stranger.cookies.insert("__Host-liberty".to_owned(), "0".repeat(64));
        let answer = stranger.send(route.method, &path, None).await;
        answer.is(303).hides(SECRET);
        assert!(answer.location().starts_with("/sign-in?next="), "{route:?}");
    }
}

/// The other way round: one's own rows do come out, so that the walks above mean something.
#[tokio::test]
async fn ones_own_rows_are_found_by_the_same_requests() {
    let house = House::new().await;
    let one = &house.one;
    let own = rows(&house, one, &one.law, &one.owner).await;
    let mut olivia = house.signed_in(&one.owner).await;
    let mut found = 0;
    for route in pages::routes().list().iter().copied() {
        let Some(Case::ById(of, _)) = case(route) else { continue };
        let path = route.path.replace("{id}", &of(own).to_string());
        let answer = ask(&mut olivia, route, &path).await;
        let page = if answer.status == 303 { olivia.follow(&answer).await } else { answer };
        // An empty form changes nothing, and says so on its page.
        let refuses = [
            "/to-dos/{id}",
            "/webhooks/{id}",
            "/on-call/{id}",
            "/on-call/{id}/overrides",
            "/on-call/holidays/{id}",
            "/on-call/holidays/{id}/federal",
        ];
        let is_refused = route.method == "POST" && refuses.contains(&route.path);
        let page = page.is(if is_refused { 422 } else { 200 });
        // What was deleted is shown once more, in the sentence that says so.
        assert!(page.body.contains(SECRET), "{route:?}: {}", page.body);
        found += 1;
    }
    assert_eq!(found, 42);
}
