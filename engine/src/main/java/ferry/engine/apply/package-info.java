/// Replays the change log on the target: inside a table's window by key, behind it exactly.
package ferry.engine.apply;
