package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Finding;
import ferry.engine.dialect.PrecheckRequest;
import ferry.engine.dialect.Role;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Tests an endpoint before anything moves. Every item is reported, with OMS's name for it where
/// OMS has one.
final class MySqlPrechecks {
    /// Differences below this do no harm; Ferry measures lag with its own clock.
    private static final Duration CLOCK_DIFFERENCE_MAX = Duration.ofSeconds(5);

    private MySqlPrechecks() {}

    /// Opens a connection and runs all checks of the role; an endpoint that does not answer is one
    /// failed item.
    static List<Finding> run(
            Endpoint endpoint, Role role, PrecheckRequest request, Settings settings) {
        try (var connection =
                MySqlConnection.open(endpoint, role, MySqlSession.Use.PLAIN, settings)) {
            return run(connection.jdbc(), endpoint.type(), role, request, settings);
        } catch (ProblemException problem) {
            var told = problem.problem();
            return List.of(
                    Finding.failed(
                            "RDB_CONNECT",
                            role,
                            told.what() + ": " + told.why(),
                            remedy(endpoint, role, told)));
        }
    }

    /// Nothing is tried again here, unlike in a project at work: somebody must do something.
    private static String remedy(Endpoint endpoint, Role role, Problem told) {
        var section = role.name().toLowerCase(Locale.ROOT);
        var hosts =
                endpoint.hosts().stream()
                        .map(Endpoint.Host::toString)
                        .collect(Collectors.joining(", "));
        return switch (told.code()) {
            case SOURCE_UNREACHABLE, TARGET_UNREACHABLE, TARGET_BUSY ->
                    "Check that the server runs and listens at "
                            + hosts
                            + " (host and port under '"
                            + section
                            + "' in the project file), and that no firewall keeps this machine out";
            case SOURCE_REFUSED, TARGET_REFUSED ->
                    "Check username and password under '"
                            + section
                            + "' in the project file, and that the server lets the account '"
                            + endpoint.username()
                            + "' in from this machine";
            default -> told.remedy();
        };
    }

    /// Runs all checks of the role over a connection.
    static List<Finding> run(
            Connection connection,
            String endpointType,
            Role role,
            PrecheckRequest request,
            Settings settings) {
        var findings = new Findings(role);
        try {
            var server = MySqlServer.read(connection);
            findings.passed("RDB_CONNECT", "The server answers: " + server.version());
            version(findings, server, endpointType, role, request);
            clock(findings, connection, server);
            hashes(findings, connection);
            switch (role) {
                case SOURCE -> {
                    new SourceTableChecks(findings, connection, server, request).run();
                    if (request.readsLog()) {
                        new SourceLogChecks(findings, connection, server, request, settings).run();
                    }
                }
                case TARGET ->
                        new TargetChecks(findings, connection, server, request, settings).run();
            }
        } catch (SQLException failure) {
            findings.failed(
                    "RDB_CONNECT",
                    "The server refused a question of the precheck: " + failure.getMessage(),
                    "Check account and server");
        }
        return findings.all();
    }

    private static void version(
            Findings findings,
            MySqlServer server,
            String endpointType,
            Role role,
            PrecheckRequest request) {
        var version = server.version();
        var item = "DB_VERSION";
        var wanted =
                switch (endpointType) {
                    case "mariadb" -> MySqlFlavor.MARIADB;
                    case "oceanbase-mysql" -> MySqlFlavor.OCEANBASE;
                    default -> MySqlFlavor.MYSQL;
                };
        if (version.flavor() != wanted) {
            findings.failed(
                    item,
                    "The endpoint is declared as " + wanted.title() + " but is " + version,
                    "Write type: " + typeOf(version.flavor()) + " for this endpoint");
        } else if (version.isMySql() && !version.mySql(5, 6, 0)
                || version.isMariaDb() && !version.mariaDb(10, 2, 0)) {
            findings.failed(
                    item,
                    version + " is too old",
                    "The oldest versions supported are MySQL 5.6 and MariaDB 10.2");
        } else if (version.isOceanBase() && role == Role.SOURCE && request.readsLog()) {
            findings.failed(
                    item,
                    version + " has no log that could be read",
                    "Leave the step incremental out; a running OceanBase cannot be followed yet");
        } else {
            findings.passed(item, version + " is supported");
        }
    }

    private static String typeOf(MySqlFlavor flavor) {
        return switch (flavor) {
            case MYSQL -> "mysql";
            case MARIADB -> "mariadb";
            case OCEANBASE -> "oceanbase-mysql";
        };
    }

    private static void clock(Findings findings, Connection connection, MySqlServer server) {
        findings.check(
                "DB_TIME_SYNC",
                "Compare the clocks by hand",
                () -> {
                    var before = Instant.now();
                    var told = Sql.text(connection, "SELECT UTC_TIMESTAMP(6)").orElseThrow();
                    var after = Instant.now();
                    var theirs =
                            LocalDateTime.parse(told.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
                    var ours = before.plus(Duration.between(before, after).dividedBy(2));
                    var difference = Duration.between(ours, theirs);
                    if (difference.abs().compareTo(CLOCK_DIFFERENCE_MAX) > 0) {
                        findings.warned(
                                "DB_TIME_SYNC",
                                "The server's clock differs from this machine's by "
                                        + String.format(
                                                Locale.ROOT,
                                                "%.1f s",
                                                difference.toMillis() / 1000.0),
                                "Synchronise both clocks (NTP)");
                    } else {
                        findings.passed(
                                "DB_TIME_SYNC", "The server's clock agrees with this machine's");
                    }
                });
    }

    /// OceanBase before 4.2 has no SHA2, and a MySQL 5.6 that was built without TLS answers NULL.
    private static void hashes(Findings findings, Connection connection) {
        var item = "DB_CHECKSUM";
        var hash = Optional.<String>empty();
        try {
            hash = Sql.text(connection, "SELECT SHA2('', 224)");
        } catch (SQLException unknown) {
            // It has no such function.
        }
        if (hash.isPresent()) {
            findings.passed(item, "The server can compute checksums");
        } else {
            findings.failedSkippable(
                    item,
                    "The server has no function SHA2, with which rows are verified",
                    "Upgrade the server, or leave the verification out");
        }
    }

    /// Engines whose tables can be read at one moment and whose changes are logged as rows.
    static boolean isTransactional(String engine) {
        return Set.of("INNODB", "ROCKSDB", "MYROCKS", "TOKUDB", "XTRADB")
                .contains(engine.toUpperCase(Locale.ROOT));
    }
}
