package ferry.engine.checkpoint;

import ferry.engine.dialect.Entry;
import ferry.engine.dialect.Snapshot.ReadSpan;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import java.util.function.Function;

/// A chunk that is in the target, with the positions between which it was read. `number` is dense within a generation but for chunks that a
/// resumed load joined.
public record ChunkMark(int table, int generation, int number, KeyRange range, ReadSpan span, long rows, long bytes) {
    static final String KIND = "chunk";

    public Entry entry() {
        var fields = new Fields()
                .put(range)
                .put("readAt", span.readAt().text())
                .put("readBy", span.readBy().text())
                .put("rows", rows)
                .put("bytes", bytes);
        return new Entry(KIND, entryName(), fields.text());
    }

    public Entry removal() {
        return new Entry(KIND, entryName(), "");
    }

    private String entryName() {
        return "t%d/%d/%08d".formatted(table, generation, number);
    }

    static ChunkMark parse(Entry entry, Function<String, Position> positions) {
        var parts = entry.name().substring(1).split("/");
        var fields = Fields.parse(entry.value());
        return new ChunkMark(
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Fields.range(fields),
                new ReadSpan(positions.apply(fields.get("readAt")), positions.apply(fields.get("readBy"))),
                fields.number("rows"),
                fields.number("bytes"));
    }
}
