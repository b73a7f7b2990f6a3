//! Files that a reader gives to the page.

use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, Event, File, FileList, HtmlInputElement};

/// A file that was given; nothing of it was read yet.
pub struct Given(File);

/// The file could not be read, or is larger than what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl Given {
    /// Its text, if it has at most `most` bytes.
    ///
    /// # Errors
    /// [`Unreadable`] for a larger one, and where the browser cannot read it.
    pub async fn text(self, most: u32) -> Result<String, Unreadable> {
        if self.0.size() > f64::from(most) {
            return Err(Unreadable);
        }
        let text = JsFuture::from(self.0.text()).await.map_err(|_| Unreadable)?;
        text.as_string().ok_or(Unreadable)
    }
}

/// The file that was let fall, if it was one. The browser would leave the page for it, so it is told not to.
#[must_use]
pub fn dropped(event: &DragEvent) -> Option<Given> {
    let files = event.data_transfer()?.files().filter(|it| it.length() > 0)?;
    event.prevent_default();
    first(Some(files))
}

/// The file that was chosen in a field. The field is emptied, so that the same one can be chosen again.
#[must_use]
pub fn chosen(event: &Event) -> Option<Given> {
    let field: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let given = first(field.files());
    field.set_value("");
    given
}

fn first(files: Option<FileList>) -> Option<Given> {
    files?.get(0).map(Given)
}
