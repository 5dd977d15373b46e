package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.checkpoint.RefusedKey;
import ferry.engine.config.Settings;
import ferry.engine.crew.Loop.Outcome;
import ferry.engine.model.Key;
import ferry.engine.pipeline.Stage;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The workers that build plain keys behind a load, and the ends that a key can come to.
class KeyWorkersTest {
    private static final String ADD_KEY = "alter table copy.t add plain ka (a)";

    private final Passage passage = new Passage();
    private final AtomicBoolean lost = new AtomicBoolean();

    @BeforeEach
    void aTableWithAPlainKey() {
        passage.settings = passage.settings.with(Settings.LOAD_KEY_WORKERS, "2");
        passage.source.execute(
                "create table shop.t (id int(32) not null, a int(16), primary (id), plain ka (a))");
        passage.insert(passage.source, "t", "1", "7");
        passage.start();
    }

    @AfterEach
    void end() {
        passage.close();
    }

    @Test
    void aSmallTableHasItsKeysFromTheBeginning() {
        passage.close();
        passage.keysRows = 2;
        passage.start();
        var atFirstRow = new AtomicReference<List<String>>();
        passage.line =
                call -> {
                    if (call.equals("writer.insert")) {
                        atFirstRow.compareAndSet(null, keys());
                    }
                    return Fate.DELIVERED;
                };

        passage.drive(passage::follows);

        assertThat(atFirstRow.get()).containsExactly("PRIMARY", "ka");
        assertThat(passage.copied("t")).hasSize(1);
    }

    /// Whether the target refuses the key for good, or only while the table is made.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSmallTableWhoseKeyIsRefusedIsMadeWithoutIt(boolean forGood) {
        passage.close();
        passage.keysRows = 2;
        passage.start();
        // Statements: drop, create with the key, create, the key, the key behind the load.
        var refused = forGood ? Set.of(2, 4, 5) : Set.of(2, 4);
        var statements = new AtomicInteger();
        passage.line =
                call -> {
                    if (call.equals("writer.execute")
                            && refused.contains(statements.incrementAndGet())) {
                        throw ProblemException.of(
                                ProblemCode.TARGET_STATEMENT, "refused", "the key is too long", "");
                    }
                    return Fate.DELIVERED;
                };

        passage.drive(passage::follows);

        assertThat(statements).hasValue(5);
        assertThat(keys()).isEqualTo(forGood ? List.of("PRIMARY") : List.of("PRIMARY", "ka"));
        assertThat(passage.pipeline().refusedKeys())
                .extracting(RefusedKey::object)
                .isEqualTo(forGood ? List.of("ka") : List.of());
        assertThat(passage.copied("t")).hasSize(1);
    }

    @Test
    void aSmallTableThatTakesTooLongWithItsKeysGetsThemBehindItsLoad() {
        passage.close();
        passage.keysRows = 2;
        passage.start();
        // Statements: drop, create with the key; drop, create, the key behind the load.
        var statements = new AtomicInteger();
        passage.line =
                call -> {
                    if (call.equals("writer.execute") && statements.incrementAndGet() == 2) {
                        throw ProblemException.of(ProblemCode.TARGET_BUSY, "busy", "a minute", "");
                    }
                    return Fate.DELIVERED;
                };

        passage.drive(passage::follows);

        assertThat(statements).hasValue(5);
        assertThat(keys()).containsExactly("PRIMARY", "ka");
        assertThat(passage.copied("t")).hasSize(1);
    }

    @Test
    void aKeyWhoseConnectionWasLostIsBuiltByNobodyElseUntilThatConnectionIsGone() {
        loseTheKey();

        assertThat(step("keys-1")).isEqualTo(Outcome.IDLE);
        assertThat(passage.pipeline().progress().refusedKeys()).isEmpty();
        passage.drive(passage::follows);

        executeLate();
        assertThat(keys()).containsExactly("PRIMARY", "ka");
        assertThat(passage.pipeline().refusedKeys()).isEmpty();
        assertThat(passage.copied("t")).hasSize(1);
    }

    @Test
    void aKeyThatArrivesLateIsNoRefusedKey() {
        loseTheKey();
        var late = new AtomicBoolean();
        var refused = new AtomicBoolean(); // at any time, not only in the end
        passage.line =
                call -> {
                    refused.compareAndSet(false, !passage.pipeline().refusedKeys().isEmpty());
                    if (call.equals("writer.execute") && !late.getAndSet(true)) {
                        passage.target.execute(ADD_KEY);
                    }
                    return Fate.DELIVERED;
                };

        passage.drive(passage::follows);

        assertThat(late).isTrue();
        assertThat(keys()).containsExactly("PRIMARY", "ka");
        assertThat(refused).isFalse();
    }

    @Test
    void aKeyOfTheSameNameOverOtherColumnsIsNotTheWantedOne() {
        var made = new AtomicBoolean();
        passage.line =
                call -> {
                    if (call.equals("writer.insert") && !made.getAndSet(true)) {
                        passage.target.execute("alter table copy.t add plain ka (id)");
                    }
                    return Fate.DELIVERED;
                };

        passage.drive(passage::follows);

        assertThat(made).isTrue();
        assertThat(passage.pipeline().refusedKeys())
                .extracting(RefusedKey::object, RefusedKey::why)
                .containsExactly(tuple("ka", "there is a key of this name"));
    }

    @Test
    void aPlainKeyThatIsMissingAtTheEndOfTheWindowIsBuiltThere() {
        for (var round = 0; round < 1_000; round++) {
            passage.step(passage.pipeline());
            if (passage.pipeline().stage() == Stage.CATCHING_UP) {
                break; // before apply does anything
            }
            passage.loops().forEach(passage::step);
        }
        assertThat(keys()).containsExactly("PRIMARY", "ka");
        passage.target.execute("alter table copy.t drop key ka");

        passage.drive(passage::follows);

        assertThat(keys()).containsExactly("PRIMARY", "ka");
    }

    @Test
    void progressTellsWhichKeyIsBeingBuilt() {
        var told = new AtomicReference<>("");
        passage.line =
                call -> {
                    if (call.equals("writer.execute") && passage.stands("t")) {
                        told.set(passage.pipeline().progress().waitsFor());
                    }
                    return Fate.DELIVERED;
                };

        passage.drive(passage::follows);

        assertThat(told).hasValue("key ka of copy.t to be built");
        assertThat(passage.pipeline().progress().waitsFor()).isEmpty();
    }

    @Test
    void noKeyIsBuiltForALoadThatIsVoid() {
        var truncated = new AtomicBoolean();
        var built = new AtomicInteger();
        passage.line =
                call -> {
                    if (call.equals("snapshot.read") && !truncated.getAndSet(true)) {
                        passage.source.execute("truncate table shop.t");
                    }
                    if (call.equals("writer.execute") && passage.stands("t")) {
                        built.incrementAndGet();
                    }
                    return Fate.DELIVERED;
                };

        passage.drive(passage::follows);

        assertThat(truncated).isTrue();
        assertThat(keys()).containsExactly("PRIMARY", "ka");
        assertThat(built).as("the drop of the first load's table, and the key").hasValue(2);
    }

    /// Drives until keys-0 has sent its statement over a connection that is cut.
    private void loseTheKey() {
        passage.line =
                call -> {
                    var cut = call.equals("writer.execute") && passage.stands("t");
                    return cut && !lost.getAndSet(true) ? Fate.LATE : Fate.DELIVERED;
                };
        for (var round = 0; round < 1_000 && !lost.get(); round++) {
            passage.step(passage.pipeline());
            passage.loops().stream()
                    .filter(loop -> !loop.name().equals("keys-1"))
                    .forEach(passage::step);
        }
        assertThat(lost).isTrue();
        assertThat(passage.target.lateCalls()).isEqualTo(1);
    }

    private Outcome step(String loop) {
        return passage.loop(loop).step();
    }

    private void executeLate() {
        while (passage.target.lateCalls() > 0) {
            passage.target.executeLate(0);
        }
    }

    private List<String> keys() {
        return passage
                .target
                .definition(passage.name(passage.target, "t"))
                .orElseThrow()
                .keys()
                .stream()
                .map(Key::name)
                .toList();
    }
}
