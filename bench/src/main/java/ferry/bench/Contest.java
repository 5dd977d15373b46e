package ferry.bench;

import java.util.List;

/// A trial in which Ferry, limits and rivals do the same work in turns, and only ratios count.
non-sealed interface Contest extends Trial {
    /// Who does it, limits first. Contestants whose program is not installed are left out.
    List<Contestant> contestants();

    /// How much one run moves, for rows and megabytes a second.
    Amount amount();

    /// Throws if what the last run made is not what it should be. Not timed.
    void check(Contestant contestant) throws Exception;

    /// @param rows rows or changes
    /// @param bytes as the source holds them
    record Amount(long rows, long bytes) {}
}
