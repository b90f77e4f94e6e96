//! People over REST.

use super::{People as PeopleService, Person};
use crate::{
    Backend, Error,
    http::{
        caller::Caller,
        intake::{Named, Params, maybe_empty},
        moments::iso,
        problem::{Answer, Problem, ProblemBody},
    },
    permit::{People, Visible},
    roles::Role,
};
use axum::{Json, extract::State};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    FieldErrors, PersonId,
    dashboard::Dashboard,
    listing::{Cursor, PageSize, PeopleFilters, PeopleOrder, PeopleQuery, SearchText},
    second_factor::Method,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A person, as the API shows them.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonBody {
    #[schema(example = "0198c0de-0000-7000-8000-000000000000", format = "uuid")]
    id: String,
    #[schema(example = "maria")]
    username: String,
    #[schema(example = "Maria Lindqvist")]
    full_name: String,
    #[schema(example = "maria@example.com")]
    email: String,
    /// The usual role first.
    roles: Vec<RoleBody>,
    /// `active`, `suspended`, `invited`, `unverified` or `locked`.
    #[schema(example = "active")]
    status: &'static str,
    #[schema(example = "/")]
    dashboard_route: &'static str,
    /// The second factors that are enrolled.
    #[schema(example = json!(["totp"]))]
    mfa: Vec<&'static str>,
    /// When this person signed in last (RFC 3339, UTC); null for whoever never did.
    #[schema(example = "2026-11-21T09:30:00.25Z", format = "date-time")]
    last_login_at: Option<String>,
    #[schema(example = 12)]
    login_count: i64,
    /// When the account was made (RFC 3339, UTC).
    #[schema(example = "2026-10-07T08:00:00Z", format = "date-time")]
    created_at: String,
    /// Counts the changes; send it back with a change.
    #[schema(example = 1)]
    version: i64,
}

/// A role, by code and by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleBody {
    #[schema(example = "USER_ADMIN")]
    code: String,
    #[schema(example = "User Admin")]
    name: String,
}

/// A page of people.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeopleBody {
    items: Vec<PersonBody>,
    /// Ask with this as `cursor` for the next page; null on the last one.
    #[schema(example = "eyJvcmRlciI6ImNyZWF0ZWRfYXQifQ")]
    next_cursor: Option<String>,
    /// How many people the search finds, on all pages.
    #[schema(example = 186)]
    total: i64,
    /// When this is false there are at least `total`.
    total_exact: bool,
}

/// How the list is asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ListParams {
    /// Part of a name, username or e-mail address, at most 100 characters; case and accents do not matter.
    #[param(max_length = 100, example = "lind")]
    search: Option<String>,
    /// The code of a role that they have.
    #[param(example = "STAFF")]
    role: Option<String>,
    /// `active`, `suspended`, `invited`, `unverified` or `locked`.
    #[param(example = "active")]
    status: Option<String>,
    /// The second factor that is enrolled: `passkey`, `totp`, `sms`, `email`, `any` of them, or `none`.
    #[param(example = "none")]
    mfa: Option<String>,
    /// `never`, `within_N_days`, or `not_for_N_days`, which those who never signed in are among; N from 1 to 3650.
    #[param(example = "within_30_days")]
    last_login: Option<String>,
    /// The account was made on this day (UTC) or later.
    #[param(example = "2020-01-31", format = "date")]
    created_from: Option<String>,
    /// The account was made on this day (UTC) or earlier.
    #[param(example = "2099-12-31", format = "date")]
    created_to: Option<String>,
    /// `full_name`, `username`, `email`, `role` (by code), `status` (locked ones stand with the active), `mfa`,
    /// `last_login_at`, `login_count` or `created_at`, with a minus for the other way round; `created_at` if left out.
    #[param(default = "created_at", example = "-last_login_at")]
    sort: Option<String>,
    /// Rows in a page, 1 to 200; 50 if left out.
    #[serde(deserialize_with = "maybe_empty")]
    #[param(minimum = 1, maximum = 200, default = 50, example = 20)]
    limit: Option<u32>,
    /// Where the page before ended: its `next_cursor`, asked for in the same order and with the same filters.
    cursor: Option<String>,
}

const ENCRYPTED: &str = "Names and addresses are encrypted here, so nothing can be sorted by them";

impl ListParams {
    fn parse(self, roles: &[Role], people: &PeopleService) -> Result<PeopleQuery, FieldErrors> {
        let mut errors = FieldErrors::default();
        let filters = self.filters(roles, &mut errors);
        let search = errors.check("search", SearchText::parse(&self.search.unwrap_or_default()));
        let sort = self.sort.filter(|sort| !sort.is_empty());
        let order = errors.check("sort", sort.map_or(Ok(PeopleOrder::BY_CREATION), |sort| sort.parse()));
        if order.is_some_and(|order| !people.can_order_by(order.column)) {
            errors.add("sort", ENCRYPTED);
        }
        let size = errors.check("limit", self.limit.map_or(Ok(PageSize::default()), PageSize::parse));
        let cursor = self.cursor.filter(|cursor| !cursor.is_empty());
        let cursor = errors.check("cursor", cursor.as_deref().map(read_cursor).transpose());
        if let (Some(order), Some(Some(cursor))) = (order, &cursor)
            && !cursor.fits(order, &filters)
        {
            errors.add("cursor", "This cursor is from a list in another order, or with other filters");
        }
        match (search, order, size, cursor) {
            (Some(search), Some(order), Some(size), Some(cursor)) if errors.is_empty() => {
                Ok(PeopleQuery { search, filters, order, cursor, size })
            }
            _ => Err(errors),
        }
    }

    fn filters(&self, roles: &[Role], errors: &mut FieldErrors) -> PeopleFilters {
        let value = |name: &str| match name {
            "role" => self.role.clone(),
            "status" => self.status.clone(),
            "mfa" => self.mfa.clone(),
            "last_login" => self.last_login.clone(),
            "created_from" => self.created_from.clone(),
            "created_to" => self.created_to.clone(),
            _ => None,
        };
        read_filters(value, roles, errors)
    }
}

/// The filters that a request asks for, by their names.
pub(super) fn read_filters(
    value: impl Fn(&str) -> Option<String>,
    roles: &[Role],
    errors: &mut FieldErrors,
) -> PeopleFilters {
    let filters = PeopleFilters::parse(value, errors);
    if filters.role.as_ref().is_some_and(|code| roles.iter().all(|role| role.code != *code)) {
        errors.add("role", "There is no such role");
    }
    filters
}

/// A cursor as it travels in an address.
pub fn write_cursor(cursor: &Cursor) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(cursor).unwrap_or_default())
}

pub fn read_cursor(text: &str) -> Result<Cursor, &'static str> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| "This cursor is not one of ours")?;
    serde_json::from_slice(&bytes).map_err(|_| "This cursor is not one of ours")
}

impl PersonBody {
    pub(super) fn of(person: Person, roles: &[Role]) -> Self {
        let named = person.roles.iter().map(|code| RoleBody {
            code: code.to_string(),
            name: roles
                .iter()
                .find(|role| role.code == *code)
                .map_or_else(|| code.to_string(), |role| role.name.clone()),
        });
        Self {
            id: person.id.to_string(),
            username: person.username.to_string(),
            full_name: person.full_name.to_string(),
            email: person.email.to_string(),
            roles: named.collect(),
            status: person.status.code(),
            dashboard_route: Dashboard::ROUTE,
            mfa: person.factors.methods().map(Method::code).collect(),
            last_login_at: person.last_login_at.map(iso),
            login_count: person.login_count,
            created_at: iso(person.created_at),
            version: person.version,
        }
    }
}

impl PersonBody {
    /// One person with everything, as the actor may see them.
    pub(super) async fn whole(
        backend: &Backend,
        visible: &Visible<People>,
        id: PersonId,
    ) -> Result<Self, Error> {
        let person = backend.people.find(visible, id).await?;
        let factors = backend.second_factors.factors_of(visible, id).await?;
        let mfa = factors.into_iter().map(Method::code).collect();
        Ok(Self { mfa, ..Self::of(person, &backend.roles.all().await?) })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

/// The people, a page at a time
#[utoipa::path(
    get, path = "/api/v1/users", tag = "People", params(ListParams), security(("bearer" = [])),
    responses(
        (status = 200, description = "A page of people", body = PeopleBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not see every account", body = ProblemBody),
        (status = 422, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub async fn list(
    State(backend): State<Backend>,
    caller: Caller,
    params: Result<Params<ListParams>, Problem>,
) -> Answer<Json<PeopleBody>> {
    let visible = caller.actor_or_key()?.sees_people()?;
    let Params(params) = params?;
    let roles = backend.roles.all().await?;
    let query = params.parse(&roles, &backend.people).map_err(Error::Invalid)?;
    let page = backend.people.list(&visible, &query).await?;
    Ok(Json(PeopleBody {
        items: page.people.into_iter().map(|person| PersonBody::of(person, &roles)).collect(),
        next_cursor: page.next.as_ref().or(page.resume.as_ref()).map(write_cursor),
        total: page.total.count,
        total_exact: page.total.exact,
    }))
}

/// One person
#[utoipa::path(
    get, path = "/api/v1/users/{id}", tag = "People", params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 200, description = "The person", body = PersonBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 404, description = "No such person, or not one that you may see", body = ProblemBody),
    )
)]
pub async fn find(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
) -> Answer<Json<PersonBody>> {
    let visible = caller.actor_or_key()?.sees_person()?;
    let Named(id) = id?;
    Ok(Json(PersonBody::whole(&backend, &visible, id).await?))
}
