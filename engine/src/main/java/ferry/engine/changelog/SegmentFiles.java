package ferry.engine.changelog;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import ferry.engine.config.Settings;
import ferry.engine.model.Position;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Writes blocks to the last segment and begins new segments, within the limits of the log and of
/// the disk. For one thread, but for [#lowWater].
///
/// The last block is packed beside the writer's work ([LogStore#beside]) and stands in no file
/// before [#land], which is called before the next one is begun: so its place is known, and its end
/// is not.
///
/// After a failed write nobody knows what the file holds: nothing more is written then, until all
/// that is not durable was removed ([#goBack]). After a failed fsync nobody knows what the disk
/// holds, whatever the file shows: then the log must be opened again.
final class SegmentFiles implements AutoCloseable {
    private static final int COMPRESSED_LEAST = 128;

    /// Capture, the network and readers want one each.
    private static final boolean FEW_PROCESSORS = Runtime.getRuntime().availableProcessors() < 4;

    private static final long FREE_LEAST = 1 << 20;
    private static final int LEVEL = 1;
    private static final int SPARE_MOST = 4 << 20;
    private static final int PLAIN_MOST = 63;

    private final LogStore store;
    private final InstantSource clock;
    private final Segments segments;
    private final long segmentBytes;
    private final long logBytes;
    private final boolean compresses;
    private final ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(LEVEL);
    private byte[] block = new byte[1 << 16]; // for whoever packs, then for the file
    private Optional<Flight> flight = Optional.empty();
    private byte[] spare = {}; // what the last block was packed from
    private int plainRun; // how many blocks stay plain after one that held capture up
    private int plainLeft; // of these
    private Segment segment;
    private long size;
    private long durable; // the part of the current file that is known to be durable
    private boolean rest; // bytes of an earlier run lie behind the end
    private boolean rolls;
    private boolean hurries;
    private Optional<ProblemException> failure = Optional.empty();
    private boolean broken; // by what #goBack does not mend
    private volatile Optional<Position> lowWater = Optional.empty();
    private volatile boolean isPinnedFull;

    /// What a segment's header says about the log before it.
    record Start(
            long changes,
            long sequence,
            int nextTableId,
            Position position,
            List<Group> groups,
            Map<TableName, Table> admitted,
            Optional<Spanning> spanning) {}

    /// A block that is being packed or waits for room.
    private record Flight(
            Frame.Kind kind,
            int flags,
            int changes,
            byte[] plain,
            int length,
            boolean compresses,
            CompletableFuture<Packed> packed) {}

    /// A payload as it stands behind the room for its frame.
    private record Packed(int length, boolean compressed, int checksum) {}

    private interface Writing {
        void run() throws IOException;
    }

    /// A file could not be made durable.
    private static final class SyncFailed extends IOException {
        private static final long serialVersionUID = 1;

        SyncFailed(IOException cause) {
            super(cause.toString(), cause);
        }
    }

    SegmentFiles(
            LogStore store,
            Settings settings,
            InstantSource clock,
            Segments segments,
            boolean rest) {
        this.store = store;
        this.clock = clock;
        this.segments = segments;
        this.rest = rest;
        logBytes = settings.get(Settings.CHANGELOG_BYTES);
        // Several segments, so that one can be dropped before the log is full.
        segmentBytes = Math.min(settings.get(Settings.CHANGELOG_SEGMENT_BYTES), logBytes / 8);
        compresses = settings.get(Settings.CHANGELOG_COMPRESS);
        segment = segments.view().segments().getLast();
        size = segment.size();
        durable = size;
        rolls = full();
    }

    /// As [ChangeLog#hurry].
    void hurry(boolean hurries) {
        this.hurries = hurries;
    }

    /// Makes the first segment of a log.
    static Segment first(LogStore store, InstantSource clock, Position start) {
        var header =
                new SegmentHeader(
                        1,
                        clock.instant(),
                        0,
                        0,
                        0,
                        0,
                        0,
                        start,
                        List.of(),
                        Map.of(),
                        Optional.empty());
        try {
            for (var number : Opening.numbers(store)) {
                store.delete(SegmentHeader.file(number));
            }
            return create(store, header);
        } catch (IOException e) {
            throw Problems.disk("be created", e);
        }
    }

    long segmentBytes() {
        return segmentBytes;
    }

    /// Several lanes may tell it in another order than they stored it.
    void lowWater(Position position) {
        lowWater = lowWater.filter(later -> later.covers(position)).or(() -> Optional.of(position));
    }

    /// True when the last record was refused because a reader holds what apply has passed.
    boolean isPinnedFull() {
        return isPinnedFull;
    }

    boolean healthy() {
        return failure.isEmpty();
    }

    void requireHealthy() {
        if (failure.isPresent()) {
            throw new ProblemException(failure.get().problem(), failure.get());
        }
    }

    /// True when the current segment has reached its size, without what is being packed.
    boolean full() {
        return size >= segmentBytes;
    }

    /// The next block will stand in a new segment.
    void rollNext() {
        rolls = true;
    }

    boolean rollsNext() {
        return rolls;
    }

    /// The end of what was written.
    Place end() {
        return new Place(segment.number(), size, 0);
    }

    /// Begins a new segment, after the current one is durable. Nothing may be in the air.
    void roll(Start start) {
        removeRest();
        var header =
                new SegmentHeader(
                        segment.number() + 1,
                        clock.instant(),
                        size,
                        segment.header().bytesBefore() + size,
                        start.changes(),
                        start.sequence(),
                        start.nextTableId(),
                        start.position(),
                        start.groups(),
                        start.admitted(),
                        start.spanning());
        reserve(header.encode().length + Frame.BYTES);
        sync();
        writing(() -> {
            var next = create(store, header);
            segments.add(size, next);
            segment = next;
        });
        size = segment.size();
        durable = size;
        rolls = false;
    }

    /// Takes a block, with the array that it begins in; returns where it will stand. Nothing may be
    /// in the air.
    Place append(Frame.Kind kind, int flags, int changes, byte[] plain, int length) {
        if (flight.isPresent()) {
            throw new IllegalStateException("the block before this one has not landed");
        }
        removeRest();
        var place = end();
        var compress =
                compresses
                        && length >= COMPRESSED_LEAST
                        && plainLeft == 0
                        && !(hurries && FEW_PROCESSORS);
        plainLeft = Math.max(0, plainLeft - 1);
        var packed = store.beside(() -> pack(plain, length, compress));
        flight = Optional.of(new Flight(kind, flags, changes, plain, length, compress, packed));
        return place;
    }

    /// An array that nobody uses any more.
    byte[] spare() {
        var given = spare;
        spare = new byte[0];
        return given;
    }

    /// Lands the block that is in the air because the next one is ready. If that must wait for the
    /// compression, capture is faster: then it goes on without for a while, and longer each time.
    void makeWay() {
        flight.filter(Flight::compresses)
                .ifPresent(flying -> {
                    plainRun =
                            flying.packed().isDone() ? 0 : Math.min(PLAIN_MOST, 2 * plainRun + 1);
                    plainLeft = plainRun;
                });
        land();
    }

    /// Writes the block that is in the air. When there is no room for it, it stays there.
    void land() {
        if (flight.isEmpty()) {
            return;
        }
        var landing = flight.get();
        writing(() -> landing.packed().join()); // it takes milliseconds: no interrupt ends it
        var packed = landing.packed().join();
        var frame =
                new Frame(
                        landing.kind(),
                        packed.compressed() ? landing.flags() | Frame.COMPRESSED : landing.flags(),
                        packed.length(),
                        landing.length(),
                        landing.changes(),
                        packed.checksum(),
                        durable);
        frame.put(block, segment.number(), size);
        reserve(frame.length());
        writing(() -> store.append(file(), ByteBuffer.wrap(block, 0, frame.length())));
        size += frame.length();
        flight = Optional.empty();
        spare = landing.plain().length > SPARE_MOST ? spare : landing.plain();
    }

    /// Forgets the block that is in the air.
    private void drop() {
        flight.ifPresent(dropped -> {
            try {
                dropped.packed().join(); // it uses what the next one needs
            } catch (RuntimeException | Error e) {
                // nobody needs it any more
            }
        });
        flight = Optional.empty();
    }

    /// Makes the current segment durable.
    void sync() {
        if (durable < size) {
            writing(() -> sync(store, file()));
            durable = size;
        }
    }

    /// Makes writing possible again after a write that failed: removes everything behind this
    /// place, up to which all is durable.
    void goBack(long number, long newSize) {
        if (broken) {
            requireHealthy();
        }
        failure = Optional.empty();
        cutBack(number, newSize);
        rest = false;
    }

    /// Removes everything behind this place, which is not in the air.
    void cutBack(long number, long newSize) {
        drop();
        writing(() -> {
            for (var later : Opening.numbers(store).reversed()) {
                if (later > number) {
                    store.delete(SegmentHeader.file(later));
                }
            }
            var file = SegmentHeader.file(number);
            if (store.size(file) > newSize) {
                store.truncate(file, newSize);
                sync(store, file);
            }
            segments.cutBack(number, newSize);
        });
        segment = segments.view().segments().getLast();
        size = newSize;
        durable = Math.min(durable, size);
        rolls = full();
    }

    @Override
    public void close() {
        drop();
        compressor.close();
    }

    private static Segment create(LogStore store, SegmentHeader header) throws IOException {
        var payload = header.encode();
        var bytes = new byte[Frame.BYTES + payload.length];
        System.arraycopy(payload, 0, bytes, Frame.BYTES, payload.length);
        new Frame(
                        Frame.Kind.SEGMENT,
                        0,
                        payload.length,
                        payload.length,
                        0,
                        Frame.checksum(payload, 0, payload.length),
                        0)
                .put(bytes, header.number(), 0);
        var file = SegmentHeader.file(header.number());
        store.create(file);
        store.append(file, ByteBuffer.wrap(bytes));
        sync(store, file);
        return new Segment(header, bytes.length, bytes.length);
    }

    private static void sync(LogStore store, String file) throws IOException {
        try {
            store.sync(file);
        } catch (IOException e) {
            throw new SyncFailed(e);
        }
    }

    private String file() {
        return SegmentHeader.file(segment.number());
    }

    private void removeRest() {
        if (rest) {
            cutBack(segment.number(), size);
            rest = false;
        }
    }

    /// Puts the payload behind the room for its frame.
    private Packed pack(byte[] plain, int length, boolean compress) {
        var stored = length;
        var compressed = false;
        if (compress) {
            room(Zstd.compressBound(length));
            stored =
                    compressor.compressByteArray(
                            block, Frame.BYTES, block.length - Frame.BYTES, plain, 0, length);
            compressed = stored < length;
        }
        if (!compressed) {
            room(length);
            System.arraycopy(plain, 0, block, Frame.BYTES, length);
            stored = length;
        }
        return new Packed(stored, compressed, Frame.checksum(block, Frame.BYTES, stored));
    }

    private void room(long payload) {
        var needed = Frame.BYTES + payload;
        var most = 4L << 20;
        if (block.length < needed || block.length > Math.max(most, needed)) {
            block = new byte[Math.toIntExact(needed)];
        }
    }

    /// Throws if the log or the disk is full, after dropping what may be dropped.
    private void reserve(long bytes) {
        var used = used() + bytes;
        if (used > logBytes) {
            dropOld();
            used = used() + bytes;
            if (used > logBytes) {
                var pinned = lowWater.filter(segments::holdsMoreThan).isPresent();
                isPinnedFull = pinned;
                throw Problems.limit(used, logBytes, pinned);
            }
        }
        isPinnedFull = false;
        if (free() < bytes + FREE_LEAST) {
            dropOld();
            var free = free();
            if (free < bytes + FREE_LEAST) {
                throw Problems.noSpace(free, bytes + FREE_LEAST);
            }
        }
    }

    private void dropOld() {
        lowWater.ifPresent(position -> segments.drop(position, Instant.MAX));
    }

    private long used() {
        return segments.bytes() - segments.view().segments().getLast().size() + size;
    }

    private long free() {
        try {
            return store.freeBytes();
        } catch (IOException e) {
            throw Problems.disk("learn how much disk is free", e);
        }
    }

    private void writing(Writing work) {
        try {
            work.run();
        } catch (IOException e) {
            broken = e instanceof SyncFailed;
            failure = Optional.of(Problems.disk("write " + file(), e));
            throw failure.get();
        } catch (RuntimeException | Error e) {
            broken = true;
            failure = Optional.of(Problems.disk("write " + file(), new IOException(e)));
            throw e;
        }
    }
}
