//! Recordings in the portal: listed, played, and gone after their days.

use domain::limits;
use testkit::sound;

use super::browser::House;

#[tokio::test]
async fn a_recording_is_listed_for_its_client_with_an_address_that_plays() {
    let house = House::new().await;
    let recording = house.world.add_recording(&house.one, "W0411", "sid", sound::wav(50)).await;
    let mut carl = house.signed_in(&house.one.client).await;
    let path = format!("/recordings/{}", recording.id);
    let list = carl.get("/recordings").await;
    list.is(200).shows("Hart & Lowe, Attorneys").shows("just now");
    assert!(list.body.contains(&format!("href=\"{path}\"")));
    let page = carl.get(&path).await;
    page.is(200).shows("Talked").shows("Kept until Feb 21, 2025.").shows("Call id sid");
    let (_, src) = page.body.split_once("<audio").expect("a player");
    let (_, src) = src.split_once("src=\"").expect("an address");
    let src = src.split('"').next().expect("an address").replace("&#38;", "&");
    assert!(src.starts_with(&format!("{path}/audio?")), "{src}");

    let mut doris = house.signed_in(&house.one.other_client).await;
    doris.get("/recordings").await.is(200).shows("No recordings here");
    doris.get(&path).await.is(404);
}

#[tokio::test]
async fn the_audio_is_gone_after_31_days_and_the_figures_stay() {
    let house = House::new().await;
    let recording = house.world.add_recording(&house.one, "W0411", "sid", sound::wav(50)).await;
    let path = format!("/recordings/{}", recording.id);
    let days_ms = limits::RECORDING_DAYS * limits::DAY_MS;
    house.world.clock.advance(days_ms - 1);
    let mut carl = house.signed_in(&house.one.client).await;
    assert!(carl.get(&path).await.is(200).body.contains("<audio"));
    house.world.clock.advance(1);
    let page = carl.get(&path).await;
    page.is(200).shows("The audio was deleted after 31 days, on Feb 21, 2025.").shows("Talked");
    page.hides("<audio").hides("signature=");
    carl.get("/recordings").await.is(200).shows("No recordings here");
}

#[tokio::test]
async fn the_list_is_filtered_and_wrong_filters_are_named() {
    let house = House::new().await;
    house.world.add_recording(&house.one, "W0411", "one", sound::wav(20)).await;
    house.world.add_recording(&house.one, "D2000", "two", sound::wav(20)).await;
    let mut ann = house.signed_in(&house.one.agent).await;
    for (query, law, dental) in [
        ("", true, true),
        ("?account_number=W0411", true, false),
        ("?from_date=2025-01-21&to_date=2025-01-21", true, true),
        ("?to_date=2025-01-20", false, false),
    ] {
        let page = ann.get(&format!("/recordings{query}")).await;
        let table = page.is(200).body.split("<tbody>").nth(1).unwrap_or_default();
        assert_eq!(table.contains("Attorneys"), law, "{query}");
        assert_eq!(table.contains("Dental"), dental, "{query}");
    }
    for (query, said) in [
        ("account_number=NONE", "Must be one of your accounts."),
        ("from_date=2025-02-30", "February 2025 has the days 01 to 28, not 30."),
        ("cursor=5", "The page of the list must be one of this list."),
    ] {
        ann.get(&format!("/recordings?{query}")).await.is(422).shows(said);
    }
}

#[tokio::test]
async fn a_message_leads_to_its_recorded_call_and_the_call_to_its_messages() {
    let house = House::new().await;
    let recording = house.world.add_recording(&house.one, "W0411", "sid", sound::wav(50)).await;
    let (call, heard) = (recording.call.id, format!("/recordings/{}", recording.id));
    let (law, dental) = (&house.one.law, &house.one.dental);
    let said = house.add(law, |it| (it.content, it.call_id) = ("leak".into(), Some(call))).await;
    let other = house.add(law, |message| message.content = "unrecorded".to_owned()).await;
    house.add(dental, |it| (it.content, it.call_id) = ("tooth".into(), Some(call))).await;

    let mut carl = house.signed_in(&house.one.client).await;
    let page = carl.get(&format!("/messages/{said}")).await;
    page.is(200).shows("Listen to the call");
    assert!(page.body.contains(&format!("href=\"{heard}\"")));
    carl.get(&format!("/messages/{other}")).await.is(200).hides("Listen to the call");
    // Of the call he sees what was taken for him, not what was taken for others.
    let page = carl.get(&heard).await;
    page.is(200).shows("Messages of this call").shows("leak").hides("unrecorded").hides("tooth");
    assert!(page.body.contains(&format!("href=\"/messages/{said}\"")));
    let mut ann = house.signed_in(&house.one.agent).await;
    ann.get(&heard).await.is(200).shows("leak").shows("tooth");
    // The dentist has a message of the call, and no right to hear another firm's.
    let mut doris = house.signed_in(&house.one.other_client).await;
    let list = doris.get("/messages").await;
    let (_, href) = list.is(200).body.split_once("href=\"/messages/").expect("a message");
    let id = href.split('"').next().expect("an id");
    doris.get(&format!("/messages/{id}")).await.is(200).shows("tooth").hides("Listen to the call");

    house.world.clock.advance(limits::RECORDING_DAYS * limits::DAY_MS);
    let mut carl = house.signed_in(&house.one.client).await;
    let page = carl.get(&format!("/messages/{said}")).await;
    page.is(200).hides("Listen to the call").shows("The call's figures");
    carl.get(&heard).await.is(200).shows("leak").shows("The audio was deleted");
}
