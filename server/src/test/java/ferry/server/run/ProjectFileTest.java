package ferry.server.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.model.NamedPlace;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.server.lifecycle.Choice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProjectFileTest {
    private static final Set<String> TYPES = Set.of("mysql", "mariadb", "oceanbase-mysql");
    private static final Map<String, String> ENVIRONMENT = Map.of("SOURCE_PASSWORD", "s3cret");
    private static final String MINIMAL =
            """
            name: shop
            source: { type: mysql, host: 127.0.0.1, port: 3306, username: ferry, password: "${env:SOURCE_PASSWORD}" }
            target: { type: oceanbase-mysql, host: 127.0.0.1, port: 2881, username: root@shop#cluster, password: "" }
            objects: { include: ["shop.*"] }
            """;

    @TempDir Path folder;

    @Test
    void aWholeFileIsRead() {
        var project =
                read(
                        """
                        name: shop
                        source: { type: mysql, hosts: ["a:3306", b, "[::1]:3307"], port: 3310, username: ferry, password: "${env:SOURCE_PASSWORD}" }
                        target: { type: mariadb, host: db, port: 2881, username: root, password: 0123 }
                        objects: { include: ["shop.*", "crm.c?"], exclude: ["shop.tmp_*"], rename: { "shop.orders": "store.orders" }, where: { "shop.o*": "amount > 0" }, columns: { "shop.o*": "*, -note, amount=total" } }
                        steps: [schema, full]
                        until: loaded
                        correct: automatic
                        settings: { load.workers: 8, load.chunk.bytes: 16MiB }
                        """);

        assertThat(project.name()).isEqualTo("shop");
        assertThat(project.source().hosts())
                .containsExactly(
                        new Endpoint.Host("a", 3306),
                        new Endpoint.Host("b", 3310),
                        new Endpoint.Host("::1", 3307));
        assertThat(project.source().password().reveal()).isEqualTo("s3cret");
        assertThat(project.target().password().reveal()).isEqualTo("0123");
        assertThat(project.objects().target(new TableName("shop", "orders")))
                .contains(new TableName("store", "orders"));
        assertThat(
                        project.objects()
                                .mapping(new TableName("shop", "orders"))
                                .orElseThrow()
                                .columns())
                .map(Object::toString)
                .contains("*, -note, amount=total");
        assertThat(project.objects().mapping(new TableName("shop", "orders")).orElseThrow().where())
                .contains("amount > 0");
        assertThat(project.objects().selects(new TableName("shop", "tmp_1"))).isFalse();
        assertThat(project.choices()).containsExactlyInAnyOrder(Choice.SCHEMA, Choice.FULL);
        assertThat(project.until()).isEqualTo(Until.LOADED);
        assertThat(project.correct()).isEqualTo(Correct.AUTOMATIC);
        assertThat(project.settings().get(Settings.LOAD_WORKERS)).isEqualTo(8);
        assertThat(project.settings().get(Settings.LOAD_CHUNK_BYTES)).isEqualTo(16 << 20);
    }

    @Test
    void whatIsLeftOutHasADefault() {
        var project = read(MINIMAL);

        assertThat(project.choices()).isEqualTo(EnumSet.allOf(Choice.class));
        assertThat(project.until()).isEqualTo(Until.VERIFIED);
        assertThat(project.correct()).isEqualTo(Correct.NEVER);
        assertThat(project.target().username()).isEqualTo("root@shop#cluster");
        assertThat(project.source().options()).isEmpty();
        assertThat(ProjectFile.furthest(Set.of(Choice.INCREMENTAL))).isEqualTo(Until.FOREVER);
        assertThat(ProjectFile.furthest(Set.of(Choice.FULL))).isEqualTo(Until.LOADED);
    }

    /// Each replaces one text of the minimal file by another and names what the problem must say.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "objects:        | objekts:            | line 4  | 'objekts'           | 'objects'",
                "name: shop      | nam: shop           | line 1  | 'nam'               | 'name'",
                "host: 127.0.0.1, port: 3306 | host: a, prot: 3306 | line 2 | 'source.prot' | 'port'",
                "name: shop      | name: a b           | line 1  | 'a b'               | no spaces",
                "name: shop      | name: ..            | line 1  | '..'                | another name",
                "name: shop      | name: [a]           | line 1  | a list              | a single value",
                "name: shop      | name:               | line 1  | no value            | write a value",
                "port: 3306      | port: 70000         | line 2  | '70000'             | 65535",
                "port: 3306      | port: many          | line 2  | 'many'              | 65535",
                "port: 3306,     |                     | line 2  | 'source.port'       | missing",
                "host: 127.0.0.1, port: 3306 | hosts: [], port: 1 | line 2 | empty       | at least one",
                "host: 127.0.0.1, port: 3306 | host: a, hosts: [b], port: 1 | line 2 | side by side | one of them",
                "host: 127.0.0.1, port: 3306 | hosts: [b] | line 2  | no port             | host:3306",
                "host: 127.0.0.1, port: 3306 | host: a b, port: 1 | line 2 | 'a b'       | host name",
                "type: mysql,    | type: mysgl,        | line 2  | 'mysgl'             | 'mysql'",
                "type: mysql,    |                     | line 2  | 'source.type'       | missing",
                "username: ferry,|                     | line 2  | 'source.username'   | missing",
                "SOURCE_PASSWORD | SOURCE_PASSWORT     | line 2  | 'SOURCE_PASSWORT'   | export",
                "env:SOURCE_     | vault:SOURCE_       | line 2  | unknown kind        | ${env:NAME}",
                "env:SOURCE_PASSWORD | file:nowhere    | line 2  | cannot be read      | create the file",
                "username: ferry,| username: ferry, tls: maybe, | line 2 | 'maybe'      | require",
                "username: ferry,| username: ferry, tls.ca: a.pem, | line 2 | only with TLS | tls: require",
                "username: ferry,| username: ferry, tls: require, tls.ca: a.pem, | line 2 | a.pem | PEM",
                "[\"shop.*\"]    | []                  | line 4  | no table            | database.table",
                "[\"shop.*\"]    | shop.*              | line 4  | a list              | a single value",
                "[\"shop.*\"]    | [\"shop\"]          | line 4  | has no dot          | shop.*",
                "[\"shop.*\"]    | [\"shop.t[\"]       | line 4  | without its ']'     | database.table",
                "include: [\"shop.*\"] | exclude: [\"shop.*\"] | line 4 | 'objects.include' | missing",
                "[\"shop.*\"] | [\"shop.*\"], where: { shop.t: a > } | line 4 | the end is not expected | condition",
                "[\"shop.*\"] | [\"shop.*\"], where: { shop.t: \"\" } | line 4 | empty condition | leave it out",
                "[\"shop.*\"] | [\"shop.*\"], where: { shop: a > 1 } | line 4 | has no dot | condition",
                "[\"shop.*\"] | [\"shop.*\"], columns: { shop.t: \"-password\" } | line 4 | leaves 'password' out of nothing | write the columns",
                "[\"shop.*\"] | [\"shop.*\"], columns: { shop.t: \"a, A=b\" } | line 4 | stands twice | write the columns",
            })
    void aFaultIsToldWithItsLineAndWhatToDo(
            String old, String replacement, String line, String what, String remedy) {
        var text = MINIMAL.replace(old, replacement == null ? "" : replacement);
        assertThat(text).isNotEqualTo(MINIMAL);

        var problem = problem(text);

        assertThat(problem.code()).isEqualTo(ProblemCode.CONFIGURATION);
        assertThat(problem.toString())
                .contains("shop.yaml, " + line.strip())
                .contains(what.strip())
                .contains(remedy.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "steps: [schema, fall]      | CONFIGURATION         | 'full'",
                "steps: [full, full]        | CONFIGURATION         | twice",
                "steps: []                  | CONFIGURATION         | nothing would be done",
                "until: verfied             | CONFIGURATION         | 'verified'",
                "correct: always            | CONFIGURATION         | never, automatic",
                "settings: { load.worker: 4 }   | SETTING_UNKNOWN   | 'load.workers'",
                "settings: { load.workers: 99 } | SETTING_OUT_OF_BOUNDS | between 1 and 64",
                "settings: { load.workers: many } | SETTING_OUT_OF_BOUNDS | 'many' is not a whole number",
                "settings: { load.chunk.bytes: 7 parsecs } | SETTING_OUT_OF_BOUNDS | 'parsecs'",
                "settings: { load.chunk.bytes: 99999999TiB } | SETTING_OUT_OF_BOUNDS | load.chunk.bytes",
                "settings: { govern.schedule: 'Mon rows' } | SETTING_OUT_OF_BOUNDS | behind rows stands no number",
                "settings: { govern.preset: quick } | SETTING_OUT_OF_BOUNDS | stable, normal, fast, custom",
                "settings: 5                | CONFIGURATION         | keys and values",
                "name: twice                | CONFIGURATION         | stands twice",
                "? [a, b] : c               | CONFIGURATION         | plain name",
                "tab:\t[                    | CONFIGURATION         | not YAML",
            })
    void aFurtherLineThatIsWrongIsRefused(String added, ProblemCode code, String said) {
        var problem = problem(MINIMAL + added.strip() + "\n");

        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.toString()).contains("line 5").contains(said.strip());
    }

    @Test
    void anEndThatTheStepsCannotReachIsRefused() {
        assertThat(problem(MINIMAL + "steps: [full]\nuntil: verified\n").toString())
                .contains("line 6")
                .contains("no verification");
        assertThat(problem(MINIMAL + "steps: [full]\nuntil: forever\n").toString())
                .contains("no incremental");
    }

    @Test
    void aProjectBeginsAndStopsAtPlaces() {
        var project =
                read(
                        MINIMAL
                                + "steps: [incremental]\nstart: binlog.000003:1234\nuntil: 2026-01-31T12:00:00Z\n");

        assertThat(project.bounds().start()).contains(new NamedPlace.InLog("binlog.000003:1234"));
        assertThat(project.bounds().stop()).contains(NamedPlace.parse("2026-01-31T12:00:00Z"));
        assertThat(project.end()).isEqualTo("2026-01-31T12:00:00Z");
        assertThat(project.with(Until.FOREVER).bounds().stop()).isEmpty();
    }

    @Test
    void placesThatCannotBeAreRefused() {
        assertThat(problem(MINIMAL + "start: binlog.000003:1234\n").toString())
                .contains("without loading its tables");
        assertThat(problem(MINIMAL + "steps: [full]\nuntil: binlog.000003:1234\n").toString())
                .contains("the steps have no incremental");
        assertThat(problem(MINIMAL + "until: 2026-01-31 12:00:00\n").toString())
                .contains("names no zone");
    }

    @Test
    void aFileThatIsNoProjectIsRefused() {
        assertThat(problem("").toString()).contains("empty");
        assertThat(problem("- a\n- b\n").toString()).contains("a list");
        assertThat(problem("just text").toString()).contains("a single value");
        assertThat(problem("name: !!java.net.URL [\"http://127.0.0.1\"]\n").code())
                .isEqualTo(ProblemCode.CONFIGURATION);
        var none =
                catchThrowableOfType(
                        ProblemException.class,
                        () -> ProjectFile.read(folder.resolve("none.yaml"), TYPES, ENVIRONMENT));
        assertThat(none.problem().toString()).contains("none.yaml").contains("no such file");
    }

    @Test
    void aFileThatIsNotUtf8IsRefused() throws IOException {
        var file = folder.resolve("latin.yaml");
        Files.write(file, "name: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

        var problem =
                catchThrowableOfType(
                        ProblemException.class, () -> ProjectFile.read(file, TYPES, ENVIRONMENT));

        assertThat(problem.problem().toString()).contains("UTF-8");
    }

    @Test
    void aSecretCanStandInAFileBesideTheProject() throws IOException {
        Files.writeString(folder.resolve("secret"), "from a file\n");

        var project = read(MINIMAL.replace("env:SOURCE_PASSWORD", "file:secret"));

        assertThat(project.source().password().reveal()).isEqualTo("from a file");
    }

    @Test
    void tlsOptionsReachTheEndpoint() throws IOException {
        var ca = Files.writeString(folder.resolve("ca.pem"), "certificate");

        var project =
                read(
                        MINIMAL.replace(
                                "username: ferry,",
                                "username: ferry, tls: require, tls.ca: ca.pem,"));

        assertThat(project.source().options())
                .containsEntry("tls", "require")
                .containsEntry("tls.ca", ca.toString());
    }

    @Test
    void theNameIsReadWithoutLookingUpSecrets() throws IOException {
        var file = Files.writeString(folder.resolve("shop.yaml"), MINIMAL);

        assertThat(ProjectFile.name(file)).isEqualTo("shop");
    }

    @Test
    void aProjectPrintsNoSecret() {
        assertThat(read(MINIMAL).toString()).doesNotContain("s3cret").contains("ferry");
    }

    private Project read(String text) {
        try {
            return ProjectFile.read(
                    Files.writeString(folder.resolve("shop.yaml"), text), TYPES, ENVIRONMENT);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Problem problem(String text) {
        var thrown = catchThrowableOfType(ProblemException.class, () -> read(text));
        assertThat(thrown).as("a problem for:%n%s", text).isNotNull();
        return thrown.problem();
    }
}
