package ferry.testkit.contract;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.model.Change;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.List;

/// Two servers, or two empty places on servers, for one test: what the contract needs to act as the
/// application at the source. Tables that an earlier test left behind are gone.
public interface Lab extends AutoCloseable {
    Dialect dialect();

    Settings settings();

    Endpoint source();

    Endpoint target();

    /// The corpus: at least one table with a key and one without, one with a secondary unique key,
    /// and every type with its edge values.
    List<Sample> samples();

    /// Where the target keeps a table of the source; another place if both ends are one server.
    default TableName atTarget(TableName source) {
        return source;
    }

    /// Creates the table at the source, as an application would.
    void create(Table table);

    /// Commits these changes at the source in one transaction, and returns when they are visible.
    void commit(Table table, List<Change> changes);

    /// Adds a nullable column `added` at the end of the table at the source.
    void addColumn(Table table);

    /// The same dialect over a line that breaks at every COMMIT of a target transaction: behind it,
    /// when the server has executed it, or before it, when the server will never see it.
    /// Bookkeeping and everything else works.
    Dialect losingCommits(boolean executed);

    @Override
    void close();
}
