package ferry.dialects.toy;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.testkit.contract.DialectContract;
import ferry.testkit.contract.Lab;
import ferry.testkit.contract.Sample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/// The toy keeps the contract with both kinds of positions.
class ToyContractTest {
    @Nested
    class WithGlobalIds extends DialectContract {
        @Override
        protected Lab newLab() {
            return new ToyLab(ToyDialect.GLOBAL_IDS, ToyServer.Options.DEFAULT);
        }
    }

    @Nested
    class WithFiles extends DialectContract {
        @Override
        protected Lab newLab() {
            return new ToyLab(ToyDialect.FILES, ToyServer.Options.DEFAULT);
        }
    }

    @Nested
    class WithUnorderedCommits extends DialectContract {
        @Override
        protected Lab newLab() {
            return new ToyLab(ToyDialect.GLOBAL_IDS, new ToyServer.Options(false, false));
        }
    }

    private static final class ToyLab implements Lab {
        private final String type;
        private final Map<String, ToyServer> servers;

        ToyLab(String type, ToyServer.Options options) {
            this.type = type;
            this.servers =
                    Map.of(
                            "source", new ToyServer("uuid-source", options, () -> 1_000_000),
                            "target", new ToyServer("uuid-target", options, () -> 1_000_000));
        }

        @Override
        public Dialect dialect() {
            return new ToyDialect(servers, Line.CALM);
        }

        @Override
        public Dialect losingCommits(boolean executed) {
            return new ToyDialect(
                    servers,
                    call ->
                            !call.equals("writer.commit")
                                    ? Line.Fate.DELIVERED
                                    : executed ? Line.Fate.REPLY_LOST : Line.Fate.REQUEST_LOST);
        }

        @Override
        public Settings settings() {
            return Settings.defaults();
        }

        @Override
        public Endpoint source() {
            return ToyDialect.endpoint(type, "source");
        }

        @Override
        public Endpoint target() {
            return ToyDialect.endpoint(type, "target");
        }

        @Override
        public List<Sample> samples() {
            return List.of(
                    sample(
                            "create table shop.orders (id int(64) not null, name text(10), primary (id))",
                            List.of(
                                    Row.ofText("1", "one"),
                                    Row.ofText("-9223372036854775808", ""),
                                    Row.ofText("9223372036854775807", null),
                                    Row.ofText("0", "ünï 😀"),
                                    Row.ofText("10", "'\\\n")),
                            List.of(
                                    Row.ofText("9223372036854775808", "too large"),
                                    Row.ofText("2", "longer than ten"),
                                    Row.ofText(null, "no key"))),
                    sample(
                            "create table shop.people (name text(20) ci not null, mail text(20) ci, nick text(20),"
                                    + " primary (name), unique mail (mail))",
                            List.of(
                                    Row.ofText("Anna", "a@x", "n"),
                                    Row.ofText("bert", null, null),
                                    Row.ofText("Carl", null, "n")),
                            List.of()),
                    sample(
                            "create table shop.odd (word text(20) odd not null, n int(8), unique word (word))",
                            List.of(
                                    Row.ofText("ab", "1"),
                                    Row.ofText("ba", "-128"),
                                    Row.ofText("C", "127")),
                            List.of(Row.ofText("x", "128"))),
                    sample(
                            "create table shop.pairs (a int(32) not null, b text(5) not null, primary (a, b))",
                            List.of(
                                    Row.ofText("1", "x"),
                                    Row.ofText("1", "y"),
                                    Row.ofText("2", "x")),
                            List.of()),
                    sample(
                            "create table shop.events (at int(64), what text(20))",
                            List.of(
                                    Row.ofText("1", "same"),
                                    Row.ofText("1", "same"),
                                    Row.ofText(null, null),
                                    Row.ofText("2", "")),
                            List.of()));
        }

        private static Sample sample(String sql, List<Row> rows, List<Row> refused) {
            return new Sample(((ToyStatement.Create) ToyParser.parse(sql)).table(), rows, refused);
        }

        @Override
        public void create(Table table) {
            servers.get("source").execute(new ToyStatement.Create(table, false).sql());
        }

        @Override
        public void commit(Table table, List<Change> changes) {
            var transaction = servers.get("source").begin();
            for (var change : changes) {
                switch (change) {
                    case Change.Insert(var after) -> transaction.insert(table.name(), after);
                    case Change.Update(var before, var after) ->
                            transaction.update(table.name(), before, after);
                    case Change.Delete(var before) -> transaction.delete(table.name(), before);
                }
            }
            transaction.commit();
        }

        @Override
        public void addColumn(Table table) {
            servers.get("source")
                    .execute("alter table " + table.name() + " add column added int(32) default 7");
        }

        @Override
        public void close() {}
    }
}
