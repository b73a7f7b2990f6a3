//! Compression at the highest level, once, so that no server has to do it for every answer.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Extensions of files worth it; what is compressed already gains nothing.
const TYPES: &[&str] = &["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest"];

/// The file that belongs to whoever hosts the console.
const YOURS: &str = "config.json";

/// Writes a `.br` and a `.gz` beside every file under `dir` that is worth it.
///
/// # Errors
/// If a file cannot be read or written.
pub(crate) fn folder(dir: &Path) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            folder(&path)?;
        } else if path.file_name().is_some_and(|it| it == YOURS) {
            // It is edited where it is served: a packed form would go on saying what was in it before.
        } else if path.extension().is_some_and(|it| TYPES.iter().any(|known| it == *known)) {
            file(&path)?;
        }
    }
    Ok(())
}

fn file(path: &Path) -> Result<()> {
    for (ending, bytes) in forms(&fs::read(path)?)? {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        fs::write(name, bytes)?;
    }
    Ok(())
}

/// The packed forms of a file, each with the ending of its name.
///
/// # Errors
/// If they cannot be made.
pub(crate) fn forms(bytes: &[u8]) -> Result<[(&'static str, Vec<u8>); 2]> {
    let params =
        brotli::enc::BrotliEncoderParams { quality: 11, size_hint: bytes.len(), ..Default::default() };
    let mut br = Vec::new();
    brotli::BrotliCompress(&mut io::Cursor::new(bytes), &mut br, &params)?;

    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    Ok([(".br", br), (".gz", gzip.finish()?)])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use std::io::Read as _;

    use super::*;

    #[test]
    fn both_forms_unpack_to_the_same_bytes() {
        let dir = std::env::temp_dir().join(format!("latchkey-compress-{}", std::process::id()));
        fs::create_dir_all(dir.join("deep")).unwrap();
        let text = "the same line again\n".repeat(500);
        fs::write(dir.join("deep/a.js"), &text).unwrap();
        fs::write(dir.join("a.png"), &text).unwrap();
        fs::write(dir.join("config.json"), &text).unwrap();
        folder(&dir).unwrap();

        let mut unpacked = Vec::new();
        let br = fs::read(dir.join("deep/a.js.br")).unwrap();
        brotli::BrotliDecompress(&mut io::Cursor::new(&br), &mut unpacked).unwrap();
        assert_eq!(unpacked, text.as_bytes());
        assert!(br.len() < text.len() / 20);

        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(fs::File::open(dir.join("deep/a.js.gz")).unwrap())
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, text);
        assert!(!dir.join("a.png.br").exists());
        assert!(!dir.join("config.json.br").exists());
        fs::remove_dir_all(dir).unwrap();
    }
}
