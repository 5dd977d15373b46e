package ferry.engine.changelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.model.Change;
import ferry.engine.model.Row;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class RecordCodecTest {
    @Test
    void everyKindOfRowComesBack() {
        for (var row : Samples.oddRows()) {
            var packed = new byte[row.packedLimit() + 3];
            var end = row.pack(packed, 3);
            var source = ByteBuffer.wrap(packed, 3, packed.length - 3);

            assertThat(Row.unpack(source)).isEqualTo(row);
            assertThat(source.position()).isEqualTo(end);
        }
    }

    @Test
    void aPackedRowThatIsCutShortIsRefused() {
        var row = Samples.oddRows().get(5);
        var packed = new byte[row.packedLimit()];
        var end = row.pack(packed, 0);
        for (var length = 0; length < end; length++) {
            var cut = ByteBuffer.wrap(Arrays.copyOf(packed, length));
            assertThatThrownBy(() -> Row.unpack(cut)).isInstanceOf(BufferUnderflowException.class);
        }
    }

    @Test
    void aPackedRowThatClaimsTooMuchIsRefusedBeforeMemoryIsTaken() {
        assertThatThrownBy(() -> Row.unpack(hex("ffffffff07")))
                .isInstanceOf(BufferUnderflowException.class);
        assertThatThrownBy(() -> Row.unpack(hex("01ffffffff07")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Row.unpack(hex("01ffffffff0f")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Row.unpack(hex("01ffffffffff01")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyKindOfChangeComesBack() {
        var changes = new ArrayList<Change>();
        for (var row : Samples.oddRows()) {
            changes.add(new Change.Insert(row));
            changes.add(new Change.Update(row, Samples.order(1, "x")));
            changes.add(new Change.Delete(row));
        }
        var out = new Encoder(16);
        RecordCodec.rows(out, 7, changes);

        var in = decoder(out);
        assertThat(in.count()).isEqualTo(7);
        assertThat(RecordCodec.changes(in)).isEqualTo(changes);
    }

    @Test
    void aSchemaChangeComesBackWithAllItsEffects() {
        var change = Samples.schemaChange("17");
        var out = new Encoder(16);
        RecordCodec.encode(out, change);

        assertThat(RecordCodec.schemaChange(decoder(out))).isEqualTo(change);
    }

    @Test
    void numbersOfEverySizeComeBack() {
        var out = new Encoder(1);
        var numbers =
                new long[] {0, 1, 127, 128, 16383, 16384, Integer.MAX_VALUE, Long.MAX_VALUE, -1};
        for (var number : numbers) {
            out.number(number);
        }

        var in = new Decoder(ByteBuffer.wrap(out.toArray()));
        for (var number : numbers) {
            assertThat(in.number()).isEqualTo(number);
        }
        assertThat(in.hasMore()).isFalse();
    }

    private static Decoder decoder(Encoder out) {
        var bytes = out.toArray();
        var body =
                ByteBuffer.wrap(
                        bytes, RecordCodec.HEAD_BYTES, bytes.length - RecordCodec.HEAD_BYTES);
        assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(body.remaining());
        return new Decoder(body);
    }

    private static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(java.util.HexFormat.of().parseHex(digits));
    }
}
