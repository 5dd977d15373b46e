package ferry.scenarios;

import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerKind.Family;
import ferry.testkit.servers.ServerOptions;
import java.util.EnumSet;
import java.util.Set;

/// A source and a target. Every story runs on [#usual()] ones, unless it says otherwise; the others
/// have a source of another kind, and the stories that matter there name them.
enum Pair {
    MYSQL(Origin.MYSQL_8_0, ServerKind.MYSQL_8_0),
    OCEANBASE(Origin.MYSQL_8_0, ServerKind.SEEKDB),
    FROM_MYSQL_5_6(Origin.MYSQL_5_6, ServerKind.MYSQL_8_0),
    FROM_MYSQL_5_7(Origin.MYSQL_5_7, ServerKind.SEEKDB),
    FROM_MARIADB_10_11(Origin.MARIADB_10_11, ServerKind.MYSQL_8_0),
    FROM_MARIADB_11_4(Origin.MARIADB_11_4, ServerKind.SEEKDB),
    FROM_FILES(Origin.MYSQL_8_0_WITHOUT_GTIDS, ServerKind.MYSQL_8_0);

    private final Origin origin;
    private final ServerKind targetKind;

    Pair(Origin origin, ServerKind targetKind) {
        this.origin = origin;
        this.targetKind = targetKind;
    }

    /// The servers that are sources. All pairs with the same origin share one server.
    enum Origin {
        MYSQL_8_0(ServerKind.MYSQL_8_0, ServerOptions.lean()),
        MYSQL_8_0_WITHOUT_GTIDS(ServerKind.MYSQL_8_0, ServerOptions.lean().withoutGtid()),
        /// Few servers of this age count by GTIDs.
        MYSQL_5_6(ServerKind.MYSQL_5_6, ServerOptions.lean().withoutGtid()),
        MYSQL_5_7(ServerKind.MYSQL_5_7, ServerOptions.lean()),
        MARIADB_10_11(ServerKind.MARIADB_10_11, ServerOptions.lean()),
        /// Rows of ten bytes and more are compressed in its log.
        MARIADB_11_4(
                ServerKind.MARIADB_11_4,
                ServerOptions.lean()
                        .withFlags("--log-bin-compress=ON", "--log-bin-compress-min-len=10"));

        private static final String MYSQL_GRANTS =
                "LOCK TABLES, PROCESS, REPLICATION SLAVE, REPLICATION CLIENT";

        private final ServerKind kind;
        private final ServerOptions options;

        Origin(ServerKind kind, ServerOptions options) {
            this.kind = kind;
            this.options = options;
        }

        ServerKind kind() {
            return kind;
        }

        ServerOptions options() {
            return options;
        }

        /// What an account must be granted on such a server, beside SELECT.
        String grants() {
            return switch (this) {
                case MYSQL_8_0, MYSQL_5_7 -> MYSQL_GRANTS;
                case MYSQL_8_0_WITHOUT_GTIDS, MYSQL_5_6 -> MYSQL_GRANTS + ", RELOAD";
                case MARIADB_10_11, MARIADB_11_4 ->
                        "LOCK TABLES, REPLICATION SLAVE, BINLOG MONITOR";
            };
        }

        /// False for servers older than WITH.
        boolean knowsWith() {
            return kind != ServerKind.MYSQL_5_6 && kind != ServerKind.MYSQL_5_7;
        }
    }

    /// The pairs on which every story runs.
    static Set<Pair> usual() {
        return EnumSet.of(MYSQL, OCEANBASE);
    }

    /// The pairs with a source of another kind.
    static Set<Pair> special() {
        return EnumSet.complementOf(EnumSet.copyOf(usual()));
    }

    Origin origin() {
        return origin;
    }

    /// The type of the source's endpoint in a project file.
    String sourceType() {
        return origin.kind().family() == Family.MARIADB ? "mariadb" : "mysql";
    }

    /// Who reads the source: root at the usual ones, elsewhere an account that may do no more than
    /// the precheck asks for.
    String sourceUser() {
        return usual().contains(this) ? "root" : Servers.READER;
    }

    /// The type of the target's endpoint in a project file.
    String targetType() {
        return targetKind == ServerKind.SEEKDB ? "oceanbase-mysql" : "mysql";
    }

    ServerKind targetKind() {
        return targetKind;
    }

    /// The usual pair with this target.
    Pair withUsualSource() {
        return targetKind == ServerKind.SEEKDB ? OCEANBASE : MYSQL;
    }

    /// True when both ends are servers of one kind, so that definitions must be the same to the
    /// letter.
    boolean sameKind() {
        return targetKind == origin.kind();
    }
}
