package ferry.demo;

import ferry.server.cli.Main;
import ferry.server.journal.Home;
import ferry.testkit.servers.DatabaseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The story of the demo, chapter by chapter. Each migration and verification is the command that
/// an operator would type, run in this process. Whatever is not as it should be ends the story.
final class Voyage implements AutoCloseable {
    private static final long SEED = 20_260_301;
    private static final Duration UNTIL_ALTER = Duration.ofSeconds(6);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LINE_MAX = 160;
    private static final int EQUAL = 0;
    private static final int DIFFERENT = 1;
    private static final int FAILED = 4;

    private final Story story;
    private final Workplace workplace;
    private final Servers servers;

    private Voyage(Story story, Workplace workplace, Servers servers) {
        this.story = story;
        this.workplace = workplace;
        this.servers = servers;
    }

    /// Why the story ends before its end, and with which exit code.
    private static final class EndedEarly extends Exception {
        private static final long serialVersionUID = 1;

        private final int exitCode;

        EndedEarly(int exitCode, String why) {
            super(why);
            this.exitCode = exitCode;
        }
    }

    /// Starts the servers.
    static Voyage begin(Story story) throws SQLException {
        var workplace = Workplace.open();
        // Before the first logger is made, which is when the first connection is opened.
        System.setProperty("ferry.log", home(workplace).create().log().toString());
        story.title(
                "Ferry demo: a busy MySQL shop moves to another database while people buy in it");
        story.chapter("Start two real database servers", "");
        var voyage = new Voyage(story, workplace, Servers.start(story));
        voyage.introduce("source", voyage.servers.source());
        voyage.introduce("target", voyage.servers.target());
        return voyage;
    }

    private void introduce(String role, DatabaseServer server) throws SQLException {
        story.say(
                "%s   %-18s %s:%d   version %s",
                role,
                server == servers.target() && servers.isOceanBase() ? "OceanBase kernel" : "MySQL",
                server.host(),
                server.port(),
                server.query("SELECT version()").getFirst());
    }

    /// From the empty shop to the summary; returns the exit code, which is 0 only if everything
    /// went as told.
    int make(int rows) throws IOException, InterruptedException {
        try {
            fill(rows);
            try (var traffic = Traffic.start(servers.source(), SEED)) {
                open(traffic);
                migrate();
                close(traffic);
            }
            arrive();
            spoil();
            find();
            correct();
            story.summary();
            return EQUAL;
        } catch (EndedEarly e) {
            if (e.exitCode == CtrlC.EXIT_CODE) {
                story.say("Stopped.");
                return e.exitCode;
            }
            return ended(e.exitCode, e.getMessage());
        } catch (SQLException e) {
            return ended(FAILED, e.getMessage());
        }
    }

    private int ended(int exitCode, String why) throws IOException {
        story.bad("The demo ends here: %s", why);
        story.say("Ferry's log has been kept: %s", workplace.keepLog(home(workplace).log()));
        return exitCode;
    }

    private void fill(int rows) throws SQLException {
        story.chapter("Fill the shop", "");
        var shop = Shop.open(servers.source(), rows);
        var counts = Shop.count(servers.source());
        story.say(
                "%d tables, %,d rows, %,d MB:",
                counts.size(), sum(counts.values()), shop.megabytes());
        story.tell(
                """
                every column type; keys of numbers beyond 2^63, of text, of bytes, of two columns, and no key at all;
                foreign keys, a partitioned table, JSON, pictures, emoji, latin1, dates that no calendar has.
                """);
    }

    private void open(Traffic traffic) {
        story.chapter("Open the shop", "");
        story.say(
                "%d writers place, settle and cancel orders, exchange unique values, count, click and edit;",
                traffic.writers());
        story.say("every few seconds one changes thousands of rows in one transaction.");
        story.say(
                "In %d seconds one of them adds a column to the customers.",
                UNTIL_ALTER.toSeconds());
        traffic.addColumnAfter(UNTIL_ALTER);
    }

    private void migrate() throws EndedEarly {
        story.chapter("Migrate, while the writers go on", "./ferry migrate shop.yaml");
        story.tell(workplace.writeProject(servers.source(), servers.target()));
        ferry(EQUAL, "migrate");
    }

    private void close(Traffic traffic) throws InterruptedException, EndedEarly {
        story.chapter("Close the shop", "");
        var alter = traffic.awaitColumn(PATIENCE);
        var perSecond = traffic.perSecond();
        traffic.stop();
        var failure = traffic.failure();
        if (failure.isPresent()) {
            throw new EndedEarly(
                    FAILED,
                    "the writer that should %s gave up: %s"
                            .formatted(failure.get().habit(), failure.get().cause().getMessage()));
        }
        story.say(
                "The writers have committed %,d transactions, %.0f a second.",
                traffic.committed(), perSecond);
        if (alter.isEmpty()) {
            throw new EndedEarly(
                    FAILED,
                    "ALTER TABLE did not come through within " + PATIENCE.toSeconds() + " s");
        }
        story.say("Their ALTER TABLE took %.1f s.", alter.get().toMillis() / 1000.0);
    }

    private void arrive() throws EndedEarly, SQLException, IOException {
        story.chapter("Bring over the rest, and prove both equal", "./ferry migrate shop.yaml");
        ferry(EQUAL, "migrate");
        var proof = proof();
        if (!proof.equal() || !proof.grade().equals("STANDSTILL")) {
            throw new EndedEarly(
                    FAILED,
                    "the certificate does not say that all is equal at one position: " + proof);
        }
        story.tell("");
        story.tell(Files.readString(home(workplace).certificateText()));
        if (servers.target().query("SHOW COLUMNS FROM shop.customers LIKE 'nickname'").isEmpty()) {
            throw new EndedEarly(FAILED, "the column that was added is not in the target");
        }
        story.good("The column that was added meanwhile is in the target.");
        countWithoutFerry();
    }

    /// Trusts nobody: both servers count.
    private void countWithoutFerry() throws SQLException, EndedEarly {
        var source = Shop.count(servers.source());
        var target = Shop.count(servers.target());
        if (!source.equals(target)) {
            throw new EndedEarly(
                    FAILED,
                    "the servers count other rows: source %s, target %s".formatted(source, target));
        }
        story.good(
                "Both servers count %,d rows in %d tables.", sum(source.values()), source.size());
    }

    private void spoil() throws SQLException {
        story.chapter("Spoil three rows in the target", "");
        Damage.doTo(servers.target(), story);
    }

    private void find() throws EndedEarly, IOException {
        story.chapter("Find them", "./ferry verify shop.yaml");
        ferry(DIFFERENT, "verify");
        var proof = proof();
        if (proof.sourceOnly() != 1 || proof.targetOnly() != 1 || proof.mismatched() != 1) {
            throw new EndedEarly(FAILED, "not exactly the three rows were found: " + proof);
        }
        story.good("Exactly the three rows were found. This would correct them:");
        story.tell(correction());
    }

    /// The statements that Ferry has written, without their heading.
    private String correction() throws IOException {
        return Files.readAllLines(home(workplace).corrections()).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("--"))
                .map(line -> line.length() > LINE_MAX ? line.substring(0, LINE_MAX) + " …" : line)
                .collect(Collectors.joining("\n"));
    }

    private void correct() throws EndedEarly, SQLException {
        story.chapter("Correct them, and prove it again", "./ferry verify --correct shop.yaml");
        ferry(EQUAL, "verify", "--correct");
        if (!proof().equal()) {
            throw new EndedEarly(
                    FAILED, "the certificate does not say that all is equal: " + proof());
        }
        countWithoutFerry();
    }

    /// Runs a command of Ferry as the command line would.
    private void ferry(int expected, String... words) throws EndedEarly {
        var arguments = new ArrayList<>(List.of(words));
        arguments.addAll(
                List.of(
                        workplace.projectFile().toString(),
                        "--home",
                        workplace.homes().toString()));
        var exitCode = Main.run(arguments.toArray(String[]::new));
        // The command has left its own handlers behind, which pause what has ended.
        CtrlC.ends(CtrlC.EXIT_CODE);
        if (exitCode == CtrlC.EXIT_CODE) {
            throw new EndedEarly(exitCode, "stopped");
        }
        if (exitCode != expected) {
            throw new EndedEarly(
                    exitCode == EQUAL ? FAILED : exitCode,
                    "'ferry %s' ended with code %d, expected was %d"
                            .formatted(words[0], exitCode, expected));
        }
    }

    private Proof proof() {
        return Proof.of(home(workplace).certificateJson());
    }

    private static Home home(Workplace workplace) {
        return Home.of(workplace.homes(), Shop.DATABASE);
    }

    private static long sum(Iterable<Long> numbers) {
        var sum = 0L;
        for (var number : numbers) {
            sum += number;
        }
        return sum;
    }

    /// For those who want to look around.
    void sayHowToConnect() {
        story.title("    The servers stay up until you press Ctrl-C here; then they are gone");
        sayHowToConnect("source", servers.source());
        sayHowToConnect("target", servers.target());
        for (var command : List.of("status", "verify")) {
            story.say(
                    "ferry    ./ferry %s %s --home %s",
                    command, workplace.projectFile(), workplace.homes());
        }
    }

    private void sayHowToConnect(String role, DatabaseServer server) {
        story.say(
                "%s   mysql --host=%s --port=%d --user=%s %s",
                role, server.host(), server.port(), server.user(), Shop.DATABASE);
    }

    @Override
    public void close() {
        servers.close();
    }
}
