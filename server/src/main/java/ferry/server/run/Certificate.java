package ferry.server.run;

import ferry.server.journal.Home;
import ferry.server.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is proved about a project's tables: at which position of the source's log each was found equal, or how it differs.
public record Certificate(
        String project, String source, String target, Instant at, Duration took, Grade grade, List<Verdict> verdicts) {
    public Certificate {
        verdicts = List.copyOf(verdicts);
    }

    /// How much the certificate says.
    public enum Grade {
        ONE_POSITION("all tables are equal at one position of the source's log"),
        EACH_ITS_OWN("each part of each table is equal, at a position of its own"),
        NOT_EQUAL("at least one table is not proved equal");

        private final String meaning;

        Grade(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    public boolean equal() {
        return grade != Grade.NOT_EQUAL;
    }

    public Map<String, Object> fields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("project", project);
        fields.put("source", source);
        fields.put("target", target);
        fields.put("at", at);
        fields.put("tookMillis", took);
        fields.put("grade", grade);
        fields.put("meaning", grade.meaning());
        fields.put("tables", verdicts.stream().map(Verdict::fields).toList());
        return fields;
    }

    /// The certificate as people read it.
    public String text() {
        var text = new StringBuilder();
        text.append("Certificate of project ").append(project).append('\n');
        text.append("  source   ").append(source).append('\n');
        text.append("  target   ").append(target).append('\n');
        text.append("  made     ").append(at).append(", in ").append(took.toSeconds()).append(" s\n");
        text.append("  grade    ").append(grade).append(": ").append(grade.meaning()).append("\n\n");
        for (var verdict : verdicts) {
            text.append(line(verdict)).append('\n');
        }
        var rows = verdicts.stream().mapToLong(Verdict::rows).sum();
        var equal = verdicts.stream().filter(Verdict::equal).count();
        text.append("\n  %d of %d tables equal, %,d rows compared%n".formatted(equal, verdicts.size(), rows));
        return text.toString();
    }

    /// Writes both forms into the home, each replaced as a whole.
    public RunEvent.Certified write(Home home) {
        replace(home.certificateJson(), Json.line(fields()) + "\n");
        replace(home.certificateText(), text());
        return new RunEvent.Certified(equal(), grade.name(), home.certificateJson(), home.certificateText());
    }

    private static String line(Verdict verdict) {
        var name = verdict.source().equals(verdict.target())
                ? verdict.source()
                : verdict.source() + " -> " + verdict.target();
        var line = new StringBuilder("  %-9s %-40s %,14d rows".formatted(verdict.result(), name, verdict.rows()));
        if (!verdict.equal()) {
            line.append("  source only %,d, target only %,d, mismatched %,d, unsettled %,d"
                    .formatted(verdict.sourceOnly(), verdict.targetOnly(), verdict.mismatched(), verdict.unsettled()));
        }
        if (verdict.corrected() > 0) {
            line.append("  corrected %,d".formatted(verdict.corrected()));
        }
        line.append("\n            at ").append(verdict.position());
        for (var sample : verdict.samples()) {
            line.append("\n            %s %s %s".formatted(sample.kind(), sample.key(), sample.detail()).stripTrailing());
        }
        return line.toString();
    }

    private static void replace(Path file, String text) {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Home.broken("the certificate " + file + " cannot be written", e);
        }
    }
}
