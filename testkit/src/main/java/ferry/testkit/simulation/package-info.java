/// A world in which everything that happens is decided by a seed: time, order, crashes and lost
/// connections.
package ferry.testkit.simulation;
