package ferry.engine.model;

import java.util.List;

/// What a column can hold, in words that every dialect shares. A dialect's own spelling stays
/// beside it in [Column].
///
/// The canonical form of a value (the bytes inside a [Row]) depends only on this type:
///
/// | Type | Canonical bytes |
/// |---|---|
/// | Int, Decimal, Year | ASCII decimal digits, `-` for negatives, no leading zeros, a decimal's full scale |
/// | Float | ASCII of the shortest decimal that reads back as the same double, as `Double.toString` prints it (a 32-bit value is widened first) |
/// | Bits | big-endian bytes, `(bits + 7) / 8` of them |
/// | Text, Enumeration, Members | the bytes of the column's own character set; members by name, joined by `,` |
/// | Bytes, Geometry, Vector | the bytes (fixed length: padded with zero bytes to its length; geometry: the server's internal form) |
/// | Date, Time, DateTime, Timestamp | ASCII `YYYY-MM-DD`, `[-]HHH:MM:SS[.f…]`, `YYYY-MM-DD HH:MM:SS[.f…]` with exactly `fraction` digits; timestamps in UTC |
/// | Json | UTF-8 of the server's own normalised text |
public sealed interface DataType {
    record Int(int bits, boolean unsigned) implements DataType {}

    record Decimal(int precision, int scale, boolean unsigned) implements DataType {}

    record Float(int bits, boolean unsigned) implements DataType {}

    record Bits(int bits) implements DataType {}

    /// `maxLength` in characters; `fixed` for CHAR(n), whose trailing spaces are not significant.
    record Text(String charset, String collation, long maxLength, boolean fixed)
            implements DataType {}

    /// `maxLength` in bytes; `fixed` for BINARY(n).
    record Bytes(long maxLength, boolean fixed) implements DataType {}

    record Enumeration(List<String> members, String charset, String collation) implements DataType {
        public Enumeration {
            members = List.copyOf(members);
        }
    }

    /// A set of members, stored as a bit mask.
    record Members(List<String> members, String charset, String collation) implements DataType {
        public Members {
            members = List.copyOf(members);
        }
    }

    record Date() implements DataType {}

    record Time(int fraction) implements DataType {}

    record DateTime(int fraction) implements DataType {}

    record Timestamp(int fraction) implements DataType {}

    record Year() implements DataType {}

    record Json() implements DataType {}

    record Geometry() implements DataType {}

    record Vector(int dimensions) implements DataType {}

    /// A type that this dialect cannot carry; the precheck refuses the table that holds it.
    record Unknown(String spelling) implements DataType {}
}
