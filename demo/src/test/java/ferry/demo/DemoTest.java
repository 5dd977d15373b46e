package ferry.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.TestServers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// The demo itself, with a small shop.
final class DemoTest {
    @Test
    @Tag("servers")
    void aSmallShopCrossesUnderLoadAndEndsEqual() {
        TestServers.require(ServerKind.MYSQL_8_0);

        assertEquals(0, new CommandLine(new Demo()).execute("--rows", "3000"));
    }

    @Test
    void aShopThatIsTooSmallIsRefused() {
        assertEquals(2, new CommandLine(new Demo()).execute("--rows", "12"));
    }
}
