//! How personal texts are kept by the store: as they are, or encrypted. The store says which around each statement; the types
//! of such texts ask here when they are written and read, so that no statement can forget it.

use sqlx::{Database, Decode, Encode, Type, encode::IsNull, error::BoxDynError};
use std::{
    cell::RefCell,
    fmt,
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
};

/// Makes of a text what is kept, and the other way round. The same text always becomes the same, so that it can be looked up.
pub trait Keeper: fmt::Debug + Send + Sync {
    fn keep(&self, plain: &str) -> String;
    /// Nothing where what was kept cannot be read; a text that was never encrypted is what it is.
    fn tell(&self, kept: &str) -> Option<String>;
}

thread_local! {
    static KEEPER: RefCell<Option<Arc<dyn Keeper>>> = const { RefCell::new(None) };
}

/// Does the work with this keeper; without one, texts are kept as they are.
pub async fn kept_by<F: Future>(keeper: Option<Arc<dyn Keeper>>, work: F) -> F::Output {
    let mut work = pin!(work);
    poll_fn(|context| {
        let _turn = Turn::of(keeper.clone());
        work.as_mut().poll(context)
    })
    .await
}

/// As long as it lives, the keeper of this thread is another one.
struct Turn(Option<Arc<dyn Keeper>>);

impl Turn {
    fn of(keeper: Option<Arc<dyn Keeper>>) -> Self {
        Self(KEEPER.replace(keeper))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        KEEPER.set(self.0.take());
    }
}

fn keep(plain: &str) -> String {
    KEEPER.with_borrow(|keeper| keeper.as_ref().map_or_else(|| plain.to_owned(), |keeper| keeper.keep(plain)))
}

fn tell(kept: String) -> Result<String, BoxDynError> {
    KEEPER.with_borrow(|keeper| match keeper {
        None => Ok(kept),
        Some(keeper) => keeper.tell(&kept).ok_or_else(|| {
            "an encrypted text cannot be read; is keys/personal.key the one that belongs to this database?".into()
        }),
    })
}

/// A text about people that has no type of its own, such as a letter that waits or the details of an entry of the trail.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Private(pub String);

impl From<Private> for String {
    fn from(text: Private) -> Self {
        text.0
    }
}

/// How a type that holds a text is written and read.
macro_rules! at_rest {
    ($($name:ident),+) => {$(
        impl<D: Database> Type<D> for $name
        where
            String: Type<D>,
        {
            fn type_info() -> D::TypeInfo {
                String::type_info()
            }

            fn compatible(info: &D::TypeInfo) -> bool {
                String::compatible(info)
            }
        }

        impl<'q, D: Database> Encode<'q, D> for $name
        where
            String: Encode<'q, D>,
        {
            fn encode_by_ref(&self, buffer: &mut D::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                keep(&self.0).encode(buffer)
            }
        }

        impl<'r, D: Database> Decode<'r, D> for $name
        where
            String: Decode<'r, D>,
        {
            fn decode(value: D::ValueRef<'r>) -> Result<Self, BoxDynError> {
                tell(String::decode(value)?).map(Self)
            }
        }
    )+};
}

use crate::{
    note::NoteText,
    person::{EmailAddress, FullName},
};
at_rest!(EmailAddress, FullName, NoteText, Private);
