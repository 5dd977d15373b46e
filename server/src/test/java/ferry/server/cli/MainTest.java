package ferry.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.problem.ProblemCode;
import ferry.server.journal.Home;
import ferry.server.journal.HomeLock;
import ferry.server.journal.Journal;
import ferry.server.journal.Redaction;
import ferry.server.journal.StatusFile;
import ferry.server.lifecycle.Choice;
import ferry.server.lifecycle.Event;
import ferry.server.lifecycle.ProjectEvent;
import ferry.server.lifecycle.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream error = new ByteArrayOutputStream();

    @TempDir Path folder;

    @Test
    void onlyARunningProjectCanBeExplained() throws IOException {
        var file = Files.writeString(folder.resolve("shop.yaml"), "name: shop\n");

        assertThat(run("explain", file.toString(), "--home", folder.toString())).isEqualTo(2);

        assertThat(complained())
                .contains("there is nothing to explain", "no process works on project shop");
    }

    @Test
    void theVersionIsPrinted() {
        assertThat(run("version")).isZero();

        assertThat(printed()).startsWith("ferry 0.").contains("Java 25");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stauts x.yaml | status",
                "status | FILE",
                "status a.yaml --jsn | '--json'",
                "' ' | command is missing"
            })
    void aWrongCommandLineIsAProblemOfTheOperator(String line, String said) {
        assertThat(run(line.isBlank() ? new String[0] : line.split(" "))).isEqualTo(2);

        assertThat(complained()).contains("FERRY-1001", "why:", "do:").contains(said);
    }

    @ParameterizedTest
    @CsvSource({
        "migrate, --until",
        "verify, --correct",
        "status, --home",
        "explain, --seconds",
        "reset, --yes",
        "errors, retry",
        "reload, TABLE",
        "aside, TABLE",
        "skip, GTID",
        "docs, DIR",
        "version, Prints"
    })
    void everyCommandExplainsItself(String command, String said) {
        for (var help : List.of("--help", "-h")) {
            assertThat(run(command, help)).isZero();
        }

        assertThat(printed()).contains("Usage: ferry " + command, "--help", said);
        assertThat(complained()).isEmpty();
    }

    @Test
    void aMissingFileIsAProblemOfTheOperator() {
        assertThat(run("status", folder.resolve("none.yaml").toString())).isEqualTo(2);

        assertThat(complained()).contains("FERRY-1001", "no such file");
    }

    @Test
    void aProjectThatNeverRanIsNotStarted() throws IOException {
        assertThat(run("status", file(), "--home", folder.toString())).isZero();

        assertThat(printed()).contains("shop").contains("not started");
        assertThat(folder.resolve("shop")).doesNotExist();
    }

    @Test
    void theStatusOfAStoppedProjectHasItsHistory() throws IOException {
        try (var lock = HomeLock.take(home());
                var journal = Journal.open(lock, Redaction.NONE)) {
            journal.append(new Event.Planned(Step.plan(EnumSet.allOf(Choice.class))), "");
            journal.append(new Event.OfProject(ProjectEvent.START), "");
            status("RUNNING");
        }

        assertThat(run("status", file(), "--home", folder.toString())).isZero();

        assertThat(printed())
                .contains("stopped without a pause")
                .contains("project START")
                .contains("Full migration");
    }

    @Test
    void theStatusCanBeReadWhileAProcessWorks() throws IOException {
        try (var lock = HomeLock.take(home());
                var journal = Journal.open(lock, Redaction.NONE)) {
            journal.append(new Event.Planned(Step.plan(EnumSet.allOf(Choice.class))), "");
            status("RUNNING");

            assertThat(run("status", file(), "--home", folder.toString())).isZero();
            assertThat(run("status", file(), "--home", folder.toString(), "--json")).isZero();
        }

        assertThat(printed())
                .contains("a process works on it")
                .contains("waits for the limit of 5 rows a second")
                .contains("\"process\":true,\"status\":{");
    }

    @Test
    void resetAsksSomebody() throws IOException {
        assertThat(run("reset", file(), "--home", folder.toString())).isEqualTo(2);

        assertThat(complained()).contains("nothing was reset", "--yes");
    }

    @Test
    void docsAreWrittenWhereAsked() {
        assertThat(run("docs", folder.resolve("pages").toString())).isZero();

        assertThat(folder.resolve("pages/settings.md")).content().contains("load.workers");
        assertThat(folder.resolve("pages/errors.md")).content().contains("FERRY-1001");
        assertThat(folder.resolve("pages/states.md")).content().contains("INCR_TRANSFER");
    }

    @Test
    void everyProblemHasAnExitCodeOfAFailure() {
        for (var code : ProblemCode.values()) {
            assertThat(ExitCode.of(code).number()).as("%s", code).isIn(2, 3, 4);
        }
        assertThat(ExitCode.of(ProblemCode.SOURCE_UNREACHABLE)).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(ExitCode.of(ProblemCode.LOG_PURGED)).isEqualTo(ExitCode.STOPPED);
    }

    private void status(String state) {
        new StatusFile(home().status(), Redaction.NONE)
                .write(
                        Map.of(
                                "at",
                                "now",
                                "state",
                                state,
                                "steps",
                                Map.of("FULL_TRANSFER", "RUNNING"),
                                "picture",
                                Map.of("waitsFor", "the limit of 5 rows a second")));
    }

    private Home home() {
        return Home.of(folder, "shop");
    }

    private String file() throws IOException {
        return Files.writeString(
                        folder.resolve("shop.yaml"),
                        """
                        name: shop
                        source: { type: mysql, host: 127.0.0.1, port: 1, username: ferry, password: "${env:NOT_SET}" }
                        """)
                .toString();
    }

    private int run(String... arguments) {
        var terminal =
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(error, true, StandardCharsets.UTF_8),
                        false,
                        Style.PLAIN);
        return Main.run(terminal, Map.of(), arguments);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return error.toString(StandardCharsets.UTF_8);
    }
}
