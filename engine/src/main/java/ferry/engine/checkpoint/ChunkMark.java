package ferry.engine.checkpoint;

import ferry.engine.dialect.Entry;
import ferry.engine.dialect.Snapshot.ReadSpan;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import java.util.Optional;
import java.util.function.Function;

/// A chunk that is in the target, with the positions between which it was read. `number` is dense
/// within a generation but for chunks that a resumed load joined. `span` is empty in a project that
/// does not read the log. Of its `rows`, `kept` were not written, because rows of the target that
/// were there before have their keys.
public record ChunkMark(
        int table,
        int generation,
        int number,
        KeyRange range,
        Optional<ReadSpan> span,
        long rows,
        long bytes,
        long kept) {
    static final String KIND = "chunk";

    public ChunkMark(
            int table,
            int generation,
            int number,
            KeyRange range,
            Optional<ReadSpan> span,
            long rows,
            long bytes) {
        this(table, generation, number, range, span, rows, bytes, 0);
    }

    public Entry entry() {
        var fields =
                new Fields()
                        .put(range)
                        .put("readAt", span.map(known -> known.readAt().text()))
                        .put("readBy", span.map(known -> known.readBy().text()))
                        .put("rows", rows)
                        .put("bytes", bytes)
                        .put("kept", kept);
        return new Entry(KIND, entryName(), fields.text());
    }

    public Position readAt() {
        return known().readAt();
    }

    public Position readBy() {
        return known().readBy();
    }

    private ReadSpan known() {
        return span.orElseThrow(() ->
                new IllegalStateException("chunk " + entryName() + " was read without a log"));
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
                fields.find("readAt")
                        .map(readAt ->
                                new ReadSpan(
                                        positions.apply(readAt),
                                        positions.apply(fields.get("readBy")))),
                fields.number("rows"),
                fields.number("bytes"),
                fields.find("kept").map(Long::parseLong).orElse(0L));
    }
}
