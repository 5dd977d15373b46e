/// Reads the source's log and writes the change log; it starts before the first chunk is read and
/// never stops.
package ferry.engine.capture;
