//! Rows that a test needs, put into a world without the story that would lead to them.

use app::Actor;
use app::calls::Audio;
use app::idempotency::Once;
use app::work_queue::ClaimOutcome;
use blobs::{Key, Stored};
use bytes::Bytes;
use domain::closing::{Action, Timing, Usage};
use domain::escalation::{Level, Manner, Policy, Target, Telling};
use domain::live::Signal;
use domain::on_call::RotationEntry;
use domain::{
    Account, AccountId, Call, CallId, Cdr, Channel, ClosingGroup, ClosingGroupId, Instant, JobKind,
    LevelId, Message, MessageId, NewItem, PolicyId, Recording, TenantId, ToDoId, WorkItemId,
    WorkKind, limits,
};

use crate::{Tenancy, World};

/// What an agent has in hand.
#[derive(Clone, Copy, Debug)]
pub struct AtWork {
    /// The call that the agent answered.
    pub call: CallId,
    /// The place of a To Do in the work queue, claimed by the agent.
    pub item: WorkItemId,
    /// That To Do.
    pub to_do: ToDoId,
}

impl World {
    /// Adds a message taken at an instant, with whatever `change` makes of it.
    pub async fn add_message(
        &self,
        tenant: TenantId,
        account: AccountId,
        taken_at: Instant,
        change: impl FnOnce(&mut Message),
    ) -> MessageId {
        let uuid = self.app.entropy().uuid();
        let mut message = Message::blank(tenant, account, uuid, taken_at);
        change(&mut message);
        let mut tx = self.db.begin().await.expect("a transaction");
        let id = store::messages::insert(tx.link(), &message).await.expect("a message");
        tx.commit().await.expect("a commit");
        id
    }

    /// Adds a job.
    pub async fn add_job(&self, tenant_id: TenantId, kind: JobKind, subject_id: i64, at: Instant) {
        let mut tx = self.db.begin().await.expect("a transaction");
        let job = store::jobs::NewJob { tenant_id, kind, subject_id, due_at: at };
        store::jobs::set(tx.link(), job).await.expect("a job");
        tx.commit().await.expect("a commit");
    }

    /// Adds many messages of an account at once, a second apart, the last one the newest.
    pub async fn add_messages(&self, tenant: TenantId, account: AccountId, count: usize) {
        let mut tx = self.db.begin().await.expect("a transaction");
        for i in 0..count {
            let at = self.app.now().plus_ms(1_000 * i as i64);
            let mut message = Message::blank(tenant, account, self.app.entropy().uuid(), at);
            message.content = format!("Message {i}");
            store::messages::insert(tx.link(), &message).await.expect("a message");
        }
        tx.commit().await.expect("a commit");
    }

    /// Puts something into the work queue of an account, about a message if one is given.
    pub async fn add_work_item(
        &self,
        account: &Account,
        kind: WorkKind,
        message_id: Option<MessageId>,
        text: &str,
    ) -> WorkItemId {
        let item = NewItem {
            account_id: account.id,
            kind,
            message_id,
            run_id: None,
            subject: String::new(),
            title: text.to_owned(),
            detail: text.to_owned(),
            is_urgent: false,
        };
        let mut tx = self.db.begin().await.expect("a transaction");
        let rows = [(account.tenant_id, item)];
        store::work_items::raise_all(tx.link(), &rows, self.app.now()).await.expect("raised");
        tx.commit().await.expect("a commit");
        let mut reader = self.db.read().await.expect("a reader");
        let open = store::work_items::open(reader.link(), account.tenant_id, 999).await;
        open.expect("the queue").iter().map(|item| item.id).max().expect("an item")
    }

    /// Has a switch tell of a call to an account that goes on.
    pub async fn tell(
        &self,
        tenancy: &Tenancy,
        account: &Account,
        sid: &str,
        signal: Signal,
        from: &str,
    ) -> CallId {
        let report = app::live::Report {
            call_sid: sid.to_owned(),
            signal,
            agent_username: String::new(),
            account_number: account.number.clone(),
            did_number: String::new(),
            from: from.to_owned(),
            menu_choice: String::new(),
            at: self.app.now(),
            sequence: None,
        };
        let switch = &tenancy.switch.0;
        let heard = app::live::hear(&self.app, tenancy.tenant.id, switch, &report).await;
        heard.expect("heard").call_id
    }

    /// Puts a caller on the line with an agent, who has a To Do of the law firm in hand as well.
    pub async fn at_work(&self, tenancy: &Tenancy, agent: &Actor, sid: &str) -> AtWork {
        let app = &self.app;
        let call = self.tell(tenancy, &tenancy.law, sid, Signal::Ringing, "9548326297").await;
        assert_eq!(app::live::claim(app, agent, call).await.expect("asked"), ClaimOutcome::Won);
        let entry = domain::to_do::ToDoEntry {
            delivery_type: "call".to_owned(),
            contact: tenancy.jane.name.clone(),
            message_text: "Hello.".to_owned(),
            instructions: "Ask whether the papers came.".to_owned(),
            run_at: app.now().rfc3339_ms(),
            ..domain::to_do::ToDoEntry::default()
        };
        let number = &tenancy.law.number;
        let made = app::to_dos::create(app, &tenancy.client, number, &entry, None).await;
        let Ok(Once::New(made)) = made else { panic!("{made:?}") };
        let due = app::jobs::claim(app, JobKind::Fire, 10).await.expect("a queue");
        app::to_dos::fire_all(app, &due).await.expect("fired");
        let queue = app::work_queue::queue(app, agent).await.expect("a queue");
        let item = queue.iter().map(|item| item.id).max().expect("an item");
        assert_eq!(
            app::work_queue::claim(app, agent, item).await.expect("asked"),
            ClaimOutcome::Won
        );
        AtWork { call, item, to_do: made.to_do.id }
    }

    /// Adds something to be done when an agent finishes, which the agent chooses.
    pub async fn add_closing(
        &self,
        tenancy: &Tenancy,
        name: &str,
        timing: Timing,
        actions: Vec<Action>,
    ) -> ClosingGroupId {
        let group = ClosingGroup {
            id: ClosingGroupId(0),
            account_id: tenancy.law.id,
            name: name.to_owned(),
            usage: Usage::Chosen,
            timing,
            actions,
        };
        let kept = app::playbooks::keep_closing(&self.app, &tenancy.owner, group).await;
        kept.expect("a closing group").id
    }

    /// A closing action group that escalates: whoever is on call is told by text, half an hour later
    /// once more, and then agents are.
    pub async fn nights(&self, tenancy: &Tenancy) -> ClosingGroupId {
        let (app, owner, account_id) = (&self.app, &tenancy.owner, tenancy.law.id);
        let entry = RotationEntry {
            name: "Nights".to_owned(),
            turn: "weekly".to_owned(),
            hand_off: "08:00".to_owned(),
            starts_on: "2025-01-20".to_owned(),
            members: vec![tenancy.jane.id],
            ..RotationEntry::default()
        };
        let rotation = app::on_call::create(app, owner, account_id, entry).await;
        let telling = Telling {
            targets: vec![Target::Rotation(rotation.expect("a rotation").id)],
            channels: vec![Channel::Sms],
            manner: Manner::First,
        };
        let level = Level { id: LevelId(0), delay_ms: 30 * limits::MINUTE_MS, telling };
        let policy = Policy {
            id: PolicyId(0),
            account_id,
            name: "After hours".to_owned(),
            levels: vec![level.clone(), level],
            rounds: 1,
            ack_expires_ms: None,
        };
        let policy = app::playbooks::keep_policy(app, owner, policy).await.expect("a policy");
        let actions = vec![Action::Escalate(policy.id)];
        self.add_closing(tenancy, "Urgent", Timing::AtOnce, actions).await
    }

    /// Puts bytes under a key.
    pub async fn store_blob(&self, key: &str, bytes: Vec<u8>) -> Stored {
        let key = Key::parse(key).expect("a key");
        let source = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from(bytes))]);
        self.blobs.put(&key, source, u64::MAX).await.expect("a blob")
    }

    /// Adds a recorded call, answered now, through the use case.
    pub async fn add_recording(
        &self,
        tenancy: &Tenancy,
        account_number: &str,
        sid: &str,
        wav: Vec<u8>,
    ) -> Recording {
        let blob_key = format!("t_{}/recordings/{}", tenancy.tenant.id, self.app.entropy().uuid());
        let bytes = i64::try_from(wav.len()).expect("a length");
        let stored = self.store_blob(&blob_key, wav).await;
        let audio = Audio {
            media_type: "audio/wav".to_owned(),
            blob_key,
            bytes,
            sha256: data_encoding::HEXLOWER.encode(&stored.sha256),
            duration_ms: 1_000,
        };
        let call = call(tenancy.tenant.id, account_number, sid, self.app.now());
        let switch = &tenancy.switch.0;
        let done = app::calls::ingest(&self.app, tenancy.tenant.id, switch, call, Some(audio));
        done.await.expect("a call").recording.expect("a recording")
    }
}

/// A call of an account, with nothing remarkable about it.
fn call(tenant: TenantId, account_number: &str, sid: &str, at: Instant) -> Call {
    let none = String::new;
    Call {
        tenant_id: tenant,
        id: CallId(0),
        account_id: AccountId(0),
        account_number: account_number.to_owned(),
        did_id: None,
        call_sid: sid.to_owned(),
        did_number: "5617819977".to_owned(),
        from: "9548326297".to_owned(),
        agent_username: "ann".to_owned(),
        started_at: at,
        cdr: Cdr {
            id: 0,
            unique_call_id: 1,
            start_time: Some(at),
            call_type: "InboundCall".to_owned(),
            start_client: none(),
            end_client: none(),
            callerid: "9548326297".to_owned(),
            number_dialed: "5617819977".to_owned(),
            did: "5617819977".to_owned(),
            agent_name: "ann".to_owned(),
            agent_id: None,
            skill_name: none(),
            skill_id: none(),
            connection_sec: 10,
            ivr_sec: 0,
            wait_sec: 1,
            talk_sec: 9,
            hold_sec: 0,
            transfer_sec: 0,
            wrap_sec: 0,
            agent_answer_time: None,
            end_time: None,
            hang_up_time: None,
            who_hung_up: none(),
            original_call_id: None,
            call_created_at: None,
            is_orphaned: false,
            conference_sec: 0,
            conference_talk_sec: 0,
        },
    }
}
