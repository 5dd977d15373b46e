package ferry.engine.filter;

import ferry.engine.model.Table;
import java.util.Locale;
import java.util.Set;
import net.sf.jsqlparser.parser.CCJSqlParserConstants;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.Token;

/// The words and signs that may stand in a row condition besides names of columns, numbers and
/// texts. The parser knows the SQL of many products, and a word that it takes in and that nobody
/// asks about would be left out silently.
final class ConditionWords {
    private static final Set<String> WORDS =
            Set.of(
                    "AND",
                    "OR",
                    "XOR",
                    "NOT",
                    "IS",
                    "NULL",
                    "TRUE",
                    "FALSE",
                    "UNKNOWN",
                    "BETWEEN",
                    "IN",
                    "CONCAT",
                    "SUBSTR",
                    "SUBSTRING",
                    "REPLACE");
    private static final Set<String> SIGNS =
            Set.of(
                    "(", ")", ",", "=", "<>", "!=", "<", "<=", ">", ">=", "+", "-", "*", "%", "/",
                    "<=>", ".");

    private ConditionWords() {}

    /// Throws IllegalArgumentException with a sentence for the operator at the first word that is
    /// none. `/`, `<=>` and names of tables are told by the reader.
    static void require(String text, Table table) {
        var parser = CCJSqlParserUtil.newParser(text);
        for (var token = parser.getNextToken(); ; token = parser.getNextToken()) {
            requirePlain(token);
            if (token.kind == CCJSqlParserConstants.EOF) {
                return;
            }
            var namesTable = parser.getToken(1).image.equals(".");
            if (!isKnown(token.image, table) && !namesTable) {
                throw new IllegalArgumentException(
                        "line %d, column %d: '%s' is no column of %s that rows carry, and no word of row conditions"
                                .formatted(
                                        token.beginLine,
                                        token.beginColumn,
                                        token.image,
                                        table.name()));
            }
        }
    }

    /// A comment would be nobody's, and a hint a server's.
    private static void requirePlain(Token token) {
        if (token.specialToken != null) {
            throw new IllegalArgumentException(
                    "line %d, column %d: a comment may not stand in a row condition"
                            .formatted(
                                    token.specialToken.beginLine, token.specialToken.beginColumn));
        }
    }

    private static boolean isKnown(String image, Table table) {
        var first = image.charAt(0);
        return "'`\"".indexOf(first) >= 0
                || first >= '0' && first <= '9'
                || first == '.' && image.length() > 1
                || SIGNS.contains(image)
                || WORDS.contains(image.toUpperCase(Locale.ROOT))
                || table.indexOf(image) >= 0;
    }
}
