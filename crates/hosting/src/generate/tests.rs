use super::*;
fn deployment() -> Deployment {
    Deployment {
        host: "console.example".to_owned(),
        path: "/tools/keys/".to_owned(),
        folder: "/tmp/hosttest/site".to_owned(),
        tls: Tls::Here {
            certificate: "/tmp/hosttest/site.pem".to_owned(),
            key: "/tmp/hosttest/site.key".to_owned(),
        },
        address: Some("127.0.0.1".to_owned()),
        https_port: 18443,
        http_port: 18080,
        resolvers: Vec::new(),
        nginx_brotli: true,
        log: Some("/tmp/hosttest/access.log".to_owned()),
        site: Site { hsts: true, ..Site::default() },
        proxies: vec![Proxy {
            id: "eu1".to_owned(),
            path: "/qualys/eu1/".to_owned(),
            upstream: Upstream {
                is_tls: true,
                host: "localhost".to_owned(),
                port: Some(18999),
                base: "/base/".to_owned(),
            },
            ca: "/tmp/hosttest/ca.pem".to_owned(),
            cookies: false,
        }],
    }
}
#[test]
fn dump() {
    for file in all(&deployment()) {
        std::fs::create_dir_all("/tmp/hosttest/conf").unwrap();
        std::fs::write(format!("/tmp/hosttest/conf/{}", file.name), file.text).unwrap();
    }
}
