package ferry.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// In 2026 March 2 is a Monday; Berlin's clocks go forward on March 29 and back on October 25.
class WeekScheduleTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static String at(String schedule, String time) {
        return at(schedule, LocalDateTime.parse(time), "load");
    }

    private static String at(String schedule, LocalDateTime time, String work) {
        return WeekSchedule.parse(schedule)
                .at(time, work)
                .map(WeekSchedule.Window::text)
                .orElse("");
    }

    private static String inBerlin(String schedule, String instant) {
        return at(schedule, LocalDateTime.ofInstant(Instant.parse(instant), BERLIN), "load");
    }

    @Test
    void theExampleOfThePageIsRead() {
        var schedule =
                WeekSchedule.parse("Mon-Fri 08:00-18:00 rows 5_000 bytes 10MiB; Sat,Sun off");

        var office = schedule.at(LocalDateTime.parse("2026-03-02T12:00"), "load").orElseThrow();
        assertThat(office.rows()).isEqualTo(5_000);
        assertThat(office.bytes()).isEqualTo(10L << 20);
        assertThat(office.off()).isFalse();
        assertThat(office.text()).isEqualTo("Mon-Fri 08:00-18:00 rows 5_000 bytes 10MiB");
        assertThat(schedule.at(LocalDateTime.parse("2026-03-07T12:00"), "load").orElseThrow().off())
                .isTrue();
        assertThat(schedule.at(LocalDateTime.parse("2026-03-02T19:00"), "load")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-02T07:59:59.999999999, false",
        "2026-03-02T08:00:00, true",
        "2026-03-02T17:59:59.999999999, true",
        "2026-03-02T18:00:00, false",
        "2026-03-06T12:00:00, true",
        "2026-03-07T12:00:00, false",
        "2026-03-08T12:00:00, false"
    })
    void aWindowBeginsAndEndsExactly(String time, boolean inside) {
        assertThat(!at("Mon-Fri 08:00-18:00 off", time).isEmpty()).isEqualTo(inside);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-06T21:59:59, false",
        "2026-03-06T22:00:00, true",
        "2026-03-07T05:59:59, true",
        "2026-03-07T06:00:00, false",
        "2026-03-06T05:00:00, false",
        "2026-03-07T22:00:00, false"
    })
    void aWindowOverMidnightBelongsToTheDayOnWhichItBegins(String time, boolean inside) {
        assertThat(!at("Fri 22:00-06:00 off", time).isEmpty()).isEqualTo(inside);
    }

    @Test
    void theEndOfADayIsWrittenInTwoWays() {
        for (var end : new String[] {"24:00", "00:00", "0:00"}) {
            var schedule = "Mon 20:00-" + end + " off";
            assertThat(at(schedule, "2026-03-02T23:59:59")).as(end).isNotEmpty();
            assertThat(at(schedule, "2026-03-03T00:00:00")).as(end).isEmpty();
            assertThat(at(schedule, "2026-03-02T19:59:59")).as(end).isEmpty();
        }
    }

    @Test
    void withoutDaysAndHoursAWindowAlwaysHolds() {
        assertThat(at("rows 10", "2026-03-08T03:00:00")).isEqualTo("rows 10");
    }

    @Test
    void daysGoRoundTheWeek() {
        assertThat(at("Sat-Mon off", "2026-03-02T00:00:00")).isNotEmpty();
        assertThat(at("Sat-Mon off", "2026-03-03T00:00:00")).isEmpty();
        assertThat(at("sat-mon,WED off", "2026-03-04T00:00:00")).isNotEmpty();
    }

    @Test
    void theFirstWindowThatHoldsCounts() {
        var schedule = "Mon 12:00-13:00 full; Mon-Fri 08:00-18:00 rows 5; bytes 1MiB";

        assertThat(at(schedule, "2026-03-02T12:30")).isEqualTo("Mon 12:00-13:00 full");
        assertThat(at(schedule, "2026-03-02T13:00")).isEqualTo("Mon-Fri 08:00-18:00 rows 5");
        assertThat(at(schedule, "2026-03-02T18:00")).isEqualTo("bytes 1MiB");
    }

    @Test
    void aWindowMayBeForOneKindOfWork() {
        var time = LocalDateTime.parse("2026-03-02T12:00");

        assertThat(at("Mon load off; apply rows 5", time, "load")).isEqualTo("Mon load off");
        assertThat(at("Mon load off; apply rows 5", time, "apply")).isEqualTo("apply rows 5");
    }

    @Test
    void aClockThatIsPutForwardSkipsTheHourBetween() {
        var schedule = "Sun 02:00-03:00 off; Sun 03:00-04:00 rows 1";

        assertThat(inBerlin(schedule, "2026-03-29T00:59:59Z")).isEmpty(); // 01:59:59
        assertThat(inBerlin(schedule, "2026-03-29T01:00:00Z")) // 03:00:00
                .isEqualTo("Sun 03:00-04:00 rows 1");
        assertThat(inBerlin(schedule, "2026-03-29T02:00:00Z")).isEmpty(); // 04:00:00
    }

    @Test
    void aClockThatIsPutBackPassesThroughTheHourTwice() {
        var schedule = "Sun 02:00-03:00 off";

        assertThat(inBerlin(schedule, "2026-10-24T23:59:59Z")).isEmpty(); // 01:59:59
        assertThat(inBerlin(schedule, "2026-10-25T00:00:00Z")).isNotEmpty(); // 02:00 in summer
        assertThat(inBerlin(schedule, "2026-10-25T00:59:59Z")).isNotEmpty();
        assertThat(inBerlin(schedule, "2026-10-25T01:00:00Z")).isNotEmpty(); // 02:00 in winter
        assertThat(inBerlin(schedule, "2026-10-25T01:59:59Z")).isNotEmpty();
        assertThat(inBerlin(schedule, "2026-10-25T02:00:00Z")).isEmpty(); // 03:00
    }

    @Test
    void aNightOfChangedClocksIsOneWindow() {
        var schedule = "Sat 22:00-06:00 off";

        assertThat(inBerlin(schedule, "2026-03-28T20:59:59Z")).isEmpty();
        assertThat(inBerlin(schedule, "2026-03-28T21:00:00Z")).isNotEmpty(); // 22:00, UTC+1
        assertThat(inBerlin(schedule, "2026-03-29T03:59:59Z")).isNotEmpty(); // 05:59:59, UTC+2
        assertThat(inBerlin(schedule, "2026-03-29T04:00:00Z")).isEmpty();
    }

    @Test
    void anEmptyScheduleHasNoWindow() {
        assertThat(WeekSchedule.parse("").windows()).isEmpty();
        assertThat(WeekSchedule.parse(" ; ").windows()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mon",
                "Mon 08:00-18:00",
                "Mon off rows 5",
                "Mon off full",
                "off off",
                "rows 5 rows 6",
                "Mon Tue off",
                "load apply off",
                "08:00-18:00 19:00-20:00 off",
                "rows",
                "rows 0",
                "rows -5",
                "rows many",
                "bytes 5XB",
                "bytes 0",
                "Moo off",
                "Mon-Foo off",
                "08:00-08:00 off",
                "24:00-08:00 off",
                "08:60-09:00 off",
                "08:00-24:01 off",
                "25:00-26:00 off",
                "8-18 off",
                "bytes 99999999999TiB",
                "verify off"
            })
    void whatIsNotRightIsRefusedWithTheWindow(String text) {
        assertThatThrownBy(() -> WeekSchedule.parse("rows 5; " + text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }
}
