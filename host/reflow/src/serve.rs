//! Serving: doors open, lanes running, until somebody says stop.

use std::sync::Arc;

use pipeline::Node;
use tokio::net::TcpListener;

use crate::admin;
use crate::cli::{Cli, Listen};
use crate::console;
use crate::home::Home;
use crate::output::Failure;

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
pub struct Listeners {
    doors: TcpListener,
    admin: Option<TcpListener>,
}

/// Binds the ports early, so that a taken one is said before anything long is done.
pub async fn bind(listen: &Listen) -> Result<Listeners, Failure> {
    let doors = listen.listen.as_deref().unwrap_or("127.0.0.1:4700");
    let admin = match &listen.admin_listen {
        Some(address) => Some(bind_one(address, "--admin-listen").await?),
        None => None,
    };
    Ok(Listeners { doors: bind_one(doors, "--listen").await?, admin })
}

async fn bind_one(address: &str, flag: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::Unreachable(format!("cannot listen on `{address}`: {error}; choose another with `{flag}`"))
    })
}

/// Serves until SIGINT or SIGTERM, then lets every lane finish.
pub async fn serve(home: &Home, node: Arc<Node>, listeners: Listeners, dry_run: bool) -> Result<(), Failure> {
    let Listeners { doors: listener, admin } = listeners;
    raise_descriptor_limit();
    console::listen(node.clone(), &home.socket()).await?;
    let attendance = node.attend().await?;
    node.start_lanes().await?;
    let address = listener.local_addr()?;
    let rates = Arc::new(identity::rate::Rates::default());
    let doors = api::router(node.clone(), rates.clone(), dry_run)
        .map_err(|error| Failure::Unreachable(format!("the schema of /graphql cannot be made: {error}")))?;
    let router = web::router(node.clone(), rates).merge(doors);
    let asked = admin.map(|listener| {
        if let Ok(address) = listener.local_addr() {
            println!("admin http://{address}");
        }
        tokio::spawn(api::accept::serve(listener, admin::router(node.clone()), std::future::pending()))
    });
    println!("ready http://{address}");
    api::accept::serve(listener, router, stop()).await;
    if let Some(asked) = asked {
        asked.abort();
    }
    attendance.leave().await;
    node.close().await;
    let _ = std::fs::remove_file(home.socket());
    Ok(())
}

/// As many descriptors as this process may have: each connection is one.
fn raise_descriptor_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }) {
        tracing::warn!(%error, "the number of connections stays limited by the shell's `ulimit -n`");
    }
}

async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
