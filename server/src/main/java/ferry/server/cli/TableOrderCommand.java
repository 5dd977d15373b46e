package ferry.server.cli;

import ferry.server.run.Dialects;
import ferry.server.run.Orders;
import java.util.Map;
import java.util.function.BiFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// An order that concerns one table.
abstract class TableOrderCommand implements Runnable {
    private final Terminal terminal;
    private final Map<String, String> environment;
    private final BiFunction<Orders, String, String> order;

    @Mixin private OrderOptions options = new OrderOptions();

    @Parameters(
            index = "1",
            paramLabel = "TABLE",
            description = "The table's name at the source, as database.table.")
    private String table;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the journal.")
    private String reason = "no reason given";

    TableOrderCommand(
            Terminal terminal,
            Map<String, String> environment,
            BiFunction<Orders, String, String> order) {
        this.terminal = terminal;
        this.environment = environment;
        this.order = order;
    }

    @Override
    public void run() {
        var orders = options.orders(Dialects.installed(), environment, reason);
        terminal.out().println(order.apply(orders, table));
    }
}
