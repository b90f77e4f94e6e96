//! Applications that stand on Redis, and several that stand on one database.

use super::{Engine, RedisLine, TestApp};
use crate::{
    Backend,
    chance::Chance,
    config::Config,
    http::assets::Site,
    keys::{DataKey, Keys},
};
use axum::Router;

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

    async fn beside(&self, data_key: [u8; 32], routes: impl FnOnce(&Backend) -> Router) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data_dir: folder.path().to_owned(), ..self.backend.config.clone() };
        let keys = Keys { data: DataKey(data_key), ..super::keys() };
        let (db, site) = (self.backend.ground.db.clone(), Site::Folder(folder.path().join("site")));
        // What is drawn by chance must differ from what the first one draws.
        let chance = Chance::seeded(43);
        let backend = Backend::build(config, db, self.clock.clone(), chance, &keys, site).await.unwrap();
        backend.redis.look().await;
        Self { routes: routes(&backend), backend, clock: self.clock.clone(), folder, data_key }
    }
}
