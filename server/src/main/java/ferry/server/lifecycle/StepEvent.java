package ferry.server.lifecycle;

/// What can happen to one step.
public enum StepEvent {
    START("it begins or goes on"),
    CATCH_UP("its lag fell below the limit for the first time"),
    PAUSE("its project was paused or stopped"),
    FAIL("a problem stopped it"),
    FINISH("all of it is done");

    private final String meaning;

    StepEvent(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }
}
