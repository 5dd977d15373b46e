package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.TestServers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CharsetTableTest {

    static Stream<String> charsets() {
        return Stream.concat(
                CharsetPatches.JAVA.keySet().stream(),
                Stream.of("ucs2", "utf16", "utf16le", "utf32", "utf8mb3", "utf8mb4"));
    }

    @ParameterizedTest
    @MethodSource("charsets")
    void whatCanBeWrittenIsReadAsTheSame(String charset) {
        var table = CharsetTable.of(charset).orElseThrow();
        var written = 0;
        var wrong = new ArrayList<String>();

        for (var point = 0; point < 0x20000; point++) {
            if (point >= 0xd800 && point <= 0xdfff) {
                continue;
            }
            var text = Character.toString(point);
            var bytes = table.encode(text);
            if (bytes.isPresent()) {
                written++;
                if (!table.decode(bytes.get()).equals(Optional.of(text))) {
                    wrong.add("U+" + Integer.toHexString(point));
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(written).isGreaterThanOrEqualTo(127);
    }

    @Test
    void latin1IsWindows1252WithFiveMoreCodes() {
        var latin1 = CharsetTable.of("latin1").orElseThrow();

        assertThat(latin1.decode(new byte[] {(byte) 0x80, (byte) 0x81, (byte) 0x9d, (byte) 0xe9}))
                .contains("€\u0081\u009dé");
        assertThat(latin1.encode("€\u0081\u009dé"))
                .contains(new byte[] {(byte) 0x80, (byte) 0x81, (byte) 0x9d, (byte) 0xe9});
        assertThat(latin1.encode("中")).isEmpty();
    }

    @Test
    void whatIsNoCharacterIsNeverReplaced() {
        assertThat(CharsetTable.of("ascii").orElseThrow().decode(new byte[] {(byte) 0x80}))
                .isEmpty();
        assertThat(CharsetTable.of("gbk").orElseThrow().decode(new byte[] {'a', (byte) 0xd6}))
                .isEmpty();
        assertThat(CharsetTable.of("utf8mb4").orElseThrow().decode(new byte[] {(byte) 0xc3}))
                .isEmpty();
        assertThat(CharsetTable.of("utf8mb3").orElseThrow().encode("😀")).isEmpty();
        assertThat(CharsetTable.of("ucs2").orElseThrow().encode("😀")).isEmpty();
        assertThat(CharsetTable.of("latin9")).isEmpty();
    }

    @Test
    void charactersOfSeveralBytesStandInLine() {
        var text = "a中文b";

        for (var charset :
                new String[] {
                    "gbk", "gb18030", "gb2312", "big5", "utf8", "utf16", "utf16le", "utf32", "ucs2",
                    "sjis", "cp932", "ujis", "eucjpms"
                }) {
            var table = CharsetTable.of(charset).orElseThrow();
            assertThat(table.encode(text).flatMap(table::decode)).as(charset).contains(text);
        }
        assertThat(CharsetTable.of("gb18030").orElseThrow().encode("😀"))
                .contains("😀".getBytes(java.nio.charset.Charset.forName("GB18030")));
        assertThat(CharsetTable.of("utf8mb4").orElseThrow().encode("é"))
                .contains("é".getBytes(StandardCharsets.UTF_8));
    }

    /// Those that are not Unicode by definition.
    static Stream<String> tables() {
        return CharsetPatches.JAVA.keySet().stream();
    }

    @Tag("servers")
    @ParameterizedTest
    @MethodSource("tables")
    void everyCodeIsTheServersCharacter(String charset) throws SQLException {
        var table = CharsetTable.of(charset).orElseThrow();
        var wrong = new ArrayList<String>();
        try (var database = TestServers.database(ServerKind.MYSQL_8_0);
                var connection = database.connect()) {
            var decoded = CharsetFacts.decoded(connection, charset);
            decoded.forEach((code, point) -> {
                if (!table.decode(HexFormat.of().parseHex(code))
                        .equals(Optional.of(Character.toString(point)))) {
                    wrong.add(code + " is not U+" + Integer.toHexString(point));
                }
            });
            CharsetFacts.encoded(connection, charset)
                    .forEach((point, code) -> {
                        var bytes = table.encode(Character.toString(point));
                        var ours = bytes.map(HexFormat.of()::formatHex);
                        // A likeness that is read back as another character has no code.
                        if (point.equals(decoded.get(code)) && !ours.equals(Optional.of(code))) {
                            wrong.add(
                                    "U+"
                                            + Integer.toHexString(point)
                                            + " is not "
                                            + code
                                            + " but "
                                            + ours);
                        }
                    });
        }

        assertThat(wrong).isEmpty();
    }
}
