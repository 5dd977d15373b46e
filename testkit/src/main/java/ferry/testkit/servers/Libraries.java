package ferry.testkit.servers;

import ferry.testkit.servers.Commands.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Shared libraries that old servers need and that a machine may lack.
final class Libraries {
    private static final Path ROOT = Path.of("/");
    private static final String RENAMED = "renamed-libraries";

    private Libraries() {}

    /// A library's file name, and the package of Debian and Ubuntu that has it.
    enum Library {
        LIBAIO("libaio.so.1", "libaio1"),
        LIBNUMA("libnuma.so.1", "libnuma1");

        private final String file;
        private final String pack;

        Library(String file, String pack) {
            this.file = file;
            this.pack = pack;
        }
    }

    /// Makes sure that the machine has the libraries: as root on Debian and Ubuntu they are
    /// installed.
    static void require(List<Library> libraries) {
        var missing = missing(libraries);
        if (missing.isEmpty()) {
            return;
        }
        var command = installCommand("", missing);
        if (!Processes.isRoot() || !Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
            throw new ServerUnavailableException(
                    "The libraries %s are missing. On Debian or Ubuntu run as root: %s"
                            .formatted(files(missing), command));
        }
        Commands.run(
                Command.in(ROOT, "sh", "-c", installCommand("-o DPkg::Lock::Timeout=300 ", missing))
                        .withEnvironment(Map.of("DEBIAN_FRONTEND", "noninteractive")));
        var still = missing(libraries);
        if (!still.isEmpty()) {
            throw new ServerUnavailableException(
                    "The libraries %s are still missing after: %s"
                            .formatted(files(still), command));
        }
    }

    /// Since 2024 Debian and Ubuntu call libaio's file libaio.so.1t64, with the same content. Puts
    /// a link with the old name into the server's folder, where [#environment] lets the server find
    /// it.
    static void link(List<Library> libraries, Path home) {
        var known = known(libraries);
        for (var library : libraries) {
            if (path(known, library.file).isPresent()) {
                continue;
            }
            var target = path(known, library.file + "t64").orElseThrow();
            var link = home.resolve(RENAMED).resolve(library.file);
            try {
                Files.createDirectories(link.getParent());
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, target);
            } catch (IOException e) {
                throw new ServerUnavailableException(
                        "%s cannot be made a link: %s".formatted(link, e), e);
            }
        }
    }

    /// The environment in which a server finds the libraries linked into its folder.
    static Map<String, String> environment(Path home) {
        return Map.of("LD_LIBRARY_PATH", home.resolve(RENAMED).toString());
    }

    /// Where the output of `ldconfig -p` says that a library for this kind of machine is.
    static Optional<Path> path(String known, String file) {
        var line =
                Pattern.compile("(?m)^\\s*" + Pattern.quote(file) + " \\(.*x86-64.*\\) => (\\S+)$");
        return line.matcher(known).results().findFirst().map(m -> Path.of(m.group(1)));
    }

    private static List<Library> missing(List<Library> libraries) {
        var known = known(libraries);
        return libraries.stream()
                .filter(l -> path(known, l.file).isEmpty() && path(known, l.file + "t64").isEmpty())
                .toList();
    }

    private static String known(List<Library> libraries) {
        return libraries.isEmpty() ? "" : Commands.run(Command.in(ROOT, "/sbin/ldconfig", "-p"));
    }

    private static String installCommand(String options, List<Library> libraries) {
        var packages = String.join(" ", libraries.stream().map(l -> l.pack).toList());
        return "apt-get update && apt-get %sinstall -y --no-install-recommends %s"
                .formatted(options, packages);
    }

    private static String files(List<Library> libraries) {
        return String.join(", ", libraries.stream().map(l -> l.file).toList());
    }
}
