package ferry.scenarios;

import java.time.Duration;
import java.util.Locale;
import java.util.Random;

/// What goes wrong in a soak, one blow after the other: the same seed makes the same plan, whatever
/// comes of it.
final class SoakPlan {
    private final Random random;
    private final Duration pauseMax;
    private int number;

    /// `pauseMax`: the longest time between two blows.
    SoakPlan(long seed, Duration pauseMax) {
        this.random = new Random(seed);
        this.pauseMax = pauseMax;
    }

    /// Whom a blow meets.
    enum Victim {
        FERRY,
        SOURCE,
        TARGET
    }

    /// What a blow does. Those from CUT on concern the connections between Ferry and a server.
    enum Deed {
        KILL,
        STOP,
        CUT,
        LOSE_REPLY,
        STALL,
        SLOW,
        REFUSE
    }

    /// One blow.
    ///
    /// @param after the time since the blow before it began
    /// @param length how long it lasts
    /// @param bytes of a server's replies that still arrive, where a reply is lost
    record Blow(int number, Duration after, Victim victim, Deed deed, Duration length, int bytes) {
        String text() {
            return "%d: %s for %d ms".formatted(number, words(), length.toMillis());
        }

        /// What it does to whom.
        String words() {
            return (deed.name() + " " + victim.name()).toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    Blow next() {
        var victim = Victim.values()[random.nextInt(Victim.values().length)];
        var deeds = victim == Victim.FERRY ? 2 : Deed.values().length;
        // Kills are half of all that is done, the rest is evenly spread.
        var deed = random.nextInt(5) < 2 ? Deed.KILL : Deed.values()[random.nextInt(deeds)];
        var lengthMax =
                switch (deed) {
                    case KILL -> 1_500;
                    case STOP, STALL, REFUSE -> 6_000;
                    case SLOW -> 10_000;
                    case CUT, LOSE_REPLY -> 1;
                };
        return new Blow(
                ++number,
                Duration.ofMillis(500 + (long) (random.nextDouble() * pauseMax.toMillis())),
                victim,
                deed,
                Duration.ofMillis(random.nextInt(lengthMax)),
                random.nextInt(20_000));
    }
}
