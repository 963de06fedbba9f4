//! Making, changing and deleting a rotation, and who would be on call.

use app::{Error, accounts, on_call, playbooks};
use axum::extract::State;
use domain::on_call::{Roster, RotationEntry};
use domain::user::Right;
use domain::{Account, AccountId, Instant, Invalid, RotationId, limits};
use web::Web;

use super::form::{self, RotationFormPage, RotationGround, entry, typed};
use super::words::{span, when};
use crate::form::{Answer, Ask, Editor, Form, Preview};
use crate::session::{Fields, Id, PageError, Posted, SignedIn};
use crate::ui::{Place, Shell};

/// Hand-offs that a preview shows.
const COMING: usize = 6;
/// Gaps that a preview shows.
const GAPS: usize = 3;
/// Days that a preview looks ahead for gaps.
const DAYS: i64 = 28;

/// The form of a rotation.
#[derive(Debug)]
pub(crate) struct RotationEditor;

impl RotationGround {
    pub(crate) fn foreseen(&self, roster: &Roster) -> Preview {
        let (now, zone) = (self.now, &roster.rotation.zone);
        let until = now.plus_ms(DAYS * limits::DAY_MS);
        let name = |id| self.people.iter().find(|it| Some(it.id) == id).map(|it| it.name.as_str());
        let mut watch = Some(roster.on_call(now));
        let mut coming = Vec::new();
        while let Some(at) = watch.filter(|_| coming.len() < COMING) {
            let name = name(at.contact_id).unwrap_or("Nobody");
            let from = if coming.is_empty() { now } else { at.since.unwrap_or(now) };
            coming.push(match coming.is_empty() {
                true => format!("{name} now"),
                false => format!("{name} from {}", when(from, zone)),
            });
            watch = roster.after(&at);
        }
        let gaps = roster.gaps(now, until).into_iter().take(GAPS);
        Preview {
            coming,
            gaps: gaps.map(|(from, to)| span(from, to, zone)).collect(),
            notes: vec![format!("Times are those of {}.", zone.name())],
            ..Preview::default()
        }
    }
}

impl Editor for RotationEditor {
    const PLACE: Place = Place::OnCall;
    type Ground = RotationGround;
    type Page = RotationFormPage;

    async fn ground(ask: Ask<'_>) -> Result<RotationGround, PageError> {
        let (app, actor, now) = (&ask.web.app, &ask.visitor.actor, ask.web.app.now());
        let standing = match ask.subject.is_new {
            true => None,
            false => Some(on_call::find(app, actor, RotationId(ask.id(0)), now).await?),
        };
        ask.visitor.require(Right::ChangeOnCall)?;
        let (zone, preview) = (ask.visitor.tenant.zone.clone(), Preview::default());
        if let Some(standing) = standing {
            let (account, people) = (Some(standing.account.clone()), standing.people.clone());
            let (accounts, standing) = (Vec::new(), Some(standing));
            return Ok(RotationGround { accounts, account, people, standing, zone, now, preview });
        }
        let accounts = accounts::list(app, actor).await?;
        let account = ask.account(&accounts);
        let people = match &account {
            Some(account) => playbooks::find(app, actor, account.id).await?.contacts.clone(),
            None => Vec::new(),
        };
        Ok(RotationGround { accounts, account, people, standing, zone, now, preview })
    }

    fn opened(ground: &RotationGround) -> Option<Fields> {
        ground.standing.as_ref().map(|standing| typed(standing.rotation(), &ground.people))
    }

    fn form(ground: &RotationGround, typed: Option<&Fields>) -> Form {
        form::form(ground, typed)
    }

    fn draw(shell: Shell, ground: &RotationGround, form: Form) -> RotationFormPage {
        RotationFormPage::draw(shell, ground, form)
    }

    /// The next hand-offs, with overrides and holidays as they are.
    async fn look_ahead(
        ask: Ask<'_>,
        ground: &mut RotationGround,
        typed: Option<&Fields>,
    ) -> Result<Invalid, PageError> {
        let (Some(account), Some(typed)) = (&ground.account, typed) else {
            let note = match typed {
                Some(_) => "Choose the account first.",
                None => "Choose who takes turns: the next hand-offs appear here.",
            };
            ground.preview.notes = vec![note.to_owned()];
            return Ok(Invalid::new());
        };
        let (app, actor) = (&ask.web.app, &ask.visitor.actor);
        let draft = match on_call::draft(app, actor, account.id, entry(typed)).await {
            Ok(draft) => draft,
            Err(Error::Invalid(faults)) => return Ok(faults),
            Err(error) => return Err(error.into()),
        };
        let roster = match &ground.standing {
            Some(standing) => Roster { rotation: draft.rotation, ..standing.roster.clone() },
            None => draft,
        };
        ground.preview = ground.foreseen(&roster);
        Ok(Invalid::new())
    }

    async fn save(ask: Ask<'_>, ground: &RotationGround, typed: &Fields) -> Answer {
        let (app, actor, entry) = (&ask.web.app, &ask.visitor.actor, entry(typed));
        let saved = match (&ground.standing, &ground.account) {
            (Some(standing), _) => {
                let (id, revision) = (standing.rotation().id, typed.text("revision").parse().ok());
                on_call::update(app, actor, id, revision, entry).await?
            }
            (None, Some(account)) => on_call::create(app, actor, account.id, entry).await?,
            (None, None) => return Err(without_account(ask.visitor, entry, ground.now).into()),
        };
        ask.done(&format!("/on-call/{}", saved.id), &format!("“{}” is saved.", saved.name))
    }
}

/// All that is wrong with an entry whose account nobody has, that among it.
fn without_account(visitor: &SignedIn, entry: RotationEntry, now: Instant) -> Invalid {
    let mut faults = Invalid::field("account_number", "must be one of your accounts");
    let account = Account {
        tenant_id: visitor.actor.tenant_id,
        id: AccountId(0),
        number: String::new(),
        name: String::new(),
        zone: visitor.tenant.zone.clone(),
        greeting: String::new(),
        facts: String::new(),
        created_at: now,
    };
    if let Err(others) = entry.checked(&account, &[], now) {
        others.faults().for_each(|(path, rule)| faults.add(path, rule));
    }
    faults
}

/// `POST /on-call/{id}/delete`.
pub(crate) async fn delete(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> Answer {
    let (app, actor) = (&web.app, &visitor.actor);
    on_call::find(app, actor, RotationId(id), app.now()).await?;
    let gone = on_call::delete(app, actor, RotationId(id)).await?;
    Ok(visitor.done(&web, "/on-call", &format!("“{}” is deleted.", gone.name)))
}
