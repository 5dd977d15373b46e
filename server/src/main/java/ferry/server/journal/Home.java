package ferry.server.journal;

import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;

/// The folder of one project: journal, change log, status, log and reports. Only its owner may read
/// it, because the change log holds rows.
public record Home(Path folder) {
    public Home {
        folder = folder.toAbsolutePath().normalize();
    }

    public static Home of(Path allHomes, String project) {
        return new Home(allHomes.resolve(project));
    }

    public boolean exists() {
        return Files.isDirectory(folder);
    }

    public Home create() {
        try {
            Files.createDirectories(folder, ownerOnly());
            return this;
        } catch (IOException e) {
            throw broken("the folder " + folder + " cannot be created", e);
        }
    }

    public Path lock() {
        return folder.resolve("lock");
    }

    /// Without the ending that the database adds.
    public Path journal() {
        return folder.resolve("journal");
    }

    public Path changeLog() {
        return folder.resolve("changelog");
    }

    public Path status() {
        return folder.resolve("status.json");
    }

    public Path log() {
        return folder.resolve("ferry.log");
    }

    public Path certificateJson() {
        return folder.resolve("certificate.json");
    }

    public Path certificateText() {
        return folder.resolve("certificate.txt");
    }

    public Path corrections() {
        return folder.resolve("corrections.sql");
    }

    /// Removes the folder with all that it holds; the lock goes last, so that nobody comes in
    /// between.
    public void remove() {
        try (var files = Files.walk(folder)) {
            for (var file :
                    files.sorted(
                                    Comparator.comparing((Path path) -> path.equals(lock()))
                                            .thenComparing(Comparator.reverseOrder()))
                            .filter(path -> !path.equals(folder))
                            .toList()) {
                Files.deleteIfExists(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw broken("the folder " + folder + " cannot be removed", e);
        }
    }

    /// A failure of the disk under this home.
    public static ProblemException broken(String what, Exception cause) {
        return new ProblemException(
                new Problem(
                        ProblemCode.DISK_FULL,
                        what,
                        cause.toString(),
                        "free or repair the disk, or choose another folder with --home; then run it again"),
                cause);
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }
}
