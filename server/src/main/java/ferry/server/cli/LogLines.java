package ferry.server.cli;

import ferry.engine.pipeline.Lag.Part;
import ferry.server.lifecycle.StepState;
import ferry.server.run.Audience;
import ferry.server.run.Picture;
import ferry.server.run.RunEvent;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;

/// Shows a run where no terminal is: one line per fact with the time in front, and every few
/// seconds one about the progress.
final class LogLines implements Audience {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final Duration PROGRESS_TIME = Duration.ofSeconds(5);

    private final PrintStream out;
    private final StoryLines story = new StoryLines(Style.PLAIN);
    private Instant lastProgress = Instant.MIN;

    LogLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public synchronized void tell(RunEvent event) {
        var now = Instant.now();
        if (event instanceof RunEvent.Progressed(var picture)) {
            if (lastProgress == Instant.MIN || !now.isBefore(lastProgress.plus(PROGRESS_TIME))) {
                lastProgress = now;
                out.println(TIME.format(now) + " " + line(picture));
            }
            return;
        }
        story.lines(event).forEach(line -> out.println(TIME.format(now) + " " + line));
    }

    static String line(Picture picture) {
        var parts = new ArrayList<String>();
        for (var figures : picture.steps()) {
            if (figures.state() == StepState.RUNNING || figures.state() == StepState.MONITORING) {
                parts.add(step(figures));
            }
        }
        picture.lag().of(Part.TOTAL).ifPresent(lag -> parts.add("lag " + Figures.time(lag)));
        picture.waitsFor().ifPresent(what -> parts.add("waits for " + what));
        return parts.isEmpty() ? "working" : String.join("; ", parts);
    }

    private static String step(Picture.OfStep figures) {
        var parts = new ArrayList<String>();
        parts.add(figures.step().title());
        figures.share().ifPresent(share -> parts.add(Figures.percent(share)));
        if (figures.tablesTotal() > 0) {
            parts.add(figures.tablesDone() + "/" + figures.tablesTotal() + " tables");
        }
        if (figures.rows() > 0) {
            parts.add(Figures.count(figures.rows()) + " rows");
        }
        if (figures.rowsPerSecond() > 0) {
            parts.add(Figures.count(Math.round(figures.rowsPerSecond())) + " rows/s");
        }
        if (figures.bytesPerSecond() > 0) {
            parts.add(Figures.bytes(figures.bytesPerSecond()) + "/s");
        }
        figures.remaining().ifPresent(time -> parts.add(Figures.time(time) + " left"));
        return String.join(" ", parts);
    }
}
