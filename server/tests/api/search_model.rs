//! The list of people against a model so simple that it cannot be wrong: all rows in memory, filtered and sorted.

use crate::support::{routes, walk};
use domain::{folding::fold, listing::SearchText, person::FullName};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::Value;
use server::testing::{Agent, Engine, TestApp};

const PEOPLE: usize = 120;
/// Few enough letters that searches hit, and the ones that are hard: accents, ligatures, wildcards, quotes.
const NAME: &str = "[aAbBeéÉoøØßłÅæ%_'\"\\\\*-]{1,6}( [aAbBeéoø%_'\"-]{1,5}){0,2}";
const SEARCH: &str = "[ aAbBeéÉoøßłåæ%_'\"\\\\*@.-]{0,5}";

/// A person in memory.
#[derive(Debug, Clone)]
struct Row {
    id: String,
    username: String,
    full_name: String,
    email: String,
}

impl Row {
    fn of(row: &Value) -> Self {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        Self {
            id: text("id"),
            username: text("username"),
            full_name: text("full_name"),
            email: text("email"),
        }
    }

    fn is_found_by(&self, search: &SearchText) -> bool {
        fold(&format!("{} {} {}", self.full_name, self.username, self.email)).contains(search.as_str())
    }

    fn key(&self, column: &str) -> (String, String) {
        let key = match column {
            "full_name" => fold(&self.full_name),
            "username" => self.username.clone(),
            "email" => self.email.clone(),
            _ => self.id.clone(),
        };
        (key, self.id.clone())
    }
}

/// What the list should answer.
fn expected(people: &[Row], search: &SearchText, column: &str, descending: bool) -> Vec<String> {
    let mut found: Vec<&Row> = people.iter().filter(|row| row.is_found_by(search)).collect();
    found.sort_by_key(|row| row.key(column));
    if descending {
        found.reverse();
    }
    found.into_iter().map(|row| row.username.clone()).collect()
}

async fn crowd() -> (TestApp, Agent, Vec<Row>) {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    app.add("admin", "Admin", &["USER_ADMIN"]).await;
    let mut runner = TestRunner::deterministic();
    let names = NAME.prop_filter("a name that is taken", |name: &String| FullName::parse(name).is_ok());
    for number in 0..PEOPLE {
        let name = names.new_tree(&mut runner).unwrap().current();
        // Some usernames before, some after one another, none in the order of creation.
        app.add(&format!("{:03}.p", number * 37 % 1000), &name, &["PIN"]).await;
    }
    let mut client = app.client_of("admin").await;
    let people = walk(&mut client, &[("limit", "200")]).await.iter().map(Row::of).collect();
    (app, client, people)
}

#[test]
fn u5_the_list_answers_as_a_naive_model_does() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (_app, client, people) = runtime.block_on(crowd());
    assert_eq!(people.len(), PEOPLE + 1);
    let columns = prop::sample::select(vec!["full_name", "username", "email", "created_at"]);
    let questions = (SEARCH, columns, any::<bool>(), 1..40_u32);
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let outcome = runner.run(&questions, |(search, column, descending, limit)| {
        let sort = format!("{}{column}", if descending { "-" } else { "" });
        let rows = runtime.block_on(async {
            let parameters = [("search", search.as_str()), ("sort", &sort), ("limit", &limit.to_string())];
            walk(&mut client.clone(), &parameters).await
        });
        let answered: Vec<String> = rows.iter().map(|row| Row::of(row).username).collect();
        let search = SearchText::parse(&search).unwrap();
        prop_assert_eq!(answered, expected(&people, &search, column, descending));
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
