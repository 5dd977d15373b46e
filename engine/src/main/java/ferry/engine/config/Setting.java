package ferry.engine.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/// One parameter: name, default, bounds and meaning. Sizes are bytes (`16MiB`), times are durations
/// (`500ms`, `2s`, `12h`).
public final class Setting<T extends Comparable<T>> {
    private final String name;
    private final T defaultValue;
    private final T least;
    private final T most;
    private final String meaning;
    private final Function<String, T> parser;
    private final Function<T, String> printer;

    private Setting(
            String name,
            T defaultValue,
            T least,
            T most,
            String meaning,
            Function<String, T> parser,
            Function<T, String> printer) {
        this.name = name;
        this.defaultValue = defaultValue;
        this.least = least;
        this.most = most;
        this.meaning = meaning;
        this.parser = parser;
        this.printer = printer;
    }

    public static Setting<Long> count(
            String name, long defaultValue, long least, long most, String meaning) {
        return new Setting<>(
                name, defaultValue, least, most, meaning, Quantities::count, String::valueOf);
    }

    public static Setting<Long> bytes(
            String name, String defaultValue, String least, String most, String meaning) {
        return new Setting<>(
                name,
                Quantities.bytes(defaultValue),
                Quantities.bytes(least),
                Quantities.bytes(most),
                meaning,
                Quantities::bytes,
                Quantities::printBytes);
    }

    public static Setting<Duration> time(
            String name, String defaultValue, String least, String most, String meaning) {
        return new Setting<>(
                name,
                Quantities.time(defaultValue),
                Quantities.time(least),
                Quantities.time(most),
                meaning,
                Quantities::time,
                Quantities::printTime);
    }

    public static Setting<Boolean> flag(String name, boolean defaultValue, String meaning) {
        return new Setting<>(
                name, defaultValue, false, true, meaning, Quantities::flag, String::valueOf);
    }

    /// One of the constants of an enum, written in small letters.
    public static <E extends Enum<E>> Setting<E> choice(
            String name, E defaultValue, String meaning) {
        var constants = defaultValue.getDeclaringClass().getEnumConstants();
        return new Setting<>(
                name,
                defaultValue,
                constants[0],
                constants[constants.length - 1],
                meaning,
                text -> chosen(text, constants),
                Setting::written);
    }

    private static <E extends Enum<E>> E chosen(String text, E[] constants) {
        return Arrays.stream(constants)
                .filter(constant -> written(constant).equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "'%s' is none of %s"
                                        .formatted(
                                                text,
                                                Arrays.stream(constants)
                                                        .map(Setting::written)
                                                        .collect(Collectors.joining(", ")))));
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    public static Setting<String> text(String name, String defaultValue, String meaning) {
        return text(name, defaultValue, _ -> {}, meaning);
    }

    /// A text that must be of a form; `check` throws IllegalArgumentException with a sentence for
    /// the operator if it is not.
    public static Setting<String> text(
            String name, String defaultValue, Consumer<String> check, String meaning) {
        return new Setting<>(
                name,
                defaultValue,
                "",
                "\uffff",
                meaning,
                text -> {
                    check.accept(text);
                    return text;
                },
                text -> text);
    }

    public String name() {
        return name;
    }

    public String meaning() {
        return meaning;
    }

    public T defaultValue() {
        return defaultValue;
    }

    public String print(T value) {
        return printer.apply(value);
    }

    public T least() {
        return least;
    }

    public T most() {
        return most;
    }

    /// Reads a value and checks its bounds; throws IllegalArgumentException with a sentence for the
    /// operator.
    public T parse(String text) {
        T value = parser.apply(text.strip());
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "%s must lie between %s and %s, but is %s"
                            .formatted(name, print(least), print(most), print(value)));
        }
        return value;
    }
}
