package io.pinbounce.cli;

/** A word as a shell takes it for one. */
final class ShellWord {

    private ShellWord() {}

    static String quote(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
