package ferry.engine.dialect;

import ferry.engine.model.Table;
import java.util.List;
import java.util.stream.Stream;

/// How one table comes into being in the target: statements now (database and table with its row
/// key), statements behind its load (plain keys, which are cheaper to build once than to keep while
/// rows come in any order), statements at the end of its window (secondary unique keys), statements
/// after all windows (foreign keys), and what is lost. `table` is the definition that the target
/// will have in the end. `createWithKeys` makes the same as `create` and `afterLoad`, at once: for
/// a small table the keys cost more as statements than as keys. Each statement must be harmless to
/// repeat or say by its `exists` key name how the catalog shows that it was done.
public record SchemaPlan(
        Table table,
        List<String> create,
        List<String> createWithKeys,
        List<KeyBuild> afterLoad,
        List<KeyBuild> atWindowEnd,
        List<KeyBuild> afterAll,
        List<Loss> losses) {
    public SchemaPlan {
        create = List.copyOf(create);
        createWithKeys = List.copyOf(createWithKeys);
        afterLoad = List.copyOf(afterLoad);
        atWindowEnd = List.copyOf(atWindowEnd);
        afterAll = List.copyOf(afterAll);
        losses = List.copyOf(losses);
    }

    /// All keys that are built later, in their order.
    public List<KeyBuild> laterKeys() {
        return Stream.concat(afterLoad.stream(), atWindowEnd.stream()).toList();
    }

    /// A key or constraint that is built later; it exists when the target's catalog shows a key or
    /// foreign key of this name.
    public record KeyBuild(String name, String statement) {}

    /// What the target cannot keep: reported, counted, never silent. `severe` losses can change
    /// values or uniqueness.
    public record Loss(String object, String what, boolean severe) {}
}
