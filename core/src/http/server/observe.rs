//! What operators see of requests: counters, a histogram, and one line in the log. Nobody's data is in any of them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use poem::Response;
use poem_openapi::OperationId;

const SECONDS: &str = "tenantry_http_request_seconds";
const BUCKETS: [f64; 14] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Starts recording, once in a process; `render` on what it returns gives the text for `/metrics`.
pub fn metrics_handle() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new();
        let builder = builder.set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS);
        let recorder = builder.unwrap_or_default().build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("metrics are recorded elsewhere in this process; /metrics stays empty");
        }
        let upkeep = handle.clone();
        // The recorder keeps each sample until somebody sums them up, also where nobody asks for /metrics.
        let thread = std::thread::Builder::new().name("metrics".to_owned()).spawn(move || {
            loop {
                std::thread::sleep(Duration::from_secs(5));
                upkeep.run_upkeep();
            }
        });
        if thread.is_err() {
            tracing::error!("no thread for metrics; they will take memory until /metrics is read");
        }
        handle
    })
}

pub(super) struct Observer {
    in_flight: Gauge,
    abandoned: Counter,
}

impl Observer {
    pub(super) fn new() -> Self {
        let _ = metrics_handle();
        Self {
            in_flight: gauge!("tenantry_http_requests_in_flight"),
            abandoned: counter!("tenantry_http_requests_abandoned_total"),
        }
    }

    pub(super) fn begin(&self, method: &Method) -> Observed<'_> {
        self.in_flight.increment(1.0);
        Observed { observer: self, start: Instant::now(), method: name(method), answered: false }
    }
}

/// A request on its way. Dropped without an answer it counts as abandoned: the client has gone.
pub(super) struct Observed<'a> {
    observer: &'a Observer,
    start: Instant,
    method: &'static str,
    answered: bool,
}

impl Observed<'_> {
    pub(super) fn answered(mut self, response: &Response) {
        self.answered = true;
        let operation = response.data::<OperationId>().map_or("none", |operation| operation.0);
        let status = response.status();
        let took = self.start.elapsed();
        record(operation, self.method, status, took);
        // Its span bears the request's id.
        let (status, micros, method) = (status.as_u16(), took.as_micros() as u64, self.method);
        match status {
            503 => tracing::warn!(method, operation, status, micros, "answered"),
            500.. => tracing::error!(method, operation, status, micros, "answered"),
            _ => tracing::debug!(method, operation, status, micros, "answered"),
        }
    }
}

impl Drop for Observed<'_> {
    fn drop(&mut self) {
        self.observer.in_flight.decrement(1.0);
        if !self.answered {
            self.observer.abandoned.increment(1);
        }
    }
}

type Key = (&'static str, &'static str, u16);

thread_local! {
    // Finding a series by its labels costs more than all the rest of the edge's bookkeeping.
    static SERIES: RefCell<HashMap<Key, Histogram>> = RefCell::default();
}

fn record(operation: &'static str, method: &'static str, status: StatusCode, took: Duration) {
    SERIES.with_borrow_mut(|series| {
        let key = (operation, method, status.as_u16());
        let histogram = series.entry(key).or_insert_with(|| {
            histogram!(SECONDS, "operation" => operation, "method" => method, "status" => status.as_str().to_owned())
        });
        histogram.record(took.as_secs_f64());
    });
}

/// Methods are the client's choice; a label has a bounded set.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
