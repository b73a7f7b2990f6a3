//! A second WebAssembly module, run by a worker: heavy work that the page loads when it is first asked for, and that
//! neither holds the page up nor keeps memory afterwards.
//!
//! The page names the files and the hash of the module in a `meta` element (`xtask/src/app/second.rs`), and
//! `src/worker.js` enforces the hash. A page without that element, as a build without the second module has it, is as
//! one that could not load it.

mod trusted;

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Event, MessageEvent, Url, Worker};

use super::listen;

/// The name of the element.
const NAME: &str = "latchkey-xlsx";

/// What the module shall do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// A spreadsheet from a table.
    Write,
    /// The table in a spreadsheet.
    Read,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The module or its worker is missing, was blocked, could not be downloaded, or is not the one that was built.
    NotLoaded,
    /// The module says that it cannot be done, and where it stopped.
    Refused {
        /// Its reason.
        code: u32,
        /// A row, from 1; 0 for none.
        row: usize,
        /// A column, from 1; 0 for none.
        column: usize,
    },
    /// The module broke off.
    Broken,
}

/// Does a job. Dropping the future ends the worker, and with it the work and its memory.
///
/// # Errors
/// See [`Failure`].
pub async fn run(job: Job, bytes: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let res = match start(job, bytes) {
        Some((_worker, answer)) => answer.await.unwrap_or(Err(Failure::Broken)),
        None => Err(Failure::NotLoaded),
    };
    if res == Err(Failure::NotLoaded) {
        tell_missing();
    }
    res
}

/// What the window hears when a file of this release could not be loaded.
const MISSING: &str = "latchkey:missing";

fn tell_missing() {
    let Some(window) = super::window() else { return };
    if let Ok(event) = Event::new(MISSING) {
        // Nobody can refuse it.
        window.dispatch_event(&event).unwrap_or_default();
    }
}

/// Calls `f` each time a file of this release could not be loaded, while the listener lives.
pub fn on_missing(mut f: impl FnMut() + 'static) -> listen::Listener {
    listen::window(MISSING, move |_| f())
}

/// Ends the worker when it is dropped.
struct Running {
    worker: Worker,
    #[expect(dead_code, reason = "held for its lifetime: the browser calls it")]
    on_message: Closure<dyn FnMut(MessageEvent)>,
    #[expect(dead_code, reason = "held for its lifetime: the browser calls it")]
    on_error: Closure<dyn FnMut(Event)>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

type Answer = oneshot::Receiver<Result<Vec<u8>, Failure>>;

fn start(job: Job, bytes: Vec<u8>) -> Option<(Running, Answer)> {
    let document = super::window()?.document()?;
    let element = document.query_selector(&["meta[name=", NAME, "]"].concat()).ok()??;
    let base = document.base_uri().ok()??;
    // An address of the page's own folder, as a worker must have it and a module from elsewhere has not.
    let address = |attribute: &str| {
        let address = Url::new_with_base(&element.get_attribute(attribute)?, &base).ok()?;
        Some(address.href())
    };
    let worker = trusted::worker(&address("data-worker")?)?;

    let (done, answer) = oneshot::channel();
    let done = Rc::new(RefCell::new(Some(done)));
    let tell = move |res| {
        if let Some(done) = done.borrow_mut().take() {
            done.send(res).unwrap_or_default();
        }
    };
    let failed = tell.clone();
    let on_message = Closure::new(move |event: MessageEvent| tell(read(&event.data())));
    // The worker itself did not start: everything behind that is a message.
    let on_error = Closure::new(move |event: Event| {
        event.prevent_default();
        failed(Err(Failure::NotLoaded));
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    let running = Running { worker, on_message, on_error };

    let bytes = Uint8Array::from(bytes.as_slice());
    let message = Object::new();
    let job = match job {
        Job::Write => "write",
        Job::Read => "read",
    };
    for (name, value) in [
        ("module", address("data-module")?.into()),
        ("integrity", element.get_attribute("data-integrity").unwrap_or_default().into()),
        ("job", job.into()),
        ("bytes", JsValue::from(bytes.clone())),
    ] {
        Reflect::set(&message, &name.into(), &value).ok()?;
    }
    running.worker.post_message_with_transfer(&message, &Array::of1(&bytes.buffer())).ok()?;
    Some((running, answer))
}

/// The worker's answer: `{ bytes }`, `{ refused: [code, row, column] }` or `{ failed: "load" | "run" }`.
fn read(data: &JsValue) -> Result<Vec<u8>, Failure> {
    let get = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
    if let Ok(bytes) = get("bytes").dyn_into::<Uint8Array>() {
        return Ok(bytes.to_vec());
    }
    if let Ok(numbers) = get("refused").dyn_into::<Array>() {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small whole numbers")]
        let number = |at: u32| numbers.get(at).as_f64().unwrap_or_default() as u32;
        let place = |at: u32| usize::try_from(number(at)).unwrap_or_default();
        return Err(Failure::Refused { code: number(0), row: place(1), column: place(2) });
    }
    match get("failed").as_string().as_deref() {
        Some("load") => Err(Failure::NotLoaded),
        _ => Err(Failure::Broken),
    }
}
