package ferry.engine.dialect;

import ferry.engine.model.Table;
import java.util.List;

/// How one table comes into being in the target: statements now (database and table with its row
/// key and plain keys), statements at the end of its window (secondary unique keys), statements
/// after all windows (foreign keys), and what is lost. `table` is the definition that the target
/// will have in the end. Each statement must be harmless to repeat or say by its `exists` key name
/// how the catalog shows that it was done.
public record SchemaPlan(
        Table table,
        List<String> create,
        List<KeyBuild> atWindowEnd,
        List<KeyBuild> afterAll,
        List<Loss> losses) {
    public SchemaPlan {
        create = List.copyOf(create);
        atWindowEnd = List.copyOf(atWindowEnd);
        afterAll = List.copyOf(afterAll);
        losses = List.copyOf(losses);
    }

    /// A key or constraint that is built later; it exists when the target's catalog shows a key or
    /// foreign key of this name.
    public record KeyBuild(String name, String statement) {}

    /// What the target cannot keep: reported, counted, never silent. `severe` losses can change
    /// values or uniqueness.
    public record Loss(String object, String what, boolean severe) {}
}
