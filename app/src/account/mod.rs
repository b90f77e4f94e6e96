//! My account, as everyone sees it.

pub mod pages;
