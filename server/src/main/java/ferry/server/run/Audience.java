package ferry.server.run;

/// Somebody who looks on while a project runs: a terminal, a log, a machine. Told by several
/// threads, but by one at a time.
@FunctionalInterface
public interface Audience {
    void tell(RunEvent event);
}
