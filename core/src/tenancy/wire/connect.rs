//! Opening a connection: the first host that answers, TLS where it is asked for, and the greeting.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpSocket, UnixStream, lookup_host};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, TargetSessionAttrs};
use tokio_postgres::tls::MakeTlsConnect;

use super::error::WireError;
use super::lent::{LendTls, Lent};
use super::pipeline::Wire;
use crate::tenancy::tls::tls;

/// Any stream that carries the protocol.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for S {}

/// How long a host may take where the address says nothing about it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

impl Wire {
    /// Connects to the first of the configured hosts that answers and is what `target_session_attrs` asks for.
    pub(crate) async fn connect(config: &Config) -> Result<Self, WireError> {
        let mut last = WireError::from(io::Error::other("no database host is configured"));
        for (index, host) in config.get_hosts().iter().enumerate() {
            let port = config.get_ports().get(index).or(config.get_ports().first()).copied().unwrap_or(5432);
            let address = config.get_hostaddrs().get(index).map(|ip| SocketAddr::new(*ip, port));
            let connecting = async {
                match host {
                    Host::Unix(dir) => {
                        greet(config, UnixStream::connect(dir.join(format!(".s.PGSQL.{port}"))).await?, "").await
                    }
                    Host::Tcp(name) => greet(config, tcp(name, address, port).await?, name).await,
                }
            };
            let limit = config.get_connect_timeout().copied().unwrap_or(CONNECT_TIMEOUT);
            match tokio::time::timeout(limit, connecting).await {
                Ok(Ok(wire)) => return Ok(wire),
                Ok(Err(error)) => last = error,
                Err(elapsed) => last = io::Error::from(elapsed).into(),
            }
        }
        Err(last)
    }
}

async fn tcp(name: &str, address: Option<SocketAddr>, port: u16) -> io::Result<tokio::net::TcpStream> {
    let addresses = match address {
        Some(address) => vec![address],
        None => lookup_host((name, port)).await?.collect(),
    };
    let mut last = io::Error::other("the database host has no address");
    for address in addresses {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_nodelay(true)?;
        socket.set_keepalive(true)?;
        match socket.connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Signs in through tokio-postgres, then goes on with the stream alone: after its greeting the server is silent until
/// it is asked, so nothing can be lost between the two.
async fn greet<S: Stream + 'static>(config: &Config, stream: S, host: &str) -> Result<Wire, WireError> {
    let plain = Lent::new(stream);
    let encrypted = Lent::nothing();
    let inner = MakeTlsConnect::<Lent<S>>::make_tls_connect(&mut tls(), host).map_err(io::Error::other)?;
    let lend = LendTls { inner, encrypted: encrypted.clone() };
    let (client, connection) = config.connect_raw(plain.clone(), lend).await?;
    let stream: Box<dyn Stream> = match encrypted.take_back() {
        Some(stream) => Box::new(stream),
        None => Box::new(plain.take_back().ok_or_else(|| io::Error::from(io::ErrorKind::NotConnected))?),
    };
    drop((client, connection));
    let mut wire = Wire::new(stream);
    wire.must_be(config.get_target_session_attrs()).await?;
    Ok(wire)
}

impl Wire {
    async fn must_be(&mut self, target: TargetSessionAttrs) -> Result<(), WireError> {
        let test = match target {
            TargetSessionAttrs::ReadWrite => "SELECT 1 / (current_setting('transaction_read_only') = 'off')::int",
            TargetSessionAttrs::ReadOnly => "SELECT 1 / (current_setting('transaction_read_only') = 'on')::int",
            _ => return Ok(()),
        };
        self.batch(test).await
    }
}
