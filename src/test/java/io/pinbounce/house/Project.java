package io.pinbounce.house;

import java.nio.file.Path;

/** Where the tests find the project that they belong to. */
final class Project {

    private Project() {}

    /**
     * The folder that holds {@code pom.xml}: Maven names it, other runners start the tests in it.
     */
    static Path folder() {
        return Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    }

    /** What the compiler made of {@code src/main/java}. */
    static Path classes() {
        return folder().resolve("target/classes");
    }
}
