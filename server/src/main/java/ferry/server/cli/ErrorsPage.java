package ferry.server.cli;

import ferry.engine.problem.ProblemCode;

/// The page docs/errors.md, made from the declarations.
final class ErrorsPage {
    private ErrorsPage() {}

    static String text() {
        var page =
                new StringBuilder(
                        """
                        # Errors and exit codes

                        %s
                        Every failure tells its code, what happened, why, and what to do. *Tried again* means that Ferry itself repeats the work for a
                        while (`capture.retry.time`, `target.retry.time`) before it stops.

                        ## Exit codes

                        | Code | Meaning |
                        |---|---|
                        """
                                .formatted(Pages.NOTE));
        for (var code : ExitCode.values()) {
            page.append("| %d | %s |%n".formatted(code.number(), code.meaning()));
        }
        page.append(
                """

                ## Problems

                | Code | Name | Meaning | Who can mend it | Tried again | Exit code |
                |---|---|---|---|---|---|
                """);
        for (var code : ProblemCode.values()) {
            page.append(
                    "| %s | `%s` | %s | %s | %s | %d |%n"
                            .formatted(
                                    code.id(),
                                    code.name(),
                                    code.meaning(),
                                    who(code.blame()),
                                    code.retryable() ? "yes" : "no",
                                    ExitCode.of(code).number()));
        }
        return page.toString();
    }

    private static String who(ProblemCode.Blame blame) {
        return switch (blame) {
            case OPERATOR -> "the operator";
            case SOURCE -> "who runs the source";
            case TARGET -> "who runs the target";
            case ENVIRONMENT -> "who runs Ferry's machine";
            case US -> "Ferry's developers";
        };
    }
}
