package ferry.server.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.server.lifecycle.Event;
import ferry.server.lifecycle.ProjectEvent;
import ferry.server.lifecycle.ProjectState;
import ferry.server.lifecycle.State;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepEvent;
import ferry.server.lifecycle.StepState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
    private static final Event PLANNED =
            new Event.Planned(List.of(Step.TRANSFER_PRECHECK, Step.FULL_TRANSFER));
    private static final Event START = new Event.OfProject(ProjectEvent.START);

    @TempDir Path folder;

    @Test
    void theStateIsTheFoldOfTheEvents() {
        try (var lock = HomeLock.take(home());
                var journal = Journal.open(lock, Redaction.NONE)) {
            assertThat(journal.state()).isEqualTo(State.NEW);
            journal.append(PLANNED, "");
            journal.append(START, "by hand");
            journal.append(new Event.OfStep(Step.FULL_TRANSFER, StepEvent.START), "");
            journal.note("--take-over was given");
            journal.append(new Event.OfProject(ProjectEvent.PAUSE), "Ctrl-C");
        }

        try (var lock = HomeLock.take(home());
                var journal = Journal.open(lock, Redaction.NONE)) {
            assertThat(journal.state().project()).isEqualTo(ProjectState.SUSPEND);
            assertThat(journal.state().steps())
                    .containsEntry(Step.FULL_TRANSFER, StepState.SUSPEND);
            assertThat(journal.last(3).stream().map(HistoryLine::text))
                    .containsExactly(
                            "FULL_TRANSFER START",
                            "note: --take-over was given",
                            "project PAUSE: Ctrl-C");
            assertThat(journal.last(100)).hasSize(5).extracting(HistoryLine::number).isSorted();
        }
    }

    @Test
    void anEventThatMayNotHappenIsNotStored() {
        try (var lock = HomeLock.take(home());
                var journal = Journal.open(lock, Redaction.NONE)) {
            assertThatIllegalStateException()
                    .isThrownBy(
                            () -> journal.append(new Event.OfProject(ProjectEvent.RELEASED), ""));

            assertThat(journal.last(10)).isEmpty();
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesKills() throws IOException, InterruptedException {
        var seed = System.nanoTime();
        var random = new Random(seed);
        var acknowledged = 0L;
        for (var round = 0; round < 3; round++) {
            var victim =
                    new ProcessBuilder(
                                    ProcessHandle.current().info().command().orElseThrow(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    JournalVictim.class.getName(),
                                    home().folder().toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            var last = 0L;
            try (var lines = victim.inputReader()) {
                for (var wanted = random.nextInt(1, 200); last < wanted; ) {
                    last = Long.parseLong(lines.readLine());
                }
                victim.toHandle()
                        .destroyForcibly(); // leaves the pipe open, so that no acknowledgement is
                // missed
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    last = Long.parseLong(line);
                }
            }
            acknowledged += last + 1;

            try (var lock = HomeLock.take(home());
                    var journal = Journal.open(lock, Redaction.NONE)) {
                var history = journal.last(1_000_000);
                assertThat(history)
                        .as("seed %d", seed)
                        .hasSizeBetween((int) acknowledged, (int) acknowledged + 1);
                assertThat(history).extracting(HistoryLine::detail).contains("event " + last);
                acknowledged = history.size();
            }
        }
    }

    @Test
    void aSecondOwnerIsRefused() {
        try (var lock = HomeLock.take(home())) {
            assertThat(lock.home()).isEqualTo(home());

            var refused = catchThrowableOfType(ProblemException.class, () -> HomeLock.take(home()));

            assertThat(refused.code()).isEqualTo(ProblemCode.HOME_LOCKED);
            assertThat(refused.problem().why())
                    .contains("process " + ProcessHandle.current().pid());
            assertThat(HomeLock.tryTake(home())).isEmpty();
        }
        HomeLock.take(home()).close();
    }

    @Test
    void noSecretReachesTheDisk() throws IOException {
        var redaction = new Redaction(List.of("hunter2secret", "ab", "say \"hi\"9"));
        try (var lock = HomeLock.take(home());
                var journal = Journal.open(lock, redaction)) {
            journal.append(PLANNED, "");
            journal.append(
                    START, "driver said: Access denied for jdbc:x://root:hunter2secret@db/ab");
            journal.note("hunter2secret");
            new StatusFile(home().status(), redaction)
                    .write(
                            Map.of(
                                    "problems",
                                    List.of(
                                            "password hunter2secret is wrong",
                                            "say \"hi\"9 is wrong")));
            assertThat(journal.last(2).getFirst().detail())
                    .isEqualTo("driver said: Access denied for jdbc:x://root:***@db/ab");
        }

        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as("%s", file)
                        .doesNotContain("hunter2secret", "hi\\\"9");
            }
        }
    }

    @Test
    void aJournalOfANewerVersionIsRefused() throws SQLException {
        try (var lock = HomeLock.take(home())) {
            Journal.open(lock, Redaction.NONE).close();
            try (var connection =
                            DriverManager.getConnection(
                                    "jdbc:h2:file:" + home().journal(), "ferry", "");
                    var statement = connection.createStatement()) {
                statement.execute("INSERT INTO schema_version VALUES (999)");
            }

            var refused =
                    catchThrowableOfType(
                            ProblemException.class, () -> Journal.open(lock, Redaction.NONE));

            assertThat(refused.problem().toString()).contains("newer Ferry").contains("999");
        }
    }

    @Test
    void aDamagedJournalIsAProblemThatSaysWhatToDo() throws IOException {
        try (var lock = HomeLock.take(home())) {
            Files.writeString(
                    home().folder().resolve("journal.mv.db"), "this is no database".repeat(1000));

            var refused =
                    catchThrowableOfType(
                            ProblemException.class, () -> Journal.open(lock, Redaction.NONE));

            assertThat(refused.problem().toString())
                    .contains("cannot be opened")
                    .contains("move it away");
        }
    }

    @Test
    void aHomeIsReadByItsOwnerOnly() throws IOException {
        home().create();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home().folder())))
                .isEqualTo("rwx------");
    }

    @Test
    void aHomeThatCannotBeMadeIsAProblem() throws IOException {
        Files.writeString(folder.resolve("file"), "not a folder");

        var refused =
                catchThrowableOfType(
                        ProblemException.class,
                        () -> HomeLock.take(Home.of(folder.resolve("file"), "shop")));

        assertThat(refused.code()).isEqualTo(ProblemCode.DISK_FULL);
        assertThat(refused.problem().remedy()).contains("--home");
    }

    @Test
    void aRemovedHomeIsGone() throws IOException {
        try (var lock = HomeLock.take(home())) {
            Journal.open(lock, Redaction.NONE).close();
            Files.createDirectories(home().changeLog().resolve("deep"));

            lock.home().remove();
        }

        assertThat(folder.resolve("shop")).doesNotExist();
    }

    @Test
    void aStatusIsReplacedAsAWholeAndReadBack() {
        var status = new StatusFile(home().create().status(), Redaction.NONE);
        assertThat(status.read()).isEmpty();

        status.write(Map.of("a", 1));
        status.write(
                Map.of(
                        "text",
                        "emoji 😀, \"quoted\", line\nbreak, \u0001\u0085\u007f",
                        "list",
                        List.of(1, 2.5, true)));

        assertThat(status.read())
                .contains(
                        Map.of(
                                "text",
                                "emoji 😀, \"quoted\", line\nbreak, \u0001\u0085\u007f",
                                "list",
                                List.of(1, 2.5, true)));
    }

    private Home home() {
        return Home.of(folder, "shop");
    }
}
