//! Lists: filters in the address, pages, empty states, and the export.

use domain::{Status, limits};
use testkit::sound;

use super::browser::{Answer, House};

/// Fills the first tenant with one message of each kind.
async fn varied(house: &House) {
    let (law, dental) = (&house.one.law, &house.one.dental);
    house
        .add(law, |message| {
            message.content = "furnace 100% out_of order".to_owned();
            message.first_name = "Walter".to_owned();
            message.is_emergency = true;
        })
        .await;
    house
        .add(law, |message| {
            message.content = "lease".to_owned();
            message.first_name = "Priya".to_owned();
            message.status = Status::Closed;
            message.read = true;
        })
        .await;
    house
        .add(dental, |message| {
            message.content = "tooth".to_owned();
            message.caller_id = "+19545550137".to_owned();
            message.created_at = message.created_at.minus_ms(2 * limits::DAY_MS);
        })
        .await;
}

/// Which of the messages an answer lists.
fn listed(answer: &Answer) -> Vec<&'static str> {
    let text = answer.text();
    ["furnace", "lease", "tooth"].into_iter().filter(|word| text.contains(word)).collect()
}

#[tokio::test]
async fn every_filter_lives_in_the_address() {
    let house = House::new().await;
    varied(&house).await;
    let mut ann = house.signed_in(&house.one.agent).await;
    for (query, rows) in [
        ("", &["furnace", "lease", "tooth"][..]),
        ("?q=FURN", &["furnace"]),
        ("?q=100%25+out_of", &["furnace"]),
        ("?q=priya", &["lease"]),
        ("?q=%25", &["furnace"]),
        ("?account_number=D2000", &["tooth"]),
        ("?status=closed", &["lease"]),
        ("?read=false", &["furnace", "tooth"]),
        ("?read=true", &["lease"]),
        ("?from_date=2025-01-21", &["furnace", "lease"]),
        ("?to_date=2025-01-20", &["tooth"]),
        ("?from_date=2025-01-19&to_date=2025-01-19", &["tooth"]),
        ("?read=false&account_number=W0411&q=order&status=pending", &["furnace"]),
        ("?unknown=1", &["furnace", "lease", "tooth"]),
    ] {
        let page = ann.get(&format!("/messages{query}")).await;
        let mut shown = listed(page.is(200));
        // What was looked for stands in the field as well, but not as text.
        shown.sort_unstable();
        assert_eq!(shown, rows, "{query}");
        let csv = ann.get(&format!("/messages.csv{query}")).await;
        let lines = csv.is(200).body.lines().count();
        assert_eq!(lines, 1 + rows.len(), "{query}: {}", csv.body);
    }
    let page = ann.get("/messages?status=closed&account_number=W0411&q=le").await;
    assert!(page.body.contains("<option value=\"closed\" selected>"));
    assert!(page.body.contains("<option value=\"W0411\" selected>"));
    assert!(page.body.contains("name=\"q\" value=\"le\""));
    page.shows("for the office · Hart & Lowe, Attorneys");
    ann.get("/messages").await.shows("Walter , unread Emergency").shows("(954) 555-0137");
}

#[tokio::test]
async fn a_wrong_filter_is_named_beside_its_field_and_kept() {
    let house = House::new().await;
    varied(&house).await;
    let mut ann = house.signed_in(&house.one.agent).await;
    for (query, said) in [
        ("status=lost", "Must be one of the list."),
        ("from_date=2025-02-30", "February 2025 has the days 01 to 28, not 30."),
        ("to_date=soon", "Must be"),
        ("from_date=2025-02-02&to_date=2025-02-01", "Must not be after the day in “To”."),
        ("account_number=NOBODY", "Must be one of your accounts."),
        ("read=maybe", "The filter “read” must be true or false."),
        ("cursor=abc", "The page of the list must be one of this list."),
        ("q=a%00b", "The filter “q” must not hold"),
    ] {
        let page = ann.get(&format!("/messages?{query}")).await;
        page.is(422).shows(said).shows("These filters do not work");
        assert_eq!(listed(&page), [] as [&str; 0], "{query}");
        ann.get(&format!("/messages.csv?{query}")).await.is(422).shows("Nothing was changed.");
    }
    let page = ann.get("/messages?from_date=2025-02-30").await;
    assert!(page.body.contains("value=\"2025-02-30\"") && page.body.contains("aria-invalid"));
}

#[tokio::test]
async fn a_client_sees_own_accounts_only() {
    let house = House::new().await;
    varied(&house).await;
    for (actor, rows) in
        [(&house.one.client, &["furnace", "lease"][..]), (&house.one.other_client, &["tooth"])]
    {
        let mut browser = house.signed_in(actor).await;
        let page = browser.get("/messages").await;
        assert_eq!(listed(page.is(200)), rows);
        page.hides("All accounts");
        let lines = browser.get("/messages.csv").await.is(200).body.lines().count();
        assert_eq!(lines, 1 + rows.len());
    }
    // Another's account number is as unknown as nobody's.
    let mut carl = house.signed_in(&house.one.client).await;
    let theirs = carl.get("/messages?account_number=D2000").await;
    let nobodys = carl.get("/messages?account_number=D9999").await;
    theirs.is(422);
    assert_eq!(theirs.body, nobodys.body.replace("D9999", "D2000"));
}

#[tokio::test]
async fn pages_hold_each_message_once_and_keep_the_filters() {
    let house = House::new().await;
    let (tenant, law) = (&house.one.tenant, &house.one.law);
    let count = 2 * limits::PORTAL_ROWS + 7;
    house.world.add_messages(tenant.id, law.id, count).await;
    let mut carl = house.signed_in(&house.one.client).await;
    let mut path = "/messages?q=Message&read=false".to_owned();
    let mut seen = Vec::new();
    let mut pages = 0;
    loop {
        let page = carl.get(&path).await;
        page.is(200);
        let rows = page.body.split("<span class=\"line\">Message ").skip(1);
        seen.extend(rows.map(|row| row.split('<').next().expect("a number").to_owned()));
        pages += 1;
        assert_eq!(page.body.contains(">Newest</a>"), pages > 1);
        let Some((before, _)) = page.body.split_once("\" rel=\"next\"") else { break };
        let (_, href) = before.rsplit_once("href=\"").expect("an address");
        path = href.replace("&#38;", "&");
        assert!(path.contains("q=Message") && path.contains("read=false"), "{path}");
        let first = page.body.split("href=\"/messages/").nth(1).expect("a row");
        assert!(first.contains("q=Message&#38;") || first.contains("read=false"), "{first}");
    }
    let all: Vec<String> = (0..count).rev().map(|i| i.to_string()).collect();
    assert_eq!((pages, seen), (3, all));
    let csv = carl.get("/messages.csv?q=Message&cursor=0-1").await;
    assert_eq!(csv.is(200).body.lines().count(), 1 + count, "an export is not a page");
}

#[tokio::test]
async fn the_open_message_stands_beside_its_list() {
    let house = House::new().await;
    varied(&house).await;
    let id = house.add(&house.one.law, |message| message.content = "unlike".to_owned()).await;
    let mut ann = house.signed_in(&house.one.agent).await;
    let page = ann.get(&format!("/messages/{id}?q=furnace")).await;
    page.is(200).shows("unlike").shows("furnace");
    assert!(page.body.contains(&format!("/messages/{id}/close?q=furnace")));
}

#[tokio::test]
async fn empty_lists_say_what_will_appear() {
    let house = House::new().await;
    let mut carl = house.signed_in(&house.one.client).await;
    carl.get("/messages").await.is(200).shows("No messages yet");
    carl.get("/messages?q=x").await.is(200).shows("No message fits").shows("Clear the filters");
    carl.get("/recordings").await.is(200).shows("No recordings here");
    carl.get("/profile").await.is(200).shows("Case manager");
    let mut doris = house.signed_in(&house.one.other_client).await;
    doris.get("/profile").await.is(200).shows("No keys yet");
    let mut olivia = house.signed_in(&house.one.owner).await;
    olivia.get("/outbox").await.is(200).shows("Nothing captured");
    let csv = carl.get("/messages.csv").await;
    assert_eq!(csv.is(200).body.lines().count(), 1, "the headings alone");
}

#[tokio::test]
async fn an_export_is_larger_than_one_page_and_named_by_its_day() {
    let house = House::new().await;
    let (tenant, law) = (&house.one.tenant, &house.one.law);
    let count = limits::PAGE_ROWS + 5;
    house.world.add_messages(tenant.id, law.id, count).await;
    let mut carl = house.signed_in(&house.one.client).await;
    let csv = carl.get("/messages.csv").await;
    assert_eq!(csv.is(200).body.lines().count(), 1 + count);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
    let name = "attachment; filename=\"messages-2025-01-21.csv\"";
    assert_eq!(csv.header("content-disposition"), name);
    assert_eq!(csv.header("cache-control"), "no-store");
    assert!(csv.body.starts_with("\u{feff}Message,Taken (UTC),Taken,Account number,"));
    assert!(csv.body.lines().all(|line| !line.is_empty()) && csv.body.ends_with("\r\n"));
}

#[tokio::test]
async fn every_list_is_exported_to_whoever_reads_it_and_to_nobody_else() {
    let house = House::new().await;
    let one = &house.one;
    house.world.add_recording(one, "W0411", "=sid", sound::wav(20)).await;
    app::texts::opt_out(&house.world.app, &one.owner, "(561) 555-0100").await.expect("opted out");
    let hook = domain::webhook::WebhookEntry {
        url: "https://hooks.example/liberty".to_owned(),
        description: "Case manager".to_owned(),
        kinds: vec!["message.created".to_owned()],
    };
    let guard = domain::webhook::Guard::default();
    let made = app::webhooks::create(&house.world.app, &one.owner, one.law.id, &hook, &guard).await;
    made.expect("a webhook");
    let law = format!("/accounts/{}", one.law.id);
    let everybody = [&one.owner, &one.supervisor, &one.agent, &one.client, &one.other_client];
    // Its page, the address of the file, how it begins, a line of it, and how many may read it.
    let contacts = format!("{law}/contacts.csv");
    let (hooks, hooks_csv) = (format!("{law}/webhooks"), format!("{law}/webhooks.csv"));
    let hook = "Case manager,https://hooks.example/liberty,message.created,On,0,0,0,";
    for (path, file, title, line, readers) in [
        ("/recordings", "/recordings.csv", "Recording,Started (UTC),", ",'=sid,2025-02-21T", 5),
        ("/on-call", "/on-call.csv", "Rotation,Account number,", "", 5),
        ("/accounts", "/accounts.csv", "Number,Name,Lines,", "(561) 781-9977,America", 3),
        (&law, &contacts, "Name,Title,E-mail,", "Jane Hart,Attorney,jane@hartlowe.example", 3),
        (&hooks, &hooks_csv, "Webhook,URL,Events,", hook, 2),
        ("/people", "/people.csv", "Name,E-mail,Role,", "Ann,ann@desk.example,Agent,All", 2),
        ("/outbox", "/outbox.csv", "Number,Captured (UTC),", "", 2),
        ("/opt-outs", "/opt-outs.csv", "Phone,Number,", "(561) 555-0100,15615550100,Added", 2),
    ] {
        for (at, actor) in everybody.iter().enumerate() {
            let mut browser = house.signed_in(actor).await;
            let csv = browser.get(file).await;
            if at >= readers {
                csv.is(403);
                continue;
            }
            let story = format!("{file} for {}: {}", actor.email, csv.body);
            let begins = csv.is(200).body.strip_prefix('\u{feff}').expect("a mark");
            assert!(begins.starts_with(title), "{story}");
            let is_foreign = at == 4 && path == "/recordings";
            if !line.is_empty() {
                assert_eq!(csv.body.contains(line), !is_foreign, "{story}");
            }
            let page = browser.get(path).await;
            let leads = page.is(200).body.contains(&format!("href=\"{file}\" download"));
            assert_eq!(leads, csv.body.lines().count() > 1, "the page leads to it: {story}");
        }
    }
}

#[tokio::test]
async fn a_list_that_is_loaded_whole_has_pages_too_and_old_addresses_of_them_work() {
    let house = House::new().await;
    let (app, tenant) = (&house.world.app, house.one.tenant.id);
    for n in 0..limits::PORTAL_ROWS {
        let phone = format!("561555{:04}", 1_000 + n);
        app::texts::opt_out(app, &house.one.owner, &phone).await.expect("opted out");
        house
            .world
            .account(&house.one.tenant, &format!("N{n:03}"), &format!("Office {n:03}"))
            .await;
    }
    assert_eq!(app::accounts::of_tenant(app, tenant).await.expect("accounts").len(), 52);
    let mut olivia = house.signed_in(&house.one.owner).await;
    let first = olivia.get("/accounts").await;
    first.is(200).shows("Bright Smile Dental").shows("Office 047").hides("Office 048");
    let (before, _) = first.body.split_once("\" rel=\"next\"").expect("another page");
    let (_, href) = before.rsplit_once("href=\"").expect("an address");
    assert!(href.starts_with("/accounts?cursor="), "{href}");
    for path in [href, "/accounts?page=2"] {
        let page = olivia.get(path).await;
        page.is(200).shows("Office 048").shows("Office 049").hides("Office 047").shows("Newest");
    }
    olivia.get("/opt-outs").await.is(200).hides("Older");
    app::texts::opt_out(app, &house.one.owner, "5615559999").await.expect("opted out");
    olivia.get("/opt-outs").await.is(200).shows("Older");
    let csv = olivia.get("/opt-outs.csv").await;
    assert_eq!(csv.is(200).body.lines().count(), 1 + limits::PORTAL_ROWS + 1);
}
