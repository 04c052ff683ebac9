//! The terminal and the browser.

use std::env;
use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::PathBuf;

use super::Finding;

pub fn examine() -> Vec<Finding> {
    let is_terminal = std::io::stdout().is_terminal();
    vec![
        terminal(is_terminal),
        colour(is_terminal, |name| env::var(name).ok()),
        utf8(|name| env::var(name).ok()),
        browser(),
    ]
}

fn terminal(is_terminal: bool) -> Finding {
    const THING: &str = "terminal";
    if !is_terminal {
        return Finding::wanted(
            THING,
            "the output goes into a file or a pipe",
            "Type the commands in a terminal: `watch` reads its keys there.",
        );
    }
    match size() {
        Some((columns, rows)) if columns < 80 => Finding::wanted(
            THING,
            format!("{columns} columns, {rows} rows"),
            "Make it 80 columns wide: long lines are broken otherwise.",
        ),
        Some((columns, rows)) => Finding::ok(THING, format!("{columns} columns, {rows} rows")),
        None => Finding::ok(THING, "of unknown size"),
    }
}

#[cfg(unix)]
fn size() -> Option<(u16, u16)> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    // A pseudo-terminal that nobody has given a size has none.
    (size.ws_col > 0).then_some((size.ws_col, size.ws_row))
}

#[cfg(not(unix))]
fn size() -> Option<(u16, u16)> {
    None
}

fn colour(is_terminal: bool, variable: impl Fn(&str) -> Option<String>) -> Finding {
    const THING: &str = "colour";
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    if set("NO_COLOR").is_some() {
        return Finding::wanted(
            THING,
            "off, because NO_COLOR is set",
            "Nothing, if you want it so: every text can be read without. Or `unset NO_COLOR`.",
        );
    }
    if is_terminal && set("TERM").as_deref() == Some("dumb") {
        return Finding::wanted(
            THING,
            "off, because TERM is `dumb`",
            "Use another terminal, if you want colours: every text can be read without.",
        );
    }
    if is_terminal {
        Finding::ok(THING, "on")
    } else {
        Finding::ok(THING, "off, as it should be in a file or a pipe")
    }
}

/// The first of these that is set decides (locale(7)).
fn utf8(variable: impl Fn(&str) -> Option<String>) -> Finding {
    const THING: &str = "characters";
    if cfg!(windows) {
        return Finding::ok(THING, "Unicode");
    }
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let found = names.iter().find_map(|name| {
        let value = variable(name).filter(|value| !value.is_empty())?;
        Some((*name, value))
    });
    // The terminals of macOS write UTF-8 whatever the variables say.
    let (seen, good) = match &found {
        Some((name, value)) => {
            let plain = value.to_lowercase().replace('-', "");
            (format!("{name}={value}"), plain.contains("utf8"))
        }
        None => ("no locale is set".to_owned(), cfg!(target_os = "macos")),
    };
    if good {
        return Finding::ok(THING, seen);
    }
    Finding::wanted(
        THING,
        format!("{seen}: perhaps no UTF-8"),
        "If `ä` and `→` look broken in the exercises about characters: `export LC_ALL=C.UTF-8`.",
    )
}

fn browser() -> Finding {
    const THING: &str = "browser";
    let found = if cfg!(any(windows, target_os = "macos")) {
        Some("the system opens it".to_owned())
    } else {
        opener()
    };
    match found {
        Some(seen) => Finding::ok(THING, seen),
        None => Finding::wanted(
            THING,
            "nothing here opens one",
            "Open the address that `cargo xtask book serve` prints, in any browser on this machine.",
        ),
    }
}

/// What would open a page: a program, and a screen for it to open it on.
fn opener() -> Option<String> {
    const PROGRAMS: [&str; 7] = [
        "wslview",
        "xdg-open",
        "gio",
        "x-www-browser",
        "firefox",
        "chromium",
        "google-chrome",
    ];
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let screen = ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "BROWSER"];
    screen.iter().find_map(|name| set(name))?;
    if let Some(browser) = set("BROWSER") {
        return Some(format!("BROWSER={}", browser.to_string_lossy()));
    }
    let path = set("PATH")?;
    PROGRAMS.iter().find_map(|program| {
        let file = which(&path, program)?;
        Some(format!("{} opens it", file.display()))
    })
}

fn which(path: &OsString, program: &str) -> Option<PathBuf> {
    env::split_paths(path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_locale_that_is_set_decides() {
        let with = |set: &'static [(&str, &str)]| {
            utf8(move |name| {
                let found = set.iter().find(|(key, _)| *key == name)?;
                Some(found.1.to_owned())
            })
        };
        assert_eq!(with(&[("LANG", "de_DE.UTF-8")]).missing, None);
        assert_eq!(with(&[("LC_ALL", ""), ("LANG", "C.utf8")]).missing, None);
        if cfg!(target_os = "linux") {
            assert!(
                with(&[("LC_ALL", "C"), ("LANG", "C.utf8")])
                    .missing
                    .is_some()
            );
            assert!(with(&[]).missing.is_some());
        }
    }

    #[test]
    fn colour_is_off_only_where_somebody_wants_it() {
        let none = |_: &str| None;
        assert_eq!(colour(true, none).missing, None);
        assert_eq!(colour(false, none).missing, None);
        let no = |name: &str| (name == "NO_COLOR").then(|| "1".to_owned());
        assert!(colour(true, no).missing.is_some());
    }
}
