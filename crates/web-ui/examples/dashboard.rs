//! Serves the dashboard alone, beside services that run already:
//! `cargo run -p web-ui --example dashboard -- 127.0.0.1:8081 http://127.0.0.1:3000 http://127.0.0.1:8080`

use std::io::{self, Write};

use tokio::net::TcpListener;
use web_ui::{UiConfig, router};

#[tokio::main]
async fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let mut next = |default: &str| args.next().unwrap_or_else(|| default.to_owned());
    let address = next("127.0.0.1:8081");
    let config = UiConfig {
        gateway_url: next("http://127.0.0.1:3000"),
        read_model_url: next("http://127.0.0.1:8080"),
    };
    let listener = TcpListener::bind(address).await?;
    writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
    axum::serve(listener, router(config)).await
}
