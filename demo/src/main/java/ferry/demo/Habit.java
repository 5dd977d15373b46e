package ferry.demo;

import java.sql.SQLException;
import java.time.Duration;

/// Something that a writer does again and again, each time as one transaction.
///
/// @param name what it is, for messages
/// @param pause from the beginning of one to the beginning of the next, if the database keeps up
/// @param deed the statements; the commit follows
record Habit(String name, Duration pause, Deed deed) {
    @FunctionalInterface
    interface Deed {
        void with(Client client) throws SQLException;
    }

    static Habit perSecond(int times, String name, Deed deed) {
        return new Habit(name, Duration.ofNanos(1_000_000_000L / times), deed);
    }
}
