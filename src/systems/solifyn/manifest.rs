//! What the Solifyn API can do (reference `solifyn.md`, sections 1 to 5 and 7).

use std::rc::Rc;

use qql::{Logic, Place};

use super::{
    BUSINESS, CUSTOM_KEY, CUSTOMERS, Client, EMAIL, FILTERS, MESSAGE, NAME, PAYMENT, PHONE, PRODUCT,
    PRODUCTS, UPDATED, USERNAME, VALIDITY,
};
use crate::domain::FieldId;
use crate::http::ErrorKind;
use crate::i18n::t;
use crate::systems::manifest::{
    Action, ActionKind, FieldKind, FieldSpec, Lack, Manifest, MembersSpec, Paging, SecretPolicy, SignIn,
    Sort, Use, VerifySpec,
};
use crate::systems::record::FREE;

/// No bounds are documented; one device is the least that makes sense (3, "CreateLicense").
const LIMIT: FieldKind = FieldKind::Limit { min: 1, max: 1_000_000_000, above_used: false };
const MOMENT: FieldKind = FieldKind::Moment { future: false, presets: &[] };

/// Solifyn licence keys.
pub static MANIFEST: Manifest = Manifest {
    id: "solifyn",
    name: t::solifyn_name,
    noun: t::solifyn_noun,
    plural: t::solifyn_plural,
    sources: "reference solifyn.md; seed 003",
    sign_in: &[SignIn::Token { label: t::solifyn_token, hint: t::solifyn_token_hint }],
    secret: SecretPolicy::Always,
    paging: Paging::Whole,
    logic: Logic::Nothing,
    prefixes: &[],
    unknown: Place::Nowhere,
    fields: FIELDS,
    columns: &[
        FieldId::TITLE,
        FieldId::VALUE,
        FieldId::STATE,
        FieldId::USED,
        FieldId::OWNER,
        FieldId::CREATED,
        FieldId::EXPIRES,
    ],
    order: FieldId::TITLE,
    actions: &[
        Action { kind: ActionKind::Create, effect: t::solifyn_create_effect },
        Action { kind: ActionKind::Edit, effect: t::solifyn_edit_effect },
        Action { kind: ActionKind::Duplicate, effect: t::solifyn_duplicate_effect },
        Action { kind: ActionKind::Enable, effect: t::solifyn_enable_effect },
        Action { kind: ActionKind::Disable, effect: t::solifyn_disable_effect },
        Action { kind: ActionKind::Members, effect: t::solifyn_members_effect },
        Action { kind: ActionKind::RenameMember, effect: t::solifyn_rename_effect },
        Action { kind: ActionKind::RemoveMember, effect: t::solifyn_remove_effect },
        Action { kind: ActionKind::Verify, effect: t::solifyn_verify_effect },
        Action { kind: ActionKind::AddOffer, effect: t::solifyn_add_effect },
    ],
    lacks: &[
        Lack { kind: ActionKind::Delete, why: t::solifyn_no_delete },
        Lack { kind: ActionKind::Revoke, why: t::solifyn_no_revoke },
    ],
    rules: &[
        t::solifyn_rule_expired,
        t::solifyn_rule_state,
        t::solifyn_rule_clear,
        t::solifyn_rule_editable,
        t::solifyn_rule_read_only,
    ],
    rates: t::solifyn_rates,
    // A key of theirs may be made for reading alone (1); nothing else is known to answer a write so (5).
    is_read_only: |err| err.kind == ErrorKind::Forbidden,
    check: |_| Vec::new(),
    members: Some(MembersSpec { title: t::solifyn_members, none: t::solifyn_members_none }),
    verify: Some(VerifySpec { fields: VERIFY }),
    offers: &[(CUSTOMERS, CUSTOMER)],
    settings: &[],
    imports: false,
    connect: |http| Rc::new(Client::new(http)),
};

/// In the order of forms and details.
const FIELDS: &[FieldSpec] = &[
    FieldSpec::shown(FieldId::TITLE, t::solifyn_field_title, FieldKind::Text { max: None })
        .browser("title")
        .sort(Sort::Browser),
    FieldSpec::shown(FieldId::VALUE, t::solifyn_field_key, FieldKind::Secret)
        .column(t::list_column_key)
        .browser("key"),
    FieldSpec::shown(FieldId::STATE, t::key_field_state, FieldKind::State)
        .column(t::list_column_state)
        .browser("state")
        .sort(Sort::Browser),
    FieldSpec::shown(PRODUCT, t::solifyn_field_product, FieldKind::Pick(PRODUCTS))
        .form(Use::Required, Use::No)
        .identifies()
        .browser("product"),
    FieldSpec::shown(FieldId::OWNER, t::solifyn_field_customer, FieldKind::Pick(CUSTOMERS))
        .form(Use::Required, Use::No)
        .identifies()
        .browser("customer")
        .sort(Sort::Browser),
    FieldSpec::shown(FieldId::USED, t::solifyn_field_used, FieldKind::Usage)
        .column(t::solifyn_column_used)
        .browser("used")
        .sort(Sort::Browser),
    FieldSpec::shown(FieldId::LIMIT, t::solifyn_field_limit, LIMIT)
        .hint(t::solifyn_limit_hint)
        .form(Use::Optional, Use::Optional)
        .defaulted()
        .hidden()
        .identifies()
        .browser("limit")
        .sort(Sort::Browser),
    FieldSpec::shown(FREE, t::key_field_free, FieldKind::Number { min: 0, max: i64::MAX })
        .hidden()
        .browser("free"),
    FieldSpec::shown(
        VALIDITY,
        t::solifyn_field_validity,
        FieldKind::Hours { presets: &[24, 168, 720, 8_760] },
    )
    .hint(t::solifyn_validity_hint)
    .form(Use::Optional, Use::No)
    .identifies()
    .browser("validity"),
    FieldSpec::shown(
        FieldId::EXPIRES,
        t::key_field_expires,
        FieldKind::Moment { future: true, presets: &[720, 2_160, 8_760] },
    )
    .column(t::list_column_expires)
    .hint(t::solifyn_expires_hint)
    .form(Use::No, Use::Optional)
    .browser("expires")
    .sort(Sort::Browser),
    FieldSpec::shown(CUSTOM_KEY, t::solifyn_field_custom_key, FieldKind::Secret)
        .hint(t::solifyn_custom_key_hint)
        .form(Use::Optional, Use::No)
        .hidden(),
    FieldSpec::shown(FieldId::CREATED, t::key_field_created, MOMENT)
        .column(t::list_column_created)
        .browser("created")
        .sort(Sort::Browser),
    FieldSpec::shown(UPDATED, t::solifyn_field_updated, MOMENT).browser("updated").sort(Sort::Browser),
    FieldSpec::shown(MESSAGE, t::solifyn_field_message, FieldKind::Text { max: None }).browser("message"),
    FieldSpec::shown(PAYMENT, t::solifyn_field_payment, FieldKind::Text { max: None }).browser("payment"),
    FieldSpec::shown(BUSINESS, t::solifyn_field_business, FieldKind::Text { max: None }),
    FieldSpec::shown(FILTERS, t::solifyn_field_filters, FieldKind::Text { max: None }),
    FieldSpec::shown(FieldId::ID, t::key_field_id, FieldKind::Id).browser("id"),
];

/// "Is this key valid?" (3, "Verify answer").
const VERIFY: &[FieldSpec] = &[
    FieldSpec::shown(FieldId::VALUE, t::solifyn_verify_key, FieldKind::Secret).form(Use::Required, Use::No),
    FieldSpec::shown(PRODUCT, t::solifyn_field_product, FieldKind::Pick(PRODUCTS))
        .form(Use::Required, Use::No),
];

/// A new customer (4). The service takes the e-mail address for the customer's name: the same one twice is one
/// customer.
const CUSTOMER: &[FieldSpec] = &[
    FieldSpec::shown(EMAIL, t::solifyn_customer_email, FieldKind::Text { max: Some(255) })
        .form(Use::Required, Use::No),
    FieldSpec::shown(NAME, t::solifyn_customer_name, FieldKind::Text { max: Some(100) })
        .form(Use::Required, Use::No),
    FieldSpec::shown(PHONE, t::solifyn_customer_phone, FieldKind::Text { max: Some(30) })
        .form(Use::Optional, Use::No),
    FieldSpec::shown(USERNAME, t::solifyn_customer_username, FieldKind::Text { max: Some(100) })
        .form(Use::Optional, Use::No),
];
