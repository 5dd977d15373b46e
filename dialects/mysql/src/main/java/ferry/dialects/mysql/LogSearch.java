package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.LogExpiry;
import ferry.engine.dialect.Role;
import ferry.engine.model.NamedPlace.AtTime;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/// Finds the place in a server's log that an operator names.
///
/// A set of GTIDs is a place as it is. For a time, the file is found by when files were begun, and
/// then the file is read as a replica would read it, up to the first transaction of that time or
/// later. A file and an offset are looked for in the same way, which proves that a transaction
/// begins there, and tells the GTIDs before it, so that a server with GTIDs is followed by them.
final class LogSearch implements AutoCloseable {
    private static final int FILE_BEGIN = 4;

    /// Of SHOW BINLOG EVENTS: the head of a file is a few events.
    static final int HEAD_EVENTS = 8;

    private final MySqlConnection connection;
    private final Endpoint endpoint;
    private final Settings settings;
    private final LogServer server;
    private final List<List<String>> files;
    private final MySqlServer told;

    private LogSearch(
            MySqlConnection connection,
            Endpoint endpoint,
            Settings settings,
            LogServer server,
            List<List<String>> files,
            MySqlServer told) {
        this.told = told;
        this.connection = connection;
        this.endpoint = endpoint;
        this.settings = settings;
        this.server = server;
        this.files = files;
    }

    static LogSearch open(Endpoint endpoint, Settings settings) {
        var connection =
                MySqlConnection.open(endpoint, Role.SOURCE, MySqlSession.Use.PLAIN, settings);
        try {
            var variables = MySqlServer.read(connection.jdbc());
            var mariaDb = variables.version().isMariaDb();
            var uuid = variables.variable("server_uuid");
            var server =
                    new LogServer(
                            endpoint.hosts().toString(),
                            connection.text("ask the version", "SELECT VERSION()").orElseThrow(),
                            mariaDb || uuid.isEmpty() ? variables.variable("server_id") : uuid,
                            mariaDb,
                            mariaDb || variables.variable("gtid_mode").equalsIgnoreCase("ON"),
                            !variables.variable("lower_case_table_names").equals("0"));
            var files =
                    variables.on("log_bin") && !variables.version().isOceanBase()
                            ? connection.rows("list the log's files", "SHOW BINARY LOGS")
                            : List.<List<String>>of();
            return new LogSearch(connection, endpoint, settings, server, files, variables);
        } catch (SQLException failure) {
            var problem = connection.problem("look at the server's log", failure);
            connection.close();
            throw problem;
        } catch (RuntimeException failure) {
            connection.close();
            throw failure;
        }
    }

    /// A set of GTIDs, or a file and an offset.
    MySqlPosition inLog(String text) {
        requireLog(text);
        return text.contains(".") ? inFile(text) : gtids(text);
    }

    private void requireLog(String text) {
        if (files.isEmpty()) {
            throw refused(text, "the server has no binary log", "leave it out");
        }
    }

    private MySqlPosition gtids(String text) {
        Gtids set;
        try {
            set = Gtids.parse(text);
        } catch (IllegalArgumentException e) {
            throw refused(text, e.getMessage(), "write it as gtid_executed shows it");
        }
        if (!server.gtids() || set instanceof MariaDbGtids != server.mariaDb()) {
            throw refused(
                    text,
                    "the server does not number its transactions in this way",
                    "name a time, or a file and an offset");
        }
        if (set instanceof GtidSet wanted) {
            var own = GtidSet.parse(server.identity() + ":1");
            var known = set("@@global.gtid_executed");
            var strange = wanted.sourcesMissingFrom(known.sources(), own.sources());
            if (!strange.isEmpty()) {
                throw refused(
                        text,
                        "the server knows no transaction of "
                                + String.join(", ", strange)
                                + "; it has "
                                + known.text(),
                        "correct the uuid");
            }
        }
        return MySqlPosition.committed(set);
    }

    private MySqlPosition inFile(String text) {
        LogPlace wanted;
        try {
            wanted = behindFile(LogPlace.parse(server.identity(), text));
        } catch (IllegalArgumentException e) {
            throw refused(text, e.getMessage(), "write it as binlog.000003:1234");
        }
        var known = files.stream().filter(file -> file.getFirst().equals(wanted.file())).findAny();
        var end = known.map(file -> Long.parseLong(file.get(1)));
        if (end.isEmpty() || end.get() < wanted.offset()) {
            throw refused(
                    text,
                    "the server's log reaches from %s to %s:%s"
                            .formatted(
                                    files.getFirst().getFirst(),
                                    files.getLast().getFirst(),
                                    files.getLast().get(1)),
                    "name a place in it");
        }
        var found = read(wanted.file(), _ -> false, wanted);
        var head = LogPlace.of(server.identity(), wanted.file(), headEnd(wanted.file()));
        // What begins before the place and ends behind it would be torn.
        if (!head.notBefore(wanted) && !wanted.notBefore(found.place().orElseThrow())) {
            throw refused(
                    text,
                    "no transaction begins or ends there; the next one behind it ends at "
                            + found.place().orElseThrow().text(),
                    "name that place, or the one before the transaction");
        }
        return found.at(wanted);
    }

    /// The end of a file that is no longer written is the beginning of the next one.
    private LogPlace behindFile(LogPlace place) {
        for (var file = 0; file + 1 < files.size(); file++) {
            var row = files.get(file);
            if (row.getFirst().equals(place.file())
                    && Long.parseLong(row.get(1)) == place.offset()) {
                var next = files.get(file + 1).getFirst();
                return LogPlace.of(server.identity(), next, FILE_BEGIN);
            }
        }
        return place;
    }

    /// The place before the first transaction of this time or later.
    MySqlPosition before(AtTime time) {
        requireLog(time.text());
        var file = fileOf(time);
        var micros = time.time().getEpochSecond() * 1_000_000 + time.time().getNano() / 1_000;
        return read(file, opened -> opened.micros >= micros, end());
    }

    /// The last file that was begun before this time: what earlier files hold was committed before.
    private String fileOf(AtTime time) {
        var low = 0;
        var high = files.size() - 1;
        while (low < high) {
            var middle = (low + high + 1) >>> 1;
            if (isBegunBefore(middle, time)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        var file = files.get(low).getFirst();
        // Also where the file has the first number: after RESET MASTER, in a clone and in a
        // restored
        // backup it has, and there was data before.
        if (low == 0 && !isBegunBefore(0, time)) {
            throw refused(
                    time.text(),
                    "the server has no log of that time: its oldest file is "
                            + file
                            + ", begun at "
                            + begun(0),
                    "the earliest time that can be had is a second after that; load the tables anew to go further back");
        }
        return file;
    }

    /// Files tell whole seconds.
    private boolean isBegunBefore(int file, AtTime time) {
        return !begun(file).plusSeconds(1).isAfter(time.time());
    }

    private Instant begun(int file) {
        var name = files.get(file).getFirst();
        try {
            return LogHistoryReader.begun(
                            endpoint,
                            MySqlPosition.logEnd(server.identity(), name, FILE_BEGIN),
                            settings)
                    .orElseThrow(() ->
                            LogProblems.unreachable(
                                    null, server.address(), "it did not send the head of " + name));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LogProblems.unreachable(e, server.address(), "interrupted");
        }
    }

    // ---- another server in place of the one before

    /// Why this server's log does not continue a position of another server's; empty if it does.
    Optional<String> continuesNot(MySqlPosition captured) {
        if (files.isEmpty() || !server.gtids() || server.mariaDb()) {
            return Optional.of(
                    "only MySQL servers with gtid_mode=ON can take the place of one another, and this one "
                            + (files.isEmpty() ? "has no binary log" : "is not such a server"));
        }
        if (!(captured.gtids().orElse(null) instanceof GtidSet ours)) {
            return Optional.of(
                    "what was captured is known by file and offset of the first server only, as "
                            + captured.text());
        }
        var missing = ours.minus(set("@@global.gtid_executed"));
        if (!missing.isEmpty()) {
            return Optional.of(
                    "it lacks transactions that were captured before (not replicated yet, or lost): "
                            + missing.text());
        }
        var purged = set("@@global.gtid_purged").minus(ours);
        if (!purged.isEmpty()) {
            return Optional.of(
                    "it purged transactions that were not captured before: " + purged.text());
        }
        return doubts(captured, ours);
    }

    private GtidSet set(String variable) {
        return GtidSet.parse(
                connection
                        .text("ask for GTIDs", "SELECT " + variable)
                        .orElse("")
                        .replaceAll("\\s", ""));
    }

    /// Before the newest file that begins with nothing but ours no other stands.
    private Optional<String> doubts(MySqlPosition captured, GtidSet ours) {
        var file = files.get(fileNumber(MySqlPosition.committed(ours)).orElse(0)).getFirst();
        var start = MySqlPosition.logEnd(server.identity(), file, FILE_BEGIN);
        var gtids = new ArrayList<String>();
        read(
                start,
                opened -> {
                    opened.transaction
                            .gtid()
                            .filter(gtid -> gtids.isEmpty() || !gtids.getLast().equals(gtid))
                            .ifPresent(gtids::add);
                    return false;
                },
                end());
        var before = gtidsBefore(file) instanceof GtidSet set ? set : GtidSet.EMPTY;
        return new SuccessorOrder(ours, captured.place().map(LogPlace::server), server.identity())
                .doubts(
                        before,
                        gtids,
                        told.on("log_replica_updates") || told.on("log_slave_updates"));
    }

    // ---- behind a gap

    /// The first place from which this server still has its whole log. Reading goes on there, so
    /// that nothing that is still in the log is passed together with what was dropped.
    MySqlPosition behindGap(MySqlPosition captured) {
        var first = files.isEmpty() ? "" : files.getFirst().getFirst();
        if (server.follow(captured).orElse(null) instanceof GtidSet ours) {
            return MySqlPosition.committed(ours.union(set("@@global.gtid_purged")));
        }
        var place = captured.place().filter(known -> known.server().equals(server.identity()));
        if (!first.isEmpty() && captured.gtids().isEmpty() && place.isPresent()) {
            return MySqlPosition.logEnd(server.identity(), first, FILE_BEGIN);
        }
        throw ProblemException.of(
                ProblemCode.CONFIGURATION,
                "it is not known where the log of " + endpoint.hosts() + " begins behind the gap",
                "what was captured, "
                        + captured.text()
                        + ", cannot be compared with the beginning of its first file"
                        + (first.isEmpty() ? "" : ", " + first),
                "leave --unaffected out: all tables are loaded again");
    }

    // ---- what the server will drop

    /// When the server drops the file that is to be read behind a position.
    Optional<LogExpiry> expiry(MySqlPosition needed, Instant now) {
        return LogExpiryReader.read(this, connection, told, needed, now, endpoint, settings);
    }

    /// The number of the file in the server's list that is read next behind a position; empty if it
    /// is not there, or unknown.
    OptionalInt fileNumber(MySqlPosition needed) {
        var place = needed.place().filter(known -> known.server().equals(server.identity()));
        for (var file = files.size() - 1; file >= 0; file--) {
            var name = files.get(file).getFirst();
            var begins =
                    place.isPresent()
                            ? place.get().file().equals(name)
                            : needed.gtids()
                                    .filter(set -> set.containsAll(gtidsBefore(name)))
                                    .isPresent();
            if (begins) {
                return OptionalInt.of(file);
            }
        }
        return OptionalInt.empty();
    }

    /// When a file was written to last; empty for the one that is written now.
    Optional<Instant> closed(int file) {
        return file + 1 < files.size() ? Optional.of(begun(file + 1)) : Optional.empty();
    }

    long bytesFrom(int file) {
        return files.stream().skip(file).mapToLong(row -> Long.parseLong(row.get(1))).sum();
    }

    // ---- reading

    /// Reads from the beginning of a file to the first transaction that is wanted, or to the first
    /// place between two transactions that is not before `end`; returns everything before that.
    private MySqlPosition read(String file, Predicate<EventGroup> wanted, LogPlace end) {
        var from =
                server.gtids()
                        ? MySqlPosition.exact(
                                server.identity(), file, FILE_BEGIN, gtidsBefore(file))
                        : MySqlPosition.logEnd(server.identity(), file, FILE_BEGIN);
        return read(from, wanted, end);
    }

    private MySqlPosition read(MySqlPosition from, Predicate<EventGroup> wanted, LogPlace end) {
        var file = from.place().orElseThrow().file();
        if (LogPlace.of(server.identity(), file, headEnd(file)).notBefore(end)) {
            return from.at(end); // nothing may follow, so that nothing would be sent
        }
        var opened = MySqlLog.open(endpoint, from, settings, MySqlLog.randomServerId());
        try {
            var tables = new AdmittedTables(server.namesInLowerCase(), RowDecoder.Style.of(server));
            var reader =
                    new LogInterpreter(
                            opened.server(), from, tables, new MySqlDdl(MySqlDdl.Types.OF_CATALOG));
            while (true) {
                var event = opened.queue().take(settings.get(Settings.CONNECT_TIME));
                if (event.isEmpty()) {
                    throw LogProblems.unreachable(
                            null, server.address(), "it sent nothing more of its log");
                }
                // A statement may be a group by itself, which has ended when it is told.
                var before = (MySqlPosition) reader.progress().position();
                reader.take(event.get());
                while (reader.poll().isPresent()) {
                    // nobody is to be told
                }
                var group = reader.opened().filter(wanted);
                if (group.isPresent()) {
                    return before.at(group.get().transaction.start());
                }
                var here = (MySqlPosition) reader.progress().position();
                if (here.place().filter(place -> place.notBefore(end)).isPresent()) {
                    return here;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LogProblems.unreachable(e, server.address(), "interrupted");
        } finally {
            opened.stream().stop();
        }
    }

    private LogPlace end() {
        var row =
                connection
                        .rows("ask for the log's end", connection.version().showLogEnd())
                        .getFirst();
        return LogPlace.of(server.identity(), row.get(0), Long.parseLong(row.get(1)));
    }

    private List<List<String>> head(String file) {
        return connection.rows(
                "look at the head of " + file,
                "SHOW BINLOG EVENTS IN " + MySqlSql.literal(file) + " LIMIT " + HEAD_EVENTS);
    }

    /// Where the first transaction of a file stands or will stand.
    private long headEnd(String file) {
        return head(file).stream()
                .takeWhile(event -> isHead(event.get(2)))
                .mapToLong(event -> Long.parseLong(event.get(4)))
                .max()
                .orElse(FILE_BEGIN);
    }

    private static boolean isHead(String type) {
        return LogFiles.isHeader(type)
                || List.of("Gtid_list", "Binlog_checkpoint", "Start_encryption").contains(type);
    }

    /// Every file begins with the GTIDs of all files before it.
    private Gtids gtidsBefore(String file) {
        return head(file).stream()
                .filter(event -> List.of("Previous_gtids", "Gtid_list").contains(event.get(2)))
                .map(event -> Optional.ofNullable(event.get(5)).orElse(""))
                .map(text -> Gtids.parse(text.replaceAll("[\\[\\]\\s]", "")))
                .findFirst()
                .orElseThrow(() ->
                        refused(
                                file,
                                "the file does not tell the GTIDs before it",
                                "name a set of GTIDs"));
    }

    private static ProblemException refused(String place, String why, String remedy) {
        return ProblemException.of(
                ProblemCode.PLACE_REFUSED,
                "the place " + place + " is not in the source's log",
                why,
                remedy);
    }

    @Override
    public void close() {
        connection.close();
    }
}
