//! A person of an account's directory: who it is, and the ways to be reached, in order.

use std::sync::Arc;

use app::{Error, playbooks};
use askama::Template;
use domain::way::{Way, WayEntry, implied};
use domain::{AccountId, Contact, ContactId, Instant, Playbook, Zone, limits};

use super::words;
use crate::accounts::fields;
use crate::form::{Answer, Ask, Editor, Form, ListFocus};
use crate::session::{Fields, PageError};
use crate::ui::{Field, FieldKind, Place, Shell, phone};

/// `GET /accounts/{id}/contacts/{contact}` → `POST` there for the person, and to `…/ways`.
#[derive(Debug, Template)]
#[template(path = "delivery/ways.html")]
pub(crate) struct ContactPage {
    shell: Shell,
    book: Arc<Playbook>,
    contact: Contact,
    now: Instant,
    person: Form,
    /// The person's own ways, in order.
    ways: Form,
}

/// A person, the playbook that it stands in, and the time.
pub(crate) type ContactGround = (Arc<Playbook>, Contact, Instant);

/// Loads a person of a directory.
pub(crate) async fn ground(ask: Ask<'_>) -> Result<ContactGround, PageError> {
    let (app, actor) = (&ask.web.app, &ask.visitor.actor);
    let book = app::playbooks::find(app, actor, AccountId(ask.id(0))).await?;
    let contact = book.contact(ContactId(ask.id(1))).cloned().ok_or(Error::NotFound)?;
    Ok((book, contact, app.now()))
}

impl ContactPage {
    /// The page with both of its forms.
    pub(crate) fn draw(
        shell: Shell,
        (book, contact, now): &ContactGround,
        person: Form,
        ways: Form,
    ) -> Self {
        let (book, contact) = (Arc::clone(book), contact.clone());
        ContactPage { shell, book, contact, now: *now, person, ways }
    }

    /// The ways that follow from e-mail and phone, while there are no own ones.
    fn implied(&self) -> Vec<String> {
        implied(&self.contact).iter().map(words::way).collect()
    }

    fn zone(&self) -> Zone {
        self.book.zone(&self.contact)
    }

    /// Whether the way at a place is open just now, and the words for it; none while they are
    /// changed.
    fn open_at(&self, at: &usize) -> Option<(bool, String)> {
        let way = own(&self.book, &self.contact).nth(*at).filter(|_| !self.ways.is_unsaved)?;
        Some(words::open(way, &self.zone(), self.now))
    }

    /// The icon of a way's channel.
    fn glyph(&self, way: &Form) -> &'static str {
        match way.value("channel") {
            "email" => "mail",
            "call" => "phone",
            _ => "message-square",
        }
    }
}

fn own<'b>(book: &'b Playbook, contact: &Contact) -> impl Iterator<Item = &'b Way> {
    let id = contact.id;
    book.ways.iter().filter(move |way| way.contact_id == id)
}

fn typed(way: &Way) -> Fields {
    Fields::of([
        ("channel", way.channel.as_str().to_owned()),
        ("address", phone(&way.address)),
        ("hours", way.hours.to_string()),
    ])
}

/// The ways to reach a person.
#[derive(Debug)]
pub(crate) struct WaysEditor;

impl Editor for WaysEditor {
    const PLACE: Place = Place::Accounts;
    type Ground = ContactGround;
    type Page = ContactPage;

    async fn ground(ask: Ask<'_>) -> Result<ContactGround, PageError> {
        ground(ask).await
    }

    fn opened((book, contact, _): &ContactGround) -> Option<Fields> {
        let ways = own(book, contact).map(typed).collect();
        Some(Fields::default().with_entries("ways", ways))
    }

    fn form(_: &ContactGround, typed: Option<&Fields>) -> Form {
        let none = Fields::default();
        let channels = [("sms", "Text"), ("call", "Call"), ("email", "E-mail")];
        let way = |_: &Fields| {
            vec![
                Field::choice("channel", "How", &channels),
                Field::new(FieldKind::Text, "address", "Where")
                    .required()
                    .max_length(254)
                    .hint("A phone number, or an e-mail address."),
                Field::new(FieldKind::Text, "hours", "When")
                    .max_length(1_000)
                    .hint("Such as Mon-Fri 09:00-17:00; Sat 10:00-14:00. Empty: at any hour."),
            ]
        };
        Form::default()
            .with_entries("ways", limits::WAYS, typed.unwrap_or(&none), way)
            .filled(typed)
    }

    fn draw(shell: Shell, ground: &ContactGround, form: Form) -> ContactPage {
        let person = fields::contact(Some(&fields::of_contact(&ground.1)));
        ContactPage::draw(shell, ground, person, form)
    }

    async fn save(ask: Ask<'_>, (book, contact, _): &ContactGround, typed: &Fields) -> Answer {
        let entry = |typed: &Fields| WayEntry {
            channel: typed.owned("channel"),
            address: typed.owned("address"),
            hours: typed.owned("hours"),
        };
        let ways: Vec<WayEntry> = typed.entries("ways", limits::WAYS).iter().map(entry).collect();
        let (app, actor, account) = (&ask.web.app, &ask.visitor.actor, book.account.id);
        playbooks::set_ways(app, actor, account, contact.id, &ways).await?;
        let text = format!("{} is reached this way from now on.", contact.name);
        ask.done(&format!("/accounts/{account}/contacts/{}#ways", contact.id), &text)
    }

    /// Also `write`: the ways that follow from e-mail and phone become own ones, to be changed.
    fn step((_, contact, _): &ContactGround, ways: &mut Fields) -> Option<ListFocus> {
        if ways.text("act") != "write" {
            return ways.step("ways", limits::WAYS, |_| Fields::of([("channel", "sms")]));
        }
        if ways.entries("ways", limits::WAYS).is_empty() {
            let implied = implied(contact).iter().map(typed).collect();
            *ways = std::mem::take(ways).with_entries("ways", implied);
        }
        Some(ListFocus::None)
    }
}
