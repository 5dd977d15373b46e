package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.LogExpiry;
import ferry.engine.model.Position;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A source that will drop log that is still needed is told of in time, and once.
final class PurgeWatchTest {
    private Optional<LogExpiry> expiry = Optional.empty();
    private boolean refused;

    private Passage passage() {
        var passage = new Passage();
        passage.settings = passage.settings.with(Settings.CAPTURE_PURGE_WARNING, "6h");
        passage.sourceDialect =
                dialect ->
                        new Delegates.OfDialect(dialect) {
                            @Override
                            public Optional<LogExpiry> logExpiry(
                                    Endpoint source, Position needed, Settings settings) {
                                if (refused) {
                                    throw ProblemException.of(
                                            ProblemCode.SOURCE_REFUSED,
                                            "SHOW BINARY LOGS was refused",
                                            "a privilege was taken away",
                                            "grant it");
                                }
                                return expiry;
                            }
                        };
        passage.source.execute("create table shop.t (id int(64) not null, primary (id))");
        passage.start();
        passage.drive(passage::follows);
        return passage;
    }

    private void keeps(Passage passage, Duration time, boolean closed) {
        var now = Instant.ofEpochSecond(1); // where the clock of a passage begins
        expiry = Optional.of(new LogExpiry(Optional.of(now.plus(time)), "by its rule", closed));
        passage.sleep(Duration.ofMinutes(1));
        for (var i = 0; i < 20; i++) {
            passage.loops().forEach(passage::step);
        }
    }

    @Test
    void aWarningIsGivenWhenTheTimeIsShortAndAgainOnlyAfterItWasNot() {
        try (var passage = passage()) {
            assertThat(passage.pipeline().warnings()).isEmpty();
            assertThat(passage.pipeline().progress().logKept()).isEmpty();

            keeps(passage, Duration.ofHours(48), true);
            assertThat(passage.pipeline().warnings()).isEmpty();
            assertThat(passage.pipeline().progress().logKept())
                    .hasValueSatisfying(text -> assertThat(text).contains("by its rule"));

            keeps(passage, Duration.ofHours(5), true);
            keeps(passage, Duration.ofHours(4), true);
            assertThat(passage.pipeline().warnings())
                    .singleElement()
                    .satisfies(warning -> {
                        assertThat(warning.code()).isEqualTo(ProblemCode.LOG_EXPIRES);
                        assertThat(warning.why()).contains("by its rule").contains("gtid:source");
                    });

            keeps(passage, Duration.ofHours(48), true);
            keeps(passage, Duration.ofHours(5), true);
            assertThat(passage.pipeline().warnings()).hasSize(2);
        }
    }

    @Test
    void whatTheSourceRefusesIsUnknownAndTheRunGoesOn() {
        try (var passage = passage()) {
            keeps(passage, Duration.ofHours(48), true);
            refused = true;
            keeps(passage, Duration.ofHours(48), true);

            assertThat(passage.pipeline().progress().logKept())
                    .hasValueSatisfying(text ->
                            assertThat(text)
                                    .startsWith("unknown")
                                    .contains("a privilege was taken away"));
            passage.insert(passage.source, "t", "7");
            passage.drive(passage::follows);
            assertThat(passage.copied("t")).hasSize(1);

            refused = false;
            keeps(passage, Duration.ofHours(48), true);
            assertThat(passage.pipeline().progress().logKept())
                    .hasValueSatisfying(text -> assertThat(text).startsWith("until"));
        }
    }

    @Test
    void theFileThatTheSourceStillWritesIsNoReason() {
        try (var passage = passage()) {
            keeps(passage, Duration.ofHours(1), false);

            assertThat(passage.pipeline().warnings()).isEmpty();
            assertThat(passage.pipeline().progress().logKept())
                    .hasValueSatisfying(text -> assertThat(text).startsWith("at least until"));
        }
    }
}
