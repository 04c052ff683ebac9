//! Every colour of text in a terminal or a diagram can be read: at least 4.5 : 1 on its background
//! (WCAG 2.2, success criterion 1.4.3), in the light theme and in the dark ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Relative luminance (WCAG 2.2, definition).
fn luminance(colour: &str) -> f64 {
    let channel = |from: usize| {
        let value = f64::from(u8::from_str_radix(&colour[from..from + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The custom properties of each rule that defines the screen's background.
fn palettes(css: &str) -> Vec<BTreeMap<&str, &str>> {
    css.split('{')
        .filter(|rule| rule.contains("--term-bg:"))
        .map(|rule| {
            let body = rule.split('}').next().unwrap_or_default();
            body.lines()
                .filter_map(|line| line.trim().trim_end_matches(';').split_once(": "))
                .filter(|(name, value)| name.starts_with("--") && value.starts_with('#'))
                .collect()
        })
        .collect()
}

#[test]
fn every_text_has_enough_contrast() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../theme/colours.css");
    let css = fs::read_to_string(file).unwrap();
    let palettes = palettes(&css);
    assert_eq!(
        palettes.len(),
        3,
        "light, dark, and dark without JavaScript"
    );
    assert!(
        palettes[1]
            .iter()
            .all(|(name, value)| palettes[2].get(name) == Some(value))
    );
    for palette in &palettes {
        assert!(palette.len() > 20, "{palette:?}");
        for (name, colour) in palette {
            if ["--term-bg", "--term-bar", "--term-border"].contains(name) {
                continue;
            }
            let ratio = contrast(colour, palette["--term-bg"]);
            assert!(
                ratio >= 4.5,
                "{name}: {colour} on {} is {ratio:.2}",
                palette["--term-bg"]
            );
        }
        let bar = contrast(palette["--term-fg"], palette["--term-bar"]);
        assert!(bar >= 4.5, "the bar: {bar:.2}");
    }
}

#[test]
fn the_formula_is_that_of_the_standard() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.01);
    assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.01);
}
