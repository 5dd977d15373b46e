package ferry.server.cli;

import ferry.server.run.Audience;
import ferry.server.run.Dialects;
import ferry.server.run.Outcome;
import ferry.server.run.Project;
import ferry.server.run.ProjectFile;
import ferry.server.run.RunEvent;
import ferry.server.run.Runner;
import ferry.server.run.Stop;
import java.util.Map;

/// One run of a project at the command line: from its file to an exit code, with an audience that
/// fits the terminal.
record Session(Terminal terminal, Map<String, String> environment, RunOptions options) {
    @FunctionalInterface
    interface Deed {
        Outcome with(Runner runner, Stop stop) throws InterruptedException;
    }

    Project project(Dialects dialects) {
        return ProjectFile.read(options.file, dialects.endpointTypes(), environment);
    }

    int run(Project project, Dialects dialects, Runner.Options wishes, Deed deed)
            throws InterruptedException {
        var home = options.home(project.name());
        // Before the first logger is made: it reads the property once.
        System.setProperty("ferry.log", home.create().log().toString());
        var stop = new Stop();
        var audience = audience(project);
        Signals.pauseOn(stop, message -> audience.tell(new RunEvent.Told(message)));
        var runner = new Runner(project, dialects, home, wishes, audience);
        return ExitCode.of(deed.with(runner, stop)).number();
    }

    private Audience audience(Project project) {
        if (options.json) {
            return new JsonLines(terminal.out(), project.name(), project.redaction());
        }
        if (!terminal.interactive()) {
            return new LogLines(terminal.out());
        }
        var picture = new LivePicture(terminal, project);
        Signals.onResize(picture::resized);
        return picture;
    }
}
