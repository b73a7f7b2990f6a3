//! Whether a title is used already, as far as the API lets one see.
//!
//! There is no search by title (reference `qualys.md`, 1.6), so the newest keys are read and compared. What
//! was compared is always said.

use leptos::prelude::*;

use crate::domain::KeyId;
use crate::features::workspace::Workspace;
use crate::http::{ApiError, Cancel};
use crate::i18n::t;
use crate::platform::intl;
use crate::systems::{Order, SearchRequest};
use crate::ui::{Answer, Latest, latest, memo};

/// How many of the newest keys are compared: the largest page the documents show.
const COMPARED: u64 = 200;

/// The titles that could be seen.
pub struct Titles {
    /// Titles with the keys that have them.
    titles: Vec<(KeyId, String)>,
    /// How many keys there are.
    total: u64,
}

/// What a comparison of titles showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TitleCheck {
    /// Nothing to say: nothing typed that needs comparing, or the answer is on its way.
    Nothing,
    /// The title is blank.
    Blank,
    /// Another key has it; the text says which, and what was compared.
    Used(String),
    /// No other key among those compared has it; the text says what was compared.
    Free(String),
    /// It could not be compared.
    NotCompared,
}

/// Compares the title in the form with other keys' titles. `own` is the key that is edited, with the
/// title it has: its own title is no other key's.
///
/// The keys are asked for once, when there is a title to compare.
#[must_use]
pub fn title_check(
    workspace: &Workspace,
    title: Signal<String>,
    own: Signal<Option<(KeyId, String)>>,
) -> Signal<TitleCheck> {
    let is_new = move |title: &str| {
        !title.is_empty() && own.with(|own| own.as_ref().is_none_or(|(_, it)| it.trim() != title))
    };
    // Once asked, the answer is kept: the question never becomes `None` again.
    let asked = memo(move |before: Option<&bool>| {
        before.copied().unwrap_or_default() || title.with(|it| is_new(it.trim()))
    });
    let client = workspace.client().clone();
    let question = Signal::derive(move || asked.get().then_some(()));
    let titles: Latest<Titles, ApiError> =
        latest(question, Cancel::new, Cancel::cancel, move |(), cancel| {
            let client = client.clone();
            async move {
                let order = Order::CREATED;
                let request =
                    SearchRequest { query: String::new(), order, descending: true, page: 0, size: COMPARED };
                let page = client.search(&request, &cancel).await?;
                let titles =
                    page.items.into_iter().map(|it| (it.id.clone(), it.title().to_owned())).collect();
                Ok(Titles { titles, total: page.total })
            }
        });
    Signal::derive(move || {
        let title = title.with(|it| it.trim().to_owned());
        if title.is_empty() {
            return TitleCheck::Blank;
        }
        if !is_new(&title) {
            return TitleCheck::Nothing;
        }
        match titles.get() {
            Answer::Ready(titles) => {
                compare(&title, &titles, own.with(|it| it.as_ref().map(|(id, _)| id.clone())).as_ref())
            }
            Answer::Failed { .. } => TitleCheck::NotCompared,
            Answer::Idle | Answer::Loading { .. } => TitleCheck::Nothing,
        }
    })
}

fn compare(title: &str, seen: &Titles, own: Option<&KeyId>) -> TitleCheck {
    let wanted = title.to_lowercase();
    let same = |(id, it): &&(KeyId, String)| Some(id) != own && it.trim().to_lowercase() == wanted;
    let scope = scope(seen);
    match seen.titles.iter().find(same) {
        Some((id, _)) => TitleCheck::Used(t::form_title_used(&id.0, &scope)),
        None => TitleCheck::Free(t::form_title_free(&scope)),
    }
}

fn scope(seen: &Titles) -> String {
    let count = u64::try_from(seen.titles.len()).unwrap_or(u64::MAX);
    if count >= seen.total {
        return t::form_compared_all(count);
    }
    t::form_compared_newest(&intl::number(count), &intl::number(seen.total))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(total: u64) -> Titles {
        let key = |id: &str, title: &str| (KeyId(id.to_owned()), title.to_owned());
        Titles { titles: vec![key("1", "Payroll "), key("2", "Berlin")], total }
    }

    #[test]
    fn a_used_title_names_its_key_and_what_was_compared() {
        let TitleCheck::Used(text) = compare("payroll", &seen(745), None) else {
            panic!("another key has this title");
        };
        assert!(text.contains("1") && text.contains("745"), "{text}");
    }

    #[test]
    fn a_free_title_is_free_as_far_as_was_seen() {
        let TitleCheck::Free(text) = compare("Hamburg", &seen(2), None) else { panic!("nobody has it") };
        assert!(!text.contains("newest"), "{text}");
        let TitleCheck::Free(text) = compare("Hamburg", &seen(3), None) else { panic!("nobody has it") };
        assert!(text.contains("newest"), "{text}");
    }

    #[test]
    fn a_keys_own_title_is_its_own() {
        let own = KeyId("1".to_owned());
        assert!(matches!(compare("Payroll", &seen(2), Some(&own)), TitleCheck::Free(_)));
    }
}
