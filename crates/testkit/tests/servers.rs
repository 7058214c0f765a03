//! Servers in containers: they start, go and come back where they were, and leave nothing behind.

use std::process::{Command, Output};

use testkit::servers::{MongoDbServer, PostgresServer, RedisServer, Server};
use testkit::wait_until;

const LIMIT: std::time::Duration = std::time::Duration::from_mins(1);

/// Kills a server and starts it again.
async fn comes_back(server: &Server) {
    let port = server.port();
    server.kill().await;
    server.start_again().await;
    server.ready().await;
    assert_eq!(server.port(), port);
}

#[tokio::test]
async fn postgres_comes_back_with_what_it_had() {
    let postgres = PostgresServer::start().await;
    let url = "postgres://observatory:observatory@127.0.0.1/observatory";
    let sql = |statement| ["psql", url, "--tuples-only", "--no-align", "--command", statement];
    let server = postgres.server();
    server.exec(&sql("create table t as select 7 as n")).await;
    comes_back(server).await;
    assert_eq!(server.exec(&sql("select n from t")).await, "7");
    assert!(
        postgres
            .url("observatory")
            .ends_with(&format!("{}/observatory", server.port()))
    );
}

#[tokio::test]
async fn redis_comes_back() {
    let redis = RedisServer::start().await;
    assert_eq!(redis.server().exec(&["redis-cli", "ping"]).await, "PONG");
    comes_back(redis.server()).await;
}

#[tokio::test]
async fn a_mongodb_compatible_server_comes_back() {
    let mongodb = MongoDbServer::start().await;
    comes_back(mongodb.server()).await;
}

#[tokio::test]
async fn a_server_is_gone_after_its_owner() {
    let redis = RedisServer::start().await;
    let port = redis.server().port();
    drop(redis);
    let gone = || async {
        let published = format!("publish={port}");
        let listed: Output = Command::new("docker")
            .args(["ps", "--all", "--quiet", "--filter", &published])
            .output()
            .expect("the engine answers");
        listed.stdout.is_empty()
    };
    wait_until(LIMIT, "the end of the container", gone).await;
}
