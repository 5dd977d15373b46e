package ferry.scenarios;

import java.util.ArrayList;
import java.util.List;

/// The statements of one SQL file in blocks. A statement ends with a semicolon at the end of a
/// line. Lines that begin a block:
///
/// * `-- at: MOMENT`: when it runs, see [Moments]; begins again with session `main` on the source,
///   once
/// * `-- session: NAME`: on which connection; a connection stays open from its first block to the
///   end of the story
/// * `-- on: source` or `-- on: target`
/// * `-- times: N`: how often; the user variable `@i` counts from 1
record Script(List<Block> blocks) {
    private static final String START = "start";

    /// Statements that run together. `first` is the line of the file at which the block begins.
    record Block(
            String moment,
            String session,
            boolean onTarget,
            int times,
            List<String> statements,
            int first) {
        Block {
            statements = List.copyOf(statements);
        }
    }

    Script {
        blocks = List.copyOf(blocks);
    }

    List<Block> at(String moment) {
        return blocks.stream().filter(block -> block.moment().equals(moment)).toList();
    }

    List<String> moments() {
        return blocks.stream().map(Block::moment).distinct().toList();
    }

    static Script parse(String text) {
        return new Reader().read(text);
    }

    private static final class Reader {
        private final List<Block> blocks = new ArrayList<>();
        private List<String> statements = new ArrayList<>();
        private StringBuilder statement = new StringBuilder();
        private String moment = START;
        private String session = "main";
        private boolean onTarget;
        private int times = 1;
        private int first = 1;

        Script read(String text) {
            var number = 0;
            for (var line : text.split("\n")) {
                number++;
                if (!directive(line, number)) {
                    statementLine(line);
                }
            }
            end(number);
            return new Script(blocks);
        }

        private boolean directive(String line, int number) {
            if (!line.startsWith("-- ") || line.indexOf(": ") < 0) {
                return false;
            }
            var colon = line.indexOf(": ");
            var value = line.substring(colon + 2).strip();
            var word = line.substring(3, colon);
            if (!List.of("at", "session", "on", "times").contains(word)) {
                return false;
            }
            end(number);
            switch (word) {
                case "at" -> {
                    moment = value;
                    session = "main";
                    onTarget = false;
                    times = 1;
                }
                case "session" -> session = value;
                case "on" -> onTarget = target(value, number);
                default -> times = Integer.parseInt(value);
            }
            return true;
        }

        private static boolean target(String value, int number) {
            return switch (value) {
                case "source" -> false;
                case "target" -> true;
                default ->
                        throw new IllegalArgumentException(
                                "line %d: on: '%s' is neither source nor target"
                                        .formatted(number, value));
            };
        }

        private void statementLine(String line) {
            if (statement.isEmpty() && (line.isBlank() || line.startsWith("--"))) {
                return;
            }
            statement.append(line).append('\n');
            if (line.stripTrailing().endsWith(";")) {
                var whole = statement.toString().stripTrailing();
                statements.add(whole.substring(0, whole.length() - 1));
                statement = new StringBuilder();
            }
        }

        private void end(int number) {
            if (!statement.isEmpty()) {
                throw new IllegalArgumentException(
                        "line %d: this statement has no semicolon: %s"
                                .formatted(number, statement));
            }
            if (!statements.isEmpty()) {
                blocks.add(new Block(moment, session, onTarget, times, statements, first));
            }
            statements = new ArrayList<>();
            first = number + 1;
        }
    }
}
