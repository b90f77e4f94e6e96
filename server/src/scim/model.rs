//! Filters against a model so simple that it cannot be wrong: everybody in memory. Whatever a filter puts together, the store
//! finds whom the model finds, on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use super::{filter::Filter, question};
use crate::{
    Origin,
    db::Housekeeping,
    people::{Person, Sought},
    permit::Operator,
    testing::{Engine, TestApp},
};
use axum::Router;
use domain::{folding::fold, person::PersonStatus};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

const PEOPLE: u64 = 40;
const CASES: usize = 150;

const DIFFERENCES: [&str; 3] = [
    "update people set status = 'suspended' where number % 5 = 1",
    "update people set external_id = 'Id-' || cast(number as text) where number % 3 = 0",
    "update people set external_id = 'id-%' || username where number % 7 = 1",
];

/// One comparison or several, as it is written and as the model has it.
#[derive(Debug, Clone)]
enum Asked {
    Text(&'static str, &'static str, String),
    Present,
    Active(bool),
    Not(Box<Asked>),
    Both(Box<Asked>, Box<Asked>),
    Either(Box<Asked>, Box<Asked>),
}

impl Asked {
    fn written(&self) -> String {
        match self {
            Self::Text(attribute, operator, text) => {
                format!("{attribute} {operator} {}", serde_json::json!(text))
            }
            Self::Present => "externalId pr".into(),
            Self::Active(active) => format!("active eq {active}"),
            Self::Not(one) => format!("not ({})", one.written()),
            Self::Both(one, other) => format!("({}) and ({})", one.written(), other.written()),
            Self::Either(one, other) => format!("({}) or ({})", one.written(), other.written()),
        }
    }

    fn means(&self, person: &Person) -> bool {
        match self {
            Self::Text(attribute, operator, text) => {
                let (value, text) = match *attribute {
                    "userName" => (Some(person.username.to_string()), text.to_lowercase()),
                    "emails" => (Some(person.email.to_string()), text.to_lowercase()),
                    "displayName" => (Some(fold(person.full_name.as_str())), fold(text)),
                    _ => (person.external_id.as_ref().map(ToString::to_string), text.clone()),
                };
                match *operator {
                    "eq" => value == Some(text),
                    "ne" => value != Some(text),
                    "co" => value.is_some_and(|value| value.contains(&text)),
                    "sw" => value.is_some_and(|value| value.starts_with(&text)),
                    _ => value.is_some_and(|value| value.ends_with(&text)),
                }
            }
            Self::Present => person.external_id.is_some(),
            Self::Active(active) => (person.status != PersonStatus::Suspended) == *active,
            Self::Not(one) => !one.means(person),
            Self::Both(one, other) => one.means(person) && other.means(person),
            Self::Either(one, other) => one.means(person) || other.means(person),
        }
    }
}

/// Pieces of what people are called, so that filters find somebody now and then.
fn any_question(people: &[Person]) -> impl Strategy<Value = Asked> + use<> {
    let mut texts: Vec<String> =
        ["", "a", "E", "%", "_", "id-", "Id-", "é", ".", "@", "\"", "\\"].map(str::to_owned).into();
    for person in people.iter().step_by(3) {
        texts.extend([person.username.to_string(), person.full_name.to_string(), person.email.to_string()]);
        texts.extend(person.external_id.iter().map(ToString::to_string));
        texts.push(person.full_name.as_str().chars().skip(2).take(4).collect());
        texts.push(
            person.email.as_str().chars().rev().take(5).collect::<Vec<_>>().into_iter().rev().collect(),
        );
    }
    let attribute = proptest::sample::select(vec!["userName", "emails", "displayName", "externalId"]);
    let operator = proptest::sample::select(vec!["eq", "ne", "co", "sw", "ew"]);
    let text = (attribute, operator, proptest::sample::select(texts))
        .prop_map(|(attribute, operator, text)| Asked::Text(attribute, operator, text));
    let leaf = prop_oneof![6 => text, 1 => Just(Asked::Present), 1 => any::<bool>().prop_map(Asked::Active)];
    leaf.prop_recursive(3, 8, 2, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            inner.prop_map(|one| Asked::Not(Box::new(one))),
            two.clone().prop_map(|(one, other)| Asked::Both(Box::new(one), Box::new(other))),
            two.prop_map(|(one, other)| Asked::Either(Box::new(one), Box::new(other))),
        ]
    })
}

async fn prove(engine: Engine) {
    let app = TestApp::new(engine, |_| Router::new()).await;
    let operator = Operator::of_this_machine();
    app.backend.demo.load_people(&operator, PEOPLE).await.unwrap();
    let mut tx = app.backend.ground.begin(&Origin::operator()).await.unwrap();
    for statement in DIFFERENCES {
        assert!(execute!(tx, statement).unwrap() > 0, "{statement}");
    }
    tx.commit_housekeeping(Housekeeping::Counted).await.unwrap();
    let visible = operator.sees_people();
    let people = app.backend.people.seek(&visible, &Sought::EVERYBODY, 0, 200).await.unwrap().people;
    let mut runner = TestRunner::deterministic();
    let questions = any_question(&people);
    for _ in 0..CASES {
        let asked = questions.new_tree(&mut runner).unwrap().current();
        let sought = question::sought(&Filter::parse(&asked.written()).unwrap()).unwrap();
        let found = app.backend.people.seek(&visible, &sought, 0, 200).await.unwrap();
        let names =
            |people: &[&Person]| people.iter().map(|person| person.username.to_string()).collect::<Vec<_>>();
        let expected: Vec<&Person> = people.iter().filter(|person| asked.means(person)).collect();
        assert_eq!(names(&found.people.iter().collect::<Vec<_>>()), names(&expected), "{}", asked.written());
        assert_eq!(found.total, i64::try_from(expected.len()).unwrap());
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn u6_filters_find_whom_the_model_finds_sqlite() {
    prove(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn u6_filters_find_whom_the_model_finds_postgres() {
    prove(Engine::Postgres).await;
}
