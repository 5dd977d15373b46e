package ferry.engine.dialect;

/// A password or key. Prints as `***` wherever it is printed.
public final class Secret {
    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    /// The secret in clear: for drivers only.
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }
}
