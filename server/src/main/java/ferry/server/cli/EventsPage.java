package ferry.server.cli;

import ferry.engine.dialect.Finding;
import ferry.engine.dialect.Role;
import ferry.engine.pipeline.Lag;
import ferry.engine.pipeline.Lag.Part;
import ferry.engine.pipeline.Lag.Percentiles;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.server.journal.Json;
import ferry.server.lifecycle.ProjectState;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepState;
import ferry.server.run.Outcome;
import ferry.server.run.Picture;
import ferry.server.run.RunEvent;
import ferry.server.run.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The page docs/events.md: every event of `--json` with an example, made by the code that prints
/// them.
final class EventsPage {
    private EventsPage() {}

    private static final Instant AT = Instant.parse("2026-01-31T12:00:00Z");

    /// One example of each event and what it tells; a test knows that none is missing.
    static Map<RunEvent, String> examples() {
        var home = Path.of("/home/me/.ferry/shop");
        var examples = new LinkedHashMap<RunEvent, String>();
        examples.put(
                new RunEvent.Started(
                        "mysql ferry@[db1:3306]",
                        "oceanbase-mysql root@[db2:2881]",
                        "verified",
                        false,
                        home),
                "The run begins. `resumed`: the project was started before.");
        examples.put(
                new RunEvent.ProjectChanged(ProjectState.RUNNING),
                "The project reached another state (docs/states.md).");
        examples.put(
                new RunEvent.StepChanged(Step.FULL_TRANSFER, StepState.RUNNING),
                "A step reached another state (docs/states.md).");
        examples.put(
                new RunEvent.Checked(
                        Finding.warned(
                                "DB_INCR_LOG",
                                Role.SOURCE,
                                "the log is kept for 1 h",
                                "raise binlog_expire_logs_seconds")),
                "One precheck item. `outcome`: PASSED, WARNED or FAILED; `skippable`: `--yes` goes on although it failed.");
        examples.put(
                new RunEvent.Progressed(picture()),
                "How things stand, once a second. A total of 0 and a value of null are unknown. Times are milliseconds.");
        examples.put(
                new RunEvent.Told(
                        "shop.orders is loaded again, because ALTER TABLE came while it was being loaded"),
                "Something worth a line in the story.");
        examples.put(
                new RunEvent.Warned(
                        new Problem(
                                ProblemCode.LOG_EXPIRES,
                                "the source drops the log that is still needed in 5h, at 2026-01-31T17:00:00Z",
                                "it keeps its log for 24h; capture stands at binlog.000017:4711 and is 68400 s behind",
                                "keep the log longer at the source, or let capture go on: 'ferry status' says what it waits for")),
                "Something will stop the project unless somebody acts (docs/errors.md).");
        examples.put(
                new RunEvent.Compared(
                        new Verdict(
                                "shop.orders",
                                "shop.orders",
                                Verdict.Result.DIFFERENT,
                                "KEY_RANGES",
                                200_000,
                                12,
                                0,
                                0,
                                1,
                                "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-2077",
                                "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-2081",
                                List.of(
                                        new Verdict.Sample(
                                                "MISMATCHED",
                                                "('17')",
                                                "('17', '9.50')",
                                                "('17', '9.00')")))),
                "A table was compared. `result`: EQUAL, DIFFERENT or UNFINISHED.");
        examples.put(
                new RunEvent.Certified(
                        true,
                        "STANDSTILL",
                        home.resolve("certificate.json"),
                        home.resolve("certificate.txt")),
                "The certificate was written. `grade`: POSITION or STANDSTILL.");
        examples.put(
                new RunEvent.Stopped(
                        new Problem(
                                ProblemCode.SOURCE_UNREACHABLE,
                                "the source db1:3306 does not answer",
                                "connection refused",
                                "start it, then run the same command again to resume")),
                "A problem stopped the run (docs/errors.md). The last event of such a run.");
        examples.put(
                new RunEvent.Ended(Outcome.FINISHED),
                "The last event otherwise. `outcome`: FINISHED, DIFFERENT or PAUSED.");
        return examples;
    }

    static String text() {
        var page =
                new StringBuilder(
                        """
                        # Events of `--json`

                        %s
                        `migrate --json` and `verify --json` write one JSON object a line to standard output. Each has `event`, `at` (UTC) and `project`; a
                        reader must tolerate fields that it does not know. Secrets never appear.

                        """
                                .formatted(Pages.NOTE));
        examples()
                .forEach((event, meaning) ->
                        page.append(
                                "## %s%n%n%s%n%n```json%n%s%n```%n%n"
                                        .formatted(event.kind(), meaning, line(event))));
        return page.toString().stripTrailing() + "\n";
    }

    private static String line(RunEvent event) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("event", event.kind());
        fields.put("at", AT);
        fields.put("project", "shop");
        fields.putAll(event.fields());
        return Json.line(fields);
    }

    private static Picture picture() {
        return new Picture(
                AT,
                List.of(
                        new Picture.OfStep(
                                Step.FULL_TRANSFER,
                                StepState.RUNNING,
                                3,
                                12,
                                184_213,
                                300_000,
                                52_428_800,
                                41_200,
                                12_400_000)),
                List.of(new Picture.OfTable("shop.orders", "loading", 120_000, 200_000)),
                new Lag(
                        Map.of(
                                Part.CAPTURE,
                                Duration.ofMillis(210),
                                Part.QUEUE,
                                Duration.ofMillis(300),
                                Part.APPLY,
                                Duration.ofMillis(600),
                                Part.TOTAL,
                                Duration.ofMillis(1_110)),
                        Map.of(
                                Part.TOTAL,
                                new Percentiles(
                                        Duration.ofMillis(950),
                                        Duration.ofMillis(1_300),
                                        Duration.ofMillis(2_400),
                                        Duration.ofMillis(2_512))),
                        Map.of(),
                        "the times in the source's log"),
                List.of(),
                List.of(),
                Optional.of("the target's commit"),
                Optional.of("at least until 2026-02-07T12:00:00Z (it keeps its log for 7d)"));
    }
}
