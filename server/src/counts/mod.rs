//! Counts: how often something happened under a key, either one after the other or within a while. In the store, so that they
//! survive a restart and are shared between instances.

mod store;

pub(crate) use store::{
    count_in_a_row, count_up_to, count_within, find, forget, forget_before, give_back, has, hold, put, take,
};
