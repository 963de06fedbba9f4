//! The samples of the API contract, stored as rows with the ids and values that they print.

use domain::activity::ActivityKind;
use domain::{
    AccountId, Answers, Call, CallId, Cdr, ContactId, DidId, Instant, Message, MessageId,
    Recording, RecordingId, Role, Status, UserId,
};

use crate::{Tenancy, World};

/// The audio that the golden recording plays: a second of silence.
pub const GOLDEN_SECONDS: u32 = 1;

/// Who may see the golden rows, and how.
#[derive(Clone, Debug)]
pub struct Golden {
    /// A client who belongs to the golden message's account and to the golden recording's.
    pub client: app::Actor,
    /// That client's Application Key.
    pub key: String,
}

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}

/// The contract's message 939, of a tenant and with the ids that it prints.
pub fn message(tenancy: &Tenancy) -> Message {
    let answers = [
        ("recent_changes", ""),
        ("additional_information", ""),
        ("other_parties", ""),
        ("meeting_preference", "Virtual"),
        ("urgent", "Yes"),
        ("content", "This is a test message"),
        ("zip", ""),
        ("city", ""),
        ("state", ""),
        ("user_id", ""),
    ];
    let pairs = answers.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let uuid = "8895c21e-8c3a-48e2-80dd-03acf32705fd".to_owned();
    let taken_at = at("2025-01-21T22:08:20.671Z");
    Message {
        id: MessageId(939),
        read: true,
        pbx_name: "tascom".to_owned(),
        caller_id: "9548326297".to_owned(),
        content: "This is a test message".to_owned(),
        status: Status::Delivered,
        agent_id: Some(UserId(3)),
        updated_at: at("2025-01-21T22:08:20.858Z"),
        contact_id: Some(ContactId(541)),
        delivered_at: Some(at("2025-01-21T22:08:20.855Z")),
        delivered_by: Some(UserId(3)),
        did_id: Some(DidId(5)),
        answers: Answers(pairs.to_vec()),
        escalation_level_id: Some(7),
        next_escalation_at: Some(at("2025-01-21T22:09:20.783Z")),
        receiver_name: "John Doe".to_owned(),
        activities_count: 6,
        closing_action_group_id: Some(1),
        ..Message::blank(tenancy.tenant.id, AccountId(4), uuid, taken_at)
    }
}

/// The contract's recording 36 with call 266805 and detail record 247298.
pub fn recording(tenancy: &Tenancy, account: AccountId) -> Recording {
    let text = str::to_owned;
    let cdr = Cdr {
        id: 247_298,
        unique_call_id: 1_000_266_805,
        start_time: Some(at("2024-09-16T16:47:07.002Z")),
        call_type: text("InboundCall"),
        start_client: text("JoseDev"),
        end_client: text("JoseDev"),
        callerid: text("529841275287"),
        number_dialed: text("5617819977"),
        did: text("5617819977"),
        agent_name: text("jose"),
        agent_id: Some(11),
        skill_name: text("Spanish"),
        skill_id: text("1"),
        connection_sec: 18,
        ivr_sec: 0,
        wait_sec: 11,
        talk_sec: 6,
        hold_sec: 0,
        transfer_sec: 0,
        wrap_sec: 0,
        agent_answer_time: Some(at("2024-09-16T16:47:19.326Z")),
        end_time: Some(at("2024-09-16T16:47:25.171Z")),
        hang_up_time: Some(at("2024-09-16T16:47:25.068Z")),
        who_hung_up: text("agent"),
        original_call_id: Some(266_805),
        call_created_at: Some(at("2024-09-16T16:47:07.478Z")),
        is_orphaned: false,
        conference_sec: 0,
        conference_talk_sec: 0,
    };
    let started_at = at("2024-09-16T16:47:21.169Z");
    let call = Call {
        tenant_id: tenancy.tenant.id,
        id: CallId(266_805),
        account_id: account,
        account_number: text("JoseDev"),
        did_id: None,
        call_sid: text("4f1c7b5e-744b-11ef-9bdd-02420a1f2070"),
        did_number: text("5617819977"),
        from: text("529841275287"),
        agent_username: text("jose"),
        started_at,
        cdr,
    };
    Recording {
        id: RecordingId(36),
        expires_at: domain::call::expires_at(started_at),
        call,
        media_type: text("audio/wav"),
        blob_key: format!("t_{}/recordings/golden", tenancy.tenant.id),
        bytes: 0,
        sha256: String::new(),
        duration_ms: i64::from(GOLDEN_SECONDS) * 1_000,
        purged_at: None,
    }
}

impl World {
    /// Stores the contract's samples, and moves the clock to a minute after the recording.
    pub async fn golden(&self, tenancy: &Tenancy) -> Golden {
        let tenant = &tenancy.tenant;
        let third = self.account(tenant, "JoseDev", "Jose").await;
        let fourth = self.account(tenant, "A4", "Account 4").await;
        assert_eq!(fourth.id, AccountId(4), "the sample's account, in a world with one tenancy");

        let mut recording = recording(tenancy, third.id);
        let wav = crate::sound::wav(GOLDEN_SECONDS * 1_000);
        let stored = self.store_blob(&recording.blob_key, wav).await;
        recording.bytes = i64::try_from(stored.bytes).expect("a length");
        recording.sha256 = data_encoding::HEXLOWER.encode(&stored.sha256);

        let message = message(tenancy);
        let mut tx = self.db.begin().await.expect("a transaction");
        store::messages::insert(tx.link(), &message).await.expect("the golden message");
        let kinds = [
            ActivityKind::Taken,
            ActivityKind::Queued,
            ActivityKind::Sent,
            ActivityKind::Read,
            ActivityKind::PickedUp,
            ActivityKind::PutBack,
        ];
        for kind in kinds {
            let event = kind.by(UserId(3), "Ann");
            let at = message.created_at;
            store::activities::insert(tx.link(), tenant.id, message.id, &event, at)
                .await
                .expect("an activity");
        }
        store::calls::insert(tx.link(), &recording.call, None).await.expect("the golden call");
        store::calls::insert_recording(tx.link(), &recording).await.expect("the golden recording");
        tx.commit().await.expect("a commit");

        let client = self.user(tenant, "g@golden.example", "Gold", Role::Client, &fourth).await;
        let mut tx = self.db.begin().await.expect("a transaction");
        let joined = store::users::join(tx.link(), tenant.id, client.user_id, third.id).await;
        joined.expect("a second account");
        tx.commit().await.expect("a commit");
        let client = app::users::actor_of(&self.app, tenant.id, "g@golden.example").await;
        let client = client.expect("an actor");
        let key = app::keys::create(&self.app, &client, "Golden", None).await.expect("a key");
        self.clock.set(recording.call.started_at.plus_ms(60_000));
        Golden { client, key: key.token }
    }
}
