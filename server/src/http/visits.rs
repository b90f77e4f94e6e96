//! Visits: what a browser carries from one page to the next, signed in or not (a message to show, the values of a form).
//! tower-sessions keeps them; this is its store over Redis, where that is set and answers, and over our database.

use crate::{
    Error, Origin,
    db::Housekeeping,
    ground::Ground,
    outside::Redis,
    vault::{Purpose, Vault},
};
use async_trait::async_trait;
use domain::Timestamp;
use redis::Cmd;
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store,
};
use uuid::Uuid;

/// The name of a visit's cookie.
pub const COOKIE: &str = "visit";

/// Visits, wherever they are kept.
#[derive(Debug, Clone)]
pub struct Visits {
    ground: Ground,
    redis: Redis,
    vault: Vault,
}

impl Visits {
    pub const fn new(ground: Ground, redis: Redis, vault: Vault) -> Self {
        Self { ground, redis, vault }
    }

    async fn put(&self, record: &Record) -> crate::Result<()> {
        if self.put_into_redis(record).await?.is_some() {
            Ok(())
        } else {
            self.put_into_database(record).await
        }
    }

    /// A visit may have begun while Redis was away, so what is not there may be in the database. It moves then, or an old
    /// message would come back the next time that Redis is away.
    async fn get(&self, id: &Id) -> crate::Result<Option<Record>> {
        if let Some(record) = self.find_in_redis(id).await? {
            return Ok(Some(record));
        }
        let Some(record) = self.find_in_database(id).await? else { return Ok(None) };
        if self.put_into_redis(&record).await?.is_some() {
            self.remove_from_database(id).await?;
        }
        Ok(Some(record))
    }

    async fn remove(&self, id: &Id) -> crate::Result<()> {
        let command = self.about("DEL", id);
        if self.redis.ask::<u64>(&command).await == Some(1) {
            Ok(())
        } else {
            self.remove_from_database(id).await
        }
    }

    /// Sealed, as in the database, since it holds what somebody typed; and for this visit alone. Nothing where Redis does not
    /// answer.
    async fn put_into_redis(&self, record: &Record) -> crate::Result<Option<()>> {
        if !self.redis.is_set() {
            return Ok(None);
        }
        let ends = record.expiry_date.unix_timestamp();
        let plain = serde_json::to_vec(&(&record.data, ends)).map_err(anyhow::Error::from)?;
        let mut command = self.about("SET", &record.id);
        command.arg(self.vault.seal(Purpose::Visit, owner(&record.id), &plain)?).arg("EXAT").arg(ends);
        Ok(self.redis.ask(&command).await)
    }

    async fn find_in_redis(&self, id: &Id) -> crate::Result<Option<Record>> {
        let Some(sealed) = self.redis.ask::<Option<String>>(&self.about("GET", id)).await.flatten() else {
            return Ok(None);
        };
        let plain = self.vault.open(Purpose::Visit, owner(id), &sealed)?;
        let (data, ends) = serde_json::from_slice(&plain).map_err(anyhow::Error::from)?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(ends).map_err(anyhow::Error::from)?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    /// A command about this visit. Its id stands in the browser's cookie, so Redis has a fingerprint of it.
    fn about(&self, verb: &str, id: &Id) -> Cmd {
        let mut command = redis::cmd(verb);
        command.arg(format!(
            "countersign:visit:{}",
            self.vault.fingerprint(&["visit", id.to_string().as_str()])
        ));
        command
    }

    async fn put_into_database(&self, record: &Record) -> crate::Result<()> {
        let plain = serde_json::to_vec(&record.data).map_err(anyhow::Error::from)?;
        let data = self.vault.seal(Purpose::Visit, owner(&record.id), &plain)?;
        let expires_at = Timestamp::from_seconds(record.expiry_date.unix_timestamp());
        let mut tx = self.ground.begin(&Origin::program()).await?;
        execute!(
            tx,
            "insert into visits (id, data, expires_at) values ($1, $2, $3)
             on conflict (id) do update set data = excluded.data, expires_at = excluded.expires_at",
            record.id.to_string(),
            data,
            expires_at,
        )?;
        tx.commit_housekeeping(Housekeeping::Visit).await
    }

    async fn find_in_database(&self, id: &Id) -> crate::Result<Option<Record>> {
        let found: Option<(String, Timestamp)> = fetch_optional!(
            self.ground.db,
            (String, Timestamp),
            "select data, expires_at from visits where id = $1 and expires_at > $2",
            id.to_string(),
            self.ground.clock.now(),
        )?;
        let Some((data, expires_at)) = found else { return Ok(None) };
        let expiry_date =
            OffsetDateTime::from_unix_timestamp(expires_at.seconds()).map_err(anyhow::Error::from)?;
        // One from before they were sealed, or under another key, has nothing to say.
        let Ok(plain) = self.vault.open(Purpose::Visit, owner(id), &data) else { return Ok(None) };
        let data = serde_json::from_slice(&plain).map_err(anyhow::Error::from)?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn remove_from_database(&self, id: &Id) -> crate::Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        execute!(tx, "delete from visits where id = $1", id.to_string())?;
        tx.commit_housekeeping(Housekeeping::Visit).await
    }

    /// Forgets visits whose time is over, so many at a time that others can write in between.
    pub async fn forget_expired(&self) -> crate::Result<()> {
        loop {
            let mut tx = self.ground.begin(&Origin::program()).await?;
            let now = tx.at();
            let forgotten = execute!(
                tx,
                "delete from visits where id in (select id from visits where expires_at < $1 order by expires_at limit 10000)",
                now
            )?;
            tx.commit_housekeeping(Housekeeping::Expired).await?;
            if forgotten < 10_000 {
                return Ok(());
            }
        }
    }
}

#[async_trait]
impl SessionStore for Visits {
    /// Ids have 128 random bits, so a new one is never somebody else's.
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.save(record).await
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        // A message that is lost is better than an answer that is: the page after this one just says nothing.
        if let Err(error) = self.put(record).await {
            error.log();
        }
        Ok(())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.get(id).await.map_err(backend)
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.remove(id).await.map_err(backend)
    }
}

/// What is sealed for one visit opens for no other.
fn owner(id: &Id) -> Uuid {
    Uuid::from_u128(id.0.cast_unsigned())
}

fn backend(error: Error) -> session_store::Error {
    error.log();
    session_store::Error::Backend(error.to_string())
}
