package ferry.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Which package of the engine may import which. Think hard before changing this: it is the table
/// of docs/architecture.md.
final class ArchitectureTest {
    /// Below the verbs: what every verb may import.
    private static final List<String> FACTS =
            List.of(
                    "model",
                    "problem",
                    "config",
                    "crew",
                    "dialect",
                    "filter",
                    "changelog",
                    "checkpoint",
                    "governor");

    /// None of these imports another.
    private static final List<String> VERBS =
            List.of("precheck", "schema", "capture", "load", "apply", "verify");

    /// Package, and what it may import of ours besides itself.
    private static final Map<String, List<String>> IMPORTS =
            Map.ofEntries(
                    Map.entry("model", List.of()),
                    Map.entry("problem", List.of("model")),
                    Map.entry("config", List.of("model", "problem")),
                    Map.entry("crew", List.of("problem")),
                    Map.entry("dialect", List.of("model", "problem", "config")),
                    Map.entry("filter", List.of("model", "problem")),
                    Map.entry("changelog", List.of("model", "problem", "config")),
                    Map.entry(
                            "checkpoint",
                            List.of(
                                    "model",
                                    "problem",
                                    "config",
                                    "dialect",
                                    "filter",
                                    "changelog")),
                    Map.entry("governor", List.of("problem", "config", "crew", "dialect")),
                    Map.entry("precheck", FACTS),
                    Map.entry("schema", FACTS),
                    Map.entry("capture", FACTS),
                    Map.entry("load", FACTS),
                    Map.entry("apply", FACTS),
                    Map.entry("verify", FACTS),
                    Map.entry("pipeline", Stream.concat(FACTS.stream(), VERBS.stream()).toList()));

    /// What the engine may use of the world: the JDK and two libraries, in `filter` one more.
    /// ArchUnit puts primitive types into the package "".
    private static final List<String> WORLD =
            List.of(
                    "",
                    "java..",
                    "javax.crypto..",
                    "javax.net..",
                    "org.slf4j..",
                    "com.github.luben.zstd..");

    private static final JavaClasses ENGINE =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("ferry.engine");

    private static String tree(String name) {
        return "ferry.engine." + name + "..";
    }

    static List<String> packages() {
        return IMPORTS.keySet().stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageImportsOnlyWhatTheTableAllows(String name) {
        var allowed =
                Stream.concat(Stream.of(name), IMPORTS.get(name).stream())
                        .map(ArchitectureTest::tree)
                        .toArray(String[]::new);

        classes()
                .that()
                .resideInAPackage(tree(name))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(allowed).or(resideInAPackage("ferry..").negate()))
                .allowEmptyShould(true)
                .check(ENGINE);
    }

    @Test
    void everyClassLivesInAPackageOfTheTable() {
        var known = packages().stream().map(ArchitectureTest::tree).toArray(String[]::new);

        classes().should().resideInAnyPackage(known).allowEmptyShould(true).check(ENGINE);
    }

    /// A virtual thread that waits in a monitor for a time may never wake (JDK-8373120, in 25.0.3):
    /// locks with conditions do not have this.
    @Test
    void nobodyWaitsInAMonitor() {
        noClasses()
                .should()
                .callMethod(Object.class, "wait")
                .orShould()
                .callMethod(Object.class, "wait", long.class)
                .orShould()
                .callMethod(Object.class, "wait", long.class, int.class)
                .check(ENGINE);
    }

    @Test
    void theEngineUsesOnlyTheJdkSlf4jAndZstd() {
        classes()
                .that()
                .resideOutsideOfPackage(tree("filter"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(world())
                .allowEmptyShould(true)
                .check(ENGINE);
    }

    @Test
    void onlyFiltersUseTheParserOfSql() {
        classes()
                .that()
                .resideInAPackage(tree("filter"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(world("net.sf.jsqlparser.."))
                .allowEmptyShould(true)
                .check(ENGINE);
    }

    private static String[] world(String... more) {
        return Stream.concat(
                        WORLD.stream(), Stream.concat(Stream.of("ferry.engine.."), Stream.of(more)))
                .toArray(String[]::new);
    }
}
