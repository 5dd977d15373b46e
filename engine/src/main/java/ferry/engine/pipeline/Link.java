package ferry.engine.pipeline;

import ferry.engine.apply.Apply;
import ferry.engine.capture.Capture;
import ferry.engine.changelog.ChangeLog;
import ferry.engine.crew.Loop;
import java.util.ArrayList;
import java.util.List;

/// What exists only when the source's log is read.
record Link(ChangeLog log, Capture capture, Apply apply, PurgeWatch watch) {
    /// The loops that follow the source.
    List<Loop> loops() {
        var loops = new ArrayList<Loop>();
        loops.add(capture);
        loops.add(watch);
        loops.addAll(apply.loops());
        return loops;
    }
}
