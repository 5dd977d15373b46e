package ferry.dialects.toy;

import ferry.dialects.toy.ToyBooks.LaneRow;
import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.Fence;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Ferry's bookkeeping in a toy target.
final class ToyBookkeeping implements Bookkeeping {
    private final ToyConnection connection;
    private final ToyServer server;
    private final ToyBooks books;

    ToyBookkeeping(ToyConnection connection, ToyBooks books) {
        this.connection = connection;
        this.server = connection.server();
        this.books = books;
    }

    @Override
    public void create() {
        call(
                "bookkeeping.create",
                () -> {
                    books.create(server);
                    return null;
                });
    }

    @Override
    public boolean exists() {
        return call("bookkeeping.exists", () -> books.exist(server));
    }

    @Override
    public Optional<Owner> owner(String project) {
        return call(
                "bookkeeping.owner",
                () ->
                        !books.exist(server)
                                ? Optional.<Owner>empty()
                                : books.project(server, project)
                                        .map(row ->
                                                new Owner(
                                                        row.text(1), Long.parseLong(row.text(2)))));
    }

    @Override
    public Owner takeOver(String project, String identity, boolean force) {
        requireIdentity(project, identity);
        var recorded =
                call(
                        "bookkeeping.recorded",
                        () ->
                                books.lanes(server, project).stream()
                                        .map(LaneRow::connection)
                                        .filter(server::isAlive)
                                        .toList());
        if (!recorded.isEmpty() && !force) {
            throw ProblemException.of(
                    ProblemCode.OTHER_OWNER,
                    "another process works on project " + project,
                    "its connections " + recorded + " are alive",
                    "Stop it, or take the project over by force.");
        }
        call(
                "bookkeeping.kill",
                () -> {
                    recorded.forEach(server::kill); // when this returns they are gone
                    return null;
                });
        return call(
                "bookkeeping.raise",
                () -> transaction(transaction -> raise(transaction, project, identity)));
    }

    private void requireIdentity(String project, String identity) {
        var owner = owner(project);
        if (owner.isPresent() && !owner.get().identity().equals(identity)) {
            throw ProblemException.of(
                    ProblemCode.TARGET_FOREIGN,
                    "the target holds another project of the name " + project,
                    "its identity is " + owner.get().identity(),
                    "Choose another project name, or forget the old one.");
        }
    }

    private Owner raise(ToyTransaction transaction, String project, String identity) {
        var projects = server.table(books.projects());
        var wanted = Row.ofText(project, identity, "1");
        transaction.lock(projects, wanted);
        var found = projects.findRow(wanted);
        var epoch =
                found.isEmpty()
                        ? 1
                        : Long.parseLong(projects.row(found.get()).orElseThrow().text(2)) + 1;
        if (found.isEmpty()) {
            transaction.insert(projects, wanted);
        } else {
            if (!projects.row(found.get()).orElseThrow().text(1).equals(identity)) {
                requireIdentity(project, identity);
            }
            transaction.update(projects, found.get(), Row.ofText(project, identity, "" + epoch));
        }
        var lanes = server.table(books.lanes());
        for (var row : lanes.copy().values()) {
            var lane = LaneRow.of(row);
            if (lane.project().equals(project)) {
                transaction.lock(lanes, row);
                transaction.update(
                        lanes,
                        lanes.findRow(row).orElseThrow(),
                        new LaneRow(
                                        project,
                                        lane.lane(),
                                        epoch,
                                        lane.version(),
                                        lane.connection(),
                                        lane.checkpoint())
                                .row());
            }
        }
        return new Owner(identity, epoch);
    }

    @Override
    public LaneState lane(String project, String lane, long epoch) {
        call(
                "bookkeeping.endRecorded",
                () -> {
                    var owner = books.project(server, project);
                    if (owner.isEmpty() || Long.parseLong(owner.get().text(2)) != epoch) {
                        throw fenced(project, lane, epoch);
                    }
                    books.lanes(server, project).stream()
                            .filter(row -> row.lane().equals(lane))
                            .forEach(row -> server.kill(row.connection()));
                    return null;
                });
        return call(
                "bookkeeping.lane",
                () ->
                        transaction(transaction -> {
                            var projects = server.table(books.projects());
                            var key = Row.ofText(project, "", "0");
                            transaction.lock(
                                    projects,
                                    key); // against a take-over between this look and the new row
                            var owner = projects.findRow(key).flatMap(projects::row);
                            if (owner.isEmpty() || Long.parseLong(owner.get().text(2)) != epoch) {
                                throw fenced(project, lane, epoch);
                            }
                            var lanes = server.table(books.lanes());
                            var fresh = new LaneRow(project, lane, epoch, 0, 0, "");
                            transaction.lock(lanes, fresh.row());
                            var found = lanes.findRow(fresh.row());
                            if (found.isEmpty()) {
                                transaction.insert(lanes, fresh.row());
                                return new LaneState(new Fence(project, lane, epoch, 0), "");
                            }
                            var there = LaneRow.of(lanes.row(found.get()).orElseThrow());
                            return new LaneState(
                                    new Fence(project, lane, there.epoch(), there.version()),
                                    there.checkpoint());
                        }));
    }

    static ProblemException fenced(String project, String lane, long epoch) {
        return ProblemException.of(
                ProblemCode.FENCED,
                "lane " + lane + " of project " + project + " is not ours",
                "epoch " + epoch + " or its version has passed",
                "Nothing: the other process goes on.");
    }

    @Override
    public Map<String, String> checkpoints(String project, String lanes) {
        return call(
                "bookkeeping.checkpoints",
                () ->
                        books.lanes(server, project).stream()
                                .filter(row -> row.lane().startsWith(lanes))
                                .filter(row -> !row.checkpoint().isEmpty())
                                .collect(Collectors.toMap(LaneRow::lane, LaneRow::checkpoint)));
    }

    @Override
    public List<Entry> entries(String project, String kind) {
        return call(
                "bookkeeping.entries",
                () ->
                        books.ofProject(server, books.entries(), project).stream()
                                .filter(row -> row.text(1).equals(kind))
                                .map(row -> new Entry(kind, row.text(2), row.text(3)))
                                .toList());
    }

    @Override
    public void forget(String project) {
        call(
                "bookkeeping.forget",
                () ->
                        transaction(transaction -> {
                            for (var name :
                                    List.of(books.entries(), books.lanes(), books.projects())) {
                                books.ofProject(server, name, project)
                                        .forEach(row -> transaction.delete(name, row));
                            }
                            return null;
                        }));
    }

    private <T> T transaction(Function<ToyTransaction, T> work) {
        var transaction = connection.begin();
        try {
            var result = work.apply(transaction);
            transaction.commit();
            return result;
        } finally {
            transaction.rollback();
            connection.end();
        }
    }

    private <T> T call(String name, Supplier<T> work) {
        return connection.call(name, ProblemCode.TARGET_UNREACHABLE, work);
    }

    @Override
    public void close() {
        connection.close();
    }
}
