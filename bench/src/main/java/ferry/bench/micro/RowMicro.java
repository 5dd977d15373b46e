package ferry.bench.micro;

import ferry.engine.dialect.UniqueForm;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.model.RowCode;
import java.nio.ByteBuffer;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/// What is done to each row: taken out of an event, packed and unpacked, and hashed for the claims
/// by which lanes keep the order of changes.
@State(Scope.Thread)
public class RowMicro {
    private final RowCode code = Sample.ends().rowCode(Sample.TABLE, Sample.description());
    private final byte[] event = Sample.event();
    private final List<Row> rows = Sample.rows();
    private final byte[] packed = new byte[1 << 16];
    private final UniqueForm number = form(0);
    private final UniqueForm text = form(2);

    private static UniqueForm form(int column) {
        return Sample.ends()
                .sourceDialect()
                .uniqueForm(Sample.TABLE, Sample.TABLE.columns().get(column))
                .orElseThrow();
    }

    @Benchmark
    @OperationsPerInvocation(Sample.ROWS)
    public List<Change> decode() {
        return code.decode(event, 0, event.length);
    }

    @Benchmark
    @OperationsPerInvocation(Sample.ROWS)
    public void packAndUnpack(Blackhole hole) {
        for (var row : rows) {
            var end = row.pack(packed, 0);
            hole.consume(Row.unpack(ByteBuffer.wrap(packed, 0, end)));
        }
    }

    @Benchmark
    @OperationsPerInvocation(Sample.ROWS)
    public void conflictKeyOfNumbers(Blackhole hole) {
        for (var row : rows) {
            hole.consume(number.of(row, 0));
        }
    }

    @Benchmark
    @OperationsPerInvocation(Sample.ROWS)
    public void conflictKeyOfTexts(Blackhole hole) {
        for (var row : rows) {
            hole.consume(text.of(row, 2));
        }
    }
}
