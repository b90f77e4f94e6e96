//! Builds the site (scripts, styles, fonts) into the program, compressed, when `COUNTERSIGN_SITE` names its folder. Without
//! it nothing is built in, and the program reads `target/site` as it runs: that is for development and for unit tests.

#![allow(clippy::disallowed_methods, reason = "a build script is told everything by the environment")]

use sha2::{Digest, Sha256};
use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=COUNTERSIGN_SITE");
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let site = env::var("COUNTERSIGN_SITE").unwrap_or_default();
    let code = if site.is_empty() {
        "pub const EMBEDDED: Option<(&str, &[File])> = None;\n".to_owned()
    } else {
        println!("cargo::rerun-if-changed={site}");
        embed(Path::new(&site), &out)?
    };
    fs::write(out.join("site.rs"), code)?;
    Ok(())
}

fn embed(site: &Path, out: &Path) -> Result<String, Box<dyn Error>> {
    let mut paths = Vec::new();
    collect(site, &mut paths)?;
    paths.sort();
    let mut digest = Sha256::new();
    let mut files = String::new();
    for (number, path) in paths.iter().enumerate() {
        let name =
            path.strip_prefix(site)?.to_str().ok_or("a file of the site has a name that is no text")?;
        let bytes = fs::read(path)?;
        digest.update(name);
        digest.update(&bytes);
        let plain = store(out, number, "plain", &bytes)?;
        let (brotli, gzip) = if gains_from_compression(name) {
            (
                Some(store(out, number, "br", &brotli(&bytes)?)?),
                Some(store(out, number, "gz", &gzip(&bytes)?)?),
            )
        } else {
            (None, None)
        };
        let included = |path: Option<PathBuf>| {
            path.map_or("None".to_owned(), |path| format!("Some(include_bytes!({path:?}))"))
        };
        writeln!(
            files,
            "    File {{ path: {name:?}, plain: include_bytes!({plain:?}), brotli: {}, gzip: {} }},",
            included(brotli),
            included(gzip),
        )?;
    }
    let hash: String = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Ok(format!(
        "pub const EMBEDDED: Option<(&str, &[File])> = Some(({hash:?}, FILES));\nconst FILES: &[File] = &[\n{files}];\n"
    ))
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if !path.to_string_lossy().ends_with(".d.ts") {
            // Type descriptions are for editors, not for browsers.
            paths.push(path);
        }
    }
    Ok(())
}

/// Fonts and pictures are compressed already.
fn gains_from_compression(name: &str) -> bool {
    ["css", "js", "json", "svg", "txt", "wasm", "webmanifest"]
        .iter()
        .any(|ending| name.ends_with(&format!(".{ending}")))
}

fn store(out: &Path, number: usize, form: &str, bytes: &[u8]) -> Result<PathBuf, Box<dyn Error>> {
    let path = out.join(format!("{number}.{form}"));
    fs::write(&path, bytes)?;
    Ok(path)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    // The best compression takes seconds for the wasm, so a debug build makes do with a good one.
    let quality = if env::var("PROFILE")? == "release" { 11 } else { 6 };
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, quality, 22);
    writer.write_all(bytes)?;
    Ok(writer.into_inner())
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
