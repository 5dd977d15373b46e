package ferry.bench;

import ferry.bench.Contestant.Part;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Snapshot;
import ferry.engine.model.KeyRange;
import ferry.engine.model.TableName;
import ferry.testkit.servers.DatabaseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/// Comparison of tables that are equal, and of tables with ten differences. The limit is the
/// checksum that Ferry takes too, whole tables at a time, two at each end at once.
final class VerifyContest implements Contest {
    private static final String LIMIT = "limit checksums";
    private static final String DIFFERENT = "ferry, 10 differences";
    private static final String SAVED = "sbtest_saved";
    private static final int STREAMS = 2;
    private static final int DIFFERENCES = 10;
    private static final Pattern COUNTS =
            Pattern.compile("\"(?:sourceOnly|targetOnly|mismatched)\":(\\d+)");

    private final Site site;
    private final SysbenchTables tables;
    private final DatabaseServer source;
    private final DatabaseServer target;
    private final FerryCommand ferry;
    private final Amount amount;

    private VerifyContest(
            Site site,
            SysbenchTables tables,
            DatabaseServer source,
            DatabaseServer target,
            Amount amount) {
        this.site = site;
        this.tables = tables;
        this.source = source;
        this.target = target;
        this.ferry = new FerryCommand(site.folder());
        this.amount = amount;
    }

    static VerifyContest prepare(SysbenchTables tables, Site site) throws SQLException {
        var source = site.start("source");
        var target = site.start("target");
        tables.create(source);
        tables.create(target);
        return new VerifyContest(site, tables, source, target, tables.amount(source));
    }

    @Override
    public String name() {
        return "verify";
    }

    @Override
    public String work() {
        return "%s, %,d rows, %,d MB, %s and %s"
                .formatted(
                        tables.what(),
                        amount.rows(),
                        amount.bytes() / 1_000_000,
                        source.kind(),
                        target.kind());
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
        return List.of(
                Contestant.of(LIMIT, Part.LIMIT, ferry::reset, this::byHand),
                Contestant.of("ferry", Part.FERRY, ferry::reset, () -> ferry.verify(order(), 0))
                        .against(LIMIT),
                Contestant.of(DIFFERENT, Part.FERRY, this::differ, () -> ferry.verify(order(), 1))
                        .against(LIMIT));
    }

    private FerryCommand.Order order() {
        return FerryCommand.Order.of(source, target, "verification", "verified");
    }

    @Override
    public void check(Contestant contestant) throws IOException, SQLException {
        if (contestant.name().equals(DIFFERENT)) {
            var found = found();
            agree();
            if (found != DIFFERENCES) {
                throw new IllegalStateException(
                        "%d differences were made and %d were found".formatted(DIFFERENCES, found));
            }
        }
    }

    private long found() throws IOException {
        var certificate = ferry.home().resolve(FerryCommand.PROJECT).resolve("certificate.json");
        return COUNTS.matcher(Files.readString(certificate))
                .results()
                .mapToLong(count -> Long.parseLong(count.group(1)))
                .sum();
    }

    /// Four rows changed, three taken away and three added in the target, all over a table.
    private void differ() throws SQLException, IOException {
        ferry.reset();
        var step = tables.rowsEach() / DIFFERENCES;
        var statements = new ArrayList<String>();
        statements.add("DROP DATABASE IF EXISTS " + SAVED);
        statements.add("CREATE DATABASE " + SAVED);
        statements.add("CREATE TABLE %s.kept LIKE %s.sbtest2".formatted(SAVED, Dataset.DATABASE));
        for (var number = 0; number < DIFFERENCES; number++) {
            var id = 1 + number * step;
            statements.add(
                    "INSERT INTO %s.kept SELECT * FROM %s.sbtest2 WHERE id = %d"
                            .formatted(SAVED, Dataset.DATABASE, id));
            var change =
                    switch (number % 3) {
                        case 0 -> "UPDATE %s.sbtest2 SET pad = REVERSE(pad) WHERE id = %d";
                        case 1 -> "DELETE FROM %s.sbtest2 WHERE id = %d";
                        default -> "INSERT INTO %s.sbtest2 (id, k) VALUES (%d + 1000000000, 0)";
                    };
            statements.add(change.formatted(Dataset.DATABASE, id));
        }
        target.execute(statements.toArray(String[]::new));
    }

    private void agree() throws SQLException {
        target.execute(
                "DELETE FROM %s.sbtest2 WHERE id > 1000000000".formatted(Dataset.DATABASE),
                "REPLACE INTO %s.sbtest2 SELECT * FROM %s.kept".formatted(Dataset.DATABASE, SAVED),
                "DROP DATABASE " + SAVED);
    }

    /// Both ends at once, each with two connections that take a table after the other.
    private void byHand() throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(2 * STREAMS)) {
            var work = new ArrayList<Callable<List<Snapshot.Checksum>>>();
            for (var server : List.of(source, target)) {
                for (var stream = 0; stream < STREAMS; stream++) {
                    var first = stream;
                    work.add(() -> checksums(server, first));
                }
            }
            var sums = new ArrayList<List<Snapshot.Checksum>>();
            for (var done : threads.invokeAll(work)) {
                sums.add(done.get());
            }
            if (!sums.subList(0, STREAMS).equals(sums.subList(STREAMS, 2 * STREAMS))) {
                throw new IllegalStateException("the checksums differ: " + sums);
            }
        }
    }

    private List<Snapshot.Checksum> checksums(DatabaseServer server, int first) {
        var places = Places.of(server);
        var sums = new ArrayList<Snapshot.Checksum>();
        try (var catalog =
                        places.dialect()
                                .catalog(places.endpoint(), Role.SOURCE, Settings.defaults());
                var snapshot = places.snapshot()) {
            for (var at = first; at < tables.tables(); at += STREAMS) {
                var name = new TableName(Dataset.DATABASE, tables.names().get(at));
                var table = catalog.table(name).orElseThrow();
                sums.add(snapshot.checksum(table, table, KeyRange.ALL));
            }
        }
        return sums;
    }
}
