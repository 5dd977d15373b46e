package ferry.bench;

import ferry.bench.Contestant.Part;
import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/// Full load of a dataset: schema, rows and secondary indexes, from a source that nobody writes to,
/// with the log captured meanwhile.
///
/// The limits move the same rows with the same statements in two streams, without making them: the
/// client's text goes straight into LOAD DATA, and the INSERTs lie ready in files while the source
/// is scanned.
final class LoadContest implements Contest {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int STREAMS = 2;
    private static final int INSERT_ROWS = 1_000;
    private static final String DATABASE = Dataset.DATABASE;
    private static final String LIMIT_LOAD_DATA = "limit LOAD DATA";
    private static final String LIMIT_INSERT = "limit INSERT";

    private final LoadOptions options;
    private final Path folder;
    private final Dataset tables;
    private final Map<String, DatabaseServer> servers;
    private final DatabaseServer source;
    private final DatabaseServer target;
    private final FerryCommand ferry;
    private final Amount amount;
    private final List<String> sums;

    /// @param tables what is moved
    /// @param target the kind of the target
    /// @param durable whether the servers flush every commit to disk
    /// @param rivals whether they run
    record LoadOptions(Dataset tables, ServerKind target, boolean durable, boolean rivals) {}

    private LoadContest(
            LoadOptions options,
            Site site,
            DatabaseServer source,
            DatabaseServer target,
            Amount amount,
            List<String> sums) {
        this.options = options;
        this.folder = site.folder();
        this.tables = options.tables();
        this.servers = site.servers();
        this.source = source;
        this.target = target;
        this.ferry = new FerryCommand(folder);
        this.amount = amount;
        this.sums = sums;
    }

    static LoadContest prepare(LoadOptions options, Site site)
            throws SQLException, IOException, InterruptedException {
        var source =
                site.start("source", ServerKind.MYSQL_8_0, BenchServers.options(options.durable()));
        var target =
                site.start(
                        "target",
                        options.target(),
                        options.target() == ServerKind.SEEKDB
                                ? ServerOptions.lean()
                                : BenchServers.options(options.durable()));
        options.tables().create(source);
        var contest =
                new LoadContest(
                        options,
                        site,
                        source,
                        target,
                        options.tables().amount(source),
                        options.tables().sums(source));
        contest.writeInserts();
        return contest;
    }

    @Override
    public String name() {
        return "load"
                + (tables instanceof MixedTables ? "-mixed" : "")
                + (isOceanBase() ? "-oceanbase" : "")
                + (options.durable() ? "-durable" : "");
    }

    @Override
    public String work() {
        return "%s, %,d rows, %,d MB, %s -> %s, %s"
                .formatted(
                        tables.what(),
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
        return servers;
    }

    @Override
    public List<Contestant> contestants() {
        var contestants = new ArrayList<Contestant>();
        if (hasReadyInserts()) {
            contestants.add(contestant(LIMIT_INSERT, Part.LIMIT, this::readyInserts));
        }
        if (Client.isInstalled() && !isOceanBase()) {
            contestants.add(contestant(LIMIT_LOAD_DATA, Part.LIMIT, this::pipedLoadData));
        }
        contestants.add(against(LIMIT_INSERT, "ferry INSERT", Part.FERRY, () -> ferry(false)));
        if (!isOceanBase()) {
            contestants.add(
                    against(LIMIT_LOAD_DATA, "ferry LOAD DATA", Part.FERRY, () -> ferry(true)));
        }
        if (options.rivals() && !isOceanBase()) {
            contestants.add(contestant("servers by file", Part.SHOWN, this::byFile));
        }
        if (options.rivals() && Client.isInstalled()) {
            var limit = isOceanBase() ? LIMIT_INSERT : LIMIT_LOAD_DATA;
            if (Shell.has("mariadb-dump")) {
                contestants.add(against(limit, "mariadb-dump", Part.RIVAL, this::mariadbDump));
            }
            if (Shell.has("mydumper") && !isOceanBase()) {
                contestants.add(
                        against(limit, "mydumper", Part.RIVAL, () -> mydumper("--enable-binlog")));
                contestants.add(contestant("mydumper, no log", Part.SHOWN, () -> mydumper("")));
            }
        }
        return contestants;
    }

    private Contestant contestant(String name, Part part, Contestant.Run run) {
        return Contestant.of(name, part, this::reset, run);
    }

    /// Without its programs a limit does not run.
    private Contestant against(String limit, String name, Part part, Contestant.Run run) {
        var contestant = contestant(name, part, run);
        var runs = limit.equals(LIMIT_INSERT) ? hasReadyInserts() : Client.isInstalled();
        return runs ? contestant.against(limit) : contestant;
    }

    private boolean isOceanBase() {
        return target.kind() == ServerKind.SEEKDB;
    }

    private void reset() throws SQLException, IOException, InterruptedException {
        ferry.reset();
        target.execute("DROP DATABASE IF EXISTS " + DATABASE, "DROP DATABASE IF EXISTS ferry");
        if (isOceanBase()) {
            compact();
        } else {
            target.execute("RESET MASTER");
        }
    }

    /// What the run before left in the kernel's memory is flushed and merged now: otherwise whoever
    /// fills that memory next would pay for both.
    private void compact() throws SQLException, InterruptedException {
        var merged = "SELECT last_scn FROM oceanbase.dba_ob_major_compaction";
        var before = target.query(merged);
        target.execute("ALTER SYSTEM MAJOR FREEZE");
        while (target.query(merged + " WHERE status = 'IDLE'").isEmpty()
                || target.query(merged).equals(before)) {
            Thread.sleep(LOOK);
        }
    }

    @Override
    public void check(Contestant contestant) throws SQLException {
        var arrived = tables.sums(target);
        if (!arrived.equals(sums)) {
            throw new IllegalStateException(
                    "%s has moved other rows: source %s, target %s"
                            .formatted(contestant.name(), sums, arrived));
        }
    }

    private void ferry(boolean loadData) throws IOException, InterruptedException {
        ferry.migrate(
                FerryCommand.Order.toLoad(source, target)
                        .with(Map.of("load.data.local", Boolean.toString(loadData))));
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
        return "%s -q -N -B -e 'SELECT * FROM %s.%s' | %s --local-infile=1 -e \"LOAD DATA LOCAL INFILE '/dev/stdin' INTO TABLE %s.%s %s\""
                .formatted(
                        Client.mysql(source, ""),
                        DATABASE,
                        table,
                        Client.mysql(target, ""),
                        DATABASE,
                        table,
                        tables.loading(table));
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
        target.execute(Dataset.CREATE_DATABASE);
        for (var table : tables.names()) {
            target.execute(tables.definition(table));
        }
    }

    private void addIndexes() throws IOException, InterruptedException {
        Shell.together(
                streams().stream()
                        .map(names ->
                                names.stream()
                                        .flatMap(table -> tables.keys(table).stream())
                                        .collect(Collectors.joining("; ")))
                        .filter(statements -> !statements.isEmpty())
                        .map(statements ->
                                "%s -e '%s'".formatted(Client.mysql(target, ""), statements))
                        .toList());
    }

    private List<List<String>> streams() {
        var streams = new ArrayList<List<String>>();
        for (var stream = 0; stream < STREAMS; stream++) {
            var names = new ArrayList<String>();
            for (var table = stream; table < tables.names().size(); table += STREAMS) {
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
        if (!hasReadyInserts()) {
            return;
        }
        for (var table : tables.names()) {
            Shell.run(
                    (tables instanceof SysbenchTables ? printed(table) : dumped(table))
                            + " > "
                            + inserts(table));
        }
    }

    /// A client can print rows of numbers and plain texts as statements; of others it needs the
    /// rival's help.
    private boolean hasReadyInserts() {
        return Client.isInstalled()
                && (tables instanceof SysbenchTables || Shell.has("mariadb-dump"));
    }

    /// One row a line becomes a statement of many rows.
    private String printed(String table) {
        return """
        %s -q -N -B -e 'SELECT * FROM %s.%s' | awk -F'\\t' '
          { printf "%%s(%%s,%%s,\\x27%%s\\x27,\\x27%%s\\x27)", (NR %% %d == 1 ? (NR > 1 ? ";\\n" : "") "INSERT INTO %s VALUES " : ","), $1, $2, $3, $4 }
          END { print ";" }'\
        """
                .formatted(Client.mysql(source, ""), DATABASE, table, INSERT_ROWS, table);
    }

    private String dumped(String table) {
        return "mariadb-dump --no-defaults %s --default-character-set=utf8mb4 --no-create-info --compact --hex-blob %s %s"
                .formatted(Client.place(source), DATABASE, table);
    }

    /// What the two servers do by themselves where they share a disk: INTO OUTFILE, LOAD DATA
    /// INFILE.
    private void byFile() throws SQLException, IOException, InterruptedException {
        createTables();
        try (var threads = Executors.newFixedThreadPool(STREAMS)) {
            var streams = new ArrayList<Callable<Void>>();
            for (var names : streams()) {
                streams.add(() -> byFile(names));
            }
            for (var stream : threads.invokeAll(streams)) {
                stream.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        addIndexes();
    }

    private Void byFile(List<String> names) throws SQLException, IOException {
        for (var table : names) {
            var file = folder.resolve(table + ".txt");
            var loading = tables.loading(table);
            source.execute(
                    "SELECT * FROM %s.%s INTO OUTFILE '%s' CHARACTER SET binary"
                            .formatted(DATABASE, table, file));
            target.execute(
                    "LOAD DATA INFILE '%s' INTO TABLE %s.%s %s"
                            .formatted(
                                    file,
                                    DATABASE,
                                    table,
                                    loading.isEmpty() ? "CHARACTER SET binary" : loading));
            Files.delete(file);
        }
        return null;
    }

    private void mariadbDump() throws IOException, InterruptedException {
        Shell.run(
                "mariadb-dump --no-defaults %s --single-transaction --quick --databases %s | %s"
                        .formatted(Client.place(source), DATABASE, Client.mysql(target, "")));
    }

    /// Left alone, myloader writes nothing into the target's log: its replicas would miss the rows.
    private void mydumper(String log) throws IOException, InterruptedException {
        var dump = folder.resolve("dump");
        Shell.run(
                "rm -rf %s && mydumper %s --database=%s --threads=%d --rows=%d --outputdir=%s && myloader %s %s --threads=%d --directory=%s"
                        .formatted(
                                dump,
                                Client.place(source),
                                DATABASE,
                                STREAMS,
                                Math.max(1_000, amount.rows() / tables.names().size() / STREAMS),
                                dump,
                                Client.place(target),
                                log,
                                STREAMS,
                                dump));
        Shell.run("rm -rf " + dump);
    }
}
