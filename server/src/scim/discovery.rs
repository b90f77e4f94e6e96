//! What a directory asks first: what is supported here, which resources there are, and what a person consists of
//! (RFC 7643, 5 to 7).

use super::{
    USER,
    api::{MOST_IN_A_PAGE, json_of},
    body::Named,
    refusal::{Answer, Refusal},
    resource::location,
};
use crate::{Backend, Error, config::Config, http::caller::Caller};
use axum::{extract::State, http::StatusCode, response::Response};
use serde_json::{Value, json};

const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const CONFIG: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
const RESOURCE_TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/// A directory that may not see anybody learns nothing of how we are built either.
fn check(caller: &Caller) -> Answer<()> {
    caller.actor_or_key()?.sees_people()?;
    Ok(())
}

pub async fn config(State(backend): State<Backend>, caller: Caller) -> Answer<Response> {
    check(&caller)?;
    let body = json!({
        "schemas": [CONFIG],
        "patch": { "supported": true },
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": MOST_IN_A_PAGE },
        "changePassword": { "supported": false },
        "sort": { "supported": false },
        "etag": { "supported": true },
        "authenticationSchemes": [{
            "type": "oauthbearertoken", "name": "API key", "primary": true,
            "description": "An API key of somebody who may see and manage accounts, as a bearer token",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
        }],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": location(&backend.config, "ServiceProviderConfig"),
        },
    });
    Ok(json_of(StatusCode::OK, &body))
}

pub async fn resource_types(State(backend): State<Backend>, caller: Caller) -> Answer<Response> {
    check(&caller)?;
    Ok(list_of_one(user_type(&backend.config)))
}

pub async fn resource_type(
    State(backend): State<Backend>,
    caller: Caller,
    Named(name): Named,
) -> Answer<Response> {
    check(&caller)?;
    if name == "User" {
        Ok(json_of(StatusCode::OK, &user_type(&backend.config)))
    } else {
        Err(no_such_thing())
    }
}

pub async fn schemas(State(backend): State<Backend>, caller: Caller) -> Answer<Response> {
    check(&caller)?;
    Ok(list_of_one(user_schema(&backend.config)))
}

pub async fn schema(State(backend): State<Backend>, caller: Caller, Named(name): Named) -> Answer<Response> {
    check(&caller)?;
    if name.eq_ignore_ascii_case(USER) {
        Ok(json_of(StatusCode::OK, &user_schema(&backend.config)))
    } else {
        Err(no_such_thing())
    }
}

fn no_such_thing() -> Refusal {
    Error::NotFound("People are all there is here").into()
}

fn list_of_one(resource: Value) -> Response {
    let body = json!({
        "schemas": [LIST], "totalResults": 1, "startIndex": 1, "itemsPerPage": 1, "Resources": [resource],
    });
    json_of(StatusCode::OK, &body)
}

fn user_type(config: &Config) -> Value {
    json!({
        "schemas": [RESOURCE_TYPE], "id": "User", "name": "User", "endpoint": "/Users", "schema": USER,
        "description": "Somebody with an account",
        "schemaExtensions": [],
        "meta": { "resourceType": "ResourceType", "location": location(config, "ResourceTypes/User") },
    })
}

fn user_schema(config: &Config) -> Value {
    let part = |name: &str, about: &str| attribute("string", name, about);
    let required = |mut attribute: Value| {
        attribute["required"] = true.into();
        attribute
    };
    let unique = |mut attribute: Value| {
        attribute["uniqueness"] = "server".into();
        attribute
    };
    let mut user_name =
        required(unique(part("userName", "What one signs in with. It stays once it is made.")));
    user_name["mutability"] = "immutable".into();
    let mut external_id = unique(part("externalId", "What the directory calls them; of each there is one"));
    external_id["caseExact"] = true.into();
    let name = [
        part("formatted", "The whole name; displayName counts before it"),
        part("givenName", "All words of the name but the last"),
        part("familyName", "The last word of the name"),
    ];
    let address = [
        required(unique(part("value", "The address"))),
        part("type", "work"),
        attribute("boolean", "primary", "There is one, and it is the primary one"),
    ];
    let role = [
        part("value", "The code of a role, such as CUSTOMER"),
        part("display", "What the role is called"),
        attribute("boolean", "primary", "Whether it is the role they usually act in"),
    ];
    json!({
        "schemas": [SCHEMA], "id": USER, "name": "User", "description": "Somebody with an account",
        "attributes": [
            user_name,
            external_id,
            with_parts("name", "Their name, in parts", false, &name),
            part("displayName", "The name that people call them by"),
            attribute("boolean", "active", "Whether they may sign in; false suspends the account"),
            required(with_parts("emails", "Their address; of several the primary one is kept", true, &address)),
            with_parts("roles", "What they may act as; none is the role that the configuration names", true, &role),
        ],
        "meta": { "resourceType": "Schema", "location": location(config, &format!("Schemas/{USER}")) },
    })
}

fn attribute(kind: &str, name: &str, about: &str) -> Value {
    json!({
        "name": name, "type": kind, "multiValued": false, "description": about, "required": false,
        "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
    })
}

fn with_parts(name: &str, about: &str, has_several: bool, parts: &[Value]) -> Value {
    let mut attribute = attribute("complex", name, about);
    attribute["multiValued"] = has_several.into();
    attribute["subAttributes"] = parts.into();
    attribute
}
