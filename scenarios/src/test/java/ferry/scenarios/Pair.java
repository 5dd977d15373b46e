package ferry.scenarios;

import ferry.testkit.servers.ServerKind;

/// A source and a target that every story runs on, unless it says otherwise.
enum Pair {
    MYSQL("mysql", ServerKind.MYSQL_8_0),
    OCEANBASE("oceanbase-mysql", ServerKind.SEEKDB);

    private final String targetType;
    private final ServerKind targetKind;

    Pair(String targetType, ServerKind targetKind) {
        this.targetType = targetType;
        this.targetKind = targetKind;
    }

    /// The type of the target's endpoint in a project file.
    String targetType() {
        return targetType;
    }

    ServerKind targetKind() {
        return targetKind;
    }

    /// True when both ends are servers of one kind, so that definitions must be the same to the
    /// letter.
    boolean sameKind() {
        return targetKind == ServerKind.MYSQL_8_0;
    }
}
