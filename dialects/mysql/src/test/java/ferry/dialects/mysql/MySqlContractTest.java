package ferry.dialects.mysql;

import ferry.testkit.contract.BothEndsContract;
import ferry.testkit.contract.DialectContract;
import ferry.testkit.contract.Lab;
import ferry.testkit.servers.ServerKind;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/// Every member of the family keeps the contract, as a source and as a target; and rows go from
/// each kind of source to each kind of target.
@Tag("servers")
final class MySqlContractTest {
    @Nested
    class MySql56 extends Alone {
        MySql56() {
            super(ServerKind.MYSQL_5_6);
        }
    }

    @Nested
    class MySql57 extends Alone {
        MySql57() {
            super(ServerKind.MYSQL_5_7);
        }
    }

    @Nested
    class MySql80 extends Alone {
        MySql80() {
            super(ServerKind.MYSQL_8_0);
        }
    }

    /// As most servers are: with local_infile off.
    @Nested
    class MySql80ByInsert extends Alone {
        MySql80ByInsert() {
            super(ServerKind.MYSQL_8_0);
        }

        @Override
        protected Lab newLab() {
            return new MySqlLab(ServerKind.MYSQL_8_0, ServerKind.MYSQL_8_0).byInsert();
        }
    }

    @Nested
    class MySql9 extends Alone {
        MySql9() {
            super(ServerKind.MYSQL_9);
        }
    }

    @Nested
    class MariaDb1011 extends Alone {
        MariaDb1011() {
            super(ServerKind.MARIADB_10_11);
        }
    }

    @Nested
    class MariaDb114 extends Alone {
        MariaDb114() {
            super(ServerKind.MARIADB_11_4);
        }
    }

    @Nested
    class OceanBaseKernel extends Alone {
        OceanBaseKernel() {
            super(ServerKind.SEEKDB);
        }
    }

    @Nested
    class MySql80ToOceanBaseKernel extends Pair {
        MySql80ToOceanBaseKernel() {
            super(ServerKind.MYSQL_8_0, ServerKind.SEEKDB);
        }
    }

    @Nested
    class MariaDb114ToMySql80 extends Pair {
        MariaDb114ToMySql80() {
            super(ServerKind.MARIADB_11_4, ServerKind.MYSQL_8_0);
        }
    }

    /// Both ends are databases of one server.
    abstract static class Alone extends DialectContract {
        private final ServerKind kind;

        Alone(ServerKind kind) {
            this.kind = kind;
        }

        @Override
        protected Lab newLab() {
            return new MySqlLab(kind, kind);
        }
    }

    abstract static class Pair extends BothEndsContract {
        private final ServerKind source;
        private final ServerKind target;

        Pair(ServerKind source, ServerKind target) {
            this.source = source;
            this.target = target;
        }

        @Override
        protected Lab newLab() {
            return new MySqlLab(source, target);
        }
    }
}
