package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.LogReader;
import ferry.engine.model.Position;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads the binary log of MySQL and MariaDB as a replica would.
///
/// A network thread ([LogStream]) puts raw events into a bounded queue ([EventQueue]); everything
/// else happens in the caller's thread ([LogInterpreter]), so that admitting a table takes effect
/// at once. A lost connection is a retryable problem; nothing is made good behind the caller's
/// back.
final class MySqlLog implements LogReader {
    /// Two Ferry readers with a random id meet once in four billion; replicas have small ids.
    private static final long RANDOM_ID_LEAST = 1L << 31;

    private static final long RANDOM_ID_BOUND = (1L << 32) - 1;

    private static final int EVENTS_BETWEEN_LOOKS = 64;

    private static final Duration SILENCE_LEAST = Duration.ofMillis(200);

    private final EventQueue queue;
    private final LogStream stream;
    private final AdmittedTables tables;
    private final LogInterpreter interpreter;

    /// Connects to the first host that answers, and checks that its log continues behind `after`.
    MySqlLog(Endpoint endpoint, MySqlPosition after, Settings settings) {
        if (after.place().isEmpty() && after.gtids().isEmpty()) {
            throw new IllegalArgumentException(
                    "a log is opened behind a position, and this one is empty");
        }
        var chosen = settings.get(Settings.CAPTURE_SERVER_ID);
        var serverId = chosen != 0 ? chosen : randomServerId();
        var opened = open(endpoint, after, settings, serverId);
        queue = opened.queue();
        stream = opened.stream();
        var server = opened.server();
        tables = new AdmittedTables(server.namesInLowerCase(), RowDecoder.Style.of(server));
        interpreter =
                new LogInterpreter(server, after, tables, new MySqlDdl(MySqlDdl.Types.OF_CATALOG));
    }

    /// A log connection on which events arrive.
    record Opened(EventQueue queue, LogStream stream, LogServer server) {}

    static long randomServerId() {
        return ThreadLocalRandom.current().nextLong(RANDOM_ID_LEAST, RANDOM_ID_BOUND);
    }

    static Opened open(Endpoint endpoint, MySqlPosition after, Settings settings, long serverId) {
        ProblemException last = null;
        for (var host : endpoint.hosts()) {
            var connectTime = settings.get(Settings.CONNECT_TIME);
            var events =
                    new EventQueue(
                            settings.get(Settings.CAPTURE_QUEUE_EVENTS),
                            settings.get(Settings.CAPTURE_QUEUE_BYTES));
            var attempt =
                    new LogStream(
                            host,
                            endpoint,
                            after,
                            events,
                            settings.get(Settings.CAPTURE_HEARTBEAT),
                            connectTime,
                            serverId);
            LogTls.of(endpoint).configure(attempt);
            try {
                return new Opened(events, attempt, await(attempt, host, connectTime));
            } catch (ProblemException e) {
                attempt.stop();
                if (e.code() != ProblemCode.SOURCE_UNREACHABLE) {
                    throw e;
                }
                last = e;
            }
        }
        throw Optional.ofNullable(last)
                .orElseThrow(() -> new IllegalArgumentException("the endpoint names no host"));
    }

    private static LogServer await(LogStream attempt, Endpoint.Host host, Duration connectTime) {
        try {
            // Beyond connecting: the server may need seconds until its own set holds what we have.
            return attempt.start()
                    .get(connectTime.plusSeconds(30).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ProblemException problem
                    ? problem
                    : LogProblems.of(new IllegalStateException(e.getCause()), host.toString());
        } catch (TimeoutException e) {
            throw LogProblems.unreachable(
                    e, host.toString(), "no log connection within " + connectTime);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LogProblems.unreachable(e, host.toString(), "interrupted");
        }
    }

    @Override
    public Optional<String> serverIdentity() {
        return Optional.of(stream.serverIdentity());
    }

    @Override
    public void admit(Table layout) {
        tables.admit(layout);
    }

    @Override
    public void forget(TableName table) {
        tables.forget(table);
    }

    @Override
    public void tellAt(Position place) {
        interpreter.tellAt((MySqlPosition) place);
    }

    @Override
    public boolean betweenTransactions() {
        return interpreter.isBetweenGroups();
    }

    @Override
    public LogEvent next(Duration wait) {
        // Events that are there already are read even when the caller does not want to wait.
        var silenceMax = Math.max(wait.toNanos(), SILENCE_LEAST.toNanos());
        var began = OptionalLong.empty(); // the clock costs as much as an event
        try {
            for (var taken = 1; ; taken++) {
                var told = interpreter.poll();
                if (told.isPresent()) {
                    return told.get();
                }
                var looks = !queue.isReady() || taken % EVENTS_BETWEEN_LOOKS == 0;
                if (looks && began.isEmpty()) {
                    began = OptionalLong.of(System.nanoTime());
                }
                var passed = looks ? System.nanoTime() - began.getAsLong() : 0;
                var event = queue.take(Duration.ofNanos(Math.max(0, wait.toNanos() - passed)));
                if (event.isEmpty()) {
                    return interpreter.progress();
                }
                interpreter.take(event.get());
                if (passed > silenceMax && interpreter.isSilent()) {
                    return interpreter.progress(); // much is read, and none of it is wanted
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LogProblems.unreachable(e, "the source", "interrupted");
        }
    }

    @Override
    public void close() {
        stream.stop();
    }
}
