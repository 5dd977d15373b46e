package ferry.testkit.contract;

import org.junit.jupiter.api.Nested;

/// What every dialect must pass. Its own test extends this class and gives it a [Lab]; nothing
/// else.
public abstract class DialectContract {
    /// A fresh laboratory; closed after each test.
    protected abstract Lab newLab();

    /// As a source: positions, reads, the log.
    @Nested
    class AsSource extends SourceContract {
        @Override
        protected Lab newLab() {
            return DialectContract.this.newLab();
        }
    }

    /// As a target: writing, fencing, bookkeeping.
    @Nested
    class AsTarget extends TargetContract {
        @Override
        protected Lab newLab() {
            return DialectContract.this.newLab();
        }
    }

    /// As both ends: a row is the same everywhere.
    @Nested
    class AsBoth extends BothEndsContract {
        @Override
        protected Lab newLab() {
            return DialectContract.this.newLab();
        }
    }
}
