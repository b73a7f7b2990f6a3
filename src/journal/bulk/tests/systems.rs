//! The older API of the first system, whose answers are XML and whose errors come with a 200.

use super::under::Bulk;
use crate::domain::{FieldId, Key, KeyId, Value};
use crate::http::Cancel;
use crate::journal::bulk::{Item, ItemState, Wanted};
use crate::systems::qualys_qps::MANIFEST;
use crate::systems::qualys_qps::fixtures::{Qps, State, with_keys};
use crate::systems::testing::Service;
use crate::systems::{Change, Delta, System};

const KEYS: u64 = 4;

fn make() -> Qps {
    let scene = with_keys(KEYS);
    scene.service.state.borrow_mut().keys.iter_mut().for_each(|it| it.disabled = false);
    scene
}

fn read(scene: &mut Qps) -> Vec<Key> {
    let one = |id: u64| {
        let (client, id) = (scene.client.clone(), KeyId(id.to_string()));
        let key = scene.run(async move { client.get(&id, &Cancel::new()).await });
        key.unwrap_or_else(|err| panic!("{err}"))
    };
    (1..=KEYS).map(one).collect()
}

#[test]
fn the_older_api_stands_every_fault() {
    let rename = Change(vec![(FieldId::TITLE, Delta::Set(Value::Text("renamed".to_owned())))]);
    for wanted in [Wanted::Enabled(false), Wanted::Removed, Wanted::Changed(rename)] {
        let items = |scene: &mut Qps| {
            let keys = read(scene);
            keys.into_iter().map(|it| Item::new(Some(it), "", wanted.clone())).collect()
        };
        let judge = |service: &Service<State>, states: &[ItemState], about: &str| {
            let state = service.state.borrow();
            for (id, item) in (1..=KEYS).zip(states) {
                let row = state.keys.iter().find(|it| it.id == id);
                let is_so = match wanted {
                    Wanted::Enabled(_) => row.is_some_and(|it| it.disabled),
                    Wanted::Removed => row.is_none(),
                    _ => row.is_some_and(|it| it.title == "renamed"),
                };
                let mine = |it: &&String| it.starts_with('!') && it.contains(&format!("/{id} "));
                let times = service.log.borrow().iter().filter(mine).count();
                assert!(times <= 1, "{about}: {id} was changed {times} times");
                match item {
                    ItemState::Done { .. } => assert!(is_so && times == 1, "{about}: {id}"),
                    ItemState::Skipped(_) => assert!(is_so, "{about}: {id} {item:?}"),
                    ItemState::Failed(_) => assert!(!is_so && times == 0, "{about}: {id} {item:?}"),
                    _ => panic!("{about}: {id} {item:?}"),
                }
            }
        };
        Bulk { system: System::of(&MANIFEST), make: &make, items: &items, judge: &judge }.stands_everything();
    }
}
