package ferry.dialects.mysql;

/// Where a log that is read has come to: the file, and the end of the last event in it.
final class LogCursor {
    private static final int FILE_BEGIN = 4;
    private static final long HALF = 1L << 31; // of what a 32 bit offset counts

    private final String server;
    private String file; // null until it is known
    private long offset; // the end of the last event, in the file

    LogCursor(LogServer server, MySqlPosition after) {
        this.server = server.identity();
        // Known at once, so that Progress has a place before the first event.
        after.place()
                .filter(place -> place.server().equals(server.identity()))
                .ifPresent(place -> {
                    file = place.file();
                    offset = place.offset();
                });
    }

    boolean isKnown() {
        return file != null;
    }

    /// The end of the last event.
    LogPlace place() {
        return at(offset);
    }

    LogPlace at(long start) {
        return LogPlace.of(server, file, start);
    }

    /// The text of a place in the file, for problems.
    String text(long start) {
        return file + ":" + start;
    }

    /// The text of the end of the last event, for problems.
    String text() {
        return text(offset);
    }

    String describe(RawEvent event) {
        return "event of type %d before %s".formatted(event.type(), text());
    }

    /// Moves to the end of an event and returns where the event begins.
    long move(RawEvent event, boolean insideGroup) {
        if (event.type() == RawEvent.HEARTBEAT && !insideGroup) {
            // It tells where the server reads, behind transactions too that it passed over because
            // we have them.
            var told = event.read();
            if (told.utf8(told.left()).equals(file)) {
                offset = Math.max(offset, extended(event.end()));
            }
        }
        var formatAgain = event.type() == RawEvent.FORMAT_DESCRIPTION && offset > FILE_BEGIN;
        if (event.madeUp()
                || formatAgain
                || event.type() == RawEvent.HEARTBEAT
                || event.type() == RawEvent.HEARTBEAT_V2) {
            return offset;
        }
        offset = extended(event.end());
        return offset - event.length();
    }

    /// Offsets in events have 32 bits, files may be longer.
    private long extended(long end) {
        var here = offset & ~0xffff_ffffL | end;
        return here < offset - HALF ? here + 2 * HALF : here;
    }

    /// Goes on in the file that a rotate event names.
    void rotate(EventBytes in) {
        offset = in.i64();
        file = in.utf8(in.left());
    }
}
