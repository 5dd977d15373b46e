package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.dialect.Role;
import ferry.engine.problem.ProblemCode;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is tried again and what is not, by the servers' numbers.
final class MySqlErrorsTest {
    private static ProblemCode code(MySqlFlavor flavor, Role role, int number) {
        return MySqlErrors.problem(
                        role,
                        flavor,
                        "host:1",
                        "insert rows",
                        new SQLException("refused", "HY000", number))
                .code();
    }

    /// Memory (4013, 4030, 4039), time (4012, 6212, 6224), no leader (4038), the transaction ended
    /// by the server (6002), write conflict (6235). Load and apply slow down when they meet one.
    @ParameterizedTest
    @ValueSource(ints = {4012, 4013, 4030, 4038, 4039, 6002, 6212, 6224, 6235})
    void whatOceanBaseRecoversFromIsTriedAgain(int number) {
        var code = code(MySqlFlavor.OCEANBASE, Role.TARGET, number);

        assertThat(code).isEqualTo(ProblemCode.TARGET_BUSY);
        assertThat(code.retryable()).isTrue();
        assertThat(code(MySqlFlavor.OCEANBASE, Role.SOURCE, number).retryable()).isTrue();
        assertThat(code(MySqlFlavor.MYSQL, Role.TARGET, number).retryable()).isFalse();
    }
}
