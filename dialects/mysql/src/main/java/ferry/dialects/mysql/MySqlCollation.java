package ferry.dialects.mysql;

import java.util.Locale;

/// What a collation's name tells: which character set it sorts, and which strings it holds equal.
record MySqlCollation(String name, String charset, Strength strength, boolean padSpace) {

    /// Which differences count.
    enum Strength {
        /// Code points or bytes: everything counts.
        BINARY,
        /// Letter case counts, accents count.
        CASE,
        /// Accents count, letter case does not.
        ACCENT,
        /// Neither counts (or, for old collations, it depends on the letter).
        NEITHER
    }

    /// The facts of a collation by its name. Names follow rules: the character set, what it sorts,
    /// and what counts.
    static MySqlCollation of(String anyName) {
        var name = modern(anyName.toLowerCase(Locale.ROOT));
        if (name.equals("binary")) {
            return new MySqlCollation(name, name, Strength.BINARY, false);
        }
        var end = name.indexOf('_');
        var charset = end < 0 ? name : name.substring(0, end);
        return new MySqlCollation(name, charset, strength(name), padSpace(name));
    }

    private static Strength strength(String name) {
        if (name.endsWith("_bin")) {
            return Strength.BINARY;
        }
        if (name.endsWith("_cs") || name.endsWith("_as_cs_ks")) {
            return Strength.CASE;
        }
        return name.endsWith("_as_ci") ? Strength.ACCENT : Strength.NEITHER;
    }

    /// MySQL's collations of UCA 9.0.0 and MariaDB's `nopad` ones count trailing blanks; all others
    /// do not.
    private static boolean padSpace(String name) {
        return !name.contains("_0900_") && !name.contains("_nopad_");
    }

    /// True when two strings that differ only in letter case are different.
    boolean caseCounts() {
        return strength == Strength.BINARY || strength == Strength.CASE;
    }

    /// The one name of what servers call now `utf8`, now `utf8mb3`, as character set or in front of
    /// a collation.
    static String modern(String name) {
        if (name.equals("utf8") || name.startsWith("utf8_")) {
            return "utf8mb3" + name.substring("utf8".length());
        }
        return name;
    }
}
