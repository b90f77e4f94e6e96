//! The two engines, each with an empty database for every test.

use crate::{chance::Chance, clock::Clock, db::Db};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::Path;
use tokio::sync::OnceCell;

/// Where the throw-away PostgreSQL listens; `make test` starts one and sets it.
const POSTGRES: &str = "COUNTERSIGN_TEST_POSTGRES";

/// An engine to test on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// The address of a new database without any schema.
    pub async fn bare(self, folder: &Path) -> String {
        match self {
            Self::Sqlite => format!("sqlite:{}", folder.join("countersign.db").display()),
            Self::Postgres => address(&new_database("template1").await),
        }
    }

    /// Opens an empty database with the schema in place.
    pub async fn open(self, folder: &Path) -> Db {
        match self {
            Self::Sqlite => Db::open(&self.bare(folder).await).await.unwrap(),
            Self::Postgres => Db::open(&clone_of_the_template().await).await.unwrap(),
        }
    }
}

/// The address of a new database, copied from one that was migrated once for this process.
async fn clone_of_the_template() -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let template = TEMPLATE
        .get_or_init(|| async {
            let name = new_database("template1").await;
            let db = Db::open(&address(&name)).await.unwrap();
            db.close().await;
            name
        })
        .await;
    address(&new_database(template).await)
}

async fn new_database(template: &str) -> String {
    let id = Chance::of_the_machine().unwrap().id(Clock::of_the_machine().now());
    let name = format!("countersign_test_{}", id.simple());
    let mut connection =
        PgConnection::connect(&server()).await.expect("the PostgreSQL for tests does not answer");
    // Names made of letters, digits and underscores only.
    let statement = format!("create database {name} template {template}");
    sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    name
}

#[allow(clippy::disallowed_methods, reason = "no setting of the program")]
fn server() -> String {
    std::env::var(POSTGRES).unwrap_or_else(|_| {
        panic!("{POSTGRES} is not set. `make test` starts a PostgreSQL for the tests; or set it to postgres://user@host:port/postgres")
    })
}

fn address(database: &str) -> String {
    let mut url = url::Url::parse(&server()).expect("the address of the PostgreSQL for tests cannot be read");
    url.set_path(database);
    url.to_string()
}
