import org.jspecify.annotations.NullMarked;

/**
 * Direct I/O for Java on Linux: a request pins the caller's memory, or bounces through memory that
 * no other code can touch, and protection information guards every interval on its way out and in.
 *
 * <p>Start at {@code io.pinbounce.DirectFile}. The module calls the operating system through the
 * foreign function interface and JNR-POSIX: start the JVM with {@code
 * --enable-native-access=io.pinbounce,org.jnrproject.jffi}, or {@code ALL-UNNAMED} on the class
 * path.
 */
@NullMarked
module io.pinbounce {
    requires org.jnrproject.posix;
    // JNR-POSIX is an automatic module and names none of its own needs.
    requires org.jnrproject.constants;
    requires org.jnrproject.jffi;
    requires org.objectweb.asm;
    requires static transitive org.jspecify;
    // The command line tool's own.
    requires static info.picocli;
    requires static HdrHistogram;

    exports io.pinbounce;
    exports io.pinbounce.buffer;
    exports io.pinbounce.pi;
}
