package ferry.server.cli;

import ferry.engine.pipeline.Lag;
import ferry.engine.pipeline.Lag.Part;
import ferry.server.lifecycle.State;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepState;
import ferry.server.run.Picture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Draws a running project as lines of text: one per step, the tables that are being worked on, the
/// lag and what it waits for. A pure function of what it is given, so that a test can read the
/// picture.
record Screen(Style style, int columns, int lines) {
    private static final int TITLE_COLUMNS = 28;
    private static final int BAR_COLUMNS = 24;

    /// What the heading says.
    record Heading(String project, String source, String target, Duration running) {}

    /// At most [#lines] lines of at most [#columns] columns. A run that ended has neither tables at
    /// work nor a foot.
    List<String> draw(Heading heading, State state, Optional<Picture> picture, boolean ended) {
        var head = new ArrayList<String>();
        head.add(
                style.bold(heading.project)
                        + "  "
                        + heading.source
                        + " "
                        + style.arrow()
                        + " "
                        + heading.target
                        + "  "
                        + style.faint(Figures.time(heading.running)));
        state.steps()
                .forEach((step, stepState) ->
                        head.add(step(step, stepState, picture.flatMap(seen -> seen.step(step)))));
        var foot = new ArrayList<String>();
        var working = picture.filter(_ -> !ended);
        working.ifPresent(seen -> foot.add(foot(seen)));
        var room = Math.max(0, lines - head.size() - foot.size());
        var body = new ArrayList<String>();
        working.ifPresent(
                seen -> seen.tables().stream().limit(room).map(this::table).forEach(body::add));
        head.addAll(body);
        head.addAll(foot);
        return head.stream()
                .limit(Math.max(1, lines))
                .map(line -> Columns.fit(line, columns))
                .toList();
    }

    private String step(Step step, StepState state, Optional<Picture.OfStep> figures) {
        var sign =
                switch (state) {
                    case INIT -> style.waiting();
                    case RUNNING, MONITORING -> style.working();
                    case FINISHED -> style.passed();
                    case FAILED -> style.failed();
                    case SUSPEND -> style.warned();
                };
        return " "
                + sign
                + " "
                + Columns.pad(step.title(), TITLE_COLUMNS)
                + figures.filter(_ -> state != StepState.INIT)
                        .map(seen -> figures(state, seen))
                        .orElse("");
    }

    private String figures(StepState state, Picture.OfStep figures) {
        var parts = new ArrayList<String>();
        if (state == StepState.RUNNING && figures.share().isPresent()) {
            parts.add(
                    style.bar(figures.share().get(), barColumns())
                            + " "
                            + "%5s".formatted(Figures.percent(figures.share().get())));
        }
        if (state == StepState.RUNNING || state == StepState.MONITORING) {
            figures.remaining().ifPresent(time -> parts.add(Figures.time(time) + " left"));
            if (figures.rowsPerSecond() > 0) {
                parts.add(Figures.count(Math.round(figures.rowsPerSecond())) + " rows/s");
            }
            if (figures.bytesPerSecond() > 0) {
                parts.add(Figures.bytes(figures.bytesPerSecond()) + "/s");
            }
        }
        if (figures.tablesTotal() > 0) {
            parts.add(figures.tablesDone() + "/" + figures.tablesTotal() + " tables");
        }
        if (figures.rows() > 0) {
            parts.add(Figures.count(figures.rows()) + " rows");
        }
        return String.join("  ", parts);
    }

    private String table(Picture.OfTable table) {
        var known = table.rowsTotal() > 0;
        var share = known ? Math.min(0.99, (double) table.rows() / table.rowsTotal()) : 0;
        return "     "
                + Columns.pad(table.table(), TITLE_COLUMNS - 2)
                + (known
                        ? style.bar(share, barColumns())
                                + " "
                                + "%5s".formatted(Figures.percent(share))
                                + "  "
                        : "")
                + Figures.count(table.rows())
                + " rows  "
                + style.faint(table.what());
    }

    private String foot(Picture picture) {
        var parts = new ArrayList<String>();
        picture.lag().of(Part.TOTAL).ifPresent(total -> parts.add(lag(total, picture.lag())));
        picture.waitsFor().ifPresent(what -> parts.add("waits for " + what));
        parts.add(style.faint("Ctrl-C pauses"));
        return " " + String.join("   ", parts);
    }

    private static String lag(Duration total, Lag lag) {
        var of =
                Stream.of(Part.CAPTURE, Part.QUEUE, Part.APPLY)
                        .flatMap(part ->
                                lag.of(part).stream()
                                        .map(time -> part.words() + " " + Figures.time(time)))
                        .collect(Collectors.joining(", "));
        var minute =
                Optional.ofNullable(lag.lastMinute().get(Part.TOTAL))
                        .map(shares -> "; p99 " + Figures.time(shares.p99()))
                        .orElse("");
        return "lag " + Figures.time(total) + " (" + of + minute + ")";
    }

    private int barColumns() {
        return columns >= 100 ? BAR_COLUMNS : columns >= 70 ? BAR_COLUMNS / 2 : 6;
    }
}
