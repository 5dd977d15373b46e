package ferry.engine.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads values of text columns, whose bytes are those of the column's character set.
@FunctionalInterface
public interface TextDecoder {
    /// For UTF-8 whatever its name, and nothing else.
    TextDecoder UTF_8 =
            (bytes, charset) -> {
                try {
                    return charset.startsWith("utf8") || charset.equals("ascii")
                            ? Optional.of(
                                    StandardCharsets.UTF_8
                                            .newDecoder()
                                            .decode(ByteBuffer.wrap(bytes))
                                            .toString())
                            : Optional.empty();
                } catch (CharacterCodingException e) {
                    return Optional.empty();
                }
            };

    /// The text; empty if the bytes hold something that is no character of `charset`.
    Optional<String> decode(byte[] bytes, String charset);
}
