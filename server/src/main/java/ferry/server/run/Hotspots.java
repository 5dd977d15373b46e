package ferry.server.run;

import ferry.engine.apply.Heat;
import ferry.engine.apply.Meeting;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What apply spent itself on between two looks: the tables that took most of the time, and the
/// places where most transactions met.
public record Hotspots(
        List<OfTable> tables, long transactions, double met, List<OfMeeting> meetings) {
    static final Hotspots NONE = new Hotspots(List.of(), 0, 0, List.of());

    private static final int TOLD = 3;
    private static final double LEAST = 0.05;

    public Hotspots {
        tables = List.copyOf(tables);
        meetings = List.copyOf(meetings);
    }

    /// A table's share of the time that the target was at work with changes.
    public record OfTable(String table, double share, double rowsPerSecond) {}

    /// The share of the transactions that met an earlier one at this place.
    public record OfMeeting(Meeting.Kind kind, String table, String where, double share) {}

    /// As they stand in the status file.
    static Map<String, Object> fields(Heat.Seen seen) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("tables", seen.tables().stream().map(Hotspots::fields).toList());
        fields.put("transactions", seen.transactions());
        fields.put("met", seen.met());
        fields.put("meetings", seen.meetings().stream().map(Hotspots::fields).toList());
        return fields;
    }

    private static Map<String, Object> fields(Heat.OfTable of) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("table", of.table().toString());
        fields.put("rows", of.rows());
        fields.put("millis", of.nanos() / 1_000_000);
        return fields;
    }

    private static Map<String, Object> fields(Heat.OfMeeting of) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("kind", of.where().kind());
        fields.put("table", of.where().table().toString());
        fields.put("where", of.where().text());
        fields.put("transactions", of.transactions());
        return fields;
    }

    /// Between two status files.
    static Hotspots between(Map<String, Object> first, Map<String, Object> second, Duration time) {
        if (!(second.get("heat") instanceof Map<?, ?> after)) {
            return NONE;
        }
        var before = first.get("heat") instanceof Map<?, ?> known ? known : Map.of();
        var transactions = number(after, "transactions") - number(before, "transactions");
        var met = number(after, "met") - number(before, "met");
        return new Hotspots(
                tables(before, after, time),
                transactions,
                transactions == 0 ? 0 : (double) met / transactions,
                transactions == 0 ? List.of() : meetings(before, after, transactions));
    }

    private static List<OfTable> tables(Map<?, ?> before, Map<?, ?> after, Duration time) {
        var millis = more(before, after, "tables", "table", "millis");
        var rows = more(before, after, "tables", "table", "rows");
        var all = Math.max(1, millis.values().stream().mapToLong(Long::longValue).sum());
        return millis.entrySet().stream()
                .map(entry ->
                        new OfTable(
                                entry.getKey(),
                                (double) entry.getValue() / all,
                                rows.getOrDefault(entry.getKey(), 0L) * 1000.0 / time.toMillis()))
                .filter(table -> table.share >= LEAST)
                .sorted(Comparator.comparingDouble(OfTable::share).reversed())
                .limit(TOLD)
                .toList();
    }

    private static List<OfMeeting> meetings(Map<?, ?> before, Map<?, ?> after, long transactions) {
        var counts = more(before, after, "meetings", "where", "transactions");
        return list(after, "meetings").stream()
                .map(meeting ->
                        new OfMeeting(
                                Meeting.Kind.valueOf(meeting.get("kind").toString()),
                                meeting.get("table").toString(),
                                meeting.get("where").toString(),
                                Math.min(
                                        1,
                                        counts.getOrDefault(meeting.get("where").toString(), 0L)
                                                / (double) transactions)))
                .filter(meeting -> meeting.share >= LEAST)
                .sorted(Comparator.comparingDouble(OfMeeting::share).reversed())
                .limit(TOLD)
                .toList();
    }

    /// By how much a number of each entry grew, by the entry's name.
    private static Map<String, Long> more(
            Map<?, ?> before, Map<?, ?> after, String list, String name, String number) {
        var more = new HashMap<String, Long>();
        list(after, list).forEach(of -> more.put(of.get(name).toString(), number(of, number)));
        list(before, list)
                .forEach(of ->
                        more.computeIfPresent(
                                of.get(name).toString(),
                                (_, now) -> Math.max(0, now - number(of, number))));
        return more;
    }

    private static List<Map<?, ?>> list(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof List<?> list
                ? list.stream()
                        .filter(Map.class::isInstance)
                        .<Map<?, ?>>map(of -> (Map<?, ?>) of)
                        .toList()
                : List.of();
    }

    private static long number(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof Number number ? number.longValue() : 0;
    }
}
