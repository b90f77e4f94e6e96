//! Privacy: the file of everything that is kept about one, erasing somebody, and what is left of whoever was erased.

pub mod actions;
pub mod erasing;
pub mod files;
mod gone;
pub mod own;
mod person;

pub(crate) use gone::ErasedPerson;
pub(crate) use person::DangerZone;
