package ferry.bench;

import java.util.Map;

/// A trial whose figures stand alone, because nothing runs beside Ferry that they could be compared
/// with.
non-sealed interface Survey extends Trial {
    /// One round: figures by their key in the closing line, in their order. Every round has the
    /// same keys.
    Map<String, Double> round() throws Exception;
}
