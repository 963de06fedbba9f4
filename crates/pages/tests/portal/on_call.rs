//! On-call in the portal: rotations made and changed, shifts taken, gaps shown, calendars read.

use domain::account::ContactEntry;
use domain::limits;
use ical::parser::Component;

use super::browser::{Browser, House};

/// A weekly rotation of the law firm; the world begins on Tuesday, January 21, 2025, 5:08 PM.
fn weekly<'a>(jane: &'a str, paul: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("name", "Nights"),
        ("zone", ""),
        ("turn", "weekly"),
        ("hand_off", "09:00"),
        ("starts_on", "2025-01-20"),
        ("member_1", jane),
        ("member_2", paul),
        ("hours", ""),
        ("fallback", ""),
    ]
}

/// The same form with another value.
fn with<'a>(
    fields: &[(&'a str, &'a str)],
    name: &'a str,
    value: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(other, _)| *other != name).copied();
    kept.chain([(name, value)]).collect()
}

/// Adds Carl, who signs in as a client, to the directory of his own law firm.
async fn carl_in(house: &House) -> String {
    let entry = ContactEntry {
        name: "Carl Lowe".to_owned(),
        email: "Carl@HartLowe.example".to_owned(),
        phone: "5615550102".to_owned(),
        ..ContactEntry::default()
    };
    let (app, one) = (&house.world.app, &house.one);
    let made = app::accounts::add_contact(app, one.tenant.id, None, one.law.id, entry).await;
    made.expect("a contact").id.to_string()
}

async fn made(browser: &mut Browser, fields: &[(&str, &str)]) -> String {
    let answer = browser.post("/on-call", fields).await;
    answer.is(303);
    answer.location().to_owned()
}

#[tokio::test]
async fn a_rotation_is_made_previewed_changed_and_deleted() {
    let house = House::new().await;
    let (jane, carl_id) = (house.one.jane.id.to_string(), carl_in(&house).await);
    let mut carl = house.signed_in(&house.one.client).await;
    carl.get("/on-call").await.is(200).shows("No rotation yet").shows("Make the first one");
    carl.get("/on-call/new").await.is(200).shows("the next hand-offs appear here");
    let fields = weekly(&jane, &carl_id);
    let preview = carl.post("/on-call/preview", &fields).await;
    preview.is(200).shows("Jane Hart now").shows("Carl Lowe from Mon, Jan 27, 2025, 9:00 AM EST");
    carl.get("/on-call").await.shows("No rotation yet");

    let path = made(&mut carl, &fields).await;
    let page = carl.get(&path).await;
    page.is(200).shows("Nights").shows("Handed over each Monday at 9:00 AM, from Jan 20, 2025 on");
    page.shows("Jane Hart, then Carl Lowe").hides("Nobody is on call");
    // Two bars in each of four weeks, but one in the first: Monday until nine nobody was.
    assert_eq!(page.body.matches("class=\"stint p").count(), 7);
    page.shows("Carl made the rotation");
    carl.get("/on-call").await.shows("Nights").shows("Jane Hart").shows("in 6 days");
    carl.get("/on-call?q=day").await.shows("No rotation fits");
    carl.get("/on-call?q=HART").await.shows("Nights");

    // The form says it again, and somebody who saw an older one changes nothing.
    let edit = carl.get(&format!("{path}/edit")).await;
    edit.is(200).shows("Change “Nights”");
    for kept in ["value=\"weekly\" checked", "value=\"09:00\"", "value=\"2025-01-20\""] {
        assert!(edit.body.contains(kept), "{kept}");
    }
    let daily = with(&with(&fields, "turn", "daily"), "revision", "1");
    let answer = carl.post(&path, &daily).await;
    carl.follow(&answer).await.is(200).shows("“Nights” is saved.").shows("Handed over each day");
    carl.get(&path).await.shows("Carl changed turn from “weekly” to “daily”");
    carl.post(&path, &with(&daily, "name", "Days")).await.is(409);

    // Every fault stands beside its field, and what was typed stays.
    let mut bad = fields.clone();
    for (name, value) in [("name", ""), ("hand_off", "late"), ("hours", "9-5"), ("member_2", "999")]
    {
        bad = with(&bad, name, value);
    }
    let refused = carl.post("/on-call", &bad).await;
    refused.is(422).shows("Name must not be empty.").shows("must be a time like 9:00 AM");
    refused.shows("must stand in the account's directory");
    assert!(refused.body.contains("value=\"late\""), "what was typed stays");
    let answer = carl.post(&format!("{path}/delete"), &[]).await;
    carl.follow(&answer).await.is(200).shows("“Nights” is deleted.").shows("No rotation yet");
    carl.get(&path).await.is(404);
}

#[tokio::test]
async fn a_colleague_takes_a_shift_and_a_gap_is_loud() {
    let house = House::new().await;
    let (jane, carl_id) = (house.one.jane.id.to_string(), carl_in(&house).await);
    let mut carl = house.signed_in(&house.one.client).await;
    let path = made(&mut carl, &weekly(&jane, &carl_id)).await;
    // Carl may take over at once, before he looks at any week; and Jane's weeks, not his own.
    let page = carl.get(&path).await;
    let (above, weeks) = page.body.split_once("Four weeks").expect("the weeks");
    assert!(above.contains("Take over now") && !weeks.contains("Take over now"));
    assert_eq!(weeks.matches("/take\"").count(), 2, "Jane has two of four weeks");
    let field = |name: &str| {
        let row = page.body.split("/take\"").nth(1).expect("a form");
        let at = row.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("a field");
        at.split('"').next().expect("a value").to_owned()
    };
    let (from, until) = (field("from"), field("until"));
    let answer = carl.post(&format!("{path}/take"), &[("from", &from), ("until", &until)]).await;
    let page = carl.follow(&answer).await;
    page.is(200).shows("The shift is yours, until Mon, Jan 27, 2025, 9:00 AM EST.");
    page.shows("Override: Taken over from Jane Hart").hides("Take over now");
    // Whoever stands in no directory takes none.
    let mut olivia = house.signed_in(&house.one.owner).await;
    assert!(!olivia.get(&path).await.body.contains("/take\""));
    olivia.post(&format!("{path}/take"), &[("from", &from), ("until", &until)]).await.is(404);

    // Nobody, on purpose: flagged on both pages, and to be withdrawn.
    let night = [
        ("contact_id", "nobody"),
        ("from_on", "2025-02-01"),
        ("from_time", "22:00"),
        ("until_on", "2025-02-02"),
        ("until_time", "6:00 AM"),
        ("reason", "<b>Moving</b>"),
    ];
    let mut ann = house.signed_in(&house.one.agent).await;
    let answer = ann.post(&format!("{path}/overrides"), &night).await;
    let gap = "Sat, Feb 1, 2025, 10:00 PM EST to Sun, Feb 2, 2025, 6:00 AM EST";
    ann.follow(&answer).await.is(200).shows(gap).shows("Nobody is on call");
    ann.get("/on-call").await.shows("Nobody is on call").shows(gap);
    let page = carl.get(&path).await;
    assert!(page.body.contains("class=\"stint gap\"") && !page.body.contains("<b>Moving"));
    let withdraw = page.body.split("/overrides/").nth(2).expect("the second override");
    let id = withdraw.split('/').next().expect("an id").to_owned();
    let answer = carl.post(&format!("{path}/overrides/{id}/withdraw"), &[]).await;
    carl.follow(&answer).await.is(200).shows("The override is withdrawn.");
    carl.get("/on-call").await.hides("Nobody is on call");

    let wrong = carl.post(&format!("{path}/overrides"), &[("until_on", "2025-02-30")]).await;
    wrong.is(422).shows("Who is on call must be chosen.").shows("Until must be a day and a time.");
    let past = [
        ("contact_id", "nobody"),
        ("from_on", "2025-01-20"),
        ("from_time", "10:00"),
        ("until_on", "2025-01-20"),
        ("until_time", "11:00"),
    ];
    let past = carl.post(&format!("{path}/overrides"), &past).await;
    past.is(422).shows("From must not lie before now.");
    // An agent notes who stands in, and changes no rotation.
    ann.get(&format!("{path}/edit")).await.is(403);
    ann.post(&format!("{path}/delete"), &[]).await.is(403);
    ann.get("/on-call/new").await.is(403);
}

#[tokio::test]
async fn holidays_come_by_the_year_and_go_one_by_one() {
    let house = House::new().await;
    let mut carl = house.signed_in(&house.one.client).await;
    let path = format!("/on-call/holidays/{}", house.one.law.id);
    carl.get(&path).await.is(200).shows("No holiday ahead");
    let answer = carl.post(&format!("{path}/federal"), &[("year", "2025")]).await;
    let page = carl.follow(&answer).await;
    page.is(200).shows("9 days are added.").shows("Thu, Dec 25, 2025").shows("Christmas Day");
    let answer = carl.post(&format!("{path}/federal"), &[("year", "2025")]).await;
    carl.follow(&answer).await.shows("All of them are there already.");
    carl.post(&format!("{path}/federal"), &[("year", "x")])
        .await
        .is(422)
        .shows("must be this year");
    let own = [("date", "2025-08-01"), ("name", "Outing <i>"), ("contact_id", "")];
    let answer = carl.post(&path, &own).await;
    let page = carl.follow(&answer).await;
    page.is(200).shows("Outing <i>");
    assert!(!page.body.contains("<i>"));
    let twice = carl.post(&path, &own).await;
    twice.is(422).shows("Day is a holiday already.");
    assert!(twice.body.contains("value=\"2025-08-01\""), "what was typed stays");
    let remove = page.body.split(&format!("{path}/")).nth(2).expect("a form");
    let remove = format!("{path}/{}", remove.split('"').next().expect("an address"));
    let answer = carl.post(&remove, &[]).await;
    carl.follow(&answer).await.is(200).shows("is removed.");
}

#[tokio::test]
async fn a_calendar_program_reads_shifts_by_a_link_that_is_shown_once() {
    let house = House::new().await;
    let (jane, carl_id) = (house.one.jane.id.to_string(), carl_in(&house).await);
    let mut carl = house.signed_in(&house.one.client).await;
    let name = "Nights, weekends; \\ and a name that is long enough to be folded: Zoë & ☎";
    let path = made(&mut carl, &with(&weekly(&jane, &carl_id), "name", name)).await;
    let page = carl.post(&format!("{path}/calendar"), &[("of", &carl_id)]).await;
    page.is(200).shows("The calendar of “Carl Lowe” is ready");
    let address = page.body.split("id=\"address\">").nth(1).expect("an address");
    let address = address.split('<').next().expect("an address").to_owned();
    let link = address.split_once(".example").expect("a host").1.to_owned();
    assert!(!carl.get(&path).await.body.contains(&link), "it is shown once");

    // Nobody signs in to read it, and nothing but shifts stands there.
    let mut stranger = house.browser("one");
    let feed = stranger.send("GET", &link, None).await;
    feed.is(200);
    assert_eq!(feed.header("content-type"), "text/calendar; charset=utf-8");
    assert!(feed.body.lines().all(|line| line.len() <= 75), "lines are folded");
    assert!(feed.body.split("\r\n").all(|line| !line.contains('\n')), "lines end with CR LF");
    let calendars: Vec<_> = ical::IcalParser::new(feed.body.as_bytes()).collect();
    let calendar = calendars[0].as_ref().expect("a calendar");
    assert_eq!(calendar.events.len(), 4, "every other of eight weeks");
    let value = |name: &str| {
        let found = calendar.events[0].get_property(name).expect(name);
        found.value.clone().unwrap_or_default()
    };
    assert_eq!(value("DTSTART"), "20250127T140000Z");
    assert_eq!(value("DTEND"), "20250203T140000Z");
    let escaped = "Nights\\, weekends\\; \\\\ and a name that is long enough to be folded: Zoë & ☎";
    assert_eq!(value("SUMMARY"), format!("Carl Lowe on call: {escaped}"));
    // UIDs stay as time goes by.
    let uid = value("UID");
    house.world.clock.advance(3 * limits::DAY_MS);
    let again = stranger.send("GET", &link, None).await;
    assert!(again.body.replace("\r\n ", "").contains(&format!("UID:{uid}\r\n")));

    // Another tenant's host, a wrong token and a revoked link open nothing.
    house.browser("two").send("GET", &link, None).await.is(404);
    stranger.send("GET", "/on-call/calendar/lc_nothing.ics", None).await.is(404);
    let mut carl = house.signed_in(&house.one.client).await;
    let answer = carl.post(&format!("{path}/calendar/revoke"), &[("of", &carl_id)]).await;
    carl.follow(&answer).await.is(200).shows("The link works no more.");
    stranger.send("GET", &link, None).await.is(404);
    carl.post(&format!("{path}/calendar"), &[("of", "x")]).await.is(404);
}
