//! Making a group of contacts, changing one, or removing it.

use app::{Error, wishes};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::user::Right;
use domain::{AccountId, ContactGroup, ContactGroupId, ContactId, Invalid, Playbook};
use web::Web;

use super::{Of, Removal, merged};
use crate::sample;
use crate::session::{Fields, Id, Ids, PageError, Posted, SignedIn, page};
use crate::ui::words::sentence;
use crate::ui::{Field, FieldKind, Flash, Place, Shell, blame};

/// `GET /accounts/{id}/groups/new` → `POST /accounts/{id}/groups`;
/// `GET /accounts/{id}/groups/{group}` → `POST` there, and to `…/remove`.
#[derive(Debug, Clone, Template)]
#[template(path = "delivery/group.html")]
pub(crate) struct GroupForm {
    /// The frame.
    pub(crate) shell: Shell,
    /// Whose it is.
    pub(crate) of: Of,
    /// "Make a group", or "Change “Partners”".
    pub(crate) title: String,
    /// Where it posts to.
    pub(crate) action: String,
    /// What is wrong, where no field shows it.
    pub(crate) error: Option<String>,
    /// `name`.
    pub(crate) name: Field,
    /// `member`: what is posted, what is read, whether it is ticked.
    pub(crate) members: Vec<(String, String, bool)>,
    /// What is wrong with the members.
    pub(crate) members_error: Option<String>,
    /// How it is removed; `None` for a new one.
    pub(crate) removal: Option<Removal>,
}

impl GroupForm {
    fn draw(shell: Shell, book: &Playbook, group: &ContactGroup) -> Self {
        let of = Of::new(book);
        let known = book.groups.iter().find(|known| known.id == group.id);
        let (title, action) = match known {
            Some(known) => (
                format!("Change “{}”", known.name),
                format!("/accounts/{}/groups/{}", of.account, known.id),
            ),
            None => ("Make a group".to_owned(), format!("/accounts/{}/groups", of.account)),
        };
        let member = |contact: &domain::Contact| {
            let label = match contact.title.as_str() {
                "" => contact.name.clone(),
                title => format!("{}, {title}", contact.name),
            };
            (contact.id.to_string(), label, group.members.contains(&contact.id))
        };
        let removal = known.map(|known| Removal {
            action: format!("{action}/remove"),
            title: format!("Remove “{}”?", known.name),
            text: "Its people stay in the directory. Policies and closing actions that name the \
                   group pass it over, and say so."
                .to_owned(),
            label: "Remove the group".to_owned(),
        });
        GroupForm {
            shell,
            title,
            action,
            error: None,
            name: Field::new(FieldKind::Text, "name", "Name")
                .required()
                .value(&group.name)
                .max_length(120)
                .hint("Such as Partners, or Service team."),
            members: book.contacts.iter().map(member).collect(),
            members_error: None,
            removal,
            of,
        }
    }

    fn blame(&mut self, faults: &Invalid) {
        let mut rest = Invalid::new();
        for (path, rule) in faults.faults() {
            match path {
                "members" if self.members_error.is_none() => {
                    self.members_error = Some(sentence(rule));
                }
                "members" => {}
                _ => rest.add(path, rule),
            }
        }
        let others = blame([&mut self.name], &rest, str::to_owned);
        self.error = (!others.is_empty()).then(|| others.join(" "));
    }
}

fn read(posted: &Fields, account_id: AccountId, id: ContactGroupId) -> (ContactGroup, Invalid) {
    let mut invalid = Invalid::new();
    let all: Vec<Option<i64>> = posted.all("member").map(|text| text.parse().ok()).collect();
    invalid.require(all.iter().all(Option::is_some), "members", "must be of the list");
    let members = all.into_iter().flatten().map(ContactId).collect();
    let name = posted.text("name").trim().to_owned();
    (ContactGroup { id, account_id, name, members }, invalid)
}

fn empty(account_id: AccountId) -> ContactGroup {
    ContactGroup { id: ContactGroupId(0), account_id, name: String::new(), members: Vec::new() }
}

/// `GET /accounts/{id}/groups/new`.
pub(crate) async fn new(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(account): Id,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let account = AccountId(account);
    let book = app::playbooks::find(&web.app, &visitor.actor, account).await?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    Ok(page(StatusCode::OK, &GroupForm::draw(shell, &book, &empty(account))))
}

/// `GET /accounts/{id}/groups/{group}`.
pub(crate) async fn edit(
    visitor: SignedIn,
    State(web): State<Web>,
    Ids(account, id): Ids,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let book = app::playbooks::find(&web.app, &visitor.actor, AccountId(account)).await?;
    let group = find(&book, ContactGroupId(id))?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    Ok(page(StatusCode::OK, &GroupForm::draw(shell, &book, group)))
}

fn find(book: &Playbook, id: ContactGroupId) -> Result<&ContactGroup, Error> {
    book.groups.iter().find(|group| group.id == id).ok_or(Error::NotFound)
}

/// `POST /accounts/{id}/groups`.
pub(crate) async fn create(
    State(web): State<Web>,
    Id(account): Id,
    form: Posted,
) -> Result<Response, PageError> {
    posted(web, AccountId(account), None, form).await
}

/// `POST /accounts/{id}/groups/{group}`.
pub(crate) async fn change(
    State(web): State<Web>,
    Ids(account, id): Ids,
    form: Posted,
) -> Result<Response, PageError> {
    posted(web, AccountId(account), Some(ContactGroupId(id)), form).await
}

async fn posted(
    web: Web,
    account: AccountId,
    id: Option<ContactGroupId>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let book = app::playbooks::find(&web.app, &visitor.actor, account).await?;
    if let Some(id) = id {
        find(&book, id)?;
    }
    let (group, unread) = read(&fields, account, id.unwrap_or(ContactGroupId(0)));
    let faults = merged(unread, book.check_group(&group));
    let kept = match faults.is_empty() {
        true => wishes::keep_group(&web.app, &visitor.actor, group.clone()).await,
        false => Err(faults.into()),
    };
    match kept {
        Ok(group) => {
            let path = format!("/accounts/{account}/delivery#groups");
            let flash = Flash::done(&format!("“{}” is kept.", group.name));
            Ok(visitor.sent_to(&web, &path, &flash))
        }
        Err(Error::Invalid(faults)) => {
            let shell = visitor.shell(&web, Place::Accounts).await?;
            let mut form = GroupForm::draw(shell, &book, &group);
            form.blame(&faults);
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /accounts/{id}/groups/{group}/remove`.
pub(crate) async fn remove(
    State(web): State<Web>,
    Ids(account, id): Ids,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (account, id, actor) = (AccountId(account), ContactGroupId(id), &visitor.actor);
    let book = app::playbooks::find(&web.app, actor, account).await?;
    let group = find(&book, id)?;
    wishes::remove_group(&web.app, actor, account, id).await?;
    let flash = Flash::done(&format!("“{}” is gone; its people stay.", group.name));
    Ok(visitor.sent_to(&web, &format!("/accounts/{account}/delivery#groups"), &flash))
}

impl GroupForm {
    /// A group of two.
    pub(crate) fn sample() -> Self {
        let book = sample::book();
        Self::draw(Shell::sample(Place::Accounts), &book, &book.groups[0])
    }

    /// Where the directory is still empty.
    pub(crate) fn sample_empty() -> Self {
        let mut book = sample::book();
        book.contacts.clear();
        let group = empty(book.account.id);
        Self::draw(Shell::sample(Place::Accounts), &book, &group)
    }

    /// Refused.
    pub(crate) fn sample_error() -> Self {
        let mut form = Self::sample();
        let mut faults = Invalid::field("name", "is taken");
        faults.add("members", "must be at least one");
        form.blame(&faults);
        form
    }
}
