package ferry.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.server.run.RunEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class PagesTest {
    @Test
    void noGeneratedPageIsStale() throws IOException {
        var folder = Path.of("").toAbsolutePath().getParent().resolve("docs");
        for (var page : Pages.all().entrySet()) {
            assertThat(folder.resolve(page.getKey()))
                    .as("run ./ferry docs and commit %s", page.getKey())
                    .exists()
                    .content()
                    .isEqualTo(page.getValue());
        }
    }

    @Test
    void everyEventHasAnExample() {
        var described = EventsPage.examples().keySet().stream().map(Object::getClass).toList();

        assertThat(described)
                .hasSameElementsAs(Arrays.asList(RunEvent.class.getPermittedSubclasses()));
    }
}
