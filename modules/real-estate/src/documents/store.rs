//! The SQL of documents.

use tenantry_core::files::{FileId, MediaType, Written};
use tenantry_core::sql;
use tenantry_core::tenancy::{List, Refusal, Statement, change, records, select, statement};
use uuid::Uuid;

use super::{Document, DocumentId, NewDocument};

pub(super) fn list() -> List<Document> {
    records(sql!("documents"))
}

pub(super) fn find(id: DocumentId) -> Statement<Option<Document>> {
    select::<Document>(sql!("FROM documents WHERE id = $1")).bind(id).optional()
}

pub(super) fn lock(id: DocumentId) -> Statement<Option<Document>> {
    select::<Document>(sql!("FROM documents WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn insert(id: DocumentId, new: NewDocument) -> Statement<Document> {
    let NewDocument { property_id, listing_id, name, kind } = new;
    change(sql!("documents"))
        .set(sql!("id"), id)
        .set(sql!("property_id"), property_id)
        .set(sql!("listing_id"), listing_id)
        .set(sql!("name"), name)
        .set(sql!("kind"), kind)
        .insert()
        .refused_by("documents_property_id_fkey", Refusal::Missing { pointer: "/property_id" })
        .refused_by("documents_listing_id_fkey", Refusal::Missing { pointer: "/listing_id" })
}

pub(super) fn update(document: Document) -> Statement<Document> {
    change(sql!("documents")).set(sql!("name"), document.name).set(sql!("kind"), document.kind).update(document.id)
}

/// Makes a file the content of a document.
pub(super) fn set_content(id: DocumentId, media_type: MediaType, written: Written) -> Statement<Document> {
    let Written { id: file, size, sha256 } = written;
    change(sql!("documents"))
        .set(sql!("media_type"), media_type)
        .set(sql!("size"), size)
        .set(sql!("sha256"), sha256)
        .set(sql!("file_id"), file)
        .update(id)
}

pub(super) fn delete(id: DocumentId) -> Statement<()> {
    statement(sql!("DELETE FROM documents WHERE id = $1")).bind(id).done()
}

/// Those of these files that a document has.
pub(super) fn known(files: &[FileId]) -> Statement<Vec<(Uuid,)>> {
    let files: Vec<Uuid> = files.iter().map(|file| file.as_uuid()).collect();
    statement(sql!("SELECT file_id FROM documents WHERE file_id = ANY ($1)")).bind(files).many()
}
