package ferry.engine.changelog;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// A store in memory that knows what is durable and can crash, fail and be full.
final class MemoryStore implements LogStore {
    private final Map<String, Content> files = new TreeMap<>();
    private long capacity = Long.MAX_VALUE;
    private boolean honestAboutSpace = true;
    private boolean failsSync;
    private int syncs;

    /// What programs see, and what survives a crash for certain.
    private static final class Content {
        private byte[] seen = new byte[0];
        private byte[] durable = new byte[0];
    }

    @Override
    public List<String> list() {
        return List.copyOf(files.keySet());
    }

    @Override
    public void create(String name) throws IOException {
        if (files.putIfAbsent(name, new Content()) != null) {
            throw new IOException(name + " exists");
        }
    }

    @Override
    public void append(String name, ByteBuffer bytes) throws IOException {
        var content = content(name);
        var room = (int) Math.min(bytes.remaining(), capacity - used());
        var added = new byte[room];
        bytes.get(added);
        content.seen = joined(content.seen, added);
        if (bytes.hasRemaining()) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public void sync(String name) throws IOException {
        syncs++;
        if (failsSync) {
            throw new IOException("Input/output error");
        }
        content(name).durable = content(name).seen;
    }

    @Override
    public long size(String name) throws IOException {
        return content(name).seen.length;
    }

    @Override
    public int read(String name, long offset, ByteBuffer target) throws IOException {
        var bytes = content(name).seen;
        var count = (int) Math.max(0, Math.min(target.remaining(), bytes.length - offset));
        target.put(bytes, (int) Math.min(offset, bytes.length), count);
        return count;
    }

    @Override
    public void truncate(String name, long size) throws IOException {
        content(name).seen = Arrays.copyOf(content(name).seen, (int) size);
    }

    @Override
    public void delete(String name) throws IOException {
        content(name);
        files.remove(name);
    }

    @Override
    public long freeBytes() {
        return honestAboutSpace ? capacity - used() : Long.MAX_VALUE;
    }

    @Override
    public void close() {}

    void capacity(long bytes) {
        capacity = bytes;
    }

    /// The file system only notices while writing that it is full.
    void liesAboutSpace() {
        honestAboutSpace = false;
    }

    void failsSync(boolean fails) {
        failsSync = fails;
    }

    int syncs() {
        return syncs;
    }

    long used() {
        return files.values().stream().mapToLong(content -> content.seen.length).sum();
    }

    byte[] bytes(String name) {
        return files.get(name).seen.clone();
    }

    /// Puts a file as it is after a restart.
    void put(String name, byte[] bytes) {
        var content = new Content();
        content.seen = bytes.clone();
        content.durable = bytes.clone();
        files.put(name, content);
    }

    /// The store after a restart of the process: everything written is there.
    MemoryStore copy() {
        var copy = new MemoryStore();
        files.forEach((name, content) -> copy.put(name, content.seen));
        return copy;
    }

    /// The store after a crash of the machine: what was not durable is missing, cut short or
    /// garbled.
    MemoryStore crashed(Random random) {
        var after = new MemoryStore();
        files.forEach((name, content) -> {
            var seen = content.seen;
            var safe = Math.min(content.durable.length, seen.length);
            var bytes = Arrays.copyOf(seen, safe + random.nextInt(seen.length - safe + 1));
            for (var page = safe; page < bytes.length; page += 100) {
                if (random.nextInt(4) == 0) {
                    Arrays.fill(bytes, page, Math.min(page + 100, bytes.length), (byte) 0);
                }
            }
            after.put(name, bytes);
        });
        return after;
    }

    private Content content(String name) throws IOException {
        var content = files.get(name);
        if (content == null) {
            throw new FileNotFoundException(name);
        }
        return content;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        var both = new ByteArrayOutputStream(first.length + second.length);
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }
}
