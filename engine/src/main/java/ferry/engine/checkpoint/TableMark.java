package ferry.engine.checkpoint;

import ferry.engine.changelog.TableText;
import ferry.engine.dialect.Entry;
import ferry.engine.filter.ColumnChoice;
import ferry.engine.filter.TableMapping;
import ferry.engine.model.Position;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.Optional;

/// What the target knows about one migrated table. `id` is its short number in this project;
/// `generation` counts its loads. `source` is the layout in force (at the load, later at the
/// low-water mark) as `mapping` lets it be seen, `target` the table as it is in the target once
/// finished, and `admittedAt` the text of the position from which the capture delivers its rows;
/// all empty in phase NEW. `created` is true when Ferry made the target's table. `voided` counts
/// the loads that a schema change voided one after the other: it is kept in the target, so that a
/// table that can never be loaded meets its limit although processes come and go. `kept` is true
/// when the target's table held rows that were to stay (`load.existing`), or may hold some because
/// Ferry never wrote to it: a new load does not empty it. `aside` says why the table was set aside;
/// empty in every other phase. `apart` is the text of a position while the table is loaded apart
/// from the others, which go on: apply leaves its changes out meanwhile, and what the log holds of
/// it behind that position is written once it is loaded.
public record TableMark(
        int id,
        TableMapping mapping,
        int generation,
        Phase phase,
        Optional<Table> source,
        Optional<Table> target,
        Optional<String> admittedAt,
        boolean created,
        int voided,
        boolean kept,
        Optional<String> aside,
        Optional<String> apart) {
    static final String KIND = "table";

    /// How far a table is. Each phase is durable; the next is derived from it.
    public enum Phase {
        /// Selected; nothing of this generation exists in the target.
        NEW,
        /// Its layout is admitted to the capture and its table is in the target, without the keys
        /// that come later.
        CREATED,
        /// Every chunk is in the target.
        LOADED,
        /// Its window is over: keys are built and every later change must fit exactly.
        EXACT,
        /// It failed for good and was set aside: its changes are not applied, its rows in the
        /// target mean nothing, and the others go on, until somebody has it loaded again.
        ASIDE
    }

    public TableMark(
            int id,
            TableMapping mapping,
            int generation,
            Phase phase,
            Optional<Table> source,
            Optional<Table> target,
            Optional<String> admittedAt,
            boolean created,
            int voided) {
        this(
                id,
                mapping,
                generation,
                phase,
                source,
                target,
                admittedAt,
                created,
                voided,
                false,
                Optional.empty(),
                Optional.empty());
    }

    /// The table's name at the source.
    public TableName name() {
        return mapping.source();
    }

    public TableName targetName() {
        return mapping.target();
    }

    /// True when the target's table is this one's: it was made for it or taken over, and not given
    /// up since.
    public boolean holdsTarget() {
        return created || phase != Phase.NEW && phase != Phase.ASIDE;
    }

    public TableMark next(Phase newPhase) {
        var draft = new Draft(this);
        draft.phase = newPhase;
        draft.voided = newPhase.compareTo(Phase.LOADED) < 0 ? voided : 0;
        return draft.mark();
    }

    /// The same, saying that Ferry makes (or made) the target's table.
    public TableMark owned() {
        var draft = new Draft(this);
        draft.created = true;
        return draft.mark();
    }

    /// The mark behind the creation of this generation's table; `byUs` is false for a table that
    /// was there before. Throws a problem of the table if its row condition does not fit it.
    public TableMark created(
            Table sourceLayout, Table targetTable, Optional<Position> admitted, boolean byUs) {
        var draft = new Draft(this);
        draft.phase = Phase.CREATED;
        draft.source = Optional.of(mapping.view(sourceLayout));
        draft.target = Optional.of(targetTable);
        draft.admittedAt = admitted.map(Position::text);
        draft.created = byUs;
        draft.kept = false;
        draft.aside = Optional.empty();
        return draft.mark();
    }

    /// The same, saying whether rows that were in the target's table before stay there.
    public TableMark keeping(boolean keeps) {
        var draft = new Draft(this);
        draft.kept = keeps;
        return draft.mark();
    }

    /// The same table, set aside for this reason. It has no layout any more: nothing may be decoded
    /// or written by one that the source has left meanwhile.
    public TableMark setAside(String why) {
        var draft = new Draft(this);
        draft.phase = Phase.ASIDE;
        draft.forgetLoad();
        draft.voided = 0;
        draft.aside = Optional.of(why);
        draft.apart = Optional.empty();
        return draft.mark();
    }

    public boolean isAside() {
        return phase == Phase.ASIDE;
    }

    /// The same table under new definitions that both ends reached by the same DDL.
    public TableMark altered(Table sourceLayout, Table targetTable) {
        var draft = new Draft(this);
        draft.source = Optional.of(mapping.view(sourceLayout));
        draft.target = Optional.of(targetTable);
        return draft.mark();
    }

    /// Back to nothing, for a new load.
    public TableMark again() {
        return again(voided);
    }

    /// The same because the load that was under way is void.
    public TableMark voidedOnce() {
        return again(voided + 1);
    }

    /// The same because somebody wants it, as if nothing of it had failed before.
    public TableMark anew() {
        return again(0);
    }

    /// A table that is apart stays so, but the log before its admission was let go of.
    private TableMark again(int vain) {
        var draft = new Draft(this);
        draft.generation = generation + 1;
        draft.phase = Phase.NEW;
        draft.apart = neededFrom();
        draft.forgetLoad();
        draft.voided = vain;
        draft.aside = Optional.empty();
        return draft.mark();
    }

    /// The same, loaded apart from the others: what the log holds of it behind this place is
    /// written once it is loaded.
    public TableMark apart(Position from) {
        var draft = new Draft(this);
        draft.apart = Optional.of(from.text());
        return draft.mark();
    }

    /// The same, one of the others: nothing of it is to be read again.
    public TableMark withTheOthers() {
        var draft = new Draft(this);
        draft.apart = Optional.empty();
        return draft.mark();
    }

    /// The text of the place from which the log is needed again for a table that is apart: at its
    /// admission no XA group was open, so nothing that lies before it comes behind it.
    public Optional<String> neededFrom() {
        return apart.map(from -> admittedAt.orElse(from));
    }

    public boolean isApart() {
        return apart.isPresent();
    }

    /// True while apply leaves its changes out.
    public boolean isLeftOut() {
        return isAside() || isApart();
    }

    /// True if this mark was stored behind the other one of the same table.
    boolean isFurtherThan(TableMark other) {
        if (id != other.id) {
            return false;
        }
        if (generation != other.generation) {
            return generation > other.generation;
        }
        return phase != other.phase
                ? phase.compareTo(other.phase) > 0
                : !isApart() && other.isApart();
    }

    /// True until all rows of this load are in the target.
    public boolean isLoading() {
        return phase.compareTo(Phase.LOADED) < 0;
    }

    /// Until a table of the first generation is there, whatever the target has under its name is
    /// somebody else's, and later generations must know that.
    private boolean keepsStrangersRows() {
        return kept || phase == Phase.NEW && generation == 0 && !created;
    }

    public Table sourceLayout() {
        return source.orElseThrow(
                () -> new IllegalStateException(name() + " has no layout in phase " + phase));
    }

    public Table targetTable() {
        return target.orElseThrow(
                () -> new IllegalStateException(name() + " has no target in phase " + phase));
    }

    /// True when capture was to deliver its rows, from some place of the log on.
    public boolean isAdmitted() {
        return admittedAt.isPresent();
    }

    /// True when rows can be addressed by a key at both ends.
    public boolean keyed() {
        return sourceLayout().rowKey().isPresent();
    }

    /// True when the target's table was there before, with unique keys besides its row key: inside
    /// the window two chunks may bring rows that have one of their values in common.
    public boolean uniqueKeysInPlace() {
        return !created && !targetTable().secondaryUniqueKeys().isEmpty();
    }

    public Entry entry() {
        var fields =
                new Fields()
                        .put("database", name().database())
                        .put("table", name().table())
                        .put("targetDatabase", targetName().database())
                        .put("targetTable", targetName().table())
                        .put("where", mapping.where().map(Fields::oneLine))
                        .put("columns", mapping.columns().map(Object::toString))
                        .put("generation", generation)
                        .put("phase", phase)
                        .put("created", created)
                        .put("voided", voided)
                        .put("kept", kept)
                        .put("aside", aside.map(Fields::oneLine))
                        .put("apart", apart)
                        .put("admittedAt", admittedAt)
                        .put("source", source.map(Table::whole).map(TableText::encode))
                        .put("target", target.map(TableText::encode));
        return new Entry(KIND, entryName(), fields.text());
    }

    /// The entry that removes this mark.
    public Entry removal() {
        return new Entry(KIND, entryName(), "");
    }

    static TableMark parse(Entry entry) {
        var fields = Fields.parse(entry.value());
        var mapping =
                new TableMapping(
                        new TableName(fields.get("database"), fields.get("table")),
                        new TableName(fields.get("targetDatabase"), fields.get("targetTable")),
                        fields.find("where").map(String::translateEscapes),
                        fields.find("columns").map(ColumnChoice::parse));
        return new TableMark(
                Integer.parseInt(entry.name().substring(1)),
                mapping,
                (int) fields.number("generation"),
                Phase.valueOf(fields.get("phase")),
                fields.find("source").map(TableText::decode).map(mapping::view),
                fields.find("target").map(TableText::decode),
                fields.find("admittedAt"),
                Boolean.parseBoolean(fields.get("created")),
                fields.find("voided").map(Integer::parseInt).orElse(0),
                fields.find("kept").map(Boolean::parseBoolean).orElse(false),
                fields.find("aside").map(String::translateEscapes),
                fields.find("apart"));
    }

    private String entryName() {
        return "t" + id;
    }

    /// A mark that is to differ from another one in some of its parts.
    private static final class Draft {
        private final TableMark old;
        private int generation;
        private Phase phase;
        private Optional<Table> source;
        private Optional<Table> target;
        private Optional<String> admittedAt;
        private boolean created;
        private int voided;
        private boolean kept;
        private Optional<String> aside;
        private Optional<String> apart;

        Draft(TableMark old) {
            this.old = old;
            generation = old.generation;
            phase = old.phase;
            source = old.source;
            target = old.target;
            admittedAt = old.admittedAt;
            created = old.created;
            voided = old.voided;
            kept = old.kept;
            aside = old.aside;
            apart = old.apart;
        }

        void forgetLoad() {
            source = Optional.empty();
            target = Optional.empty();
            admittedAt = Optional.empty();
            kept = old.keepsStrangersRows();
        }

        TableMark mark() {
            return new TableMark(
                    old.id,
                    old.mapping,
                    generation,
                    phase,
                    source,
                    target,
                    admittedAt,
                    created,
                    voided,
                    kept,
                    aside,
                    apart);
        }
    }
}
