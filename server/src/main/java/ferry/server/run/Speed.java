package ferry.server.run;

/// How fast a count grows, smoothed over the last seconds.
final class Speed {
    private static final double SMOOTHING_NANOS = 5e9;

    private long lastCount;
    private long lastNanos;
    private double perSecond;
    private boolean begun;

    /// Takes the count at this moment (of [System#nanoTime]); returns the speed per second.
    double at(long nanos, long count) {
        var passed = nanos - lastNanos;
        if (!begun || count < lastCount) {
            begun = true;
            perSecond = 0;
        } else if (passed > 0) {
            var now = (count - lastCount) * 1e9 / passed;
            var weight = perSecond == 0 ? 1 : 1 - Math.exp(-passed / SMOOTHING_NANOS);
            perSecond += weight * (now - perSecond);
        } else {
            return perSecond;
        }
        lastCount = count;
        lastNanos = nanos;
        return perSecond;
    }
}
