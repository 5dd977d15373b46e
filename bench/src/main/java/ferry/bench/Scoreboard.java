package ferry.bench;

import ferry.bench.Contestant.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The table of a contest, and its closing lines: one for each of Ferry's ways, with ratios below
/// one where Ferry is faster.
final class Scoreboard {
    private static final String HEAD = "%-28s %9s %10s %8s %9s %9s %9s %9s";
    private static final String LINE = "%-28s %7.2f s %10s %8.1f %8.2f× %7.2f s %8.2f× %8.0f%%";
    private static final double DECIDED = 0.1;

    private final Contest contest;
    private final Rounds rounds;

    Scoreboard(Contest contest, Rounds rounds) {
        this.contest = contest;
        this.rounds = rounds;
    }

    List<String> table() {
        var lines = new ArrayList<String>();
        lines.add(
                HEAD.formatted(
                        "", "median", "rows/s", "MB/s", "to limit", "CPU", "to limit", "client"));
        rounds.runs().keySet().forEach(contestant -> lines.add(line(contestant)));
        return lines;
    }

    private String line(Contestant contestant) {
        var median = rounds.median(contestant);
        var limit = rounds.named(contestant.limit());
        var amount = contest.amount();
        return String.format(
                Locale.ROOT,
                LINE,
                contestant.name(),
                median.seconds(),
                "%,d".formatted(Math.round(amount.rows() / median.seconds())),
                amount.bytes() / 1e6 / median.seconds(),
                rounds.ratio(contestant, limit),
                median.cpuSeconds(),
                rounds.cpuRatio(contestant, limit),
                100 * median.clientShare());
    }

    /// `bench=load way=insert limit_ratio=1.03 …`, one line for each of Ferry's ways.
    List<String> closing() {
        return rounds.runs().keySet().stream()
                .filter(contestant -> contestant.part() == Part.FERRY)
                .map(this::closing)
                .toList();
    }

    private String closing(Contestant ferry) {
        var limit = rounds.named(ferry.limit());
        var line = new StringBuilder("bench=" + contest.name());
        add(line, "way", ferry.name().replace(' ', '-'));
        add(line, "seconds", rounds.median(ferry).seconds());
        if (ferry.hasLimit()) {
            add(line, "limit", limit.name().replace(' ', '-'));
            add(line, "limit_ratio", rounds.ratio(ferry, limit));
            add(line, "limit_cpu_ratio", rounds.cpuRatio(ferry, limit));
        }
        var rival = bestRival();
        rival.ifPresent(best -> {
            add(line, "rival", best.name().replace(' ', '-'));
            add(line, "rival_ratio", rounds.ratio(ferry, best));
            add(line, "rival_cpu_ratio", rounds.cpuRatio(ferry, best));
        });
        add(line, "cpu_share", rounds.median(ferry).clientShare());
        var other = ferry.hasLimit() ? Optional.of(limit) : rival;
        other.ifPresent(judge ->
                add(line, "decided_by", rounds.spread(ferry, judge) <= DECIDED ? "clock" : "cpu"));
        return line.toString();
    }

    private Optional<Contestant> bestRival() {
        return rounds.runs().keySet().stream()
                .filter(contestant -> contestant.part() == Part.RIVAL)
                .min(Comparator.comparingDouble(rival -> rounds.median(rival).seconds()));
    }

    private static void add(StringBuilder line, String key, Object value) {
        line.append(' ').append(key).append('=');
        line.append(
                value instanceof Double number
                        ? String.format(Locale.ROOT, "%.2f", number)
                        : value);
    }
}
