package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.shyiko.mysql.binlog.network.ServerException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams made by hand: how packets become events, and compressed transactions those inside.
final class RawEventsTest {
    private static final int PACKET_BYTES_MAX = 0xffffff;
    private static final long SECONDS = 1_700_000_000;
    private static final int END = 4_000;

    private static final byte[] MAP = event(RawEvent.TABLE_MAP, 0, "a table".getBytes());
    private static final byte[] ROWS = event(RawEvent.WRITE_ROWS, 0, "its rows".getBytes());
    private static final byte[] XID = event(RawEvent.XID, 0, new byte[8]);

    // ---- what servers send

    private static byte[] little(long value, int bytes) {
        var result = new byte[bytes];
        for (var i = 0; i < bytes; i++) {
            result[i] = (byte) (value >>> 8 * i);
        }
        return result;
    }

    private static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] event(int type, long end, byte[] body) {
        return join(
                little(SECONDS, 4),
                little(type, 1),
                little(7, 4),
                little(RawEvent.HEADER + body.length, 4),
                little(end, 4),
                little(0, 2),
                body);
    }

    private static byte[] checksummed(int type, long end, byte[] body) {
        var plain = event(type, end, join(body, new byte[4]));
        var crc = new CRC32();
        crc.update(plain, 0, plain.length - 4);
        return join(Arrays.copyOf(plain, plain.length - 4), little(crc.getValue(), 4));
    }

    private static byte[] payload(byte[]... events) {
        var plain = join(events);
        var packed = Zstd.compress(plain);
        return join(
                number(2, 0),
                number(3, plain.length),
                number(1, packed.length),
                new byte[] {0},
                packed);
    }

    private static byte[] number(int type, int value) {
        return join(little(type, 1), little(9, 1), new byte[] {(byte) 0xfe}, little(value, 8));
    }

    /// The event in packets, as the protocol cuts it.
    private static byte[] packets(byte[] event) {
        var all = new ByteArrayOutputStream();
        var rest = join(new byte[1], event);
        for (var from = 0; ; from += PACKET_BYTES_MAX) {
            var length = Math.min(PACKET_BYTES_MAX, rest.length - from);
            all.writeBytes(little(length, 3));
            all.write(0);
            all.write(rest, from, length);
            if (length < PACKET_BYTES_MAX) {
                return all.toByteArray();
            }
        }
    }

    /// Gives a few bytes at a time, as a network may.
    private static InputStream trickling(byte[] bytes, int most) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int from, int count) {
                return super.read(target, from, Math.min(count, most));
            }
        };
    }

    private static List<RawEvent> read(boolean checksummed, InputStream in) throws Exception {
        var told = new ArrayList<RawEvent>();
        read(checksummed, in, told);
        return told;
    }

    /// Reads up to the end or a failure, which it throws; `told` holds what was told before it.
    private static void read(boolean checksummed, InputStream in, List<RawEvent> told)
            throws Exception {
        var queue = new EventQueue(1_000_000, 1L << 30);
        try {
            new RawEvents(in, queue, checksummed).read();
        } catch (EOFException e) {
            // the end of what the test sends
        } finally {
            queue.flush();
            for (var event = queue.take(Duration.ZERO);
                    event.isPresent();
                    event = queue.take(Duration.ZERO)) {
                told.add(event.get());
            }
        }
    }

    private static List<RawEvent> read(boolean checksummed, byte[]... events) throws Exception {
        var all = new ByteArrayOutputStream();
        for (var event : events) {
            all.writeBytes(packets(event));
        }
        return read(checksummed, new ByteArrayInputStream(all.toByteArray()));
    }

    // ---- events

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100, 1 << 20})
    void eventsComeAsTheyWereSent(int atOnce) throws Exception {
        var large = new byte[2 * PACKET_BYTES_MAX - 1 - RawEvent.HEADER - 4];
        new Random(1).nextBytes(large);
        var sent = atOnce > 3 ? large : Arrays.copyOf(large, 9_000);
        var stream =
                join(
                        packets(checksummed(RawEvent.WRITE_ROWS, 900, sent)),
                        packets(checksummed(RawEvent.XID, END, new byte[8])));

        var told = read(true, trickling(stream, atOnce));

        assertThat(told).hasSize(2);
        assertThat(told.getFirst().body()).isEqualTo(sent);
        assertThat(told.getFirst().end()).isEqualTo(900);
        assertThat(told.getFirst().length()).isEqualTo(RawEvent.HEADER + sent.length + 4);
        assertThat(told.getLast().type()).isEqualTo(RawEvent.XID);
        assertThat(told.getLast().seconds()).isEqualTo(SECONDS);
    }

    /// Bodies stand where they were received, many in one array: none may change when more comes.
    @ParameterizedTest
    @ValueSource(ints = {7, 5_000, 1 << 20})
    void manyEventsKeepTheirBodies(int atOnce) throws Exception {
        var random = new Random(atOnce);
        var stream = new ByteArrayOutputStream();
        var sent = new ArrayList<byte[]>();
        for (var i = 0; i < 1_000; i++) {
            var body = new byte[random.nextInt(i % 50 == 0 ? 100_000 : 300)];
            random.nextBytes(body);
            sent.add(body);
            stream.writeBytes(packets(checksummed(RawEvent.WRITE_ROWS, END, body)));
        }

        var told = read(true, trickling(stream.toByteArray(), atOnce));

        assertThat(told.stream().map(RawEvent::body)).containsExactlyElementsOf(sent);
    }

    @Test
    void aWrongChecksumIsSeen() {
        var event = checksummed(RawEvent.XID, END, new byte[8]);
        event[RawEvent.HEADER]++;

        assertThatThrownBy(() -> read(true, event)).hasMessageContaining("checksum");
    }

    @Test
    void anEventThatIsShorterOrLongerThanItsPacketIsRefused() {
        var event = event(RawEvent.XID, END, new byte[8]);

        assertThatThrownBy(() -> read(false, Arrays.copyOf(event, event.length + 1), event))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> read(false, Arrays.copyOf(event, event.length - 1), event))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> read(false, Arrays.copyOf(event, 9), event))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatTheServerSaysAtTheEndIsThrown() {
        var refusal = join(new byte[] {(byte) 0xff}, little(1236, 2), "#HY000purged".getBytes());
        var stream = join(little(refusal.length, 3), new byte[1], refusal);

        assertThatThrownBy(() -> read(false, new ByteArrayInputStream(stream)))
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.getErrorCode()).isEqualTo(1236));
    }

    // ---- compressed transactions

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEventsOfACompressedTransactionStandInItsPlace(boolean checksummed) throws Exception {
        var body = payload(MAP, ROWS, XID);
        var whole =
                checksummed
                        ? checksummed(RawEvent.TRANSACTION_PAYLOAD, END, body)
                        : event(RawEvent.TRANSACTION_PAYLOAD, END, body);

        var told = read(checksummed, whole);

        assertThat(told.stream().map(RawEvent::type))
                .containsExactly(RawEvent.TABLE_MAP, RawEvent.WRITE_ROWS, RawEvent.XID);
        assertThat(told.get(1).body()).isEqualTo("its rows".getBytes());
        assertThat(told.stream().map(RawEvent::end)).containsOnly((long) END);
        assertThat(told.stream().filter(RawEvent::madeUp)).isEmpty();
    }

    @Test
    void aCompressedTransactionMayBeLargerThanAPacket() throws Exception {
        var random = new Random(2);
        var rows = new byte[5][];
        for (var i = 0; i < rows.length; i++) {
            rows[i] = new byte[8 << 20];
            random.nextBytes(rows[i]);
        }
        var events = Arrays.stream(rows).map(row -> event(RawEvent.WRITE_ROWS, 0, row));
        var body = payload(join(events.toArray(byte[][]::new)), XID);

        var told = read(true, checksummed(RawEvent.TRANSACTION_PAYLOAD, END, body));

        assertThat(told.stream().limit(5).map(RawEvent::body)).containsExactly(rows);
        assertThat(told.getLast().type()).isEqualTo(RawEvent.XID);
    }

    /// Nothing that makes its rows count is told before the checksum was seen to be right.
    @Test
    void aDamagedTransactionNeverEnds() {
        var whole = checksummed(RawEvent.TRANSACTION_PAYLOAD, END, payload(MAP, ROWS, ROWS, XID));
        for (var at = RawEvent.HEADER; at < whole.length; at++) {
            for (var bit = 1; bit < 256; bit <<= 1) {
                var damaged = whole.clone();
                damaged[at] ^= (byte) bit;
                var told = new ArrayList<RawEvent>();

                assertThatThrownBy(
                                () -> read(true, new ByteArrayInputStream(packets(damaged)), told))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThat(told).noneMatch(event -> event.type() == RawEvent.XID);
            }
        }
    }

    /// Without checksums the form alone is left.
    @Test
    void whatCannotBeUnpackedIsRefusedWithoutAChecksumToo() {
        var good = payload(MAP, ROWS, XID);
        var longer = Arrays.copyOf(good, good.length + 1);
        var shorter = Arrays.copyOf(good, good.length - 1);
        var plain = join(MAP, ROWS, XID);
        var cut = Zstd.compress(Arrays.copyOf(plain, plain.length - 1));
        var packed = Zstd.compress(plain);
        var bodies =
                List.of(
                        longer,
                        shorter,
                        new byte[0],
                        new byte[] {0},
                        join(number(9, 1), good),
                        join(number(2, 255), number(1, packed.length), new byte[1], packed),
                        join(number(1, cut.length), new byte[1], cut),
                        join(
                                number(3, plain.length + 1),
                                number(1, packed.length),
                                new byte[1],
                                packed),
                        join(number(1, packed.length - 3), new byte[1], packed),
                        join(
                                number(1, packed.length - 3),
                                new byte[1],
                                Arrays.copyOf(packed, packed.length - 3)));
        for (var body : bodies) {
            assertThatThrownBy(() -> read(false, event(RawEvent.TRANSACTION_PAYLOAD, END, body)))
                    .as(Arrays.toString(body))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatStandsBetweenTransactionsDoesNotStandInside() {
        for (var type :
                List.of(
                        RawEvent.ROTATE,
                        RawEvent.GTID,
                        RawEvent.TRANSACTION_PAYLOAD,
                        RawEvent.FORMAT_DESCRIPTION)) {
            var body = payload(MAP, event(type, 0, new byte[90]), XID);

            assertThatThrownBy(() -> read(false, event(RawEvent.TRANSACTION_PAYLOAD, END, body)))
                    .hasMessageContaining("inside a transaction");
        }
        assertThatThrownBy(() ->
                        read(
                                false,
                                event(RawEvent.TRANSACTION_PAYLOAD, END, payload(MAP, XID, ROWS))))
                .hasMessageContaining("behind the end");
    }

    /// A lost connection is tried again, damage is not.
    @Test
    void aConnectionThatBreaksInsideIsALostConnection() {
        var whole = packets(checksummed(RawEvent.TRANSACTION_PAYLOAD, END, payload(MAP, XID)));
        var broken =
                new ByteArrayInputStream(whole, 0, whole.length - 12) {
                    @Override
                    public synchronized int read(byte[] target, int from, int count) {
                        var got = super.read(target, from, count);
                        if (got < 0) {
                            throw new BrokenLine();
                        }
                        return got;
                    }
                };

        assertThatThrownBy(() -> read(true, broken)).isInstanceOf(BrokenLine.class);
    }

    private static final class BrokenLine extends UncheckedIOException {
        private static final long serialVersionUID = 1;

        BrokenLine() {
            super(new IOException("reset by peer"));
        }
    }
}
