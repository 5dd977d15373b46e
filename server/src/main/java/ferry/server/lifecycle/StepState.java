package ferry.server.lifecycle;

/// Where one step stands.
public enum StepState {
    INIT("Not started", "it has not begun"),
    RUNNING("Running", "it works"),
    MONITORING("Monitoring", "it has caught up with the source and keeps up"),
    FINISHED("Completed", "all of it is done"),
    FAILED("Failed", "a problem stopped it"),
    SUSPEND("Paused", "it was stopped together with its project and goes on with it");

    private final String title;
    private final String meaning;

    StepState(String title, String meaning) {
        this.title = title;
        this.meaning = meaning;
    }

    public String title() {
        return title;
    }

    public String meaning() {
        return meaning;
    }
}
