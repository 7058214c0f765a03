//! Runs a role: listens, puts it together, works, and stops in two stages.

use std::io;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use axum::Router;
use futures::future::{BoxFuture, join_all};
use service::http_server::{self, ServerLimits};
use service::shutdown::Shutdown;
use service::{open_files, telemetry};
use tokio::net::TcpListener;
use tokio::time::timeout;

use super::{Loaded, input};
use crate::role::{Assembled, Role, Work};
use crate::sections::{Common, Listen};

/// How long results may take to be recorded and published after what ran has ended; then the stop is a hard one.
const RECORDING: Duration = Duration::from_secs(10);

/// How long taking leave of the servers may take.
const LEAVE: Duration = Duration::from_secs(3);

/// Runs a role until it is told to stop.
pub(super) fn run<R: Role>(
    role: R,
    loaded: Loaded<R::Config>,
    until_end_of_input: bool,
) -> anyhow::Result<()> {
    let log = &R::common(&loaded.config).log;
    telemetry::init_with(log.format.decided(), &log.filter)?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    open_files::allow_many();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(R::common(&loaded.config).threads.get())
        .enable_all()
        .build()?;
    let served = runtime.block_on(serve(role, loaded.config, until_end_of_input));
    // What still runs on a thread of its own has had its time.
    runtime.shutdown_background();
    served
}

async fn serve<R: Role>(role: R, config: R::Config, until_end_of_input: bool) -> anyhow::Result<()> {
    let Common { listen, drain, .. } = R::common(&config).clone();
    let shutdown = Shutdown::new();
    shutdown.on_signals().context("cannot listen to signals")?;
    if until_end_of_input {
        input::stop_at_its_end(&shutdown)?;
    }
    let listener = bind(R::NAME, &listen).await?;
    let limits = ServerLimits {
        max_connections: listen.max_connections,
        drain: drain.get(),
        ..ServerLimits::default()
    };
    let Assembled { router, work, close } = role.assemble(config).await?;
    tracing::info!(address = %listen.address, version = service::VERSION, "{} listens", R::PROGRAM);
    tokio::spawn(harden(shutdown.clone(), drain.get() + RECORDING));
    let door = Door {
        listener,
        router,
        limits,
    };
    let worked = if let Some(work) = work {
        door.open_beside(work, &shutdown).await
    } else {
        door.open(shutdown.clone()).await;
        Ok(())
    };
    take_leave(close).await;
    worked
}

/// Turns a stop into a hard one when it takes too long.
async fn harden(shutdown: Shutdown, limit: Duration) {
    shutdown.soft.cancelled().await;
    tokio::time::sleep(limit).await;
    tracing::warn!(
        limit_s = limit.as_secs_f64(),
        "not stopped in time, stopping at once"
    );
    shutdown.hard.cancel();
}

async fn bind(role: &str, listen: &Listen) -> anyhow::Result<TcpListener> {
    let Listen { address, .. } = listen;
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => {
                anyhow!("{address} ({role}) is taken by another program; choose another port with --port N")
            }
            _ => anyhow!("cannot listen on {address} ({role}): {error}"),
        })
}

/// What a role answers, and where.
struct Door {
    listener: TcpListener,
    router: Router,
    limits: ServerLimits,
}

impl Door {
    /// Answers until the shutdown.
    async fn open(self, shutdown: Shutdown) {
        http_server::serve(self.listener, self.router, self.limits, shutdown).await;
    }

    /// Answers while work is done, until it has ended: whoever watches a shutdown goes on watching until then.
    async fn open_beside(self, work: Work, shutdown: &Shutdown) -> anyhow::Result<()> {
        let watchers = Shutdown {
            soft: shutdown.hard.child_token(),
            hard: shutdown.hard.clone(),
        };
        let answering = tokio::spawn(self.open(watchers.clone()));
        let worked = tokio::spawn(work(shutdown.clone())).await;
        let by_itself = !shutdown.soft.is_cancelled();
        watchers.soft.cancel();
        answering.await.context("the listener ended badly")?;
        worked.context("the work ended badly")?;
        if by_itself {
            bail!("the work ended by itself");
        }
        Ok(())
    }
}

async fn take_leave(close: Vec<BoxFuture<'static, ()>>) {
    if timeout(LEAVE, join_all(close)).await.is_err() {
        tracing::warn!("a server does not answer to our leave; it will notice by itself");
    }
}
