package ferry.demo;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The entry: tells the story of one crossing, on real servers, under real load.
@Command(
        name = "ferry demo",
        description = {
            "Moves a busy MySQL shop to OceanBase while it is written to, proves both equal, then breaks three rows,",
            "finds them and corrects them. Everything runs on this machine and is gone afterwards."
        },
        sortOptions = false)
public final class Demo implements Callable<Integer> {
    private static final int ROWS_LEAST = 1_000;
    private static final int ROWS_MOST = 100_000_000;
    private static final int MISSING = 3;

    @Spec private CommandSpec spec;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "300000",
            description = "About how many rows the shop has (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--keep",
            description = "Leave the servers up at the end until Ctrl-C, and say how to connect.")
    private boolean keep;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Demo()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        if (rows < ROWS_LEAST || rows > ROWS_MOST) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rows must be between %d and %d, not %d"
                            .formatted(ROWS_LEAST, ROWS_MOST, rows));
        }
        CtrlC.ends(CtrlC.EXIT_CODE);
        var story = new Story(System.out, Ink.standard());
        try (var voyage = Voyage.begin(story)) {
            var exitCode = voyage.make(rows);
            if (keep && exitCode != CtrlC.EXIT_CODE) {
                voyage.sayHowToConnect();
                CtrlC.ends(exitCode);
                new CountDownLatch(1).await();
            }
            return exitCode;
        } catch (Servers.NoServerException e) {
            story.bad("MySQL 8.0 cannot run here: %s", e.getMessage());
            return MISSING;
        }
    }
}
