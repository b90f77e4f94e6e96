//! The list with filters and searches against a model so simple that it cannot be wrong: everybody in memory, filtered and sorted. Bounds
//! that are far too small send the questions along every plan.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use super::{Page, bounds::Bounds, names::Names, page, page_within};
use crate::{
    Origin,
    db::Housekeeping,
    people::Person,
    testing::{Engine, TestApp},
};
use axum::Router;
use domain::{
    RoleCode, Timestamp,
    folding::fold,
    listing::{
        Day, FactorFilter, PageSize, PeopleColumn, PeopleFilters, PeopleOrder, PeopleQuery, SearchText,
        SignInFilter,
    },
    person::PersonStatus,
    second_factor::Method,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use std::{collections::BTreeSet, time::Duration};

const PEOPLE: u64 = 160;
const CASES: usize = 250;
const TINY: Bounds = Bounds { few: 3, strides: [4, 15], first: 6, others: 6, many: 12, counted: 9 };
const DAY: u64 = 86_400;

/// What makes people differ, by their number. The statements say the same on both engines.
const DIFFERENCES: [&str; 12] = [
    "update people set status = 'suspended' where number % 6 = 1",
    "update people set status = 'unverified' where number % 31 = 3",
    "update people set locked_until = 1790000000000000 + (number - 80) * 1000000 where number % 8 = 5",
    "update people set last_login_at = 1790000000000000 - (number % 40) * 4 * 86400000000, login_count = number % 5 + 1
     where number % 3 <> 0",
    "insert into person_roles (person_id, role_code, position) select id, 'USER_ADMIN', 1 from people where number % 9 = 2",
    "insert into app_factors (person_id, secret, last_step, enrolled_at) select id, '', 0, 0 from people where number % 7 = 1",
    "insert into code_factors (person_id, method, enrolled_at) select id, 'email', 0 from people where number % 5 = 1",
    "insert into passkeys (id, person_id, credential_id, name, credential, counter, created_at)
     select id, id, cast(number as text), 'Key', '', 0, 0 from people where number % 11 = 1",
    // A text that stands at the beginning of many names and elsewhere in a few; and names of which folding leaves nothing.
    "update people set full_name = 'Zora ' || full_name, name_key = 'zora ' || name_key where number % 9 = 3",
    "update people set email = 'zora.' || email where number % 53 = 7",
    "update people set full_name = '´', name_key = '' where number % 80 = 11",
    "update people set search_text = trim(name_key || ' ' || username || ' ' || email) where number > 0",
];

async fn crowd(engine: Engine) -> (TestApp, Vec<Person>) {
    let app = TestApp::new(engine, |_| Router::new()).await;
    app.add_crowd(PEOPLE).await;
    let mut tx = app.backend.ground.begin(&Origin::operator()).await.unwrap();
    for statement in DIFFERENCES {
        assert!(execute!(tx, statement).unwrap() > 0, "{statement}");
    }
    tx.commit_housekeeping(Housekeeping::Counted).await.unwrap();
    let everybody =
        PeopleQuery { order: PeopleOrder::BY_CREATION, size: PageSize::STRETCH, ..PeopleQuery::default() };
    let people = super::page(&app.backend.ground.db, app.clock.now(), &everybody).await.unwrap().people;
    (app, people)
}

fn is_found(person: &Person, query: &PeopleQuery, now: Timestamp) -> bool {
    let PeopleFilters { role, status, factor, signed_in, created_from, created_to } = &query.filters;
    let since = |days: u16| now.before(Duration::from_secs(u64::from(days) * DAY));
    let day = |moment: Timestamp| -> Day {
        let moment = jiff::Timestamp::from_microsecond(moment.microseconds()).unwrap();
        moment.to_string().split('T').next().unwrap().parse().unwrap()
    };
    let has = |method| person.factors.methods().any(|one| one == method);
    let text = fold(&format!("{} {} {}", person.full_name, person.username, person.email));
    text.contains(query.search.as_str())
        && role.as_ref().is_none_or(|role| person.roles.contains(role))
        && status.is_none_or(|status| person.status == status)
        && factor.is_none_or(|factor| match factor {
            FactorFilter::Any => !person.factors.is_empty(),
            FactorFilter::None => person.factors.is_empty(),
            FactorFilter::With(method) => has(method),
        })
        && signed_in.is_none_or(|filter| match filter {
            SignInFilter::Never => person.last_login_at.is_none(),
            SignInFilter::Within(days) => person.last_login_at.is_some_and(|at| at >= since(days)),
            SignInFilter::NotFor(days) => person.last_login_at.is_none_or(|at| at < since(days)),
        })
        && created_from.is_none_or(|from| day(person.created_at) >= from)
        && created_to.is_none_or(|to| day(person.created_at) <= to)
}

fn key(person: &Person, column: PeopleColumn) -> (String, i64) {
    let text = |text: &str| (text.to_owned(), 0);
    match column {
        PeopleColumn::Name => text(&fold(person.full_name.as_str())),
        PeopleColumn::Username => text(person.username.as_str()),
        PeopleColumn::Email => text(person.email.as_str()),
        PeopleColumn::Status if person.status == PersonStatus::Locked => text("active"),
        PeopleColumn::Status => text(person.status.code()),
        PeopleColumn::LastSignIn => (String::new(), person.last_login_at.map_or(0, Timestamp::microseconds)),
        PeopleColumn::SignIns => (String::new(), person.login_count),
        PeopleColumn::Created => text(""),
        PeopleColumn::Role => text(&person.roles.iter().map(RoleCode::as_str).collect::<Vec<_>>().join(",")),
        PeopleColumn::SecondFactor => (String::new(), person.factors.number()),
    }
}

fn expected<'a>(people: &'a [Person], query: &PeopleQuery, now: Timestamp) -> Vec<&'a str> {
    let mut found: Vec<&Person> = people.iter().filter(|person| is_found(person, query, now)).collect();
    found.sort_by_key(|person| (key(person, query.order.column), person.id.uuid()));
    if query.order.descending {
        found.reverse();
    }
    found.into_iter().map(|person| person.username.as_str()).collect()
}

/// The whole list, forth and back again.
async fn leafed(
    app: &TestApp,
    query: &PeopleQuery,
    bounds: Option<Bounds>,
) -> (Vec<String>, Vec<String>, Page) {
    let (db, now) = (&app.backend.ground.db, app.clock.now());
    let ask = async |query: &PeopleQuery| match bounds {
        Some(bounds) => page_within(db, now, query, bounds).await.unwrap(),
        None => page(db, now, query).await.unwrap(),
    };
    let names =
        |page: &Page| page.people.iter().map(|person| person.username.to_string()).collect::<Vec<_>>();
    let first = ask(query).await;
    let (mut forth, mut last) = (names(&first), first.clone());
    let mut seen = BTreeSet::new();
    while let Some(next) = last.next.clone().or(last.resume.clone()) {
        assert!(
            next.fits(query.order, &query.filters) && seen.insert(format!("{next:?}")),
            "{query:?} goes in circles"
        );
        last = ask(&PeopleQuery { cursor: Some(next), ..query.clone() }).await;
        forth.extend(names(&last));
    }
    let mut back = names(&last);
    while let Some(previous) = last.previous.clone().or(last.resume.clone().filter(|cursor| cursor.backwards))
    {
        last = ask(&PeopleQuery { cursor: Some(previous), ..query.clone() }).await;
        back.splice(0..0, names(&last));
    }
    (forth, back, first)
}

fn filters() -> impl Strategy<Value = PeopleFilters> {
    let role = prop::sample::select(vec!["PIN", "STAFF", "USER_ADMIN", "SUPER_ADMIN"]);
    let role = prop::option::weighted(0.3, role.prop_map(|code| RoleCode::parse(code).unwrap()));
    let status = prop::option::weighted(0.4, prop::sample::select(PersonStatus::ALL.to_vec()));
    let factor = prop::sample::select(vec![
        FactorFilter::Any,
        FactorFilter::None,
        FactorFilter::With(Method::Totp),
        FactorFilter::With(Method::Email),
        FactorFilter::With(Method::Passkey),
        FactorFilter::With(Method::Sms),
    ]);
    let signed_in = prop::sample::select(vec![
        SignInFilter::Never,
        SignInFilter::Within(1),
        SignInFilter::Within(30),
        SignInFilter::NotFor(60),
    ]);
    let day = prop::sample::select(vec!["2023-12-01", "2025-01-31", "2026-03-01", "2026-09-20"]);
    let from = prop::option::weighted(0.25, day.clone().prop_map(|day| day.parse().unwrap()));
    let to = prop::option::weighted(0.25, day.prop_map(|day| day.parse().unwrap()));
    let (factor, signed_in) = (prop::option::weighted(0.35, factor), prop::option::weighted(0.35, signed_in));
    (role, status, factor, signed_in, from, to).prop_map(
        |(role, status, factor, signed_in, created_from, created_to)| PeopleFilters {
            role,
            status,
            factor,
            signed_in,
            created_from,
            created_to,
        },
    )
}

async fn prove(engine: Engine) {
    let (app, people) = crowd(engine).await;
    let now = app.clock.now();
    assert_eq!(people.len() as u64, PEOPLE);
    let mut runner = TestRunner::deterministic();
    let columns = prop::sample::select(PeopleColumn::ALL.to_vec());
    let searches = prop::sample::select(vec![
        "",
        "",
        "",
        "",
        "an",
        "ann",
        "ar ",
        "people.example",
        "zora",
        "zora.",
        "zora a",
        "ora",
        "saoirse",
        "lar",
        "ada",
        "ien",
    ]);
    let filters = prop_oneof![1 => Just(PeopleFilters::default()), 2 => filters()];
    let questions = (filters, columns, any::<bool>(), searches, 1..30_u32, any::<bool>());
    let (mut found, mut names) = (0, BTreeSet::new());
    for _ in 0..CASES {
        let question = questions.new_tree(&mut runner).unwrap().current();
        let (filters, column, descending, search, size, tiny) = question;
        let query = PeopleQuery {
            search: SearchText::parse(search).unwrap(),
            filters,
            order: PeopleOrder { column, descending },
            cursor: None,
            size: PageSize::parse(size).unwrap(),
        };
        let expected = expected(&people, &query, now);
        let (forth, back, first) = leafed(&app, &query, tiny.then_some(TINY)).await;
        assert_eq!(forth, expected, "{engine:?}, tiny {tiny}: {query:?}");
        // What a bounded walk shows in parts has no pages to go back to in full.
        if !tiny {
            assert_eq!(back, expected, "{engine:?}, back: {query:?}");
        }
        let count = first.total.count as usize;
        assert!(
            count == expected.len() || (!first.total.exact && count < expected.len()),
            "{count} in {query:?}"
        );
        assert!(tiny || first.total.exact, "{query:?}");
        found += usize::from(!expected.is_empty());
        let bounds = if tiny { TINY } else { Bounds::USUAL };
        let known = Names::of(&app.backend.ground.db, &query, bounds.others).await.unwrap();
        names.insert(known.map(|names| names.others));
    }
    assert!(found > CASES / 3, "hardly a question finds anybody");
    let ways = if engine == Engine::Sqlite { 3 } else { 1 };
    assert_eq!(names.len(), ways, "not every way along the names was gone");
    app.finish().await;
}

#[tokio::test]
async fn u5_filters_answer_as_a_naive_model_does_on_sqlite() {
    prove(Engine::Sqlite).await;
}

#[tokio::test]
async fn u5_filters_answer_as_a_naive_model_does_on_postgres() {
    prove(Engine::Postgres).await;
}
