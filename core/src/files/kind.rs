//! What kinds of files are taken.

use http::{HeaderMap, header};

use crate::choice;

choice! {
    /// What kind of file it is.
    pub enum MediaType {
        /// A PDF.
        Pdf = "application/pdf",
        /// A JPEG picture.
        Jpeg = "image/jpeg",
        /// A PNG picture.
        Png = "image/png",
        /// A WebP picture.
        Webp = "image/webp",
        /// Plain text.
        Plain = "text/plain",
        /// Comma-separated values.
        Csv = "text/csv",
        /// A document of Word.
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        /// A workbook of Excel.
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
}

impl MediaType {
    /// All that are taken. None of them is a page that runs something in a browser.
    pub(crate) const ALL: [Self; 8] =
        [Self::Pdf, Self::Jpeg, Self::Png, Self::Webp, Self::Plain, Self::Csv, Self::Docx, Self::Xlsx];

    /// That of a body, whatever its parameters are.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let kind = kind.split(';').next().unwrap_or_default().trim();
        Self::ALL.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(kind))
    }
}
