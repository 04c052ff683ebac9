//! The weather explorer's script computes the storms that the model in Rust computes, and the drawing in
//! the page is what the script draws.

use std::path::Path;

use book::explorer::model::{self, Run, Setting};
use book::explorer::weather::DEFAULT;
use lesson_02_tcp_vs_udp::experiments::crossing;
use lesson_02_tcp_vs_udp::net::Lab;
use serde_json::{Value, json};

use crate::scripts::{Case, agree, answers, is_fresh, kept};

const MODEL: &[&str] = &["weather-model.js"];
const ASK: &str = "setting => ({ udp: WeatherModel.udp(setting), tcp: WeatherModel.tcp(setting) })";

fn question(setting: Setting) -> Value {
    json!({
        "seed": setting.seed,
        "drop": setting.drop,
        "reorder": setting.reorder,
        "delay": setting.delay,
    })
}

fn run(run: &Run) -> Value {
    let sent: Vec<Value> = run
        .sent
        .iter()
        .map(|sent| json!({"message": sent.message, "at": sent.at, "arrived": sent.arrived}))
        .collect();
    json!({"sent": sent, "got": run.got})
}

fn storm(setting: Setting) -> Case {
    let right = json!({"udp": run(&model::udp(setting)), "tcp": run(&model::tcp(setting))});
    (question(setting), right)
}

/// Every combination of what the sliders can reach, thinned out, each with some seeds.
fn storms(seeds: std::ops::Range<u64>) -> Vec<Case> {
    let mut cases = Vec::new();
    for drop in [0, 10, 35, 60, 100] {
        for reorder in [0, 15, 50, 100] {
            for delay in [0, 10, 50, 200] {
                cases.extend(seeds.clone().map(|seed| {
                    storm(Setting {
                        seed,
                        drop,
                        reorder,
                        delay,
                    })
                }));
            }
        }
    }
    cases
}

#[test]
fn the_relay_of_the_lesson_brings_the_same_datagrams_in_the_same_order() {
    let seen = crossing::run(&Lab::default(), &DEFAULT.weather()).unwrap();
    // The lesson sends more messages than the model.
    let first = (seen.udp.arrived.iter())
        .filter_map(|&message| usize::try_from(message).ok())
        .filter(|&message| message <= model::MESSAGES);
    let order = model::udp(DEFAULT)
        .got
        .into_iter()
        .map(|(message, _)| message);
    assert!(first.eq(order), "{:?}", seen.udp);
}

#[test]
fn storms_are_those_of_the_model() {
    let mut cases = vec![storm(DEFAULT)];
    // A seed that does not fit into 32 bits; the lesson's seeds have 64.
    cases.push(storm(Setting {
        seed: (1 << 53) - 1,
        ..DEFAULT
    }));
    cases.extend((1..20).map(|seed| storm(Setting { seed, ..DEFAULT })));
    kept("weather.json", &cases);
    agree(MODEL, ASK, &cases);
}

#[test]
fn every_kind_of_storm_is_that_of_the_model() {
    agree(MODEL, ASK, &storms(0..6));
}

#[test]
fn the_drawing_in_the_page_is_what_the_script_draws() {
    let scripts = &["weather-model.js", "weather-drawing.js"];
    let ask = "setting => WeatherDrawing.draw(setting).html";
    let Some(drawn) = answers(scripts, ask, &[&question(DEFAULT)]) else {
        return;
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/explorer/weather.html");
    is_fresh(&path, &format!("{}\n", drawn[0].as_str().unwrap()));
}

#[test]
fn every_storm_can_be_drawn_and_told() {
    let scripts = &["weather-model.js", "weather-drawing.js"];
    let ask =
        "setting => { const { html, told } = WeatherDrawing.draw(setting); return html + told; }";
    let cases = storms(0..2);
    let questions: Vec<&Value> = cases.iter().map(|(question, _)| question).collect();
    let drawn = answers(scripts, ask, &questions).unwrap_or_default();
    for (drawn, question) in drawn.iter().zip(&questions) {
        let drawn = drawn.as_str().unwrap();
        for wrong in ["NaN", "Infinity", "undefined", "null", "\n"] {
            assert!(!drawn.contains(wrong), "{wrong} in the storm {question}");
        }
        assert_eq!(drawn.matches("<svg").count(), 7, "{question}");
    }
}
