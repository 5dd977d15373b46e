package ferry.scenarios;

import ferry.engine.model.TableName;

/// Writes names into the tests' own statements.
final class Quoting {
    private Quoting() {}

    static String name(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    static String name(TableName name) {
        return name(name.database()) + "." + name(name.table());
    }

    static String text(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
