//! Calls that go on: told by a switch, answered by one agent, saved, over; on both databases.

use app::live::{self, Report};
use app::messages::MessageEntry;
use app::work_queue::ClaimOutcome;
use app::{Actor, Error, calls, messages, upkeep};
use domain::live::{AgentChoice, AgentState, LiveState, Signal};
use domain::{Call, CallId, Cdr, Origin, Role, limits};
use testkit::postgres::Postgres;
use testkit::{Tenancy, World};

/// A world on either database, kept alive with it.
struct Place {
    world: World,
    office: Tenancy,
    _database: Option<Postgres>,
}

impl Place {
    async fn on(database: Option<Postgres>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let lite = format!("sqlite:{}", folder.path().join("liberty.db").display());
        let url = database.as_ref().map_or(lite.as_str(), Postgres::url).to_owned();
        let world = World::on(&url, folder).await;
        let office = world.tenancy("desk").await;
        Place { world, office, _database: database }
    }

    async fn tell(&self, sid: &str, signal: Signal, agent: &str) -> live::ReportedCall {
        let report = self.report(sid, signal, agent);
        self.hear(&report).await
    }

    async fn hear(&self, report: &Report) -> live::ReportedCall {
        let (tenant, switch) = (self.office.tenant.id, &self.office.switch.0);
        live::hear(&self.world.app, tenant, switch, report).await.expect("heard")
    }

    fn report(&self, sid: &str, signal: Signal, agent: &str) -> Report {
        Report {
            call_sid: sid.to_owned(),
            signal,
            agent_username: agent.to_owned(),
            account_number: String::new(),
            did_number: "+1 561 781 9977".to_owned(),
            from: "9548326297".to_owned(),
            menu_choice: String::new(),
            at: self.world.app.now(),
            sequence: None,
        }
    }

    async fn state(&self, actor: &Actor) -> AgentState {
        let snapshot = live::snapshot(&self.world.app, self.office.tenant.id).await;
        snapshot.expect("a snapshot").state_of(actor, self.world.app.now()).0
    }

    /// Ann signs in; her cookie.
    async fn sign_in(&self) -> String {
        let (app, tenant) = (&self.world.app, self.office.tenant.id);
        let ann = app::sessions::credentials(app, tenant, "ann@desk.example").await;
        let ann = ann.expect("asked").expect("Ann").user;
        app::sessions::begin(app, &ann).await.expect("a session")
    }

    async fn agent(&self, name: &str) -> Actor {
        let email = format!("{name}@desk.example");
        let (tenant, law) = (&self.office.tenant, &self.office.law);
        self.world.user(tenant, &email, name, Role::Agent, law).await
    }
}

/// A story on both databases.
macro_rules! on_both {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $story() {
                super::$story(super::Place::on(None).await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $story() {
                let database = Some(testkit::postgres::Postgres::database());
                super::$story(super::Place::on(database).await).await;
            })+
        }
    };
}

on_both! {
    a_call_is_told_answered_and_wrapped_up,
    late_words_take_no_call_back,
    one_of_twenty_agents_wins,
    the_full_report_completes_the_call,
    a_report_without_a_record_gets_what_is_known,
    a_message_tells_of_the_call_that_it_was_taken_on,
    a_call_that_nobody_ends_is_swept,
    what_ended_without_a_message_stays_its_agents,
    what_an_agent_is_at,
    nothing_of_others_is_seen,
}

async fn what_ended_without_a_message_stays_its_agents(place: Place) {
    let (app, office) = (&place.world.app, &place.office);
    let pulse = || async { live::pulse(app, office.tenant.id).await.expect("a pulse") };
    let unsaved = |actor: &Actor| {
        let actor = actor.clone();
        async move {
            let all = live::snapshot(app, office.tenant.id).await.expect("a snapshot");
            all.of(&actor).unsaved.iter().map(|call| call.id).collect::<Vec<CallId>>()
        }
    };
    place.tell("lost", Signal::Ringing, "").await;
    place.tell("lost", Signal::Ended, "").await;
    let call = place.tell("c1", Signal::Answered, "ann").await.call_id;
    place.tell("c1", Signal::Ended, "").await;
    assert_eq!(unsaved(&office.agent).await, [], "it still stands with Ann, in wrap-up");
    let wraps_up = pulse().await;
    live::end(app, &office.agent, call).await.expect("ended");
    let ended = pulse().await;
    assert_ne!(ended, wraps_up);
    assert_eq!(unsaved(&office.agent).await, [call], "not the one that nobody answered");
    assert_eq!(unsaved(&office.supervisor).await, [], "each sees its own");
    let entry = messages::MessageEntry {
        uuid: app.entropy().uuid(),
        call_id: Some(call),
        non_message_type: "hang_up".to_owned(),
        ..messages::MessageEntry::default()
    };
    messages::take(app, &office.agent, office.law.id, entry).await.expect("saved");
    assert_eq!(unsaved(&office.agent).await, []);
    assert_ne!(pulse().await, ended, "other nodes hear of it");
}

async fn a_call_is_told_answered_and_wrapped_up(place: Place) {
    let (app, office) = (&place.world.app, &place.office);
    place.sign_in().await;
    live::choose(app, &office.agent, AgentChoice::Ready).await.expect("ready");
    let heard = place.tell("c1", Signal::Ringing, "").await;
    assert!(heard.is_new && heard.state == LiveState::Ringing);
    assert!(!place.tell("c1", Signal::Ringing, "").await.is_new, "told twice, one call");
    let call = live::find(app, &office.agent, heard.call_id).await.expect("a call");
    assert_eq!((call.account_id, call.did_id), (office.law.id, Some(office.line.id)));

    assert_eq!(live::claim(app, &office.agent, call.id).await.expect("asked"), ClaimOutcome::Won);
    assert_eq!(place.state(&office.agent).await, AgentState::Busy);
    let sam = live::claim(app, &office.supervisor, call.id).await.expect("asked");
    assert_eq!(sam, ClaimOutcome::Lost("Ann".to_owned()));
    let answered = place.tell("c1", Signal::Answered, "ann").await;
    assert_eq!(answered.state, LiveState::Talking);
    assert_eq!(place.tell("c1", Signal::Ended, "").await.state, LiveState::WrapUp);
    assert_eq!(place.state(&office.agent).await, AgentState::WrapUp);
    let not_hers = live::end(app, &place.agent("ben").await, call.id).await;
    assert!(matches!(not_hers, Err(Error::Changed)), "{not_hers:?}");
    let entry = messages::MessageEntry {
        uuid: app.entropy().uuid(),
        call_id: Some(call.id),
        non_message_type: "hang_up".to_owned(),
        ..messages::MessageEntry::default()
    };
    messages::take(app, &office.agent, office.law.id, entry).await.expect("saved");
    let call = live::find(app, &office.agent, call.id).await.expect("a call");
    assert_eq!(call.progress.state, LiveState::Over);
    assert_eq!(place.state(&office.agent).await, AgentState::Ready);
}

async fn late_words_take_no_call_back(place: Place) {
    let early = place.report("c1", Signal::Ringing, "");
    place.world.clock.advance(60_000);
    let answered = place.report("c1", Signal::Answered, "ann");
    place.world.clock.advance(60_000);
    let ended = place.report("c1", Signal::Ended, "");
    assert_eq!(place.hear(&answered).await.state, LiveState::Talking);
    assert_eq!(place.hear(&early).await.state, LiveState::Talking);
    assert_eq!(place.hear(&ended).await.state, LiveState::WrapUp);
    for late in [&early, &answered, &ended] {
        assert_eq!(place.hear(late).await.state, LiveState::WrapUp, "{late:?}");
    }
    let tomorrow = Report {
        at: place.world.app.now().plus_ms(limits::DAY_MS),
        ..place.report("c2", Signal::Ringing, "")
    };
    let id = place.hear(&tomorrow).await.call_id;
    let call = live::find(&place.world.app, &place.office.agent, id).await.expect("a call");
    assert_eq!(call.progress.rang_at, place.world.app.now(), "the future counts as now");
}

async fn one_of_twenty_agents_wins(place: Place) {
    let id = place.tell("c1", Signal::Ringing, "").await.call_id;
    let mut agents = Vec::new();
    for i in 0..20 {
        agents.push(place.agent(&format!("agent{i}")).await);
    }
    let claims = agents.into_iter().map(|agent| {
        let app = place.world.app.clone();
        tokio::spawn(async move { (live::claim(&app, &agent, id).await.expect("asked"), agent) })
    });
    let (mut winners, mut losers) = (Vec::new(), Vec::new());
    for claim in claims.collect::<Vec<_>>() {
        match claim.await.expect("a claim") {
            (ClaimOutcome::Won, agent) => winners.push(agent.name),
            (ClaimOutcome::Lost(to), _) => losers.push(to),
            (ClaimOutcome::Over, agent) => panic!("{agent:?}"),
        }
    }
    assert_eq!((winners.len(), losers.len()), (1, 19));
    assert!(losers.iter().all(|to| *to == winners[0]), "{winners:?} {losers:?}");
}

async fn the_full_report_completes_the_call(place: Place) {
    let (app, office) = (&place.world.app, &place.office);
    let heard = place.tell("c1", Signal::Answered, "ann").await;
    let now = app.now();
    let call = Call {
        tenant_id: office.tenant.id,
        id: CallId(0),
        account_id: office.law.id,
        account_number: "W0411".to_owned(),
        did_id: None,
        call_sid: "c1".to_owned(),
        did_number: "5617819977".to_owned(),
        from: "9548326297".to_owned(),
        agent_username: "ann".to_owned(),
        started_at: now,
        cdr: Cdr { talk_sec: 42, end_time: Some(now), ..Cdr::default() },
    };
    for is_new in [true, false] {
        let done = calls::ingest(app, office.tenant.id, &office.switch.0, call.clone(), None).await;
        let done = done.expect("taken in");
        assert_eq!((done.call.id, done.call.cdr.talk_sec), (heard.call_id, 42));
        assert_eq!(done.is_new, is_new);
    }
    let live = live::find(app, &office.agent, heard.call_id).await.expect("a call");
    assert_eq!(live.progress.state, LiveState::WrapUp, "the agent has yet to save");
    // A call of which only the full report came is over, whatever is told later.
    let second = Call { call_sid: "c2".to_owned(), ..call };
    calls::ingest(app, office.tenant.id, &office.switch.0, second, None).await.expect("taken in");
    assert_eq!(place.tell("c2", Signal::Ringing, "").await.state, LiveState::Over);
}

async fn a_report_without_a_record_gets_what_is_known(place: Place) {
    let (app, office) = (&place.world.app, &place.office);
    let rang = app.now();
    place.tell("c1", Signal::Ringing, "").await;
    place.world.clock.advance(11_000);
    place.tell("c1", Signal::Answered, "ann").await;
    place.world.clock.advance(42_000);
    place.tell("c1", Signal::Ended, "").await;
    let call = Call {
        tenant_id: office.tenant.id,
        id: CallId(0),
        account_id: office.law.id,
        account_number: "W0411".to_owned(),
        did_id: None,
        call_sid: "c1".to_owned(),
        did_number: "5617819977".to_owned(),
        from: String::new(),
        agent_username: String::new(),
        started_at: rang,
        cdr: Cdr::default(),
    };
    let ingest = |call: Call, audio| async move {
        let done = calls::ingest(app, office.tenant.id, &office.switch.0, call, audio).await;
        done.expect("taken in").call
    };
    let told = ingest(call.clone(), None).await;
    assert_eq!((told.from.as_str(), told.agent_username.as_str()), ("9548326297", "ann"));
    let cdr = &told.cdr;
    assert_eq!((cdr.wait_sec, cdr.talk_sec, cdr.connection_sec), (11, 42, 53));
    assert_eq!((cdr.start_time, cdr.end_time), (Some(rang), Some(app.now())));
    assert_eq!((cdr.agent_id, cdr.callerid.as_str()), (Some(office.agent.user_id.0), "9548326297"));

    // Nobody told of this one while it went on, and its audio comes later.
    let silent = Call { call_sid: "c2".to_owned(), agent_username: "ann".to_owned(), ..call };
    let before = ingest(silent.clone(), None).await.cdr;
    assert_eq!((before.talk_sec, before.end_time), (0, None));
    assert_eq!(before.agent_id, Some(office.agent.user_id.0));
    let audio = calls::Audio {
        media_type: "audio/wav".to_owned(),
        blob_key: "t_1/recordings/a.wav".to_owned(),
        bytes: 9,
        sha256: "00".repeat(32),
        duration_ms: 6_100,
    };
    let after = ingest(silent.clone(), Some(audio)).await.cdr;
    assert_eq!((after.talk_sec, after.end_time), (7, Some(rang.plus_ms(6_100))));
    assert_eq!(ingest(silent, None).await.cdr, after, "it is kept");
}

async fn a_message_tells_of_the_call_that_it_was_taken_on(place: Place) {
    let (app, office) = (&place.world.app, &place.office);
    let rang = app.now();
    let (tenant, switch) = (office.tenant.id, &office.switch.0);
    let chosen = Report { menu_choice: "2".to_owned(), ..place.report("c1", Signal::Waiting, "") };
    let id = live::hear(app, tenant, switch, &chosen).await.expect("heard").call_id;
    place.world.clock.advance(5_000);
    place.tell("c1", Signal::Answered, "ann").await;
    let entry = MessageEntry {
        uuid: app.entropy().uuid(),
        call_id: Some(id),
        answers: [("first_name", "Ida"), ("phone", "5550100"), ("content", "Call me.")]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .to_vec(),
        ..MessageEntry::default()
    };
    let taken = messages::take(app, &office.agent, office.law.id, entry).await.expect("saved");
    let kept = messages::find(app, &office.agent, taken.message.id).await.expect("a message");
    assert_eq!((kept.origin, kept.call_id), (Some(Origin::Call), Some(id)));
    assert_eq!((kept.call_ref_id.as_str(), kept.ivr.as_str()), ("c1", "2"));
    assert_eq!((kept.caller_id.as_str(), kept.message_received_date), ("9548326297", Some(rang)));
    assert_eq!(kept.pbx_name, switch.name);
    assert!(kept.did_id.is_some(), "the line that was dialled");
}

async fn a_call_that_nobody_ends_is_swept(place: Place) {
    let (app, office) = (&place.world.app, &place.office);
    let id = place.tell("c1", Signal::Answered, "ann").await.call_id;
    place.world.clock.advance(limits::LIVE_SILENCE_MS);
    upkeep::sweep(app).await.expect("swept");
    let state = || async { live::find(app, &office.agent, id).await.expect("it").progress.state };
    assert_eq!(state().await, LiveState::Talking);
    place.world.clock.advance(1);
    upkeep::sweep(app).await.expect("swept");
    assert_eq!(state().await, LiveState::Over);
    place.world.clock.advance(limits::LIVE_KEPT_MS + 1);
    upkeep::sweep(app).await.expect("swept");
    assert!(matches!(live::find(app, &office.agent, id).await, Err(Error::NotFound)));
    assert_eq!(place.tell("c1", Signal::Held, "").await.state, LiveState::Over);
}

async fn what_an_agent_is_at(place: Place) {
    let (app, office) = (&place.world.app, &place.office);
    assert_eq!(place.state(&office.agent).await, AgentState::SignedOut);
    let long = AgentChoice::Break("x".repeat(limits::BREAK_BYTES + 1));
    assert!(matches!(live::choose(app, &office.agent, long).await, Err(Error::Invalid(_))));
    let refused = live::choose(app, &office.client, AgentChoice::Ready).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));

    let cookie = place.sign_in().await;
    live::choose(app, &office.agent, AgentChoice::Break("Lunch".to_owned()))
        .await
        .expect("a break");
    assert_eq!(place.state(&office.agent).await, AgentState::Break("Lunch".to_owned()));
    app::sessions::end(app, office.tenant.id, &cookie).await.expect("signed out");
    assert_eq!(place.state(&office.agent).await, AgentState::SignedOut, "no session, no work");
    place.sign_in().await;
    assert_eq!(place.state(&office.agent).await, AgentState::SignedOut, "the break is long over");

    let before = live::pulse(app, office.tenant.id).await.expect("a pulse");
    live::choose(app, &office.agent, AgentChoice::Ready).await.expect("ready");
    assert_ne!(live::pulse(app, office.tenant.id).await.expect("a pulse"), before);
    place.tell("c1", Signal::Answered, "ann").await;
    place.tell("c2", Signal::Ringing, "").await;
    let today = live::today(app, &office.supervisor).await.expect("figures");
    assert_eq!((today.calls, today.answered, today.lost), (2, 1, 0));
    assert!(matches!(live::today(app, &office.agent).await, Err(Error::Forbidden(_))));
}

async fn nothing_of_others_is_seen(place: Place) {
    let (app, office) = (&place.world.app, &place.office);
    let id = place.tell("c1", Signal::Ringing, "").await.call_id;
    let other = place.world.tenancy("other").await;
    for stranger in [&other.agent, &other.owner] {
        assert!(matches!(live::find(app, stranger, id).await, Err(Error::NotFound)));
        assert!(matches!(live::claim(app, stranger, id).await, Err(Error::NotFound)));
        assert!(matches!(live::end(app, stranger, id).await, Err(Error::NotFound)));
    }
    assert!(matches!(live::claim(app, &office.client, id).await, Err(Error::Forbidden(_))));
    let theirs = live::snapshot(app, other.tenant.id).await.expect("a snapshot");
    assert!(theirs.calls.is_empty() && theirs.items.is_empty());
    // An agent who sees some accounts only gets nothing of the others.
    let mut narrow = office.agent.clone();
    narrow.scope = domain::user::Scope::Accounts(vec![office.dental.id]);
    let snapshot = live::snapshot(app, office.tenant.id).await.expect("a snapshot");
    assert_eq!((snapshot.calls.len(), snapshot.of(&narrow).calls.len()), (1, 0));
    assert!(matches!(live::claim(app, &narrow, id).await, Err(Error::NotFound)));
}
