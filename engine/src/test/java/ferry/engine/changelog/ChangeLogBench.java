package ferry.engine.changelog;

import ferry.engine.config.Settings;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Measures how fast rows of 200 bytes go into a log and come out: `main FOLDER [MILLIONS]`. The
/// rows are half random digits, as sysbench's are. Prints wall time and the CPU time of the one
/// thread.
public final class ChangeLogBench {
    private static final int BATCH = 1000;

    private ChangeLogBench() {}

    public static void main(String[] arguments) throws Exception {
        var rows = (arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2) * 1_000_000;
        for (var round = 1; round <= 3; round++) {
            for (var compress : List.of("false", "true")) {
                for (var perTransaction : List.of(BATCH, 4)) {
                    run(Path.of(arguments[0]), rows, compress, perTransaction);
                }
            }
        }
    }

    private static void run(Path folder, int rows, String compress, int perTransaction)
            throws Exception {
        var settings = Settings.defaults().with(Settings.CHANGELOG_COMPRESS, compress);
        try (var store = new FileLogStore(folder)) {
            ChangeLog.erase(store);
            var batches = batches(perTransaction);
            try (var log = Logs.open(store, settings)) {
                var in = timed(() -> write(log, batches, rows, perTransaction));
                var out =
                        timed(() -> {
                            try (var reader = log.reader(Logs.START)) {
                                while (reader.next().isPresent()) {}
                            }
                        });
                System.out.printf(
                        "compress=%s rows/transaction=%d in: %s out: %s disk: %d MB%n",
                        compress,
                        perTransaction,
                        rate(rows, in),
                        rate(rows, out),
                        log.bytes() / 1_000_000);
            }
            ChangeLog.erase(store);
        }
    }

    private static void write(
            ChangeLog log, List<List<Change>> batches, int rows, int perTransaction) {
        var number = 0;
        for (var done = 0; done < rows; done += perTransaction) {
            // The position would grow to a set of millions; one number is enough here.
            var id = SetPosition.id(1 + number % 64);
            log.append(new LogRecord.Begin(id, number));
            log.append(new LogRecord.Rows(Samples.ORDERS, batches.get(number % batches.size())));
            log.append(new LogRecord.Commit(id));
            number++;
            if (done / BATCH != (done + perTransaction) / BATCH) {
                log.sync();
            }
        }
        log.sync();
    }

    private static List<List<Change>> batches(int perTransaction) {
        var random = new Random(1);
        var batches = new ArrayList<List<Change>>();
        for (var batch = 0; batch < 20_000 / perTransaction; batch++) {
            var changes = new ArrayList<Change>();
            for (var i = 0; i < perTransaction; i++) {
                var text = new StringBuilder();
                while (text.length() < 95) {
                    text.append(random.nextInt(1_000_000_000)).append('-');
                }
                changes.add(
                        new Change.Insert(
                                Row.of(
                                        Integer.toString(random.nextInt())
                                                .getBytes(StandardCharsets.US_ASCII),
                                        text.substring(0, 95).getBytes(StandardCharsets.US_ASCII),
                                        "x".repeat(95).getBytes(StandardCharsets.US_ASCII))));
            }
            batches.add(List.copyOf(changes));
        }
        return batches;
    }

    private record Time(long wall, long cpu) {}

    private static Time timed(Runnable work) {
        var threads = ManagementFactory.getThreadMXBean();
        var wall = System.nanoTime();
        var cpu = threads.getCurrentThreadCpuTime();
        work.run();
        return new Time(System.nanoTime() - wall, threads.getCurrentThreadCpuTime() - cpu);
    }

    private static String rate(int rows, Time time) {
        return "%.2f M rows/s wall, %.2f M rows/s of one core"
                .formatted(rows * 1e3 / time.wall(), rows * 1e3 / time.cpu());
    }
}
