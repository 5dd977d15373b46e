package ferry.server.lifecycle;

/// What can happen to a project.
public enum ProjectEvent {
    START("an operator starts or resumes it"),
    PAUSE("an operator pauses it"),
    FAIL("a problem stops it"),
    FINISH("its steps did what was asked"),
    RELEASE("an operator resets it"),
    RELEASED("its bookkeeping is gone");

    private final String meaning;

    ProjectEvent(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }
}
