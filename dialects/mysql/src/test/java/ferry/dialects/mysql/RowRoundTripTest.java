package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.dialect.Writer;
import ferry.engine.model.Change;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.testkit.servers.ServerKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What is read at one end and written at the other is read there again, byte for byte; and
/// checksums see every difference.
@Tag("servers")
final class RowRoundTripTest {
    static Stream<Arguments> pairs() {
        return Stream.of(
                Arguments.of(ServerKind.MYSQL_8_0, ServerKind.MYSQL_8_0),
                Arguments.of(ServerKind.MYSQL_8_0, ServerKind.SEEKDB),
                Arguments.of(ServerKind.SEEKDB, ServerKind.MYSQL_8_0),
                Arguments.of(ServerKind.SEEKDB, ServerKind.SEEKDB),
                Arguments.of(ServerKind.MYSQL_5_7, ServerKind.SEEKDB),
                Arguments.of(ServerKind.MYSQL_5_6, ServerKind.MYSQL_5_7),
                Arguments.of(ServerKind.MARIADB_11_4, ServerKind.SEEKDB),
                Arguments.of(ServerKind.MYSQL_8_0, ServerKind.MARIADB_11_4),
                Arguments.of(ServerKind.MARIADB_11_4, ServerKind.MARIADB_11_4));
    }

    /// The columns that both servers have, each as it spells them.
    private static List<EveryType.Sample> shared(ServerKind kind, ServerKind other) {
        var names =
                EveryType.samples(other).stream()
                        .map(EveryType.Sample::name)
                        .collect(Collectors.toSet());
        return EveryType.samples(kind).stream()
                .filter(sample -> names.contains(sample.name()))
                .toList();
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void aRowArrivesAsItLeft(ServerKind sourceKind, ServerKind targetKind) throws SQLException {
        try (var source = End.of(sourceKind);
                var target = End.of(targetKind)) {
            var samples = shared(sourceKind, targetKind);
            var here = source.create("every", EveryType.definition(samples));
            var there =
                    target.create("every", EveryType.definition(shared(targetKind, sourceKind)));
            EveryType.fill(source, "every", samples);
            var translation = MySqlTranslation.of(here, there);

            var rows = source.read(here).stream().map(translation::translate).toList();
            target.insert(there, rows);

            assertSame(target.read(there), rows, there);
            assertChecksumsAgree(source, here, target, there);
            assertDifferencesAreSeen(source, here, target, there, samples);
        }
    }

    /// Column by column, so that a failure names the columns and shows no more.
    private static void assertSame(List<Row> rows, List<Row> expected, Table table) {
        var differences = new ArrayList<String>();
        assertThat(rows).hasSameSizeAs(expected);
        for (var column : table.carried()) {
            var index = table.indexOf(column.name());
            for (var i = 0; i < rows.size(); i++) {
                if (!rows.get(i).sameValue(index, expected.get(i), index)) {
                    differences.add(
                            column.name()
                                    + " of row "
                                    + i
                                    + ": "
                                    + value(rows.get(i), index)
                                    + ", not "
                                    + value(expected.get(i), index));
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    private static String value(Row row, int index) {
        var hex = row.isPresent(index) ? HexFormat.of().formatHex(row.bytes(index)) : "NULL";
        return hex.length() > 60 ? hex.substring(0, 60) + "…" : hex;
    }

    private static void assertChecksumsAgree(End source, Table here, End target, Table there) {
        try (var one = source.snapshot();
                var other = target.snapshot()) {
            assertThat(other.checksum(there, here, KeyRange.ALL))
                    .isEqualTo(one.checksum(here, there, KeyRange.ALL));
            assertThat(other.checksums(there, here, 5)).isEqualTo(one.checksums(here, there, 5));
            for (var bucket = 0; bucket < 5; bucket++) {
                var left = new ArrayList<Row>();
                var right = new ArrayList<Row>();
                one.readBucket(here, there, 5, bucket, left::addAll);
                other.readBucket(there, here, 5, bucket, right::addAll);
                assertThat(right).hasSameSizeAs(left);
            }
        }
    }

    /// One value of one row at a time is changed as little as can be, and changed back; NULL and
    /// empty differ too.
    private static void assertDifferencesAreSeen(
            End source, Table here, End target, Table there, List<EveryType.Sample> samples)
            throws SQLException {
        try (var one = source.snapshot();
                var other = target.snapshot();
                var connection = target.database().connect();
                var statement = connection.createStatement()) {
            statement.execute("SET NAMES utf8mb4");
            statement.execute(
                    "SET sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES', time_zone = '+00:00'");
            var equal = one.checksum(here, there, KeyRange.ALL);
            var unseen = new ArrayList<String>();
            for (var sample : samples) {
                for (var change : List.of(sample.nearFirst(), "NULL")) {
                    statement.execute(
                            "UPDATE every SET `%s` = %s WHERE id = 0"
                                    .formatted(sample.name(), change));
                    if (other.checksum(there, here, KeyRange.ALL).equals(equal)) {
                        unseen.add(sample.name() + " = " + change);
                    }
                    statement.execute(
                            "UPDATE every SET `%s` = %s WHERE id = 0"
                                    .formatted(sample.name(), sample.values().getFirst()));
                }
            }
            assertThat(unseen).isEmpty();
            assertThat(other.checksum(there, here, KeyRange.ALL)).isEqualTo(equal);
        }
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void aRowWithoutKeyIsFoundByAllItsValues(ServerKind sourceKind, ServerKind targetKind)
            throws SQLException {
        try (var source = End.of(sourceKind);
                var target = End.of(targetKind)) {
            var samples = shared(sourceKind, targetKind);
            var here =
                    source.create(
                            "keyless", EveryType.definition(samples).replace(" PRIMARY KEY", ""));
            var there =
                    target.create(
                            "keyless",
                            EveryType.definition(shared(targetKind, sourceKind))
                                    .replace(" PRIMARY KEY", ""));
            EveryType.fill(source, "keyless", samples);
            var translation = MySqlTranslation.of(here, there);
            var rows = source.read(here).stream().map(translation::translate).toList();
            target.insert(there, rows);
            target.insert(there, rows);

            target.apply(
                    there,
                    Writer.Mode.STRICT,
                    rows.stream().<Change>map(Change.Delete::new).toList());

            assertSame(target.read(there), rows, there);
            var id = there.indexOf("id");
            target.apply(
                    there,
                    Writer.Mode.STRICT,
                    rows.stream()
                            .<Change>map(row -> new Change.Update(row, other(row, id)))
                            .toList());
            assertThat(target.read(there))
                    .containsExactlyInAnyOrderElementsOf(
                            rows.stream().map(row -> other(row, id)).toList());
        }
    }

    private static Row other(Row row, int id) {
        var builder = new Row.Builder(row.size());
        for (var i = 0; i < row.size(); i++) {
            if (i == id) {
                builder.add("99".getBytes());
            } else {
                builder.add(row, i);
            }
        }
        return builder.build();
    }
}
