//! Asking: of several questions, only the answer to the newest counts.
//!
//! Leptos' own resources await the running future before they start the next and show each stale
//! answer on the way; this helper cancels the obsolete question and drops its answer.

use std::future::Future;
use std::sync::Arc;

use leptos::prelude::*;

use super::reactive::{effect, memo};
use crate::platform::task;

/// What is known of the answer. Earlier rows stay at hand while the next ones load or after they failed.
#[derive(Debug)]
pub enum Answer<T, E> {
    /// Nothing was asked.
    Idle,
    /// On its way.
    Loading {
        /// The last good answer, to an older question.
        previous: Option<Arc<T>>,
    },
    /// Arrived.
    Ready(Arc<T>),
    /// Did not arrive, or was an error.
    Failed {
        /// The last good answer, to an older question.
        previous: Option<Arc<T>>,
        /// Why.
        error: Arc<E>,
    },
}

impl<T, E> Clone for Answer<T, E> {
    fn clone(&self) -> Self {
        match self {
            Self::Idle => Self::Idle,
            Self::Loading { previous } => Self::Loading { previous: previous.clone() },
            Self::Ready(it) => Self::Ready(it.clone()),
            Self::Failed { previous, error } => {
                Self::Failed { previous: previous.clone(), error: error.clone() }
            }
        }
    }
}

impl<T, E> Answer<T, E> {
    /// The newest good answer, however old its question.
    pub fn value(&self) -> Option<&Arc<T>> {
        match self {
            Self::Idle => None,
            Self::Ready(it) => Some(it),
            Self::Loading { previous } | Self::Failed { previous, .. } => previous.as_ref(),
        }
    }

    /// Why the newest question failed.
    pub fn error(&self) -> Option<&Arc<E>> {
        match self {
            Self::Failed { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Whether an answer is on its way.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading { .. })
    }
}

/// The answer to the newest question; made by [`latest`].
pub struct Latest<T: Send + Sync + 'static, E: Send + Sync + 'static> {
    answer: RwSignal<Answer<T, E>>,
    again: Trigger,
}

impl<T: Send + Sync + 'static, E: Send + Sync + 'static> Clone for Latest<T, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static, E: Send + Sync + 'static> Copy for Latest<T, E> {}

impl<T: Send + Sync + 'static, E: Send + Sync + 'static> Latest<T, E> {
    /// What is known; tracks.
    pub fn get(self) -> Answer<T, E> {
        self.answer.get()
    }

    /// The signal behind, for `with` and derived signals.
    pub fn signal(self) -> ReadSignal<Answer<T, E>> {
        self.answer.read_only()
    }

    /// Whether an answer is on its way, as a signal for `busy` and `pending` props.
    pub fn loading(self) -> Signal<bool> {
        Signal::derive(move || self.answer.with(Answer::is_loading))
    }

    /// Shows what has come of the answer so far: it takes the place of older rows until the whole is there, and stays
    /// if that never comes. To be called for the newest question alone, by whoever answers it.
    pub fn so_far(self, value: T) {
        self.answer.try_update(|it| {
            if let Answer::Loading { previous } = it {
                *previous = Some(Arc::new(value));
            }
        });
    }

    /// Asks the same question again.
    pub fn reload(self) {
        self.again.notify();
    }
}

/// Asks whenever the question changes, and keeps the newest question's answer.
///
/// `question` is `None` while there is nothing to ask. `new` and `cancel` make and fire the token that
/// ends a call, usually `Cancel::new` and `Cancel::cancel` of the HTTP layer; a call is ended when its
/// question is obsolete or the component leaves the page.
///
/// ```text
/// let keys = latest(question, Cancel::new, Cancel::cancel, move |question, cancel| {
///     let client = client.clone();
///     async move { client.search(question, &cancel).await }
/// });
/// ```
pub fn latest<Q, C, T, E, Asked>(
    question: Signal<Option<Q>>,
    new: fn() -> C,
    cancel: fn(&C),
    ask: impl Fn(Q, C) -> Asked + 'static,
) -> Latest<T, E>
where
    Q: Clone + PartialEq + Send + Sync + 'static,
    C: Clone + 'static,
    T: Send + Sync + 'static,
    E: Send + Sync + 'static,
    Asked: Future<Output = Result<T, E>> + 'static,
{
    let answer = RwSignal::new(Answer::Idle);
    let again = Trigger::new();
    // The token of the running call and how many calls were started: an answer with an older count is stale.
    let running = StoredValue::new_local(None::<C>);
    let count = StoredValue::new(0u64);
    let stop = move || {
        let obsolete = running.try_update_value(Option::take).flatten();
        count.try_update_value(|it| *it += 1);
        if let Some(obsolete) = obsolete {
            cancel(&obsolete);
        }
    };

    let question = memo(move |_| question.get());
    effect(move |_| {
        again.track();
        let question = question.get();
        stop();
        let Some(question) = question else {
            answer.set(Answer::Idle);
            return;
        };
        let token = new();
        running.set_value(Some(token.clone()));
        let own_count = count.get_value();
        answer.update(|it| *it = Answer::Loading { previous: it.value().cloned() });
        let asked = ask(question, token);
        task::spawn(async move {
            let res = asked.await;
            if count.try_get_value() != Some(own_count) {
                return;
            }
            running.try_set_value(None);
            answer.try_update(|it| {
                *it = match res {
                    Ok(value) => Answer::Ready(Arc::new(value)),
                    Err(error) => Answer::Failed { previous: it.value().cloned(), error: Arc::new(error) },
                };
            });
        });
    });
    on_cleanup(stop);
    Latest { answer, again }
}
