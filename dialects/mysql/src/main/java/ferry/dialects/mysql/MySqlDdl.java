package ferry.dialects.mysql;

import ferry.dialects.mysql.SqlText.Token;
import ferry.engine.model.DataType;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds out what a logged statement did to which tables. It knows every statement that defines
/// something by its first words; the details of a definition matter only in ALTER TABLE
/// ([TableAlteration]), where whatever is not understood has the table read again.
///
/// A statement that is not understood is never guessed at: each admitted table whose name occurs in
/// it has an unknown definition from then on, and if there is none the statement is a problem.
final class MySqlDdl {
    /// What can be created, altered and dropped without any table being concerned.
    private static final Set<String> NO_TABLES =
            Set.of(
                    "DATABASE",
                    "SCHEMA",
                    "USER",
                    "ROLE",
                    "VIEW",
                    "FUNCTION",
                    "PROCEDURE",
                    "TRIGGER",
                    "EVENT",
                    "SERVER",
                    "TABLESPACE",
                    "LOGFILE",
                    "UNDO",
                    "RESOURCE",
                    "SEQUENCE",
                    "PACKAGE",
                    "LIBRARY",
                    "INSTANCE",
                    "PREPARE",
                    "CATALOG");

    private final Types types;

    MySqlDdl(Types types) {
        this.types = types;
    }

    /// Reads a column's native type (`varchar(20)`) with its character set and collation; empty if
    /// it cannot be told exactly.
    interface Types {
        Types OF_CATALOG =
                (nativeType, charset, collation) ->
                        Optional.of(MySqlTypes.of(nativeType, charset, collation))
                                .filter(type -> !(type instanceof DataType.Unknown));

        Optional<DataType> parse(
                String nativeType, Optional<String> charset, Optional<String> collation);
    }

    List<SchemaEffect> effects(QueryEvent query, List<Token> tokens, AdmittedTables tables) {
        try {
            return new Reading(query.database(), new SqlTokens(tokens), tables).effects();
        } catch (IllegalArgumentException e) {
            return unknown(query, tables, e);
        }
    }

    private static List<SchemaEffect> unknown(
            QueryEvent query, AdmittedTables tables, IllegalArgumentException cause) {
        var effects = new ArrayList<SchemaEffect>();
        for (var layout : tables.layouts()) {
            if (AdmittedTables.mentions(query.statement(), layout.name())) {
                effects.add(new SchemaEffect.Altered(layout.name(), Optional.empty(), false));
            }
        }
        if (effects.isEmpty()) {
            throw LogProblems.event(
                    "A statement in the source's log that may change definitions is not understood",
                    cause.getMessage()
                            + "; it begins with: "
                            + query.statement().strip().lines().findFirst().orElse(""),
                    cause);
        }
        return effects;
    }

    /// One statement while it is read.
    private final class Reading {
        private final String database;
        private final SqlTokens in;
        private final AdmittedTables tables;
        private final List<SchemaEffect> effects = new ArrayList<>();

        Reading(String database, SqlTokens in, AdmittedTables tables) {
            this.database = database;
            this.in = in;
            this.tables = tables;
        }

        List<SchemaEffect> effects() {
            switch (in.next().upper()) {
                case "CREATE" -> create();
                case "ALTER" -> alter();
                case "DROP" -> drop();
                case "RENAME" -> rename();
                case "TRUNCATE" -> {
                    in.accept("TABLE");
                    effects.add(new SchemaEffect.Truncated(table()));
                }
                default -> throw in.unexpected("a known statement");
            }
            return List.copyOf(effects);
        }

        private TableName table() {
            var first = in.name();
            var name =
                    in.accept(".")
                            ? new TableName(first, in.name())
                            : new TableName(database, first);
            if (name.database().isEmpty()) {
                throw new IllegalArgumentException("table " + first + " has no database");
            }
            var normal = tables.normal(name);
            // The name as it was admitted, should the server fold names and the catalog not.
            return tables.find(normal).map(found -> found.layout().name()).orElse(normal);
        }

        /// What stands between CREATE or ALTER and the kind of object, for objects that no table
        /// depends on.
        private void modifiers() {
            for (var passed = true; passed; ) {
                passed = false;
                if (in.acceptAny("ALGORITHM")) {
                    in.expect("=");
                    in.name();
                    passed = true;
                } else if (in.accept("DEFINER")) {
                    in.expect("=");
                    account();
                    passed = true;
                } else if (in.accept("SQL", "SECURITY")) {
                    in.name();
                    passed = true;
                } else if (in.accept("AGGREGATE") || in.accept("JSON", "RELATIONAL", "DUALITY")) {
                    passed = true;
                }
            }
        }

        private void account() {
            var user = in.next();
            if (in.accept("(")) {
                in.expect(")");
            } else if (!user.text().contains("@") && in.accept("@")) {
                in.next();
            } else if (user.text().equals("@") || in.stands("@")) {
                in.next();
            }
        }

        private boolean concernsNoTable() {
            var kind = in.next().upper();
            // An undo tablespace, and a reference system for geometry.
            return NO_TABLES.contains(kind) || kind.equals("REFERENCE");
        }

        private void create() {
            var replaced = in.accept("OR", "REPLACE");
            if (in.accept("SPATIAL", "REFERENCE")) {
                return;
            }
            if (in.accept("TEMPORARY") || in.accept("GLOBAL", "TEMPORARY")) {
                return; // no other session ever sees it
            }
            if (in.accept("TABLE")) {
                createTable(replaced);
                return;
            }
            var special = in.acceptAny("FULLTEXT", "SPATIAL", "VECTOR", "COLUMNAR");
            var unique = in.accept("UNIQUE");
            in.acceptAny("ONLINE", "OFFLINE");
            if (in.accept("INDEX")) {
                createIndex(unique, special || replaced);
                return;
            }
            modifiers();
            if (!concernsNoTable()) {
                throw in.unexpected("what is created");
            }
        }

        private void createTable(boolean replaced) {
            var ifMissing = in.accept("IF", "NOT", "EXISTS");
            var table = table();
            if (ifMissing && tables.find(table).isPresent()) {
                return; // it is there, so nothing was done
            }
            if (replaced) {
                effects.add(new SchemaEffect.Dropped(table));
            }
            effects.add(new SchemaEffect.Created(table));
        }

        private void createIndex(boolean unique, boolean special) {
            in.accept("IF", "NOT", "EXISTS");
            var name = in.name();
            var plain = !in.stands("USING") && !special;
            while (!in.accept("ON")) {
                in.next();
            }
            var table = table();
            while (in.accept("WAIT") || in.accept("NOWAIT")) {
                if (in.standsNumber()) {
                    in.number();
                }
            }
            var after =
                    tables.find(table)
                            .filter(_ -> plain)
                            .flatMap(found ->
                                    new TableAlteration(found.layout(), types)
                                            .withKey(in, Optional.of(name), unique));
            effects.add(new SchemaEffect.Altered(table, after, false));
        }

        private void alter() {
            in.acceptAny("ONLINE", "OFFLINE");
            in.accept("IGNORE");
            if (!in.accept("TABLE")) {
                modifiers();
                if (!concernsNoTable()) {
                    throw in.unexpected("what is altered");
                }
                return;
            }
            in.accept("IF", "EXISTS");
            var table = table();
            if (in.accept("WAIT")) {
                in.number();
            }
            in.accept("NOWAIT");
            var alteration =
                    tables.find(table).map(found -> new TableAlteration(found.layout(), types));
            var renamed = Optional.<TableName>empty();
            var altered = false;
            var recomputes = false;
            while (!in.atEnd() && !in.accept(";")) {
                var part = in.part();
                if (renames(part)) {
                    renamed = Optional.of(new Reading(database, part, tables).table());
                    continue;
                }
                altered = true;
                recomputes |= TableAlteration.recomputes(part);
                if (part.stands("EXCHANGE")) {
                    exchanged(part);
                }
                alteration = alteration.flatMap(known -> known.after(part));
            }
            if (altered) {
                effects.add(
                        new SchemaEffect.Altered(
                                table, alteration.map(TableAlteration::table), recomputes));
            }
            renamed.ifPresent(to -> effects.add(new SchemaEffect.Renamed(table, to)));
        }

        private static boolean renames(SqlTokens part) {
            if (!part.stands("RENAME")
                    || part.stands("RENAME", "COLUMN")
                    || part.stands("RENAME", "INDEX")
                    || part.stands("RENAME", "KEY")) {
                return false;
            }
            part.expect("RENAME");
            return part.acceptAny("TO", "AS", "=") || true;
        }

        /// EXCHANGE PARTITION … WITH TABLE …: rows change places between two tables, and none is
        /// logged.
        private void exchanged(SqlTokens part) {
            var rest = part.part();
            while (!rest.accept("WITH", "TABLE")) {
                rest.next();
            }
            effects.add(
                    new SchemaEffect.Altered(
                            new Reading(database, rest, tables).table(), Optional.empty(), false));
        }

        private void drop() {
            if (in.accept("TEMPORARY")) {
                return;
            }
            if (in.acceptAny("TABLE", "TABLES")) {
                in.accept("IF", "EXISTS");
                do {
                    effects.add(new SchemaEffect.Dropped(table()));
                } while (in.accept(","));
                return;
            }
            in.acceptAny("ONLINE", "OFFLINE");
            if (in.accept("INDEX")) {
                dropIndex();
                return;
            }
            if (in.acceptAny("DATABASE", "SCHEMA")) {
                in.accept("IF", "EXISTS");
                dropDatabase(in.name());
                return;
            }
            if (in.accept("SPATIAL", "REFERENCE")) {
                return;
            }
            if (!concernsNoTable()) {
                throw in.unexpected("what is dropped");
            }
        }

        private void dropIndex() {
            in.accept("IF", "EXISTS");
            var name = in.name();
            in.expect("ON");
            var table = table();
            var after =
                    tables.find(table)
                            .flatMap(found ->
                                    new TableAlteration(found.layout(), types).withoutKey(name))
                            .map(TableAlteration::table);
            effects.add(new SchemaEffect.Altered(table, after, false));
        }

        private void dropDatabase(String name) {
            var folded = tables.normal(new TableName(name, "")).database();
            tables.layouts().stream()
                    .map(layout -> layout.name())
                    .filter(table -> tables.normal(table).database().equals(folded))
                    .sorted()
                    .forEach(table -> effects.add(new SchemaEffect.Dropped(table)));
        }

        private void rename() {
            if (in.accept("USER")) {
                return;
            }
            if (!in.acceptAny("TABLE", "TABLES")) {
                throw in.unexpected("TABLE");
            }
            in.accept("IF", "EXISTS");
            do {
                var from = table();
                if (in.accept("WAIT")) {
                    in.number();
                }
                in.accept("NOWAIT");
                in.expect("TO");
                effects.add(new SchemaEffect.Renamed(from, table()));
            } while (in.accept(","));
        }
    }
}
