package ferry.engine.problem;

/// Every kind of problem, once. The number never changes; `docs/errors.md` is made from this list.
public enum ProblemCode {
    // spotless:off
    // 1xxx: what the operator wrote
    CONFIGURATION(1001, Blame.OPERATOR, false, "The project file or a setting is not right."),
    SETTING_UNKNOWN(1002, Blame.OPERATOR, false, "A setting has a name that does not exist."),
    SETTING_OUT_OF_BOUNDS(1003, Blame.OPERATOR, false, "A setting has a value outside its bounds."),
    PRECHECK_FAILED(1010, Blame.OPERATOR, false, "At least one precheck item failed."),
    NO_TABLES(1011, Blame.OPERATOR, false, "The object rules select no table."),
    TYPE_NOT_SUPPORTED(1012, Blame.OPERATOR, false, "A column has a type that cannot be carried."),
    PLACE_REFUSED(1014, Blame.OPERATOR, false, "The place at which the project is to begin or to stop cannot be kept."),
    ROW_CONDITION(1015, Blame.OPERATOR, false, "A row condition does not fit its table, or cannot be decided for a row."),
    COLUMN_CHOICE(1016, Blame.OPERATOR, false, "A choice of columns does not fit its table."),
    OTHER_OWNER(1020, Blame.OPERATOR, false, "Another process works on this project."),
    FENCED(1021, Blame.OPERATOR, false, "Another process took this project over."),
    // 2xxx: the source
    SOURCE_UNREACHABLE(2001, Blame.SOURCE, true, "The source does not answer, or the connection was lost."),
    SOURCE_REFUSED(2002, Blame.SOURCE, false, "The source refused the login or a privilege is missing."),
    SOURCE_STATEMENT(2003, Blame.SOURCE, false, "The source refused a statement."),
    LOG_PURGED(2010, Blame.SOURCE, false, "The source no longer has the log from the position that is needed."),
    LOG_FOREIGN(2011, Blame.SOURCE, false, "The source is another server, or lost transactions: its log does not continue ours."),
    LOG_EVENT(2012, Blame.SOURCE, false, "The source's log holds an event that is not on the list of known events."),
    LOG_INCOMPLETE(2013, Blame.SOURCE, false, "A row event does not carry all columns, or a statement was logged in place of rows."),
    LAYOUT_MISMATCH(2014, Blame.SOURCE, false, "A row event does not fit the table's known definition."),
    LOG_THROWN_OUT(2015, Blame.SOURCE, false, "The source ended our log connection, for instance for a second reader with our server id."),
    XA_UNKNOWN(2016, Blame.SOURCE, false, "An XA transaction was committed whose preparation was never seen."),
    XA_OPEN(2017, Blame.SOURCE, false, "An XA transaction stays prepared and undecided for too long."),
    LOG_EXPIRES(2018, Blame.SOURCE, false, "The source is going to drop log that is still needed; a warning, which stops nothing."),
    // 3xxx: the target
    TARGET_UNREACHABLE(3001, Blame.TARGET, true, "The target does not answer, or the connection was lost."),
    TARGET_REFUSED(3002, Blame.TARGET, false, "The target refused the login or a privilege is missing."),
    TARGET_STATEMENT(3003, Blame.TARGET, false, "The target refused a statement."),
    TARGET_BUSY(3004, Blame.TARGET, true, "The target asked to try again: deadlock, lock wait, memory or time limit."),
    TARGET_HOLDS_ROWS(3010, Blame.TARGET, false, "A target table already holds rows that this project did not write."),
    TARGET_FOREIGN(3011, Blame.TARGET, false, "The target is another server, or went back in time: our bookkeeping there is missing or older."),
    ROW_MISSING(3020, Blame.TARGET, false, "An update or delete found no row in the target, where exactly one must be."),
    ROW_EXISTS(3021, Blame.TARGET, false, "An insert met a row in the target, where none may be."),
    ROW_TOO_LARGE(3022, Blame.TARGET, false, "A row is larger than a limit of the target."),
    VALUE_REFUSED(3023, Blame.TARGET, false, "The target refused a value, or changed it while storing."),
    ROW_ERRORS(3024, Blame.TARGET, false, "More rows failed than apply.row.errors.limit allows to record."),
    SCHEMA_OBJECT(3030, Blame.TARGET, false, "A schema object could not be created in the target."),
    // 4xxx: the environment of Ferry itself
    DISK_FULL(4001, Blame.ENVIRONMENT, true, "The disk that holds Ferry's home is full or failed."),
    LOG_DAMAGED(4002, Blame.ENVIRONMENT, false, "The change log is damaged where it must not be."),
    LOG_LIMIT(4003, Blame.ENVIRONMENT, false, "The change log does not reach back to where apply stands."),
    HOME_LOCKED(4004, Blame.ENVIRONMENT, false, "Another process uses this home folder for this project."),
    LOG_FULL(4005, Blame.ENVIRONMENT, true, "The change log reached its size before apply read it; capture waits until apply makes room."),
    RELOADS_EXHAUSTED(4010, Blame.OPERATOR, false, "A table was loaded again too often: its definition kept changing, or its chunks were read at places that cannot be compared."),
    INTERNAL(9001, Blame.US, false, "A mistake of Ferry itself.");
    // spotless:on

    /// Who can mend it.
    public enum Blame {
        OPERATOR,
        SOURCE,
        TARGET,
        ENVIRONMENT,
        US
    }

    private final int number;
    private final Blame blame;
    private final boolean retryable;
    private final String meaning;

    ProblemCode(int number, Blame blame, boolean retryable, String meaning) {
        this.number = number;
        this.blame = blame;
        this.retryable = retryable;
        this.meaning = meaning;
    }

    public String id() {
        return "FERRY-" + number;
    }

    public Blame blame() {
        return blame;
    }

    /// True when the same work may succeed a little later without anybody's help.
    public boolean retryable() {
        return retryable;
    }

    /// True for what one row's change may meet at the target and no other would: it can be left out
    /// without it.
    public boolean isOfRow() {
        return switch (this) {
            case ROW_MISSING, ROW_EXISTS, VALUE_REFUSED, ROW_TOO_LARGE -> true;
            default -> false;
        };
    }

    public String meaning() {
        return meaning;
    }
}
