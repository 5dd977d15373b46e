package ferry.server.run;

import ferry.engine.dialect.Finding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a run's story into the log: one line per fact, and no row's values.
record Story(String project) implements Audience {
    private static final Logger LOG = LoggerFactory.getLogger(Story.class);

    @Override
    public void tell(RunEvent event) {
        switch (event) {
            case RunEvent.Started started ->
                    info(
                            "started from "
                                    + started.source()
                                    + " to "
                                    + started.target()
                                    + " until "
                                    + started.until());
            case RunEvent.ProjectChanged(var state) -> info("is " + state);
            case RunEvent.StepChanged(var step, var state) -> info("step " + step + " is " + state);
            case RunEvent.Checked(var finding) -> {
                if (finding.outcome() != Finding.Outcome.PASSED) {
                    info(
                            "precheck "
                                    + finding.item()
                                    + " "
                                    + finding.outcome()
                                    + ": "
                                    + finding.what());
                }
            }
            case RunEvent.Told(var message) -> info(message);
            case RunEvent.Warned(var problem) -> info("warning: " + problem);
            case RunEvent.Compared(var verdict) ->
                    info(
                            "table "
                                    + verdict.name()
                                    + " is "
                                    + verdict.result()
                                    + ", "
                                    + verdict.rows()
                                    + " rows");
            case RunEvent.Certified certified ->
                    info("certificate " + certified.grade() + " in " + certified.text());
            case RunEvent.Stopped(var problem) -> info("stopped: " + problem);
            case RunEvent.Ended(var outcome) -> info("ended: " + outcome);
            case RunEvent.Progressed _ -> {}
        }
    }

    private void info(String fact) {
        LOG.info("project {}: {}", project, fact);
    }
}
