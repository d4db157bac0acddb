package io.pinbounce.tool.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The words of the command line, as they were typed. Java decodes them by the locale, and puts a
 * mark in place of what it cannot decode; a file of that name is never found again.
 */
final class Arguments {

    /** What Java puts in place of bytes that it cannot decode. */
    private static final char UNDECODED = '\ufffd';

    private static final Path TYPED = Path.of("/proc/self/cmdline");

    private Arguments() {}

    /**
     * Looks for a word that Java could not decode.
     *
     * @param words as Java gives them
     * @return what is wrong, in words, with the way out; null if all is well
     */
    static @Nullable String complaint(String[] words) {
        if (String.join("", words).indexOf(UNDECODED) < 0) {
            return null;
        }
        try {
            return complaint(words, Files.readAllBytes(TYPED));
        } catch (IOException e) {
            return null; // without /proc, the name is looked for as it is
        }
    }

    /**
     * The same, apart from this process.
     *
     * @param typed the whole command line, each word with a 0 behind it
     */
    static @Nullable String complaint(String[] words, byte[] typed) {
        List<byte[]> all = split(typed);
        int before = all.size() - words.length;
        for (int i = 0; i < words.length && before >= 0; i++) {
            byte[] word = all.get(before + i);
            if (words[i].indexOf(UNDECODED) < 0) {
                continue;
            }
            String text = decoded(word);
            if (text == null) {
                return "this name is not UTF-8, and Java opens no other: rename it, or name a"
                        + " symbolic link to it (ln -s), name="
                        + escaped(word);
            }
            if (!text.equals(words[i])) {
                return "the locale has no characters for this name: use ci/pinbounce, or set a"
                        + " UTF-8 locale, such as LC_ALL=C.UTF-8, name="
                        + Printable.of(text);
            }
        }
        return null;
    }

    private static List<byte[]> split(byte[] typed) {
        List<byte[]> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < typed.length; i++) {
            if (typed[i] == 0) {
                words.add(Arrays.copyOfRange(typed, start, i));
                start = i + 1;
            }
        }
        return words;
    }

    private static @Nullable String decoded(byte[] word) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(word)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** As bash writes it: {@code $'...'} around this is the name. */
    private static String escaped(byte[] word) {
        StringBuilder out = new StringBuilder();
        for (byte b : word) {
            out.append(b >= ' ' && b <= '~' ? String.valueOf((char) b) : "\\x%02x".formatted(b));
        }
        return out.toString();
    }
}
