package io.pinbounce.tool.bench.peers;

import java.io.IOException;
import java.nio.file.OpenOption;
import java.util.Objects;

/** {@code ExtendedOpenOption.DIRECT} of the JDK, by name: javac warns of each mention of it. */
final class JdkDirect {

    private JdkDirect() {}

    static OpenOption option() throws IOException {
        try {
            Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
            return (OpenOption) Objects.requireNonNull(options.getField("DIRECT").get(null));
        } catch (ReflectiveOperationException e) {
            throw new IOException("this JDK has no option for direct I/O", e);
        }
    }
}
