package ferry.server.cli;

import ferry.engine.config.Nearest;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

/// The entry: reads the command line, runs a command, and turns how it ended into an exit code.
@Command(
        name = "ferry",
        description = "Moves a running database to another one, and proves that both are equal.",
        mixinStandardHelpOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = CommandLine.HelpCommand.class)
public final class Main implements Runnable {
    private final CommandLine line;

    private Main(Terminal terminal, Map<String, String> environment) {
        this.line =
                new CommandLine(this)
                        .addSubcommand(new VersionCommand(terminal))
                        .addSubcommand(new MigrateCommand(terminal, environment))
                        .addSubcommand(new VerifyCommand(terminal, environment))
                        .addSubcommand(new PlanCommand(terminal, environment))
                        .addSubcommand(new StatusCommand(terminal))
                        .addSubcommand(new ExplainCommand(terminal))
                        .addSubcommand(new ErrorsCommand(terminal, environment))
                        .addSubcommand(new ReloadCommand(terminal, environment))
                        .addSubcommand(new AsideCommand(terminal, environment))
                        .addSubcommand(new SkipCommand(terminal, environment))
                        .addSubcommand(new ResetCommand(terminal, environment))
                        .addSubcommand(new DocsCommand(terminal));
        for (var command : line.getSubcommands().values()) {
            if (command.getCommandSpec().findOption("--help") == null) {
                command.getCommandSpec().addOption(help());
            }
        }
        line.setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(terminal.out(), true))
                .setErr(new PrintWriter(terminal.error(), true))
                .setParameterExceptionHandler((wrong, _) -> fail(terminal, misuse(wrong)))
                .setExecutionExceptionHandler((failure, _, _) -> fail(terminal, problem(failure)));
    }

    private static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build();
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /// Runs one command in this process as the command line does; returns its exit code. It leaves
    /// its own signal handlers behind.
    public static int run(String... arguments) {
        return run(Terminal.standard(System.getenv()), System.getenv(), arguments);
    }

    /// Runs one command; returns its exit code.
    static int run(Terminal terminal, Map<String, String> environment, String... arguments) {
        return new Main(terminal, environment).line.execute(arguments);
    }

    /// Where homes lie unless `--home` names another folder.
    static Path defaultHome() {
        return Path.of(System.getProperty("user.home"), ".ferry");
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(line, "a command is missing");
    }

    private static int fail(Terminal terminal, Problem problem) {
        terminal.error().print(ProblemText.of(problem, terminal.style()));
        return ExitCode.of(problem.code()).number();
    }

    private static Problem misuse(CommandLine.ParameterException wrong) {
        var command = wrong.getCommandLine();
        var subject = command.getParent() == null ? "" : " " + command.getCommandName();
        return new Problem(
                ProblemCode.CONFIGURATION,
                "the command line is not right",
                wrong.getMessage(),
                suggestion(wrong) + "'ferry" + subject + " --help' tells what can be written");
    }

    private static String suggestion(CommandLine.ParameterException wrong) {
        if (!(wrong instanceof CommandLine.UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return "";
        }
        var written = unmatched.getUnmatched().getFirst();
        var spec = wrong.getCommandLine().getCommandSpec();
        var known =
                written.startsWith("-") ? spec.optionsMap().keySet() : spec.subcommands().keySet();
        return known.isEmpty() ? "" : "did you mean '" + Nearest.of(written, known) + "'? ";
    }

    private static Problem problem(Exception failure) {
        if (failure instanceof ProblemException known) {
            return known.problem();
        }
        return new Problem(
                ProblemCode.INTERNAL,
                "Ferry stopped",
                failure.toString(),
                "run it again; report this if it stays");
    }
}
