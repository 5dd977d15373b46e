package ferry.bench;

import java.util.SplittableRandom;

/// Transactions that somebody writes to a dataset.
@FunctionalInterface
interface Workload {
    /// The statements of one transaction, from START TRANSACTION to COMMIT, in one text.
    String transaction(SplittableRandom random);
}
