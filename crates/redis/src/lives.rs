//! Whether the stats are complete, and of which life of theirs that was said.
//!
//! Redis may lose everything at any moment, also while a rebuild goes on. So the stats have a life, which ends with
//! their data; a rebuild makes the life complete that it found when it began.

use std::sync::Mutex;
use std::sync::PoisonError;

use ports::StoreError;
use redis::aio::MultiplexedConnection;
use redis::{RedisResult, cmd};
use uuid::Uuid;

use crate::keys::{self, Keys};
use crate::link::Link;
use crate::scripts::Scripts;

/// What is known of the stats' lives.
#[derive(Default)]
pub(crate) struct Lives {
    /// The one that was not complete when somebody asked last.
    incomplete: Mutex<Option<Uuid>>,
}

impl Lives {
    fn remember(&self, life: Option<Uuid>) {
        *self.incomplete.lock().unwrap_or_else(PoisonError::into_inner) = life;
    }

    fn remembered(&self) -> Option<Uuid> {
        *self.incomplete.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which life is complete, if the present one is.
    pub(crate) async fn complete(&self, link: &Link) -> Result<Option<Uuid>, StoreError> {
        let keys = &link.config().keys;
        let complete = link.call(|connection| complete(keys, connection)).await?;
        if complete.is_none() {
            self.remember(link.call(|connection| present(keys, connection)).await?);
        }
        Ok(complete)
    }

    /// Says that the life which was not complete is so now; nothing, if that one has ended.
    pub(crate) async fn set_complete(&self, link: &Link, scripts: &Scripts) -> Result<(), StoreError> {
        let known = self.remembered();
        let mut call = scripts.set_complete.key(link.config().keys.prefix());
        call.arg(known.map_or_else(String::new, |life| life.to_string()))
            .arg(Uuid::new_v4().to_string());
        let call = &call;
        let ask = |mut connection| async move { call.invoke_async(&mut connection).await };
        let is_said: bool = link.call(ask).await?;
        if !is_said {
            tracing::warn!("Redis lost the stats while they were rebuilt, they are not complete");
        }
        Ok(())
    }

    /// Ends the present life with all that belongs to it, and begins a new one.
    pub(crate) async fn clear(&self, link: &Link, scripts: &Scripts) -> Result<(), StoreError> {
        let life = Uuid::new_v4();
        let mut call = scripts.clear.key(link.config().keys.prefix());
        call.arg(life.to_string());
        for name in keys::NAMED {
            call.arg(name);
        }
        let call = &call;
        let tell = |mut connection| async move { call.invoke_async(&mut connection).await };
        link.call::<(), _>(tell).await?;
        self.remember(Some(life));
        Ok(())
    }
}

async fn complete(keys: &Keys, mut connection: MultiplexedConnection) -> RedisResult<Option<Uuid>> {
    let mut get = cmd("GET");
    get.arg(keys.of(keys::COMPLETE));
    let found: Option<String> = get.query_async(&mut connection).await?;
    // A text of somebody else's says nothing of ours.
    Ok(found.and_then(|text| Uuid::try_parse(&text).ok()))
}

/// The present life, begun now if there is none.
async fn present(keys: &Keys, mut connection: MultiplexedConnection) -> RedisResult<Option<Uuid>> {
    let mut begin = cmd("SET");
    let key = keys.of(keys::LIFE);
    begin.arg(&key).arg(Uuid::new_v4().to_string()).arg("NX");
    let _begun_now: Option<String> = begin.query_async(&mut connection).await?;
    let found: Option<String> = cmd("GET").arg(&key).query_async(&mut connection).await?;
    Ok(found.and_then(|text| Uuid::try_parse(&text).ok()))
}
