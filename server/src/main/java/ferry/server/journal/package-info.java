/// What Ferry keeps on its own disk about a project: its events, its last picture, and the lock
/// that makes one process its owner.
package ferry.server.journal;
