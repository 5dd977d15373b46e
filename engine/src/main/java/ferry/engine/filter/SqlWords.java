package ferry.engine.filter;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The words of a text of SQL: whatever could be a name in it, in lower case, those inside of
/// literals and comments too. Who asks whether a name is there rather sees it once too often.
final class SqlWords {
    private static final Pattern WORD = Pattern.compile("`(?:[^`]|``)+`|[\\p{L}\\p{N}_$]+");

    private SqlWords() {}

    static Set<String> of(String sql) {
        var found = new HashSet<String>();
        var words = WORD.matcher(sql);
        while (words.find()) {
            var word = words.group();
            found.add(
                    lower(
                            word.startsWith("`")
                                    ? word.substring(1, word.length() - 1).replace("``", "`")
                                    : word));
        }
        return found;
    }

    static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
