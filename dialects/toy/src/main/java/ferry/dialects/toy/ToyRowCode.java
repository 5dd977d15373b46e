package ferry.dialects.toy;

import ferry.engine.model.Change;
import ferry.engine.model.CodedChanges;
import ferry.engine.model.Row;
import ferry.engine.model.RowCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How a toy writes changes: a letter for what was done, and the rows in their packed form.
record ToyRowCode() implements RowCode {
    private static final byte[] NAME = {'t', 'o', 'y'};

    /// Throws IllegalArgumentException if this is not the toy's code.
    static ToyRowCode of(byte[] description) {
        if (!Arrays.equals(description, NAME)) {
            throw new IllegalArgumentException("a code that the toy does not write");
        }
        return new ToyRowCode();
    }

    static CodedChanges encode(List<Change> changes) {
        var bytes = new byte[changes.stream().mapToInt(ToyRowCode::limit).sum()];
        var at = 0;
        for (var change : changes) {
            switch (change) {
                case Change.Insert(Row after) -> at = put(bytes, at, 'i', after);
                case Change.Delete(Row before) -> at = put(bytes, at, 'd', before);
                case Change.Update(Row before, Row after) ->
                        at = after.pack(bytes, put(bytes, at, 'u', before));
            }
        }
        return new CodedChanges(new ToyRowCode(), bytes, 0, at, changes.size());
    }

    private static int limit(Change change) {
        return 1
                + switch (change) {
                    case Change.Insert(Row after) -> after.packedLimit();
                    case Change.Delete(Row before) -> before.packedLimit();
                    case Change.Update(Row before, Row after) ->
                            before.packedLimit() + after.packedLimit();
                };
    }

    private static int put(byte[] bytes, int at, char letter, Row row) {
        bytes[at] = (byte) letter;
        return row.pack(bytes, at + 1);
    }

    @Override
    public byte[] description() {
        return NAME.clone();
    }

    @Override
    public List<Change> decode(byte[] bytes, int from, int to) {
        var in = ByteBuffer.wrap(bytes, from, to - from);
        var changes = new ArrayList<Change>();
        while (in.hasRemaining()) {
            changes.add(
                    switch (in.get()) {
                        case 'i' -> new Change.Insert(Row.unpack(in));
                        case 'd' -> new Change.Delete(Row.unpack(in));
                        case 'u' -> new Change.Update(Row.unpack(in), Row.unpack(in));
                        default -> throw new IllegalArgumentException("not a change of a toy");
                    });
        }
        return changes;
    }
}
