#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use std::path::PathBuf;

use super::*;

/// A folder of one test, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("latchkey-dist-{name}-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    /// A built app with this text in its code.
    fn app(&self, name: &str, code: &str) -> (PathBuf, Release) {
        let app = self.0.join(name);
        fs::create_dir_all(&app).unwrap();
        let hash: String = release::hex(code.as_bytes()).chars().cycle().take(16).collect();
        let script = format!("latchkey-{hash}.js");
        let page = format!("<meta name=\"latchkey-release\" content=\"{hash}\"><script src={script}>");
        for (name, text) in [
            ("index.html", page.as_str()),
            (&script, code),
            ("config.json", "{\"connections\": []}"),
            ("release.json", &format!("{{\"release\": \"{hash}\"}}")),
        ] {
            fs::write(app.join(name), text).unwrap();
        }
        app::compress::folder(&app).unwrap();
        let release = release::of_sealed(&app).unwrap();
        (app, release)
    }

    fn dist(&self) -> PathBuf {
        self.0.join("dist")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn names(dir: &Path) -> Vec<String> {
    place::files_of(dir).unwrap()
}

#[test]
fn only_an_earlier_result_is_replaced() {
    let folder = Folder::new("strangers");
    fs::write(folder.0.join("letter.txt"), "dear").unwrap();
    assert!(place::check(&folder.0).is_err());
    fs::write(folder.0.join("index.html"), "").unwrap();
    fs::write(folder.0.join("config.json"), "").unwrap();
    place::check(&folder.0).unwrap();
    place::check(&folder.dist()).unwrap();
}

#[test]
fn an_upgrade_leaves_the_hosts_file_and_the_files_of_open_pages() {
    let folder = Folder::new("upgrade");
    let (one, first) = folder.app("one", "one");
    let (two, second) = folder.app("two", "two");
    let dist = folder.dist();
    put(&one, &first, &dist, 7).unwrap();
    let mine = "{\"connections\": [], \"portals\": [\"https://portal.example\"]}\r\n ";
    fs::write(dist.join("config.json"), mine).unwrap();
    fs::write(dist.join("config.json.br"), "an older one").unwrap();

    assert!(put(&two, &second, &dist, 7).unwrap().is_empty());
    assert_eq!(fs::read_to_string(dist.join("config.json")).unwrap(), mine);
    assert!(!dist.join("config.json.br").exists());
    assert!(fs::read_to_string(dist.join("index.html")).unwrap().contains(&second.id));
    for release in [&first, &second] {
        for name in release.files.keys() {
            assert!(dist.join(name).is_file() && dist.join(format!("{name}.br")).is_file(), "{name}");
        }
    }
    let listed: Value = serde_json::from_str(&fs::read_to_string(dist.join(kept::FILE)).unwrap()).unwrap();
    assert_eq!(listed["older"][0]["release"], first.id.as_str());
    assert!(listed["older"][0]["removable"].as_str().unwrap().ends_with('Z'));
    assert!(
        fs::read_to_string(dist.join("_headers")).unwrap().contains("frame-ancestors https://portal.example")
    );

    // What the next one replaces without a day to be kept is gone at once; what was kept before has its time still.
    let (three, third) = folder.app("three", "three");
    let removed = put(&three, &third, &dist, 0).unwrap();
    assert_eq!(removed, second.files.keys().filter(|it| *it != "index.html").cloned().collect::<Vec<_>>());
    assert!(removed.iter().all(|it| !dist.join(it).exists() && !dist.join(format!("{it}.br")).exists()));
    assert!(first.files.keys().all(|it| dist.join(it).is_file()), "the first has its seven days");
}

/// A file that is being sent is sent to its end, whatever takes its place meanwhile.
#[test]
fn no_file_changes_while_it_is_read() {
    let folder = Folder::new("read");
    let (one, first) = folder.app("one", "one");
    let (two, second) = folder.app("two", "two");
    let dist = folder.dist();
    put(&one, &first, &dist, 7).unwrap();
    let all: Vec<_> = names(&dist).into_iter().map(|it| dist.join(it)).collect();
    let read: Vec<_> = all.iter().map(|it| (fs::read(it).unwrap(), fs::File::open(it).unwrap())).collect();
    put(&two, &second, &dist, 7).unwrap();
    for (path, (before, file)) in all.iter().zip(read) {
        let after = std::io::Read::bytes(file).collect::<Result<Vec<u8>, _>>().unwrap();
        assert!(after == before, "{}", path.display());
    }
}

#[test]
fn a_rollback_is_the_older_release_once_more() {
    let folder = Folder::new("rollback");
    let (one, first) = folder.app("one", "one");
    let (two, second) = folder.app("two", "two");
    let dist = folder.dist();
    put(&one, &first, &dist, 7).unwrap();
    let before = fs::read(dist.join("index.html")).unwrap();
    put(&two, &second, &dist, 7).unwrap();
    put(&one, &first, &dist, 7).unwrap();
    assert_eq!(fs::read(dist.join("index.html")).unwrap(), before);
    assert!(second.files.keys().all(|it| dist.join(it).is_file()));
}

#[test]
fn two_new_folders_are_the_same_and_their_sums_are_right() {
    let folder = Folder::new("same");
    let (app, release) = folder.app("app", "code");
    let (one, other) = (folder.dist(), folder.0.join("other"));
    put(&app, &release, &one, 7).unwrap();
    put(&app, &release, &other, 7).unwrap();
    assert_eq!(names(&one), names(&other));
    for name in names(&one) {
        assert_eq!(fs::read(one.join(&name)).unwrap(), fs::read(other.join(&name)).unwrap(), "{name}");
    }
    let sums = fs::read_to_string(one.join(place::SUMS)).unwrap();
    let listed: Vec<&str> = sums.lines().filter_map(|it| it.split_once("  ")).map(|it| it.1).collect();
    let wanted: Vec<String> = names(&one)
        .into_iter()
        .filter(|it| !["_headers", "config.json", kept::FILE, place::SUMS].contains(&it.as_str()))
        .collect();
    assert_eq!(listed, wanted);
    Call::new("sha256sum", &["--check", "--strict", "--quiet", place::SUMS]).dir(&one).quiet().unwrap();
    // Nothing half-written is left.
    assert!(names(&one).iter().all(|it| !it.ends_with(".next")));
}

#[test]
fn options_are_read_and_wrong_ones_refused() {
    let read = |line: &str| {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        options(&words).ok().map(|it| (it.dir, it.keep_days, it.verify))
    };
    assert_eq!(read(""), Some(("dist".to_owned(), 7, false)));
    assert_eq!(read("out --keep-days 30 --verify"), Some(("out".to_owned(), 30, true)));
    assert_eq!(read("--keep-days"), None);
    assert_eq!(read("--keep-days x"), None);
    assert_eq!(read("a b"), None);
    assert_eq!(read("--fast"), None);
}
