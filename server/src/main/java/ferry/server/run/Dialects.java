package ferry.server.run;

import ferry.engine.dialect.Ability;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Role;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.server.lifecycle.Choice;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/// The database families that this Ferry was built with.
public record Dialects(List<Dialect> all) {
    public Dialects {
        all = List.copyOf(all);
    }

    public static Dialects installed() {
        var found =
                ServiceLoader.load(Dialect.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();
        if (found.isEmpty()) {
            throw new IllegalStateException("no dialect is on the class path");
        }
        return new Dialects(found);
    }

    public Set<String> endpointTypes() {
        var types = new TreeSet<String>();
        all.forEach(dialect -> types.addAll(dialect.endpointTypes()));
        return types;
    }

    public Dialect of(Endpoint endpoint) {
        return all.stream()
                .filter(dialect -> dialect.endpointTypes().contains(endpoint.type()))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("no dialect serves " + endpoint.type()));
    }

    /// Refuses a project whose endpoints cannot do what its steps need.
    public void requireAbilities(Project project) {
        if (project.choices().contains(Choice.INCREMENTAL)) {
            require(
                    project.source(),
                    Role.SOURCE,
                    Ability.LOG,
                    "its log cannot be read, which the step incremental needs");
        }
        require(project.target(), Role.TARGET, Ability.TARGET, "it cannot be written to");
        if (of(project.source()) != of(project.target())) {
            throw ProblemException.of(
                    ProblemCode.CONFIGURATION,
                    "no way leads from "
                            + project.source().type()
                            + " to "
                            + project.target().type(),
                    "they belong to different families of databases",
                    "choose two endpoints of one family");
        }
    }

    private void require(Endpoint endpoint, Role role, Ability ability, String why) {
        if (!of(endpoint).abilities(endpoint.type()).contains(ability)) {
            throw ProblemException.of(
                    ProblemCode.CONFIGURATION,
                    endpoint.type()
                            + " cannot be the "
                            + role.name().toLowerCase(Locale.ROOT)
                            + " of this project",
                    why,
                    "choose another endpoint, or other steps");
        }
    }
}
