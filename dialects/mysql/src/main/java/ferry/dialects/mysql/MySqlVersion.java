package ferry.dialects.mysql;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which member of the family a server is, and its version. `text` is what `version()` told.
record MySqlVersion(MySqlFlavor flavor, int major, int minor, int patch, String text)
        implements Comparable<MySqlVersion> {
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?");

    /// Recognises a server from `version()`, `@@version_comment` and `ob_version()`; the last one
    /// only OceanBase has, and its `version()` begins with the MySQL version that it resembles.
    static MySqlVersion of(String version, String comment, Optional<String> obVersion) {
        if (obVersion.isPresent()
                || version.contains("OceanBase")
                || comment.startsWith("OceanBase")) {
            var own = obVersion.orElseGet(() -> comment.isEmpty() ? version : comment);
            return parse(MySqlFlavor.OCEANBASE, own, version);
        }
        var mariaDb =
                version.contains("MariaDB")
                        || comment.contains("MariaDB")
                        || comment.contains("mariadb");
        // Old MariaDB servers tell replicas 5.5.5-10.x, so that they are not taken for a MySQL
        // below 5.5.
        var own =
                mariaDb && version.startsWith("5.5.5-")
                        ? version.substring("5.5.5-".length())
                        : version;
        return parse(mariaDb ? MySqlFlavor.MARIADB : MySqlFlavor.MYSQL, own, version);
    }

    private static MySqlVersion parse(MySqlFlavor flavor, String numbers, String text) {
        var matcher = NUMBERS.matcher(numbers);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no version number in '" + numbers + "'");
        }
        var patch = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        return new MySqlVersion(
                flavor,
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                patch,
                text);
    }

    boolean isMySql() {
        return flavor == MySqlFlavor.MYSQL;
    }

    boolean isMariaDb() {
        return flavor == MySqlFlavor.MARIADB;
    }

    boolean isOceanBase() {
        return flavor == MySqlFlavor.OCEANBASE;
    }

    /// True for a MySQL of at least this version; never for another flavor.
    boolean mySql(int atLeastMajor, int atLeastMinor, int atLeastPatch) {
        return isMySql() && atLeast(atLeastMajor, atLeastMinor, atLeastPatch);
    }

    /// True for a MariaDB of at least this version; never for another flavor.
    boolean mariaDb(int atLeastMajor, int atLeastMinor, int atLeastPatch) {
        return isMariaDb() && atLeast(atLeastMajor, atLeastMinor, atLeastPatch);
    }

    private boolean atLeast(int atLeastMajor, int atLeastMinor, int atLeastPatch) {
        return NUMBER_ORDER.compare(
                        this,
                        new MySqlVersion(flavor, atLeastMajor, atLeastMinor, atLeastPatch, ""))
                >= 0;
    }

    private static final Comparator<MySqlVersion> NUMBER_ORDER =
            Comparator.comparingInt(MySqlVersion::major)
                    .thenComparingInt(MySqlVersion::minor)
                    .thenComparingInt(MySqlVersion::patch);

    /// By flavor, then by number.
    @Override
    public int compareTo(MySqlVersion other) {
        var byFlavor = flavor.compareTo(other.flavor);
        return byFlavor != 0 ? byFlavor : NUMBER_ORDER.compare(this, other);
    }

    // What a version can do. Each line is a fact of the servers' manuals, tried where a server of
    // that version was at hand.

    boolean generatedColumns() {
        return mySql(5, 7, 6) || mariaDb(10, 2, 1) || isOceanBase();
    }

    /// The statement that tells the end of the binary log.
    String showLogEnd() {
        return mySql(8, 2, 0) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
    }

    /// The statement that tells what the server replicates.
    String showReplicas() {
        return mySql(8, 0, 22) || mariaDb(10, 5, 1) ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS";
    }

    boolean expressionDefaults() {
        return mySql(8, 0, 13) || mariaDb(10, 2, 1) || isOceanBase();
    }

    boolean functionalKeys() {
        return mySql(8, 0, 13) || isOceanBase();
    }

    boolean checks() {
        return mySql(8, 0, 16) || mariaDb(10, 2, 1) || isOceanBase();
    }

    boolean invisibleColumns() {
        return mySql(8, 0, 23) || mariaDb(10, 3, 3) || isOceanBase();
    }

    boolean invisibleKeys() {
        return mySql(8, 0, 0) || mariaDb(10, 6, 0) || isOceanBase();
    }

    /// OceanBase accepts DESC and forgets it.
    boolean descendingKeys() {
        return mySql(8, 0, 1) || mariaDb(10, 8, 1);
    }

    /// In InnoDB, which is where we create tables.
    boolean spatialKeys() {
        return mySql(5, 7, 5) || mariaDb(10, 2, 2) || isOceanBase();
    }

    boolean json() {
        return mySql(5, 7, 8) || isOceanBase();
    }

    boolean columnSrid() {
        return mySql(8, 0, 3);
    }

    boolean vectors() {
        return mySql(9, 0, 0);
    }

    /// True when integer columns are shown without their display width (but for `tinyint(1)` and
    /// zerofill).
    boolean hidesDisplayWidth() {
        return mySql(8, 0, 19);
    }

    @Override
    public String toString() {
        return flavor.title() + " " + major + "." + minor + "." + patch;
    }
}
