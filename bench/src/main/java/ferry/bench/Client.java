package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.util.Locale;

/// The command line client, as an operator would type it.
final class Client {
    private Client() {}

    static boolean isInstalled() {
        return Shell.has("mysql");
    }

    static String mysql(DatabaseServer server, String options) {
        return "mysql --no-defaults " + place(server) + " " + options;
    }

    /// How every program of the MySQL family is told where its server is.
    static String place(DatabaseServer server) {
        return String.format(
                Locale.ROOT,
                "--host=%s --port=%d --user=%s",
                server.host(),
                server.port(),
                server.user());
    }
}
