//! Recordings whose days are over are removed.

use app::calls::{self, Audio, RecordingQuery};
use blobs::Key;
use domain::{Call, Cdr, Instant, JobKind, Recording, call, limits};
use testkit::World;

use super::*;

/// A call with audio, as a switch reports it.
pub(crate) async fn ingest(world: &World, office: &Tenancy) -> Recording {
    let key = Key::of("t_1", &["recordings", "a.mp3"]).expect("a key");
    let bytes = futures_util::stream::iter([Ok::<_, std::io::Error>("audio".into())]);
    let stored = world.blobs.put(&key, bytes, 100).await.expect("stored");
    let audio = Audio {
        media_type: "audio/mpeg".to_owned(),
        blob_key: key.as_str().to_owned(),
        bytes: i64::try_from(stored.bytes).expect("few"),
        sha256: "0".repeat(64),
        duration_ms: 1_000,
    };
    let call = reported(office, world.app.now());
    let tenant = office.tenant.id;
    let done = calls::ingest(&world.app, tenant, &office.switch.0, call, Some(audio)).await;
    done.expect("a call").recording.expect("a recording")
}

fn reported(office: &Tenancy, started_at: Instant) -> Call {
    Call {
        tenant_id: office.tenant.id,
        id: domain::CallId(0),
        account_id: office.law.id,
        account_number: office.law.number.clone(),
        did_id: None,
        call_sid: "sid-1".to_owned(),
        did_number: office.line.number.clone(),
        from: "9548326297".to_owned(),
        agent_username: "ann".to_owned(),
        started_at,
        cdr: Cdr {
            id: 0,
            unique_call_id: 7,
            start_time: Some(started_at),
            call_type: "inbound".to_owned(),
            start_client: String::new(),
            end_client: String::new(),
            callerid: "9548326297".to_owned(),
            number_dialed: String::new(),
            did: String::new(),
            agent_name: "Ann".to_owned(),
            agent_id: None,
            skill_name: String::new(),
            skill_id: String::new(),
            connection_sec: 0,
            ivr_sec: 0,
            wait_sec: 0,
            talk_sec: 62,
            hold_sec: 0,
            transfer_sec: 0,
            wrap_sec: 0,
            agent_answer_time: None,
            end_time: None,
            hang_up_time: None,
            who_hung_up: String::new(),
            original_call_id: None,
            call_created_at: None,
            is_orphaned: false,
            conference_sec: 0,
            conference_talk_sec: 0,
        },
    }
}

async fn listed(world: &World, office: &Tenancy) -> usize {
    let filter = calls::filter(&world.app, &office.owner, RecordingQuery::default())
        .await
        .expect("a filter");
    calls::page(&world.app, &office.owner, &filter, None, 10).await.expect("a page").len()
}

#[tokio::test]
async fn after_31_days_the_audio_is_gone_and_the_detail_record_stays() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let recording = ingest(&world, &office).await;
    let key = Key::parse(&recording.blob_key).expect("a key");
    let worker = worker(&world, None);

    world.clock.advance(limits::RECORDING_DAYS * limits::DAY_MS - 1);
    assert_eq!(worker.pump().await.expect("a pump"), 0);
    assert_eq!(listed(&world, &office).await, 1);
    assert_eq!(world.blobs.size(&key).await.expect("a size"), Some(5));

    world.clock.advance(1);
    assert_eq!(listed(&world, &office).await, 0, "it is not shown from the day on, purged or not");
    assert_eq!(worker.pump().await.expect("a pump"), 1);
    assert_eq!(world.blobs.size(&key).await.expect("a size"), None);
    let got = calls::recording(&world.app, &office.owner, recording.id).await;
    assert!(matches!(got, Err(app::Error::NotFound)), "{got:?}");
    assert_eq!(jobs::count(&world.app).await.expect("a count"), 0);

    let tenant = office.tenant.id;
    let kept = calls::linked(&world.app, tenant, recording.id).await.expect("its row");
    assert_eq!(kept.purged_at, Some(call::expires_at(recording.call.started_at)));
    assert_eq!(kept.call.cdr.talk_sec, 62);
}

#[tokio::test]
async fn a_purge_that_died_halfway_is_done_again() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let recording = ingest(&world, &office).await;
    let key = Key::parse(&recording.blob_key).expect("a key");
    world.clock.advance(limits::RECORDING_DAYS * limits::DAY_MS);

    // The bytes are gone, the row does not say so yet.
    assert_eq!(jobs::claim(&world.app, JobKind::PurgeRecording, 1).await.expect("jobs").len(), 1);
    world.blobs.delete(&key).await.expect("deleted");
    let worker = worker(&world, None);
    assert_eq!(worker.pump().await.expect("a pump"), 0);
    world.clock.advance(limits::LEASE_MS);
    assert_eq!(worker.pump().await.expect("a pump"), 1);
    let kept = calls::linked(&world.app, office.tenant.id, recording.id).await.expect("its row");
    assert!(kept.purged_at.is_some());
    assert_eq!(jobs::count(&world.app).await.expect("a count"), 0);
}
