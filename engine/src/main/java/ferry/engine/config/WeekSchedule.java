package ferry.engine.config;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/// Windows of the week with limits of their own, as operators write them:
///
/// `Mon-Fri 08:00-18:00 rows 5000 bytes 10MiB; Sat,Sun load off`
///
/// A window has days (every day, if it names none), hours (the whole day), the work that it is for
/// (`load`, `apply`; both, if it names none) and limits: `off`, `full`, `rows N` and `bytes SIZE` a
/// second. The first window that holds counts. Hours are those of a clock on the wall: one that is
/// put forward skips the window's hours between, one that is put back passes through them twice. A
/// window over midnight belongs to the day on which it begins.
public record WeekSchedule(List<Window> windows) {
    private static final int DAY_MINUTES = 24 * 60;
    private static final Pattern HOURS = Pattern.compile("(\\d{1,2}):(\\d{2})-(\\d{1,2}):(\\d{2})");
    private static final Pattern DAYS =
            Pattern.compile("[A-Za-z]{3}(-[A-Za-z]{3})?(,[A-Za-z]{3}(-[A-Za-z]{3})?)*");
    private static final List<String> WORKS = List.of("load", "apply");

    public WeekSchedule {
        windows = List.copyOf(windows);
    }

    /// One window. Minutes are those of a day, `fromMinute` included, `toMinute` not; a window
    /// whose end is not behind its beginning goes over midnight. A limit of 0 is none.
    public record Window(
            Set<DayOfWeek> days,
            int fromMinute,
            int toMinute,
            Optional<String> work,
            boolean off,
            long rows,
            long bytes,
            String text) {
        public Window {
            days = Set.copyOf(days);
        }

        boolean holds(LocalDateTime time) {
            var minute = time.getHour() * 60 + time.getMinute();
            var today = time.getDayOfWeek();
            if (fromMinute < toMinute) {
                return days.contains(today) && minute >= fromMinute && minute < toMinute;
            }
            return days.contains(today) && minute >= fromMinute
                    || days.contains(today.minus(1)) && minute < toMinute;
        }
    }

    /// The window that counts for `load` or `apply` at this time on the wall; empty outside all.
    public Optional<Window> at(LocalDateTime time, String work) {
        return windows.stream()
                .filter(window -> window.work().map(work::equals).orElse(true))
                .filter(window -> window.holds(time))
                .findFirst();
    }

    /// Reads a schedule; throws IllegalArgumentException with a sentence for the operator.
    public static WeekSchedule parse(String text) {
        return new WeekSchedule(
                Arrays.stream(text.split(";"))
                        .map(String::strip)
                        .filter(window -> !window.isEmpty())
                        .map(window -> new Reading(window).window())
                        .toList());
    }

    /// The words of one window.
    private static final class Reading {
        private final String text;
        private final List<String> words;
        private final Set<String> seen = new HashSet<>();
        private Set<DayOfWeek> days = EnumSet.allOf(DayOfWeek.class);
        private int fromMinute;
        private int toMinute = DAY_MINUTES;
        private Optional<String> work = Optional.empty();
        private long rows;
        private long bytes;

        Reading(String text) {
            this.text = text;
            this.words = new ArrayList<>(List.of(text.split("\\s+")));
        }

        Window window() {
            while (!words.isEmpty()) {
                take(words.removeFirst());
            }
            var limits = List.of("off", "full", "rows", "bytes");
            var given = limits.stream().filter(seen::contains).toList();
            if (given.isEmpty()) {
                throw refused("it has no limit: write off, full, rows N or bytes SIZE");
            }
            if (given.size() > 1 && (seen.contains("off") || seen.contains("full"))) {
                throw refused("off and full stand alone, and it has " + String.join(", ", given));
            }
            return new Window(
                    days, fromMinute, toMinute, work, seen.contains("off"), rows, bytes, text);
        }

        private void take(String word) {
            var lower = word.toLowerCase(Locale.ROOT);
            var hours = HOURS.matcher(word);
            if (hours.matches()) {
                once("its hours");
                fromMinute = minute(hours.group(1), hours.group(2));
                toMinute = minute(hours.group(3), hours.group(4));
                if (fromMinute == toMinute || fromMinute == DAY_MINUTES) {
                    throw refused("the hours " + word + " are no span of time");
                }
            } else if (WORKS.contains(lower)) {
                once("the work that it is for");
                work = Optional.of(lower);
            } else if (lower.equals("off") || lower.equals("full")) {
                once(lower);
            } else if (lower.equals("rows")) {
                once(lower);
                rows = limit(lower, Quantities::count);
            } else if (lower.equals("bytes")) {
                once(lower);
                bytes = limit(lower, Quantities::bytes);
            } else if (DAYS.matcher(word).matches()) {
                once("its days");
                days = days(word);
            } else {
                throw refused("'" + word + "' is neither days, hours, load, apply nor a limit");
            }
        }

        private void once(String what) {
            if (!seen.add(what)) {
                throw refused(what + " stand twice");
            }
        }

        private long limit(String name, ToLongFunction<String> reader) {
            if (words.isEmpty()) {
                throw refused("behind " + name + " stands no number");
            }
            var value = words.removeFirst();
            try {
                var limit = reader.applyAsLong(value);
                if (limit > 0) {
                    return limit;
                }
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw refused(e.getMessage());
            }
            throw refused(name + " " + value + " lets nothing through: write off");
        }

        private int minute(String hour, String minute) {
            var minutes = Integer.parseInt(hour) * 60 + Integer.parseInt(minute);
            if (Integer.parseInt(minute) > 59 || minutes > DAY_MINUTES) {
                throw refused(hour + ":" + minute + " is no time of a day");
            }
            return minutes;
        }

        private Set<DayOfWeek> days(String word) {
            var named = EnumSet.noneOf(DayOfWeek.class);
            for (var span : word.split(",")) {
                var ends = span.split("-");
                var last = day(ends[ends.length - 1]);
                for (var day = day(ends[0]); ; day = day.plus(1)) {
                    named.add(day);
                    if (day == last) {
                        break;
                    }
                }
            }
            return named;
        }

        private DayOfWeek day(String name) {
            return Arrays.stream(DayOfWeek.values())
                    .filter(day -> day.name().substring(0, 3).equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(
                            () -> refused("'" + name + "' is no day: Mon Tue Wed Thu Fri Sat Sun"));
        }

        private IllegalArgumentException refused(String why) {
            return new IllegalArgumentException("the window '" + text + "' is not right: " + why);
        }
    }
}
