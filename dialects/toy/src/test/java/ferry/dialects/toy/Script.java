package ferry.dialects.toy;

import static ferry.dialects.toy.ScriptedProject.EVERYTHING;
import static ferry.dialects.toy.ScriptedProject.SOURCE_TABLE;
import static ferry.dialects.toy.ScriptedProject.TARGET_TABLE;

import ferry.engine.checkpoint.SkipOrder;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.Certificate;
import ferry.engine.pipeline.ProjectPlan.Part;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.simulation.Crash;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Histories of `docs/correctness.md` that need one certain moment, a stranger at the target, or
/// another source: written by hand, because chance writes them seldom.
enum Script {
    /// §1: a row comes between the moment that the end of the log is asked for and the read.
    INSERTED_BEFORE_THE_READ(project -> {
        createRows(project);
        project.at(
                "a",
                "load-0",
                "snapshot.read",
                4, // the last chunk, behind the three rows
                () -> project.atSource(insert(4, "d")));

        requireEqual(project, "a", false);
    }),

    /// §2b: a unique value is handed on between the reads of two chunks, while the target has the
    /// unique key already.
    UNIQUE_VALUE_HANDED_ON(project -> {
        var columns = "(id int(32) not null, v text(8), primary (id), unique v (v))";
        project.createSource("source", columns, row(1, "a"), row(3, "c"));
        project.target().execute("create table " + TARGET_TABLE + " " + columns);
        project.at(
                "a",
                "load-0",
                "snapshot.committed",
                3, // the first chunk was read; the second reaches up to the row 3
                () -> {
                    project.atSource(update(1, "a", "u"));
                    project.atSource(update(1, "u", "b"));
                    project.atSource(insert(2, "u"));
                });

        requireEqual(project, "a", false);
    }),

    /// §3: a definition changes behind the reading of the catalog.
    ALTERED_BEHIND_THE_CATALOG(project -> {
        createRows(project);
        project.at(
                "a",
                "conductor",
                "snapshot.logEnd",
                1,
                () -> project.source().execute(addColumn("int(16) default 7")));

        requireEqual(project, "a", false);
    }),

    /// §5a: an owner has read its lanes and is about to record the connection of the last one, when
    /// another one takes the project over and works; the first one wakes.
    REPLACED_OWNER_WAKES(project -> {
        createRows(project);
        requireEqual(project, "a", false);
        project.atSource(insert(4, "d"));
        project.at("a", "apply-0", "writer.begin", 2, () -> requireEqual(project, "b", false));

        requireProblem(ProblemCode.FENCED, () -> project.run("a", EVERYTHING, false));
        project.requireCopied();
    }),

    /// §5c: the old owner's DROP TABLE arrives when the new one has made the table.
    LATE_DROP_OF_THE_OLD_OWNER(project -> {
        createRows(project);
        project.fate(
                "a",
                "conductor",
                "writer.execute",
                1,
                () -> {
                    project.dieOfLoss();
                    return Line.Fate.LATE;
                });
        project.run("a", EVERYTHING, false);
        project.at("b", "load-0", "writer.insert", 1, project::executeLateCalls);

        requireEqual(project, "b", false);
    }),

    /// §5c: the same within one process, which has lost the connection.
    LATE_DROP_ON_A_LOST_CONNECTION(project -> {
        createRows(project);
        project.fate("a", "conductor", "writer.execute", 1, () -> Line.Fate.LATE);
        project.at("a", "load-0", "writer.insert", 1, project::executeLateCalls);

        requireEqual(project, "a", false);
    }),

    /// §5: the reply to the commit is lost that says that a table must be loaded again.
    RELOAD_OF_UNKNOWN_OUTCOME(project -> {
        createRows(project);
        requireEqual(project, "a", false);
        project.source().execute(addColumn("int(32) not null serial"));
        project.at(
                "a",
                "apply-0",
                "writer.put",
                1,
                () -> project.fateOfNext("apply-0", "writer.commit", () -> Line.Fate.REPLY_LOST));

        requireEqual(project, "a", false);
    }),

    /// §5: the same while a table is loaded that was altered and could not be read any more.
    RELOAD_IN_A_WINDOW_OF_UNKNOWN_OUTCOME(project -> {
        createRows(project);
        project.at(
                "a",
                "load-0",
                "snapshot.read",
                2,
                () -> {
                    project.source().execute("alter table shop.t drop column v");
                    project.fateOfNext("conductor", "writer.commit", () -> Line.Fate.REPLY_LOST);
                });

        requireEqual(project, "a", false);
    }),

    /// §5: a chunk cannot be read any more, and the connection is lost that takes it back.
    ROLLBACK_OF_A_CHUNK_IS_LOST(project -> {
        // One chunk: no other one can tell that the table is no longer what it was.
        project.createSource("source", "(a int(16), b text(4))", row(1, "a"), row(1, "a"));
        project.at(
                "a",
                "load-0",
                "snapshot.readExactly",
                1,
                () -> {
                    project.source().execute("alter table shop.t drop column b");
                    project.fateOfNext("load-0", "writer.rollback", () -> Line.Fate.REQUEST_LOST);
                });

        requireEqual(project, "a", false);
    }),

    /// §6: a home comes back with a log that ends before the place where another home admitted the
    /// table again, behind a change of its name.
    HOME_COMES_BACK(project -> {
        createRows(project);
        project.at("a", "load-0", "writer.commit", 3, crash("the first chunk"));
        project.run("a", EVERYTHING, false);
        project.source().execute("rename table shop.t to shop.between, shop.between to shop.t");
        project.at("b", "apply-0", "writer.begin", 1, crash("the end of the load"));
        project.run("b", EVERYTHING, false);
        project.atSource(insert(4, "d"));

        requireEqual(project, "a", false);
    }),

    /// §6: an owner is about to have the table admitted; another one takes the project over, has it
    /// admitted and copies a part; a copied row changes; the first one's log admits the table only
    /// then, and its home comes back.
    HOME_ADMITTED_LATER(project -> {
        createRows(project);
        project.at("b", "load-0", "writer.commit", 4, crash("two chunks"));
        project.at(
                "a",
                "conductor",
                "snapshot.logEnd",
                1,
                () -> {
                    project.run("b", EVERYTHING, false);
                    project.atSource(update(1, "a", "x"));
                });
        requireProblem(ProblemCode.FENCED, () -> project.run("a", EVERYTHING, false));

        requireEqual(project, "a", false);
    }),

    /// §6: the address of the source leads to another server; a project that reads no log must see
    /// it too.
    ANOTHER_SOURCE(project -> {
        var copyOnly = Set.of(Part.SCHEMA, Part.FULL);
        createRows(project);
        project.at("a", "load-0", "writer.commit", 3, crash("the first chunk"));
        project.run("a", copyOnly, false);

        project.createSource("another", columns(), row(1, "x"), row(2, "y"));

        requireProblem(ProblemCode.LOG_FOREIGN, () -> project.run("a", copyOnly, false));
    }),

    /// §10: the log changes a row between the two reads of its range, and the target loses that
    /// change: both checksums are of the row before.
    CHANGE_LOST_BETWEEN_READS(project -> {
        createRows(project);
        project.at(
                "a",
                "verify-0",
                "snapshot.checksum",
                2,
                () -> {
                    project.atSource(update(2, "b", "x"));
                    project.follow();
                    project.atTarget(transaction ->
                            transaction.update(TARGET_TABLE, row(2, "x"), row(2, "b")));
                });

        if (project.run("a", EVERYTHING, false).orElseThrow().equal()) {
            throw new SimulationFailure("a row that differs was certified as equal");
        }
    }),

    /// §10: NULL and the empty text are two values.
    NULL_BECOMES_EMPTY(project -> {
        project.createSource("source", columns(), row(1, null), row(2, "b"));
        requireEqual(project, "a", false);
        project.atTarget(transaction -> transaction.update(TARGET_TABLE, row(1, null), row(1, "")));

        if (project.run("a", EVERYTHING, false).orElseThrow().equal()) {
            throw new SimulationFailure("an empty text was certified as NULL");
        }
    }),

    /// §10: apply loses its connection, and with it what it had not stored, while it is asked to
    /// stand still behind the position of a table without a key.
    SET_BACK_BEFORE_IT_STANDS(project -> {
        project.createSource("source", "(a int(16), b text(4))", row(1, "a"), row(1, "a"));
        project.source().execute("create table shop.other (a int(16))");
        requireEqual(project, "a", false);
        project.at(
                "a",
                "verify-0",
                "snapshot.readExactly",
                1,
                () -> {
                    project.atSource(transaction ->
                            transaction.insert(new TableName("shop", "other"), Row.ofText("1")));
                    project.sleep(Duration.ofMinutes(1));
                    project.fateOfNext(
                            "apply-0",
                            "writer.commit",
                            () -> {
                                project.step("verify-0");
                                return Line.Fate.REQUEST_LOST;
                            });
                });

        requireEqual(project, "a", false);
    }),

    /// §10: a column comes and goes while the table is compared.
    ALTERED_TWICE_WHILE_COMPARED(project -> {
        createRows(project);
        project.at(
                "a",
                "verify-0",
                "snapshot.checksum",
                1,
                () -> {
                    project.atSource(update(2, "b", "x"));
                    project.source().execute(addColumn("int(16) default 7"));
                    project.follow();
                });
        project.at(
                "a",
                "verify-0",
                "snapshot.rows",
                2, // the target was read, and then the source
                () -> {
                    project.atSource(transaction ->
                            transaction.update(
                                    SOURCE_TABLE,
                                    Row.ofText("2", "x", "7"),
                                    Row.ofText("2", "y", "7")));
                    project.fateOfNext(
                            "conductor",
                            "writer.begin",
                            () -> {
                                project.source().execute("alter table shop.t drop column n");
                                project.follow();
                                return Line.Fate.DELIVERED;
                            });
                });

        requireEqual(project, "a", false);
    }),

    /// §10: an owner reads a target that another one has moved on meanwhile.
    REPLACED_OWNER_COMPARES(project -> {
        project.createSource("source", "(a int(16), b text(4))", row(1, "a"), row(1, "a"));
        requireEqual(project, "a", false);
        project.at(
                "a",
                "verify-0",
                "snapshot.readBucket",
                1,
                () -> {
                    project.atSource(insert(4, "d"));
                    requireEqual(project, "b", false);
                });

        requireProblem(ProblemCode.FENCED, () -> project.run("a", EVERYTHING, false));
    }),

    /// §10: while a row is corrected, the source deletes it.
    CORRECTED_ROW_IS_DELETED(project -> {
        createRows(project);
        requireEqual(project, "a", false);
        project.atTarget(
                transaction -> transaction.update(TARGET_TABLE, row(2, "b"), row(2, "damage")));
        project.at(
                "a",
                "correct-0",
                "writer.apply",
                1,
                () -> {
                    project.atSource(transaction -> transaction.delete(SOURCE_TABLE, row(2, "b")));
                    project.follow();
                });

        requireEqual(project, "a", true);
    }),

    /// §11: a statement was executed, and its reply is lost. Executed again it would be refused,
    /// and a project that does not fill tables cannot load this one again.
    STATEMENT_OF_UNKNOWN_OUTCOME(project -> {
        createRows(project);
        requireEqual(project, "a", false);
        project.source().execute(addColumn("int(16) default 7"));
        project.fate("a", "apply-0", "writer.execute", 1, () -> Line.Fate.REPLY_LOST);

        requireEqual(project, Set.of(Part.SCHEMA, Part.INCREMENTAL, Part.VERIFICATION), "a", false);
    }),

    /// §11: old rows get values in the order in which they happen to lie.
    COLUMN_NUMBERS_OLD_ROWS(project -> {
        project.createSource("source", columns(), row(3, "c"), row(2, "b"), row(1, "a"));
        requireEqual(project, "a", false);
        project.source().execute(addColumn("int(32) not null serial"));

        requireEqual(project, "a", false);
    }),

    /// §12: a stranger deletes a row of the target; the next change of the row must say so.
    STRANGER_AT_THE_TARGET(project -> {
        createRows(project);
        requireEqual(project, "a", false);
        project.atTarget(transaction -> transaction.delete(TARGET_TABLE, row(2, "b")));
        project.atSource(update(2, "b", "x"));

        requireProblem(ProblemCode.ROW_MISSING, () -> project.run("a", EVERYTHING, false));
    }),

    /// §12: a transaction is left out as somebody ordered, and the process dies of the reply that
    /// says so.
    LEFT_OUT_OF_UNKNOWN_OUTCOME(project -> {
        createRows(project);
        requireEqual(project, "a", false);
        project.atSource(update(2, "b", "x"));
        var order = SkipOrder.of("source:3", "somebody", "now", "a mistake").entry();
        project.atTarget(transaction ->
                transaction.insert(
                        new TableName("ferry", "entry"),
                        Row.ofText("scripted", order.kind(), order.name(), order.value())));
        project.at(
                "a",
                "apply-0",
                "writer.put",
                1,
                () -> {
                    project.dieOfLoss();
                    project.fateOfNext("apply-0", "writer.commit", () -> Line.Fate.REPLY_LOST);
                });

        project.run("a", EVERYTHING, false);
        project.run("a", EVERYTHING, false);
        if (!project.target().rows(TARGET_TABLE).contains(row(2, "b"))) {
            throw new SimulationFailure("a transaction that was left out was applied");
        }
    });

    private final Consumer<ScriptedProject> history;

    Script(Consumer<ScriptedProject> history) {
        this.history = history;
    }

    static Script named(String name) {
        return Stream.of(values())
                .filter(script -> script.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no script " + name));
    }

    /// Throws if the promise does not hold.
    void play(Mutation mutation) {
        var project = new ScriptedProject(mutation);
        history.accept(project);
        if (mutation.equals(Mutation.NONE)) {
            project.requireAllHappened();
        }
    }

    private static void createRows(ScriptedProject project) {
        project.createSource("source", columns(), row(1, "a"), row(2, "b"), row(3, "c"));
    }

    private static String columns() {
        return "(id int(32) not null, v text(8), primary (id))";
    }

    private static Row row(int id, String value) {
        return Row.ofText("" + id, value);
    }

    private static Consumer<ToyTransaction> insert(int id, String value) {
        return transaction -> transaction.insert(SOURCE_TABLE, row(id, value));
    }

    private static Consumer<ToyTransaction> update(int id, String before, String after) {
        return transaction -> transaction.update(SOURCE_TABLE, row(id, before), row(id, after));
    }

    private static String addColumn(String type) {
        return "alter table " + SOURCE_TABLE + " add column n " + type;
    }

    private static Runnable crash(String where) {
        return () -> {
            throw new Crash(where);
        };
    }

    /// The project ends from this home, certified, and the target is the source.
    private static void requireEqual(ScriptedProject project, String home, boolean corrects) {
        requireEqual(project, EVERYTHING, home, corrects);
    }

    private static void requireEqual(
            ScriptedProject project, Set<Part> parts, String home, boolean corrects) {
        var certificate = project.run(home, parts, corrects);
        if (!certificate.map(Certificate::equal).orElse(false)) {
            throw new SimulationFailure("the run from home " + home + " found differences");
        }
        project.requireCopied();
    }

    private static void requireProblem(ProblemCode code, Runnable run) {
        try {
            run.run();
        } catch (ProblemException e) {
            if (e.code() == code) {
                return;
            }
            throw e;
        }
        throw new SimulationFailure("nobody was told of " + code);
    }
}
