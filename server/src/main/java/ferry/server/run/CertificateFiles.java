package ferry.server.run;

import ferry.engine.checkpoint.RefusedKey;
import ferry.engine.pipeline.Certificate;
import ferry.server.journal.Home;
import ferry.server.journal.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// A certificate as JSON for machines and as text for people, both in the project's home.
record CertificateFiles(Certificate certificate) {
    List<Verdict> verdicts() {
        return Stream.concat(
                        certificate.tables().stream()
                                .map(report ->
                                        Verdict.of(
                                                report,
                                                certificate
                                                        .known()
                                                        .getOrDefault(report.table(), 0L))),
                        certificate.aside().stream().map(Verdict::of))
                .toList();
    }

    /// Writes both forms, each replaced as a whole.
    RunEvent.Certified write(Home home) {
        replace(home.certificateJson(), Json.line(fields()) + "\n");
        replace(home.certificateText(), text());
        return new RunEvent.Certified(
                certificate.equal(),
                certificate.grade().name(),
                home.certificateJson(),
                home.certificateText());
    }

    /// Writes the statements that would correct what differs, for an operator to read and run.
    void writeCorrections(Home home, List<String> statements) {
        var text = new StringBuilder();
        text.append("-- Makes the target of project ").append(certificate.project());
        text.append(" equal to what its source held at ").append(certificate.sourcePosition());
        text.append(
                ".\n-- Run it in a session whose time zone is UTC, and only if nothing else has changed");
        text.append(
                " these rows meanwhile;\n-- 'ferry verify --correct' looks at each row again.\n");
        statements.forEach(statement -> text.append('\n').append(statement).append(";\n"));
        replace(home.corrections(), text.toString());
    }

    Map<String, Object> fields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("project", certificate.project());
        fields.put("source", certificate.source());
        fields.put("target", certificate.target());
        fields.put("issued", certificate.issued());
        fields.put("equal", certificate.equal());
        fields.put("grade", certificate.grade());
        fields.put("meaning", meaning());
        fields.put("sourcePosition", certificate.sourcePosition());
        fields.put("tables", verdicts().stream().map(Verdict::fields).toList());
        fields.put(
                "refusedKeys",
                certificate.refusedKeys().stream().map(CertificateFiles::fields).toList());
        return fields;
    }

    String text() {
        var verdicts = verdicts();
        var text = new StringBuilder();
        text.append("Certificate of project ").append(certificate.project()).append("\n\n");
        text.append("  source    ").append(certificate.source()).append('\n');
        text.append("  target    ").append(certificate.target()).append('\n');
        text.append("  issued    ").append(certificate.issued()).append('\n');
        if (!certificate.sourcePosition().isEmpty()) {
            text.append("  position  ").append(certificate.sourcePosition()).append('\n');
        }
        text.append("  result    ")
                .append(certificate.equal() ? "EQUAL" : "NOT EQUAL")
                .append(", grade ");
        text.append(certificate.grade()).append("\n            ").append(meaning()).append("\n\n");
        verdicts.forEach(verdict -> text.append(lines(verdict)));
        text.append(
                String.format(
                        Locale.ROOT,
                        "%n  %d of %d tables equal, %,d rows compared%n",
                        verdicts.stream().filter(Verdict::equal).count(),
                        verdicts.size(),
                        verdicts.stream().mapToLong(Verdict::rows).sum()));
        if (!certificate.refusedKeys().isEmpty()) {
            text.append(
                    "\n  the target refused these keys of the source and goes on without them:\n");
            certificate
                    .refusedKeys()
                    .forEach(key -> text.append("    ").append(key.text()).append('\n'));
        }
        return text.toString();
    }

    private static Map<String, Object> fields(RefusedKey key) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("table", key.table());
        fields.put("key", key.object());
        fields.put("why", key.why());
        fields.put("statement", key.statement());
        return fields;
    }

    private String meaning() {
        return switch (certificate.grade()) {
            case POSITION ->
                    "each part of each table was compared at a position of its own; the source may have been written to meanwhile";
            case STANDSTILL ->
                    "nothing was committed to these tables at the source meanwhile, so all were compared at one position";
        };
    }

    private static String lines(Verdict verdict) {
        var lines =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "  %-10s %-44s %,14d rows",
                                verdict.result(),
                                verdict.name(),
                                verdict.rows()));
        if (!verdict.why().isEmpty()) {
            lines.append("\n             not compared: set aside: ").append(verdict.why());
        } else if (!verdict.equal()) {
            lines.append(
                    String.format(
                            Locale.ROOT,
                            "  source only %,d, target only %,d, mismatched %,d",
                            verdict.sourceOnly(),
                            verdict.targetOnly(),
                            verdict.mismatched()));
        }
        lines.append('\n');
        verdict.comparedText()
                .ifPresent(text -> lines.append("             ").append(text).append('\n'));
        verdict.knownText()
                .ifPresent(text -> lines.append("             ").append(text).append('\n'));
        verdict.samples()
                .forEach(
                        sample -> lines.append("             ").append(sample.text()).append('\n'));
        return lines.toString();
    }

    private static void replace(Path file, String text) {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(fresh, text);
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Home.broken("the certificate " + file + " cannot be written", e);
        }
    }
}
