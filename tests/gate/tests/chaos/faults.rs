//! What is done to the system while jobs are under way.

use std::time::Duration;

use anyhow::Result;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use testkit::proxy::Proxy;
use testkit::servers::Server;
use tokio::time::sleep;

use crate::stage::Stage;

/// How long what is away stays away.
const AWAY: Duration = Duration::from_secs(4);

/// A fault, made while jobs are submitted and run.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    /// What `observatory prove` is told besides.
    pub(crate) arguments: &'static [&'static str],
    pub(crate) strike: for<'s> fn(&'s Stage) -> LocalBoxFuture<'s, Result<()>>,
}

/// Enough jobs that there is load before, while and after something is away; few enough that the event log of the tests,
/// which goes through all of it for every question, answers in a second.
const LOAD: &[&str] = &["--jobs", "3000", "--kills", "0"];

/// Every fault. What befalls the roles is done by `observatory prove` itself.
pub(crate) static FAULTS: &[Fault] = &[
    Fault {
        name: "roles killed at random",
        arguments: &["--jobs", "3000", "--kills", "12", "--seed", "1"],
        strike: |_| std::future::ready(Ok(())).boxed_local(),
    },
    Fault {
        name: "rolling restart",
        arguments: &["--jobs", "3000", "--kills", "6", "--gently", "--seed", "2"],
        strike: |_| std::future::ready(Ok(())).boxed_local(),
    },
    Fault {
        name: "broker killed",
        arguments: LOAD,
        strike: |stage| killed(stage.rabbitmq.server()).boxed_local(),
    },
    Fault {
        name: "broker restarted",
        arguments: LOAD,
        strike: |stage| restarted(stage.rabbitmq.server()).boxed_local(),
    },
    Fault {
        name: "broker out of memory",
        arguments: LOAD,
        strike: |stage| alarmed(stage.rabbitmq.server()).boxed_local(),
    },
    Fault {
        name: "broker out of disk",
        arguments: LOAD,
        strike: |stage| full(stage.rabbitmq.server()).boxed_local(),
    },
    Fault {
        name: "everything delivered again, ten times",
        arguments: LOAD,
        strike: |stage| torn(&stage.links.rabbitmq).boxed_local(),
    },
    Fault {
        name: "job store killed",
        arguments: LOAD,
        strike: |stage| killed(stage.postgres.server()).boxed_local(),
    },
    Fault {
        name: "every connection to the job store ended",
        arguments: LOAD,
        strike: |stage| backends_ended(stage.postgres.server()).boxed_local(),
    },
    Fault {
        name: "no connection to the job store left",
        arguments: LOAD,
        strike: |stage| occupied(stage.postgres.server()).boxed_local(),
    },
    Fault {
        name: "live stats lost",
        arguments: LOAD,
        strike: |stage| flushed(stage.redis.server()).boxed_local(),
    },
    Fault {
        name: "live stats down",
        arguments: LOAD,
        strike: |stage| killed(stage.redis.server()).boxed_local(),
    },
    Fault {
        name: "event log down",
        arguments: LOAD,
        strike: |stage| restarted(stage.mongodb.server()).boxed_local(),
    },
    Fault {
        name: "link to the broker stalled",
        arguments: LOAD,
        strike: |stage| stalled(&stage.links.rabbitmq).boxed_local(),
    },
    Fault {
        name: "link to the job store stalled",
        arguments: LOAD,
        strike: |stage| stalled(&stage.links.postgres).boxed_local(),
    },
    Fault {
        name: "link to the live stats stalled",
        arguments: LOAD,
        strike: |stage| stalled(&stage.links.redis).boxed_local(),
    },
    Fault {
        name: "link to the event log stalled",
        arguments: LOAD,
        strike: |stage| stalled(&stage.links.mongodb).boxed_local(),
    },
    Fault {
        name: "every link cut",
        arguments: LOAD,
        strike: |stage| all_cut(stage).boxed_local(),
    },
];

async fn killed(server: &Server) -> Result<()> {
    server.kill().await;
    sleep(AWAY).await;
    server.start_again().await;
    server.ready().await;
    Ok(())
}

async fn restarted(server: &Server) -> Result<()> {
    server.stop().await;
    sleep(AWAY).await;
    server.start_again().await;
    server.ready().await;
    Ok(())
}

/// The broker blocks every publisher, as it does when its memory runs out.
async fn alarmed(server: &Server) -> Result<()> {
    let ctl = |limit: &'static str| {
        let command = ["rabbitmqctl", "set_vm_memory_high_watermark", limit];
        async move { server.exec(&command).await }
    };
    ctl("0.00001").await;
    sleep(AWAY).await;
    ctl("0.4").await;
    Ok(())
}

/// The broker blocks every publisher, as it does when less disk is free than it is told to leave.
async fn full(server: &Server) -> Result<()> {
    let ctl = |limit: &'static str| {
        let command = ["rabbitmqctl", "set_disk_free_limit", limit];
        async move { server.exec(&command).await }
    };
    ctl("1000GB").await;
    sleep(AWAY).await;
    ctl("50MB").await;
    Ok(())
}

/// What is delivered and not acknowledged comes again whenever the connection is lost.
async fn torn(link: &Proxy) -> Result<()> {
    for _ in 0..10 {
        link.cut();
        sleep(Duration::from_millis(100)).await;
        link.forward();
        sleep(Duration::from_millis(900)).await;
    }
    Ok(())
}

/// Others hold every session that the database gives, after those of the roles were ended.
async fn occupied(server: &Server) -> Result<()> {
    let script = "for n in $(seq 120); do \
         psql -h /tmp -U observatory observatory -qc 'SELECT pg_sleep(4)' >/dev/null 2>&1 & done; \
         psql -h /tmp -U observatory observatory -qc \"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
         WHERE datname = 'observatory' AND query NOT LIKE '%pg_sleep%' AND pid <> pg_backend_pid()\"; wait";
    server.exec(&["sh", "-c", script]).await;
    Ok(())
}

/// Five times, so that some are ended that have only just been made.
async fn backends_ended(server: &Server) -> Result<()> {
    let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
               WHERE datname = 'observatory' AND pid <> pg_backend_pid()";
    for _ in 0..5 {
        server
            .exec(&[
                "psql",
                "-h",
                "/tmp",
                "-U",
                "observatory",
                "observatory",
                "-c",
                sql,
            ])
            .await;
        sleep(Duration::from_millis(400)).await;
    }
    Ok(())
}

async fn flushed(server: &Server) -> Result<()> {
    server.exec(&["redis-cli", "FLUSHALL"]).await;
    Ok(())
}

async fn stalled(link: &Proxy) -> Result<()> {
    link.stall();
    sleep(AWAY).await;
    link.forward();
    Ok(())
}

async fn all_cut(stage: &Stage) -> Result<()> {
    let links = &stage.links;
    let all = [&links.rabbitmq, &links.postgres, &links.redis, &links.mongodb];
    for link in all {
        link.cut();
    }
    sleep(AWAY).await;
    for link in all {
        link.forward();
    }
    Ok(())
}
