/// Puts the verbs together: the picture as code.
package ferry.engine.pipeline;
