package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Takes the time and the CPU of a run. A server's CPU is that of its process; the client's is that
/// of the processes this JVM started during the run and waited for, with all that these waited for.
final class Stopwatch {
    /// Clock ticks a second in `/proc`, the same on every Linux that Java runs on.
    private static final double TICKS = 100;

    // Fields of /proc/PID/stat behind the name: state is 0.
    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int CHILDREN_UTIME = 13;
    private static final int CHILDREN_STIME = 14;

    private final Map<String, DatabaseServer> servers;

    Stopwatch(Map<String, DatabaseServer> servers) {
        this.servers = Map.copyOf(servers);
    }

    Measure time(Contestant.Run run) throws Exception {
        var before = cpu();
        var began = System.nanoTime();
        run.work();
        var seconds = (System.nanoTime() - began) / 1e9;
        var after = cpu();
        after.replaceAll((who, spent) -> spent - before.get(who));
        return new Measure(seconds, after);
    }

    private Map<String, Double> cpu() throws IOException {
        var cpu = new HashMap<String, Double>();
        cpu.put(Measure.CLIENT, ticks("self", CHILDREN_UTIME, CHILDREN_STIME) / TICKS);
        for (var server : servers.entrySet()) {
            var pid = Long.toString(server.getValue().pid());
            cpu.put(server.getKey(), ticks(pid, UTIME, STIME) / TICKS);
        }
        return cpu;
    }

    private static long ticks(String process, int first, int second) throws IOException {
        var stat = Files.readString(Path.of("/proc", process, "stat"));
        // The name is in parentheses and may hold any character.
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[first]) + Long.parseLong(fields[second]);
    }
}
