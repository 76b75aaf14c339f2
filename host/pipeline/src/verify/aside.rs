//! Verification beside what is being served.

use std::sync::Arc;

use store::Head;

use super::Verified;
use crate::error::Rejection;
use crate::node::Node;

impl Node {
    /// Verifies a network beside what is being served: on a thread of its own, in a store that is thrown away.
    pub async fn verify_aside(self: &Arc<Node>, head: &Head) -> Result<Verified, Rejection> {
        let broken = |error: &dyn std::fmt::Display| Rejection::Internal(error.to_string());
        let aside = self.shelf.cache().join(format!("aside-{}", crate::node::command_id()?));
        std::fs::create_dir_all(&aside).map_err(|error| broken(&error))?;
        let (node, head, scratch) = (self.clone(), head.clone(), aside.join("scratch.sqlite"));
        let runtime = tokio::runtime::Handle::current();
        let work = move || runtime.block_on(node.verify(&head, &scratch, &|_| ()));
        let verified = tokio::task::spawn_blocking(work).await;
        let _ = std::fs::remove_dir_all(&aside);
        verified.map_err(|error| broken(&error))?
    }
}
