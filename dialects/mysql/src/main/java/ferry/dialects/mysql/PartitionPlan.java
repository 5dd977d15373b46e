package ferry.dialects.mysql;

import ferry.engine.dialect.SchemaPlan.Loss;
import ferry.engine.model.Table;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The partition clause that a target gets for that of a source table.
final class PartitionPlan {
    private static final Pattern ALGORITHM = Pattern.compile("(?i) ?\\bALGORITHM ?= ?\\d+");
    private static final Pattern STORAGE =
            Pattern.compile(
                    "(?i) ?\\b(?:COMMENT|DATA DIRECTORY|INDEX DIRECTORY|MAX_ROWS|MIN_ROWS|TABLESPACE|NODEGROUP) ?= ?(?:'(?:[^']|'')*'|`[^`]*`|\\w+)");

    private PartitionPlan() {}

    static Optional<String> of(MySqlServer target, Table source, List<Loss> losses) {
        return source.partitioning().flatMap(clause -> of(target, source, clause, losses));
    }

    private static Optional<String> of(
            MySqlServer target, Table source, String clause, List<Loss> losses) {
        var upper = clause.toUpperCase(Locale.ROOT);
        var version = target.version();
        var unknown = unknown(version, upper);
        if (unknown.isPresent()) {
            losses.add(
                    new Loss(
                            "partitions of " + source.name(),
                            unknown.get() + " is not known here: the table has no partitions",
                            false));
            return Optional.empty();
        }
        if (!version.isOceanBase()) {
            return Optional.of(clause);
        }
        var plain = ALGORITHM.matcher(clause).replaceAll("");
        var bare = STORAGE.matcher(plain).replaceAll("");
        if (!bare.equals(plain)) {
            losses.add(
                    new Loss(
                            "partitions of " + source.name(),
                            "comments and storage options of partitions are left out",
                            false));
        }
        return Optional.of(bare);
    }

    private static Optional<String> unknown(MySqlVersion target, String clause) {
        if (target.isOceanBase()) {
            return contains(clause, "LINEAR HASH", "LINEAR KEY", "SYSTEM_TIME");
        }
        if (target.isMySql()) {
            return contains(
                    clause,
                    "SUBPARTITION TEMPLATE",
                    "SYSTEM_TIME",
                    "PARTITION `DEFAULT`",
                    "VALUES IN (DEFAULT",
                    " DEFAULT ENGINE");
        }
        return contains(clause, "SUBPARTITION TEMPLATE");
    }

    private static Optional<String> contains(String clause, String... words) {
        for (var word : words) {
            if (clause.contains(word)) {
                return Optional.of(word);
            }
        }
        return Optional.empty();
    }
}
