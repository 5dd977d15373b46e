/// Real database servers for tests and the demo: obtained, started, paused, killed and cleaned up.
///
/// Nothing but [TestServers] knows JUnit, so that the demo can use the rest.
package ferry.testkit.servers;
