//! Valid conversations: what a peer must know to misbehave in the middle of one.

use clap::ValueEnum;

/// A file that the network disk holds before the attack, for peers that ask for it.
pub const STORED: &str = "kept.txt";

/// A large file there, for peers that do not read.
pub const LARGE: &str = "large.bin";

/// A file that conversations put onto the disk: complete, or not at all.
pub const PUT: &str = "put-by-a-peer";

/// What [`PUT`] holds.
pub const PUT_CONTENT: &str = "12345";

/// What the server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Speech {
    /// Lines of text, answered one by one (lesson 03; lesson 02 with an echo behind it)
    Lines,
    /// The line protocol of the network disk (lesson 00)
    Disk,
    /// HTTP/1.1 (lesson 00)
    Http,
    /// Text in turns, without any end mark (lesson 04)
    Chat,
}

impl Speech {
    /// What a client sends, step by step. Each step is answered before the next one.
    pub fn steps(self) -> Vec<Vec<u8>> {
        let length = PUT_CONTENT.len();
        let steps = match self {
            Self::Lines => vec!["hello\n".to_owned(), "how are you?\n".to_owned()],
            Self::Disk => vec![
                "LIST\n".to_owned(),
                format!("GET {STORED}\n"),
                format!("PUT {length} {PUT}\n"),
                format!("{PUT_CONTENT}END\n"),
                format!("REMOVE {PUT}\n"),
            ],
            Self::Http => vec![
                request("GET", &format!("/files/{STORED}"), "", ""),
                request(
                    "PUT",
                    &format!("/files/{PUT}"),
                    &format!("Content-Length: {length}\r\n"),
                    PUT_CONTENT,
                ),
                request("DELETE", &format!("/files/{PUT}"), "", ""),
            ],
            Self::Chat => vec!["hello".to_owned(), "bye".to_owned()],
        };
        steps.into_iter().map(String::into_bytes).collect()
    }

    /// The whole of it, as it would stand on the wire.
    pub fn whole(self) -> Vec<u8> {
        self.steps().concat()
    }

    /// Uploads that would replace [`STORED`], cut off in the middle: [`STORED`] must stay as it is.
    pub fn cut_uploads(self) -> Vec<Vec<u8>> {
        let other = "x".repeat(1024);
        let length = other.len();
        let put = match self {
            Self::Lines | Self::Chat => return Vec::new(),
            Self::Disk => vec![(format!("PUT {length} {STORED}\n"), "")],
            Self::Http => {
                let lengths = format!("Content-Length: {length}\r\n");
                let coded = "Transfer-Encoding: chunked\r\n";
                vec![
                    (
                        request("PUT", &format!("/files/{STORED}"), &lengths, ""),
                        "",
                    ),
                    (
                        request("PUT", &format!("/files/{STORED}"), coded, ""),
                        "400\r\n",
                    ),
                    (form(length), ""),
                ]
            }
        };
        let cut = [0, 1, length / 2, length - 1];
        put.iter()
            .flat_map(|(head, before)| cut.map(|cut| format!("{head}{before}{}", &other[..cut])))
            .map(String::into_bytes)
            .collect()
    }

    /// One request whose answer is large.
    pub fn large_request(self) -> Vec<u8> {
        match self {
            Self::Lines => [vec![b'x'; 60_000], b"\n".to_vec()].concat(),
            Self::Disk => format!("GET {LARGE}\n").into_bytes(),
            Self::Http => request("GET", &format!("/files/{LARGE}"), "", "").into_bytes(),
            Self::Chat => vec![b'x'; 60_000],
        }
    }

    /// A datagram that is answered.
    pub fn question(self) -> &'static [u8] {
        match self {
            Self::Chat => b"lesson-04-tcp-chat?",
            _ => b"do you hear me?\n",
        }
    }

    /// The beginning of something that never becomes complete, and the octet that never completes
    /// it.
    pub fn endless(self) -> (&'static [u8], u8) {
        match self {
            Self::Http => (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ", b'a'),
            Self::Disk => (b"GET ", b'a'),
            Self::Lines | Self::Chat => (b"", b'a'),
        }
    }
}

/// The beginning of a browser's form with a file of `length` octets that replaces [`STORED`] (RFC 7578).
fn form(length: usize) -> String {
    let part = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{STORED}\"\r\n\r\n"
    );
    let whole = part.len() + length + "\r\n--cut--\r\n".len();
    let fields =
        format!("Content-Type: multipart/form-data; boundary=cut\r\nContent-Length: {whole}\r\n");
    request("POST", "/", &fields, &part)
}

/// A request to the network disk's own host.
pub fn request(method: &str, target: &str, fields: &str, body: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n{body}")
}
