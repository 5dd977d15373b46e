package ferry.dialects.mysql;

import java.util.Arrays;

/// One event of the binary log as it came: the fields of its 19 byte header, and where its body
/// stands, without the checksum, in an array that nobody changes and that holds other events too.
/// `end` is the low half of its end in the file, 0 for events that the server makes up for the
/// reader.
record RawEvent(
        long seconds,
        int type,
        long serverId,
        int length,
        long end,
        int flags,
        byte[] bytes,
        int bodyFrom,
        int bodyTo) {
    static final int HEADER = 19;
    static final int QUERY = 2;
    static final int STOP = 3;
    static final int ROTATE = 4;
    static final int INTVAR = 5;
    static final int APPEND_BLOCK = 9;
    static final int DELETE_FILE = 11;
    static final int RAND = 13;
    static final int USER_VAR = 14;
    static final int FORMAT_DESCRIPTION = 15;
    static final int XID = 16;
    static final int BEGIN_LOAD_QUERY = 17;
    static final int EXECUTE_LOAD_QUERY = 18;
    static final int TABLE_MAP = 19;
    static final int WRITE_ROWS_V1 = 23;
    static final int UPDATE_ROWS_V1 = 24;
    static final int DELETE_ROWS_V1 = 25;
    static final int INCIDENT = 26;
    static final int HEARTBEAT = 27;
    static final int IGNORABLE = 28;
    static final int ROWS_QUERY = 29;
    static final int WRITE_ROWS = 30;
    static final int UPDATE_ROWS = 31;
    static final int DELETE_ROWS = 32;
    static final int GTID = 33;
    static final int ANONYMOUS_GTID = 34;
    static final int PREVIOUS_GTIDS = 35;
    static final int TRANSACTION_CONTEXT = 36;
    static final int VIEW_CHANGE = 37;
    static final int XA_PREPARE = 38;
    static final int PARTIAL_UPDATE_ROWS = 39;
    static final int TRANSACTION_PAYLOAD = 40;
    static final int HEARTBEAT_V2 = 41;
    static final int GTID_TAGGED = 42;
    static final int MARIADB_ANNOTATE_ROWS = 160;
    static final int MARIADB_BINLOG_CHECKPOINT = 161;
    static final int MARIADB_GTID = 162;
    static final int MARIADB_GTID_LIST = 163;
    static final int MARIADB_START_ENCRYPTION = 164;
    static final int MARIADB_QUERY_COMPRESSED = 165;
    static final int MARIADB_WRITE_ROWS_COMPRESSED_V1 = 166;
    static final int MARIADB_UPDATE_ROWS_COMPRESSED_V1 = 167;
    static final int MARIADB_DELETE_ROWS_COMPRESSED_V1 = 168;
    static final int MARIADB_WRITE_ROWS_COMPRESSED = 169;
    static final int MARIADB_UPDATE_ROWS_COMPRESSED = 170;
    static final int MARIADB_DELETE_ROWS_COMPRESSED = 171;

    private static final int ARTIFICIAL = 0x20;
    private static final int BYTES_MAX = 1 << 30; // the server's largest packet

    static int type(EventBytes header) {
        return header.array()[header.at() + 4] & 0xff;
    }

    /// The bytes behind the header. Throws IllegalArgumentException if there cannot be so many.
    static int bodyLength(EventBytes header) {
        var at = header.at();
        var length = new EventBytes(header.array(), at + 9, at + 13).u32();
        if (length < HEADER || length > BYTES_MAX) {
            throw new IllegalArgumentException("an event claims to have " + length + " bytes");
        }
        return (int) length - HEADER;
    }

    /// Reads the header.
    static RawEvent of(EventBytes header, EventBytes body) {
        return new RawEvent(
                header.u32(),
                header.u8(),
                header.u32(),
                Math.toIntExact(header.u32()),
                header.u32(),
                header.u16(),
                body.array(),
                body.at(),
                body.at() + body.left());
    }

    /// The same in another place.
    RawEvent endingAt(long newEnd) {
        return new RawEvent(
                seconds, type, serverId, length, newEnd, flags, bytes, bodyFrom, bodyTo);
    }

    EventBytes read() {
        return new EventBytes(bytes, bodyFrom, bodyTo);
    }

    /// A copy of the body.
    byte[] body() {
        return Arrays.copyOfRange(bytes, bodyFrom, bodyTo);
    }

    /// True when the body is these bytes.
    boolean holds(byte[] body) {
        return Arrays.equals(bytes, bodyFrom, bodyTo, body, 0, body.length);
    }

    /// True for events that stand in no file.
    boolean madeUp() {
        return end == 0 || (flags & ARTIFICIAL) != 0;
    }
}
