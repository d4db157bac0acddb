import org.jspecify.annotations.NullMarked;

/**
 * Direct I/O for Java on Linux: a request pins the caller's memory, or bounces through memory that
 * no other code can touch, and protection information guards every interval on its way out and in.
 *
 * <p>Start at {@code io.pinbounce.DirectFile}. The module calls the operating system through the
 * foreign function interface: start the JVM with {@code --enable-native-access=io.pinbounce}, or
 * {@code ALL-UNNAMED} on the class path.
 *
 * <p>It needs nothing but the JDK. Calls that some files need now and then go through JNR-POSIX on
 * the class path, and among modules if they are told of it: {@code --add-modules
 * org.jnrproject.posix,org.objectweb.asm} and {@code --enable-native-access=...,
 * org.jnrproject.jffi}.
 */
@NullMarked
module io.pinbounce {
    // A twin serves where they are not there, as in an image that jlink makes. JNR-POSIX is an
    // automatic module and names none of its own needs.
    requires static org.jnrproject.posix;
    requires static org.jnrproject.ffi;
    requires static org.jnrproject.jffi;
    requires static org.jnrproject.constants;
    requires static org.objectweb.asm;
    requires static transitive org.jspecify;
    // The command line tool's own.
    requires static info.picocli;
    requires static HdrHistogram;

    exports io.pinbounce;
    exports io.pinbounce.buffer;
    exports io.pinbounce.pi;
}
