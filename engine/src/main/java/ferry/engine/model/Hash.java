package ferry.engine.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// A fast hash of bytes to 64 bits, for tables in memory only: not for files, and not for values
/// that somebody may choose to collide.
public final class Hash {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long FACTOR = 0x9E3779B97F4A7C15L; // 2^64 over the golden ratio

    private Hash() {}

    /// The hash of the bytes from `start` to `end`.
    public static long of(byte[] bytes, int start, int end) {
        var hash = (end - start) * FACTOR;
        var at = start;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = with(hash, (long) LONGS.get(bytes, at));
        }
        var rest = 0L;
        for (; at < end; at++) {
            rest = rest << Byte.SIZE | bytes[at] & 0xff;
        }
        return with(hash, rest);
    }

    /// A hash that depends on both, and on which is which.
    public static long with(long hash, long value) {
        var mixed = (hash ^ value) * FACTOR;
        mixed ^= mixed >>> 32;
        mixed *= 0xD6E8FEB86659FD93L;
        return mixed ^ mixed >>> 29;
    }
}
