//! What happens when the person stops typing: the query runs, and what is wrong with it is said.

use leptos::prelude::*;

use super::model::{Known, Model};
use crate::platform::{clock, task};
use crate::ui::effect;

/// Milliseconds without a letter after which a query runs.
const RUN: u32 = 250;

/// Milliseconds from then on after which the person is held to have paused.
const PAUSE: u32 = 550;

/// Who runs what is typed.
#[derive(Clone, Copy)]
pub(super) struct Settled {
    /// No letter came for a while.
    pub(super) paused: RwSignal<bool>,
    applied: Signal<String>,
    is_run: bool,
    /// What was handed out and is on its way back: the text is not to follow it.
    sent: StoredValue<Option<String>>,
}

impl Settled {
    /// Watches the text. `applied` is the query in force, which the text follows when it comes from elsewhere.
    pub(super) fn new(
        model: Model,
        applied: Signal<String>,
        on_type: Option<UnsyncCallback<(String,)>>,
    ) -> Self {
        let (paused, is_run) = (RwSignal::new(false), on_type.is_some());
        let res = Self { paused, applied, is_run, sent: StoredValue::new(None) };
        effect(move |_| {
            let now = applied.get();
            if res.sent.try_update_value(Option::take).flatten().is_none_or(|sent| sent != now) {
                model.follow(now);
            }
        });
        // The next letter calls off what waits here: it belongs to this run of the effect.
        effect(move |_| {
            model.text.track();
            paused.set(false);
            task::spawn(async move {
                clock::sleep(RUN).await;
                if let Some(text) = model.known().with_untracked(|it| res.due(it))
                    && let Some(on_type) = on_type
                {
                    res.sent(&text);
                    on_type.run((text,));
                }
                clock::sleep(PAUSE).await;
                paused.set(true);
            });
        });
        res
    }

    /// A text was handed out: what comes back as the query in force is no news.
    pub(super) fn sent(self, text: &str) {
        let is_news = self.applied.with_untracked(|it| it != text);
        self.sent.set_value(is_news.then(|| text.to_owned()));
    }

    /// The text that is to run by itself.
    fn due(self, known: &Known) -> Option<String> {
        let is_news = self.applied.with_untracked(|it| it.trim() != known.text.trim());
        (is_news && known.runs_alone()).then(|| known.text.to_string())
    }

    /// Whether the rows answer another query and will go on doing so; tracks.
    pub(super) fn waits(self, known: &Known) -> bool {
        let is_news = self.applied.with(|it| it.trim() != known.text.trim());
        is_news && !(self.is_run && known.runs_alone()) && self.paused.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::qualys_gateway::MANIFEST;

    #[test]
    fn what_parses_and_names_what_is_known_runs_by_itself() {
        let alone = |text: &str| Known::of(text, &MANIFEST).runs_alone();
        assert!(alone("") && alone("title: be") && alone("state: never"));
        assert!(!alone("titl: be") && !alone("title:") && !alone("used: x"));
    }
}
