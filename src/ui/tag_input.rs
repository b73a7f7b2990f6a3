//! A list of numeric ids, typed one after the other.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::field::{Field, FieldIds};
use super::{Button, Icon, icon};
use crate::i18n::t;

/// Numeric ids as chips that can be removed. Enter, a comma, a blank, leaving the field, or "Add" take
/// what was typed; several ids may be pasted at once.
///
/// Text that is no list of whole numbers stays in the field with an error; the form must not be sent
/// while `draft` is not empty.
#[component]
pub fn TagInput(
    /// What the field is called.
    #[prop(into)]
    label: String,
    /// The ids, in the order they were added, without repetition.
    ids: RwSignal<Vec<u64>>,
    /// What was typed and not yet taken.
    draft: RwSignal<String>,
    /// Help that is always visible.
    #[prop(optional, into)]
    hint: String,
    /// Marks it as optional.
    #[prop(optional)]
    optional: bool,
    /// What is wrong with the ids, from the form.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The field's id, when an error summary links to it.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let field = FieldIds::new(id);
    let wrong = RwSignal::new(false);
    let shown_error = Signal::derive(move || match wrong.get() {
        true => Some(t::ui_tag_wrong().to_owned()),
        false => error.get(),
    });
    let described_by = field.described_by(!hint.is_empty(), shown_error);
    let control = field.control.clone();
    let take = move || match parse(&draft.get_untracked()) {
        Some(numbers) => {
            wrong.set(false);
            draft.set(String::new());
            ids.update(|it| add(it, numbers));
        }
        None => wrong.set(true),
    };
    let on_keydown = move |ev: KeyboardEvent| {
        let key = ev.key();
        if key == "Backspace" && draft.with_untracked(String::is_empty) {
            ids.update(|it| {
                it.pop();
            });
            return;
        }
        let is_end = matches!(key.as_str(), "Enter" | "," | " ");
        if is_end && !draft.with_untracked(|it| it.trim().is_empty()) {
            // Enter would send the form, the other two would be typed.
            ev.prevent_default();
            take();
        }
    };
    let chip = move |number: u64| {
        let text = number.to_string();
        let remove = UnsyncCallback::from(move || ids.update(|it| it.retain(|it| *it != number)));
        view! { <li class="chip"><span>{text.clone()}</span>{remove_button(&text, remove)}</li> }
    };
    view! {
        <Field ids=field label=label.clone() hint optional error=shown_error>
            <ul class="chips" aria-label=label>{move || ids.get().into_iter().map(chip).collect_view()}</ul>
            <div class="field-row">
                <input
                    class="input input-short"
                    id=control
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    aria-invalid=move || shown_error.with(Option::is_some).then_some("true")
                    aria-describedby=described_by
                    bind:value=draft
                    on:keydown=on_keydown
                    on:blur=move |_| take()
                />
                <Button icon=Icon::Plus on_click=take>{t::ui_add()}</Button>
            </div>
        </Field>
    }
    .into_any()
}

fn remove_button(what: &str, on_click: UnsyncCallback<()>) -> AnyView {
    let name = t::ui_remove_what(what);
    view! {
        <button class="chip-remove" type="button" aria-label=name.clone() title=name on:click=move |_| on_click.run(())>
            {icon(Icon::Close)}
        </button>
    }
    .into_any()
}

/// Reads whole numbers parted by commas, semicolons or blanks; an empty text is an empty list.
fn parse(text: &str) -> Option<Vec<u64>> {
    text.split([',', ';', ' ', '\t', '\n'])
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .map(|it| it.parse().ok())
        .collect()
}

fn add(ids: &mut Vec<u64>, numbers: Vec<u64>) {
    for number in numbers {
        if !ids.contains(&number) {
            ids.push(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{add, parse};

    #[test]
    fn a_pasted_list_is_read() {
        assert_eq!(parse(" 7, 12;9\n3 "), Some(vec![7, 12, 9, 3]));
        assert_eq!(parse("  "), Some(Vec::new()));
        assert_eq!(parse("7, x"), None);
        assert_eq!(parse("-1"), None);
    }

    #[test]
    fn an_id_is_kept_once() {
        let mut ids = vec![7];
        add(&mut ids, vec![7, 8, 8]);
        assert_eq!(ids, [7, 8]);
    }
}
