package ferry.engine.schema;

import ferry.engine.model.DataType;
import ferry.engine.schema.TableFit.Verdict;
import java.util.List;

/// What a column's type means for values of another type.
final class TypeFit {
    private TypeFit() {}

    static Verdict of(DataType wanted, DataType existing) {
        if (wanted.equals(existing)) {
            return Verdict.SAME;
        }
        return switch (wanted) {
            case DataType.Int from when existing instanceof DataType.Int to -> integer(from, to);
            case DataType.Decimal from when existing instanceof DataType.Decimal to ->
                    decimal(from, to);
            case DataType.Float from when existing instanceof DataType.Float to ->
                    wider(to.bits() >= from.bits() && (from.unsigned() || !to.unsigned()));
            case DataType.Bits from when existing instanceof DataType.Bits to ->
                    wider(to.bits() >= from.bits());
            case DataType.Text from when existing instanceof DataType.Text to -> text(from, to);
            case DataType.Bytes from when existing instanceof DataType.Bytes to ->
                    to.maxLength() < from.maxLength()
                            ? Verdict.NARROWER
                            : to.fixed() || from.fixed() ? Verdict.DIFFERENT : Verdict.WIDER;
            case DataType.Enumeration from when existing instanceof DataType.Enumeration to ->
                    graver(
                            members(from.members(), to.members()),
                            characters(
                                    from.charset(), from.collation(),
                                    to.charset(), to.collation()));
            case DataType.Members from when existing instanceof DataType.Members to ->
                    graver(
                            members(from.members(), to.members()),
                            characters(
                                    from.charset(), from.collation(),
                                    to.charset(), to.collation()));
            case DataType.Time from when existing instanceof DataType.Time to ->
                    wider(to.fraction() >= from.fraction());
            case DataType.DateTime from when existing instanceof DataType.DateTime to ->
                    wider(to.fraction() >= from.fraction());
            case DataType.Timestamp from when existing instanceof DataType.Timestamp to ->
                    wider(to.fraction() >= from.fraction());
            default -> Verdict.NARROWER; // another kind of value
        };
    }

    private static Verdict wider(boolean holds) {
        return holds ? Verdict.WIDER : Verdict.NARROWER;
    }

    private static Verdict graver(Verdict one, Verdict other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Verdict integer(DataType.Int from, DataType.Int to) {
        if (from.unsigned() == to.unsigned()) {
            return wider(to.bits() >= from.bits());
        }
        return wider(from.unsigned() && to.bits() > from.bits());
    }

    private static Verdict decimal(DataType.Decimal from, DataType.Decimal to) {
        return wider(
                to.scale() >= from.scale()
                        && to.precision() - to.scale() >= from.precision() - from.scale()
                        && (from.unsigned() || !to.unsigned()));
    }

    private static Verdict text(DataType.Text from, DataType.Text to) {
        if (to.maxLength() < from.maxLength()) {
            return Verdict.NARROWER;
        }
        var characters = characters(from.charset(), from.collation(), to.charset(), to.collation());
        return graver(characters, from.fixed() == to.fixed() ? Verdict.WIDER : Verdict.DIFFERENT);
    }

    private static Verdict characters(
            String fromCharset, String fromCollation, String toCharset, String toCollation) {
        if (!fromCharset.equals(toCharset) && !toCharset.startsWith("utf8mb4")) {
            return Verdict.NARROWER;
        }
        return fromCollation.equals(toCollation) ? Verdict.SAME : Verdict.DIFFERENT;
    }

    private static Verdict members(List<String> from, List<String> to) {
        if (from.equals(to)) {
            return Verdict.SAME;
        }
        if (to.size() > from.size() && to.subList(0, from.size()).equals(from)) {
            return Verdict.WIDER;
        }
        return to.containsAll(from) ? Verdict.DIFFERENT : Verdict.NARROWER;
    }
}
