/// Facts that every part agrees on: names, types, rows, changes, positions, chunks. Imports nothing
/// of ours.
package ferry.engine.model;
