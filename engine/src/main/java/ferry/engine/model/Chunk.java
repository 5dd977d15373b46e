package ferry.engine.model;

/// A bounded key range of a source table: the unit of load, verify, retry and progress. Numbers are
/// dense per table, from 0.
public record Chunk(TableName table, int number, KeyRange range) {
    @Override
    public String toString() {
        return "chunk " + number + " of " + table + " " + range;
    }
}
