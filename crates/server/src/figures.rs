//! The figures for Prometheus: where they are gathered, and in which buckets.

use std::time::Duration;

use metrics::{Unit, describe_counter, describe_histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

/// Upper ends of the buckets of everything that is measured in seconds.
const SECONDS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 20.0];

/// How often what was counted is gathered, so that it does not pile up between two scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

/// Begins to count. Once in the life of a process, inside its runtime.
pub(crate) fn begin() -> Result<PrometheusHandle, BuildError> {
    let recorder = PrometheusBuilder::new().set_buckets(&SECONDS)?.build_recorder();
    let handle = recorder.handle();
    // Only a second recorder could be refused, and there is none in this process.
    let _ = metrics::set_global_recorder(recorder);
    describe_counter!("liberty_http_requests_total", "Requests, by method, route and status");
    describe_histogram!(
        "liberty_http_request_seconds",
        Unit::Seconds,
        "How long a request took until its answer began, by route"
    );
    worker::describe();
    metrics::gauge!("liberty_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1);
    let upkeep = handle.clone();
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(UPKEEP);
        loop {
            ticks.tick().await;
            upkeep.run_upkeep();
        }
    });
    Ok(handle)
}
