//! Why the table of rights is as it is: each row in which roles are answered differently is explained by a permission, and asked
//! by roles of that permission alone; and what stands outside of the API's description is known.

use crate::{
    rights::{Row, ask, rows},
    support::routes,
};
use domain::{Permission, RoleCode, role::BUILT_IN};
use server::{
    Origin,
    permit::Operator,
    roles::RoleForm,
    testing::{Engine, TestApp},
};
use std::collections::BTreeSet;

/// The permission behind a row, where several would explain it because every built-in role that has one has the others.
const DECIDES: &[(&str, Permission)] = &[
    ("GET /api/v1/users", Permission::UsersView),
    ("GET /api/v1/users/{id}", Permission::UsersView),
    ("GET /api/v1/roles", Permission::UsersView),
    ("GET /api/v1/roles/{code}", Permission::UsersView),
    ("POST /api/v1/roles", Permission::RolesManage),
    ("PUT /api/v1/roles/{code}", Permission::RolesManage),
    ("DELETE /api/v1/roles/{code}", Permission::RolesManage),
];

/// Addresses that are no part of the API's description, and what anybody is answered there.
const OPEN: &[(&str, u16)] = &[
    ("/api/openapi.json", 200),
    ("/api/{*rest}", 404),
    ("/assets/{hash}/{*path}", 404),
    ("/favicon.ico", 404),
    ("/robots.txt", 404),
    ("/.well-known/jwks.json", 200),
    ("/healthz", 200),
    ("/readyz", 200),
    ("/metrics", 200),
];

impl Row {
    /// Whether this answer is a refusal; what may not be seen is not there.
    fn refuses(&self, status: u16) -> bool {
        status == 403 || (status == 404 && self.expected[1..].iter().any(|other| *other < 400))
    }

    /// Whether some of those who have signed in are refused what others are not.
    fn differs(&self) -> bool {
        let refused = self.expected[1..].iter().filter(|status| self.refuses(**status)).count();
        refused > 0 && refused < BUILT_IN.len()
    }

    /// The permissions that explain the row: held by just the roles that are not refused.
    fn candidates(&self) -> Vec<Permission> {
        let explains = |permission: &Permission| {
            BUILT_IN
                .iter()
                .zip(&self.expected[1..])
                .all(|(role, status)| role.permissions().contains(*permission) != self.refuses(*status))
        };
        Permission::ALL.iter().copied().filter(explains).collect()
    }

    /// The permission that is said to decide.
    fn deciding(&self) -> Option<Permission> {
        let route = format!("{} {}", self.method, self.path);
        DECIDES.iter().find(|(row, _)| *row == route).map(|(_, permission)| *permission)
    }
}

server::both_engines! { routes;
    async fn r1_permissions_decide_and_not_the_names_of_roles(app) {
        let other = app.add("other", "Somebody Else", &["PIN"]).await.to_string();
        for permission in Permission::ALL.iter().filter(|one| **one != Permission::RolesManage) {
            let code = permission.code().replace('.', "_").to_uppercase();
            let form = RoleForm { name: code.clone(), dashboard: "member".into(), permissions: vec![permission.code().into()] };
            let permit = Operator::of_this_machine().permit(RoleCode::parse(&code).unwrap());
            app.backend.roles.make(&permit, &form, None, &Origin::operator()).await.unwrap();
            let username = code.to_lowercase();
            let own = app.add(&username, "Test Person", &[&code]).await.to_string();
            for row in rows().iter().filter(|row| row.differs()) {
                let reply = ask(&mut app.client_of(&username).await, row, &own, &other).await;
                let (is_refused, asked) = (row.refuses(reply.status), format!("{} {} with {permission} alone: {}", row.method, row.path, reply.status));
                match row.deciding() {
                    Some(deciding) => assert_eq!(is_refused, deciding != *permission, "{asked}"),
                    None => assert!(is_refused || row.candidates().contains(permission), "{asked}"),
                }
            }
        }
    }
}

#[test]
fn r4_every_answer_that_differs_is_explained_by_the_permissions_of_the_roles() {
    for row in rows().iter().filter(|row| row.differs()) {
        let (route, candidates) = (format!("{} {}", row.method, row.path), row.candidates());
        assert!(
            !candidates.is_empty(),
            "{route}: no permission is held by just the roles that are not refused"
        );
        if let Some(permission) = row.deciding() {
            assert!(candidates.contains(&permission), "{route}: not {permission}, but one of {candidates:?}");
        }
    }
    for (route, _) in DECIDES {
        let is_there =
            rows().iter().any(|row| row.differs() && format!("{} {}", row.method, row.path) == *route);
        assert!(is_there, "{route} stands in DECIDES and not in the table, or every role is answered alike");
    }
}

#[tokio::test]
async fn every_address_outside_of_the_description_is_known_and_open() {
    let router = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/http/router.rs")).unwrap();
    let written: BTreeSet<&str> =
        router.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(written, OPEN.iter().map(|(path, _)| *path).collect());
    let app = TestApp::new(Engine::Sqlite, routes).await;
    for (path, status) in OPEN {
        let path =
            path.replace("{*rest}", "nothing").replace("{hash}", "0").replace("{*path}", "nothing.css");
        assert_eq!(app.anyone().get(&path).await.status, *status, "{path}");
    }
    app.finish().await;
}
