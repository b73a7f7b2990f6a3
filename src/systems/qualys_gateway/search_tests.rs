//! Search against a service that behaves each way the documents leave open.

use super::fixtures::{Pages, Service};
use crate::domain::{Coverage, Key, PageOf};
use crate::http::testing::World;
use crate::http::{ApiError, Cancel, ErrorKind};
use crate::systems::{Client, Order, SearchRequest};

fn request(query: &str, page: u64, size: u64) -> SearchRequest {
    SearchRequest { query: query.to_owned(), order: Order::TITLE, descending: false, page, size }
}

fn ask(world: &mut World, client: &Client, request: SearchRequest) -> Result<PageOf<Key>, ApiError> {
    let client = client.clone();
    let res = world.start(async move { client.search(&request, &Cancel::new()).await });
    res.take()
}

/// Every id that paging shows, in its order.
fn walk(world: &mut World, client: &Client, query: &str, size: u64) -> (Vec<String>, PageOf<Key>) {
    let mut ids = Vec::new();
    let mut page = 0;
    loop {
        let res = ask(world, client, request(query, page, size)).unwrap_or_else(|err| panic!("{err}"));
        ids.extend(res.items.iter().map(|it| it.id.0.clone()));
        page += 1;
        if page >= res.pages() {
            return (ids, res);
        }
    }
}

fn unique(ids: &[String]) -> usize {
    ids.iter().collect::<std::collections::BTreeSet<_>>().len()
}

#[test]
fn honoured_pages_show_every_key_once() {
    let mut world = World::new();
    let service = Service::with_keys(745);
    let client = service.client(&world.timer);
    let (ids, last) = walk(&mut world, &client, "", 25);
    assert_eq!((ids.len(), unique(&ids)), (745, 745));
    assert_eq!(last.coverage, Coverage::Exact);
}

#[test]
fn a_later_page_first_is_compared_with_the_first() {
    let mut world = World::new();
    let service = Service::with_keys(60);
    let client = service.client(&world.timer);
    let page = ask(&mut world, &client, request("", 2, 25)).unwrap_or_else(|err| panic!("{err}"));
    assert_eq!(page.items.len(), 10);
    assert_eq!(service.log.borrow().len(), 2);
    // Now it is known, so one call is enough.
    ask(&mut world, &client, request("", 1, 25)).unwrap_or_else(|err| panic!("{err}"));
    assert_eq!(service.log.borrow().len(), 3);
}

#[test]
fn ignored_and_refused_pages_are_gathered_and_every_reachable_key_shown_once() {
    for pages in [Pages::Ignored, Pages::Refused] {
        let mut world = World::new();
        let service = Service::with_keys(300);
        service.pages.set(pages);
        service.largest.set(1_000);
        let client = service.client(&world.timer);
        let (ids, last) = walk(&mut world, &client, "", 25);
        assert_eq!((ids.len(), unique(&ids)), (300, 300), "{pages:?}");
        assert!(!last.is_short());
        let mut sorted = ids.clone();
        sorted.sort_by_key(|it| it.parse::<u64>().unwrap_or(0));
        assert_eq!(ids, sorted, "pages keep the order that was asked for");
    }
}

#[test]
fn what_cannot_be_reached_is_never_claimed() {
    let mut world = World::new();
    let service = Service::with_keys(745);
    service.pages.set(Pages::Ignored);
    service.largest.set(50);
    let client = service.client(&world.timer);
    let (ids, last) = walk(&mut world, &client, "", 25);
    assert_eq!(ids.len(), unique(&ids));
    assert!(ids.len() < 745 && ids.len() > 50, "{}", ids.len());
    assert_eq!(last.total, 745);
    assert!(last.is_short());
    let reachable = last.reachable();
    assert_eq!(reachable, u64::try_from(ids.len()).unwrap_or(0));
}

#[test]
fn a_first_page_that_is_whole_needs_no_gathering() {
    let mut world = World::new();
    let service = Service::with_keys(30);
    service.pages.set(Pages::Ignored);
    let client = service.client(&world.timer);
    walk(&mut world, &client, "", 25);
    let calls = service.log.borrow().len();
    let page = ask(&mut world, &client, request("", 0, 200)).unwrap_or_else(|err| panic!("{err}"));
    assert_eq!((page.items.len(), page.coverage), (30, Coverage::Exact));
    assert_eq!(service.log.borrow().len(), calls + 1);
}

#[test]
fn a_refused_limit_is_halved_until_it_fits_and_remembered() {
    let mut world = World::new();
    let service = Service::with_keys(120);
    service.largest.set(60);
    service.refuses_large.set(true);
    let client = service.client(&world.timer);
    let page = ask(&mut world, &client, request("", 0, 200)).unwrap_or_else(|err| panic!("{err}"));
    assert_eq!((page.size, page.items.len(), page.pages()), (50, 50, 3));
    let calls = service.log.borrow().len();
    ask(&mut world, &client, request("", 1, 200)).unwrap_or_else(|err| panic!("{err}"));
    assert_eq!(service.log.borrow().len(), calls + 1);
}

#[test]
fn a_smaller_page_in_force_is_read_back() {
    let mut world = World::new();
    let service = Service::with_keys(120);
    service.largest.set(50);
    let client = service.client(&world.timer);
    let (ids, last) = walk(&mut world, &client, "", 200);
    assert_eq!((unique(&ids), last.size), (120, 50));
}

#[test]
fn the_other_spelling_is_tried_once_and_remembered() {
    let mut world = World::new();
    let service = Service::with_keys(9);
    service.new_spelling.set(true);
    let client = service.client(&world.timer);
    let query = "activationKey.isDisabled: true";
    let page = ask(&mut world, &client, request(query, 0, 25)).unwrap_or_else(|err| panic!("{err}"));
    assert_eq!(page.total, 3);
    assert_eq!(service.log.borrow().len(), 2);
    ask(&mut world, &client, request(query, 0, 25)).unwrap_or_else(|err| panic!("{err}"));
    assert_eq!(service.log.borrow().len(), 3);
}

#[test]
fn a_query_refused_in_both_spellings_reports_the_refusal() {
    let mut world = World::new();
    let service = Service::with_keys(9);
    service.new_spelling.set(true);
    let client = service.client(&world.timer);
    // Mixed spellings are made one, so this fails only for a reason of its own.
    service.largest.set(0);
    service.refuses_large.set(true);
    let err = ask(&mut world, &client, request("activationKey.id: 1", 0, 25)).err();
    assert_eq!(err.map(|it| it.kind), Some(ErrorKind::Invalid));
}

#[test]
fn what_the_service_cannot_search_is_searched_here() {
    let mut world = World::new();
    let service = Service::with_keys(450);
    let client = service.client(&world.timer);
    let query = "activationKey.isDisabled: true AND title: \"key 00\"";
    let page = ask(&mut world, &client, request(query, 0, 25)).unwrap_or_else(|err| panic!("{err}"));
    // Of 1 to 99, every third is disabled.
    assert_eq!((page.total, page.items.len()), (33, 25));
    assert!(
        matches!(page.coverage, Coverage::Held { loaded: 150, complete: true, .. }),
        "{:?}",
        page.coverage
    );
    // The next page costs no call.
    let calls = service.log.borrow().len();
    let page = ask(&mut world, &client, request(query, 1, 25)).unwrap_or_else(|err| panic!("{err}"));
    assert_eq!((page.items.len(), service.log.borrow().len()), (8, calls));
    client.forget();
    ask(&mut world, &client, request(query, 0, 25)).unwrap_or_else(|err| panic!("{err}"));
    assert!(service.log.borrow().len() > calls);
}

#[test]
fn an_order_of_the_consoles_own_loads_all_rows() {
    let mut world = World::new();
    let service = Service::with_keys(250);
    let client = service.client(&world.timer);
    let by_limit = SearchRequest { order: Order(crate::domain::FieldId::LIMIT), ..request("", 0, 25) };
    let page = ask(&mut world, &client, by_limit).unwrap_or_else(|err| panic!("{err}"));
    assert_eq!(page.total, 250);
    assert!(matches!(page.coverage, Coverage::Held { loaded: 250, complete: true, .. }));
}

#[test]
fn all_rows_of_a_question_are_loaded_however_pages_behave() {
    for pages in [Pages::Honoured, Pages::Ignored, Pages::Refused] {
        let mut world = World::new();
        let service = Service::with_keys(450);
        service.pages.set(pages);
        service.largest.set(1_000);
        let client = service.client(&world.timer);
        let question = request("", 0, 25);
        assert!(client.rows(&question).is_none());
        let (asked, loading) = (question.clone(), client.clone());
        let res = world.start(async move { loading.load(&asked, &Cancel::new()).await });
        res.take().unwrap_or_else(|err| panic!("{pages:?}: {err}"));
        let rows = client.rows(&question).unwrap_or_else(|| panic!("{pages:?}: no rows"));
        assert_eq!(rows.len(), 450, "{pages:?}");
        assert!(matches!(rows.coverage(), Coverage::Held { complete: true, of_all: true, .. }), "{pages:?}");
        // A place is known by its id, and the other way round.
        for at in [0, 1, 200, 449] {
            let id = rows.id(at).unwrap_or_else(|| panic!("no row"));
            assert_eq!((rows.place_of(&id), rows.key(at).map(|it| it.id)), (Some(at), Some(id)));
        }
        assert!(rows.id(450).is_none() && rows.place_of(&crate::domain::KeyId("x".to_owned())).is_none());
        // With all of them here, nothing is asked for any more.
        let calls = service.log.borrow().len();
        let some = client.rows(&request("used >= 3", 0, 25)).map(|it| it.len());
        assert!(some.is_some() && service.log.borrow().len() == calls);
    }
}
