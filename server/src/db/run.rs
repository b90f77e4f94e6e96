//! Macros that run the same statement on whichever engine is open. The first argument is a `Db` (to read) or a `Tx`
//! (to read and write inside it); `$1`, `$2`, … stand for the values that follow the statement. Personal texts among the values
//! and in the rows are kept as the store keeps them.

/// Tells what went wrong; where no connection could be had, also why not.
#[macro_export]
macro_rules! tell {
    ($on:expr, $outcome:expr) => {{
        let outcome = $outcome;
        match outcome {
            Ok(found) => Ok(found),
            Err(cause) => Err($on.why(cause).await),
        }
    }};
}

/// Runs the same words on either engine.
#[macro_export]
macro_rules! run {
    ($on:expr, $lane:ident => $work:expr) => {{
        let keeper = $on.keeper();
        let work = async {
            match $on.lane() {
                $crate::db::Lane::Sqlite($lane) => $work,
                $crate::db::Lane::Postgres($lane) => $work,
            }
        };
        let outcome = domain::at_rest::kept_by(keeper, work).await;
        $crate::tell!($on, outcome)
    }};
}

/// Every row the statement finds.
#[macro_export]
macro_rules! fetch_all {
    ($on:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::run!($on, on => sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_all(on).await)
    };
}

/// The row the statement finds, if it finds one.
#[macro_export]
macro_rules! fetch_optional {
    ($on:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::run!($on, on => sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_optional(on).await)
    };
}

/// The one row the statement must find.
#[macro_export]
macro_rules! fetch_one {
    ($on:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::run!($on, on => sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_one(on).await)
    };
}

/// Changes rows and answers how many. Only a `Tx` should be given to it: readers of SQLite cannot write at all.
#[macro_export]
macro_rules! execute {
    ($on:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::run!($on, on => sqlx::query($sql)$(.bind($value))*.execute(on).await.map(|done| done.rows_affected()))
    };
}
