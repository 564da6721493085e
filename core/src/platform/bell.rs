//! The bell: hears from the database that something was written which somebody in this process waits for.

use std::future::poll_fn;
use std::time::Duration;

use futures_util::future::try_join;
use tokio_postgres::{AsyncMessage, Config, Error};

use crate::tenancy::tls;

/// What is heard.
pub(crate) enum Ring {
    /// A notice, with what it says.
    Notice(String),
    /// It listens from now on. What was written before this moment rang no bell.
    Begun,
}

/// Listens to a channel for as long as it is polled, and connects again where that ends.
pub(crate) async fn hear(config: Config, channel: &'static str, rings: impl Fn(Ring)) {
    loop {
        if let Err(error) = listen(&config, channel, &rings).await {
            tracing::debug!(error = &error as &dyn std::error::Error, "no notices from the database for now");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn listen(config: &Config, channel: &'static str, rings: &impl Fn(Ring)) -> Result<(), Error> {
    let (client, mut connection) = config.connect(tls()).await?;
    let messages = async {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(notice) = message? {
                rings(Ring::Notice(notice.payload().to_owned()));
            }
        }
        Ok(())
    };
    let ask = async {
        client.batch_execute(&format!("LISTEN {channel}")).await?;
        rings(Ring::Begun);
        Ok(())
    };
    try_join(ask, messages).await.map(drop)
}
