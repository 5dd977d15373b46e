package ferry.server.run;

import ferry.engine.config.Nearest;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// One mapping of a YAML file whose values are asked for by name and kind; whatever is wrong is
/// told with its line. Only the node tree is read: nothing is ever constructed from a tag.
final class YamlMap {
    private static final int CODE_POINTS_MAX = 4 << 20;

    private final String file;
    private final String path;
    private final int line;
    private final Map<String, Node> values;

    /// A scalar as it is written, with its place.
    record Text(String value, String file, String path, int line) {
        ProblemException refused(String why, String remedy) {
            return refused(ProblemCode.CONFIGURATION, why, remedy);
        }

        ProblemException refused(ProblemCode code, String why, String remedy) {
            return ProblemException.of(
                    code, "%s, line %d: %s is not right".formatted(file, line, path), why, remedy);
        }

        /// Reads the value; an IllegalArgumentException's sentence becomes the problem's why.
        <T> T as(Function<String, T> parser, String remedy) {
            try {
                return parser.apply(value);
            } catch (IllegalArgumentException e) {
                throw refused(e.getMessage(), remedy);
            }
        }
    }

    private YamlMap(String file, String path, MappingNode node) {
        this.file = file;
        this.path = path;
        this.line = line(node);
        this.values = new LinkedHashMap<>();
        for (var tuple : node.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw problem(
                        line(tuple.getKeyNode()),
                        "a key is not a plain name",
                        "a key must be one word",
                        "write it as 'key: value'");
            }
            if (values.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
                throw problem(
                        line(key),
                        "the key '" + path(key.getValue()) + "' stands twice",
                        "it is not clear which of the two is meant",
                        "remove one of them");
            }
        }
    }

    static YamlMap root(String file, String text) {
        var options = new LoaderOptions();
        options.setCodePointLimit(CODE_POINTS_MAX);
        Node node;
        try {
            node = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            throw problem(
                    file,
                    mark == null ? 1 : mark.getLine() + 1,
                    "this is not YAML",
                    e.getProblem() == null ? e.getMessage() : e.getProblem(),
                    "correct the line; a text with special signs stands in quotes");
        } catch (YAMLException e) {
            throw problem(
                    file, 1, "this is not YAML", e.getMessage(), "write the file as UTF-8 YAML");
        }
        if (!(node instanceof MappingNode mapping)) {
            throw problem(
                    file,
                    node == null ? 1 : line(node),
                    node == null
                            ? "the file is empty"
                            : "the file is " + kind(node) + ", not keys and values",
                    "a project is described by keys such as name, source, target and objects",
                    "see the example in the README");
        }
        return new YamlMap(file, "", mapping);
    }

    /// Refuses every key that is not among these.
    void only(List<String> known) {
        values.forEach((key, node) -> {
            if (!known.contains(key)) {
                throw problem(
                        line(node),
                        "there is no key '" + path(key) + "'",
                        "the known keys "
                                + (path.isEmpty() ? "" : "of " + path + " ")
                                + "are "
                                + String.join(", ", known),
                        "did you mean '" + Nearest.of(key, known) + "'?");
            }
        });
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Optional<Text> text(String key) {
        return Optional.ofNullable(values.get(key)).map(node -> scalar(path(key), node));
    }

    Text required(String key) {
        return text(key).orElseThrow(() -> missing(key));
    }

    YamlMap map(String key) {
        var node = values.get(key);
        if (node == null) {
            throw missing(key);
        }
        return mapping(key, node);
    }

    Optional<YamlMap> optionalMap(String key) {
        return Optional.ofNullable(values.get(key)).map(node -> mapping(key, node));
    }

    Optional<List<Text>> list(String key) {
        var node = values.get(key);
        if (node == null) {
            return Optional.empty();
        }
        if (!(node instanceof SequenceNode sequence)) {
            throw wrongKind(path(key), node, "a list");
        }
        var texts = new ArrayList<Text>();
        for (var element : sequence.getValue()) {
            texts.add(scalar(path(key) + "[" + texts.size() + "]", element));
        }
        return Optional.of(List.copyOf(texts));
    }

    /// All entries, each a scalar.
    Map<String, Text> texts() {
        return values.keySet().stream()
                .collect(
                        Collectors.toMap(
                                key -> key,
                                key -> scalar(path(key), values.get(key)),
                                (a, _) -> a,
                                LinkedHashMap::new));
    }

    ProblemException missing(String key) {
        return problem(
                line,
                "'" + path(key) + "' is missing",
                "a project needs it",
                "add '" + key + ":' with a value");
    }

    ProblemException refused(String key, String why, String remedy) {
        var node = values.get(key);
        return problem(node == null ? line : line(node), path(key) + " is not right", why, remedy);
    }

    private YamlMap mapping(String key, Node node) {
        if (!(node instanceof MappingNode mapping)) {
            throw wrongKind(path(key), node, "keys and values");
        }
        return new YamlMap(file, path(key), mapping);
    }

    private Text scalar(String name, Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            throw wrongKind(name, node, "a single value");
        }
        if (scalar.getTag().equals(Tag.NULL)) {
            throw problem(
                    line(node),
                    "'" + name + "' has no value",
                    "nothing stands behind it",
                    "write a value, or \"\" for an empty text");
        }
        return new Text(scalar.getValue(), file, name, line(node));
    }

    private ProblemException wrongKind(String name, Node node, String expected) {
        return problem(
                line(node),
                "'" + name + "' is not right",
                "it must be " + expected + ", but is " + kind(node),
                expected.equals("a list") && node instanceof ScalarNode scalar
                        ? "write it in brackets: [\"" + scalar.getValue() + "\"]"
                        : "see the example in the README");
    }

    private ProblemException problem(int line, String what, String why, String remedy) {
        return problem(file, line, what, why, remedy);
    }

    private static ProblemException problem(
            String file, int line, String what, String why, String remedy) {
        return ProblemException.of(
                ProblemCode.CONFIGURATION,
                "%s, line %d: %s".formatted(file, line, what),
                why,
                remedy);
    }

    private String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String kind(Node node) {
        return switch (node) {
            case MappingNode _ -> "a group of keys and values";
            case SequenceNode _ -> "a list";
            default -> "a single value";
        };
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
