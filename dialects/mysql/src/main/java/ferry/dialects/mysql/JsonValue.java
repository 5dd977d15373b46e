package ferry.dialects.mysql;

import java.util.List;

/// A JSON document in memory: as its text says it, with its numbers as they are spelled.
sealed interface JsonValue {
    /// `true`, `false` or `null`.
    record Word(String word) implements JsonValue {}

    /// A number as it is spelled.
    record Number(String spelling) implements JsonValue {}

    /// A string's characters, in UTF-8, without escapes.
    record Text(byte[] utf8) implements JsonValue {}

    record Array(List<JsonValue> elements) implements JsonValue {}

    /// Members in the order of the text; a name may stand there twice.
    record Object(List<Member> members) implements JsonValue {}

    /// One member of an object; its name in UTF-8.
    record Member(byte[] name, JsonValue value) {}
}
