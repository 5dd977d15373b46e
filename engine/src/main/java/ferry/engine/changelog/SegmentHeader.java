package ferry.engine.changelog;

import ferry.engine.model.Position;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The first block of a segment's file: all that a reader must know to begin here.
///
/// `position`, `groups`, `admitted`, `sequence` and `changes` are those behind the last complete
/// transaction before this segment; `spanning` is the transaction in the middle of which it begins.
/// `previousBytes` is the length of the segment before, `bytesBefore` that of all before.
record SegmentHeader(
        long number,
        Instant created,
        long previousBytes,
        long bytesBefore,
        long changes,
        long sequence,
        int nextTableId,
        Position position,
        List<Group> groups,
        Map<TableName, Table> admitted,
        Optional<Spanning> spanning) {
    private static final Pattern FILE = Pattern.compile("(\\d{12})\\.log");

    static String file(long number) {
        var digits = Long.toString(number);
        return "0".repeat(Math.max(0, 12 - digits.length())) + digits + ".log";
    }

    /// The number of the segment in this file; empty if the file is no segment.
    static OptionalLong number(String file) {
        var matcher = FILE.matcher(file);
        return matcher.matches()
                ? OptionalLong.of(Long.parseLong(matcher.group(1)))
                : OptionalLong.empty();
    }

    byte[] encode() {
        var out = new Encoder(256);
        out.number(number)
                .number(created.toEpochMilli())
                .number(previousBytes)
                .number(bytesBefore)
                .number(changes)
                .number(sequence)
                .number(nextTableId)
                .text(position.text())
                .each(
                        groups,
                        group -> {
                            out.text(group.xid()).text(group.id().text());
                            Place.encode(out, group.place());
                        })
                .each(admitted.values(), table -> TableCodec.encode(out, table))
                .flag(spanning.isPresent());
        spanning.ifPresent(open -> {
            out.text(open.id().text());
            Place.encode(out, open.place());
            out.number(open.changes());
        });
        return out.toArray();
    }

    static SegmentHeader decode(Decoder in, SourceForms forms) {
        return new SegmentHeader(
                in.number(),
                Instant.ofEpochMilli(in.number()),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.count(),
                forms.position(in.text()),
                in.list(() -> new Group(in.text(), RecordCodec.id(in), Place.decode(in))),
                in.list(() -> TableCodec.decode(in)).stream()
                        .collect(Collectors.toUnmodifiableMap(Table::name, table -> table)),
                in.flag()
                        ? Optional.of(
                                new Spanning(RecordCodec.id(in), Place.decode(in), in.number()))
                        : Optional.empty());
    }
}
