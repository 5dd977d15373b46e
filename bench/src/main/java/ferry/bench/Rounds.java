package ferry.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Runs all contestants of a contest, in turns: each round begins with another one, so that what a
/// machine does meanwhile falls on all of them.
record Rounds(Map<Contestant, List<Measure>> runs) {
    static Rounds of(Contest contest, int rounds, Consumer<String> progress) throws Exception {
        var stopwatch = new Stopwatch(contest.servers());
        var contestants = contest.contestants();
        var runs = new LinkedHashMap<Contestant, List<Measure>>();
        contestants.forEach(contestant -> runs.put(contestant, new ArrayList<>()));
        for (var round = 0; round < rounds; round++) {
            for (var turn = 0; turn < contestants.size(); turn++) {
                var contestant = contestants.get((round + turn) % contestants.size());
                contestant.prepare().work();
                var measure = stopwatch.time(contestant.run());
                contest.check(contestant);
                runs.get(contestant).add(measure);
                progress.accept(
                        String.format(
                                Locale.ROOT,
                                "round %d of %d: %-28s %7.2f s, %6.2f s CPU",
                                round + 1,
                                rounds,
                                contestant.name(),
                                measure.seconds(),
                                measure.cpuSeconds()));
            }
        }
        return new Rounds(runs);
    }

    Measure median(Contestant contestant) {
        return Measure.median(runs.get(contestant));
    }

    /// The median over the rounds of this contestant's time divided by the other's in the same
    /// round.
    double ratio(Contestant contestant, Contestant other) {
        return Measure.middle(paired(contestant, other));
    }

    private List<Double> paired(Contestant contestant, Contestant other) {
        var ours = runs.get(contestant);
        var theirs = runs.get(other);
        var ratios = new ArrayList<Double>();
        for (var round = 0; round < ours.size(); round++) {
            ratios.add(ours.get(round).seconds() / theirs.get(round).seconds());
        }
        return ratios;
    }

    /// How far the paired ratios lie apart: the largest divided by the smallest, less one. Above
    /// 0.1 the clock decides nothing, and CPU seconds do.
    double spread(Contestant contestant, Contestant other) {
        var ratios = paired(contestant, other);
        var least = ratios.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        var most = ratios.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        return most / least - 1;
    }

    /// The same ratio of CPU seconds, over all rounds.
    double cpuRatio(Contestant contestant, Contestant other) {
        return median(contestant).cpuSeconds() / Math.max(0.001, median(other).cpuSeconds());
    }

    Contestant named(String name) {
        return runs.keySet().stream()
                .filter(contestant -> contestant.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
