/// The initial copy: tables cut into chunks, each read between two known positions and written with
/// its mark in one target transaction.
package ferry.engine.load;
