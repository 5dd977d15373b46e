package ferry.engine.changelog;

import ferry.engine.model.CodedChanges;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/// A growing array of bytes that records are written into.
final class Encoder {
    private static final int MOST = Integer.MAX_VALUE - 64;
    private static final int LEAST = 1 << 16; // of an array that takes the place of another one

    private byte[] bytes;
    private int length;

    Encoder(int capacity) {
        bytes = new byte[capacity];
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }

    /// Forgets everything from `newLength` on.
    void cutTo(int newLength) {
        length = newLength;
    }

    /// Gives its array away. What stands behind the first `count` bytes goes on in `other`, or in a
    /// new array if that is too small.
    byte[] handOver(int count, byte[] other) {
        var given = bytes;
        var rest = length - count;
        bytes = other.length >= Math.max(rest, LEAST) ? other : new byte[Math.max(rest, LEAST)];
        System.arraycopy(given, count, bytes, 0, rest);
        length = rest;
        return given;
    }

    Encoder number(long value) {
        reserve(10);
        var rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    Encoder flag(boolean value) {
        return octet(value ? 1 : 0);
    }

    Encoder octet(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
        return this;
    }

    void octetAt(int offset, int value) {
        bytes[offset] = (byte) value;
    }

    Encoder fourBytes(int value) {
        reserve(4);
        length += 4;
        fourBytesAt(length - 4, value);
        return this;
    }

    void fourBytesAt(int offset, int value) {
        bytes[offset] = (byte) (value >>> 24);
        bytes[offset + 1] = (byte) (value >>> 16);
        bytes[offset + 2] = (byte) (value >>> 8);
        bytes[offset + 3] = (byte) value;
    }

    Encoder text(String value) {
        var utf8 = value.getBytes(StandardCharsets.UTF_8);
        return number(utf8.length).octets(utf8);
    }

    Encoder text(Optional<String> value) {
        flag(value.isPresent());
        value.ifPresent(this::text);
        return this;
    }

    /// Bytes without their number.
    Encoder octets(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    /// Coded changes, which reach to the end of their record.
    Encoder coded(CodedChanges changes) {
        reserve(changes.byteCount());
        changes.copyTo(bytes, length);
        length += changes.byteCount();
        return this;
    }

    <T> Encoder each(Collection<T> all, Consumer<T> one) {
        number(all.size());
        all.forEach(one);
        return this;
    }

    Encoder row(Row row) {
        reserve(row.packedLimit());
        length = row.pack(bytes, length);
        return this;
    }

    private void reserve(int more) {
        var needed = (long) length + more;
        if (needed > MOST) {
            throw ProblemException.of(
                    ProblemCode.LOG_LIMIT,
                    "A record of the change log would be larger than " + MOST + " bytes",
                    "the changed rows are that large",
                    "exclude the table that holds them");
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(MOST, Math.max(needed, bytes.length * 2L)));
        }
    }
}
