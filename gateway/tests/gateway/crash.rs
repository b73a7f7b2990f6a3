//! No acknowledged write is lost, whenever the program dies.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::support::{CREATE, Folder, MANAGE, Program, call};

const ROUNDS: usize = 4;
const WRITERS: usize = 4;

/// Creates, toggles and deletes from several threads; SIGKILL in the middle; restart; every answer that said "done"
/// is true of the store, and nothing is in it that nobody asked for. Requests in flight may have happened or not.
#[test]
fn acknowledged_writes_survive_sigkill() {
    let folder = Folder::new("crash");
    let store = folder.0.join("store.db");
    let arguments = ["--store", store.to_str().unwrap(), "--control"];
    // Title to what is known: Some(is_disabled) when it must be there, None when it must be gone.
    let known: Mutex<BTreeMap<String, Option<bool>>> = Mutex::default();
    let asked: Mutex<Vec<String>> = Mutex::default();
    for round in 0..ROUNDS {
        let program = Program::start(&arguments);
        let token = program.sign_in();
        let acknowledged = AtomicUsize::new(0);
        let address = program.address.clone();
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (known, asked, acknowledged, token, address) =
                    (&known, &asked, &acknowledged, &token, &address);
                scope.spawn(move || {
                    for idx in 0.. {
                        let title = format!("round {round} writer {writer} key {idx}");
                        asked.lock().unwrap().push(title.clone());
                        let body = format!("{{\"title\":\"{title}\"}}");
                        let Some((200, reply)) = call(address, "POST", CREATE, token, &body) else { return };
                        known.lock().unwrap().insert(title.clone(), Some(false));
                        acknowledged.fetch_add(1, Ordering::Relaxed);
                        let id = serde_json::from_str::<Value>(&reply).unwrap()["id"].clone();
                        let path = format!("{MANAGE}/{id}");
                        // While the next write is under way, nothing certain is known of its key.
                        let (method, outcome) = match idx % 3 {
                            0 => ("PATCH", Some(true)),
                            1 => ("DELETE", None),
                            _ => continue,
                        };
                        known.lock().unwrap().remove(&title);
                        let Some((200, _)) = call(address, method, &path, token, "") else { return };
                        known.lock().unwrap().insert(title, outcome);
                    }
                });
            }
            // Kill under load: once enough was acknowledged, while all writers go on.
            while acknowledged.load(Ordering::Relaxed) < 40 {
                std::thread::yield_now();
            }
            program.kill();
        });

        let program = Program::start(&arguments);
        let (_, stored) = program.call("GET", "/_control/keys", "", "").unwrap();
        let stored: BTreeMap<String, bool> = serde_json::from_str::<Vec<Value>>(&stored)
            .unwrap()
            .iter()
            .map(|key| (key["title"].as_str().unwrap().to_owned(), key["isDisabled"].as_bool().unwrap()))
            .collect();
        let known = known.lock().unwrap();
        assert!(known.len() >= 40 * (round + 1) - WRITERS * (round + 1));
        for (title, expected) in known.iter() {
            assert_eq!(stored.get(title).copied(), *expected, "{title} in round {round}");
        }
        let asked = asked.lock().unwrap();
        for title in stored.keys() {
            assert!(asked.contains(title), "nobody asked for {title}");
        }
        program.kill();
    }
}
