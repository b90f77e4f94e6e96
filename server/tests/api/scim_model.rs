//! Filters against a model so simple that it cannot be wrong: everybody in memory, as they are told. Whatever a filter puts
//! together, the store finds whom the model finds, on both engines.

use crate::{
    scim_support::{PEOPLE, directory, look},
    support::{query, routes},
};
use domain::folding::fold;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};
use server::permit::Operator;

const CROWD: u64 = 40;
const CASES: usize = 150;

/// What makes people differ. The statements say the same on both engines.
const DIFFERENCES: [&str; 3] = [
    "update people set status = 'suspended' where number % 5 = 1 and username <> 'root'",
    "update people set external_id = 'Id-' || cast(number as text) where number % 3 = 0 and username <> 'root'",
    "update people set external_id = 'id-%' || username where number % 7 = 1 and username <> 'root'",
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
                format!("{attribute} {operator} {}", json!(text))
            }
            Self::Present => "externalId pr".into(),
            Self::Active(active) => format!("active eq {active}"),
            Self::Not(one) => format!("not ({})", one.written()),
            Self::Both(one, other) => format!("({}) and ({})", one.written(), other.written()),
            Self::Either(one, other) => format!("({}) or ({})", one.written(), other.written()),
        }
    }

    fn means(&self, person: &Value) -> bool {
        match self {
            Self::Text(attribute, operator, text) => {
                let (value, text) = match *attribute {
                    "displayName" => (told(person, "/displayName").map(|name| fold(&name)), fold(text)),
                    "emails" => (told(person, "/emails/0/value"), text.to_lowercase()),
                    "userName" => (told(person, "/userName"), text.to_lowercase()),
                    _ => (told(person, "/externalId"), text.clone()),
                };
                match *operator {
                    "eq" => value == Some(text),
                    "ne" => value != Some(text),
                    "co" => value.is_some_and(|value| value.contains(&text)),
                    "sw" => value.is_some_and(|value| value.starts_with(&text)),
                    _ => value.is_some_and(|value| value.ends_with(&text)),
                }
            }
            Self::Present => told(person, "/externalId").is_some(),
            Self::Active(active) => person["active"] == *active,
            Self::Not(one) => !one.means(person),
            Self::Both(one, other) => one.means(person) && other.means(person),
            Self::Either(one, other) => one.means(person) || other.means(person),
        }
    }
}

fn told(person: &Value, place: &str) -> Option<String> {
    person.pointer(place).and_then(Value::as_str).map(str::to_owned)
}

/// Pieces of what people are called, so that filters find somebody now and then.
fn any_question(people: &[Value]) -> impl Strategy<Value = Asked> + use<> {
    let mut texts: Vec<String> =
        ["", "a", "E", "%", "_", "id-", "Id-", "é", ".", "@", "\"", "\\"].map(str::to_owned).into();
    for person in people.iter().step_by(3) {
        let all = ["/userName", "/displayName", "/emails/0/value", "/externalId"];
        texts.extend(all.iter().filter_map(|place| told(person, place)));
        let (name, email) = (told(person, "/displayName").unwrap(), told(person, "/emails/0/value").unwrap());
        texts.push(name.chars().skip(2).take(4).collect());
        texts.push(email.chars().skip(email.chars().count() - 5).collect());
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

server::both_engines! { routes;
    async fn u6_scim_filters_find_whom_the_model_finds(app) {
        let mut directory = directory(app).await;
        app.backend.demo.load_people(&Operator::of_this_machine(), CROWD).await.unwrap();
        for statement in DIFFERENCES {
            app.change(statement).await;
        }
        let everybody = look(&mut directory, &query(PEOPLE, &[("count", "200")])).await;
        let people = everybody["Resources"].as_array().unwrap();
        assert_eq!(people.len(), 41);
        let mut runner = TestRunner::deterministic();
        let questions = any_question(people);
        for _ in 0..CASES {
            let asked = questions.new_tree(&mut runner).unwrap().current();
            let found = look(&mut directory, &query(PEOPLE, &[("count", "200"), ("filter", &asked.written())])).await;
            let expected: Vec<&Value> = people.iter().filter(|person| asked.means(person)).collect();
            let names = |people: &[&Value]| people.iter().map(|person| person["userName"].clone()).collect::<Vec<_>>();
            let found_people: Vec<&Value> = found["Resources"].as_array().unwrap().iter().collect();
            assert_eq!(names(&found_people), names(&expected), "{}", asked.written());
            assert_eq!(found["totalResults"], json!(expected.len()));
        }
    }
}
