//! A person of an account's directory: who it is, and the ways to be reached, in order.

use app::{Error, wishes};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::user::Right;
use domain::way::{Way, WayEntry, implied};
use domain::{AccountId, Channel, Contact, ContactId, Hours, Invalid, Playbook, limits};
use web::Web;

use super::listed::{Act, Focus};
use super::{Of, words};
use crate::accounts::AccountPage;
use crate::sample;
use crate::session::{Fields, Ids, PageError, Posted, SignedIn, page};
use crate::ui::{Field, FieldKind, Flash, Place, Shell, blame, phone, retype};

/// `GET /accounts/{id}/contacts/{contact}` → `POST` there for the person, and to `…/ways`.
#[derive(Debug, Clone, Template)]
#[template(path = "delivery/ways.html")]
pub(crate) struct ContactPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// Whose directory it is.
    pub(crate) of: Of,
    /// "Jane Hartwell".
    pub(crate) name: String,
    /// The address of this page.
    pub(crate) action: String,
    /// What is wrong, where no field shows it.
    pub(crate) error: Option<String>,
    /// `name`, `title`, `email`, `phone`, `zone`.
    pub(crate) fields: Vec<Field>,
    /// The person's own ways, in order.
    pub(crate) ways: Vec<WayCard>,
    /// The ways that follow from e-mail and phone, while there are no own ones.
    pub(crate) implied: Vec<String>,
    /// "Times are those of America/New_York."
    pub(crate) zone: String,
    /// What is wrong with the ways, where no field shows it.
    pub(crate) ways_error: Option<String>,
    /// The ways were changed here and are not kept yet.
    pub(crate) is_unsaved: bool,
    /// Where the cursor stands.
    pub(crate) focus: Focus,
}

/// One way.
#[derive(Debug, Clone)]
pub(crate) struct WayCard {
    /// Its place, from 0.
    pub(crate) at: usize,
    /// `ways.{i}.channel`, `ways.{i}.address`, `ways.{i}.hours`.
    pub(crate) fields: Vec<Field>,
    /// Whether it is open just now, and the words for it; `None` if that is not known.
    pub(crate) open: Option<(bool, String)>,
}

fn entry(way: &Way) -> WayEntry {
    WayEntry {
        channel: way.channel.as_str().to_owned(),
        address: phone(&way.address),
        hours: way.hours.to_string(),
    }
}

fn read(posted: &Fields) -> Vec<WayEntry> {
    let count = super::entries(posted, "ways", "address", limits::WAYS + 1);
    let entry = |at: usize| {
        let text = |field: &str| posted.text(&format!("ways.{at}.{field}")).to_owned();
        WayEntry { channel: text("channel"), address: text("address"), hours: text("hours") }
    };
    (0..count).map(entry).collect()
}

impl WayCard {
    fn of(at: usize, entry: &WayEntry) -> Self {
        let name = |field: &str| format!("ways.{at}.{field}");
        let channels = [("sms", "Text"), ("call", "Call"), ("email", "E-mail")];
        let fields = vec![
            Field::choice(&name("channel"), "How", &channels).value(&entry.channel),
            Field::new(FieldKind::Text, &name("address"), "Where")
                .required()
                .value(&entry.address)
                .max_length(254)
                .hint("A phone number, or an e-mail address."),
            Field::new(FieldKind::Text, &name("hours"), "When")
                .value(&entry.hours)
                .max_length(1_000)
                .hint("Such as Mon-Fri 09:00-17:00; Sat 10:00-14:00. Empty: at any hour."),
        ];
        WayCard { at, fields, open: None }
    }

    /// What it is called: its place.
    pub(crate) fn title(&self) -> String {
        format!("Way {}", self.at + 1)
    }
}

impl ContactPage {
    fn draw(shell: Shell, book: &Playbook, contact: &Contact, entries: &[WayEntry]) -> Self {
        let mut fields = AccountPage::contact_fields();
        let zone = contact.zone.as_ref().map_or("", |zone| zone.name());
        let values = [&contact.name, &contact.title, &contact.email, &contact.phone, zone];
        for (field, value) in fields.iter_mut().zip(values) {
            value.clone_into(&mut field.value);
        }
        let implied = implied(contact);
        let implied = implied.iter().map(|way| words::way(way.channel, &way.address)).collect();
        let of = Of::new(book);
        ContactPage {
            shell,
            name: contact.name.clone(),
            action: format!("/accounts/{}/contacts/{}", of.account, contact.id),
            error: None,
            fields,
            ways: entries.iter().enumerate().map(|(at, entry)| WayCard::of(at, entry)).collect(),
            implied,
            zone: format!("Times are those of {}.", book.zone(contact).name()),
            ways_error: None,
            is_unsaved: false,
            focus: Focus::None,
            of,
        }
    }

    /// As it is kept: each way says when it is open.
    fn kept(shell: Shell, book: &Playbook, contact: &Contact, now: domain::Instant) -> Self {
        let own: Vec<&Way> = book.ways.iter().filter(|way| way.contact_id == contact.id).collect();
        let entries: Vec<WayEntry> = own.iter().map(|way| entry(way)).collect();
        let mut drawn = Self::draw(shell, book, contact, &entries);
        let zone = book.zone(contact);
        for (card, way) in drawn.ways.iter_mut().zip(own) {
            card.open = Some(words::open(way, &zone, now));
        }
        drawn
    }

    fn blame_ways(&mut self, faults: &Invalid) {
        let fields = self.ways.iter_mut().flat_map(|way| &mut way.fields);
        let others = blame(fields, faults, str::to_owned);
        self.ways_error = (!others.is_empty()).then(|| others.join(" "));
    }

    /// Whether it is the last way.
    pub(crate) fn is_last(&self, at: &usize) -> bool {
        at + 1 == self.ways.len()
    }
}

async fn ground(
    web: &Web,
    visitor: &SignedIn,
    account: i64,
    id: i64,
) -> Result<(std::sync::Arc<Playbook>, Contact, Shell), PageError> {
    visitor.require(Right::ManageAccounts)?;
    let book = app::playbooks::find(&web.app, &visitor.actor, AccountId(account)).await?;
    let contact = book.contact(ContactId(id)).cloned().ok_or(Error::NotFound)?;
    Ok((book, contact, visitor.shell(web, Place::Accounts).await?))
}

/// `GET /accounts/{id}/contacts/{contact}`.
pub(crate) async fn show(
    visitor: SignedIn,
    State(web): State<Web>,
    Ids(account, id): Ids,
) -> Result<Response, PageError> {
    let (book, contact, shell) = ground(&web, &visitor, account, id).await?;
    Ok(page(StatusCode::OK, &ContactPage::kept(shell, &book, &contact, web.app.now())))
}

/// The page with what was typed about the person, and each fault beside its field.
pub(crate) async fn refused(
    web: &Web,
    visitor: &SignedIn,
    (account, id): (AccountId, ContactId),
    posted: &Fields,
    faults: &Invalid,
) -> Result<Response, PageError> {
    let (book, contact, shell) = ground(web, visitor, account.0, id.0).await?;
    let mut drawn = ContactPage::kept(shell, &book, &contact, web.app.now());
    retype(&mut drawn.fields, posted);
    let others = blame(&mut drawn.fields, faults, str::to_owned);
    drawn.error = (!others.is_empty()).then(|| others.join(" "));
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &drawn))
}

/// `POST /accounts/{id}/contacts/{contact}/ways`.
pub(crate) async fn change(
    State(web): State<Web>,
    Ids(account, id): Ids,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let (book, contact, shell) = ground(&web, &visitor, account, id).await?;
    let mut entries = read(&fields);
    let act = fields.text("act");
    if act == "write" && entries.is_empty() {
        entries = implied(&contact).iter().map(entry).collect();
    }
    if act == "write" || Act::read(act) != Act::Save {
        let new = |_: &str| WayEntry { channel: "sms".to_owned(), ..WayEntry::default() };
        let focus = Act::read(act).apply(&mut entries, limits::WAYS, new);
        let mut drawn = ContactPage::draw(shell, &book, &contact, &entries);
        (drawn.is_unsaved, drawn.focus) = (true, focus);
        return Ok(page(StatusCode::OK, &drawn));
    }
    let (account, id, actor) = (AccountId(account), ContactId(id), &visitor.actor);
    match wishes::set_ways(&web.app, actor, account, id, &entries).await {
        Ok(_) => {
            let text = format!("{} is reached this way from now on.", contact.name);
            let path = format!("/accounts/{account}/contacts/{id}#ways");
            Ok(visitor.sent_to(&web, &path, &Flash::done(&text)))
        }
        Err(Error::Invalid(faults)) => {
            let mut drawn = ContactPage::draw(shell, &book, &contact, &entries);
            drawn.blame_ways(&faults);
            drawn.is_unsaved = true;
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &drawn))
        }
        Err(error) => Err(error.into()),
    }
}

impl ContactPage {
    /// Somebody with two ways, one of them closed.
    pub(crate) fn sample() -> Self {
        let book = sample::book();
        let shell = Shell::sample(Place::Accounts);
        Self::kept(shell, &book, &book.contacts[0], sample::now())
    }

    /// Somebody without own ways.
    pub(crate) fn sample_implied() -> Self {
        let book = sample::book();
        let shell = Shell::sample(Place::Accounts);
        Self::kept(shell, &book, &book.contacts[2], sample::now())
    }

    /// Refused, in every field.
    pub(crate) fn sample_error() -> Self {
        let mut drawn = Self::sample();
        drawn.fields[0].error = Some("Name must not be empty.".to_owned());
        let mut faults = Invalid::field("ways.0.address", "must be a phone number");
        let rule = Hours::parse("Mon 9-5").err().unwrap_or_default();
        faults.add("ways.1.hours", rule);
        faults.add("ways.1.channel", "must be email, sms or call");
        faults.add("ways", "must be at most 20");
        drawn.blame_ways(&faults);
        drawn.is_unsaved = true;
        drawn
    }

    /// The icon of a way's channel.
    pub(crate) fn glyph(&self, way: &WayCard) -> &'static str {
        match Channel::parse(&way.fields[0].value) {
            Some(Channel::Email) => "mail",
            Some(Channel::Call) => "phone",
            _ => "message-square",
        }
    }
}
