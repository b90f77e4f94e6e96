//! The head of a file: which of its columns is what.

use crate::csv::Record;

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Username,
    FullName,
    Email,
    Roles,
    Status,
    Password,
    PasswordHash,
}

impl Column {
    pub const ALL: [Self; 7] = [
        Self::Username,
        Self::FullName,
        Self::Email,
        Self::Roles,
        Self::Status,
        Self::Password,
        Self::PasswordHash,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::FullName => "full_name",
            Self::Email => "email",
            Self::Roles => "roles",
            Self::Status => "status",
            Self::Password => "password",
            Self::PasswordHash => "password_hash",
        }
    }

    /// Other names that files from elsewhere have for it.
    const fn also(self) -> &'static [&'static str] {
        match self {
            Self::Username => &["user_name", "user", "login"],
            Self::FullName => &["name", "fullname", "display_name"],
            Self::Email => &["e_mail", "mail", "email_address", "e_mail_address"],
            Self::Roles => &["role", "role_code", "role_codes"],
            Self::Status | Self::Password => &[],
            Self::PasswordHash => &["hash"],
        }
    }

    /// What must never be shown, in a list of errors least of all.
    pub(super) const fn is_secret(self) -> bool {
        matches!(self, Self::Password | Self::PasswordHash)
    }

    fn named(head: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == head || column.also().contains(&head))
    }

    const fn is_needed(self) -> bool {
        matches!(self, Self::Username | Self::FullName | Self::Email)
    }
}

/// Where each column stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    places: [Option<usize>; Column::ALL.len()],
    pub count: usize,
    /// Heads of columns that nothing is done with.
    pub ignored: Vec<String>,
}

impl Columns {
    /// Reads the first row, or says what to change about it.
    pub(super) fn of(head: &Record) -> Result<Self, String> {
        let mut columns = Self { places: [None; Column::ALL.len()], count: head.len(), ignored: Vec::new() };
        for place in 0..head.len() {
            let text = head.cell(place).and_then(|cell| std::str::from_utf8(cell).ok());
            let text =
                text.ok_or("The first row is not UTF-8 text. Save the file as “CSV UTF-8” and try again.")?;
            let name: String = text.trim().to_lowercase().replace([' ', '-'], "_");
            match Column::named(&name) {
                Some(column) if columns.place(column).is_some() => {
                    return Err(format!(
                        "The column {} stands in the first row twice. Take one away.",
                        column.name()
                    ));
                }
                Some(column) => columns.set(column, place),
                None if name.is_empty() => {}
                None => columns.ignored.push(super::shortened(text.trim())),
            }
        }
        let missing: Vec<&str> = Column::ALL
            .into_iter()
            .filter(|column| column.is_needed() && columns.place(*column).is_none())
            .map(Column::name)
            .collect();
        if missing.is_empty() { Ok(columns) } else { Err(columns.complaint(&missing)) }
    }

    pub(super) fn place(&self, column: Column) -> Option<usize> {
        self.places.get(column as usize).copied().flatten()
    }

    fn set(&mut self, column: Column, place: usize) {
        if let Some(slot) = self.places.get_mut(column as usize) {
            *slot = Some(place);
        }
    }

    fn complaint(&self, missing: &[&str]) -> String {
        let known = Column::ALL.into_iter().filter(|column| self.place(*column).is_some());
        let known = known.map(|column| column.name().to_owned());
        let found: Vec<String> = known.chain(self.ignored.iter().cloned()).take(20).collect();
        let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
        format!(
            "The first row must name the columns username, full_name and email. Missing: {}. It names: {found}.",
            missing.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::Reader;

    fn head(file: &str) -> Result<Columns, String> {
        let mut found = None;
        let mut each = |record: &Record| {
            found.get_or_insert_with(|| Columns::of(record));
            Ok::<(), std::convert::Infallible>(())
        };
        let mut reader = Reader::default();
        reader.push(file.as_bytes(), &mut each).unwrap();
        reader.finish(&mut each).unwrap();
        found.unwrap()
    }

    #[test]
    fn u6_columns_are_known_by_their_names_in_any_order() {
        let columns = head("\u{FEFF}E-Mail;Department;Login;Full name;;Password-Hash\n").unwrap();
        let places: Vec<_> = Column::ALL.iter().map(|column| columns.place(*column)).collect();
        assert_eq!(places, [Some(2), Some(3), Some(0), None, None, None, Some(5)]);
        assert_eq!((columns.count, columns.ignored), (6, vec!["Department".to_owned()]));
    }

    #[test]
    fn u6_a_head_that_lacks_a_column_says_which_and_what_it_found() {
        let complaint = head("usrname,mail,name\n").unwrap_err();
        assert!(
            complaint.contains("Missing: username.") && complaint.contains("full_name, email, usrname"),
            "{complaint}"
        );
        let twice = head("username,email,full_name,E-mail\n").unwrap_err();
        assert!(twice.contains("email stands in the first row twice"), "{twice}");
        assert!(head("1,2,3\n").unwrap_err().contains("Missing: username, full_name, email."));
    }
}
