package ferry.engine.apply;

import ferry.engine.dialect.UniqueForm;
import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Hash;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What changes of one target table may meet at: the values of its row key and of its other unique
/// keys, in the target's own idea of equality (docs/correctness.md §8). Two changes without a
/// common value may be written in any order; the target compares nothing else.
///
/// * NULL meets nothing.
/// * An update claims a unique value only where it changes it: nobody else can take a value that
///   its row keeps.
/// * A key of which equality cannot be told (a prefix, an expression, a collation without a form)
///   is claimed as a whole, and so is any key by a value that may equal every other. Values that
///   are told share the key then.
/// * A table without a row key is claimed as a whole by what looks for a row in it, and shared by
///   what adds one: which of equal rows came first nobody can tell. A table whose rows are replayed
///   by REPLACE while its unique keys stand must be claimed by [#claimTable] alone.
final class ConflictKeys {
    private final TableName name;
    private final long table;
    private final boolean addressed;
    private final List<Index> indexes;

    private ConflictKeys(TableName name, long table, boolean addressed, List<Index> indexes) {
        this.name = name;
        this.table = table;
        this.addressed = addressed;
        this.indexes = indexes;
    }

    /// How the server of a table compares a column, as [ferry.engine.dialect.Dialect#uniqueForm]
    /// tells it.
    @FunctionalInterface
    interface Forms {
        Optional<UniqueForm> of(Table table, Column column);
    }

    /// Of rows of `source` in the form of `table`.
    static ConflictKeys of(Forms told, Table source, Table table) {
        var id = Hash.with(table.name().database().hashCode(), table.name().table().hashCode());
        var rowKey = table.rowKey();
        var unique = new ArrayList<Key>();
        rowKey.ifPresent(unique::add);
        unique.addAll(table.secondaryUniqueKeys());
        var indexes = new ArrayList<Index>();
        for (var key : unique) {
            indexes.add(Index.of(told, source, table, key, Hash.with(id, indexes.size() + 1L)));
        }
        return new ConflictKeys(table.name(), id, rowKey.isPresent(), indexes);
    }

    /// True if a row of these changes has to be looked for in the whole table.
    boolean lookFor(List<Change> changes) {
        return !addressed && changes.stream().anyMatch(this::looksFor);
    }

    private boolean looksFor(Change change) {
        return !addressed && !(change instanceof Change.Insert);
    }

    /// Claims the whole table.
    void claimTable(Claims claims) {
        claims.own(table);
    }

    void claim(Change change, Claims claims) {
        if (!addressed) {
            if (looksFor(change)) {
                claimTable(claims);
                return;
            }
            claims.share(table);
        }
        for (var index : indexes) {
            switch (change) {
                case Change.Insert(var after) -> index.claim(after, claims);
                case Change.Delete(var before) -> index.claim(before, claims);
                case Change.Update(var before, var after) -> index.claim(before, after, claims);
            }
        }
    }

    /// What a claim of this change stands for; empty if it has no such claim.
    Optional<Meeting> tell(Change change, long hash) {
        if (hash == table) {
            return Optional.of(new Meeting(Meeting.Kind.TABLE, name, "", ""));
        }
        for (var index : indexes) {
            if (hash == index.id) {
                return Optional.of(new Meeting(Meeting.Kind.KEY, name, index.name, ""));
            }
            for (var row : change.rows()) {
                var claims = new Claims();
                index.claim(row, claims);
                if (claims.owns(hash)) {
                    var kind = index.addresses ? Meeting.Kind.ROW : Meeting.Kind.VALUE;
                    return Optional.of(new Meeting(kind, name, index.name, index.shown(row)));
                }
            }
        }
        return Optional.empty();
    }

    /// One unique key. `places` of its columns in a row, -1 for what is computed from others;
    /// `forms` empty where equality cannot be told.
    private record Index(
            String name,
            long id,
            int[] places,
            Optional<UniqueForm[]> forms,
            boolean exact,
            boolean addresses) {

        static Index of(Forms told, Table source, Table table, Key key, long id) {
            var parts = key.parts();
            var places = new int[parts.size()];
            var forms = new UniqueForm[parts.size()];
            var complete = true;
            var exact = true;
            for (var i = 0; i < places.length; i++) {
                var part = parts.get(i);
                places[i] = part.expression().isPresent() ? -1 : table.indexOf(part.column());
                var form =
                        places[i] >= 0 && part.whole() && arrives(source, table, part.column())
                                ? told.of(table, table.carried().get(places[i]))
                                : Optional.<UniqueForm>empty();
                complete &= form.isPresent();
                forms[i] = form.orElse(UniqueForm.BYTES);
                exact &= forms[i] == UniqueForm.BYTES;
            }
            return new Index(
                    key.name(),
                    id,
                    places,
                    complete ? Optional.of(forms) : Optional.empty(),
                    exact,
                    table.rowKey().equals(Optional.of(key)));
        }

        /// True if what the target stores of a column is what its row says. A column of another
        /// type at the target may round or rewrite values, and make equal what was not.
        private static boolean arrives(Table source, Table target, String column) {
            var place = source.indexOf(column);
            if (place < 0) {
                return false;
            }
            var from = source.carried().get(place).type();
            var to = target.carried().get(target.indexOf(column)).type();
            return from.equals(to)
                    || from instanceof DataType.Text && to instanceof DataType.Text
                    || from instanceof DataType.Int && to instanceof DataType.Int;
        }

        String shown(Row row) {
            return Arrays.stream(places)
                    .mapToObj(row::shown)
                    .collect(Collectors.joining(", ", "(", ")"));
        }

        void claim(Row before, Row after, Claims claims) {
            if (changed(before, after)) {
                claim(before, claims);
                claim(after, claims);
            } else if (addresses) {
                claim(before, claims); // changes of one row keep their order
            }
        }

        private boolean changed(Row before, Row after) {
            for (var place : places) {
                if (place < 0 || !before.sameValue(place, after, place)) {
                    return true;
                }
            }
            return false;
        }

        void claim(Row row, Claims claims) {
            if (forms.isEmpty()) {
                claims.own(id);
                return;
            }
            var hash = id;
            for (var i = 0; i < places.length; i++) {
                if (row.isNull(places[i])) {
                    return;
                }
                var form = forms.get()[i].of(row, places[i]);
                if (form == UniqueForm.ANY && !exact) {
                    claims.own(id);
                    return;
                }
                hash = Hash.with(hash, form);
            }
            if (!exact) {
                claims.share(id);
            }
            claims.own(hash);
        }
    }
}
