/// What the target knows about a project: tables, chunks and how far each lane is; and the lane
/// that writes it.
package ferry.engine.checkpoint;
