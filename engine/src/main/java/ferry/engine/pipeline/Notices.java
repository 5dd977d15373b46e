package ferry.engine.pipeline;

import ferry.engine.checkpoint.ChunkMark;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.checkpoint.TableMark.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Tells what stands apart from an ordinary migration: tables that were set aside, rows that were
/// not loaded because others stay.
final class Notices {
    private Notices() {}

    /// `loads`: tables can be loaded again.
    static List<String> of(Marks marks, boolean loads) {
        var notices = new ArrayList<String>();
        for (var mark : marks.tables()) {
            if (mark.isAside()) {
                notices.add(aside(mark, loads));
            } else if (mark.isApart()) {
                notices.add(
                        mark.name()
                                + " is loaded again while the others go on; its changes follow when it is loaded");
            } else if (mark.kept() && mark.phase().compareTo(Phase.LOADED) >= 0) {
                notices.add(kept(mark, marks));
            }
        }
        for (var mark : marks.tables()) {
            if (!marks.rowErrors(mark).isEmpty()) {
                notices.add(
                        "changes of rows of %s failed and were left out: 'ferry errors' lists them"
                                .formatted(mark.name()));
            }
        }
        marks.skips().forEach(order -> notices.add(order.text()));
        return List.copyOf(notices);
    }

    private static String aside(TableMark mark, boolean loads) {
        var hint = loads ? ", and 'ferry reload' has it loaded again" : "";
        return mark.name() + " is set aside" + hint + ": " + mark.aside().orElse("");
    }

    private static String kept(TableMark mark, Marks marks) {
        var chunks = marks.chunks(mark);
        return String.format(
                Locale.ROOT,
                "%s held rows, which stay: %,d of %,d rows of the source were not loaded",
                mark.targetName(),
                chunks.stream().mapToLong(ChunkMark::kept).sum(),
                chunks.stream().mapToLong(ChunkMark::rows).sum());
    }
}
