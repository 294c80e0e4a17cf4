//! The page that Prometheus reads: `/metrics`, on a listener of its own, for whoever may reach that.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use metrics::{describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::interval;

use super::{
    CATCH_UPS, CHANGES, COMMIT_JOBS, COMMIT_SECONDS, CONNECTIONS, DEEDS, REFUSALS, SIGN_INS_FAILED,
    SLOW_READERS, SOCKETS, TURNED_AWAY, WRONG_COPIES,
};
use crate::app::App;

/// Most readers at once; who comes after them waits.
const READERS: usize = 8;
/// A reader asks and has its answer within this time.
const ANSWERED: Duration = Duration::from_secs(10);
/// After a connection that could not be taken the next one waits for so long.
const REST: Duration = Duration::from_millis(200);
/// How often samples are put into their buckets: they would pile up if nobody read the page.
const TIDIED: Duration = Duration::from_secs(5);
/// Jobs of one transaction, and seconds that its commit took.
const JOBS: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];
const SECONDS: [f64; 10] = [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 1.0];

/// The page before anybody reads it.
pub struct Page {
    listener: TcpListener,
    handle: PrometheusHandle,
}

impl Page {
    /// From now on all is counted. There is one page in a process.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let recorder = recorder().map_err(io::Error::other)?.build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder)
            .map_err(|_| io::Error::other("counts go elsewhere already"))?;
        describe();
        Ok(Self { listener, handle })
    }

    /// Where it is.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Shows it until the server stops.
    pub async fn run(self, app: Arc<App>) {
        let (handle, readers) = (self.handle.clone(), Arc::new(Semaphore::new(READERS)));
        let text = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
        let router = Router::new().route("/metrics", get(async move || (text, handle.render())));
        let mut tidy = interval(TIDIED);
        loop {
            let come = async {
                let place = Arc::clone(&readers).acquire_owned().await;
                (place, self.listener.accept().await)
            };
            tokio::select! {
                biased;
                () = app.stop.cancelled() => return,
                _ = tidy.tick() => self.handle.run_upkeep(),
                (place, stream) = come => {
                    let (Ok(place), Ok((stream, _))) = (place, stream) else {
                        // Out of files, say: trying again at once would only burn the processor.
                        tokio::time::sleep(REST).await;
                        continue;
                    };
                    let answer = answer(router.clone(), stream);
                    app.tasks.spawn(async move {
                        let _ = tokio::time::timeout(ANSWERED, answer).await;
                        drop(place);
                    });
                }
            }
        }
    }
}

async fn answer(router: Router, stream: TcpStream) {
    let answer = TowerToHyperService::new(router);
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).keep_alive(false);
    // What goes wrong here is the reader's.
    let _ = builder.serve_connection(TokioIo::new(stream), answer).await;
}

fn recorder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(COMMIT_JOBS.to_owned()), &JOBS)?
        .set_buckets_for_metric(Matcher::Full(COMMIT_SECONDS.to_owned()), &SECONDS)
}

fn describe() {
    describe_gauge!(CONNECTIONS, "Open TCP connections");
    describe_gauge!(SOCKETS, "Live chat sockets");
    describe_counter!(DEEDS, "What people did: stored as a change, found done already, or refused");
    describe_counter!(CHANGES, "Changes that were published");
    describe_counter!(
        CATCH_UPS,
        "Portions of changes that connections took, from the tail or from the store"
    );
    describe_histogram!(COMMIT_JOBS, "Jobs in one transaction");
    describe_histogram!(COMMIT_SECONDS, "Seconds from the first job of a transaction to its commit");
    describe_counter!(REFUSALS, "Refusals, by code");
    describe_counter!(WRONG_COPIES, "Conversations that a client found wrong and loaded afresh");
    describe_counter!(SLOW_READERS, "Connections closed because they took nothing for 30 seconds");
    describe_counter!(TURNED_AWAY, "Hellos that were told to come back later");
    describe_counter!(SIGN_INS_FAILED, "Names and passwords that did not match");
}
