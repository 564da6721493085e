//! Which fields a file can fill, and by which names its columns are known.

use serde_json::Value;

use super::ImportResource;
use crate::choice;

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

    /// The field that a column of this name is most likely about.
    pub(super) fn guess(self, column: &str) -> Option<ImportField> {
        let plain: String = column.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let known = NAMES.iter().filter(|(field, _)| self.has(*field));
        known.into_iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(field, _)| *field)
    }
}

impl ImportField {
    /// A cell as the API takes the field; none where it is empty.
    pub(super) fn value(self, cell: &str) -> Option<Value> {
        let cell = cell.trim();
        // What an export has put before a cell that looks like a formula.
        let cell = match cell.strip_prefix('\'') {
            Some(rest) if rest.starts_with(crate::export::FORMULA) => rest,
            _ => cell,
        };
        if cell.is_empty() {
            return None;
        }
        if self == Tags {
            let tags = cell.split([',', ';']).map(str::trim).filter(|tag| !tag.is_empty());
            return Some(tags.map(Value::from).collect::<Vec<_>>().into());
        }
        Some(cell.into())
    }
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
            assert_eq!(contacts.guess(column), field, "{column}");
        }
        assert_eq!(ImportResource::Companies.guess("Company"), Some(Name));
    }

    #[test]
    fn a_cell_that_was_exported_comes_back_as_it_was() {
        assert_eq!(Phone.value("'+431588580"), Some("+431588580".into()));
        assert_eq!(LastName.value("'t Hooft"), Some("'t Hooft".into()));
        assert_eq!(Tags.value(" a; b,,c "), Some(serde_json::json!(["a", "b", "c"])));
        assert_eq!(Notes.value("  "), None);
    }
}
