package ferry.dialects.mysql;

import java.nio.charset.StandardCharsets;

/// Reads the little-endian bytes of one log event, from left to right. Reading beyond the end is an
/// IndexOutOfBoundsException.
final class EventBytes {
    private final byte[] bytes;
    private final int end;
    private int at;

    EventBytes(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    EventBytes(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    byte[] array() {
        return bytes;
    }

    int at() {
        return at;
    }

    int left() {
        return end - at;
    }

    /// Moves on; returns where it stood.
    int skip(int count) {
        if (count < 0 || count > end - at) {
            throw new IndexOutOfBoundsException(
                    "%d bytes wanted at %d of %d".formatted(count, at, end));
        }
        var before = at;
        at += count;
        return before;
    }

    int u8() {
        return bytes[skip(1)] & 0xff;
    }

    int u16() {
        return (int) little(2);
    }

    int u24() {
        return (int) little(3);
    }

    long u32() {
        return little(4);
    }

    long i64() {
        return little(8);
    }

    /// An unsigned number of up to 8 bytes, least byte first.
    long little(int count) {
        var from = skip(count);
        var value = 0L;
        for (var i = count - 1; i >= 0; i--) {
            value = value << 8 | bytes[from + i] & 0xff;
        }
        return value;
    }

    /// An unsigned number of up to 8 bytes, highest byte first.
    long big(int count) {
        var from = skip(count);
        var value = 0L;
        for (var i = 0; i < count; i++) {
            value = value << 8 | bytes[from + i] & 0xff;
        }
        return value;
    }

    /// A length-encoded integer.
    long packed() {
        var first = u8();
        return switch (first) {
            case 0xfc -> little(2);
            case 0xfd -> little(3);
            case 0xfe -> little(8);
            case 0xfb, 0xff ->
                    throw new IllegalArgumentException(
                            "not a length: 0x" + Integer.toHexString(first));
            default -> first;
        };
    }

    byte[] take(int count) {
        var from = skip(count);
        var result = new byte[count];
        System.arraycopy(bytes, from, result, 0, count);
        return result;
    }

    String utf8(int count) {
        return new String(bytes, skip(count), count, StandardCharsets.UTF_8);
    }

    /// The bit `index` of a bitmap that begins at `from`, lowest bit first.
    boolean bit(int from, int index) {
        return (bytes[from + (index >> 3)] >> (index & 7) & 1) != 0;
    }
}
