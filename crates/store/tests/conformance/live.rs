//! Calls that go on, what agents are at, and what the console counts.

use domain::live::{AgentChoice, LiveState, Progress};
use domain::{AccountId, Call, CallId, Cdr, Message, SwitchId, TenantId, UserId};
use store::live::{self, Tally};
use store::sessions::{self, Session};
use store::{Db, Tx, calls, messages};

use super::accounts::account;
use super::at;
use super::people::user;
use super::schema::tenant;

fn call(tenant_id: TenantId, account_id: AccountId, sid: &str) -> Call {
    Call {
        tenant_id,
        id: CallId(0),
        account_id,
        account_number: String::new(),
        did_id: None,
        call_sid: sid.to_owned(),
        did_number: "5617819977".to_owned(),
        from: "9548326297".to_owned(),
        agent_username: String::new(),
        started_at: at(1),
        cdr: Cdr::default(),
    }
}

fn progress(state: LiveState, agent: Option<UserId>, rang: i64) -> Progress {
    Progress {
        state,
        agent_id: agent,
        rang_at: at(rang),
        answered_at: agent.map(|_| at(rang + 5)),
        ended_at: (state == LiveState::Over).then_some(at(rang + 9)),
        saved_at: None,
        heard_at: Some(at(rang)),
        sequence: Some(1),
    }
}

/// Adds a live call of an account.
async fn add(tx: &mut Tx, place: (TenantId, AccountId), sid: &str, progress: &Progress) -> CallId {
    let (tenant, account) = place;
    let switch: Option<SwitchId> = None;
    let begun = live::begin(tx.link(), &call(tenant, account, sid), switch).await.expect("begun");
    let id = begun.expect("a new call");
    live::insert(tx.link(), tenant, id, account, progress, progress.rang_at).await.expect("live");
    id
}

pub(crate) async fn claims(db: &Db) {
    let (one, two) = (tenant(db, "one").await, tenant(db, "two").await);
    let place = (one, account(db, one, "W0411", "Hart & Lowe").await);
    let (ann, bea) = (user(db, one, "ann@desk.example").await, UserId(99));
    let mut tx = db.begin().await.expect("a transaction");
    let id = add(&mut tx, place, "c1", &progress(LiveState::Ringing, None, 10)).await;
    let twice = live::begin(tx.link(), &call(one, place.1, "c1"), None).await.expect("asked");
    assert_eq!(twice, None, "a switch's identifier is one call");
    assert_eq!(live::call_to_change(tx.link(), one, "c1").await.expect("asked"), Some(id));
    assert_eq!(live::call_to_change(tx.link(), two, "c1").await.expect("asked"), None);

    for (tenant, agent, wins) in [(two, ann, false), (one, ann, true), (one, bea, false)] {
        let won = live::claim(tx.link(), tenant, id, agent, at(20)).await.expect("asked");
        assert_eq!(won, wins, "{tenant:?} {agent:?}");
    }
    let found = live::find_to_change(tx.link(), one, id).await.expect("asked").expect("a call");
    assert_eq!((found.progress.agent_id, found.agent_name.as_str()), (Some(ann), "Ann"));
    assert_eq!(found.progress.answered_at, Some(at(20)));
    assert_eq!((found.account_name.as_str(), found.from.as_str()), ("Hart & Lowe", "9548326297"));
    assert_eq!(live::find(tx.link(), two, id).await.expect("asked"), None);

    assert_eq!(found.call_sid, "c1");
    for (tenant, choice, kept) in [(two, "9", ""), (one, "2", "2"), (one, "2", "2")] {
        live::press(tx.link(), tenant, id, choice).await.expect("asked");
        let found = live::find(tx.link(), one, id).await.expect("asked").expect("a call");
        assert_eq!((found.menu_choice.as_str(), found.switch_name.as_str()), (kept, ""));
    }

    let saved = Progress { saved_at: Some(at(30)), ..progress(LiveState::Over, Some(ann), 10) };
    live::update(tx.link(), one, id, &saved, at(30)).await.expect("changed");
    let found = live::find(tx.link(), one, id).await.expect("asked").expect("a call");
    assert_eq!(found.progress, saved, "every column");
    let full = Call {
        agent_username: "ann".to_owned(),
        from: "5550100".to_owned(),
        ..call(one, place.1, "c1")
    };
    live::complete(tx.link(), id, &full).await.expect("filled in");
    calls::insert_cdr(tx.link(), one, id, &full.cdr).await.expect("its detail record");
    let found = calls::by_sid(tx.link(), one, "c1").await.expect("asked").expect("a call");
    assert_eq!((found.id, found.agent_username.as_str()), (id, "ann"));
    assert_eq!(found.from, "5550100");
}

pub(crate) async fn lists(db: &Db) {
    let (one, two) = (tenant(db, "one").await, tenant(db, "two").await);
    let place = (one, account(db, one, "W0411", "Hart & Lowe").await);
    let ann = user(db, one, "ann@desk.example").await;
    let mut tx = db.begin().await.expect("a transaction");
    let saved = Progress { saved_at: Some(at(1)), ..progress(LiveState::Over, Some(ann), 3) };
    let all = [
        progress(LiveState::Talking, Some(ann), 7),
        progress(LiveState::Ringing, None, 6),
        progress(LiveState::Over, Some(ann), 4),
        progress(LiveState::Over, None, 5),
        saved,
    ];
    let mut ids = Vec::new();
    for (n, progress) in all.iter().enumerate() {
        ids.push(add(&mut tx, place, &format!("c{n}"), progress).await);
    }
    let found = |calls: Vec<domain::live::LiveCall>| -> Vec<CallId> {
        calls.iter().map(|call| call.id).collect()
    };
    let open = live::open(tx.link(), one, 9).await.expect("open");
    assert_eq!(found(open), [ids[1], ids[0]], "by when they rang");
    assert_eq!(found(live::open(tx.link(), one, 1).await.expect("one")), [ids[1]]);
    assert_eq!(found(live::open(tx.link(), two, 9).await.expect("none")), []);
    let unsaved = live::unsaved(tx.link(), one, 9).await.expect("unsaved");
    assert_eq!(found(unsaved), [ids[2]], "ended, had by an agent, and nothing was saved");

    let uuid = "00000000-0000-4000-8000-000000000001".to_owned();
    let kept = Message::blank(one, place.1, uuid.replace('1', "2"), at(5));
    let hang_up = "hang_up".to_owned();
    for message in [
        Message::blank(one, place.1, uuid.clone(), at(4)),
        kept.clone(),
        Message { uuid: uuid.replace('1', "3"), non_message_type: hang_up, ..kept },
    ] {
        messages::insert(tx.link(), &message).await.expect("a message");
    }
    let tally = live::tally(tx.link(), one, at(5)).await.expect("a count");
    let expected = Tally { calls: 3, answered: 1, lost: 1, waited_ms: 5, messages: 1 };
    assert_eq!(tally, expected, "since 5: one talks, one rings, one was lost");
    assert_eq!(live::tally(tx.link(), two, at(0)).await.expect("a count"), Tally::default());

    // Nobody has heard of the ringing one for long; what is over for longer is forgotten.
    assert_eq!(live::end_silent(tx.link(), at(7), at(50)).await.expect("ended"), 1);
    let ended = live::find(tx.link(), one, ids[1]).await.expect("asked").expect("a call");
    assert_eq!((ended.progress.state, ended.progress.ended_at), (LiveState::Over, Some(at(50))));
    assert_eq!(live::forget(tx.link(), at(50)).await.expect("forgotten"), 3);
    assert_eq!(live::find(tx.link(), one, ids[4]).await.expect("asked"), None);
    assert!(live::find(tx.link(), one, ids[0]).await.expect("asked").is_some());
}

pub(crate) async fn agents(db: &Db) {
    let (one, two) = (tenant(db, "one").await, tenant(db, "two").await);
    let (ann, bea) =
        (user(db, one, "ann@desk.example").await, user(db, one, "bea@x.example").await);
    let mut tx = db.begin().await.expect("a transaction");
    let named = async |tx: &mut Tx, tenant, name: &str| {
        live::agent_named(tx.link(), tenant, name).await.expect("asked")
    };
    assert_eq!(named(&mut tx, one, "ANN").await, Some(ann), "in any case, the oldest of several");
    assert_eq!(named(&mut tx, one, "nobody").await, None);
    assert_eq!(named(&mut tx, two, "ann").await, None);

    let session = Session {
        user_id: ann,
        csrf: "csrf".to_owned(),
        created_at: at(10),
        seen_at: at(10),
        expires_at: at(100),
    };
    sessions::insert(tx.link(), one, "hash", &session).await.expect("a session");
    let lunch = AgentChoice::Break("Lunch".to_owned());
    live::choose(tx.link(), one, ann, &lunch, at(11)).await.expect("chosen");
    live::choose(tx.link(), one, bea, &AgentChoice::Ready, at(12)).await.expect("chosen");
    let states = async |tx: &mut Tx, now: i64| {
        let agents = live::agents(tx.link(), one, at(now), at(0)).await.expect("agents");
        agents.into_iter().map(|agent| (agent.id, agent.choice, agent.since)).collect::<Vec<_>>()
    };
    let out = AgentChoice::SignedOut;
    let expected = [(ann, lunch.clone(), at(11)), (bea, out.clone(), at(12))];
    assert_eq!(states(&mut tx, 50).await, expected, "Bea has no session");
    assert_eq!(states(&mut tx, 100).await[0].1, out, "Ann's has ended");
    assert_eq!(live::agents(tx.link(), two, at(50), at(0)).await.expect("none"), []);

    // A call brings back who is signed out, and nobody else.
    live::arrive(tx.link(), one, ann, at(60)).await.expect("asked");
    assert_eq!(states(&mut tx, 61).await[0], (ann, lunch, at(11)), "a break is a break");
    live::leave(tx.link(), one, ann, at(62), at(0)).await.expect("asked");
    assert_ne!(states(&mut tx, 63).await[0].1, out, "the session lives");
    live::leave(tx.link(), one, ann, at(100), at(0)).await.expect("asked");
    live::arrive(tx.link(), one, ann, at(70)).await.expect("asked");
    assert_eq!(states(&mut tx, 71).await[0], (ann, AgentChoice::Ready, at(70)));
}

pub(crate) async fn pulses(db: &Db) {
    let (one, two) = (tenant(db, "one").await, tenant(db, "two").await);
    let place = (one, account(db, one, "W0411", "Hart & Lowe").await);
    let ann = user(db, one, "ann@desk.example").await;
    let mut tx = db.begin().await.expect("a transaction");
    let quiet = live::pulse(tx.link(), two, at(9)).await.expect("a pulse");
    let mut seen = vec![live::pulse(tx.link(), one, at(9)).await.expect("a pulse")];
    let mut ringing = progress(LiveState::Ringing, None, 6);
    let id = add(&mut tx, place, "c1", &ringing).await;
    seen.push(live::pulse(tx.link(), one, at(9)).await.expect("a pulse"));
    live::claim(tx.link(), one, id, ann, at(7)).await.expect("claimed");
    seen.push(live::pulse(tx.link(), one, at(9)).await.expect("a pulse"));
    live::choose(tx.link(), one, ann, &AgentChoice::Ready, at(7)).await.expect("chosen");
    seen.push(live::pulse(tx.link(), one, at(9)).await.expect("a pulse"));
    (ringing.state, ringing.agent_id) = (LiveState::Over, Some(ann));
    live::update(tx.link(), one, id, &ringing, at(8)).await.expect("over");
    seen.push(live::pulse(tx.link(), one, at(9)).await.expect("a pulse"));
    let distinct: std::collections::BTreeSet<&String> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len(), "each change is seen: {seen:?}");
    let still = live::pulse(tx.link(), one, at(9)).await.expect("a pulse");
    assert_eq!(Some(&still), seen.last(), "and nothing else is");
    assert_eq!(live::pulse(tx.link(), two, at(9)).await.expect("a pulse"), quiet);
}
