package ferry.server.run;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.filter.ObjectRules;
import ferry.engine.model.NamedPlace;
import ferry.engine.pipeline.ProjectPlan.Bounds;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.server.journal.Redaction;
import ferry.server.lifecycle.Choice;
import ferry.server.lifecycle.Step;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
        Settings settings,
        Bounds bounds) {
    public Project {
        choices = Set.copyOf(choices);
    }

    /// A project that takes the source's log as it comes.
    public Project(
            String name,
            Endpoint source,
            Endpoint target,
            ObjectRules objects,
            Set<Choice> choices,
            Until until,
            Correct correct,
            Settings settings) {
        this(name, source, target, objects, choices, until, correct, settings, Bounds.NONE);
    }

    public List<Step> plan() {
        return Step.plan(choices);
    }

    /// The same with another end, and without a place where it stops.
    public Project with(Until newUntil) {
        return new Project(
                name,
                source,
                target,
                objects,
                choices,
                newUntil,
                correct,
                settings,
                new Bounds(bounds.start(), Optional.empty()));
    }

    /// The same, stopping at a place of the source's log.
    public Project stoppingAt(NamedPlace place) {
        return new Project(
                name,
                source,
                target,
                objects,
                choices,
                Until.FOREVER,
                correct,
                settings,
                new Bounds(bounds.start(), Optional.of(place)));
    }

    /// The same, following the source from a place of its log on.
    Project startingAt(NamedPlace place) {
        return new Project(
                name,
                source,
                target,
                objects,
                choices,
                until,
                correct,
                settings,
                new Bounds(Optional.of(place), bounds.stop()));
    }

    Project with(Set<Choice> newChoices) {
        return new Project(
                name, source, target, objects, newChoices, until, correct, settings, bounds);
    }

    Project named(String newName) {
        return new Project(
                newName, source, target, objects, choices, until, correct, settings, bounds);
    }

    public Project with(Correct newCorrect) {
        return new Project(
                name, source, target, objects, choices, until, newCorrect, settings, bounds);
    }

    /// Where a run of it ends, in a word or by the place's name.
    public String end() {
        return bounds.stop().map(NamedPlace::text).orElse(until.name().toLowerCase(Locale.ROOT));
    }

    /// Takes out of a text what must never be written in clear.
    public Redaction redaction() {
        return new Redaction(List.of(source.password().reveal(), target.password().reveal()));
    }
}
