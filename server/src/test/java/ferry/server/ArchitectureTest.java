package ferry.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The directions of imports inside the server. Think hard before changing this.
final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("ferry.server");

    @Test
    void lifecycleIsPure() {
        onlyUses("lifecycle", "java..", "ferry.engine.problem..", "ferry.engine.config..");
    }

    @Test
    void jsonUsesNothingOfOurs() {
        onlyUses("json", "java..");
    }

    @Test
    void theJournalKnowsTheLifecycleOnly() {
        onlyUses(
                "journal",
                "java..",
                "org.yaml..",
                "ferry.engine.problem..",
                "ferry.engine.dialect..",
                "ferry.server.lifecycle..",
                "ferry.server.json..");
    }

    @Test
    void nobodyUsesTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("ferry.server.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ferry.server.cli..")
                .check(CLASSES);
    }

    @Test
    void theServerNamesNoDialectAndNoDriver() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ferry.dialects..", "org.mariadb..", "com.mysql..", "ch.qos.logback..")
                .check(CLASSES);
    }

    @Test
    void noPackageGoesInACircle() {
        slices().matching("ferry.server.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    private static void onlyUses(String inside, String... allowed) {
        var all = new String[allowed.length + 1];
        all[0] = "ferry.server." + inside + "..";
        System.arraycopy(allowed, 0, all, 1, allowed.length);
        classes()
                .that()
                .resideInAPackage("ferry.server." + inside + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(all)
                .check(CLASSES);
    }
}
