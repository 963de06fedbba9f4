//! Calendars of shifts for programs that read them by a link.

use domain::on_call::{CalendarLink, Shift, Subject};
use domain::token::{self, TOKEN_BYTES, TokenKind};
use domain::user::Right;
use domain::{AccountId, Instant, Rotation, TenantId, limits};

use super::read::visible;
use crate::{Actor, App, Error, Result, audit, keys};

/// What a link shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// What the calendar is called.
    pub name: String,
    /// Its shifts that somebody has, in order of rotation and time.
    pub shifts: Vec<FeedShift>,
    /// When it was read.
    pub at: Instant,
}

/// A shift in a calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedShift {
    /// Its rotation.
    pub rotation: Rotation,
    /// The shift.
    pub shift: Shift,
    /// Who is on call.
    pub person: String,
}

/// The links of an account's calendars.
pub type Links = Vec<CalendarLink>;

/// The links of the calendars of an account.
#[crate::boxed]
pub async fn links(app: &App, actor: &Actor, account: AccountId) -> Result<Links> {
    let mut reader = app.db.read().await?;
    let found = store::accounts::find(reader.link(), actor.tenant_id, account).await?;
    let account = actor.visible(found)?;
    Ok(store::rotations::links(reader.link(), actor.tenant_id, account.id).await?)
}

/// Makes the link of a calendar, and answers its token, which is shown now and never again. A
/// link that was there works no more.
#[crate::boxed]
pub async fn make_link(
    app: &App,
    actor: &Actor,
    account: AccountId,
    subject: Subject,
) -> Result<String> {
    actor.require(Right::ChangeOnCall)?;
    let (tenant, now) = (actor.tenant_id, app.now());
    let mut tx = app.db.begin().await?;
    let what = said(&mut tx, actor, account, subject, now).await?;
    let token = token::write(TokenKind::Calendar, &app.entropy.bytes::<TOKEN_BYTES>());
    let calendar = CalendarLink {
        account_id: account,
        subject,
        prefix: token::prefix(&token).to_owned(),
        created_by: Some(actor.user_id),
        created_at: now,
    };
    store::rotations::set_link(tx.link(), tenant, &calendar, &keys::hash(&token)).await?;
    let what = format!("{} for {what}", calendar.prefix);
    audit::record(&mut tx, tenant, Some(actor), "calendar.link", &what, now).await?;
    tx.commit().await?;
    Ok(token)
}

/// Takes the link of a calendar away: it works no more from the next request on.
#[crate::boxed]
pub async fn revoke_link(
    app: &App,
    actor: &Actor,
    account: AccountId,
    subject: Subject,
) -> Result<()> {
    actor.require(Right::ChangeOnCall)?;
    let (tenant, now) = (actor.tenant_id, app.now());
    let mut tx = app.db.begin().await?;
    let held = store::rotations::links(tx.link(), tenant, account).await?;
    let held = held.into_iter().find(|link| link.subject == subject);
    let held = held.filter(|_| actor.sees(account)).ok_or(Error::NotFound)?;
    store::rotations::delete_link(tx.link(), tenant, subject).await?;
    audit::record(&mut tx, tenant, Some(actor), "calendar.revoke", &held.prefix, now).await?;
    Ok(tx.commit().await?)
}

/// Whose shifts a new link shows, in words; refuses what whoever asks may not see.
async fn said(
    tx: &mut store::Tx,
    actor: &Actor,
    account: AccountId,
    subject: Subject,
    now: Instant,
) -> Result<String> {
    let tenant = actor.tenant_id;
    match subject {
        Subject::Rotation(id) => {
            let roster = store::rotations::roster(tx.link(), tenant, id, now).await?;
            let roster = visible(actor, roster)?;
            let is_ours = roster.rotation.account_id == account;
            is_ours.then(|| format!("rotation {id}")).ok_or(Error::NotFound)
        }
        Subject::Contact(id) => {
            let contact = store::accounts::contact(tx.link(), tenant, id).await?;
            let contact = contact.filter(|it| it.account_id == account && actor.sees(account));
            contact.map(|it| format!("contact {id}, {}", it.name)).ok_or(Error::NotFound)
        }
    }
}

/// What the link with a token shows: shifts from the last day to eight weeks ahead. `None` if it
/// does not work on this tenant.
#[crate::boxed]
pub async fn open_link(app: &App, tenant: TenantId, token: &str) -> Result<Option<Feed>> {
    let at = app.now();
    let from = at.minus_ms(limits::DAY_MS);
    let until = at.plus_ms(limits::FEED_WEEKS * 7 * limits::DAY_MS);
    let mut reader = app.db.read().await?;
    let hash = keys::hash(token);
    let Some(link) = store::rotations::link_by_hash(reader.link(), tenant, &hash).await? else {
        return Ok(None);
    };
    let account = (tenant, link.account_id);
    let mut rosters = store::rotations::rosters(reader.link(), &[account], from).await?;
    if let Subject::Rotation(id) = link.subject {
        rosters.retain(|(_, roster)| roster.rotation.id == id);
    }
    let people = store::accounts::contacts(reader.link(), tenant, link.account_id).await?;
    let name = |id| people.iter().find(|it| it.id == id).map(|it| it.name.clone());
    let title = match link.subject {
        Subject::Rotation(_) => rosters.first().map(|(_, it)| it.rotation.name.clone()),
        Subject::Contact(id) => name(id),
    };
    let Some(title) = title else {
        return Ok(None);
    };
    let mut shifts = Vec::new();
    for (_, roster) in &rosters {
        for shift in roster.shifts(from, until) {
            let Some(id) = shift.contact_id else { continue };
            let is_shown = match link.subject {
                Subject::Rotation(_) => true,
                Subject::Contact(own) => own == id,
            };
            if let Some(person) = name(id).filter(|_| is_shown) {
                shifts.push(FeedShift { rotation: roster.rotation.clone(), shift, person });
            }
        }
    }
    Ok(Some(Feed { name: format!("On call: {title}"), shifts, at }))
}
