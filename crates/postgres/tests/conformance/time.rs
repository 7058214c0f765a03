//! The server's clock.

use domain::{Clock, SystemClock};
use ports::JobStore;

use super::Schema;

/// The server of these tests shares our clock, so its answer lies between the question and its arrival.
#[tokio::test]
async fn the_server_tells_its_time() {
    let store = Schema::new().empty().await;
    let asked = SystemClock.now();
    let server = store.time().await.expect("the server answers");
    let answered = SystemClock.now();
    let server = server.expect("it has a clock");
    assert!(
        asked <= server && server <= answered,
        "{asked} <= {server} <= {answered}"
    );
}
