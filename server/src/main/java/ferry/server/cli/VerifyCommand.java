package ferry.server.cli;

import ferry.server.run.Correct;
import ferry.server.run.Dialects;
import ferry.server.run.Runner;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Compares source and target now.
@Command(
        name = "verify",
        description = "Compares source and target now, also tables that Ferry did not move.")
final class VerifyCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Map<String, String> environment;

    @Mixin private RunOptions options = new RunOptions();

    @Option(names = "--correct", description = "Correct what differs, and verify that again.")
    private boolean correct;

    VerifyCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        var session = new Session(terminal, environment, options);
        var dialects = Dialects.installed();
        var project = session.project(dialects).with(correct ? Correct.AUTOMATIC : Correct.NEVER);
        return session.run(
                project, dialects, new Runner.Options(false, options.takeOver), Runner::verify);
    }
}
