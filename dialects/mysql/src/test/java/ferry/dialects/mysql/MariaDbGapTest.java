package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What MariaDB's answers say about where its log begins; [LogStartTest] asks real servers.
final class MariaDbGapTest {
    private static final LogServer SERVER =
            new LogServer("db:3306", "10.11.9-MariaDB-log", "1", true, true, false);

    private static void check(String ours, String executed, String firstFileList) throws Exception {
        LogStart.check(
                SERVER,
                MySqlPosition.committed(Gtids.parse(ours)),
                sql ->
                        sql.startsWith("SHOW BINLOG EVENTS")
                                ? List.of(
                                        List.of("bin.000007", "4", "Format_desc", "1", "256", "v"),
                                        List.of(
                                                "bin.000007",
                                                "256",
                                                "Gtid_list",
                                                "1",
                                                "300",
                                                firstFileList))
                                : List.of(List.of(executed)));
    }

    @Test
    void whatTheFirstFileBeginsBehindMustHaveBeenRead() {
        assertThatCode(() -> check("0-1-5", "0-1-9", "[0-1-5]")).doesNotThrowAnyException();
        assertThatCode(() -> check("0-1-5,3-1-2", "0-1-9,3-1-2", "[]")).doesNotThrowAnyException();

        for (var list : List.of("[0-1-6]", "[0-1-3,\n0-2-6]", "[0-1-2,3-1-1]")) {
            var refused =
                    catchThrowableOfType(
                            ProblemException.class, () -> check("0-1-5", "0-1-9,3-1-2", list));
            assertThat(refused).as(list).isNotNull();
            assertThat(refused.code()).isEqualTo(ProblemCode.LOG_PURGED);
            assertThat(refused.problem().why()).contains("0-1-5").contains("bin.000007");
        }
    }
}
