//! The address of the list in some state: what is searched for, what is filtered by, and the order.

use domain::listing::{Cursor, PeopleFilters, PeopleOrder};
use server::{http::intake::encode, people::api::write_cursor};

/// The state of the list, without the page one has leafed to.
#[derive(Debug, Clone, Default)]
pub(super) struct Link {
    /// As it was typed.
    pub searched: String,
    pub filters: PeopleFilters,
    pub order: PeopleOrder,
    /// Names and addresses have an order, as they are not encrypted.
    pub sorts_names: bool,
}

impl Link {
    /// Who is listed, whatever the order and the page.
    pub(super) fn found(&self) -> String {
        self.narrowing().join("&")
    }

    fn narrowing(&self) -> Vec<String> {
        let search = (!self.searched.is_empty()).then(|| format!("search={}", encode(&self.searched)));
        let filters =
            self.filters.pairs().into_iter().map(|(name, value)| format!("{name}={}", encode(&value)));
        search.into_iter().chain(filters).collect()
    }

    pub(super) fn to(&self, cursor: Option<&Cursor>) -> String {
        let mut parameters = self.narrowing();
        if self.order != PeopleOrder::default() {
            parameters.push(format!("sort={}", self.order));
        }
        if let Some(cursor) = cursor {
            parameters.push(format!("cursor={}", write_cursor(cursor)));
        }
        if parameters.is_empty() { "/people".into() } else { format!("/people?{}", parameters.join("&")) }
    }

    /// The same list without one of its filters.
    pub(super) fn without(&self, filter: &str) -> String {
        Self { filters: self.filters.without(filter), ..self.clone() }.to(None)
    }

    /// The same list for whatever is written.
    pub(super) fn without_search(&self) -> String {
        Self { searched: String::new(), ..self.clone() }.to(None)
    }

    /// Everybody, in the same order.
    pub(super) fn everybody(&self) -> String {
        Self { order: self.order, ..Self::default() }.to(None)
    }

    pub(super) fn ordered(&self, order: PeopleOrder) -> String {
        Self { order, ..self.clone() }.to(None)
    }

    /// Whether it leaves anybody out.
    pub(super) fn is_narrowed(&self) -> bool {
        !self.searched.is_empty() || !self.filters.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::FieldErrors;

    #[test]
    fn u5_the_address_holds_the_state_of_the_list() {
        let typed = |name: &str| match name {
            "role" => Some("STAFF".to_owned()),
            "last_login" => Some("not_for_90_days".to_owned()),
            _ => None,
        };
        let filters = PeopleFilters::parse(typed, &mut FieldErrors::default());
        let link = Link {
            searched: "zoë & co".into(),
            filters,
            order: "-email".parse().unwrap(),
            sorts_names: true,
        };
        let address = "/people?search=zo%C3%AB%20%26%20co&role=STAFF&last_login=not_for_90_days&sort=-email";
        assert_eq!(link.to(None), address);
        assert_eq!(link.without("role"), address.replace("&role=STAFF", ""));
        assert_eq!(link.everybody(), "/people?sort=-email");
        assert_eq!(Link::default().to(None), "/people");
    }
}
