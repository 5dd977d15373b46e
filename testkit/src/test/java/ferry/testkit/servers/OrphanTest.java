package ferry.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// However a JVM ends, its servers end with it.
@Tag("servers")
final class OrphanTest {
    /// Another JVM with a server.
    private record Other(Process jvm, BufferedReader output, long serverPid, Path dataFolder)
            implements AutoCloseable {
        static Other start(ServerKind kind, Path tmp) throws Exception {
            TestServers.require(kind);
            var builder =
                    new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-Xmx64m",
                            "-Djava.io.tmpdir=" + tmp,
                            "-cp",
                            System.getProperty("java.class.path"),
                            StartAndWait.class.getName(),
                            kind.name());
            var jvm = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
            var output = jvm.inputReader();
            var words = output.readLine().split(" ");
            return new Other(jvm, output, Long.parseLong(words[0]), Path.of(words[1]));
        }

        @Override
        public void close() {
            jvm.destroyForcibly();
        }

        /// A dead process stays listed as a zombie until the system's first process has noticed.
        boolean serverRuns() throws IOException {
            try {
                var status = Files.readString(Path.of("/proc/" + serverPid + "/stat"));
                return !status.contains(") Z ");
            } catch (NoSuchFileException e) {
                return false;
            }
        }

        void ask() throws Exception {
            jvm.outputWriter().append('?').flush();
            assertThat(output.readLine()).isEqualTo("answers");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKilledJvmLeavesNoServerAndTheNextRemovesItsFolder(ServerKind kind, @TempDir Path tmp)
            throws Exception {
        try (var other = Other.start(kind, tmp)) {
            other.ask();
            assertThat(other.serverRuns()).isTrue();

            other.jvm().destroyForcibly().waitFor();

            Poll.until("the server ends", () -> !other.serverRuns());
            assertThat(other.dataFolder()).exists();
            var next = Scratch.open(tmp);
            assertThat(other.dataFolder()).doesNotExist();
            next.delete();
            assertThat(tmp).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "SEEKDB"})
    void aTerminatedJvmLeavesNeitherServerNorFolder(ServerKind kind, @TempDir Path tmp)
            throws Exception {
        try (var other = Other.start(kind, tmp)) {
            other.jvm().destroy(); // SIGTERM, as Ctrl-C: the hook runs.

            assertThat(other.jvm().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(other.serverRuns()).isFalse();
            assertThat(tmp).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "MYSQL_5_6")
    void theFolderOfALivingJvmIsLeftAlone(ServerKind kind, @TempDir Path tmp) throws Exception {
        try (var other = Other.start(kind, tmp)) {
            Scratch.open(tmp).delete();

            other.ask();
            assertThat(Files.isDirectory(other.dataFolder())).isTrue();
            other.jvm().outputWriter().close(); // Its input ends, and so does it.
            assertThat(other.jvm().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(tmp).isEmptyDirectory();
        }
    }
}
