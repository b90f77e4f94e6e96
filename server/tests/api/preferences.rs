//! What people prefer, kept with their account.

use crate::support::{problem, routes, wrong_field};
use serde_json::{Value, json};

const PREFERENCES: &str = "/api/v1/account/preferences";

server::both_engines! { routes;
    async fn u7_preferences_are_kept_with_the_account(app) {
        app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut petra = app.client_of("petra").await;
        assert_eq!(petra.get(PREFERENCES).await.json(), json!({ "theme": null, "time_zone": null, "language": "en" }));
        let changed = petra.send_json("PATCH", PREFERENCES, &json!({ "theme": "dark", "time_zone": "Europe/Berlin" })).await;
        assert_eq!((changed.status, changed.json()), (200, json!({ "theme": "dark", "time_zone": "Europe/Berlin", "language": "en" })));
        let kept = petra.send_json("PATCH", PREFERENCES, &json!({ "language": "en" })).await.json();
        assert_eq!(kept["theme"], "dark", "what was left out was taken back");
        assert_eq!(app.client_of("petra").await.get(PREFERENCES).await.json(), kept);
        app.clock.advance(std::time::Duration::from_secs(1));
        let taken_back = petra.send_json("PATCH", PREFERENCES, &json!({ "theme": "" })).await.json();
        assert_eq!(taken_back, json!({ "theme": null, "time_zone": "Europe/Berlin", "language": "en" }));
        let told = app.texts("select details from audit where action = 'person.preferences_changed' order by at, id").await;
        assert_eq!(told.len(), 2, "what changed nothing was written down");
        assert_eq!(serde_json::from_str::<Value>(&told[0]).unwrap()["changes"], json!({
            "theme": { "before": null, "after": "dark" }, "time_zone": { "before": null, "after": "Europe/Berlin" },
        }));
        assert_eq!(app.count("select version from people").await, 1, "an editor of the account is disturbed");
    }

    async fn u7_preferences_that_there_are_not_are_refused(app) {
        app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut petra = app.client_of("petra").await;
        for (field, value) in [
            ("theme", "pink"), ("time_zone", "Mars/Olympus_Mons"), ("time_zone", "../../etc/passwd"), ("time_zone", "europe berlin"),
            ("language", "tlh"), ("language", ""),
        ] {
            let reply = petra.send_json("PATCH", PREFERENCES, &json!({ field: value })).await;
            assert!(!wrong_field(&reply, field).is_empty(), "{value}");
        }
        assert_eq!(problem(&petra.send_json("PATCH", PREFERENCES, &json!({ "colour": "red" })).await, 400).0, "malformed");
        assert_eq!(app.count("select count(*) from audit where action = 'person.preferences_changed'").await, 0);
    }
}
