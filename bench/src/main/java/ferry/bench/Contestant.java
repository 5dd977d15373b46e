package ferry.bench;

/// Somebody who does the work of a contest once a round.
///
/// @param name as it stands in the table, such as `mydumper`
/// @param part why it runs
/// @param limit the contestant that it is measured against; its own name for a limit
/// @param run does the work; its time is taken
record Contestant(String name, Part part, String limit, Run run) {
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

    static Contestant ferry(String name, String limit, Run run) {
        return new Contestant(name, Part.FERRY, limit, run);
    }

    static Contestant limit(String name, Run run) {
        return new Contestant(name, Part.LIMIT, name, run);
    }

    static Contestant rival(String name, String limit, Run run) {
        return new Contestant(name, Part.RIVAL, limit, run);
    }

    static Contestant shown(String name, String limit, Run run) {
        return new Contestant(name, Part.SHOWN, limit, run);
    }
}
