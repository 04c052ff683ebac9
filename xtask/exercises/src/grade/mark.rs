//! The mark of an answer.

/// What became of a student's answer to an exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// It passes.
    Passed,
    /// A check is not passed.
    Failed,
    /// It ended the whole program: a crash, `exit`, a stack overflow.
    Broken,
    /// It does not compile.
    NotCompiled,
    /// It ran out of time, beyond what the check itself sees.
    Time,
    /// It took too much memory.
    Memory,
    /// It started too many processes.
    Processes,
    /// It printed too much.
    Output,
    /// It wrote too large a file.
    File,
    /// The file cannot be read.
    Unreadable,
    /// Not handed in.
    Missing,
    /// As it was handed out.
    Untouched,
    /// The grading was ended before its turn.
    NotGraded,
    /// It could not be graded: a fault of the machine.
    Fault,
}

impl Mark {
    /// All marks, in the order of a legend.
    pub const ALL: [Self; 14] = [
        Self::Passed,
        Self::Failed,
        Self::Broken,
        Self::NotCompiled,
        Self::Time,
        Self::Memory,
        Self::Processes,
        Self::Output,
        Self::File,
        Self::Unreadable,
        Self::Missing,
        Self::Untouched,
        Self::NotGraded,
        Self::Fault,
    ];

    /// Its letter in a table.
    pub fn letter(self) -> char {
        match self {
            Self::Passed => 'p',
            Self::Failed => 'f',
            Self::Broken => 'x',
            Self::NotCompiled => 'c',
            Self::Time => 't',
            Self::Memory => 'm',
            Self::Processes => 'n',
            Self::Output => 'o',
            Self::File => 'w',
            Self::Unreadable => 'u',
            Self::Missing => '-',
            Self::Untouched => '.',
            Self::NotGraded => '/',
            Self::Fault => '!',
        }
    }

    /// What it says.
    pub fn words(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Broken => "ended the program",
            Self::NotCompiled => "does not compile",
            Self::Time => "time limit",
            Self::Memory => "memory limit",
            Self::Processes => "too many processes",
            Self::Output => "prints too much",
            Self::File => "writes too much",
            Self::Unreadable => "unreadable",
            Self::Missing => "not handed in",
            Self::Untouched => "not begun",
            Self::NotGraded => "not graded",
            Self::Fault => "could not be graded",
        }
    }

    /// The student has worked on it.
    pub fn is_tried(self) -> bool {
        !matches!(
            self,
            Self::Missing | Self::Untouched | Self::NotGraded | Self::Fault
        )
    }
}

/// A mark and its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The mark.
    pub mark: Mark,
    /// Why, in some lines.
    pub reason: String,
    /// The known mistake that it shows.
    pub belief: Option<Belief>,
}

/// A misconception that was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belief {
    /// The name of its file.
    pub name: String,
    /// What the student believes.
    pub title: String,
    /// Why it is not so, and what helps.
    pub hint: String,
    /// The failures are exactly those of the known mistake.
    pub certain: bool,
}

impl Cell {
    /// A mark without a misconception.
    pub fn new(mark: Mark, reason: String) -> Self {
        Self {
            mark,
            reason,
            belief: None,
        }
    }
}
