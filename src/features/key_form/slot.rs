use leptos::prelude::*;

use super::parse_codes;
use crate::systems::manifest::Codes;
use crate::systems::{FieldKind, Input};

/// What stands in one field of the form, as its widget holds it.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    /// Text as typed, a code of a choice.
    Text(RwSignal<String>),
    /// A tick.
    Flag(RwSignal<bool>),
    /// Codes: the ticked ones, and further ones as typed.
    Codes { codes: &'static Codes, ticked: RwSignal<Vec<String>>, further: RwSignal<String> },
    /// Numbers: those taken as chips, and what was typed and not yet taken.
    Numbers { taken: RwSignal<Vec<u64>>, typed: RwSignal<String> },
    /// The id of what was picked, and what the field shows for it.
    Pick { id: RwSignal<String>, shown: RwSignal<String> },
}

impl Slot {
    /// An empty one. Its signals belong to the current owner.
    pub(super) fn new(kind: FieldKind) -> Self {
        match kind {
            FieldKind::Flag | FieldKind::Push => Self::Flag(RwSignal::default()),
            FieldKind::Codes(codes) => {
                Self::Codes { codes, ticked: RwSignal::default(), further: RwSignal::default() }
            }
            FieldKind::Refs => Self::Numbers { taken: RwSignal::default(), typed: RwSignal::default() },
            FieldKind::Pick(_) => Self::Pick { id: RwSignal::default(), shown: RwSignal::default() },
            _ => Self::Text(RwSignal::default()),
        }
    }

    /// Puts something in; nothing where there is nothing.
    pub(super) fn put(self, input: Option<&Input>) {
        let text = || match input {
            Some(Input::Text(text)) => text.clone(),
            _ => String::new(),
        };
        let list: &[String] = match input {
            Some(Input::List(items)) => items,
            _ => &[],
        };
        match self {
            Self::Text(it) => it.set(text()),
            Self::Flag(it) => it.set(matches!(input, Some(Input::Flag(true)))),
            Self::Codes { codes, ticked, further } => {
                let (known, other) = codes.split(list);
                ticked.set(known);
                further.set(other.join(", "));
            }
            Self::Numbers { taken, typed } => {
                let (numbers, rest): (Vec<_>, Vec<_>) = list.iter().partition(|it| it.parse::<u64>().is_ok());
                taken.set(numbers.iter().filter_map(|it| it.parse().ok()).collect());
                typed.set(rest.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", "));
            }
            Self::Pick { id, shown } => {
                id.set(text());
                shown.set(text());
            }
        }
    }

    /// What stands in it; tracks.
    pub(super) fn input(self) -> Input {
        match self {
            Self::Text(it) => Input::Text(it.get()),
            Self::Flag(it) => Input::Flag(it.get()),
            Self::Codes { ticked, further, .. } => {
                let mut codes = ticked.get();
                codes.extend(further.with(|it| parse_codes(it)));
                Input::List(codes)
            }
            Self::Numbers { taken, typed } => {
                let mut numbers: Vec<String> = taken.with(|it| it.iter().map(u64::to_string).collect());
                // What was typed and not yet taken as a chip is meant as well.
                numbers.extend(typed.with(|it| parse_codes(it)));
                Input::List(numbers)
            }
            Self::Pick { id, .. } => Input::Text(id.get()),
        }
    }
}
