//! Every page, as a table of contents, and the document that stands around each of them.

use crate::page::{draw, themes};
use crate::{
    account::{
        api_keys::ApiKeysPage, email::EmailPage, events::EventsPage, password::PasswordPage,
        preferences::PreferencesPage, profile::AccountPage, sessions::SessionsPage,
    },
    audit::{self, pages::AuditPage},
    dashboard::pages::DashboardPage,
    documentation::pages::ApiPage,
    gallery::GalleryPage,
    identity::pages::LoginPage,
    links::{
        email::{ApproveEmailPage, ConfirmEmailPage},
        forgot::ForgotPage,
        invitation::InvitationPage,
        register::RegisterPage,
        reset::ResetPage,
        verify::VerifyEmailPage,
    },
    mailbox::{letter, pages::MailboxPage},
    people::{
        bulk::SelectedPage,
        creating::NewPersonPage,
        editing::EditPersonPage,
        export,
        import::{form::ImportPage, progress::ImportStatusPage, upload},
        list::page::PeoplePage,
        notes::NotesPage,
        overview::PersonPage,
        signing_in::SigningInPage,
        timeline::PersonHistoryPage,
    },
    privacy::{erasing::ErasePage, files, own::OwnDataPage},
    providers::pages::{BeginPage, FinishPage, ReturnPage},
    reload::ReloadOnSave,
    roles::{
        deleting::DeleteRolePage,
        making::NewRolePage,
        pages::{RolePage, RolesPage},
        review::ReviewPage,
    },
    second_factor::{
        confirm::ConfirmPage,
        own::{AppPage, CodePage, RecoveryCodesPage, SecondFactorPage},
        set_up::SetUpFactorPage,
        verify::VerifyPage,
    },
    setup::pages::SetupPage,
};
use axum::{
    Router,
    extract::Request,
    http::header,
    middleware::from_fn,
    response::Response,
    routing::{any, get, post},
};
use domain::preferences::Theme;
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list};
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::{
    SsrMode, StaticSegment,
    components::{Route, Router as Pages, Routes},
    path,
};
use server::{
    Backend,
    http::{caller::Caller, cookies, guard, visits},
};
use tower_http::limit::RequestBodyLimitLayer;
use tower_sessions::{
    Expiry, SessionManagerLayer,
    cookie::{SameSite, time},
};

const NOTHING_HERE: &str = "There is no page at this address";

/// Every page and every server function.
pub fn routes(backend: &Backend) -> Router {
    let options = LeptosOptions::builder()
        .output_name("countersign")
        .site_pkg_dir(format!("assets/{}/pkg", backend.site.hash()))
        .build();
    let development = backend.config.development;
    let context = {
        let backend = backend.clone();
        move || provide_context(backend.clone())
    };
    let document = move || view! { <Document development /> };
    let pages = generate_route_list({
        let backend = backend.clone();
        move || {
            provide_context(backend.clone());
            view! { <Table development /> }
        }
    });
    let visits = SessionManagerLayer::new(backend.visits.clone())
        .with_name(visits::COOKIE)
        .with_same_site(SameSite::Lax)
        .with_secure(cookies::sends_secure_cookies(&backend.config))
        .with_expiry(Expiry::OnInactivity(time::Duration::hours(1)));
    let letters = Router::new().route("/mailbox/letters/{id}", get(letter::show)).with_state(backend.clone());
    let files = Router::new()
        .route("/audit/export/{file}", get(audit::export::download))
        .route("/people/export/{file}", get(export::download))
        .route("/people/import/{id}/errors.csv", get(upload::errors))
        .route("/people/{id}/data.json", get(files::of_somebody))
        .route("/account/data.json", get(files::own))
        .with_state(backend.clone());
    // Beyond the bound on forms: it reads its file piece by piece and has a bound of its own.
    let uploads = Router::new().route("/do/upload-people", post(upload::receive)).with_state(backend.clone());
    Router::new()
        .merge(if development { letters } else { Router::new() })
        .merge(files)
        .leptos_routes_with_context(&options, pages, context, document)
        .fallback(any(nothing_here))
        .layer(from_fn(refuse_malformed_forms))
        .layer(RequestBodyLimitLayer::new(guard::LARGEST_BODY))
        .merge(uploads)
        .layer(visits)
        .with_state(options)
}

/// The table of pages.
#[component]
fn Table(development: bool) -> impl IntoView {
    let mode = SsrMode::Async;
    view! {
        <Pages>
            <Routes fallback=|| ()>
                <Route path=path!("/") view=DashboardPage ssr=mode.clone() />
                <Route path=path!("/login") view=LoginPage ssr=mode.clone() />
                <Route path=path!("/sign-in/:provider") view=BeginPage ssr=mode.clone() />
                <Route path=path!("/sign-in/:provider/callback") view=ReturnPage ssr=mode.clone() />
                <Route path=path!("/sign-in/:provider/finish") view=FinishPage ssr=mode.clone() />
                <Route path=path!("/verify") view=VerifyPage ssr=mode.clone() />
                <Route path=path!("/verify/set-up") view=SetUpFactorPage ssr=mode.clone() />
                <Route path=path!("/confirm") view=ConfirmPage ssr=mode.clone() />
                <Route path=path!("/setup") view=SetupPage ssr=mode.clone() />
                <Route path=path!("/register") view=RegisterPage ssr=mode.clone() />
                <Route path=path!("/verify-email") view=VerifyEmailPage ssr=mode.clone() />
                <Route path=path!("/confirm-email") view=ConfirmEmailPage ssr=mode.clone() />
                <Route path=path!("/approve-email") view=ApproveEmailPage ssr=mode.clone() />
                <Route path=path!("/accept-invitation") view=InvitationPage ssr=mode.clone() />
                <Route path=path!("/forgot-password") view=ForgotPage ssr=mode.clone() />
                <Route path=path!("/reset-password") view=ResetPage ssr=mode.clone() />
                <Route path=path!("/people") view=PeoplePage ssr=mode.clone() />
                <Route path=path!("/people/import") view=ImportPage ssr=mode.clone() />
                <Route path=path!("/people/import/:id") view=ImportStatusPage ssr=mode.clone() />
                <Route path=path!("/people/selected") view=SelectedPage ssr=mode.clone() />
                <Route path=path!("/people/new") view=NewPersonPage ssr=mode.clone() />
                <Route path=path!("/people/:id") view=PersonPage ssr=mode.clone() />
                <Route path=path!("/people/:id/edit") view=EditPersonPage ssr=mode.clone() />
                <Route path=path!("/people/:id/signing-in") view=SigningInPage ssr=mode.clone() />
                <Route path=path!("/people/:id/history") view=PersonHistoryPage ssr=mode.clone() />
                <Route path=path!("/people/:id/notes") view=NotesPage ssr=mode.clone() />
                <Route path=path!("/people/:id/erase") view=ErasePage ssr=mode.clone() />
                <Route path=path!("/roles") view=RolesPage ssr=mode.clone() />
                <Route path=path!("/roles/new") view=NewRolePage ssr=mode.clone() />
                <Route path=path!("/roles/:code") view=RolePage ssr=mode.clone() />
                <Route path=path!("/roles/:code/review") view=ReviewPage ssr=mode.clone() />
                <Route path=path!("/roles/:code/delete") view=DeleteRolePage ssr=mode.clone() />
                <Route path=path!("/audit") view=AuditPage ssr=mode.clone() />
                <Route path=path!("/account") view=AccountPage ssr=mode.clone() />
                <Route path=path!("/account/email") view=EmailPage ssr=mode.clone() />
                <Route path=path!("/account/preferences") view=PreferencesPage ssr=mode.clone() />
                <Route path=path!("/account/password") view=PasswordPage ssr=mode.clone() />
                <Route path=path!("/account/sessions") view=SessionsPage ssr=mode.clone() />
                <Route path=path!("/account/api-keys") view=ApiKeysPage ssr=mode.clone() />
                <Route path=path!("/account/data") view=OwnDataPage ssr=mode.clone() />
                <Route path=path!("/account/events") view=EventsPage ssr=mode.clone() />
                <Route path=path!("/account/second-factor") view=SecondFactorPage ssr=mode.clone() />
                <Route path=path!("/account/second-factor/app") view=AppPage ssr=mode.clone() />
                <Route path=path!("/account/second-factor/code") view=CodePage ssr=mode.clone() />
                <Route path=path!("/account/second-factor/codes") view=RecoveryCodesPage ssr=mode.clone() />
                <Route path=path!("/api/docs") view=ApiPage ssr=mode.clone() />
                <Route path=StaticSegment("ui") view=move || in_development(development, || view! { <GalleryPage /> }) ssr=mode.clone() />
                <Route path=StaticSegment("mailbox") view=move || in_development(development, || view! { <MailboxPage /> }) ssr=mode />
            </Routes>
        </Pages>
    }
}

/// A page for those who build; in production there is nothing at its address.
fn in_development<V: IntoView + 'static>(development: bool, page: impl FnOnce() -> V) -> AnyView {
    if development {
        page().into_any()
    } else {
        draw(async |_| Err::<(), _>(server::Error::NotFound(NOTHING_HERE))).into_any()
    }
}

/// The document around a page: what is loaded, in which theme, under which policy.
#[component]
fn Document(development: bool) -> impl IntoView {
    provide_meta_context();
    let backend = expect_context::<Backend>();
    let parts = expect_context::<axum::http::request::Parts>();
    let reload_socket = backend.config.reload_socket();
    set_policy(reload_socket.as_deref());
    let (own, in_browser) = themes(&parts);
    let theme = own.or(in_browser).filter(|theme| *theme != Theme::System).map(Theme::code);
    let site = backend.site.clone();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme data-own-theme=own.map(Theme::code)>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.ico" sizes="32x32" />
                <link rel="icon" href=site.address("favicon.svg") type="image/svg+xml" />
                <link rel="preload" href=site.address("fonts/inter-latin.woff2") r#as="font" r#type="font/woff2" crossorigin="anonymous" />
                <link rel="stylesheet" href=site.address("pkg/countersign.css") />
                <script type="module" src=site.address("enhance.js") nonce=use_nonce()></script>
                {reload_socket.map(|socket| view! { <ReloadOnSave socket /> })}
                <MetaTags />
            </head>
            <body>
                <Table development />
            </body>
        </html>
    }
}

/// The content security policy of a page: our own files, and only scripts that carry this answer's nonce. Under `make dev`
/// the page may listen for saved files as well.
fn set_policy(reload_socket: Option<&str>) {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    let listen = reload_socket.map(|socket| format!(" {socket}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'{listen}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(value) = policy.parse() {
        response.insert_header(header::CONTENT_SECURITY_POLICY, value);
    }
}

/// The framework answers a form that it cannot read with 500 or a redirect that carries the error; here it is a plain 400.
async fn refuse_malformed_forms(request: Request, next: axum::middleware::Next) -> Response {
    let response = next.run(request).await;
    if response.headers().contains_key("serverfnerror") {
        guard::fail(server::Error::Malformed(
            "This form could not be read. Go back, reload the page and try again.".into(),
        ))
    } else {
        response
    }
}

async fn nothing_here(_: Caller) -> Response {
    guard::fail(server::Error::NotFound(NOTHING_HERE))
}
