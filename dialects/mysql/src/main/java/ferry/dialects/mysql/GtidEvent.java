package ferry.dialects.mysql;

import com.github.shyiko.mysql.binlog.event.deserialization.GtidTaggedEventDataDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/// What stands before a transaction: its GTID (none if anonymous), when it was committed (0: not
/// told), and on MariaDB what kind of group follows.
record GtidEvent(Optional<String> gtid, long micros, Optional<MariaDb> mariaDb) {
    private static final int OLD_LENGTH = 25; // 5.6: flags, uuid, number
    private static final int WITH_CLOCK = 42; // 5.7: and two logical clock values
    private static final long ORIGINAL_FOLLOWS = 1L << 55;

    private static final int STANDALONE = 1;
    private static final int GROUP_COMMIT_ID = 2;
    private static final int PREPARED_XA = 64;
    private static final int COMPLETED_XA = 128;
    private static final int MULTI_ENGINE = 1;
    private static final int START_ALTER = 2;
    private static final int COMMIT_ALTER = 4;
    private static final int ROLLBACK_ALTER = 8;

    /// `standalone`: one statement follows and nothing ends it. `alter`: which half of a two-phase
    /// ALTER TABLE it is.
    record MariaDb(boolean standalone, Optional<String> preparedXid, Alter alter) {}

    /// MariaDB's `binlog_alter_two_phase` logs an ALTER when it starts and when it ends; only its
    /// end changes anything.
    enum Alter {
        WHOLE,
        START,
        COMMIT,
        ROLLBACK
    }

    /// The text of a source's uuid, which is the same in nearly all events of a log.
    static final class Sources {
        private long high;
        private long low;
        private String text = new UUID(0, 0).toString();

        private String text(long newHigh, long newLow) {
            if (newHigh != high || newLow != low) {
                high = newHigh;
                low = newLow;
                text = new UUID(high, low).toString();
            }
            return text;
        }
    }

    static GtidEvent mySql(EventBytes in, boolean anonymous, Sources sources) {
        var length = in.left();
        in.skip(1);
        var source = sources.text(in.big(8), in.big(8));
        var number = in.i64();
        var gtid = anonymous ? Optional.<String>empty() : Optional.of(source + ":" + number);
        var micros = 0L;
        if (length >= WITH_CLOCK + 7) {
            in.skip(WITH_CLOCK - OLD_LENGTH);
            micros = in.little(7) & ~ORIGINAL_FOLLOWS;
        }
        return new GtidEvent(gtid, micros, Optional.empty());
    }

    /// Tagged events (MySQL 8.3) have a serialisation of their own, which the library reads well.
    static GtidEvent tagged(byte[] body) {
        try {
            var data =
                    new GtidTaggedEventDataDeserializer()
                            .deserialize(new ByteArrayInputStream(body));
            var gtid = data.getMySqlGtid();
            var tag = gtid.getTag() == null || gtid.getTag().isEmpty() ? "" : ":" + gtid.getTag();
            var text = gtid.getServerId() + tag + ":" + gtid.getTransactionId();
            return new GtidEvent(
                    Optional.of(text), data.getImmediateCommitTimestamp(), Optional.empty());
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static GtidEvent mariaDb(EventBytes in, long serverId) {
        var number = in.i64();
        var domain = in.u32();
        var flags = in.u8();
        if ((flags & GROUP_COMMIT_ID) != 0) {
            in.skip(8);
        }
        var xid = Optional.<String>empty();
        if ((flags & (PREPARED_XA | COMPLETED_XA)) != 0) {
            var format = (int) in.u32();
            var globalLength = in.u8();
            var branchLength = in.u8();
            xid = Optional.of(XaName.of(in.take(globalLength), in.take(branchLength), format));
        }
        var gtid = new MariaDbGtids.Gtid(domain, serverId, number).toString();
        var group =
                new MariaDb(
                        (flags & STANDALONE) != 0,
                        (flags & PREPARED_XA) != 0 ? xid : Optional.empty(),
                        alter(in));
        return new GtidEvent(Optional.of(gtid), 0, Optional.of(group));
    }

    private static Alter alter(EventBytes in) {
        if (in.left() == 0) {
            return Alter.WHOLE;
        }
        var extra = in.u8(); // older versions pad with zeros
        if ((extra & MULTI_ENGINE) != 0) {
            in.skip(1);
        }
        if ((extra & START_ALTER) != 0) {
            return Alter.START;
        }
        if ((extra & COMMIT_ALTER) != 0) {
            return Alter.COMMIT;
        }
        return (extra & ROLLBACK_ALTER) != 0 ? Alter.ROLLBACK : Alter.WHOLE;
    }
}
