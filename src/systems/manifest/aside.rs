//! Forms beside a key's: a check, a customer, settings of the account.
//!
//! Each is made a manifest of its own, so that the one form draws it and the one set of rules checks it.

use std::cell::RefCell;

use super::{FieldSpec, Manifest};

/// What a form's fields were made of, by its place in the program.
type Place = *const ();

thread_local! {
    /// Those that were made. Each is made once and kept: there are as many as the systems have such forms.
    static MADE: RefCell<Vec<(Place, &'static Manifest)>> = const { RefCell::new(Vec::new()) };
}

impl Manifest {
    /// The fields of another form of this system as a manifest.
    #[must_use]
    pub fn aside(&self, fields: &'static [FieldSpec]) -> &'static Self {
        self.kept(fields.as_ptr().cast(), || fields)
    }

    /// The settings of the account as a manifest: each is a field to edit, with what it does as its line of help.
    #[must_use]
    pub fn settings_form(&self) -> &'static Self {
        self.kept(self.settings.as_ptr().cast(), || {
            let field =
                |it: &super::SettingSpec| FieldSpec { hint: it.field.hint.or(Some(it.about)), ..it.field };
            self.settings.iter().map(field).collect::<Vec<_>>().leak()
        })
    }

    fn kept(&self, place: Place, fields: impl FnOnce() -> &'static [FieldSpec]) -> &'static Self {
        MADE.with_borrow_mut(|made| {
            if let Some((_, it)) = made.iter().find(|(it, _)| *it == place) {
                return *it;
            }
            let fields = fields();
            let it: &'static Self =
                Box::leak(Box::new(Self { fields, columns: &[], check: |_| Vec::new(), ..*self }));
            made.push((place, it));
            it
        })
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test without its precondition must fail")]
mod tests {
    use crate::systems::solifyn::{CUSTOMERS, MANIFEST};

    #[test]
    fn a_form_beside_a_keys_is_made_once_and_has_its_own_fields() {
        let (_, fields) =
            MANIFEST.offers.iter().find(|(it, _)| *it == CUSTOMERS).expect("customers can be made");
        let form = MANIFEST.aside(fields);
        assert!(std::ptr::eq(form, MANIFEST.aside(fields)));
        assert_eq!(form.form(false).count(), fields.len());
        assert!(form.field(crate::domain::FieldId::LIMIT).is_none());
        assert_eq!(form.id, MANIFEST.id);
    }
}
