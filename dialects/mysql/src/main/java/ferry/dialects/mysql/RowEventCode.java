package ferry.dialects.mysql;

import ferry.engine.model.Change;
import ferry.engine.model.RowCode;
import ferry.engine.model.Table;
import java.util.ArrayList;
import java.util.List;

/// The bytes of row events of one kind under one table map: from the number of columns on, as the
/// server wrote them. Made again from the kind, the style and the table map.
final class RowEventCode implements RowCode {
    private static final int JSON_SINCE_80 = 1;
    private static final int ABSENT_ALLOWED = 2;
    private static final int HEAD = 2;
    private static final int TABLE_ID = 6;

    private final RowDecoder.Kind kind;
    private final RowDecoder decoder;
    private final byte[] description;

    private RowEventCode(RowDecoder.Kind kind, RowDecoder decoder, byte[] description) {
        this.kind = kind;
        this.decoder = decoder;
        this.description = description;
    }

    static RowEventCode of(
            RowDecoder.Kind kind, RowDecoder decoder, RowDecoder.Style style, byte[] tableMap) {
        var description = new byte[HEAD + tableMap.length];
        description[0] = (byte) kind.ordinal();
        description[1] =
                (byte)
                        ((style.jsonSince80() ? JSON_SINCE_80 : 0)
                                | (style.absentAllowed() ? ABSENT_ALLOWED : 0));
        // Without the number that the server gave the table for the time being.
        System.arraycopy(
                tableMap, TABLE_ID, description, HEAD + TABLE_ID, tableMap.length - TABLE_ID);
        return new RowEventCode(kind, decoder, description);
    }

    /// Throws IllegalArgumentException, IndexOutOfBoundsException or LAYOUT_MISMATCH if the
    /// description is none, or not of this layout.
    static RowEventCode of(Table layout, byte[] description) {
        var kinds = RowDecoder.Kind.values();
        if (description.length < HEAD || description[0] < 0 || description[0] >= kinds.length) {
            throw new IllegalArgumentException("not the description of row events");
        }
        var style =
                new RowDecoder.Style(
                        (description[1] & JSON_SINCE_80) != 0,
                        (description[1] & ABSENT_ALLOWED) != 0);
        var map = TableMap.read(new EventBytes(description, HEAD, description.length));
        return new RowEventCode(
                kinds[description[0]], new RowDecoder(map, layout, style), description);
    }

    @Override
    public byte[] description() {
        return description.clone();
    }

    @Override
    public List<Change> decode(byte[] bytes, int from, int to) {
        var changes = new ArrayList<Change>();
        decoder.decode(kind, new EventBytes(bytes, from, to), changes::add);
        return changes;
    }
}
