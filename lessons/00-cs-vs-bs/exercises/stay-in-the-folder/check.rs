//! Checks of "Stay in the folder".

mod exercise;

use std::path::{Component, Path};

use kit::{Check, Failure, Outcome};

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("names of files, with and without dots", names),
        ("encoded names are decoded, once", encoded),
        ("a name keeps its spaces", spaces),
        ("a folder is no file", folders),
        ("a path is no name", paths),
        ("a path in disguise is no name", disguised),
        ("what is a path on another system is no name", elsewhere),
        ("what the kernel would read in another way", kernel),
        ("thousands of texts, against std", against_std),
    ])
}

fn call(text: &str) -> String {
    format!("file_name({text:?})")
}

fn taken(check: &Check, text: &'static str, name: &str) -> Outcome {
    check
        .call(call(text), move || exercise::file_name(text))?
        .is(Some(name.to_owned()))
}

fn refused(check: &Check, text: &'static str) -> Outcome {
    check
        .call(call(text), move || exercise::file_name(text))?
        .is(None)
}

fn names(check: &Check) -> Outcome {
    for name in [
        "notes.txt",
        "README",
        "a..b",
        "..notes",
        "notes..",
        "...",
        ".profile",
        "-rf",
    ] {
        taken(check, name, name)?;
    }
    Ok(())
}

fn encoded(check: &Check) -> Outcome {
    taken(check, "two%20words.txt", "two words.txt")?;
    taken(check, "%E6%8A%A5%E5%91%8A.txt", "报告.txt")?;
    taken(check, "50%25.txt", "50%.txt")?;
    taken(check, "%252e", "%2e")?;
    taken(check, "%252e%252e%252fsecret.txt", "%2e%2e%2fsecret.txt")
}

fn spaces(check: &Check) -> Outcome {
    taken(check, "%20notes%20", " notes ")?;
    taken(check, "%20..", " ..")
}

fn folders(check: &Check) -> Outcome {
    refused(check, "..")?;
    refused(check, ".")?;
    refused(check, "")
}

fn paths(check: &Check) -> Outcome {
    refused(check, "../secret.txt")?;
    refused(check, "/etc/passwd")?;
    refused(check, "a/../../secret.txt")?;
    refused(check, "....//secret.txt")?;
    refused(check, "..././secret.txt")?;
    refused(check, "folder/notes.txt")?;
    refused(check, "notes.txt/")
}

fn disguised(check: &Check) -> Outcome {
    refused(check, "%2e%2e")?;
    refused(check, ".%2E")?;
    refused(check, "%2e%2e%2fsecret.txt")?;
    refused(check, "..%2Fsecret.txt")?;
    refused(check, "%2fetc%2fpasswd")
}

fn elsewhere(check: &Check) -> Outcome {
    refused(check, "..\\secret.txt")?;
    refused(check, "..%5Csecret.txt")?;
    refused(check, "C:secret.txt")?;
    refused(check, "notes.txt%3Ahidden")
}

fn kernel(check: &Check) -> Outcome {
    refused(check, "secret.txt%00.png")?;
    refused(check, "%00")?;
    refused(check, "%FF%FE")?;
    refused(check, "50%.txt")?;
    refused(check, "notes%2")
}

/// What std makes of the decoded text.
fn expected(text: &str) -> Option<String> {
    let octets = decoded(text)?;
    let name = String::from_utf8(octets).ok()?;
    let mut parts = Path::new(&name).components();
    let one = matches!(parts.next(), Some(Component::Normal(part)) if *part == *name);
    // What other systems take for a path, std knows only there.
    (one && parts.next().is_none() && !name.contains(['\\', ':', '\0'])).then_some(name)
}

/// Percent-decoding, by cutting the text at each `%`.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut parts = text.split('%');
    let mut octets = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        octets.push(u8::from_str_radix(digits, 16).ok()?);
        octets.extend_from_slice(rest.as_bytes());
    }
    Some(octets)
}

/// All texts of up to four of these pieces.
fn against_std(check: &Check) -> Outcome {
    const PIECES: [&str; 8] = [".", "..", "/", "%2e", "%2F", "%25", "%", "a"];
    let mut texts = vec![String::new()];
    let mut all = texts.clone();
    for _ in 0..4 {
        let longer = |text: &String| PIECES.map(|piece| format!("{text}{piece}"));
        texts = texts.iter().flat_map(longer).collect();
        all.extend_from_slice(&texts);
    }
    check.tell(&format!("calls `file_name` with {} texts", all.len()));
    let given = all.clone();
    let results = check.call("file_name(…)", move || {
        let each = given.iter().map(|text| exercise::file_name(text));
        each.collect::<Vec<_>>()
    })?;
    for (text, got) in all.iter().zip(results.value) {
        let expected = expected(text);
        if got != expected {
            let unmet = format!("`{}` returns {expected:?}", call(text));
            return Err(Failure::values(unmet, &expected, &got));
        }
    }
    Ok(())
}
