//! Calls, detail records and recordings.

use domain::{Call, CallId, Cdr, Recording, RecordingId, TenantId};
use store::calls::{Position, RecordingFilter};
use store::{Db, Error, Tx, calls as rows};

use super::accounts::account;
use super::at;
use super::schema::tenant;

fn cdr() -> Cdr {
    Cdr {
        id: 247_298,
        unique_call_id: 1_000_266_805,
        start_time: Some(at(1)),
        call_type: "InboundCall".to_owned(),
        start_client: "JoseDev".to_owned(),
        end_client: "JoseDev".to_owned(),
        callerid: "529841275287".to_owned(),
        number_dialed: "5617819977".to_owned(),
        did: "5617819977".to_owned(),
        agent_name: "jose".to_owned(),
        agent_id: Some(11),
        skill_name: "Spanish".to_owned(),
        skill_id: "1".to_owned(),
        connection_sec: 18,
        ivr_sec: 0,
        wait_sec: 11,
        talk_sec: 6,
        hold_sec: 1,
        transfer_sec: 2,
        wrap_sec: 3,
        agent_answer_time: Some(at(2)),
        end_time: Some(at(3)),
        hang_up_time: None,
        who_hung_up: "agent".to_owned(),
        original_call_id: Some(266_805),
        call_created_at: Some(at(4)),
        is_orphaned: true,
        conference_sec: 4,
        conference_talk_sec: 5,
    }
}

/// Writes another detail record, and then the first one again.
async fn a_record_is_written_anew(tx: &mut Tx, call: &Call) {
    let longer = Cdr { talk_sec: 9, who_hung_up: "caller".to_owned(), ..cdr() };
    for cdr in [&longer, &call.cdr] {
        rows::update_cdr(tx.link(), call.tenant_id, call.id, cdr).await.expect("changed");
        let found = rows::by_sid(tx.link(), call.tenant_id, &call.call_sid).await.expect("asked");
        assert_eq!(found.map(|call| call.cdr).as_ref(), Some(cdr));
    }
}

pub(crate) async fn calls(db: &Db) {
    let one = tenant(db, "one").await;
    let law = account(db, one, "JoseDev", "Jose").await;
    let call = Call {
        tenant_id: one,
        id: CallId(266_805),
        account_id: law,
        account_number: "JoseDev".to_owned(),
        did_id: None,
        call_sid: "4f1c7b5e".to_owned(),
        did_number: "5617819977".to_owned(),
        from: "529841275287".to_owned(),
        agent_username: "jose".to_owned(),
        started_at: at(1_000),
        cdr: cdr(),
    };
    let mut recording = Recording {
        id: RecordingId(36),
        call: call.clone(),
        media_type: "audio/mpeg".to_owned(),
        blob_key: "1/a".to_owned(),
        bytes: 100,
        sha256: "00".to_owned(),
        duration_ms: 6_000,
        expires_at: at(5_000),
        purged_at: None,
    };
    let mut tx = db.begin().await.expect("a transaction");
    assert_eq!(rows::insert(tx.link(), &call, None).await.expect("a call"), call.id);
    let found = rows::by_sid(tx.link(), one, "4f1c7b5e").await.expect("asked");
    assert_eq!(found.as_ref(), Some(&call), "every column");
    a_record_is_written_anew(&mut tx, &call).await;
    assert_eq!(rows::recording_of(tx.link(), one, call.id).await.expect("asked"), None);
    rows::insert_recording(tx.link(), &recording).await.expect("a recording");
    tx.commit().await.expect("committed");

    let mut reader = db.read().await.expect("a connection");
    let found = rows::recording(reader.link(), one, recording.id).await.expect("asked");
    assert_eq!(found.as_ref(), Some(&recording));
    assert_eq!(rows::recording(reader.link(), TenantId(9), recording.id).await.expect("ok"), None);
    let all =
        RecordingFilter { accounts: None, from: None, until: None, kept_at: at(4_999), skip: 0 };
    let cases = [
        (all.clone(), true),
        (RecordingFilter { accounts: Some(vec![law]), ..all.clone() }, true),
        (RecordingFilter { skip: 1, ..all.clone() }, false),
        (RecordingFilter { accounts: Some(vec![]), ..all.clone() }, false),
        (RecordingFilter { from: Some(at(1_000)), until: Some(at(1_001)), ..all.clone() }, true),
        (RecordingFilter { until: Some(at(1_000)), ..all.clone() }, false),
        (RecordingFilter { kept_at: at(5_000), ..all.clone() }, false),
    ];
    for (filter, is_in) in cases {
        let page = rows::page(reader.link(), one, &filter, None, 5).await.expect("a page");
        assert_eq!(!page.is_empty(), is_in, "{filter:?}");
    }
    let after = Some(Position::from(&recording));
    assert_eq!(rows::page(reader.link(), one, &all, after, 5).await.expect("the end"), []);
    drop(reader);

    let mut tx = db.begin().await.expect("a transaction");
    rows::set_purged(tx.link(), one, recording.id, at(6_000)).await.expect("purged");
    recording.purged_at = Some(at(6_000));
    let found = rows::recording(tx.link(), one, recording.id).await.expect("asked");
    assert_eq!(found.as_ref(), Some(&recording));
    assert_eq!(rows::page(tx.link(), one, &all, None, 5).await.expect("a page"), []);
    drop(tx);
    let mut tx = db.begin().await.expect("a transaction");
    let again = Call { id: CallId(0), ..call };
    let taken = rows::insert(tx.link(), &again, None).await;
    assert!(matches!(taken, Err(Error::Taken(_))), "{taken:?}");
}
