//! `{{#explorer address}}`: 32 bits to click, and what lesson 01 says about them.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use lesson_01_ip_address::bits::{self, OCTETS};
use lesson_01_ip_address::kind;
use lesson_01_ip_address::network::Network;
use measured::figure::with_commas;

use super::scripts;
use crate::html::escape;

/// What the page shows before anything is changed, and without JavaScript.
const DEFAULT: Network = Network {
    address: Ipv4Addr::new(100, 4, 5, 6),
    prefix: 24,
};

/// The rows of the table: their names, as the scripts call them, what the reader sees beside them,
/// and their texts.
pub fn rows(network: Network) -> [(&'static str, &'static str, String); 12] {
    let block = kind::of(network.address.into());
    let place = if block.prefix.ends_with("/0") {
        String::new()
    } else {
        format!("{} ", block.prefix)
    };
    let broadcast = network.broadcast().map(|address| address.to_string());
    let none = network.why_no_broadcast().unwrap_or_default();
    [
        (
            "address",
            "address",
            format!("{}/{}", network.address, network.prefix),
        ),
        (
            "binary",
            "32 bits",
            bits::dotted(network.address).as_str().to_owned(),
        ),
        ("mask", "mask", network.mask().to_string()),
        ("network", "network", network.lowest().to_string()),
        (
            "broadcast",
            "broadcast",
            broadcast.unwrap_or_else(|| format!("none: {none}")),
        ),
        ("first", "first host", network.first_host().to_string()),
        ("last", "last host", network.last_host().to_string()),
        (
            "addresses",
            "addresses",
            with_commas(1_u64 << (32 - network.prefix)),
        ),
        ("hosts", "hosts", with_commas(network.hosts())),
        ("kind", "kind", block.kind.word().to_owned()),
        (
            "registry",
            "registry",
            format!("{place}{} ({})", block.name, block.source),
        ),
        ("reach", "reach", block.reach.sentence().to_owned()),
    ]
}

/// The figure, on one line.
pub fn figure() -> String {
    let network = DEFAULT;
    let address = network.address;
    let mut table = String::new();
    for (name, label, text) in rows(network) {
        let _ = write!(
            table,
            "<tr><th scope=\"row\">{label}</th><td data-row=\"{name}\">{}</td></tr>",
            escape(&text)
        );
    }
    let command = format!(
        "cargo run -q -p lesson-01-ip-address -- {address}/{}",
        network.prefix
    );
    format!(
        "<figure class=\"explorer\" id=\"explorer-address\" aria-label=\"Explore an address\">\
         <div class=\"explorer-controls\" hidden>\
         <label>Address <input type=\"text\" value=\"{address}\" spellcheck=\"false\" autocomplete=\"off\" \
         autocapitalize=\"off\" aria-describedby=\"explorer-address-fault\"></label>\
         <label>Prefix length <output>/{prefix}</output> <input type=\"range\" min=\"0\" max=\"32\" \
         value=\"{prefix}\"></label></div>\
         <div class=\"explorer-fault\" id=\"explorer-address-fault\" role=\"status\"></div>\
         <div class=\"octets\" role=\"group\" aria-label=\"The 32 bits of the address\">{octets}</div>\
         <p class=\"explorer-legend\"><b class=\"bit net\">n</b> network bits, in boxes \
         <b class=\"bit host\">h</b> host bits, underlined</p>\
         <table>{table}</table>\
         <p class=\"explorer-actions\" hidden></p>\
         <p class=\"explorer-quiet\" role=\"status\"></p>\
         <figcaption>The same from the lesson’s program: <code class=\"command nohighlight\" \
         data-copy=\"{command}\">{command}</code></figcaption></figure>{scripts}",
        prefix = network.prefix,
        octets = octets(network),
        scripts = scripts(&["address-reader", "address-model", "address"]),
    )
}

/// Four times eight bits under their place values, and the sum of each eight.
fn octets(network: Network) -> String {
    let mut html = String::new();
    for (index, octet) in (0_u8..).zip(network.address.octets()) {
        html.push_str("<div class=\"octet\">");
        for (place, &bit) in (0_u8..).zip(&OCTETS[usize::from(octet)]) {
            let (class, letter) = if index * 8 + place < network.prefix {
                ("net", 'n')
            } else {
                ("host", 'h')
            };
            let _ = write!(
                html,
                "<span class=\"bit {class}\"><small>{}</small><b>{}</b><small>{letter}</small></span>",
                128 >> place,
                char::from(bit)
            );
        }
        let _ = write!(html, "<span class=\"sum\">= <b>{octet}</b></span></div>");
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figure_is_whole_without_a_script() {
        let figure = figure();
        assert_eq!(figure.matches("<span class=\"bit net\">").count(), 24);
        assert_eq!(figure.matches("<span class=\"bit host\">").count(), 8);
        for text in [
            "100.4.5.6/24",
            "01100100.00000100.00000101.00000110",
            "100.4.5.255",
            ">254<",
            ">public<",
        ] {
            assert!(figure.contains(text), "{text}");
        }
        assert!(!figure.contains('\n'));
    }
}
