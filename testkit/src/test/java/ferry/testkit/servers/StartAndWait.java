package ferry.testkit.servers;

import java.nio.file.Path;

/// A JVM to be killed: starts a server of the kind named by its argument, tells its pid, its data
/// folder and its port, and waits for its input to end.
final class StartAndWait {
    private StartAndWait() {}

    public static void main(String[] arguments) throws Exception {
        var kind = ServerKind.valueOf(arguments[0]);
        // From a thread that ends at once, as tests do: the server must not end with it.
        var started = new DatabaseServer[1];
        var thread = Thread.ofPlatform().start(() -> started[0] = DatabaseServer.start(kind));
        thread.join();
        var server = started[0];
        Path folder = server.dataFolder();
        System.out.println(server.pid() + " " + folder + " " + server.port());
        if (System.in.read() >= 0) {
            server.query("SELECT 1");
            System.out.println("answers");
        }
        System.in.read();
    }
}
