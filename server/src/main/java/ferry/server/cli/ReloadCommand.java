package ferry.server.cli;

import ferry.server.run.Dialects;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Has one table loaded again from nothing, for instance one that was set aside.
@Command(
        name = "reload",
        description =
                "Has one table loaded again by the next 'ferry migrate', for instance one that was set aside.")
final class ReloadCommand implements Runnable {
    private final Terminal terminal;
    private final Map<String, String> environment;

    @Mixin private OrderOptions options = new OrderOptions();

    @Parameters(
            index = "1",
            paramLabel = "TABLE",
            description = "The table's name at the source, as database.table.")
    private String table;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the journal.")
    private String reason = "no reason given";

    ReloadCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public void run() {
        var orders = options.orders(Dialects.installed(), environment, reason);
        terminal.out().println(orders.reload(table));
    }
}
