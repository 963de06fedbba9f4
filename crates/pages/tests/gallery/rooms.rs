//! Pages that are neither a list nor a form.

use app::acknowledgements::{LinkState, Linked};
use domain::{Message, limits};
use web::reference::{Body, Chapter, DocumentedAnswer, Group, Operation, Reference, Row};

use crate::acknowledge::Acknowledge;
use crate::find::{Find, FindHit};
use crate::messages::Clock;
use crate::on_call::links::LinkCreated;
use crate::outbox::mail::CapturedPage;
use crate::profile::KeyCreated;
use crate::recordings::recording::RecordingPage;
use crate::reference::ReferencePage;
use crate::session::Frame;
use crate::sign_in::{SignIn, WRONG};
use crate::tests::sample::{self, SamplePage, drawn};
use crate::ui::{Lost, Place, Shell};

fn lost() -> Vec<SamplePage> {
    vec![
        drawn("lost", &Lost::not_found()),
        drawn("lost-error", &Lost::fault("01JHX4Z8W2T7")),
        drawn("lost-unavailable", &Lost::unavailable()),
        drawn("lost-full", &Lost::full()),
        drawn("lost-link", &Lost::no_link()),
        drawn("lost-wait", &Lost::wait()),
    ]
}

/// Before signing in, and after a wrong password.
fn sign_in() -> Vec<SamplePage> {
    let page = SignIn::new("Harbor Answering", "sample", "/messages");
    let mut wrong = page.clone();
    wrong.email.value = "jane@hartwell.example".to_owned();
    wrong.error = Some(WRONG.to_owned());
    vec![drawn("sign-in", &page), drawn("sign-in-error", &wrong)]
}

fn find() -> Vec<SamplePage> {
    let shell = Shell::sample(Place::Elsewhere);
    let message = |id: i64, who: &str, said: &str| {
        FindHit::new("message-square", &format!("/messages/{id}"), who, said)
    };
    let lopez = message(940, "Maria Lopez", "No heat, two children in the house");
    let becker = message(902, "Tom Becker", "Wants a quote for heating oil");
    let firm = FindHit::new("building-2", "/accounts/2", "Northwind Heating & Air", "1002");
    let groups = vec![
        ("Pages", vec![FindHit::new("inbox", "/messages", "Messages", "g m")]),
        ("Accounts", vec![firm]),
        ("Messages", vec![lopez, becker]),
    ];
    let nothing = Find { shell: shell.clone(), query: "zzz".to_owned(), groups: Vec::new() };
    let found = Find { shell, query: "heat".to_owned(), groups };
    vec![drawn("find", &found), drawn("find-empty", &nothing)]
}

fn recording(at: usize, audio: Option<String>, messages: Vec<Message>) -> RecordingPage {
    let recording = sample::recordings().swap_remove(at);
    let account = sample::account(recording.call.account_id.0);
    let Frame { shell, now, .. } = Frame::sample(Place::Recordings);
    let clock = Clock::of(&account, now);
    RecordingPage { shell, recording, account, audio, messages, clock }
}

fn recordings() -> Vec<SamplePage> {
    let mut messages = sample::messages();
    messages.truncate(1);
    let audio = "/recordings/36/audio?until=1900000000&signature=sample".to_owned();
    vec![
        drawn("recording", &recording(0, Some(audio), messages)),
        drawn("recording-gone", &recording(3, None, Vec::new())),
    ]
}

fn acknowledge() -> Vec<SamplePage> {
    let mut detail = sample::detail().detail;
    let (delivery, _) = detail.deliveries.swap_remove(0);
    let (message, account) = (detail.message, detail.account);
    let linked = Linked { message, account, delivery, state: LinkState::Open };
    let draw = |linked: &Linked, pressed, now| {
        Acknowledge::draw("Harbor Answering", "940.key.signature", linked.clone(), pressed, now)
    };
    let (now, old) = (sample::now(), sample::now().plus_ms(limits::ACK_LINK_LIFE_MS));
    let expired = Linked { state: LinkState::Expired, ..linked.clone() };
    vec![
        drawn("acknowledge", &draw(&linked, false, now)),
        drawn("acknowledge-done", &draw(&linked, true, now)),
        drawn("acknowledge-expired", &draw(&expired, false, old)),
    ]
}

fn mails() -> Vec<SamplePage> {
    let of = |at, to_do| {
        let captured = sample::captured().swap_remove(at);
        CapturedPage::draw(Frame::sample(Place::Outbox), captured, to_do)
    };
    let to_do = Some("/to-dos/31".to_owned());
    vec![drawn("mail", &of(2, None)), drawn("mail-call", &of(3, to_do))]
}

/// What is shown once and never again: a key, and the address of a calendar.
fn shown_once() -> Vec<SamplePage> {
    let token = "lib_7Hq2sample0000000000000000000000000000000";
    let key = KeyCreated {
        shell: Shell::sample(Place::Profile),
        name: "Practice software".to_owned(),
        token: token.to_owned(),
        expires: "Never".to_owned(),
        curl: format!(
            "curl -H 'Authorization: Bearer {token}' \\\n  'https://harbor.example/api/v2/messages?limit=1'"
        ),
    };
    let token = "lc_7hq2abcd_sample00000000000000000000000000";
    let calendar = LinkCreated {
        shell: Shell::sample(Place::OnCall),
        back: "/on-call/1#calendars".to_owned(),
        name: "Nights".to_owned(),
        address: format!("https://harbor.example/on-call/calendar/{token}.ics"),
    };
    vec![drawn("key-created", &key), drawn("calendar-link", &calendar)]
}

/// One operation, with all that an operation may have.
fn reference() -> ReferencePage {
    let text = str::to_owned;
    let answer =
        |status: &str, description: &str, rows: Vec<Row>, example: &str| DocumentedAnswer {
            status: text(status),
            description: text(description),
            rows,
            example: text(example),
        };
    let read = || Row::key("read", "boolean", "The customer has read it.");
    let taken = vec![Row::key("data", "Message", ""), Row { nested: true, ..read() }];
    let id = Row::parameter("id", "path", "integer", "The message's number.");
    let update = Operation {
        id: text("update-message"),
        method: text("PATCH"),
        path: text("/api/v2/messages/{id}"),
        summary: text("Update a message"),
        description: vec![text("Changes what a reader may change.")],
        parameters: vec![Row { required: true, ..id }],
        request: Some(Body {
            content_type: text("application/json"),
            rows: vec![read()],
            example: text("{\n  \"read\": true\n}"),
        }),
        responses: vec![
            answer("200", "The message.", taken, "{\n  \"data\": {\n    \"read\": true\n  }\n}"),
            answer("422", "A key that cannot be changed, named in errors.", Vec::new(), ""),
        ],
        curl: text("curl -X PATCH \\\n  'https://harbor.example/api/v2/messages/939'"),
    };
    let reference = Reference {
        title: text("Liberty API"),
        version: text("2"),
        base_url: text("https://harbor.example"),
        intro: vec![text("Read messages, call recordings and To Dos as JSON over HTTPS.")],
        chapters: vec![Chapter {
            id: text("authentication"),
            title: text("Authentication"),
            paragraphs: vec![text("Send an Application Key with each request.")],
            rows: vec![Row::key("Authorization", "v2", "Bearer and the key.")],
            example: text("Authorization: Bearer lib_…"),
        }],
        groups: vec![Group {
            id: text("messages"),
            title: text("Messages"),
            description: String::new(),
            operations: vec![update],
        }],
    };
    ReferencePage { reference }
}

pub(super) fn all() -> Vec<SamplePage> {
    let reference = vec![drawn("reference", &reference())];
    [lost(), sign_in(), find(), recordings(), acknowledge(), mails(), shown_once(), reference]
        .into_iter()
        .flatten()
        .collect()
}
