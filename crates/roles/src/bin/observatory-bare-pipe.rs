//! What RabbitMQ and PostgreSQL do at best with a stream of messages, without any of our own work in between: confirmed
//! publishes to a quorum queue, taken in batches into a table, committed, acknowledged. `observatory bench --target
//! services` holds its throughput against that.

use std::collections::VecDeque;
use std::env;
use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use clap::Parser;
use futures::StreamExt;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions, ConfirmSelectOptions,
    QueueDeclareOptions, QueueDeleteOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Confirmation, Connection, ConnectionProperties};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _, Executor};
use tokio::time::timeout;

/// Messages in one transaction, and its acknowledgement.
const BATCH: usize = 100;
/// Messages that the broker hands out ahead: some batches, so that it never waits for one.
const PREFETCH: u16 = 1_000;
/// Messages whose confirms may be outstanding.
const WINDOW: usize = 1_000;
/// Messages are stored by the broker as ours are.
const PERSISTENT: u8 = 2;
/// How long a server may take to let us in.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the whole measurement may take.
const LIMIT: Duration = Duration::from_mins(5);
/// How long the queue outlives us where we could not remove it, in milliseconds.
const EXPIRES: i64 = 10 * 60 * 1_000;

const AFTER: &str = "\
The broker is OBSERVATORY_BUS_URL or RABBITMQ_URL, the database OBSERVATORY_JOB_STORE_URL or POSTGRES_URL.

What it prints:
  messages_per_second  messages published, stored and acknowledged, by the time that took";

/// Measures the throughput of a broker and a database without an observatory: publish, confirm, insert, commit, acknowledge
///
/// The servers are those of the roles, by the same variables. Queue and table are its own, and go afterwards. Prints one
/// JSON object.
#[derive(Parser, Debug)]
#[command(name = "observatory-bare-pipe", version, after_help = AFTER)]
struct Arguments {
    /// How many messages go through
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    messages: u64,

    /// How long each is
    #[arg(long, value_name = "BYTES", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    body_bytes: u32,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody may be listening, which is fine.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let broker = url(["OBSERVATORY_BUS_URL", "RABBITMQ_URL"])?;
    let database = url(["OBSERVATORY_JOB_STORE_URL", "POSTGRES_URL"])?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let per_second = runtime.block_on(measured(arguments, &broker, &database))?;
    writeln!(std::io::stdout(), r#"{{"messages_per_second":{per_second:.1}}}"#)?;
    Ok(())
}

/// The first of two variables that is set.
fn url(names: [&str; 2]) -> anyhow::Result<String> {
    let set = |name: &&str| env::var(name).ok().filter(|value| !value.is_empty());
    let [ours, published] = names;
    names
        .iter()
        .find_map(set)
        .with_context(|| format!("neither {ours} nor {published} is set"))
}

async fn measured(arguments: &Arguments, broker: &str, database: &str) -> anyhow::Result<f64> {
    ensure!(
        !broker.starts_with("amqps:"),
        "the bare pipe speaks to the broker unencrypted only"
    );
    // Of this run alone, so that several may go on at once.
    let name = format!("bare_pipe_{}", std::process::id());
    let mut pipe = Pipe::open(&name, broker, database).await?;
    let outcome = timeout(LIMIT, pipe.measure(arguments)).await;
    let outcome = outcome
        .with_context(|| format!("not done within {LIMIT:?}"))
        .and_then(|outcome| outcome);
    let closed = timeout(CONNECT, pipe.close())
        .await
        .context("the servers do not answer to our leave");
    let per_second = outcome?;
    closed??;
    Ok(per_second)
}

/// A queue, a table, and the connections to both.
struct Pipe {
    name: String,
    publisher: Connection,
    consumer: Connection,
    database: PgConnection,
}

impl Pipe {
    /// Connects, and makes queue and table.
    async fn open(name: &str, broker: &str, database: &str) -> anyhow::Result<Self> {
        let connect = async {
            let publisher = Connection::connect(broker, ConnectionProperties::default()).await?;
            let consumer = Connection::connect(broker, ConnectionProperties::default()).await?;
            declare(&publisher.create_channel().await?, name).await?;
            Ok::<_, lapin::Error>((publisher, consumer))
        };
        let connected = timeout(CONNECT, connect)
            .await
            .context("the broker does not answer")?;
        let (publisher, consumer) = connected.context("cannot use the broker")?;
        let connected = timeout(CONNECT, PgConnection::connect(database)).await;
        let connected = connected.context("the database does not answer")?;
        let mut database = connected.context("cannot use the database")?;
        let table = format!("CREATE TABLE {name} (id bigint PRIMARY KEY, body bytea NOT NULL)");
        let made = timeout(CONNECT, database.execute(AssertSqlSafe(table))).await;
        made.context("the database does not answer")?
            .context("cannot make a table")?;
        Ok(Self {
            name: name.to_owned(),
            publisher,
            consumer,
            database,
        })
    }

    /// Sends all messages through, and gives how many there were a second.
    async fn measure(&mut self, arguments: &Arguments) -> anyhow::Result<f64> {
        let channel = self.publisher.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        let body = vec![b'x'; usize::try_from(arguments.body_bytes)?];
        let taking = self.consumer.create_channel().await?;
        let since = Instant::now();
        let (published, taken) = tokio::join!(
            publish(&channel, &self.name, &body, arguments.messages),
            take(&taking, &self.name, &mut self.database, arguments.messages)
        );
        published.context("publishing")?;
        taken.context("consuming")?;
        #[expect(
            clippy::cast_precision_loss,
            reason = "at most ten million, by the command line"
        )]
        let messages = arguments.messages as f64;
        Ok(messages / since.elapsed().as_secs_f64())
    }

    /// Removes queue and table.
    async fn close(mut self) -> anyhow::Result<()> {
        let table = format!("DROP TABLE {}", self.name);
        let dropped = self.database.execute(AssertSqlSafe(table)).await;
        let channel = self.publisher.create_channel().await?;
        let deleted = channel
            .queue_delete(self.name.as_str().into(), QueueDeleteOptions::default())
            .await;
        dropped.context("cannot drop the table")?;
        deleted.context("cannot delete the queue")?;
        Ok(())
    }
}

async fn declare(channel: &Channel, name: &str) -> lapin::Result<()> {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    arguments.insert("x-expires".into(), AMQPValue::LongLongInt(EXPIRES));
    channel
        .queue_declare(name.into(), QueueDeclareOptions::durable(), arguments)
        .await?;
    Ok(())
}

async fn publish(channel: &Channel, queue: &str, body: &[u8], messages: u64) -> anyhow::Result<()> {
    let mut flight = VecDeque::with_capacity(WINDOW);
    for _ in 0..messages {
        if flight.len() >= WINDOW
            && let Some(confirm) = flight.pop_front()
        {
            confirmed(confirm).await?;
        }
        let properties = BasicProperties::default().with_delivery_mode(PERSISTENT);
        let options = BasicPublishOptions::default();
        flight.push_back(
            channel
                .basic_publish("".into(), queue.into(), options, body, properties)
                .await?,
        );
    }
    for confirm in flight {
        confirmed(confirm).await?;
    }
    Ok(())
}

async fn confirmed(confirm: impl Future<Output = lapin::Result<Confirmation>>) -> anyhow::Result<()> {
    match confirm.await? {
        Confirmation::Ack(None) => Ok(()),
        other => bail!("a message was not taken: {other:?}"),
    }
}

async fn take(
    channel: &Channel,
    queue: &str,
    database: &mut PgConnection,
    messages: u64,
) -> anyhow::Result<()> {
    channel.basic_qos(PREFETCH, BasicQosOptions::default()).await?;
    let options = BasicConsumeOptions::default();
    let mut consumer = channel
        .basic_consume(queue.into(), "".into(), options, FieldTable::default())
        .await?;
    let insert = format!("INSERT INTO {queue} (id, body) SELECT * FROM UNNEST($1::bigint[], $2::bytea[])");
    let (mut ids, mut bodies) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH));
    for id in 1..=messages {
        let delivery = consumer
            .next()
            .await
            .context("the broker takes the queue away")??;
        ids.push(i64::try_from(id)?);
        bodies.push(delivery.data);
        if ids.len() == BATCH || id == messages {
            // One statement is a transaction: it is committed when it returns.
            let statement = sqlx::query(AssertSqlSafe(insert.clone()));
            let (ids, bodies) = (std::mem::take(&mut ids), std::mem::take(&mut bodies));
            statement.bind(ids).bind(bodies).execute(&mut *database).await?;
            let all_until_here = BasicAckOptions { multiple: true };
            channel.basic_ack(delivery.delivery_tag, all_until_here).await?;
        }
    }
    Ok(())
}
