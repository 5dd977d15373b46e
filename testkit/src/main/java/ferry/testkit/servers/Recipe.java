package ferry.testkit.servers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// How one server is obtained, initialised and started. A recipe holds no state: it is given the
/// folders and says what to run.
sealed interface Recipe permits MySqlRecipe, MariaDbRecipe, SeekDbRecipe {
    ServerKind.Family family();

    /// The shared libraries that the machine must have.
    List<Libraries.Library> libraries();

    /// Downloads into `work`, an empty folder that is thrown away afterwards, and unpacks into
    /// `home`, which does not exist yet.
    void obtain(Path work, Path home);

    /// Makes a data directory at `data`, which does not exist yet.
    void initialise(Path home, Path data);

    /// The statements after which a copy of the data directory is a new server, run once.
    List<String> tidy();

    /// What to run for a server on an initialised data directory.
    Launch launch(Place place, ServerOptions options);

    /// Whether initialising costs so much that copying a prepared data directory is cheaper.
    boolean wantsTemplate();

    /// A command line with the environment variables it needs.
    record Launch(List<String> command, Map<String, String> environment) {
        public Launch {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }

    /// Where one server lives.
    record Place(Path home, Path folder, int port) {
        Path data() {
            return folder.resolve("data");
        }

        Path log() {
            return folder.resolve("log");
        }
    }

    /// The socket that a server at this place listens on; `SELECT @@socket` returns it, which tells
    /// our server from another one that got the port first.
    default Path socket(Place place) {
        return place.folder().resolve("sock");
    }
}
