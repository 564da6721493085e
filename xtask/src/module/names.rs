//! What a new module and its record are called, in every form that code, SQL and people need.

use tenantry_core::module::{Modules, documents};

/// The names.
#[derive(Debug)]
pub(super) struct Names {
    /// The module, as in its paths: `hair-salon`.
    pub(super) name: String,
    /// For people: `Hair salon`.
    pub(super) title: String,
    /// Its crate in code: `tenantry_hair_salon`.
    pub(super) krate: String,
    /// The package, as in `Cargo.toml`: `tenantry-hair-salon`.
    package: String,
    /// `chair`
    pub(super) record: String,
    /// `chairs`: the table and the end of the path.
    pub(super) records: String,
    /// `a chair`
    a_record: String,
    /// `A chair`
    a_record_first: String,
    /// `Chair`: the type.
    record_type: String,
    /// `Chairs`
    records_type: String,
}

impl Names {
    /// Takes names that are well formed and that nobody has.
    pub(super) fn checked(
        name: &str,
        record: &str,
        records: Option<&str>,
        title: Option<&str>,
    ) -> Result<Self, String> {
        let records = records.map_or_else(|| plural(record), str::to_owned);
        if !is_name(name) {
            return Err(format!("{name:?} is no name for a module: a-z, 0-9 and single hyphens, at most 40 of them"));
        }
        for word in [record, &records] {
            if !is_word(word) {
                return Err(format!("{word:?} is no name for records: one word of a-z, at most 30 letters"));
            }
            if WORDS.split_whitespace().any(|taken| taken == word) {
                return Err(format!(
                    "{word:?} means something in Rust, in SQL or in the module's own files; choose another one"
                ));
            }
        }
        if record == records {
            return Err("say with --records what several of them are called, which cannot be the same word".to_owned());
        }
        let title = title.map_or_else(|| first_upper(&name.replace('-', " ")), str::to_owned);
        if title.trim().is_empty() || title.contains(['"', '\\']) || title.chars().any(char::is_control) {
            return Err("the title stands between quotes in code: leave out quotes and backslashes".to_owned());
        }
        let names = Self {
            name: name.to_owned(),
            title,
            krate: format!("tenantry_{}", name.replace('-', "_")),
            package: format!("tenantry-{name}"),
            a_record: with_article(record),
            a_record_first: first_upper(&with_article(record)),
            record_type: first_upper(record),
            records_type: first_upper(&records),
            record: record.to_owned(),
            records,
        };
        names.is_free()?;
        Ok(names)
    }

    pub(super) fn package(&self) -> String {
        self.package.clone()
    }

    /// As the template names them.
    pub(super) fn pairs(&self) -> [(&'static str, &str); 10] {
        [
            ("name", &self.name),
            ("title", &self.title),
            ("krate", &self.krate),
            ("package", &self.package),
            ("record", &self.record),
            ("records", &self.records),
            ("a_record", &self.a_record),
            ("A_record", &self.a_record_first),
            ("Record", &self.record_type),
            ("Records", &self.records_type),
        ]
    }

    /// Whether no module of this build has such a name, or records, operations, types or a table of such a name.
    fn is_free(&self) -> Result<(), String> {
        let modules = Modules::collect(tenantry::MODULES).map_err(|error| error.to_string())?;
        if modules.find(&self.name).is_some() || self.name == "core" {
            return Err(format!("there is a module {} already", self.name));
        }
        let document = &documents(&modules).map_err(|error| error.to_string())?.newer;
        let types = ["", "New"].map(|kind| format!("\"{kind}{}\":{{", self.record_type));
        let ours = [format!("\"{}_", self.records), format!("\"{}Patch\":", self.record_type)];
        let table = format!("CREATE TABLE {} ", self.records);
        let mut tables = modules.iter().flat_map(|module| module.migrations).map(|(_, sql)| *sql);
        let taken = modules.events().any(|source| source.name == self.record || source.resource == self.records)
            || types.iter().chain(&ours).any(|name| document.contains(name))
            || tables.any(|sql| sql.contains(&table));
        match taken || TABLES.contains(&self.records.as_str()) {
            true => {
                Err(format!("there are {} already; what they are called is unique among all modules", self.records))
            }
            false => Ok(()),
        }
    }
}

fn is_name(name: &str) -> bool {
    let well_formed =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    name.len() <= 40 && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.split('-').all(well_formed)
}

fn is_word(word: &str) -> bool {
    (2..=30).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase())
}

fn plural(word: &str) -> String {
    let vowel_before =
        |ending: &str| word.strip_suffix(ending).is_some_and(|stem| stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    if word.ends_with('y') && !vowel_before("y") {
        format!("{}ies", word.trim_end_matches('y'))
    } else if ["s", "x", "z", "ch", "sh"].iter().any(|ending| word.ends_with(ending)) {
        format!("{word}es")
    } else {
        format!("{word}s")
    }
}

fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o']) || word.starts_with("hour") || word.starts_with("um") {
        "an"
    } else {
        "a"
    };
    format!("{article} {word}")
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

/// Tables that are in every tenant's schema besides those of the modules.
const TABLES: [&str; 1] = ["fence"];

/// Words of Rust, then reserved ones of PostgreSQL, then those that the files of the template use for something else.
const WORDS: &str = "
    abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl in let
    loop macro match mod move mut override priv pub ref return self static struct super trait true try type typeof unsafe unsized
    use virtual where while yield

    all analyse analyze and any array asc both case cast check collate column constraint create default desc distinct end except
    fetch foreign from grant group having initially intersect into lateral leading limit offset on only or order placing primary
    references returning select some symmetric table then to trailing union unique user using variadic when window with

    answer api apis archive archives body can change created criteria date deleted err id it item items job jobs lib list lists main
    module modules moment name none object ok option page pages patch path paths permissions prose replace result row rows state
    statement statements store string tag tags text value vec version versioned
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_of_two_words() {
        let names = Names::checked("hair-salon", "chair", None, None).unwrap();
        let made = (names.title.as_str(), names.krate.as_str(), names.records.as_str(), names.records_type.as_str());
        assert_eq!(made, ("Hair salon", "tenantry_hair_salon", "chairs", "Chairs"));
        for (one, several) in [("entry", "entries"), ("day", "days"), ("box", "boxes"), ("dish", "dishes")] {
            assert_eq!(plural(one), several);
        }
    }

    #[test]
    fn what_is_taken_or_no_name_is_refused() {
        for (name, record) in [
            ("Salon", "chair"),
            ("salon-", "chair"),
            ("../salon", "chair"),
            ("9salon", "chair"),
            ("", "chair"),
            ("salon", "Chair"),
            ("salon", "type"),
            ("salon", "item"),
            ("salon", "reference"),
            ("salon", "session"),
            ("salon", "notice"),
            ("salon", "subscription"),
            ("salon", "c"),
            ("clinic", "chair"),
            ("crm", "chair"),
            ("salon", "contact"),
            ("salon", "patient"),
        ] {
            Names::checked(name, record, None, None).expect_err(&format!("{name} {record}"));
        }
        Names::checked("salon", "chair", Some("chair"), None).expect_err("one word for one and several");
        Names::checked("salon", "chair", None, Some("The \"best\"")).expect_err("quotes");
    }
}
