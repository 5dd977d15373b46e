package ferry.dialects.mysql;

import ferry.engine.dialect.Finding;
import ferry.engine.dialect.Finding.Outcome;
import ferry.engine.dialect.Role;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Collects what the prechecks of one role find.
final class Findings {
    private static final int NAMED_MAX = 20;

    private final Role role;
    private final List<Finding> all = new ArrayList<>();

    Findings(Role role) {
        this.role = role;
    }

    /// A check that asks the server; if the server refuses to answer, the item is a warning with
    /// the reason.
    @FunctionalInterface
    interface Check {
        void run() throws SQLException;
    }

    void check(String item, String remedy, Check check) {
        try {
            check.run();
        } catch (SQLException refused) {
            warned(item, "It could not be looked at: " + MySqlErrors.message(refused), remedy);
        }
    }

    void passed(String item, String what) {
        all.add(Finding.passed(item, role, what));
    }

    void warned(String item, String what, String remedy) {
        all.add(Finding.warned(item, role, what, remedy));
    }

    void failed(String item, String what, String remedy) {
        all.add(Finding.failed(item, role, what, remedy));
    }

    /// A failure that the operator may know to be harmless.
    void failedSkippable(String item, String what, String remedy) {
        all.add(new Finding(item, role, Outcome.FAILED, what, remedy, true));
    }

    /// Passed if the list is empty, otherwise a warning that names its first entries.
    void warnedIfAny(String item, List<?> found, String passed, String warned, String remedy) {
        if (found.isEmpty()) {
            passed(item, passed);
        } else {
            warned(item, warned + ": " + named(found), remedy);
        }
    }

    /// Passed if the list is empty, otherwise a failure that names its first entries.
    void failedIfAny(String item, List<?> found, String passed, String failed, String remedy) {
        if (found.isEmpty()) {
            passed(item, passed);
        } else {
            failed(item, failed + ": " + named(found), remedy);
        }
    }

    static String named(List<?> entries) {
        var text =
                String.join(", ", entries.stream().limit(NAMED_MAX).map(Object::toString).toList());
        return entries.size() > NAMED_MAX
                ? text + " and " + (entries.size() - NAMED_MAX) + " more"
                : text;
    }

    List<Finding> all() {
        return List.copyOf(all);
    }
}
