/// The command line: what an operator types, sees and gets as exit code.
package ferry.server.cli;
