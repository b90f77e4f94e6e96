//! The chapters of the measurement, in the order in which they are told.

mod answers;
mod audit;
mod encrypted;
mod footing;
mod in_and_out;
mod list;
mod loading;
mod pages;
mod questions;
mod scim;
mod signing_in;
mod visit;

use crate::{figures::Figures, program::Program};
use anyhow::Result;
use clap::ValueEnum;

/// A part that can be measured alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Chapter {
    /// The dashboard and the list under load, against a bare handler
    Pages,
    /// The long list of people, on both engines
    People,
    /// The long list with names and addresses encrypted, on SQLite
    Encrypted,
    /// A company's directory among as many people, on SQLite
    Scim,
    /// Everybody as a file, and a file of a hundred thousand
    InAndOut,
    /// Proving the audit trail, on both engines
    Audit,
    /// Signing in: how many, how many at once, and what knowing the caller costs
    SigningIn,
    /// A first visit to the sign-in page, in a browser
    Visit,
    /// Memory, cold start and sizes
    Footing,
}

impl Chapter {
    pub const ALL: [Self; 9] = [
        Self::Pages,
        Self::People,
        Self::Encrypted,
        Self::Scim,
        Self::InAndOut,
        Self::Audit,
        Self::SigningIn,
        Self::Visit,
        Self::Footing,
    ];

    pub const fn title(self) -> &'static str {
        match self {
            Self::Pages => "pages under load",
            Self::People => "the long list of people",
            Self::Encrypted => "the long list, encrypted",
            Self::Scim => "a company's directory",
            Self::InAndOut => "people in and out",
            Self::Audit => "proving the audit trail",
            Self::SigningIn => "signing in",
            Self::Visit => "a first visit",
            Self::Footing => "memory, start and sizes",
        }
    }

    pub async fn measure(
        self,
        program: &Program,
        people: u64,
        postgres: Option<&str>,
        figures: &mut Figures,
    ) -> Result<()> {
        match self {
            Self::Pages => pages::measure(program, figures).await,
            Self::People => list::measure(program, people, postgres, figures).await,
            Self::Encrypted => encrypted::measure(program, people, figures).await,
            Self::Scim => scim::measure(program, people, figures).await,
            Self::InAndOut => in_and_out::measure(program, people, postgres, figures).await,
            Self::Audit => audit::measure(program, postgres, figures).await,
            Self::SigningIn => signing_in::measure(program, figures).await,
            Self::Visit => visit::measure(program, figures).await,
            Self::Footing => footing::measure(program, figures).await,
        }
    }
}
