//! The memory that hashes are computed in. While others wait it is handed on from one hash to the next, since clearing tens of
//! megabytes anew each time is a noticeable part of the work; when nobody waits it is given back.

use argon2::Block;
use std::sync::{Mutex, PoisonError};

/// Room for one hash at a time.
#[derive(Debug, Default)]
pub(super) struct Workspace(Vec<Block>);

impl Workspace {
    /// Room for so many blocks. What an earlier hash left in it is written over before it is read.
    pub(super) fn blocks(&mut self, count: usize) -> &mut [Block] {
        if self.0.len() < count {
            // Not grown: what is in it is not worth moving.
            self.0 = Vec::new();
            self.0.resize(count, Block::new());
        }
        self.0.get_mut(..count).unwrap_or_default()
    }
}

/// The workspaces that wait for the next hash: never more than there are cores.
#[derive(Debug)]
pub(super) struct Workspaces {
    /// One that a dearer hash from elsewhere has made larger is not kept.
    largest: usize,
    idle: Mutex<Vec<Workspace>>,
}

impl Workspaces {
    pub(super) const fn new(largest: usize) -> Self {
        Self { largest, idle: Mutex::new(Vec::new()) }
    }

    pub(super) fn take(&self) -> Workspace {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Keeps it for those who wait, or frees all there is when nobody does.
    pub(super) fn give_back(&self, workspace: Workspace, others_wait: bool) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if !others_wait {
            idle.clear();
        } else if workspace.0.len() <= self.largest {
            idle.push(workspace);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a14_memory_is_handed_on_while_others_wait_and_freed_after() {
        let workspaces = Workspaces::new(8);
        let [mut one, mut two] = [workspaces.take(), workspaces.take()];
        assert_eq!((one.blocks(8).len(), two.blocks(8).len()), (8, 8));
        workspaces.give_back(one, true);
        workspaces.give_back(two, true);
        assert_eq!(workspaces.take().0.len(), 8);
        workspaces.give_back(Workspace::default(), false);
        assert_eq!(workspaces.take().0.len(), 0, "it is kept though nobody waits");
    }

    #[test]
    fn a14_memory_of_a_dearer_hash_is_not_kept() {
        let workspaces = Workspaces::new(8);
        let mut large = workspaces.take();
        assert_eq!(large.blocks(9).len(), 9);
        workspaces.give_back(large, true);
        assert_eq!(workspaces.take().0.len(), 0);
    }

    #[test]
    fn a14_a_smaller_hash_takes_a_part_of_it() {
        let mut workspace = Workspace::default();
        workspace.blocks(8);
        assert_eq!(workspace.blocks(3).len(), 3);
    }
}
