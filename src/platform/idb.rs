//! Texts by name in the browser's database (IndexedDB): what has to survive a crash of the tab.
//!
//! One database with one table. All tabs of this origin share it, and so does whoever uses this browser next: what
//! comes back is not to be believed, and no secret goes in. Where the browser refuses (a sandboxed frame, blocked
//! storage, a full disk), or is none, every call says [`Unavailable`].

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    EventTarget, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

use super::clock;
use super::listen;

const DATABASE: &str = "latchkey";
const TABLE: &str = "journal";

/// Rises when the tables change; [`open`] then makes what is missing.
const VERSION: u32 = 1;

/// How long an older tab may keep a newer version from opening, in milliseconds.
const BLOCKED_MS: u32 = 5_000;

/// There is no database here, or it did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unavailable;

thread_local! {
    static DATABASE_OF_TAB: RefCell<Option<Rc<Database>>> = const { RefCell::new(None) };
}

/// The open database with its listeners.
struct Database {
    raw: IdbDatabase,
    #[expect(dead_code, reason = "held for their lifetime: the browser calls them")]
    listeners: [listen::Listener; 2],
}

/// Puts texts under their names, and takes away where there is none: all of it, or nothing. Ready when the browser
/// says that it is on the disk.
///
/// # Errors
/// When the browser refuses.
pub async fn write(entries: Vec<(String, Option<String>)>) -> Result<(), Unavailable> {
    let database = database().await?;
    let transaction = begin(&database.raw, IdbTransactionMode::Readwrite)?;
    let done = settled(&transaction, ["complete", "abort", "error"]);
    let table = table(&transaction)?;
    for (name, text) in entries {
        let name = JsValue::from_str(&name);
        let request = match text {
            Some(text) => table.put_with_key(&JsValue::from_str(&text), &name),
            None => table.delete(&name),
        };
        request.map_err(|_| Unavailable)?;
    }
    done.await
}

/// Every text whose name begins so, in the order of the names.
///
/// # Errors
/// When the browser refuses.
pub async fn read(prefix: &str) -> Result<Vec<(String, String)>, Unavailable> {
    let database = database().await?;
    let transaction = begin(&database.raw, IdbTransactionMode::Readonly)?;
    let table = table(&transaction)?;
    // No name holds this character, so that it stands behind all that begin so.
    let end = [prefix, "\u{ffff}"].concat();
    let range = IdbKeyRange::bound(&JsValue::from_str(prefix), &JsValue::from_str(&end));
    let range = range.map_err(|_| Unavailable)?;
    let names = table.get_all_keys_with_key(&range).map_err(|_| Unavailable)?;
    let texts = table.get_all_with_key(&range).map_err(|_| Unavailable)?;
    settled(&transaction, ["complete", "abort", "error"]).await?;
    let (names, texts) = (strings(&names)?, strings(&texts)?);
    Ok(names.into_iter().zip(texts).collect())
}

fn strings(request: &IdbRequest) -> Result<Vec<String>, Unavailable> {
    let list: js_sys::Array = request.result().map_err(|_| Unavailable)?.unchecked_into();
    Ok(list.iter().map(|it| it.as_string().unwrap_or_default()).collect())
}

fn begin(database: &IdbDatabase, mode: IdbTransactionMode) -> Result<IdbTransaction, Unavailable> {
    durable(database, mode).ok_or_else(|| {
        // The browser closed it, as when the reader clears the data of this page.
        forget();
        Unavailable
    })
}

/// A transaction that is complete once its bytes are on the disk, and not when they are on the way there. By name: the
/// bindings for its options are still behind an unstable flag.
fn durable(database: &IdbDatabase, mode: IdbTransactionMode) -> Option<IdbTransaction> {
    let options = Object::new();
    let (name, strict) = (JsValue::from_str("durability"), JsValue::from_str("strict"));
    Reflect::set(&options, &name, &strict).ok()?;
    let begin: Function = Reflect::get(database, &JsValue::from_str("transaction")).ok()?.dyn_into().ok()?;
    begin.call3(database, &JsValue::from_str(TABLE), &mode.into(), &options).ok()?.dyn_into().ok()
}

fn table(transaction: &IdbTransaction) -> Result<IdbObjectStore, Unavailable> {
    transaction.object_store(TABLE).map_err(|_| Unavailable)
}

fn forget() {
    DATABASE_OF_TAB.with_borrow_mut(|it| *it = None);
}

async fn database() -> Result<Rc<Database>, Unavailable> {
    if let Some(open) = DATABASE_OF_TAB.with_borrow(Clone::clone) {
        return Ok(open);
    }
    let raw = open().await?;
    let closing = raw.clone();
    let listeners = [
        // Another tab has a newer version of this page: it waits until everyone has let go.
        listen::on(&raw, "versionchange", move |_| {
            closing.close();
            forget();
        }),
        listen::on(&raw, "close", |_| forget()),
    ];
    let open = Rc::new(Database { raw, listeners });
    DATABASE_OF_TAB.with_borrow_mut(|it| *it = Some(Rc::clone(&open)));
    Ok(open)
}

async fn open() -> Result<IdbDatabase, Unavailable> {
    let factory = super::window().and_then(|it| it.indexed_db().ok().flatten()).ok_or(Unavailable)?;
    let request = factory.open_with_u32(DATABASE, VERSION).map_err(|_| Unavailable)?;
    let upgraded = request.clone();
    let _upgrade = listen::on(&request, "upgradeneeded", move |_| make_tables(&upgraded));
    let opened = std::pin::pin!(settled(&request, ["success", "error", "abort"]));
    // "Blocked" ends by itself when the older tab closes its database, and it may be frozen.
    let patience = std::pin::pin!(clock::sleep(BLOCKED_MS));
    match futures_util::future::select(opened, patience).await {
        futures_util::future::Either::Left((res, _)) => res?,
        futures_util::future::Either::Right(_) => return Err(Unavailable),
    }
    request.result().map_err(|_| Unavailable)?.dyn_into().map_err(|_| Unavailable)
}

fn make_tables(request: &IdbOpenDbRequest) {
    let Some(database) = request.result().ok().and_then(|it| it.dyn_into::<IdbDatabase>().ok()) else {
        return;
    };
    if !database.object_store_names().contains(TABLE) {
        // A table that could not be made is missed by the first transaction, which says so.
        drop(database.create_object_store(TABLE));
    }
}

/// Waits for the first of these events; the first one named is the good end.
fn settled(
    target: &EventTarget,
    [good, bad, worse]: [&'static str; 3],
) -> impl Future<Output = Result<(), Unavailable>> + 'static {
    let (done, wait) = oneshot::channel();
    let done = Rc::new(RefCell::new(Some(done)));
    let tell = move |ok: bool| {
        let done = Rc::clone(&done);
        move |_: web_sys::Event| {
            if let Some(done) = done.borrow_mut().take() {
                done.send(ok).unwrap_or_default();
            }
        }
    };
    let listeners = [
        listen::on(target, good, tell(true)),
        listen::on(target, bad, tell(false)),
        listen::on(target, worse, tell(false)),
    ];
    async move {
        let res = wait.await;
        drop(listeners);
        if res == Ok(true) { Ok(()) } else { Err(Unavailable) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::FutureExt as _;

    #[test]
    fn without_a_browser_there_is_no_database() {
        assert_eq!(write(Vec::new()).now_or_never(), Some(Err(Unavailable)));
        assert_eq!(read("").now_or_never(), Some(Err(Unavailable)));
    }
}
