//! `/people/{id}/edit` without a script: changing somebody, two who do it at once, and suspending only after a question.

use crate::support::{Page, goes_to, open};
use countersign::serve::routes;
use domain::PersonId;
use server::testing::{Agent, Reply, TestApp};
use std::collections::BTreeMap;

const FORM: &str = "/do/update-person";

struct Editor {
    browser: Agent,
    edit: String,
    /// What would be sent as the form stands.
    fields: BTreeMap<String, String>,
}

impl Editor {
    /// Opens the form.
    async fn open(app: &TestApp, username: &str, person: PersonId) -> Self {
        let mut browser = app.browser_of(username).await;
        let edit = format!("/people/{person}/edit");
        let page = open(&mut browser, &edit).await;
        let mut editor = Self { browser, edit, fields: BTreeMap::new() };
        editor.read(&page);
        editor
    }

    /// Fills in what stands in the form: the options that are chosen, the ticks that are set.
    fn read(&mut self, page: &Page) {
        self.fields = page.form(FORM);
        for name in ["role", "status"] {
            if let Some(value) =
                page.attributes(&format!("select[name={name}] option[selected]"), "value").pop()
            {
                self.fields.insert(name.into(), value);
            }
        }
        for name in ["full_name", "email", "roles", "status"] {
            if let Some(value) =
                page.attributes(&format!("input[type=radio][name={name}][checked]"), "value").pop()
            {
                self.fields.insert(name.into(), value);
            }
        }
    }

    async fn save(&mut self, changes: &[(&str, &str)]) -> Reply {
        for (name, value) in changes {
            self.fields.insert((*name).to_owned(), (*value).to_owned());
        }
        let fields: Vec<(&str, &str)> = self.fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        self.browser.post_form(FORM, &fields).await
    }

    /// Saves and is shown the form again.
    async fn is_asked(&mut self, changes: &[(&str, &str)]) -> Page {
        let reply = self.save(changes).await;
        assert_eq!(goes_to(&reply), self.edit, "{}", reply.body);
        let page = open(&mut self.browser, &self.edit.clone()).await;
        self.read(&page);
        page
    }

    /// Saves and is shown the person.
    async fn is_done(&mut self, changes: &[(&str, &str)]) -> Page {
        let reply = self.save(changes).await;
        let to = goes_to(&reply).to_owned();
        assert_eq!(format!("{to}/edit"), self.edit, "{}", reply.body);
        open(&mut self.browser, &to).await
    }
}

async fn people(app: &TestApp) -> PersonId {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app.add("bob", "Bob Ek", &["ADMIN"]).await;
    app.add("petra", "Petra Holm", &["PIN", "STAFF"]).await
}

server::both_engines! { routes;
    async fn uc005_1_to_12_the_form_changes_what_was_typed(app) {
        let id = people(app).await;
        let mut alice = Editor::open(app, "alice", id).await;
        assert_eq!((&*alice.fields["full_name"], &*alice.fields["email"], &*alice.fields["role"]), ("Petra Holm", "petra@example.com", "PIN"), "step 3");
        let page = alice.is_done(&[("full_name", "Petra Berg"), ("more_roles[]", "CSR_REP")]).await;
        assert_eq!(page.text(".toast p"), "Petra is changed.", "step 11");
        assert!(page.says("Petra Berg") && page.says("Person in need, CSR representative"), "step 12");
        let history = open(&mut alice.browser, &format!("/people/{id}/history")).await;
        assert!(history.says("Alice Ng changed Petra Berg"));
        assert!(history.says("Full name: Petra Holm → became Petra Berg"), "{:?}", history.texts("[data-changes]"));
    }

    async fn u2_the_history_calls_roles_by_their_names(app) {
        let id = people(app).await;
        app.add("root", "Root Admin", &["SUPER_ADMIN"]).await;
        let mut root = Editor::open(app, "root", id).await;
        let role = [("code", "case_worker"), ("name", "Case worker"), ("dashboard", "approver"), ("permission[]", "chat.use")];
        root.browser.post_form("/do/make-role", &role).await;
        root.is_done(&[("more_roles[]", "CASE_WORKER")]).await;
        let history = open(&mut root.browser, &format!("/people/{id}/history")).await;
        assert!(history.says("Roles: Person in need, Staff → became Person in need, Case worker"), "{:?}", history.texts("[data-changes]"));
        assert!(!history.says("CASE_WORKER"));
    }

    async fn uc005_8a_without_a_change_it_says_so(app) {
        let id = people(app).await;
        let mut alice = Editor::open(app, "alice", id).await;
        let page = alice.is_asked(&[("more_roles[]", "STAFF")]).await;
        assert!(page.says("No fields to update"), "{}", page.words());
        assert_eq!(app.count("select count(*) from audit where action = 'person.updated'").await, 0);
    }

    async fn uc005_sr018_wrong_fields_come_back_with_what_was_typed(app) {
        let id = people(app).await;
        let mut alice = Editor::open(app, "alice", id).await;
        let page = alice.is_asked(&[("email", "petra@"), ("full_name", "Petra Berg")]).await;
        assert_eq!(page.text("#email-error"), "Please enter a valid email address");
        assert_eq!((&*alice.fields["email"], &*alice.fields["full_name"]), ("petra@", "Petra Berg"));
        let page = alice.is_asked(&[("email", "alice@example.com")]).await;
        assert_eq!(page.text("#email-error"), "E-mail address already exists");
        alice.is_done(&[("email", "berg@example.com")]).await;
    }

    async fn uc005_sr021_suspending_is_asked_for_once_more(app) {
        let id = people(app).await;
        let mut alice = Editor::open(app, "alice", id).await;
        let page = alice.is_asked(&[("status", "suspended"), ("full_name", "Petra Berg")]).await;
        assert!(page.says("Suspend Petra?") && page.says("you can restore the account at any time"));
        assert!(page.says("A letter tells Petra") && page.says("What else you changed is saved with it."), "{}", page.words());
        assert_eq!(app.count("select count(*) from people where status = 'suspended'").await, 0);
        let page = alice.is_done(&[]).await;
        assert!(page.says("Suspended") && page.says("Petra Berg"));
        assert_eq!(app.count("select count(*) from people where status = 'suspended'").await, 1);
    }

    async fn u3_both_versions_stand_side_by_side_and_the_editor_decides(app) {
        let id = people(app).await;
        let mut alice = Editor::open(app, "alice", id).await;
        let mut bob = Editor::open(app, "bob", id).await;
        bob.is_done(&[("full_name", "Petra Lind"), ("email", "lind@example.com")]).await;
        let page = alice.is_asked(&[("full_name", "Petra Berg"), ("role", "CSR_REP")]).await;
        assert!(page.says("This account was changed in the meantime") && page.says("Bob Ek changed it while you were editing"), "{}", page.words());
        let fields = page.texts("fieldset legend");
        assert_eq!(fields, ["Full name Both of you changed it", "E-mail", "Roles"], "what nobody changed is asked about");
        assert_eq!(page.texts("label[for=full_name-mine]"), ["What you typed Petra Berg"]);
        assert_eq!(page.texts("label[for=full_name-theirs]"), ["As it is now Petra Lind"]);
        assert_eq!(page.attributes("input[type=radio][checked]", "id"), ["full_name-theirs", "email-theirs", "roles-mine"]);
        assert_eq!(app.texts("select full_name from people where username = 'petra'").await, ["Petra Lind"], "it was overwritten silently");
        let page = alice.is_done(&[("full_name", "Petra Berg")]).await;
        assert!(page.says("Petra Berg") && page.says("lind@example.com") && page.says("CSR representative"));
    }

    async fn u3_whoever_decides_for_all_that_is_there_is_told_that_nothing_changed(app) {
        let id = people(app).await;
        let mut alice = Editor::open(app, "alice", id).await;
        let mut bob = Editor::open(app, "bob", id).await;
        bob.is_done(&[("full_name", "Petra Lind")]).await;
        // What happens to an account without changing what the form has is nobody's version.
        app.browser_of("petra").await.post_form("/do/act-as", &[("role", "STAFF")]).await;
        let page = alice.is_asked(&[("full_name", "Petra Berg")]).await;
        assert!(page.says("Bob Ek changed it while you were editing"), "{}", page.words());
        let page = alice.is_done(&[]).await;
        assert_eq!(page.text(".toast p"), "Nothing changed: everything stays as Bob Ek saved it.");
        assert!(page.says("Petra Lind") && !page.says("No fields to update"));
        assert_eq!(app.count("select count(*) from audit where action = 'person.updated'").await, 1);
    }

    async fn u3_of_oneself_nothing_is_asked_that_the_form_does_not_have(app) {
        people(app).await;
        let own = app.add("otto", "Otto Ek", &["USER_ADMIN"]).await;
        let mut otto = Editor::open(app, "otto", own).await;
        let mut bob = Editor::open(app, "bob", own).await;
        bob.is_done(&[("full_name", "Otto Lind")]).await;
        let page = otto.is_asked(&[("full_name", "Otto Berg")]).await;
        assert_eq!(page.texts("fieldset legend"), ["Full name Both of you changed it"]);
    }

    async fn u3_the_order_of_further_roles_is_no_change(app) {
        people(app).await;
        let id = app.add("rosa", "Rosa Ny", &["STAFF", "PIN", "CSR_REP"]).await;
        let mut alice = Editor::open(app, "alice", id).await;
        let fields: Vec<(&str, &str)> = alice.fields.iter().map(|(name, value)| (&**name, &**value)).filter(|(name, _)| *name != "more_roles[]").chain([("more_roles[]", "CSR_REP"), ("more_roles[]", "PIN")]).collect();
        alice.browser.post_form(FORM, &fields).await;
        assert!(open(&mut alice.browser, &alice.edit).await.says("No fields to update"));
        assert_eq!(app.count("select count(*) from audit where action = 'person.updated'").await, 0);
    }

    async fn u3_an_older_version_stays_old_however_often_the_form_comes_back(app) {
        let id = people(app).await;
        let mut alice = Editor::open(app, "alice", id).await;
        let mut bob = Editor::open(app, "bob", id).await;
        alice.is_asked(&[("email", "no address")]).await;
        bob.is_done(&[("full_name", "Petra Lind")]).await;
        let page = alice.is_asked(&[("email", "still none")]).await;
        assert_eq!(page.text("#email-error"), "Please enter a valid email address");
        let page = alice.is_asked(&[("email", "berg@example.com")]).await;
        assert!(page.says("This account was changed in the meantime"), "the form had taken on the new version: {}", page.words());
    }

    async fn r4_what_leads_to_a_refusal_is_not_offered(app) {
        let id = people(app).await;
        let above = app.add("super", "Super Admin", &["SUPER_ADMIN"]).await;
        let mut alice = app.browser_of("alice").await;
        let page = open(&mut alice, &format!("/people/{above}")).await;
        assert_eq!(page.attributes("a[href$='/edit'], form[action^='/do/suspend']", "class").len(), 0);
        assert_eq!(alice.get(&format!("/people/{above}/edit")).await.status, 403);
        let mut petra = app.browser_of("petra").await;
        let page = open(&mut petra, &format!("/people/{id}")).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.attributes("a[href$='/edit'], form[action^='/do/suspend'], a[href$='/notes'], a[href$='/signing-in']", "class").len(), 0);
    }
}
