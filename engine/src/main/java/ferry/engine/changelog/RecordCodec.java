package ferry.engine.changelog;

import ferry.engine.model.Change;
import ferry.engine.model.CodedChanges;
import ferry.engine.model.Row;
import ferry.engine.model.RowCode;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.Table;
import ferry.engine.model.TransactionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The binary form of records inside a block: a type, the length of the body in four bytes, the
/// body. So a record can be passed over without being understood.
final class RecordCodec {
    // The numbers stand in files: they never change, new ones are added.
    static final int LAYOUT = 1;
    static final int BEGIN = 2;
    static final int BEGIN_PREPARED = 3; // a Begin of which the log knows that a Prepare ends it
    static final int ROWS = 4;
    static final int COMMIT = 5; // its id is the Begin's
    static final int PREPARE = 6;
    static final int COMMIT_PREPARED = 7;
    static final int ROLLBACK_PREPARED = 8;
    static final int SCHEMA_CHANGE = 9;
    static final int ADMITTED = 10;
    static final int PROGRESS = 11;
    static final int ROW_CODE = 12;
    static final int CODED_ROWS = 13;

    static final int HEAD_BYTES = 5;

    private static final int INSERT = 0;
    private static final int UPDATE = 1;
    private static final int DELETE = 2;

    private RecordCodec() {}

    static void layout(Encoder out, int tableId, Table table) {
        var start = begin(out, LAYOUT);
        out.number(tableId);
        TableCodec.encode(out, table);
        end(out, start);
    }

    static void rowCode(Encoder out, int codeId, int tableId, RowCode code) {
        var start = begin(out, ROW_CODE);
        out.number(codeId).number(tableId).octets(code.description());
        end(out, start);
    }

    static void codedRows(Encoder out, int codeId, CodedChanges changes) {
        var start = begin(out, CODED_ROWS);
        out.number(codeId).number(changes.size()).coded(changes);
        end(out, start);
    }

    static void rows(Encoder out, int tableId, List<Change> changes) {
        var start = begin(out, ROWS);
        out.number(tableId);
        for (var change : changes) {
            switch (change) {
                case Change.Insert(Row after) -> out.octet(INSERT).row(after);
                case Change.Update(Row before, Row after) ->
                        out.octet(UPDATE).row(before).row(after);
                case Change.Delete(Row before) -> out.octet(DELETE).row(before);
            }
        }
        end(out, start);
    }

    static void encode(Encoder out, LogRecord record) {
        switch (record) {
            case LogRecord.Begin(var _, var id, var micros) -> {
                var start = begin(out, BEGIN);
                out.text(id.text()).number(micros);
                end(out, start);
            }
            case LogRecord.Rows _ -> throw new IllegalStateException("rows need a table id");
            case LogRecord.Commit _ -> end(out, begin(out, COMMIT));
            case LogRecord.Prepare(var id, var xid) -> {
                var start = begin(out, PREPARE);
                out.text(id.text()).text(xid);
                end(out, start);
            }
            case LogRecord.CommitPrepared(var id, var xid, var micros) -> {
                var start = begin(out, COMMIT_PREPARED);
                out.text(id.text()).text(xid).number(micros);
                end(out, start);
            }
            case LogRecord.RollbackPrepared(var id, var xid) -> {
                var start = begin(out, ROLLBACK_PREPARED);
                out.text(id.text()).text(xid);
                end(out, start);
            }
            case LogRecord.SchemaChange change -> {
                var start = begin(out, SCHEMA_CHANGE);
                encode(out, change);
                end(out, start);
            }
            case LogRecord.Admitted(var table) -> {
                var start = begin(out, ADMITTED);
                TableCodec.encode(out, table);
                end(out, start);
            }
            case LogRecord.Progress(var position, var micros) -> {
                var start = begin(out, PROGRESS);
                out.text(position.text()).number(micros);
                end(out, start);
            }
        }
    }

    static List<Change> changes(Decoder in) {
        var changes = new ArrayList<Change>();
        while (in.hasMore()) {
            changes.add(
                    switch (in.octet()) {
                        case INSERT -> new Change.Insert(in.row());
                        case UPDATE -> new Change.Update(in.row(), in.row());
                        case DELETE -> new Change.Delete(in.row());
                        default -> throw new IllegalArgumentException("unknown kind of change");
                    });
        }
        return changes;
    }

    /// Throws ProblemException, or an IllegalArgumentException where the bytes are none of this
    /// code.
    static List<Change> codedChanges(Decoder in, RowCode code) {
        var count = in.count();
        var bytes = in.rest();
        try {
            return CodedChanges.decode(code, bytes, 0, bytes.length, count);
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw new IllegalArgumentException("coded changes cannot be read: " + e, e);
        }
    }

    static TransactionId id(Decoder in) {
        return new TransactionId(in.text());
    }

    static LogRecord.Prepare prepare(Decoder in) {
        return new LogRecord.Prepare(id(in), in.text());
    }

    static LogRecord.CommitPrepared commitPrepared(Decoder in) {
        return new LogRecord.CommitPrepared(id(in), in.text(), in.number());
    }

    static LogRecord.RollbackPrepared rollbackPrepared(Decoder in) {
        return new LogRecord.RollbackPrepared(id(in), in.text());
    }

    static LogRecord.Admitted admitted(Decoder in) {
        return new LogRecord.Admitted(TableCodec.decode(in));
    }

    static LogRecord.Progress progress(Decoder in, SourceForms forms) {
        return new LogRecord.Progress(forms.position(in.text()), in.number());
    }

    static LogRecord.SchemaChange schemaChange(Decoder in) {
        return new LogRecord.SchemaChange(
                id(in),
                in.number(),
                in.text(),
                in.text(),
                in.list(() -> new String[] {in.text(), in.text()}).stream()
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])),
                in.list(() -> effect(in)));
    }

    private static void encode(Encoder out, LogRecord.SchemaChange change) {
        out.text(change.id().text())
                .number(change.micros())
                .text(change.statement())
                .text(change.database())
                .each(
                        new TreeMap<>(change.session()).entrySet(),
                        variable -> out.text(variable.getKey()).text(variable.getValue()))
                .each(change.effects(), effect -> encode(out, effect));
    }

    private static void encode(Encoder out, SchemaEffect effect) {
        switch (effect) {
            case SchemaEffect.Created(var table) -> TableCodec.encode(out.octet(1), table);
            case SchemaEffect.Dropped(var table) -> TableCodec.encode(out.octet(2), table);
            case SchemaEffect.Renamed(var table, var to) -> {
                TableCodec.encode(out.octet(3), table);
                TableCodec.encode(out, to);
            }
            case SchemaEffect.Truncated(var table) -> TableCodec.encode(out.octet(4), table);
            case SchemaEffect.Altered(var table, var after, var recomputes) -> {
                TableCodec.encode(out.octet(5), table);
                out.flag(after.isPresent());
                after.ifPresent(layout -> TableCodec.encode(out, layout));
                out.flag(recomputes);
            }
        }
    }

    private static SchemaEffect effect(Decoder in) {
        var tag = in.octet();
        return switch (tag) {
            case 1 -> new SchemaEffect.Created(TableCodec.name(in));
            case 2 -> new SchemaEffect.Dropped(TableCodec.name(in));
            case 3 -> new SchemaEffect.Renamed(TableCodec.name(in), TableCodec.name(in));
            case 4 -> new SchemaEffect.Truncated(TableCodec.name(in));
            case 5 ->
                    new SchemaEffect.Altered(
                            TableCodec.name(in),
                            in.flag() ? Optional.of(TableCodec.decode(in)) : Optional.empty(),
                            in.flag());
            default -> throw new IllegalArgumentException("unknown schema effect " + tag);
        };
    }

    private static int begin(Encoder out, int type) {
        var start = out.length();
        out.octet(type).fourBytes(0);
        return start;
    }

    private static void end(Encoder out, int start) {
        out.fourBytesAt(start + 1, out.length() - start - HEAD_BYTES);
    }
}
