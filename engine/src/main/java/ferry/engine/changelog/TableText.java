package ferry.engine.changelog;

import ferry.engine.model.Table;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Base64;

/// A table's definition as printable text, as it is stored in the target's bookkeeping.
public final class TableText {
    private TableText() {}

    /// Base64 of the table's binary form. Equal tables have equal texts.
    public static String encode(Table table) {
        var out = new Encoder(1024);
        TableCodec.encode(out, table);
        return Base64.getEncoder().encodeToString(out.toArray());
    }

    /// Throws IllegalArgumentException if the text is not a table.
    public static Table decode(String text) {
        var in = new Decoder(ByteBuffer.wrap(Base64.getDecoder().decode(text)));
        try {
            var table = TableCodec.decode(in);
            if (in.hasMore()) {
                throw new IllegalArgumentException("text of a table goes on behind its end");
            }
            return table;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("text of a table is cut short", e);
        }
    }
}
