package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.problem.ProblemCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the runner reads in a story's files, and what it refuses.
final class ScriptTest {
    @Test
    void aMomentBeginsAgainWithTheMainSession() {
        var script =
                Script.parse(
                        """
                        INSERT INTO t
                        VALUES (1);
                        -- at: loading
                        -- session: two
                        -- times: 3
                        UPDATE t SET a = ';' WHERE b;
                        -- a comment: no directive
                        -- at: applying
                        DELETE FROM t;
                        COMMIT;
                        """);

        assertThat(script.blocks())
                .containsExactly(
                        new Script.Block(
                                "start", "main", false, 1, List.of("INSERT INTO t\nVALUES (1)"), 1),
                        new Script.Block(
                                "loading",
                                "two",
                                false,
                                3,
                                List.of("UPDATE t SET a = ';' WHERE b"),
                                6),
                        new Script.Block(
                                "applying",
                                "main",
                                false,
                                1,
                                List.of("DELETE FROM t", "COMMIT"),
                                9));
    }

    @Test
    void aStatementWithoutItsEndIsRefused() {
        assertThatThrownBy(() -> Script.parse("SELECT 1\n-- at: loading\nSELECT 2;"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no semicolon");
    }

    @Test
    void anExpectationIsReadAndAnUnknownWordRefused() {
        var expected =
                Expectation.parse(
                        """
                        outcome: problem ROW_TOO_LARGE, then equal
                        rows: 3 with space
                        loaded: again a
                        loaded: once b
                        """);

        assertThat(expected.problem()).contains(ProblemCode.ROW_TOO_LARGE);
        assertThat(expected.equal()).isTrue();
        assertThat(expected.rows()).containsEntry("with space", 3L);
        assertThat(expected.again()).containsEntry("a", true).containsEntry("b", false);
        assertThatThrownBy(() -> Expectation.parse("outcom: equal")).hasMessageContaining("outcom");
        assertThatThrownBy(() -> Expectation.parse("outcome: fine")).hasMessageContaining("fine");
    }

    @Test
    void everyStoryCanBeReadAndSaysWhy() {
        assertThat(Story.all()).hasSizeGreaterThanOrEqualTo(18);
        for (var story : Story.all()) {
            assertThat(story.create(text -> text).blocks()).as(story.name()).isNotEmpty();
            assertThat(story.during(text -> text).moments()).as(story.name()).isNotEmpty();
            assertThat(Story.text(story.folder().resolve("why.md")))
                    .as(story.name())
                    .contains("Rule: [");
        }
    }
}
