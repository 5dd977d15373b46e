/// What an operator is told when something needs them: code, what, why, what to do.
package ferry.engine.problem;
