package ferry.testkit.servers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// seekdb 1.4.0, the OceanBase kernel in one process. It initialises an empty folder in a second by
/// itself. It listens on all interfaces, root has no password, and neither can be changed at start.
record SeekDbRecipe() implements Recipe {
    @Override
    public ServerKind.Family family() {
        return ServerKind.Family.OCEANBASE;
    }

    @Override
    public List<Libraries.Library> libraries() {
        return List.of();
    }

    @Override
    public void obtain(Path work, Path home) {
        var wheel = Packages.wheel(work, "pylibseekdb==1.4.0.post1");
        Folders.create(home);
        Packages.unpackZip(wheel, "", home);
        Folders.makeExecutable(program(home));
    }

    private static Path program(Path home) {
        return home.resolve("pylibseekdb/seekdb");
    }

    @Override
    public boolean wantsTemplate() {
        return false;
    }

    @Override
    public void initialise(Path home, Path data) {
        Folders.create(data);
    }

    @Override
    public List<String> tidy() {
        return List.of();
    }

    @Override
    public Path socket(Place place) {
        return place.data().resolve("run/sql.sock");
    }

    /// No sizes: that is the smallest start, 168 MB on disk. Sizes given by hand only make it
    /// larger.
    ///
    /// A transaction writes its log at COMMIT only. By default it begins to at 16 KiB, and seekdb
    /// 1.4.0 never ends what a kill left half in the log: the row locks of that transaction stay,
    /// over restarts too. Ferry's precheck warns of it.
    @Override
    public Launch launch(Place place, ServerOptions options) {
        if (!options.gtid()) {
            throw new IllegalArgumentException(
                    "seekdb has no binary log and so no GTIDs to turn off");
        }
        var words = new ArrayList<String>();
        words.add(program(place.home()).toString());
        words.addAll(
                List.of("--nodaemon", "--base-dir=" + place.data(), "--port", "" + place.port()));
        words.addAll(List.of("--parameter", "_private_buffer_size=0B"));
        words.addAll(options.flags());
        var libraries = "%1$s/pylibseekdb:%1$s/pylibseekdb.libs".formatted(place.home());
        // Without the exact word "false" it reports host data to its vendor.
        return new Launch(
                words, Map.of("LD_LIBRARY_PATH", libraries, "TELEMETRY_ENABLED", "false"));
    }
}
