//! The gateway in process, and as a program with a plain HTTP client.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use clap::Parser as _;
use http_body_util::BodyExt as _;
use latchkey_gateway::{App, EndConnection, Options, app_router};
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub(crate) const MANAGE: &str = "/caui/v1/activation-keys/manage";
pub(crate) const CREATE: &str = "/caui/v1/activation-keys/manage/activation-key";

/// The gateway in process.
pub(crate) struct Gateway {
    pub(crate) router: Router,
    pub(crate) token: String,
}

/// An answer read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    pub(crate) is_dropped: bool,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Asserts the status and gives the answer back.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}

/// Signed-in gateway with control, on a store in memory, with further start options.
pub(crate) async fn gateway(arguments: &[&str]) -> Gateway {
    let options = ["latchkey-gateway", "--control"].iter().chain(arguments);
    let app = App::open(&Options::try_parse_from(options).unwrap()).unwrap();
    let router = app_router(&app);
    let mut res = Gateway { router, token: String::new() };
    res.token = res.sign_in().await;
    res
}

impl Gateway {
    pub(crate) async fn sign_in(&self) -> String {
        let answer = self.form("/auth", "username=demo&password=demo&token=true").await.expect(201);
        answer.text().to_owned()
    }

    pub(crate) async fn form(&self, path: &str, body: &str) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()));
        self.send(request.unwrap()).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let is_dropped = parts.extensions.get::<EndConnection>().is_some();
        let bytes = body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
        Answer { status: parts.status, headers: parts.headers, bytes, is_dropped }
    }

    /// A signed call; a `Null` body sends none.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> Answer {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        self.call_raw(method, path, text).await
    }

    pub(crate) async fn call_raw(&self, method: &str, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(body.into()).unwrap()).await
    }

    pub(crate) async fn search(&self, body: Value) -> Value {
        self.call("POST", MANAGE, body).await.expect(200).json()
    }

    pub(crate) async fn create(&self, body: Value) -> Value {
        self.call("POST", CREATE, body).await.expect(200).json()
    }

    pub(crate) async fn get(&self, id: &Value) -> Value {
        self.call("GET", &format!("{MANAGE}/{id}"), Value::Null).await.expect(200).json()
    }

    /// Adds a key past the rules and gives back what is stored.
    pub(crate) async fn plant(&self, fields: Value) -> Value {
        self.call("POST", "/_control/keys", fields).await.expect(201).json()
    }

    /// All keys as stored.
    pub(crate) async fn stored(&self) -> Vec<Value> {
        let answer = self.call("GET", "/_control/keys", Value::Null).await.expect(200);
        answer.json().as_array().unwrap().clone()
    }

    pub(crate) async fn switch(&self, patch: Value) {
        self.call("PATCH", "/_control/switches", patch).await.expect(200);
    }

    pub(crate) async fn fault(&self, fault: Value) {
        self.call("POST", "/_control/faults", fault).await.expect(201);
    }

    pub(crate) async fn log(&self) -> Vec<Value> {
        let answer = self.call("GET", "/_control/log", Value::Null).await.expect(200);
        answer.json().as_array().unwrap().clone()
    }

    /// Asserts that a call is refused with a status and a reason, and that it changed nothing.
    #[track_caller]
    pub(crate) fn refused<'a>(
        &'a self,
        method: &'a str,
        path: &'a str,
        body: Value,
        status: u16,
        reason: &'a str,
    ) -> impl Future<Output = ()> + 'a {
        let place = std::panic::Location::caller();
        async move {
            let before = self.stored().await;
            let answer = self.call(method, path, body.clone()).await;
            assert_eq!(answer.status.as_u16(), status, "{place}: {body} gave {}", answer.text());
            let fields = answer.json();
            assert_eq!(fields["status"], json!(status), "{place}");
            let message = fields["message"].as_str().unwrap();
            assert!(message.contains(reason), "{place}: `{message}` does not say `{reason}`");
            assert!(before == self.stored().await, "{place}: a refused call changed the store");
        }
    }
}

/// A unique folder for one test, gone at the end.
pub(crate) struct Folder(pub(crate) std::path::PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("latchkey-gateway-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// The gateway as a program on a free port; killed at the end.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: String,
    stdout: BufReader<std::process::ChildStdout>,
}

impl Program {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_latchkey-gateway"))
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on http://").expect(&line).to_owned();
        Self { child, address, stdout }
    }

    pub(crate) fn sign_in(&self) -> String {
        let body = "username=demo&password=demo&token=true";
        let head = "POST /auth HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded";
        let (status, token) = exchange(&self.address, head, body).unwrap();
        assert_eq!(status, 201);
        token
    }

    /// One call on a connection of its own; `None` when the answer is missing or incomplete.
    pub(crate) fn call(&self, method: &str, path: &str, token: &str, body: &str) -> Option<(u16, String)> {
        call(&self.address, method, path, token, body)
    }

    /// SIGKILL.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and the exit code with what else was printed.
    pub(crate) fn terminate(mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let code = self.child.wait().unwrap().code();
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        (code, rest)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub(crate) fn call(
    address: &str,
    method: &str,
    path: &str,
    token: &str,
    body: &str,
) -> Option<(u16, String)> {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}"
    );
    exchange(address, &head, body)
}

/// Sends one request and reads the whole answer.
fn exchange(address: &str, head: &str, body: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    let request =
        format!("{head}\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length: usize = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned))
        .map_or(Some(0), |length| length.parse().ok())?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    (body.len() == length).then(|| (status, body.to_owned()))
}
