package ferry.engine.dialect;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/// How one server feels: reads signs of stress, over one connection.
public interface Vitals extends AutoCloseable {
    /// What a server may tell of itself. A dialect reads what its servers have.
    enum Sign {
        /// Sessions that execute something at this moment.
        THREADS_RUNNING,
        /// Transactions whose old row versions are still kept (the history list of InnoDB).
        HISTORY_LENGTH,
        /// Seconds that it is behind the server that it replicates.
        REPLICA_LAG_SECONDS,
        /// Bytes of its logs.
        LOG_BYTES,
        /// Seconds for which it keeps its log; infinite if it drops nothing by age.
        LOG_KEPT_SECONDS,
        /// The fullest part of the memory that takes writes, in per cent of what stops them.
        MEMORY_PERCENT,
        /// CPU that it uses, in per cent of what it may use.
        CPU_PERCENT
    }

    /// The value of a sign; without a value `why` says why it cannot be read.
    record Reading(OptionalDouble value, String why) {
        public static Reading of(double value) {
            return new Reading(OptionalDouble.of(value), "");
        }

        public static Reading unreadable(String why) {
            return new Reading(OptionalDouble.empty(), why);
        }
    }

    /// Reads these signs; each has a reading.
    Map<Sign, Reading> read(Set<Sign> signs);

    /// The first value of the first row that an operator's query finds; 0 if it finds none or NULL.
    /// A query that is refused, or whose value is no number, is a problem.
    double query(String sql);

    @Override
    void close();
}
