package ferry.bench;

/// Somebody who does the work of a contest once a round.
///
/// @param name as it stands in the table, such as `mydumper`
/// @param part why it runs
/// @param limit the contestant that it is measured against; its own name if there is none
/// @param prepare makes everything as it must be before the run; not timed
/// @param run does the work; its time is taken
record Contestant(String name, Part part, String limit, Run prepare, Run run) {
    /// Why a contestant runs.
    enum Part {
        /// What is judged.
        FERRY,
        /// What the servers can do at best by the same method.
        LIMIT,
        /// What an operator could use instead.
        RIVAL,
        /// Only to be seen.
        SHOWN
    }

    @FunctionalInterface
    interface Run {
        void work() throws Exception;
    }

    /// Somebody who is measured against itself only, until [#against].
    static Contestant of(String name, Part part, Run prepare, Run run) {
        return new Contestant(name, part, name, prepare, run);
    }

    Contestant against(String other) {
        return new Contestant(name, part, other, prepare, run);
    }

    /// Whether somebody else sets its limit.
    boolean hasLimit() {
        return !limit.equals(name);
    }
}
