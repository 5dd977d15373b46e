package ferry.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// What a certificate says, in figures.
record Proof(
        boolean equal,
        String grade,
        int tables,
        long rows,
        long sourceOnly,
        long targetOnly,
        long mismatched) {
    /// Reads a certificate in its form for machines.
    static Proof of(Path certificateJson) {
        try (var reader = Files.newBufferedReader(certificateJson)) {
            // JSON is YAML.
            Map<String, Object> fields =
                    new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
            var tables =
                    ((List<?>) fields.get("tables"))
                            .stream().map(table -> (Map<?, ?>) table).toList();
            return new Proof(
                    (boolean) fields.get("equal"),
                    (String) fields.get("grade"),
                    tables.size(),
                    sum(tables, "rows"),
                    sum(tables, "sourceOnly"),
                    sum(tables, "targetOnly"),
                    sum(tables, "mismatched"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long sum(List<? extends Map<?, ?>> tables, String field) {
        return tables.stream().mapToLong(table -> ((Number) table.get(field)).longValue()).sum();
    }
}
