package ferry.server.cli;

import ferry.engine.problem.ProblemCode;
import ferry.server.run.Outcome;

/// What a command tells the shell. The numbers are part of the interface and never change.
enum ExitCode {
    FINISHED(0, "finished; where tables were compared, they are equal"),
    DIFFERENT(1, "finished, and at least one table differs"),
    CONFIGURATION(2, "the command line, the project file or a setting is wrong"),
    ENVIRONMENT(3, "a server, the disk or another process stands in the way"),
    STOPPED(4, "a problem stopped the project; mend it and run it again to resume"),
    PAUSED(130, "paused by an operator; run it again to resume");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    String meaning() {
        return meaning;
    }

    static ExitCode of(Outcome outcome) {
        return switch (outcome) {
            case FINISHED -> FINISHED;
            case DIFFERENT -> DIFFERENT;
            case PAUSED -> PAUSED;
        };
    }

    static ExitCode of(ProblemCode code) {
        return switch (code) {
            case CONFIGURATION,
                    SETTING_UNKNOWN,
                    SETTING_OUT_OF_BOUNDS,
                    NO_TABLES,
                    PLACE_REFUSED,
                    ROW_CONDITION,
                    COLUMN_CHOICE,
                    TYPE_NOT_SUPPORTED ->
                    CONFIGURATION;
            case PRECHECK_FAILED,
                    OTHER_OWNER,
                    SOURCE_UNREACHABLE,
                    SOURCE_REFUSED,
                    TARGET_UNREACHABLE,
                    TARGET_REFUSED,
                    DISK_FULL,
                    LOG_FULL,
                    HOME_LOCKED ->
                    ENVIRONMENT;
            case FENCED,
                    SOURCE_STATEMENT,
                    LOG_PURGED,
                    LOG_FOREIGN,
                    LOG_EVENT,
                    LOG_INCOMPLETE,
                    LAYOUT_MISMATCH,
                    LOG_THROWN_OUT,
                    XA_UNKNOWN,
                    XA_OPEN,
                    LOG_EXPIRES,
                    TARGET_STATEMENT,
                    TARGET_BUSY,
                    TARGET_HOLDS_ROWS,
                    TARGET_FOREIGN,
                    ROW_MISSING,
                    ROW_EXISTS,
                    ROW_TOO_LARGE,
                    VALUE_REFUSED,
                    ROW_ERRORS,
                    SCHEMA_OBJECT,
                    LOG_DAMAGED,
                    LOG_LIMIT,
                    RELOADS_EXHAUSTED,
                    INTERNAL ->
                    STOPPED;
        };
    }
}
