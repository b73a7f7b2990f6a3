//! What the gateway API can do (reference `qualys.md`, sections 1, 2, 4, 7 and 10).

use std::rc::Rc;

use qql::{Logic, Ops, Place};

use super::fields::{APPLY, LICENCES, NETWORK, TAGS, TYPE};
use super::{Client, licences, query};
use crate::domain::FieldId;
use crate::i18n::t;
use crate::systems::manifest::{
    Action, ActionKind, Choice, FieldKind, FieldSpec, Manifest, Paging, SecretPolicy, SignIn, Sort, Use,
};
use crate::systems::record::{DISABLED, FREE};

/// Limits the API accepts (1.3 and 1.4).
const LIMIT: FieldKind = FieldKind::Limit { min: 1, max: 1_000_000, above_used: true };

/// The types of 1.1, under names of ours: the API spells them in several ways.
const TYPES: &[Choice] = &[
    Choice { code: "Unlimited", label: t::key_kind_unlimited },
    Choice { code: "Count", label: t::key_kind_count },
    Choice { code: "Time", label: t::key_kind_time },
    Choice { code: "CountTime", label: t::key_kind_count_time },
];

/// Network 0 is the default network (1.1).
const NETWORKS: &[Choice] = &[Choice { code: "0", label: t::key_network_default }];

/// Whole numbers in all forms, which the service answers as documented (section 2).
const NUMBER: Ops = Ops::NUMBER;
const BOOLEAN: Ops = Ops::MATCH.and(Ops::NOT);
const VALUE: Ops = Ops::MATCH.and(Ops::EXACT).and(Ops::LIST).and(Ops::NOT);

/// Qualys activation keys on the gateway API.
pub static MANIFEST: Manifest = Manifest {
    id: "qualys-gateway",
    name: t::qualys_gateway_name,
    noun: t::qualys_gateway_noun,
    plural: t::list_title,
    sources: "reference qualys.md, sections 1 to 5, 7, 8 and 10; release notes of November 2025",
    sign_in: &[
        SignIn::Exchange { request: super::sign_in::request },
        SignIn::Token { label: t::sign_in_token, hint: t::sign_in_token_hint },
    ],
    secret: SecretPolicy::Always,
    paging: Paging::Pages,
    logic: Logic::Full,
    prefixes: &[query::NEW_PREFIX],
    unknown: Place::Server,
    fields: FIELDS,
    columns: &[
        FieldId::TITLE,
        FieldId::VALUE,
        FieldId::STATE,
        FieldId::USED,
        TYPE,
        LICENCES,
        FieldId::CREATED,
        FieldId::EXPIRES,
        FieldId::CREATOR,
    ],
    order: FieldId::TITLE,
    actions: &[
        Action { kind: ActionKind::Create, effect: t::qualys_gateway_create_effect },
        Action { kind: ActionKind::Edit, effect: t::qualys_gateway_edit_effect },
        Action { kind: ActionKind::Duplicate, effect: t::qualys_gateway_duplicate_effect },
        Action { kind: ActionKind::Enable, effect: t::enable_text },
        Action { kind: ActionKind::Disable, effect: t::disable_text },
        Action { kind: ActionKind::Delete, effect: t::delete_lost },
        Action { kind: ActionKind::Install, effect: t::qualys_gateway_install_effect },
    ],
    lacks: &[],
    rules: &[
        t::qualys_gateway_rule_limit,
        t::qualys_gateway_rule_flip,
        t::qualys_gateway_rule_delta,
        t::qualys_gateway_rule_substitutes,
        t::qualys_gateway_rule_delete,
    ],
    rates: t::qualys_gateway_rates,
    is_read_only: |_| false,
    check: |_| Vec::new(),
    members: None,
    verify: None,
    offers: &[],
    settings: &[],
    imports: false,
    connect: |http| Rc::new(Client::new(http)),
};

/// In the order of forms and details. The names in refusals stand in the documents (1.3 and 1.4); the plain words
/// beside them are guesses, since no error text is documented.
const FIELDS: &[FieldSpec] = &[
    FieldSpec::shown(FieldId::TITLE, t::key_field_title, FieldKind::Text { max: None })
        .column(t::list_column_title)
        .form(Use::Optional, Use::Optional)
        .identifies()
        .browser("title")
        .sort(Sort::Server),
    FieldSpec::shown(FieldId::VALUE, t::key_field_value, FieldKind::Secret)
        .column(t::list_column_key)
        .server("activationKey", VALUE)
        .sort(Sort::Server),
    FieldSpec::shown(FieldId::STATE, t::key_field_state, FieldKind::State)
        .column(t::list_column_state)
        .browser("state")
        .sort(Sort::Server),
    FieldSpec::shown(DISABLED, t::query_field_disabled, FieldKind::Flag)
        .hidden()
        .server("activationKey.isDisabled", BOOLEAN),
    FieldSpec::shown(FieldId::USED, t::key_field_used, FieldKind::Usage)
        .column(t::list_column_used)
        .counts(t::key_agents)
        .browser("used")
        .sort(Sort::Server),
    FieldSpec::shown(FieldId::LIMIT, t::key_field_limit, LIMIT)
        .hint(t::qualys_gateway_limit_hint)
        .counts(t::key_agents)
        .form(Use::Optional, Use::Optional)
        .hidden()
        .identifies()
        .none_is_zero()
        .refused_as(&["maxagentsallowed", "countpurchased", "agent count", "limit"])
        .server("activationKey.countPurchased", NUMBER),
    FieldSpec::shown(FREE, t::key_field_free, FieldKind::Number { min: 0, max: 1_000_000 })
        .hidden()
        .browser("free"),
    FieldSpec::shown(TYPE, t::key_field_kind, FieldKind::Choice(TYPES))
        .column(t::list_column_type)
        .browser("type"),
    FieldSpec::shown(NETWORK, t::key_field_network, FieldKind::Number { min: 0, max: i64::MAX })
        .hint(t::form_network_hint)
        .named(NETWORKS)
        .refused_as(&["networkid", "network"])
        .form(Use::Optional, Use::Optional)
        .browser("network"),
    FieldSpec::shown(FieldId::EXPIRES, t::key_field_expires, FieldKind::Day { presets: &[30, 90, 365] })
        .column(t::list_column_expires)
        .hint(t::form_expires_hint)
        .refused_as(&["expiredate", "expiry", "expiration"])
        .form(Use::Optional, Use::Optional)
        .identifies()
        .browser("expires")
        .sort(Sort::Server),
    FieldSpec::shown(
        FieldId::CREATED,
        t::key_field_created,
        FieldKind::Moment { future: false, presets: &[] },
    )
    .column(t::list_column_created)
    .browser("created")
    .sort(Sort::Server),
    FieldSpec::shown(FieldId::CREATOR, t::key_field_creator, FieldKind::Person)
        .column(t::list_column_creator)
        .browser("creator"),
    FieldSpec::shown(LICENCES, t::key_field_licences, FieldKind::Codes(&licences::CODES))
        .column(t::list_column_licences)
        .may_differ(t::write_why_licences)
        .refused_as(&["license", "licence", "module"])
        .form(Use::Optional, Use::Optional)
        .browser("licence"),
    FieldSpec::shown(TAGS, t::key_field_tags, FieldKind::Refs)
        .hint(t::form_tags_hint)
        .may_differ(t::write_why_tags)
        .refused_as(&["tag"])
        .form(Use::Optional, Use::Optional)
        .browser("tag"),
    FieldSpec::shown(APPLY, t::key_field_apply, FieldKind::Push)
        .form(Use::No, Use::Optional)
        .refused_as(&["applytoexistingagents"]),
    FieldSpec::shown(FieldId::ID, t::key_field_id, FieldKind::Id)
        .asked_as(qql::FieldType::Integer)
        .server("activationKey.id", NUMBER),
];
