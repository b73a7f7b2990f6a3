//! A toy system with every action, registered nowhere: what it has, what happens to its calls, what it heard.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures_util::FutureExt as _;
use futures_util::future;
use latchkey::domain::{Coverage, FieldId, Fields, Key, KeyId, PageOf, Secret, Value};
use latchkey::http::{ApiError, Cancel, ErrorKind, Http, Method, Request};
use latchkey::platform::clock;
use latchkey::systems::manifest::{Action, Choice, Codes, Manifest, MembersSpec, SettingSpec, VerifySpec};
use latchkey::systems::{
    Act, ActionKind, Answer, Call, Calls, Created, FieldKind, FieldSpec, Member, Offer, Picker,
    SearchRequest, SecretPolicy, Use, Verdict, qualys_gateway,
};

pub(crate) const CODES: FieldId = FieldId("codes");
pub(crate) const EMAIL: FieldId = FieldId("email");
pub(crate) const MOST: FieldId = FieldId("most");
const PEOPLE: Picker = Picker("people");
/// Values of keys: nothing but the places for them may show these.
pub(crate) const VALUE: &str = "12ba12bc-effd-12e3-1234-12345ac12345";

static ALL_CODES: Codes = Codes {
    known: &[Choice { code: "A", label: || "Alpha" }, Choice { code: "B", label: || "Beta" }],
    open: false,
    canonical: |it| it,
    warnings: |_| Vec::new(),
};

const TEXT: FieldKind = FieldKind::Text { max: Some(40) };

const fn action(kind: ActionKind) -> Action {
    Action { kind, effect: || "It has an effect." }
}

pub(crate) static TOY: Manifest = Manifest {
    id: "toy",
    noun: || "toy key",
    plural: || "toy keys",
    secret: SecretPolicy::Once,
    fields: &[
        FieldSpec::shown(FieldId::TITLE, || "Title", TEXT).form(Use::Required, Use::Optional).identifies(),
        FieldSpec::shown(FieldId::VALUE, || "Value", FieldKind::Secret),
        FieldSpec::shown(FieldId::STATE, || "State", FieldKind::State),
        FieldSpec::shown(FieldId::USED, || "Devices", FieldKind::Usage),
        FieldSpec::shown(FieldId::OWNER, || "Person", FieldKind::Pick(PEOPLE)).form(Use::Optional, Use::No),
        FieldSpec::shown(CODES, || "Codes", FieldKind::Codes(&ALL_CODES)).form(Use::Optional, Use::Optional),
    ],
    columns: &[FieldId::TITLE],
    order: FieldId::TITLE,
    actions: &[
        action(ActionKind::Create),
        action(ActionKind::Delete),
        action(ActionKind::Members),
        action(ActionKind::RenameMember),
        action(ActionKind::RemoveMember),
        action(ActionKind::MoveMembers),
        action(ActionKind::Verify),
        action(ActionKind::Settings),
        action(ActionKind::AddOffer),
        action(ActionKind::Regenerate),
    ],
    lacks: &[],
    check: |_| Vec::new(),
    members: Some(MembersSpec { title: || "Devices", none: || "No device is there." }),
    verify: Some(VerifySpec {
        fields: &[FieldSpec::shown(FieldId::VALUE, || "Key to check", FieldKind::Secret)
            .form(Use::Required, Use::No)],
    }),
    offers: &[(PEOPLE, &[FieldSpec::shown(EMAIL, || "E-mail", TEXT).form(Use::Required, Use::No)])],
    settings: &[SettingSpec {
        field: FieldSpec::shown(MOST, || "Keys a person", FieldKind::Number { min: 0, max: 100 })
            .form(Use::No, Use::Required),
        about: || "Counts active keys.",
    }],
    connect: |http| Rc::new(Toy(http)),
    ..qualys_gateway::MANIFEST
};

/// What happens to a write.
#[derive(Clone, Copy)]
pub(crate) enum Fault {
    /// It never arrives.
    Before,
    /// It is carried out, and its answer is lost.
    After,
    Refused(ErrorKind),
}

/// What the service has, what happens to its next calls, and what it heard.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) keys: Vec<Key>,
    pub(crate) members: BTreeMap<String, Vec<Member>>,
    pub(crate) people: Vec<Offer>,
    pub(crate) most: i64,
    /// Settings come out as no more than this.
    pub(crate) cap: i64,
    pub(crate) faults: Vec<Fault>,
    /// How the next read of members, settings or a check fails.
    pub(crate) read_fault: Option<ErrorKind>,
    /// The answer to a removal waits while this is set.
    pub(crate) held: bool,
    pub(crate) writes: usize,
}

thread_local! {
    static WORLD: RefCell<World> = RefCell::default();
}

pub(crate) fn world<T>(look: impl FnOnce(&mut World) -> T) -> T {
    WORLD.with_borrow_mut(look)
}

fn error(kind: ErrorKind) -> ApiError {
    ApiError::without_answer(kind, &Request::write(Method::Post, "toy".to_owned()), true)
}

fn refusal(kind: ErrorKind) -> ApiError {
    ApiError { status: Some(400), message: Some("No, says the toy.".to_owned()), ..error(kind) }
}

fn fails() -> Result<(), ApiError> {
    world(|it| it.read_fault.take()).map_or(Ok(()), |kind| Err(refusal(kind)))
}

struct Toy(Http);

fn apply(call: &Call) {
    world(|it| {
        it.writes += 1;
        match call {
            Call::Delete(id) => it.keys.retain(|key| key.id != *id),
            Call::Act(Act::RenameMember { key, member, name }) => {
                let members = it.members.entry(key.0.clone()).or_default();
                members.iter_mut().filter(|it| it.id == *member).for_each(|it| it.name.clone_from(name));
            }
            Call::Act(Act::RemoveMember { key, member }) => {
                it.members.entry(key.0.clone()).or_default().retain(|it| it.id != *member);
            }
            Call::Act(Act::MoveMembers { from, to, .. }) => {
                let moved = it.members.remove(&from.0).unwrap_or_default();
                it.members.entry(to.0.clone()).or_default().extend(moved);
            }
            Call::Act(Act::AddOffer { fields, .. }) => {
                let email = fields.text(EMAIL).to_owned();
                let id = format!("p{}", it.people.len() + 1);
                it.people.push(Offer { id, name: email, ..Offer::default() });
            }
            Call::Act(Act::SetSettings(change)) => {
                if let Some(Value::Number(most)) = change.set(MOST) {
                    it.most = (*most).min(it.cap);
                }
            }
            _ => {}
        }
    });
}

impl Calls for Toy {
    fn http(&self) -> &Http {
        &self.0
    }

    fn request(&self, _call: &Call) -> Request {
        Request::write(Method::Post, "toy".to_owned())
    }

    fn search<'a>(&'a self, request: &'a SearchRequest, _cancel: &'a Cancel) -> Answer<'a, PageOf<Key>> {
        let items = world(|it| it.keys.clone());
        let total = u64::try_from(items.len()).unwrap();
        let page = PageOf { items, total, page: request.page, size: request.size, coverage: Coverage::Exact };
        future::ready(Ok(page)).boxed_local()
    }

    fn get<'a>(&'a self, id: &'a KeyId, _cancel: &'a Cancel) -> Answer<'a, Key> {
        let found = world(|it| it.keys.iter().find(|it| it.id == *id).cloned());
        future::ready(found.ok_or_else(|| error(ErrorKind::NotFound))).boxed_local()
    }

    fn newest<'a>(&'a self, _count: u64, _cancel: &'a Cancel) -> Answer<'a, Vec<Key>> {
        future::ready(Ok(world(|it| it.keys.iter().rev().cloned().collect()))).boxed_local()
    }

    fn create<'a>(&'a self, new: &'a Fields) -> Answer<'a, Created> {
        let fault = world(|it| it.faults.pop());
        let res = match fault {
            Some(Fault::Before) => Err(error(ErrorKind::Network)),
            Some(Fault::Refused(kind)) => Err(refusal(kind)),
            fault => {
                let key = world(|it| {
                    it.writes += 1;
                    let key = Key { fields: new.clone(), ..Key::new(format!("new-{}", it.keys.len())) };
                    it.keys.push(key.clone());
                    key
                });
                let key = Key { value: Some(Secret::new(VALUE.to_owned())), ..key };
                match fault {
                    Some(Fault::After) => Err(error(ErrorKind::Network)),
                    _ => Ok(Created { key, raw: "{}".to_owned() }),
                }
            }
        };
        future::ready(res).boxed_local()
    }

    fn write<'a>(&'a self, call: &'a Call) -> Answer<'a, ()> {
        async move {
            while world(|it| it.held) {
                clock::next_frame().await;
            }
            match world(|it| it.faults.pop()) {
                Some(Fault::Before) => Err(error(ErrorKind::Network)),
                Some(Fault::Refused(kind)) => Err(refusal(kind)),
                fault => {
                    apply(call);
                    if fault.is_some() { Err(error(ErrorKind::Network)) } else { Ok(()) }
                }
            }
        }
        .boxed_local()
    }

    fn offers<'a>(&'a self, _picker: Picker, typed: &'a str, _cancel: &'a Cancel) -> Answer<'a, Vec<Offer>> {
        let found = world(|it| it.people.iter().filter(|it| it.name.contains(typed)).cloned().collect());
        future::ready(Ok(found)).boxed_local()
    }

    fn members<'a>(&'a self, id: &'a KeyId, _cancel: &'a Cancel) -> Answer<'a, Vec<Member>> {
        let members = fails().map(|()| world(|it| it.members.get(&id.0).cloned().unwrap_or_default()));
        future::ready(members).boxed_local()
    }

    fn has_happened<'a>(&'a self, act: &'a Act, _cancel: &'a Cancel) -> Answer<'a, bool> {
        let of = |it: &World, key: &KeyId| it.members.get(&key.0).cloned().unwrap_or_default();
        let happened = world(|it| match act {
            Act::RenameMember { key, member, name } => {
                of(it, key).iter().any(|it| it.id == *member && it.name == *name)
            }
            Act::RemoveMember { key, member } => !of(it, key).iter().any(|it| it.id == *member),
            Act::MoveMembers { from, .. } => of(it, from).is_empty(),
            Act::AddOffer { fields, .. } => it.people.iter().any(|it| it.name == fields.text(EMAIL)),
            Act::SetSettings(change) => {
                matches!(change.set(MOST), Some(Value::Number(most)) if it.most == (*most).min(it.cap))
            }
        });
        future::ready(Ok(happened)).boxed_local()
    }

    fn verify<'a>(&'a self, typed: &'a Fields, _cancel: &'a Cancel) -> Answer<'a, Verdict> {
        let valid = typed.text(FieldId::VALUE) == VALUE;
        let key = valid.then(|| KeyId("a".to_owned()));
        let why = if valid { "It is known." } else { "It is not known." };
        future::ready(fails().map(|()| Verdict { valid, why: why.to_owned(), key })).boxed_local()
    }

    fn settings<'a>(&'a self, _cancel: &'a Cancel) -> Answer<'a, Fields> {
        let most = world(|it| it.most);
        future::ready(fails().map(|()| Fields::new().with(MOST, Value::Number(most)))).boxed_local()
    }
}

pub(crate) fn key(id: &str, title: &str) -> Key {
    let mut key = Key { value: Some(Secret::new(VALUE.to_owned())), ..Key::new(id) };
    key.fields.set(FieldId::TITLE, Value::Text(title.to_owned()));
    key.fields.set(FieldId::USED, Value::Number(0));
    key.fields.set(CODES, Value::Codes(vec!["A".to_owned()]));
    key
}

pub(crate) fn member(id: &str, name: &str) -> Member {
    let text = |it: &str| it.to_owned();
    Member {
        id: text(id),
        name: text(name),
        place: text("10.0.0.1"),
        device: String::new(),
        since: None,
        seen: None,
    }
}

/// Keys "a" (Alpha key) and "b" (Beta key), and so many devices on the first.
pub(crate) fn start(devices: &[&str], faults: &[Fault]) -> Key {
    let a = key("a", "Alpha key");
    let members = devices.iter().map(|it| member(it, it)).collect();
    let fresh = World {
        keys: vec![a.clone(), key("b", "Beta key")],
        members: [("a".to_owned(), members)].into(),
        most: 5,
        cap: 50,
        faults: faults.iter().rev().copied().collect(),
        ..World::default()
    };
    world(|it| *it = fresh);
    a
}
