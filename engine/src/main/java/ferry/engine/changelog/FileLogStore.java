package ferry.engine.changelog;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// A [LogStore] in one folder.
///
/// Files are accessed by RandomAccessFile: a FileChannel is closed for all its users when one of
/// their threads is interrupted, and a reader that is stopped must not stop the writer.
public final class FileLogStore implements LogStore {
    private static final int READ_MOST = 32;

    private final Path folder;
    private final Map<String, OpenFile> read = new LinkedHashMap<>(16, 0.75f, true);
    private Optional<OpenFile> written = Optional.empty();
    private Optional<ExecutorService> beside = Optional.empty(); // for whoever writes

    /// A file that is open; used and closed by one thread at a time.
    private static final class OpenFile {
        private final String name;
        private final RandomAccessFile file;
        private boolean closed;

        OpenFile(Path folder, String name, String mode) throws IOException {
            var path = folder.resolve(name);
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path.toString()); // "rw" would make it
            }
            this.name = name;
            file = new RandomAccessFile(path.toFile(), mode);
        }

        /// The bytes read; -1 if another thread closed the file meanwhile.
        synchronized int read(long offset, byte[] bytes, int start, int length) throws IOException {
            if (closed) {
                return -1;
            }
            file.seek(offset);
            var count = 0;
            while (count < length) {
                var more = file.read(bytes, start + count, length - count);
                if (more < 0) {
                    break;
                }
                count += more;
            }
            return count;
        }

        synchronized void close() throws IOException {
            closed = true;
            file.close();
        }
    }

    /// Opens the folder, making it if it is missing.
    public FileLogStore(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    @Override
    public List<String> list() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Override
    public void create(String name) throws IOException {
        Files.createFile(folder.resolve(name));
        syncFolder();
    }

    @Override
    public void append(String name, ByteBuffer bytes) throws IOException {
        var copy = new byte[bytes.hasArray() ? 0 : bytes.remaining()];
        var file = writable(name);
        file.seek(file.length());
        if (bytes.hasArray()) {
            file.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            bytes.position(bytes.limit());
        } else {
            bytes.get(copy);
            file.write(copy);
        }
    }

    @Override
    public void sync(String name) throws IOException {
        writable(name).getFD().sync();
    }

    @Override
    public long size(String name) throws IOException {
        return Files.size(folder.resolve(name));
    }

    @Override
    public int read(String name, long offset, ByteBuffer target) throws IOException {
        var direct = target.hasArray();
        var bytes = direct ? target.array() : new byte[target.remaining()];
        var start = direct ? target.arrayOffset() + target.position() : 0;
        var count = -1;
        while (count < 0) {
            count = readable(name).read(offset, bytes, start, target.remaining());
        }
        if (direct) {
            target.position(target.position() + count);
        } else {
            target.put(bytes, 0, count);
        }
        return count;
    }

    @Override
    public void truncate(String name, long size) throws IOException {
        writable(name).setLength(size);
    }

    @Override
    public void delete(String name) throws IOException {
        synchronized (read) {
            if (written.isPresent() && written.get().name.equals(name)) {
                written.get().close();
                written = Optional.empty();
            }
            var file = read.remove(name);
            if (file != null) {
                file.close();
            }
        }
        Files.delete(folder.resolve(name));
        syncFolder();
    }

    @Override
    public long freeBytes() throws IOException {
        return folder.toFile().getUsableSpace(); // Files.getFileStore reads the whole mount table
    }

    /// One thread of the platform: what is computed here would hold a carrier of virtual threads.
    @Override
    public <T> CompletableFuture<T> beside(Supplier<T> work) {
        if (beside.isEmpty()) {
            var threads = Thread.ofPlatform().daemon().name("ferry-changelog").factory();
            beside = Optional.of(Executors.newSingleThreadExecutor(threads));
        }
        return CompletableFuture.supplyAsync(work, beside.get());
    }

    @Override
    public void close() {
        beside.ifPresent(ExecutorService::close);
        synchronized (read) {
            written.ifPresent(FileLogStore::closeQuietly);
            written = Optional.empty();
            read.values().forEach(FileLogStore::closeQuietly);
            read.clear();
        }
    }

    /// The file that is written to: one at a time.
    private RandomAccessFile writable(String name) throws IOException {
        synchronized (read) {
            if (written.isEmpty() || !written.get().name.equals(name)) {
                if (written.isPresent()) {
                    written.get().close();
                    written = Optional.empty();
                }
                written = Optional.of(new OpenFile(folder, name, "rw"));
            }
            return written.get().file;
        }
    }

    private OpenFile readable(String name) throws IOException {
        synchronized (read) {
            var open = read.get(name);
            if (open == null) {
                open = new OpenFile(folder, name, "r");
                read.put(name, open);
                if (read.size() > READ_MOST) {
                    var oldest = read.keySet().iterator().next();
                    read.remove(oldest).close();
                }
            }
            return open;
        }
    }

    /// Makes the folder's list of files durable, whether the thread is interrupted or not.
    private void syncFolder() throws IOException {
        var interrupted = false;
        try {
            while (true) {
                try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                    Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void closeQuietly(OpenFile file) {
        try {
            file.close();
        } catch (IOException e) {
            // Everything that was promised is durable already.
        }
    }
}
