/// What every dialect must pass: its promises, tried on real servers.
package ferry.testkit.contract;
