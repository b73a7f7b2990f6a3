//! The key that gets them: picked by title or id among those of the connection, then read as it is now.

use std::sync::Arc;

use leptos::prelude::*;

use crate::domain::{Key, KeyId, Standing, Timestamp};
use crate::features::all_keys::load;
use crate::features::progress::Early;
use crate::features::workspace::Workspace;
use crate::features::{error_text, key_text};
use crate::http::{ApiError, Cancel};
use crate::i18n::t;
use crate::page::looks_like_key_value;
use crate::platform::clock;
use crate::systems::Client;
use crate::ui::{Answer, Combo, ComboOption, Combobox, Latest, Offered, latest};

/// Options shown at once: more are found by typing.
const SHOWN: usize = 100;

/// A pause in the typing of an id before it is read.
const PAUSE_MS: u32 = 400;

/// How many things were on a key at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) n: u64,
    pub(super) at: Timestamp,
}

/// The key that gets them, as it is now.
pub(super) struct Target {
    pub(super) key: Key,
    pub(super) count: Count,
}

/// The choice of a target.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    combo: Combo,
    keys: Latest<Vec<Key>, ApiError>,
    pub(super) target: Latest<Target, ApiError>,
}

/// How many things are on a key.
pub(super) async fn count(client: &Client, id: &KeyId, cancel: &Cancel) -> Result<Count, ApiError> {
    Ok(Count { n: client.count_members(id, cancel).await?, at: clock::now() })
}

impl Choice {
    /// Nothing chosen yet. Its signals belong to the current owner.
    pub(super) fn new(workspace: &Workspace, from: &KeyId) -> Self {
        let (value, text) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
        let combo = Combo { value, text, query: RwSignal::new(String::new()), wanted: RwSignal::new(false) };
        let client = workspace.client().clone();
        let wanted = Signal::derive(move || combo.wanted.get().then_some(()));
        let own = from.clone();
        let keys = latest(wanted, Cancel::new, Cancel::cancel, move |(), cancel| {
            let (client, own) = (client.clone(), own.clone());
            async move {
                let rows = load(&client, &cancel, Early::No, &|_| {}).await?;
                let others = rows.keys.into_iter().filter(|it| it.id != own);
                Ok(others.map(Arc::unwrap_or_clone).collect::<Vec<_>>())
            }
        });
        let own = from.clone();
        let chosen = Signal::derive(move || {
            let id = value.get();
            // Without a list an id is taken as it is typed; what may be a key's value is none, and is sent nowhere.
            let (is_known, is_typed) = keys.signal().with(|it| match it {
                Answer::Failed { .. } => (!id.is_empty() && id != own.0 && !looks_like_key_value(&id), true),
                it => (it.value().is_some_and(|it| it.iter().any(|it| it.id.0 == id)), false),
            });
            is_known.then_some((KeyId(id), is_typed))
        });
        let client = workspace.client().clone();
        let target =
            latest(chosen, Cancel::new, Cancel::cancel, move |(id, is_typed): (KeyId, bool), cancel| {
                let client = client.clone();
                async move {
                    if is_typed {
                        clock::sleep(PAUSE_MS).await;
                    }
                    let key = client.get(&id, &cancel).await?;
                    let count = count(&client, &id, &cancel).await?;
                    Ok(Target { key, count })
                }
            });
        Self { combo, keys, target }
    }

    /// What was chosen and read; tracks.
    pub(super) fn chosen(self) -> Option<Arc<Target>> {
        match self.target.get() {
            Answer::Ready(it) => Some(it),
            _ => None,
        }
    }

    pub(super) fn field(self) -> AnyView {
        let Self { combo, keys, .. } = self;
        let offered = Signal::derive(move || {
            let typed = combo.query.get();
            let answer = keys.get();
            Offered {
                options: answer.value().map(|it| options(it, &typed)).unwrap_or_default(),
                loading: matches!(answer, Answer::Idle | Answer::Loading { .. }),
                failed: answer.error().map(|it| t::move_keys_failed(&error_text::title(it))),
            }
        });
        view! {
            <Combobox
                label=t::move_target()
                combo
                offered
                on_choice=UnsyncCallback::new(|_| ())
                hint=t::move_target_hint()
                required=true
                id="move-target"
            />
        }
        .into_any()
    }
}

/// Keys whose title or id holds what was typed.
fn options(keys: &[Key], typed: &str) -> Vec<ComboOption> {
    let typed = typed.trim().to_lowercase();
    let holds =
        |it: &&Key| it.title().to_lowercase().contains(&typed) || it.id.0.to_lowercase().contains(&typed);
    let now = key_text::now();
    let option = |it: &Key| {
        let state = key_text::state_word(&Standing::of(it, now));
        let used = it.used().map(|used| key_text::usage_text(used, it.limit()));
        let note = [Some(t::form_pick_id(&it.id.0)), Some(state.to_owned()), used];
        ComboOption {
            value: it.id.0.clone(),
            label: key_text::title_or_placeholder(it),
            note: note.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        }
    };
    keys.iter().filter(holds).take(SHOWN).map(option).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FieldId, Value};

    #[test]
    fn keys_are_found_by_title_and_by_id() {
        let key = |id: &str, title: &str| {
            let mut key = Key::new(id);
            key.fields.set(FieldId::TITLE, Value::Text(title.to_owned()));
            key
        };
        let keys = [key("71", "Berlin"), key("82", "Payroll")];
        let found = |typed: &str| options(&keys, typed).into_iter().map(|it| it.value).collect::<Vec<_>>();
        assert_eq!(found(""), ["71", "82"]);
        assert_eq!(found(" BER "), ["71"]);
        assert_eq!(found("8"), ["82"]);
        assert!(options(&keys, "8").iter().all(|it| it.note.contains("82") && it.label == "Payroll"));
    }
}
