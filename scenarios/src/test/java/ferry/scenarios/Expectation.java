package ferry.scenarios;

import ferry.engine.problem.ProblemCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// How a story must end, as its file `expect` says in lines of `word: value`:
///
/// * `pairs: mysql` restricts the usual pairs; the reason stands in `why.md`
/// * `also: PAIR …` adds pairs with other sources, `also: sources` all of them
/// * `alone: yes` for a story that disturbs others on the same server
/// * `outcome: equal`, or `outcome: problem CODE`, or `outcome: problem CODE, then equal` after the
///   moment `problem`
/// * `rows: COUNT TABLE` holds at both ends
/// * `loaded: again TABLE` or `loaded: once TABLE`
/// * `absent: TABLE` does not exist in the target
/// * `refused: KEY` is a key that the target cannot build; only keys told here may be refused
/// * `failed: ITEM` is a precheck item that must fail and is skipped
record Expectation(
        Set<Pair> pairs,
        boolean alone,
        Optional<ProblemCode> problem,
        boolean equal,
        Map<String, Long> rows,
        Map<String, Boolean> again,
        Set<String> absent,
        Set<String> refused,
        Set<String> failed) {
    Expectation {
        pairs = Set.copyOf(pairs);
        rows = Map.copyOf(rows);
        again = Map.copyOf(again);
        absent = Set.copyOf(absent);
        refused = Set.copyOf(refused);
        failed = Set.copyOf(failed);
    }

    static Expectation parse(String text) {
        var pairs = EnumSet.copyOf(Pair.usual());
        var also = EnumSet.noneOf(Pair.class);
        var problem = Optional.<ProblemCode>empty();
        var equal = false;
        var alone = false;
        var rows = new TreeMap<String, Long>();
        var again = new TreeMap<String, Boolean>();
        Map<String, List<String>> lists = new TreeMap<>();
        for (var line :
                text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList()) {
            var word = line.substring(0, line.indexOf(':'));
            var value = line.substring(line.indexOf(':') + 1).strip();
            var space = value.indexOf(' ');
            switch (word) {
                case "pairs" -> pairs = pairs(value);
                case "also" -> also.addAll(value.equals("sources") ? Pair.special() : pairs(value));
                case "alone" -> alone = value.equals("yes");
                case "outcome" -> {
                    equal = value.endsWith("equal");
                    if (value.startsWith("problem ")) {
                        problem = Optional.of(ProblemCode.valueOf(value.split("[ ,]")[1]));
                    } else if (!equal) {
                        throw new IllegalArgumentException("outcome '" + value + "' is not known");
                    }
                }
                case "rows" ->
                        rows.put(
                                value.substring(space + 1),
                                Long.parseLong(value.substring(0, space)));
                case "loaded" -> again.put(value.substring(space + 1), value.startsWith("again "));
                case "absent", "refused", "failed" ->
                        lists.computeIfAbsent(word, _ -> new ArrayList<>()).add(value);
                default ->
                        throw new IllegalArgumentException(
                                "expect: the word '" + word + "' is not known");
            }
        }
        pairs.addAll(also);
        return new Expectation(
                pairs,
                alone,
                problem,
                equal,
                rows,
                again,
                set(lists, "absent"),
                set(lists, "refused"),
                set(lists, "failed"));
    }

    private static EnumSet<Pair> pairs(String value) {
        var pairs = EnumSet.noneOf(Pair.class);
        for (var name : value.split(" ")) {
            pairs.add(Pair.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        return pairs;
    }

    private static Set<String> set(Map<String, List<String>> lists, String word) {
        return Set.copyOf(lists.getOrDefault(word, List.of()));
    }
}
