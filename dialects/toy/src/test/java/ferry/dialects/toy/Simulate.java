package ferry.dialects.toy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Runs simulations from the command line: `./ferry simulate --seed N [--runs N] [--mutation NAME]
/// [--steps N] [--trace]`, or one history that is written by hand: `./ferry simulate --script NAME
/// [--mutation NAME]`.
public final class Simulate {
    private Simulate() {}

    public static void main(String[] arguments) {
        var seed = 1L;
        var runs = 1L;
        var mutation = Mutation.NONE;
        var steps = Simulation.STEPS_MAX;
        var trace = false;
        var script = Optional.<Script>empty();
        for (var i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--seed" -> seed = Long.parseLong(value(arguments, ++i));
                case "--runs" -> runs = Long.parseLong(value(arguments, ++i));
                case "--mutation" -> mutation = Mutation.named(value(arguments, ++i));
                case "--steps" -> steps = Long.parseLong(value(arguments, ++i));
                case "--script" -> script = Optional.of(Script.named(value(arguments, ++i)));
                case "--trace" -> trace = true;
                default ->
                        throw new IllegalArgumentException(
                                "unknown argument "
                                        + arguments[i]
                                        + "; known are --seed N, --runs N, --mutation NAME ("
                                        + names()
                                        + "), --steps N, --script NAME ("
                                        + Arrays.toString(Script.values())
                                        + "), --trace");
            }
        }
        if (script.isPresent()) {
            play(script.get(), mutation);
            return;
        }
        var failures = 0;
        for (var run = seed; run < seed + runs; run++) {
            failures += run(run, mutation, steps, trace || runs == 1) ? 0 : 1;
        }
        System.out.println(runs + " simulations, " + failures + " failed");
        if (failures > 0) {
            System.exit(1);
        }
    }

    private static void play(Script script, Mutation mutation) {
        try {
            script.play(mutation);
            System.out.println(script + " holds");
        } catch (Throwable failure) {
            failure.printStackTrace(System.out);
            System.out.println(
                    script + " FAILS: " + failure + "\n  replay: " + replay(script, mutation));
            System.exit(1);
        }
    }

    private static boolean run(long seed, Mutation mutation, long steps, boolean trace) {
        var simulation = new Simulation(seed, mutation, steps, trace);
        try {
            simulation.run();
            System.out.println(
                    "seed " + seed + " holds after " + simulation.world().steps() + " steps");
            return true;
        } catch (Throwable failure) {
            if (trace) {
                tail(simulation.trace()).forEach(System.out::println);
                failure.printStackTrace(System.out);
            }
            System.out.println(
                    "seed "
                            + seed
                            + " FAILS after "
                            + simulation.world().steps()
                            + " steps: "
                            + failure
                            + "\n  replay: "
                            + replay(seed, mutation)
                            + "\n  world: "
                            + simulation.describe());
            return false;
        }
    }

    /// The command that shows a failure again.
    static String replay(long seed, Mutation mutation) {
        return "./ferry simulate --seed " + seed + option(mutation);
    }

    static String replay(Script script, Mutation mutation) {
        return "./ferry simulate --script " + script + option(mutation);
    }

    private static String option(Mutation mutation) {
        return mutation.equals(Mutation.NONE) ? "" : " --mutation " + mutation.name();
    }

    private static List<String> tail(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - 20_000), lines.size());
    }

    private static String value(String[] arguments, int index) {
        if (index == arguments.length) {
            throw new IllegalArgumentException(arguments[index - 1] + " needs a value");
        }
        return arguments[index];
    }

    private static String names() {
        return Arrays.stream(Mutation.all().toArray(Mutation[]::new))
                .map(Mutation::name)
                .collect(Collectors.joining(", "));
    }
}
