package ferry.server.cli;

import ferry.engine.dialect.TypeTable;
import ferry.engine.dialect.TypeTable.Outcome;
import java.util.Locale;
import java.util.stream.Collectors;

/// A page below docs/types, made from a dialect's type table.
final class TypesPage {
    private TypesPage() {}

    static String text(TypeTable table) {
        var page =
                new StringBuilder(
                        """
                        # Types of %s as a source

                        %s
                        What each type means to Ferry, and what becomes of it on each target: *same* (every value is the same), *widened* (every value
                        is kept, the column's kind is not), *lossy* (some values change or are refused), *refused* (a table with this type is not
                        taken). The precheck adds up the losses of a project before anything moves.

                        """
                                .formatted(table.title(), Pages.NOTE));
        page.append("| Type | Meaning |");
        table.targets().forEach(target -> page.append(" on ").append(target).append(" |"));
        page.append("\n|---|---|").append("---|".repeat(table.targets().size())).append('\n');
        table.lines().forEach(line -> page.append(line(line)));
        page.append('\n');
        table.notes().forEach(note -> page.append("* ").append(note).append('\n'));
        return page.toString();
    }

    private static String line(TypeTable.Line line) {
        return "| `%s` | %s | %s |\n"
                .formatted(
                        line.nativeType(),
                        line.dataType(),
                        line.outcomes().stream()
                                .map(TypesPage::outcome)
                                .collect(Collectors.joining(" | ")));
    }

    private static String outcome(Outcome outcome) {
        var fate = outcome.fate().name().toLowerCase(Locale.ROOT);
        return outcome.why().isEmpty() ? fate : "*" + fate + "*: " + outcome.why();
    }
}
