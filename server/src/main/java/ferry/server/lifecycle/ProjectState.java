package ferry.server.lifecycle;

/// Where a project stands.
public enum ProjectState {
    INIT("Not started", "it is known and was never started"),
    RUNNING("Running", "its steps execute"),
    SUSPEND("Paused", "an operator paused it; run it again to resume"),
    FAILED("Failed", "a problem stopped it; run it again to resume"),
    FINISHED("Completed", "all steps are done; run it again to catch up and verify once more"),
    RELEASING("Releasing", "its bookkeeping in the target is being dropped"),
    RELEASED("Released", "it is stopped for good");

    private final String title;
    private final String meaning;

    ProjectState(String title, String meaning) {
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
