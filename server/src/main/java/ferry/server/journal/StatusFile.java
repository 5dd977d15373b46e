package ferry.server.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// The last picture of a running project, for readers in other processes: a JSON file that is
/// replaced as a whole, so that a reader never sees half of one. It may be lost in a power failure;
/// the journal is what counts.
public record StatusFile(Path file, Redaction redaction) {
    public void write(Map<String, ?> picture) {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(fresh, Json.line(redaction.applyToAll(picture)) + "\n");
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Home.broken("the status file " + file + " cannot be written", e);
        }
    }

    /// The last picture as it was written; empty if there is none.
    public Optional<String> text() {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Home.broken("the status file " + file + " cannot be read", e);
        }
    }

    /// The last picture; empty if there is none. JSON as [Json] writes it is also YAML, which
    /// spares a second parser.
    public Optional<Map<String, Object>> read() {
        return text().map(text -> new Yaml(new SafeConstructor(new LoaderOptions())).load(text));
    }
}
