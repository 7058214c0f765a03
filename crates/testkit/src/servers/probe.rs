//! Whether a server answers.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The longest an answer may take before the question is put again.
const LIMIT: Duration = Duration::from_secs(2);

/// A question that a server answers only when it is ready: a mapped port takes connections long before.
#[derive(Clone, Copy, Debug)]
pub struct Probe {
    /// What it is asked.
    pub question: &'static [u8],
    /// How many bytes of its answer say nothing.
    pub skip: usize,
    /// How its answer goes on.
    pub answer: &'static [u8],
}

impl Probe {
    /// Asks the server at a port of this machine.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub async fn ask(&self, port: u16) -> Result<(), String> {
        let asked = timeout(LIMIT, self.answer_of(port)).await;
        let answer = asked.map_err(|_elapsed| "no answer".to_owned())?;
        let answer = answer.map_err(|error| error.to_string())?;
        if answer == self.answer {
            return Ok(());
        }
        Err(format!("answers {:?}", String::from_utf8_lossy(&answer)))
    }

    async fn answer_of(&self, port: u16) -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.write_all(self.question).await?;
        let mut answer = vec![0; self.skip + self.answer.len()];
        stream.read_exact(&mut answer).await?;
        Ok(answer.split_off(self.skip))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    const PING: Probe = Probe {
        question: b"PING\r\n",
        skip: 1,
        answer: b"PONG",
    };

    /// A server that answers one question.
    async fn answering(answer: &'static [u8]) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut question = [0; 6];
            stream.read_exact(&mut question).await.unwrap();
            assert_eq!(question, PING.question);
            stream.write_all(answer).await.unwrap();
        });
        port
    }

    #[tokio::test]
    async fn a_server_that_gives_the_answer_is_ready() {
        assert_eq!(PING.ask(answering(b"+PONG\r\n").await).await, Ok(()));
    }

    #[tokio::test]
    async fn another_answer_or_none_is_told() {
        let loading = PING.ask(answering(b"-LOADING\r\n").await).await;
        assert_eq!(loading, Err("answers \"LOAD\"".to_owned()));
        assert!(PING.ask(answering(b"").await).await.is_err());
    }
}
