package ferry.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.testkit.servers.Commands.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/// Where servers come from and are kept, and what is said when one cannot be had.
final class ProvisionTest {
    @Test
    void theCacheIsInTheProjectsRootUnlessNamed(@TempDir Path tmp) throws Exception {
        var module = Files.createDirectories(tmp.resolve("dialects/mysql"));
        Files.writeString(module.resolve("pom.xml"), "<project/>");
        Files.writeString(tmp.resolve("pom.xml"), "<project><modules></modules></project>");

        assertThat(Provision.cache(Map.of(), module)).isEqualTo(tmp.resolve(".cache"));
        assertThat(Provision.cache(Map.of("FERRY_CACHE", "/kept/../servers"), module))
                .isEqualTo(Path.of("/servers"));
        assertThatThrownBy(() -> Provision.cache(Map.of(), Path.of("/")))
                .isInstanceOf(ServerUnavailableException.class)
                .hasMessageContaining("FERRY_CACHE");
    }

    @Test
    void aLauncherAloneMarksTheRootToo(@TempDir Path tmp) throws Exception {
        Files.createFile(tmp.resolve("ferry"));

        assertThat(Provision.cache(Map.of("FERRY_CACHE", ""), tmp))
                .isEqualTo(tmp.resolve(".cache"));
    }

    @Test
    void aMissingServerFailsInCiAndSkipsElsewhereExceptTheMovingOne() {
        assertThat(TestServers.missing(ServerKind.SEEKDB, "why", true))
                .isInstanceOf(ServerUnavailableException.class)
                .hasMessage("why");
        assertThat(TestServers.missing(ServerKind.SEEKDB, "why", false))
                .isInstanceOf(TestAbortedException.class)
                .hasMessage("why");
        assertThat(TestServers.missing(ServerKind.MYSQL_9, "why", true))
                .isInstanceOf(TestAbortedException.class);
    }

    @Test
    void aLibraryIsFoundByItsNameForThisKindOfMachine() {
        var known =
                """
                2 libs found in cache `/etc/ld.so.cache'
                \tlibaio.so.1t64 (libc6,x86-64) => /lib/x86_64-linux-gnu/libaio.so.1t64
                \tlibnuma.so.1 (libc6) => /lib/i386-linux-gnu/libnuma.so.1
                """;

        assertThat(Libraries.path(known, "libaio.so.1t64"))
                .contains(Path.of("/lib/x86_64-linux-gnu/libaio.so.1t64"));
        assertThat(Libraries.path(known, "libaio.so.1")).isEmpty();
        assertThat(Libraries.path(known, "libnuma.so.1")).isEmpty();
    }

    @Test
    void aFailedCommandTellsItsOutputAndAMissingOneItsName(@TempDir Path tmp) {
        assertThatThrownBy(() ->
                        Commands.run(Command.in(tmp, "sh", "-c", "echo no such artifact; exit 3")))
                .isInstanceOf(ServerUnavailableException.class)
                .hasMessageContaining("code 3")
                .hasMessageContaining("no such artifact");
        assertThatThrownBy(() -> Commands.run(Command.in(tmp, "no-such-client")))
                .isInstanceOf(ServerUnavailableException.class)
                .hasMessageContaining("no-such-client");
    }

    @Test
    void anArchiveCannotWriteOutsideItsFolder(@TempDir Path tmp) throws Exception {
        var archive = tmp.resolve("evil.zip");
        try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("../outside"));
        }

        assertThatThrownBy(() -> Packages.unpackZip(archive, "", tmp.resolve("inside")))
                .hasMessageContaining("../outside");
        assertThat(tmp.resolve("outside")).doesNotExist();
    }

    @Test
    void aTooLongFolderIsToldBeforeTheServerFails(@TempDir Path tmp) throws Exception {
        var scratch = Scratch.open(Files.createDirectories(tmp.resolve("x".repeat(100))));

        assertThatThrownBy(() -> scratch.folder("mysql")).hasMessageContaining("java.io.tmpdir");
        scratch.delete();
    }

    @Test
    void aPortIsGivenOutOnceAndATakenOneNever() throws Exception {
        var port = Ports.free();

        assertThat(Ports.free()).isNotEqualTo(port);
        try (var relay = Relay.to("127.0.0.1", port)) {
            assertThat(Ports.isFree(relay.port())).isFalse();
        }
        assertThat(Ports.isFree(port)).isTrue();
    }
}
