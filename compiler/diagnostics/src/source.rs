//! Source files and byte ranges in them. Offsets are bytes; lines and columns are computed only when something is shown.

use std::fmt;
use std::path::{Path, PathBuf};

/// A half-open byte range `start..end` of one file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub const fn new(start: u32, end: u32) -> Self {
        Span { start, end }
    }

    /// An empty span at `offset`.
    pub const fn at(offset: u32) -> Self {
        Span { start: offset, end: offset }
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    pub const fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset < self.end
    }

    /// The covered text; empty when the span does not fit the text.
    pub fn text(self, source: &str) -> &str {
        source.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A 1-based position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    pub line: u32,
    /// In code points.
    pub column: u32,
    /// In bytes.
    pub byte_column: u32,
}

/// One source text with its name as the user wrote it and an index of its lines.
#[derive(Clone)]
pub struct SourceFile {
    path: PathBuf,
    text: String,
    line_starts: Vec<u32>,
    /// Further files behind the first one, in order.
    parts: Vec<Part>,
}

/// A file appended to another.
#[derive(Clone)]
struct Part {
    path: PathBuf,
    start: u32,
    /// Index of its first line.
    first_line: usize,
}

impl SourceFile {
    /// Drops one leading byte order mark. Texts beyond 4 GiB cannot be addressed by `Span`; the driver refuses them
    /// before it gets here.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        let mut line_starts = Vec::with_capacity(text.len() / 24 + 1);
        line_starts.push(0);
        line_starts
            .extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(offset, _)| offset as u32 + 1));
        SourceFile { path: path.into(), text, line_starts, parts: Vec::new() }
    }

    /// Adds the text of another file that belongs to the same program and returns where it lies. Lines, columns and names of
    /// places in it are those of that file.
    pub fn append(&mut self, path: impl Into<PathBuf>, text: &str) -> Span {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        // Keeps the first line of one file apart from the last of the other.
        self.text.push('\n');
        let start = self.text.len() as u32;
        self.line_starts.push(start);
        let first_line = self.line_starts.len() - 1;
        self.line_starts
            .extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| start + at as u32 + 1));
        self.text.push_str(text);
        self.parts.push(Part { path: path.into(), start, first_line });
        Span::new(start, self.text.len() as u32)
    }

    fn part(&self, offset: u32) -> Option<&Part> {
        let after = self.parts.partition_point(|part| part.start <= offset);
        after.checked_sub(1).and_then(|index| self.parts.get(index))
    }

    /// The file around an offset by itself, and where its text begins in this one. `None` when there is only one file.
    pub fn file_at(&self, offset: u32) -> Option<(SourceFile, u32)> {
        let first = self.parts.first()?;
        let end_of = |next: Option<&Part>| next.map_or(self.text.len(), |next| next.start as usize - 1);
        let (path, start, end) = match self.part(offset) {
            None => (&self.path, 0, end_of(Some(first))),
            Some(part) => {
                let next = self.parts.iter().find(|other| other.start > part.start);
                (&part.path, part.start, end_of(next))
            }
        };
        let text = self.text.get(start as usize..end).unwrap_or_default();
        Some((SourceFile::new(path.clone(), text), start))
    }

    /// There is only one file.
    pub fn is_single(&self) -> bool {
        self.parts.is_empty()
    }

    /// The path of the file that contains an offset, as shown in reports.
    pub fn name_at(&self, offset: u32) -> String {
        self.part(offset).map_or(&self.path, |part| &part.path).display().to_string()
    }

    /// The line around an offset, without its line break.
    pub fn line_at(&self, offset: u32) -> &str {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        self.line_text(line as u32)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path as shown in reports.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn span_text(&self, span: Span) -> &str {
        span.text(&self.text)
    }

    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// Line and columns of a byte offset; offsets past the end count as the end, offsets inside a code point as its start.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts.partition_point(|start| *start as usize <= offset).max(1);
        let start = self.line_starts.get(line - 1).map_or(0, |start| *start as usize);
        let before = self.text.get(start..offset).unwrap_or("");
        let first_line = self.part(offset as u32).map_or(0, |part| part.first_line);
        LineColumn {
            line: (line - first_line) as u32,
            column: before.chars().count() as u32 + 1,
            byte_column: before.len() as u32 + 1,
        }
    }

    /// Text of a 1-based line without its line break; empty when there is no such line.
    pub fn line_text(&self, line: u32) -> &str {
        let index = (line as usize).saturating_sub(1);
        let Some(start) = self.line_starts.get(index) else { return "" };
        let end = self.line_starts.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        let text = self.text.get(*start as usize..end).unwrap_or("");
        text.trim_end_matches('\n').trim_end_matches('\r')
    }

    /// Byte offset at which a 1-based line starts.
    pub fn line_start(&self, line: u32) -> Option<u32> {
        self.line_starts.get((line as usize).checked_sub(1)?).copied()
    }
}

impl fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceFile({}, {} bytes)", self.path.display(), self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_code_points_and_bytes() {
        let file = SourceFile::new("a.mochi", "let é = 1\r\nx\n");
        assert_eq!(file.line_column(7), LineColumn { line: 1, column: 7, byte_column: 8 });
        assert_eq!(file.line_column(5), LineColumn { line: 1, column: 5, byte_column: 5 });
        assert_eq!(file.line_text(1), "let é = 1");
        assert_eq!(file.line_column(12).line, 2);
        assert_eq!(file.line_column(999), LineColumn { line: 3, column: 1, byte_column: 1 });
        assert_eq!(file.line_text(3), "");
        assert_eq!(file.line_text(9), "");
    }

    #[test]
    fn appended_files_keep_their_own_places() {
        let mut file = SourceFile::new("a.mochi", "one\n");
        let span = file.append("b.mochi", "two\nthree");
        assert_eq!(file.span_text(span), "two\nthree");
        let three = span.start + 4;
        assert_eq!(file.line_column(three), LineColumn { line: 2, column: 1, byte_column: 1 });
        assert_eq!(file.line_column(1), LineColumn { line: 1, column: 2, byte_column: 2 });
        assert_eq!((file.name_at(1), file.name_at(three)), ("a.mochi".into(), "b.mochi".into()));
        assert_eq!(file.line_at(three + 2), "three");
        let (part, start) = file.file_at(three).expect("two files");
        assert_eq!((part.text(), part.name(), start), ("two\nthree", "b.mochi".into(), span.start));
        assert_eq!(file.file_at(0).expect("two files").0.text(), "one\n");
    }
}
