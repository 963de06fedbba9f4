//! Gaps found before they happen: a look 14 days ahead, each morning and after every change.

use std::collections::HashMap;

use domain::on_call::Rotation;
use domain::work_item::{NewItem, WorkKind};
use domain::{AccountId, Instant, Job, JobId, JobKind, RotationId, TenantId, limits};
use store::Tx;
use store::jobs::NewJob;

use super::report::log;
use crate::{App, Result, work_queue};

/// The minute of the day, by a rotation's own clock, at which it is looked at: somebody is at work
/// then, and can still ask around.
const MORNING_MINUTE: u16 = 9 * 60;

/// A time in which somebody should be on call, and nobody is.
type Gap = (Instant, Instant);

/// Looks ahead in rotations whose jobs are due, in one transaction, and is due again the next
/// morning. Answers how many deliveries there are now to make: none.
#[crate::boxed]
pub async fn check_all(app: &App, jobs: &[Job]) -> Result<usize> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let mut ids: Vec<(TenantId, RotationId)> =
        jobs.iter().map(|job| (job.tenant_id, RotationId(job.subject_id))).collect();
    ids.sort_unstable();
    // Rotations are locked before their jobs, as by whoever changes one.
    store::rotations::lock_all(tx.link(), &ids).await?;
    let jobs = store::jobs::hold(tx.link(), jobs).await?;
    let mut due: HashMap<(TenantId, RotationId), JobId> =
        jobs.iter().map(|job| ((job.tenant_id, RotationId(job.subject_id)), job.id)).collect();
    let mut rosters = store::rotations::rosters_of(tx.link(), &ids, now).await?;
    rosters.sort_unstable_by_key(|(tenant, roster)| (*tenant, roster.rotation.id));
    let mut postponed = Vec::new();
    for (tenant, roster) in &rosters {
        let Some(job) = due.remove(&(*tenant, roster.rotation.id)) else { continue };
        let gap = roster.gaps(now, horizon(now)).first().copied();
        found_gap(&mut tx, *tenant, &roster.rotation, gap, now).await?;
        postponed.push((job, next_morning(&roster.rotation, now)));
    }
    store::jobs::postpone(tx.link(), &postponed).await?;
    let over: Vec<JobId> = due.into_values().collect();
    store::jobs::finish(tx.link(), &over).await?;
    tx.commit().await?;
    Ok(0)
}

/// Looks ahead in a rotation after a change, in the transaction of the change.
pub(super) async fn recheck(
    tx: &mut Tx,
    tenant_id: TenantId,
    id: RotationId,
    now: Instant,
) -> Result<()> {
    let Some(roster) = store::rotations::roster(tx.link(), tenant_id, id, now).await? else {
        return Ok(());
    };
    let gap = roster.gaps(now, horizon(now)).first().copied();
    found_gap(tx, tenant_id, &roster.rotation, gap, now).await?;
    let due_at = next_morning(&roster.rotation, now);
    let job = NewJob { tenant_id, kind: JobKind::Coverage, subject_id: id.0, due_at };
    Ok(store::jobs::set(tx.link(), job).await?)
}

/// Looks ahead in every rotation of an account, after a change of its holidays or its directory.
pub(crate) async fn recheck_account(
    tx: &mut Tx,
    tenant: TenantId,
    account: AccountId,
    now: Instant,
) -> Result<()> {
    for id in store::rotations::lock_of_account(tx.link(), tenant, account).await? {
        recheck(tx, tenant, id, now).await?;
    }
    Ok(())
}

/// The one place that learns of a rotation's next gap, or that there is none: keeps it on the
/// rotation, and writes a new one into the audit log. What is known already is not said again.
async fn found_gap(
    tx: &mut Tx,
    tenant: TenantId,
    rotation: &Rotation,
    gap: Option<Gap>,
    now: Instant,
) -> Result<()> {
    if gap == rotation.gap {
        return Ok(());
    }
    store::rotations::set_gap(tx.link(), tenant, rotation.id, gap).await?;
    // One that has begun, or that goes on past our horizon, is still the same one tomorrow.
    let was_known =
        |(from, _): &Gap| rotation.gap.is_some_and(|old| old.0 <= *from && *from < old.1);
    match gap.filter(|gap| !was_known(gap)) {
        Some((from, until)) => {
            let zone = &rotation.zone;
            let what = format!("nobody from {} to {}", zone.portal(from), zone.portal(until));
            work_queue::raise(tx, tenant, notice(rotation, &what), now).await?;
            log(tx, None, "rotation.gap", rotation, &what, now).await
        }
        None => Ok(()),
    }
}

/// What agents and supervisors are told of a gap.
fn notice(rotation: &Rotation, what: &str) -> NewItem {
    NewItem {
        account_id: rotation.account_id,
        kind: WorkKind::Notice,
        message_id: None,
        run_id: None,
        subject: format!("gap {}", rotation.id),
        title: format!("{}: {what}", rotation.name),
        detail: "Messages that escalate to it then go to the next level, or to this queue."
            .to_owned(),
        is_urgent: false,
    }
}

fn horizon(now: Instant) -> Instant {
    now.plus_ms(limits::COVERAGE_DAYS * limits::DAY_MS)
}

/// The next morning after now.
fn next_morning(rotation: &Rotation, now: Instant) -> Instant {
    let zone = &rotation.zone;
    let today = zone.date(now);
    let mornings = [Some(today), today.next()].into_iter().flatten();
    let mut mornings = mornings.map(|date| zone.at_minute(date, MORNING_MINUTE));
    mornings.find(|at| *at > now).unwrap_or_else(|| now.plus_ms(limits::DAY_MS))
}
