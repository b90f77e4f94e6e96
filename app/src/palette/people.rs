//! What the palette finds out about people while one types: asked of the REST API, under the rights of whoever is signed in.

use domain::folding;
use gloo_net::http::Request;
use serde::Deserialize;
use web_sys::AbortSignal;

/// So many are shown; the list of people shows the others.
const SHOWN: u8 = 6;
const SIGNED_OUT: &str = "You are signed out. Reload the page to sign in again.";
const FAILED: &str = "People could not be searched just now. Please try again in a moment.";

/// Where the search stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Search {
    #[default]
    Quiet,
    /// On its way; meanwhile those of the people found before whom the new words find as well.
    Asking(Vec<Person>),
    Done(Vec<Person>),
    Failed(&'static str),
}

/// A person, as the API tells of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Person {
    pub id: String,
    pub full_name: String,
    pub username: String,
    pub email: String,
}

#[derive(Deserialize)]
struct Answer {
    items: Vec<Person>,
}

impl Search {
    pub fn people(&self) -> &[Person] {
        match self {
            Self::Asking(people) | Self::Done(people) => people,
            Self::Quiet | Self::Failed(_) => &[],
        }
    }

    /// The search as it stands when other words are typed.
    pub fn narrowed(&self, words: &str) -> Self {
        if words.trim().is_empty() {
            return Self::Quiet;
        }
        let has = |text: &str| folding::find(text, words).is_some();
        let people = self.people().iter().filter(|person| {
            [&person.full_name, &person.username, &person.email].into_iter().any(|text| has(text))
        });
        Self::Asking(people.cloned().collect())
    }

    /// What is said of it; nothing while it is not over.
    pub fn in_words(&self) -> String {
        match self {
            Self::Quiet | Self::Asking(_) => String::new(),
            Self::Failed(words) => (*words).into(),
            Self::Done(people) => match people.len() {
                0 => "No users found".into(),
                1 => "1 person found".into(),
                shown => format!("{shown} people found"),
            },
        }
    }
}

/// Asks for the people with these words; nothing comes of a question that was called off.
pub async fn find(words: &str, signal: &AbortSignal) -> Option<Search> {
    let answer = ask(words, signal).await;
    if signal.aborted() { None } else { Some(answer.map_or_else(Search::Failed, Search::Done)) }
}

async fn ask(words: &str, signal: &AbortSignal) -> Result<Vec<Person>, &'static str> {
    let limit = SHOWN.to_string();
    let send = async |order: &[(&str, &str)]| {
        let query = [("search", words), ("limit", &limit)].into_iter().chain(order.iter().copied());
        let request = Request::get("/api/v1/users").query(query).abort_signal(Some(signal));
        request.send().await.map_err(|_| FAILED)
    };
    let mut response = send(&[("sort", "full_name")]).await?;
    if response.status() == 422 {
        // Where names are encrypted they have no order.
        response = send(&[]).await?;
    }
    match response.status() {
        200 => response.json::<Answer>().await.map(|answer| answer.items).map_err(|_| FAILED),
        401 => Err(SIGNED_OUT),
        _ => Err(FAILED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(full_name: &str, email: &str) -> Person {
        let (full_name, email) = (full_name.into(), email.into());
        Person { id: "1".into(), full_name, username: "zq".into(), email }
    }

    #[test]
    fn those_whom_new_words_find_too_stay_while_others_are_looked_for() {
        let zoe = person("Zoë Quinn", "zoe@example.com");
        let before = Search::Done(vec![zoe.clone(), person("Ben Achterberg", "zoo@example.com")]);
        assert_eq!(before.narrowed("ZOE"), Search::Asking(vec![zoe]));
        assert_eq!(before.narrowed(" "), Search::Quiet);
        assert_eq!(Search::Failed(FAILED).narrowed("zoe"), Search::Asking(Vec::new()));
    }

    #[test]
    fn a_search_says_how_it_ended() {
        let one = person("Zoë Quinn", "zoe@example.com");
        assert_eq!(Search::Asking(vec![one.clone()]).in_words(), "");
        assert_eq!(Search::Done(Vec::new()).in_words(), "No users found");
        assert_eq!(Search::Done(vec![one.clone()]).in_words(), "1 person found");
        assert_eq!(Search::Done(vec![one.clone(), one]).in_words(), "2 people found");
        assert_eq!(Search::Failed(FAILED).in_words(), FAILED);
    }
}
