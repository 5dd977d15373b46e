package ferry.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What was made once for all servers of a kind and lies in the cache.
///
/// @param home the unpacked server
/// @param template an initialised data directory to copy, where initialising is dear
record Provision(Path home, Optional<Path> template) {
    /// Raised when a recipe makes something else than before, so that old caches are not used.
    private static final int RECIPES = 1;

    private static final Map<ServerKind, Slot> SLOTS =
            Arrays.stream(ServerKind.values())
                    .collect(
                            Collectors.toMap(
                                    Function.identity(),
                                    Slot::new,
                                    (a, b) -> a,
                                    () -> new EnumMap<>(ServerKind.class)));

    /// The provision of the kind, made now if it is not in the cache.
    static Provision of(ServerKind kind) {
        return SLOTS.get(kind).get();
    }

    /// One kind's provision. It is tried once per JVM: a registry that does not answer would
    /// otherwise hold up every test anew.
    private static final class Slot {
        private final ServerKind kind;
        private Provision provision;
        private ServerUnavailableException failure;

        Slot(ServerKind kind) {
            this.kind = kind;
        }

        synchronized Provision get() {
            if (failure != null) {
                throw failure;
            }
            if (provision == null) {
                try {
                    provision = make(kind);
                } catch (ServerUnavailableException e) {
                    var named =
                            new ServerUnavailableException(
                                    kind + " is not available: " + e.getMessage(), e);
                    failure = Thread.currentThread().isInterrupted() ? null : named;
                    throw named;
                }
            }
            return provision;
        }
    }

    private static Provision make(ServerKind kind) {
        if (!System.getProperty("os.name").equals("Linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            throw new ServerUnavailableException("The servers are built for x86-64 Linux only.");
        }
        var cache = cache(System.getenv(), Path.of("").toAbsolutePath());
        Folders.create(cache);
        var recipe = kind.recipe();
        locked(cache.resolve("libraries.lock"), () -> Libraries.require(recipe.libraries()));
        var home = cache.resolve("servers").resolve(kind.id() + "-" + RECIPES);
        var template = cache.resolve("templates").resolve(kind.id() + "-" + RECIPES);
        locked(
                cache.resolve(kind.id() + ".lock"),
                () -> {
                    make(home, made -> obtain(recipe, made));
                    Libraries.link(recipe.libraries(), home);
                    if (recipe.wantsTemplate()) {
                        make(template, made -> DatabaseServer.makeTemplate(kind, home, made));
                    }
                });
        return new Provision(
                home, recipe.wantsTemplate() ? Optional.of(template) : Optional.empty());
    }

    private static void obtain(Recipe recipe, Path home) {
        var work = home.resolveSibling(home.getFileName() + ".work");
        Folders.delete(work);
        Folders.create(work);
        try {
            recipe.obtain(work, home);
        } finally {
            Folders.delete(work);
        }
    }

    /// Makes a folder beside its place and moves it there when it is whole.
    private static void make(Path folder, Consumer<Path> maker) {
        if (Files.isDirectory(folder)) {
            return;
        }
        Folders.create(folder.getParent());
        var half = folder.resolveSibling(folder.getFileName() + ".half");
        Folders.delete(half);
        try {
            maker.accept(half);
            Folders.move(half, folder);
        } finally {
            Folders.delete(half);
        }
    }

    private static void locked(Path file, Runnable work) {
        // Two kinds of this JVM share the lock of the libraries, and a file lock only works between
        // JVMs.
        synchronized (Provision.class) {
            try (var _ = Folders.lock(file)) {
                work.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Where servers are kept: `FERRY_CACHE`, or `.cache` in the root of the project around
    /// `start`.
    static Path cache(Map<String, String> environment, Path start) {
        var named = environment.getOrDefault("FERRY_CACHE", "");
        if (!named.isBlank()) {
            return Path.of(named).toAbsolutePath().normalize();
        }
        return Stream.iterate(start, folder -> folder != null, Path::getParent)
                .filter(Provision::isProjectRoot)
                .findFirst()
                .map(root -> root.resolve(".cache"))
                .orElseThrow(() ->
                        new ServerUnavailableException(
                                "%s is not inside the project: set FERRY_CACHE to a folder."
                                        .formatted(start)));
    }

    private static boolean isProjectRoot(Path folder) {
        var pom = folder.resolve("pom.xml");
        try {
            return Files.isRegularFile(folder.resolve("ferry"))
                    || (Files.isRegularFile(pom) && Files.readString(pom).contains("<modules>"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
