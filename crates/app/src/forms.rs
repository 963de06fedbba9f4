//! Forms of accounts and of their lines: drafts, publishing, versions.

use domain::form::{Section, check_sections};
use domain::user::Right;
use domain::{Account, AccountId, Did, DidId, Field, Form, FormId, TenantId};
use store::Tx;

pub use store::forms::FormDraft;

use crate::{Actor, App, Error, Result, audit};

/// Versions that a list shows at most.
const VERSIONS_SHOWN: i64 = 100;

/// The form that a call is taken with: that of the line that rings if it has one of its own, else
/// the account's, else the standard one.
#[crate::boxed]
pub async fn of_line(
    app: &App,
    actor: &Actor,
    account: AccountId,
    line: Option<DidId>,
) -> Result<Form> {
    let mut reader = app.db.read().await?;
    let tenant = actor.tenant_id;
    let found = store::accounts::find(reader.link(), tenant, account).await?;
    let found = actor.visible(found)?;
    let form = store::forms::newest(reader.link(), tenant, account, line).await?;
    Ok(form.unwrap_or_else(|| Form::standard(account, found.created_at)))
}

/// The version of a form that a message was taken with.
#[crate::boxed]
pub async fn form(app: &App, actor: &Actor, id: FormId) -> Result<Form> {
    let mut reader = app.db.read().await?;
    let form = store::forms::find(reader.link(), actor.tenant_id, id).await?;
    form.filter(|form| actor.sees(form.account_id)).ok_or(Error::NotFound)
}

/// All that somebody needs who builds the form of an account, or of one of its lines.
#[derive(Clone, Debug)]
pub struct Bench {
    /// The account.
    pub account: Account,
    /// Its lines, by number.
    pub lines: Vec<Did>,
    /// The line whose form is built; `None`: the account's.
    pub line: Option<Did>,
    /// What calls are taken with now; of a line without a form of its own it is the account's.
    pub form: Form,
    /// Whether it has a form of its own yet.
    pub has_own: bool,
    /// The lines that have a form of their own.
    pub lines_with_own: Vec<DidId>,
    /// Its next version, if somebody began one.
    pub draft: Option<FormDraft>,
}

impl Bench {
    /// The sections as they stand on the bench: the draft's, else those in use.
    pub fn sections(&self) -> &[Section] {
        self.draft.as_ref().map_or(&self.form.sections, |draft| &draft.sections)
    }

    /// What a change must name: 0 where nobody began one.
    pub fn revision(&self) -> i64 {
        self.draft.as_ref().map_or(0, |draft| draft.revision)
    }
}

/// The bench of an account's form, or of one of its lines.
#[crate::boxed]
pub async fn bench(
    app: &App,
    actor: &Actor,
    account: AccountId,
    line: Option<DidId>,
) -> Result<Bench> {
    actor.require(Right::ManageAccounts)?;
    let mut reader = app.db.read().await?;
    let tenant = actor.tenant_id;
    let found = store::accounts::find(reader.link(), tenant, account).await?;
    let found = actor.visible(found)?;
    let lines = store::accounts::dids(reader.link(), tenant, account).await?;
    let chosen = match line {
        None => None,
        Some(id) => Some(lines.iter().find(|did| did.id == id).cloned().ok_or(Error::NotFound)?),
    };
    let form = store::forms::newest(reader.link(), tenant, account, line).await?;
    let of_lines = store::forms::of_lines(reader.link(), tenant, account).await?;
    Ok(Bench {
        has_own: form.as_ref().is_some_and(|form| form.did_id == line),
        form: form.unwrap_or_else(|| Form::standard(account, found.created_at)),
        lines_with_own: of_lines.into_iter().filter_map(|form| form.did_id).collect(),
        draft: store::forms::draft(reader.link(), tenant, account, line).await?,
        account: found,
        line: chosen,
        lines,
    })
}

/// The versions of the form of an account, or of one of its lines, newest first.
#[crate::boxed]
pub async fn versions(
    app: &App,
    actor: &Actor,
    account: AccountId,
    line: Option<DidId>,
) -> Result<Vec<Form>> {
    bench(app, actor, account, line).await?;
    let mut reader = app.db.read().await?;
    let tenant = actor.tenant_id;
    Ok(store::forms::versions(reader.link(), tenant, account, line, VERSIONS_SHOWN).await?)
}

/// Keeps a draft, sound or not. `revision` is the one that whoever changes it last saw.
#[crate::boxed]
pub async fn save_draft(
    app: &App,
    actor: &Actor,
    account: AccountId,
    line: Option<DidId>,
    sections: Vec<Section>,
    revision: i64,
) -> Result<FormDraft> {
    let bench = bench(app, actor, account, line).await?;
    if bench.revision() != revision {
        return Err(Error::Changed);
    }
    let draft = FormDraft {
        account_id: account,
        did_id: line,
        sections,
        revision: revision + 1,
        changed_by: actor.name.clone(),
        changed_at: app.now(),
    };
    let mut tx = app.db.begin().await?;
    if !store::forms::set_draft(tx.link(), actor.tenant_id, &draft).await? {
        return Err(Error::Changed);
    }
    tx.commit().await?;
    Ok(draft)
}

/// Throws a draft away; what calls are taken with stays.
#[crate::boxed]
pub async fn discard_draft(
    app: &App,
    actor: &Actor,
    account: AccountId,
    line: Option<DidId>,
) -> Result<()> {
    bench(app, actor, account, line).await?;
    let mut tx = app.db.begin().await?;
    store::forms::delete_draft(tx.link(), actor.tenant_id, account, line, None).await?;
    Ok(tx.commit().await?)
}

/// Publishes the draft as the next version: calls are taken with it from now on. `revision` is
/// the one that whoever publishes has seen.
#[crate::boxed]
pub async fn publish_draft(
    app: &App,
    actor: &Actor,
    account: AccountId,
    line: Option<DidId>,
    revision: i64,
) -> Result<Form> {
    bench(app, actor, account, line).await?;
    let tenant = actor.tenant_id;
    let mut tx = app.db.begin().await?;
    let draft = store::forms::draft(tx.link(), tenant, account, line).await?;
    let draft = draft.filter(|draft| draft.revision == revision).ok_or(Error::Changed)?;
    let sections = draft.sections;
    let form = next_version(app, &mut tx, tenant, Some(actor), account, line, sections).await?;
    // Somebody may have changed it since it was read.
    if !store::forms::delete_draft(tx.link(), tenant, account, line, Some(revision)).await? {
        return Err(Error::Changed);
    }
    tx.commit().await?;
    Ok(form)
}

/// Publishes a copy of an earlier version as the next one. A draft stays as it is.
#[crate::boxed]
pub async fn restore(
    app: &App,
    actor: &Actor,
    account: AccountId,
    line: Option<DidId>,
    version: i64,
) -> Result<Form> {
    let versions = versions(app, actor, account, line).await?;
    let found = versions.into_iter().find(|form| form.version == version);
    let sections = found.ok_or(Error::NotFound)?.sections;
    let (tenant, actor) = (actor.tenant_id, Some(actor));
    let mut tx = app.db.begin().await?;
    let form = next_version(app, &mut tx, tenant, actor, account, line, sections).await?;
    tx.commit().await?;
    Ok(form)
}

/// Takes the form of a line out of use: its calls are taken with the account's again.
#[crate::boxed]
pub async fn retire(app: &App, actor: &Actor, account: AccountId, line: DidId) -> Result<()> {
    let bench = bench(app, actor, account, Some(line)).await?;
    let number = bench.line.map(|did| did.number).unwrap_or_default();
    let (tenant, now) = (actor.tenant_id, app.now());
    let mut tx = app.db.begin().await?;
    store::forms::delete_draft(tx.link(), tenant, account, Some(line), None).await?;
    if store::forms::retire(tx.link(), tenant, account, line, now).await? {
        let subject = format!("account {account}, line {number}");
        audit::record(&mut tx, tenant, Some(actor), "form.retire", &subject, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Publishes a form of one section that is always asked, for an account. `actor` is `None` on the
/// command line.
#[crate::boxed]
pub async fn publish_form(
    app: &App,
    tenant: TenantId,
    actor: Option<&Actor>,
    account: AccountId,
    fields: Vec<Field>,
) -> Result<Form> {
    publish(app, tenant, actor, account, None, vec![Section::of(fields)]).await
}

/// Publishes the next version of the form of an account, or of one of its lines; a draft of it is
/// done with. Messages keep the version that they were taken with.
#[crate::boxed]
pub async fn publish(
    app: &App,
    tenant: TenantId,
    actor: Option<&Actor>,
    account: AccountId,
    line: Option<DidId>,
    sections: Vec<Section>,
) -> Result<Form> {
    if let Some(actor) = actor {
        actor.require(Right::ManageAccounts)?;
    }
    let mut tx = app.db.begin().await?;
    let form = next_version(app, &mut tx, tenant, actor, account, line, sections).await?;
    store::forms::delete_draft(tx.link(), tenant, account, line, None).await?;
    tx.commit().await?;
    Ok(form)
}

/// Writes a version in the caller's transaction.
async fn next_version(
    app: &App,
    tx: &mut Tx,
    tenant: TenantId,
    actor: Option<&Actor>,
    account: AccountId,
    line: Option<DidId>,
    sections: Vec<Section>,
) -> Result<Form> {
    check_sections(&sections)?;
    let now = app.now();
    store::accounts::find(tx.link(), tenant, account).await?.ok_or(Error::NotFound)?;
    let dids = store::accounts::dids(tx.link(), tenant, account).await?;
    let did = line.map(|line| dids.iter().find(|did| did.id == line).ok_or(Error::NotFound));
    let number = did.transpose()?.map(|did| format!(", line {}", did.number));
    let version = store::forms::last_version(tx.link(), tenant, account).await? + 1;
    let mut form = Form {
        id: None,
        account_id: account,
        did_id: line,
        version,
        sections,
        created_at: now,
        published_by: actor.map(|actor| actor.name.clone()).unwrap_or_default(),
    };
    let inserted = store::forms::insert(tx.link(), tenant, &form).await;
    form.id = Some(match inserted {
        // Somebody published the same number a moment ago.
        Err(store::Error::Taken(_)) => return Err(Error::Changed),
        other => other?,
    });
    let subject = format!("account {account}{}, version {version}", number.unwrap_or_default());
    audit::record(tx, tenant, actor, "form.publish", &subject, now).await?;
    Ok(form)
}
