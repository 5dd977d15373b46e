/// Tests both ends before anything moves; every item is reported, not just the first failure.
package ferry.engine.precheck;
