//! Load: callers who wait for an answer before they ask again, and a timetable that waits for nobody.

use std::future::Future;
use std::time::{Duration, Instant};

/// So many callers, each with one command at a time; answers a second.
pub async fn callers<F>(count: usize, seconds: f64, ask: impl Fn(usize) -> F + Clone + Send + 'static) -> f64
where
    F: Future<Output = Option<f64>> + Send,
{
    let (begin, until) = (Instant::now(), Instant::now() + Duration::from_secs_f64(seconds));
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..count {
        let ask = ask.clone();
        tasks.spawn(async move {
            let mut done = 0usize;
            while Instant::now() < until {
                done += usize::from(ask(n).await.is_some());
            }
            done
        });
    }
    let mut answered = 0;
    while let Some(done) = tasks.join_next().await {
        answered += done.expect("a caller");
    }
    answered as f64 / begin.elapsed().as_secs_f64()
}

/// Commands on a timetable, whether earlier ones are answered or not: the rate that was answered, and the
/// latencies from the moment each was due, milliseconds.
pub async fn timetable<F>(
    rate: f64,
    seconds: f64,
    ask: impl Fn(Instant) -> F + Clone + Send + 'static,
) -> (f64, Vec<f64>)
where
    F: Future<Output = Option<f64>> + Send + 'static,
{
    let begin = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..(rate * seconds) as usize {
        let due = begin + Duration::from_secs_f64(n as f64 / rate);
        if due > Instant::now() {
            tokio::time::sleep_until(due.into()).await;
        }
        tasks.spawn(ask(due));
    }
    let mut times = Vec::new();
    while let Some(done) = tasks.join_next().await {
        times.extend(done.expect("a command"));
    }
    times.sort_by(f64::total_cmp);
    (times.len() as f64 / begin.elapsed().as_secs_f64(), times)
}

/// The time that such a share of them stay under.
pub fn at(times: &[f64], share: f64) -> f64 {
    let last = times.len().saturating_sub(1);
    times.get(((times.len() as f64 * share) as usize).min(last)).copied().unwrap_or_default()
}
