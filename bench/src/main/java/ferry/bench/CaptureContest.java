package ferry.bench;

import ferry.bench.Contestant.Part;
import ferry.engine.config.Settings;
import ferry.testkit.servers.DatabaseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Capture of a part of a source's log that is there already, by processes of their own: Ferry's
/// into a change log, the limit into a file of raw bytes on the same disk, with as many fsyncs.
final class CaptureContest implements Contest {
    private static final String LIMIT = "limit raw";

    /// Rows that are there when the log begins.
    private static final long ROWS = 40_000;

    private static final int BULK_ROWS = 10_000;
    private static final int SMALL_CHANGES = 4;

    /// Of a small transaction in the log, roughly.
    private static final int SMALL_BYTES = 1_800;

    private final Options options;
    private final Site site;
    private final DatabaseServer source;
    private final SysbenchTables tables;
    private final BinaryLog begin;
    private final String start;
    private final String end;
    private final Amount amount;

    /// What the log holds.
    enum Shape {
        /// Transactions of ten thousand inserted rows.
        BULK,
        /// Transactions in the shape of sysbench's `oltp_write_only`.
        SMALL
    }

    /// @param bytes size of the log
    /// @param passes how often each process reads it
    /// @param rivals whether they run
    record Options(Shape shape, long bytes, int passes, boolean rivals) {}

    private CaptureContest(
            Options options,
            Site site,
            DatabaseServer source,
            SysbenchTables tables,
            BinaryLog begin,
            List<String> range,
            Amount amount) {
        this.options = options;
        this.site = site;
        this.source = source;
        this.tables = tables;
        this.begin = begin;
        this.start = range.getFirst();
        this.end = range.getLast();
        this.amount = amount;
    }

    static CaptureContest prepare(Options options, Site site)
            throws SQLException, InterruptedException {
        var source = site.start("source");
        var tables = SysbenchTables.ofRows(ROWS);
        tables.create(source);
        var begin = BinaryLog.end(source);
        try (var snapshot = Places.of(source).snapshot()) {
            var start = snapshot.committed().text();
            var changes =
                    switch (options.shape()) {
                        case BULK -> bulk(source, tables, begin, options.bytes());
                        case SMALL -> small(source, tables, begin, options.bytes());
                    };
            var range = List.of(start, snapshot.logEnd().text());
            var passes = options.passes();
            var amount = new Amount(passes * changes, passes * begin.bytesBehind(source));
            return new CaptureContest(options, site, source, tables, begin, range, amount);
        }
    }

    private static long bulk(
            DatabaseServer source, SysbenchTables tables, BinaryLog begin, long bytes)
            throws SQLException {
        var written = 0L;
        try (var connection = source.connect(Dataset.DATABASE)) {
            while (begin.bytesBehind(source) < bytes) {
                var table = tables.names().get((int) (written / BULK_ROWS % tables.tables()));
                tables.insert(connection, table, ROWS + 1 + written, BULK_ROWS);
                written += BULK_ROWS;
            }
        }
        return written;
    }

    private static long small(
            DatabaseServer source, SysbenchTables tables, BinaryLog begin, long bytes)
            throws SQLException, InterruptedException {
        var writers = Writers.of(source, new SysbenchWrites(tables));
        var written = 0L;
        for (var left = bytes; left > 0; left = bytes - begin.bytesBehind(source)) {
            var transactions = Math.max(100, left / SMALL_BYTES);
            writers.withSeed(written).write(transactions);
            written += transactions;
        }
        return written * SMALL_CHANGES;
    }

    @Override
    public String name() {
        return "capture-" + options.shape().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String work() {
        return "%,d MB of log, %,d changes in %s transactions, read %d times, %s, %s"
                .formatted(
                        amount.bytes() / options.passes() / 1_000_000,
                        amount.rows() / options.passes(),
                        options.shape() == Shape.BULK ? "bulk" : "small",
                        options.passes(),
                        source.kind(),
                        BenchServers.durability(false));
    }

    @Override
    public Map<String, DatabaseServer> servers() {
        return site.servers();
    }

    @Override
    public Amount amount() {
        return amount;
    }

    @Override
    public List<Contestant> contestants() {
        var contestants = new ArrayList<Contestant>();
        contestants.add(Contestant.of(LIMIT, Part.LIMIT, this::reset, this::drain));
        contestants.add(
                Contestant.of("ferry", Part.FERRY, this::reset, this::ferry).against(LIMIT));
        if (options.rivals()) {
            contestants.add(
                    Contestant.of("debezium", Part.RIVAL, this::reset, this::debezium)
                            .against(LIMIT));
        }
        return contestants;
    }

    private void reset() throws IOException {
        Site.delete(folder());
        Files.createDirectory(folder());
    }

    private Path folder() {
        return site.folder().resolve("capture");
    }

    private Path said() {
        return folder().resolve("said");
    }

    private void run(Class<?> program, List<String> arguments)
            throws IOException, InterruptedException {
        var command = Java.command(List.of(), program.getName(), arguments);
        Shell.run(Shell.line(command) + " > " + said());
    }

    private void drain() throws IOException, InterruptedException {
        var syncMillis = Settings.defaults().get(Settings.CHANGELOG_SYNC_TIME).toMillis();
        run(
                RawDrain.class,
                List.of(
                        Integer.toString(source.port()),
                        source.user(),
                        begin.file(),
                        Long.toString(begin.offset()),
                        folder().resolve("raw").toString(),
                        Long.toString(syncMillis),
                        Integer.toString(options.passes())));
    }

    private void ferry() throws IOException, InterruptedException {
        var arguments = new ArrayList<String>();
        arguments.add(Integer.toString(source.port()));
        arguments.addAll(List.of(source.user(), start, end, folder().toString()));
        arguments.add(Integer.toString(options.passes()));
        arguments.addAll(tables.names());
        run(CaptureAlone.class, arguments);
    }

    private void debezium() throws IOException, InterruptedException {
        run(
                DebeziumAlone.class,
                List.of(
                        Integer.toString(source.port()),
                        source.user(),
                        Long.toString(amount.rows() / options.passes()),
                        Integer.toString(options.passes())));
    }

    @Override
    public void check(Contestant contestant) throws IOException {
        var said = Files.readString(said()).strip();
        var complete =
                contestant.part() == Part.LIMIT
                        ? Long.parseLong(said.replace("bytes=", "")) >= amount.bytes()
                        : said.endsWith("changes=" + amount.rows());
        if (!complete) {
            throw new IllegalStateException(
                    "%s read '%s' of %s".formatted(contestant.name(), said, amount));
        }
    }
}
