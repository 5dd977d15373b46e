package ferry.server.cli;

import ferry.server.run.Orders;
import java.util.Map;
import picocli.CommandLine.Command;

/// Sets one table aside, so that the others can go on without it.
@Command(
        name = "aside",
        description =
                "Sets one table aside, so that the others go on without it; 'ferry reload' has it loaded again later.")
final class AsideCommand extends TableOrderCommand {
    AsideCommand(Terminal terminal, Map<String, String> environment) {
        super(terminal, environment, Orders::setAside);
    }
}
