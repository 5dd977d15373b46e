package ferry.server.run;

import ferry.engine.problem.ProblemException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/// Resolves `${env:NAME}` and `${file:PATH}` in values of a project file. A relative path starts at
/// the project file's folder.
sealed interface References {
    /// The value itself, or what it refers to.
    String resolve(YamlMap.Text text);

    /// Looks values up; what cannot be found is a problem.
    record Resolving(Map<String, String> environment, Path folder) implements References {
        private static final Pattern REFERENCE =
                Pattern.compile("\\$\\{([^:}]*)(?::(.*))?}", Pattern.DOTALL);
        private static final long FILE_BYTES_MAX = 64 << 10;

        @Override
        public String resolve(YamlMap.Text text) {
            var reference = REFERENCE.matcher(text.value());
            if (!reference.matches()) {
                return text.value();
            }
            var name = reference.group(2) == null ? "" : reference.group(2);
            return switch (reference.group(1)) {
                case "env" -> variable(text, name);
                case "file" -> file(text, name);
                default ->
                        throw text.refused(
                                "'" + text.value() + "' is a reference of an unknown kind",
                                "write ${env:NAME} or ${file:PATH}");
            };
        }

        private String variable(YamlMap.Text text, String name) {
            var value = environment.get(name);
            if (value == null) {
                throw text.refused(
                        "the environment variable '" + name + "' is not set",
                        "run 'export " + name + "=…' and try again");
            }
            return value;
        }

        private String file(YamlMap.Text text, String name) {
            var file = folder.resolve(name);
            try {
                if (Files.size(file) > FILE_BYTES_MAX) {
                    throw text.refused(
                            "the file " + file + " is larger than " + FILE_BYTES_MAX + " bytes",
                            "name the file that holds the secret alone");
                }
                return Files.readString(file).stripTrailing();
            } catch (CharacterCodingException e) {
                throw text.refused(
                        "the file " + file + " is not UTF-8 text",
                        "store the secret as UTF-8 text");
            } catch (IOException e) {
                throw new ProblemException(
                        text.refused(
                                        "the file " + file + " cannot be read: " + e,
                                        "create the file or correct its name")
                                .problem(),
                        e);
            }
        }
    }

    /// Leaves references alone, for commands that connect to nothing and must work without the
    /// secrets.
    record Leaving() implements References {
        @Override
        public String resolve(YamlMap.Text text) {
            return text.value();
        }
    }
}
