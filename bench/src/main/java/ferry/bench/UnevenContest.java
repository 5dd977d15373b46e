package ferry.bench;

import ferry.bench.Contestant.Part;
import ferry.testkit.servers.DatabaseServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/// Full load of a table whose key's values lie unevenly, beside its twin whose values lie close:
/// what a chunk of keys holds must not be guessed from how far they reach.
record UnevenContest(
        Site site, TwinTables tables, DatabaseServer source, DatabaseServer target, Amount amount)
        implements Contest {
    private static final String EVEN = "ferry even";

    static UnevenContest prepare(TwinTables tables, Site site) throws SQLException {
        var source = site.start("source");
        var target = site.start("target");
        tables.create(source);
        var both = tables.amount(source);
        var each = new Amount(both.rows() / 2, both.bytes() / 2);
        return new UnevenContest(site, tables, source, target, each);
    }

    @Override
    public String name() {
        return "load-uneven";
    }

    @Override
    public String work() {
        return "%s, %,d rows each, %s -> %s, %s"
                .formatted(
                        tables.what(),
                        amount.rows(),
                        source.kind(),
                        target.kind(),
                        BenchServers.durability(false));
    }

    @Override
    public Map<String, DatabaseServer> servers() {
        return site.servers();
    }

    @Override
    public List<Contestant> contestants() {
        return List.of(
                ferry(EVEN, Part.LIMIT, TwinTables.EVEN),
                ferry("ferry uneven", Part.FERRY, TwinTables.UNEVEN).against(EVEN));
    }

    private Contestant ferry(String name, Part part, String table) {
        var order = FerryCommand.Order.toLoad(source, target).only(table);
        return Contestant.of(
                name,
                part,
                () -> site.freshFerry(target),
                () -> new FerryCommand(site.folder()).migrate(order));
    }

    @Override
    public void check(Contestant contestant) throws SQLException {
        var table = contestant.hasLimit() ? TwinTables.UNEVEN : TwinTables.EVEN;
        tables.only(table).requireEqual(contestant.name(), source, target);
    }
}
