package ferry.server.journal;

import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Makes this process the only one that works in a project's home. The operating system gives the
/// lock back when the process ends, however it ends.
public final class HomeLock implements AutoCloseable {
    /// `ferry status` holds the lock for a moment.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration LOOK_TIME = Duration.ofMillis(50);

    private final Home home;
    private final FileChannel channel;

    private HomeLock(Home home, FileChannel channel) {
        this.home = home;
        this.channel = channel;
    }

    /// Takes the lock; throws HOME_LOCKED if another process has it and keeps it.
    public static HomeLock take(Home home) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var lock = tryTake(home);
        while (lock.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_TIME.toNanos());
            lock = tryTake(home);
        }
        return lock.orElseThrow(() ->
                ProblemException.of(
                        ProblemCode.HOME_LOCKED,
                        "the project in " + home.folder() + " is in use",
                        "another process works on it" + holder(home),
                        "wait until it ends, or look at it with 'ferry status'"));
    }

    /// Takes the lock; empty if another process has it.
    public static Optional<HomeLock> tryTake(Home home) {
        FileChannel channel = null;
        try {
            channel =
                    FileChannel.open(
                            home.create().lock(),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (lock(channel)) {
                var pid =
                        ByteBuffer.wrap(
                                ("process " + ProcessHandle.current().pid())
                                        .getBytes(StandardCharsets.UTF_8));
                channel.truncate(0);
                channel.write(pid, 0);
                return Optional.of(new HomeLock(home, channel));
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            closeAfter(channel, e);
            throw Home.broken("the lock in " + home.folder() + " cannot be taken", e);
        }
    }

    public Home home() {
        return home;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Home.broken("the lock in " + home.folder() + " cannot be given back", e);
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // another owner inside this process
        }
    }

    private static String holder(Home home) {
        try {
            var text = Files.readString(home.lock());
            return text.isBlank() ? "" : ": " + text;
        } catch (IOException e) {
            return ""; // its name is a courtesy only
        }
    }

    private static void closeAfter(FileChannel channel, IOException failure) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
