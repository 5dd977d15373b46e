/// Runs the stories on real servers, and crashes everything that can crash.
package ferry.scenarios;
