//! Invented people: the same number always gives the same person.

use domain::person::{EmailAddress, FullName, Username};

const FIRST: [&str; 64] = [
    "Ada",
    "Aisha",
    "Akira",
    "Alejandro",
    "Amélie",
    "Anders",
    "Anneliese",
    "Beatriz",
    "Björn",
    "Carmen",
    "Cédric",
    "Chiara",
    "Daniel",
    "Darius",
    "Deepa",
    "Diego",
    "Elif",
    "Emeka",
    "Émile",
    "Eszter",
    "Fatima",
    "Femke",
    "Finn",
    "Gabriela",
    "Giulia",
    "Hana",
    "Henrik",
    "Ines",
    "Isabel",
    "Ivan",
    "Jamal",
    "Jana",
    "João",
    "Kaito",
    "Katarzyna",
    "Khadija",
    "Lars",
    "Leila",
    "Liam",
    "Lucía",
    "Malik",
    "Marta",
    "Mateusz",
    "Mei",
    "Mikkel",
    "Nadia",
    "Naveen",
    "Niamh",
    "Noor",
    "Olga",
    "Oscar",
    "Priya",
    "Rafael",
    "Ronja",
    "Samir",
    "Saoirse",
    "Selma",
    "Tomás",
    "Ulrika",
    "Valentina",
    "Wanjiru",
    "Xiang",
    "Yusuf",
    "Zoë",
];

const LAST: [&str; 72] = [
    "Abebe",
    "Almeida",
    "Andersson",
    "Bakker",
    "Banerjee",
    "Becker",
    "Bianchi",
    "Björklund",
    "Castillo",
    "Chen",
    "Costa",
    "Dąbrowski",
    "Delacroix",
    "Demir",
    "Dubois",
    "Eriksen",
    "Farouk",
    "Fernández",
    "Fischer",
    "Fontaine",
    "García",
    "Ghosh",
    "González",
    "Haddad",
    "Hansen",
    "Hashimoto",
    "Hoffmann",
    "Horváth",
    "Ibrahim",
    "Ivanova",
    "Jansen",
    "Johansson",
    "Kamau",
    "Kaya",
    "Kelly",
    "Kim",
    "Kovač",
    "Kowalczyk",
    "Lindgren",
    "Lombardi",
    "Martínez",
    "Mbeki",
    "Mehta",
    "Moreau",
    "Müller",
    "Murphy",
    "Nakamura",
    "Nguyen",
    "Nielsen",
    "Novák",
    "Nowak",
    "O'Connor",
    "Okonkwo",
    "Olsen",
    "Osei",
    "Patel",
    "Pereira",
    "Petrov",
    "Popescu",
    "Rahman",
    "Ricci",
    "Rossi",
    "Santos",
    "Schneider",
    "Sharma",
    "Silva",
    "Sørensen",
    "Tanaka",
    "Van der Berg",
    "Virtanen",
    "Yılmaz",
    "Zhang",
];

/// The person with this number.
pub(super) struct Invented {
    pub username: Username,
    pub full_name: FullName,
    pub email: EmailAddress,
}

pub(super) fn person(number: u64) -> Invented {
    // A multiplication by a large odd number scatters neighbours over both lists.
    let scattered = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_right(23);
    let first = FIRST[(scattered % FIRST.len() as u64) as usize];
    let last = LAST[(scattered / 97 % LAST.len() as u64) as usize];
    let plain = |text: &str| domain::folding::fold(text).replace(|c: char| !c.is_ascii_alphanumeric(), "");
    let username = format!("{}.{}{number}", plain(first), plain(last));
    Invented {
        full_name: parsed(FullName::parse(&format!("{first} {last}"))),
        email: parsed(EmailAddress::parse(&format!("{username}@people.example"))),
        username: parsed(Username::parse(&username)),
    }
}

/// The lists above hold only what the rules allow; the test below looks at every pair.
fn parsed<T>(field: Result<T, &'static str>) -> T {
    match field {
        Ok(field) => field,
        Err(words) => unreachable!("an invented person breaks a rule: {words}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_invented_person_follows_the_rules_and_none_comes_twice() {
        let usernames: std::collections::HashSet<String> =
            (0..20_000).map(|number| person(number).username.to_string()).collect();
        assert_eq!(usernames.len(), 20_000);
        for first in FIRST {
            for last in LAST {
                assert!(FullName::parse(&format!("{first} {last}")).is_ok(), "{first} {last}");
            }
        }
    }
}
