package ferry.engine.config;

/// The rules of correctness that the engine keeps, by the section of `docs/correctness.md` that
/// holds the history behind each. Code that keeps a rule asks [Rules#keeps]; the simulation runs
/// the engine without one rule at a time and must see it fail.
public enum Rule {
    /// §1: a readAt counts only up to the first transaction that it does not include.
    READ_AT_IS_A_PREFIX(1),
    /// §2: with secondary unique keys in place a table is replayed whole from its smallest readAt.
    UNIQUE_KEYS_REPLAY_WHOLE(2),
    /// §2: a change of key is a delete and an insert, each judged by its own chunk.
    KEY_CHANGE_IS_TWO(2),
    /// §1: where only rows that meet a condition move, logged changes are judged by it as reads
    /// are.
    LOG_MEETS_CONDITION(1),
    /// §1: where only some columns move, or move under other names, so do logged ones.
    LOG_SEES_COLUMNS(1),
    /// §2: a table's window ends at its largest readBy.
    WINDOW_ENDS_AT_READ_BY(2),
    /// §2: secondary unique keys are built at the end of the window.
    UNIQUE_KEYS_AFTER_WINDOW(2),
    /// §3: DDL inside a window voids the table's load.
    DDL_VOIDS_WINDOW(3),
    /// §3: a layout is proved: no DDL between its reading and its use.
    LAYOUT_IS_PROVED(3),
    /// §4: the low-water mark never passes an open PREPARE.
    LOW_WATER_BEHIND_PREPARE(4),
    /// §5: a chunk's rows and its mark are one target transaction.
    CHUNK_IS_ONE_TRANSACTION(5),
    /// §5: after a lost connection the lane's checkpoint is read again before anything is repeated.
    UNKNOWN_COMMIT_IS_READ(5),
    /// §5: and so are the marks that a commit of unknown outcome may have changed.
    MARKS_ARE_READ_AGAIN(5),
    /// §5: the low-water mark stands before the first transaction that is not in the target.
    LOW_WATER_BEHIND_LANES(5),
    /// §5: the checkpoint of a part of a large transaction says how much of it is in the target.
    PARTS_ARE_COUNTED(5),
    /// §5: what was left out of a table that was loaded apart is read from where it went apart.
    APART_FROM_ITS_PLACE(5),
    /// §6: a project never goes on with another source.
    SOURCE_IDENTITY(6),
    /// §6: a change log that does not fit what the target says is begun again.
    LOG_FITS_TARGET(6),
    /// §7: foreign keys are built after the windows.
    FOREIGN_KEYS_AFTER_WINDOW(7),
    /// §8: transactions that meet at a row or a unique value keep their order, whatever lanes write
    /// them.
    CONFLICTS_KEEP_ORDER(8),
    /// §8: at a barrier every lane has written everything that stands before it.
    LANES_STAND_AT_BARRIERS(8),
    /// §8: where changes are merged, an update of a column that must be unique is written as a
    /// delete and an insert, all deletes before all inserts.
    UNIQUE_MOVES_ARE_TWO(8),
    /// §10: keys that changed between the two reads are compared again by themselves, at one place
    /// of the log.
    VERIFY_SETTLES_KEYS(10),
    /// §10: only the owner certifies: another one's apply does not stand still.
    OWNER_CERTIFIES(10),
    /// §10: a correction writes the row as it was at the source at the place where apply stands
    /// meanwhile.
    CORRECTION_AT_ONE_PLACE(10),
    /// §11: what was done of a DDL is recognised after a crash.
    DDL_INTENT(11),
    /// §12: after the window every change of a row with a key meets exactly the row it must.
    STRICT_AFTER_WINDOW(12),
    /// §12: what was left out is told in the target transaction that passes over it.
    LEFT_OUT_WITH_ITS_CHECKPOINT(12);

    private final int section;

    Rule(int section) {
        this.section = section;
    }

    /// The section of `docs/correctness.md`.
    public int section() {
        return section;
    }
}
