//! Where organizations' files are kept: a directory, or a bucket that speaks as S3 does.

use std::path::{Path, PathBuf};

use reqwest::Url;

use super::{ConfigError, Env};

/// Organizations' files.
#[derive(Clone, Debug, Default)]
pub struct FilesConfig {
    /// The directory: `TENANTRY_FILES_DIR`; `files` in the data directory of a private server.
    pub directory: Option<PathBuf>,
    /// The bucket in its place.
    pub bucket: Option<BucketConfig>,
}

/// A bucket. It holds a secret, so it cannot be printed.
#[derive(Clone)]
pub struct BucketConfig {
    /// Its name: `TENANTRY_FILES_S3_BUCKET`.
    pub name: String,
    /// `TENANTRY_FILES_S3_REGION`.
    pub region: String,
    /// The service, where it is not AWS: `TENANTRY_FILES_S3_ENDPOINT`.
    pub endpoint: Option<Url>,
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
}

impl std::fmt::Debug for BucketConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BucketConfig(…)")
    }
}

const BUCKET: &str = "TENANTRY_FILES_S3_BUCKET";

impl FilesConfig {
    pub(super) fn read(&mut self, env: Env<'_>) -> Result<(), ConfigError> {
        self.directory = env("TENANTRY_FILES_DIR").map(PathBuf::from);
        let directory = "the path of a directory, from the root";
        if self.directory.as_ref().is_some_and(|path| !path.is_absolute()) {
            return Err(ConfigError { name: "TENANTRY_FILES_DIR", expected: directory });
        }
        let Some(name) = env(BUCKET) else { return Ok(()) };
        if self.directory.is_some() {
            return Err(ConfigError {
                name: BUCKET,
                expected: "no TENANTRY_FILES_DIR beside it: files are in one place",
            });
        }
        let bucket = |name: &str| {
            let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'-' | b'.');
            (3..=63).contains(&name.len()) && name.bytes().all(plain)
        };
        if !bucket(&name) {
            return Err(ConfigError { name: BUCKET, expected: "the name of a bucket" });
        }
        let needed =
            |name| env(name).ok_or(ConfigError { name, expected: "a value, as TENANTRY_FILES_S3_BUCKET is set" });
        let endpoint = env(ENDPOINT).map(|text| read_endpoint(&text)).transpose()?;
        self.bucket = Some(BucketConfig {
            name,
            region: needed("TENANTRY_FILES_S3_REGION")?,
            endpoint,
            access_key: needed("TENANTRY_FILES_S3_ACCESS_KEY")?,
            secret_key: needed("TENANTRY_FILES_S3_SECRET_KEY")?,
        });
        Ok(())
    }

    /// Where nothing was said: `files` in the data directory of the private server.
    pub(crate) fn or_beside(&mut self, data_dir: &Path) {
        if self.directory.is_none() && self.bucket.is_none() {
            self.directory = Some(data_dir.join("files"));
        }
    }
}

const ENDPOINT: &str = "TENANTRY_FILES_S3_ENDPOINT";

fn read_endpoint(text: &str) -> Result<Url, ConfigError> {
    let url = text.parse::<Url>().ok();
    let url = url.filter(|url| ["http", "https"].contains(&url.scheme()) && url.has_host());
    url.ok_or(ConfigError { name: ENDPOINT, expected: "an address such as https://s3.example.com" })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::config::Config;

    const S3: [(&str, &str); 5] = [
        (BUCKET, "tenantry"),
        ("TENANTRY_FILES_S3_REGION", "eu-central-1"),
        (ENDPOINT, "https://s3.example.com"),
        ("TENANTRY_FILES_S3_ACCESS_KEY", "an access key"),
        ("TENANTRY_FILES_S3_SECRET_KEY", "a secret key"),
    ];

    fn read(variables: &[(&str, &str)]) -> Result<FilesConfig, ConfigError> {
        let find =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Config::read(&find).map(|config| config.files)
    }

    #[test]
    fn files_are_in_one_place() {
        let mut nowhere = read(&[]).unwrap();
        assert!(nowhere.directory.is_none() && nowhere.bucket.is_none());
        nowhere.or_beside(Path::new("/data"));
        assert_eq!(nowhere.directory, Some(PathBuf::from("/data/files")));
        let mut bucket = read(&S3).unwrap();
        bucket.or_beside(Path::new("/data"));
        assert!(bucket.directory.is_none() && bucket.bucket.unwrap().endpoint.is_some());
        let both = [&S3[..], &[("TENANTRY_FILES_DIR", "/files")]].concat();
        assert!(read(&both).is_err());
    }

    #[test]
    fn what_is_missing_or_wrong_is_told_and_no_secret_is() {
        for (left_out, _) in S3.iter().filter(|(name, _)| ![BUCKET, ENDPOINT].contains(name)) {
            let others: Vec<_> = S3.into_iter().filter(|(name, _)| name != left_out).collect();
            assert!(read(&others).unwrap_err().to_string().contains(left_out));
        }
        for (name, value) in [(BUCKET, "a/b"), (ENDPOINT, "ftp://s3.example.com"), ("TENANTRY_FILES_DIR", "files")] {
            let others: Vec<_> = S3.into_iter().filter(|(other, _)| *other != name).chain([(name, value)]).collect();
            let told = read(&others).unwrap_err().to_string();
            assert!(told.contains(name) && !told.contains(value), "{told}");
        }
        assert!(!format!("{:?}", read(&S3).unwrap()).contains("secret key"));
    }
}
