package ferry.dialects.mysql;

import ferry.engine.dialect.Role;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Turns what servers and driver refuse into problems: the only place that knows their numbers.
///
/// A server's message may hold a row's values (`Duplicate entry '…'`); such a message is neither
/// repeated nor kept as a cause.
final class MySqlErrors {
    /// Deadlock, lock wait, NOWAIT, interrupted, time limit, too many connections, read-only while
    /// another server takes over.
    private static final Set<Integer> BUSY =
            Set.of(
                    1205, 1206, 1213, 1317, 1040, 1203, 1226, 1613, 1614, 1969, 3024, 3058, 3572,
                    3101);

    /// OceanBase's own: time limits, memory, no leader, location, transaction ended by the server,
    /// write conflict.
    private static final Set<Integer> BUSY_OCEANBASE =
            Set.of(
                    4002, 4012, 4013, 4023, 4030, 4038, 4039, 4076, 4121, 4122, 4138, 4184, 4225,
                    4250, 4264, 4654, 4721, 5066, 5627, 5930, 6001, 6002, 6003, 6004, 6005, 6006,
                    6210, 6211, 6212, 6213, 6222, 6223, 6224, 6225, 6226, 6227, 6230, 6235, 6261);

    private static final Set<Integer> LOST =
            Set.of(
                    1053, 1077, 1079, 1080, 1152, 1154, 1155, 1156, 1157, 1158, 1159, 1160, 1161,
                    1184, 1927, 2002, 2003, 2006, 2013, 4031);

    private static final Set<Integer> REFUSED =
            Set.of(
                    1044, 1045, 1095, 1129, 1130, 1142, 1143, 1227, 1251, 1290, 1370, 1419, 1524,
                    1698, 1820, 1836, 1862, 3118, 3159, 3879, 4151);

    private static final Set<Integer> EXISTS = Set.of(1022, 1062, 1169, 1586, 1859);

    private static final Set<Integer> VALUE =
            Set.of(
                    1048, 1216, 1217, 1263, 1264, 1265, 1292, 1300, 1364, 1366, 1367, 1406, 1411,
                    1416, 1441, 1451, 1452, 1467, 1526, 1564, 1591, 1690, 1748, 3037, 3140, 3141,
                    3143, 3144, 3146, 3156, 3157, 3516, 3548, 3616, 3617, 3618, 3819);

    private static final Set<Integer> TOO_LARGE = Set.of(1118, 1153, 1162, 1301, 1534, 3150);

    private static final int CHECK_MARIADB = 4025;

    private static final Pattern COLUMN =
            Pattern.compile("(?:for|to) column '([^']{1,64})'|Column '([^']{1,64})' cannot");
    private static final Pattern KEY = Pattern.compile("for key '([^']{1,130})'$");

    private MySqlErrors() {}

    /// `where` names the server, `deed` is what was tried ("insert rows into shop.orders").
    static ProblemException problem(
            Role role, MySqlFlavor flavor, String where, String deed, SQLException failure) {
        var code = code(role, flavor, failure);
        var number =
                "error %d, SQLSTATE %s".formatted(failure.getErrorCode(), failure.getSQLState());
        var what = "Could not " + deed + (deed.equals("connect") ? " to " : " on ") + where;
        return switch (code) {
            case ROW_EXISTS ->
                    silent(
                            code,
                            what,
                            "a row with the same unique key is there"
                                    + key(failure)
                                    + " ("
                                    + number
                                    + ")",
                            "Look where that row comes from; correct the target or load the table again");
            case VALUE_REFUSED ->
                    silent(
                            code,
                            what,
                            "the server refused a value" + column(failure) + " (" + number + ")",
                            "Make the target's column able to hold the value, or correct the value at the source");
            case ROW_TOO_LARGE ->
                    silent(
                            code,
                            what,
                            "a row is larger than the server takes (" + number + ")",
                            "Raise the server's max_allowed_packet (at most 1GiB) or exclude the table");
            case TARGET_BUSY ->
                    loud(
                            code,
                            what,
                            failure,
                            number,
                            "Nothing at once: it is tried again; if it stays, look for long transactions");
            case SOURCE_UNREACHABLE, TARGET_UNREACHABLE ->
                    loud(
                            code,
                            what,
                            failure,
                            number,
                            "Check that the server runs, and host, port, network and account limits; a project at work tries again by itself");
            case SOURCE_REFUSED, TARGET_REFUSED ->
                    loud(
                            code,
                            what,
                            failure,
                            number,
                            "Check username, password, privileges and read_only");
            default ->
                    loud(
                            code,
                            what,
                            failure,
                            number,
                            "Look at the server's message; then start the project again");
        };
    }

    /// A statement was given up because it took longer than it may.
    static ProblemException notEnded(Role role, String where, String deed, Duration limit) {
        return ProblemException.of(
                role == Role.SOURCE ? ProblemCode.SOURCE_UNREACHABLE : ProblemCode.TARGET_BUSY,
                "Could not " + deed + " on " + where,
                "the server did not end it within %d s".formatted(limit.toSeconds()),
                "It is tried again; if it stays, look what holds the table there: a session, or the build of an index");
    }

    private static ProblemCode code(Role role, MySqlFlavor flavor, SQLException failure) {
        var source = role == Role.SOURCE;
        var number = failure.getErrorCode();
        var state = Optional.ofNullable(failure.getSQLState()).orElse("");
        var oceanBase = flavor == MySqlFlavor.OCEANBASE;
        if (BUSY.contains(number) || oceanBase && BUSY_OCEANBASE.contains(number)) {
            return source ? ProblemCode.SOURCE_UNREACHABLE : ProblemCode.TARGET_BUSY;
        }
        if (REFUSED.contains(number) || state.equals("28000")) {
            return source ? ProblemCode.SOURCE_REFUSED : ProblemCode.TARGET_REFUSED;
        }
        if (TOO_LARGE.contains(number) && !source) {
            return ProblemCode.ROW_TOO_LARGE;
        }
        if (LOST.contains(number) || state.startsWith("08")) {
            return source ? ProblemCode.SOURCE_UNREACHABLE : ProblemCode.TARGET_UNREACHABLE;
        }
        if (EXISTS.contains(number) && !source) {
            return ProblemCode.ROW_EXISTS;
        }
        if ((VALUE.contains(number) || flavor == MySqlFlavor.MARIADB && number == CHECK_MARIADB)
                && !source) {
            return ProblemCode.VALUE_REFUSED;
        }
        return statement(role);
    }

    /// A statement was refused, or answered with something that it must not answer.
    static ProblemCode statement(Role role) {
        return role == Role.SOURCE ? ProblemCode.SOURCE_STATEMENT : ProblemCode.TARGET_STATEMENT;
    }

    private static ProblemException silent(
            ProblemCode code, String what, String why, String remedy) {
        return ProblemException.of(code, what, why, remedy);
    }

    private static ProblemException loud(
            ProblemCode code, String what, SQLException failure, String number, String remedy) {
        // The driver's own refusals have no number.
        var why = failure.getErrorCode() == 0 ? "" : " (" + number + ")";
        return new ProblemException(new Problem(code, what, message(failure) + why, remedy));
    }

    /// The server's words, without the piece of a statement that a syntax error repeats, and
    /// without the driver's connection number.
    static String message(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return "the name of the host is not known";
            }
        }
        var text = Optional.ofNullable(failure.getMessage()).orElse("no message");
        var near = text.indexOf(" near '");
        var cut = failure.getErrorCode() == 1064 && near >= 0 ? text.substring(0, near) : text;
        var line = cut.replaceFirst("^\\(conn=-?\\d+\\) ", "").replaceAll("\\s+", " ").strip();
        return line.length() > 300 ? line.substring(0, 300) + "…" : line;
    }

    private static String key(SQLException failure) {
        var matcher = KEY.matcher(message(failure));
        return matcher.find() ? " in key " + matcher.group(1) : "";
    }

    private static String column(SQLException failure) {
        var matcher = COLUMN.matcher(message(failure));
        if (!matcher.find()) {
            return "";
        }
        return " of column " + (matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
}
