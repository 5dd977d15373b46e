package ferry.bench;

import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.format.KeyValueChangeEventFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.source.SourceRecord;

/// Debezium's embedded engine in a process of its own: reads a source's log from its beginning and
/// counts the changes, which it keeps nowhere.
final class DebeziumAlone {
    private DebeziumAlone() {}

    /// Arguments: port, user, the number of changes to wait for, and how often.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var wanted = Long.parseLong(arguments[2]);
        var changes = 0L;
        for (var pass = 1; pass <= Integer.parseInt(arguments[3]); pass++) {
            changes += count(properties(arguments[0], arguments[1]), wanted);
        }
        System.out.println("changes=" + changes);
    }

    private static long count(Properties properties, long wanted)
            throws IOException, InterruptedException {
        var seen = new AtomicLong();
        var failure = new AtomicReference<Throwable>();
        var engine =
                DebeziumEngine.create(KeyValueChangeEventFormat.of(Connect.class, Connect.class))
                        .using(properties)
                        .using((_, message, error) ->
                                failure.set(error == null ? new IOException(message) : error))
                        .notifying(new Counting(seen))
                        .build();
        var running = Thread.ofPlatform().daemon().start(engine);
        while (seen.get() < wanted && running.isAlive()) {
            running.join(Duration.ofMillis(5));
        }
        if (seen.get() < wanted) {
            throw new IOException(
                    "it ended after %d of %d changes".formatted(seen.get(), wanted), failure.get());
        }
        engine.close();
        return seen.get();
    }

    private record Counting(AtomicLong seen)
            implements DebeziumEngine.ChangeConsumer<ChangeEvent<SourceRecord, SourceRecord>> {
        @Override
        public void handleBatch(
                List<ChangeEvent<SourceRecord, SourceRecord>> events,
                DebeziumEngine.RecordCommitter<ChangeEvent<SourceRecord, SourceRecord>> committer)
                throws InterruptedException {
            for (var event : events) {
                if (event.value().topic().startsWith("bench." + Dataset.DATABASE)) {
                    seen.incrementAndGet();
                }
                committer.markProcessed(event);
            }
            committer.markBatchFinished();
        }
    }

    private static Properties properties(String port, String user) {
        var properties = new Properties();
        properties.put("name", "bench");
        properties.put("connector.class", "io.debezium.connector.mysql.MySqlConnector");
        properties.put("topic.prefix", "bench");
        properties.put("database.hostname", "127.0.0.1");
        properties.put("database.port", port);
        properties.put("database.user", user);
        properties.put("database.password", "");
        properties.put("database.server.id", "1999999998");
        properties.put("database.include.list", Dataset.DATABASE);
        // From the beginning of the log, where the tables are made; their first rows are not in it.
        var snapshot = "snapshot.mode.configuration.based.";
        properties.put("snapshot.mode", "configuration_based");
        properties.put(snapshot + "snapshot.data", "false");
        properties.put(snapshot + "snapshot.schema", "false");
        properties.put(snapshot + "start.stream", "true");
        properties.put("tombstones.on.delete", "false");
        properties.put("include.schema.changes", "false");
        properties.put(
                "schema.history.internal", "io.debezium.relational.history.MemorySchemaHistory");
        properties.put(
                "offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
        properties.put("max.queue.size", "65536");
        properties.put("max.batch.size", "16384");
        properties.put("poll.interval.ms", "10");
        return properties;
    }
}
