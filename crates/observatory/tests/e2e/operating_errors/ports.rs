//! Ports that are taken, or are none.

use std::net::{Ipv4Addr, TcpListener};

use super::run;
use crate::common::{PORTS, Site, free_offset};

#[tokio::test]
async fn a_taken_port_is_named_with_the_option_that_moves_it() {
    for (port, role) in PORTS
        .into_iter()
        .zip(["gateway", "read model", "web page", "processor metrics"])
    {
        let offset = free_offset();
        let taken = port + offset;
        let _holder = TcpListener::bind((Ipv4Addr::LOCALHOST, taken)).unwrap();
        let site = Site::new();
        let data = site.data();
        let ended = run(&[
            "up",
            "--port-offset",
            &offset.to_string(),
            "--data-dir",
            data.to_str().unwrap(),
        ])
        .await;
        ended.assert_failed(1, &[&format!("port {taken}"), role, "--port-offset"]);
        assert!(ended.stdout.is_empty(), "nothing is announced: {}", ended.stdout);
        assert!(!data.exists(), "nothing was begun");
    }
}

#[tokio::test]
async fn a_second_observatory_without_options_of_its_own_is_told_about_the_ports() {
    let first = Site::new().start(&[]).await;
    let offset = (first.gateway.port - PORTS[0]).to_string();
    let ended = run(&["--port-offset", &offset]).await;
    ended.assert_failed(1, &[&first.gateway.port.to_string(), "--port-offset"]);
    first.echoes("the second one").await;
}

#[tokio::test]
async fn an_offset_that_leaves_no_ports_is_refused() {
    run(&["up", "--port-offset", "60000"])
        .await
        .assert_failed(1, &["60000", "65535"]);
    run(&["up", "--port-offset", "70000"])
        .await
        .assert_failed(2, &["70000", "--port-offset"]);
    run(&["up", "--port-offset", "-1"])
        .await
        .assert_failed(2, &["-1"]);
}

/// An address of the documentation ranges: no machine has it.
#[tokio::test]
async fn an_address_that_is_not_ours_is_named() {
    let offset = free_offset().to_string();
    let ended = run(&["up", "--bind", "203.0.113.7", "--port-offset", &offset]).await;
    ended.assert_failed(1, &["cannot listen on 203.0.113.7"]);
    run(&["up", "--bind", "home"])
        .await
        .assert_failed(2, &["home", "--bind"]);
}
