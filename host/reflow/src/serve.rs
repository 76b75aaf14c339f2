//! Serving: doors open, lanes running, until somebody says stop.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use api::accept::Entrance;
use api::outside::{Adopt, Outside};
use api::tls::Tls;
use ipnet::IpNet;
use pipeline::Node;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::beside::{self, Ready};
use crate::cli::{Cli, Listen};
use crate::home::Home;
use crate::output::Failure;
use crate::{admin, console, notify, telemetry};

/// Opens the folder as the node, or says who holds it.
pub async fn open(cli: &Cli) -> Result<(Home, Arc<Node>), Failure> {
    let mut home = Home::open(&cli.data)?;
    if !home.lock()? {
        let sentence = format!("another node is running on `{}`", cli.data.display());
        return Err(Failure::Refused {
            code: "already-running".into(),
            sentence,
            remedy: "Stop it first, or use another folder with `--data`.".into(),
            detail: Box::default(),
        });
    }
    let node = home.node(cli).await?;
    Ok((home, node))
}

/// Where members are served, and where the operator's programs are.
pub struct Doors {
    members: Entrance,
    admin: Option<Entrance>,
    dry_run: bool,
    ready: Ready,
}

impl Doors {
    /// Where members come in.
    pub fn address(&self) -> Option<SocketAddr> {
        self.members.listener.local_addr().ok()
    }
}

/// What the command line says about the world, with whoever collects traces.
pub fn outside(listen: &Listen, adopt: Option<Adopt>) -> Result<Outside, Failure> {
    let base = listen.base_url.as_deref().map(str::parse).transpose().map_err(Failure::Usage)?;
    let net = |text: &String| {
        let address = || text.parse::<IpAddr>().map(IpNet::from);
        text.parse::<IpNet>().or_else(|_| address()).map_err(|_| {
            Failure::Usage(format!("`{text}` is no network; write a trusted proxy as 10.0.0.0/8 or ::1"))
        })
    };
    let proxies = listen.trusted_proxies.iter().map(net).collect::<Result<_, _>>()?;
    Ok(Outside { base, proxies, adopt })
}

/// The certificate and its key, if both are named.
pub fn tls(listen: &Listen) -> Result<Option<Tls>, Failure> {
    match (&listen.tls_certificate, &listen.tls_key) {
        (Some(certificate), Some(key)) => Tls::open(certificate, key).map(Some).map_err(Failure::Unreachable),
        (None, None) => Ok(None),
        _ => Err(Failure::Usage("a certificate and its key go together; name both or neither".into())),
    }
}

/// Binds the ports early, so that a taken one is said before anything long is done.
pub async fn bind(cli: &Cli, listen: &Listen) -> Result<Doors, Failure> {
    let outside = Arc::new(outside(listen, cli.log.otlp.is_some().then_some(telemetry::adopt))?);
    let tls = tls(listen)?;
    let ready = beside::ready(cli, listen)?;
    let admin = match &listen.admin_listen {
        Some(address) => Some(Entrance {
            listener: bind_one(address, "--admin-listen").await?,
            tls: None,
            outside: Arc::default(),
        }),
        None => None,
    };
    let doors = listen.listen.as_deref().unwrap_or_default();
    let members = Entrance { listener: bind_one(doors, "--listen").await?, tls, outside };
    Ok(Doors { members, admin, dry_run: listen.dry_run.unwrap_or_default(), ready })
}

async fn bind_one(address: &str, flag: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::Unreachable(format!("cannot listen on `{address}`: {error}; choose another with `{flag}`"))
    })
}

/// Serves until SIGINT or SIGTERM, then lets every lane finish.
pub async fn serve(home: &Home, node: Arc<Node>, doors: Doors) -> Result<(), Failure> {
    let Doors { members, admin, dry_run, ready } = doors;
    raise_descriptor_limit();
    console::listen(node.clone(), &home.socket()).await?;
    let attendance = node.attend().await?;
    node.start_lanes().await?;
    let address = members.listener.local_addr()?;
    let rates = Arc::new(identity::rate::Rates::default());
    let programs = api::router(node.clone(), rates.clone(), dry_run, members.outside.base.clone())
        .map_err(|error| Failure::Unreachable(format!("the schema of /graphql cannot be made: {error}")))?;
    let (beside, mut carriers) = beside::begin(ready, &node);
    let router = web::router(node.clone(), rates, beside).merge(programs);
    let asked = admin.map(|entrance| {
        if let Ok(address) = entrance.listener.local_addr() {
            println!("admin http://{address}");
        }
        tokio::spawn(api::accept::serve(entrance, admin::router(node.clone()), std::future::pending()))
    });
    let (stop, again) =
        (stop()?, tokio::spawn(read_again(signal(SignalKind::hangup())?, members.tls.clone())));
    println!("ready {}://{address}", if members.tls.is_some() { "https" } else { "http" });
    notify::say("READY=1");
    api::accept::serve(members, router, stop).await;
    again.abort();
    carriers.abort_all();
    while carriers.join_next().await.is_some() {}
    if let Some(asked) = asked {
        asked.abort();
    }
    attendance.leave().await;
    node.close().await;
    let _ = std::fs::remove_file(home.socket());
    Ok(())
}

/// SIGHUP: what can change while the node runs is read again.
async fn read_again(mut told: Signal, tls: Option<Tls>) {
    while told.recv().await.is_some() {
        match tls.as_ref().map(Tls::read_again) {
            Some(Ok(())) => tracing::info!("the certificate was read again"),
            Some(Err(problem)) => tracing::error!("{problem}; the old certificate stays in use"),
            None => tracing::info!("there is nothing to read again: no certificate is set"),
        }
    }
}

/// As many descriptors as this process may have: each connection is one.
fn raise_descriptor_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }) {
        tracing::warn!(%error, "the number of connections stays limited by the shell's `ulimit -n`");
    }
}

/// SIGINT or SIGTERM. They are listened for from here on, not only once somebody waits for one.
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        notify::say("STOPPING=1");
    })
}
