//! Applications that stand on Redis, and several that stand on one database.

use super::{Engine, RedisLine, TestApp};
use crate::{
    Backend,
    at_rest::AtRest,
    chance::Chance,
    config::Config,
    http::assets::Site,
    keys::{DataKey, Keys},
};
use axum::Router;
use std::sync::Arc;

impl TestApp {
    /// An application that reaches Redis through this line, and has looked at it once.
    pub async fn with_redis(
        engine: Engine,
        line: &RedisLine,
        change: impl FnOnce(&mut Config),
        routes: impl FnOnce(&Backend) -> Router,
    ) -> Self {
        let with_line = |config: &mut Config| {
            config.redis_url = line.url.clone();
            change(config);
        };
        let app = Self::configured(engine, with_line, routes).await;
        app.backend.redis.look().await;
        app
    }

    /// Another instance of the same installation: its settings, database, keys and clock, and a memory of its own.
    pub async fn another(&self, routes: impl FnOnce(&Backend) -> Router) -> Self {
        self.beside(self.data_key, routes).await
    }

    /// A program of somebody who can reach the database, and who does not have the keys.
    pub async fn with_another_key(&self, routes: impl FnOnce(&Backend) -> Router) -> Self {
        self.beside(self.data_key.map(|byte| !byte), routes).await
    }

    /// The same installation started anew with settings changed: its folder, database, keys and clock. The one before must not
    /// be used any more.
    pub async fn restarted(
        &self,
        change: impl FnOnce(&mut Config),
        routes: impl FnOnce(&Backend) -> Router,
    ) -> anyhow::Result<Self> {
        let mut config = self.backend.config.clone();
        change(&mut config);
        let personal = Keys::personal_in(self.data_dir());
        let keys = Keys { data: DataKey(self.data_key), personal, ..super::keys() };
        let site = Site::Folder(self.data_dir().join("site"));
        let db = self.backend.ground.db.clone().keeping(AtRest::default());
        let chance = Chance::of_the_machine()?;
        let backend = Backend::build(config, db, self.clock.clone(), chance, &keys, site).await?;
        let folder = self.folder.clone();
        Ok(Self {
            routes: routes(&backend),
            backend,
            clock: self.clock.clone(),
            folder,
            data_key: self.data_key,
        })
    }

    async fn beside(&self, data_key: [u8; 32], routes: impl FnOnce(&Backend) -> Router) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let config = Config { data_dir: folder.path().to_owned(), ..self.backend.config.clone() };
        // Instances share their folder of keys.
        let personal = Keys::personal_in(self.data_dir());
        let keys = Keys { data: DataKey(data_key), personal, ..super::keys() };
        let (db, site) = (self.backend.ground.db.clone(), Site::Folder(folder.path().join("site")));
        // What is drawn by chance must differ from what the first one draws.
        let chance = Chance::seeded(43);
        let backend = Backend::build(config, db, self.clock.clone(), chance, &keys, site).await.unwrap();
        backend.redis.look().await;
        Self { routes: routes(&backend), backend, clock: self.clock.clone(), folder, data_key }
    }
}
