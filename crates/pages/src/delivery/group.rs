//! A group of contacts, as its form says it.

use app::{Actor, App, playbooks};
use domain::{AccountId, Contact, ContactGroup, ContactGroupId, ContactId, Invalid, Playbook};

use super::part::PlaybookPart;
use crate::form::Form;
use crate::session::Fields;
use crate::ui::{Choice, Field, FieldKind};

impl PlaybookPart for ContactGroup {
    const PATH: &'static str = "groups";
    const MAKE: &'static str = "Make a group";
    const ABOUT: &'static str = "People who are told together.";
    const REMOVE: [&'static str; 2] = [
        "Remove the group",
        "Its people stay in the directory. Policies and closing actions that name the group pass \
         it over, and say so.",
    ];

    fn all(book: &Playbook) -> &[Self] {
        &book.groups
    }

    fn id(&self) -> i64 {
        self.id.0
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn blank(_: &Playbook) -> Fields {
        Fields::default()
    }

    fn typed(&self) -> Fields {
        let members = self.members.iter().map(|id| ("member", id.to_string()));
        Fields::of([("name", self.name.clone())].into_iter().chain(members))
    }

    fn form(book: &Playbook, _: &Fields) -> Form {
        let member = |contact: &Contact| match contact.title.as_str() {
            "" => Choice::from(contact),
            title => Choice::new(&contact.id.to_string(), &format!("{}, {title}", contact.name)),
        };
        Form::new([
            Field::new(FieldKind::Text, "name", "Name")
                .required()
                .max_length(120)
                .hint("Such as Partners, or Service team."),
            Field::new(FieldKind::Ticks, "member", "Members")
                .at("members")
                .choices(book.contacts.iter().map(member))
                .subject(None),
        ])
    }

    fn read(typed: &Fields, account_id: AccountId, id: i64) -> (Self, Invalid) {
        let mut invalid = Invalid::new();
        let members: Option<Vec<i64>> = typed.all("member").map(|text| text.parse().ok()).collect();
        invalid.require(members.is_some(), "members", "must be of the list");
        let members = members.unwrap_or_default().into_iter().map(ContactId).collect();
        let name = typed.text("name").trim().to_owned();
        (ContactGroup { id: ContactGroupId(id), account_id, name, members }, invalid)
    }

    fn check(&self, book: &Playbook) -> Result<(), Invalid> {
        book.check_group(self)
    }

    async fn keep(self, app: &App, actor: &Actor) -> app::Result<Self> {
        playbooks::keep_group(app, actor, self).await
    }

    fn kept(&self) -> String {
        format!("“{}” is kept.", self.name)
    }

    async fn remove(&self, app: &App, actor: &Actor) -> app::Result<()> {
        playbooks::remove_group(app, actor, self.account_id, self.id).await
    }

    fn gone(&self) -> String {
        format!("“{}” is gone; its people stay.", self.name)
    }
}
