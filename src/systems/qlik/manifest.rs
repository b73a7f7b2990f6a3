//! What the API of a tenant's keys can do (reference `qlik.md`, sections 1 to 4).

use std::rc::Rc;

use qql::{FieldType, Logic, Ops, Place};

use super::{
    CLIENT, CREATED_BY, Client, ENABLED, EXPIRY, INTERVAL, MAX_EXPIRY, MAX_KEYS, PROVIDER, PROVIDERS, RETRY,
    SCIM_EXPIRY, STATUS, SUB, SUB_TYPE, TENANT, UPDATED, USER, USERS,
};
use crate::domain::FieldId;
use crate::i18n::t;
use crate::systems::manifest::{
    Action, ActionKind, Choice, FieldKind, FieldSpec, Lack, Manifest, Paging, SecretPolicy, SettingSpec,
    SignIn, Sort, Use,
};

const MOMENT: FieldKind = FieldKind::Moment { future: false, presets: &[] };
/// No length is documented (2, "ApiKeyBody").
const TEXT: FieldKind = FieldKind::Text { max: None };

/// The subject types of 2; a blank is the caller, as the service decides.
const TYPES: &[Choice] =
    &[Choice { code: USER, label: t::qlik_type_user }, Choice { code: CLIENT, label: t::qlik_type_client }];

/// The statuses of 2.
const STATUSES: &[Choice] = &[
    Choice { code: "active", label: t::key_state_active },
    Choice { code: "expired", label: t::key_state_expired },
    Choice { code: "revoked", label: t::key_state_revoked },
];

/// A filter of the list takes one value, exactly (2, "List query").
const EXACT: Ops = Ops::MATCH.and(Ops::EXACT);

/// Qlik Cloud API keys.
pub static MANIFEST: Manifest = Manifest {
    id: "qlik-cloud",
    name: t::qlik_name,
    noun: t::qlik_noun,
    plural: t::qlik_plural,
    sources: "reference qlik.md; seed 004",
    sign_in: &[SignIn::Token { label: t::qlik_token, hint: t::qlik_token_hint }],
    secret: SecretPolicy::Once,
    paging: Paging::Cursor,
    logic: Logic::OnePerField,
    prefixes: &[],
    unknown: Place::Nowhere,
    fields: FIELDS,
    columns: &[
        FieldId::TITLE,
        FieldId::STATE,
        FieldId::OWNER,
        SUB_TYPE,
        FieldId::CREATOR,
        FieldId::CREATED,
        FieldId::EXPIRES,
    ],
    order: FieldId::TITLE,
    actions: &[
        Action { kind: ActionKind::Create, effect: t::qlik_create_effect },
        Action { kind: ActionKind::Edit, effect: t::qlik_edit_effect },
        Action { kind: ActionKind::Duplicate, effect: t::qlik_duplicate_effect },
        Action { kind: ActionKind::Regenerate, effect: t::qlik_regenerate_effect },
        Action { kind: ActionKind::Delete, effect: t::qlik_delete_effect },
        Action { kind: ActionKind::Revoke, effect: t::qlik_revoke_effect },
        Action { kind: ActionKind::Settings, effect: t::qlik_settings_effect },
    ],
    lacks: &[
        Lack { kind: ActionKind::Disable, why: t::qlik_no_disable },
        Lack { kind: ActionKind::Enable, why: t::qlik_no_enable },
    ],
    rules: &[
        t::qlik_rule_once,
        t::qlik_rule_fixed,
        t::qlik_rule_remove,
        t::qlik_rule_list,
        t::qlik_rule_maximum,
        t::qlik_rule_retry,
        t::qlik_rule_power,
        t::qlik_rule_used,
    ],
    rates: t::qlik_rates,
    // A key has all rights of its user and there are none for reading alone (1): a 403 is about that one call.
    is_read_only: |_| false,
    check: |_| Vec::new(),
    members: None,
    verify: None,
    offers: &[],
    settings: SETTINGS,
    imports: true,
    connect: |http| Rc::new(Client::new(http)),
};

/// In the order of forms and details.
const FIELDS: &[FieldSpec] = &[
    FieldSpec::shown(FieldId::TITLE, t::qlik_field_description, TEXT)
        .form(Use::Required, Use::Required)
        .identifies()
        .refused_as(&["description"])
        .browser("description")
        .sort(Sort::Browser),
    FieldSpec::shown(FieldId::VALUE, t::qlik_field_value, FieldKind::Secret),
    FieldSpec::shown(FieldId::STATE, t::key_field_state, FieldKind::State)
        .column(t::list_column_state)
        .browser("state")
        .sort(Sort::Browser),
    FieldSpec::shown(STATUS, t::qlik_field_status, FieldKind::Choice(STATUSES))
        .hidden()
        .server("status", EXACT),
    FieldSpec::shown(SUB_TYPE, t::qlik_field_type, FieldKind::Choice(TYPES))
        .hint(t::qlik_type_hint)
        .form(Use::Optional, Use::No)
        .defaulted()
        .identifies()
        .refused_as(&["/subtype", "subtype"])
        .browser("type")
        .sort(Sort::Browser),
    FieldSpec::shown(FieldId::OWNER, t::qlik_field_owner, FieldKind::Pick(USERS))
        .hint(t::qlik_owner_hint)
        .form(Use::Required, Use::No)
        .applies(|draft| draft.text(SUB_TYPE).trim() == USER)
        .identifies()
        .refused_as(&["/sub", "subject"])
        .browser("owner")
        .sort(Sort::Browser),
    FieldSpec::shown(PROVIDER, t::qlik_field_provider, FieldKind::Pick(PROVIDERS))
        .hint(t::qlik_provider_hint)
        .form(Use::Required, Use::No)
        .applies(|draft| draft.text(SUB_TYPE).trim() == CLIENT)
        .refused_as(&["/sub", "scim"])
        .hidden(),
    FieldSpec::shown(SUB, t::qlik_field_sub, TEXT).hidden().server("sub", EXACT).asked_as(FieldType::Id),
    FieldSpec::shown(
        EXPIRY,
        t::qlik_field_expiry,
        FieldKind::Duration { presets: &["P1D", "P7D", "P30D", "P90D", "P365D"] },
    )
    .hint(t::qlik_expiry_hint)
    .form(Use::Optional, Use::No)
    .defaulted()
    .refused_as(&["expiry"])
    .hidden(),
    FieldSpec::shown(FieldId::EXPIRES, t::key_field_expires, MOMENT)
        .column(t::list_column_expires)
        .browser("expires")
        .sort(Sort::Browser),
    FieldSpec::shown(FieldId::CREATOR, t::key_field_creator, FieldKind::Person)
        .browser("creator")
        .sort(Sort::Browser),
    FieldSpec::shown(CREATED_BY, t::qlik_field_created_by, TEXT)
        .hidden()
        .server("createdByUser", EXACT)
        .asked_as(FieldType::Id),
    FieldSpec::shown(FieldId::CREATED, t::key_field_created, MOMENT)
        .column(t::list_column_created)
        .browser("created")
        .sort(Sort::Browser),
    FieldSpec::shown(UPDATED, t::qlik_field_updated, MOMENT).browser("updated").sort(Sort::Browser),
    FieldSpec::shown(TENANT, t::qlik_field_tenant, TEXT),
    FieldSpec::shown(FieldId::ID, t::key_field_id, FieldKind::Id).browser("id"),
    // As with the vendor's own tool (8): how patient a create is, and nothing of it is sent.
    FieldSpec::shown(RETRY, t::qlik_field_retry, FieldKind::Number { min: 0, max: 10 })
        .hint(t::qlik_retry_hint)
        .form(Use::Optional, Use::No)
        .defaulted()
        .hidden(),
    FieldSpec::shown(INTERVAL, t::qlik_field_interval, FieldKind::Number { min: 1, max: 120 })
        .hint(t::qlik_interval_hint)
        .form(Use::Optional, Use::No)
        .applies(|draft| !matches!(draft.text(RETRY).trim(), "" | "0"))
        .defaulted()
        .hidden(),
];

/// The configuration of the tenant (2, "Config").
const SETTINGS: &[SettingSpec] = &[
    SettingSpec {
        field: FieldSpec::shown(MAX_KEYS, t::qlik_set_keys, FieldKind::Number { min: 0, max: 1_000 })
            .form(Use::No, Use::Required),
        about: t::qlik_set_keys_about,
    },
    SettingSpec {
        field: FieldSpec::shown(
            MAX_EXPIRY,
            t::qlik_set_expiry,
            FieldKind::Duration { presets: &["PT24H", "P30D", "P365D"] },
        )
        .form(Use::No, Use::Required),
        about: t::qlik_set_expiry_about,
    },
    SettingSpec {
        field: FieldSpec::shown(
            SCIM_EXPIRY,
            t::qlik_set_scim,
            FieldKind::Duration { presets: &["P90D", "P365D"] },
        )
        .form(Use::No, Use::Required),
        about: t::qlik_set_scim_about,
    },
    SettingSpec {
        field: FieldSpec::shown(ENABLED, t::qlik_set_enabled, FieldKind::Flag).form(Use::No, Use::Optional),
        about: t::qlik_set_enabled_about,
    },
];
