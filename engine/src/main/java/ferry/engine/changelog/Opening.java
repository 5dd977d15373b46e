package ferry.engine.changelog;

import ferry.engine.model.Table;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds out what a store holds: the segments, where the log ends, and whether what lies behind the
/// end was left by a crash. Changes nothing.
///
/// All segments but the last were made durable before the next one was begun, so that only their
/// headers and lengths are looked at here; their blocks are checked when they are read. In the last
/// one a block that is not valid ends the log, unless a later block says that it had been durable.
final class Opening {
    private final LogStore store;
    private final SourceForms forms;
    private final List<Segment> segments = new ArrayList<>();
    private Optional<TornTail> tornTail = Optional.empty();
    private boolean lastIsSealed;
    private long endSegment;
    private long endOffset;
    private long changes;

    /// What was found. `state`, `changes` and the end are those behind the last complete
    /// transaction, `layouts` those that the last segment holds up to there. `rest` is true when
    /// bytes behind the end must be removed before anything is written.
    record Found(
            List<Segment> segments,
            long endSegment,
            long endOffset,
            LogState state,
            long changes,
            Map<Table, Integer> layouts,
            int nextTableId,
            boolean rest,
            Optional<TornTail> tornTail) {}

    private Opening(LogStore store, SourceForms forms) {
        this.store = store;
        this.forms = forms;
    }

    /// Empty if the store holds no log; a single segment whose header was never finished is none.
    static Optional<Found> find(LogStore store, SourceForms forms) {
        try (var blocks = new BlockReader(store)) {
            return new Opening(store, forms).find(blocks);
        } catch (IOException e) {
            throw Problems.disk("be opened", e);
        }
    }

    /// The numbers of the segments' files, in order.
    static List<Long> numbers(LogStore store) throws IOException {
        return store.list().stream()
                .map(SegmentHeader::number)
                .filter(number -> number.isPresent())
                .map(number -> number.getAsLong())
                .sorted()
                .toList();
    }

    private Optional<Found> find(BlockReader blocks) throws IOException {
        readHeaders(blocks);
        if (segments.isEmpty()) {
            return Optional.empty();
        }
        scanLast(blocks);
        return Optional.of(found());
    }

    private void readHeaders(BlockReader blocks) throws IOException {
        var numbers = numbers(store);
        for (var i = 0; i < numbers.size(); i++) {
            var number = numbers.get(i);
            var size = store.size(SegmentHeader.file(number));
            var segment = header(blocks, number, size);
            if (segment.isPresent()) {
                requireFollows(segment.get());
                segments.add(segment.get());
            } else if (i < numbers.size() - 1 || blocks.wasDurable(number, 0, size)) {
                throw Problems.damaged(
                        SegmentHeader.file(number), 0, "the header of the segment is not valid");
            } else {
                lastIsSealed = !segments.isEmpty();
                tornTail =
                        Optional.of(
                                new TornTail(
                                        SegmentHeader.file(number),
                                        0,
                                        size,
                                        "the segment's header was not finished"));
            }
        }
    }

    private Optional<Segment> header(BlockReader blocks, long number, long size) {
        var frame = blocks.frame(number, 0, size);
        if (frame.isEmpty() || frame.get().kind() != Frame.Kind.SEGMENT) {
            return Optional.empty();
        }
        return blocks.payload(frame.get(), number, 0, size)
                .map(payload -> {
                    try {
                        var in = new Decoder(payload);
                        var header = SegmentHeader.decode(in, forms);
                        return new Segment(header, frame.get().length(), size);
                    } catch (BufferUnderflowException | IllegalArgumentException e) {
                        throw Problems.damaged(
                                SegmentHeader.file(number), 0, "its header cannot be read: " + e);
                    }
                });
    }

    private void requireFollows(Segment segment) {
        if (segments.isEmpty()) {
            return;
        }
        var previous = segments.getLast();
        var file = SegmentHeader.file(previous.number() + 1);
        if (segment.number() != previous.number() + 1) {
            throw Problems.damaged(file, 0, "the segment is missing");
        }
        if (segment.header().previousBytes() != previous.size()) {
            throw Problems.damaged(
                    SegmentHeader.file(previous.number()),
                    previous.size(),
                    "the segment had %d bytes when it was full"
                            .formatted(segment.header().previousBytes()));
        }
    }

    /// Goes through the blocks of the last segment up to the first that is not valid.
    private void scanLast(BlockReader blocks) {
        var last = segments.getLast();
        var number = last.number();
        var spanning = last.header().spanning().map(Spanning::place);
        var spanningChanges = last.header().spanning().stream().mapToLong(Spanning::changes).sum();
        changes = last.header().changes();
        endSegment = spanning.map(Place::segment).orElse(number);
        endOffset = spanning.map(Place::block).orElse(last.dataStart());
        if (endSegment < segments.getFirst().number()) {
            throw Problems.damaged(SegmentHeader.file(endSegment), 0, "the segment is missing");
        }
        var offset = last.dataStart();
        while (offset < last.size()) {
            var frame = blocks.frame(number, offset, last.size());
            if (frame.isEmpty()
                    || blocks.payload(frame.get(), number, offset, last.size()).isEmpty()) {
                torn(blocks, last, offset);
                return;
            }
            var kind = frame.get().kind();
            var continues = kind == Frame.Kind.MIDDLE || kind == Frame.Kind.LAST;
            if (kind == Frame.Kind.SEGMENT || continues != spanning.isPresent()) {
                throw Problems.damaged(
                        SegmentHeader.file(number), offset, "a block " + kind + " may not follow");
            }
            spanningChanges += frame.get().changes();
            if (kind == Frame.Kind.FIRST) {
                spanning = Optional.of(new Place(number, offset, 0));
            }
            offset += frame.get().length();
            if (kind == Frame.Kind.COMPLETE || kind == Frame.Kind.LAST) {
                spanning = Optional.empty();
                changes += spanningChanges;
                spanningChanges = 0L;
                endSegment = number;
                endOffset = offset;
            }
        }
    }

    private void torn(BlockReader blocks, Segment last, long offset) {
        var file = SegmentHeader.file(last.number());
        if (lastIsSealed || blocks.wasDurable(last.number(), offset, last.size())) {
            throw Problems.damaged(
                    file, offset, "a block is not valid, but later ones are: it had been durable");
        }
        tornTail =
                Optional.of(
                        new TornTail(
                                file, offset, last.size() - offset, "a block was not finished"));
    }

    /// Reads the records of the last segment up to the end. If the log ends before that, in the
    /// middle of a large transaction, the segment's header tells the state at its beginning.
    private Found found() {
        var last = segments.getLast();
        var header = last.header();
        var state =
                new LogState(
                        header.position(), header.groups(), header.admitted(), header.sequence());
        var layouts = new HashMap<Table, Integer>();
        var nextTableId = header.nextTableId();
        if (endSegment == last.number()) {
            var view = new View(segments, endSegment, endOffset, header.position(), 0, 0, false);
            var all = new Segments(store, view);
            try (var reader =
                    new ChangeLogReader(all, store, forms, last, Optional.empty(), _ -> false)) {
                while (reader.next().isPresent()) {}
                state = reader.state();
                reader.layouts().all().forEach((tableId, table) -> layouts.put(table, tableId));
                nextTableId = Math.max(nextTableId, reader.layouts().nextNumber());
            }
        }
        var rest = tornTail.isPresent() || endSegment != last.number() || endOffset != last.size();
        return new Found(
                kept(),
                endSegment,
                endOffset,
                state,
                changes,
                layouts,
                nextTableId,
                rest,
                tornTail);
    }

    /// The segments up to the end; the last one has the length that will remain of it.
    private List<Segment> kept() {
        return segments.stream()
                .filter(segment -> segment.number() <= endSegment)
                .map(segment ->
                        segment.number() == endSegment ? segment.withSize(endOffset) : segment)
                .toList();
    }
}
