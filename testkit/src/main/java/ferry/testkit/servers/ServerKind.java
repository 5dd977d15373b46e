package ferry.testkit.servers;

/// The servers that tests and the demo run against. Versions are pinned in the recipes, except for
/// [#MYSQL_9] and [#MARIADB_10_11], which come from Debian and move: ask the server for its
/// version.
public enum ServerKind {
    /// MySQL 8.0.15.
    MYSQL_8_0("mysql-8.0", "8.0.", new MySqlRecipe.V80()),
    /// MySQL 5.7.22.
    MYSQL_5_7("mysql-5.7", "5.7.", new MySqlRecipe.V57()),
    /// MySQL 5.6.24.
    MYSQL_5_6("mysql-5.6", "5.6.", new MySqlRecipe.V56()),
    /// MySQL 9 of Debian sid. It may be unobtainable on any day, so its tests may be skipped in CI.
    MYSQL_9("mysql-9", "9.", new MySqlRecipe.V9()),
    /// MariaDB 10.11 of Debian 12.
    MARIADB_10_11("mariadb-10.11", "10.11.", new MariaDbRecipe.V1011()),
    /// MariaDB 11.4.5.
    MARIADB_11_4("mariadb-11.4", "11.4.", new MariaDbRecipe.V114()),
    /// seekdb 1.4.0: the OceanBase kernel on one node. It has no change log of its own.
    SEEKDB("seekdb", "5.7.25-OceanBase seekdb-v1.4.0.", new SeekDbRecipe());

    private final String id;
    private final String versionPrefix;
    private final Recipe recipe;

    ServerKind(String id, String versionPrefix, Recipe recipe) {
        this.id = id;
        this.versionPrefix = versionPrefix;
        this.recipe = recipe;
    }

    /// The name used for folders and in messages, such as `mysql-8.0`.
    public String id() {
        return id;
    }

    /// What `SELECT version()` begins with.
    public String versionPrefix() {
        return versionPrefix;
    }

    /// Which family of servers it belongs to.
    public Family family() {
        return recipe.family();
    }

    /// Whether the server writes a binary log.
    public boolean hasBinlog() {
        return family() != Family.OCEANBASE;
    }

    Recipe recipe() {
        return recipe;
    }

    @Override
    public String toString() {
        return id;
    }

    /// What distinguishes the servers for a client.
    public enum Family {
        /// Oracle's MySQL.
        MYSQL,
        /// MariaDB.
        MARIADB,
        /// The OceanBase kernel in MySQL mode.
        OCEANBASE
    }
}
