package ferry.server.cli;

import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Writes the pages that are made from declarations.
@Command(
        name = "docs",
        description = "Writes the generated pages: settings, errors, states, events, types.")
final class DocsCommand implements Runnable {
    private final Terminal terminal;

    @Parameters(
            paramLabel = "DIR",
            defaultValue = "docs",
            description = "Where to write them (${DEFAULT-VALUE}).")
    private Path folder;

    DocsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        Pages.all()
                .forEach((name, text) -> {
                    var file = folder.resolve(name);
                    try {
                        Files.createDirectories(file.getParent());
                        Files.writeString(file, text);
                        terminal.out().println(file);
                    } catch (IOException e) {
                        throw new ProblemException(
                                new Problem(
                                        ProblemCode.DISK_FULL,
                                        "the page " + file + " cannot be written",
                                        e.toString(),
                                        "run it in the project's folder, or name another one"),
                                e);
                    }
                });
    }
}
