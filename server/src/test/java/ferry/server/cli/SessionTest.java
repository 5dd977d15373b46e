package ferry.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.server.journal.Home;
import ferry.server.journal.HomeLock;
import ferry.server.journal.Journal;
import ferry.server.journal.Redaction;
import ferry.server.lifecycle.ProjectState;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// Whole runs in processes of their own, on the toy: what a shell sees of them.
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SessionTest {
    @TempDir Path folder;
    private Process started;

    @AfterEach
    void leaveNoProcess() throws InterruptedException {
        started.destroyForcibly().waitFor();
    }

    @Test
    void aRunForAMachineIsOneEventALine() throws Exception {
        var process = start("VERIFIED", "json");

        var events = process.inputReader().lines().map(SessionTest::parsed).toList();

        assertThat(process.waitFor()).isZero();
        assertThat(events)
                .extracting(event -> event.get("event"))
                .startsWith("started")
                .endsWith("ended");
        assertThat(events)
                .extracting(event -> event.get("event"))
                .contains("checked", "stepChanged", "progressed", "compared", "certified");
        assertThat(events)
                .allSatisfy(event ->
                        assertThat(event).containsKeys("at").containsEntry("project", "shop"));
        assertThat(events.getLast()).containsEntry("outcome", "FINISHED");
    }

    @Test
    void aRunForALogIsOneFactALine() throws Exception {
        var process = start("VERIFIED", "text");

        var lines = process.inputReader().lines().toList();

        assertThat(process.waitFor()).isZero();
        assertThat(lines)
                .allSatisfy(line ->
                        assertThat(line).matches("\\d\\d:\\d\\d:\\d\\d .*").doesNotContain("\033"));
        assertThat(lines)
                .anyMatch(line -> line.contains("✓ source RDB_TABLE_EXIST"))
                .anyMatch(line -> line.contains("Full migration: Running"))
                .anyMatch(line -> line.contains("certificate") && line.contains("certificate.txt"))
                .anyMatch(line -> line.contains("✓ finished"));
    }

    @Test
    void ctrlCIsACleanPause() throws Exception {
        var process = start("FOREVER", "text");
        try (var lines = process.inputReader()) {
            await(lines, "Incremental synchronization: Monitoring");

            interrupt(process);

            assertThat(rest(lines)).anyMatch(line -> line.contains("paused"));
        }
        assertThat(process.waitFor()).isEqualTo(130);
        assertThat(state()).isEqualTo(ProjectState.SUSPEND);
    }

    @Test
    void aSecondCtrlCEndsAProcessThatCannotStop() throws Exception {
        var process = start("FOREVER", "text", "stuck");
        try (var lines = process.inputReader()) {
            await(lines, "Schema migration: Running");
            interrupt(process);
            await(lines, "press Ctrl-C again");

            interrupt(process);

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(state()).as("as after a kill").isEqualTo(ProjectState.RUNNING);
    }

    /// A shell ignores Ctrl-C on behalf of what it runs in the background, and its children inherit
    /// that.
    private Process start(String... arguments) throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                "env",
                                "--default-signal=INT",
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Dstdout.encoding=UTF-8",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ToyRun.class.getName(),
                                folder.toString()));
        command.addAll(List.of(arguments));
        started = new ProcessBuilder(command).start();
        return started;
    }

    private static void interrupt(Process process) throws IOException, InterruptedException {
        assertThat(
                        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                                .start()
                                .waitFor())
                .isZero();
    }

    private static void await(BufferedReader lines, String text) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains(text)) {
                return;
            }
        }
        throw new AssertionError("the process ended without saying '" + text + "'");
    }

    private static List<String> rest(BufferedReader lines) {
        try (Stream<String> all = lines.lines()) {
            return all.toList();
        }
    }

    private ProjectState state() {
        try (var lock = HomeLock.take(Home.of(folder, "shop"));
                var journal = Journal.open(lock, Redaction.NONE)) {
            return journal.state().project();
        }
    }

    private static Map<String, Object> parsed(String line) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(line);
    }
}
