package ferry.engine.model;

import java.util.Optional;

/// One column of a table's definition. `nativeType` is the dialect's full spelling (`int(10)
/// unsigned zerofill`); `defaultSql` and `onUpdateSql` are SQL expressions of the dialect, ready to
/// stand after DEFAULT and ON UPDATE.
public record Column(
        String name,
        DataType type,
        String nativeType,
        boolean nullable,
        Optional<String> defaultSql,
        Optional<String> onUpdateSql,
        boolean autoIncrement,
        Generation generation,
        Optional<String> generatedSql,
        boolean invisible,
        String comment) {

    /// Whether the server computes the value itself.
    public enum Generation {
        NONE,
        VIRTUAL,
        STORED
    }

    /// A plain column, as tests and simple dialects need it.
    public static Column of(String name, DataType type, String nativeType, boolean nullable) {
        return new Column(
                name,
                type,
                nativeType,
                nullable,
                Optional.empty(),
                Optional.empty(),
                false,
                Generation.NONE,
                Optional.empty(),
                false,
                "");
    }

    public Column withName(String newName) {
        return with(newName, defaultSql);
    }

    /// The same without a default value.
    public Column withoutDefault() {
        return with(name, Optional.empty());
    }

    private Column with(String newName, Optional<String> newDefault) {
        return new Column(
                newName,
                type,
                nativeType,
                nullable,
                newDefault,
                onUpdateSql,
                autoIncrement,
                generation,
                generatedSql,
                invisible,
                comment);
    }

    /// True when rows carry a value for it: a generated column is computed by each end itself.
    public boolean carried() {
        return generation == Generation.NONE;
    }
}
