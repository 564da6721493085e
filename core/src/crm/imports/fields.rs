//! Which fields a file can fill, and by which names its columns are known.

use serde_json::Value;

use super::{ImportResource, MappedField};
use crate::choice;
use crate::custom::{CustomField, FieldName, Fields};

choice! {
    /// A field that a column fills. Contacts have no `name`, `website`, `industry` and `tax_number`; companies no `first_name`,
    /// `last_name` and `company`.
    pub enum ImportField {
        /// The family name.
        LastName = "last_name",
        /// The given name.
        FirstName = "first_name",
        /// What a company is called.
        Name = "name",
        /// The address for e-mail.
        Email = "email",
        /// The telephone number with its country.
        Phone = "phone",
        /// The company that a person works for, in words.
        Company = "company",
        /// The address of a company's page.
        Website = "website",
        /// What a company does.
        Industry = "industry",
        /// A company's number for taxes.
        TaxNumber = "tax_number",
        /// Words to find it by, with a comma or a semicolon between them.
        Tags = "tags",
        /// Anything worth remembering.
        Notes = "notes",
    }
}

use ImportField::{Company, Email, FirstName, Industry, LastName, Name, Notes, Phone, Tags, TaxNumber, Website};

/// What columns are often called, in small letters and digits alone.
const NAMES: [(ImportField, &[&str]); 11] = [
    (LastName, &["lastname", "familyname", "surname", "nachname", "familienname"]),
    (FirstName, &["firstname", "givenname", "forename", "vorname"]),
    (Name, &["name", "companyname", "company", "organization", "organisation", "firma", "firmenname"]),
    (Email, &["email", "emailaddress", "mail", "emailadresse"]),
    (Phone, &["phone", "phonenumber", "telephone", "tel", "mobile", "mobilephone", "telefon", "telefonnummer"]),
    (Company, &["company", "companyname", "organization", "organisation", "employer", "firma"]),
    (Website, &["website", "url", "homepage", "web"]),
    (Industry, &["industry", "sector", "branche"]),
    (TaxNumber, &["taxnumber", "taxid", "vat", "vatnumber", "vatid", "uid"]),
    (Tags, &["tags", "labels", "keywords"]),
    (Notes, &["notes", "note", "comment", "comments", "remarks", "notiz", "notizen"]),
];

impl ImportResource {
    /// Whether such records have the field.
    pub(super) fn has(self, field: ImportField) -> bool {
        match self {
            Self::Contacts => !matches!(field, Name | Website | Industry | TaxNumber),
            Self::Companies => !matches!(field, FirstName | LastName | Company),
        }
    }

    /// The field that a column of this name is most likely about. One of the organization's own by its key or its label, before
    /// what columns are often called.
    pub(super) fn guess(self, column: &str, own: &[CustomField]) -> Option<MappedField> {
        let name = plain(column);
        let key = plain(column.trim().strip_prefix("custom.").unwrap_or(column));
        let of_own = |name: &str, of: fn(&CustomField) -> &str| {
            let field = own.iter().find(|field| !name.is_empty() && plain(of(field)) == name);
            field.map(|field| FieldName::Own(field.key))
        };
        let common = |is_name: &dyn Fn(ImportField, &[&str]) -> bool| {
            let known = NAMES.iter().filter(|(field, _)| self.has(*field));
            known.into_iter().find(|(field, names)| is_name(*field, names)).map(|(field, _)| FieldName::Common(*field))
        };
        common(&|field, _| plain(field.as_str()) == name)
            .or_else(|| of_own(&key, |field| field.key.as_str()))
            .or_else(|| of_own(&name, |field| field.label.as_str()))
            .or_else(|| common(&|_, names| names.contains(&name.as_str())))
    }
}

/// Small letters and digits alone.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A cell without what stands around it; none where it is empty.
fn trimmed(cell: &str) -> Option<&str> {
    let cell = cell.trim();
    // What an export has put before a cell that looks like a formula.
    let cell = match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(crate::export::FORMULA) => rest,
        _ => cell,
    };
    Some(cell).filter(|cell| !cell.is_empty())
}

impl ImportField {
    /// A cell as the API takes the field; none where it is empty.
    pub(super) fn value(self, cell: &str) -> Option<Value> {
        let cell = trimmed(cell)?;
        if self == Tags {
            let tags = cell.split([',', ';']).map(str::trim).filter(|tag| !tag.is_empty());
            return Some(tags.map(Value::from).collect::<Vec<_>>().into());
        }
        Some(cell.into())
    }
}

/// A cell as the API takes the field of the organization's own with this key; none where it is empty.
pub(super) fn own_value(key: &str, fields: &Fields, cell: &str) -> Option<Value> {
    let cell = trimmed(cell)?;
    // Of a field that is gone by now, the check says so.
    Some(fields.get(key).map_or_else(|| cell.into(), |field| field.cell(cell)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_what_they_are_often_called() {
        let contacts = ImportResource::Contacts;
        for (column, field) in [
            ("E-Mail", Some(Email)),
            (" First name ", Some(FirstName)),
            ("LAST_NAME", Some(LastName)),
            ("Company", Some(Company)),
            ("id", None),
            ("website", None),
            ("", None),
        ] {
            assert_eq!(contacts.guess(column, &[]), field.map(FieldName::Common), "{column}");
        }
        assert_eq!(ImportResource::Companies.guess("Company", &[]), Some(FieldName::Common(Name)));
    }

    #[test]
    fn a_cell_that_was_exported_comes_back_as_it_was() {
        assert_eq!(Phone.value("'+431588580"), Some("+431588580".into()));
        assert_eq!(LastName.value("'t Hooft"), Some("'t Hooft".into()));
        assert_eq!(Tags.value(" a; b,,c "), Some(serde_json::json!(["a", "b", "c"])));
        assert_eq!(Notes.value("  "), None);
    }
}
