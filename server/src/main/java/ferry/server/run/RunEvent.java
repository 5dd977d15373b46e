package ferry.server.run;

import ferry.engine.dialect.Finding;
import ferry.engine.problem.Problem;
import ferry.server.lifecycle.ProjectState;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepState;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// One thing that a run tells whoever looks on. As JSON it is one line with `event`, `at`,
/// `project` and the fields here.
public sealed interface RunEvent {
    /// The fields besides `event`, `at` and `project`, in their order.
    Map<String, Object> fields();

    /// The value of `event`.
    default String kind() {
        var name = getClass().getSimpleName();
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    private static Map<String, Object> told(Problem problem) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("code", problem.code().id());
        fields.put("name", problem.code());
        fields.put("what", problem.what());
        fields.put("why", problem.why());
        fields.put("do", problem.remedy());
        return fields;
    }

    /// The run begins; `until` is a word or the place where it stops, `resumed` is true when the
    /// project was started before.
    record Started(String source, String target, String until, boolean resumed, Path home)
            implements RunEvent {
        @Override
        public Map<String, Object> fields() {
            var fields = new LinkedHashMap<String, Object>();
            fields.put("source", source);
            fields.put("target", target);
            fields.put("until", until);
            fields.put("resumed", resumed);
            fields.put("home", home);
            return fields;
        }
    }

    /// The project reached another state.
    record ProjectChanged(ProjectState state) implements RunEvent {
        @Override
        public Map<String, Object> fields() {
            return Map.of("state", state);
        }
    }

    /// A step reached another state.
    record StepChanged(Step step, StepState state) implements RunEvent {
        @Override
        public Map<String, Object> fields() {
            var fields = new LinkedHashMap<String, Object>();
            fields.put("step", step);
            fields.put("state", state);
            return fields;
        }
    }

    /// One precheck item and how it ended.
    record Checked(Finding finding) implements RunEvent {
        @Override
        public Map<String, Object> fields() {
            var fields = new LinkedHashMap<String, Object>();
            fields.put("item", finding.item());
            fields.put("role", finding.role());
            fields.put("outcome", finding.outcome());
            fields.put("what", finding.what());
            fields.put("remedy", finding.remedy());
            fields.put("skippable", finding.skippable());
            return fields;
        }
    }

    /// How things stand, once a second.
    record Progressed(Picture picture) implements RunEvent {
        @Override
        public Map<String, Object> fields() {
            return picture.fields();
        }
    }

    /// Something worth a line in the story: a table loaded again, a connection tried again.
    record Told(String message) implements RunEvent {
        @Override
        public Map<String, Object> fields() {
            return Map.of("message", message);
        }
    }

    /// Something is going to stop the project unless somebody acts; nothing is stopped yet.
    record Warned(Problem problem) implements RunEvent {
        @Override
        public Map<String, Object> fields() {
            return RunEvent.told(problem);
        }
    }

    /// A table was compared.
    record Compared(Verdict verdict) implements RunEvent {
        @Override
        public Map<String, Object> fields() {
            return verdict.fields();
        }
    }

    /// The certificate was written.
    record Certified(boolean equal, String grade, Path json, Path text) implements RunEvent {
        @Override
        public Map<String, Object> fields() {
            var fields = new LinkedHashMap<String, Object>();
            fields.put("equal", equal);
            fields.put("grade", grade);
            fields.put("json", json);
            fields.put("text", text);
            return fields;
        }
    }

    /// A problem stopped the run.
    record Stopped(Problem problem) implements RunEvent {
        @Override
        public Map<String, Object> fields() {
            var fields = RunEvent.told(problem);
            fields.put("retryable", problem.code().retryable());
            return fields;
        }
    }

    /// The last event of a run that no problem stopped.
    record Ended(Outcome outcome) implements RunEvent {
        @Override
        public Map<String, Object> fields() {
            return Map.of("outcome", outcome);
        }
    }
}
