//! Bounds the module's memory: a file that asks for more ends the module, which is in a worker, and not the page.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|it| it == "wasm32") {
        // 1 GiB, as pages of WebAssembly are counted.
        println!("cargo::rustc-link-arg-cdylib=--max-memory=1073741824");
    }
}
