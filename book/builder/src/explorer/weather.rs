//! `{{#explorer weather}}`: ten messages over UDP and over TCP, on a path as bad as the reader makes it.

use std::fmt::Write as _;

use super::model::Setting;
use super::scripts;

/// What the page shows before anything is changed, and without JavaScript. Two messages are lost, one
/// in the middle and the last; one is overtaken.
pub const DEFAULT: Setting = Setting {
    seed: 114,
    drop: 20,
    reorder: 10,
    delay: 50,
};

/// The drawing of [`DEFAULT`], as the page's script makes it; a test of the script keeps it fresh.
const DRAWN: &str = include_str!("weather.html");

/// The figure, on one line.
pub fn figure() -> String {
    let Setting {
        seed,
        drop,
        reorder,
        delay,
    } = DEFAULT;
    let start =
        "cargo run -q -p lesson-02-tcp-vs-udp -- relay --port 9000 --to 127.0.0.1:9001 --log";
    let options = [
        ("drop", drop.into()),
        ("reorder", reorder.into()),
        ("delay", delay),
        ("seed", seed),
    ];
    let (mut command, mut shown) = (start.to_owned(), start.to_owned());
    for (name, value) in options {
        let _ = write!(command, " --{name} {value}");
        // No line breaks between the hyphens and the name.
        let _ = write!(
            shown,
            " <span class=\"option\" data-name=\"{name}\">--{name} {value}</span>"
        );
    }
    let slider = |label: &str, name: &str, value: u64, (most, step): (u64, u64), unit: &str| {
        format!(
            "<label>{label} <output>{value} {unit}</output><input type=\"range\" name=\"{name}\" min=\"0\" \
             max=\"{most}\" step=\"{step}\" value=\"{value}\" data-unit=\"{unit}\"></label>"
        )
    };
    format!(
        "<figure class=\"explorer\" id=\"explorer-weather\" aria-label=\"Explore the weather\"><div class=\"explorer-controls\" hidden>\
         {loss}{overtaken}{delayed}<p class=\"explorer-seed\">Seed <output>{seed}</output> \
         <button type=\"button\" class=\"again\" data-seed=\"{seed}\">again, another seed</button></p></div>\
         <div class=\"explorer-result\">{drawn}</div><p class=\"explorer-quiet\" role=\"status\"></p>\
         <figcaption>A model: the round trip is fixed, acknowledgements are cumulative and never lost, and there \
         is no congestion control. TCP sends a segment again after three repeated acknowledgements, or when its \
         timer runs out (a round trip + 200 ms, doubled each time). What is overtaken arrives right behind what \
         overtook it. The path is that of the lesson’s relay, which loses the same datagrams in your own three \
         terminals, <a href=\"#try-it\">as above</a>: \
         <code class=\"command nohighlight\" data-copy=\"{command}\">{shown}</code></figcaption></figure>{scripts}",
        loss = slider("Loss", "drop", drop.into(), (100, 5), "%"),
        overtaken = slider("Overtaken", "reorder", reorder.into(), (100, 5), "%"),
        delayed = slider("Delay, one way", "delay", delay, (200, 10), "ms"),
        drawn = DRAWN.trim_end(),
        scripts = scripts(&["weather-model", "weather-drawing", "weather"]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::model;

    #[test]
    fn the_drawn_storm_is_the_one_that_the_model_computes() {
        let order: Vec<String> = model::udp(DEFAULT)
            .got
            .iter()
            .map(|(message, _)| message.to_string())
            .collect();
        let figure = figure();
        assert!(figure.contains(&format!("Order: {}.", order.join(" "))));
        let (_, last) = model::tcp(DEFAULT).got[model::MESSAGES - 1];
        assert!(figure.contains(&format!("in order, the last after {last} ms.")));
        assert!(!figure.contains('\n'));
    }
}
