//! Files that a reader gives to the page.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, Event, File, FileList, HtmlInputElement};

/// A file that was given; nothing of it was read yet.
pub struct Given(File);

/// The file could not be read, or is larger than what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl Given {
    /// What it is called, as its owner's computer says.
    #[must_use]
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// What is in it, if it has at most `most` bytes.
    ///
    /// # Errors
    /// [`Unreadable`] for a larger one, and where the browser cannot read it.
    pub async fn bytes(self, most: usize) -> Result<Vec<u8>, Unreadable> {
        #[expect(clippy::cast_precision_loss, reason = "a bound of some megabytes")]
        let most = most as f64;
        if self.0.size() > most {
            return Err(Unreadable);
        }
        let buffer = JsFuture::from(self.0.array_buffer()).await.map_err(|_| Unreadable)?;
        Ok(Uint8Array::new(&buffer).to_vec())
    }

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
