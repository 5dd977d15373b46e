package ferry.server.cli;

import ferry.server.run.Dialects;
import ferry.server.run.Orders;
import ferry.server.run.ProjectFile;
import java.util.Map;
import picocli.CommandLine.Option;

/// What commands that order something have in common on the command line.
final class OrderOptions extends ProjectOptions {
    @Option(
            names = "--take-over",
            description = "Go on although another process seems to work on the project.")
    boolean takeOver;

    /// Orders in the name of whoever is logged in.
    Orders orders(Dialects dialects, Map<String, String> environment, String reason) {
        var project = ProjectFile.read(file, dialects.endpointTypes(), environment);
        return new Orders(
                project, home(project.name()), dialects, Orders.By.loggedIn(reason, takeOver));
    }
}
