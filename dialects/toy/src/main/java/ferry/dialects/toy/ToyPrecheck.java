package ferry.dialects.toy;

import ferry.engine.config.ErrorSettings;
import ferry.engine.config.ErrorSettings.ExistingRows;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Finding;
import ferry.engine.dialect.PrecheckRequest;
import ferry.engine.dialect.Role;
import ferry.engine.model.ForeignKey;
import java.util.ArrayList;
import java.util.List;

/// What the toy tests before a project starts.
final class ToyPrecheck {
    private ToyPrecheck() {}

    static List<Finding> findings(
            ToyServer server, Role role, PrecheckRequest request, Settings settings) {
        return role == Role.SOURCE
                ? source(server, request)
                : target(server, request, settings.get(ErrorSettings.LOAD_EXISTING));
    }

    private static List<Finding> source(ToyServer server, PrecheckRequest request) {
        var findings = new ArrayList<Finding>();
        findings.add(
                server.prepared().isEmpty() || !request.readsLog()
                        ? Finding.passed("DB_XA", Role.SOURCE, "no XA transaction is prepared")
                        : request.logBegun()
                                ? Finding.warned(
                                        "DB_XA",
                                        Role.SOURCE,
                                        "XA transactions are prepared: " + server.prepared(),
                                        "Commit or roll them back soon.")
                                : Finding.failed(
                                        "DB_XA",
                                        Role.SOURCE,
                                        "XA transactions are prepared: " + server.prepared(),
                                        "Commit or roll them back: their rows stand in the log before its reading begins."));
        var cascading =
                request.tables().stream()
                        .filter(mapped ->
                                mapped.source().foreignKeys().stream()
                                        .anyMatch(ForeignKey::cascades))
                        .map(mapped -> mapped.source().name())
                        .toList();
        findings.add(
                cascading.isEmpty() || server.logsCascades() || !request.readsLog()
                        ? Finding.passed(
                                "DB_FOREIGN_REFERENCE",
                                Role.SOURCE,
                                "no change is missing from the log")
                        : Finding.failed(
                                "DB_FOREIGN_REFERENCE",
                                Role.SOURCE,
                                "the log does not hold what the foreign keys of "
                                        + cascading
                                        + " delete",
                                "Use a source that logs cascades, or drop CASCADE."));
        return findings;
    }

    private static List<Finding> target(
            ToyServer server, PrecheckRequest request, ExistingRows existing) {
        var findings = new ArrayList<Finding>();
        for (var mapped : request.tables()) {
            var holdsRows =
                    server.definition(mapped.target()).isPresent()
                            && !server.rows(mapped.target()).isEmpty();
            if (holdsRows && !request.resumed() && existing == ExistingRows.IGNORE) {
                findings.add(
                        Finding.warned(
                                "DB_TABLE_EMPTY",
                                Role.TARGET,
                                mapped.target() + " holds rows, which stay",
                                "Nothing, if that is wanted."));
                continue;
            }
            findings.add(
                    holdsRows && !request.resumed()
                            ? Finding.failed(
                                    "DB_TABLE_EMPTY",
                                    Role.TARGET,
                                    mapped.target() + " holds rows",
                                    "Empty the table, or choose another target.")
                            : Finding.passed(
                                    "DB_TABLE_EMPTY",
                                    Role.TARGET,
                                    mapped.target() + " holds no foreign rows"));
        }
        return findings;
    }
}
