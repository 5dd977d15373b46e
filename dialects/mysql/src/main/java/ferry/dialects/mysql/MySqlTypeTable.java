package ferry.dialects.mysql;

import ferry.engine.dialect.TypeTable;
import ferry.engine.dialect.TypeTable.Outcome;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The type table of the family: which types each member has, what they mean, and how they fare on
/// the others. [TypeMap] acts on it; the contract and the round trips prove it on servers.
final class MySqlTypeTable {
    private static final Set<MySqlFlavor> ALL = EnumSet.allOf(MySqlFlavor.class);
    private static final Set<MySqlFlavor> MYSQL = EnumSet.of(MySqlFlavor.MYSQL);
    private static final Set<MySqlFlavor> MARIADB = EnumSet.of(MySqlFlavor.MARIADB);
    private static final Set<MySqlFlavor> OCEANBASE = EnumSet.of(MySqlFlavor.OCEANBASE);
    private static final Set<MySqlFlavor> NOT_MARIADB =
            EnumSet.complementOf(EnumSet.of(MySqlFlavor.MARIADB));

    private MySqlTypeTable() {}

    /// One line, for the members that have the type.
    record Line(
            Set<MySqlFlavor> sources,
            String nativeType,
            String dataType,
            Map<MySqlFlavor, Outcome> outcomes) {}

    private static final Outcome NOT_CARRIED =
            Outcome.refused("not carried yet: its form in the log is not decoded");
    private static final Outcome NO_NEGATIVE_ZERO =
            Outcome.lossy("-0 becomes 0 in newer releases (seen on 10.11.19, not on 11.4.5)");
    private static final Outcome FIRST_SECOND =
            Outcome.lossy(
                    "times in the first second of 1970, which MariaDB makes of what is out of range, and after 2038-01-19 03:14:07 UTC are refused");
    private static final Outcome VARCHAR_OF_OCEANBASE =
            Outcome.widened(
                    "same up to 65,535 bytes of a row; longer ones become MEDIUMTEXT or LONGTEXT");
    private static final Outcome VECTOR_BYTES =
            Outcome.widened("becomes VARBINARY of the same bytes; vector functions are lost");

    static final List<Line> LINES =
            List.of(
                    same(ALL, "tinyint[(n)] [unsigned] [zerofill], bool", "Int(8)"),
                    same(ALL, "smallint[(n)] [unsigned] [zerofill]", "Int(16)"),
                    same(ALL, "mediumint[(n)] [unsigned] [zerofill]", "Int(24)"),
                    same(ALL, "int[(n)] [unsigned] [zerofill]", "Int(32)"),
                    same(ALL, "bigint[(n)] [unsigned] [zerofill], serial", "Int(64)"),
                    same(ALL, "decimal(p,s) [unsigned] [zerofill]", "Decimal(p, s)"),
                    line(
                            ALL,
                            "float[(m,d)] [unsigned] [zerofill]",
                            "Float(32)",
                            Outcome.SAME,
                            NO_NEGATIVE_ZERO,
                            Outcome.SAME),
                    line(
                            ALL,
                            "double[(m,d)] [unsigned] [zerofill]",
                            "Float(64)",
                            Outcome.SAME,
                            NO_NEGATIVE_ZERO,
                            Outcome.SAME),
                    same(ALL, "bit(n)", "Bits(n)"),
                    same(ALL, "char(n), nchar(n)", "Text(fixed)"),
                    same(
                            EnumSet.complementOf(EnumSet.of(MySqlFlavor.OCEANBASE)),
                            "varchar(n), nvarchar(n)",
                            "Text"),
                    line(
                            OCEANBASE,
                            "varchar(n), nvarchar(n)",
                            "Text",
                            VARCHAR_OF_OCEANBASE,
                            VARCHAR_OF_OCEANBASE,
                            Outcome.SAME),
                    same(ALL, "tinytext, text, mediumtext, longtext", "Text"),
                    same(ALL, "binary(n)", "Bytes(fixed)"),
                    same(ALL, "varbinary(n)", "Bytes"),
                    same(ALL, "tinyblob, blob, mediumblob, longblob", "Bytes"),
                    same(ALL, "enum('a',…)", "Enumeration"),
                    same(ALL, "set('a',…)", "Members"),
                    same(ALL, "date", "Date"),
                    same(ALL, "time[(f)]", "Time(f)"),
                    same(ALL, "datetime[(f)]", "DateTime(f)"),
                    same(NOT_MARIADB, "timestamp[(f)]", "Timestamp(f)"),
                    line(
                            MARIADB,
                            "timestamp[(f)]",
                            "Timestamp(f)",
                            FIRST_SECOND,
                            Outcome.SAME,
                            FIRST_SECOND),
                    same(ALL, "year[(4)]", "Year"),
                    line(
                            NOT_MARIADB,
                            "json",
                            "Json",
                            Outcome.lossy(
                                    "same text between servers from 8.0 on. MySQL 5.7 prints the double `1.0` like the integer `1`: from it a whole double becomes an integer (no difference is told) and `-0.0` arrives but is told as a difference; to it both arrive and are told as differences. In MySQL 5.6 it becomes LONGTEXT"),
                            Outcome.widened(
                                    "becomes LONGTEXT (utf8mb4_bin); the text is kept, JSON functions still read it"),
                            Outcome.widened(
                                    "the same text; a date, time or binary value inside becomes the string that is printed for it, and from MySQL 5.7 a whole double becomes an integer")),
                    line(
                            MARIADB,
                            "json",
                            "Text",
                            Outcome.widened(
                                    "becomes LONGTEXT of the same text; in a JSON column that stands there already, the document as that server prints it"),
                            Outcome.SAME,
                            Outcome.widened(
                                    "becomes LONGTEXT of the same text; in a JSON column that stands there already, the document as that server prints it")),
                    same(
                            ALL,
                            "geometry, point, linestring, polygon, multipoint, multilinestring, multipolygon, geometrycollection",
                            "Geometry"),
                    line(
                            ALL,
                            "geometry and its kinds with SRID n",
                            "Geometry",
                            Outcome.widened(
                                    "same from MySQL 8.0.3 on; in older ones the column no longer demands the SRID"),
                            Outcome.widened(
                                    "the values keep their SRID, the column no longer demands it"),
                            Outcome.lossy(
                                    "the column no longer demands the SRID; the kernel refuses values of a reference system it does not know")),
                    line(
                            MYSQL,
                            "vector(n)",
                            "Vector(n)",
                            Outcome.widened(
                                    "same from MySQL 9.0 on; in older ones it becomes VARBINARY of the same bytes"),
                            VECTOR_BYTES,
                            VECTOR_BYTES),
                    line(
                            MARIADB,
                            "inet4, inet6, uuid, xmltype",
                            "Unknown",
                            NOT_CARRIED,
                            NOT_CARRIED,
                            NOT_CARRIED),
                    line(MARIADB, "… compressed", "Unknown", NOT_CARRIED, NOT_CARRIED, NOT_CARRIED),
                    line(
                            OCEANBASE,
                            "array, map, roaringbitmap, sparsevector",
                            "Unknown",
                            NOT_CARRIED,
                            NOT_CARRIED,
                            NOT_CARRIED));

    private static final String CHARACTER_SETS =
            "Character sets and collations that the target lacks become their nearest, usually utf8mb4 and utf8mb4_bin; the precheck names each column. A value that has no place in the target's character set is refused, never changed.";
    private static final String JSON_NUMBERS =
            "Numbers in JSON keep their digits: doubles arrive exactly and decimals with their scale. A whole decimal of 64 bits or less arrives as an integer, which prints the same.";
    private static final String ODD_MEMBERS =
            "The empty text that a server without strict mode made of a refused ENUM value (number 0) arrives as that. It is refused where the column is part of a unique key, and where the ENUM has a member `''` it becomes that member, because both are read as the same text.";
    private static final String EMOJI =
            "Emoji in members of ENUM and SET are printed as `?` by the dictionary: the precheck fails if a row shows that a member is otherwise, and warns if no row tells.";
    private static final String DATES =
            "Zero and partial dates, times below zero and `0000` as a year arrive as they are. Timestamps are moved in UTC.";

    private static Line same(Set<MySqlFlavor> sources, String nativeType, String dataType) {
        return line(sources, nativeType, dataType, Outcome.SAME, Outcome.SAME, Outcome.SAME);
    }

    private static Line line(
            Set<MySqlFlavor> sources,
            String nativeType,
            String dataType,
            Outcome mySql,
            Outcome mariaDb,
            Outcome oceanBase) {
        var outcomes = new EnumMap<MySqlFlavor, Outcome>(MySqlFlavor.class);
        outcomes.put(MySqlFlavor.MYSQL, mySql);
        outcomes.put(MySqlFlavor.MARIADB, mariaDb);
        outcomes.put(MySqlFlavor.OCEANBASE, oceanBase);
        return new Line(sources, nativeType, dataType, outcomes);
    }

    /// One table for each member as a source.
    static List<TypeTable> pages() {
        return Arrays.stream(MySqlFlavor.values()).map(MySqlTypeTable::page).toList();
    }

    private static TypeTable page(MySqlFlavor source) {
        var targets = List.of(MySqlFlavor.MYSQL, MySqlFlavor.OCEANBASE, MySqlFlavor.MARIADB);
        return new TypeTable(
                source.title().toLowerCase(Locale.ROOT),
                source == MySqlFlavor.OCEANBASE ? "OceanBase (MySQL tenant)" : source.title(),
                targets.stream().map(MySqlFlavor::title).toList(),
                LINES.stream()
                        .filter(line -> line.sources().contains(source))
                        .map(line ->
                                new TypeTable.Line(
                                        line.nativeType(),
                                        line.dataType(),
                                        targets.stream().map(line.outcomes()::get).toList()))
                        .toList(),
                source == MySqlFlavor.OCEANBASE
                        ? List.of(CHARACTER_SETS, DATES, JSON_NUMBERS, ODD_MEMBERS)
                        : List.of(CHARACTER_SETS, DATES, JSON_NUMBERS, ODD_MEMBERS, EMOJI));
    }
}
