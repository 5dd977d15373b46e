package ferry.server.run;

import ferry.engine.changelog.FileLogStore;
import ferry.engine.checkpoint.RefusedKey;
import ferry.engine.checkpoint.RowError;
import ferry.engine.config.Rules;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Finding;
import ferry.engine.dialect.Role;
import ferry.engine.filter.Selection;
import ferry.engine.model.Change;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.Certificate;
import ferry.engine.pipeline.Pipeline;
import ferry.engine.pipeline.PipelineRunner;
import ferry.engine.pipeline.Progress;
import ferry.engine.pipeline.ProjectPlan;
import ferry.engine.pipeline.ProjectPlan.Part;
import ferry.engine.pipeline.Stage;
import ferry.engine.pipeline.TimedDialect;
import ferry.engine.precheck.Precheck;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemException;
import ferry.engine.verify.Difference;
import ferry.server.journal.Home;
import ferry.server.lifecycle.Choice;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One project on its way through the engine, in this process: runs the pipeline's loops until its
/// end is reached or a stop is wanted.
final class Crossing implements AutoCloseable {
    /// Told about while a crossing is under way, by any thread.
    interface Listener {
        /// A new stage has begun.
        void seen(Progress progress);

        void told(String message);

        void warned(Problem problem);

        /// Something that belongs into the project's history as well.
        void noted(String message);
    }

    private final Ends ends;
    private final Project project;
    private final FileLogStore store;
    private final Pipeline pipeline;
    private final PipelineRunner runner;
    private final Listener listener;
    private final AtomicReference<String> lastRetry = new AtomicReference<>("");
    private final Set<RefusedKey> refusedTold = new HashSet<>();
    private final Set<String> noticesTold = new HashSet<>();
    private final Set<String> noted = new HashSet<>();
    private Stage stageSeen = Stage.OPENING;

    private Crossing(
            Ends ends,
            Project project,
            Home home,
            boolean takeOver,
            Optional<Set<String>> retries,
            Listener listener) {
        this.ends = ends;
        this.project = project;
        this.listener = listener;
        try {
            this.store = new FileLogStore(home.changeLog());
        } catch (IOException e) {
            throw Home.broken("the change log in " + home.changeLog() + " cannot be opened", e);
        }
        this.pipeline = new Pipeline(ends, plan(project, retries), store, takeOver);
        this.runner = new PipelineRunner(pipeline, project.settings(), this::retried);
    }

    /// `takeOver` ends another owner that seems alive.
    static Crossing open(
            Project project, Dialects dialects, Home home, boolean takeOver, Listener listener) {
        return new Crossing(
                ends(project, dialects), project, home, takeOver, Optional.empty(), listener);
    }

    /// The same, to settle recorded row errors in place of a comparison.
    static Crossing retrying(
            Project project,
            Dialects dialects,
            Home home,
            boolean takeOver,
            Set<String> ids,
            Listener listener) {
        return new Crossing(
                ends(project, dialects), project, home, takeOver, Optional.of(ids), listener);
    }

    static Ends ends(Project project, Dialects dialects) {
        return new Ends(
                project.name(),
                TimedDialect.of(dialects.of(project.source())),
                project.source(),
                TimedDialect.of(dialects.of(project.target())),
                project.target(),
                project.settings(),
                Rules.ALL,
                InstantSource.system());
    }

    /// Throws at once if the source does not answer: a project at work tries again for long, but
    /// whoever begins wants to know.
    static void requireSource(Project project, Dialects dialects) {
        ends(project, dialects).sourceCatalog().close();
    }

    /// Loads all tables again but these; before the first step.
    void reloadAfterGap(Set<TableName> unaffected) {
        pipeline.reloadAfterGap(unaffected);
    }

    /// Tests both ends; every item is reported.
    List<Finding> precheck() {
        var precheck =
                new Precheck(
                        ends,
                        project.objects()::mapping,
                        new Precheck.Work(
                                project.choices().contains(Choice.SCHEMA),
                                project.choices().contains(Choice.FULL),
                                project.choices().contains(Choice.INCREMENTAL)),
                        store);
        var findings = new ArrayList<>(precheck.run());
        ruleFindings(precheck.aside()).stream()
                .filter(finding ->
                        findings.stream().noneMatch(other -> other.what().equals(finding.what())))
                .forEach(findings::add);
        return List.copyOf(findings);
    }

    /// Does the project's steps until its end is reached or a stop is wanted; a problem is thrown.
    Outcome cross(Stop stop) throws InterruptedException {
        if (!runner.run(stop::requested, this::look)) {
            return Outcome.PAUSED;
        }
        // What was set aside or left out is not what it should be, whether somebody compared it or
        // not.
        var whole = !pipeline.tablesAside() && pipeline.rowErrors().isEmpty();
        return certificate().map(Certificate::equal).orElse(whole)
                ? Outcome.FINISHED
                : Outcome.DIFFERENT;
    }

    private void look() {
        var now = pipeline.stage();
        tellRefusedKeys(); // behind the look at the stage: what led to the last one is told too
        pipeline.warnings().stream()
                .filter(problem -> noted.add(problem.toString()))
                .forEach(listener::warned);
        pipeline.decisions().stream().filter(noted::add).forEach(listener::noted);
        if (now != stageSeen) {
            stageSeen = now;
            if (now == Stage.FINISHED) {
                pipeline.stoppedAt().ifPresent(listener::noted);
            }
            listener.seen(progress());
        }
    }

    Progress progress() {
        return runner.progress();
    }

    /// What the last verification proved; empty if none ended.
    Optional<Certificate> certificate() {
        return pipeline.certificate();
    }

    /// The statements that would correct the differences that the last verification left.
    List<String> corrections() {
        var reports =
                certificate().stream()
                        .flatMap(found -> found.tables().stream())
                        .filter(report -> !report.differences().isEmpty())
                        .toList();
        if (reports.isEmpty()) {
            return List.of();
        }
        try (var catalog = ends.targetCatalog()) {
            return reports.stream()
                    .flatMap(report ->
                            report.differences().stream()
                                    .flatMap(Crossing::changes)
                                    .map(change -> catalog.correction(report.target(), change)))
                    .toList();
        }
    }

    /// What has to happen at the target, once for each of equal rows.
    private static Stream<Change> changes(Difference difference) {
        var change =
                switch (difference.kind()) {
                    case MASTER_ONLY -> new Change.Insert(difference.expected().orElseThrow());
                    case IMAGE_ONLY -> new Change.Delete(difference.actual().orElseThrow());
                    case MISMATCHED ->
                            new Change.Update(
                                    difference.actual().orElseThrow(),
                                    difference.expected().orElseThrow());
                };
        return Stream.generate(() -> (Change) change).limit(difference.count());
    }

    @Override
    public void close() {
        try {
            pipeline.close();
        } finally {
            store.close();
        }
    }

    /// What the object rules say about the source's tables: rules that select nothing, names that
    /// meet in a target that folds letter case, and tables with two conditions. Rules are idle if
    /// they select none of all tables, and in conflict over those that move.
    private List<Finding> ruleFindings(Set<TableName> aside) {
        try (var source = ends.sourceCatalog();
                var target = ends.targetCatalog()) {
            var tables = source.tables();
            var moving = tables.stream().filter(name -> !aside.contains(name)).toList();
            var selection = selection(project, moving, target);
            var findings = new ArrayList<Finding>();
            selection
                    .conflicts()
                    .forEach(what ->
                            findings.add(
                                    Finding.failed(
                                            "DB_TABLE_NAME_UNIQUE",
                                            Role.TARGET,
                                            what,
                                            "Rename one of them under objects.rename")));
            selection
                    .unclear()
                    .forEach(what ->
                            findings.add(
                                    Finding.failed(
                                            "DB_ROW_CONDITION",
                                            Role.SOURCE,
                                            what,
                                            "Keep one of them under objects.where or objects.columns")));
            selection(project, tables, target)
                    .idle()
                    .forEach(what ->
                            findings.add(
                                    Finding.warned(
                                            "RDB_TABLE_EXIST",
                                            Role.SOURCE,
                                            what,
                                            "Correct the rule, or remove it")));
            return findings;
        } catch (ProblemException e) {
            return List.of(); // the dialects' own checks say why an end cannot be asked
        }
    }

    /// What the object rules make of these tables in this target.
    static Selection selection(Project project, List<TableName> tables, Catalog target) {
        var folds = !target.facts().getOrDefault("lower_case_table_names", "0").equals("0");
        return project.objects().select(tables, folds);
    }

    private void retried(Loop loop, ProblemException problem) {
        var text =
                loop.name()
                        + " tries again: "
                        + problem.problem().code().id()
                        + " "
                        + problem.problem().what()
                        + ": "
                        + problem.problem().why();
        if (!text.equals(lastRetry.getAndSet(text))) {
            listener.told(text);
        }
    }

    /// Once in every run: a key that the target lacks stays lacking after a resume.
    private void tellRefusedKeys() {
        for (var key : pipeline.refusedKeys()) {
            if (refusedTold.add(key)) {
                listener.told(key.text());
            }
        }
        for (var notice : pipeline.notices()) {
            if (noticesTold.add(notice)) {
                listener.told(notice);
            }
        }
    }

    /// The row changes that were left out and not yet settled.
    List<RowError> rowErrors() {
        return pipeline.rowErrors();
    }

    private static ProjectPlan plan(Project project, Optional<Set<String>> retries) {
        return new ProjectPlan(
                project.objects()::mapping,
                project.choices().stream()
                        .map(Crossing::part)
                        .collect(Collectors.toUnmodifiableSet()),
                project.until(),
                project.correct() == Correct.AUTOMATIC,
                retries,
                project.bounds());
    }

    private static Part part(Choice choice) {
        return switch (choice) {
            case SCHEMA -> Part.SCHEMA;
            case FULL -> Part.FULL;
            case INCREMENTAL -> Part.INCREMENTAL;
            case VERIFICATION -> Part.VERIFICATION;
        };
    }
}
