//! Making and changing a To Do, and when it would go out.

use app::to_dos::{self, ScheduledToDo};
use app::{Error, accounts, idempotency::Once, playbooks};
use domain::to_do::ToDoEntry;
use domain::{Invalid, ToDoId};

use super::entry::{apply, with_rules};
use super::plan::typed;
use super::to_do_form::{self, ToDoGround, ToDoPage};
use super::words::{account_of, in_full, name, next, sentence};
use crate::form::{Answer, Ask, Editor, Form, Preview};
use crate::session::{Fields, PageError};
use crate::ui::{Place, Shell};

/// Occurrences that a preview shows.
const COMING: usize = 6;

/// What is shown before anything is chosen.
const HINT: &str = "Choose when it goes out: the rule in words and the next dates appear here.";

/// The form of a To Do.
#[derive(Debug)]
pub(crate) struct ToDoEditor;

impl ToDoGround {
    /// What was typed as an entry, and what of it cannot be read.
    fn read(&self, posted: &Fields) -> (ToDoEntry, Invalid) {
        let mut entry = match &self.standing {
            Some(ScheduledToDo { to_do, schedule, .. }) => ToDoEntry::of(to_do, schedule.as_ref()),
            None => ToDoEntry::default(),
        };
        let before = ToDoEditor::opened(self);
        let invalid = apply(posted, before.as_ref(), &self.zone, &mut entry);
        (entry, invalid)
    }
}

impl Editor for ToDoEditor {
    const PLACE: Place = Place::ToDos;
    type Ground = ToDoGround;
    type Page = ToDoPage;

    async fn ground(ask: Ask<'_>) -> Result<ToDoGround, PageError> {
        let (app, actor) = (&ask.web.app, &ask.visitor.actor);
        let standing = match ask.subject.is_new {
            true => None,
            false => Some(to_dos::find(app, actor, ToDoId(ask.id(0))).await?),
        };
        let accounts = accounts::list(app, actor).await?;
        let account = match &standing {
            Some(standing) => Some(account_of(&accounts, standing)?),
            None => ask.account(&accounts),
        };
        let book = match &account {
            Some(account) => Some(playbooks::find(app, actor, account.id).await?),
            None => None,
        };
        let zone = account.as_ref().map_or(&ask.visitor.tenant.zone, |it| &it.zone).clone();
        let preview = Preview::default();
        Ok(ToDoGround { accounts, account, book, standing, zone, preview })
    }

    fn opened(ground: &ToDoGround) -> Option<Fields> {
        ground.standing.as_ref().map(|standing| typed(standing, &ground.zone))
    }

    fn form(ground: &ToDoGround, typed: Option<&Fields>) -> Form {
        let before = Self::opened(ground);
        let is_kept = before.is_some_and(|before| before.text("when") == "kept");
        let standing = ground.standing.as_ref().filter(|_| is_kept);
        let kept = standing.map(|standing| sentence(standing, &ground.zone));
        to_do_form::form(ground, kept.as_deref(), typed)
    }

    fn draw(shell: Shell, ground: &ToDoGround, form: Form) -> ToDoPage {
        ToDoPage::draw(shell, ground, form)
    }

    /// The next occurrences; the faults are those of its timing.
    async fn look_ahead(
        ask: Ask<'_>,
        ground: &mut ToDoGround,
        typed: Option<&Fields>,
    ) -> Result<Invalid, PageError> {
        let is_begun = typed.is_some_and(|typed| match typed.text("when") {
            "once" => !typed.text("run_on").trim().is_empty(),
            _ => true,
        });
        let (Some(account), Some(typed)) = (&ground.account, typed.filter(|_| is_begun)) else {
            let hint = if is_begun { "Choose the account first." } else { HINT };
            ground.preview.notes = vec![hint.to_owned()];
            return Ok(Invalid::new());
        };
        ground.preview.notes = vec![format!("Times are those of {}.", ground.zone.name())];
        let (entry, typing) = ground.read(typed);
        if !typing.is_empty() {
            return Ok(typing);
        }
        let (app, actor) = (&ask.web.app, &ask.visitor.actor);
        match to_dos::preview_entry(app, actor, account.id, &entry, COMING).await {
            Ok(found) => {
                let coming = found.occurrences.iter().map(|at| in_full(*at, &ground.zone));
                ground.preview.coming = coming.collect();
                ground.preview.sentence = found.sentence;
                Ok(Invalid::new())
            }
            Err(Error::Invalid(faults)) => Ok(faults),
            Err(error) => Err(error.into()),
        }
    }

    async fn save(ask: Ask<'_>, ground: &ToDoGround, typed: &Fields) -> Answer {
        let (app, actor) = (&ask.web.app, &ask.visitor.actor);
        let (entry, mut typing) = ground.read(typed);
        let rule = "must be one of your accounts";
        typing.require(ground.account.is_some(), "account_number", rule);
        let Some(account) = ground.account.as_ref().filter(|_| typing.is_empty()) else {
            return Err(with_rules(typing, &entry, &ground.zone, app.now()).into());
        };
        let saved = match &ground.standing {
            None => match to_dos::create(app, actor, &account.number, &entry, None).await? {
                Once::New(made) => made,
                Once::Before(_) => return ask.done("/to-dos", "Saved."),
            },
            Some(standing) => {
                let (id, revision) = (standing.to_do.id, typed.text("revision").parse().ok());
                to_dos::update(app, actor, id, revision, |stored| stored.clone_from(&entry)).await?
            }
        };
        let name = name(&saved.to_do);
        let text = match next(&saved, app.now()) {
            Some(at) => {
                format!("“{name}” is saved. It goes out next on {}.", in_full(at, &ground.zone))
            }
            None if saved.to_do.paused_at.is_some() => format!("“{name}” is saved, and paused."),
            None => format!("“{name}” is saved."),
        };
        ask.done(&format!("/to-dos/{}", saved.to_do.id), &text)
    }
}
