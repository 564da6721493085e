//! TLS; and connecting to the database, by TLS where its address asks for it.

use std::sync::{Arc, LazyLock};

use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::{Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Encrypts where `sslmode` in `DATABASE_URL` says so (`require`) or the server offers it (`prefer`, the default).
/// A server's certificate is checked against the authorities of the operating system, or of `SSL_CERT_FILE`.
pub(crate) fn tls() -> MakeRustlsConnect {
    TLS.clone()
}

/// TLS as a client has it: for all that this process connects to.
pub(crate) fn client_tls() -> ClientConfig {
    CLIENT.clone()
}

static TLS: LazyLock<MakeRustlsConnect> = LazyLock::new(|| MakeRustlsConnect::new(client_tls()));

static CLIENT: LazyLock<ClientConfig> = LazyLock::new(|| {
    // A machine without authorities can still use servers without TLS, such as the private one.
    let mut authorities = RootCertStore::empty();
    authorities.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_protocol_versions(rustls::DEFAULT_VERSIONS);
    // The provider's own versions; the type cannot say so.
    #[allow(clippy::expect_used)]
    let config = config.expect("versions that the provider has");
    config.with_root_certificates(authorities).with_no_client_auth()
});

/// Opens a connection; its other half runs by itself until the client is dropped.
///
/// # Errors
/// Those of the server, and of TLS.
pub(crate) async fn connect(config: &Config) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = config.connect(tls()).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(error = &error as &dyn std::error::Error, "a database connection ended");
        }
    });
    Ok(client)
}
