/// Makes the target's tables, builds the keys that come later, and follows schema changes of the
/// source.
package ferry.engine.schema;
