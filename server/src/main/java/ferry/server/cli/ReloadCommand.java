package ferry.server.cli;

import ferry.server.run.Orders;
import java.util.Map;
import picocli.CommandLine.Command;

/// Has one table loaded again from nothing, for instance one that was set aside.
@Command(
        name = "reload",
        description =
                "Has one table loaded again by the next 'ferry migrate', for instance one that was set aside.")
final class ReloadCommand extends TableOrderCommand {
    ReloadCommand(Terminal terminal, Map<String, String> environment) {
        super(terminal, environment, Orders::reload);
    }
}
