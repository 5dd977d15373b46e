package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.scenarios.SoakFigures.Sample;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class SoakFiguresTest {
    private static final long MEBIBYTE = 1 << 20;

    @Test
    void whatGoesUpAndDownIsBounded() {
        assertThat(complaints(12, i -> sample(1, 20 + 30 * (i % 3), 5, i))).isEmpty();
    }

    @Test
    void aHeapThatGrowsInOneLifeIsNoticed() {
        assertThat(complaints(12, i -> sample(1, 20 + 5 * i, 5, i)))
                .containsExactly("the live heap of process 1 grew from 20 to 60 MiB");
    }

    @Test
    void growthOverSeveralLivesIsNone() {
        assertThat(complaints(12, i -> sample(i / 4, 20 + 5 * i, 5, i))).isEmpty();
    }

    @Test
    void aHeapThatIsTooLargeIsNoticedAtOnce() {
        assertThat(complaints(1, i -> sample(1, 200, 5, i)))
                .containsExactly("live heap reached 200 MiB; at most 128 may be");
    }

    @Test
    void aLogThatKeepsItsSegmentsIsNoticed() {
        assertThat(complaints(12, _ -> sample(1, 20, 5, 0)))
                .containsExactly("the change log still begins with segment-00");
        assertThat(complaints(12, i -> sample(1, 20, 20 * i, i)))
                .containsExactly("change log reached 220 MiB; at most 128 may be");
    }

    private static Sample sample(int life, long live, long log, int segment) {
        return new Sample(
                life,
                300 * MEBIBYTE,
                live * MEBIBYTE,
                log * MEBIBYTE,
                "segment-%02d".formatted(segment));
    }

    private static List<String> complaints(int count, IntFunction<Sample> samples) {
        var figures = new SoakFigures();
        for (var i = 0; i < count; i++) {
            figures.add(samples.apply(i));
        }
        return figures.complaints();
    }
}
