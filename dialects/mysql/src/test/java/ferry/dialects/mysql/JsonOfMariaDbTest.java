package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.model.KeyRange;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.testkit.servers.ServerKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// MariaDB keeps JSON as the text that was written; a JSON column of another member keeps the
/// document. What the translation says is what is read there.
@Tag("servers")
final class JsonOfMariaDbTest {
    private static final List<String> TEXTS =
            List.of(
                    " { \"b\" : 1, \"aa\":[ ], \"a\" :2 ,\"b\": 3} ",
                    "[1,1.0,1.10,1E2,-0,-0.0,1e-7,1e16,123456789012345678901234567890]",
                    "[0.11299265277390755,90.33333333333333,5e-324,1.7976931348623157e308]",
                    "\"\\u00e4 \\ud83d\\ude00 \\/ \\u0001 \\\" \\\\ \\n\"",
                    "null",
                    "{\"\":{\"ä\":\"😀\"},\"k\":[[[true,false,null]]]}");

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_9", "SEEKDB"})
    void aTextBecomesTheDocumentThatTheTargetPrints(ServerKind targetKind) throws SQLException {
        try (var source = End.of(ServerKind.MARIADB_11_4);
                var target = End.of(targetKind)) {
            var here = source.create("t", "id INT PRIMARY KEY, j JSON");
            var there = target.create("t", "id INT PRIMARY KEY, j JSON");
            source.insert(
                    here,
                    Stream.iterate(0, i -> i < TEXTS.size(), i -> i + 1)
                            .map(i -> Row.ofText(String.valueOf(i), TEXTS.get(i)))
                            .toList());
            var translation = MySqlTranslation.of(here, there);

            var rows = source.read(here).stream().map(translation::translate).toList();
            target.insert(there, rows);

            assertThat(source.read(here)).extracting(row -> row.text(1)).isEqualTo(TEXTS);
            assertThat(target.read(there)).isEqualTo(rows);
            for (var bucket = 0; bucket < 3; bucket++) {
                var expected =
                        bucket(source, here, there, bucket).stream()
                                .map(translation::translate)
                                .toList();
                assertThat(bucket(target, there, here, bucket))
                        .containsExactlyInAnyOrderElementsOf(expected);
            }
            try (var one = source.snapshot();
                    var other = target.snapshot()) {
                // They cannot agree, so verification looks at the rows.
                assertThat(other.checksum(there, here, KeyRange.ALL))
                        .isNotEqualTo(one.checksum(here, there, KeyRange.ALL));
            }
        }
    }

    private static List<Row> bucket(End end, Table table, Table counterpart, int bucket) {
        var rows = new ArrayList<Row>();
        try (var snapshot = end.snapshot()) {
            snapshot.readBucket(table, counterpart, 3, bucket, rows::addAll);
        }
        return rows;
    }
}
