//! The bell: hears from the database that there is work.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join;
use tokio::sync::Notify;
use tokio_postgres::{AsyncMessage, Config, Error};

use crate::tenancy::tls;

/// Listens for as long as the worker lives, and connects again where that ends. Meanwhile the worker looks by itself.
pub(super) async fn hear(config: Config, wake: [Arc<Notify>; 2]) {
    loop {
        if let Err(error) = listen(&config, &wake).await {
            tracing::debug!(error = &error as &dyn std::error::Error, "no notices from the database for now");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn listen(config: &Config, wake: &[Arc<Notify>]) -> Result<(), Error> {
    let (client, mut connection) = config.connect(tls()).await?;
    let messages = async {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(_) = message? {
                ring(wake);
            }
        }
        Ok(())
    };
    let ask = async {
        client.batch_execute("LISTEN outbox").await?;
        // What was written before this moment rang no bell.
        ring(wake);
        Ok(())
    };
    try_join(ask, messages).await.map(drop)
}

fn ring(wake: &[Arc<Notify>]) {
    for crew in wake {
        crew.notify_one();
    }
}
