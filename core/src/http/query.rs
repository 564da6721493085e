//! The query of a request: known parameters, each once.

use super::problem::ApiError;

/// How the names of filters begin.
pub(super) const FILTER: &str = "filter[";
/// How those of filters on fields of an organization's own begin.
pub(super) const CUSTOM: &str = "filter[custom.";
/// What may be left out at the end of a filter's name.
const EQ: &str = "[eq]";

/// The parameters that an operation takes in its query.
#[derive(Default)]
pub(crate) struct KnownQuery {
    /// Their names.
    pub(crate) names: Vec<String>,
    /// Whether filters on fields of an organization's own are among them, whose names nobody knows here.
    pub(crate) custom: bool,
}

impl KnownQuery {
    /// The pairs of a query. A filter's `[eq]` is left out.
    ///
    /// # Errors
    /// 400 where it is not valid text, or a parameter is unknown or given twice.
    pub(crate) fn parse(&self, query: &str) -> Result<Vec<(String, String)>, ApiError> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let (name, value) = (self.known(decode(name)?)?, decode(value)?);
            if pairs.iter().any(|(other, _)| *other == name) {
                let twice = ApiError::malformed("A query parameter was given twice.");
                let is_ours = self.names.contains(&name);
                return Err(if is_ours { twice.at(name, "is given twice") } else { twice });
            }
            pairs.push((name, value));
        }
        Ok(pairs)
    }

    fn known(&self, mut name: String) -> Result<String, ApiError> {
        if name.starts_with(FILTER)
            && let Some(bare) = name.strip_suffix(EQ)
        {
            name.truncate(bare.len());
        }
        if self.names.contains(&name) || (self.custom && name.starts_with(CUSTOM)) {
            return Ok(name);
        }
        Err(self.unknown(&name))
    }

    /// What there is instead, in names of our own.
    fn unknown(&self, name: &str) -> ApiError {
        let field = name.split_inclusive(']').next().filter(|field| field.starts_with(FILTER) && field.ends_with(']'));
        let of_field: Vec<&str> = match field {
            Some(field) => self.names.iter().map(String::as_str).filter(|known| known.starts_with(field)).collect(),
            None => Vec::new(),
        };
        if let Some(first) = of_field.first() {
            let field = first.split_inclusive(']').next().unwrap_or_default();
            let detail = "A field of this list was given an operator that it does not take.";
            return ApiError::malformed(detail).at(field, format!("takes {}", of_field.join(", ")));
        }
        let known = if self.names.is_empty() { "none".to_owned() } else { self.names.join(", ") };
        ApiError::malformed(format!("An unknown query parameter was given. Known here: {known}."))
    }
}

/// Decodes `%41` and `+`; refuses what is no UTF-8, and U+0000, which no database text can hold.
fn decode(text: &str) -> Result<String, ApiError> {
    let spaced = text.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8().ok().filter(|text| !text.contains('\0'));
    decoded.map(|text| text.into_owned()).ok_or_else(|| ApiError::malformed("The query is not valid UTF-8 text."))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn query() -> KnownQuery {
        let names = ["q", "sort", "filter[price]", "filter[price][gte]"].map(str::to_owned);
        KnownQuery { names: names.into(), custom: true }
    }

    #[test]
    fn eq_may_be_left_out() {
        let pairs = query().parse("filter%5Bprice%5D[eq]=1&filter[custom.a][eq]=2&&q=a+b").unwrap();
        let shown: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(shown, ["filter[price]=1", "filter[custom.a]=2", "q=a b"]);
        for twice in ["filter[price]=1&filter[price][eq]=1", "q&q=", "filter[custom.a]=1&filter[custom.a][eq]=1"] {
            assert!(query().parse(twice).is_err(), "{twice}");
        }
    }

    /// Whatever is sent, it is either understood as pairs of known names or refused, in words that hold nothing of it.
    #[test]
    fn nothing_that_is_sent_comes_back() {
        let seed = uuid::Uuid::new_v4().as_u128() as u64;
        println!("seed {seed}");
        let mut state = seed | 1;
        let mut random = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below as u64) as usize
        };
        let bits =
            ["filter", "[", "]", "price", "[gte]", "[eq]", "custom.", "zebra", "=", "&", "%5B", "%", "%00", "q", "+"];
        for _ in 0..20_000 {
            let text: String = (0..random(9)).map(|_| bits[random(bits.len())]).collect();
            match query().parse(&text) {
                Ok(pairs) => {
                    let known = |name: &String| query().names.contains(name) || name.starts_with(CUSTOM);
                    assert!(pairs.iter().all(|(name, _)| known(name)), "seed {seed}: {text}");
                }
                Err(error) => {
                    let problem = serde_json::to_string(&error.problem()).unwrap();
                    assert!(!problem.contains("zebra"), "seed {seed}: {text}: {problem}");
                }
            }
        }
    }
}
