//! What a finished page refers to.

use std::collections::BTreeSet;

use anyhow::{Result, anyhow};
use scraper::{Html, Selector};

/// A reference in a page.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) url: String,
    /// Is it loaded with the page (`src`), or only followed when the reader asks (`href` of `a`)?
    pub(super) loaded: bool,
    /// Does a click on it or the page itself send something?
    pub(super) sends: bool,
}

/// What a page holds.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) ids: BTreeSet<String>,
    pub(super) twice: BTreeSet<String>,
    pub(super) references: Vec<Reference>,
    pub(super) playgrounds: usize,
    pub(super) images_without_text: Vec<String>,
}

/// Takes a page apart.
pub(super) fn read(text: &str) -> Result<Page> {
    let html = Html::parse_document(text);
    let select = |css: &str| Selector::parse(css).map_err(|error| anyhow!("{css}: {error}"));
    let mut page = Page::default();
    for element in html.select(&select("[id]")?) {
        if let Some(id) = element.value().attr("id")
            && !page.ids.insert(id.to_owned())
        {
            page.twice.insert(id.to_owned());
        }
    }
    let mut refer = |css: &str, attribute: &str, loaded: bool, sends: bool| -> Result<()> {
        for element in html.select(&select(css)?) {
            if let Some(url) = element.value().attr(attribute) {
                page.references.push(Reference {
                    url: url.trim().to_owned(),
                    loaded,
                    sends,
                });
            }
        }
        Ok(())
    };
    refer("a[href], area[href]", "href", false, false)?;
    refer("link[href]", "href", true, false)?;
    refer("[src]", "src", true, false)?;
    refer("image[href], use[href]", "href", true, false)?;
    refer("object[data]", "data", true, false)?;
    refer("video[poster]", "poster", true, false)?;
    refer("form[action]", "action", false, true)?;
    refer("a[ping]", "ping", false, true)?;
    for element in html.select(&select("[srcset]")?) {
        for candidate in element
            .value()
            .attr("srcset")
            .unwrap_or_default()
            .split(',')
        {
            let url = candidate
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .to_owned();
            page.references.push(Reference {
                url,
                loaded: true,
                sends: false,
            });
        }
    }
    page.playgrounds = html.select(&select("pre.playground")?).count();
    for element in html.select(&select("img:not([alt]), img[alt='']")?) {
        page.images_without_text
            .push(element.value().attr("src").unwrap_or_default().to_owned());
    }
    Ok(page)
}
