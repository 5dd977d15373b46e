package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Setting;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Vitals;
import ferry.engine.pipeline.ProjectPlan.Part;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.pipeline.Stage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Signs that the servers of the tests do not show, or not on demand: told by a server that shows
/// whatever it is to.
class SignsTest {
    private static final int ROWS = 60;

    private final Passage passage = new Passage();
    private final Map<Vitals.Sign, Double> shown = new EnumMap<>(Vitals.Sign.class);

    @AfterEach
    void end() {
        passage.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    govern.target.memory      | 80   | MEMORY_PERCENT      | 91   | the target, where the memstore is full to 91% (govern.target.memory: 80%)
                    govern.target.cpu         | 80   | CPU_PERCENT         | 99   | the target, where the CPU is busy to 99% (govern.target.cpu: 80%)
                    govern.target.history     | 1000 | HISTORY_LENGTH      | 5000 | the target, where the history list is 5,000 long (govern.target.history: 1,000)
                    govern.source.replica.lag | 5s   | REPLICA_LAG_SECONDS | 9    | the source's replica source:1, where replication is 9 s behind (govern.source.replica.lag: 5 s)
                    govern.target.replica.lag | 5s   | REPLICA_LAG_SECONDS | 9    | the target's replica target:1, where replication is 9 s behind (govern.target.replica.lag: 5 s)
                    """)
    void theLoadWaitsForWhatIsBeyondItsLimitAndGoesOnBehindIt(
            String setting, String most, Vitals.Sign sign, double value, String reason) {
        rowsToLoad();
        choose("govern.source.replicas", "source:1");
        choose("govern.target.replicas", "target:1");
        choose(setting, most);
        shown.put(sign, value);

        passage.start();
        passage.drive(() -> passage.pipeline().progress().waitsFor().contains(reason));
        shown.put(sign, 1.0);
        passage.drive(passage::follows);

        assertThat(passage.copied("t")).hasSize(ROWS);
    }

    @Test
    void theLoadWaitsForCaptureThatIsBehindByTooMuchOfWhatTheSourceKeeps() {
        captureIsTenMinutesBehind("25"); // of the twenty for which the source keeps its log
        passage.drive(() ->
                passage.pipeline()
                        .progress()
                        .waitsFor()
                        .contains(
                                "calm, 0 of 2 load workers go on: capture, which is 10 min behind a source that keeps its log for 20 min (govern.source.log.share: 25)"));
        var loaded = passage.copied("t").size();
        for (var i = 0; i < 50; i++) {
            passage.step(passage.pipeline());
            passage.loops().forEach(passage::step);
        }
        assertThat(passage.copied("t")).hasSize(loaded).hasSizeLessThan(ROWS);

        passage.sourceMicros = passage.ends().clock().instant().toEpochMilli() * 1_000;
        passage.insert(passage.source, "t", "" + (ROWS + 2));
        passage.drive(passage::follows);

        assertThat(passage.copied("t")).hasSize(ROWS + 2);
    }

    @Test
    void captureThatIsBehindByLessThanItsShareLetsTheLoadGoOn() {
        captureIsTenMinutesBehind("75");
        var told = new HashSet<String>();
        var lag = new HashSet<Long>();

        passage.drive(() -> {
            var progress = passage.pipeline().progress();
            told.add(progress.waitsFor());
            progress.captureLag().map(Duration::toMinutes).ifPresent(lag::add);
            return passage.follows();
        });

        assertThat(lag).containsExactly(10L);
        assertThat(told).noneMatch(text -> text.contains("capture, which is"));
        assertThat(passage.copied("t")).hasSize(ROWS + 1);
    }

    @Test
    void whatIsNotCapturedIsNotBehind() {
        rowsToLoad();
        choose("govern.source.log.share", "1");
        shown.put(Vitals.Sign.LOG_KEPT_SECONDS, 1.0);
        passage.parts = EnumSet.of(Part.SCHEMA, Part.FULL);
        passage.until = Until.LOADED;
        passage.start();

        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);

        assertThat(passage.copied("t")).hasSize(ROWS);
    }

    private void rowsToLoad() {
        passage.tickMicros = 1_000;
        passage.source.execute("create table shop.t (id int(32) not null, primary (id))");
        for (var id = 1; id <= ROWS; id++) {
            passage.insert(passage.source, "t", "" + id);
        }
        choose("govern.sample.time", "100ms");
        choose("govern.grow.time", "1s");
        choose("load.chunk.rows", "1");
        passage.sourceDialect = this::showing;
        passage.targetDialect = this::showing;
    }

    /// What is captured first was committed ten minutes ago by the time that it is read.
    private void captureIsTenMinutesBehind(String share) {
        rowsToLoad();
        choose("govern.source.log.share", share);
        shown.put(Vitals.Sign.LOG_KEPT_SECONDS, 1_200.0);
        passage.start();
        passage.step(passage.pipeline()); // from here on the log is read
        passage.insert(passage.source, "t", "" + (ROWS + 1));
        passage.sleep(Duration.ofMinutes(10));
    }

    private void choose(String name, String value) {
        Setting<?> setting =
                Settings.ALL.stream()
                        .filter(known -> known.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        passage.settings = passage.settings.with(setting, value);
    }

    private Dialect showing(Dialect dialect) {
        return new Delegates.OfDialect(dialect) {
            @Override
            public Vitals vitals(Endpoint endpoint, Role role, Settings settings) {
                return new Vitals() {
                    @Override
                    public Map<Sign, Reading> read(Set<Sign> signs) {
                        var readings = new EnumMap<Sign, Reading>(Sign.class);
                        signs.forEach(sign ->
                                readings.put(sign, Reading.of(shown.getOrDefault(sign, 0.0))));
                        return readings;
                    }

                    @Override
                    public double query(String sql) {
                        return 0;
                    }

                    @Override
                    public void close() {}
                };
            }
        };
    }
}
