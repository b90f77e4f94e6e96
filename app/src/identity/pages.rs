//! The sign-in page.

use super::actions::SignIn;
use crate::second_factor::passkeys::SignInWithPasskey;
use crate::{
    flash::Flash,
    page::{draw, own_path},
    providers::ways::OtherWays,
    ui::{
        Button, ButtonSize, Checkbox, Choice, Cover, Fold, PasswordField, PasswordPurpose, Select, TextField,
        Toast, Toasts,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use server::{Error, demo::DemoAccount, providers::Offer, roles::Role};

/// `/login`
#[component]
pub fn LoginPage() -> impl IntoView {
    draw(async |visit| {
        let next = visit.parameter("next").and_then(|next| own_path(&next).map(str::to_owned));
        if visit.actor().is_ok() {
            visit.go_to(next.as_deref().unwrap_or("/"));
            return Ok(().into_any());
        }
        let busy = visit.parameter("busy").is_some();
        let mut flash = visit.take_flash().await;
        if busy {
            let away = Error::unavailable("the form before this page could not be served");
            visit.set_status(&away);
            flash.bad = Some(away.told().message);
        } else if visit.backend.setup.is_due().await? {
            visit.go_to("/setup");
            return Ok(().into_any());
        }
        // The page is worth drawing without the choice of roles.
        let roles = visit.backend.roles.all().await.unwrap_or_default();
        let accounts = if visit.backend.config.development {
            server::demo::accounts(&visit.backend.config.data_dir)
        } else {
            Vec::new()
        };
        let passkeys = visit.backend.second_factors.offers_passkeys();
        let offers = visit.backend.providers.offers();
        let registers = visit.backend.links.registration_is_open().await.unwrap_or_default();
        Ok(view! { <LoginCard flash roles accounts passkeys offers registers next=next.unwrap_or_default() /> }
            .into_any())
    })
}

#[component]
fn LoginCard(
    flash: Flash,
    roles: Vec<Role>,
    accounts: Vec<DemoAccount>,
    passkeys: bool,
    offers: Vec<Offer>,
    registers: bool,
    next: String,
) -> impl IntoView {
    let summary = flash.summary();
    let Flash { good, errors, .. } = flash.clone();
    let error = move |field| errors.of(field).map(str::to_owned);
    let chosen = flash.value("role");
    let role_names = roles.clone();
    let choices: Vec<Choice> = std::iter::once(Choice::new("", "My usual role"))
        .chain(roles.into_iter().map(|role| Choice::new(role.code.as_str(), role.name)))
        .collect();
    let (identifier_error, password_error, role_error) =
        (error("identifier"), error("password"), error("role"));
    let (identifier, remember) = (flash.value("identifier"), !flash.value("remember").is_empty());
    view! {
        {crate::page::title("Sign in")}
        <Cover foot="Every sign-in is verified, every decision is signed.">
            <div class="grid gap-4 rounded-card border border-line bg-sheet p-6 sm:p-7">
                <form class="grid gap-4" method="post" action=SignIn::PATH novalidate>
                    <h1 class="text-head font-semibold tracking-tighter" id="page-title" tabindex="-1">"Sign in"</h1>
                    {summary}
                    <input type="hidden" name="next" value=next.clone() />
                    <TextField label="Username or email" name="identifier" value=identifier error=identifier_error autocomplete="username" verbatim=true required=true large=true />
                    <PasswordField label="Password" name="password" purpose=PasswordPurpose::Current error=password_error required=true large=true />
                    <Fold summary="Sign in as…" open=!chosen.is_empty() || role_error.is_some()>
                        <Select label="Role" name="role" choices=choices selected=chosen error=role_error />
                    </Fold>
                    <Checkbox label="Remember me for 30 days" name="remember" value="on" checked=remember />
                    <Button size=ButtonSize::Large class="w-full">"Sign in"</Button>
                    <p class="text-center text-label">
                        <a class="inline-block text-accent underline underline-offset-3 touch:py-2" href="/forgot-password">"Forgot password?"</a>
                    </p>
                </form>
                {passkeys.then(|| view! { <SignInWithPasskey next=next.clone() /> })}
                <OtherWays offers next />
            </div>
            {registers.then(|| view! {
                <p class="text-center text-ink-soft">
                    "New here? "
                    <a class="text-accent underline underline-offset-3" href="/register">"Create an account"</a>
                </p>
            })}
            {(!accounts.is_empty()).then(|| view! { <DemoBox accounts roles=role_names /> })}
        </Cover>
        <Toasts>{good.map(|message| view! { <Toast message /> })}</Toasts>
    }
}

/// The demo's accounts; choosing one fills in the form where scripts run, and can be read where they do not.
#[component]
fn DemoBox(accounts: Vec<DemoAccount>, roles: Vec<Role>) -> impl IntoView {
    let name = move |code: &str| {
        roles
            .iter()
            .find(|role| role.code.as_str() == code)
            .map_or_else(|| code.to_owned(), |role| role.name.clone())
    };
    let rows = accounts
        .into_iter()
        .map(|DemoAccount { username, password, role, .. }| {
            let fill = format!("identifier={username}&password={password}");
            view! {
                <li>
                    <button type="button" class="grid w-full grid-cols-[1fr_auto] items-center gap-x-3 rounded-control px-2 py-1.5 text-start hover:bg-wash touch:min-h-11" data-fill=fill>
                        <span class="min-w-0">
                            <span class="block truncate font-medium">{username}</span>
                            <span class="block truncate text-small text-ink-faint">{name(&role)}</span>
                        </span>
                        <code class="font-mono text-small text-ink-soft">{password}</code>
                    </button>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="rounded-card border border-line bg-paper/85 p-4" aria-labelledby="demo-title">
            <h2 class="text-label font-semibold" id="demo-title">"Demo accounts"</h2>
            <p class="text-label text-ink-faint">"Made for this installation at its first start. Choosing one fills in the form."</p>
            <ul class="mt-2 -mx-2 grid">{rows}</ul>
        </section>
    }
}
