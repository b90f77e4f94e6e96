//! Demo content: what it says of people agrees with itself, and it knows who is real.

use crate::support::routes;
use server::{permit::Operator, testing::PASSWORD};

server::both_engines! { routes;
    async fn the_counts_of_the_demo_are_those_of_its_histories(app) {
        let operator = Operator::of_this_machine();
        assert!(app.backend.demo.load_company(&operator).await.unwrap());
        app.backend.demo.load_people(&operator, 60).await.unwrap();
        let signed_in = "from audit a where a.person_id = p.id and a.action = 'session.signed_in'";
        for (what, condition) in [
            ("another number of sign-ins than entries", format!("p.login_count <> (select count(*) {signed_in})")),
            ("another last sign-in than the newest entry", format!("p.last_login_at <> coalesce((select max(a.at) {signed_in}), 0)")),
            ("an entry from before the account", "exists (select 1 from audit a where a.person_id = p.id and a.at < p.created_at)".into()),
            ("signed in without having accepted the invitation", "p.status = 'invited' and p.login_count > 0".into()),
        ] {
            let wrong = app.texts(&format!("select p.username from people p where {condition}")).await;
            assert!(wrong.is_empty(), "{what}: {wrong:?}");
        }
        let future = format!("select count(*) from audit where at > {}", app.clock.now().microseconds());
        assert_eq!(app.count(&future).await, 0, "something happened in the future");
        assert!(app.count("select count(*) from people where login_count > 0").await > 100, "nobody was ever there");
        assert!(app.count("select count(distinct last_login_at) from people").await > 100);
        let loaded = app.texts("select details from audit where action = 'people.loaded' order by details").await;
        assert_eq!(loaded, ["{\"people\":180}", "{\"people\":60}"]);
        assert!(!app.backend.demo.load_company(&operator).await.unwrap(), "it was loaded twice");
    }

    async fn the_demo_knows_who_is_real(app) {
        let operator = Operator::of_this_machine();
        app.backend.demo.load_company(&operator).await.unwrap();
        app.backend.demo.load_people(&operator, 10).await.unwrap();
        assert_eq!(app.backend.demo.real_person(&operator).await.unwrap(), None);
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let real = app.backend.demo.real_person(&operator).await.unwrap();
        assert_eq!(real.unwrap().as_str(), "alice");
        assert_eq!(crate::support::log_in(app, "alice", PASSWORD).await.status, 200);
    }
}
