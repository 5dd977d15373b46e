package ferry.engine.governor;

/// What the last look at a sign or a throttle found. Words complete "waits for …".
sealed interface Seen {
    record Calm() implements Seen {}

    record Stressed(String why) implements Seen {}

    /// It could not be read.
    record Unknown(String why) implements Seen {}
}
