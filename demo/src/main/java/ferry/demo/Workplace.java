package ferry.demo;

import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;

/// A folder for the project's file and home. It goes when this JVM ends; what a killed demo left
/// behind, the next one removes.
///
/// @param folder where it is
/// @param lock held while this JVM lives
record Workplace(Path folder, FileLock lock) {
    private static final String PREFIX = "ferry-demo-";
    private static final String LOCK = "lock";

    static Workplace open() {
        try {
            var parent = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
            sweep(parent);
            var folder = Files.createTempDirectory(parent, PREFIX);
            var channel =
                    FileChannel.open(
                            folder.resolve(LOCK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            var workplace = new Workplace(folder, channel.lock());
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> delete(folder), "workplace-remover"));
            return workplace;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where `--home` points to.
    Path homes() {
        return folder;
    }

    Path projectFile() {
        return folder.resolve("shop.yaml");
    }

    /// Writes the file that `./ferry migrate` is to read; returns its text.
    String writeProject(DatabaseServer source, DatabaseServer target) {
        var text =
                """
                name: shop
                source: { type: mysql, host: %s, port: %d, username: %s, password: "" }
                target: { type: %s, host: %s, port: %d, username: %s, password: "" }
                objects: { include: ["shop.*"] }
                steps: [schema, full, incremental, verification]
                until: verified
                settings: { load.chunk.rows: 5000 }
                """
                        .formatted(
                                source.host(),
                                source.port(),
                                source.user(),
                                target.kind().family() == ServerKind.Family.OCEANBASE
                                        ? "oceanbase-mysql"
                                        : "mysql",
                                target.host(),
                                target.port(),
                                target.user());
        try {
            Files.writeString(projectFile(), text);
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Copies a log to a place where it outlives this folder; returns that place.
    Path keepLog(Path log) throws IOException {
        var kept = folder.resolveSibling(folder.getFileName() + ".log");
        return Files.copy(log, kept, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void sweep(Path parent) throws IOException {
        try (var folders = Files.newDirectoryStream(parent, Workplace::isFolder)) {
            for (var folder : folders) {
                sweepOne(folder);
            }
        }
    }

    private static boolean isFolder(Path file) {
        return file.getFileName().toString().startsWith(PREFIX) && Files.isDirectory(file);
    }

    private static void sweepOne(Path folder) {
        try (var channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            if (lock != null) {
                delete(folder);
            }
        } catch (IOException | OverlappingFileLockException e) {
            // It is being made, or it belongs to somebody else.
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // Something still writes there: the next demo removes the rest.
        }
    }
}
