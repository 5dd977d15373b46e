package ferry.server.run;

import ferry.engine.config.Nearest;
import ferry.engine.config.Setting;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Secret;
import ferry.engine.filter.ColumnRule;
import ferry.engine.filter.ObjectRule;
import ferry.engine.filter.ObjectRules;
import ferry.engine.filter.Rename;
import ferry.engine.filter.RowRule;
import ferry.engine.model.NamedPlace;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.server.lifecycle.Choice;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads a project from its YAML file. Everything is checked before anything is done, and each
/// fault is told with its line.
public final class ProjectFile {
    private static final List<String> KEYS =
            List.of(
                    "name",
                    "source",
                    "target",
                    "objects",
                    "steps",
                    "start",
                    "until",
                    "correct",
                    "settings");
    private static final List<String> ENDPOINT_KEYS =
            List.of("type", "host", "port", "hosts", "username", "password", "tls", "tls.ca");
    private static final List<String> OBJECT_KEYS =
            List.of("include", "exclude", "rename", "where", "columns");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");

    private final Set<String> endpointTypes;
    private final References references;
    private final Path folder;

    private ProjectFile(Set<String> endpointTypes, References references, Path folder) {
        this.endpointTypes = endpointTypes;
        this.references = references;
        this.folder = folder;
    }

    /// Reads a whole project, secrets looked up.
    public static Project read(
            Path file, Set<String> endpointTypes, Map<String, String> environment) {
        var folder = file.toAbsolutePath().getParent();
        var references = new References.Resolving(environment, folder);
        return new ProjectFile(endpointTypes, references, folder).project(root(file));
    }

    /// The project's name only, for commands that need no secrets.
    public static String name(Path file) {
        return name(root(file).required("name"));
    }

    private static YamlMap root(Path file) {
        try {
            return YamlMap.root(file.getFileName().toString(), Files.readString(file));
        } catch (CharacterCodingException e) {
            throw unreadable(file, "it is not UTF-8 text", "save it as UTF-8", e);
        } catch (IOException e) {
            var why = Files.exists(file) ? e.toString() : "there is no such file";
            throw unreadable(file, why, "name the project's YAML file", e);
        }
    }

    private Project project(YamlMap root) {
        root.only(KEYS);
        var choices = choices(root);
        var project =
                new Project(
                        name(root.required("name")),
                        endpoint(root.map("source")),
                        endpoint(root.map("target")),
                        objects(root.map("objects")),
                        choices,
                        furthest(choices),
                        root.text("correct")
                                .map(text -> constant(text, Correct.class, Correct.values()))
                                .orElse(Correct.NEVER),
                        root.optionalMap("settings")
                                .map(ProjectFile::settings)
                                .orElseGet(Settings::defaults));
        return until(root, root.text("start").map(text -> start(text, project)).orElse(project));
    }

    private static String name(YamlMap.Text text) {
        if (!NAME.matcher(text.value()).matches()) {
            throw text.refused(
                    "'%s' is no project name: 1 to 64 letters, digits, '_', '.' and '-' are allowed, no spaces, and neither '.' nor '-' in front"
                            .formatted(text.value()),
                    "choose another name");
        }
        return text.value();
    }

    private Endpoint endpoint(YamlMap map) {
        map.only(ENDPOINT_KEYS);
        var type = map.required("type");
        if (!endpointTypes.contains(type.value())) {
            throw type.refused(
                    "there is no endpoint type '%s'; known are %s"
                            .formatted(
                                    type.value(),
                                    String.join(", ", endpointTypes.stream().sorted().toList())),
                    "did you mean '" + Nearest.of(type.value(), endpointTypes) + "'?");
        }
        var username = references.resolve(map.required("username"));
        var password = new Secret(references.resolve(map.required("password")));
        return new Endpoint(type.value(), hosts(map), username, password, options(map));
    }

    private List<Endpoint.Host> hosts(YamlMap map) {
        var port = map.text("port").map(text -> port(text, references.resolve(text)));
        if (map.has("host") == map.has("hosts")) {
            throw map.has("host")
                    ? map.refused("hosts", "host and hosts stand side by side", "keep one of them")
                    : map.missing("host");
        }
        if (map.has("host")) {
            var host = map.required("host");
            return List.of(
                    host(
                            host,
                            references.resolve(host),
                            port.orElseThrow(() -> map.missing("port"))));
        }
        var hosts = new ArrayList<Endpoint.Host>();
        for (var text : map.list("hosts").orElseThrow()) {
            var value = references.resolve(text);
            var colon = value.lastIndexOf(':');
            // The colons inside [::1] are the address's own.
            if (colon > value.lastIndexOf(']')) {
                hosts.add(
                        host(
                                text,
                                value.substring(0, colon),
                                port(text, value.substring(colon + 1))));
            } else {
                hosts.add(
                        host(
                                text,
                                value,
                                port.orElseThrow(() ->
                                        text.refused(
                                                "'"
                                                        + value
                                                        + "' names no port, and the endpoint has none either",
                                                "write it as host:3306"))));
            }
        }
        if (hosts.isEmpty()) {
            throw map.refused("hosts", "the list is empty", "name at least one host");
        }
        return hosts;
    }

    private static Endpoint.Host host(YamlMap.Text text, String name, int port) {
        var bare =
                name.startsWith("[") && name.endsWith("]")
                        ? name.substring(1, name.length() - 1)
                        : name;
        if (bare.isBlank() || bare.chars().anyMatch(Character::isWhitespace)) {
            throw text.refused("'" + name + "' is no host name", "write a host name or an address");
        }
        return new Endpoint.Host(bare, port);
    }

    private static int port(YamlMap.Text text, String value) {
        try {
            var port = Integer.parseInt(value);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // told below, together with the numbers that are no ports
        }
        throw text.refused("'" + value + "' is no port", "write a number between 1 and 65535");
    }

    private Map<String, String> options(YamlMap map) {
        var options = new LinkedHashMap<String, String>();
        var tls = map.text("tls");
        tls.ifPresent(text -> {
            if (!List.of("disable", "require").contains(text.value())) {
                throw text.refused(
                        "'" + text.value() + "' is not known", "write disable or require");
            }
            options.put("tls", text.value());
        });
        map.text("tls.ca")
                .ifPresent(text -> {
                    if (!"require".equals(options.get("tls"))) {
                        throw text.refused(
                                "a CA file is of use only with TLS",
                                "add 'tls: require', or remove tls.ca");
                    }
                    var file = folder.resolve(text.value());
                    if (!Files.isReadable(file)) {
                        throw text.refused(
                                "the file " + file + " cannot be read",
                                "name a file with CA certificates in PEM form");
                    }
                    options.put("tls.ca", file.toString());
                });
        return options;
    }

    private static ObjectRules objects(YamlMap map) {
        map.only(OBJECT_KEYS);
        var example = "write database.table, for instance shop.* or shop.`a.b`";
        var include = map.list("include").orElseThrow(() -> map.missing("include"));
        if (include.isEmpty()) {
            throw map.refused("include", "the list is empty, so no table would be moved", example);
        }
        var exclude = map.list("exclude").orElse(List.of());
        var renames = map.optionalMap("rename").map(YamlMap::texts).orElse(Map.of());
        var rules = include.stream().map(text -> text.as(ObjectRule::parse, example)).toList();
        var excluded = exclude.stream().map(text -> text.as(ObjectRule::parse, example)).toList();
        var renamed =
                renames.entrySet().stream()
                        .map(entry ->
                                entry.getValue()
                                        .as(to -> Rename.parse(entry.getKey(), to), example))
                        .toList();
        var rows =
                map.optionalMap("where").map(YamlMap::texts).orElse(Map.of()).entrySet().stream()
                        .map(entry ->
                                entry.getValue()
                                        .as(
                                                condition ->
                                                        RowRule.parse(entry.getKey(), condition),
                                                "write a condition over columns of the table, for instance amount > 100"))
                        .toList();
        var columns =
                map.optionalMap("columns").map(YamlMap::texts).orElse(Map.of()).entrySet().stream()
                        .map(entry ->
                                entry.getValue()
                                        .as(
                                                choice -> ColumnRule.parse(entry.getKey(), choice),
                                                "write the columns that move, for instance id, amount=total, or all but some: '*, -password'"))
                        .toList();
        try {
            return new ObjectRules(rules, excluded, renamed, rows, columns);
        } catch (IllegalArgumentException e) {
            throw map.refused("rename", e.getMessage(), "correct the rules");
        }
    }

    private static Set<Choice> choices(YamlMap root) {
        var steps = root.list("steps");
        if (steps.isEmpty()) {
            return EnumSet.allOf(Choice.class);
        }
        var choices = EnumSet.noneOf(Choice.class);
        for (var text : steps.get()) {
            if (!choices.add(constant(text, Choice.class, Choice.values()))) {
                throw text.refused("'" + text.value() + "' stands twice", "remove one of them");
            }
        }
        if (choices.isEmpty()) {
            throw root.refused(
                    "steps",
                    "the list is empty, so nothing would be done",
                    "name steps, or leave the key out for all");
        }
        return choices;
    }

    /// A project that loads its tables begins where the load does.
    private static Project start(YamlMap.Text text, Project project) {
        if (project.choices().contains(Choice.FULL)
                || !project.choices().contains(Choice.INCREMENTAL)) {
            throw text.refused(
                    "only a project that follows the source without loading its tables can begin at a place of the log",
                    "remove start, or write 'steps: [incremental]'");
        }
        try {
            return project.startingAt(NamedPlace.parse(text.value()));
        } catch (IllegalArgumentException e) {
            throw text.refused(
                    e.getMessage(),
                    "write a time such as 2026-01-31T12:00:00Z, a GTID set, or file:offset");
        }
    }

    /// What is asked for must be what the steps can reach; without a wish the furthest of it.
    private static Project until(YamlMap root, Project project) {
        var text = root.text("until");
        return text.isEmpty()
                ? project.with(furthest(project.choices()))
                : until(
                        text.get().value(),
                        project,
                        (why, remedy) -> {
                            throw text.get().refused(why, remedy);
                        });
    }

    /// Told what is wrong with a wish, and what to do; throws it as a problem.
    public interface Refusal {
        void because(String why, String remedy);
    }

    /// The project with this end: `loaded`, `verified`, `forever`, or a place of the source's log.
    public static Project until(String text, Project project, Refusal refusal) {
        for (var until : Until.values()) {
            if (until.name().toLowerCase(Locale.ROOT).equals(text)) {
                unreachable(until, project.choices())
                        .ifPresent(why -> refusal.because(why, "change the end, or add the step"));
                return project.with(until);
            }
        }
        try {
            var place = NamedPlace.parse(text);
            unreachable(Until.FOREVER, project.choices())
                    .ifPresent(_ ->
                            refusal.because(
                                    "a place of the source's log is never reached, because the steps have no incremental",
                                    "change the end, or add the step"));
            return project.stoppingAt(place);
        } catch (IllegalArgumentException e) {
            var words =
                    Stream.of(Until.values())
                            .map(until -> until.name().toLowerCase(Locale.ROOT))
                            .toList();
            refusal.because(
                    "'"
                            + text
                            + "' is not among "
                            + String.join(", ", words)
                            + ", and no place either: "
                            + e.getMessage(),
                    "did you mean '" + Nearest.of(text, words) + "'?");
            throw new IllegalStateException("a refusal that refuses nothing", e);
        }
    }

    /// Without `until` a run ends when every table is proved equal; without verification it follows
    /// the source, or ends when all is loaded.
    static Until furthest(Set<Choice> choices) {
        if (choices.contains(Choice.VERIFICATION)) {
            return Until.VERIFIED;
        }
        return choices.contains(Choice.INCREMENTAL) ? Until.FOREVER : Until.LOADED;
    }

    /// Says why these choices can never end this way; empty if they can.
    private static Optional<String> unreachable(Until until, Set<Choice> choices) {
        var needed =
                switch (until) {
                    case VERIFIED -> Optional.of(Choice.VERIFICATION);
                    case FOREVER -> Optional.of(Choice.INCREMENTAL);
                    case LOADED -> Optional.<Choice>empty();
                };
        return needed.filter(choice -> !choices.contains(choice))
                .map(choice ->
                        "'%s' is never reached, because the steps have no %s"
                                .formatted(
                                        until.name().toLowerCase(Locale.ROOT),
                                        choice.name().toLowerCase(Locale.ROOT)));
    }

    private static Settings settings(YamlMap map) {
        var known = Settings.ALL.stream().map(Setting::name).toList();
        var chosen = new LinkedHashMap<String, String>();
        map.texts()
                .forEach((name, text) -> {
                    var setting =
                            Settings.ALL.stream()
                                    .filter(candidate -> candidate.name().equals(name))
                                    .findFirst()
                                    .orElseThrow(() ->
                                            text.refused(
                                                    ProblemCode.SETTING_UNKNOWN,
                                                    "there is no setting '" + name + "'",
                                                    "did you mean '"
                                                            + Nearest.of(name, known)
                                                            + "'? docs/settings.md lists them all"));
                    try {
                        setting.parse(text.value());
                    } catch (IllegalArgumentException | ArithmeticException e) {
                        throw text.refused(
                                ProblemCode.SETTING_OUT_OF_BOUNDS, e.getMessage(), remedy(setting));
                    }
                    chosen.put(name, text.value());
                });
        return Settings.of(chosen);
    }

    private static <T extends Comparable<T>> String remedy(Setting<T> setting) {
        if (setting.defaultValue() instanceof String || setting.defaultValue() instanceof Enum<?>) {
            return "correct it: " + setting.meaning();
        }
        return "write %s to %s (%s unless it is set): %s"
                .formatted(
                        setting.print(setting.least()),
                        setting.print(setting.most()),
                        setting.print(setting.defaultValue()),
                        setting.meaning());
    }

    private static <E extends Enum<E>> E constant(YamlMap.Text text, Class<E> type, E[] constants) {
        var names =
                Stream.of(constants)
                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                        .toList();
        if (!names.contains(text.value())) {
            throw text.refused(
                    "'" + text.value() + "' is not among " + String.join(", ", names),
                    "did you mean '" + Nearest.of(text.value(), names) + "'?");
        }
        return Enum.valueOf(type, text.value().toUpperCase(Locale.ROOT));
    }

    private static ProblemException unreadable(
            Path file, String why, String remedy, IOException cause) {
        return new ProblemException(
                new Problem(
                        ProblemCode.CONFIGURATION,
                        "the project file " + file + " cannot be read",
                        why,
                        remedy),
                cause);
    }
}
