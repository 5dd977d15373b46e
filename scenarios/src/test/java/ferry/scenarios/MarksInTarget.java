package ferry.scenarios;

import ferry.engine.checkpoint.ChunkMark;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.dialect.Endpoint;
import ferry.engine.problem.ProblemException;
import ferry.server.run.Dialects;
import ferry.server.run.Project;
import ferry.testkit.servers.DatabaseServer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How far a project is by the target's bookkeeping, which is asked without the relay in front of
/// the target, if there is one.
record MarksInTarget(Project project, DatabaseServer target) {
    /// What the bookkeeping says; empty while it says nothing or does not answer.
    Optional<Marks> read() {
        var end = project.target();
        var hosts = List.of(new Endpoint.Host(target.host(), target.port()));
        var direct = new Endpoint(end.type(), hosts, end.username(), end.password(), end.options());
        var dialect = Dialects.installed().of(end);
        try (var bookkeeping = dialect.bookkeeping(direct, project.settings())) {
            if (!bookkeeping.exists()) {
                return Optional.empty();
            }
            var marks = new Marks(dialect::position);
            marks.read(bookkeeping, project.name());
            return Optional.of(marks);
        } catch (ProblemException e) {
            return Optional.empty();
        }
    }

    /// The marks of all chunks that are in the target.
    Set<ChunkMark> chunks() {
        var chunks = new HashSet<ChunkMark>();
        read().ifPresent(marks ->
                marks.tables().forEach(table -> chunks.addAll(marks.chunks(table))));
        return chunks;
    }

    /// True when there are tables, and each has come so far at least.
    boolean everyTable(Phase least) {
        return read().map(Marks::tables)
                .filter(tables -> !tables.isEmpty())
                .map(tables ->
                        tables.stream()
                                .map(TableMark::phase)
                                .allMatch(phase -> phase.compareTo(least) >= 0))
                .orElse(false);
    }
}
