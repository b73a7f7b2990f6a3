//! A small system for tests of the form: one field of each kind that matters there.

use crate::domain::{FieldId, Key, Limit, Ref, Value};
use crate::i18n::t;
use crate::systems::manifest::{Choice, Codes, Paging};
use crate::systems::{Draft, FieldKind, FieldSpec, Manifest, SecretPolicy, Use};

pub(crate) const CODES: FieldId = FieldId("codes");
pub(crate) const LIST: FieldId = FieldId("tags");
pub(crate) const SWITCH: FieldId = FieldId("switch");
/// Makes sense only beside a title.
pub(crate) const HOURS: FieldId = FieldId("hours");

const KNOWN: &[Choice] = &[
    Choice { code: "X", label: t::key_yes },
    Choice { code: "Y", label: t::key_no },
    Choice { code: "Z", label: t::key_none },
];

static ALL_CODES: Codes = Codes { known: KNOWN, open: true, canonical, warnings: |_| Vec::new() };

fn canonical(code: &str) -> &str {
    KNOWN.iter().find(|it| it.code.eq_ignore_ascii_case(code)).map_or(code, |it| it.code)
}

fn has_title(draft: &Draft) -> bool {
    !draft.text(FieldId::TITLE).is_empty()
}

const BOTH: (Use, Use) = (Use::Optional, Use::Optional);

pub(crate) static MANIFEST: Manifest = Manifest {
    id: "toy",
    secret: SecretPolicy::Once,
    paging: Paging::Whole,
    fields: &[
        FieldSpec::shown(FieldId::TITLE, t::key_field_title, FieldKind::Text { max: Some(20) })
            .form(Use::Required, BOTH.1),
        FieldSpec::shown(
            FieldId::LIMIT,
            t::key_field_limit,
            FieldKind::Limit { min: 1, max: 1_000, above_used: true },
        )
        .form(BOTH.0, BOTH.1),
        FieldSpec::shown(FieldId::EXPIRES, t::key_field_expires, FieldKind::Day { presets: &[30] })
            .form(BOTH.0, BOTH.1),
        FieldSpec::shown(CODES, t::key_field_licences, FieldKind::Codes(&ALL_CODES))
            .form(BOTH.0, BOTH.1)
            .refused_as(&["addthings", "code"]),
        FieldSpec::shown(LIST, t::key_field_tags, FieldKind::Refs).form(BOTH.0, BOTH.1),
        FieldSpec::shown(HOURS, t::key_field_used, FieldKind::Hours { presets: &[24] })
            .form(Use::Optional, Use::No)
            .applies(has_title),
        FieldSpec::shown(SWITCH, t::key_field_state, FieldKind::Push).form(Use::No, Use::Optional),
    ],
    ..crate::systems::qualys_gateway::MANIFEST
};

/// A key with everything told.
pub(crate) fn key() -> Key {
    let mut key = Key::new("7");
    let codes = ["X", "Y"].map(str::to_owned).to_vec();
    key.fields.set(FieldId::TITLE, Value::Text("Payroll servers".to_owned()));
    key.fields.set(FieldId::LIMIT, Value::Limit(Limit::Of(50)));
    key.fields.set(FieldId::EXPIRES, Value::Nothing);
    key.fields.set(CODES, Value::Codes(codes));
    key.fields.set(LIST, Value::Refs(vec![Ref::of("1"), Ref::of("2")]));
    key
}
