package ferry.server.run;

import ferry.engine.pipeline.Lag;
import ferry.engine.pipeline.Lag.Part;
import ferry.engine.pipeline.Lag.Percentiles;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a running project looks like at one moment: figures of its steps and tables, the lag in its
/// parts, the keys that the target refused, what else stands apart, what it waits for, and how long
/// the source keeps the log that is still to be read. What is not known is empty, never zero.
public record Picture(
        Instant at,
        List<OfStep> steps,
        List<OfTable> tables,
        Lag lag,
        List<String> refusedKeys,
        List<String> notices,
        Optional<String> waitsFor,
        Optional<String> logKept) {
    /// A picture without notices, of a project that does not know how long the source keeps its
    /// log.
    public Picture(
            Instant at,
            List<OfStep> steps,
            List<OfTable> tables,
            Lag lag,
            List<String> refusedKeys,
            Optional<String> waitsFor) {
        this(at, steps, tables, lag, refusedKeys, List.of(), waitsFor, Optional.empty());
    }

    public Picture {
        steps = List.copyOf(steps);
        tables = List.copyOf(tables);
        refusedKeys = List.copyOf(refusedKeys);
        notices = List.copyOf(notices);
    }

    /// Figures of one step; a total of 0 is not known.
    public record OfStep(
            Step step,
            StepState state,
            int tablesDone,
            int tablesTotal,
            long rows,
            long rowsTotal,
            long bytes,
            double rowsPerSecond,
            double bytesPerSecond) {
        /// The share that is done, 0 to 1.
        public Optional<Double> share() {
            if (state == StepState.FINISHED) {
                return Optional.of(1.0);
            }
            if (rowsTotal > 0) {
                // The total is an estimate: more rows than it promises are not "done" yet.
                return Optional.of(Math.min(0.99, (double) rows / rowsTotal));
            }
            return tablesTotal > 0
                    ? Optional.of((double) tablesDone / tablesTotal)
                    : Optional.empty();
        }

        /// The time that the rest takes at this speed.
        public Optional<Duration> remaining() {
            if (state != StepState.RUNNING || rowsTotal <= rows || rowsPerSecond <= 0) {
                return Optional.empty();
            }
            return Optional.of(
                    Duration.ofMillis((long) ((rowsTotal - rows) * 1000 / rowsPerSecond)));
        }

        Map<String, Object> fields() {
            var fields = new LinkedHashMap<String, Object>();
            fields.put("step", step);
            fields.put("state", state);
            fields.put("tablesDone", tablesDone);
            fields.put("tablesTotal", tablesTotal);
            fields.put("rows", rows);
            fields.put("rowsTotal", rowsTotal);
            fields.put("bytes", bytes);
            fields.put("rowsPerSecond", Math.round(rowsPerSecond));
            fields.put("bytesPerSecond", Math.round(bytesPerSecond));
            fields.put("remainingMillis", remaining());
            return fields;
        }
    }

    /// One table that is being worked on, or that stands out; `what` says it in a word or two
    /// (`loading`, `loaded again`).
    public record OfTable(String table, String what, long rows, long rowsTotal) {
        Map<String, Object> fields() {
            var fields = new LinkedHashMap<String, Object>();
            fields.put("table", table);
            fields.put("what", what);
            fields.put("rows", rows);
            fields.put("rowsTotal", rowsTotal);
            return fields;
        }
    }

    public Optional<OfStep> step(Step step) {
        return steps.stream().filter(figures -> figures.step == step).findFirst();
    }

    public Map<String, Object> fields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("steps", steps.stream().map(OfStep::fields).toList());
        fields.put("tables", tables.stream().map(OfTable::fields).toList());
        fields.put("lag", fields(lag));
        fields.put("refusedKeys", refusedKeys);
        fields.put("notices", notices);
        fields.put("waitsFor", waitsFor);
        fields.put("logKept", logKept);
        return fields;
    }

    private static Map<String, Object> fields(Lag lag) {
        var fields = new LinkedHashMap<String, Object>();
        for (var part : List.of(Part.TOTAL, Part.CAPTURE, Part.QUEUE, Part.APPLY)) {
            fields.put(part.words() + "Millis", lag.of(part));
        }
        fields.put("lastMinute", shares(lag.lastMinute()));
        fields.put("sinceStart", shares(lag.sinceStart()));
        fields.put("measuredBy", lag.measuredBy());
        return fields;
    }

    private static Map<String, Object> shares(Map<Part, Percentiles> percentiles) {
        var fields = new LinkedHashMap<String, Object>();
        for (var part : Part.values()) {
            var known = percentiles.get(part);
            if (known != null) {
                var of = new LinkedHashMap<String, Object>();
                of.put("p50Millis", known.p50());
                of.put("p95Millis", known.p95());
                of.put("p99Millis", known.p99());
                of.put("mostMillis", known.most());
                fields.put(part.words(), of);
            }
        }
        return fields;
    }
}
