//! What the worker counts, under the names that Prometheus shows.

use domain::{Channel, JobKind};
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, histogram};

const JOBS: &str = "liberty_jobs_total";
const LATE_SECONDS: &str = "liberty_job_late_seconds";
const RUNNING: &str = "liberty_jobs_running";
const SENDS: &str = "liberty_sends_total";
const SEND_SECONDS: &str = "liberty_send_seconds";
const CARRIER_BUSY: &str = "liberty_carrier_sends_running";
const CARRIER_SHUT: &str = "liberty_carrier_shut";
const HOOK_POSTS: &str = "liberty_hook_posts_total";
const HOOK_SECONDS: &str = "liberty_hook_post_seconds";
const CLAIM_FAULTS: &str = "liberty_worker_database_errors_total";

/// Says what each figure means. Once, after the recorder is installed.
pub fn describe() {
    describe_counter!(JOBS, "Jobs ended, by kind and end (done, lost, failed, panicked)");
    describe_histogram!(
        LATE_SECONDS,
        Unit::Seconds,
        "How long the oldest job of a batch had been due when it was claimed, by kind"
    );
    describe_gauge!(RUNNING, "Jobs under way, by kind");
    describe_counter!(SENDS, "Attempts to send, by channel and outcome");
    describe_histogram!(SEND_SECONDS, Unit::Seconds, "How long an attempt took, by channel");
    describe_gauge!(CARRIER_BUSY, "Sends under way, by carrier; at most ten seconds old");
    describe_gauge!(
        CARRIER_SHUT,
        "1 while a carrier is left alone because its last sends failed, by carrier; at most ten \
         seconds old"
    );
    describe_counter!(HOOK_POSTS, "Posts to webhooks, by outcome (taken, refused)");
    describe_histogram!(HOOK_SECONDS, Unit::Seconds, "How long a post to a webhook took");
    describe_counter!(CLAIM_FAULTS, "Times that the queue could not be read");
}

/// Counts jobs that ended.
pub(crate) fn jobs(kind: JobKind, count: usize, end: &'static str) {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    counter!(JOBS, "kind" => kind.as_str(), "end" => end).increment(count);
}

/// Counts a job that panicked.
pub(crate) fn panicked() {
    counter!(JOBS, "kind" => "any", "end" => "panicked").increment(1);
}

/// Counts an attempt to send.
pub(crate) fn send(channel: Channel, outcome: &'static str, ms: i64) {
    counter!(SENDS, "channel" => channel.as_str(), "outcome" => outcome).increment(1);
    histogram!(SEND_SECONDS, "channel" => channel.as_str()).record(seconds(ms));
}

/// Counts a post to a webhook.
pub(crate) fn hook(outcome: &'static str, ms: i64) {
    counter!(HOOK_POSTS, "outcome" => outcome).increment(1);
    histogram!(HOOK_SECONDS).record(seconds(ms));
}

/// Notes how late the oldest job of a batch was.
pub(crate) fn late(kind: JobKind, ms: i64) {
    histogram!(LATE_SECONDS, "kind" => kind.as_str()).record(seconds(ms));
}

/// Notes how many jobs are under way.
pub(crate) fn running(kind: JobKind, count: usize) {
    metrics::gauge!(RUNNING, "kind" => kind.as_str()).set(u32::try_from(count).unwrap_or(u32::MAX));
}

/// Notes how a carrier does.
pub(crate) fn carrier(name: &str, busy: usize, is_shut: bool) {
    let busy = u32::try_from(busy).unwrap_or(u32::MAX);
    metrics::gauge!(CARRIER_BUSY, "carrier" => name.to_owned()).set(busy);
    metrics::gauge!(CARRIER_SHUT, "carrier" => name.to_owned()).set(u32::from(is_shut));
}

/// Counts a queue that could not be read.
pub(crate) fn claim_failed() {
    counter!(CLAIM_FAULTS).increment(1);
}

fn seconds(ms: i64) -> f64 {
    ms.max(0) as f64 / 1_000.0
}
