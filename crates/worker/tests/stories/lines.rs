//! What the stories about phones have in common: carriers on these peers, To Dos, and what they tell.

use std::time::Duration;

use app::to_dos;
use domain::to_do::ToDoEntry;
use domain::{Channel, ToDoId, limits};
use testkit::sms_http::SmsHttp;
use testkit::smsc::Smsc as Centre;
use testkit::{Tenancy, World};
use wire::smpp::{self, Smsc};
use wire::{Secret, rest};
use worker::{Callbacks, Carrier, Carriers, Line, Reports, Sender, Settings, Worker};

/// Jane's phone.
pub(crate) const JANE: &str = "+15615550100";
/// The law firm's line.
pub(crate) const LINE: &str = "15617819977";

/// A carrier over a line that serves everybody.
pub(crate) fn carrier(name: &str, line: Line) -> Carrier {
    let channels = match &line {
        Line::Mail(_) => vec![Channel::Email],
        Line::Smpp(..) => vec![Channel::Sms],
        Line::Sip(..) => vec![Channel::Call],
        Line::Rest(..) => vec![Channel::Sms, Channel::Call],
    };
    Carrier {
        name: name.to_owned(),
        tenants: Vec::new(),
        channels,
        honours_key: false,
        slots: 4,
        line,
    }
}

/// An SMS centre, its connection, and what it reports taken in.
pub(crate) fn centre(world: &World, name: &str, peer: &Centre) -> (Carrier, Smsc) {
    let settings = smpp::Settings {
        timeout: Duration::from_secs(10),
        reconnect_after: Duration::from_millis(20),
        ..smpp::Settings::new("127.0.0.1", peer.port(), "desk", Secret::new("secret"))
    };
    let (smsc, receiver) = Smsc::open(settings).expect("sound settings");
    let reports = Reports { carrier: name.to_owned(), tenants: Vec::new(), receiver };
    tokio::spawn(reports.take_in(world.app.clone()));
    (carrier(name, Line::Smpp(smsc.clone(), Sender::default())), smsc)
}

/// A carrier of the REST form.
pub(crate) fn rest(name: &str, peer: &SmsHttp, honours_key: bool) -> Carrier {
    let settings = rest::Settings {
        base_url: peer.url(),
        account_sid: "AC1".to_owned(),
        auth_token: Secret::new("token"),
        timeout: Duration::from_secs(10),
        honours_key,
        extra_roots: peer.certificate().map(<[u8]>::to_vec),
    };
    let base = format!("https://liberty.example/hooks/v1/carriers/{name}");
    let callbacks =
        Callbacks { status: Some(format!("{base}/status")), keys: Some(format!("{base}/keys")) };
    let open = rest::Carrier::new(settings).expect("sound settings");
    Carrier { honours_key, ..carrier(name, Line::Rest(open, Sender::default(), callbacks)) }
}

/// A worker that sends through these carriers, in this order.
pub(crate) fn worker(world: &World, carriers: Vec<Carrier>) -> Worker {
    let carriers = Carriers::new(carriers);
    Worker::new(world.app.clone(), world.blobs.clone(), carriers, Settings::default())
}

/// Makes a To Do of the law firm's that goes out in a minute.
pub(crate) async fn to_do(world: &World, office: &Tenancy, channel: &str, contact: &str) -> ToDoId {
    let entry = ToDoEntry {
        delivery_type: channel.to_owned(),
        contact: contact.to_owned(),
        message_text: "The hearing is at nine.".to_owned(),
        run_at: world.app.now().plus_ms(limits::MINUTE_MS).to_string(),
        ..ToDoEntry::default()
    };
    let made = to_dos::create(&world.app, &office.owner, &office.law.number, &entry, None).await;
    let app::idempotency::Once::New(made) = made.expect("a To Do") else { panic!("made before") };
    made.to_do.id
}

/// Lets a minute pass, and does what is due then.
pub(crate) async fn due(world: &World, worker: &Worker) {
    world.clock.advance(limits::MINUTE_MS);
    worker.pump().await.expect("a pump");
}

/// The state of a To Do's only run, as one text.
pub(crate) async fn told(world: &World, office: &Tenancy, id: ToDoId) -> String {
    let runs = to_dos::runs(&world.app, &office.owner, id, None, 10).await.expect("runs");
    let mut text = String::new();
    for detail in runs {
        let (state, reason) = (detail.run.state.as_str(), &detail.run.reason);
        let colon = if reason.is_empty() { "" } else { ": " };
        text.push_str(&format!("{state}{colon}{reason}\n"));
        let Some((delivery, attempts)) = detail.delivery else { continue };
        text.push_str(&format!("{} to {}\n", delivery.rung(), delivery.address));
        for attempt in attempts {
            let double = if attempt.may_double { ", may double" } else { "" };
            let (carrier, outcome) = (&attempt.carrier, &attempt.outcome);
            text.push_str(&format!("- {carrier}: {outcome}{double}: {}\n", attempt.detail));
        }
    }
    text
}

/// Waits until something holds: a peer's report comes when it comes.
pub(crate) async fn eventually(what: &str, holds: impl AsyncFn() -> bool) {
    for _ in 0..800 {
        if holds().await {
            return;
        }
        // A real wait, for a real peer.
        wire::pause(Duration::from_millis(25)).await;
    }
    panic!("in vain: {what}");
}
