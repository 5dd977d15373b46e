package ferry.dialects.mysql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Which characters one collation holds equal, as far as two texts of them are equal for the server
/// only if they are equal character by character, trailing spaces aside.
///
/// `collations.txt` names the collations, the characters of which this holds (the known ones), and
/// those among them that are equal. A known character has a weight of its own that begins no
/// other's weight, so that weights standing in line can be read in one way only; so characters that
/// are ignored, or that weigh as much as several others, are not known. A contraction has one
/// weight for several characters, and its other spellings are equal to it letter by letter; where
/// they are not (Hungarian `ccs` is `cscs`), its letters are not known. A test compares texts on
/// real servers under every collation they have.
final class CollationClasses {
    /// Stands for what is not known.
    static final int UNKNOWN = -1;

    private static final char NONE = Character.MIN_SURROGATE; // no character has this code
    private static final Map<String, String[]> LINES = lines();
    private static final Map<String[], CollationClasses> READ = new ConcurrentHashMap<>();

    private final char[] classes; // the lowest that is equal, by byte or code point
    private char supplementary = NONE;

    private CollationClasses(String[] words) {
        classes = new char[oneByte(words) ? 1 << Byte.SIZE : 1 << Character.SIZE];
        Arrays.fill(classes, NONE);
        for (var range : words[1].split(",")) {
            for (var unit = first(range); unit <= last(range) && unit < classes.length; unit++) {
                classes[unit] = (char) unit;
            }
        }
        for (var group : Arrays.asList(words).subList(2, words.length)) {
            equal(group.split(","));
        }
    }

    /// The classes of a collation by its modern name; empty if it is not on the list. Where a
    /// character is one byte they are those of bytes, otherwise those of code points.
    static Optional<CollationClasses> of(String collation) {
        return Optional.ofNullable(LINES.get(collation))
                .map(words -> READ.computeIfAbsent(words, CollationClasses::new));
    }

    /// The lowest byte or code point that is equal to this one, or [#UNKNOWN].
    int of(int unit) {
        var lowest = unit < classes.length ? classes[unit] : supplementary;
        return lowest == NONE ? UNKNOWN : lowest;
    }

    private static boolean oneByte(String[] words) {
        var charset = MySqlCollation.of(words[0].split(",")[0]).charset();
        return MySqlCharsets.lengthMax(charset).orElseThrow() == 1;
    }

    /// All supplementary characters are known, and equal, or none.
    private void equal(String[] ranges) {
        var lowest = (char) first(ranges[0]);
        for (var range : ranges) {
            if (first(range) == Character.MIN_SUPPLEMENTARY_CODE_POINT) {
                supplementary = lowest;
            } else {
                Arrays.fill(classes, first(range), last(range) + 1, lowest);
            }
        }
    }

    private static int first(String range) {
        return Integer.parseInt(range.split("-")[0], 16);
    }

    private static int last(String range) {
        return Integer.parseInt(range.substring(range.indexOf('-') + 1), 16);
    }

    private static Map<String, String[]> lines() {
        var lines = new HashMap<String, String[]>();
        try (var file = CollationClasses.class.getResourceAsStream("collations.txt")) {
            if (file == null) {
                throw new IllegalStateException("collations.txt is missing from the class path");
            }
            new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .forEach(words -> {
                        for (var name : words[0].split(",")) {
                            lines.put(name, words);
                        }
                    });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return Map.copyOf(lines);
    }
}
