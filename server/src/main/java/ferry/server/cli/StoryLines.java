package ferry.server.cli;

import ferry.engine.dialect.Finding;
import ferry.server.run.RunEvent;
import ferry.server.run.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The lines that stay behind of a run: what was checked, what happened, what was found equal or
/// different.
record StoryLines(Style style) {
    List<String> lines(RunEvent event) {
        return switch (event) {
            case RunEvent.Started started ->
                    List.of(
                            style.bold(
                                            "%s %s %s"
                                                    .formatted(
                                                            started.source(),
                                                            style.arrow(),
                                                            started.target()))
                                    + (started.resumed() ? "  resumed" : ""),
                            style.faint("  home " + started.home()));
            case RunEvent.Checked(var finding) -> finding(finding);
            case RunEvent.Told(var message) -> List.of("  " + message);
            case RunEvent.Warned(var problem) ->
                    List.of(
                            "%s %s %s"
                                    .formatted(style.warned(), problem.code().id(), problem.what()),
                            style.faint("  why: " + problem.why()),
                            style.faint("  do:  " + problem.remedy()));
            case RunEvent.Compared(var verdict) -> verdict(verdict);
            case RunEvent.Certified certified ->
                    List.of(
                            "%s certificate %s: %s"
                                    .formatted(
                                            certified.equal() ? style.passed() : style.failed(),
                                            certified.grade(),
                                            certified.equal() ? "all equal" : "not equal"),
                            style.faint("  " + certified.text()),
                            style.faint("  " + certified.json()));
            case RunEvent.StepChanged(var step, var state) ->
                    List.of(step.title() + ": " + state.title());
            case RunEvent.ProjectChanged(var state) -> List.of("project: " + state.title());
            case RunEvent.Ended(var outcome) ->
                    List.of(
                            switch (outcome) {
                                case FINISHED -> style.passed() + " " + style.bold("finished");
                                case DIFFERENT ->
                                        style.failed()
                                                + " "
                                                + style.bold("finished, with differences");
                                case PAUSED ->
                                        style.warned()
                                                + " "
                                                + style.bold("paused")
                                                + ": run the same command again to resume";
                            });
            // The command prints the problem itself, to standard error; the picture is no line of
            // the story.
            case RunEvent.Stopped _, RunEvent.Progressed _ -> List.of();
        };
    }

    private List<String> finding(Finding finding) {
        var sign =
                switch (finding.outcome()) {
                    case PASSED -> style.passed();
                    case WARNED -> style.warned();
                    case FAILED -> style.failed();
                };
        var lines = new ArrayList<String>();
        lines.add(
                "  %s %-6s %-40s %s"
                        .formatted(
                                sign,
                                finding.role().name().toLowerCase(Locale.ROOT),
                                finding.item(),
                                finding.what()));
        if (finding.outcome() != Finding.Outcome.PASSED && !finding.remedy().isBlank()) {
            lines.add(
                    "           do: "
                            + finding.remedy()
                            + (finding.outcome() == Finding.Outcome.FAILED && finding.skippable()
                                    ? style.faint("  (--yes skips this)")
                                    : ""));
        }
        return lines;
    }

    private List<String> verdict(Verdict verdict) {
        var sign =
                switch (verdict.result()) {
                    case EQUAL -> style.passed();
                    case UNFINISHED -> style.warned();
                    case DIFFERENT, ASIDE -> style.failed();
                };
        var lines = new ArrayList<String>();
        lines.add(
                "  %s %-36s %14s rows  %s"
                        .formatted(
                                sign,
                                verdict.name(),
                                Figures.count(verdict.rows()),
                                verdict.result().meaning()));
        if (!verdict.why().isEmpty()) {
            lines.add("      " + verdict.why());
        } else if (!verdict.equal()) {
            lines.add(
                    "      source only %s, target only %s, mismatched %s"
                            .formatted(
                                    Figures.count(verdict.sourceOnly()),
                                    Figures.count(verdict.targetOnly()),
                                    Figures.count(verdict.mismatched())));
            verdict.knownText().ifPresent(text -> lines.add("      " + text));
        }
        verdict.samples().forEach(sample -> lines.add("      " + sample.text()));
        return lines;
    }
}
