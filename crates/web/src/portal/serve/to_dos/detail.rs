//! One To Do as its reader sees it: its schedule, where it goes, and what became of each occurrence.

use app::to_dos::{self, RunDetail, Standing};
use app::{Error, playbooks};
use domain::delivery::IfUnsure;
use domain::to_do::{Misfire, Overlap, RunState, resolve};
use domain::{Channel, Did, Instant, ToDo, Zone, limits};

use super::super::asked::Asked;
use super::super::detail::{Clock, card, rung};
use super::{icon, in_full, name};
use crate::Web;
use crate::portal::{self, RunCard};
use crate::session::SignedIn;
use crate::ui::{self, Fact};

/// Occurrences ahead that are shown.
const COMING: usize = 5;
/// Occurrences behind that one page shows.
const RUNS: usize = 20;

/// The To Do, and all that explains it. `before` is the page of its runs as the address asks.
pub(super) async fn shown(
    web: &Web,
    visitor: &SignedIn,
    standing: Standing,
    before: &str,
    asked: &Asked,
) -> app::Result<portal::ToDo> {
    let (app, actor) = (&web.app, &visitor.actor);
    let Standing { to_do, is_sending, .. } = standing;
    let desk = playbooks::find(app, actor, to_do.account_id).await?;
    let preview = to_dos::preview(app, actor, to_do.id, COMING).await?;
    let before = before.parse().ok().and_then(|ms| Instant::try_from_ms(ms).ok());
    let mut runs = to_dos::runs(app, actor, to_do.id, before, RUNS + 1).await?;
    let has_more = runs.len() > RUNS;
    runs.truncate(RUNS);
    let zone = &desk.account.zone;
    let clock = Clock { now: app.now(), zone };
    let last = runs.last().filter(|_| has_more).map(|detail| detail.run.due_at.as_ms());
    let page = |before: &str| {
        format!("/to-dos/{}{}#runs", to_do.id, asked.with("runs_before", before).query())
    };
    let resolved = resolve(&to_do.contact, to_do.delivery_type, &desk.contacts);
    let to = match &resolved {
        Ok(found) if !found.recipient.is_empty() => {
            format!("{}, {}", found.recipient, ui::phone(&found.address))
        }
        Ok(found) => ui::phone(&found.address),
        Err(_) => ui::phone(&to_do.contact),
    };
    Ok(portal::ToDo {
        id: to_do.id.to_string(),
        name: name(&to_do),
        text: to_do.message_text.trim().to_owned(),
        channel: to_do.delivery_type.noun(),
        icon: icon(to_do.delivery_type),
        to: ui::phone(&to_do.contact),
        account: desk.account.name.clone(),
        sentence: preview.sentence,
        coming: preview.occurrences.iter().map(|at| in_full(*at, zone)).collect(),
        zone: zone.name().to_owned(),
        is_paused: to_do.paused_at.is_some(),
        is_sending,
        nowhere: resolved.err(),
        facts: facts(&to_do, &to, &desk.lines, zone),
        runs: runs.iter().map(|detail| run(visitor, detail, &clock)).collect(),
        older_runs: last.map(|at| page(&at.to_string())),
        newest_runs: before.map(|_| page("")),
    })
}

fn facts(to_do: &ToDo, to: &str, lines: &[Did], zone: &Zone) -> Vec<Fact> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let is_mail = to_do.delivery_type == Channel::Email;
    let first = lines.iter().min_by_key(|line| line.id).map(|line| line.number.as_str());
    let from = to_do.from.as_deref().or(first).map(ui::phone).unwrap_or_default();
    let minutes = to_do.policy.grace_ms / limits::MINUTE_MS;
    let late = match to_do.policy.misfire {
        Misfire::RunLate => format!("Sent all the same, up to {minutes} minutes late."),
        Misfire::Skip => "Skipped.".to_owned(),
    };
    let overlap = match to_do.policy.overlap {
        Overlap::Skip => "The new one is skipped.",
        Overlap::Send => "Both are sent.",
    };
    let unsure = match to_do.policy.if_unsure {
        IfUnsure::Repeat => "Sent again: it may arrive twice.",
        IfUnsure::Stop => "Not sent again: it may not have arrived.",
    };
    let facts = [
        ("To", to.to_owned()),
        ("From", if is_mail { text(&to_do.sender_name) } else { from }),
        ("Sender's address", text(&to_do.from_email)),
        ("Subject", text(&to_do.subject)),
        ("Instructions", text(&to_do.instructions)),
        ("If missed", late),
        ("If the one before is still being sent", overlap.to_owned()),
        ("If nobody knows whether it went out", unsure.to_owned()),
        ("Paused since", to_do.paused_at.map(|at| in_full(at, zone)).unwrap_or_default()),
        ("Made", in_full(to_do.created_at, zone)),
    ];
    let known = facts.into_iter().filter(|(_, text)| !text.is_empty());
    known.map(|(label, text)| Fact::new(label, &text)).collect()
}

fn run(visitor: &SignedIn, detail: &RunDetail, clock: &Clock<'_>) -> RunCard {
    let RunDetail { run, delivery, next_try } = detail;
    let delivery = delivery.as_ref().map(|(delivery, attempts)| {
        let next_try = next_try.filter(|_| delivery.attempts > 0);
        (rung(delivery), card(visitor, delivery, attempts, next_try, clock))
    });
    RunCard {
        due: in_full(run.due_at, clock.zone),
        due_at: clock.at(run.due_at),
        state: delivery.as_ref().map_or(run_state(run.state), |(rung, _)| *rung),
        reason: run.reason.clone(),
        delivery: delivery.map(|(_, card)| card),
    }
}

/// What became of an occurrence, as an icon and a word.
pub(super) fn run_state(state: RunState) -> ui::State {
    match state {
        RunState::Waiting => ui::State::Waiting,
        RunState::AtDesk => ui::State::AtDesk,
        RunState::Sending => ui::State::Sending,
        RunState::Sent => ui::State::Sent,
        RunState::Captured => ui::State::Captured,
        RunState::Worked => ui::State::Worked,
        RunState::Failed => ui::State::Failed,
        RunState::Skipped => ui::State::Skipped,
        RunState::Cancelled => ui::State::Cancelled,
    }
}

/// The To Do of a run, where there is still one: its address.
pub(in crate::portal::serve) async fn address_of_run(
    web: &Web,
    visitor: &SignedIn,
    run: domain::RunId,
) -> app::Result<Option<String>> {
    match to_dos::of_run(&web.app, &visitor.actor, run).await {
        Ok(standing) => Ok(Some(format!("/to-dos/{}", standing.to_do.id))),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
