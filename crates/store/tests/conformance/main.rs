//! The same behaviour on both databases: every table family through one generic function.

mod accounts;
mod calls;
mod corrections;
mod deliveries;
mod forms;
mod idempotency;
mod jobs;
mod live;
mod messages;
mod people;
mod playbooks;
mod rotations;
mod schema;
mod to_dos;
mod webhooks;
mod work_items;

use std::sync::Arc;

use domain::Instant;
use store::Db;
use testkit::postgres::Postgres;

/// A fresh database of one kind, its tables made.
struct Fresh {
    db: Db,
    /// Kept alive as long as the database.
    _place: Arc<dyn std::any::Any>,
}

async fn lite() -> Fresh {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    let db = Db::open(&url, 4).await.expect("SQLite");
    db.migrate().await.expect("tables");
    Fresh { db, _place: Arc::new(folder) }
}

async fn pg() -> Fresh {
    let database = Postgres::database();
    let db = Db::open(database.url(), 4).await.expect("PostgreSQL");
    db.migrate().await.expect("tables");
    Fresh { db, _place: Arc::new(database) }
}

/// Stamps a test for each database.
macro_rules! on_both {
    ($($name:ident => $module:ident::$body:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                let fresh = super::lite().await;
                super::$module::$body(&fresh.db).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                let fresh = super::pg().await;
                super::$module::$body(&fresh.db).await;
                fresh.db.close().await;
            })+
        }
    };
}

on_both! {
    migrating_twice_changes_nothing => schema::migrating_twice_changes_nothing,
    a_transaction_that_is_dropped_leaves_no_trace => schema::dropped_transactions,
    tenants => people::tenants,
    users_and_memberships => people::users,
    sessions => people::sessions,
    keys_and_switches => people::keys,
    the_audit_log => people::audit,
    accounts => accounts::accounts,
    lines_and_contacts => accounts::lines_and_contacts,
    versions_of_forms => forms::versions,
    forms_come_back_as_they_were => forms::round_trip,
    forms_of_lines => forms::lines,
    forms_of_before_sections_are_read => forms::before_sections,
    drafts_of_forms => forms::drafts,
    messages_come_back_as_they_were => messages::round_trip,
    pages_hold_each_message_once => messages::pages,
    filters => messages::filters,
    corrections_keep_what_they_replaced => corrections::corrections,
    searches_take_texts_literally => messages::searches,
    deliveries_and_attempts => deliveries::deliveries,
    deliveries_are_written_many_at_once => deliveries::many_at_once,
    to_dos_come_back_as_they_were => to_dos::round_trip,
    occurrences_have_one_run => to_dos::occurrences_have_one_run,
    rules_for_sending => to_dos::rules_for_sending,
    counters_and_references => to_dos::counters_and_references,
    texts_and_opt_outs => to_dos::texts_and_opt_outs,
    rotations_with_what_changes_them => rotations::rosters,
    rotations_are_changed_ended_and_deleted => rotations::changes,
    links_of_calendars => rotations::links,
    a_job_is_claimed_by_one_worker => jobs::claims,
    a_lost_lease_changes_nothing => jobs::fences,
    a_subject_has_one_job => jobs::one_for_each_subject,
    calls_and_recordings => calls::calls,
    live_calls_are_claimed_once_and_filled_in => live::claims,
    calls_in_lists_and_counts => live::lists,
    what_agents_are_at => live::agents,
    a_pulse_for_each_change => live::pulses,
    directories_with_ways => playbooks::directories,
    groups_of_contacts => playbooks::groups,
    policies_keep_their_levels => playbooks::policies_and_levels,
    where_messages_stand_on_policies => playbooks::climbs,
    closing_action_groups => playbooks::closing_groups,
    spoilt_words_are_corruption => playbooks::spoilt,
    accounts_with_their_words_and_lines => playbooks::wordings,
    digests_take_what_is_due => playbooks::digests,
    what_is_settled_and_who_called_before => messages::settled_and_callers,
    codes_go_to_the_newest_message => messages::codes,
    untried_deliveries_are_rewritten => deliveries::rewritten,
    last_runs_and_what_waits_for_them => to_dos::last_runs,
    what_waits_for_an_agent => work_items::round_trip,
    one_of_twenty_claims_wins => work_items::one_of_twenty_wins,
    first_answers_are_kept => idempotency::answers,
    a_place_is_held_by_one_transaction => idempotency::holds,
    old_answers_go_first => idempotency::purges,
    webhooks_and_who_listens => webhooks::webhooks,
    events_on_their_way => webhooks::ways,
    posts_and_what_is_forgotten => webhooks::attempts,
    what_webhooks_are_told_is_json => webhooks::bodies,
}

#[tokio::test]
async fn both_databases_have_the_same_columns() {
    schema::same_columns().await;
}

/// Changes rows in a way that no function of the store does.
async fn run(link: store::Link<'_>, sql: String) {
    let sql = sqlx::AssertSqlSafe(sql);
    match link {
        store::Link::Lite(c) => sqlx::query(sql).execute(c).await.map(drop),
        store::Link::Pg(c) => sqlx::query(sql).execute(c).await.map(drop),
    }
    .expect("a statement");
}

fn at(ms: i64) -> Instant {
    Instant::from_ms(ms)
}
