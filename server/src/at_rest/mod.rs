//! Personal texts at rest: names, e-mail addresses and what is written about people, encrypted where the setting says so.
//! `domain::at_rest` is where such texts pass through; `ring` holds the keys, `terms` what search looks through, `conversion`
//! turns a whole store from one state into the other. ADR 31 has the reasons.

mod change;
mod conversion;
mod ring;
mod store;
mod terms;

pub use change::Change;
pub use conversion::{Conversion, Goal, convert_all};
pub use ring::Ring;

use domain::{
    at_rest::Keeper,
    folding::fold,
    person::{EmailAddress, FullName, Username, search_text},
};
use ring::Key;
use std::{fmt, sync::Arc};

/// What an encrypted text begins with. No address has a colon there, and where texts are encrypted a name is never kept as it is.
pub(crate) const MARK: &str = "sealed:";

/// How this store keeps personal texts: as they are, or encrypted.
#[derive(Clone, Default)]
pub struct AtRest(Arc<Inner>);

#[derive(Default)]
struct Inner {
    ring: Ring,
    /// The key that new texts are encrypted with; without one they are kept as they are.
    writing: Option<Key>,
}

/// What is kept of somebody for search and for the order by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findable {
    pub name_key: String,
    pub search_text: String,
}

impl AtRest {
    fn under(ring: Ring, writing: Option<Key>) -> Self {
        Self(Arc::new(Inner { ring, writing }))
    }

    fn key(&self) -> Option<&Key> {
        self.0.writing.as_ref()
    }

    pub fn is_on(&self) -> bool {
        self.key().is_some()
    }

    /// A text as a statement is to write it that takes it out of JSON.
    pub fn keep(&self, plain: &str) -> String {
        Keeper::keep(&*self.0, plain)
    }

    /// A text as it was kept, where a statement handed it over in JSON. One that cannot be read is none.
    pub fn tell(&self, kept: &str) -> Option<String> {
        Keeper::tell(&*self.0, kept)
    }

    /// What is kept of somebody to find them by.
    pub fn findable(&self, username: &Username, full_name: &FullName, email: &EmailAddress) -> Findable {
        let search_text = search_text(username, full_name, email);
        match self.key() {
            None => Findable { name_key: fold(full_name.as_str()), search_text },
            // An order by name would tell the names, letter by letter.
            Some(key) => {
                Findable { name_key: String::new(), search_text: terms::of_person(key, &search_text) }
            }
        }
    }

    /// What all those are kept with who may hold this text, which is folded; nothing where texts are kept as they are.
    pub fn terms(&self, text: &str) -> Option<Vec<String>> {
        self.key().map(|key| terms::of_search(key, text))
    }

    pub(crate) fn keeper(&self) -> Option<Arc<dyn Keeper>> {
        // Where they once were encrypted, entries of the trail still are.
        (!self.0.ring.is_empty()).then(|| Arc::clone(&self.0) as Arc<dyn Keeper>)
    }
}

impl Keeper for Inner {
    fn keep(&self, plain: &str) -> String {
        self.writing.as_ref().map_or_else(|| plain.to_owned(), |key| key.seal(plain))
    }

    fn tell(&self, kept: &str) -> Option<String> {
        let Some(sealed) = kept.strip_prefix(MARK) else { return Some(kept.to_owned()) };
        let told = self.ring.open(sealed);
        // Somebody may be called so, where names are kept as they are.
        if self.writing.is_none() { told.or_else(|| Some(kept.to_owned())) } else { told }
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AtRest({:?})", self.writing)
    }
}

impl fmt::Debug for AtRest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
