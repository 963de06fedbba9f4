//! Pages that are neither a list nor a form.

use app::acknowledgements::{LinkState, Linked};
use domain::{Message, limits};

use crate::acknowledge::Acknowledge;
use crate::docs::DocsPage;
use crate::find::{Find, FindHit};
use crate::messages::Clock;
use crate::on_call::links::LinkCreated;
use crate::outbox::mail::CapturedPage;
use crate::profile::KeyCreated;
use crate::recordings::recording::RecordingPage;
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

/// A page of the documentation with all that one may have, and an answer above it.
fn docs() -> DocsPage {
    let markdown = "# Update a message\n\nChanges what a reader may change.\n\n```http\nPATCH \
        /api/v2/messages/{id}\n```\n\n## Fields\n\n| field | meaning |\n| --- | --- |\n| `read` | \
        The customer has read it. |\n\n```bash\ncurl -X PATCH\n```\n\n```python\nimport requests\n```\n";
    let page = |path: &str| (path.to_owned(), "Update a message".to_owned());
    DocsPage {
        title: "Update a message".to_owned(),
        path: "/docs/update-a-message".to_owned(),
        markdown_path: "/docs/update-a-message.md".to_owned(),
        contents: vec![("Messages".to_owned(), vec![page("/docs/update-a-message")])],
        question: "How do I mark it as read?".to_owned(),
        answer: Some(handbook::draw(
            "Send `{\"read\": true}`.\n\n## Sources\n\n* [It](/docs/x.md)\n",
        )),
        refusal: String::new(),
        pieces: handbook::draw(markdown),
        is_signed_in: false,
    }
}

pub(super) fn all() -> Vec<SamplePage> {
    let docs = vec![drawn("docs", &docs())];
    [lost(), sign_in(), find(), recordings(), acknowledge(), mails(), shown_once(), docs]
        .into_iter()
        .flatten()
        .collect()
}
