package io.pinbounce.tool.cli;

import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** What {@code --version} prints: this build, and the Java and Linux it runs on. */
final class Version implements IVersionProvider {

    /** Maven writes this file into every jar; classes that are not in a jar have none. */
    private static final String DESCRIPTOR =
            "/META-INF/maven/io.pinbounce/pinbounce/pom.properties";

    @Override
    public String[] getVersion() throws IOException {
        return new String[] {
            "pinbounce " + ofThisBuild(),
            "Java " + System.getProperty("java.version") + ", " + System.getProperty("java.home"),
            "Linux " + System.getProperty("os.version") + ", " + System.getProperty("os.arch")
        };
    }

    private static String ofThisBuild() throws IOException {
        try (InputStream stream = Version.class.getResourceAsStream(DESCRIPTOR)) {
            if (stream == null) {
                return "(not from a jar)";
            }
            Properties descriptor = new Properties();
            descriptor.load(stream);
            return descriptor.getProperty("version", "(unknown)");
        }
    }
}
