package ferry.engine.dialect;

/// One precheck item and how it ended. `item` is OMS's enumeration name where one exists
/// (`DB_INCR_LOG`).
public record Finding(
        String item, Role role, Outcome outcome, String what, String remedy, boolean skippable) {
    public enum Outcome {
        PASSED,
        WARNED,
        FAILED
    }

    public static Finding passed(String item, Role role, String what) {
        return new Finding(item, role, Outcome.PASSED, what, "", true);
    }

    public static Finding warned(String item, Role role, String what, String remedy) {
        return new Finding(item, role, Outcome.WARNED, what, remedy, true);
    }

    public static Finding failed(String item, Role role, String what, String remedy) {
        return new Finding(item, role, Outcome.FAILED, what, remedy, false);
    }
}
