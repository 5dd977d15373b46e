package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.LogReader;
import ferry.engine.dialect.Role;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A source without global ids, whose log goes from one file to the next.
class FileBorderTest {
    private static final TableName TABLE = new TableName("shop", "t");

    private final ToyServer source =
            new ToyServer("source", new ToyServer.Options(false, false), () -> 1);
    private final ToyDialect dialect = new ToyDialect(Map.of("source", source), Line.CALM);

    @Test
    void theBeginningOfAFileIsToldBeforeWhatStandsInIt() {
        source.execute("create table shop.t (id int(32) not null, primary (id))");
        var before = end();
        Position border; // a place that another process may have found the table admitted at
        try (var snapshot =
                dialect.snapshot(
                        ToyDialect.endpoint(ToyDialect.FILES, "source"),
                        Role.SOURCE,
                        Settings.defaults())) {
            border = snapshot.committed();
        }
        var transaction = source.begin();
        transaction.insert(TABLE, Row.ofText("1"));
        transaction.commit();

        try (var reader = log(before)) {
            assertThat(reader.next(Duration.ZERO))
                    .isInstanceOfSatisfying(
                            LogEvent.Progress.class,
                            progress -> assertThat(progress.position()).isEqualTo(border));
            reader.admit(source.definition(TABLE).orElseThrow());
            assertThat(reader.next(Duration.ZERO)).isInstanceOf(LogEvent.Begin.class);
            assertThat(reader.next(Duration.ZERO)).isInstanceOf(LogEvent.Rows.class);
        }
    }

    private Position end() {
        try (var snapshot =
                dialect.snapshot(
                        ToyDialect.endpoint(ToyDialect.FILES, "source"),
                        Role.SOURCE,
                        Settings.defaults())) {
            return snapshot.logEnd();
        }
    }

    private LogReader log(Position after) {
        return dialect.log(
                ToyDialect.endpoint(ToyDialect.FILES, "source"), after, Settings.defaults());
    }
}
