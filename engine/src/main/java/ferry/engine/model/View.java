package ferry.engine.model;

import java.util.List;
import java.util.Optional;

/// How a table that only shows a part of another one comes about: `whole` is the table as it is at
/// its server, `names` are the names there of the columns that are shown, in the order in which
/// they are shown, and `where` is what rows must meet to be shown; empty for all.
public record View(Table whole, List<String> names, Optional<Condition> where) {
    public View {
        names = List.copyOf(names);
    }
}
