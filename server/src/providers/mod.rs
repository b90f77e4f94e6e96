//! Providers: signing in with an account elsewhere, by OpenID Connect (authorization code with PKCE). Who somebody is
//! there, and whose account that is here, is decided in this folder; what follows from it, in `identity`.

mod answer;
mod attempt;
mod change;
mod discovery;
mod failure;
mod linking;
mod newcomers;
mod provider;
mod store;

pub use attempt::LASTS;
pub use change::{Change, ChangeKind};
pub use failure::Failure;
pub use store::Link;

use crate::{
    Actor, Error, Origin, Result,
    config::Config,
    db::Housekeeping,
    events::Event,
    ground::Ground,
    identity::{self, Identity, Proven, Step},
    people::People,
    vault::Vault,
};
use answer::Expected;
use attempt::{Attempt, Secrets};
use provider::Provider;
use std::fmt;

/// No provider sends longer ones.
const LONGEST_CODE: usize = 8 * 1024;
const LONGEST_NEXT: usize = 2 * 1024;
const UNKNOWN: &str = "There is no such provider to sign in with";

/// The service for providers.
#[derive(Clone)]
pub struct Providers {
    ground: Ground,
    vault: Vault,
    identity: Identity,
    people: People,
    public_url: String,
    all: Vec<Provider>,
}

/// A provider as the sign-in page offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub id: String,
    pub name: String,
}

/// A sign-in that was begun: where to go, and what the browser keeps until it comes back.
#[derive(Debug)]
pub struct Begun {
    pub address: String,
    pub browser: String,
}

/// What came back with the browser, as it stood in the address.
#[derive(Default)]
pub struct Returned {
    pub state: Option<String>,
    pub code: Option<String>,
    pub error: Option<String>,
    pub issuer: Option<String>,
    /// What the browser has kept.
    pub browser: Option<String>,
    /// What it holds if it was remembered.
    pub device: Option<String>,
}

/// How a sign-in with a provider ended, and the page that was asked for before it began.
#[derive(Debug)]
pub struct Ended {
    pub next: String,
    pub outcome: Result<Step>,
}

impl Providers {
    pub fn new(
        ground: Ground,
        vault: Vault,
        identity: Identity,
        people: People,
        config: &Config,
    ) -> anyhow::Result<Self> {
        let all = config.oidc.iter().map(|(id, settings)| Provider::new(id, settings, ground.clock.clone()));
        let all = all.collect::<anyhow::Result<_>>()?;
        let public_url = config.public_url.trim_end_matches('/').to_owned();
        Ok(Self { ground, vault, identity, people, public_url, all })
    }

    /// What the sign-in page offers.
    pub fn offers(&self) -> Vec<Offer> {
        let offer = |provider: &Provider| Offer {
            id: provider.id.clone(),
            name: provider.settings.name.trim().to_owned(),
        };
        self.all.iter().map(offer).collect()
    }

    /// What this provider is called.
    pub fn name(&self, id: &str) -> Result<&str> {
        self.named(id).map(|provider| provider.settings.name.trim())
    }

    /// Begins a sign-in. A browser that has begun one already keeps its half for both.
    pub async fn begin(&self, id: &str, next: &str, browser: Option<&str>) -> Result<Begun> {
        let provider = self.named(id)?;
        let addresses = provider.addresses().await.map_err(|failure| told(provider, failure))?;
        let state = self.ground.chance.token();
        let browser = browser.filter(|browser| attempt::is_ours(browser)).map(str::to_owned);
        let browser = browser.unwrap_or_else(|| self.ground.chance.token());
        let next = if next.len() > LONGEST_NEXT { "/" } else { next };
        let secrets = Secrets::of(&self.vault, &state);

        let mut tx = self.ground.begin(&Origin::program()).await?;
        let half = attempt::browser_fingerprint(&self.vault, &browser);
        store::begin(&mut tx, &secrets.fingerprint(), &half, id, next).await?;
        tx.commit_housekeeping(Housekeeping::ProviderAttempt).await?;

        let mut address = addresses.authorization;
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &provider.settings.client_id)
            .append_pair("redirect_uri", &self.way_back(id))
            .append_pair("scope", &provider.settings.scopes.join(" "))
            .append_pair("state", &state)
            .append_pair("nonce", &secrets.nonce())
            .append_pair("code_challenge", &secrets.challenge())
            .append_pair("code_challenge_method", "S256");
        Ok(Begun { address: address.into(), browser })
    }

    /// Ends a sign-in with what the browser brought back.
    pub async fn finish(&self, id: &str, returned: &Returned, origin: &Origin) -> Result<Ended> {
        let provider = self.named(id)?;
        let (secrets, attempt) = match self.take_up(id, returned, origin).await? {
            Ok(found) => found,
            Err(failure) => {
                // Whoever comes with a state of nobody's has signed in nowhere; only what was begun here is in the trail.
                if failure == Failure::Replayed {
                    self.record(provider, &failure, origin).await?;
                }
                return Ok(Ended { next: "/".into(), outcome: Err(told(provider, failure)) });
            }
        };
        let proof = self.prove(provider, returned, &secrets, &attempt, origin).await;
        let outcome = match proof {
            Ok(Ok(proven)) => self.identity.sign_in_proven(proven, returned.device.as_deref(), origin).await,
            Ok(Err(failure)) => {
                self.record(provider, &failure, origin).await?;
                Err(told(provider, failure))
            }
            Err(error) => Err(error),
        };
        Ok(Ended { next: attempt.next, outcome })
    }

    /// The sign-in that this answer belongs to, used up from now on.
    async fn take_up<'a>(
        &'a self,
        id: &str,
        returned: &'a Returned,
        origin: &Origin,
    ) -> Result<Result<(Secrets<'a>, Attempt), Failure>> {
        let (state, browser) = (returned.state.as_deref(), returned.browser.as_deref());
        let Some((state, browser)) = state.zip(browser).filter(|(state, _)| attempt::is_ours(state)) else {
            return Ok(Err(Failure::NotBegun));
        };
        let secrets = Secrets::of(&self.vault, state);
        let fingerprint = secrets.fingerprint();
        let begun_after = self.ground.clock.now().before(LASTS);
        let attempt = store::attempt(&self.ground.db, &fingerprint, id, begun_after).await?;
        let Some(attempt) = attempt.filter(|found| attempt::is_browser(&self.vault, browser, &found.browser))
        else {
            return Ok(Err(Failure::NotBegun));
        };
        if attempt.used_at.is_some() {
            return Ok(Err(Failure::Replayed));
        }
        let mut tx = self.ground.begin(origin).await?;
        let is_first = store::use_up(&mut tx, &fingerprint).await?;
        tx.commit_housekeeping(Housekeeping::ProviderAttempt).await?;
        Ok(if is_first { Ok((secrets, attempt)) } else { Err(Failure::Replayed) })
    }

    /// Everything between the answer and the person behind it.
    async fn prove(
        &self,
        provider: &Provider,
        returned: &Returned,
        secrets: &Secrets<'_>,
        attempt: &Attempt,
        origin: &Origin,
    ) -> Result<Result<Proven, Failure>> {
        let vouched = async {
            let addresses = provider.addresses().await?;
            // An answer that names another provider was meant for that one (RFC 9207).
            match returned.issuer.as_deref() {
                Some(issuer) if issuer != provider.settings.issuer => {
                    return Err(Failure::Untrusted("provider: answer of another issuer"));
                }
                None if addresses.names_itself => {
                    return Err(Failure::Untrusted("provider: answer names no issuer"));
                }
                _ => {}
            }
            let code = code_of(returned)?;
            let tokens = provider.trade(code, &secrets.verifier(), &self.way_back(&provider.id)).await?;
            let expected = Expected {
                issuer: &provider.settings.issuer,
                client_id: &provider.settings.client_id,
                nonce: &secrets.nonce(),
                begun_at: attempt.begun_at,
                now: self.ground.clock.now(),
            };
            Ok((provider.identify(&tokens, &expected).await?, tokens))
        };
        let (vouched, tokens) = match vouched.await {
            Ok(vouched) => vouched,
            Err(failure) => return Ok(Err(failure)),
        };
        Ok(self.account_of(provider, &vouched, &tokens, origin).await?.map(|person| Proven {
            person,
            by: provider.settings.name.clone(),
            second_factor_too: provider.settings.trusts_second_factor,
        }))
    }

    /// Writes down that somebody was refused.
    async fn record(&self, provider: &Provider, failure: &Failure, origin: &Origin) -> Result<()> {
        let identifier = format!("by {}", provider.settings.name);
        let tx = self.ground.begin(origin).await?;
        let event = Event::SignInFailed { person: None, identifier, why: failure.why() };
        tx.record(event).await?.commit().await
    }

    /// What the actor's account is connected to.
    pub async fn links(&self, actor: &Actor) -> Result<Vec<Link>> {
        store::links(&self.ground.db, actor.id()).await
    }

    /// Parts the actor's account from a provider. It may not be the last way in.
    pub async fn part(&self, actor: &Actor, issuer: &str, origin: &Origin) -> Result<()> {
        actor.standing().check()?;
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let found = store::owner(&mut tx, actor.id()).await?;
        let (owner, has_password) = found.ok_or(Error::NotFound("User not found"))?;
        identity::check_open(&mut tx, actor.id(), actor.session()).await?;
        if !has_password {
            return Err(Error::Conflict("Choose a password first: without one this is the only way in"));
        }
        if !store::part(&mut tx, actor.id(), issuer).await? {
            return Err(Error::NotFound("Your account is not connected to this provider"));
        }
        let provider = self.name_of(issuer);
        let change = Change { person: actor.id(), kind: ChangeKind::Parted, provider, owner, is_told: true };
        tx.record(Event::Provider(change)).await?.commit().await
    }

    /// Forgets sign-ins that can no longer be answered.
    pub async fn forget_expired(&self) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        let before = tx.at().before(LASTS);
        store::forget(&mut tx, before).await?;
        tx.commit_housekeeping(Housekeeping::Expired).await
    }

    /// What the provider is called; one that was taken out of the configuration goes by its address.
    pub fn name_of(&self, issuer: &str) -> String {
        let known = self.all.iter().find(|provider| provider.settings.issuer == issuer);
        known.map_or_else(|| issuer.to_owned(), |provider| provider.settings.name.clone())
    }

    fn named(&self, id: &str) -> Result<&Provider> {
        self.all.iter().find(|provider| provider.id == id).ok_or(Error::NotFound(UNKNOWN))
    }

    /// Where the provider sends the browser back to. Built from the public address alone.
    fn way_back(&self, id: &str) -> String {
        format!("{}/sign-in/{id}/callback", self.public_url)
    }
}

/// The code, or what the provider said instead of one.
fn code_of(returned: &Returned) -> Result<&str, Failure> {
    match (returned.error.as_deref(), returned.code.as_deref()) {
        (Some("access_denied" | "login_required" | "interaction_required" | "consent_required"), _) => {
            Err(Failure::Declined)
        }
        (Some("server_error" | "temporarily_unavailable"), _) => {
            Err(Failure::Away("it answered that it is in trouble".into()))
        }
        (Some(_), _) => Err(Failure::Refused("it answered with an error instead of a code".into())),
        (None, Some(code)) if !code.is_empty() && code.len() <= LONGEST_CODE => Ok(code),
        (None, _) => Err(Failure::Refused("it answered without a code".into())),
    }
}

/// Writes down for the operator what stood in the way, and answers with what the person is told.
fn told(provider: &Provider, failure: Failure) -> Error {
    let why = match &failure {
        Failure::Away(cause) | Failure::Refused(cause) => cause.as_str(),
        other => other.why(),
    };
    tracing::warn!(provider = provider.id, why, "a sign-in with a provider was refused");
    failure.told(provider.settings.name.trim())
}

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.all).finish()
    }
}

impl fmt::Debug for Returned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Returned(error {})", self.error.is_some())
    }
}
