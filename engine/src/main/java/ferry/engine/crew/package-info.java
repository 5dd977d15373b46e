/// Strands of work in bounded steps, and the virtual threads that drive them.
package ferry.engine.crew;
