package ferry.dialects.mysql;

/// The members of the family. They speak one protocol and differ in versions, dictionaries and
/// abilities.
enum MySqlFlavor {
    MYSQL("MySQL"),
    MARIADB("MariaDB"),
    OCEANBASE("OceanBase");

    private final String title;

    MySqlFlavor(String title) {
        this.title = title;
    }

    /// Its name as people write it.
    String title() {
        return title;
    }
}
