package ferry.dialects.mysql;

import java.util.Arrays;
import java.util.List;

/// The numbers of ENUM and SET members, by which servers store and sort them.
final class MySqlMembers {
    private MySqlMembers() {}

    /// A member's number from 1; 0 for the empty string that stands for a value that was refused.
    static int numberOf(List<String> members, String charset, byte[] value) {
        for (var i = 0; i < members.size(); i++) {
            if (Arrays.equals(MySqlCharsets.encode(members.get(i), charset), value)) {
                return i + 1;
            }
        }
        if (value.length == 0) {
            return 0;
        }
        throw new IllegalStateException(
                "a value of an enumeration of " + members.size() + " members is none of them");
    }

    /// The bit mask of a set's members, which stand joined by commas.
    static long maskOf(List<String> members, String charset, byte[] value) {
        var mask = 0L;
        var from = 0;
        while (from < value.length) {
            var next = matching(members, charset, value, from);
            mask |= 1L << next;
            from +=
                    MySqlCharsets.encode(members.get(next), charset).length
                            + MySqlCharsets.encode(",", charset).length;
        }
        return mask;
    }

    /// The member that stands at `from` and is followed by a comma or the end; no member holds a
    /// comma.
    private static int matching(List<String> members, String charset, byte[] value, int from) {
        var comma = MySqlCharsets.encode(",", charset);
        for (var i = 0; i < members.size(); i++) {
            var member = MySqlCharsets.encode(members.get(i), charset);
            var to = from + member.length;
            if (starts(value, from, member) && (to == value.length || starts(value, to, comma))) {
                return i;
            }
        }
        throw new IllegalStateException(
                "a value of a set of " + members.size() + " members holds something else");
    }

    private static boolean starts(byte[] value, int from, byte[] piece) {
        return from + piece.length <= value.length
                && Arrays.equals(value, from, from + piece.length, piece, 0, piece.length);
    }
}
