package ferry.engine.changelog;

import ferry.engine.model.Row;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads what an [Encoder] wrote. Throws BufferUnderflowException or IllegalArgumentException on
/// anything else; it never reads behind the buffer's limit and never asks for memory that the
/// remaining bytes do not justify.
final class Decoder {
    private final ByteBuffer source;

    Decoder(ByteBuffer source) {
        this.source = source;
    }

    boolean hasMore() {
        return source.hasRemaining();
    }

    long number() {
        var value = 0L;
        for (var shift = 0; shift < 70; shift += 7) {
            var next = source.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("number is too long");
    }

    int count() {
        var value = number();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("number " + value + " does not fit");
        }
        return (int) value;
    }

    boolean flag() {
        return switch (octet()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    int octet() {
        return source.get();
    }

    String text() {
        var utf8 = new byte[countOfBytes()];
        source.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    Optional<String> optionalText() {
        return flag() ? Optional.of(text()) : Optional.empty();
    }

    <T> List<T> list(Supplier<T> one) {
        var size = countOfBytes(); // every element takes one byte or more
        var all = new ArrayList<T>(size);
        for (var i = 0; i < size; i++) {
            all.add(one.get());
        }
        return all;
    }

    Row row() {
        return Row.unpack(source);
    }

    /// All bytes that are left.
    byte[] rest() {
        var bytes = new byte[source.remaining()];
        source.get(bytes);
        return bytes;
    }

    private int countOfBytes() {
        var size = count();
        if (size > source.remaining()) {
            throw new BufferUnderflowException();
        }
        return size;
    }
}
