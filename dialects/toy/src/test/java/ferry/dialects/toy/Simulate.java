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
        try {
            simulate(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println("ferry simulate: " + wrong.getMessage());
            System.exit(2);
        }
    }

    private static void simulate(String[] arguments) {
        var seed = 1L;
        var runs = 1L;
        var mutation = Mutation.NONE;
        var steps = Simulation.STEPS_MAX;
        var trace = false;
        var script = Optional.<Script>empty();
        for (var i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--seed" -> seed = number(arguments, ++i);
                case "--runs" -> runs = number(arguments, ++i);
                case "--mutation" -> mutation = Mutation.named(value(arguments, ++i));
                case "--steps" -> steps = number(arguments, ++i);
                case "--script" -> script = Optional.of(Script.named(value(arguments, ++i)));
                case "--trace" -> trace = true;
                case "--help" -> {
                    System.out.println(usage());
                    return;
                }
                default ->
                        throw new IllegalArgumentException(
                                "there is no argument '" + arguments[i] + "'; --help lists all");
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

    private static long number(String[] arguments, int index) {
        var text = value(arguments, index);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
        }
    }

    private static String usage() {
        return """
        ./ferry simulate [--seed N] [--runs N] [--mutation NAME] [--steps N] [--trace]
        ./ferry simulate --script NAME [--mutation NAME]

          --seed N         the first history, chosen by its seed (1)
          --runs N         so many histories, with the seeds behind it too (1)
          --steps N        the steps after which a history is cut off (%d)
          --trace          print what led to a failure, also with --runs
          --script NAME    a history that is written by hand
          --mutation NAME  with one rule broken: it must be caught

        Mutations: %s
        Scripts: %s\
        """
                .formatted(
                        Simulation.STEPS_MAX,
                        Mutation.all().stream()
                                .map(Mutation::name)
                                .collect(Collectors.joining(", ")),
                        Arrays.stream(Script.values())
                                .map(Script::toString)
                                .collect(Collectors.joining(", ")));
    }
}
