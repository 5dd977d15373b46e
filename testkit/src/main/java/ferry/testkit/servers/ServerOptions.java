package ferry.testkit.servers;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// How a server is to differ from a lean one with GTIDs.
///
/// @param gtid whether MySQL numbers transactions; without, only file positions exist
/// @param flags further command line flags; they come last, so they win over the default ones
/// @param readyWithin how long a start may take
public record ServerOptions(boolean gtid, List<String> flags, Duration readyWithin) {
    /// Long enough for a crash recovery while other servers use the same two cores.
    private static final Duration READY_WITHIN = Duration.ofSeconds(90);

    public ServerOptions {
        Objects.requireNonNull(readyWithin, "readyWithin");
        flags = List.copyOf(flags);
    }

    /// Little memory, GTIDs, full row images, every commit flushed to disk.
    public static ServerOptions lean() {
        return new ServerOptions(true, List.of(), READY_WITHIN);
    }

    /// The same without GTIDs. Only MySQL can do without them.
    public ServerOptions withoutGtid() {
        return new ServerOptions(false, flags, readyWithin);
    }

    /// The same with further command line flags, such as `--binlog-row-image=MINIMAL`.
    public ServerOptions withFlags(String... more) {
        var all = Stream.concat(flags.stream(), Stream.of(more)).toList();
        return new ServerOptions(gtid, all, readyWithin);
    }

    /// The same with another limit for a start.
    public ServerOptions withReadyWithin(Duration limit) {
        return new ServerOptions(gtid, flags, limit);
    }
}
