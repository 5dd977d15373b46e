package ferry.dialects.mysql;

import ferry.engine.dialect.Vitals.Reading;

/// The CPU that an OceanBase tenant uses, by two looks at its counter: microseconds of CPU a
/// second, by hundredths of CPUs that it may use. That is how OceanBase's own console reckons it.
final class CpuShare {
    private static final double NANOS = 1e9;
    private static final int PERCENT = 100;

    private double micros;
    private long nanos;
    private boolean looked;

    /// `usedMicros` grows for ever, `hundredths` is the limit; `atNanos` when they were read.
    Reading read(double usedMicros, double hundredths, long atNanos) {
        var seconds = (atNanos - nanos) / NANOS;
        var used = usedMicros - micros;
        var first = !looked;
        looked = true;
        micros = usedMicros;
        nanos = atNanos;
        // A counter that fell begins anew: a server of the tenant was started again.
        return first || seconds <= 0 || used < 0 || hundredths <= 0
                ? Reading.unreadable("it takes two looks")
                : Reading.of(used / seconds / hundredths / PERCENT);
    }
}
