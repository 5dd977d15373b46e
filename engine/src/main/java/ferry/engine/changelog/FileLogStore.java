package ferry.engine.changelog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// A [LogStore] in one folder.
public final class FileLogStore implements LogStore {
    /// Opens the folder, making it if it is missing.
    public FileLogStore(Path folder) throws IOException {
        throw new UnsupportedOperationException("not built");
    }

    @Override
    public List<String> list() throws IOException {
        throw new UnsupportedOperationException("not built");
    }

    @Override
    public void create(String name) throws IOException {
        throw new UnsupportedOperationException("not built");
    }

    @Override
    public void append(String name, ByteBuffer bytes) throws IOException {
        throw new UnsupportedOperationException("not built");
    }

    @Override
    public void sync(String name) throws IOException {
        throw new UnsupportedOperationException("not built");
    }

    @Override
    public long size(String name) throws IOException {
        throw new UnsupportedOperationException("not built");
    }

    @Override
    public int read(String name, long offset, ByteBuffer target) throws IOException {
        throw new UnsupportedOperationException("not built");
    }

    @Override
    public void truncate(String name, long size) throws IOException {
        throw new UnsupportedOperationException("not built");
    }

    @Override
    public void delete(String name) throws IOException {
        throw new UnsupportedOperationException("not built");
    }

    @Override
    public long freeBytes() throws IOException {
        throw new UnsupportedOperationException("not built");
    }

    @Override
    public void close() {}
}
