package ferry.dialects.toy;

import java.time.Duration;

/// The wire between a client and a [ToyServer]: it decides what happens to each call. A simulation
/// interleaves, delays, loses and repeats nothing by itself: it does so here, where a real network
/// would.
public interface Line {
    /// Nothing ever happens to a call.
    Line CALM = call -> Fate.DELIVERED;

    /// Asked before a call is executed. May let other clients work meanwhile, and may throw.
    Fate before(String call);

    /// Told after a call was executed and before its reply is seen. May let other clients work
    /// meanwhile, and may throw.
    default void after(String call) {}

    /// A reader found nothing and would wait for so long.
    default void idle(Duration wait) {}

    enum Fate {
        /// Executed, and the reply arrives.
        DELIVERED,
        /// The connection broke before the call arrived: not executed.
        REQUEST_LOST,
        /// The connection broke after the call was executed: the caller cannot tell this from
        /// REQUEST_LOST.
        REPLY_LOST,
        /// The caller gave up, but the server executes the call later ([ToyServer#executeLate]),
        /// unless the connection is ended first.
        LATE
    }
}
