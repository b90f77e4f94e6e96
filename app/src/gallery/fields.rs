//! Every field: empty, filled, with hint, with error, off.

use domain::password::PasswordPolicy;
use leptos::prelude::*;

use super::specimen::{Group, Specimen};
use crate::identity::strength::StrengthMeter;
use crate::ui::{
    Checkbox, Choice, CodeField, ErrorSummary, FieldProblem, FileField, Fold, InputKind, PasswordField,
    PasswordPurpose, Radio, SearchBox, Select, TextArea, TextField,
};

#[component]
pub(super) fn Fields() -> impl IntoView {
    let roles = vec![
        Choice::new("", "My usual role"),
        Choice::new("USER_ADMIN", "User Admin"),
        Choice::new("STAFF", "Staff"),
    ];
    let policy = PasswordPolicy::default();
    let meter = view! {
        <StrengthMeter policy password="gallery-password".to_owned() username="gallery-name".to_owned() email="gallery-email".to_owned() />
    };
    let problems = vec![
        FieldProblem::new("gallery-email", "Please enter a valid email address"),
        FieldProblem::new("gallery-code", "Invalid verification code. Please try again."),
    ];
    view! {
        <Group
            id="fields"
            title="Fields"
            text="The label says what, the hint says how, the error says why not. Required is the usual case; only what \
                  may stay empty says so."
        >
            <Specimen name="ErrorSummary">
                <ErrorSummary title="Two things need another look" problems=problems takes_focus=false />
            </Specimen>
            <div class="grid gap-6 sm:grid-cols-2">
                <Specimen name="TextField">
                    <TextField label="Full name" name="gallery-name" value="Maria Almeida" autocomplete="name" />
                    <TextField
                        label="E-mail"
                        name="gallery-email"
                        kind=InputKind::Email
                        value="maria@"
                        hint="We send a link to a new address before it counts."
                        error=Some("Please enter a valid email address".to_owned())
                    />
                    <TextField label="Telephone" name="gallery-phone" kind=InputKind::Telephone optional=true />
                    <TextField label="Username" name="gallery-user" value="maria" disabled=true />
                </Specimen>
                <Specimen name="PasswordField, StrengthMeter, CodeField">
                    <PasswordField
                        label="New password"
                        name="gallery-password"
                        purpose=PasswordPurpose::New
                        hint=policy.advice()
                        meter=meter.into_any()
                    />
                    <CodeField label="Code" name="gallery-first-code" hint="Six digits from your authenticator app." />
                    <CodeField
                        label="Code"
                        name="gallery-code"
                        error=Some("Invalid verification code. Please try again.".to_owned())
                    />
                </Specimen>
                <Specimen name="Select, TextArea">
                    <Select label="Role" name="gallery-role" choices=roles selected="STAFF" />
                    <TextArea label="Comment" name="gallery-comment" optional=true rows=3 />
                </Specimen>
                <Specimen name="Checkbox, Radio, SearchBox, Fold">
                    <Checkbox label="Keep me signed in for 30 days" name="gallery-remember" checked=true />
                    <Checkbox
                        label="Ask for a second factor"
                        name="gallery-factor"
                        hint="At the next sign-in, before anything else."
                    />
                    <Checkbox label="Not for you to change" name="gallery-off" disabled=true />
                    <fieldset class="grid gap-2">
                        <legend class="pb-1.5 text-label font-medium">"Who may approve"</legend>
                        <Radio label="Anyone in Finance" name="gallery-rule" value="any" checked=true />
                        <Radio label="Everyone in Finance" name="gallery-rule" value="all" />
                    </fieldset>
                    <SearchBox label="Find by name, username or e-mail" name="gallery-q" />
                    <FileField label="CSV file" name="gallery-file" accept=".csv,text/csv" hint="In UTF-8, at most 64 MiB." />
                    <Fold summary="Sign in as…">
                        <p class="text-ink-soft">"What is folded away opens in place, without script."</p>
                    </Fold>
                </Specimen>
            </div>
        </Group>
    }
}
