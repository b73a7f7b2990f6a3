//! What the browser refused to this page, noted where it happens and heard where it is told.

use std::cell::RefCell;
use std::rc::Rc;

/// Something the browser does not let this page do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// To keep anything beyond a reload.
    Storage,
    /// To copy.
    Clipboard,
}

/// Hears of refusals.
type Heard = Rc<dyn Fn(Refusal)>;

thread_local! {
    /// Those that came so far, each once.
    static NOTED: RefCell<Vec<Refusal>> = const { RefCell::new(Vec::new()) };
    static HEARD: RefCell<Option<Heard>> = const { RefCell::new(None) };
}

/// Notes a refusal. One of each kind is told.
pub fn note(refusal: Refusal) {
    let is_new = NOTED.with_borrow_mut(|all| {
        let is_new = !all.contains(&refusal);
        if is_new {
            all.push(refusal);
        }
        is_new
    });
    if let Some(heard) = HEARD.with_borrow(Clone::clone).filter(|_| is_new) {
        heard(refusal);
    }
}

/// Tells `heard` of every kind of refusal once: of those there were, and of those to come.
pub fn on_each(heard: impl Fn(Refusal) + 'static) {
    let heard: Heard = Rc::new(heard);
    HEARD.set(Some(Rc::clone(&heard)));
    for refusal in NOTED.with_borrow(Clone::clone) {
        heard(refusal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_once_whenever_it_came() {
        let told: Rc<RefCell<Vec<Refusal>>> = Rc::default();
        note(Refusal::Storage);
        let ours = Rc::clone(&told);
        on_each(move |it| ours.borrow_mut().push(it));
        note(Refusal::Clipboard);
        note(Refusal::Storage);
        note(Refusal::Clipboard);
        assert_eq!(*told.borrow(), [Refusal::Storage, Refusal::Clipboard]);
    }
}
