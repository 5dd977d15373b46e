package ferry.testkit.servers;

import ferry.testkit.servers.Folders.Lock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/// The folder below `java.io.tmpdir` in which this JVM's servers live. It is locked while the JVM
/// lives; the first server of a later JVM removes folders whose owner was killed.
final class Scratch {
    private static final String PREFIX = "ferry-servers-";
    private static final String LOCK = "lock";

    /// Linux gives a Unix socket's path 108 bytes with the zero at its end.
    private static final int SOCKET_PATH_MAX = 107;

    private final Path root;
    private final Lock lock;
    private final AtomicInteger count = new AtomicInteger();

    private Scratch(Path root, Lock lock) {
        this.root = root;
        this.lock = lock;
    }

    static Scratch open(Path tmp) {
        try {
            var real = tmp.toRealPath();
            sweep(real);
            while (true) {
                var root = Files.createTempDirectory(real, PREFIX);
                var lock = Folders.lock(root.resolve(LOCK));
                if (Files.exists(root.resolve(LOCK))) {
                    return new Scratch(root, lock);
                }
                lock.close(); // Another JVM swept it before it was locked.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A new folder, in which a socket of up to 20 characters more has a short enough path.
    Path folder(String name) {
        var folder = root.resolve(name + "-" + count.incrementAndGet());
        if (folder.toString().getBytes().length + 20 > SOCKET_PATH_MAX) {
            throw new ServerUnavailableException(
                    "%s is too long for a Unix socket: set -Djava.io.tmpdir to a shorter folder."
                            .formatted(folder));
        }
        Folders.create(folder);
        return folder;
    }

    Path root() {
        return root;
    }

    void delete() {
        Folders.delete(root);
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void sweep(Path tmp) throws IOException {
        try (var folders = Files.newDirectoryStream(tmp, PREFIX + "*")) {
            for (var folder : folders) {
                sweepOne(folder);
            }
        }
    }

    private static void sweepOne(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            if (lock != null) {
                Folders.delete(folder);
            }
        } catch (NoSuchFileException | OverlappingFileLockException e) {
            // Somebody is just making or removing it, or it is ours: leave it.
        } catch (AccessDeniedException e) {
            // It belongs to another user.
        }
    }
}
