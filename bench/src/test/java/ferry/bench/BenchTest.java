package ferry.bench;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.TestServers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each bench once at its smallest size: it ends well and says what it must say. What it measures
/// there means nothing, so no time is looked at.
@Tag("servers")
class BenchTest {
    @TempDir private Path results;

    @Test
    void loadSaysHowFarItIsFromItsLimits() throws IOException {
        TestServers.require(ServerKind.MYSQL_8_0);

        var said = bench("load", "load", "--rows", "4000");

        assertThat(said).hasSize(2).allMatch(line -> line.startsWith("bench=load way=ferry-"));
        assertThat(said).allMatch(line -> line.contains(" cpu_share="));
        if (Client.isInstalled()) {
            assertThat(said).allMatch(line -> line.contains(" limit_ratio="));
        }
    }

    @Test
    void mixedTablesAreLoaded() throws IOException {
        TestServers.require(ServerKind.MYSQL_8_0);

        var said = bench("load-mixed", "load", "--mixed", "--rows", "4000");

        assertThat(said).hasSize(2).allMatch(line -> line.startsWith("bench=load-mixed way="));
    }

    @Test
    void anUnevenTableIsLoadedBesideItsTwin() throws IOException {
        TestServers.require(ServerKind.MYSQL_8_0);

        var said = bench("load-uneven", "load", "--uneven", "--rows", "4000");

        assertThat(said)
                .singleElement()
                .asString()
                .contains(" way=ferry-uneven ", " limit=ferry-even limit_ratio=");
    }

    @Test
    void theKernelIsLoadedByInserts() throws IOException {
        TestServers.require(ServerKind.MYSQL_8_0);
        TestServers.require(ServerKind.SEEKDB);

        var said = bench("load-oceanbase", "load", "--target", "oceanbase", "--rows", "4000");

        assertThat(said).singleElement().asString().contains(" way=ferry-INSERT ");
    }

    @Test
    void largeTransactionsAreCapturedBesideARawDrain() throws IOException {
        TestServers.require(ServerKind.MYSQL_8_0);

        var said = bench("capture-bulk", "capture", "--shape", "bulk", "--megabytes", "1");

        assertThat(said).singleElement().asString().contains(" limit=limit-raw limit_ratio=");
    }

    @Test
    void captureSaysHowFarItIsFromARawDrain() throws IOException {
        TestServers.require(ServerKind.MYSQL_8_0);

        var said =
                bench(
                        "capture-small",
                        "capture",
                        "--shape",
                        "small",
                        "--megabytes",
                        "1",
                        "--passes",
                        "2");

        assertThat(said).singleElement().asString().contains(" limit=limit-raw limit_ratio=");
    }

    @Test
    void applyWithEveryCommitFlushedEndsEqual() throws IOException {
        TestServers.require(ServerKind.MYSQL_8_0);

        var said =
                bench(
                        "apply-durable",
                        "apply",
                        "--durable",
                        "--rows",
                        "4000",
                        "--transactions",
                        "200");

        assertThat(said)
                .hasSize(2)
                .allMatch(line -> line.startsWith("bench=apply-durable way=ferry-"));
    }

    @Test
    void applyOfConflictsEndsEqual() throws IOException {
        TestServers.require(ServerKind.MYSQL_8_0);

        var said = bench("apply-conflicts", "apply", "--conflicts", "--transactions", "200");

        assertThat(said)
                .singleElement()
                .asString()
                .startsWith("bench=apply-conflicts way=ferry-merged ")
                .contains(" limit=ferry-unmerged limit_ratio=");
    }

    @Test
    void applyOfTpccEndsEqual() throws IOException {
        TestServers.require(ServerKind.MYSQL_8_0);

        var said =
                bench("apply-tpcc", "apply", "--tpcc", "--rows", "4000", "--transactions", "200");

        assertThat(said)
                .hasSize(2)
                .allMatch(line -> line.startsWith("bench=apply-tpcc way=ferry-"));
    }

    @Test
    void verifyFindsTenDifferences() throws IOException {
        TestServers.require(ServerKind.MYSQL_8_0);

        var said = bench("verify", "verify", "--rows", "4000");

        assertThat(said).hasSize(2).allMatch(line -> line.contains(" limit_ratio="));
    }

    @Test
    void tablesThatAreWrittenToAreComparedAgainAndAgain() throws IOException {
        TestServers.require(ServerKind.MYSQL_8_0);

        var said =
                bench("verify-live", "verify", "--live", "20", "--rows", "4000", "--seconds", "1");

        assertThat(said).singleElement().asString().contains(" false_differences=0");
    }

    @Test
    void lagIsToldInPercentiles() throws IOException {
        TestServers.require(ServerKind.MYSQL_8_0);

        var said = bench("lag", "lag", "--rows", "4000", "--rate", "20", "--seconds", "1");

        assertThat(said)
                .singleElement()
                .asString()
                .containsPattern("^bench=lag rate=\\S+ p50_ms=\\S+ p99_ms=\\S+ max_ms=\\S+$");
    }

    @Test
    void aSmallTransactionArrivesWithLittleMemory() throws IOException {
        TestServers.require(ServerKind.MYSQL_8_0);

        var said = bench("memory", "memory", "--mebibytes", "1");

        assertThat(said)
                .singleElement()
                .asString()
                .startsWith("bench=memory finishes=1 lost_rows=0 equal=1 peak_rss_mb=");
    }

    @Test
    void startIsToldInSeconds() throws IOException {
        TestServers.require(ServerKind.MYSQL_8_0);

        var said = bench("start", "start", "--tables", "3");

        assertThat(said)
                .singleElement()
                .asString()
                .contains(" precheck_seconds=", " rss_mb=", " tables_seconds=");
    }

    @Test
    void scaleIsToldAsEfficiency() throws IOException {
        TestServers.require(ServerKind.MYSQL_8_0);

        var said =
                bench(
                        "scale",
                        "scale",
                        "--rows",
                        "4000",
                        "--transactions",
                        "200",
                        "--round-trips",
                        "2",
                        "--workers",
                        "1,2");

        assertThat(said)
                .singleElement()
                .asString()
                .contains(" load_rtt2_x2_efficiency=", " apply_rtt2_x2_efficiency=");
    }

    @Test
    void loopsAreMeasuredAlone() {
        var out = new StringWriter();

        var code =
                Bench.run(
                        new PrintWriter(out, true), "micro", "--only", "decode", "--seconds", "1");

        assertThat(code).as(out.toString()).isZero();
        assertThat(out.toString().lines().toList().getLast())
                .startsWith("micro=RowMicro.decode rows_a_second=");
    }

    @Test
    void aSizeThatMeasuresNothingIsRefused() {
        var out = new StringWriter();

        var code = Bench.run(new PrintWriter(out, true), "load", "--rows", "3999");

        assertThat(code).isEqualTo(2);
        assertThat(out.toString()).contains("--rows is 3999").contains("give 4000 or more");
    }

    /// Runs a bench for one round without rivals; returns its closing lines.
    private List<String> bench(String name, String... words) throws IOException {
        var command = new ArrayList<>(Arrays.asList(words));
        command.addAll(List.of("--rounds", "1", "--no-rivals", "--results", results.toString()));
        var out = new StringWriter();

        var code = Bench.run(new PrintWriter(out, true), command.toArray(String[]::new));

        assertThat(code).as(out.toString()).isZero();
        var closing = out.toString().lines().filter(line -> line.startsWith("bench=")).toList();
        try (var kept = Files.list(results)) {
            var file = kept.filter(path -> path.toString().endsWith("-" + name + ".json")).toList();
            assertThat(file).hasSize(1);
            assertThat(Files.readString(file.getFirst()))
                    .contains("\"bench\":\"" + name + "\"")
                    .contains("\"machine\":")
                    .contains("\"innodb_flush_log_at_trx_commit\":")
                    .contains(closing.getFirst());
        }
        return closing;
    }
}
