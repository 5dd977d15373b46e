package ferry.engine.changelog;

import ferry.engine.model.Change;
import ferry.engine.model.CodedChanges;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.RowCode;
import ferry.engine.model.Table;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A source of several codes for the same layout: each begins its changes with its own letter, and
/// refuses those of another one.
final class Codes implements SourceForms {
    @Override
    public Position position(String text) {
        return SetPosition.parse(text);
    }

    @Override
    public RowCode rowCode(Table layout, byte[] description) {
        return new Lettered(description[0], layout.columns().size());
    }

    /// The changes in the code of this letter and layout.
    static CodedChanges encode(char letter, Table layout, List<Change> changes) {
        var bytes = ByteBuffer.allocate(1 << 18);
        bytes.put((byte) ' ').put((byte) letter); // the code does not begin at 0
        for (var change : changes) {
            switch (change) {
                case Change.Insert(Row after) -> put(bytes, 0, after);
                case Change.Delete(Row before) -> put(bytes, 1, before);
                case Change.Update(Row before, Row after) -> {
                    put(bytes, 2, before);
                    put(bytes, 2, after);
                }
            }
        }
        return new CodedChanges(
                new Lettered((byte) letter, layout.columns().size()),
                Arrays.copyOf(bytes.array(), bytes.position() + 1), // nor end at the array's end
                1,
                bytes.position(),
                changes.size());
    }

    private static void put(ByteBuffer bytes, int kind, Row row) {
        bytes.put((byte) kind);
        bytes.position(row.pack(bytes.array(), bytes.position()));
    }

    private record Lettered(byte letter, int columns) implements RowCode {
        @Override
        public byte[] description() {
            return new byte[] {letter};
        }

        @Override
        public List<Change> decode(byte[] bytes, int from, int to) {
            var in = ByteBuffer.wrap(bytes, from, to - from);
            if (in.get() != letter) {
                throw new IndexOutOfBoundsException("changes of another code");
            }
            var changes = new ArrayList<Change>();
            while (in.hasRemaining()) {
                var kind = in.get();
                var row = Row.unpack(in);
                if (row.size() != columns) {
                    throw new IllegalStateException("rows of another layout");
                }
                changes.add(
                        switch (kind) {
                            case 0 -> new Change.Insert(row);
                            case 1 -> new Change.Delete(row);
                            default -> {
                                in.get();
                                yield new Change.Update(row, Row.unpack(in));
                            }
                        });
            }
            return changes;
        }
    }
}
