package ferry.server.run;

import ferry.engine.dialect.Finding;
import ferry.engine.problem.Problem;
import ferry.server.journal.Redaction;
import java.util.List;

/// Passes events on to others, secrets taken out of texts that came from outside: what a driver
/// says stands in problems, findings and messages.
record Discreet(Redaction redaction, List<Audience> audiences) implements Audience {
    Discreet {
        audiences = List.copyOf(audiences);
    }

    @Override
    public void tell(RunEvent event) {
        var clean = clean(event);
        audiences.forEach(audience -> audience.tell(clean));
    }

    static Problem problem(Problem problem, Redaction redaction) {
        return new Problem(
                problem.code(),
                redaction.apply(problem.what()),
                redaction.apply(problem.why()),
                redaction.apply(problem.remedy()));
    }

    private RunEvent clean(RunEvent event) {
        return switch (event) {
            case RunEvent.Told(var message) -> new RunEvent.Told(redaction.apply(message));
            case RunEvent.Warned(var problem) -> new RunEvent.Warned(problem(problem, redaction));
            case RunEvent.Stopped(var problem) -> new RunEvent.Stopped(problem(problem, redaction));
            case RunEvent.Checked(var finding) ->
                    new RunEvent.Checked(
                            new Finding(
                                    finding.item(),
                                    finding.role(),
                                    finding.outcome(),
                                    redaction.apply(finding.what()),
                                    redaction.apply(finding.remedy()),
                                    finding.skippable()));
            case RunEvent.Started _,
                    RunEvent.ProjectChanged _,
                    RunEvent.StepChanged _,
                    RunEvent.Progressed _,
                    RunEvent.Compared _,
                    RunEvent.Certified _,
                    RunEvent.Ended _ ->
                    event;
        };
    }
}
