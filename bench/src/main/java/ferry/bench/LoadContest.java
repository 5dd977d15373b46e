package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Full load of tables in sysbench's shape: schema, rows and secondary indexes, from a source that
/// nobody writes to, with the log captured meanwhile.
///
/// The limits move the same rows with the same statements in two streams, without making them: the
/// client's text goes straight into LOAD DATA, and the INSERTs lie ready in files while the source
/// is scanned.
final class LoadContest implements Contest {
    private static final int TABLES = 4;
    private static final int STREAMS = 2;
    private static final int INSERT_ROWS = 1_000;
    private static final String DATABASE = SysbenchTables.DATABASE;
    private static final String LIMIT_LOAD_DATA = "limit LOAD DATA";
    private static final String LIMIT_INSERT = "limit INSERT";

    private final LoadOptions options;
    private final Path folder;
    private final SysbenchTables tables;
    private final DatabaseServer source;
    private final DatabaseServer target;
    private final FerryCommand ferry;
    private final Amount amount;
    private final List<String> sums;

    /// @param rows in all tables together
    /// @param target the kind of the target
    /// @param durable whether the servers flush every commit to disk
    record LoadOptions(long rows, ServerKind target, boolean durable) {}

    private LoadContest(
            LoadOptions options, Path folder, DatabaseServer source, DatabaseServer target)
            throws SQLException, IOException, InterruptedException {
        this.options = options;
        this.folder = folder;
        this.source = source;
        this.target = target;
        this.tables = new SysbenchTables(TABLES, options.rows() / TABLES);
        this.ferry = new FerryCommand(folder);
        tables.create(source);
        var bytes =
                source.query(
                                "SELECT SUM(data_length) FROM information_schema.tables WHERE table_schema = '%s'"
                                        .formatted(DATABASE))
                        .getFirst();
        this.amount = new Amount(tables.rows() * TABLES, Long.parseLong(bytes));
        this.sums = sums(source);
        writeInserts();
    }

    static LoadContest open(LoadOptions options, Path folder)
            throws SQLException, IOException, InterruptedException {
        var source =
                DatabaseServer.start(ServerKind.MYSQL_8_0, BenchServers.options(options.durable()));
        try {
            var target =
                    options.target() == ServerKind.SEEKDB
                            ? DatabaseServer.start(ServerKind.SEEKDB, ServerOptions.lean())
                            : DatabaseServer.start(
                                    options.target(), BenchServers.options(options.durable()));
            try {
                return new LoadContest(options, folder, source, target);
            } catch (SQLException | IOException | InterruptedException | RuntimeException e) {
                target.close();
                throw e;
            }
        } catch (SQLException | IOException | InterruptedException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return isOceanBase() ? "load-oceanbase" : options.durable() ? "load-durable" : "load";
    }

    @Override
    public String work() {
        return "%d tables in sysbench's shape, %,d rows, %,d MB, %s -> %s, %s"
                .formatted(
                        TABLES,
                        amount.rows(),
                        amount.bytes() / 1_000_000,
                        source.kind(),
                        target.kind(),
                        BenchServers.durability(options.durable()));
    }

    @Override
    public Amount amount() {
        return amount;
    }

    @Override
    public Map<String, DatabaseServer> servers() {
        return Map.of("source", source, "target", target);
    }

    @Override
    public List<Contestant> contestants() {
        var contestants = new ArrayList<Contestant>();
        if (Client.isInstalled()) {
            contestants.add(Contestant.limit(LIMIT_INSERT, this::readyInserts));
            if (!isOceanBase()) {
                contestants.add(Contestant.limit(LIMIT_LOAD_DATA, this::pipedLoadData));
            }
        }
        contestants.add(
                Contestant.ferry(
                        "ferry INSERT",
                        Client.isInstalled() ? LIMIT_INSERT : "ferry INSERT",
                        this::ferry));
        if (Client.isInstalled() && Shell.has("mariadb-dump")) {
            contestants.add(Contestant.rival("mariadb-dump", limit(), this::mariadbDump));
        }
        if (Client.isInstalled() && Shell.has("mydumper") && !isOceanBase()) {
            contestants.add(Contestant.rival("mydumper", limit(), this::mydumper));
        }
        return contestants;
    }

    private String limit() {
        return isOceanBase() ? LIMIT_INSERT : LIMIT_LOAD_DATA;
    }

    private boolean isOceanBase() {
        return target.kind() == ServerKind.SEEKDB;
    }

    @Override
    public void reset() throws SQLException, IOException {
        ferry.reset();
        target.execute("DROP DATABASE IF EXISTS " + DATABASE, "DROP DATABASE IF EXISTS ferry");
        if (!isOceanBase()) {
            target.execute("RESET MASTER");
        }
    }

    @Override
    public void check(Contestant contestant) throws SQLException {
        var arrived = sums(target);
        if (!arrived.equals(sums)) {
            throw new IllegalStateException(
                    "%s has moved other rows: source %s, target %s"
                            .formatted(contestant.name(), sums, arrived));
        }
    }

    /// Row count, checksum and number of indexes of each table.
    private List<String> sums(DatabaseServer server) throws SQLException {
        var sums = new ArrayList<String>();
        for (var table : tables.names()) {
            sums.addAll(
                    server.query(
                            "SELECT CONCAT(COUNT(*), ' ', BIT_XOR(CRC32(CONCAT_WS('#', id, k, c, pad)))) FROM %s.%s"
                                    .formatted(DATABASE, table)));
            sums.addAll(
                    server.query(
                            """
                            SELECT COUNT(DISTINCT index_name) FROM information_schema.statistics
                            WHERE table_schema = '%s' AND table_name = '%s'\
                            """
                                    .formatted(DATABASE, table)));
        }
        return sums;
    }

    private void ferry() throws IOException, InterruptedException {
        ferry.migrate(
                new FerryCommand.Order(
                        source, target, DATABASE, "schema, full, incremental", "loaded", Map.of()));
    }

    private void pipedLoadData() throws SQLException, IOException, InterruptedException {
        createTables();
        var streams = streams();
        Shell.together(
                streams.stream()
                        .map(names ->
                                String.join(
                                        " && ", names.stream().map(this::pipedLoadData).toList()))
                        .toList());
        addIndexes();
    }

    private String pipedLoadData(String table) {
        return "%s -q -N -B -e 'SELECT * FROM %s.%s' | %s --local-infile=1 -e \"LOAD DATA LOCAL INFILE '/dev/stdin' INTO TABLE %s.%s\""
                .formatted(
                        Client.mysql(source, ""),
                        DATABASE,
                        table,
                        Client.mysql(target, ""),
                        DATABASE,
                        table);
    }

    private void readyInserts() throws SQLException, IOException, InterruptedException {
        createTables();
        var pipelines = new ArrayList<String>();
        for (var names : streams()) {
            var inserts = String.join(" ", names.stream().map(n -> inserts(n).toString()).toList());
            var scans =
                    String.join(
                            " && ",
                            names.stream()
                                    .map(table ->
                                            "%s -q -N -B -e 'SELECT * FROM %s.%s' > /dev/null"
                                                    .formatted(
                                                            Client.mysql(source, ""),
                                                            DATABASE,
                                                            table))
                                    .toList());
            pipelines.add("cat %s | %s %s".formatted(inserts, Client.mysql(target, ""), DATABASE));
            pipelines.add(scans);
        }
        Shell.together(pipelines);
        addIndexes();
    }

    private void createTables() throws SQLException {
        target.execute("CREATE DATABASE " + DATABASE);
        for (var table : tables.names()) {
            target.execute(SysbenchTables.definition(table, false));
        }
    }

    private void addIndexes() throws IOException, InterruptedException {
        Shell.together(
                streams().stream()
                        .map(names ->
                                "%s -e '%s'"
                                        .formatted(
                                                Client.mysql(target, ""),
                                                String.join(
                                                        "; ",
                                                        names.stream()
                                                                .map(SysbenchTables::index)
                                                                .toList())))
                        .toList());
    }

    private List<List<String>> streams() {
        var streams = new ArrayList<List<String>>();
        for (var stream = 0; stream < STREAMS; stream++) {
            var names = new ArrayList<String>();
            for (var table = stream; table < TABLES; table += STREAMS) {
                names.add(tables.names().get(table));
            }
            streams.add(names);
        }
        return streams;
    }

    private Path inserts(String table) {
        return folder.resolve(table + ".sql");
    }

    /// The statements that the limit by INSERT only has to send.
    private void writeInserts() throws IOException, InterruptedException {
        if (!Client.isInstalled()) {
            return;
        }
        for (var table : tables.names()) {
            // One row a line becomes a statement of many rows.
            Shell.run(
                    """
                    %s -q -N -B -e 'SELECT * FROM %s.%s' | awk -F'\\t' '
                      { printf "%%s(%%s,%%s,\\x27%%s\\x27,\\x27%%s\\x27)", (NR %% %d == 1 ? (NR > 1 ? ";\\n" : "") "INSERT INTO %s VALUES " : ","), $1, $2, $3, $4 }
                      END { print ";" }' > %s\
                    """
                            .formatted(
                                    Client.mysql(source, ""),
                                    DATABASE,
                                    table,
                                    INSERT_ROWS,
                                    table,
                                    inserts(table)));
        }
    }

    private void mariadbDump() throws IOException, InterruptedException {
        Shell.run(
                "mariadb-dump --no-defaults %s --single-transaction --quick --databases %s | %s"
                        .formatted(Client.place(source), DATABASE, Client.mysql(target, "")));
    }

    private void mydumper() throws IOException, InterruptedException {
        var dump = folder.resolve("dump");
        Shell.run(
                "rm -rf %s && mydumper %s --database=%s --threads=%d --rows=%d --outputdir=%s && myloader %s --threads=%d --directory=%s"
                        .formatted(
                                dump,
                                Client.place(source),
                                DATABASE,
                                STREAMS,
                                Math.max(1_000, tables.rows() / STREAMS),
                                dump,
                                Client.place(target),
                                STREAMS,
                                dump));
        Shell.run("rm -rf " + dump);
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
