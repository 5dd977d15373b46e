package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.dialect.TypeTable;
import ferry.engine.model.DataType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MySqlTypesTest {
    private static final Optional<String> NONE = Optional.empty();

    @Test
    void numbersKeepTheirSizeAndSign() {
        assertThat(type("tinyint(1)")).isEqualTo(new DataType.Int(8, false));
        assertThat(type("int(10) unsigned zerofill")).isEqualTo(new DataType.Int(32, true));
        assertThat(type("mediumint zerofill")).isEqualTo(new DataType.Int(24, true));
        assertThat(type("bigint unsigned")).isEqualTo(new DataType.Int(64, true));
        assertThat(type("decimal(65,30)")).isEqualTo(new DataType.Decimal(65, 30, false));
        assertThat(type("decimal")).isEqualTo(new DataType.Decimal(10, 0, false));
        assertThat(type("float(7,3)")).isEqualTo(new DataType.Float(32, false));
        assertThat(type("float(24)")).isEqualTo(new DataType.Float(32, false));
        assertThat(type("float(25)")).isEqualTo(new DataType.Float(64, false));
        assertThat(type("bit(64)")).isEqualTo(new DataType.Bits(64));
    }

    @Test
    void textCarriesItsCharacterSetAndBytesDoNot() {
        assertThat(MySqlTypes.of("varchar(20)", Optional.of("latin1"), Optional.of("latin1_bin")))
                .isEqualTo(new DataType.Text("latin1", "latin1_bin", 20, false));
        assertThat(MySqlTypes.of("char(3)", Optional.of("binary"), Optional.of("binary")))
                .isEqualTo(new DataType.Bytes(3, true));
        assertThat(type("varbinary(16)")).isEqualTo(new DataType.Bytes(16, false));
        assertThat(type("longblob")).isEqualTo(new DataType.Bytes(4_294_967_295L, false));
    }

    @Test
    void membersAreReadWithTheirEscapes() {
        var type =
                MySqlTypes.of(
                        "enum('a''b','c\\\\d',',','')",
                        Optional.of("utf8mb4"),
                        Optional.of("utf8mb4_bin"));

        assertThat(type)
                .isEqualTo(
                        new DataType.Enumeration(
                                List.of("a'b", "c\\d", ",", ""), "utf8mb4", "utf8mb4_bin"));
    }

    @Test
    void fractionsAndReferenceSystemsBelongToTheType() {
        assertThat(type("time(6)")).isEqualTo(new DataType.Time(6));
        assertThat(type("timestamp")).isEqualTo(new DataType.Timestamp(0));
        assertThat(type("year(4)")).isEqualTo(new DataType.Year());
        assertThat(type("point srid 4326")).isEqualTo(new DataType.Geometry());
        assertThat(type("vector(3)")).isEqualTo(new DataType.Vector(3));
    }

    @Test
    void whatIsNotOnTheListIsUnknown() {
        for (var spelling :
                List.of(
                        "uuid",
                        "inet6",
                        "year(2)",
                        "varchar(10) compressed",
                        "timestamp(6) generated always as row start",
                        "map(int,int)",
                        "array(int)",
                        "roaringbitmap",
                        "xmltype",
                        "")) {
            assertThat(type(spelling)).as(spelling).isEqualTo(new DataType.Unknown(spelling));
        }
    }

    @Test
    void everyLineOfTheTableSaysWhyAValueIsNotTheSame() {
        for (var line : MySqlTypeTable.LINES) {
            for (var outcome : line.outcomes().values()) {
                assertThat(outcome.why().isEmpty())
                        .as(line.nativeType())
                        .isEqualTo(outcome.fate() == TypeTable.Fate.SAME);
            }
        }
    }

    @Test
    void everyNativeTypeOfTheTableIsRead() {
        for (var line : MySqlTypeTable.LINES) {
            for (var name :
                    line.nativeType()
                            .replaceAll("\\[[^]]*]| and its kinds with SRID n", "")
                            .replace("'a',…", "'a'")
                            .replaceAll("\\((n|p,s|f)\\)", "(5)")
                            .split(", ")) {
                var unknown = type(name.strip()) instanceof DataType.Unknown;
                assertThat(unknown).as(name).isEqualTo(line.dataType().equals("Unknown"));
            }
        }
    }

    @Test
    void everyMemberHasAPage() {
        var pages = new MySqlDialect().types();

        assertThat(pages)
                .extracting(TypeTable::name)
                .containsExactly("mysql", "mariadb", "oceanbase");
        for (var page : pages) {
            assertThat(page.lines()).hasSizeGreaterThan(20);
            page.lines().forEach(line -> assertThat(line.outcomes()).hasSameSizeAs(page.targets()));
        }
    }

    private static DataType type(String spelling) {
        return MySqlTypes.of(spelling, NONE, NONE);
    }
}
