package ferry.server.cli;

import ferry.server.run.Dialects;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Has one transaction of the source left out.
@Command(
        name = "skip",
        description =
                "Has one transaction of the source left out when it comes; never one that is applied.")
final class SkipCommand implements Runnable {
    private final Terminal terminal;
    private final Map<String, String> environment;

    @Mixin private OrderOptions options = new OrderOptions();

    @Parameters(
            index = "1",
            paramLabel = "GTID",
            description = "The transaction's global id at the source.")
    private String transaction;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Why, for the journal.")
    private String reason;

    SkipCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public void run() {
        var orders = options.orders(Dialects.installed(), environment, reason);
        terminal.out().println(orders.skip(transaction));
    }
}
