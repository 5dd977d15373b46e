package ferry.dialects.mysql;

import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Turns row events of one table into [Change]s, by the table map that the server logged before
/// them and the layout with which the table was admitted. Not safe for use by several threads.
final class RowDecoder {
    /// The names of hidden columns: up to 8.0.15 a hash, since then spoken.
    private static final Pattern HIDDEN = Pattern.compile("!hidden!.*|[0-9a-f]{32}");

    private final TableMap map;
    private final Table layout;
    private final ColumnReader[] readers; // by the map's columns; null: not carried
    private final RowSpans spans;
    private final boolean dividable;
    private final int carried;
    private final boolean absentAllowed;
    private final AsciiText scratch = new AsciiText();

    /// How the rows are read. `jsonSince80`: see [JsonText]. `absentAllowed`: a column that a row
    /// image leaves out becomes absent; otherwise it is LOG_INCOMPLETE.
    record Style(boolean jsonSince80, boolean absentAllowed) {
        /// As this server prints, complete images only.
        static Style of(LogServer server) {
            return new Style(SqlText.Server.of(server).version() >= 80_000, false);
        }
    }

    /// Throws LAYOUT_MISMATCH if the map and the layout do not fit.
    RowDecoder(TableMap map, Table layout, Style style) {
        this.map = map;
        this.layout = layout;
        this.absentAllowed = style.absentAllowed();
        this.spans = new RowSpans(map);
        this.dividable =
                IntStream.range(0, map.types().length)
                        .noneMatch(column -> isOldTime(map.type(column)));
        this.carried = layout.carried().size();
        this.readers = readers(map, layout, style.jsonSince80());
    }

    /// What a row event does.
    enum Kind {
        WRITE,
        UPDATE,
        DELETE
    }

    Table layout() {
        return layout;
    }

    /// False if only the definition tells how long some value is: of MariaDB's oldest times.
    boolean canDivide() {
        return dividable;
    }

    private static boolean isOldTime(int type) {
        return type == TableMap.TIME || type == TableMap.DATETIME || type == TableMap.TIMESTAMP;
    }

    private static ColumnReader[] readers(TableMap map, Table layout, boolean jsonSince80) {
        var shown = shown(map, layout);
        if (shown.size() != layout.columns().size()) {
            throw mismatch(
                    layout,
                    "the log has "
                            + shown.size()
                            + " columns, the definition has "
                            + layout.columns().size(),
                    null);
        }
        var readers = new ColumnReader[map.types().length];
        for (var i = 0; i < shown.size(); i++) {
            var column = layout.columns().get(i);
            int place = shown.get(i);
            var logged = map.columnNames().map(names -> names.get(place)).orElse(column.name());
            if (!logged.equalsIgnoreCase(column.name())) {
                throw mismatch(
                        layout,
                        "column "
                                + (i + 1)
                                + " is "
                                + logged
                                + " in the log and "
                                + column.name()
                                + " in the definition",
                        null);
            }
            if (column.carried()) {
                try {
                    readers[place] = ColumnReader.of(map, place, column.type(), jsonSince80);
                } catch (IllegalArgumentException e) {
                    throw mismatch(layout, "column " + column.name() + ": " + e.getMessage(), e);
                }
            }
        }
        return readers;
    }

    /// The places of the columns that are part of the definition. MySQL 8.0.13 to 8.0.17 logs the
    /// hidden columns of functional indexes too; they are recognised by their names, so only with
    /// binlog_row_metadata=FULL.
    private static List<Integer> shown(TableMap map, Table layout) {
        var defined =
                layout.columns().stream()
                        .map(column -> column.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        var shown = new ArrayList<Integer>();
        for (var i = 0; i < map.types().length; i++) {
            var place = i;
            var hidden =
                    map.columnNames()
                            .map(names -> names.get(place))
                            .filter(name ->
                                    HIDDEN.matcher(name).matches()
                                            && !defined.contains(name.toLowerCase(Locale.ROOT)));
            if (hidden.isEmpty()) {
                shown.add(i);
            }
        }
        return shown;
    }

    private static ProblemException mismatch(Table layout, String why, Throwable cause) {
        var problem =
                ProblemException.of(
                                ProblemCode.LAYOUT_MISMATCH,
                                "Rows of "
                                        + layout.name()
                                        + " in the log do not fit its definition",
                                why,
                                "load the table again; if it happens again, report the table's CREATE TABLE statement")
                        .problem();
        return new ProblemException(problem, cause);
    }

    /// Reads the rows of an event behind its head: `in` stands at the number of columns.
    void decode(Kind kind, EventBytes in, Consumer<Change> sink) {
        var columns = columns(in);
        var first = image(in, columns);
        var second = kind == Kind.UPDATE ? image(in, columns) : first;
        var builder = new Row.Builder(carried);
        while (in.left() > 0) {
            var row = row(first, in, builder);
            sink.accept(
                    switch (kind) {
                        case WRITE -> new Change.Insert(row);
                        case DELETE -> new Change.Delete(row);
                        case UPDATE -> new Change.Update(row, row(second, in, builder));
                    });
        }
    }

    /// Receives a part of an event's rows.
    interface Part {
        /// So many rows, which stand from `from` up to `to`.
        void accept(int from, int to, int rows);
    }

    /// Counts the rows of an event without reading them, in parts of at most `bytesMost` bytes, or
    /// of one larger row. `in` stands at the number of columns, and at the first row afterwards.
    void divide(Kind kind, EventBytes in, int bytesMost, Part sink) {
        var columns = columns(in);
        var first = image(in, columns);
        var second = kind == Kind.UPDATE ? image(in, columns) : first;
        var bytes = in.array();
        var from = in.at();
        var end = from + in.left();
        var rows = 0;
        for (var at = from; at < end; ) {
            var behind = spans.rowEnd(first, bytes, at, end);
            if (kind == Kind.UPDATE) {
                behind = spans.rowEnd(second, bytes, behind, end);
            }
            if (rows > 0 && behind - from > bytesMost) {
                sink.accept(from, at, rows);
                from = at;
                rows = 0;
            }
            rows++;
            at = behind;
        }
        if (rows > 0) {
            sink.accept(from, end, rows);
        }
    }

    private int columns(EventBytes in) {
        var columns = Math.toIntExact(in.packed());
        if (columns != map.types().length) {
            throw mismatch(
                    layout,
                    "a row has " + columns + " columns and its table map " + map.types().length,
                    null);
        }
        return columns;
    }

    private RowImage image(EventBytes in, int columns) {
        var image = RowImage.read(in, columns);
        for (var i = 0; i < columns && !image.isFull() && !absentAllowed; i++) {
            if (!image.carries(i) && readers[i] != null) {
                throw ProblemException.of(
                        ProblemCode.LOG_INCOMPLETE,
                        "A row event of " + layout.name() + " does not carry all columns",
                        "the session that wrote it ran with a binlog_row_image other than FULL",
                        "set binlog_row_image=FULL on the source for all sessions, then load the table again");
            }
        }
        return image;
    }

    private Row row(RowImage image, EventBytes in, Row.Builder builder) {
        var nulls = in.skip(image.nullBytes());
        var number = 0;
        for (var i = 0; i < readers.length; i++) {
            if (!image.carries(i)) {
                if (readers[i] != null) {
                    builder.addAbsent();
                }
                continue;
            }
            var isNull = in.bit(nulls, number++);
            if (readers[i] == null) {
                if (!isNull) {
                    spans.skip(i, in);
                }
            } else if (isNull) {
                builder.addNull();
            } else {
                readers[i].read(in, scratch, builder);
            }
        }
        return builder.next();
    }
}
