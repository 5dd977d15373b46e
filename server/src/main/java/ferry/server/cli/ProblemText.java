package ferry.server.cli;

import ferry.engine.problem.Problem;

/// A problem as an operator reads it: code, what, why, do.
final class ProblemText {
    private static final int WIDTH = 100;

    private ProblemText() {}

    static String of(Problem problem, Style style) {
        return style.red(problem.code().id())
                + " "
                + style.bold(sentence(problem.what()))
                + "\n"
                + part("why", problem.why(), style)
                + part("do", problem.remedy(), style);
    }

    private static String part(String name, String text, Style style) {
        var indent = "     ";
        var wrapped = new StringBuilder();
        var column = 0;
        for (var word : sentence(text).split(" ")) {
            if (column > 0 && column + 1 + word.length() > WIDTH - indent.length()) {
                wrapped.append('\n').append(indent);
                column = 0;
            }
            wrapped.append(column == 0 ? "" : " ").append(word);
            column += (column == 0 ? 0 : 1) + word.length();
        }
        return style.faint("%-4s".formatted(name + ":")) + " " + wrapped + "\n";
    }

    /// Ends with a full stop, unless a statement ends it.
    private static String sentence(String text) {
        var clean = text.strip();
        return clean.isEmpty() || ".!?;".indexOf(clean.charAt(clean.length() - 1)) >= 0
                ? clean
                : clean + ".";
    }
}
