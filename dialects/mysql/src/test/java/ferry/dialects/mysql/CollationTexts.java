package ferry.dialects.mysql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Texts that collations may hold equal though their bytes differ, in one character set.
final class CollationTexts {
    /// Letters that are several, several that are one, letters that are others, and what is
    /// ignored.
    private static final List<String> CONFUSED =
            Arrays.asList(
                    """
                    ß ss SS ẞ s z æ ae AE Æ œ oe ä a A ae ö o O oe ü u U ue y å aa Aa aA AA â à ø þ th TH ð d D đ ł l
                    ch Ch cH CH c h ll Ll lL lj Lj LJ ǆ ǉ ǌ dž dz Dz DZ ž ccs cscs cs Cs ddz dzdz ddzs dzsdzs dzs ggy gygy gy
                    lly lyly ly nny nyny ny nj ñ n ssz szsz sz tty tyty ty zzs zszs zs rr gb ng ij ĳ ŉ 'n i I ı İ j J v V w W
                    U+49 x ks q k K K Å Ω ω ﬁ fi ﬀ ff ½ 1/2 １ 1 Ａ ａ é é e ё е Ё й й и ї і α ά Σ σ ς λ
                    ア ｱ ァ あ カ ガ か が カー カア ー ゛ 々 中 国 文 丂 㐀 가 각 ᄀ ᅡ เก เ ก ก่ ا لا ﻻ आ ক 😀 😁 𠀀 𝐀 ⁊ － – — … ·
                    """
                            .strip()
                            .split("\\s+"));

    private static final List<String> INVISIBLE =
            List.of(
                    " ", "  ", "\t", "\n", "\0", "\u0001", "\u001f", "\u007f", "\u0085", "\u00a0",
                    "\u00ad", "\u0300", "\u0301", "\u0327", "\u200b", "\u200d", "\u2003", "\u2028",
                    "\u3000", "\ufeff", "\ufffd");

    private final CharsetTable table;
    private final Random random;
    private final Set<String> texts = new LinkedHashSet<>();

    private CollationTexts(CharsetTable table, long seed) {
        this.table = table;
        random = new Random(seed);
    }

    /// The texts' bytes, each once; `share` of 1 for all single characters and all pairs and
    /// triples of letters, of n for one in n.
    static List<byte[]> of(String charset, int share, long seed) {
        var texts = new CollationTexts(CharsetTable.of(charset).orElseThrow(), seed);
        texts.addAscii(share);
        texts.addConfused();
        texts.addCharacters(share);
        for (var i = 0; i < 24_000 / share; i++) {
            texts.addLikeness();
        }
        var bytes =
                texts.texts.stream()
                        .flatMap(text -> texts.table.encode(text).stream())
                        .collect(Collectors.toCollection(ArrayList::new));
        if (MySqlCharsets.lengthMax(charset).orElseThrow() == 1) {
            for (var one = 128; one < 256; one++) {
                bytes.add(new byte[] {(byte) one});
                bytes.add(new byte[] {'a', (byte) one, 'b'});
            }
        }
        return bytes;
    }

    private void addAscii(int share) {
        texts.add("");
        pairs(' ', '~', pair -> addOneIn(share, pair));
        for (var one = '\0'; one <= '~'; one++) {
            texts.add(Character.toString(one));
        }
        pairs(
                'a',
                'z',
                pair -> {
                    for (var letter = 'a'; letter <= 'z'; letter++) {
                        addOneIn(share, pair + letter);
                    }
                });
    }

    private void addOneIn(int share, String text) {
        if (random.nextInt(share) == 0) {
            texts.add(text);
        }
    }

    private static void pairs(char first, char last, Consumer<String> each) {
        for (var one = first; one <= last; one++) {
            for (var two = first; two <= last; two++) {
                each.accept("" + one + two);
            }
        }
    }

    private void addConfused() {
        for (var text : CONFUSED) {
            texts.addAll(
                    List.of(text, "x" + text + "y", text + text, text.toUpperCase(Locale.ROOT)));
        }
        for (var text : INVISIBLE) {
            texts.addAll(List.of(text, text + text, "x" + text, text + "x", "x" + text + "y"));
        }
    }

    private void addCharacters(int share) {
        for (var point = 0; point < 0x10000; point++) {
            if (point < 0xd800 || point > 0xdfff) {
                // Nearly all differ from Chinese character to Chinese character and Hangul
                // syllable.
                var seldom = point >= 0x3400 && point < 0xd7a4 ? 4 : 1;
                addOneIn(share * seldom, Character.toString(point));
            }
        }
        for (var i = 0; i < 400 / share; i++) {
            texts.add(Character.toString(random.nextInt(0x10000, 0x110000)));
        }
    }

    /// A text of a few confused pieces, and others that may be equal to it.
    private void addLikeness() {
        var pieces = new ArrayList<String>();
        for (var i = random.nextInt(1, 5); i > 0; i--) {
            pieces.add(pick(random.nextInt(8) == 0 ? INVISIBLE : CONFUSED));
        }
        texts.add(String.join("", pieces));
        pieces.set(random.nextInt(pieces.size()), pick(CONFUSED));
        texts.add(String.join("", pieces));
        texts.add(cased(String.join("", pieces)) + " ".repeat(random.nextInt(3)));
        pieces.remove(random.nextInt(pieces.size()));
        texts.add(cased(String.join("", pieces)));
    }

    private String cased(String text) {
        var cased = new StringBuilder();
        for (var i = 0; i < text.length(); i++) {
            var one = text.charAt(i);
            var other =
                    Character.isLowerCase(one)
                            ? Character.toUpperCase(one)
                            : Character.toLowerCase(one);
            cased.append(random.nextBoolean() ? one : other);
        }
        return cased.toString();
    }

    private String pick(List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }
}
