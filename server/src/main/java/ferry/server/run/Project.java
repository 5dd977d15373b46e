package ferry.server.run;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.filter.ObjectRules;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.server.journal.Redaction;
import ferry.server.lifecycle.Choice;
import ferry.server.lifecycle.Step;
import java.util.List;
import java.util.Set;

/// One source, one target, the objects and the chosen steps: what a project file says.
public record Project(
        String name,
        Endpoint source,
        Endpoint target,
        ObjectRules objects,
        Set<Choice> choices,
        Until until,
        Correct correct,
        Settings settings) {
    public Project {
        choices = Set.copyOf(choices);
    }

    public List<Step> plan() {
        return Step.plan(choices);
    }

    public Project with(Until newUntil) {
        return new Project(name, source, target, objects, choices, newUntil, correct, settings);
    }

    Project with(Set<Choice> newChoices) {
        return new Project(name, source, target, objects, newChoices, until, correct, settings);
    }

    Project named(String newName) {
        return new Project(newName, source, target, objects, choices, until, correct, settings);
    }

    public Project with(Correct newCorrect) {
        return new Project(name, source, target, objects, choices, until, newCorrect, settings);
    }

    /// Takes out of a text what must never be written in clear.
    public Redaction redaction() {
        return new Redaction(List.of(source.password().reveal(), target.password().reveal()));
    }
}
