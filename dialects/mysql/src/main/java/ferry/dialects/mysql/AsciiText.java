package ferry.dialects.mysql;

import ferry.engine.model.Row;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A text that grows and is used again for each value, so that decoding a row makes no garbage.
final class AsciiText {
    private byte[] bytes = new byte[256];
    private int length;

    AsciiText clear() {
        length = 0;
        return this;
    }

    int length() {
        return length;
    }

    AsciiText add(int character) {
        reserve(1);
        bytes[length++] = (byte) character;
        return this;
    }

    AsciiText add(String text) {
        var added = text.getBytes(StandardCharsets.UTF_8);
        return add(added, 0, added.length);
    }

    AsciiText add(AsciiText other) {
        return add(other.bytes, 0, other.length);
    }

    /// A row's value as it is; it must be present.
    AsciiText add(Row row, int index) {
        reserve(row.length(index));
        length += row.copyTo(index, bytes, length);
        return this;
    }

    /// Cuts off what was added after this length.
    void truncate(int toLength) {
        length = toLength;
    }

    /// What has been written lies at the beginning.
    byte[] array() {
        return bytes;
    }

    AsciiText add(byte[] source, int from, int count) {
        reserve(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        return this;
    }

    /// A signed number.
    AsciiText number(long value) {
        return value < 0 ? add(Long.toString(value)) : digits(value, 1);
    }

    /// A number of at least 0, with leading zeros up to `width` digits.
    AsciiText digits(long value, int width) {
        var needed = 1;
        for (var left = value; left >= 10; left /= 10) {
            needed++;
        }
        var count = Math.max(width, needed);
        reserve(count);
        var rest = value;
        for (var i = length + count - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
        return this;
    }

    /// The number of microseconds as the `digits` first of six digits, behind a point; nothing for
    /// 0 digits.
    AsciiText fraction(long micros, int digits) {
        if (digits > 0) {
            add('.').digits(micros, 6);
            length -= 6 - digits;
        }
        return this;
    }

    void addTo(Row.Builder row) {
        row.add(bytes, 0, length);
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
        }
    }
}
