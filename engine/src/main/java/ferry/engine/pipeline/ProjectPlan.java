package ferry.engine.pipeline;

import ferry.engine.filter.TableMapping;
import ferry.engine.model.NamedPlace;
import ferry.engine.model.TableName;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// What a project is to do. `selection` gives the mapping of every source table that the objects
/// include. `retries`: in place of a comparison the recorded row errors with these ids are settled,
/// all of them if there are no ids.
public record ProjectPlan(
        Function<TableName, Optional<TableMapping>> selection,
        Set<Part> parts,
        Until until,
        boolean corrects,
        Optional<Set<String>> retries,
        Bounds bounds) {
    /// The part of the source's log that is wanted, where that is not all of it from now on: where
    /// it begins, in a project that loads nothing, and where the run ends, whatever `until` says.
    public record Bounds(Optional<NamedPlace> start, Optional<NamedPlace> stop) {
        public static final Bounds NONE = new Bounds(Optional.empty(), Optional.empty());
    }

    /// The steps that an operator chooses.
    public enum Part {
        SCHEMA,
        FULL,
        INCREMENTAL,
        VERIFICATION
    }

    /// When it is finished.
    public enum Until {
        /// Every chunk is in the target.
        LOADED,
        /// All that was committed when loading ended (or when this resumed run began) is applied,
        /// and every table was compared.
        VERIFIED,
        /// Never: it goes on applying.
        FOREVER
    }

    public ProjectPlan(
            Function<TableName, Optional<TableMapping>> selection,
            Set<Part> parts,
            Until until,
            boolean corrects) {
        this(selection, parts, until, corrects, Optional.empty(), Bounds.NONE);
    }

    public ProjectPlan {
        parts = Set.copyOf(parts);
    }

    /// The same without a source table that nobody may migrate.
    ProjectPlan without(Predicate<TableName> table) {
        return new ProjectPlan(
                name -> table.test(name) ? Optional.empty() : selection.apply(name),
                parts,
                until,
                corrects,
                retries,
                bounds);
    }

    public boolean has(Part part) {
        return parts.contains(part);
    }
}
