package ferry.server;

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

/// Which package of the server may import which. Think hard before changing this: it is the table
/// of docs/architecture.md.
final class ArchitectureTest {
    /// Package, and what it may import of ours besides itself.
    private static final Map<String, List<String>> IMPORTS =
            Map.of(
                    "lifecycle",
                    List.of("engine.problem", "engine.config"),
                    "journal",
                    List.of("lifecycle", "engine.problem", "engine.config"),
                    "run",
                    List.of("lifecycle", "journal", "engine"),
                    "cli",
                    List.of("lifecycle", "journal", "run", "engine"));

    private static final JavaClasses SERVER =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("ferry.server");

    private static String tree(String name) {
        return name.startsWith("engine") ? "ferry." + name + ".." : "ferry.server." + name + "..";
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
                .check(SERVER);
    }

    @Test
    void everyClassLivesInAPackageOfTheTable() {
        var known = packages().stream().map(ArchitectureTest::tree).toArray(String[]::new);

        classes().should().resideInAnyPackage(known).allowEmptyShould(true).check(SERVER);
    }

    @Test
    void theServerFindsDialectsAndDriversOnlyByServiceLoader() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ferry.dialects..", "ferry.testkit..", "org.mariadb..")
                .allowEmptyShould(true)
                .check(SERVER);
    }

    @Test
    void onlyTheCommandLineKnowsItsLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage(tree("cli"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .allowEmptyShould(true)
                .check(SERVER);
    }
}
