package ferry.dialects.toy;

import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;

/// A place in one server's log by file and offset: what there is when transactions have no global
/// ids.
record FilePosition(String uuid, long file, long offset) implements Position {
    static final String PREFIX = "file:";

    static FilePosition parse(String text) {
        var second = text.lastIndexOf('/');
        var first = text.lastIndexOf('/', second - 1);
        return new FilePosition(
                text.substring(0, first),
                Long.parseLong(text.substring(first + 1, second)),
                Long.parseLong(text.substring(second + 1)));
    }

    @Override
    public boolean covers(Position other) {
        return other instanceof FilePosition place
                && uuid.equals(place.uuid)
                && (file > place.file || (file == place.file && offset >= place.offset));
    }

    @Override
    public boolean includes(TransactionId id) {
        return covers(parse(id.text()));
    }

    @Override
    public boolean liesBefore(TransactionId id) {
        return uuid.equals(parse(id.text()).uuid) && !includes(id);
    }

    @Override
    public FilePosition plus(TransactionId id) {
        return includes(id) ? this : parse(id.text());
    }

    TransactionId id() {
        return new TransactionId(uuid + "/" + file + "/" + offset);
    }

    @Override
    public String text() {
        return PREFIX + id().text();
    }

    @Override
    public String toString() {
        return text();
    }
}
