//! Phones that opted out, quiet hours, and the zone of a contact, as supervisors keep them.

use super::browser::House;

#[tokio::test]
async fn a_phone_is_put_on_the_list_and_taken_off_again() {
    let house = House::new().await;
    let mut sam = house.signed_in(&house.one.supervisor).await;
    sam.get("/opt-outs").await.is(200).shows("Nobody has opted out").shows("No text came in");
    let refused = sam.post("/opt-outs", &[("phone", "911")]).await;
    refused.is(422).shows("Phone is too short");
    let added = sam.post("/opt-outs", &[("phone", "(561) 555-0100")]).await;
    let page = sam.follow(&added).await;
    page.is(200).shows("(561) 555-0100 gets no more texts.").shows("Added here");
    let stop = app::texts::Inbound {
        from: "+15615550199".to_owned(),
        to: house.one.line.number.clone(),
        text: "Stop.".to_owned(),
        reference: String::new(),
    };
    app::texts::receive(&house.world.app, "one", &[], &stop).await.expect("received");
    sam.get("/opt-outs").await.shows("“Stop.”").shows("No more texts");
    let removed = sam.post("/opt-outs/remove", &[("phone", "+15615550100")]).await;
    let page = sam.follow(&removed).await;
    page.shows("(561) 555-0100 may be texted again.").hides("Added here");
    for actor in [&house.one.agent, &house.one.client] {
        let mut other = house.signed_in(actor).await;
        other.get("/opt-outs").await.is(403);
        other.post("/opt-outs", &[("phone", "(561) 555-0100")]).await.is(403);
        other.post("/opt-outs/remove", &[("phone", "+15615550199")]).await.is(403);
    }
}

#[tokio::test]
async fn quiet_hours_are_set_refused_and_taken_away() {
    let house = House::new().await;
    let mut sam = house.signed_in(&house.one.supervisor).await;
    let path = format!("/accounts/{}", house.one.law.id);
    sam.get(&path).await.shows("None: texts and calls go out at any hour.");
    let sending = format!("{path}/sending");
    let whole = |from, until, per_day| {
        [
            ("quiet_from", from),
            ("quiet_until", until),
            ("quiet_policy", "skip"),
            ("per_minute", "60"),
            ("per_day", per_day),
        ]
    };
    let refused = sam.post(&sending, &whole("21:00", "", "many")).await;
    refused.is(422).shows("Quiet until must be given too").shows("At most in a day must be a");
    assert!(refused.body.contains("value=\"21:00\""), "what was typed is kept");
    sam.post(&sending, &whole("21:00", "21:00", "1")).await.is(422).shows("not be the same time");
    let saved = sam.post(&sending, &whole("21:00", "08:00", "500")).await;
    let page = sam.follow(&saved).await;
    page.shows("9:00 PM to 8:00 AM, where the receiver lives. What is due meanwhile is skipped.");
    page.shows("500 by each channel");
    assert!(sam.get(&sending).await.is(200).body.contains("value=\"21:00\""));
    let saved = sam.post(&sending, &whole("", "", "500")).await;
    sam.follow(&saved).await.shows("None: texts and calls go out at any hour.");
}

#[tokio::test]
async fn a_contact_may_live_in_a_zone_of_its_own() {
    let house = House::new().await;
    let mut sam = house.signed_in(&house.one.supervisor).await;
    let path = format!("/accounts/{}/contacts/{}", house.one.law.id, house.one.jane.id);
    let fields = [("name", "Jane"), ("email", "jane@hartlowe.example")];
    let saved = sam.post(&path, &[&fields[..], &[("zone", "America/Chicago")]].concat()).await;
    saved.is(303);
    assert!(sam.get(&path).await.body.contains("value=\"America/Chicago\""));
    sam.post(&path, &[&fields[..], &[("zone", "Moon")]].concat()).await.is(422).shows("Time zone");
}
