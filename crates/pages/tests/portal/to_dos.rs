//! To Dos in the portal: made, previewed, changed, paused, deleted, and what became of them.

use domain::delivery::{Outcome, Reach};
use domain::to_do::{ScheduleEntry, ToDoEntry};
use domain::{Channel, limits};

use super::browser::{Browser, House};

/// A text every other week; the world begins on Tuesday, January 21, 2025, 5:08 PM in New York.
const WEEKLY: [(&str, &str); 11] = [
    ("account_number", "W0411"),
    ("delivery_type", "sms"),
    ("contact", "(561) 555-0100"),
    ("message_text", "Check the escrow account.\r\nReply when done."),
    ("when", "again"),
    ("frequency", "weekly"),
    ("interval", "2"),
    ("day", "Tuesday"),
    ("day", "Saturday"),
    ("times", "9:00 am, 16:30"),
    ("grace_minutes", "60"),
];

/// The same form with other values.
fn with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let is_kept = |(name, _): &&(&'a str, &'a str)| changes.iter().all(|(other, _)| other != name);
    let kept: Vec<_> = WEEKLY.iter().filter(is_kept).copied().collect();
    [&kept, changes].concat()
}

async fn made(browser: &mut Browser, fields: &[(&str, &str)]) -> String {
    let answer = browser.post("/to-dos", fields).await;
    answer.is(303);
    answer.location().to_owned()
}

#[tokio::test]
async fn a_to_do_is_made_seen_changed_and_deleted() {
    let house = House::new().await;
    let mut carl = house.signed_in(&house.one.client).await;
    carl.get("/to-dos").await.is(200).shows("No To Dos yet").shows("Make the first one");
    carl.get("/to-dos/new").await.is(200).shows("Choose when it goes out");
    let sentence = "Every 2 weeks on Tuesdays and Saturdays at 9:00 AM and 4:30 PM";

    let answer = carl.post("/to-dos", &WEEKLY).await;
    let page = carl.follow(&answer).await;
    page.is(200)
        .shows("“Check the escrow account” is saved. It goes out next on Sat, Jan 25, 2025");
    page.shows(sentence).shows("Sat, Jan 25, 2025, 9:00 AM EST").shows("Reply when done.");
    page.shows("To Jane Hart, (561) 555-0100").shows("It has not been due yet.");
    let path = answer.location().to_owned();
    carl.get("/to-dos").await.shows(sentence).shows("in 4 days");

    // The form says it again in its own words, and leaves it as it is.
    let edit = carl.get(&format!("{path}/edit")).await;
    for kept in [
        "value=\"Tuesday\" checked",
        "value=\"9:00 AM, 4:30 PM\"",
        "value=\"2025-01-21\"",
        "value=\"weekly\" selected",
    ] {
        assert!(edit.is(200).body.contains(kept), "{kept}");
    }
    let same =
        with(&[("starts_on", "2025-01-21"), ("times", "9:00 AM, 4:30 PM"), ("revision", "1")]);
    house.world.clock.advance(9 * limits::DAY_MS);
    let mut carl = house.signed_in(&house.one.client).await;
    let changed = [&same[..], &[("sender_name", "ignored")]].concat();
    let changed = carl.post(&path, &changed).await;
    carl.follow(&changed).await.shows("next on Tue, Feb 4, 2025, 9:00 AM EST").shows(sentence);

    // Somebody who saw an older one changes nothing.
    carl.post(&path, &with(&[("contact", "x"), ("revision", "0")])).await.is(409);

    let moved = with(&[("when", "once"), ("run_on", "2025-03-09"), ("run_time", "02:30")]);
    let moved = carl.post(&path, &moved).await;
    carl.follow(&moved).await.shows("Once, Mar 9, 2025, 3:30 AM EDT");

    for (deed, said) in [
        ("pause", "is paused: nothing is sent until it is resumed."),
        ("resume", "goes on, next on Sun, Mar 9, 2025, 3:30 AM EDT."),
        ("delete", "is deleted. Nothing of it goes out any more."),
    ] {
        let done = carl.post(&format!("{path}/{deed}?delivery_type=sms"), &[]).await;
        carl.follow(&done).await.is(200).shows(said);
    }
    carl.get(&path).await.is(404);
}

#[tokio::test]
async fn a_paused_to_do_says_so_and_a_resumed_one_when_it_goes_on() {
    let house = House::new().await;
    let mut carl = house.signed_in(&house.one.client).await;
    let path = made(&mut carl, &WEEKLY).await;
    let paused = carl.post(&format!("{path}/pause"), &[]).await;
    let page = carl.follow(&paused).await;
    page.shows("“Check the escrow account” is paused: nothing is sent until it is resumed.");
    page.shows("Paused: these would come next.");
    let edited = carl.post(&path, &with(&[("revision", "2")])).await;
    carl.follow(&edited).await.shows("“Check the escrow account” is saved, and paused.");
    let resumed = carl.post(&format!("{path}/resume"), &[]).await;
    let page = carl.follow(&resumed).await;
    page.shows("“Check the escrow account” goes on, next on Sat, Jan 25, 2025, 9:00 AM EST.");

    // One whose only time went by meanwhile has nothing more to come.
    let once = [("when", "once"), ("run_on", "2025-01-21"), ("run_time", "17:30")];
    let path = made(&mut carl, &with(&once)).await;
    carl.post(&format!("{path}/pause"), &[]).await.is(303);
    house.world.clock.advance(30 * limits::MINUTE_MS);
    let resumed = carl.post(&format!("{path}/resume"), &[]).await;
    carl.follow(&resumed).await.shows("is no longer paused. Nothing more is to come.");
    let deleted = carl.post(&format!("{path}/delete"), &[]).await;
    carl.follow(&deleted).await.shows("is deleted. Nothing of it goes out any more.");
}

#[tokio::test]
async fn a_preview_tells_the_rule_and_the_dates_and_makes_nothing() {
    let house = House::new().await;
    let mut ann = house.signed_in(&house.one.agent).await;
    let preview = async |browser: &mut Browser, changes: &[(&str, &str)]| {
        let page = browser.post("/to-dos/preview", &with(changes)).await;
        page.is(200);
        let (_, rest) = page.body.split_once("id=\"preview-body\"").expect("a preview");
        let (inner, _) = rest.split_once("</aside>").expect("its end");
        let tags = format!("<{inner}");
        super::browser::Answer { body: tags, ..page }.text()
    };
    let check = |text: &str, shown: &[&str]| {
        for part in shown {
            assert!(text.contains(part), "{part:?} is missing in {text}");
        }
    };
    let both = "Every 2 weeks on Tuesdays and Saturdays at 9:00 AM and 4:30 PM";
    let text = preview(&mut ann, &[]).await;
    check(&text, &[both, "Sat, Jan 25, 2025, 4:30 PM EST", "Times are those of America/New_York."]);
    check(&text, &["42 characters, sent as 1 text."]);
    let nth = [("frequency", "monthly"), ("nth", "1"), ("nth", "-1"), ("interval", "1")];
    let text = preview(&mut ann, &nth).await;
    check(&text, &["Monthly on the", "last Tuesday", "1st Saturday", "Tue, Jan 28, 2025, 9:00 AM"]);
    let month =
        [("frequency", "yearly"), ("day", ""), ("days_of_month", "1, last"), ("month", "2")];
    let month: Vec<_> = month.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let month = [&month[..], &[("interval", "1"), ("day", "Saturday")]].concat();
    let text = preview(&mut ann, &month).await;
    check(&text, &["Yearly in February on the 1st and last days of the month on Saturdays"]);
    let text = preview(&mut ann, &[("frequency", "hourly"), ("interval", "")]).await;
    check(&text, &["Hourly on Tuesdays and Saturdays", "Tue, Jan 21, 2025, 6:08 PM EST"]);
    let text = preview(&mut ann, &[("account_number", "")]).await;
    check(&text, &["Choose the account first."]);
    let text = preview(&mut ann, &[("when", "once")]).await;
    check(&text, &["Choose when it goes out"]);
    let once = [("when", "once"), ("run_on", "2025-01-20"), ("run_time", "9:00 AM")];
    check(&preview(&mut ann, &once).await, &["It would never go out from now on."]);
    let text = preview(&mut ann, &[("times", "9"), ("interval", "-1")]).await;
    check(&text, &["Times of day must be a time of day", "Every must be 1 to 1000"]);
    let text = preview(&mut ann, &[("times", ""), ("until", "soon"), ("count", "x")]).await;
    check(&text, &["Times of day must be given", "How many times must be a whole number"]);
    ann.get("/to-dos").await.shows("No To Dos yet");
}

#[tokio::test]
async fn everything_wrong_is_named_at_once_and_what_was_typed_is_kept() {
    let house = House::new().await;
    let mut ann = house.signed_in(&house.one.agent).await;
    let bad = [
        ("account_number", "nobody"),
        ("contact", ""),
        ("message_text", ""),
        ("from", "abc"),
        ("when", "once"),
        ("run_on", "2025-02-30"),
        ("run_time", "25:00"),
        ("grace_minutes", "soon"),
        ("misfire", "maybe"),
    ];
    let page = ann.post("/to-dos", &with(&bad)).await;
    page.is(422)
        .shows("Account must be one of your accounts.")
        .shows("To whom must not be empty.")
        .shows("What it says must not be empty.")
        .shows("Day must be a date.")
        .shows("Time must be a time of day")
        .shows("in minutes must be a whole number.")
        .shows("must be run_late or skip.");
    assert!(page.body.contains("value=\"2025-02-30\"") && page.body.contains("value=\"soon\""));
    let page =
        ann.post("/to-dos", &with(&[("frequency", "monthly"), ("nth", "1"), ("day", "")])).await;
    page.is(422);
    let bare: Vec<_> = with(&[("frequency", "monthly"), ("nth", "2")]);
    let bare: Vec<_> = bare.into_iter().filter(|(name, _)| *name != "day").collect();
    ann.post("/to-dos", &bare).await.is(422).shows("Needs the weekdays that it counts");
    let never =
        [("when", "again"), ("frequency", "yearly"), ("month", "2"), ("days_of_month", "30")];
    ann.post("/to-dos", &with(&never)).await.is(422).shows("no date ever fits it");
    ann.get("/to-dos").await.shows("No To Dos yet");
}

#[tokio::test]
async fn a_rule_that_the_form_has_no_words_for_is_kept() {
    let house = House::new().await;
    let rule =
        r#"{"rule_type":"IceCube::DailyRule","interval":1,"validations":{"hour_of_day":[9]}}"#;
    let entry = ToDoEntry {
        delivery_type: "call".to_owned(),
        contact: "5615550100".to_owned(),
        message_text: "Good morning".to_owned(),
        schedule: Some(ScheduleEntry { rule: rule.to_owned(), ..Default::default() }),
        grace_seconds: Some(90),
        ..Default::default()
    };
    let (app, ann) = (&house.world.app, &house.one.agent);
    app::to_dos::create(app, ann, "W0411", &entry, None).await.expect("a To Do");
    let before = app::to_dos::page(app, ann, &app::to_dos::ToDoFilter::default(), None, 1).await;
    let before = before.expect("it").remove(0);
    let mut browser = house.signed_in(ann).await;
    let path = format!("/to-dos/{}", before.to_do.id);
    let page = browser.get(&format!("{path}/edit")).await;
    page.is(200).shows("As it is: Daily on the 9th hour of the day");
    let kept = [
        ("delivery_type", "call"),
        ("contact", "5615550100"),
        ("message_text", "Good evening"),
        ("when", "kept"),
        ("grace_minutes", "1"),
        ("frequency", "weekly"),
        ("interval", "1"),
        ("misfire", "run_late"),
        ("overlap", "skip"),
        ("if_unsure", "stop"),
    ];
    browser.post(&path, &kept).await.is(303);
    let after = app::to_dos::find(app, ann, before.to_do.id).await.expect("it");
    assert_eq!(after.to_do.message_text, "Good evening");
    assert_eq!((after.to_do.policy, after.schedule), (before.to_do.policy, before.schedule));
}

#[tokio::test]
async fn each_run_tells_how_far_it_got_and_why() {
    let house = House::new().await;
    let mut olivia = house.signed_in(&house.one.owner).await;
    let hourly = [("frequency", "hourly"), ("interval", "1"), ("overlap", "send")];
    let hourly: Vec<_> = with(&hourly).into_iter().filter(|(name, _)| *name != "day").collect();
    let path = made(&mut olivia, &hourly).await;
    let hour = async || {
        house.world.clock.advance(limits::HOUR_MS);
        house.fire().await;
    };
    hour().await;
    house.attempt_on(Channel::Sms, Outcome::Unknown("No answer came.".to_owned())).await;
    let page = olivia.get(&path).await;
    page.shows("It may have gone out: No answer came.").shows("Will be tried again");
    house.world.clock.advance(limits::MINUTE_MS);
    let reach = Reach::Handset;
    let sent = Outcome::Sent { response: String::new(), reach, references: Vec::new() };
    house.attempt_on(Channel::Sms, sent).await;
    let page = olivia.get(&path).await;
    page.shows("Reached the phone").shows("Accepted by the carrier.");
    page.shows("It may have been delivered twice").shows("by mail");

    hour().await;
    house.attempt_on(Channel::Sms, Outcome::Captured).await;
    let page = olivia.get(&path).await;
    page.shows("Captured, not sent. No carrier is set up for it, so this text was kept instead.");
    let outbox = olivia.get("/outbox").await;
    outbox.shows("Check the escrow account.").shows("SMS").shows("Nobody has received");
    let (_, id) = outbox.body.split_once("href=\"/outbox/").expect("it");
    let text = olivia.get(&format!("/outbox/{}", id.split('"').next().expect("an id"))).await;
    text.is(200).shows("Text to (561) 555-0100").shows("Nobody has received this text.");
    assert!(text.body.contains(&format!("href=\"{path}\"")), "the way back to its To Do");

    hour().await;
    house.attempt_on(Channel::Sms, Outcome::Never("No such number.".to_owned())).await;
    olivia.get(&path).await.shows("Failed").shows("Refused for good: No such number.");
    olivia.get("/to-dos").await.shows("Last time: Failed");

    let nobody = made(&mut olivia, &with(&[("contact", "Zoe"), ("frequency", "hourly")])).await;
    let why = "“Zoe” is not a phone number, and nobody in the directory has that name or address.";
    olivia.get(&nobody).await.shows("It reaches nobody as it stands.").shows(why);

    let page = olivia.get(&format!("{path}?runs_before=0")).await;
    page.is(200).shows("It has not been due yet");
}

#[tokio::test]
async fn the_list_is_filtered_by_its_address_and_exported() {
    let house = House::new().await;
    let mut ann = house.signed_in(&house.one.agent).await;
    let dental = [("account_number", "D2000"), ("message_text", "=tooth")];
    made(&mut ann, &with(&dental)).await;
    let mail =
        [("delivery_type", "email"), ("subject", "Weekly report"), ("contact", "a@b.example")];
    made(&mut ann, &with(&mail)).await;
    for (query, shown, hidden) in [
        ("", "=tooth", "No To Do fits"),
        ("?delivery_type=email", "Weekly report", "=tooth"),
        ("?account_number=D2000", "=tooth", "Weekly report"),
        ("?delivery_type=call", "No To Do fits", "=tooth"),
    ] {
        ann.get(&format!("/to-dos{query}")).await.is(200).shows(shown).hides(hidden);
    }
    for query in ["delivery_type=fax", "account_number=9", "before=x"] {
        ann.get(&format!("/to-dos?{query}")).await.is(422).shows("These filters do not work");
        ann.get(&format!("/to-dos.csv?{query}")).await.is(422);
    }
    let csv = ann.get("/to-dos.csv?account_number=D2000").await;
    csv.is(200);
    assert_eq!(csv.body.lines().count(), 2, "{}", csv.body);
    assert!(csv.body.contains(",'=tooth,Every 2 weeks on"), "{}", csv.body);
    // A client sees those of its own account only.
    let mut carl = house.signed_in(&house.one.client).await;
    carl.get("/to-dos").await.shows("Weekly report").hides("=tooth");
    carl.post("/to-dos", &with(&dental)).await.is(422).shows("Account must be one of your");
    carl.get("/to-dos?account_number=D2000").await.is(422).hides("tooth\"");
}
