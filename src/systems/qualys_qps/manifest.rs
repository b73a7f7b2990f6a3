//! What the QPS API can do (reference `qualys.md`, sections 6, 7, 8 and 10).

use std::rc::Rc;

use qql::{FieldType, Logic, Ops, Place};

use super::wire::{has_count, has_time};
use super::{
    APPLY, Client, LAST_USED, LICENCES, NETWORK, OWNERS, SELF_PATCH, STATUS, TAG_OFFERS, TAGS, TYPE, UUID,
    licences,
};
use crate::domain::FieldId;
use crate::i18n::t;
use crate::systems::manifest::{
    Action, ActionKind, Check, Choice, FieldKind, FieldSpec, Lack, Manifest, MembersSpec, Paging,
    SecretPolicy, SignIn, Sort, Use,
};
use crate::systems::record::{DISABLED, FREE};
use crate::systems::{FieldError, Problem};

/// At least one (6.1). No document has the largest; the gateway's is what the service stores without a limit.
const LIMIT: FieldKind = FieldKind::Limit { min: 1, max: 1_000_000, above_used: false };
const MOMENT: FieldKind = FieldKind::Moment { future: false, presets: &[] };

/// The types of 6.1, in the API's words.
const TYPES: &[Choice] = &[
    Choice { code: "UNLIMITED", label: t::key_kind_unlimited },
    Choice { code: "COUNT_LIMITED", label: t::key_kind_count },
    Choice { code: "TIME_LIMITED", label: t::key_kind_time },
    Choice { code: "COUNT_TIME_LIMITED", label: t::key_kind_count_time },
];

/// The words of 6.1.
const STATUSES: &[Choice] = &[
    Choice { code: "ACTIVE", label: t::key_state_active },
    Choice { code: "INACTIVE", label: t::key_state_inactive },
];

/// Network 0 is the default network.
const NETWORKS: &[Choice] = &[Choice { code: "0", label: t::key_network_default }];

/// Operators of 6.3 that the service answers as queries mean them. It has none for a range, but takes both its ends.
const ID: Ops = Ops::MATCH.and(Ops::NOT).and(Ops::GT).and(Ops::LT).and(Ops::LIST);
const VALUE: Ops = Ops::EXACT.and(Ops::NOT);
/// Of keys with a count alone, so what lies below or beside one is looked for here.
const COUNT: Ops = Ops::MATCH.and(Ops::GT).and(Ops::LT);
const BOOLEAN: Ops = Ops::MATCH.and(Ops::NOT);

/// Qualys activation keys on the QPS API.
pub static MANIFEST: Manifest = Manifest {
    id: "qualys-qps",
    name: t::qualys_qps_name,
    noun: t::qualys_gateway_noun,
    plural: t::list_title,
    sources: "reference qualys.md, sections 3 to 8 and 10; seed 002",
    sign_in: &[SignIn::Basic, SignIn::Token { label: t::qualys_qps_token, hint: t::qualys_qps_token_hint }],
    secret: SecretPolicy::Always,
    paging: Paging::LastId,
    logic: Logic::Criteria,
    prefixes: &[],
    unknown: Place::Nowhere,
    fields: FIELDS,
    columns: &[
        FieldId::TITLE,
        FieldId::VALUE,
        FieldId::STATE,
        FieldId::USED,
        TYPE,
        LICENCES,
        FieldId::OWNER,
        FieldId::CREATED,
        FieldId::EXPIRES,
    ],
    order: FieldId::TITLE,
    actions: &[
        Action { kind: ActionKind::Create, effect: t::qualys_gateway_create_effect },
        Action { kind: ActionKind::Edit, effect: t::qualys_gateway_edit_effect },
        Action { kind: ActionKind::Duplicate, effect: t::qualys_gateway_duplicate_effect },
        Action { kind: ActionKind::Enable, effect: t::enable_text },
        Action { kind: ActionKind::Disable, effect: t::disable_text },
        Action { kind: ActionKind::Delete, effect: t::delete_lost },
        Action { kind: ActionKind::Members, effect: t::qualys_qps_members_effect },
        Action { kind: ActionKind::MoveMembers, effect: t::qualys_qps_move_effect },
        Action { kind: ActionKind::Install, effect: t::qualys_gateway_install_effect },
    ],
    lacks: &[Lack { kind: ActionKind::RemoveMember, why: t::qualys_qps_no_remove }],
    rules: &[
        t::qualys_qps_rule_type,
        t::qualys_qps_rule_delta,
        t::qualys_qps_rule_owner,
        t::qualys_qps_rule_errors,
        t::qualys_gateway_rule_delete,
    ],
    rates: t::qualys_qps_rates,
    is_read_only: |_| false,
    check,
    members: Some(MembersSpec { title: t::qualys_qps_members, none: t::qualys_qps_members_none }),
    verify: None,
    offers: &[],
    settings: &[],
    imports: false,
    connect: |http| Rc::new(Client::new(http)),
};

/// In the order of forms and details: the type first, since it decides about the limits.
const FIELDS: &[FieldSpec] = &[
    FieldSpec::shown(FieldId::TITLE, t::key_field_title, FieldKind::Text { max: None })
        .column(t::list_column_title)
        .form(Use::Optional, Use::Optional)
        .identifies()
        .browser("title")
        .sort(Sort::Browser),
    FieldSpec::shown(FieldId::VALUE, t::key_field_value, FieldKind::Secret)
        .column(t::list_column_key)
        .server("activationKey", VALUE),
    FieldSpec::shown(FieldId::STATE, t::key_field_state, FieldKind::State)
        .column(t::list_column_state)
        .browser("state")
        .sort(Sort::Browser),
    FieldSpec::shown(DISABLED, t::query_field_disabled, FieldKind::Flag)
        .hidden()
        .server("isDisabled", BOOLEAN),
    FieldSpec::shown(FieldId::USED, t::key_field_used, FieldKind::Usage)
        .column(t::list_column_used)
        .counts(t::key_agents)
        .browser("used")
        .sort(Sort::Browser),
    FieldSpec::shown(TYPE, t::key_field_kind, FieldKind::Choice(TYPES))
        .column(t::list_column_type)
        .hint(t::qualys_qps_type_hint)
        .form(Use::Required, Use::Required)
        .identifies()
        .refused_as(&["type"])
        .browser("type")
        .sort(Sort::Browser),
    FieldSpec::shown(FieldId::LIMIT, t::key_field_limit, LIMIT)
        .hint(t::qualys_qps_limit_hint)
        .counts(t::key_agents)
        .form(Use::Required, Use::Required)
        .hidden()
        .applies(|draft| has_count(draft.text(TYPE)))
        .may_differ(t::qualys_qps_why_limit)
        .refused_as(&["countpurchased"])
        .server("countPurchased", COUNT),
    FieldSpec::shown(FREE, t::key_field_free, FieldKind::Number { min: 0, max: 1_000_000 })
        .hidden()
        .browser("free"),
    FieldSpec::shown(
        FieldId::EXPIRES,
        t::key_field_expires,
        FieldKind::Moment { future: true, presets: &[30, 90, 365] },
    )
    .column(t::list_column_expires)
    .hint(t::qualys_qps_expires_hint)
    .form(Use::Required, Use::Required)
    .applies(|draft| has_time(draft.text(TYPE)))
    .may_differ(t::qualys_qps_why_limit)
    .refused_as(&["expiredate"])
    .browser("expires")
    .sort(Sort::Browser),
    FieldSpec::shown(FieldId::OWNER, t::qualys_qps_field_owner, FieldKind::Pick(OWNERS))
        .hint(t::qualys_qps_owner_hint)
        .form(Use::Optional, Use::Optional)
        .identifies()
        .refused_as(&["ownerid"])
        .browser("owner")
        .sort(Sort::Browser),
    FieldSpec::shown(NETWORK, t::key_field_network, FieldKind::Number { min: 0, max: i64::MAX })
        .hint(t::form_network_hint)
        .named(NETWORKS)
        .form(Use::Optional, Use::Optional)
        .refused_as(&["networkid"])
        .browser("network"),
    FieldSpec::shown(FieldId::CREATED, t::key_field_created, MOMENT)
        .column(t::list_column_created)
        .browser("created")
        .sort(Sort::Browser),
    FieldSpec::shown(LAST_USED, t::qualys_qps_field_last_used, MOMENT)
        .browser("lastUsed")
        .sort(Sort::Browser),
    FieldSpec::shown(LICENCES, t::key_field_licences, FieldKind::Codes(&licences::CODES))
        .column(t::list_column_licences)
        .may_differ(t::write_why_licences)
        .form(Use::Optional, Use::Optional)
        .refused_as(&["modules", "license"])
        .browser("licence"),
    FieldSpec::shown(TAGS, t::key_field_tags, FieldKind::Refs)
        .hint(t::form_tags_hint)
        .offers(TAG_OFFERS)
        .may_differ(t::write_why_tags)
        .form(Use::Optional, Use::Optional)
        .browser("tag"),
    FieldSpec::shown(APPLY, t::key_field_apply, FieldKind::Push).form(Use::No, Use::Optional),
    FieldSpec::shown(SELF_PATCH, t::qualys_qps_field_self_patch, FieldKind::Flag)
        .browser("selfPatchSuspended"),
    FieldSpec::shown(STATUS, t::qualys_qps_field_status, FieldKind::Choice(STATUSES)).browser("status"),
    FieldSpec::shown(UUID, t::qualys_qps_field_uuid, FieldKind::Text { max: None }).browser("uuid"),
    FieldSpec::shown(FieldId::ID, t::key_field_id, FieldKind::Id)
        .asked_as(FieldType::Integer)
        .server("id", ID),
];

/// An owner is a number, and no call takes one away again.
fn check(it: &Check<'_>) -> Vec<FieldError> {
    let error = |problem| vec![FieldError { field: FieldId::OWNER, problem }];
    let owned = it.current.is_some_and(|key| !key.fields.refs(FieldId::OWNER).is_empty());
    match it.draft.text(FieldId::OWNER).trim() {
        "" if owned => error(Problem::Rule(t::qualys_qps_owner_stays())),
        "" => Vec::new(),
        text if text.parse::<i64>().is_ok_and(|it| it > 0) => Vec::new(),
        _ => error(Problem::NotANumber),
    }
}
