//! What becomes of an account's messages, on one page, in words.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::closing::{ClosingGroup, Usage};
use domain::{AccountId, Contact, Instant, Playbook};
use web::Web;

use super::owner::PlaybookAccount;
use super::{policy, words};
use crate::sample;
use crate::session::{Id, PageError, SignedIn, page};
use crate::ui::{Place, Shell};

/// `GET /accounts/{id}/delivery`.
#[derive(Debug, Clone, Template)]
#[template(path = "delivery/hub.html")]
pub(crate) struct Delivery {
    pub(crate) shell: Shell,
    pub(crate) of: PlaybookAccount,
    /// What happens when an agent finishes.
    pub(crate) closings: Vec<ClosingRow>,
    /// What happens to messages that no group is for.
    pub(crate) otherwise: &'static str,
    /// Who is told while nobody acknowledges.
    pub(crate) policies: Vec<PolicyRow>,
    /// Groups of contacts.
    pub(crate) groups: Vec<GroupRow>,
    /// The directory, and how each is reached.
    pub(crate) people: Vec<PersonWays>,
    /// Which words are the account's own: "Text message", "E-mail".
    pub(crate) own_words: String,
}

/// One closing action group.
#[derive(Debug, Clone)]
pub(crate) struct ClosingRow {
    /// Where it is changed.
    pub(crate) href: String,
    /// "Every message".
    pub(crate) name: String,
    /// Which messages it is for.
    pub(crate) usage: &'static str,
    /// When it is done.
    pub(crate) timing: String,
    /// What is done, in order.
    pub(crate) actions: Vec<String>,
}

/// One policy.
#[derive(Debug, Clone)]
pub(crate) struct PolicyRow {
    /// Where it is changed.
    pub(crate) href: String,
    /// "Nights and weekends".
    pub(crate) name: String,
    /// What it does, in sentences.
    pub(crate) lines: Vec<String>,
    /// How long all of it takes.
    pub(crate) whole: String,
    /// What would go wrong just now.
    pub(crate) warnings: Vec<String>,
    /// No closing action group escalates by it.
    pub(crate) is_unused: bool,
}

/// One group of contacts.
#[derive(Debug, Clone)]
pub(crate) struct GroupRow {
    /// Where it is changed.
    pub(crate) href: String,
    /// "Partners".
    pub(crate) name: String,
    /// "Jane Hartwell and Karl Winter".
    pub(crate) members: String,
}

/// One person, and the ways to be reached.
#[derive(Debug, Clone)]
pub(crate) struct PersonWays {
    /// Where they are changed.
    pub(crate) href: String,
    /// "Jane Hartwell".
    pub(crate) name: String,
    /// Each way, whether it is open, and when.
    pub(crate) ways: Vec<(String, bool, String)>,
}

impl Delivery {
    fn draw(shell: Shell, book: &Playbook, now: Instant) -> Self {
        let of = PlaybookAccount::new(book);
        let base = format!("/accounts/{}", of.account);
        let closing = |group: &ClosingGroup| ClosingRow {
            href: format!("{base}/closings/{}", group.id),
            name: group.name.clone(),
            usage: words::usage(group.usage),
            timing: words::timing(&group.timing),
            actions: words::actions(book, group),
        };
        let policy = |it: &domain::escalation::Policy| PolicyRow {
            href: format!("{base}/policies/{}", it.id),
            name: it.name.clone(),
            lines: policy::summary(book, it),
            whole: policy::whole(it),
            warnings: book.warnings(it, now),
            is_unused: book
                .closings
                .iter()
                .all(|group| !group.actions.contains(&domain::closing::Action::Escalate(it.id))),
        };
        let group = |group: &domain::ContactGroup| {
            let members = group.members.iter().filter_map(|id| book.contact(*id));
            let members: Vec<String> = members.map(|contact| contact.name.clone()).collect();
            GroupRow {
                href: format!("{base}/groups/{}", group.id),
                name: group.name.clone(),
                members: words::listed(&members, "and"),
            }
        };
        let has_usual = book.closings.iter().any(|group| group.usage == Usage::Usual);
        Delivery {
            shell,
            closings: book.closings.iter().map(closing).collect(),
            otherwise: match has_usual {
                true => "",
                false => {
                    "Whoever the message is for is told at once, by the first way that is open. \
                     What is for nobody in particular waits in the portal."
                }
            },
            policies: book.policies.iter().map(policy).collect(),
            groups: book.groups.iter().map(group).collect(),
            people: book.contacts.iter().map(|it| person(book, it, &base, now)).collect(),
            own_words: own_words(book),
            of,
        }
    }
}

fn person(book: &Playbook, contact: &Contact, base: &str, now: Instant) -> PersonWays {
    let zone = book.zone(contact);
    let way = |way: &domain::way::Way| {
        let (is_open, said) = words::open(way, &zone, now);
        (words::way(way.channel, &way.address), is_open, said)
    };
    PersonWays {
        href: format!("{base}/contacts/{}", contact.id),
        name: contact.name.clone(),
        ways: book.ways_of(contact).iter().map(way).collect(),
    }
}

fn own_words(book: &Playbook) -> String {
    let wording = &book.wording;
    let texts = [
        ("the text message", &wording.sms),
        ("the call", &wording.call),
        ("the e-mail's subject", &wording.subject),
        ("the e-mail", &wording.email),
    ];
    let own = texts.iter().filter(|(_, text)| !text.is_empty());
    let own: Vec<String> = own.map(|(name, _)| (*name).to_owned()).collect();
    match own.is_empty() {
        true => "All that goes out uses our words.".to_owned(),
        false => format!("The account's own words: {}.", words::listed(&own, "and")),
    }
}

/// `GET /accounts/{id}/delivery`: whoever sees the account may read it.
pub(crate) async fn show(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(account): Id,
) -> Result<Response, PageError> {
    let book = app::playbooks::find(&web.app, &visitor.actor, AccountId(account)).await?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    Ok(page(StatusCode::OK, &Delivery::draw(shell, &book, web.app.now())))
}

impl Delivery {
    /// An account with policies, groups and closing actions.
    pub(crate) fn sample() -> Self {
        let (book, now) = (sample::book(), sample::now());
        let mut drawn = Self::draw(Shell::sample(Place::Accounts), &book, now);
        drawn.policies[0].warnings =
            vec!["Level 2 would tell nobody now. Nobody is in Partners.".to_owned()];
        drawn
    }

    /// An account without any.
    pub(crate) fn sample_empty() -> Self {
        let book = Playbook::of(sample::book().account);
        Self::draw(Shell::sample(Place::Accounts), &book, sample::now())
    }

    /// As a client reads it.
    pub(crate) fn sample_client() -> Self {
        let mut drawn = Self::sample();
        drawn.shell.role = crate::ui::Role::Client;
        drawn
    }
}
