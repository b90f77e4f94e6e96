//! `countersign user …`: looking after accounts from the command line. Whoever may run it on this machine may do everything.

use crate::{console, serve};
use anyhow::{Context, Result, bail};
use clap::Subcommand;
use domain::{
    listing::{PageSize, PeopleOrder, PeopleQuery, SearchText},
    password::Owner,
    person::Username,
};
use serde_json::json;
use server::{
    Backend, Error, Origin,
    config::Config,
    people::{NewPersonForm, Person},
    permit::Operator,
    privacy::EraseForm,
    second_factor::AppSecret,
};
use std::io::Read;

/// Longer than any password that would be taken.
const LONGEST_INPUT: u64 = 64 * 1024;

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Make an account and print its id as JSON
    Create {
        #[arg(long)]
        username: String,
        #[arg(long)]
        email: String,
        #[arg(long, value_name = "NAME")]
        full_name: String,
        /// A role by its code, such as USER_ADMIN; the first one is the usual one
        #[arg(long, required = true, value_name = "CODE")]
        role: Vec<String>,
        /// Read the password from standard input (its last line break is not part of it)
        #[arg(long, required = true)]
        password_stdin: bool,
        /// Set up an authenticator app at once: its secret, as letters A to Z and digits 2 to 7
        #[arg(long, value_name = "BASE32")]
        totp_secret: Option<String>,
    },
    /// Make an account without a password, send a link to choose one, and print its id as JSON
    Invite {
        #[arg(long)]
        username: String,
        #[arg(long)]
        email: String,
        #[arg(long, value_name = "NAME")]
        full_name: String,
        /// A role by its code, such as USER_ADMIN; the first one is the usual one
        #[arg(long, required = true, value_name = "CODE")]
        role: Vec<String>,
    },
    /// Send an invitation once more; the link in the letter before is worthless then
    InviteAgain {
        #[arg(long)]
        username: String,
    },
    /// Take back an invitation that nobody has accepted, and with it the account
    RevokeInvitation {
        #[arg(long)]
        username: String,
    },
    /// Give an account a new password and end its sessions
    ResetPassword {
        #[arg(long)]
        username: String,
        /// Read the password from standard input; without this a new one is made and printed
        #[arg(long)]
        password_stdin: bool,
    },
    /// Open an account that wrong passwords have locked
    Unlock {
        #[arg(long)]
        username: String,
    },
    /// Suspend an account and erase it for good, with everything that is kept about its owner; the audit trail stays provable
    Erase {
        #[arg(long)]
        username: String,
        /// The username once more: nothing brings the account back
        #[arg(long, value_name = "USERNAME")]
        confirm: String,
    },
    /// Take every second factor from an account whose owner has lost them, and end its sessions
    RemoveSecondFactors {
        #[arg(long)]
        username: String,
    },
    /// Bring people in from a file: everybody or nobody, unless told to skip wrong rows
    Import(super::import::Wish),
    /// List accounts, a line each, as JSON
    List {
        /// Part of a name, username or e-mail address
        #[arg(long, default_value = "")]
        search: String,
    },
}

impl Action {
    pub async fn run(self, config: Config) -> Result<()> {
        let backend = serve::open(config).await?;
        let outcome = self.act(&backend).await;
        backend.close().await;
        outcome
    }

    async fn act(self, backend: &Backend) -> Result<()> {
        let operator = Operator::of_this_machine();
        let origin = Origin::operator();
        match self {
            Self::Create { username, email, full_name, role, password_stdin: _, totp_secret } => {
                let secret = totp_secret.as_deref().map(parse_secret).transpose()?;
                let form =
                    NewPersonForm { username, full_name, email, roles: role, password: read_password()? };
                let person =
                    form.parse(&backend.passwords).map_err(|errors| explain(Error::Invalid(errors)))?;
                let id =
                    backend.people.create(&operator.permit(()), person, &origin).await.map_err(explain)?;
                if let Some(secret) = secret {
                    backend
                        .second_factors
                        .enrol_at_once(&operator, id, &secret, &origin)
                        .await
                        .map_err(explain)
                        .context("the account was made, but not its second factor")?;
                }
                console::say(json!({ "id": id }));
            }
            Self::Invite { username, email, full_name, role } => {
                let form = NewPersonForm { username, full_name, email, roles: role, password: String::new() };
                let newcomer =
                    form.parse_without_password().map_err(|errors| explain(Error::Invalid(errors)))?;
                let invited = backend.links.invite(&operator.permit(()), newcomer, "", &origin).await;
                console::say(json!({ "id": invited.map_err(explain)? }));
            }
            Self::InviteAgain { username } => {
                let person = named(backend, &operator, &username).await?;
                let again = backend.links.invite_again(&operator.permit(person.id), "", &origin).await;
                again.map_err(explain)?;
                console::say(json!({ "id": person.id }));
            }
            Self::RevokeInvitation { username } => {
                let person = named(backend, &operator, &username).await?;
                let revoked = backend.links.revoke_invitation(&operator.permit(person.id), &origin).await;
                revoked.map_err(explain)?;
                // No server may be running that would do it.
                backend.privacy.finish_erasures().await.map_err(explain)?;
                console::say(json!({ "id": person.id }));
            }
            Self::ResetPassword { username, password_stdin } => {
                let person = named(backend, &operator, &username).await?;
                let password =
                    if password_stdin { read_password()? } else { backend.ground.chance.readable_password() };
                let owner = Owner::new(person.username.as_str(), person.email.as_str());
                let parsed = backend
                    .passwords
                    .accept(&password, &owner)
                    .map_err(|broken| anyhow::anyhow!("password: {broken}"))?;
                backend
                    .identity
                    .reset_password(&operator.permit(person.id), parsed, &origin)
                    .await
                    .map_err(explain)?;
                let shown = if password_stdin {
                    json!({ "id": person.id })
                } else {
                    json!({ "id": person.id, "password": password })
                };
                console::say(shown);
            }
            Self::Unlock { username } => {
                let person = named(backend, &operator, &username).await?;
                backend.people.unlock(&operator.permit(person.id), &origin).await.map_err(explain)?;
                console::say(json!({ "id": person.id }));
            }
            Self::Erase { username, confirm } => {
                let person = named(backend, &operator, &username).await?;
                if person.username.as_str() != confirm {
                    bail!("confirm: this is not the username of the account");
                }
                backend.people.suspend(&operator.permit(person.id), &origin).await.map_err(explain)?;
                let form = EraseForm { username: confirm, version: None };
                backend.privacy.erase(&operator.permit(person.id), &form, &origin).await.map_err(explain)?;
                console::say(json!({ "id": person.id }));
            }
            Self::RemoveSecondFactors { username } => {
                let person = named(backend, &operator, &username).await?;
                let permit = operator.permit(person.id);
                backend.second_factors.remove_all(&permit, &origin).await.map_err(explain)?;
                console::say(json!({ "id": person.id }));
            }
            Self::Import(wish) => wish.run(backend).await?,
            Self::List { search } => list(backend, &operator, &search).await?,
        }
        Ok(())
    }
}

async fn list(backend: &Backend, operator: &Operator, search: &str) -> Result<()> {
    let search = SearchText::parse(search).map_err(anyhow::Error::msg)?;
    let size = PageSize::parse(PageSize::LARGEST.into()).map_err(anyhow::Error::msg)?;
    let mut query = PeopleQuery { search, order: PeopleOrder::BY_CREATION, size, ..PeopleQuery::default() };
    loop {
        let page = backend.people.list(&operator.sees_people(), &query).await.map_err(explain)?;
        for person in page.people {
            console::say(json!({
                "id": person.id, "username": person.username, "full_name": person.full_name, "email": person.email,
                "roles": person.roles, "status": person.status,
            }));
        }
        match page.next.or(page.resume) {
            Some(next) => query.cursor = Some(next),
            None => return Ok(()),
        }
    }
}

async fn named(backend: &Backend, operator: &Operator, username: &str) -> Result<Person> {
    let username = Username::parse(username).map_err(|words| anyhow::anyhow!("username: {words}"))?;
    backend.people.named(operator, &username).await.map_err(explain)
}

/// A secret that is shorter than it should be is taken, because it is known elsewhere already, and noted.
fn parse_secret(typed: &str) -> Result<AppSecret> {
    let secret = AppSecret::parse(typed).map_err(|words| anyhow::anyhow!("totp_secret: {words}"))?;
    if secret.is_short() {
        eprintln!("note: totp_secret has fewer than 128 bits, which RFC 4226 asks for");
    }
    Ok(secret)
}

fn read_password() -> Result<String> {
    let mut input = String::new();
    std::io::stdin()
        .take(LONGEST_INPUT)
        .read_to_string(&mut input)
        .context("the password cannot be read from standard input")?;
    if let Some(stripped) = input.strip_suffix('\n') {
        input = stripped.strip_suffix('\r').unwrap_or(stripped).to_owned();
    }
    if input.is_empty() {
        bail!("no password came on standard input");
    }
    Ok(input)
}

/// Every wrong field in one line; the words of any other error.
pub fn explain(error: Error) -> anyhow::Error {
    match error {
        Error::Invalid(errors) => {
            let fields: Vec<String> =
                errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect();
            anyhow::anyhow!(fields.join("; "))
        }
        Error::Internal(cause) => cause,
        other => anyhow::anyhow!(other.told().message),
    }
}
