/// The durable, ordered record between capture and apply.
package ferry.engine.changelog;
