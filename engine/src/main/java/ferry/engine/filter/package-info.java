/// Which tables a project moves and what they are called in the target: rules with wildcards, and
/// renames.
package ferry.engine.filter;
