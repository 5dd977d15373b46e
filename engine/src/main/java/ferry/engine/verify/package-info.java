/// Compares source and target while both change, explains every difference, and corrects it.
package ferry.engine.verify;
