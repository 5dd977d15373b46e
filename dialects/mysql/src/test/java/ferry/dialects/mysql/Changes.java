package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Changes in few words, for tests of what they meet.
final class Changes {
    private Changes() {}

    static ProblemException problem(ThrowingCallable call) {
        return catchThrowableOfType(ProblemException.class, call);
    }

    static Change insert(String... values) {
        return new Change.Insert(Row.ofText(values));
    }

    static Change update(Row before, String... after) {
        return new Change.Update(before, Row.ofText(after));
    }

    static Change delete(String... values) {
        return new Change.Delete(Row.ofText(values));
    }
}
