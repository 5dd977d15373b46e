package ferry.dialects.mysql;

import ferry.engine.model.SchemaEffect;
import ferry.engine.model.DataType;
import java.util.List;
import java.util.Optional;

/// Finds out what a logged statement did to which tables.
final class MySqlDdl {
    private final Types types;

    MySqlDdl(Types types) {
        this.types = types;
    }

    /// Reads a column's native type (`varchar(20) character set latin1`) under the table's default character set and collation; empty if it cannot
    /// be told exactly.
    interface Types {
        Types NONE = (_, _, _) -> Optional.empty();

        Optional<DataType> parse(String nativeType, String charset, String collation);
    }

    List<SchemaEffect> effects(QueryEvent query, List<SqlText.Token> tokens, AdmittedTables tables) {
        return List.of();
    }
}
