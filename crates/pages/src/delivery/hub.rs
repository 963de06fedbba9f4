//! What is done with an account's messages, on one page, in words.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::closing::{Action, Usage};
use domain::escalation::Policy;
use domain::{AccountId, Contact, ContactGroup, Instant, Playbook};
use web::Web;

use super::words;
use crate::form::Answer;
use crate::session::{Id, SignedIn, page};
use crate::ui::{Place, Shell};

/// `GET /accounts/{id}/delivery`.
#[derive(Debug, Template)]
#[template(path = "delivery/hub.html")]
pub(crate) struct Delivery {
    pub(crate) shell: Shell,
    pub(crate) book: Arc<Playbook>,
    pub(crate) now: Instant,
}

impl Delivery {
    /// What happens to messages that no group is for.
    fn otherwise(&self) -> &'static str {
        match self.book.closings.iter().any(|group| group.usage == Usage::Usual) {
            true => "",
            false => {
                "Whoever the message is for is told at once, by the first way that is open. What \
                 is for nobody in particular waits in the portal."
            }
        }
    }

    /// What would go wrong with a policy just now.
    fn warnings(&self, policy: &Policy) -> Vec<String> {
        self.book.warnings(policy, self.now)
    }

    /// Whether no closing action group escalates by a policy.
    fn is_unused(&self, policy: &Policy) -> bool {
        let by = Action::Escalate(policy.id);
        self.book.closings.iter().all(|group| !group.actions.contains(&by))
    }

    /// The people of a group: "Jane Hartwell and Karl Winter".
    fn members(&self, group: &ContactGroup) -> String {
        let members = group.members.iter().filter_map(|id| self.book.contact(*id));
        let members: Vec<String> = members.map(|contact| contact.name.clone()).collect();
        if members.is_empty() { "Nobody yet".to_owned() } else { words::listed(&members, "and") }
    }

    /// Each way to reach somebody, whether it is open, and when.
    fn ways(&self, contact: &Contact) -> Vec<(String, bool, String)> {
        let zone = self.book.zone(contact);
        let way = |way: &domain::way::Way| {
            let (is_open, said) = words::open(way, &zone, self.now);
            (words::way(way), is_open, said)
        };
        self.book.ways_of(contact).iter().map(way).collect()
    }

    /// Which words are the account's own.
    fn own_words(&self) -> String {
        let wording = &self.book.wording;
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
}

/// `GET /accounts/{id}/delivery`: whoever sees the account may read it.
pub(crate) async fn show(visitor: SignedIn, State(web): State<Web>, Id(account): Id) -> Answer {
    let book = app::playbooks::find(&web.app, &visitor.actor, AccountId(account)).await?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    Ok(page(StatusCode::OK, &Delivery { shell, book, now: web.app.now() }))
}
