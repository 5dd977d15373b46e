package ferry.testkit.simulation;

import ferry.engine.changelog.LogStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/// The files of a change log in memory, on a disk that forgets at a crash what was not synced.
public final class MemoryLogStore implements LogStore {
    private static final class File {
        private byte[] bytes = new byte[1 << 10];
        private int size;
        private int synced;

        void resize(int newSize) {
            if (newSize > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(newSize, 2 * bytes.length));
            }
            size = newSize;
            synced = Math.min(synced, size);
        }
    }

    private final TreeMap<String, File> files = new TreeMap<>();
    private long roomBytes = Long.MAX_VALUE;

    /// From here on only so many bytes can be appended; that is seen when they are written, and not
    /// before.
    public void room(long bytes) {
        roomBytes = bytes;
    }

    /// The power fails: what was written since the last sync of a file is there, missing, cut short
    /// or garbled.
    public void crash(Random random) {
        for (var file : files.values()) {
            var unsynced = file.size - file.synced;
            if (unsynced <= 0) {
                continue;
            }
            switch (random.nextInt(4)) {
                case 0 -> {} // all of it reached the disk
                case 1 -> file.resize(file.synced);
                case 2 -> file.resize(file.synced + random.nextInt(unsynced));
                default -> {
                    var garbled = new byte[1 + random.nextInt(unsynced)];
                    random.nextBytes(garbled);
                    System.arraycopy(garbled, 0, file.bytes, file.synced, garbled.length);
                }
            }
            file.synced = file.size; // the disk holds it now, such as it is
        }
    }

    @Override
    public List<String> list() {
        return List.copyOf(files.keySet());
    }

    @Override
    public void create(String name) {
        files.put(name, new File());
    }

    @Override
    public void append(String name, ByteBuffer bytes) throws IOException {
        var file = file(name);
        var start = file.size;
        file.resize(start + (int) Math.min(bytes.remaining(), roomBytes));
        bytes.get(file.bytes, start, file.size - start);
        roomBytes -= file.size - start;
        if (bytes.hasRemaining()) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public void sync(String name) throws IOException {
        var file = file(name);
        file.synced = file.size;
    }

    @Override
    public long size(String name) throws IOException {
        return file(name).size;
    }

    @Override
    public int read(String name, long offset, ByteBuffer target) throws IOException {
        var file = file(name);
        var count = (int) Math.max(0, Math.min(target.remaining(), file.size - offset));
        target.put(file.bytes, (int) Math.min(offset, file.size), count);
        return count;
    }

    @Override
    public void truncate(String name, long size) throws IOException {
        file(name).resize((int) Math.min(size, size(name)));
    }

    @Override
    public void delete(String name) {
        files.remove(name);
    }

    @Override
    public long freeBytes() {
        return Long.MAX_VALUE / 2;
    }

    @Override
    public void close() {}

    private File file(String name) throws IOException {
        var file = files.get(name);
        if (file == null) {
            throw new NoSuchFileException(name);
        }
        return file;
    }
}
