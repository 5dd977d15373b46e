/// Reads a project from its file and drives it through its steps.
package ferry.server.run;
