package ferry.server.run;

import ferry.engine.apply.Apply;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.RowError;
import ferry.engine.checkpoint.SkipOrder;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.Nearest;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Entry;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.server.journal.Home;
import ferry.server.journal.HomeLock;
import ferry.server.journal.Journal;
import ferry.server.lifecycle.Choice;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What an operator orders for a project while no process works on it: it is noted in the journal,
/// with who ordered it and why, and stands in the target's bookkeeping behind the project's fence,
/// where the next run finds it.
public final class Orders {
    private final Project project;
    private final Home home;
    private final Ends ends;
    private final By by;

    /// Who orders, why, and whether another owner that seems alive is to be ended.
    public record By(String user, String reason, boolean takeOver) {
        /// Whoever is logged in.
        public static By loggedIn(String reason, boolean takeOver) {
            return new By(System.getProperty("user.name", "unknown"), reason, takeOver);
        }
    }

    /// What an order puts into the bookkeeping, and what is told of it then.
    private record Deed(Entry entry, String told) {}

    public Orders(Project project, Home home, Dialects dialects, By by) {
        this.project = project;
        this.home = home;
        this.ends = Crossing.ends(project, dialects);
        this.by = by;
    }

    /// The row changes that were left out and not yet settled. For anybody, at any time.
    public static List<RowError> errors(Project project, Dialects dialects) {
        return known(Crossing.ends(project, dialects)).rowErrors();
    }

    /// Has a table loaded again from nothing; returns what is told of it.
    public String reload(String table) {
        return ordered("reload of table " + table, marks -> reload(marks, table));
    }

    /// Sets a table aside, as one that fails for good; returns what is told of it.
    public String setAside(String table) {
        return ordered("setting aside of table " + table, marks -> setAside(marks, table));
    }

    /// Has a transaction left out when it comes; returns what is told of it.
    public String skip(String written) {
        var id =
                ends.sourceDialect()
                        .globalId(written)
                        .orElseThrow(() ->
                                refused(
                                        "transaction '" + written + "' cannot be left out",
                                        "this is no global transaction id (GTID) of this kind of source",
                                        "write it as the source does, for instance 3e11fa47-71ca-11e1-9e33-c80aa9429562:23"));
        return ordered("skip of transaction " + id, marks -> leaveOut(marks, id));
    }

    /// Forgets a row error although nobody settled it; returns what is told of it.
    public String drop(String id) {
        return ordered("drop of row error " + id, marks -> drop(marks, id));
    }

    private Deed reload(Marks marks, String table) {
        var cannot = "table " + table + " cannot be loaded again";
        if (!project.choices().contains(Choice.FULL)) {
            throw refused(
                    cannot,
                    "the step full is not chosen, so its rows would not be copied",
                    "add full to steps, then order it again");
        }
        var mark = carried(marks, table, cannot);
        if (!mark.isAside()) {
            requireNothingBegun(cannot);
        }
        // The others go on meanwhile, from where they stand.
        var anew =
                Apply.checkpoint(ends)
                        .map(checkpoint -> mark.anew().apart(checkpoint.lowWater()))
                        .orElseGet(mark::anew);
        return new Deed(
                anew.entry(), "table " + table + " is loaded again by the next 'ferry migrate'");
    }

    private Deed setAside(Marks marks, String table) {
        var cannot = "table " + table + " cannot be set aside";
        var mark = carried(marks, table, cannot);
        if (mark.isAside()) {
            throw refused(
                    cannot,
                    "it was set aside already: " + mark.aside().orElse(""),
                    "'ferry reload' has it loaded again");
        }
        requireNothingBegun(cannot);
        return new Deed(
                mark.setAside("ordered by " + by.user() + ": " + by.reason()).entry(),
                "table "
                        + table
                        + " is set aside: the others go on by the next 'ferry migrate', and 'ferry reload' has it loaded again");
    }

    private static TableMark carried(Marks marks, String table, String cannot) {
        var names = marks.tables().stream().map(mark -> mark.name().toString()).toList();
        return marks.tables().stream()
                .filter(known -> known.name().toString().equals(table))
                .findFirst()
                .orElseThrow(() ->
                        refused(
                                cannot,
                                "the project does not carry it",
                                names.isEmpty()
                                        ? "run 'ferry migrate' first"
                                        : "write its name at the source; did you mean '"
                                                + Nearest.of(table, names)
                                                + "'?"));
    }

    /// What is there of a large transaction is counted with the changes of every table.
    private void requireNothingBegun(String cannot) {
        var begun = Apply.checkpoint(ends).flatMap(checkpoint -> checkpoint.begun());
        if (begun.isPresent()) {
            throw refused(
                    cannot + " now",
                    "a part of the large transaction "
                            + begun.get().id()
                            + " is in the target, and its rest is counted from there",
                    "run 'ferry migrate' until the transaction is applied, then order it again");
        }
    }

    private Deed leaveOut(Marks marks, String id) {
        var dialect = ends.sourceDialect();
        var checkpoint = Apply.checkpoint(ends);
        if (checkpoint.filter(at -> dialect.countsByGlobalIds(at.lowWater())).isEmpty()) {
            throw refused(
                    "transaction " + id + " cannot be left out",
                    "this project does not count transactions by global ids: it reads no log, or its source has no GTIDs",
                    "set the table aside (table.errors), or have its row changes recorded (apply.row.errors)");
        }
        var comesAgain =
                marks.tables().stream()
                        .flatMap(mark -> mark.neededFrom().stream())
                        .anyMatch(from -> !dialect.includes(ends.position(from), id));
        var applied =
                checkpoint.isPresent()
                        && !comesAgain
                        && (dialect.includes(checkpoint.get().lowWater(), id)
                                || checkpoint.get().above().stream()
                                        .anyMatch(other ->
                                                dialect.globalId(other)
                                                        .filter(id::equals)
                                                        .isPresent()));
        var begun =
                checkpoint
                        .flatMap(there -> there.begun())
                        .flatMap(part -> dialect.globalId(part.id()))
                        .filter(id::equals);
        if (applied || begun.isPresent()) {
            throw refused(
                    "transaction " + id + " cannot be left out",
                    begun.isPresent()
                            ? "a part of it is in the target already"
                            : "it was applied already, or lies before the beginning of the project",
                    "nothing is left out; 'ferry verify' compares what the target holds");
        }
        var order = SkipOrder.of(id, by.user(), Instant.now().toString(), by.reason());
        return new Deed(order.entry(), order.text());
    }

    private Deed drop(Marks marks, String id) {
        var error =
                marks.rowErrors().stream()
                        .filter(known -> known.id().equals(id))
                        .findFirst()
                        .orElseThrow(() ->
                                refused(
                                        "row error " + id + " cannot be dropped",
                                        "nothing is recorded under this id",
                                        "'ferry errors' lists them"));
        return new Deed(
                error.removal(),
                "row error %s of %s (%s) is forgotten; the row stays as it is"
                        .formatted(id, error.table(), error.keyShown()));
    }

    /// The journal knows of an order before the target does: what has an effect was noted.
    private String ordered(String what, Function<Marks, Deed> order) {
        try (var lock = HomeLock.take(home.create());
                var journal = Journal.open(lock, project.redaction())) {
            var marks = known(ends);
            long epoch;
            try (var bookkeeping = ends.bookkeeping()) {
                var owner = bookkeeping.owner(project.name()).orElseThrow();
                epoch =
                        bookkeeping
                                .takeOver(project.name(), owner.identity(), by.takeOver())
                                .epoch();
                marks.read(bookkeeping, project.name());
            }
            try (var lane = new Lane(ends, "orders", epoch)) {
                lane.open();
                journal.note(what + " was ordered by " + by.user() + ": " + by.reason());
                Deed deed;
                try {
                    deed = order.apply(marks);
                } catch (ProblemException e) {
                    journal.note(what + ": not done: " + e.problem().why());
                    throw e;
                }
                put(lane, journal, what, deed);
                return deed.told();
            }
        }
    }

    /// A commit whose reply was lost may have been done: the target tells.
    private void put(Lane lane, Journal journal, String what, Deed deed) {
        try {
            lane.transaction(lane.checkpoint(), writer -> writer.put(List.of(deed.entry())));
        } catch (ProblemException e) {
            if (e.code().retryable() && !isKnownUndone(lane, journal, what, deed, e)) {
                journal.note(what + ": done, though the reply was lost");
                return;
            }
            journal.note(what + ": not done: " + e.problem().why());
            throw e;
        }
        journal.note(what + ": done");
    }

    /// False if the order stands in the target.
    private boolean isKnownUndone(
            Lane lane, Journal journal, String what, Deed deed, ProblemException lost) {
        try {
            lane.close();
            lane.open(); // behind the end of what is under way
            return !stands(deed.entry());
        } catch (ProblemException e) {
            journal.note(what + ": outcome unknown: " + lost.problem().why());
            throw new ProblemException(
                    new Problem(
                            lost.code(),
                            "it is not known whether this was done: " + what,
                            lost.problem().why(),
                            "once the target answers, order it again: what was done already is told then"),
                    lost);
        }
    }

    private boolean stands(Entry wanted) {
        try (var bookkeeping = ends.bookkeeping()) {
            var there =
                    bookkeeping.entries(project.name(), wanted.kind()).stream()
                            .filter(entry -> entry.name().equals(wanted.name()))
                            .findFirst();
            return wanted.value().isEmpty() ? there.isEmpty() : there.equals(Optional.of(wanted));
        }
    }

    private static Marks known(Ends ends) {
        return Marks.known(ends)
                .orElseThrow(() ->
                        refused(
                                "project " + ends.project() + " is not known to the target",
                                "nothing was begun there",
                                "run 'ferry migrate' first, or give the address of the right server"));
    }

    private static ProblemException refused(String what, String why, String remedy) {
        return ProblemException.of(ProblemCode.CONFIGURATION, what, why, remedy);
    }
}
