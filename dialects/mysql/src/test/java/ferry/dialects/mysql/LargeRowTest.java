package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.model.KeyRange;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerOptions;
import ferry.testkit.servers.TestServers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Rows around and beyond the 16 MiB of one packet. A row that fills its packet exactly is followed
/// by an empty one.
@Tag("servers")
final class LargeRowTest {
    private static final int PACKET = 0xffffff;

    /// In a row (7, value): the number with its length, and the length of the value.
    private static final int BESIDE_VALUE = 2 + 4;

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_11_4"})
    void everyRowIsReadOnceWhateverItsLength(ServerKind kind) throws SQLException {
        var large =
                ServerOptions.lean()
                        .withFlags("--max-allowed-packet=80M", "--innodb-log-file-size=512M");
        try (var server = TestServers.start(kind, large);
                var end = End.on(server)) {
            var exact = PACKET - BESIDE_VALUE;
            var sizes = List.of(exact, exact + 1, exact + PACKET);
            for (var size : sizes) {
                for (var place = 1; place <= 3; place++) {
                    assertThat(read(end, size, place))
                            .as("%d bytes in row %d", size, place)
                            .isEqualTo(expected(size, place));
                }
            }
        }
    }

    private static List<String> read(End end, int size, int place) throws SQLException {
        end.database().execute("DROP TABLE IF EXISTS t");
        var table = end.create("t", "id INT, v LONGTEXT CHARACTER SET ascii");
        for (var row = 1; row <= 3; row++) {
            var value = row == place ? "REPEAT('y', " + size + ")" : "'small" + row + "'";
            end.database().execute("INSERT INTO t SELECT " + row + ", " + value);
        }
        var rows = new ArrayList<String>();
        for (var row : end.read(table, KeyRange.ALL)) {
            rows.add(shown(row.text(0), row.length(1) < 20 ? row.text(1) : "" + row.length(1)));
        }
        return rows;
    }

    private static List<String> expected(int size, int place) {
        var rows = new ArrayList<String>();
        for (var row = 1; row <= 3; row++) {
            rows.add(shown("" + row, row == place ? "" + size : "small" + row));
        }
        return rows;
    }

    private static String shown(String id, String value) {
        return id + "/" + value;
    }
}
