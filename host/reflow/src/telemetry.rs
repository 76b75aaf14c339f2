//! What is told about what happens: the log on standard error, and, where the operator names a collector, traces
//! by OTLP over HTTP. Nothing is sent to anybody who is not named.

use std::time::Duration;

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::cli::{Log, LogFormat};
use crate::output::Failure;

/// How long a collector may take, also when the node ends.
const COLLECTOR_WAIT: Duration = Duration::from_secs(5);
/// Whose spans are collected: the rooms a command goes through.
const ROOMS: [&str; 4] = ["api", "pipeline", "store", "web"];

/// What has to be sent before the process ends.
pub struct Telemetry(Option<SdkTracerProvider>);

/// Whether what the configuration says can be done.
pub fn check(log: &Log) -> Result<(), Failure> {
    filter(log)?;
    exporter(log).map(drop)
}

fn filter(log: &Log) -> Result<EnvFilter, Failure> {
    let said = log.log.as_deref().unwrap_or("warn");
    EnvFilter::try_new(said).map_err(|error| Failure::Usage(format!("log `{said}`: {error}")))
}

/// Begins to log, and to collect traces if anybody is named to send them to.
pub fn start(log: &Log) -> Result<Telemetry, Failure> {
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    let lines = match log.log_format {
        Some(LogFormat::Json) => lines.json().boxed(),
        _ => lines.boxed(),
    };
    let provider = exporter(log)?.map(|exporter| {
        SdkTracerProvider::builder()
            .with_resource(Resource::builder().with_service_name("reflow").build())
            .with_batch_exporter(exporter)
            .build()
    });
    let spans = provider.as_ref().map(|provider| {
        let rooms = ROOMS.map(|room| (room, tracing::Level::INFO));
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("reflow"))
            .with_filter(Targets::new().with_targets(rooms))
    });
    tracing_subscriber::registry().with(lines.with_filter(filter(log)?)).with(spans).init();
    Ok(Telemetry(provider))
}

fn exporter(log: &Log) -> Result<Option<SpanExporter>, Failure> {
    let Some(url) = &log.otlp else { return Ok(None) };
    let wrong = |why: &str| {
        Failure::Usage(format!("`{url}` is no collector ({why}); write it as http://127.0.0.1:4318"))
    };
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(wrong("it is spoken to over HTTP"));
    }
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Collector(client()))
        .with_protocol(Protocol::HttpJson)
        .with_timeout(COLLECTOR_WAIT)
        .with_endpoint(format!("{}/v1/traces", url.trim_end_matches('/')))
        .build();
    exporter.map(Some).map_err(|error| wrong(&error.to_string()))
}

fn client() -> ureq::Agent {
    let config =
        ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(COLLECTOR_WAIT));
    config.build().into()
}

/// The collector, spoken to from the exporter's own thread, which may wait.
#[derive(Debug)]
struct Collector(ureq::Agent);

#[async_trait::async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let mut answer = self.0.run(ureq::http::Request::from_parts(head, body.as_ref()))?;
        let bytes = answer.body_mut().read_to_vec()?;
        Ok(answer.map(|_| bytes.into()))
    }
}

impl Telemetry {
    /// Sends what is left.
    pub fn close(self) {
        if let Some(provider) = self.0
            && let Err(error) = provider.shutdown_with_timeout(COLLECTOR_WAIT)
        {
            tracing::warn!(%error, "the last traces did not reach their collector");
        }
    }
}

/// Puts a request's span into the trace that it is part of, if it is part of one, and says the trace's id.
pub fn adopt(span: &tracing::Span, parent: Option<&str>) -> Option<String> {
    if let Some(parent) = parent {
        let said = std::collections::HashMap::from([("traceparent".to_owned(), parent.to_owned())]);
        let _ = span.set_parent(TraceContextPropagator::new().extract(&said));
    }
    let context = span.context();
    let context = context.span().span_context().clone();
    context.is_valid().then(|| context.trace_id().to_string())
}
