//! stub
pub struct ClientAddr(pub std::net::IpAddr);
pub struct H;
impl H {
    pub fn render(&self) -> String {
        String::new()
    }
}
pub fn metrics_handle() -> H {
    H
}
impl super::problem::ApiError {
    pub(crate) fn unsupported_media_type() -> Self {
        Self::malformed("x")
    }
}

pub struct Served {
    pub aborted: usize,
}
pub fn edge<E: poem::Endpoint + 'static>(
    r: E,
    _: &crate::config::HttpConfig,
) -> impl poem::Endpoint<Output = poem::Response> + use<E> {
    use poem::EndpointExt;
    r.map_to_response()
}
pub async fn serve<E: poem::Endpoint + 'static>(
    l: tokio::net::TcpListener,
    e: E,
    _: &crate::config::HttpConfig,
    stop: impl Future<Output = ()>,
) -> Served {
    let a = poem::listener::TcpAcceptor::from_tokio(l).unwrap();
    poem::Server::new_with_acceptor(a).run_with_graceful_shutdown(e, stop, None).await.unwrap();
    Served { aborted: 0 }
}
