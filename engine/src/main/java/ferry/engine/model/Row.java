package ferry.engine.model;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/// The values of one row in canonical form (see [DataType]), whether it was read by a SELECT or
/// from the log: equal rows are equal bytes. A value is bytes, NULL, or *absent* (a partial row
/// image did not carry it), and absent is not NULL.
///
/// Shape: one packed byte array and the end of each value in it. Immutable; the arrays are never
/// handed out.
public final class Row {
    private static final int NULL = 1 << 31;
    private static final int ABSENT = 1 << 30;
    private static final int END = ABSENT - 1;

    /// Characters of a value that are shown to people.
    private static final int SHOWN_MAX = 60;

    private static final int PACKED_NULL = 0;
    private static final int PACKED_ABSENT = 1;
    private static final int PACKED_LENGTH = 2; // added to a present value's length

    private final byte[] bytes;
    private final int[]
            ends; // the end of value i, with NULL or ABSENT marked in the two highest bits

    private Row(byte[] bytes, int[] ends) {
        this.bytes = bytes;
        this.ends = ends;
    }

    /// The row of these values; a null element is SQL's NULL.
    public static Row of(byte[]... values) {
        var builder = new Builder(values.length);
        for (var value : values) {
            if (value == null) {
                builder.addNull();
            } else {
                builder.add(value);
            }
        }
        return builder.build();
    }

    /// The row of these values as UTF-8; a null element is SQL's NULL.
    public static Row ofText(String... values) {
        return of(
                Arrays.stream(values)
                        .map(value -> value == null ? null : value.getBytes(StandardCharsets.UTF_8))
                        .toArray(byte[][]::new));
    }

    public int size() {
        return ends.length;
    }

    public boolean isNull(int index) {
        return (ends[index] & NULL) != 0;
    }

    public boolean isAbsent(int index) {
        return (ends[index] & ABSENT) != 0;
    }

    /// True when a value stands there: neither NULL nor absent.
    public boolean isPresent(int index) {
        return (ends[index] & (NULL | ABSENT)) == 0;
    }

    /// The length of a value in bytes; 0 for NULL and absent.
    public int length(int index) {
        return (ends[index] & END) - start(index);
    }

    /// A copy of a value's bytes; must be present.
    public byte[] bytes(int index) {
        requirePresent(index);
        return Arrays.copyOfRange(bytes, start(index), ends[index] & END);
    }

    /// A value as UTF-8 text; must be present.
    public String text(int index) {
        requirePresent(index);
        return new String(bytes, start(index), length(index), StandardCharsets.UTF_8);
    }

    /// Copies a value into `target` at `offset`; returns its length.
    public int copyTo(int index, byte[] target, int offset) {
        var length = length(index);
        System.arraycopy(bytes, start(index), target, offset, length);
        return length;
    }

    /// Bytes of all values together.
    public int byteCount() {
        return bytes.length;
    }

    /// No row's packed form is longer than this.
    public int packedLimit() {
        return 5 + 5 * ends.length + bytes.length;
    }

    /// Writes the packed form, a column count, the lengths of the values and all their bytes at
    /// once, to `offset`; returns the offset behind it. There must be [#packedLimit()] bytes of
    /// room.
    public int pack(byte[] target, int offset) {
        var at = putVarint(target, offset, ends.length);
        var start = 0;
        for (var marked : ends) {
            var end = marked & END;
            at =
                    putVarint(
                            target,
                            at,
                            marked < 0
                                    ? PACKED_NULL
                                    : (marked & ABSENT) != 0
                                            ? PACKED_ABSENT
                                            : end - start + PACKED_LENGTH);
            start = end;
        }
        System.arraycopy(bytes, 0, target, at, bytes.length);
        return at + bytes.length;
    }

    /// Reads a packed form. Throws BufferUnderflowException or IllegalArgumentException if there is
    /// none.
    public static Row unpack(ByteBuffer source) {
        var size = getVarint(source);
        if (size < 0 || size > source.remaining()) {
            throw new BufferUnderflowException();
        }
        var ends = new int[size];
        var length = 0;
        for (var i = 0; i < size; i++) {
            var tag = getVarint(source);
            if (tag >= PACKED_LENGTH) {
                length += tag - PACKED_LENGTH;
                if (length < 0 || length > END) {
                    throw new IllegalArgumentException(
                            "packed row is longer than " + END + " bytes");
                }
                ends[i] = length;
            } else {
                ends[i] = length | (tag == PACKED_NULL ? NULL : ABSENT);
            }
        }
        if (length > source.remaining()) {
            throw new BufferUnderflowException();
        }
        var bytes = new byte[length];
        source.get(bytes);
        return new Row(bytes, ends);
    }

    private static int putVarint(byte[] target, int offset, int value) {
        var at = offset;
        var rest = value;
        while (rest > 0x7f) {
            target[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        return at;
    }

    private static int getVarint(ByteBuffer source) {
        var value = 0;
        for (var shift = 0; shift < 35; shift += 7) {
            var next = source.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                if (value < 0) {
                    break;
                }
                return value;
            }
        }
        throw new IllegalArgumentException("packed row holds a number that is too large");
    }

    public boolean sameValue(int index, Row other, int otherIndex) {
        if (!isPresent(index) || !other.isPresent(otherIndex)) {
            return isNull(index) == other.isNull(otherIndex)
                    && isAbsent(index) == other.isAbsent(otherIndex);
        }
        return Arrays.equals(
                bytes,
                start(index),
                ends[index] & END,
                other.bytes,
                other.start(otherIndex),
                other.ends[otherIndex] & END);
    }

    /// Compares two present values byte by byte, unsigned.
    public int compareBytes(int index, Row other, int otherIndex) {
        return Arrays.compareUnsigned(
                bytes,
                start(index),
                ends[index] & END,
                other.bytes,
                other.start(otherIndex),
                other.ends[otherIndex] & END);
    }

    /// A hash of a value's bytes; must be present.
    public long hash(int index) {
        requirePresent(index);
        return Hash.of(bytes, start(index), ends[index] & END);
    }

    /// The row of the values at these places, in this order: `row.project(table.rowKeyIndexes())`
    /// is a row's key.
    public Row project(int... indexes) {
        var length = 0;
        for (var index : indexes) {
            length += length(index);
        }
        var projected = new Row(new byte[length], new int[indexes.length]);
        var at = 0;
        for (var i = 0; i < indexes.length; i++) {
            at += copyTo(indexes[i], projected.bytes, at);
            projected.ends[i] = at | ends[indexes[i]] & ~END;
        }
        return projected;
    }

    /// True when both rows hold the same values at these places.
    public boolean sameValues(int[] indexes, Row other) {
        for (var index : indexes) {
            if (!sameValue(index, other, index)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Row row
                && Arrays.equals(ends, row.ends)
                && Arrays.equals(bytes, row.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ends) + Arrays.hashCode(bytes);
    }

    /// For messages and tests. Values are user data: never log a row at info level.
    @Override
    public String toString() {
        var text = new StringBuilder("(");
        for (var i = 0; i < size(); i++) {
            text.append(i == 0 ? "" : ", ").append(shown(i));
        }
        return text.append(')').toString();
    }

    /// A value for people, on one line and cut if it is long: quoted where it is text that a
    /// terminal can show, otherwise its bytes.
    public String shown(int index) {
        if (!isPresent(index)) {
            return isAbsent(index) ? "absent" : "NULL";
        }
        var text = text(index).replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
        if (text.codePoints()
                .noneMatch(point -> point == 0xfffd || Character.isISOControl(point))) {
            return text.codePointCount(0, text.length()) > SHOWN_MAX
                    ? "'" + text.substring(0, text.offsetByCodePoints(0, SHOWN_MAX)) + "…'"
                    : "'" + text + "'";
        }
        var shown = Math.min(length(index), SHOWN_MAX / 2);
        var hex = HexFormat.of().formatHex(bytes, start(index), start(index) + shown);
        return "0x" + hex + (length(index) > shown ? "…" : "");
    }

    private int start(int index) {
        return index == 0 ? 0 : ends[index - 1] & END;
    }

    private void requirePresent(int index) {
        if (!isPresent(index)) {
            throw new IllegalStateException(
                    "value " + index + " of " + this + " is NULL or absent");
        }
    }

    /// Builds rows value by value; may be used again after [#next()].
    public static final class Builder {
        private byte[] bytes = new byte[64];
        private int[] ends;
        private int count;
        private int length;

        public Builder(int size) {
            ends = new int[size];
        }

        public Builder add(byte[] value) {
            return add(value, 0, value.length);
        }

        public Builder add(byte[] value, int offset, int valueLength) {
            Objects.checkFromIndexSize(offset, valueLength, value.length);
            reserve(valueLength);
            System.arraycopy(value, offset, bytes, length, valueLength);
            length += valueLength;
            ends[count++] = length;
            return this;
        }

        public Builder addNull() {
            ends[count++] = length | NULL;
            return this;
        }

        public Builder addAbsent() {
            ends[count++] = length | ABSENT;
            return this;
        }

        /// Adds a value of another row, NULL and absent included.
        public Builder add(Row row, int index) {
            if (row.isPresent(index)) {
                return add(row.bytes, row.start(index), row.length(index));
            }
            return row.isNull(index) ? addNull() : addAbsent();
        }

        public Row build() {
            if (count != ends.length) {
                throw new IllegalStateException(
                        "row has " + count + " of " + ends.length + " values");
            }
            return new Row(Arrays.copyOf(bytes, length), ends);
        }

        /// The row, after which the next row of as many values can be built in the same memory.
        public Row next() {
            var row = build();
            ends = new int[ends.length];
            count = 0;
            length = 0;
            return row;
        }

        private void reserve(int more) {
            if ((long) length + more > END) {
                throw new IllegalArgumentException("row is longer than " + END + " bytes");
            }
            if (length + more > bytes.length) {
                bytes =
                        Arrays.copyOf(
                                bytes,
                                (int) Math.min(END, Math.max(length + more, bytes.length * 2L)));
            }
        }
    }
}
