package ferry.server.lifecycle;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// One entry of a project's plan, in the order of execution, under its OMS name.
public enum Step {
    TRANSFER_PRECHECK("Precheck", "tests both ends and lists every finding"),
    STRUCT_TRANSFER(
            "Schema migration",
            "creates databases, tables and their keys in the target",
            Choice.SCHEMA),
    TRANSFER_INCR_LOG_PULL(
            "Incremental log pull",
            "reads the source's log into the change log",
            Choice.INCREMENTAL),
    FULL_TRANSFER("Full migration", "copies the tables chunk by chunk", Choice.FULL),
    INDEX_TRANSFER(
            "Index migration",
            "builds the unique keys and foreign keys that had to wait until the tables were filled",
            Choice.SCHEMA,
            Choice.FULL),
    INCR_TRANSFER(
            "Incremental synchronization",
            "applies the change log to the target",
            Choice.INCREMENTAL),
    FULL_VERIFIER(
            "Full verification",
            "compares every table and explains each difference",
            Choice.VERIFICATION);

    private final String title;
    private final String meaning;
    private final Set<Choice> needs;

    Step(String title, String meaning, Choice... needs) {
        this.title = title;
        this.meaning = meaning;
        this.needs = Set.copyOf(Arrays.asList(needs));
    }

    /// The steps that a project with these choices has, in order.
    public static List<Step> plan(Set<Choice> chosen) {
        return EnumSet.allOf(Step.class).stream()
                .filter(step -> chosen.containsAll(step.needs))
                .toList();
    }

    public String title() {
        return title;
    }

    public String meaning() {
        return meaning;
    }

    /// The choices that bring this step into a plan; none: it is always there.
    public Set<Choice> needs() {
        return needs;
    }

    /// True when the step does not end by itself but keeps up with the source.
    public boolean monitors() {
        return this == INCR_TRANSFER;
    }
}
