package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Role;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/// One connection with its session state; the only place that opens one, and the door to
/// [MySqlErrors].
///
/// Options of an endpoint: `tls` (`disable`, `require`; with `tls.ca` the server's certificate is
/// verified against that file, without it any certificate is accepted).
final class MySqlConnection implements AutoCloseable {
    private static final Set<String> OPTIONS = Set.of("tls", "tls.ca");

    /// The socket outlasts the statement's own limit, so that the server's message is seen first.
    private static final int SOCKET_SECONDS_MORE = 30;

    private final Connection jdbc;
    private final Role role;
    private final MySqlVersion version;
    private final String where;
    private final long id;

    private MySqlConnection(
            Connection jdbc, Role role, MySqlVersion version, String where, long id) {
        this.jdbc = jdbc;
        this.role = role;
        this.version = version;
        this.where = where;
        this.id = id;
    }

    /// Tries the endpoint's hosts in order. A refused login ends the search: the other hosts have
    /// the same accounts.
    static MySqlConnection open(
            Endpoint endpoint, Role role, MySqlSession.Use use, Settings settings) {
        var unreachable = new ArrayList<ProblemException>();
        for (var host : endpoint.hosts()) {
            try {
                return open(endpoint, host, role, use, settings);
            } catch (ProblemException problem) {
                if (!problem.code().retryable()) {
                    throw problem;
                }
                unreachable.add(problem);
            }
        }
        if (unreachable.isEmpty()) {
            throw configuration(
                    "the endpoint " + endpoint + " names no host", "Give it at least one host");
        }
        throw unreachable.getFirst();
    }

    private static MySqlConnection open(
            Endpoint endpoint,
            Endpoint.Host host,
            Role role,
            MySqlSession.Use use,
            Settings settings) {
        var where = host.toString();
        var flavor = flavor(endpoint.type());
        var url = "jdbc:mariadb://" + address(host) + "/";
        try {
            var jdbc = DriverManager.getConnection(url, properties(endpoint, use, settings));
            try {
                return prepared(jdbc, role, use, where, settings);
            } catch (SQLException | RuntimeException failure) {
                jdbc.close();
                throw failure;
            }
        } catch (SQLException failure) {
            throw MySqlErrors.problem(role, flavor, where, "connect", failure);
        }
    }

    private static MySqlConnection prepared(
            Connection jdbc, Role role, MySqlSession.Use use, String where, Settings settings)
            throws SQLException {
        var row = Sql.rows(jdbc, "SELECT VERSION(), @@version_comment, CONNECTION_ID()").getFirst();
        var oceanBase =
                row.get(0).contains("OceanBase") || row.get(1).startsWith("OceanBase")
                        ? Sql.text(jdbc, "SELECT OB_VERSION()")
                        : Optional.<String>empty();
        var version = MySqlVersion.of(row.get(0), row.get(1), oceanBase);
        for (var statement : MySqlSession.statements(version, use, settings)) {
            Sql.execute(jdbc, statement);
        }
        return new MySqlConnection(jdbc, role, version, where, Long.parseLong(row.get(2)));
    }

    private static Properties properties(
            Endpoint endpoint, MySqlSession.Use use, Settings settings) {
        var unknown =
                endpoint.options().keySet().stream()
                        .filter(name -> !OPTIONS.contains(name))
                        .sorted()
                        .toList();
        if (!unknown.isEmpty()) {
            throw configuration(
                    "the endpoint has the unknown option '" + unknown.getFirst() + "'",
                    "The options are " + sorted(OPTIONS));
        }
        var properties = new Properties();
        properties.putAll(
                Map.of(
                        "user",
                        endpoint.username(),
                        "password",
                        endpoint.password().reveal(),
                        "connectTimeout",
                        String.valueOf(settings.get(Settings.CONNECT_TIME).toMillis()),
                        "socketTimeout",
                        String.valueOf(
                                settings.get(Settings.STATEMENT_TIME)
                                        .plusSeconds(SOCKET_SECONDS_MORE)
                                        .toMillis()),
                        "allowPublicKeyRetrieval",
                        "true",
                        "tcpKeepAlive",
                        "true",
                        // Only the writer sends several statements at once, and every value in them
                        // is a literal that we wrote.
                        "allowMultiQueries",
                        String.valueOf(use == MySqlSession.Use.WRITE),
                        "allowLocalInfile",
                        String.valueOf(use == MySqlSession.Use.WRITE),
                        "cachePrepStmts",
                        "false",
                        "connectionAttributes",
                        "program_name:ferry"));
        properties.putAll(tls(endpoint.options()));
        return properties;
    }

    private static Map<String, String> tls(Map<String, String> options) {
        var ca = Optional.ofNullable(options.get("tls.ca"));
        return switch (options.getOrDefault("tls", ca.isPresent() ? "require" : "disable")) {
            case "disable" -> Map.of("sslMode", "disable");
            case "require" ->
                    ca.map(file -> Map.of("sslMode", "verify-ca", "serverSslCert", file))
                            .orElse(Map.of("sslMode", "trust"));
            default ->
                    throw configuration(
                            "the endpoint's option tls is '" + options.get("tls") + "'",
                            "Write disable or require");
        };
    }

    /// What the endpoint's type says about the server, until the server itself has told.
    private static MySqlFlavor flavor(String endpointType) {
        return switch (endpointType) {
            case "mariadb" -> MySqlFlavor.MARIADB;
            case "oceanbase-mysql" -> MySqlFlavor.OCEANBASE;
            default -> MySqlFlavor.MYSQL;
        };
    }

    private static String address(Endpoint.Host host) {
        return host.name().indexOf(':') >= 0 && !host.name().startsWith("[")
                ? "[" + host.name() + "]:" + host.port()
                : host.toString();
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    private static ProblemException configuration(String what, String remedy) {
        return ProblemException.of(
                ProblemCode.CONFIGURATION, "Could not connect: " + what, "it is not right", remedy);
    }

    Connection jdbc() {
        return jdbc;
    }

    MySqlVersion version() {
        return version;
    }

    Role role() {
        return role;
    }

    /// The server's number of this connection.
    long id() {
        return id;
    }

    /// The problem that a failure is; `deed` completes "Could not …".
    ProblemException problem(String deed, SQLException failure) {
        return MySqlErrors.problem(role, version.flavor(), where, deed, failure);
    }

    /// The first value of the first row as text; empty if there is none or it is NULL.
    Optional<String> text(String deed, String query) {
        try {
            return Sql.text(jdbc, query);
        } catch (SQLException failure) {
            throw problem(deed, failure);
        }
    }

    /// All rows as text; for small results only.
    List<List<String>> rows(String deed, String query) {
        try {
            return Sql.rows(jdbc, query);
        } catch (SQLException failure) {
            throw problem(deed, failure);
        }
    }

    /// Runs a query whose rows are taken off the wire.
    void stream(RowStream query) throws SQLException {
        query.run(driver());
    }

    /// The driver's own layer below JDBC.
    org.mariadb.jdbc.Connection driver() throws SQLException {
        return jdbc.unwrap(org.mariadb.jdbc.Connection.class);
    }

    /// Runs a statement; returns the rows that it found.
    long update(String deed, String statement) {
        try (var execution = jdbc.createStatement()) {
            execution.execute(statement);
            return Math.max(0, execution.getLargeUpdateCount());
        } catch (SQLException failure) {
            throw problem(deed, failure);
        }
    }

    /// Runs a statement that is given up after so long. The connection is lost then, and the server
    /// may still be at it.
    void updateWithin(Duration limit, String deed, String statement) {
        try (var execution = jdbc.createStatement()) {
            var usual = jdbc.getNetworkTimeout();
            jdbc.setNetworkTimeout(Runnable::run, (int) limit.toMillis());
            try {
                execution.execute(statement);
            } finally {
                if (!jdbc.isClosed()) {
                    jdbc.setNetworkTimeout(Runnable::run, usual);
                }
            }
        } catch (SQLException failure) {
            throw failure.getCause() instanceof SocketTimeoutException
                    ? MySqlErrors.notEnded(role, where, deed, limit)
                    : problem(deed, failure);
        }
    }

    /// Cuts the connection off without a word to the server.
    void abort() {
        try {
            jdbc.abort(Runnable::run);
        } catch (SQLException alreadyGone) {
            // Cut off is what was wanted.
        }
    }

    @Override
    public void close() {
        try {
            jdbc.close();
        } catch (SQLException alreadyGone) {
            // A connection that was lost cannot say goodbye.
        }
    }
}
