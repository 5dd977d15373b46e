package ferry.bench.micro;

import ferry.engine.changelog.ChangeLog;
import ferry.engine.changelog.FileLogStore;
import ferry.engine.changelog.LogRecord;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Ends;
import ferry.engine.model.CodedChanges;
import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
import ferry.engine.pipeline.FormsOfSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The change log on this machine's disk: rows in, with one fsync for all of them, and rows out.
@State(Scope.Thread)
public class ChangeLogMicro {
    private static final int ROWS = 400_000;
    private static final String SERVER = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

    /// Rows of one transaction: as in bulk inserts, and as in `oltp_write_only`.
    @Param({"40", "4"})
    public int rowsOfTransaction;

    @Param({"false", "true"})
    public boolean compress;

    private final Ends ends = Sample.ends();
    private final Position start = ends.position("gtid=" + SERVER + ":1");
    private CodedChanges changes;
    private Path folder;
    private FileLogStore store;
    private ChangeLog log;

    @Setup(Level.Trial)
    public void prepare() throws IOException {
        var code = ends.rowCode(Sample.TABLE, Sample.description());
        changes = Sample.coded(code, rowsOfTransaction);
        folder = Files.createTempDirectory("ferry-micro");
        store = new FileLogStore(folder);
        open();
        append();
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        log.close();
        ChangeLog.erase(store);
        store.close();
        Files.delete(folder);
    }

    private void open() {
        var settings =
                Settings.defaults().with(Settings.CHANGELOG_COMPRESS, Boolean.toString(compress));
        log = ChangeLog.open(store, settings, new FormsOfSource(ends), start);
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public void write() {
        log.close();
        ChangeLog.erase(store);
        open();
        append();
    }

    private void append() {
        for (var number = 0; number < ROWS / rowsOfTransaction; number++) {
            var id =
                    new TransactionId(
                            "gtid=%s:%d;file=binlog.000001:%d@%s"
                                    .formatted(SERVER, number + 2, number * 1000 + 4, SERVER));
            log.append(new LogRecord.Begin(id, number));
            log.append(new LogRecord.Rows(Sample.TABLE, changes));
            log.append(new LogRecord.Commit(id));
        }
        log.sync();
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public long read() {
        var rows = 0L;
        try (var reader = log.reader(start)) {
            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                if (next.get() instanceof LogRecord.Rows(var _, var read)) {
                    rows += read.size();
                }
            }
        }
        if (rows != ROWS) {
            throw new IllegalStateException("%d rows came out of %d".formatted(rows, ROWS));
        }
        return rows;
    }
}
