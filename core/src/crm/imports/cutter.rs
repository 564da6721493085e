//! A file as it arrives, cut into pieces of whole rows. Only a piece of it is in memory.

use std::collections::{HashSet, VecDeque};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::{ImportResource, MappedColumn};
use crate::custom::CustomField;
use crate::http::{ApiError, ApiResult};
use crate::value::{Several, Text};

/// Rows of a piece.
const ROWS: usize = 1000;
/// Bytes after which a piece is cut before it has as many.
const BYTES: usize = 512 * 1024;
/// Bytes and cells of a row.
const LONGEST: usize = 64 * 1024;
const WIDEST: usize = 1000;
/// Columns that fill fields.
const WANTED: usize = 20;
/// Rows of a file.
const MOST: i64 = 1_000_000;

/// What the file's first line says.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) mapping: Several<MappedColumn>,
    /// Where the column of each stands in a row.
    pub(super) places: Vec<i32>,
    pub(super) width: i32,
    pub(super) delimiter: String,
}

/// Whole rows of a file.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) number: i32,
    pub(super) first_row: i64,
    pub(super) content: Vec<u8>,
}

/// Cuts a file.
pub(super) struct Cutter {
    resource: ImportResource,
    wanted: Several<MappedColumn>,
    own: Vec<CustomField>,
    reader: Option<Reader>,
    delimiter: u8,
    header: Option<Header>,
    /// What has arrived and is in no piece yet, and how far it was read.
    rest: Vec<u8>,
    read: usize,
    /// Where in it the row begins that is being read.
    began: usize,
    /// The cells of the row that is being read, one behind the other, and their ends.
    row: Vec<u8>,
    written: usize,
    ends: Vec<usize>,
    cells: usize,
    /// Rows in `rest`, and before.
    rows: usize,
    before: i64,
    number: i32,
    pieces: VecDeque<Piece>,
}

fn refused(detail: impl Into<String>) -> ApiError {
    ApiError::invalid().at("", detail)
}

impl Cutter {
    /// Where no columns are wanted, they are guessed, also those of the organization's own fields.
    pub(super) fn new(resource: ImportResource, wanted: Several<MappedColumn>, own: Vec<CustomField>) -> Self {
        Self {
            resource,
            wanted,
            own,
            reader: None,
            delimiter: b',',
            header: None,
            rest: Vec::new(),
            read: 0,
            began: 0,
            row: vec![0; LONGEST],
            written: 0,
            ends: vec![0; WIDEST],
            cells: 0,
            rows: 0,
            before: 0,
            number: 0,
            pieces: VecDeque::new(),
        }
    }

    /// More of the file.
    ///
    /// # Errors
    /// 422 where it is no CSV file, in another encoding, or too long; where its columns are not those that were named.
    pub(super) fn push(&mut self, bytes: &[u8]) -> ApiResult<()> {
        self.rest.extend_from_slice(bytes);
        if self.reader.is_none() {
            let has_line = self.rest.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
            if !has_line && self.rest.len() < LONGEST {
                return Ok(());
            }
            self.begin()?;
        }
        while self.read < self.rest.len() {
            if !self.step()? {
                break;
            }
        }
        Ok(())
    }

    /// The file has ended: its first line and how many rows it has. The last piece is left to be taken.
    ///
    /// # Errors
    /// 422 as before, and where there is no row.
    pub(super) fn end(&mut self) -> ApiResult<(Header, i64)> {
        if self.reader.is_none() {
            self.begin()?;
        }
        while self.step()? {}
        self.cut()?;
        let header = self.header.take().ok_or_else(|| refused("the file has no line of names"))?;
        if self.before == 0 {
            return Err(refused("the file has no rows behind its line of names"));
        }
        Ok((header, self.before))
    }

    /// A piece that is whole.
    pub(super) fn piece(&mut self) -> Option<Piece> {
        self.pieces.pop_front()
    }

    /// Finds out what stands between cells, by what the first line has most of.
    fn begin(&mut self) -> ApiResult<()> {
        if self.rest.starts_with(&[0xFF, 0xFE]) || self.rest.starts_with(&[0xFE, 0xFF]) {
            return Err(refused("the file is in UTF-16; save it as CSV in UTF-8"));
        }
        if self.rest.starts_with(&[0xEF, 0xBB, 0xBF]) {
            self.rest.drain(..3);
        }
        let line = self.rest.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
        let mut delimiter = (0, b',');
        for candidate in [b',', b';', b'\t', b'|'] {
            let mut quoted = false;
            let count = line.iter().filter(|byte| {
                quoted ^= **byte == b'"';
                !quoted && **byte == candidate
            });
            let count = count.count();
            if count > delimiter.0 {
                delimiter = (count, candidate);
            }
        }
        self.delimiter = delimiter.1;
        self.reader = Some(ReaderBuilder::new().delimiter(self.delimiter).build());
        Ok(())
    }

    /// Reads up to the end of a row, or of what has arrived; at the end of the file, with nothing more to read. Tells whether to go on.
    fn step(&mut self) -> ApiResult<bool> {
        let Some(reader) = &mut self.reader else { return Ok(false) };
        let input = self.rest.get(self.read..).unwrap_or_default();
        let row = self.row.get_mut(self.written..).unwrap_or_default();
        let ends = self.ends.get_mut(self.cells..).unwrap_or_default();
        let is_end = input.is_empty();
        let (result, read, written, cells) = reader.read_record(input, row, ends);
        self.read += read;
        self.written += written;
        self.cells += cells;
        match result {
            // Of an empty rest the reader takes that the file is over, and says what is left.
            ReadRecordResult::InputEmpty => Ok(is_end),
            ReadRecordResult::OutputFull => Err(self.too_much("longer than 64 KiB; is a quote not closed?")),
            ReadRecordResult::OutputEndsFull => Err(self.too_much("wider than 1,000 cells")),
            ReadRecordResult::End => Ok(false),
            ReadRecordResult::Record => {
                if is_end && self.swallows_lines() {
                    return Err(self.too_much("as long as the rest of the file; is a quote not closed?"));
                }
                self.row_is_read()?;
                Ok(true)
            }
        }
    }

    /// Whether the row that ends with the file has lines behind a quote that is not closed.
    fn swallows_lines(&self) -> bool {
        let row = self.rest.get(self.began..).unwrap_or_default();
        row.contains(&b'\n') && row.iter().filter(|byte| **byte == b'"').count() % 2 == 1
    }

    fn too_much(&self, words: &str) -> ApiError {
        match self.header {
            None => refused(format!("the line of names is {words}")),
            Some(_) => refused(format!("row {} is {words}", self.before + self.rows as i64 + 1)),
        }
    }

    fn row_is_read(&mut self) -> ApiResult<()> {
        let cells = std::mem::take(&mut self.cells);
        self.written = 0;
        if self.header.is_none() {
            self.header = Some(self.header_of(cells)?);
            self.rest.drain(..self.read);
            self.read = 0;
            self.began = 0;
            return Ok(());
        }
        self.rows += 1;
        self.began = self.read;
        if self.rows >= ROWS || self.read >= BYTES { self.cut() } else { Ok(()) }
    }

    /// Makes a piece of the rows that are read.
    fn cut(&mut self) -> ApiResult<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let later = self.rest.split_off(self.read);
        let content = std::mem::replace(&mut self.rest, later);
        self.read = 0;
        self.began = 0;
        let first_row = self.before + 1;
        if let Err(error) = std::str::from_utf8(&content) {
            let lines = content.get(..error.valid_up_to()).unwrap_or_default().split(|byte| *byte == b'\n').count();
            let row = first_row + i64::try_from(lines).unwrap_or(1) - 1;
            return Err(refused(format!("the file is not in UTF-8, near row {row}; save it as CSV in UTF-8")));
        }
        self.before += i64::try_from(self.rows).unwrap_or(MOST);
        self.rows = 0;
        if self.before > MOST {
            return Err(refused("the file has more than 1,000,000 rows; send it in parts"));
        }
        self.pieces.push_back(Piece { number: self.number, first_row, content });
        self.number += 1;
        Ok(())
    }

    /// The columns, and which fields they fill.
    fn header_of(&mut self, cells: usize) -> ApiResult<Header> {
        let mut columns = Vec::new();
        let mut start = 0;
        for end in self.ends.iter().take(cells) {
            let name = self.row.get(start..*end).unwrap_or_default();
            let name = std::str::from_utf8(name).map_err(|_| refused("the line of names is not in UTF-8"))?;
            columns.push(name.trim().to_owned());
            start = *end;
        }
        let resource = self.resource;
        let wanted: Vec<(MappedColumn, usize)> = if self.wanted.iter().next().is_some() {
            let place = |wanted: &MappedColumn| {
                let place = columns.iter().position(|column| column == wanted.column.as_str().trim());
                place.map(|place| (wanted.clone(), place)).ok_or_else(|| {
                    let field = serde_json::to_value(wanted.field).unwrap_or_default();
                    let field = field.as_str().unwrap_or_default();
                    refused(format!("the file has no column for {field}, of the name that was said"))
                })
            };
            self.wanted.iter().map(place).collect::<ApiResult<_>>()?
        } else {
            let mut taken = HashSet::new();
            let guesses = columns.iter().enumerate().filter_map(|(place, name)| {
                let field = resource.guess(name, &self.own).filter(|field| taken.insert(*field))?;
                Some((MappedColumn { column: Text::parse(name).ok()?, field }, place))
            });
            guesses.collect()
        };
        if wanted.is_empty() {
            return Err(refused("no column of the file is known; say by `mapping` which fields they fill"));
        }
        if wanted.len() > WANTED {
            return Err(refused(
                "more than 20 columns of the file are known; say by `mapping` which of them fill fields",
            ));
        }
        let delimiter = char::from(self.delimiter).to_string();
        let places = wanted.iter().map(|(_, place)| i32::try_from(*place).unwrap_or(i32::MAX)).collect();
        let mapping = wanted.into_iter().map(|(column, _)| column).collect();
        let width = i32::try_from(columns.len()).unwrap_or(i32::MAX);
        Ok(Header { mapping: Several::of(mapping), places, width, delimiter })
    }
}
