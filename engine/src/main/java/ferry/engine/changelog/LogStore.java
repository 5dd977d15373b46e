package ferry.engine.changelog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// The files of one change log: the small part of a file system that the log stands on. One thread
/// changes files; any number of threads read at the same time. Nothing happens in the background.
///
/// What a crash may do: bytes appended since the last [#sync] of a file may be there, missing, cut
/// short or garbled, in any combination; everything else stays.
public interface LogStore extends AutoCloseable {
    /// The names of all files, in any order.
    List<String> list() throws IOException;

    /// Makes an empty file. The file's existence is durable when this returns, its bytes are not.
    void create(String name) throws IOException;

    /// Writes all remaining bytes at the file's end. When it throws, any part of them may have been
    /// written.
    void append(String name, ByteBuffer bytes) throws IOException;

    /// Makes everything appended to this file, and its length, durable.
    void sync(String name) throws IOException;

    long size(String name) throws IOException;

    /// Reads from `offset` until `target` is full or the file ends; returns the bytes read, 0 at or
    /// behind the end.
    int read(String name, long offset, ByteBuffer target) throws IOException;

    /// Cuts the file to `size` bytes; durable after the next [#sync].
    void truncate(String name, long size) throws IOException;

    /// Removes the file for good.
    void delete(String name) throws IOException;

    /// Bytes that can still be written.
    long freeBytes() throws IOException;

    /// Computes something that touches no file, while the caller goes on if the store has a thread
    /// for it; here it is computed at once.
    default <T> CompletableFuture<T> beside(Supplier<T> work) {
        return CompletableFuture.completedFuture(work.get());
    }

    @Override
    void close();
}
