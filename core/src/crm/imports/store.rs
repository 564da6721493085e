//! The SQL of imports.

use uuid::Uuid;

use super::cutter::{Header, Piece};
use super::{Duplicates, Import, ImportError, ImportErrorSort, ImportId, ImportSort, ImportState, MatchBy, NewImport};
use crate::http::{Page, Paging};
use crate::sql;
use crate::tenancy::{Reach, Statement, many, owned, reached, records, statement};

pub(super) fn list(reach: Reach, paging: Paging<ImportSort>) -> Statement<Page<Import>> {
    paging.page(owned(reach).list())
}

pub(super) fn find(reach: Reach, id: ImportId) -> Statement<Option<Import>> {
    owned(reach).find(id)
}

/// Locks the row until the transaction ends, so that what is checked is what is changed.
pub(super) fn lock(reach: Reach, id: ImportId) -> Statement<Option<Import>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, id: ImportId, new: NewImport) -> Statement<Import> {
    let NewImport { resource, match_by, duplicates, dry_run, mapping } = new;
    owned(reach)
        .change()
        .set(sql!("id"), id)
        .set(sql!("resource"), resource)
        .set(sql!("state"), ImportState::Waiting)
        .set(sql!("match_by"), match_by.unwrap_or(MatchBy::Email))
        .set(sql!("duplicates"), duplicates.unwrap_or(Duplicates::Skip))
        .set(sql!("dry_run"), dry_run)
        .set(sql!("mapping"), mapping)
        .insert()
}

/// A file begins to arrive. One that arrived in part before is nothing any more.
pub(super) fn begin(reach: Reach, id: ImportId, upload: Uuid) -> Statement<Import> {
    owned(reach).change().set(sql!("state"), ImportState::Uploading).set(sql!("upload"), upload).update(id)
}

/// A file has to be sent again.
pub(super) fn wait(reach: Reach, id: ImportId) -> Statement<Import> {
    owned(reach).change().set(sql!("state"), ImportState::Waiting).set(sql!("upload"), None::<Uuid>).update(id)
}

/// Imports that are not over, up to a number of them.
pub(super) fn open(reach: Reach, most: i64) -> Statement<Vec<Import>> {
    let open = owned(reach).list().filter(sql!("state = ANY ($1)"), Some(vec!["uploading", "running"]));
    open.first(sql!("ORDER BY created_at, id"), most)
}

/// Locks all that are running, so that imports of an organization take turns: what one of them makes, the other finds.
pub(super) fn lock_running(reach: Reach) -> Statement<Vec<Import>> {
    many(reach).lock_where(sql!("state = $1"), ImportState::Running)
}

/// Keeps a piece of a file. Tells whether the sending still counts.
pub(super) fn keep(reach: Reach, id: ImportId, upload: Uuid, piece: Piece) -> Statement<bool> {
    let Piece { number, first_row, content } = piece;
    let keep = reached(reach).with::<Import>().statement(sql!(
        "INSERT INTO import_pieces (import_id, upload, number, first_row, content) ",
        "SELECT i.id, $2, $3, $4, $5 FROM imports_in_reach i ",
        "WHERE i.id = $1 AND i.upload = $2 AND i.state = 'uploading' RETURNING 1"
    ));
    keep.bind(id).bind(upload).bind(number).bind(first_row).bind(content).any()
}

/// The file is there, and becomes work.
pub(super) fn start(reach: Reach, id: ImportId, header: Header, rows: i64) -> Statement<Import> {
    let Header { mapping, places, width, delimiter } = header;
    owned(reach)
        .change()
        .set(sql!("state"), ImportState::Running)
        .set(sql!("mapping"), mapping)
        .set(sql!("places"), places)
        .set(sql!("width"), width)
        .set(sql!("delimiter"), delimiter)
        .set(sql!("rows_total"), rows)
        .update(id)
}

/// Forgets what is left of a file.
pub(super) fn forget_file(id: ImportId) -> Statement<()> {
    statement(sql!("DELETE FROM import_pieces WHERE import_id = $1")).bind(id).done()
}

/// The piece that comes next, after another one: its number, its first row, its rows.
pub(super) fn next(import: &Import, after: Option<i32>) -> Statement<Option<(i32, i64, Vec<u8>)>> {
    let next = statement(sql!(
        "SELECT number, first_row, content FROM import_pieces WHERE import_id = $1 AND upload = $2 ",
        "AND number > coalesce($3, -1) ORDER BY number LIMIT 1"
    ));
    next.bind(import.id).bind(import.upload).bind(after).optional()
}

/// A piece that is done.
pub(super) fn done(import: &Import, number: i32) -> Statement<()> {
    let done = statement(sql!("DELETE FROM import_pieces WHERE import_id = $1 AND upload = $2 AND number = $3"));
    done.bind(import.id).bind(import.upload).bind(number).done()
}

/// Notes how far an import has come.
pub(super) fn note(reach: Reach, import: Import) -> Statement<Import> {
    owned(reach)
        .change()
        .set(sql!("rows_done"), import.rows_done)
        .set(sql!("created"), import.created)
        .set(sql!("updated"), import.updated)
        .set(sql!("skipped"), import.skipped)
        .set(sql!("failed"), import.failed)
        .update(import.id)
}

/// Nothing more comes.
pub(super) fn end(reach: Reach, id: ImportId, state: ImportState, reason: Option<&'static str>) -> Statement<Import> {
    let now = time::OffsetDateTime::now_utc();
    owned(reach).change().set(sql!("state"), state).set(sql!("reason"), reason).set(sql!("finished_at"), now).update(id)
}

/// Somebody has stopped it.
pub(super) fn cancel(reach: Reach, id: ImportId, by: Uuid) -> Statement<Import> {
    owned(reach)
        .change()
        .set(sql!("state"), ImportState::Cancelled)
        .set(sql!("finished_at"), time::OffsetDateTime::now_utc())
        .set(sql!("cancelled_by"), by)
        .update(id)
}

/// Notes what was wrong with rows.
pub(super) fn refuse(id: ImportId, errors: Vec<(i64, Option<String>, String)>) -> Statement<()> {
    let (mut rows, mut columns, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
    for (row, column, reason) in errors {
        rows.push(row);
        columns.push(column);
        reasons.push(reason);
    }
    let refuse = statement(sql!(
        "INSERT INTO import_errors (id, import_id, row_number, column_name, reason) ",
        "SELECT gen_random_uuid(), $1, e.row_number, e.column_name, e.reason ",
        "FROM unnest($2::bigint[], $3::text[], $4::text[]) AS e (row_number, column_name, reason)"
    ));
    refuse.bind(id).bind(rows).bind(columns).bind(reasons).done()
}

/// What was wrong with the rows of an import, which was found within reach.
pub(super) fn errors(import: &Import, paging: Paging<ImportErrorSort>) -> Statement<Page<ImportError>> {
    paging.page(records(sql!("import_errors")).filter(sql!("import_id = $1"), Some(import.id)))
}

/// Imports that nobody asks for any more: those of a month ago, and those whose file did not come within a day.
pub(super) fn old(reach: Reach) -> Statement<Vec<Import>> {
    let old = owned(reach).list().filter(
        sql!(
            "created_at < now() - make_interval(days => $1) ",
            "OR state IN ('waiting', 'uploading') AND created_at < now() - interval '1 day'"
        ),
        Some(30),
    );
    old.first(sql!("ORDER BY created_at, id"), 1000)
}

pub(super) fn delete(reach: Reach, imports: &[Import]) -> Statement<()> {
    many::<Import>(reach).delete(imports.iter().map(|import| import.id.as_uuid()).collect())
}
