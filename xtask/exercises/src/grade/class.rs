//! A class that never was: submissions to try `grade` with, hostile ones too.
//!
//! The hostile answers stand in `xtask/exercises/hostile`. Each says in its first comment what it does
//! and, behind `Mark:`, which marks are right for it.

use std::fs::{self, File};
use std::io::{Cursor, Seek, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::mark::Mark;
use crate::catalog::Exercise;
use crate::student::export::{ABOUT, About};

/// The exercise that the hostile answers are answers to.
pub const TARGET: &str = "octet-to-bits";

/// What must become of a student's answer to [`TARGET`].
#[derive(Debug, PartialEq, Eq)]
pub struct Expected {
    /// The student's name.
    pub student: String,
    /// The letters of the marks that are right.
    pub marks: Vec<char>,
}

/// The words of each mark, as the CSV file has them, and its letter.
pub fn letters() -> impl Iterator<Item = (&'static str, char)> {
    Mark::ALL.iter().map(|mark| (mark.words(), mark.letter()))
}

/// Makes submissions in a new folder: `count` ordinary ones, and one of each hostile kind.
///
/// # Errors
/// When the folder is not empty, or something cannot be read or written.
pub fn make(
    root: &Path,
    exercises: &[Exercise],
    into: &Path,
    count: usize,
) -> Result<Vec<Expected>> {
    let harm = root.join("xtask/exercises/hostile");
    if !harm.exists() {
        bail!(
            "the answers that mean harm are not in a handout: use `--make` in the course's own repository"
        );
    }
    fs::create_dir_all(into).with_context(|| format!("cannot create {}", into.display()))?;
    if fs::read_dir(into)?.next().is_some() {
        bail!("{} is not empty: name a new folder", into.display());
    }
    let Some(target) = exercises.iter().find(|one| one.name == TARGET) else {
        bail!("there is no exercise `{TARGET}`");
    };
    let mut class = Class {
        exercises,
        target,
        into,
        expected: Vec::new(),
    };
    for number in 0..count {
        class.ordinary(number)?;
    }
    let mut hostile: Vec<_> = fs::read_dir(harm)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    hostile.sort();
    for path in hostile {
        class.hostile(&path)?;
    }
    class.odd_zips()?;
    class.odd_folders()?;
    Ok(class.expected)
}

struct Class<'a> {
    exercises: &'a [Exercise],
    target: &'a Exercise,
    into: &'a Path,
    expected: Vec<Expected>,
}

/// The texts of one student, by exercise.
type Texts<'a> = Vec<(&'a Exercise, String)>;

impl Class<'_> {
    fn expect(&mut self, student: &str, marks: &str) {
        self.expected.push(Expected {
            student: student.to_owned(),
            marks: marks.chars().filter(|c| !c.is_whitespace()).collect(),
        });
    }

    /// From 0 to 19: scattered, and the same each time.
    fn roll(student: usize, exercise: usize) -> usize {
        (student * 31 + exercise * 17 + student * exercise * 7) % 20
    }

    fn target_index(&self) -> usize {
        let mut names = self.exercises.iter().map(|one| one.name.as_str());
        names.position(|name| name == TARGET).unwrap_or_default()
    }

    /// What a student has made of each exercise: a right answer, a known mistake, nothing.
    fn texts(&self, number: usize) -> Result<Texts<'_>> {
        let mut texts = Vec::new();
        for (index, exercise) in self.exercises.iter().enumerate() {
            let wrongs = exercise.wrongs()?;
            let solution = exercise.folder.join("solution.rs");
            let roll = Self::roll(number, index);
            let text = match roll {
                0 => continue,
                1 => exercise.known.starter.clone(),
                2..8 if !wrongs.is_empty() => {
                    // The earlier ones are more common.
                    let which = (roll - 2) * (number % 3) / 2 % wrongs.len();
                    fs::read_to_string(&wrongs[which].path)?
                }
                _ => {
                    fs::read_to_string(solution).unwrap_or_else(|_| exercise.known.starter.clone())
                }
            };
            // No two students write the same.
            texts.push((exercise, format!("{text}\n// Student {number}.\n")));
        }
        Ok(texts)
    }

    fn ordinary(&mut self, number: usize) -> Result<()> {
        let names = [
            "Anna Ahrens",
            "Björn Öst",
            "Chiara Conti",
            "Dmitri",
            "Élodie",
            "Farid N.",
            "Grace",
            "Hana 花",
            "Ivo",
            "Jun",
            "Kofi Mensah",
            "Lê Minh Anh",
            "María José de la Cruz y Fernández",
            "Nils",
            "Olga",
        ];
        let name = match names.get(number) {
            Some(name) => (*name).to_owned(),
            None => format!("Student {number}"),
        };
        let mark = match Self::roll(number, self.target_index()) {
            0 => "-",
            // A line is added to the file as handed out: it was begun.
            8.. if self.target.folder.join("solution.rs").exists() => "p",
            _ => "f",
        };
        self.expect(&name, mark);
        let texts = self.texts(number)?;
        let file = format!("student{number:02}");
        if number.is_multiple_of(3) {
            let folder = self.into.join(&file);
            fs::create_dir(&folder)?;
            fs::write(folder.join(ABOUT), signed(&name))?;
            return in_folder(&folder.join("course"), &texts);
        }
        let mut zip = ZipWriter::new(File::create(self.into.join(file + ".zip"))?);
        put(&mut zip, ABOUT, signed(&name).as_bytes())?;
        for (exercise, text) in &texts {
            put(&mut zip, &in_place(exercise, ""), text.as_bytes())?;
        }
        zip.finish()?;
        Ok(())
    }

    fn hostile(&mut self, path: &Path) -> Result<()> {
        let text = fs::read_to_string(path)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let marks = text
            .lines()
            .find_map(|line| line.strip_prefix("//! Mark: "));
        let marks = marks.with_context(|| format!("{} names no mark", path.display()))?;
        let mut texts = self.texts(self.expected.len() + 100)?;
        // A few more, to see that they keep their marks.
        let others = self.exercises.iter().filter(|one| one.name != TARGET);
        let others: Vec<&str> = others.step_by(12).map(|one| one.name.as_str()).collect();
        texts.retain(|(exercise, _)| others.contains(&exercise.name.as_str()));
        texts.push((self.target, text.clone()));
        in_folder(&self.into.join(&*name), &texts)?;
        self.expect(&name, marks);
        Ok(())
    }

    /// A zip with one file, whose path and text are given.
    fn zip(&mut self, name: &str, marks: &str, files: &[(&str, &[u8])]) -> Result<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, text) in files {
            put(&mut zip, path, text)?;
        }
        let octets = zip.finish()?.into_inner();
        fs::write(self.into.join(format!("{name}.zip")), &octets)?;
        self.expect(name, marks);
        Ok(octets)
    }

    fn odd_zips(&mut self) -> Result<()> {
        let right = fs::read(self.target.folder.join("solution.rs")).unwrap_or_else(|_| {
            b"pub fn octet_to_bits(o: u8) -> String { format!(\"{o:08b}\") }".to_vec()
        });
        let place = in_place(self.target, "");
        let nested = in_place(self.target, "course/course-main/");
        let mac = format!("__MACOSX/{}", place.replace("exercise.rs", "._exercise.rs"));
        let windows = place.replace('/', "\\");
        let outside = format!("../../{place}");
        let absolute = format!("/tmp/{place}");
        let other = format!("copy/{place}");
        let zeros = vec![b' '; 10 << 20];
        self.zip(
            "nested-twice",
            "p",
            &[(&nested, &right), (&mac, b"\0\x05"), (".DS_Store", b"\0")],
        )?;
        self.zip("backslashes", "p", &[(&windows, &right)])?;
        let inner = self.zip("zip-in-zip", "p", &[(&place, &right)])?;
        self.expected.pop();
        self.zip("zip-in-zip", "p", &[("hand-in.zip", &inner)])?;
        self.zip("leads-outside", "-", &[(&outside, &right)])?;
        self.zip("absolute-path", "-", &[(&absolute, &right)])?;
        self.zip(
            "twice-and-different",
            "u",
            &[(&place, &right), (&other, b"fn other() {}")],
        )?;
        self.zip("ten-megabytes", "u", &[(&place, &zeros)])?;
        self.zip("not-utf-8", "u", &[(&place, b"// \xff\xfe\n")])?;
        self.zip("empty", "u", &[(&place, b"")])?;
        self.zip("nothing-in-it", "-", &[])?;

        let mut octets = self.zip("damaged", "-", &[(&place, &right)])?;
        octets.truncate(octets.len() / 2);
        fs::write(self.into.join("damaged.zip"), &octets)?;
        // Bit 0 of the flags says that a file is encrypted (APPNOTE.TXT, 4.4.4): at octet 6 of its
        // header, and at octet 8 of its line in the directory.
        let mut octets = self.zip("encrypted", "u", &[(&place, &right)])?;
        for (magic, at) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
            let found = octets.windows(4).position(|window| window == magic);
            octets[found.unwrap_or_default() + at] |= 1;
        }
        fs::write(self.into.join("encrypted.zip"), &octets)?;

        let mut zip = ZipWriter::new(File::create(self.into.join("link.zip"))?);
        zip.add_symlink(place.as_str(), "/etc/passwd", SimpleFileOptions::default())?;
        zip.finish()?;
        self.expect("link", "u");

        let formula = signed("=HYPERLINK(\"x\")<script>alert(1)</script>");
        self.zip(
            "a-formula",
            "p",
            &[(&place, &right), (ABOUT, formula.as_bytes())],
        )?;
        if let Some(last) = self.expected.last_mut() {
            "'=HYPERLINK(\"x\")<script>alert(1)</script>".clone_into(&mut last.student);
        }
        Ok(())
    }

    fn odd_folders(&mut self) -> Result<()> {
        fs::write(self.into.join("all.rar"), "Rar!")?;
        self.expect("all.rar", "-");
        fs::write(self.into.join("remarks.txt"), "to myself")?;
        #[cfg(unix)]
        {
            let folder = self.into.join("a-link-inside").join(TARGET);
            fs::create_dir_all(&folder)?;
            std::os::unix::fs::symlink("/etc/passwd", folder.join("exercise.rs"))?;
            self.expect("a-link-inside", "u");
            std::os::unix::fs::symlink("/etc", self.into.join("a-link"))?;
            self.expect("a-link", "-");
        }
        Ok(())
    }
}

/// What `cargo xtask exercise export --name` writes about a submission.
fn signed(name: &str) -> String {
    serde_json::json!(About::new(Some(name))).to_string()
}

fn in_place(exercise: &Exercise, before: &str) -> String {
    format!(
        "{before}lessons/{}/exercises/{}/exercise.rs",
        exercise.lesson, exercise.name
    )
}

fn in_folder(folder: &Path, texts: &Texts) -> Result<()> {
    for (exercise, text) in texts {
        let path = folder.join(in_place(exercise, ""));
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, text)?;
    }
    Ok(())
}

fn put(zip: &mut ZipWriter<impl Write + Seek>, path: &str, text: &[u8]) -> Result<()> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file(path, options)?;
    zip.write_all(text)?;
    Ok(())
}
