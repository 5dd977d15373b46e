package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.LogReader;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Snapshot;
import ferry.engine.model.Position;
import ferry.engine.pipeline.Stage;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// While a project runs its source's address begins to lead to another server.
class AnotherServerTest {
    private final Passage passage = new Passage();
    private final AtomicBoolean moved = new AtomicBoolean();

    @BeforeEach
    void begin() {
        passage.sourceDialect =
                dialect ->
                        new Delegates.OfDialect(dialect) {
                            @Override
                            public LogReader log(
                                    Endpoint endpoint, Position after, Settings settings) {
                                return new Delegates.OfLog(super.log(endpoint, after, settings)) {
                                    @Override
                                    public Optional<String> serverIdentity() {
                                        return moved.get()
                                                ? Optional.of("b")
                                                : whole.serverIdentity();
                                    }
                                };
                            }

                            @Override
                            public Snapshot snapshot(
                                    Endpoint endpoint, Role role, Settings settings) {
                                return new Delegates.OfSnapshot(
                                        super.snapshot(endpoint, role, settings)) {
                                    @Override
                                    public Optional<String> serverIdentity() {
                                        return moved.get()
                                                ? Optional.of("b")
                                                : whole.serverIdentity();
                                    }
                                };
                            }
                        };
        passage.source.execute("create table shop.t (id int(64) not null, primary (id))");
        passage.insert(passage.source, "t", "1");
        passage.start();
    }

    @AfterEach
    void end() {
        passage.close();
    }

    private void stopsAs(String reached) {
        assertThatThrownBy(() -> passage.drive(() -> false))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ProblemCode.LOG_FOREIGN);
                            assertThat(e.problem().why()).contains("source").contains(reached);
                        });
    }

    @Test
    void captureDoesNotGoOnInItsLog() {
        passage.drive(passage::follows);
        passage.line =
                call -> {
                    if (call.equals("log.next") && !moved.getAndSet(true)) {
                        return Fate.REQUEST_LOST;
                    }
                    return Fate.DELIVERED;
                };

        stopsAs("met b");
    }

    @Test
    void theEndOfItsLogIsNotWaitedFor() {
        passage.drive(() -> passage.pipeline().stage() == Stage.LOADING);
        passage.line =
                call -> {
                    if (passage.pipeline().stage() == Stage.CATCHING_UP) {
                        moved.set(true);
                    }
                    return Fate.DELIVERED;
                };

        stopsAs("met b");
        assertThat(passage.copied("t")).hasSize(1);
    }

    @Test
    void theLogIsReadAtTheServerWithWhichTheRunBegan() {
        passage.drive(passage::follows);
        moved.set(true);
        passage.start();

        stopsAs("met b");

        moved.set(false);
        passage.start();
        passage.drive(passage::follows);
        assertThat(passage.copied("t")).hasSize(1);
    }
}
